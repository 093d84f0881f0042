"""Grades as sets: every grade that some value allowed by the comparator would have."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from neutromon.models.evaluation import Grades
from neutromon.models.quantity import Comparator, Quantity
from neutromon.rules.book_parts import GradeRules, Scale
from neutromon.rules.units import hemoglobin_in

Band = tuple[int, Decimal, Decimal | None]
"""(grade, low, high): low <= value < high; high None is unbounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The bands of one quantity in one unit, from the worst grade up, and the grades of an exact value between their upper bounds."""

    bands: tuple[Band, ...]
    highs: tuple[Decimal, ...]
    exact: tuple[tuple[int, ...], ...]


_EXACT = Comparator.EQ
Grader = Mapping[str, Mapping[str, Ladder]]
"""The ladders of one version for one patient, by quantity and unit."""


def grader(rules: GradeRules, limits: Mapping[str, Quantity]) -> Grader:
    """Return the ladders of one version with the patient's lower limits of normal worked in, once for all her counts."""
    found: dict[str, dict[str, Ladder]] = {}
    for (name, unit), scale in rules.scales.items():
        limit = limits.get(name)
        if limit is not None and limit.unit != unit:
            limit = hemoglobin_in(limit, unit)
        found.setdefault(name, {})[unit] = _ladder(_bands(scale, limit))
    return found


def _ladder(bands: tuple[Band, ...]) -> Ladder:
    """Return bands as a ladder; without a lower limit an exact value above the last fixed bound may be grade 0 or 1."""
    bounded = [(grade, high) for grade, _, high in bands if high is not None]
    top = (0,) if len(bounded) == len(bands) - 1 else (0, 1)
    return Ladder(bands=bands, highs=tuple(high for _, high in bounded), exact=(*((grade,) for grade, _ in bounded), top))


def grades_by(own: Grader, quantities: Mapping[str, Quantity | None]) -> Grades:
    """Return the possible grades of each quantity that the version grades at all."""
    found: dict[str, tuple[int, ...] | None] = {}
    for name, units in own.items():
        quantity = quantities.get(name)
        ladder = units.get(quantity.unit) if quantity is not None else None
        found[name] = _on_ladder(ladder, quantity) if quantity is not None and ladder is not None else None
    return found


def possible_grades(units: Mapping[str, Ladder], quantity: Quantity | None) -> tuple[int, ...] | None:
    """Return every possible grade, ascending; None where there is no quantity or no scale in its unit."""
    ladder = units.get(quantity.unit) if quantity is not None else None
    return _on_ladder(ladder, quantity) if quantity is not None and ladder is not None else None


def _on_ladder(ladder: Ladder, quantity: Quantity) -> tuple[int, ...]:
    if quantity.comparator is _EXACT:
        return ladder.exact[bisect_right(ladder.highs, quantity.value)]
    return tuple(sorted(grade for grade, low, high in ladder.bands if _meets(quantity, low, high)))


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
