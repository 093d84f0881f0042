"""Backups: the last verified one, where the store lies, back up now, check the store, and how a restore goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from neutromon.services.store_admin import check_store, last_backup
from neutromon.ui.admin.panel import Panel
from neutromon.ui.qtmodels.records import TextColumn
from neutromon.ui.status import OLD_BACKUP, backup_text
from neutromon.ui.text import tr
from neutromon.ui.theme import Size
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.services.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A backup file in the folder beside the store."""

    path: Path
    at: datetime
    bytes: int


class BackupPanel(Panel):
    """Says how old the last verified backup is, and makes a new one."""

    backup_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        about = tr("A backup is an encrypted copy that was opened, counted and checked before it counts. Keep one on another computer.")
        super().__init__(session, tr("Backup"), about, "backup_panel", parent)
        self.state = TextLabel("", size=Size.SUBTITLE, strong=True)
        self.place = TextLabel("", tone="muted", wrap=True)
        self.body.addWidget(self.state)
        self.body.addWidget(self.place)
        self.line(
            primary_button(tr("Back up now"), self.backup_requested.emit, name="backup_now"),
            button(tr("Check the store"), self.check, name="backup_check"),
        )
        self.checks = TextLabel("", wrap=True)
        self.checks.setObjectName("backup_checks")
        self.body.addWidget(self.checks)
        self.kept = self.listing(
            (
                TextColumn[Kept](title=tr("File"), text=lambda one: one.path.name),
                TextColumn[Kept](title=tr("Made"), text=lambda one: f"{day_text(one.at.date())} {one.at:%H:%M}", width=170),
                TextColumn[Kept](title=tr("Size"), text=lambda one: f"{one.bytes / 1e6:.1f} MB", width=90),
            ),
            "backup_files",
            tr("Backups beside the store"),
        )
        self.body.addWidget(self.kept.table, 1)
        self.body.addWidget(section_title(tr("To restore")))
        restore = tr(
            "Close NeutroMon, then run `neutromon store restore BACKUP` with your user and passphrase. The backup is checked first, "
            "and what was there is kept beside it under another name. After a restore, look whether the newest counts are there."
        )
        self.body.addWidget(TextLabel(restore, tone="muted", wrap=True))

    def activate(self) -> None:
        """Read what there is."""
        now, at = self.session.clock(), last_backup(self.session)
        late = at is None or now - at > OLD_BACKUP
        said = backup_text(at, now)
        self.state.setText(said[:1].upper() + said[1:])
        self.state.set_tone("hold" if late else "meets")
        self.place.setText(tr("The store is {path}, on this computer's own disk.", path=self.session.store.path))
        self.kept.model.set_records(kept_backups(self.session.store.path.parent / "backups", now))

    def check(self) -> None:
        """Check integrity, schema and audit chain, and say what was found."""
        found = check_store(self.session)
        lines = [f"{'✓' if one.ok else '✕'} {one.name}: {one.text}" for one in found.checks]
        self.checks.setText("\n".join(lines))
        self.checks.set_tone("" if found.ok else "error")


def kept_backups(folder: Path, now: datetime) -> list[Kept]:
    """Return the backups in a folder, newest first."""
    if not folder.is_dir():
        return []
    found = []
    for path in folder.glob("*.neutromon"):
        state = path.stat()
        found.append(Kept(path=path, at=datetime.fromtimestamp(state.st_mtime, now.tzinfo), bytes=state.st_size))
    return sorted(found, key=lambda one: one.at, reverse=True)
