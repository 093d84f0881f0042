"""Small drawn marks: tier shapes and the signs of the day-1 state; drawn, so that no font can lack them."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from neutromon.models.standing import Tier
from neutromon.ui.theme import TierStyle


class Mark(StrEnum):
    """Signs of a state; each stands beside its word."""

    CHECK = "check"
    CROSS = "cross"
    CLOCK = "clock"
    QUESTION = "question"
    DASH = "dash"


def draw_tier(painter: QPainter, box: QRectF, tier: Tier, style: TierStyle) -> None:
    """Draw a tier's shape: square, diamond, triangle on its point, ring; the same as its glyph."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(style.on_fill if style.outlined else style.fill), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush if style.outlined else QColor(style.fill))
    if tier is Tier.EMERGENCY:
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 2, 2)
    elif tier is Tier.DATA:
        painter.drawEllipse(box.adjusted(2, 2, -2, -2))
    else:
        painter.drawPolygon(_polygon(box, tier))
    painter.restore()


def _polygon(box: QRectF, tier: Tier) -> QPolygonF:
    middle = box.center()
    if tier is Tier.URGENT:
        points = [(middle.x(), box.top()), (box.right(), middle.y()), (middle.x(), box.bottom()), (box.left(), middle.y())]
    else:
        points = [(box.left(), box.top() + 2), (box.right(), box.top() + 2), (middle.x(), box.bottom() - 1)]
    return QPolygonF([QPointF(x, y) for x, y in points])


def draw_mark(painter: QPainter, box: QRectF, mark: Mark, colour: str) -> None:
    """Draw a sign in a square box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), 1.9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    for line in _LINES[mark]:
        painter.drawPolyline(QPolygonF([QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in line]))
    if mark in {Mark.CLOCK, Mark.QUESTION}:
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
    painter.restore()


_LINES: dict[Mark, tuple[tuple[tuple[float, float], ...], ...]] = {
    Mark.CHECK: (((0.12, 0.55), (0.40, 0.82), (0.90, 0.20)),),
    Mark.CROSS: (((0.18, 0.18), (0.82, 0.82)), ((0.82, 0.18), (0.18, 0.82))),
    Mark.CLOCK: (((0.5, 0.25), (0.5, 0.52), (0.68, 0.62)),),
    Mark.QUESTION: (((0.36, 0.38), (0.42, 0.28), (0.58, 0.28), (0.64, 0.40), (0.5, 0.52), (0.5, 0.60)), ((0.5, 0.74), (0.5, 0.75))),
    Mark.DASH: (((0.25, 0.5), (0.75, 0.5)),),
}
