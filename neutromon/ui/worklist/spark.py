"""Draw the sparkline of a row: log ANC over 90 days with ticks at 0.5 and 1.0, open triangles for censored values."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from neutromon.models.worklist import SparkPoint
from neutromon.ui.theme import Palette

SHOWN_DAYS = 90.0
LOWEST, HIGHEST = math.log10(0.05), math.log10(20)
TICKS = (math.log10(0.5), math.log10(1.0))


def draw_spark(painter: QPainter, box: QRectF, points: tuple[SparkPoint, ...], palette: Palette) -> None:
    """Draw the points from left (oldest) to right (now) whatever the direction of the text."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for level, tick in enumerate(TICKS):
        pen = QPen(QColor(palette.grades[3 - level]), 1, Qt.PenStyle.DotLine)
        painter.setPen(pen)
        y = _height(tick, box)
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
    places = [QPointF(_across(point, box), _height(point.log10_anc, box)) for point in points]
    painter.setPen(QPen(QColor(palette.line), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(places))
    for point, place in zip(points, places, strict=True):
        _draw_point(painter, point, place, palette)
    painter.restore()


def _across(point: SparkPoint, box: QRectF) -> float:
    share = 1 - min(max(point.days_ago, 0), SHOWN_DAYS) / SHOWN_DAYS
    return float(box.left() + 3 + share * (box.width() - 8))


def _height(log10_anc: float, box: QRectF) -> float:
    share = (min(max(log10_anc, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return float(box.bottom() - 2 - share * (box.height() - 4))


def _draw_point(painter: QPainter, point: SparkPoint, place: QPointF, palette: Palette) -> None:
    colour = QColor(palette.line if point.grade is None else palette.grades[min(point.grade, 4)])
    painter.setPen(QPen(colour, 1.3))
    x, y = place.x(), place.y()
    if point.censored:
        painter.setBrush(QColor(palette.surface))
        painter.drawPolygon(QPolygonF([QPointF(x - 3.2, y - 2.5), QPointF(x + 3.2, y - 2.5), QPointF(x, y + 3.2)]))
        return
    painter.setBrush(colour)
    size = 2.9 if (point.grade or 0) >= 3 else 2.0
    painter.drawEllipse(place, size, size)
