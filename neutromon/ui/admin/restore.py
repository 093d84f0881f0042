"""The guided restore: choose a backup, have it verified, see what it holds and what is newer today, then put it in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.services.backups import Kept, Lost, Preview
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.tasks.task import Task
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import CONTROL_HEIGHT
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import TITLE_BAR, Dialog
from neutromon.ui.widgets.file_dialog import FileDialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import field_row, roomy, row
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from datetime import datetime

Look = Callable[[Path, str, str], Preview]
Run = Callable[[Callable[[], Any]], Task | None]
LABELS = 190


class RestoreDialog(Dialog):
    """`look(path, user, passphrase)` verifies a backup; `chosen` carries path, user and passphrase once a person has decided.

    `run` does work beside the window and returns its task; None where it is done at once (before anybody has signed in).
    """

    chosen = Signal(object, str, str)

    def __init__(self, backups: list[Kept], look: Look, run: Run | None = None, *, user: str | None, parent: QWidget | None = None) -> None:
        about = tr("The present store is kept beside the restored one under another name. Nothing is erased.")
        super().__init__(tr("Restore a backup"), about=about, name="restore_dialog", parent=parent, width=roomy(820))
        self._look, self._run = look, run
        self._seen: Preview | None = None
        self._build_choice(backups, user)
        self.state = TextLabel("", strong=True, wrap=True)
        self.state.setObjectName("restore_state")
        self.body.addWidget(self.state)
        columns = (
            TextColumn[Lost](title=tr("Patient"), text=_whose),
            TextColumn[Lost](title=tr("Records"), text=lambda one: str(one.records), width=90),
            TextColumn[Lost](title=tr("Newest"), text=lambda one: _when(one.last_at), width=160),
        )
        self.lost = RecordsModel[Lost](columns, self)
        self.table = RecordsTable[Lost](self.lost, "restore_lost", tr("What the present store has and this backup has not"))
        self.table.setMinimumHeight(4 * CONTROL_HEIGHT)
        self.body.addWidget(self.table, 1)
        self.sure = QCheckBox(tr("Put this backup in the place of the present store"))
        self.sure.setObjectName("restore_sure")
        self.sure.setAccessibleName(self.sure.text())
        self.body.addWidget(self.sure)
        self.go = self.add_primary(tr("Restore"), self._give, name="restore_go")
        self.sure.toggled.connect(lambda _on: self._enable())
        self._forget()

    def _build_choice(self, backups: list[Kept], user: str | None) -> None:
        self.file = QComboBox()
        self.file.setObjectName("restore_file")
        self.file.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for one in backups:
            self.file.addItem(f"{_when(one.at)} · {one.path.name}", str(one.path))
        line = row()
        line.addWidget(field_row(tr("Backup"), self.file, label_width=LABELS), 1)
        line.addWidget(button(tr("Another file"), self.choose_file, name="restore_other"))
        self.body.addLayout(line)
        self.user = QLineEdit(user or "")
        self.user.setObjectName("restore_user")
        self.secret = QLineEdit()
        self.secret.setObjectName("restore_secret")
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        name = field_row(tr("User"), self.user, label_width=LABELS)
        name.setVisible(user is None)
        self.body.addWidget(name)
        self._secret = field_row(tr("Passphrase of that time"), self.secret, label_width=LABELS)
        self._secret.setVisible(user is None)
        self.body.addWidget(self._secret)
        self.verify = button(tr("Verify and look into it"), self.look, name="restore_verify")
        check = row()
        check.addWidget(self.verify)
        check.addStretch(1)
        self.body.addLayout(check)
        self.file.activated.connect(lambda _number: self._forget())
        self.secret.returnPressed.connect(self.look)

    def choose_file(self) -> None:
        """Ask for a backup that lies elsewhere."""
        dialog = FileDialog(self, tr("Restore a backup"))
        dialog.setNameFilter("NeutroMon (*.neutromon)")
        dialog.fileSelected.connect(lambda name: self.take_file(Path(name)))
        dialog.open()

    def take_file(self, path: Path) -> None:
        """Choose a file."""
        self.file.insertItem(0, path.name, str(path))
        self.file.setCurrentIndex(0)
        self._forget()

    def path(self) -> Path | None:
        """Return the chosen file."""
        found = self.file.currentData()
        return Path(found) if found else None

    def _forget(self) -> None:
        self._seen = None
        self.state.setText(tr("Verify the backup first: it is opened, checked page by page and counted; nothing is changed."))
        self.state.set_tone("muted")
        self.lost.set_records([])
        self.table.hide()
        self.sure.setChecked(False)
        self.show_problem("")
        self._enable()

    def _enable(self) -> None:
        self.sure.setEnabled(self._seen is not None)
        self.go.setEnabled(self._seen is not None and self.sure.isChecked())

    def look(self) -> None:
        """Verify the chosen backup beside the window, then show what it holds."""
        path = self.path()
        if path is None:
            self.show_problem(tr("Choose a backup."))
            return
        self._forget()
        self.verify.setEnabled(False)
        self.state.setText(tr("Verifying …"))
        user, secret = self.user.text().strip(), self.secret.text()
        if self._run is None:
            QTimer.singleShot(0, self, lambda: self._look_now(path, user, secret))
            return
        task = self._run(lambda: self._look(path, user, secret))
        if task is not None:
            task.done.connect(self._show)
            task.failed.connect(self._fail)

    def _look_now(self, path: Path, user: str, secret: str) -> None:
        try:
            self._show(self._look(path, user, secret))
        except UserError as error:
            self._fail(error)

    def _show(self, seen: Preview) -> None:
        self.verify.setEnabled(True)
        self._seen = seen
        held = seen.contents
        text = tr(
            "✓ The backup is whole: {patients} patients, {samples} blood counts, {records} records; the newest of {when}.",
            patients=held.patients,
            samples=held.samples,
            records=held.records,
            when=_when(seen.last_at),
        )
        self.state.setText(f"{text} {self._newer(seen)}")
        self.state.set_tone("hold" if seen.lost or seen.lost is None else "meets")
        self.lost.set_records(seen.lost or ())
        self.table.setVisible(bool(seen.lost))
        self._grow()
        self._enable()

    def _grow(self) -> None:
        """Make room for what was found, as far as the screen has it."""
        needed = self.sizeHint().height()
        if needed > self.height():
            self.resize(self.width(), min(needed, self.screen().availableGeometry().height() - TITLE_BAR))

    def _newer(self, seen: Preview) -> str:
        if seen.lost is None:
            return tr("The present store does not open, so what is newer in it cannot be told.")
        if not seen.lost:
            return tr("The present store has nothing that is not in it.")
        number = len(seen.lost) + seen.more
        return tr("Newer in the present store, and not there after the restore: records of {n} patients or of the clinic.", n=number)

    def _fail(self, error: object) -> None:
        self.verify.setEnabled(True)
        self._forget()
        if not isinstance(error, UserError):
            assert isinstance(error, BaseException)
            raise error
        self._secret.show()
        self.show_problem(error)

    def _give(self) -> None:
        path = self.path()
        if path is not None and self._seen is not None:
            self.accept()
            self.chosen.emit(path, self.user.text().strip(), self.secret.text())


def _whose(one: Lost) -> str:
    whose = " · ".join(part for part in (isolated(one.name), one.mrn) if part)
    return whose or tr("the clinic: people, settings, waiting results")


def _when(at: datetime | None) -> str:
    return f"{day_text(at.date())} {at:%H:%M}" if at else "–"
