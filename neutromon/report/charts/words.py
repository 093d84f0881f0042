"""The words of a chart: numbers, places, changes and the read-out of a point."""

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from neutromon.models.evaluation import AncOrigin, CountEvaluation
from neutromon.models.formatting import COUNT_UNIT, grade_text, shown_number
from neutromon.models.history import CountSample
from neutromon.models.quantity import Comparator, Quantity

SIGNS = {Comparator.LT: "<", Comparator.LE: "≤", Comparator.EQ: "", Comparator.GE: "≥", Comparator.GT: ">"}
ORIGINS = {
    AncOrigin.REPORTED: "measured",
    AncOrigin.DERIVED: "derived",
    AncOrigin.BOUNDED: "upper bound from WBC",
    AncOrigin.UNKNOWN: "ANC unknown",
}
HOURS_SHOWN = 48
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Written out because a chart has hundreds of times and strftime took a tenth of its making."""


def number(quantity: Quantity) -> str:
    """Return "<0.1" or "0.62", without unit."""
    return f"{SIGNS[quantity.comparator]}{shown_number(quantity.value)}"


def per_microlitre(quantity: Quantity) -> str:
    """Return "620/µL", cut and not rounded."""
    cells = (quantity.value * 1000).quantize(Decimal(1), rounding=ROUND_DOWN)
    return f"{SIGNS[quantity.comparator]}{cells}/µL"


def anc_words(quantity: Quantity) -> str:
    """Return "ANC 0.62 ×10⁹/L (620/µL)"."""
    return f"ANC {number(quantity)} {COUNT_UNIT} ({per_microlitre(quantity)})"


def when_words(moment: datetime, now: datetime, *, day_only: bool) -> str:
    """Return "12 Mar 08:40", with the year where it is not this one."""
    year = f" {moment.year}" if moment.year != now.year else ""
    day = f"{moment.day:02d} {MONTHS[moment.month - 1]}{year}"
    return day if day_only else f"{day} {moment.hour:02d}:{moment.minute:02d}"


def span_words(span: timedelta) -> str:
    """Return "3 d", or hours below two days."""
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} h" if hours < HOURS_SHOWN else f"{hours / 24:.0f} d"


def change_words(current: Quantity, previous: Quantity | None, span: timedelta) -> str:
    """Return "71 % below previous (3 d)"; a change from or to a limit is not a number."""
    if previous is None:
        return "no earlier count"
    apart = span_words(span)
    exact = current.comparator is previous.comparator is Comparator.EQ
    if not exact or previous.value == 0:
        return f"previous {number(previous)} ({apart})"
    share = (current.value - previous.value) / previous.value * 100
    if abs(share) < Decimal("0.5"):
        return f"same as previous ({apart})"
    return f"{abs(share):.0f} % {'below' if share < 0 else 'above'} previous ({apart})"


def laboratory(sample: CountSample) -> str:
    """Return who reported a sample, as far as it is recorded."""
    source = sample.provenance
    if source is None or not (source.source or source.note):
        return "laboratory not recorded"
    if source.source == "import":
        return source.note or "imported, sender not recorded"
    return f"typed by {source.author}" if source.source == "typed" and source.author else source.source


def place_words(count: CountEvaluation) -> str:
    """Return "C3 D10", or "before cycle 1"."""
    return f"C{count.cycle} D{count.cycle_day}" if count.cycle is not None else "outside a cycle"


def grade_words(count: CountEvaluation, grading: str) -> str:
    """Return "G3", "G3–4" or "cannot grade"."""
    return grade_text(count.grades.get(grading, {}).get("neutrophils"))


def days_words(days: float) -> str:
    """Return "+7 d" or "−2 d"."""
    return f"{'+' if days > 0 else '−'}{abs(days):.0f} d"
