"""The status bar: last verified backup, where the data lie, how many patients, offline; and background work."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStatusBar, QWidget

from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.ui.tasks.bar import TaskBar

OLD_BACKUP, LATE_BACKUP = timedelta(hours=24), timedelta(days=7)
"""From when on a backup's age is said in the colour of a hold, and from when on in that of an error."""
WORK_PX, EDGE_PX = 30, 7
"""The height of progress and its button at plain text size, and of the frame around them."""


class StatusBar(QStatusBar):
    """One line of quiet facts; a missing or old backup is said in the colour of a hold, with words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_bar")
        self.setSizeGripEnabled(False)
        self.setContentsMargins(SPACE.medium, 0, SPACE.medium, 0)
        self._backup = TextLabel("", size=Size.CAPTION, tone="muted")
        self._facts = TextLabel("", size=Size.CAPTION, tone="muted")
        self.addWidget(self._backup)
        self.addWidget(self._facts)

    @cached_property
    def tasks(self) -> TaskBar:
        """Return the progress of background work, built with the first of it."""
        from neutromon.ui.tasks.bar import TaskBar

        made = TaskBar()
        self.addPermanentWidget(made)
        made.hide()
        return made

    def set_scale(self, scale: float) -> None:
        """Keep the room that work in progress needs, so that no page moves under the mouse when work begins."""
        self.setMinimumHeight(round(WORK_PX * scale) + EDGE_PX)

    def prepare(self) -> None:
        """Build and style the progress of background work before it is needed."""
        self.tasks.ensurePolished()

    def show_backup(self, at: datetime | None, now: datetime) -> None:
        """Say when the last verified backup was made."""
        tone = backup_tone(at, now)
        self._backup.setText(backup_text(at, now))
        self._backup.set_tone("muted" if tone == "meets" else tone)

    def show_patients(self, number: int) -> None:
        """Say how many patients there are, and that nothing leaves this computer."""
        parts = (tr("data on this computer"), tr("1 patient") if number == 1 else tr("{n} patients", n=number), tr("works offline"))
        self._facts.setText("· " + " · ".join(parts))

    def text(self) -> str:
        """Return what is said."""
        return f"{self._backup.text()} {self._facts.text()}"


def backup_tone(at: datetime | None, now: datetime) -> str:
    """Return the meaning of a backup's age; a missing one is a hold until there is something to lose."""
    if at is None:
        return "hold"
    age = now - at
    return "error" if age >= LATE_BACKUP else "hold" if age >= OLD_BACKUP else "meets"


def backup_text(at: datetime | None, now: datetime) -> str:
    """Return when the last backup was verified: a time today, a date before."""
    if at is None:
        return tr("no backup yet")
    local = at.astimezone(now.tzinfo)
    when = f"{local:%H:%M}" if local.date() == now.date() else day_text(local.date())
    return tr("backup verified {when}", when=when)
