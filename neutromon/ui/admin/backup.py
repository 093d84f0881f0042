"""Backups: the last verified one, where the store lies, back up now, check the store, and how a restore goes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from neutromon.services.backups import Kept, Preview, backup_folder, kept_backups, last_backup, look_into
from neutromon.services.companion import companion
from neutromon.services.roles import Right, may
from neutromon.services.store_admin import check_store
from neutromon.ui.admin.panel import Panel
from neutromon.ui.admin.restore import RestoreDialog, Run
from neutromon.ui.qtmodels.records import TextColumn
from neutromon.ui.status import backup_text, backup_tone
from neutromon.ui.text import tr
from neutromon.ui.theme import Size
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.file_dialog import FileDialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.services.session import Session
    from neutromon.storage.opening import Check


class BackupPanel(Panel):
    """Says how old the last verified backup is, and makes a new one."""

    backup_requested = Signal(object)
    restore_requested = Signal(object, str)

    def __init__(self, session: Session, run: Run | None = None, parent: QWidget | None = None) -> None:
        about = tr("A backup is an encrypted copy that was opened, counted and checked before it counts. Keep one on another computer.")
        super().__init__(session, tr("Backup"), about, "backup_panel", parent)
        self._run = run
        self.state = TextLabel("", size=Size.SUBTITLE, strong=True, wrap=True)
        self.place = TextLabel("", tone="muted", wrap=True)
        self.body.addWidget(self.state)
        self.body.addWidget(self.place)
        self.line(
            primary_button(tr("Back up now"), lambda: self.backup_requested.emit(None), name="backup_now"),
            button(tr("Back up to another place"), self.choose_place, name="backup_elsewhere"),
            button(tr("Check the store"), self.check, name="backup_check"),
        )
        self.checks = TextLabel("", wrap=True)
        self.checks.setObjectName("backup_checks")
        self.checks.hide()
        self.body.addWidget(self.checks)
        self.kept = self.listing(
            (
                TextColumn[Kept](title=tr("File"), text=lambda one: one.path.name),
                TextColumn[Kept](title=tr("Made"), text=lambda one: f"{day_text(one.at.date())} {one.at:%H:%M}", width=170),
                TextColumn[Kept](title=tr("Size"), text=lambda one: f"{one.bytes / 1e6:.1f} MB", width=90),
            ),
            "backup_files",
            tr("Backups beside the store"),
            tr("No backup lies beside the store yet."),
        )
        self.add_table(self.kept)
        self.restore = button(tr("Restore a backup"), self.begin_restore, name="backup_restore")
        self.only = TextLabel(tr("An administrator restores."), tone="muted", wrap=True)
        self.line(self.restore, self.only)
        restore = tr("A restore shows first what the backup holds and what is newer today. From a shell: `neutromon store restore BACKUP`.")
        self.body.addWidget(TextLabel(restore, tone="muted", wrap=True))

    def activate(self) -> None:
        """Read what there is."""
        now, at = self.session.clock(), last_backup(self.session)
        said = backup_text(at, now)
        warning = backup_warning(at, now)
        self.state.setText(" ".join(part for part in (said[:1].upper() + said[1:] + ".", warning) if part))
        self.state.set_tone(backup_tone(at, now))
        self.restore.setEnabled(may(self.session, Right.RESTORE))
        self.only.setVisible(not self.restore.isEnabled())
        self.place.setText(tr("The store is {path}, on this computer's own disk.", path=self.session.store.path))
        self.kept.model.set_records(kept_backups(backup_folder(self.session.store.path), now))

    def check(self) -> None:
        """Check integrity, schema and audit chain, and say what was found."""
        found = check_store(self.session)
        self.checks.setText("\n".join(check_words(one) for one in found.checks))
        self.checks.show()
        self.checks.set_tone("" if found.ok else "error")

    def choose_place(self) -> None:
        """Ask where a further copy is to lie: another disk, a network folder."""
        dialog = FileDialog(self, tr("Back up to another place"))
        dialog.setObjectName("backup_place")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("NeutroMon (*.neutromon)")
        dialog.setDefaultSuffix("neutromon")
        path = self.session.store.path
        dialog.selectFile(f"{path.stem}-{self.session.clock():%Y-%m-%d}.neutromon")
        dialog.fileSelected.connect(lambda name: self.backup_requested.emit(Path(name)))
        dialog.open()

    def begin_restore(self) -> Dialog:
        """Open the guided restore over the backups beside the store, the chosen one first."""
        chosen = self.kept.table.current()
        others = [one for one in self.kept.model.records() if chosen is None or one.path != chosen.path]
        backups = [*([chosen] if chosen is not None else []), *others]
        dialog = RestoreDialog(backups, self._look, self._run, user=self.session.user, parent=self)
        dialog.chosen.connect(lambda path, _user, secret: self.restore_requested.emit(path, secret))
        dialog.open()
        return dialog

    def _look(self, path: Path, _user: str, secret: str) -> Preview:
        if self._run is None:
            return look_into(self.session, path, secret)
        with companion(self.session) as own:
            return look_into(own, path, secret)


def check_words(one: Check) -> str:
    """Return what a check found; what it says itself follows where something is wrong."""
    good = {
        "integrity": tr("Every page of the file is whole"),
        "foreign keys": tr("Every record finds what it belongs to"),
        "schema": tr("Every table is there"),
        "audit chain": tr("The audit trail is unbroken"),
    }
    bad = {
        "integrity": tr("The file is damaged"),
        "foreign keys": tr("Records miss what they belong to"),
        "schema": tr("Tables are missing"),
        "audit chain": tr("The audit trail is broken"),
    }
    if one.ok:
        return f"✓ {good.get(one.name, one.name)}"
    return f"✕ {bad.get(one.name, one.name)}: {one.text}"


def backup_warning(at: datetime | None, now: datetime) -> str:
    """Return what an old or missing backup means; "" for one of the last day."""
    if at is None:
        return tr("If this computer breaks, everything is lost. Back up now.")
    days = (now - at).days
    return tr("That is {n} days ago. Back up now.", n=days) if days else ""
