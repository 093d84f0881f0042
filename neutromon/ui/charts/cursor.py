"""The read-out on the chart: a line through all strips, a ring on the point, its value beside it; small, so that it is cheap to move."""

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from neutromon.ui.charts.shown import Shown


class CursorLine(QGraphicsObject):
    """The thin line of the read-out."""

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown
        self._height = 0.0
        self.setZValue(50)
        self.hide()

    def show_at(self, x: float, top: float, height: float) -> None:
        """Stand at a pixel of the stage."""
        if height != self._height:
            self.prepareGeometryChange()
            self._height = height
        self.setPos(round(x) + 0.5, top)
        self.show()

    def boundingRect(self) -> QRectF:
        """Return a box two pixels wide."""
        return QRectF(-1, 0, 2, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the line."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(self._shown.ink.colour("focus"), 1))
        painter.drawLine(QPointF(0, 0), QPointF(0, self._height))


class CursorTag(QGraphicsObject):
    """The ring around the point that is read out, with its value and grade."""

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown
        self._text = ""
        self._box = QRectF()
        self.setZValue(51)
        self.hide()

    def show_at(self, at: QPointF, text: str, area: QRectF) -> None:
        """Stand at a pixel of the stage, the text on the side where it fits."""
        metrics = self._shown.ink.metrics(11.5, strong=True)
        width, height = metrics.width(text) + 12, metrics.height() + 6
        x = 12.0 if at.x() + 12 + width < area.right() else -12.0 - width
        y = -height - 8 if at.y() - height - 10 > area.top() else 10.0
        self.prepareGeometryChange()
        self._text, self._box = text, QRectF(x, y, width, height)
        self.setPos(at)
        self.show()
        self.update()

    def text(self) -> str:
        """Return what is shown, or ""."""
        return self._text if self.isVisible() else ""

    def boundingRect(self) -> QRectF:
        """Return room for ring and text."""
        return self._box.united(QRectF(-9, -9, 18, 18)).adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint ring, tag and text."""
        ink = self._shown.ink
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink.colour("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(0, 0), 7.5, 7.5)
        painter.setPen(QPen(ink.colour("border_strong"), 1))
        painter.setBrush(QBrush(ink.colour("raised")))
        painter.drawRoundedRect(self._box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(ink.font(11.5, strong=True))
        painter.setPen(ink.colour("text"))
        painter.drawText(self._box, Qt.AlignmentFlag.AlignCenter, self._text)


Cursor = tuple[CursorLine, CursorTag]


def cursor(scene: Any, shown: Shown) -> Cursor:
    """Add the parts of a read-out to a scene."""
    parts = CursorLine(shown), CursorTag(shown)
    for part in parts:
        scene.addItem(part)
    return parts
