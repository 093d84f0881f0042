"""A drawn sign as a widget, to stand beside its word."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from neutromon.ui.theme import Size, Theme
from neutromon.ui.widgets.marks import Mark, draw_mark


class MarkLabel(QWidget):
    """Shows one of the drawn marks in a colour of the palette; the word beside it carries the meaning."""

    def __init__(self, theme: Theme, mark: str, ink: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._mark, self._ink = theme, Mark(mark), ink
        side = theme.px(Size.SUBTITLE) + 3
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark."""
        painter = QPainter(self)
        draw_mark(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), self._mark, getattr(self._theme.palette, self._ink))
        painter.end()
