"""The calibration plot of the backtest: stated probability against how often it was so, with the number of forecasts at each point."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from neutromon.ui.charts.labels import LabelPlacer, draw_halo, draw_word
from neutromon.ui.charts.shown import Ink
from neutromon.ui.text import tr

LEFT, RIGHT, TOP, FOOT = 64.0, 56.0, 12.0, 44.0
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
SMALLEST, LARGEST = 4.0, 11.0


class CalibrationPlot(QWidget):
    """Points on the dashed diagonal are honest forecasts; `rows` are (stated, observed, number of forecasts)."""

    def __init__(self, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self._rows: tuple[tuple[float, float, int], ...] = ()
        self.drawn: list[str] = []
        self.setObjectName("calibration_plot")
        self.setAccessibleName(tr("Calibration plot"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(300, 260)
        self.setMaximumHeight(460)

    def show_rows(self, rows: Sequence[tuple[float, float, int]]) -> None:
        """Show the points of a backtest."""
        self._rows = tuple(rows)
        words = [
            tr("stated {p} %, observed {q} % of {n}", p=f"{stated:.0%}"[:-1], q=f"{seen:.0%}"[:-1], n=n) for stated, seen, n in self._rows
        ]
        self.setAccessibleDescription("; ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square at which the numbers can be read."""
        return QSize(380, 340)

    def _plot(self) -> QRectF:
        scale = max(self._ink.theme.scale, 1.0)
        room = QRectF(LEFT * scale, TOP, self.width() - (LEFT + RIGHT) * scale, self.height() - TOP - FOOT * scale)
        side = max(min(room.width(), room.height()), 60.0)
        return QRectF(room.left(), room.top(), side, side)

    def _at(self, stated: float, observed: float) -> QPointF:
        plot = self._plot()
        return QPointF(plot.left() + stated * plot.width(), plot.bottom() - observed * plot.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, diagonal, axes and points."""
        self.drawn = []
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot, ink = self._plot(), self._ink
        painter.fillRect(plot, ink.colour("surface"))
        painter.setPen(QPen(ink.colour("border"), 1))
        for tick in TICKS:
            painter.drawLine(self._at(tick, 0), self._at(tick, 1))
            painter.drawLine(self._at(0, tick), self._at(1, tick))
        pen = QPen(ink.colour("text_muted"), 1.4)
        pen.setDashPattern([5.0, 4.0])
        painter.setPen(pen)
        painter.drawLine(self._at(0, 0), self._at(1, 1))
        self._axes(painter)
        self._points(painter)
        painter.end()

    def _axes(self, painter: QPainter) -> None:
        ink, plot = self._ink, self._plot()
        for tick in TICKS:
            text = f"{tick * 100:.0f} %"
            draw_word(painter, QRectF(self._at(tick, 0).x() - 24, plot.bottom() + 3, 48, 16), text, ink, "text_muted", 11)
            draw_word(painter, QRectF(0, self._at(0, tick).y() - 9, plot.left() - 6, 18), text, ink, "text_muted", 11, side=1)
        stated, seen = tr("stated: ANC at or above the threshold"), tr("how often it was so")
        draw_word(painter, QRectF(plot.left(), plot.bottom() + 20, plot.width(), 18), stated, ink, "text", 11.5, strong=True)
        painter.save()
        painter.translate(0, plot.bottom())
        painter.rotate(-90)
        painter.setFont(ink.font(11.5, strong=True))
        painter.setPen(ink.colour("text"))
        painter.drawText(QRectF(0, 1, plot.height(), 17), Qt.AlignmentFlag.AlignCenter, seen)
        painter.restore()
        self.drawn += [f"x {stated}", f"y {seen}"]

    def _points(self, painter: QPainter) -> None:
        ink = self._ink
        most = max((n for _, _, n in self._rows), default=1)
        painter.setPen(QPen(ink.colour("line"), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([self._at(stated, seen) for stated, seen, _ in self._rows]))
        placer = LabelPlacer(self._plot().adjusted(-LEFT / 2, 0, RIGHT, 0))
        places = [self._at(0, 0), self._at(1, 1)]
        for one, two in [(places[0], places[1]), *pairwise(self._at(stated, seen) for stated, seen, _ in self._rows)]:
            placer.take_line(one.x(), one.y(), two.x(), two.y())
        for stated, seen, number in self._rows:
            at, radius = self._at(stated, seen), SMALLEST + (LARGEST - SMALLEST) * (number / most) ** 0.5
            painter.setPen(QPen(ink.colour("surface"), 1.2))
            painter.setBrush(QBrush(ink.colour("accent")))
            painter.drawEllipse(at, radius, radius)
            placer.take(at.x() - radius, at.y() - radius, at.x() + radius, at.y() + radius)
            right, left = at.x() + radius + 3, at.x() - radius - 3
            spots = [(right, at.y() - 8, 0.0), (left, at.y() - 8, 1.0), (at.x(), at.y() - radius - 17, 0.5)]
            spots += [(at.x(), at.y() + radius + 2, 0.5), (right, at.y() + 3, 0.0), (left, at.y() - 17, 1.0)]
            found = placer.place((tr("n {n}", n=number),), ink.metrics(10.5), spots)
            if found is not None:
                draw_halo(painter, found[1], found[0], ink, "text", 10.5)
            self.drawn.append(f"point {stated:.2f} {seen:.2f} {number}")
