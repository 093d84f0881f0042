"""The painter of the cycle profile: bands, expected window, middle half, one line per cycle with its name at its end."""

from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from neutromon.models.overlay_chart import CycleLine, OverlayChart, ProfileBand
from neutromon.models.trend_chart import ChartPoint, PointShape
from neutromon.ui.charts.background import DASH, hatched
from neutromon.ui.charts.labels import LabelPlacer, draw_halo, draw_word, spread
from neutromon.ui.charts.scale import LogScale
from neutromon.ui.charts.shown import Frame, Ink
from neutromon.ui.count_unit import shown_title
from neutromon.ui.text import tr

LEFT, RIGHT, TOP, FOOT, LEGEND = 78.0, 92.0, 12.0, 24.0, 22.0
NEAR = 14.0
GAPS_DASH = [2.0, 4.0]
LAST_DAY = 43.0
"""Six weeks: a cycle that was never followed by another one would else squeeze all others into a corner."""


class OverlayCanvas(QWidget):
    """Paints an OverlayChart; points are chosen by mouse or by `step`."""

    pointed_at = Signal(object)
    opened = Signal(str)

    def __init__(self, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self._chart: OverlayChart | None = None
        self._line = 0
        self._later = 0
        self.selected: ChartPoint | None = None
        self.drawn: list[str] = []
        self.setObjectName("overlay_canvas")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_chart(self, chart: OverlayChart | None) -> None:
        """Take another chart; the running cycle is the one that is read first."""
        self._chart, self._later = trimmed(chart) if chart is not None else (None, 0)
        self.selected = None
        chart = self._chart
        current = [n for n, line in enumerate(chart.lines) if line.current] if chart else []
        self._line = current[0] if current else (len(chart.lines) - 1 if chart else 0)
        self.update()

    def set_ink(self, ink: Ink) -> None:
        """Paint in other colours."""
        self._ink = ink
        self.update()

    def show_cycle(self, number: int) -> None:
        """Bring one cycle to the front."""
        if self._chart is not None:
            self._line = next((n for n, line in enumerate(self._chart.lines) if line.cycle == number), self._line)
            self.update()

    def step(self, by: int, cycles: int) -> None:
        """Go to a neighbouring count of the cycle, or to a neighbouring cycle that has counts."""
        if self._chart is None:
            return
        if cycles:
            self._line = self._neighbour(cycles)
        points = self._chart.lines[self._line].points
        if not points:
            return
        at = points.index(self.selected) + by if self.selected in points else (len(points) - 1 if by <= 0 else 0)
        self._choose(points[min(max(at, 0), len(points) - 1)])

    def _neighbour(self, by: int) -> int:
        assert self._chart is not None
        filled = [n for n, line in enumerate(self._chart.lines) if line.points]
        further = [n for n in filled if (n > self._line if by > 0 else n < self._line)]
        return (further[0] if by > 0 else further[-1]) if further else self._line

    def _choose(self, point: ChartPoint) -> None:
        if point is not self.selected:
            self.selected = point
            self.pointed_at.emit(point)
            self.update()

    def _frame(self) -> Frame:
        assert self._chart is not None
        low, high = self._scale().span()
        return Frame(self._chart.first, self._chart.last, low, high, max(self._plot().width(), 1.0), max(self._plot().height(), 1.0))

    def _scale(self) -> LogScale:
        assert self._chart is not None
        return LogScale(low=self._chart.y_low, high=self._chart.y_high, named=self._chart.y_ticks)

    def _plot(self) -> QRectF:
        scale = max(self._ink.theme.scale, 1.0)
        height = self.height() - (TOP + FOOT + LEGEND) * scale
        return QRectF(LEFT * scale, TOP * scale, self.width() - (LEFT + RIGHT) * scale, height)

    def place_of(self, point: ChartPoint) -> QPointF:
        """Return the pixel of a point."""
        frame, plot = self._frame(), self._plot()
        return QPointF(plot.left() + frame.x(point.x), plot.top() + frame.y(self._scale().place(point.anc)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint from the back to the front; x runs from left to right in every language."""
        chart = self._chart
        if chart is None or self._plot().height() < 40:
            return
        self.drawn = []
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self._plot(), self._ink.colour("surface"))
        self._bands(painter, chart)
        self._window(painter, chart)
        if chart.band is not None:
            self._middle(painter, chart.band)
        placer = LabelPlacer(self._plot().adjusted(2, 2, 60, -2))
        for n in sorted(range(len(chart.lines)), key=lambda n: (n == self._line, -chart.lines[n].lightness)):
            self._cycle(painter, chart.lines[n], n == self._line)
        self._names(painter, chart, placer)
        self._now(painter, chart)
        self._axes(painter, chart)
        self._read_out(painter)
        painter.end()

    def _bands(self, painter: QPainter, chart: OverlayChart) -> None:
        ink, frame, plot, scale = self._ink, self._frame(), self._plot(), self._scale()
        middles = []
        for band in chart.bands:
            top = plot.top() + frame.y(scale.place(band.high))
            bottom = plot.bottom() if scale.beyond(band.low) < 0 else plot.top() + frame.y(scale.place(band.low))
            box = QRectF(plot.left(), top, plot.width(), bottom - top)
            painter.fillRect(box, ink.band(band.step))
            if band.hatched:
                hatched(painter, box, ink.colour("text_faint", 0.35), falling=True, gap=8)
            painter.fillRect(QRectF(plot.left(), round(top), plot.width(), 1), ink.boundary())
            middles.append((box.center().y(), band.name))
        self._margin(painter, sorted(middles), chart.bands_version)
        if chart.lower_limit is not None:
            y = plot.top() + frame.y(scale.place(chart.lower_limit[0]))
            pen = QPen(ink.colour("text_muted"), 1.2)
            pen.setDashPattern(DASH)
            painter.setPen(pen)
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            metrics = ink.metrics(11)
            box = QRectF(plot.left() + 6, y - metrics.height(), metrics.width(chart.lower_limit[1]) + 4, metrics.height())
            draw_halo(painter, box, chart.lower_limit[1], ink, "text_muted", 11)
            self.drawn.append(f"limit {chart.lower_limit[1]}")

    def _margin(self, painter: QPainter, names: list[tuple[float, str]], version: str) -> None:
        ink, plot = self._ink, self._plot()
        gap = ink.metrics(11.5).height() - 1
        places = spread([y for y, _ in names], gap, plot.top() + gap, plot.bottom() - gap / 2)
        for y, (_, name) in zip(places, names, strict=True):
            draw_word(painter, QRectF(plot.right() + 30, y - 10, 60, 20), name, ink, "text", 11.5, side=0)
            self.drawn.append(f"band name {name}")
        top = min(places, default=plot.top() + 2 * gap) - gap - 3
        draw_word(painter, QRectF(plot.right() + 30, top - 10, 60, 20), version, ink, "text_muted", 10.5, strong=True, side=0)
        self.drawn.append(f"version {version}")

    def _window(self, painter: QPainter, chart: OverlayChart) -> None:
        """Draw the days in which the regimen's lowest count is expected behind everything."""
        if chart.window is None:
            return
        frame, plot, ink = self._frame(), self._plot(), self._ink
        start, end = plot.left() + frame.x(chart.window[0]), plot.left() + frame.x(chart.window[1])
        painter.fillRect(QRectF(start, plot.top(), end - start, plot.height()), ink.colour("accent", 0.08))
        painter.fillRect(QRectF(start, plot.bottom() - 3.5, end - start, 3.5), ink.colour("accent", 0.55))
        metrics = ink.metrics(11)
        middle = (start + end) / 2
        box = QRectF(middle - metrics.width(chart.window_text) / 2, plot.top() + 4, metrics.width(chart.window_text) + 4, metrics.height())
        draw_halo(painter, box, chart.window_text, ink, "accent", 11)
        self.drawn.append(f"window {chart.window_text}")

    def _middle(self, painter: QPainter, band: ProfileBand) -> None:
        rows = [self._curve(band.x, values) for values in (band.low, band.high, band.median)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(self._ink.colour("text", 0.13)))
        painter.drawPolygon(QPolygonF([*rows[0], *reversed(rows[1])]))
        pen = QPen(self._ink.colour("text_muted"), 1.6)
        pen.setDashPattern([6.0, 3.0])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(rows[2]))
        self.drawn.append("middle half")

    def _curve(self, days: tuple[float, ...], values: tuple[float, ...]) -> list[QPointF]:
        frame, plot, scale = self._frame(), self._plot(), self._scale()
        return [QPointF(plot.left() + frame.x(x), plot.top() + frame.y(scale.place(y))) for x, y in zip(days, values, strict=True)]

    def _colour(self, line: CycleLine, front: bool) -> QColor:
        """Return the line's colour: the running or chosen cycle in full, earlier ones in steps of lightness."""
        return self._ink.colour("line", 1.0 if front or line.current else 1.0 - 0.75 * line.lightness)

    def _cycle(self, painter: QPainter, line: CycleLine, front: bool) -> None:
        places = [self.place_of(point) for point in line.points]
        colour = self._colour(line, front)
        width = 2.6 if line.current else 2.0 if front else 1.4
        for gap, (one, two) in enumerate(pairwise(places)):
            pen = QPen(colour, width)
            dashes = GAPS_DASH if gap in line.dashed_gaps else [length / width for length in line.dashes]
            if dashes:
                pen.setDashPattern(dashes)
            painter.setPen(pen)
            painter.drawLine(one, two)
        for point, at in zip(line.points, places, strict=True):
            self._point(painter, point, at, colour)
        self.drawn.append(f"cycle {line.cycle}{' front' if front else ''}: {len(line.points)} counts")

    def _point(self, painter: QPainter, point: ChartPoint, at: QPointF, colour: QColor) -> None:
        ground = self._ink.colour("surface")
        if point.shape is PointShape.CENSORED:
            way = -1 if point.points_up else 1
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(QBrush(ground))
            painter.drawPolygon(QPolygonF([QPointF(at.x() + x, at.y() + way * y) for x, y in ((-4.5, -3.5), (4.5, -3.5), (0, 4))]))
            return
        painter.setPen(QPen(ground, 1))
        painter.setBrush(QBrush(colour))
        if point.shape is PointShape.DERIVED:
            painter.drawRect(QRectF(at.x() - 3, at.y() - 3, 6, 6))
        else:
            painter.drawEllipse(at, 3.2, 3.2)

    def _names(self, painter: QPainter, chart: OverlayChart, placer: LabelPlacer) -> None:
        """Write each cycle's name at the end of its line."""
        ink, metrics = self._ink, self._ink.metrics(11, strong=True)
        for n, line in sorted(enumerate(chart.lines), key=lambda pair: (pair[0] != self._line, pair[1].lightness)):
            if not line.points:
                continue
            at = self.place_of(line.points[-1])
            height = metrics.height() - 1
            tops = [at.y() - height / 2 + shift for shift in (0, -13, 13, -26, 26)]
            found = placer.place((line.label,), metrics, [(at.x() + 7, top, 0.0) for top in tops])
            if found is not None:
                draw_halo(painter, found[1], found[0], ink, "text" if line.current or n == self._line else "text_muted", 11, strong=True)
                self.drawn.append(f"name {line.label}")

    def _now(self, painter: QPainter, chart: OverlayChart) -> None:
        if chart.now_day is None or not self._frame().holds(chart.now_day, chart.now_day):
            return
        ink, plot = self._ink, self._plot()
        x = plot.left() + self._frame().x(chart.now_day)
        painter.setPen(QPen(ink.colour("text"), 2))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        self.drawn.append("now line")

    def _axes(self, painter: QPainter, chart: OverlayChart) -> None:
        ink, plot, frame, scale = self._ink, self._plot(), self._frame(), self._scale()
        painter.setPen(QPen(ink.colour("border_strong"), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        last = -99.0
        for value, text in reversed(scale.ticks()):
            y = plot.top() + frame.y(scale.place(value))
            if y - last >= ink.metrics(11.5).height() - 3:
                last = y
                draw_word(painter, QRectF(0, y - 10, plot.left() - 7, 20), text, ink, "text_muted", 11.5, side=1)
                self.drawn.append(f"tick {text}")
        for x, text in chart.x_ticks:
            draw_word(painter, QRectF(plot.left() + frame.x(x) - 20, plot.bottom() + 3, 40, 18), text, ink, "text_muted", 11)
            self.drawn.append(f"day {text}")
        draw_word(painter, QRectF(0, plot.bottom() + 3, plot.left() - 24, 18), chart.x_label, ink, "text_muted", 10.5, side=1)
        self._y_name(painter, chart)
        self._legend(painter, chart)

    def _y_name(self, painter: QPainter, chart: OverlayChart) -> None:
        ink, plot = self._ink, self._plot()
        painter.save()
        painter.translate(0, plot.bottom())
        painter.rotate(-90)
        name = chart.y_label if ink.metrics(11.5, strong=True).width(chart.y_label) < plot.height() else shown_title(tr("ANC, ×10⁹/L"))
        for n, (text, colour, strong) in enumerate(((name, "text", True), (self._scale().text, "text_muted", False))):
            painter.setFont(ink.font(11.5 if strong else 10.5, strong=strong))
            painter.setPen(ink.colour(colour))
            painter.drawText(QRectF(0, 2 + n * 15, plot.height(), 17), Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()
        self.drawn += [f"name {name}", f"scale {self._scale().text}"]

    def _legend(self, painter: QPainter, chart: OverlayChart) -> None:
        ink, plot = self._ink, self._plot()
        words = [tr("bold: running cycle"), tr("paler and patterned: earlier cycles"), chart.band_text]
        if self._later:
            words.insert(0, tr("{n} later counts are in the trend only", n=self._later))
        text = " · ".join(word for word in words if word)
        box = QRectF(plot.left(), self.height() - LEGEND * max(ink.theme.scale, 1.0), plot.width() + RIGHT, 18)
        draw_word(painter, box, ink.metrics(10.5).elided(text, box.width()), ink, "text_muted", 10.5, side=0)
        self.drawn.append(f"legend {text}")

    def _read_out(self, painter: QPainter) -> None:
        if self.selected is None:
            return
        ink, at = self._ink, self.place_of(self.selected)
        painter.setPen(QPen(ink.colour("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 7.5, 7.5)
        text = " · ".join(part for part in (self.selected.label, self.selected.grade_text) if part)
        metrics = ink.metrics(11.5, strong=True)
        width, height = metrics.width(text) + 12, metrics.height() + 6
        left = at.x() + 12 if at.x() + 12 + width < self.width() else at.x() - 12 - width
        box = QRectF(left, max(at.y() - height - 8, 0), width, height)
        painter.setPen(QPen(ink.colour("border_strong"), 1))
        painter.setBrush(QBrush(ink.colour("raised")))
        painter.drawRoundedRect(box, 4, 4)
        draw_word(painter, box, text, ink, "text", 11.5, strong=True)

    def _nearest(self, at: QPointF) -> tuple[int, ChartPoint] | None:
        if self._chart is None:
            return None
        found = [
            ((self.place_of(point) - at).manhattanLength(), n, point) for n, line in enumerate(self._chart.lines) for point in line.points
        ]
        best = min(found, key=lambda entry: entry[0], default=None)
        return (best[1], best[2]) if best is not None and best[0] <= NEAR else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read out the count under the mouse."""
        found = self._nearest(event.position())
        if found is not None:
            self._line = found[0]
            self._choose(found[1])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the count under the mouse."""
        found = self._nearest(event.position())
        if found is not None:
            self.opened.emit(found[1].sample_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint at the new size."""
        super().resizeEvent(event)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which everything can be read."""
        return QSize(760, 420)


def trimmed(chart: OverlayChart) -> tuple[OverlayChart, int]:
    """Return the chart up to day 42 with the number of later counts; most charts end before."""
    if chart.last <= LAST_DAY:
        return chart, 0
    lines = [replace(line, points=tuple(point for point in line.points if point.x <= LAST_DAY)) for line in chart.lines]
    later = sum(len(line.points) for line in chart.lines) - sum(len(line.points) for line in lines)
    ticks = tuple((x, text) for x, text in chart.x_ticks if x <= LAST_DAY)
    return replace(chart, lines=tuple(lines), last=LAST_DAY, x_ticks=ticks), later
