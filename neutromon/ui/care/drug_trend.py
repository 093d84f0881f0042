"""Drugs against the trend of the last weeks: the counts above, a bar for each drug below, on one axis of time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from neutromon.models.evaluation import Evaluation
from neutromon.models.history import DrugExposure
from neutromon.models.quantity import Comparator
from neutromon.ui.count_unit import shown_bare, shown_title
from neutromon.ui.fonts import window_font
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.worklist.columns import day_text

LOWEST, HIGHEST = 0.05, 20.0
TICKS = (0.1, 0.5, 1.0, 2.0, 8.0)
PLOT, LEFT = 150, 44


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One count: the day and the value in 10^9/L; `open` where only a limit is known."""

    day: date
    anc: float
    open: bool = False


def trend_points(evaluation: Evaluation, weeks: int) -> list[TrendPoint]:
    """Return the gradable counts of the last weeks, oldest first."""
    start = evaluation.now.date() - timedelta(weeks=weeks)
    found = []
    for count in evaluation.counts:
        quantity = count.anc.quantity
        if count.collected_at is None or quantity is None or not start <= count.collected_at.date() <= evaluation.now.date():
            continue
        day = count.collected_at.date()
        found.append(TrendPoint(day=day, anc=float(quantity.value), open=quantity.comparator is not Comparator.EQ))
    return sorted(found, key=lambda point: point.day)


class DrugTrend(QWidget):
    """A picture with its words as accessible name; time always runs from left to right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._points: list[TrendPoint] = []
        self._drugs: list[tuple[DrugExposure, bool]] = []
        self._first, self._last = date(2000, 1, 1), date(2000, 2, 1)
        self.setObjectName("drug_trend")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_trend(self, points: Sequence[TrendPoint], drugs: Sequence[tuple[DrugExposure, bool]], first: date, last: date) -> None:
        """Show counts and drugs (with whether each is on a list) between two days."""
        self._points, self._drugs, self._first, self._last = list(points), list(drugs), first, last
        words = [f"{day_text(point.day)} {'<' if point.open else ''}{point.anc:g}" for point in self._points]
        names = [f"{drug.name} {day_text(drug.start) or tr('start unknown')}" for drug, _ in self._drugs]
        said = (tr("ANC {counts}", counts=", ".join(words) or tr("no counts")), tr("Drugs: {names}", names=", ".join(names) or tr("none")))
        self.setAccessibleName(". ".join(said))
        self.updateGeometry()
        self.update()

    def _row(self) -> int:
        return self._theme.px(Size.CAPTION) + SPACE.medium

    def sizeHint(self) -> QSize:
        """Return room for the plot, the dates and a line for each drug."""
        return QSize(420, PLOT + self._row() * (len(self._drugs) + 1) + SPACE.small)

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(260, self.sizeHint().height())

    def _x(self, day: date) -> float:
        span = max(1, (self._last - self._first).days)
        inside = min(max((day - self._first).days, 0), span)
        return LEFT + inside / span * (self.width() - LEFT - SPACE.large)

    def _y(self, anc: float) -> float:
        low, high = math.log10(LOWEST), math.log10(HIGHEST)
        share = (math.log10(min(max(anc, LOWEST), HIGHEST)) - low) / (high - low)
        return PLOT - 6 - share * (PLOT - 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axis, counts and drugs."""
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(window_font(self._theme.px(Size.CAPTION)))
        for tick in TICKS:
            painter.setPen(QPen(QColor(palette.border_strong if tick == 0.5 else palette.border), 1))
            painter.drawLine(QPointF(LEFT, self._y(tick)), QPointF(self.width() - SPACE.large, self._y(tick)))
            painter.setPen(QColor(palette.text_muted))
            painter.drawText(
                QRectF(0, self._y(tick) - 9, LEFT - 6, 18),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                shown_bare(f"{tick:g}"),
            )
        self._counts(painter)
        self._dates(painter)
        for number, (drug, listed) in enumerate(self._drugs, start=1):
            self._bar(painter, drug, listed, PLOT + number * self._row())
        painter.end()

    def _counts(self, painter: QPainter) -> None:
        palette = self._theme.palette
        places = [QPointF(self._x(point.day), self._y(point.anc)) for point in self._points]
        painter.setPen(QPen(QColor(palette.line), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(places))
        for point, place in zip(self._points, places, strict=True):
            painter.setBrush(QBrush(QColor(palette.surface if point.open else palette.line)))
            if point.open:
                x, y = place.x(), place.y()
                painter.drawPolygon(QPolygonF([QPointF(x - 4, y - 3), QPointF(x + 4, y - 3), QPointF(x, y + 4)]))
            else:
                painter.drawEllipse(place, 3.2, 3.2)
        if not places:
            painter.setPen(QColor(palette.text_muted))
            painter.drawText(QRectF(LEFT, 0, self.width() - LEFT, PLOT), Qt.AlignmentFlag.AlignCenter, tr("No counts in these weeks"))

    def _dates(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.palette.text_muted))
        box = QRectF(LEFT, PLOT, self.width() - LEFT - SPACE.large, self._row() - 4)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, day_text(self._first))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tr("today"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown_title(tr("ANC ×10⁹/L")))

    def _bar(self, painter: QPainter, drug: DrugExposure, listed: bool, top: float) -> None:
        palette = self._theme.palette
        left = self._x(drug.start) if drug.start else float(LEFT)
        right = self._x(drug.end) if drug.end else self._x(self._last)
        box = QRectF(left, top + 3, max(6.0, right - left), self._row() - 6)
        pen = QPen(QColor(palette.hold if listed else palette.border_strong), 1.4)
        pen.setStyle(Qt.PenStyle.SolidLine if drug.start else Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QBrush(QColor(palette.warn_ground if listed else palette.sunken)))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(palette.text))
        words = f"{drug.name} – {tr('on the list')}" if listed else drug.name
        width = QFontMetrics(painter.font()).horizontalAdvance(words)
        left = box.left() + 6 if width + 12 <= box.width() else box.right() + 6
        left = left if left + width <= self.width() - SPACE.tight else box.left() - width - 6
        start = QRectF(max(LEFT + 6.0, left), box.top(), self.width() - LEFT, box.height())
        painter.drawText(start, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
