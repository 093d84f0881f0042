"""A chart's words in the chosen count unit: axis, labels and read-outs change, no place on the drawing and no value does."""

import re
from dataclasses import replace

from neutromon.models.formatting import COUNT_UNIT
from neutromon.models.overlay_chart import OverlayChart, ProfileRow
from neutromon.models.trend_chart import ChartPoint, ForecastFan, SmallPane, TrendChart
from neutromon.ui.count_unit import PER_LITRE, count_unit, shown_bare, shown_title, shown_unit

Ticks = tuple[tuple[float, str], ...]
NUMBER = r"[<>≤≥]?\d+(?:[.,]\d+)?"
_BOTH = re.compile(rf"(?P<stored>{NUMBER}) {COUNT_UNIT} \((?P<other>{NUMBER})/µL\)")
_BEFORE = re.compile(rf"(?<=previous )(?P<number>{NUMBER})(?= \()")
_BOUND = re.compile(rf"(?P<words>\b(?:ANC|Plt) (?:≥|>) |≥ |below )(?P<number>{NUMBER})")
_OWN_BOUND = re.compile(rf"(?P<words>\b(?:ANC|Plt) [≥>] )(?P<number>{NUMBER})")
_SAID = re.compile(
    rf"(?P<words>(?:nadir|lowest measured) of cycle \d+: |Cycle \d+: (?:nadir|lowest measured) )(?P<number>{NUMBER})", re.IGNORECASE
)
_ERROR = re.compile(r"last forecast .*")


def chart_in_unit(chart: TrendChart) -> TrendChart:
    """Return the trend with its words in the chosen unit; a value keeps its place, and what a laboratory wrote its own unit."""
    if count_unit() == PER_LITRE:
        return chart
    return replace(
        chart,
        y_label=shown_title(chart.y_label),
        y_ticks=_ticks(chart.y_ticks),
        lower_limit=_level(chart.lower_limit),
        points=tuple(_point(point) for point in chart.points),
        markers=tuple(replace(marker, text=_marker(marker.text)) for marker in chart.markers),
        day1=replace(chart.day1, text=_numbers(_OWN_BOUND, chart.day1.text)) if chart.day1 else None,
        forecast=_fan(chart.forecast) if chart.forecast else None,
        panes=tuple(_pane(pane) for pane in chart.panes),
        summary=_summary(chart.summary),
    )


def profile_in_unit(chart: OverlayChart) -> OverlayChart:
    """Return the cycle profile with its words in the chosen unit."""
    if count_unit() == PER_LITRE:
        return chart
    return replace(
        chart,
        y_label=shown_title(chart.y_label),
        y_ticks=_ticks(chart.y_ticks),
        lower_limit=_level(chart.lower_limit),
        lines=tuple(replace(line, points=tuple(_point(point) for point in line.points)) for line in chart.lines),
        rows=tuple(_row(row) for row in chart.rows),
        summary=_summary(chart.summary),
    )


def _level(level: tuple[float, str] | None) -> tuple[float, str] | None:
    return (level[0], shown_bare(level[1])) if level else None


def _ticks(ticks: Ticks) -> Ticks:
    return tuple((value, shown_bare(text)) for value, text in ticks)


def _point(point: ChartPoint) -> ChartPoint:
    readout = _BOTH.sub(lambda found: f"{found['other']} {shown_unit()} ({found['stored']} {COUNT_UNIT})", point.readout)
    return replace(point, label=shown_bare(point.label), readout=_BEFORE.sub(lambda found: shown_bare(found["number"]), readout))


def _marker(text: str) -> str:
    """Return "310 · D11" for "0.31 · D11"; "rec D19" has no count."""
    words, dot, day = text.partition(" · ")
    return f"{shown_bare(words)}{dot}{day}" if dot else text


def _numbers(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: f"{found['words']}{shown_bare(found['number'])}", text)


def _fan(fan: ForecastFan) -> ForecastFan:
    chip = _ERROR.sub(lambda found: shown_bare(found[0]), fan.chip)
    return replace(fan, text=_numbers(_BOUND, fan.text), chip=chip)


def _pane(pane: SmallPane) -> SmallPane:
    if pane.unit != COUNT_UNIT:
        return pane
    points = tuple((x, value, shown_bare(text)) for x, value, text in pane.points)
    return replace(pane, unit=shown_unit(), points=points, limits=tuple(map(_limit, pane.limits)), y_ticks=_ticks(pane.y_ticks))


def _limit(limit: tuple[float, str]) -> tuple[float, str]:
    """Return "LLN 150000", "day 1 100000": the number at the end is the count."""
    words, _, number = limit[1].rpartition(" ")
    return limit[0], f"{words} {shown_bare(number)}"


def _row(row: ProfileRow) -> ProfileRow:
    return replace(row, nadir=shown_bare(row.nadir))


def _summary(text: str) -> str:
    both = _BOTH.sub(lambda found: f"{found['other']} {shown_unit()} ({found['stored']} {COUNT_UNIT})", text)
    return _numbers(_SAID, both)
