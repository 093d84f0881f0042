"""Courses of the practice clinic: cycles back from today's cycle day, with delays, reductions and plans."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from neutromon.models.history import Course, Cycle, GrowthFactor, TreatmentDay
from neutromon.rules.book_parts import Regimen
from neutromon.services.practice.cases import Calendar, Case

LONG_ACTING = frozenset({"pegfilgrastim", "lipegfilgrastim", "eflapegrastim", "efbemalenograstim"})
DOSES = {"filgrastim": "300 µg", "pegfilgrastim": "6 mg"}
PALLIATIVE = frozenset({"docetaxel-prednisone", "cabazitaxel-prednisone", "eribulin", "FOLFIRI", "trifluridine-tipiracil", "topotecan"})


def build_course(case: Case, calendar: Calendar, regimen: Regimen | None) -> Course | None:
    """Return the course of a case, None where she has none."""
    if regimen is None or case.regimen is None:
        return None
    return Course(
        regimen=case.regimen,
        intent="palliative" if case.regimen in PALLIATIVE else "curative",
        cycles=tuple(_cycles(case, calendar, regimen.cycle_days)),
    )


def _cycles(case: Case, calendar: Calendar, cycle_days: int) -> Iterator[Cycle]:
    starts = _given_days(case, calendar, cycle_days)
    for number, day1 in enumerate(starts, start=1):
        delay, reason = case.delays.get(str(number), (0, None))
        yield Cycle(
            number=number,
            planned_day1=day1 - timedelta(days=delay),
            day1=day1,
            chemo_end=datetime.combine(day1, time(12, 30), calendar.now.tzinfo),
            dose_percent=case.reductions.get(str(number), "100"),
            febrile_neutropenia=number in case.fn_cycles,
            delay_reason=reason,
            treatment_days=tuple(_further_days(case, calendar, day1)),
        )
    ahead = calendar.day(case.starts_d if case.starts_d is not None else 7)
    following = starts[-1] + timedelta(days=cycle_days) if starts else ahead
    first = len(starts) + 1
    until = max(case.total, first if case.next else 0)
    for offset, number in enumerate(range(first, until + 1)):
        day = following + timedelta(days=cycle_days * offset)
        yield Cycle(number=number, planned_day1=day, dose_percent=case.reductions.get(str(len(starts)), "100"))


def _given_days(case: Case, calendar: Calendar, cycle_days: int) -> list[date]:
    """Return the actual day 1 of every begun cycle, back from today's cycle day."""
    if not case.cycle:
        return []
    days = [calendar.day(1 - case.day)]
    for number in range(case.cycle, 1, -1):
        delay, _ = case.delays.get(str(number), (0, ""))
        days.insert(0, days[0] - timedelta(days=cycle_days + delay))
    return days


def _further_days(case: Case, calendar: Calendar, day1: date) -> Iterator[TreatmentDay]:
    for day in case.treatment_days:
        planned = day1 + timedelta(days=day - 1)
        given = planned if planned < calendar.now.date() else None
        yield TreatmentDay(day=day, planned=planned, given=given, dose_percent="100" if given else None)


def growth_factors(case: Case, calendar: Calendar, course: Course | None) -> Iterator[GrowthFactor]:
    """Give the growth factors of a case: by rule of its cycles, written ones, and a planned one."""
    for row in case.growth_factors:
        planned = bool(row.get("planned", False))
        yield _dose(str(row["product"]), calendar.later(row) if planned else calendar.moment(row), planned=planned)
    begun = [cycle for cycle in (course.cycles if course else ()) if cycle.day1 is not None]
    if case.gcsf is not None:
        for cycle in begun:
            if cycle.number >= case.gcsf_from:
                yield from _of_cycle(case, calendar, cycle)
    coming = next((cycle for cycle in (course.cycles if course else ()) if cycle.day1 is None), None)
    if case.gcsf_planned and coming is not None and coming.planned_day1 is not None:
        when = datetime.combine(coming.planned_day1 + timedelta(days=1), time(15), calendar.now.tzinfo)
        yield _dose(case.gcsf_planned, when, planned=True)


def _of_cycle(case: Case, calendar: Calendar, cycle: Cycle) -> Iterator[GrowthFactor]:
    assert case.gcsf is not None and cycle.day1 is not None
    first, last = case.gcsf_days or ((2, 2) if case.gcsf in LONG_ACTING else (5, 9))
    for day in range(first, last + 1):
        when = datetime.combine(cycle.day1 + timedelta(days=day - 1), time(15 if day < 4 else 8), calendar.now.tzinfo)
        if when <= calendar.now:
            yield _dose(case.gcsf, when)
        elif day == first and cycle.day1 + timedelta(days=day - 1) >= calendar.now.date():
            yield _dose(case.gcsf, when, planned=True)


def _dose(product: str, when: datetime, *, planned: bool = False) -> GrowthFactor:
    return GrowthFactor(product=product, dose=DOSES.get(product), given_at=when, planned=planned)
