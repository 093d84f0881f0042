"""The axes of the trend: ANC numbers and band names beside the plot, cycles and their days above it, dates below it."""

from collections.abc import Iterator
from datetime import date, timedelta

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from neutromon.models.trend_chart import CycleBlock, TrendChart
from neutromon.ui.charts.background import hatched
from neutromon.ui.charts.labels import LabelPlacer, draw_word, spread
from neutromon.ui.charts.shown import Drawn, Frame, day_of, days_of
from neutromon.ui.charts.stage import Strip
from neutromon.ui.text import tr

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
SMALLEST_NAME = 8.0
STEPS = (1, 2, 7, 14, 28, 56, 112, 336, 672, 1680, 3360)
"""Days between dates on the axis, narrowest first; from 336 on they are years of twelve steps of 28."""
YEARS = 730
"""Days over which every date on the axis carries its year."""


class ValueAxis(Strip):
    """Left of the plot the counts at clinical numbers with name, unit and scale; right of it the names of the bands."""

    def draw(self, painter: QPainter) -> None:
        """Paint title, numbers and band names."""
        chart = self._shown.chart
        assert chart is not None
        marks: Drawn = []
        self._title(painter, chart, marks)
        self._numbers(painter, marks)
        self._bands(painter, chart, marks)
        self._shown.note("axis", marks)

    def _title(self, painter: QPainter, chart: TrendChart, marks: Drawn) -> None:
        """Write the name, the unit and the scale along the axis: in smaller or fewer words where they are too long, never cut."""
        ink, height = self._shown.ink, float(self.size().height())
        name, size = next(
            (wanted for wanted in axis_names(chart.y_label) if ink.metrics(wanted[1], strong=True).width(wanted[0]) <= height),
            ("", SMALLEST_NAME),
        )
        tall = ink.metrics(size, strong=True).height()
        painter.save()
        painter.translate(0, height)
        painter.rotate(-90)
        painter.setFont(ink.font(size, strong=True))
        painter.setPen(ink.colour("text"))
        painter.drawText(QRectF(0, 2, height, tall), CENTRE, name)
        marks.append(f"name {name}")
        scale = self._shown.scale.text
        if ink.metrics(10.5).width(scale) <= height:
            painter.setFont(ink.font(10.5))
            painter.setPen(ink.colour("text_muted"))
            painter.drawText(QRectF(0, 1 + tall, height, ink.metrics(10.5).height() + 2), CENTRE, scale)
            marks.append(f"scale {scale}")
        painter.restore()

    def _numbers(self, painter: QPainter, marks: Drawn) -> None:
        ink, frame, scale = self._shown.ink, self._shown.frame, self._shown.scale
        painter.setFont(ink.font(11.5))
        height = ink.metrics(11.5).height() - 3
        kept: list[float] = []
        limits = {edge for band in (self._shown.chart.bands if self._shown.chart else ()) for edge in (band.low, band.high)}
        for value, text in sorted(scale.ticks(), key=lambda tick: (tick[0] not in limits, tick[0])):
            y = frame.y(scale.place(value))
            painter.setPen(QPen(ink.colour("border_strong"), 1))
            painter.drawLine(QLineF(self.left() - 4, y, self.left(), y))
            if all(abs(y - other) >= height for other in kept):
                kept.append(y)
                painter.setPen(ink.colour("text_muted"))
                painter.drawText(QRectF(0, y - height, self.left() - 7, 2 * height), RIGHT, text)
                marks.append(f"tick {text}")

    def _bands(self, painter: QPainter, chart: TrendChart, marks: Drawn) -> None:
        """Write each band's name in the middle of its height, the version of the grades above them."""
        ink, frame, plot = self._shown.ink, self._shown.frame, self.plot()
        left, width = plot.right() + 6, float(self.size().width()) - plot.right() - 8
        metrics = ink.metrics(11.5)
        named = [(self._middle(band.low, band.high), band) for band in chart.bands]
        named.sort(key=lambda pair: pair[0])
        gap = metrics.height() - 1
        middles = spread([middle for middle, _ in named], gap, gap, frame.height - gap / 2)
        painter.setFont(ink.font(11.5))
        painter.setPen(ink.colour("text"))
        for middle, (_, band) in zip(middles, named, strict=True):
            text = metrics.elided(band.name, width)
            painter.drawText(QRectF(left, middle - gap, width, 2 * gap), LEFT, text)
            marks.append(f"band name {band.name}")
        top = min(middles, default=gap * 2) - gap - 3
        if top < 0:
            return  # the names of the bands need the whole height
        painter.setFont(ink.font(10.5, strong=True))
        painter.setPen(ink.colour("text_muted"))
        painter.drawText(QRectF(left, max(top - gap / 2, 0), width, gap), LEFT, chart.bands_version)
        marks.append(f"version {chart.bands_version}")

    def _middle(self, low: float, high: float) -> float:
        frame, scale = self._shown.frame, self._shown.scale
        bottom = frame.height if low <= 0 else frame.y(scale.place(low))
        return (frame.y(scale.place(high)) + bottom) / 2


class CycleHeader(Strip):
    """The strip above the plot: one field per cycle with its name, and the ruler of its days."""

    def draw(self, painter: QPainter) -> None:
        """Paint the fields of the cycles that are on the screen."""
        chart = self._shown.chart
        assert chart is not None
        painter.save()
        painter.setClipRect(self.plot())
        marks: Drawn = []
        placer = LabelPlacer(self.plot())
        for cycle in chart.cycles:
            if self._shown.frame.holds(cycle.start, cycle.end):
                self._field(painter, cycle, marks)
                self._ruler(painter, cycle, placer, marks)
        painter.restore()
        self._left_words(painter)
        self._shown.note("header", marks)

    def _left_words(self, painter: QPainter) -> None:
        ink, half = self._shown.ink, float(self.size().height()) / 2
        painter.setFont(ink.font(10.5))
        painter.setPen(ink.colour("text_muted"))
        for n, word in enumerate((tr("Cycle"), tr("Day"))):
            draw_word(painter, QRectF(0, n * half, self.left() - 8, half), word, ink, "text_muted", 10.5, side=1)

    def _field(self, painter: QPainter, cycle: CycleBlock, marks: Drawn) -> None:
        ink, frame, half = self._shown.ink, self._shown.frame, float(self.size().height()) / 2
        left, right = max(frame.x(cycle.start), 0.0), min(frame.x(cycle.end), frame.width)
        box = QRectF(self.left() + left, 1, right - left, half - 1).adjusted(1, 0, -1, 0)
        dashed = Qt.PenStyle.DashLine if cycle.planned else Qt.PenStyle.SolidLine
        painter.setPen(QPen(ink.colour("border_strong", 0.8), 1, dashed))
        painter.setBrush(QBrush(ink.colour("sunken" if not cycle.planned else "surface")))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if cycle.delay is not None:
            start, end = self.left() + frame.x(cycle.delay[0]), self.left() + frame.x(cycle.delay[1])
            hatched(painter, QRectF(start, 1, end - start, half - 1), ink.colour("hold", 0.6), gap=5)
        metrics = ink.metrics(11, strong=not cycle.planned)
        text = next((text for text in header_words(cycle) if metrics.width(text) <= box.width() - 6), "")
        draw_word(painter, box, text, ink, "text_muted" if cycle.planned else "text", 11, strong=not cycle.planned)
        marks.append(f"header {text}{' planned' if cycle.planned else ''}")

    def _ruler(self, painter: QPainter, cycle: CycleBlock, placer: LabelPlacer, marks: Drawn) -> None:
        ink, frame = self._shown.ink, self._shown.frame
        height = float(self.size().height())
        self._window(painter, cycle, marks)
        font, metrics = ink.font(10.5), ink.metrics(10.5)
        painter.setFont(font)
        painter.setPen(QPen(ink.colour("border_strong"), 1))
        painter.drawLines([QLineF(self.left() + frame.x(day), height - 4, self.left() + frame.x(day), height) for day, _ in cycle.ruler])
        painter.setPen(ink.colour("text_muted"))
        for day, text in cycle.ruler:
            x = self.left() + frame.x(day)
            found = placer.place((text,), metrics, [(x, height / 2 + 0.5, 0.5), (x - 2, height / 2 + 0.5, 0.0)])
            if found is not None:
                draw_word(painter, found[1], text, ink, "text_muted", 10.5)
                marks.append(f"ruler {text}")

    def _window(self, painter: QPainter, cycle: CycleBlock, marks: Drawn) -> None:
        """Underline the days in which the lowest count is expected."""
        if cycle.window is None:
            return
        frame, height = self._shown.frame, float(self.size().height())
        start, end = self.left() + frame.x(cycle.window[0]), self.left() + frame.x(cycle.window[1])
        painter.fillRect(QRectF(start, height - 3.5, end - start, 3.5), self._shown.ink.colour("accent", 0.55))
        marks.append(f"window {cycle.number}")


class DateAxis(Strip):
    """The time axis: true time, oldest left, the now sign on it."""

    def draw(self, painter: QPainter) -> None:
        """Paint the axis line, now, the dates, the axis name."""
        chart = self._shown.chart
        assert chart is not None
        ink, plot, frame = self._shown.ink, self.plot(), self._shown.frame
        painter.setPen(QPen(ink.colour("border_strong"), 1))
        painter.drawLine(QLineF(plot.left(), 0.5, plot.right(), 0.5))
        placer = LabelPlacer(QRectF(plot.left() - 24, 0, plot.width() + 60, plot.height()))
        marks: Drawn = []
        if frame.holds(chart.now, chart.now):
            self._now(painter, chart, placer, marks)
        painter.setFont(ink.font(11))
        metrics = ink.metrics(11)
        year: int | None = None
        years = frame.last - frame.first > YEARS
        for day in dates_of(chart, frame, metrics.width("28 Sep 2026" if years else "28 Sep") + 16):
            x = self.left() + frame.x(days_of(chart, day))
            painter.setPen(QPen(ink.colour("border_strong"), 1))
            painter.drawLine(QLineF(x, 0, x, 4))
            short = ink.day(day)
            full = ink.day(day, year=True)
            words = (full,) if years else (short,) if day.year == year else (full, short)
            found = placer.place(words, metrics, [(x, 5.0, 0.5)])
            if found is not None:
                year = year if found[0] == short else day.year
                draw_word(painter, found[1], found[0], ink, "text_muted", 11)
                marks.append(f"date {day.isoformat()}")
        painter.setPen(ink.colour("text_muted"))
        painter.setFont(ink.font(10.5))
        painter.drawText(QRectF(0, 4, self.left() - 28, plot.height() - 4), RIGHT, tr("Date"))
        self._shown.note("dates", [*marks, f"name {chart.x_label}"])

    def _now(self, painter: QPainter, chart: TrendChart, placer: LabelPlacer, marks: Drawn) -> None:
        ink = self._shown.ink
        font, metrics = ink.font(10.5, strong=True), ink.metrics(10.5, strong=True)
        width = metrics.width(chart.now_text) + 12
        x = self.left() + self._shown.frame.x(chart.now)
        left = min(max(x - width / 2, 0.0), float(self.size().width()) - width)
        box = QRectF(left, 2, width, metrics.height() + 2)
        placer.take_box(box.adjusted(-4, 0, 4, 4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(ink.colour("text")))
        painter.drawRoundedRect(box, 3, 3)
        painter.drawPolygon([QPointF(x - 4, 2.5), QPointF(x, -1), QPointF(x + 4, 2.5)])
        painter.setFont(font)
        painter.setPen(ink.colour("surface"))
        painter.drawText(box, CENTRE, chart.now_text)
        marks.append(f"now {chart.now_text}")


def axis_names(label: str) -> tuple[tuple[str, float], ...]:
    """Return the name of the axis with the size of its letters, longest first: "Absolute … (ANC), unit", "ANC, unit", "ANC"."""
    head, _, unit = label.rpartition(", ")
    short = head.split("(")[-1].rstrip(")") or label
    return (label, 11.5), (f"{short}, {unit}", 11.5), (f"{short}, {unit}", 9.5), (f"{short}, {unit}", SMALLEST_NAME), (short, 11.5)


def header_words(cycle: CycleBlock) -> tuple[str, ...]:
    """Return the words of a cycle's field, longest first; a dose other than 100 % stays as long as it can."""
    short = cycle.short or f"C{cycle.number}"
    dose = cycle.header.rsplit(" ", 2)[1:] if cycle.header.endswith("%") else []
    planned = f" {tr('planned')}"
    words = [cycle.header.replace(" planned", planned), cycle.header.removesuffix(" 100 %").removesuffix(" planned")]
    if dose and dose != ["100", "%"]:
        words = [cycle.header, " ".join([short, *dose])]
    return tuple(dict.fromkeys([*words, *([f"{short}{planned}"] if cycle.planned else []), short, str(cycle.number)]))


def dates_of(chart: TrendChart, frame: Frame, wanted: float) -> Iterator[date]:
    """Give the dates to name so that they do not crowd: days, weeks or months."""
    step = next((days for days in STEPS if days * frame.per_day() >= wanted), STEPS[-1])
    first, last = day_of(chart, frame.first), day_of(chart, frame.last)
    days = _months(first, last, step) if step >= 28 else _every(chart.epoch, first, last, step)
    yield from (day for day in days if days_of(chart, day) >= frame.first)


def _every(epoch: date, first: date, last: date, step: int) -> Iterator[date]:
    """Give every n-th day; weeks begin on Monday."""
    monday = epoch - timedelta(days=epoch.weekday())
    day = monday + timedelta(days=((first - monday).days // step) * step)
    while day <= last:
        yield day
        day += timedelta(days=step)


def _months(first: date, last: date, step: int) -> Iterator[date]:
    """Give the first day of every month, of every second or fourth, or of every year, second, fifth or tenth."""
    every = step // 28
    month = first.year * 12 + first.month - 1
    month -= month % every
    while (day := date(month // 12, month % 12 + 1, 1)) <= last:
        yield day
        month += every
