"""Build the trend chart: history, evaluation and forecast become bands, cycles, points, marks and words; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from neutromon.models.evaluation import Evaluation
from neutromon.models.forecast import Forecast
from neutromon.models.history import Course, PatientHistory
from neutromon.models.trend_chart import CycleBlock, ForecastFan, GradeBand, LaneEvent, TrendChart
from neutromon.report.charts.axis import Y_LABEL, DayAxis, ValueAxis, date_ticks, value_axis
from neutromon.report.charts.cycles import cycle_blocks
from neutromon.report.charts.future import day_one_target, forecast_fan, reach_of
from neutromon.report.charts.lane import lane_events
from neutromon.report.charts.markers import durations_of, markers_of
from neutromon.report.charts.panes import small_panes
from neutromon.report.charts.points import PlacedCount, on_floor, placed_counts, segments_of
from neutromon.report.charts.summary import summary_of
from neutromon.rules.book_parts import Regimen

EMPTY_BEFORE, EMPTY_AFTER = timedelta(days=21), timedelta(days=7)
MARGIN_DAYS = 1.5
OPENING_CYCLES = 5
OPENING_DAYS = 366
"""The chart opens on the last five cycles; more are one key away (gui reference 3)."""
AROUND_DAYS = 10
AROUND_KINDS = ("fever", "admission")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What is drawn, before it is framed."""

    axis: DayAxis
    now: float
    values: ValueAxis
    placed: list[PlacedCount]
    cycles: tuple[CycleBlock, ...]
    lane: tuple[LaneEvent, ...]
    fan: ForecastFan | None
    refusal: str
    first: float
    last: float


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
    scene = _scene(history, evaluation, forecast, now, regimen, grading)
    return TrendChart(
        title="Absolute neutrophil count against the chemotherapy cycles",
        y_label=Y_LABEL,
        x_label="Date",
        epoch=scene.axis.epoch,
        now=scene.now,
        now_text=f"now {now:%d %b %H:%M}",
        first=scene.first,
        last=scene.last,
        y_low=scene.values.low,
        y_high=scene.values.high,
        y_ticks=scene.values.ticks,
        bands=grade_bands(evaluation, grading),
        bands_version=grading.replace("ctcae-", "CTCAE "),
        lower_limit=lower_limit(history, evaluation),
        cycles=scene.cycles,
        points=tuple(p.point for p in scene.placed),
        segments=segments_of(scene.placed, scene.cycles),
        lane=scene.lane,
        markers=markers_of(evaluation.nadirs, scene.placed),
        durations=durations_of(evaluation.nadirs, scene.placed),
        day1=day_one_target(evaluation, scene.placed, scene.axis),
        forecast=scene.fan,
        forecast_refusal=scene.refusal,
        panes=small_panes(history, evaluation, scene.axis),
        summary=" ".join(summary_of(history, evaluation, scene.placed, grading, scene.fan.text if scene.fan else scene.refusal)),
        presets=tuple(_presets(scene)),
        x_ticks=date_ticks(scene.axis.epoch, scene.first, scene.last),
        opening=_opening(scene),
    )


def _scene(
    history: PatientHistory,
    evaluation: Evaluation,
    forecast: Forecast | None,
    now: datetime,
    regimen: Regimen | None,
    grading: str,
) -> _Scene:
    axis = DayAxis(epoch=_epoch(history, now))
    today = axis.moment(now)
    placed = placed_counts(history, evaluation, axis, grading)
    values = value_axis(p.point.anc for p in placed if p.point.has_value)
    cycles = cycle_blocks(history, axis, today, max([today, *(p.point.x for p in placed)]), regimen)
    lane = lane_events(history, evaluation, axis)
    fan, refusal = forecast_fan(forecast, axis, today)
    first, last = _range(placed, cycles, lane, [today, reach_of(evaluation, axis), *(fan.x if fan else ())], today)
    return _Scene(
        axis=axis,
        now=today,
        values=values,
        placed=on_floor(placed, values.low),
        cycles=cycles,
        lane=lane,
        fan=fan,
        refusal=refusal,
        first=first,
        last=last,
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
        yield from (day.given for day in cycle.treatment_days if day.given is not None)


def _range(
    placed: Sequence[PlacedCount], cycles: Sequence[CycleBlock], lane: Sequence[LaneEvent], others: Sequence[float], now: float
) -> tuple[float, float]:
    """Return the whole range: from the first count or cycle to the plan; a drug of long ago does not squeeze the counts."""
    begun = [block.start for block in cycles]
    treated = [event.start for event in lane if event.kind == "chemo" and not event.planned]
    starts = [p.point.x for p in placed] + begun + treated or [event.start for event in lane]
    first = min(starts, default=now - EMPTY_BEFORE.days)
    given = [block.end for block in cycles if not block.planned]
    coming = [block.start for block in cycles if block.planned][:1]
    events = [e.end or e.start for e in lane if not (e.planned and e.kind == "chemo")]
    last = max([*others, *(p.point.x for p in placed), *given, *coming, *events])
    return min(first, now - 1) - MARGIN_DAYS, max(last, now + 1 if starts else now + EMPTY_AFTER.days) + MARGIN_DAYS


def _opening(scene: _Scene) -> tuple[float, float]:
    """Return the range to open with: the last cycles, or the last year with the newest count, else everything."""
    begun = [block for block in scene.cycles if not block.planned]
    if len(begun) > OPENING_CYCLES:
        return begun[-OPENING_CYCLES].start - MARGIN_DAYS, scene.last
    kept = [*(block.start for block in begun), *(placed.point.x for placed in scene.placed[-1:])]
    year = min([scene.last - OPENING_DAYS, *(x - MARGIN_DAYS for x in kept)])
    return max(scene.first, year), scene.last


def _presets(scene: _Scene) -> Iterator[tuple[str, float, float]]:
    """Give the ranges by cycle, and the one around the last fever or admission."""
    begun = [block for block in scene.cycles if not block.planned and block.start <= scene.now]
    if begun:
        yield "This cycle", *_reach(scene, begun[-1:])
    if len(begun) > 1:
        yield "Last 2 cycles", *_reach(scene, begun[-2:])
    yield "All cycles" if begun else "All", scene.first, scene.last
    event = next((event for event in reversed(scene.lane) if event.kind in AROUND_KINDS), None)
    if event is not None:
        yield "Around event", event.start - AROUND_DAYS, event.start + AROUND_DAYS


def _reach(scene: _Scene, blocks: Sequence[CycleBlock]) -> tuple[float, float]:
    """Return the range of cycles with every treatment given since the cycle before them, also one recorded before day 1."""
    before = max((block.end for block in scene.cycles if not block.planned and block.start < blocks[0].start), default=scene.first)
    given = [e.start for e in scene.lane if e.kind == "chemo" and not e.planned and e.start >= before]
    return min([*given, blocks[0].start]) - MARGIN_DAYS, max([*given, blocks[-1].end, scene.now]) + MARGIN_DAYS


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
