"""A chart's own words in the window's language; the same chart on paper stays English."""

from dataclasses import replace

from neutromon.models.overlay_chart import OverlayChart, ProfileRow
from neutromon.models.trend_chart import ChartPoint, GradeBand, LaneEvent, SmallPane, TrendChart
from neutromon.ui.spoken import is_translated, spoken
from neutromon.ui.text import as_read, is_mirrored, translated, without_direction

PLANNED = " planned"


def in_language(chart: TrendChart) -> TrendChart:
    """Return the chart with title, now, limit, markers, bands, target and refusal in the window's language; values are untouched."""
    if not is_translated() and not is_mirrored():
        return chart
    return replace(
        chart,
        title=spoken(chart.title),
        summary=spoken(chart.summary),
        lane=tuple(_event(event) for event in chart.lane),
        y_label=spoken(chart.y_label),
        y_ticks=_ticks(chart.y_ticks),
        points=_points(chart.points),
        panes=tuple(_pane(pane) for pane in chart.panes),
        forecast=replace(chart.forecast, text=spoken(chart.forecast.text), chip=_parts(chart.forecast.chip)) if chart.forecast else None,
        now_text=spoken(chart.now_text),
        lower_limit=_level(chart.lower_limit),
        markers=tuple(replace(marker, text=spoken(marker.text)) for marker in chart.markers),
        durations=tuple(replace(bar, text=spoken(bar.text)) for bar in chart.durations),
        bands=_bands(chart.bands),
        day1=replace(chart.day1, text=spoken(chart.day1.text)) if chart.day1 else None,
        forecast_refusal=spoken(chart.forecast_refusal),
    )


def profile_in_language(chart: OverlayChart) -> OverlayChart:
    """Return the cycle profile with titles, limit, window, bands and the words of its rows in the window's language."""
    if not is_translated() and not is_mirrored():
        return chart
    return replace(
        chart,
        title=spoken(chart.title),
        summary=spoken(chart.summary),
        y_label=spoken(chart.y_label),
        y_ticks=_ticks(chart.y_ticks),
        lines=tuple(replace(line, points=_points(line.points)) for line in chart.lines),
        x_label=spoken(chart.x_label),
        lower_limit=_level(chart.lower_limit),
        bands=_bands(chart.bands),
        window_text=spoken(chart.window_text),
        band_text=spoken(chart.band_text),
        rows=tuple(_row_in_language(line) for line in chart.rows),
    )


WRITTEN = frozenset({"note", "call", "transfusion", "admission"})
"""Kinds of events whose text a person wrote."""


def _event(event: LaneEvent) -> LaneEvent:
    """Return an event with its own words in the window's language; names, doses and what a person wrote stay."""
    if event.kind in WRITTEN:
        return event
    if event.kind in {"fever", "symptom"}:
        return replace(event, text=spoken(event.text), label=as_read(event.label))
    words, bracket, timing = event.text.partition(" (")
    name, *more = words.split(", ")
    if name.endswith(PLANNED):
        name = f"{name.removesuffix(PLANNED)} {translated(PLANNED.strip())}"
    told = ", ".join([name, *(translated(part) for part in more)])
    return replace(event, text=f"{told} ({spoken(timing.removesuffix(')'))})" if bracket else told)


def _level(level: tuple[float, str] | None) -> tuple[float, str] | None:
    return (level[0], spoken(level[1])) if level else None


def _bands(bands: tuple[GradeBand, ...]) -> tuple[GradeBand, ...]:
    return tuple(replace(band, name=spoken(band.name)) for band in bands)


def _parts(text: str) -> str:
    return " · ".join(spoken(part) for part in text.split(" · "))


def _ticks(ticks: tuple[tuple[float, str], ...]) -> tuple[tuple[float, str], ...]:
    return tuple((value, as_read(text)) for value, text in ticks)


def _points(points: tuple[ChartPoint, ...]) -> tuple[ChartPoint, ...]:
    return tuple(replace(point, label=as_read(point.label), readout=spoken(point.readout)) for point in points)


def _pane(pane: SmallPane) -> SmallPane:
    points = tuple((x, value, without_direction(as_read(text))) for x, value, text in pane.points)  # a sign at its beginning is drawn
    return replace(pane, points=points, y_ticks=_ticks(pane.y_ticks))


def _row_in_language(line: ProfileRow) -> ProfileRow:
    return replace(
        line,
        nadir=spoken(line.nadir),
        duration=spoken(line.duration),
        growth_factor=spoken(line.growth_factor),
        dose=spoken(line.dose),
        word=spoken(line.word),
    )
