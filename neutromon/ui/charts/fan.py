"""The forecast on the chart: 50, 80 and 95 % fan, dashed median, sample courses on demand; never looks like a measured line."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

from neutromon.models.trend_chart import ForecastFan
from neutromon.report.charts.marks import Mark
from neutromon.ui.charts.shown import Drawn, Shown
from neutromon.ui.charts.stage import Layer

MEDIAN_DASH = [4.0, 3.0]
SECOND_DASH = [1.2, 2.4]
SECOND = "hold"
"""Colour and dots of a changed plan beside the plan."""


class Fan(Layer):
    """The forecast of the plan."""

    def draw(self, painter: QPainter) -> None:
        """Paint fan, median, and sample courses when they are wanted."""
        chart = self._shown.chart
        marks: Drawn = []
        if chart is not None and chart.forecast is not None:
            painter.save()
            frame = self._shown.frame
            painter.setClipRect(QRectF(0, frame.y(self._shown.scale.ceiling()), frame.width, frame.height))
            marks = draw_fan(painter, self._shown, chart.forecast, "accent")
            if self._shown.second is not None:
                marks += [f"second {word}" for word in draw_fan(painter, self._shown, self._shown.second, SECOND, SECOND_DASH)]
            painter.restore()
            if chart.forecast.x[0] < frame.last:
                marks.append(Mark(kind="fan", key="forecast", text=chart.forecast.text))
        self._shown.note("forecast", marks)


def draw_fan(painter: QPainter, shown: Shown, fan: ForecastFan, colour: str, dash: Sequence[float] = MEDIAN_DASH) -> Drawn:
    """Paint one forecast in a colour of the palette; return what was drawn."""
    ink = shown.ink
    rows = ((fan.low95, fan.high95, "95"), (fan.low80, fan.high80, "80"), (fan.low50, fan.high50, "50"))
    painter.setPen(Qt.PenStyle.NoPen)
    marks: Drawn = []
    for step, (low, high, name) in enumerate(rows):
        fill = ink.colour(colour, ink.fan(step).alphaF())
        painter.setBrush(QBrush(fill))
        painter.drawPolygon(QPolygonF([*_curve(shown, fan.x, low), *reversed(_curve(shown, fan.x, high))]))
        marks.append(f"fan {name} %")
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shown.samples:
        painter.setPen(QPen(ink.colour(colour, 0.55), 1))
        for sample in fan.samples:
            painter.drawPolyline(QPolygonF(_curve(shown, fan.x, sample)))
        marks.append(f"{len(fan.samples)} sample courses")
    pen = QPen(ink.colour(colour), 1.8)
    pen.setDashPattern(list(dash))
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF(_curve(shown, fan.x, fan.median)))
    return [*marks, "median dashed"]


def _curve(shown: Shown, days: Sequence[float], values: Sequence[float]) -> list[QPointF]:
    frame, scale = shown.frame, shown.scale
    return [QPointF(frame.x(day), frame.y(scale.line(value))) for day, value in zip(days, values, strict=False)]
