"""A row of choices in one frame, one of them chosen; a single stop of the Tab key, chosen by arrows or first letters."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from neutromon.ui.fonts import window_font
from neutromon.ui.text import tr
from neutromon.ui.theme import RADIUS, Size, Theme

T = TypeVar("T")
AIR = 11


class Segments(QWidget, Generic[T]):
    """Codes with their words; `quiet` codes (such as "not asked") are drawn as no answer. A letter moves on to the next field."""

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        choices: Sequence[tuple[T, str]],
        *,
        name: str,
        about: str,
        value: T,
        quiet: Sequence[T] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._choices, self._quiet, self._about = theme, list(choices), list(quiet), about
        self._value = value
        self._off: set[int] = set()
        self._hover = -1
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._font = window_font(theme.px(Size.BODY))
        self._say()

    @property
    def value(self) -> T:
        """Return the code that is chosen."""
        return self._value

    def set_value(self, value: T) -> None:
        """Choose a code."""
        number = self._number(value)
        if value == self._value or number in self._off or number < 0:
            return
        self._value = value
        self._say()
        self.update()
        self.changed.emit()

    def draft_text(self) -> str:
        """Return the choice as a draft keeps it."""
        return str(self._number(self._value))

    def set_draft_text(self, text: str) -> None:
        """Take a choice from a draft; one that is not offered any more is passed over."""
        number = int(text) if text.isdecimal() else -1
        if 0 <= number < len(self._choices):
            self.set_value(self._choices[number][0])

    def set_off(self, value: T, off: bool) -> None:
        """Close a choice, or open it again."""
        (self._off.add if off else self._off.discard)(self._number(value))
        self._say()
        self.update()

    def is_off(self, value: T) -> bool:
        """Return whether a choice is closed."""
        return self._number(value) in self._off

    def _number(self, value: T) -> int:
        return next((n for n, (code, _) in enumerate(self._choices) if code == value), -1)

    def _word(self) -> str:
        words = next((words for code, words in self._choices if code == self._value), tr("nothing chosen"))
        return tr("unknown") if words == "?" else words

    def _say(self) -> None:
        self.setAccessibleName(f"{self._about}: {self._word()}")
        offered = (words for number, (_, words) in enumerate(self._choices) if number not in self._off and words)
        self.setAccessibleDescription(tr("Choices: {words}. Arrows, or the first letter.", words=", ".join(offered)))

    def _bold(self) -> QFont:
        bold = QFont(self._font)
        bold.setWeight(QFont.Weight.DemiBold)
        return bold

    def _boxes(self) -> list[QRectF]:
        metrics = QFontMetrics(self._bold())
        found, left = [], 1.0
        for _, words in self._choices:
            width = float(metrics.horizontalAdvance(words) + 2 * AIR)
            found.append(QRectF(left, 1.0, width, self.height() - 2.0))
            left += width
        if self.isRightToLeft():
            return [QRectF(self.width() - box.right(), box.top(), box.width(), box.height()) for box in found]
        return found

    def sizeHint(self) -> QSize:
        """Return room for every choice."""
        metrics = QFontMetrics(self._bold())
        width = sum(metrics.horizontalAdvance(words) + 2 * AIR for _, words in self._choices)
        return QSize(width + 2, metrics.height() + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame, the chosen segment and the words."""
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        outline = QPainterPath()
        outline.addRoundedRect(frame, RADIUS, RADIUS)
        painter.fillPath(outline, QColor(palette.surface))
        painter.setClipPath(outline)
        for number, ((code, words), box) in enumerate(zip(self._choices, self._boxes(), strict=True)):
            self._segment(painter, box, words, code == self._value, code in self._quiet, number)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.focus if self.hasFocus() else palette.border_strong), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        painter.end()

    def _segment(self, painter: QPainter, box: QRectF, words: str, chosen: bool, quiet: bool, number: int) -> None:
        palette = self._theme.palette
        ink = palette.text
        if chosen:
            painter.fillRect(box, QColor(palette.sunken if quiet else palette.accent))
            ink = palette.text_muted if quiet else palette.on_accent
        elif number in self._off:
            ink = palette.text_faint
        elif number == self._hover:
            painter.fillRect(box, QColor(palette.hover))
        if number and not chosen:
            painter.setPen(QPen(QColor(palette.border), 1))
            edge = box.right() if self.isRightToLeft() else box.left()
            painter.drawLine(int(edge), int(box.top()) + 5, int(edge), int(box.bottom()) - 5)
        font = self._bold() if chosen and not quiet else QFont(self._font)
        font.setStrikeOut(number in self._off)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would choose."""
        self._hover = next((n for n, box in enumerate(self._boxes()) if box.contains(event.position())), -1)
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Show it no longer."""
        self._hover = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is clicked."""
        for (code, _), box in zip(self._choices, self._boxes(), strict=True):
            if box.contains(event.position()):
                self.set_value(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the arrows; take a choice by its first letter or digit and move on."""
        back = event.key() == (Qt.Key.Key_Right if self.isRightToLeft() else Qt.Key.Key_Left)
        forth = event.key() == (Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right)
        if back or forth:
            self._step(1 if forth else -1)
            return
        letter = event.text().casefold()
        wanted = [code for code, words in self._choices if letter.strip() and words.casefold().startswith(letter)]
        wanted = [code for code in wanted if code not in self._quiet and not self.is_off(code)]
        if not wanted or event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
            return
        at = wanted.index(self._value) + 1 if self._value in wanted else 0
        self.set_value(wanted[at % len(wanted)])
        if len(wanted) == 1:  # where words share their first letter, the letter goes through them
            self.focusNextChild()

    def _step(self, by: int) -> None:
        """Go to the next choice that is open; nothing chosen lies before the first."""
        number = self._number(self._value) + by
        while 0 <= number < len(self._choices) and number in self._off:
            number += by
        if 0 <= number < len(self._choices):
            self.set_value(self._choices[number][0])


def answers() -> list[tuple[bool | None, str]]:
    """Return yes, no and not asked; not asked is never taken for no."""
    return [(True, tr("Yes")), (False, tr("No")), (None, tr("Not asked"))]
