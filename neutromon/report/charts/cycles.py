"""Cycles on the time axis: given and planned, with ruler, nadir window and the gap of a delay."""

from neutromon.models.history import Course, Cycle, PatientHistory
from neutromon.models.trend_chart import CycleBlock
from neutromon.report.charts.axis import DayAxis
from neutromon.report.charts.words import days_words
from neutromon.rules.book_parts import Regimen

RULER_STEP = 7


def cycle_blocks(history: PatientHistory, axis: DayAxis, now: float, reach: float, regimen: Regimen | None) -> tuple[CycleBlock, ...]:
    """Return the cycles of every course in order of time; `reach` is how far a cycle of unknown length goes."""
    blocks: list[CycleBlock] = []
    for course in history.earlier_courses:
        blocks += _of_course(course, axis, now, reach, None)
    if history.course is not None:
        blocks += _of_course(history.course, axis, now, reach, regimen)
    return tuple(sorted(blocks, key=lambda block: (block.start, block.number)))


def _of_course(course: Course, axis: DayAxis, now: float, reach: float, regimen: Regimen | None) -> list[CycleBlock]:
    dated = [(cycle, axis.day(day)) for cycle in course.cycles if (day := cycle.day1 or cycle.planned_day1) is not None]
    dated.sort(key=lambda pair: (pair[1], pair[0].number))
    blocks = []
    for index, (cycle, start) in enumerate(dated):
        following = dated[index + 1] if index + 1 < len(dated) else None
        end = _end(start, following, axis, regimen, reach)
        blocks.append(_block(course, cycle, start, end, axis, now, regimen))
    return blocks


def _end(start: float, following: tuple[Cycle, float] | None, axis: DayAxis, regimen: Regimen | None, reach: float) -> float:
    """Return where a cycle ends: at the planned day 1 of the next, so that a delay is a gap behind it."""
    if following is not None:
        cycle, actual = following
        planned = axis.day(cycle.planned_day1) if cycle.planned_day1 else actual
        return planned if start < planned < actual else actual
    return start + regimen.cycle_days if regimen else max(reach, start + 1)


def _block(course: Course, cycle: Cycle, start: float, end: float, axis: DayAxis, now: float, regimen: Regimen | None) -> CycleBlock:
    planned = cycle.day1 is None
    days = range(0, max(1, int(end - start)), RULER_STEP)
    window = regimen.nadir_window if regimen else None
    return CycleBlock(
        number=cycle.number,
        start=start,
        end=end,
        header=_header(course, cycle, regimen),
        short=f"C{cycle.number}",
        brief=f"C{cycle.number} {_dose(cycle)}",
        planned=planned,
        shaded=cycle.number % 2 == 1,
        ruler=tuple((start + day, f"D{day + 1}") for day in days),
        delay=_delay(cycle, axis, now),
        window=(start + window[0] - 1, start + window[1]) if window else None,
    )


def _header(course: Course, cycle: Cycle, regimen: Regimen | None) -> str:
    """Return "C3 docetaxel 80 %"."""
    name = regimen.title if regimen else course.regimen or "regimen not recorded"
    comma = "," if cycle.day1 is not None and cycle.dose_percent is None else ""
    return f"C{cycle.number} {name}{comma} {_dose(cycle)}"


def _dose(cycle: Cycle) -> str:
    if cycle.day1 is None:
        return "planned"
    if cycle.dose_percent is None:
        return "dose not recorded"
    return "omitted" if cycle.dose_percent == "0" else f"{cycle.dose_percent} %"


def _delay(cycle: Cycle, axis: DayAxis, now: float) -> tuple[float, float, str] | None:
    """Return the gap from the planned day 1 to the actual one, or to today where the cycle was not given yet."""
    if cycle.planned_day1 is None:
        return None
    planned = axis.day(cycle.planned_day1)
    given = axis.day(cycle.day1) if cycle.day1 else float(int(now))
    if given <= planned:
        return None
    reason = cycle.delay_reason or ("reason not recorded" if cycle.day1 else "not given yet")
    return planned, given, f"{days_words(given - planned)} ({reason})"
