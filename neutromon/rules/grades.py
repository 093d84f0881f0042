"""Grades as sets: every grade that some value allowed by the comparator would have."""

from collections.abc import Mapping
from decimal import Decimal

from neutromon.models.quantity import Comparator, Quantity
from neutromon.rules.book_parts import GradeRules, Scale
from neutromon.rules.units import hemoglobin_in

Band = tuple[int, Decimal, Decimal | None]
"""(grade, low, high): low <= value < high; high None is unbounded."""


def grade_of(rules: GradeRules, name: str, quantity: Quantity | None, lower_limit: Quantity | None) -> tuple[int, ...] | None:
    """Return every possible grade, ascending; None where there is no quantity or no scale in its unit."""
    if quantity is None:
        return None
    scale = rules.scales.get((name, quantity.unit))
    if scale is None:
        return None
    if lower_limit is not None and lower_limit.unit != quantity.unit:
        lower_limit = hemoglobin_in(lower_limit, quantity.unit)
    possible = {grade for grade, low, high in _bands(scale, lower_limit) if _meets(quantity, low, high)}
    return tuple(sorted(possible))


def has_term(rules: GradeRules, name: str) -> bool:
    """Return whether this version grades the quantity at all."""
    return any(quantity == name for quantity, _ in rules.scales)


def _bands(scale: Scale, lower_limit: Quantity | None) -> list[Band]:
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
    bands.append((0, low, None))
    return bands


def _meets(quantity: Quantity, low: Decimal, high: Decimal | None) -> bool:
    value = quantity.value
    match quantity.comparator:
        case Comparator.EQ:
            return low <= value and (high is None or value < high)
        case Comparator.LT:
            return low < value
        case Comparator.LE:
            return low <= value
        case _:
            return high is None or high > value


def worst(grades: Mapping[str, Mapping[str, tuple[int, ...] | None]], version: str, name: str) -> int | None:
    """Return the worst possible grade of a quantity, or None."""
    found = grades.get(version, {}).get(name)
    return max(found) if found else None
