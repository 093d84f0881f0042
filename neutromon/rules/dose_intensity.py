"""Relative dose intensity and cumulative delay of a course; unknown where a dose or a date is unknown, never 100 per cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from neutromon.models.history import Course, Cycle
from neutromon.rules.schedule import begun

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseIntensity:
    """Over the begun cycles: relative dose intensity in per cent, delay in days against the regimen's interval; None is unknown."""

    cycles: int
    relative_percent: Decimal | None
    delay_days: int | None
    missing: str = ""


def dose_intensity(course: Course | None, cycle_days: int | None) -> DoseIntensity:
    """Return delivered dose per time over planned dose per time (Hryniuk and Bush, J Clin Oncol 1984;2:1281).

    The last cycle counts with its planned length. A given cycle without a dose leaves the intensity unknown.
    """
    cycles = begun(course)
    if not cycles:
        return DoseIntensity(cycles=0, relative_percent=None, delay_days=None, missing="no cycle has begun")
    if not cycle_days:
        return DoseIntensity(cycles=len(cycles), relative_percent=None, delay_days=None, missing="the length of a cycle is unknown")
    if not _in_order(cycles):
        why = "the dates of the cycles contradict each other"
        return DoseIntensity(cycles=len(cycles), relative_percent=None, delay_days=None, missing=why)
    first, last = cycles[0].day1 or date.min, cycles[-1].day1 or date.min
    delay = (last - first).days - (len(cycles) - 1) * cycle_days
    doses = [cycle_dose(cycle) for cycle in cycles]
    unknown = [str(cycle.number) for cycle, dose in zip(cycles, doses, strict=True) if dose is None]
    if unknown:
        return DoseIntensity(
            cycles=len(cycles), relative_percent=None, delay_days=delay, missing=f"the dose of cycle {', '.join(unknown)} is unknown"
        )
    delivered = sum((dose for dose in doses if dose is not None), Decimal(0))
    planned_days = Decimal(len(cycles) * cycle_days)
    taken_days = Decimal((last - first).days + cycle_days)
    relative = delivered / len(cycles) * planned_days / taken_days
    return DoseIntensity(cycles=len(cycles), relative_percent=relative, delay_days=delay)


def _in_order(cycles: Sequence[Cycle]) -> bool:
    """Return whether every later day 1 belongs to a later cycle; of dates in another order no interval can be told."""
    return all(one.number < two.number and one.day1 != two.day1 for one, two in pairwise(cycles))


def cycle_dose(cycle: Cycle) -> Decimal | None:
    """Return the dose of a cycle in per cent of the plan: the mean of day 1 and of its further days that are over; None if unknown."""
    texts = [cycle.dose_percent, *(day.dose_percent for day in cycle.treatment_days if day.given is not None or day.dose_percent == "0")]
    doses = [_percent(text) for text in texts]
    known = [dose for dose in doses if dose is not None]
    return sum(known, Decimal(0)) / len(known) if len(known) == len(doses) else None


def delay_days(cycle: Cycle) -> int | None:
    """Return by how many days day 1 came after its plan; negative where it came before; None where either is unknown."""
    if cycle.day1 is None or cycle.planned_day1 is None:
        return None
    return (cycle.day1 - cycle.planned_day1).days


def _percent(text: str | None) -> Decimal | None:
    try:
        value = Decimal(text or "")
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= 2 * WHOLE else None
