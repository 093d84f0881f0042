"""The small charts under the trend on paper, on the same time axis."""

from collections.abc import Sequence
from itertools import pairwise

from neutromon.models.trend_chart import SmallPane, TrendChart
from neutromon.report.charts.canvas import Canvas
from neutromon.report.charts.marks import Mark
from neutromon.report.charts.paper import Palette, Scale, Sheet

GAP = 7.0
LONG_GAP_DAYS = 21.0


def draw_panes(canvas: Canvas, chart: TrendChart, panes: Sequence[SmallPane], sheet: Sheet, palette: Palette) -> None:
    """Draw the panes under each other; each has its name, unit and axis."""
    for index, pane in enumerate(panes):
        top = sheet.lane_end + index * sheet.pane_height + GAP
        _pane(canvas, pane, Scale(low=pane.y_low, high=pane.y_high, start=top + sheet.pane_height - GAP, end=top), sheet, palette)
    if sheet.first <= chart.now <= sheet.last and panes:
        place = sheet.x.at(chart.now)
        canvas.line((place, sheet.lane_end), (place, sheet.lane_end + len(panes) * sheet.pane_height), stroke=palette.ink, width=1)


def _pane(canvas: Canvas, pane: SmallPane, y: Scale, sheet: Sheet, palette: Palette) -> None:
    small = sheet.size * 0.78
    canvas.rect(sheet.left, y.end, sheet.right, y.start, stroke=palette.hair, width=0.6)
    for value, words in (pane.y_ticks[0], pane.y_ticks[-1]):
        canvas.text(
            (sheet.left - 5, y.at(value) + (small * 0.8 if value == pane.y_high else 0)), words, small, anchor="end", fill=palette.soft
        )
    middle = (y.start + y.end) / 2
    canvas.text((2, middle - 1), pane.name, sheet.size * 0.74, bold=True, fill=palette.ink)
    canvas.text((2, middle + 9), pane.unit, small, fill=palette.soft)
    for value, words in pane.limits:
        canvas.line((sheet.left, y.at(value)), (sheet.right, y.at(value)), stroke=palette.hair, width=0.6, dash="4 3")
        canvas.text((sheet.right + 4, y.at(value) + small * 0.36), words, small, fill=palette.soft)
    shown = [(index, point) for index, point in enumerate(pane.points) if sheet.first <= point[0] <= sheet.last]
    for (_, before), (_, after) in pairwise(shown):
        dash = "4 3" if after[0] - before[0] > LONG_GAP_DAYS else ""
        start, end = ((sheet.x.at(x), y.inside(value)) for x, value, _ in (before, after))
        canvas.line(start, end, stroke=palette.soft, width=0.9, dash=dash)
    for index, (x, value, text) in shown:
        with canvas.mark(Mark(kind=f"pane:{pane.name}", key=str(index), text=text)):
            _sign(canvas, (sheet.x.at(x), y.inside(value)), text, palette)


def _sign(canvas: Canvas, place: tuple[float, float], text: str, palette: Palette) -> None:
    """Draw a dot, or an open triangle where the value is a limit."""
    x, up = place[0], text[0] in ">≥"
    if text[0] not in "<≤>≥":
        canvas.circle(place, 2.1, fill=palette.ink)
        return
    tip = -3.5 if up else 3.5
    canvas.polygon([(x - 3, place[1] - tip / 2), (x + 3, place[1] - tip / 2), (x, place[1] + tip)], fill=palette.paper, stroke=palette.ink)
