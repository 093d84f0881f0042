"""The lock screen: no name, no number of a patient; the draft behind it stays; the passphrase opens it again."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, roomy, row

ACTIVITY = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})
WINDOW_KEYS = frozenset({Qt.Key.Key_K, Qt.Key.Key_L})
"""With Ctrl: search and lock. A text field would take the first for itself, to delete what stands behind the cursor."""


class LockPage(QWidget):
    """Asks for the passphrase of the person who is signed in; `check` raises UserError where it is wrong.

    `published` is the passphrase of the practice clinic, which everybody may know.
    """

    unlocked = Signal()

    def __init__(
        self,
        user: str,
        check: Callable[[str], None],
        change_user: Callable[[], object] | None = None,
        parent: QWidget | None = None,
        *,
        published: str = "",
    ) -> None:
        super().__init__(parent)
        self._check, self._user = check, user
        self.setObjectName("lock_page")
        outer = column(self)
        outer.addStretch(2)
        card = frame("card")
        card.setFixedWidth(roomy(440))
        inner = column(card, spacing=SPACE.medium)
        inner.setContentsMargins(SPACE.wide, SPACE.wide, SPACE.wide, SPACE.wide)
        inner.addWidget(TextLabel(tr("Locked"), size=Size.TITLE, strong=True))
        self._signed_in = TextLabel("", tone="muted", wrap=True)
        self.show_user()
        inner.addWidget(self._signed_in)
        self.alerts = TextLabel("", strong=True, wrap=True)
        inner.addWidget(self.alerts)
        self.passphrase = QLineEdit()
        self.passphrase.setObjectName("lock_passphrase")
        self.passphrase.setAccessibleName(tr("Passphrase"))
        self.passphrase.setPlaceholderText(tr("Passphrase"))
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.returnPressed.connect(self._try)
        inner.addWidget(self.passphrase)
        if published:
            told = TextLabel(published, tone="accent", wrap=True)
            told.setObjectName("lock_published")
            inner.addWidget(told)
        self.problem = TextLabel("", tone="error", wrap=True)
        inner.addWidget(self.problem)
        inner.addWidget(primary_button(tr("Unlock"), self._try, name="lock_unlock"))
        if change_user is not None:
            inner.addWidget(button(tr("Sign in as somebody else"), change_user, name="lock_change_user", kind="flat"))
        line = row()
        line.addStretch(1)
        line.addWidget(card)
        line.addStretch(1)
        outer.addLayout(line)
        outer.addStretch(3)

    def show_user(self) -> None:
        """Say who is signed in, in the language in force."""
        self._signed_in.setText(tr("Signed in: {user}. What was being typed is kept.", user=isolated(self._user)))

    def begin(self, alerts: str) -> None:
        """Show how many alerts are open (never whose), and wait for the passphrase."""
        self.alerts.setText(alerts)
        self.alerts.setVisible(bool(alerts))
        self.passphrase.clear()
        self.problem.setText("")
        self.passphrase.setFocus()

    def _try(self) -> None:
        text = self.passphrase.text()
        self.passphrase.clear()
        try:
            self._check(text)
        except UserError as error:
            self.problem.setText(str(error))
            return
        self.unlocked.emit()


class IdleWatch(QObject):
    """Tells when nobody has touched keyboard or mouse for some minutes."""

    idle = Signal()

    def __init__(self, minutes: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.idle)
        self.set_minutes(minutes)

    def set_minutes(self, minutes: int) -> None:
        """Wait so long; 0 never locks by itself."""
        self._timer.setInterval(max(0, minutes) * 60_000)
        if minutes > 0:
            self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Wait no longer."""
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin to wait anew at every key and click; leave the window's own keys to the window, or to the dialog over it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in WINDOW_KEYS
        if event.type() in ACTIVITY and self._timer.isActive():
            self._timer.start()
        return False
