"""Help before anybody has signed in: a damaged or lost store from its backup, a lost passphrase by the recovery key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.ui.start.entry import EntryWindow
from neutromon.ui.text import tr
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.layout import field_row, roomy

if TYPE_CHECKING:
    from neutromon.ui.admin.restore import RestoreDialog
    from neutromon.ui.start.starter import Starter

Clock = Callable[[], datetime]
LABELS = 200


def offer_rescue(window: EntryWindow, store: Path, clock: Clock, *, practice: bool = False) -> None:
    """Add to an entry window what helps where the store or every passphrase is lost."""
    text = tr("Restore a backup")
    window.body.addWidget(button(text, lambda: begin_restore(window, store, clock, practice=practice), name="entry_restore", kind="flat"))
    window.body.addWidget(
        button(tr("Use the recovery key"), lambda: begin_recovery(window, store, clock), name="entry_recover", kind="flat")
    )


def begin_restore(window: EntryWindow, store: Path, clock: Clock, *, practice: bool = False) -> RestoreDialog:
    """Open the guided restore over the backups beside the store."""
    from neutromon.services.backups import backup_folder, kept_backups, look_before_sign_in
    from neutromon.ui.admin.restore import RestoreDialog

    dialog = RestoreDialog(kept_backups(backup_folder(store), clock()), look_before_sign_in, user=None, parent=window)
    dialog.chosen.connect(lambda path, user, secret: _restore(window, store, clock, (path, user, secret), practice))
    dialog.open()
    return dialog


def _restore(window: EntryWindow, store: Path, clock: Clock, chosen: tuple[Path, str, str], practice: bool) -> None:
    from neutromon.services.backups import restore

    path, user, secret = chosen
    try:
        mark = restore(path, store, user, secret, now=clock(), practice=practice)
    except UserError as error:
        window.show_problem(error)
        return
    window.show_news(restored_text(store, mark))


def restored_text(store: Path, mark: str) -> str:
    """Return what is said after a restore."""
    return tr("The backup is restored. What was there is kept as {name}. Sign in again.", name=f"{store.name}.{mark}")


def begin_recovery(window: EntryWindow, store: Path, clock: Clock) -> RecoveryDialog:
    """Ask for the recovery key, a name and a new passphrase."""
    dialog = RecoveryDialog(window)
    dialog.given.connect(lambda sheet, user, secret: _recover(dialog, window, store, clock, (sheet, user, secret)))
    dialog.open()
    return dialog


def _recover(dialog: Dialog, window: EntryWindow, store: Path, clock: Clock, given: tuple[str, str, str]) -> None:
    from neutromon.storage.rotation import recover

    try:
        recover(store, *given, clock())
    except UserError as error:
        dialog.show_problem(error)
        return
    dialog.accept()
    window.show_news(tr("{name} has a new passphrase. Sign in with it.", name=given[1]))


class RecoveryDialog(Dialog):
    """The recovery key from its sheet, who types it, and her new passphrase; `given` carries the three."""

    given = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        about = tr("The key from the sheet opens the store without any passphrase. Its use stands in the audit trail.")
        super().__init__(tr("Use the recovery key"), about=about, name="recovery_dialog", parent=parent, width=roomy(560))
        self.sheet = QPlainTextEdit()
        self.sheet.setObjectName("recovery_sheet")
        self.sheet.setTabChangesFocus(True)
        self.sheet.setFixedHeight(84)
        self.body.addWidget(field_row(tr("Recovery key"), self.sheet, label_width=LABELS))
        self.user = self._field(tr("User"), "recovery_user")
        self.secret = self._field(tr("New passphrase"), "recovery_new", secret=True)
        self.again = self._field(tr("Again"), "recovery_again", secret=True)
        self.add_primary(tr("Open"), self._give, name="recovery_open")
        self.sheet.setFocus()

    def _field(self, label: str, name: str, *, secret: bool = False) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        if secret:
            made.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(field_row(label, made, label_width=LABELS))
        return made

    def _give(self) -> None:
        if not self.user.text().strip():
            self.show_problem(tr("The name is missing."))
        elif self.secret.text() != self.again.text():
            self.show_problem(tr("The two passphrases differ. Type them again."))
        else:
            self.given.emit(self.sheet.toPlainText(), self.user.text().strip(), self.secret.text())


def restore_and_sign_in(starter: Starter, backup: Path, passphrase: str) -> None:
    """Close the clinic, put the backup in its place, and ask to sign in again; where it fails the present store stays."""
    from neutromon.services.backups import may_restore, restore

    session = starter.session
    if session is None:
        return
    may_restore(session)
    path, user, key = session.store.path, session.user, session.store.key
    entry = starter.sign_in_again()
    starter.leave()
    try:
        mark = restore(backup, path, user, passphrase, now=session.clock(), present=key, practice=session.practice)
    except UserError as error:
        entry.show_problem(error)
        return
    entry.show_news(restored_text(path, mark))
