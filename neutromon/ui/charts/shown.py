"""What the painters of one chart share: the data, the scale, the inks, what is switched on, and which point is read out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil

from PySide6.QtCore import QDate, QLocale, QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from neutromon.models.trend_chart import ChartPoint, ForecastFan, PointShape, TrendChart
from neutromon.report.charts.marks import Mark
from neutromon.ui.charts.scale import LinearScale, Scale
from neutromon.ui.fonts import window_font
from neutromon.ui.theme import Theme

BAND_ALPHA = (0.05, 0.09, 0.13, 0.175)
"""Lightness steps of the grade bands, palest first; never more than 18 %."""
FAN_ALPHA = (0.09, 0.13, 0.20)


class Measure:
    """The measures of a font; the width of a text is asked for again with every frame and kept."""

    def __init__(self, font: QFont) -> None:
        self._metrics = QFontMetricsF(font)
        self._height = self._metrics.height()
        self._widths: dict[str, float] = {}

    def height(self) -> float:
        """Return the height of a line."""
        return self._height

    def width(self, text: str) -> float:
        """Return the width of a text."""
        known = self._widths.get(text)
        if known is None:
            known = self._widths[text] = self._metrics.horizontalAdvance(text)
        return known

    def elided(self, text: str, width: float) -> str:
        """Return the text, ending in "…" where it is too wide."""
        return text if self.width(text) <= width else self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


class Ink:
    """Colours and fonts of the chart in one theme, each made once; bands keep the same order of lightness in light and dark."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._colours: dict[tuple[str, float], QColor] = {}
        self._fonts: dict[tuple[float, bool], tuple[QFont, Measure]] = {}
        self._days: dict[tuple[date, bool], str] = {}
        self.pictures: dict[tuple[str, str, float, bool, bool, float], QPixmap] = {}

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """Return a colour of the palette by its name, made transparent."""
        made = self._colours.get((name, alpha))
        if made is None:
            made = self._colours[(name, alpha)] = _transparent(getattr(self.theme.palette, name), alpha)
        return made

    def band(self, step: int) -> QColor:
        """Return the fill of a grade band."""
        return _transparent(self.theme.palette.grades[4], BAND_ALPHA[min(max(step, 0), len(BAND_ALPHA) - 1)])

    def boundary(self) -> QColor:
        """Return the thin line between bands."""
        return _transparent(self.theme.palette.grades[2], 0.75)

    def fan(self, step: int) -> QColor:
        """Return the fill of the 95, 80 and 50 % parts of the forecast (0, 1, 2), drawn over one another."""
        return self.colour("accent", FAN_ALPHA[step])

    def px(self, pixels: float) -> int:
        """Return a distance at the window's text size."""
        return round(pixels * self.theme.scale)

    def font(self, pixels: float = 11.5, *, strong: bool = False) -> QFont:
        """Return the chart's font."""
        return self._made(pixels, strong)[0]

    def metrics(self, pixels: float = 11.5, *, strong: bool = False) -> Measure:
        """Return the measures of the chart's font."""
        return self._made(pixels, strong)[1]

    def day(self, day: date, *, year: bool = False) -> str:
        """Return "12 Mar" or "12 Mar 2026" in the window's language."""
        known = self._days.get((day, year))
        if known is None:
            shown = QDate(day.year, day.month, day.day)
            known = self._days[(day, year)] = QLocale().toString(shown, "d MMM yyyy" if year else "d MMM")
        return known

    def dot(self, radius: float, dense: float) -> QPixmap:
        """Return the picture of a measured count: a filled circle with a rim in the colour of the ground."""
        key = ("dot", "line", radius, False, False, dense)
        known = self.pictures.get(key)
        if known is None:
            size = 2 * radius + 4
            known = self.pictures[key] = QPixmap(ceil(size * dense), ceil(size * dense))
            known.setDevicePixelRatio(dense)
            known.fill(Qt.GlobalColor.transparent)
            painter = QPainter(known)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.colour("surface"), 1.2))
            painter.setBrush(QBrush(self.colour("line")))
            middle = known.deviceIndependentSize().width() / 2
            painter.drawEllipse(QPointF(middle, middle), radius, radius)
            painter.end()
        return known

    def _made(self, pixels: float, strong: bool) -> tuple[QFont, Measure]:
        known = self._fonts.get((pixels, strong))
        if known is None:
            font = window_font(self.px(pixels))
            font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
            known = self._fonts[(pixels, strong)] = font, Measure(font)
        return known


def _transparent(name: str, alpha: float) -> QColor:
    made = QColor(name)
    made.setAlphaF(alpha)
    return made


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the data that is on the screen, and its size in pixels."""

    first: float
    last: float
    low: float
    high: float
    width: float
    height: float

    def x(self, days: float) -> float:
        """Return the pixel of a day."""
        return (days - self.first) * self.width / (self.last - self.first)

    def y(self, place: float) -> float:
        """Return the pixel of a place on the axis."""
        return self.height - (place - self.low) * self.height / (self.high - self.low)

    def days(self, pixel: float) -> float:
        """Return the day at a pixel."""
        return self.first + pixel * (self.last - self.first) / max(self.width, 1.0)

    def per_day(self) -> float:
        """Return the pixels of a day."""
        return self.width / (self.last - self.first)

    def holds(self, start: float, end: float) -> bool:
        """Return whether a stretch of days is at least partly on the screen."""
        return end >= self.first and start <= self.last


Later = Callable[[], Iterable[Mark]]
Drawn = list[Mark | str | Later]
"""What one painter drew: the marks that paper shows too (those of many points only made when asked for), and the words around them."""


@dataclass(slots=True)
class Shown:
    """The state of one chart on the screen."""

    ink: Ink
    chart: TrendChart | None = None
    scale: Scale = field(default_factory=LinearScale)
    samples: bool = False
    rejected: bool = False
    selected: int | None = None
    second: ForecastFan | None = None
    frame: Frame = Frame(0, 1, 0, 1, 1, 1)
    drawn: dict[str, Drawn] = field(default_factory=dict)

    def points(self) -> list[tuple[int, ChartPoint]]:
        """Return the points that may be stepped through, by their place in the chart: rejected ones only when they are shown."""
        if self.chart is None:
            return []
        return [(n, point) for n, point in enumerate(self.chart.points) if self.rejected or point.shape is not PointShape.REJECTED]

    def visible_points(self) -> list[tuple[int, ChartPoint]]:
        """Return the points on the screen and their next neighbours."""
        if self.chart is None:
            return []
        first, last, hidden = self.frame.first - 2, self.frame.last + 2, None if self.rejected else PointShape.REJECTED
        return [(n, p) for n, p in enumerate(self.chart.points) if first <= p.x <= last and p.shape is not hidden]

    def sees(self, days: float) -> bool:
        """Return whether a place is on the screen."""
        return self.frame.first <= days <= self.frame.last

    def marks(self) -> set[Mark]:
        """Return all marks that were drawn last."""
        found: set[Mark] = set()
        for entry in (entry for drawn in self.drawn.values() for entry in drawn):
            if isinstance(entry, Mark):
                found.add(entry)
            elif not isinstance(entry, str):
                found.update(entry())
        return found

    def note(self, layer: str, marks: Drawn) -> None:
        """Remember what a painter drew, so that it can be compared with paper."""
        self.drawn[layer] = marks


def day_of(chart: TrendChart, days: float) -> date:
    """Return the date of a place on the time axis."""
    return chart.epoch + timedelta(days=int(days // 1))


def moment_of(chart: TrendChart, days: float) -> datetime:
    """Return the local date and time of a place on the time axis."""
    return datetime.combine(chart.epoch, time()) + timedelta(days=days)


def days_of(chart: TrendChart, day: date) -> float:
    """Return the place of the beginning of a date on the time axis."""
    return float((day - chart.epoch).days)


def frame_nearest(shown: Shown, pixel: float) -> int | None:
    """Return the point nearest to a pixel of the time axis among those on the screen."""
    frame = shown.frame
    near = [(abs(frame.x(point.x) - pixel), n) for n, point in shown.points() if frame.holds(point.x, point.x)]
    return min(near)[1] if near else None
