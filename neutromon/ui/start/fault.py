"""The dialog of a fault: what happened in one sentence, what is safe, restart as the default."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from neutromon.ui.text import tr
from neutromon.ui.theme import Size
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel


class FaultDialog(Dialog):
    """Shows places in the program only; everything that was reported as saved is saved."""

    restart_requested = Signal()

    def __init__(self, place: str, log: Path, parent: QWidget | None = None) -> None:
        about = tr("Something in the program did not work. Everything that was reported as saved is saved.")
        super().__init__(tr("A fault in NeutroMon"), about=about, name="fault", parent=parent, width=620)
        details = QPlainTextEdit(place)
        details.setObjectName("fault_place")
        details.setAccessibleName(tr("Place of the fault"))
        details.setReadOnly(True)
        details.setTabChangesFocus(True)
        self.body.addWidget(details)
        told = tr("The same is written to {path}; it holds no patient data.", path=log)
        self.body.addWidget(TextLabel(told, size=Size.CAPTION, tone="muted", wrap=True))
        restart = self.add_primary(tr("Restart"), self._restart, name="restart", cancel=tr("Go on"))
        restart.setFocus()

    def _restart(self) -> None:
        self.accept()
        self.restart_requested.emit()


class LastCrashDialog(Dialog):
    """Offered at the next start after the program ended without closing."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        about = tr("Last time NeutroMon ended unexpectedly. Everything that was reported as saved is there, and so are drafts.")
        super().__init__(tr("NeutroMon ended unexpectedly"), about=about, name="last_crash", parent=parent, width=620)
        details = QPlainTextEdit(text)
        details.setObjectName("last_crash_place")
        details.setAccessibleName(tr("Place of the fault"))
        details.setReadOnly(True)
        details.setTabChangesFocus(True)
        self.body.addWidget(details)
        told = tr("It names places in the program, no patient data. Hand it to those who look after this computer.")
        self.body.addWidget(TextLabel(told, size=Size.CAPTION, tone="muted", wrap=True))
        self.add_buttons(None, cancel=tr("Close"))
