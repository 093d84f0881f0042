"""The counts in one painter: line, shapes by kind, corrected originals, nadir and recovery signs, durations, the now line."""

from collections.abc import Iterator

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

from neutromon.models.trend_chart import ChartMarker, ChartPoint, DurationBar, PointShape, TrendChart
from neutromon.report.charts.marks import Mark
from neutromon.ui.charts.background import draw_ground_words
from neutromon.ui.charts.labels import LabelPlacer, draw_halo
from neutromon.ui.charts.scale import Scale
from neutromon.ui.charts.shown import Drawn, Frame
from neutromon.ui.charts.stage import Layer
from neutromon.ui.count_unit import shown_bare
from neutromon.ui.text import tr

RADIUS = 3.6
LINE_DASH = [4.0, 4.0]
FOOT = 10.0
"""Pixels above the edge at which a sample without a number stands."""
Course = tuple[tuple[float, float, float, float, bool], ...]


class Points(Layer):
    """The measured course: what is solid here was measured."""

    placer = LabelPlacer(QRectF())
    _kept: tuple[TrendChart, Scale, Course] | None = None

    def draw(self, painter: QPainter) -> None:
        """Paint durations, line, points, signs and words, in this order."""
        chart = self._shown.chart
        assert chart is not None
        marks: Drawn = []
        self.placer = LabelPlacer(self._area.adjusted(2, 2, -2, -2))
        self._now(painter, chart, marks)
        if not chart.points:
            self._no_count(painter, marks)
        self._line(painter, chart, marks)
        visible = self._shown.visible_points()
        self._plain_points(painter, [point for _, point in visible if self._is_plain(point)])
        for _, point in visible:
            if not self._is_plain(point):
                self._point(painter, point)
        frame = self._shown.frame
        marks.append(lambda: _point_marks(visible, frame))
        for n, bar in enumerate(chart.durations):
            if self._shown.frame.holds(bar.start, bar.end):
                self._duration(painter, bar)
                if self._shown.sees(bar.start) and self._shown.sees(bar.end):
                    marks.append(Mark(kind="duration", key=str(n), text=bar.text))
        for n, marker in enumerate(chart.markers):
            if self._shown.sees(marker.x):
                self._marker(painter, marker)
                marks.append(Mark(kind=f"marker:{marker.kind}", key=str(n), text=marker.text))
        marks += draw_ground_words(painter, self, self.placer)
        self._shown.note("points", marks)

    def _at(self, point: ChartPoint) -> QPointF:
        frame = self._shown.frame
        if not point.has_value:
            return QPointF(frame.x(point.x), frame.height - FOOT)
        return QPointF(frame.x(point.x), frame.y(self._shown.scale.place(point.anc)))

    def _now(self, painter: QPainter, chart: TrendChart, marks: Drawn) -> None:
        if self._shown.frame.holds(chart.now, chart.now):
            x = self._shown.frame.x(chart.now)
            painter.setPen(QPen(self._shown.ink.colour("text"), 2))
            painter.drawLine(QPointF(x, 0), QPointF(x, self._area.height()))
            self.placer.take(x - 2, 0, x + 2, self._area.height())
            marks.append(Mark(kind="now", key="now", text=chart.now_text))

    def _no_count(self, painter: QPainter, marks: Drawn) -> None:
        """Say that nothing is known; an empty chart must not look like a normal one."""
        ink, text = self._shown.ink, tr("No count is recorded: the ANC is unknown.")
        metrics = ink.metrics(14, strong=True)
        width = metrics.width(text)
        box = QRectF((self._area.width() - width) / 2, self._area.height() * 0.3, width, metrics.height())
        self.placer.take_box(box)
        draw_halo(painter, box, text, ink, "text_muted", 14, strong=True)
        marks.append("no count")

    def _line(self, painter: QPainter, chart: TrendChart, marks: Drawn) -> None:
        """Draw the line between neighbours, cut at the top of the axis; dashed where a course between them is not known."""
        frame, scale, ink = self._shown.frame, self._shown.scale, self._shown.ink
        lines: dict[bool, list[QLineF]] = {False: [], True: []}
        drawn: list[tuple[int, bool]] = []
        marks.append(lambda: [Mark(kind="segment:dashed" if dashed else "segment", key=str(n)) for n, dashed in drawn])
        take_line, first, last = self.placer.take_line, frame.first, frame.last
        for n, (begin, end, low, high, dashed) in enumerate(self._course(chart)):
            if end >= first and begin <= last:
                line = frame.x(begin), frame.y(low), frame.x(end), frame.y(high)
                lines[dashed].append(QLineF(*line))
                take_line(*line)
                drawn.append((n, dashed))
        painter.save()
        painter.setClipRect(QRectF(0, frame.y(scale.ceiling()) - 1, frame.width, frame.height))
        for dashed, found in lines.items():
            pen = QPen(ink.colour("line"), 1.6)
            if dashed:
                pen.setDashPattern(LINE_DASH)
            painter.setPen(pen)
            painter.drawLines(found)
        painter.restore()

    def _is_plain(self, point: ChartPoint) -> bool:
        unmarked = not point.corrected and point.corrected_from is None and not point.preliminary
        return point.shape is PointShape.MEASURED and unmarked and not self._shown.scale.beyond(point.anc)

    def _plain_points(self, painter: QPainter, points: list[ChartPoint]) -> None:
        """Draw the filled circles, which are most of all points, from one picture: 105 ellipses took a fifth of a frame."""
        take = self.placer.take
        dense = painter.device().devicePixelRatio()
        picture = self._shown.ink.dot(RADIUS, dense)
        half = picture.deviceIndependentSize().width() / 2
        frame, scale = self._shown.frame, self._shown.scale
        for point in points:
            x, y = frame.x(point.x), frame.y(scale.place(point.anc))
            painter.drawPixmap(QPointF(round((x - half) * dense) / dense, round((y - half) * dense) / dense), picture)
            take(x - 5, y - 5, x + 5, y + 5)

    def _course(self, chart: TrendChart) -> Course:
        """Return the line's pieces as (begin, end, two places on the axis, dashed), kept while chart and scale stay."""
        scale = self._shown.scale
        if self._kept is None or self._kept[0] is not chart or self._kept[1] != scale:
            tied = {end for piece in chart.segments for end in (piece.first, piece.second)}
            places = {n: scale.line(chart.points[n].anc) for n in tied}
            ends = ((chart.points[piece.first].x, chart.points[piece.second].x) for piece in chart.segments)
            levels = ((places[piece.first], places[piece.second], piece.dashed) for piece in chart.segments)
            self._kept = chart, scale, tuple((*end, *level) for end, level in zip(ends, levels, strict=True))
        return self._kept[2]

    def _point(self, painter: QPainter, point: ChartPoint) -> None:
        at = self._at(point)
        if point.corrected_from is not None:
            self._original(painter, point, at)
        self._shape(painter, point, at)
        beyond = self._shown.scale.beyond(point.anc)
        if beyond and point.has_value:
            self._beyond(painter, point, at, beyond)
        self.placer.take(at.x() - 5, at.y() - 5, at.x() + 5, at.y() + 5)

    def _original(self, painter: QPainter, point: ChartPoint, at: QPointF) -> None:
        """Draw the value that was corrected in grey behind, tied to the ring of the corrected one."""
        ink, frame = self._shown.ink, self._shown.frame
        assert point.corrected_from is not None
        old = QPointF(at.x(), frame.y(self._shown.scale.place(point.corrected_from)))
        painter.setPen(QPen(ink.colour("text_faint"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(old, at)
        painter.setPen(QPen(ink.colour("surface"), 1))
        painter.setBrush(QBrush(ink.colour("text_faint", 0.75)))
        painter.drawEllipse(old, RADIUS, RADIUS)

    def _shape(self, painter: QPainter, point: ChartPoint, at: QPointF) -> None:
        ink, r = self._shown.ink, RADIUS
        line, ground = ink.colour("line"), ink.colour("surface")
        if point.shape is PointShape.UNKNOWN:
            painter.setFont(ink.font(12, strong=True))
            painter.setPen(ink.colour("text"))
            painter.drawText(QRectF(at.x() - 8, at.y() - 9, 16, 18), Qt.AlignmentFlag.AlignCenter, "?")
            return
        if point.shape is PointShape.REJECTED:
            painter.setPen(QPen(ink.colour("text_faint"), 1.6))
            painter.drawLines(
                [QLineF(at.x() - r, at.y() - r, at.x() + r, at.y() + r), QLineF(at.x() - r, at.y() + r, at.x() + r, at.y() - r)]
            )
            return
        ring = point.corrected
        open_shape = ring or point.shape is PointShape.CENSORED
        painter.setPen(QPen(line if open_shape or point.preliminary else ground, 1.7 if open_shape or point.preliminary else 1.2))
        painter.setBrush(QBrush(ground if open_shape or point.preliminary else line))
        if point.shape is PointShape.CENSORED:
            way = -1 if point.points_up else 1
            painter.drawPolygon(QPolygonF([QPointF(at.x() + x, at.y() + way * y) for x, y in ((-5, -4), (5, -4), (0, 4.5))]))
        elif point.shape is PointShape.DERIVED:
            painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r))
        elif point.shape is PointShape.BOUNDED:
            painter.drawPolygon(QPolygonF([QPointF(at.x() + x, at.y() + y) for x, y in ((0, -5), (5, 0), (0, 5), (-5, 0))]))
        else:
            painter.drawEllipse(at, r + (0.6 if ring else 0), r + (0.6 if ring else 0))

    def _beyond(self, painter: QPainter, point: ChartPoint, at: QPointF, side: int) -> None:
        """Draw an arrow and the number where a count lies beyond the axis."""
        ink, tip = self._shown.ink, at.y() - 12 * side
        painter.setPen(QPen(ink.colour("line"), 1.4))
        painter.drawLines(
            [
                QLineF(at.x(), at.y() - 5 * side, at.x(), tip),
                QLineF(at.x(), tip, at.x() - 3, tip + 4 * side),
                QLineF(at.x(), tip, at.x() + 3, tip + 4 * side),
            ]
        )
        metrics = ink.metrics(10.5)
        top = max(at.y() - metrics.height() / 2 - 4 * side, self._area.top() + 2)
        found = self.placer.place((point.label,), metrics, [(at.x() + 6, top, 0.0), (at.x() - 6, top, 1.0)])
        if found is not None:
            draw_halo(painter, found[1], found[0], ink, "text", 10.5)

    def _duration(self, painter: QPainter, bar: DurationBar) -> None:
        ink, frame = self._shown.ink, self._shown.frame
        metrics = ink.metrics(10.5)
        y = frame.height - 8.0
        left, right = frame.x(bar.start), max(frame.x(bar.end), frame.x(bar.start) + 2)
        outer = [frame.x(near if far is None else far) for near, far in ((bar.start, bar.outer_start), (bar.end, bar.outer_end))]
        painter.setPen(QPen(ink.colour("text_muted"), 1, Qt.PenStyle.DotLine))
        painter.drawLines([QLineF(outer[0], y, left, y), QLineF(right, y, outer[1], y)])
        painter.setPen(QPen(ink.colour("text_muted"), 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines([QLineF(left, y, right, y)])
        painter.setPen(QPen(ink.colour("text_muted"), 1.2))
        painter.drawLines([QLineF(left, y - 4, left, y + 4), QLineF(right, y - 4, right, y + 4)])
        self.placer.take(left, y - 5, right, y + 5)
        middle, top = (left + right) / 2, y - 6 - metrics.height()
        found = self.placer.place(
            (f"< {shown_bare('0.5')}: {bar.text}", bar.text), metrics, [(middle, top, 0.5), (right + 4, y - metrics.height() / 2, 0.0)]
        )
        if found is not None:
            draw_halo(painter, found[1], found[0], ink, "text", 10.5)

    def _marker(self, painter: QPainter, marker: ChartMarker) -> None:
        """Draw a small sign at the nadir or the recovery and its words where nothing stands yet."""
        ink, frame = self._shown.ink, self._shown.frame
        at = QPointF(frame.x(marker.x), frame.y(self._shown.scale.place(marker.anc)))
        metrics = ink.metrics(11, strong=True)
        below = marker.kind != "recovery"
        self._sign(painter, at, below)
        height = metrics.height() - 1
        tops = (at.y() + 16, at.y() - 20 - height + 4) if below else (at.y() - 16 - height, at.y() + 8)
        side = at.y() - height / 2
        spots = [(at.x() + x, top, share) for top in tops for x, share in ((0, 0.5), (14, 0.8), (-14, 0.2))]
        spots[3:3] = [(at.x() + 9, side, 0.0), (at.x() - 9, side, 1.0), (at.x() + 9, side + 9, 0.0), (at.x() - 9, side + 9, 1.0)]
        found = self.placer.place(shorter(marker), metrics, spots)
        if found is not None:
            draw_halo(painter, found[1], found[0], ink, "text", 11, strong=True)

    def _sign(self, painter: QPainter, at: QPointF, below: bool) -> None:
        ink = self._shown.ink
        y = at.y() + 7 if below else at.y() - 7
        step = 7 if below else -7
        shape = QPolygonF([QPointF(at.x() - 4.5, y), QPointF(at.x() + 4.5, y), QPointF(at.x(), y + step)])
        painter.setPen(QPen(ink.colour("surface"), 1))
        painter.setBrush(QBrush(ink.colour("text")))
        if not below:
            painter.setPen(QPen(ink.colour("text"), 1.4))
            painter.setBrush(QBrush(ink.colour("surface")))
        painter.drawPolygon(shape)
        self.placer.take(at.x() - 5, min(y, y + step), at.x() + 5, max(y, y + step))


def shorter(marker: ChartMarker) -> tuple[str, ...]:
    """Return the words of a marker, longest first; a lowest measured count never loses that it is one."""
    words = [marker.text, marker.text.split(" · ")[0]]
    if marker.kind == "lowest":
        words = [marker.text, *(text.replace("lowest measured", "lowest") for text in words)]
    return tuple(dict.fromkeys(words))


def _point_marks(points: list[tuple[int, ChartPoint]], frame: Frame) -> Iterator[Mark]:
    for n, point in points:
        if frame.holds(point.x, point.x):
            yield Mark(kind=f"point:{point.shape.value}", key=str(n), text=point.label)
            if point.corrected:
                yield Mark(kind="ring", key=str(n))
            if point.corrected_from is not None:
                yield Mark(kind="original", key=str(n), text=f"{point.corrected_from:g}")
