"""The antibiotic clock as a number and a bar: minutes since time zero, the time box, and what stopped it."""

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from neutromon.models.evaluation import Tier
from neutromon.rules.clock import AntibioticClock
from neutromon.ui.alert_strip import clock_text
from neutromon.ui.alerts.words import moment_text
from neutromon.ui.fonts import window_font
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme


class ClockFace(QWidget):
    """Number, sentence and bar; over the limit it is said in words and hatched, never by colour alone."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock: AntibioticClock | None = None
        self._number, self._said = "", ""
        self.setObjectName("clock_face")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_clock(self, clock: AntibioticClock | None, now: datetime, minutes: int) -> None:
        """Show a running or stopped clock; None where the pathway is not started."""
        self._clock = clock
        self._number = clock_text(clock.elapsed) if clock else "--:--"
        self._said = clock_words(clock, now, minutes)
        self.setAccessibleName(f"{self._number} {self._said}")
        self.update()

    def text(self) -> str:
        """Return what the clock says."""
        return self._said

    def sizeHint(self) -> QSize:
        """Return room for the number and the bar."""
        return QSize(300, self._theme.px(Size.DISPLAY) + self._theme.px(Size.BODY) + SPACE.wide)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint number, sentence and bar."""
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        big = window_font(self._theme.px(Size.DISPLAY))
        big.setWeight(QFont.Weight.DemiBold)
        over = self._clock is not None and self._clock.is_over
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.setFont(big)
        painter.setPen(QColor(palette.error if over else palette.text))
        top = QRectF(0, 0, self.width(), self._theme.px(Size.DISPLAY) + SPACE.tight)
        rtl = self.isRightToLeft()
        width = painter.fontMetrics().horizontalAdvance(self._number) + SPACE.medium
        number = QRectF(top.right() - width if rtl else 0, 0, width, top.height())
        painter.drawText(number, Qt.AlignmentFlag.AlignCenter, self._number)
        painter.setFont(window_font(self._theme.px(Size.BODY)))
        beside = QRectF(0 if rtl else width, 0, top.width() - width, top.height())
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = align & ~Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignAbsolute | side | Qt.TextFlag.TextWordWrap
        painter.drawText(beside, int(flags), self._said)
        self._bar(painter, QRectF(1, top.bottom() + SPACE.small, self.width() - 2, 10), over)
        painter.end()

    def _bar(self, painter: QPainter, box: QRectF, over: bool) -> None:
        palette = self._theme.palette
        painter.setPen(QPen(QColor(palette.border_strong), 1))
        painter.setBrush(QColor(palette.sunken))
        painter.drawRoundedRect(box, 5, 5)
        if self._clock is None:
            return
        share = min(1.0, self._clock.elapsed / self._clock.limit) if self._clock.limit else 1.0
        width = max(10.0, box.width() * share)
        left = box.right() - width if self.isRightToLeft() else box.left()
        style = self._theme.tier(Tier.EMERGENCY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.fill if over else palette.accent))
        painter.drawRoundedRect(QRectF(left, box.top(), width, box.height()), 5, 5)


def clock_words(clock: AntibioticClock | None, now: datetime, minutes: int) -> str:
    """Return what the clock says in a sentence."""
    if clock is None:
        return tr("Not started. The first antibiotic is due within {n} minutes of time zero.", n=minutes)
    if clock.stopped_by is not None and clock.stopped_by.given_at is not None:
        when = moment_text(clock.stopped_by.given_at, now)
        if clock.stopped_by.given_at < clock.time_zero:
            return tr("{drug} was given at {when}, before time zero: 0 minutes.", when=when, drug=clock.stopped_by.name)
        late = tr(", over the {n} minutes", n=minutes) if clock.is_over else ""
        return tr("Stopped at {when} by {drug}{late}.", when=when, drug=clock.stopped_by.name, late=late)
    left = int(clock.left.total_seconds() // 60)
    if clock.is_over:
        if left == -1:
            return tr("1 minute over the {limit} minutes; no antibiotic is written down.", limit=minutes)
        return tr("{n} minutes over the {limit} minutes; no antibiotic is written down.", n=-left, limit=minutes)
    return tr("{n} of {limit} minutes left; no antibiotic is written down.", n=left, limit=minutes)
