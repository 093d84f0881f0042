"""Small multiples under the trend: platelets, haemoglobin, white cells, temperature on the same time axis."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

from neutromon.models.trend_chart import SmallPane
from neutromon.report.charts.marks import Mark
from neutromon.ui.charts.labels import draw_halo
from neutromon.ui.charts.shown import Drawn, Shown
from neutromon.ui.charts.stage import Strip
from neutromon.ui.text import tr

PANE_HEIGHT = 74.0
SMALLEST_PANE = 38.0
GAP = 6.0
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Pane(Strip):
    """One small chart with its own linear axis, its name and unit at the left."""

    def __init__(self, stage: object, shown: Shown, pane: SmallPane) -> None:
        super().__init__(stage, shown)
        self.pane = pane

    def _y(self, value: float) -> float:
        low, high = self.pane.y_low, self.pane.y_high
        room = float(self.size().height()) - GAP - 4
        return GAP + room - (value - low) / max(high - low, 1e-9) * room

    def draw(self, painter: QPainter) -> None:
        """Paint axis, limits, line, points and name."""
        ink, plot = self._shown.ink, self.plot()
        ground = plot.adjusted(0, GAP - 2, 0, -1)
        painter.setPen(QPen(ink.colour("border"), 1))
        painter.setBrush(QBrush(ink.colour("surface")))
        painter.drawRect(ground)
        self._numbers(painter)
        painter.save()
        painter.setClipRect(ground)
        self._cycles(painter, ground)
        self._limits(painter)
        marks = self._course(painter)
        if not self.pane.points:
            self._no_value(painter, ground)
        self._name(painter, ground)
        painter.restore()
        self._limit_words(painter)
        words: Drawn = [f"{self.pane.name}, {self.pane.unit}", *([] if self.pane.points else ["no value recorded"])]
        self._shown.note(f"pane {self.pane.name}", [*words, *marks])

    def _no_value(self, painter: QPainter, ground: QRectF) -> None:
        """Say that nothing is known: an empty pane must not look like a normal one."""
        draw_halo(painter, ground, tr("no value recorded"), self._shown.ink, "text_muted", 11)

    def _name(self, painter: QPainter, ground: QRectF) -> None:
        """Write name and unit in the upper left corner."""
        ink, text = self._shown.ink, f"{self.pane.name}, {self.pane.unit}"
        metrics = ink.metrics(11, strong=True)
        box = QRectF(ground.left() + 5, ground.top() + 2, metrics.width(text) + 2, metrics.height())
        draw_halo(painter, box, text, ink, "text", 11, strong=True)

    def _numbers(self, painter: QPainter) -> None:
        ink, height, last = self._shown.ink, float(self.size().height()), -99.0
        painter.setFont(ink.font(10.5))
        painter.setPen(ink.colour("text_muted"))
        line = ink.metrics(10.5).height()
        for tick, text in reversed(self.pane.y_ticks):
            y = min(max(self._y(tick), GAP + 4), height - 6)
            if y - last >= line - 2:
                last = y
                painter.drawText(QRectF(0, y - 9, self.left() - 7, 18), RIGHT, text)

    def _cycles(self, painter: QPainter, ground: QRectF) -> None:
        chart, frame, ink = self._shown.chart, self._shown.frame, self._shown.ink
        assert chart is not None
        painter.setPen(QPen(ink.colour("border_strong", 0.35), 1))
        starts = [self.left() + frame.x(cycle.start) for cycle in chart.cycles if frame.holds(cycle.start, cycle.start)]
        painter.drawLines([QLineF(x, ground.top(), x, ground.bottom()) for x in starts])
        if frame.holds(chart.now, chart.now):
            painter.setPen(QPen(ink.colour("text"), 2))
            painter.drawLine(QLineF(self.left() + frame.x(chart.now), ground.top(), self.left() + frame.x(chart.now), ground.bottom()))

    def _limits(self, painter: QPainter) -> None:
        plot = self.plot()
        pen = QPen(self._shown.ink.colour("text_muted"), 1)
        pen.setDashPattern([4.0, 4.0])
        painter.setPen(pen)
        painter.drawLines([QLineF(plot.left(), self._y(value), plot.right(), self._y(value)) for value, _ in self.pane.limits])

    def _limit_words(self, painter: QPainter) -> None:
        ink, plot = self._shown.ink, self.plot()
        painter.setFont(ink.font(10.5))
        painter.setPen(ink.colour("text_muted"))
        metrics = ink.metrics(10.5)
        width, last = float(self.size().width()) - plot.right() - 8, -99.0
        for value, text in sorted(self.pane.limits, key=lambda limit: -limit[0]):
            y = min(max(self._y(value), GAP + 4), plot.height() - 7)
            if y - last >= metrics.height() - 3:
                last = y
                shown = metrics.elided(text, width)
                painter.drawText(
                    QRectF(plot.right() + 6, y - 9, width, 18), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown
                )

    def _course(self, painter: QPainter) -> Drawn:
        frame, ink = self._shown.frame, self._shown.ink
        reach = (frame.last - frame.first) / 2
        near = [(n, x, y, text) for n, (x, y, text) in enumerate(self.pane.points) if frame.first - reach <= x <= frame.last + reach]
        places = [QPointF(self.left() + frame.x(x), self._y(value)) for _, x, value, _ in near]
        painter.setPen(QPen(ink.colour("line"), 1.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(places))
        for place, (_, _, _, text) in zip(places, near, strict=True):
            self._mark(painter, place, text)
        return [Mark(kind=f"pane:{self.pane.name}", key=str(n), text=text) for n, x, _, text in near if self._shown.sees(x)]

    def _mark(self, painter: QPainter, place: QPointF, text: str) -> None:
        ink, limit = self._shown.ink, text[:1] in "<>≤≥"
        painter.setPen(QPen(ink.colour("line" if limit else "surface"), 1.2))
        painter.setBrush(QBrush(ink.colour("surface" if limit else "line")))
        if limit:
            way = -1 if text[:1] in ">≥" else 1
            painter.drawPolygon(QPolygonF([QPointF(place.x() + x, place.y() + way * y) for x, y in ((-4, -3), (4, -3), (0, 4))]))
        else:
            painter.drawEllipse(place, 2.7, 2.7)
