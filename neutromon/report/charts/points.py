"""Counts as points of the chart, and the line between them; what has no number never gets a place among numbers."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from math import inf

from neutromon.models.evaluation import AncOrigin, CountEvaluation, Evaluation
from neutromon.models.history import CountSample, PatientHistory
from neutromon.models.quantity import Comparator, Quantity, Reported, parse_number
from neutromon.models.trend_chart import ChartPoint, ChartSegment, CycleBlock, PointShape
from neutromon.report.charts.axis import Y_LOW, DayAxis, place_of
from neutromon.report.charts.words import ORIGINS, anc_words, change_words, grade_words, laboratory, number, place_words, when_words
from neutromon.rules.problems import WITHDRAWN

WHITE_CELLS = frozenset({"wbc", "neutrophils", "neutrophils_percent", "segs_percent", "granulocytes"})
LONG_GAP_DAYS = 10
LONG_UNTREATED_DAYS = 92
"""Without chemotherapy a quarter is the longest step between counts that a solid line may claim."""
DAILY_EFFECT_DAYS = 2
"""The rise on days 1 and 2 after a daily dose is transient (US label of filgrastim; clinical reference 11)."""
E9_UNITS = {"10*9/L": 1.0, "10*3/uL": 1.0, "/uL": 0.001}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCount:
    """A point with what it was made from; `quantity` is None where there is no number."""

    point: ChartPoint
    count: CountEvaluation
    quantity: Quantity | None


def placed_counts(history: PatientHistory, evaluation: Evaluation, axis: DayAxis, grading: str) -> list[PlacedCount]:
    """Return every sample that speaks of white cells and has a time, oldest first."""
    pairs = [(c, s) for c, s in zip(evaluation.counts, history.counts, strict=True) if s.values.keys() & WHITE_CELLS]
    timed = sorted(((c, s, s.collected_at) for c, s in pairs if s.collected_at is not None), key=lambda row: row[2])
    effects = list(_effects(evaluation, axis))
    placed: list[PlacedCount] = []
    previous: PlacedCount | None = None
    for count, sample, when in timed:
        made = _place(count, sample, when, previous, evaluation.now, axis, grading, effects)
        placed.append(made)
        previous = made if made.quantity is not None else previous
    return placed


def on_floor(placed: Sequence[PlacedCount], floor: float) -> list[PlacedCount]:
    """Return the counts with those that have no number at the axis' lower end."""
    return [p if p.point.has_value else replace(p, point=replace(p.point, anc=floor)) for p in placed]


def _effects(evaluation: Evaluation, axis: DayAxis) -> Iterator[tuple[float, float]]:
    """Give the spans in which growth factors act, in order of time and without overlap."""
    given = sorted((axis.moment(t.given_at), t.tail_days) for t in evaluation.gcsf_timing if t.given_at is not None and not t.planned)
    reached = 0.0
    for start, tail in given:
        end = start + (tail or DAILY_EFFECT_DAYS)
        if end > reached:
            yield max(start, reached), end
            reached = end


def _under_growth_factor(x: float, effects: Sequence[tuple[float, float]]) -> bool:
    """Return whether a count lies behind a dose and within its span."""
    place = bisect_left(effects, (x, 0.0)) - 1
    return place >= 0 and x <= effects[place][1]


def _place(
    count: CountEvaluation,
    sample: CountSample,
    when: datetime,
    previous: PlacedCount | None,
    now: datetime,
    axis: DayAxis,
    grading: str,
    effects: Sequence[tuple[float, float]],
) -> PlacedCount:
    withdrawn = sample.status in WITHDRAWN
    quantity = None if withdrawn else count.anc.quantity
    anc, comparator = place_of(quantity) if quantity is not None else (Y_LOW, Comparator.EQ)
    original = _original(sample)
    x = axis.moment(when)
    affected = quantity is not None and _under_growth_factor(x, effects)
    readout = _readout(count, sample, when, previous, now, grading)
    point = ChartPoint(
        x=x,
        at=when,
        anc=anc,
        shape=_shape(count, withdrawn, comparator),
        label=number(quantity) if quantity is not None else "✕" if withdrawn else "?",
        readout=f"{readout} · under growth factor" if affected else readout,
        sample_id=sample.id,
        grade_text=grade_words(count, grading) if quantity is not None else "cannot grade",
        cycle=count.cycle,
        cycle_day=count.cycle_day,
        comparator=comparator.value,
        corrected=bool(sample.superseded) or sample.status in {"corrected", "amended"},
        corrected_from=_value_of(original) if original else None,
        preliminary=sample.status == "preliminary",
        gcsf_effect=affected,
    )
    return PlacedCount(point=point, count=count, quantity=quantity)


def _shape(count: CountEvaluation, withdrawn: bool, comparator: Comparator) -> PointShape:
    if withdrawn:
        return PointShape.REJECTED
    if count.anc.quantity is None:
        return PointShape.UNKNOWN
    if count.anc.origin is AncOrigin.BOUNDED:
        return PointShape.BOUNDED
    if comparator is not Comparator.EQ:
        return PointShape.CENSORED
    return PointShape.DERIVED if count.anc.origin is AncOrigin.DERIVED else PointShape.MEASURED


def _original(sample: CountSample) -> Reported | None:
    """Return the first neutrophil count that was reported, where it was corrected."""
    return next((value for name, value, _ in sample.superseded if name == "neutrophils"), None)


def _value_of(reported: Reported) -> float | None:
    parsed, factor = parse_number(reported.value), E9_UNITS.get(reported.unit or "")
    if parsed is None or factor is None or parsed[0] is not Comparator.EQ or parsed[1] <= 0:
        return None
    return float(parsed[1]) * factor


def _readout(
    count: CountEvaluation,
    sample: CountSample,
    when: datetime,
    previous: PlacedCount | None,
    now: datetime,
    grading: str,
) -> str:
    """Return the line of product 2.4.10: when, place, count, grade, origin, laboratory, change, and what is special."""
    head = [when_words(when, now, day_only=sample.day_precision), place_words(count)]
    if sample.status in WITHDRAWN:
        return " · ".join([*head, f"rejected ({sample.status})", *_reported(sample), laboratory(sample)])
    if count.anc.quantity is None:
        return " · ".join([*head, "ANC unknown", "cannot grade", *_reported(sample), *(p.text for p in count.problems), laboratory(sample)])
    parts = [*head, anc_words(count.anc.quantity), grade_words(count, grading), ORIGINS[count.anc.origin], laboratory(sample)]
    before = previous.quantity if previous else None
    parts.append(change_words(count.anc.quantity, before, when - previous.point.at if previous else when - when))
    return " · ".join([*parts, *_marks(sample)])


def _reported(sample: CountSample) -> list[str]:
    value = sample.values.get("neutrophils")
    return [f"reported “{value.value}” {value.unit or 'without a unit'}"] if value else []


def _marks(sample: CountSample) -> Iterator[str]:
    if sample.status == "preliminary":
        yield "preliminary"
    original = _original(sample)
    if original is not None:
        yield f"corrected, was {original.value} {original.unit or 'without a unit'}"
    elif sample.superseded or sample.status in {"corrected", "amended"}:
        yield "corrected"


def segments_of(placed: Sequence[PlacedCount], cycles: Sequence[CycleBlock]) -> tuple[ChartSegment, ...]:
    """Return the line from number to number; it is dashed where it says more than was measured."""
    valued = [i for i, p in enumerate(placed) if p.point.has_value]
    windows = sorted(c.window for c in cycles if c.window is not None and not c.planned)
    return tuple(_segment(placed, first, second, windows) for first, second in pairwise(valued))


def _segment(placed: Sequence[PlacedCount], first: int, second: int, windows: Sequence[tuple[float, float]]) -> ChartSegment:
    start, end = placed[first].point, placed[second].point
    treated = start.cycle is not None or end.cycle is not None
    long = end.x - start.x > (LONG_GAP_DAYS if treated else LONG_UNTREATED_DAYS)
    following = bisect_right(windows, (start.x, inf))
    missed = following < len(windows) and end.x >= windows[following][1]
    unread = second - first > 1 and any(p.point.shape is PointShape.UNKNOWN for p in placed[first + 1 : second])
    return ChartSegment(first=first, second=second, dashed=long or missed or unread)
