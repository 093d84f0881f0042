"""The ground of the trend in one painter: grade bands, cycles, delays, windows, forecast ground, limits, the day-1 target."""

from math import ceil

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from neutromon.models.trend_chart import CycleBlock, DayOneTarget, GradeBand, TrendChart
from neutromon.report.charts.marks import Mark
from neutromon.ui.charts.labels import LabelPlacer, draw_halo
from neutromon.ui.charts.shown import Drawn, Frame
from neutromon.ui.charts.stage import Layer
from neutromon.ui.text import tr

DASH = [5.0, 4.0]


def hatched(painter: QPainter, box: QRectF, colour: QColor, *, falling: bool = False, gap: float = 7.0) -> None:
    """Fill a box with slanted lines; lines, not a brush pattern, so that they stay fine on a dense screen."""
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1))
    height, slant = box.height(), -box.height() if falling else box.height()
    first = box.left() - height - (box.left() - height) % gap
    bottom, top, number = box.bottom(), box.top(), ceil((box.right() + height - first) / gap)
    painter.drawLines([QLineF(x, bottom, x + slant, top) for x in (first + n * gap for n in range(number))])
    painter.restore()


class Background(Layer):
    """Everything that stands behind the counts."""

    def draw(self, painter: QPainter) -> None:
        """Paint from the back to the front."""
        chart = self._shown.chart
        assert chart is not None
        marks: Drawn = []
        self._ground(painter, chart, marks)
        for n, cycle in enumerate(chart.cycles):
            if cycle.start < self._shown.frame.last and cycle.end > self._shown.frame.first:
                self._cycle(painter, cycle)
                marks.append(Mark(kind="cycle:planned" if cycle.planned else "cycle", key=str(n), text=cycle.header))
        for band in chart.bands:
            self._band(painter, band, marks)
        self._limit(painter, chart, marks)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._delays(painter, chart, marks)
        self._break(painter, marks)
        if chart.day1 is not None:
            self._target(painter, chart.day1, marks)
        self._shown.note("background", marks)

    def _ground(self, painter: QPainter, chart: TrendChart, marks: Drawn) -> None:
        ink, frame = self._shown.ink, self._shown.frame
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(self._area, ink.colour("surface"))
        if chart.now < frame.last:
            ground = QRectF(QPointF(max(frame.x(chart.now), 0), 0), self._area.bottomRight())
            painter.fillRect(ground, ink.colour("accent", 0.025))
            hatched(painter, ground, ink.colour("accent", 0.10), gap=11)
            marks.append("forecast ground")

    def _cycle(self, painter: QPainter, cycle: CycleBlock) -> None:
        ink, box = self._shown.ink, self._stretch(cycle.start, cycle.end)
        if cycle.shaded and not cycle.planned:
            painter.fillRect(box, ink.colour("text", 0.045))
        painter.fillRect(QRectF(round(box.left()), 0, 1, box.height()), ink.colour("border_strong", 0.45))
        if cycle.planned:
            painter.setPen(QPen(ink.colour("border_strong", 0.9), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))

    def _band(self, painter: QPainter, band: GradeBand, marks: Drawn) -> None:
        ink, frame, scale = self._shown.ink, self._shown.frame, self._shown.scale
        top, bottom = frame.y(scale.place(band.high)), self._floor(band.low)
        box = QRectF(0, top, frame.width, bottom - top)
        painter.fillRect(box, ink.band(band.step))
        if band.hatched:
            hatched(painter, box, ink.colour("text_faint", 0.35), falling=True, gap=8)
        painter.fillRect(QRectF(0, round(top), frame.width, 1), ink.boundary())
        marks.append(Mark(kind="band:hatched" if band.hatched else "band", key=band.name, text=band.name))

    def _floor(self, low: float) -> float:
        """Return the pixel of a band's lower end; the lowest band goes to the edge of the chart."""
        scale, frame = self._shown.scale, self._shown.frame
        return frame.height if low <= 0 or scale.beyond(low) < 0 else frame.y(scale.place(low))

    def _delays(self, painter: QPainter, chart: TrendChart, marks: Drawn) -> None:
        ink = self._shown.ink
        for n, cycle in enumerate(chart.cycles):
            if cycle.delay is not None and cycle.delay[0] < self._shown.frame.last and cycle.delay[1] > self._shown.frame.first:
                box = self._stretch(cycle.delay[0], cycle.delay[1])
                hatched(painter, box, ink.colour("hold", 0.30), gap=6)
                marks.append(Mark(kind="delay", key=str(n), text=cycle.delay[2]))

    def _limit(self, painter: QPainter, chart: TrendChart, marks: Drawn) -> None:
        if chart.lower_limit is None:
            return
        ink, (limit, text) = self._shown.ink, chart.lower_limit
        y = self._shown.frame.y(self._shown.scale.place(limit))
        pen = QPen(ink.colour("text_muted"), 1.2)
        pen.setDashPattern(DASH)
        painter.setPen(pen)
        painter.drawLine(QPointF(0, y), QPointF(self._shown.frame.width, y))
        marks.append(Mark(kind="limit", key="lower", text=text))

    def _break(self, painter: QPainter, marks: Drawn) -> None:
        """Draw the broken top of the linear scale as a white gap between two waved lines."""
        if self._shown.scale.name != "linear":
            return
        ink, frame = self._shown.ink, self._shown.frame
        y = frame.y(self._shown.scale.ceiling()) - 3
        painter.fillRect(QRectF(0, y - 2, frame.width, 4), ink.colour("surface"))
        for offset in (-2, 2):
            painter.setPen(QPen(ink.colour("border_strong"), 1))
            painter.drawPolyline([QPointF(6.0 * n, y + offset + (2 if n % 2 else -2)) for n in range(int(frame.width / 6) + 2)])
        marks.append("broken top")

    def _target(self, painter: QPainter, target: DayOneTarget, marks: Drawn) -> None:
        """Draw the planned day 1 with its window and a bracket from the threshold upward."""
        ink, frame, scale = self._shown.ink, self._shown.frame, self._shown.scale
        if not frame.holds(min(target.low or target.x, target.x), target.x + 1):
            return
        painter.fillRect(self._stretch(min(target.low or target.x, target.x), target.x + 1), ink.colour("meets", 0.13))
        self._last_count(painter, target, marks)
        x, bottom = frame.x(target.x), frame.y(scale.place(target.threshold))
        top = max(frame.y(scale.ceiling()), 4.0)
        painter.setPen(QPen(ink.colour("meets"), 2))
        painter.drawLines([QLineF(x, top, x, bottom), QLineF(x - 5, bottom, x + 5, bottom), QLineF(x - 5, top, x + 5, top)])
        if self._shown.sees(target.x):
            marks.append(Mark(kind="day1", key="day1", text=target.text))

    def _last_count(self, painter: QPainter, target: DayOneTarget, marks: Drawn) -> None:
        """Draw how long the last count is valid: a line from it towards day 1, whole where it reaches that day."""
        if target.last_count_x is None:
            return
        frame, ink = self._shown.frame, self._shown.ink
        start, end, y = frame.x(target.last_count_x), frame.x(target.last_count_x + target.window_days), 4.0
        style = Qt.PenStyle.SolidLine if target.last_count_valid else Qt.PenStyle.DotLine
        painter.setPen(QPen(ink.colour("meets"), 2, style))
        painter.drawLines([QLineF(start, y, end, y), QLineF(start, y - 3, start, y + 4), QLineF(end, y - 3, end, y + 4)])
        marks.append("last count valid" if target.last_count_valid else "last count too old")

    def _stretch(self, start: float, end: float) -> QRectF:
        frame: Frame = self._shown.frame
        left, right = max(frame.x(start), -2.0), min(frame.x(end), frame.width + 2)
        return QRectF(left, 0, max(right - left, 0.5), frame.height)


def draw_ground_words(painter: QPainter, layer: Layer, placer: LabelPlacer) -> list[str]:
    """Write the words of the ground where there is room; return what was written."""
    shown = layer._shown
    assert shown.chart is not None
    ink, frame, chart = shown.ink, shown.frame, shown.chart
    metrics = ink.metrics(11)
    wanted: list[tuple[tuple[str, ...], list[tuple[float, float, float]], str]] = []
    if chart.day1 is not None and frame.holds(chart.day1.x, chart.day1.x):
        x = frame.x(chart.day1.x)
        first = max(frame.y(shown.scale.ceiling()), 2.0) + 8
        tops = [first, first + 16, first + 32]
        spots = [(x + 8, top, 0.0) for top in tops] + [(x - 8, top, 1.0) for top in tops]
        valid = {True: tr("last count valid"), False: tr("last count too old"), None: ""}[chart.day1.last_count_valid]
        whole = [", ".join(part for part in (chart.day1.text, valid) if part), chart.day1.text]
        bounds = whole[1].split(", ")[0]
        shortest = f"{bounds.split(' and ')[0]} {tr('and')} …" if " and " in bounds else bounds
        texts = tuple(dict.fromkeys([*whole, whole[1].split(" (")[0], bounds, shortest]))
        wanted.append((texts, spots, "meets"))
    if chart.lower_limit is not None:
        y = frame.y(shown.scale.place(chart.lower_limit[0]))
        wanted.append(
            (
                (chart.lower_limit[1],),
                [(frame.width * share, y - metrics.height(), share) for share in (0.992, 0.008, 0.15, 0.3, 0.45, 0.6, 0.75)],
                "text_muted",
            )
        )
    for cycle in chart.cycles:
        if cycle.delay is not None and frame.holds(*cycle.delay[:2]):
            middle = frame.x((max(cycle.delay[0], frame.first) + min(cycle.delay[1], frame.last)) / 2)
            wanted.append(((cycle.delay[2], cycle.delay[2].split(" (")[0]), [(middle, top, 0.5) for top in (10.0, 26.0, 42.0)], "hold"))
    written = []
    for texts, spots, colour in wanted:
        found = placer.place(texts, metrics, spots)
        if found is not None:
            draw_halo(painter, found[1], found[0], ink, colour, 11)
            written.append(found[0])
    return written
