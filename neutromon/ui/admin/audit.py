"""The audit trail: every write and every look at a patient, newest first, and whether the chain holds."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from neutromon.services.store_admin import audit_trail, number_of, person_of
from neutromon.storage.audit import AuditEntry
from neutromon.ui.admin.audit_words import what_text
from neutromon.ui.admin.panel import Panel
from neutromon.ui.qtmodels.records import TextColumn
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import Size
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.services.session import Session

SHOWN = 500


class AuditPanel(Panel):
    """Verified anew each time it is shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        about = tr("Nothing is ever erased. Each entry seals the one before it; a changed or missing one breaks the chain.")
        super().__init__(session, tr("Audit trail"), about, "audit_panel", parent)
        self._numbers: dict[int, str] = {}
        self._people: dict[int, str] = {}
        self.state = TextLabel("", size=Size.SUBTITLE, strong=True, wrap=True)
        self.body.addWidget(self.state)
        self.entries = self.listing(
            (
                TextColumn[AuditEntry](title=tr("Number"), text=lambda one: str(one.seq), width=84),
                TextColumn[AuditEntry](title=tr("When"), text=self._when, width=186),
                TextColumn[AuditEntry](title=tr("Who"), text=lambda one: isolated(one.who), width=130),
                TextColumn[AuditEntry](title=tr("What"), text=self._what),
                TextColumn[AuditEntry](title=tr("Patient"), text=self._patient, width=150),
            ),
            "audit_table",
            tr("Audit trail"),
        )
        self.add_table(self.entries)

    def _when(self, one: AuditEntry) -> str:
        return when_text(one, self.session.clock().tzinfo)

    def _what(self, one: AuditEntry) -> str:
        """Return what was done, with the name of the person whose access it is about."""
        if one.seq not in self._people:
            self._people[one.seq] = person_of(self.session, one)
        name = self._people[one.seq]
        return f"{what_text(one.what)} – {isolated(name)}" if name else what_text(one.what)

    def _patient(self, one: AuditEntry) -> str:
        """Return the number of the patient whom an entry is about; the trail itself holds no name."""
        if one.seq not in self._numbers:
            number, as_sent = number_of(self.session, one)
            self._numbers[one.seq] = tr("{number}, as sent", number=isolated(number)) if number and as_sent else number
        return self._numbers[one.seq]

    def activate(self) -> None:
        """Read and verify the trail."""
        trail = audit_trail(self.session)
        number = len(trail.entries)
        if trail.verified:
            self.state.setText(tr("✓ The chain holds: {n} entries. The newest are shown.", n=number))
        else:
            self.state.setText(tr("✕ The chain is broken: {problem}. Keep this store as it is and ask for help.", problem=trail.problem))
        self.state.set_tone("meets" if trail.verified else "error")
        self.entries.model.set_records(list(reversed(trail.entries[-SHOWN:])))


def when_text(one: AuditEntry, zone: tzinfo | None = None) -> str:
    """Return the local time of an entry as the window writes times, to the second."""
    at = datetime.fromisoformat(one.at).astimezone(zone)
    return f"{day_text(at.date())} {at:%H:%M:%S}"
