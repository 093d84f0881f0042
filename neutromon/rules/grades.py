"""Grades as sets: every grade that some value allowed by the comparator would have."""

from collections.abc import Mapping
from decimal import Decimal

from neutromon.models.evaluation import Grades
from neutromon.models.quantity import Comparator, Quantity
from neutromon.rules.book_parts import GradeRules, Scale
from neutromon.rules.units import hemoglobin_in

Band = tuple[int, Decimal, Decimal | None]
"""(grade, low, high): low <= value < high; high None is unbounded."""
Grader = Mapping[str, Mapping[str, tuple[Band, ...]]]
"""The bands of one version for one patient, by quantity and unit, from the worst grade up."""

_SINGLE = tuple((grade,) for grade in range(6))


def grader(rules: GradeRules, limits: Mapping[str, Quantity]) -> Grader:
    """Return the bands of one version with the patient's lower limits of normal worked in, once for all her counts."""
    found: dict[str, dict[str, tuple[Band, ...]]] = {}
    for (name, unit), scale in rules.scales.items():
        limit = limits.get(name)
        if limit is not None and limit.unit != unit:
            limit = hemoglobin_in(limit, unit)
        found.setdefault(name, {})[unit] = _bands(scale, limit)
    return found


def grades_by(own: Grader, quantities: Mapping[str, Quantity | None]) -> Grades:
    """Return the possible grades of each quantity that the version grades at all."""
    return {name: possible_grades(units, found) if (found := quantities.get(name)) else None for name, units in own.items()}


def possible_grades(units: Mapping[str, tuple[Band, ...]], quantity: Quantity | None) -> tuple[int, ...] | None:
    """Return every possible grade, ascending; None where there is no quantity or no scale in its unit."""
    bands = units.get(quantity.unit) if quantity is not None else None
    if quantity is None or bands is None:
        return None
    if quantity.comparator is not Comparator.EQ:
        return tuple(sorted(grade for grade, low, high in bands if _meets(quantity, low, high)))
    value = quantity.value
    grade = next(own for own, _, high in bands if high is None or value < high)
    return (0, 1) if grade == 1 and bands[-2][2] is None else _SINGLE[grade]


def grade_of(rules: GradeRules, name: str, quantity: Quantity | None, lower_limit: Quantity | None) -> tuple[int, ...] | None:
    """Return every possible grade of one quantity; None where there is no quantity, no term or no scale in its unit."""
    own = grader(rules, {name: lower_limit} if lower_limit is not None else {})
    return possible_grades(own.get(name, {}), quantity)


def _bands(scale: Scale, lower_limit: Quantity | None) -> tuple[Band, ...]:
    """Return the bands from the worst grade up; without a lower limit both 0 and 1 stay possible above the last fixed bound."""
    bands: list[Band] = []
    low = Decimal("-Infinity")
    for grade, bound in scale.bounds:
        if bound is not None:
            bands.append((grade, low, bound))
            low = bound
        elif lower_limit is None:
            bands.append((grade, low, None))
        elif lower_limit.value > low:
            bands.append((grade, low, lower_limit.value))
            low = lower_limit.value
    return (*bands, (0, low, None))


def _meets(quantity: Quantity, low: Decimal, high: Decimal | None) -> bool:
    """Return whether some value that a censored quantity allows lies in the band."""
    if quantity.comparator is Comparator.LT:
        return low < quantity.value
    if quantity.comparator is Comparator.LE:
        return low <= quantity.value
    return high is None or high > quantity.value
