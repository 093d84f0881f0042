"""Draw charts as SVG for paper: the same marks as on the screen, told by shape and pattern before colour."""

from neutromon.models.trend_chart import TrendChart
from neutromon.report.charts.axis import date_ticks
from neutromon.report.charts.canvas import Canvas, fitting, width_of
from neutromon.report.charts.marks import drawn_marks
from neutromon.report.charts.paper import PAPER, Palette, Sheet, sheet_of
from neutromon.report.charts.svg_counts import draw_counts
from neutromon.report.charts.svg_ground import draw_ground
from neutromon.report.charts.svg_lane import draw_lane
from neutromon.report.charts.svg_overlay import render_overlay
from neutromon.report.charts.svg_panes import draw_panes

__all__ = ["PAPER", "Palette", "drawn_marks", "render_overlay", "render_svg"]


def render_svg(chart: TrendChart, width: float, height: float, palette: Palette = PAPER, *, view: tuple[float, float] | None = None) -> str:
    """Return the trend as SVG, the whole range unless a view (first and last day) is given."""
    first, last = view or (chart.first, chart.last)
    panes = [pane for pane in chart.panes if pane.points]
    sheet = sheet_of(chart, width, height, first, last, len(panes))
    canvas = Canvas(width, height)
    draw_ground(canvas, chart, sheet, palette)
    draw_counts(canvas, chart, sheet, palette)
    draw_lane(canvas, chart, sheet, palette)
    draw_panes(canvas, chart, panes, sheet, palette)
    _dates(canvas, chart, sheet, palette)
    return canvas.svg()


def _dates(canvas: Canvas, chart: TrendChart, sheet: Sheet, palette: Palette) -> None:
    """Write the dates under the last strip, with a thin line up to the plot."""
    foot = canvas.height - 6
    for x, words in date_ticks(chart.epoch, sheet.first, sheet.last):
        place = sheet.x.at(x)
        shown = fitting([words, words[:6]], sheet.right + 40 - place, sheet.size)
        anchor = "start" if place - width_of(shown, sheet.size) / 2 < sheet.left - 30 else "middle"
        canvas.line((place, foot - 13), (place, foot - 10), stroke=palette.soft, width=0.8)
        canvas.text((place, foot), shown, sheet.size, anchor=anchor, fill=palette.soft)
