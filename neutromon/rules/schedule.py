"""Cycles, cycle days and planned dates of a course (reference 15.9)."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime

from neutromon.models.history import Course, Cycle, TreatmentDay
from neutromon.rules.book_parts import Regimen


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
    """Return the next treatment: an open further day of the running cycle comes before the next day 1."""
    running = place(course, now.date())
    if running is not None:
        open_days = [day for day in running.cycle.treatment_days if day.given is None and day.dose_percent != "0"]
        upcoming = min(open_days, key=lambda day: day.day, default=None)
        if upcoming is not None:
            return NextTreatment(cycle=running.cycle, day=upcoming, planned=upcoming.planned)
    coming = next_cycle(course)
    return NextTreatment(cycle=coming, day=None, planned=coming.planned_day1) if coming else None


def in_window(regimen: Regimen | None, day: int) -> bool | None:
    """Return whether a cycle day lies in the nadir window; None where the regimen has none."""
    window = regimen.nadir_window if regimen else None
    return None if window is None else window[0] <= day <= window[1]
