"""The legend: the signs that stand on this chart, drawn by the same hands as on the chart, with their words."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

from neutromon.models.trend_chart import LANE_NAMES, PointShape, TrendChart
from neutromon.ui.charts.background import hatched
from neutromon.ui.charts.fan import SECOND
from neutromon.ui.charts.lane import INKS, draw_glyph
from neutromon.ui.charts.names import lane_word
from neutromon.ui.charts.shown import Ink
from neutromon.ui.charts.stage import Strip
from neutromon.ui.count_unit import shown_bare
from neutromon.ui.text import tr

SIGN = 15.0
GAP = 13.0
LINE = 17.0
Sign = Callable[[QPainter, QRectF, Ink], None]


class Legend(Strip):
    """The words of the signs, in as many lines as they need."""

    def entries(self) -> list[tuple[Sign, str]]:
        """Return the signs of this chart with their words."""
        chart = self._shown.chart
        second = [(_second, tr("changed plan: median, 50/80/95 %"))] if self._shown.second is not None else []
        return (
            []
            if chart is None
            else [*_counts(chart, self._shown.rejected), *(_events(chart) if self._stage.show_lane else ()), *_ground(chart), *second]
        )

    def height_for(self, width: float) -> float:
        """Return the height that the words need in a width."""
        lines = max((line for _, _, line in self._placed(self.entries(), width)), default=-1) + 1
        return lines * LINE * max(self._shown.ink.theme.scale, 1.0) + 4

    def _placed(self, entries: list[tuple[Sign, str]], width: float) -> Iterator[tuple[int, float, int]]:
        """Give the number of each entry, where it begins and in which line."""
        metrics = self._shown.ink.metrics(10.5)
        x, line = self.left(), 0
        for n, (_, text) in enumerate(entries):
            room = SIGN + metrics.width(text)
            if x + room > width and x > self.left():
                x, line = self.left(), line + 1
            yield n, x, line
            x += room + GAP

    def draw(self, painter: QPainter) -> None:
        """Paint signs and words."""
        ink, entries = self._shown.ink, self.entries()
        font, metrics = ink.font(10.5), ink.metrics(10.5)
        high = LINE * max(ink.theme.scale, 1.0)
        for n, x, line in self._placed(entries, float(self.size().width())):
            sign, text = entries[n]
            top = 2 + line * high
            painter.save()
            sign(painter, QRectF(x, top + (high - 11) / 2, 11, 11), ink)
            painter.restore()
            painter.setFont(font)
            painter.setPen(ink.colour("text_muted"))
            box = QRectF(x + SIGN, top, metrics.width(text) + 2, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        self._shown.note("legend", [text for _, text in entries])


def _counts(chart: TrendChart, rejected: bool) -> Iterator[tuple[Sign, str]]:
    shapes = {point.shape for point in chart.points}
    signs: list[tuple[bool, Sign, str]] = [
        (PointShape.MEASURED in shapes, _dot, tr("measured")),
        (PointShape.DERIVED in shapes, _square, tr("derived")),
        (any(point.corrected for point in chart.points), _ring, tr("corrected (original grey)")),
        (PointShape.CENSORED in shapes, _triangle, tr("limit, true count beyond it")),
        (PointShape.BOUNDED in shapes, _diamond, tr("upper bound from WBC")),
        (PointShape.UNKNOWN in shapes, _question, tr("no usable ANC")),
        (PointShape.REJECTED in shapes and rejected, _cross, tr("rejected")),
        (any(segment.dashed for segment in chart.segments), _dashes, tr("gap: course not known")),
        (any(marker.kind != "recovery" for marker in chart.markers), _nadir, tr("nadir or lowest measured")),
        (any(marker.kind == "recovery" for marker in chart.markers), _recovery, tr("recovery")),
        (bool(chart.durations), _duration, shown_bare(tr("time below 0.5"))),
    ]
    yield from ((sign, text) for wanted, sign, text in signs if wanted)


def _events(chart: TrendChart) -> Iterator[tuple[Sign, str]]:
    kinds = {event.kind for event in chart.lane}
    for kind in LANE_NAMES:
        if kind in kinds:
            yield _glyph(kind), lane_word(kind)


def _ground(chart: TrendChart) -> Iterator[tuple[Sign, str]]:
    if any(cycle.window is not None for cycle in chart.cycles):
        yield _window, tr("expected nadir days")
    if any(cycle.delay is not None for cycle in chart.cycles):
        yield _delay, tr("delay")
    if chart.forecast is not None:
        yield _fan, tr("forecast: median, 50/80/95 %")


def _solid(painter: QPainter, ink: Ink) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(ink.colour("line")))


def _open(painter: QPainter, ink: Ink) -> None:
    painter.setPen(QPen(ink.colour("line"), 1.6))
    painter.setBrush(QBrush(ink.colour("surface")))


def _dot(painter: QPainter, box: QRectF, ink: Ink) -> None:
    _solid(painter, ink)
    painter.drawEllipse(box.center(), 3.6, 3.6)


def _square(painter: QPainter, box: QRectF, ink: Ink) -> None:
    _solid(painter, ink)
    painter.drawRect(box.adjusted(2, 2, -2, -2))


def _ring(painter: QPainter, box: QRectF, ink: Ink) -> None:
    _open(painter, ink)
    painter.drawEllipse(box.center(), 4, 4)


def _triangle(painter: QPainter, box: QRectF, ink: Ink) -> None:
    _open(painter, ink)
    middle = box.center()
    painter.drawPolygon(
        QPolygonF([QPointF(middle.x() - 5, middle.y() - 4), QPointF(middle.x() + 5, middle.y() - 4), QPointF(middle.x(), middle.y() + 4.5)])
    )


def _diamond(painter: QPainter, box: QRectF, ink: Ink) -> None:
    _solid(painter, ink)
    draw_glyph(painter, "gcsf", box)


def _cross(painter: QPainter, box: QRectF, ink: Ink) -> None:
    painter.setPen(QPen(ink.colour("text_faint"), 1.6))
    inner = box.adjusted(2, 2, -2, -2)
    painter.drawLines([QLineF(inner.topLeft(), inner.bottomRight()), QLineF(inner.bottomLeft(), inner.topRight())])


def _question(painter: QPainter, box: QRectF, ink: Ink) -> None:
    painter.setFont(ink.font(12, strong=True))
    painter.setPen(ink.colour("text"))
    painter.drawText(box.adjusted(-3, -4, 3, 4), Qt.AlignmentFlag.AlignCenter, "?")


def _dashes(painter: QPainter, box: QRectF, ink: Ink) -> None:
    pen = QPen(ink.colour("line"), 1.6)
    pen.setDashPattern([2.5, 2.0])
    painter.setPen(pen)
    painter.drawLine(QPointF(box.left() - 1, box.center().y()), QPointF(box.right() + 1, box.center().y()))


def _nadir(painter: QPainter, box: QRectF, ink: Ink) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(ink.colour("text")))
    middle = box.center()
    painter.drawPolygon(
        QPolygonF(
            [QPointF(middle.x() - 4.5, middle.y() - 3), QPointF(middle.x() + 4.5, middle.y() - 3), QPointF(middle.x(), middle.y() + 4)]
        )
    )


def _recovery(painter: QPainter, box: QRectF, ink: Ink) -> None:
    painter.setPen(QPen(ink.colour("text"), 1.4))
    painter.setBrush(QBrush(ink.colour("surface")))
    middle = box.center()
    painter.drawPolygon(QPolygonF([QPointF(middle.x() + x, middle.y() + y) for x, y in ((-4.5, 3.5), (4.5, 3.5), (0, -3.5))]))


def _duration(painter: QPainter, box: QRectF, ink: Ink) -> None:
    painter.setPen(QPen(ink.colour("text_muted"), 2))
    y = box.center().y()
    painter.drawLines(
        [
            QLineF(box.left(), y, box.right(), y),
            QLineF(box.left(), y - 3, box.left(), y + 3),
            QLineF(box.right(), y - 3, box.right(), y + 3),
        ]
    )


def _window(painter: QPainter, box: QRectF, ink: Ink) -> None:
    painter.fillRect(QRectF(box.left(), box.center().y() - 1.75, box.width(), 3.5), ink.colour("accent", 0.55))


def _delay(painter: QPainter, box: QRectF, ink: Ink) -> None:
    hatched(painter, box, ink.colour("hold", 0.7), gap=4)


def _fan(painter: QPainter, box: QRectF, ink: Ink) -> None:
    painter.fillRect(box.adjusted(0, 1, 0, -1), ink.colour("accent", 0.22))
    painter.fillRect(box.adjusted(0, 3, 0, -3), ink.colour("accent", 0.28))
    painter.setPen(QPen(ink.colour("accent"), 1.8, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))


def _second(painter: QPainter, box: QRectF, ink: Ink) -> None:
    painter.fillRect(box.adjusted(0, 1, 0, -1), ink.colour(SECOND, 0.22))
    painter.setPen(QPen(ink.colour(SECOND), 2, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))


def _glyph(kind: str) -> Sign:
    def draw(painter: QPainter, box: QRectF, ink: Ink) -> None:
        colour = ink.colour(INKS.get(kind, "text_muted"))
        painter.setPen(QPen(colour, 1.4))
        painter.setBrush(QBrush(colour))
        draw_glyph(painter, kind, box.adjusted(0.5, 0.5, -0.5, -0.5))

    return draw
