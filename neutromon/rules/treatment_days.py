"""Further treatment days that cannot be, and those that a person is asked about: against day 1, the next cycle, today and one another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from neutromon.models.history import Course, Cycle, TreatmentDay
from neutromon.rules.schedule import next_day1


@dataclass(frozen=True, slots=True, kw_only=True)
class OddDay:
    """What is wrong with a treatment day, as a sentence; an impossible one is refused, any other is asked about."""

    day: int
    text: str
    impossible: bool = False


def odd_days(course: Course, cycle: Cycle, today: date, cycle_days: int | None) -> tuple[OddDay, ...]:
    """Return everything that is odd about the further days of a cycle, the impossible first."""
    found: list[OddDay] = []
    before: TreatmentDay | None = None
    for day in sorted(cycle.treatment_days, key=lambda one: one.day):
        found += [*_given(course, cycle, day, today), *_planned(course, cycle, day), *_outside(cycle, day, cycle_days)]
        if day.given is not None:
            found += _order(day, before)
            before = day
    return tuple(sorted(found, key=lambda odd: not odd.impossible))


def _given(course: Course, cycle: Cycle, day: TreatmentDay, today: date) -> Iterator[OddDay]:
    if day.given is None:
        return
    if day.given > today:
        yield OddDay(day=day.day, text=f"Day {day.day} is given on {_text(day.given)}: that lies in the future.", impossible=True)
    if cycle.day1 is None:
        yield OddDay(day=day.day, text=f"Day {day.day} is given, but day 1 is not.")
    elif day.given <= cycle.day1:
        text = f"Day {day.day} is given on {_text(day.given)}: that is not after day 1, {_text(cycle.day1)}."
        yield OddDay(day=day.day, text=text, impossible=True)
    following = next_day1(course, cycle)
    if following is not None and day.given >= following:
        text = f"Day {day.day} is given on {_text(day.given)}: the next cycle begins on {_text(following)}."
        yield OddDay(day=day.day, text=text, impossible=_has_begun(course, cycle))


def _has_begun(course: Course, cycle: Cycle) -> bool:
    return any(later.number > cycle.number and later.day1 is not None for later in course.cycles)


def _planned(course: Course, cycle: Cycle, day: TreatmentDay) -> Iterator[OddDay]:
    first, following = cycle.planned_day1 or cycle.day1, next_day1(course, cycle)
    if day.planned is None:
        return
    if first is not None and day.planned <= first:
        yield OddDay(day=day.day, text=f"Day {day.day} is planned for {_text(day.planned)}: that is not after day 1, {_text(first)}.")
    if following is not None and day.planned >= following:
        yield OddDay(day=day.day, text=f"Day {day.day} is planned for {_text(day.planned)}: the next cycle begins on {_text(following)}.")


def _outside(cycle: Cycle, day: TreatmentDay, cycle_days: int | None) -> Iterator[OddDay]:
    """Give a day behind the regimen's length of a cycle."""
    when, first = day.given or day.planned, cycle.day1 or cycle.planned_day1
    if cycle_days and when is not None and first is not None and (when - first).days >= cycle_days:
        yield OddDay(day=day.day, text=f"Day {day.day}, {_text(when)}, lies outside the {cycle_days} days of the cycle.")


def _order(day: TreatmentDay, before: TreatmentDay | None) -> Iterator[OddDay]:
    if before is not None and before.given is not None and day.given is not None and day.given <= before.given:
        yield OddDay(day=day.day, text=f"Day {day.day} is given on {_text(day.given)}: that is not after day {before.day}.")


def _text(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
