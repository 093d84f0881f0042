"""Data problems of one sample by itself: what its values say together, and the differential sum (reference 15.3)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from neutromon.models.evaluation import Problem, Severity
from neutromon.models.history import CountSample
from neutromon.models.quantity import Comparator, Quantity, Reported, parse_number, plain_decimal
from neutromon.rules.anc import Derived, derived_anc
from neutromon.rules.book_parts import Numbers
from neutromon.rules.fields import Fields, problem
from neutromon.rules.units import count_factor, rounding

ORDER = (
    "unit_suspect",
    "impossible",
    "implausible",
    "differential_sum",
    "anc_exceeds_wbc",
    "future_time",
    "duplicate",
    "rapid_change",
    "differential_missing",
    "derived_differs_from_reported",
)
WITHDRAWN = frozenset({"cancelled", "canceled", "entered-in-error"})
REST = ("eosinophils_percent", "basophils_percent", "immature_granulocytes_percent", "metamyelocytes_percent", "blasts_percent")
_NONE: frozenset[str] = frozenset()
_EXACT = Comparator.EQ
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_ONE = Decimal(1)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems as the contract orders them: block before warn, then by code."""
    found = tuple(problems)
    return found if len(found) < 2 else tuple(sorted(found, key=lambda p: (p.severity is Severity.WARN, ORDER.index(p.code))))


def blocked_fields(problems: Sequence[Problem]) -> frozenset[str]:
    """Return the fields that count as unknown."""
    return _NONE if not problems else frozenset(p.field for p in problems if p.severity is Severity.BLOCK and p.field is not None)


def sample_problems(sample: CountSample, fields: Fields, book: Numbers, *, is_future: bool) -> list[Problem]:
    """Return what is wrong with one sample, seen alone."""
    found = [one for reading in fields.values() for one in reading.problems]
    found += _sum_problems(sample, fields, book)
    found += _relation_problems(sample, fields, book, blocked_fields(found))
    if is_future:
        found.append(problem("future_time", None, Severity.BLOCK, "The collection time lies in the future."))
    return found


def _sum_problems(sample: CountSample, fields: Fields, book: Numbers) -> list[Problem]:
    """Return the problem of a differential that adds up to too much, or to too little where it names every class."""
    total = _named_classes(fields)
    if total is None:
        return []
    if book.bounds["sum_warn"].holds(total):
        severity = Severity.BLOCK if book.bounds["sum_block"].holds(total) else Severity.WARN
        return [problem("differential_sum", "differential", severity, f"The differential adds up to {total.normalize():f} %.")]
    if not sample.differential_complete:
        return []
    complete = total + sum((share for name in REST if (share := _exact(fields, name)) is not None), _ZERO)
    text = f"The complete differential adds up to {complete.normalize():f} % only."
    for name, severity in (("complete_sum_block", Severity.BLOCK), ("complete_sum_warn", Severity.WARN)):
        if book.bounds[name].holds(complete):
            return [problem("differential_sum", "differential", severity, text)]
    return []


def _exact(fields: Fields, name: str) -> Decimal | None:
    """Return a percentage that was given as a plain number."""
    reading = fields.get(name)
    share = reading.share if reading is not None else None
    return share[1] if share is not None and share[0] is _EXACT else None


def _named_classes(fields: Fields) -> Decimal | None:
    """Return segs + bands (else neutrophils), lymphocytes and monocytes as far as reported; None where none is."""
    segs, neutrophils = _exact(fields, "segs_percent"), _exact(fields, "neutrophils_percent")
    own = [segs, _exact(fields, "bands_percent")] if segs is not None or neutrophils is None else [neutrophils]
    named = (*own, _exact(fields, "lymphocytes_percent"), _exact(fields, "monocytes_percent"))
    parts = [share for share in named if share is not None]
    return sum(parts, _ZERO) if parts else None


def _relation_problems(sample: CountSample, fields: Fields, book: Numbers, blocked: frozenset[str]) -> list[Problem]:
    values, wbc = sample.values, _usable(fields, "wbc", blocked)
    if wbc is None:
        return []
    own = _usable(fields, "neutrophils", blocked)
    derived = None if "differential" in blocked else derived_anc(fields, wbc)
    if own is not None:
        return [
            *_exceeds(values["neutrophils"], own, values["wbc"], wbc, book),
            *_differs(own, derived, book),
        ]
    readable = "neutrophils" in values and "neutrophils" in blocked and parse_number(values["neutrophils"].value) is not None
    if derived is None and not readable and "granulocytes" not in values:
        return [problem("differential_missing", "neutrophils", Severity.WARN, "No usable differential and no ANC: request the ANC.")]
    return []


def _usable(fields: Fields, name: str, blocked: frozenset[str]) -> Quantity | None:
    reading = fields.get(name)
    return reading.quantity if reading is not None and name not in blocked else None


def _exceeds(reported: Reported, anc: Quantity, reported_wbc: Reported, wbc: Quantity, book: Numbers) -> list[Problem]:
    if anc.value <= wbc.value:
        return []
    if anc.comparator in (Comparator.LT, Comparator.LE) or wbc.comparator in (Comparator.GT, Comparator.GE):
        return []
    slack = rounding(reported, count_factor(reported.unit, book) or _ONE) + rounding(
        reported_wbc, count_factor(reported_wbc.unit, book) or _ONE
    )
    if anc.value - wbc.value <= slack:
        return []
    text = f"The ANC of {anc.text} ×10⁹/L is above the WBC of {wbc.text} ×10⁹/L."
    severity = Severity.WARN if reported.confirmed else Severity.BLOCK
    return [problem("anc_exceeds_wbc", "neutrophils", severity, text, "confirm")]


def _differs(own: Quantity, derived: Derived | None, book: Numbers) -> list[Problem]:
    if derived is None or own.comparator is not _EXACT or derived[0] is not _EXACT:
        return []
    difference = abs(own.value - derived[1])
    share = book.decimals["derived_difference_percent"] * own.value / _HUNDRED
    if difference <= book.decimals["derived_difference"] or difference <= share:
        return []
    text = f"Reported ANC {own.text}, differential gives {plain_decimal(derived[1])} ×10⁹/L."
    return [problem("derived_differs_from_reported", "neutrophils", Severity.WARN, text)]
