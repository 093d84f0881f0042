"""Cycles, cycle days and planned dates of a course (reference 15.9)."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from neutromon.models.history import Course, Cycle, TreatmentDay
from neutromon.rules.book_parts import Regimen

TOMORROW = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a date lies in the course: the begun cycle and its day, day 1 being the first drug day."""

    cycle: Cycle
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTreatment:
    """The next treatment that has no actual date: a day 1, or a further day of the running cycle."""

    cycle: Cycle
    day: TreatmentDay | None
    planned: date | None


def begun(course: Course | None) -> list[Cycle]:
    """Return the cycles with an actual day 1, in order of day 1."""
    cycles = [cycle for cycle in course.cycles if cycle.day1 is not None] if course else []
    return sorted(cycles, key=_in_order)


def _in_order(cycle: Cycle) -> tuple[date, int]:
    return cycle.day1 or date.max, cycle.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Finds the place of many dates in one course: the begun cycles in order of day 1, beside their days 1."""

    cycles: tuple[Cycle, ...]
    days: tuple[date, ...]

    @classmethod
    def of_course(cls, course: Course | None) -> "Places":
        """Return the places of a course."""
        cycles = tuple(begun(course))
        return cls(cycles=cycles, days=tuple(cycle.day1 or date.max for cycle in cycles))

    def of(self, day: date) -> Place | None:
        """Return the cycle and cycle day of a calendar date; None before the first day 1."""
        position = bisect_right(self.days, day) - 1
        if position < 0:
            return None
        return Place(cycle=self.cycles[position], day=(day - self.days[position]).days + 1)


def place(course: Course | None, day: date) -> Place | None:
    """Return the cycle and cycle day of a calendar date; None before the first day 1."""
    found: Cycle | None = None
    for cycle in course.cycles if course else ():
        if cycle.day1 is not None and cycle.day1 <= day and (found is None or _in_order(cycle) >= _in_order(found)):
            found = cycle
    return Place(cycle=found, day=(day - found.day1).days + 1) if found is not None and found.day1 is not None else None


def next_day1(course: Course | None, after: Cycle) -> date | None:
    """Return the day 1 of the cycle behind this one, actual or planned."""
    later = [cycle for cycle in course.cycles if cycle.number > after.number] if course else []
    follower = min(later, key=lambda cycle: cycle.number, default=None)
    return (follower.day1 or follower.planned_day1) if follower else None


def next_cycle(course: Course | None) -> Cycle | None:
    """Return the first cycle behind the begun ones that has no actual day 1."""
    if course is None:
        return None
    last = max((cycle.number for cycle in course.cycles if cycle.day1 is not None), default=0)
    waiting = [cycle for cycle in course.cycles if cycle.day1 is None and cycle.number > last]
    return min(waiting, key=lambda cycle: cycle.number, default=None)


def next_treatment(course: Course | None, now: datetime) -> NextTreatment | None:
    """Return the next treatment: the open further days of the running cycle in their order, then the next day 1.

    One whose day has passed without a record waits until a later one is due today or tomorrow: that one is then the next.
    """
    today = now.date()
    waiting = [*_open_days(place(course, today)), *_open_day1(next_cycle(course))]
    for position, one in enumerate(waiting):
        later_due = any(other.planned is not None and other.planned <= today + TOMORROW for other in waiting[position + 1 :])
        if one.planned is None or one.planned >= today or not later_due:
            return one
    return None


def _open_days(running: Place | None) -> list[NextTreatment]:
    """Return the further days of the running cycle that were neither given nor left out."""
    days = [day for day in running.cycle.treatment_days if day.given is None and day.dose_percent != "0"] if running else []
    cycle = running.cycle if running else None
    return [NextTreatment(cycle=cycle, day=day, planned=day.planned) for day in sorted(days, key=lambda d: d.day) if cycle is not None]


def _open_day1(coming: Cycle | None) -> list[NextTreatment]:
    return [NextTreatment(cycle=coming, day=None, planned=coming.planned_day1)] if coming is not None else []


def given_days(course: Course | None) -> list[date]:
    """Return the dates on which chemotherapy was given: days 1 and further days of the begun cycles."""
    cycles = begun(course)
    further = [day.given for cycle in cycles for day in cycle.treatment_days if day.given is not None and day.dose_percent != "0"]
    return [*(cycle.day1 for cycle in cycles if cycle.day1 is not None), *further]


def in_window(regimen: Regimen | None, day: int) -> bool | None:
    """Return whether a cycle day lies in the nadir window; None where the regimen has none."""
    window = regimen.nadir_window if regimen else None
    return None if window is None else window[0] <= day <= window[1]
