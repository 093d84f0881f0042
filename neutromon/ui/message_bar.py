"""The bar at the foot: what was saved, with undo for ten seconds and later by Ctrl+Z, or what went wrong and what to do."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from neutromon.models.errors import UserError
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel, restyle
from neutromon.ui.widgets.layout import frame, row

UNDO_MS = 10_000
READ_MS = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoStep:
    """What was done and how to take it back; taking back is a new entry of its own, never an erasure."""

    title: str
    inverse: Callable[[], object]


class MessageBar(QWidget):
    """Shows one message at a time; an error stays until it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self._step: UndoStep | None = None
        self._act: Callable[[], object] = lambda: None
        self._is_built = False
        self.hide()

    def _build(self) -> None:
        """Build what a message needs, with the first one: the first list is painted without it."""
        self._is_built = True
        outer = row(self)
        outer.setContentsMargins(SPACE.large, 0, SPACE.large, SPACE.small)
        self._frame: QFrame = frame("info")
        outer.addWidget(self._frame)
        line = row(self._frame)
        line.setContentsMargins(SPACE.medium, SPACE.tight, SPACE.tight, SPACE.tight)
        self._text = TextLabel(wrap=True)
        self._undo = button(tr("Undo"), self._take_back, name="undo", kind="flat", key="Ctrl+Z")
        self._go = button("", self._go_on, name="message_go", kind="flat")
        self._close = button(tr("Close"), self.clear, name="message_close", kind="flat")
        line.addWidget(self._text, 1)
        line.addWidget(self._undo)
        line.addWidget(self._go)
        line.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._rest)
        self._again = QShortcut(QKeySequence("Ctrl+Z"), self.window(), self._offer_again)
        self._again.setEnabled(False)

    def prepare(self) -> None:
        """Build it before it is needed."""
        if not self._is_built:
            self._build()

    def show_saved(self, title: str, step: UndoStep | None = None) -> None:
        """Say what was saved; with a step, offer to undo it for ten seconds."""
        self._step = step
        self._show(title, "info", UNDO_MS if step else READ_MS)

    def offer(self, text: str, words: str, act: Callable[[], object]) -> None:
        """Say something and offer a step by a button; a message that is shown is not taken away for it."""
        if self.isVisible():
            return
        self._step, self._act = None, act
        self._show(text, "info", UNDO_MS)
        self._go.setText(words)
        self._go.setAccessibleName(words)
        self._go.show()

    def show_error(self, error: UserError | str) -> None:
        """Say what went wrong and what to do; it stays until it is closed."""
        self._step = None
        self._show(str(error), "error", 0)

    def text(self) -> str:
        """Return what is said, or ""."""
        return "" if self.isHidden() else self._text.text()

    def clear(self) -> None:
        """Take the message away."""
        if not self._is_built:
            return
        self._timer.stop()
        self._step = None
        self._again.setEnabled(False)
        self.hide()

    def _rest(self) -> None:
        """Take the message away and keep its step: Ctrl+Z shows it again until the next message comes."""
        self.hide()
        self._again.setEnabled(self._step is not None)

    def _offer_again(self) -> None:
        """Show what was saved last and offer to take it back; the key alone never does, it may have been meant for a field."""
        if self._step is not None:
            self.show_saved(tr("Saved last: {title}", title=self._step.title), self._step)

    def _show(self, text: str, role: str, duration_ms: int) -> None:
        self.prepare()
        self._text.setText(text)
        self._frame.setProperty("role", role)
        restyle(self._frame)
        self._undo.setVisible(self._step is not None)
        self._go.hide()
        self._again.setEnabled(False)  # the button has the key while it is shown
        self._timer.stop()
        if duration_ms:
            self._timer.start(duration_ms)
        self.show()

    def _go_on(self) -> None:
        self.clear()
        self._act()

    def _take_back(self) -> None:
        step = self._step
        self.clear()
        if step is not None:
            step.inverse()
