"""The marks of a chart by kind, place and text: what both painters must show, and what a drawing really shows."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from neutromon.models.trend_chart import TrendChart

_MARK = re.compile(r'<g data-mark="([^"]*)" data-key="([^"]*)" data-text="([^"]*)">')


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mark:
    """One mark: its kind ("point:measured", "segment:dashed", "lane:fever", ...), its number in the chart's data, and its text."""

    kind: str
    key: str
    text: str = ""


def marks_of(chart: TrendChart, first: float | None = None, last: float | None = None) -> set[Mark]:
    """Return the marks that belong into a range of the chart (the whole one unless given); every painter draws exactly these."""
    low, high = chart.first if first is None else first, chart.last if last is None else last
    return {*_ground(chart, low, high), *_counts(chart, low, high), *_judged(chart, low, high), *_along(chart, low, high)}


def _ground(chart: TrendChart, low: float, high: float) -> Iterator[Mark]:
    for band in chart.bands:
        yield Mark(kind="band:hatched" if band.hatched else "band", key=band.name, text=band.name)
    if chart.lower_limit is not None:
        yield Mark(kind="limit", key="lower", text=chart.lower_limit[1])
    for index, block in enumerate(chart.cycles):
        if block.start < high and block.end > low:
            yield Mark(kind="cycle:planned" if block.planned else "cycle", key=str(index), text=block.header)
        if block.delay is not None and block.delay[0] < high and block.delay[1] > low:
            yield Mark(kind="delay", key=str(index), text=block.delay[2])
    if low <= chart.now <= high:
        yield Mark(kind="now", key="now", text=chart.now_text)
    if chart.day1 is not None and low <= chart.day1.x <= high:
        yield Mark(kind="day1", key="day1", text=chart.day1.text)
    if chart.forecast is not None and chart.forecast.x[0] < high:
        yield Mark(kind="fan", key="forecast", text=chart.forecast.text)


def _counts(chart: TrendChart, low: float, high: float) -> Iterator[Mark]:
    for index, point in enumerate(chart.points):
        if not low <= point.x <= high:
            continue
        yield Mark(kind=f"point:{point.shape.value}", key=str(index), text=point.label)
        if point.corrected:
            yield Mark(kind="ring", key=str(index))
        if point.corrected_from is not None:
            yield Mark(kind="original", key=str(index), text=f"{point.corrected_from:g}")
    for index, segment in enumerate(chart.segments):
        if chart.points[segment.first].x <= high and chart.points[segment.second].x >= low:
            yield Mark(kind="segment:dashed" if segment.dashed else "segment", key=str(index))


def _judged(chart: TrendChart, low: float, high: float) -> Iterator[Mark]:
    for index, marker in enumerate(chart.markers):
        if low <= marker.x <= high:
            yield Mark(kind=f"marker:{marker.kind}", key=str(index), text=marker.text)
    for index, bar in enumerate(chart.durations):
        if low <= bar.start and bar.end <= high:
            yield Mark(kind="duration", key=str(index), text=bar.text)


def _along(chart: TrendChart, low: float, high: float) -> Iterator[Mark]:
    for index, event in enumerate(chart.lane):
        if event.start <= high and (event.end or event.start) >= low:
            yield Mark(kind=f"lane:{event.kind}", key=str(index), text=event.text)
    for pane in chart.panes:
        for index, (x, _, text) in enumerate(pane.points):
            if low <= x <= high:
                yield Mark(kind=f"pane:{pane.name}", key=str(index), text=text)


def drawn_marks(svg: str) -> set[Mark]:
    """Return the marks that a drawing of the paper painter holds."""
    return {Mark(kind=html.unescape(kind), key=html.unescape(key), text=html.unescape(text)) for kind, key, text in _MARK.findall(svg)}
