"""Build the trend chart: history, evaluation and forecast become bands, cycles, points, marks and words; pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from neutromon.models.evaluation import Evaluation
from neutromon.models.forecast import Forecast
from neutromon.models.formatting import age_text
from neutromon.models.history import Course, PatientHistory
from neutromon.models.trend_chart import CycleBlock, GradeBand, LaneEvent, TrendChart
from neutromon.report.charts.axis import Y_LABEL, DayAxis, date_ticks, value_axis
from neutromon.report.charts.cycles import cycle_blocks
from neutromon.report.charts.future import day_one_target, forecast_fan, reach_of
from neutromon.report.charts.lane import lane_events
from neutromon.report.charts.markers import durations_of, markers_of, nadir_word
from neutromon.report.charts.panes import small_panes
from neutromon.report.charts.points import PlacedCount, on_floor, placed_counts, segments_of
from neutromon.report.charts.words import anc_words, grade_words
from neutromon.report.words import number_text
from neutromon.rules.book_parts import Regimen

EMPTY_BEFORE, EMPTY_AFTER = timedelta(days=21), timedelta(days=7)
MARGIN_DAYS = 1.5
OPENING_CYCLES = 5
"""The chart opens on the last five cycles; more are one key away (gui reference 3)."""
AROUND_DAYS = 10
AROUND_KINDS = ("fever", "admission")


def build_trend_chart(
    history: PatientHistory,
    evaluation: Evaluation,
    forecast: Forecast | None,
    *,
    now: datetime,
    regimen: Regimen | None,
    grading: str = "ctcae-5.0",
) -> TrendChart:
    """Return everything that a painter needs; what is unknown is a word or a sign at the foot, never a number."""
    axis = DayAxis(epoch=_epoch(history, now))
    today = axis.moment(now)
    placed = placed_counts(history, evaluation, axis, grading)
    values = value_axis(p.point.anc for p in placed if p.point.has_value)
    placed = on_floor(placed, values.low)
    reach = max([today, *(p.point.x for p in placed)])
    cycles = cycle_blocks(history, axis, today, reach, regimen)
    lane = lane_events(history, evaluation, axis)
    fan, refusal = forecast_fan(forecast, axis, today)
    first, last = _range(placed, cycles, lane, [today, reach_of(evaluation, axis), *(fan.x if fan else ())], today)
    presets = tuple(_presets(cycles, lane, today, first, last))
    version = grading.replace("ctcae-", "CTCAE ")
    return TrendChart(
        title="Absolute neutrophil count against the chemotherapy cycles",
        y_label=Y_LABEL,
        x_label="Date",
        epoch=axis.epoch,
        now=today,
        now_text=f"now {now:%d %b %H:%M}",
        first=first,
        last=last,
        y_low=values.low,
        y_high=values.high,
        y_ticks=values.ticks,
        bands=grade_bands(evaluation, grading),
        bands_version=version,
        lower_limit=lower_limit(history, evaluation),
        cycles=cycles,
        points=tuple(p.point for p in placed),
        segments=segments_of(placed, cycles),
        lane=lane,
        markers=markers_of(evaluation.nadirs, placed),
        durations=durations_of(evaluation.nadirs, placed),
        day1=day_one_target(evaluation, placed, axis),
        forecast=fan,
        forecast_refusal=refusal,
        panes=small_panes(history, evaluation, axis),
        summary=" ".join(_summary(history, evaluation, placed, grading, fan.text if fan else refusal)),
        presets=presets,
        x_ticks=date_ticks(axis.epoch, first, last),
        opening=_opening(cycles, first, last),
    )


def _epoch(history: PatientHistory, now: datetime) -> date:
    """Return the earliest date that a chart can show."""
    return min(_dates(history), default=now.date() - EMPTY_BEFORE)


def _dates(history: PatientHistory) -> Iterator[date]:
    courses = [*history.earlier_courses, *([history.course] if history.course else [])]
    yield from (day for course in courses for day in _course_dates(course))
    yield from (sample.collected_at.date() for sample in history.counts if sample.collected_at)
    yield from (reading.at.date() for reading in history.temperatures if reading.at)
    yield from (symptom.at.date() for symptom in history.symptoms if symptom.at)
    yield from (dose.given_at.date() for dose in history.growth_factors if dose.given_at)
    yield from (drug.given_at.date() for drug in history.antibiotics if drug.given_at)
    yield from (drug.start for drug in history.drugs if drug.start)
    yield from (event.at.date() for event in history.events if event.at)


def _course_dates(course: Course) -> Iterator[date]:
    for cycle in course.cycles:
        yield from (day for day in (cycle.planned_day1, cycle.day1) if day is not None)


def _range(
    placed: Sequence[PlacedCount], cycles: Sequence[CycleBlock], lane: Sequence[LaneEvent], others: Sequence[float], now: float
) -> tuple[float, float]:
    """Return the whole range: from the first count or cycle to the plan; a drug of long ago does not squeeze the counts."""
    begun = [block.start for block in cycles]
    starts = [p.point.x for p in placed] + begun or [event.start for event in lane]
    first = min(starts, default=now - EMPTY_BEFORE.days)
    given = [block.end for block in cycles if not block.planned]
    coming = [block.start for block in cycles if block.planned][:1]
    events = [e.end or e.start for e in lane if not (e.planned and e.kind == "chemo")]
    last = max([*others, *(p.point.x for p in placed), *given, *coming, *events])
    return min(first, now - 1) - MARGIN_DAYS, max(last, now + 1 if starts else now + EMPTY_AFTER.days) + MARGIN_DAYS


def _opening(cycles: Sequence[CycleBlock], first: float, last: float) -> tuple[float, float]:
    begun = [block for block in cycles if not block.planned]
    return (begun[-OPENING_CYCLES].start - MARGIN_DAYS, last) if len(begun) > OPENING_CYCLES else (first, last)


def _presets(
    cycles: Sequence[CycleBlock], lane: Sequence[LaneEvent], now: float, first: float, last: float
) -> Iterator[tuple[str, float, float]]:
    """Give the ranges by cycle, and the one around the last fever or admission."""
    begun = [block for block in cycles if not block.planned and block.start <= now]
    if begun:
        yield "This cycle", begun[-1].start - MARGIN_DAYS, max(begun[-1].end, now) + MARGIN_DAYS
    if len(begun) > 1:
        yield "Last 2 cycles", begun[-2].start - MARGIN_DAYS, max(begun[-1].end, now) + MARGIN_DAYS
    yield "All cycles" if begun else "All", first, last
    event = next((event for event in reversed(lane) if event.kind in AROUND_KINDS and not event.planned), None)
    if event is not None:
        yield "Around event", event.start - AROUND_DAYS, event.start + AROUND_DAYS


def grade_bands(evaluation: Evaluation, grading: str) -> tuple[GradeBand, ...]:
    """Return the bands of the grades, palest first, and the hatch of a profound count.

    Grade 1 of CTCAE 5.0 reaches up to the lower limit of normal: without one it has no band.
    """
    limit = evaluation.lower_limits.get("neutrophils")
    low, found = 0.0, []
    for grade, bound in evaluation.neutrophil_bounds.get(grading, ()):
        high = bound if bound is not None else limit.value if limit else None
        if high is None or float(high) <= low:
            continue
        found.append(GradeBand(low=low, high=float(high), name=f"G{grade}", step=grade - 1))
        low = float(high)
    bands = list(reversed(found))
    if evaluation.profound_below is not None:
        bands.append(GradeBand(low=0.0, high=float(evaluation.profound_below), name="profound", step=3, hatched=True))
    return tuple(bands)


def lower_limit(history: PatientHistory, evaluation: Evaluation) -> tuple[float, str] | None:
    """Return the dashed line: the patient's own limit, or the laboratory's."""
    limit = evaluation.lower_limits.get("neutrophils")
    if limit is None:
        return None
    words = "own limit (Duffy-null)" if history.patient.duffy_null else "lower limit"
    return float(limit.value), f"{words} {limit.text}"


def _summary(history: PatientHistory, evaluation: Evaluation, placed: Sequence[PlacedCount], grading: str, outlook: str) -> Iterator[str]:
    """Give the sentences that a screen reader speaks for the chart."""
    valued = [p for p in placed if p.quantity is not None]
    cycles = len({p.count.cycle for p in valued if p.count.cycle is not None})
    yield f"Trend of the absolute neutrophil count: {_many(len(valued), 'count')} in {_many(cycles, 'cycle')}."
    if evaluation.cycle is not None:
        yield f"Today is cycle {evaluation.cycle} day {evaluation.cycle_day}."
    if valued:
        last = valued[-1]
        grade = f"{grade_words(last.count, grading)} {grading.replace('ctcae-', 'CTCAE ')}"
        yield f"Latest: {anc_words(last.count.anc)}, {grade}, {age_text(evaluation.now - last.point.at)}."
    else:
        yield "No count with a known value."
    yield from _missing(history, placed)
    for nadir in evaluation.nadirs[-1:]:
        word = nadir_word(nadir)
        yield f"{word[0].upper()}{word[1:]} of cycle {nadir.cycle}: {number_text(nadir.value)} on day {nadir.cycle_day}."
    if evaluation.day1 is not None:
        yield evaluation.day1.text
    if outlook:
        yield outlook if outlook.endswith(".") else f"{outlook}."


def _missing(history: PatientHistory, placed: Sequence[PlacedCount]) -> Iterator[str]:
    unknown = sum(1 for p in placed if p.quantity is None)
    timeless = sum(1 for sample in history.counts if sample.collected_at is None)
    if unknown:
        yield f"{_many(unknown, 'count')} without a usable value at the foot of the chart."
    if timeless:
        yield f"{_many(timeless, 'count')} without a collection time not drawn."


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
