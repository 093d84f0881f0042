"""Each value of a sample as the rules read it by itself, with its problems; read once per rule book (reference 15.3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from neutromon.models.evaluation import Problem, Severity
from neutromon.models.quantity import Comparator, Quantity, Reported, parse_number
from neutromon.rules.book_parts import Numbers
from neutromon.rules.units import HB_UNITS, count_factor, count_quantity, fold_unit, hemoglobin_in, hemoglobin_quantity, percent

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
MOST = 20_000
_NO_LIMIT = Decimal("Infinity")
_Checker = Callable[[str, Reported, Numbers], list[Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReading:
    """One value as understood: a cell count or haemoglobin, or a percentage; `blocked` where it counts as unknown."""

    problems: tuple[Problem, ...] = ()
    quantity: Quantity | None = None
    share: tuple[Comparator, Decimal] | None = None
    blocked: bool = False


Fields = Mapping[str, FieldReading]
_NOTHING = FieldReading()


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Reads values by one rule book and keeps what they say: the same texts come again with every count and every patient."""

    plausibility: Numbers
    known: dict[tuple[str, str, str | None, bool], FieldReading] = field(default_factory=dict, repr=False, compare=False)

    def read(self, name: str, value: Reported) -> FieldReading:
        """Return what a value says by itself, whatever stands beside it."""
        key = (name, value.value, value.unit, value.confirmed)
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= MOST:
                self.known.clear()
            found = self.known[key] = _reading(name, value, self.plausibility)
        return found


def problem(code: str, name: str | None, severity: Severity, text: str, suggestion: str | None = None) -> Problem:
    """Return a problem of a field; None stands for the whole sample."""
    return Problem(code=code, field=name, severity=severity, text=text, suggestion=suggestion)


def _reading(name: str, value: Reported, book: Numbers) -> FieldReading:
    checker, quantity, share = _checker(name), None, None
    if checker is None:
        return _NOTHING
    if checker is _percent_problems:
        share = percent(value)
    else:
        quantity = hemoglobin_quantity(value) if name == "hemoglobin" else count_quantity(value, book)
    problems = tuple(_confirmed(one) if value.confirmed else one for one in checker(name, value, book))
    blocked = any(one.severity is Severity.BLOCK for one in problems)
    return FieldReading(problems=problems, quantity=quantity, share=share, blocked=blocked)


def _checker(name: str) -> _Checker | None:
    if name in COUNTS:
        return _count_problems
    if name == "hemoglobin":
        return _hemoglobin_problems
    return _percent_problems if name.endswith("_percent") else None


def _confirmed(found: Problem) -> Problem:
    """Return a value problem as a warning once a person has confirmed the value; what cannot be read stays blocked."""
    if found.severity is Severity.WARN or found.suggestion is None:
        return found
    return problem(found.code, found.field, Severity.WARN, f"{found.text} Confirmed by a person.", found.suggestion)


def _unreadable(name: str, value: Reported) -> list[Problem] | None:
    """Return the problem of a text that is no number; None where it is one."""
    if parse_number(value.value) is None:
        text = f"{NAMES.get(name, name)}: '{value.value[:40]}' is no number; it counts as unknown."
        return [problem("impossible", name, Severity.BLOCK, text)]
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
        return [problem("unit_suspect", name, Severity.BLOCK, f"{label} {value.value}: {said}.")]
    if parsed[1] < 0:
        return [problem("impossible", name, Severity.BLOCK, f"{label} {value.value} is negative.")]
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
    return problem("unit_suspect", name, Severity.BLOCK, text, meant)


def _has_fraction(number: Decimal) -> bool:
    """Return whether a number was written with decimals: a laboratory counts whole cells, "2.0 /uL" is a slip, "60 /uL" is not."""
    exponent = number.as_tuple().exponent
    return number > 0 and isinstance(exponent, int) and exponent < 0


def _size_problems(name: str, value: Reported, quantity: Quantity, book: Numbers) -> list[Problem]:
    label = f"{NAMES[name]} {value.value} {value.unit}"
    if name == "wbc" and book.bounds["wbc_block"].judge(quantity):
        return [problem("implausible", name, Severity.BLOCK, f"{label} is not plausible.", "confirm")]
    if name == "wbc" and book.bounds["wbc_warn"].judge(quantity):
        return [problem("implausible", name, Severity.WARN, f"{label} is unusually high.")]
    if name == "platelets" and book.bounds["platelets_warn"].judge(quantity):
        return [problem("implausible", name, Severity.WARN, f"{label} is unusually high.")]
    return []


def _hemoglobin_problems(name: str, value: Reported, book: Numbers) -> list[Problem]:
    words = _unreadable(name, value)
    if words is not None:
        return words
    quantity = hemoglobin_quantity(value)
    label = f"Haemoglobin {value.value} {value.unit or ''}".strip()
    if quantity is None:
        return [problem("unit_suspect", name, Severity.BLOCK, f"{label}: the unit is missing or not known.")]
    if quantity.value < 0:
        return [problem("impossible", name, Severity.BLOCK, f"{label} is negative.")]
    bounds = book.bounds
    if quantity.unit == HB_UNITS["g/dl"]:
        if bounds["hemoglobin_looks_like_g_l"].holds(quantity.value) and bounds["hemoglobin_looks_like_g_l_to"].holds(quantity.value):
            return [problem("unit_suspect", name, Severity.BLOCK, f"{label} looks like g/L.", f"{value.value} g/L")]
    elif quantity.unit == "g/L" and bounds["hemoglobin_looks_like_g_dl"].holds(quantity.value):
        return [problem("unit_suspect", name, Severity.BLOCK, f"{label} looks like g/dL.", f"{value.value} g/dL")]
    if bounds["hemoglobin_block"].judge(hemoglobin_in(quantity, "g/dL")):
        return [problem("implausible", name, Severity.BLOCK, f"{label} is not plausible.", "confirm")]
    return []


def _percent_problems(name: str, value: Reported, book: Numbers) -> list[Problem]:
    label = name.removesuffix("_percent").replace("_", " ")
    words = _unreadable(name, value)
    if words is not None:
        return words
    if fold_unit(value.unit) not in {"%", ""}:
        return [problem("unit_suspect", name, Severity.BLOCK, f"{label} {value.value} {value.unit}: the unit must be %.")]
    parsed = parse_number(value.value)
    if parsed is not None and (parsed[1] < 0 or parsed[1] > 100):
        return [problem("impossible", name, Severity.BLOCK, f"{label} {value.value} % lies outside 0 to 100 %.")]
    return []
