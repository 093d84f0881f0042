"""The stage of a chart: pyqtgraph's view and its pan and zoom in time, without its menus, buttons and log mode.

Painters work in pixels over the view box and read the range from it; one painter paints many things, because an
item for each band and cycle takes three times as long (architecture, section 7, trap 11).
"""

import os
from typing import Any

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QGraphicsSceneWheelEvent, QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from neutromon.ui.charts.shown import Frame, Shown

CACHED = QGraphicsItem.CacheMode.DeviceCoordinateCache


def graphics_view(parent: QWidget | None, name: str) -> Any:
    """Return an empty view of pyqtgraph that stays left to right and leaves the keys to its parent."""
    view = pg.GraphicsView(parent, useOpenGL=False, background=None)
    view.setObjectName(name)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.viewport().setMouseTracking(True)
    return view


def time_box() -> Any:
    """Return a view box that pans and zooms in time only."""
    box = pg.ViewBox(enableMenu=False, defaultPadding=0)
    box.setMouseEnabled(x=True, y=False)
    box.disableAutoRange()
    return box


def frame_of(box: Any) -> Frame:
    """Return what the box shows now."""
    (first, last), (low, high) = box.viewRange()
    size = box.size()
    return Frame(first, last, low, high, max(size.width(), 1.0), max(size.height(), 1.0))


class Layer:
    """A painter over the whole plot, in its pixels."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._area = QRectF()

    def set_area(self, area: QRectF) -> None:
        """Cover another area."""
        self._area = area

    def draw(self, painter: QPainter) -> None:
        """Paint; to be filled by the painters."""


class Plot(QGraphicsObject):
    """The layers over the view box in one picture that is kept until something changes; one per layer cost twice the time."""

    def __init__(self, box: Any, shown: Shown, layers: tuple[Layer, ...]) -> None:
        super().__init__(box)
        self._shown, self._layers = shown, layers
        self._area = QRectF()
        self.setCacheMode(CACHED)

    def set_area(self, area: QRectF) -> None:
        """Cover another area."""
        self.prepareGeometryChange()
        self._area = area
        for layer in self._layers:
            layer.set_area(area)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the area of the view box."""
        return self._area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the layers from back to front, when there is a chart."""
        if self._shown.chart is not None and self._area.width() > 1:
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            for layer in self._layers:
                layer.draw(painter)


class Strip(QGraphicsWidget):
    """A strip of the stage with margins left and right of the time axis; dragging and the wheel move the time."""

    def __init__(self, stage: Any, shown: Shown) -> None:
        super().__init__()
        self._stage = stage
        self._shown = shown
        self.setCacheMode(CACHED)

    def left(self) -> float:
        """Return the pixel where the time axis begins."""
        return float(self._stage.margin_left())

    def plot(self) -> QRectF:
        """Return the part of the strip over the time axis."""
        return QRectF(self.left(), 0, self._shown.frame.width, self.size().height())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint, when there is a chart."""
        if self._shown.chart is not None and self._shown.frame.width > 1:
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.draw(painter)

    def draw(self, painter: QPainter) -> None:
        """Paint; to be filled by the strips."""

    def wheelEvent(self, event: QGraphicsSceneWheelEvent) -> None:
        """Zoom in time around the mouse."""
        self._stage.zoom(0.85 if event.delta() > 0 else 1 / 0.85, self._shown.frame.days(event.pos().x() - self.left()))
        event.accept()

    def mouseDragEvent(self, event: Any) -> None:
        """Move in time (called by pyqtgraph's scene)."""
        self._stage.box.mouseDragEvent(event, axis=0)
