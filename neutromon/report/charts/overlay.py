"""Build the neutrophil cycle profile: every cycle of the course on one axis of cycle days; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import exp, log

from neutromon.models.evaluation import Evaluation, Nadir
from neutromon.models.history import Cycle, PatientHistory
from neutromon.models.overlay_chart import CycleLine, OverlayChart, ProfileBand, ProfileRow
from neutromon.models.trend_chart import ChartPoint, DurationBar
from neutromon.report.charts.axis import Y_LABEL, DayAxis, value_axis
from neutromon.report.charts.build import grade_bands, lower_limit
from neutromon.report.charts.markers import durations_of, nadir_word
from neutromon.report.charts.points import LONG_GAP_DAYS, PlacedCount, on_floor, placed_counts
from neutromon.report.words import number_text
from neutromon.rules.book_parts import Regimen
from neutromon.rules.schedule import begun

DAYS_SHOWN, MOST_DAYS = 28, 42
"""The axis has 28 days, more where a count is later, at most six weeks: a count of months later is no part of the cycle's course."""
ENOUGH_FOR_BAND = 3
DASHES: tuple[tuple[float, ...], ...] = ((6, 2), (2, 2), (8, 2, 2, 2), (4, 4), (1, 2), (10, 3))
"""Patterns of earlier cycles in turn, so that neighbours differ without colour."""
PALEST = 0.75
NOT_RECORDED = "not recorded"


def build_overlay(history: PatientHistory, evaluation: Evaluation, *, regimen: Regimen | None, grading: str = "ctcae-5.0") -> OverlayChart:
    """Return the cycles that have begun over each other, the median and middle half from three cycles on, and a row for each."""
    cycles = begun(history.course)
    axis = DayAxis(epoch=min((c.day1 for c in cycles if c.day1), default=evaluation.now.date()))
    placed = placed_counts(history, evaluation, axis, grading)
    values = value_axis(p.point.anc for p in placed if p.point.has_value and p.point.cycle is not None)
    placed = on_floor(placed, values.low)
    lines = tuple(_lines(cycles, placed, axis, evaluation))
    last = max([DAYS_SHOWN + 1.0, *(line.points[-1].x + 1 for line in lines if line.points)])
    later = sum(1 for p in placed if p.point.has_value and p.point.cycle_day is not None and p.point.cycle_day > MOST_DAYS)
    window = regimen.nadir_window if regimen else None
    band = profile_band(lines)
    return OverlayChart(
        title="Neutrophil cycle profile",
        y_label=Y_LABEL,
        x_label="Cycle day",
        first=1.0,
        last=last,
        x_ticks=tuple((float(day), f"D{day}") for day in range(1, int(last) + 1, 7)),
        y_low=values.low,
        y_high=values.high,
        y_ticks=values.ticks,
        bands=grade_bands(evaluation, grading),
        bands_version=grading.replace("ctcae-", "CTCAE "),
        lower_limit=lower_limit(history, evaluation),
        window=(float(window[0]), window[1] + 1.0) if window else None,
        window_text=f"expected nadir {_days(*window)}" if window else "expected nadir window not known",
        lines=lines,
        band=band,
        band_text=_band_text(band, later),
        now_day=_now_day(cycles, evaluation, axis),
        rows=profile_rows(history, evaluation, durations_of(evaluation.nadirs, placed)),
        summary=" ".join(_summary(lines, evaluation.nadirs)),
    )


def _days(first: int, last: int) -> str:
    return f"D{first}" if first == last else f"D{first}–{last}"


def _band_text(band: ProfileBand | None, later: int) -> str:
    """Return what median and band rest on, and how many counts are not drawn."""
    few = f"no median: fewer than {ENOUGH_FOR_BAND} cycles have counts on the same days"
    words = f"median and middle half of {band.cycles} cycles" if band else few
    return f"{words}; {later} count{'s' * (later != 1)} after D{MOST_DAYS} not drawn" if later else words


def _now_day(cycles: Sequence[Cycle], evaluation: Evaluation, axis: DayAxis) -> float | None:
    """Return today's place in the running cycle; None beyond the axis."""
    current = next((c for c in cycles if c.number == evaluation.cycle and (evaluation.cycle_day or 0) <= MOST_DAYS), None)
    return axis.moment(evaluation.now) - axis.day(current.day1) + 1 if current and current.day1 else None


def _lines(cycles: Sequence[Cycle], placed: Sequence[PlacedCount], axis: DayAxis, evaluation: Evaluation) -> Iterator[CycleLine]:
    for index, cycle in enumerate(cycles):
        assert cycle.day1 is not None
        back = len(cycles) - 1 - index
        own = [p.point for p in placed if p.count.cycle == cycle.number and p.point.has_value and (p.point.cycle_day or 0) <= MOST_DAYS]
        points = tuple(_on_cycle_day(point, axis.day(cycle.day1)) for point in own)
        current = cycle.number == evaluation.cycle
        yield CycleLine(
            cycle=cycle.number,
            points=points,
            current=current,
            lightness=0.0 if current else PALEST * back / max(len(cycles) - 1, 1),
            label=f"C{cycle.number}",
            dashes=() if current else DASHES[(cycle.number - 1) % len(DASHES)],
            dashed_gaps=tuple(i for i, (a, b) in enumerate(pairwise(points)) if b.x - a.x > LONG_GAP_DAYS),
        )


def _on_cycle_day(point: ChartPoint, start: float) -> ChartPoint:
    return replace(point, x=point.x - start + 1)


def profile_band(lines: Sequence[CycleLine]) -> ProfileBand | None:
    """Return median and quartiles by day over cycles that have counts on both sides of the day; None below three cycles.

    Between two counts the value is read off the drawn line (straight on the logarithmic axis), never beyond a cycle's last count;
    days that fewer than three cycles reach are left out.
    """
    usable = [line for line in lines if len(line.points) > 1]
    if len(usable) < ENOUGH_FOR_BAND:
        return None
    rows = []
    for day in range(1, DAYS_SHOWN + 1):
        found = sorted(value for line in usable if (value := _value_on(line, day + 0.5)) is not None)
        if len(found) >= ENOUGH_FOR_BAND:
            rows.append((day + 0.5, _quantile(found, 0.5), _quantile(found, 0.25), _quantile(found, 0.75)))
    if len(rows) < 2:
        return None
    x, median, low, high = zip(*rows, strict=True)
    return ProfileBand(x=x, median=median, low=low, high=high, cycles=len(usable))


def _value_on(line: CycleLine, x: float) -> float | None:
    for gap, (start, end) in enumerate(pairwise(line.points)):
        if start.x <= x <= end.x and gap not in line.dashed_gaps:
            share = (x - start.x) / (end.x - start.x) if end.x > start.x else 0.0
            return exp(log(start.anc) + share * (log(end.anc) - log(start.anc)))
    return None


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile between neighbours on the logarithmic axis."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return exp(log(ordered[low]) + (place - low) * (log(ordered[high]) - log(ordered[low])))


def profile_rows(history: PatientHistory, evaluation: Evaluation, durations: Sequence[DurationBar]) -> tuple[ProfileRow, ...]:
    """Return nadir, day, duration, growth factor and dose of each begun cycle; what is not known says so."""
    nadirs = {nadir.cycle: nadir for nadir in evaluation.nadirs}
    below = {bar.cycle: bar.text for bar in durations}
    cycles = begun(history.course)
    days = [cycle.day1 for cycle in cycles if cycle.day1 is not None]
    ends = [*days[1:], date.max][: len(days)]
    return tuple(
        _row(history, cycle, nadirs.get(cycle.number), below, start, end) for cycle, start, end in zip(cycles, days, ends, strict=True)
    )


def _row(history: PatientHistory, cycle: Cycle, nadir: Nadir | None, below: Mapping[int, str], start: date, end: date) -> ProfileRow:
    return ProfileRow(
        cycle=cycle.number,
        nadir=number_text(nadir.value) if nadir else "no count",
        day=f"D{nadir.cycle_day}" if nadir else "–",
        duration=below.get(cycle.number, "none seen") if nadir else "not known",
        growth_factor=growth_factor_words(history, start, end),
        dose=f"{cycle.dose_percent} %" if cycle.dose_percent else NOT_RECORDED,
        word=nadir_word(nadir) if nadir else "",
    )


def growth_factor_words(history: PatientHistory, start: date, end: date) -> str:
    """Return "pegfilgrastim D2", or "filgrastim D5–11, 7 doses" for the doses given from `start` to before `end`."""
    given = [(g.product, g.given_at.date()) for g in history.growth_factors if g.given_at is not None and not g.planned]
    own = [(product, (day - start).days + 1) for product, day in given if start <= day < end]
    if not own:
        return "none recorded"
    days = sorted(day for _, day in own)
    products = ", ".join(dict.fromkeys(product for product, _ in own))
    return f"{products} D{days[0]}" if len(own) == 1 else f"{products} D{days[0]}–{days[-1]}, {len(own)} doses"


def _summary(lines: Sequence[CycleLine], nadirs: Sequence[Nadir]) -> Iterator[str]:
    yield f"Neutrophil cycle profile: {len(lines)} cycle{'s' * (len(lines) != 1)} by cycle day."
    for nadir in nadirs:
        yield f"Cycle {nadir.cycle}: {nadir_word(nadir)} {number_text(nadir.value)} on day {nadir.cycle_day}."
