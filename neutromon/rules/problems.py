"""Data problems of one sample by itself: unit, impossible and implausible values, differential sum (reference 15.3)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from neutromon.models.evaluation import Problem, Severity
from neutromon.models.history import CountSample
from neutromon.models.quantity import Comparator, Quantity, Reported, parse_number
from neutromon.rules.anc import derived_anc
from neutromon.rules.book_parts import Numbers
from neutromon.rules.logic import Bound, Op
from neutromon.rules.units import HB_UNITS, count_factor, count_quantity, fold_unit, hemoglobin_in, hemoglobin_quantity, percent, rounding

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
COUNTS = ("wbc", "neutrophils", "platelets", "lymphocytes", "monocytes", "granulocytes")
NAMES = {
    "wbc": "WBC",
    "neutrophils": "Neutrophils",
    "platelets": "Platelets",
    "lymphocytes": "Lymphocytes",
    "monocytes": "Monocytes",
    "granulocytes": "Granulocytes",
    "hemoglobin": "Haemoglobin",
}
WHOLE_CELLS = frozenset({"neutrophils", "wbc", "lymphocytes", "granulocytes"})
_NO_LIMIT = Decimal("Infinity")
WITHDRAWN = frozenset({"cancelled", "canceled", "entered-in-error"})


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems as the contract orders them: block before warn, then by code."""
    return tuple(sorted(problems, key=lambda p: (p.severity is Severity.WARN, ORDER.index(p.code))))


def blocked_fields(problems: Iterable[Problem]) -> frozenset[str]:
    """Return the fields that count as unknown."""
    return frozenset(p.field for p in problems if p.severity is Severity.BLOCK and p.field is not None)


def sample_problems(sample: CountSample, now: datetime, book: Numbers) -> list[Problem]:
    """Return what is wrong with one sample, seen alone."""
    found: list[Problem] = []
    for name, value in sample.values.items():
        checker: Callable[[str, Reported, Numbers], list[Problem]] | None = None
        if name in COUNTS:
            checker = _count_problems
        elif name == "hemoglobin":
            checker = _hemoglobin_problems
        elif name.endswith("_percent"):
            checker = _percent_problems
        if checker is not None:
            found += [_confirmed(problem) if value.confirmed else problem for problem in checker(name, value, book)]
    found += _sum_problems(sample, book)
    found += _relation_problems(sample, book, blocked_fields(found))
    if sample.collected_at is not None and sample.collected_at > now:
        found.append(_problem("future_time", None, Severity.BLOCK, "The collection time lies in the future."))
    return found


def _problem(code: str, field: str | None, severity: Severity, text: str, suggestion: str | None = None) -> Problem:
    return Problem(code=code, field=field, severity=severity, text=text, suggestion=suggestion)


def _confirmed(problem: Problem) -> Problem:
    """Return a value problem as a warning once a person has confirmed the value; what cannot be read stays blocked."""
    if problem.severity is Severity.WARN or problem.suggestion is None:
        return problem
    return _problem(problem.code, problem.field, Severity.WARN, f"{problem.text} Confirmed by a person.", problem.suggestion)


def _unreadable(name: str, value: Reported) -> list[Problem] | None:
    """Return the problem of a text that is no number; None where it is one."""
    if parse_number(value.value) is None:
        text = f"{NAMES.get(name, name)}: '{value.value[:40]}' is no number; it counts as unknown."
        return [_problem("impossible", name, Severity.BLOCK, text)]
    return None


def _count_problems(name: str, value: Reported, book: Numbers) -> list[Problem]:
    words = _unreadable(name, value)
    if words is not None:
        return words
    factor, parsed = count_factor(value.unit, book), parse_number(value.value)
    assert parsed is not None
    if factor == 1 and parsed[0] is Comparator.EQ and 0 <= parsed[1] < _usual_below(name, book):
        return []
    label = NAMES[name]
    if factor is None:
        said = f"the unit '{value.unit}' is not known or ambiguous" if value.unit else "the unit is missing"
        return [_problem("unit_suspect", name, Severity.BLOCK, f"{label} {value.value}: {said}.")]
    if parsed[1] < 0:
        return [_problem("impossible", name, Severity.BLOCK, f"{label} {value.value} is negative.")]
    slip = _unit_slip(name, value, parsed[1], factor, book)
    if slip is not None:
        return [slip]
    return _size_problems(name, value, Quantity(value=parsed[1] * factor, unit="10*9/L", comparator=parsed[0]), book)


def _usual_below(name: str, book: Numbers) -> Decimal:
    """Return the number below which no bound of a count in 10*9/L is met: most values need no closer look."""
    bound = {"neutrophils": "anc_per_litre_suspect", "wbc": "wbc_warn", "platelets": "platelets_warn"}.get(name)
    return book.bounds[bound].value if bound else _NO_LIMIT


def _unit_slip(name: str, value: Reported, number: Decimal, factor: Decimal, book: Numbers) -> Problem | None:
    """Return the problem of a count a thousand times too large or too small, with the unit that was probably meant."""
    if factor == 1 and name == "neutrophils" and book.bounds["anc_per_litre_suspect"].holds(number):
        meant = f"{value.value} /µL ({(number / 1000).normalize():f} ×10⁹/L)"
    elif factor != 1 and name in WHOLE_CELLS and book.bounds["anc_per_microlitre_suspect"].holds(number) and _has_fraction(number):
        meant = f"{value.value} ×10⁹/L"
    else:
        return None
    text = f"{NAMES[name]} {value.value} {value.unit} is not plausible; did you mean {meant}?"
    return _problem("unit_suspect", name, Severity.BLOCK, text, meant)


def _has_fraction(number: Decimal) -> bool:
    """Return whether a number was written with decimals: a laboratory counts whole cells, "2.0 /uL" is a slip, "60 /uL" is not."""
    exponent = number.as_tuple().exponent
    return number > 0 and isinstance(exponent, int) and exponent < 0


def _size_problems(name: str, value: Reported, quantity: Quantity, book: Numbers) -> list[Problem]:
    label = f"{NAMES[name]} {value.value} {value.unit}"
    if name == "wbc" and book.bounds["wbc_block"].judge(quantity):
        return [_problem("implausible", name, Severity.BLOCK, f"{label} is not plausible.", "confirm")]
    if name == "wbc" and book.bounds["wbc_warn"].judge(quantity):
        return [_problem("implausible", name, Severity.WARN, f"{label} is unusually high.")]
    if name == "platelets" and book.bounds["platelets_warn"].judge(quantity):
        return [_problem("implausible", name, Severity.WARN, f"{label} is unusually high.")]
    return []


def _hemoglobin_problems(name: str, value: Reported, book: Numbers) -> list[Problem]:
    words = _unreadable(name, value)
    if words is not None:
        return words
    quantity = hemoglobin_quantity(value)
    label = f"Haemoglobin {value.value} {value.unit or ''}".strip()
    if quantity is None:
        return [_problem("unit_suspect", name, Severity.BLOCK, f"{label}: the unit is missing or not known.")]
    if quantity.value < 0:
        return [_problem("impossible", name, Severity.BLOCK, f"{label} is negative.")]
    bounds = book.bounds
    if quantity.unit == HB_UNITS["g/dl"]:
        if bounds["hemoglobin_looks_like_g_l"].holds(quantity.value) and bounds["hemoglobin_looks_like_g_l_to"].holds(quantity.value):
            return [_problem("unit_suspect", name, Severity.BLOCK, f"{label} looks like g/L.", f"{value.value} g/L")]
    elif quantity.unit == "g/L" and bounds["hemoglobin_looks_like_g_dl"].holds(quantity.value):
        return [_problem("unit_suspect", name, Severity.BLOCK, f"{label} looks like g/dL.", f"{value.value} g/dL")]
    if bounds["hemoglobin_block"].judge(hemoglobin_in(quantity, "g/dL")):
        return [_problem("implausible", name, Severity.BLOCK, f"{label} is not plausible.", "confirm")]
    return []


def _percent_problems(name: str, value: Reported, book: Numbers) -> list[Problem]:
    label = name.removesuffix("_percent").replace("_", " ")
    words = _unreadable(name, value)
    if words is not None:
        return words
    if fold_unit(value.unit) not in {"%", ""}:
        return [_problem("unit_suspect", name, Severity.BLOCK, f"{label} {value.value} {value.unit}: the unit must be %.")]
    parsed = parse_number(value.value)
    if parsed is not None and (parsed[1] < 0 or parsed[1] > 100):
        return [_problem("impossible", name, Severity.BLOCK, f"{label} {value.value} % lies outside 0 to 100 %.")]
    return []


def _sum_problems(sample: CountSample, book: Numbers) -> list[Problem]:
    """Return the problem of a differential that adds up to too much, or to too little where it names every class."""
    read = {name: percent(value) for name, value in sample.values.items() if name.endswith("_percent")}
    exact = {name: found[1] for name, found in read.items() if found is not None and found[0] is Comparator.EQ}
    total = _named_classes(exact)
    if total is None:
        return []
    text = f"The differential adds up to {total.normalize():f} %."
    if book.bounds["sum_block"].holds(total):
        return [_problem("differential_sum", "differential", Severity.BLOCK, text)]
    if book.bounds["sum_warn"].holds(total):
        return [_problem("differential_sum", "differential", Severity.WARN, text)]
    if not sample.differential_complete:
        return []
    rest = ("eosinophils_percent", "basophils_percent", "immature_granulocytes_percent", "metamyelocytes_percent", "blasts_percent")
    complete = total + sum((exact[name] for name in rest if name in exact), Decimal(0))
    text = f"The complete differential adds up to {complete.normalize():f} % only."
    if book.bounds["complete_sum_block"].holds(complete):
        return [_problem("differential_sum", "differential", Severity.BLOCK, text)]
    if book.bounds["complete_sum_warn"].holds(complete):
        return [_problem("differential_sum", "differential", Severity.WARN, text)]
    return []


def _named_classes(exact: Mapping[str, Decimal]) -> Decimal | None:
    """Return segs + bands (else neutrophils), lymphocytes and monocytes as far as reported; None where none is."""
    own = [exact[name] for name in ("segs_percent", "bands_percent") if name in exact]
    if "segs_percent" not in exact and "neutrophils_percent" in exact:
        own = [exact["neutrophils_percent"]]
    parts = own + [exact[name] for name in ("lymphocytes_percent", "monocytes_percent") if name in exact]
    return sum(parts, Decimal(0)) if parts else None


def _relation_problems(sample: CountSample, book: Numbers, blocked: frozenset[str]) -> list[Problem]:
    values = sample.values
    wbc = count_quantity(values["wbc"], book) if "wbc" in values and "wbc" not in blocked else None
    own = count_quantity(values["neutrophils"], book) if "neutrophils" in values and "neutrophils" not in blocked else None
    if wbc is None:
        return []
    derived = None if "differential" in blocked else derived_anc(sample, wbc, blocked)
    if own is not None:
        return [
            *_exceeds(values["neutrophils"], own, values["wbc"], wbc, book),
            *_differs(own, derived.quantity if derived else None, book),
        ]
    readable = "neutrophils" in values and "neutrophils" in blocked and parse_number(values["neutrophils"].value) is not None
    if derived is None and not readable and "granulocytes" not in values:
        return [_problem("differential_missing", "neutrophils", Severity.WARN, "No usable differential and no ANC: request the ANC.")]
    return []


def _exceeds(reported: Reported, anc: Quantity, reported_wbc: Reported, wbc: Quantity, book: Numbers) -> list[Problem]:
    if anc.comparator in (Comparator.LT, Comparator.LE) or wbc.comparator in (Comparator.GT, Comparator.GE):
        return []
    if anc.value <= wbc.value:
        return []
    slack = rounding(reported, count_factor(reported.unit, book) or Decimal(1)) + rounding(
        reported_wbc, count_factor(reported_wbc.unit, book) or Decimal(1)
    )
    if anc.value - wbc.value <= slack:
        return []
    text = f"The ANC of {anc.text} ×10⁹/L is above the WBC of {wbc.text} ×10⁹/L."
    severity = Severity.WARN if reported.confirmed else Severity.BLOCK
    return [_problem("anc_exceeds_wbc", "neutrophils", severity, text, "confirm")]


def _differs(own: Quantity, derived: Quantity | None, book: Numbers) -> list[Problem]:
    if derived is None or own.comparator is not Comparator.EQ or derived.comparator is not Comparator.EQ:
        return []
    difference = abs(own.value - derived.value)
    share = Bound(op=Op.GT, value=book.decimals["derived_difference_percent"] * own.value / 100)
    if difference <= book.decimals["derived_difference"] or not share.holds(difference):
        return []
    text = f"Reported ANC {own.text}, differential gives {derived.text} ×10⁹/L."
    return [_problem("derived_differs_from_reported", "neutrophils", Severity.WARN, text)]
