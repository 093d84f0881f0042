"""Numbers as people read them: units always shown, and never rounded across a bound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from neutromon.models.quantity import Comparator, Quantity, plain_decimal

if TYPE_CHECKING:
    from neutromon.models.evaluation import Anc
    from neutromon.models.history import Patient

COUNT_UNIT = "×10⁹/L"
UNKNOWN = "unknown"
_SIGNS = {Comparator.LT: "<", Comparator.LE: "≤", Comparator.EQ: "", Comparator.GE: "≥", Comparator.GT: ">"}
_UNITS = {"10*9/L": COUNT_UNIT}
_SHOWN = Decimal("0.001")


def shown_number(value: Decimal) -> str:
    """Return at most three decimals, cut and not rounded: 0.4999 reads 0.499 and stays below 0.5.

    Every clinical bound is a multiple of 0.001, so a cut number lies on the same side of each bound as the value itself.
    """
    cut = value.quantize(_SHOWN, rounding=ROUND_DOWN)
    return plain_decimal(cut if cut else value)


def quantity_text(quantity: Quantity | None) -> str:
    """Return "<0.1 ×10⁹/L", or "unknown"."""
    if quantity is None:
        return UNKNOWN
    sign = _SIGNS[quantity.comparator]
    return f"{sign}{shown_number(quantity.value)} {_UNITS.get(quantity.unit, quantity.unit)}".strip()


def anc_text(anc: Anc) -> str:
    """Return an ANC with its unit; a bound by the white cells says so."""
    if anc.quantity is None:
        return UNKNOWN
    text = quantity_text(anc.quantity)
    return f"{text} (from WBC)" if anc.origin == "bounded" else text


def grade_text(grades: Sequence[int] | None) -> str:
    """Return "G3", "G3–4" or "cannot grade"."""
    if not grades:
        return "cannot grade"
    low, high = min(grades), max(grades)
    return f"G{low}" if low == high else f"G{low}–{high}"


def age_text(age: timedelta) -> str:
    """Return how long ago: "26 h ago", "5 d ago"; minutes below two hours."""
    hours = age.total_seconds() / 3600
    if hours < 2:
        return f"{max(0, int(hours * 60))} min ago"
    return f"{int(hours)} h ago" if hours < 72 else f"{int(hours // 24)} d ago"


def full_name(patient: Patient) -> str:
    """Return "Family, Given" as far as known; the identifier where there is no name."""
    parts = [part for part in (patient.family_name, patient.given_name) if part]
    if parts:
        return ", ".join(parts)
    return patient.identifier.value if patient.identifier else "no name"


def initials(patient: Patient) -> str:
    """Return the privacy initials of the wall view: given then family, "J.S."."""
    letters = [part.strip()[:1] for part in (patient.given_name or "", patient.family_name or "") if part.strip()]
    return "".join(f"{letter}." for letter in letters) or "?"


def years_between(born: date, day: date) -> int:
    """Return completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
