"""The audit trail: every write and every look at a patient, newest first, and whether the chain holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from neutromon.services.store_admin import audit_trail, number_of
from neutromon.storage.audit import AuditEntry
from neutromon.ui.admin.panel import Panel
from neutromon.ui.patient.log_model import kind_words
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
        self.state = TextLabel("", size=Size.SUBTITLE, strong=True, wrap=True)
        self.body.addWidget(self.state)
        self.entries = self.listing(
            (
                TextColumn[AuditEntry](title=tr("Number"), text=lambda one: str(one.seq), width=80),
                TextColumn[AuditEntry](title=tr("When"), text=when_text, width=170),
                TextColumn[AuditEntry](title=tr("Who"), text=lambda one: isolated(one.who), width=150),
                TextColumn[AuditEntry](title=tr("What"), text=lambda one: what_text(one.what), width=330),
                TextColumn[AuditEntry](title=tr("Patient"), text=self._patient),
            ),
            "audit_table",
            tr("Audit trail"),
        )
        self.body.addWidget(self.entries.table, 1)

    def _patient(self, one: AuditEntry) -> str:
        """Return the number of the patient whom an entry is about; the trail itself holds no name."""
        if one.seq not in self._numbers:
            self._numbers[one.seq] = number_of(self.session, one)
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


def when_text(one: AuditEntry) -> str:
    """Return the time of an entry as the window writes times, to the second."""
    at = datetime.fromisoformat(one.at)
    return f"{day_text(at.date())} {at:%H:%M:%S}"


def what_text(what: str) -> str:
    """Return what an entry says in words; what is new here keeps its stored words."""
    kind, _, done = what.partition(" ")
    own = {"held": tr("Waiting result"), "code_rule": tr("Rule for a code"), "message": tr("Message")}
    words = {
        "added": tr("recorded"),
        "changed": tr("changed"),
        "corrected": tr("corrected"),
        "voided": tr("withdrawn"),
        "restored": tr("brought back"),
        "taken back": tr("taken back"),
        "imported": tr("imported"),
        "imported again": tr("imported again"),
        "seen again": tr("arrived again"),
        "created by import": tr("created by an import"),
        "raised": tr("raised"),
        "re_raised": tr("raised again"),
        "seen": tr("seen"),
        "acknowledged": tr("answered"),
        "snoozed": tr("paused"),
        "owner": tr("owner changed"),
        "cleared": tr("condition gone"),
        "resolved": tr("resolved"),
        "superseded": tr("replaced by a newer one"),
        "evidence": tr("new evidence"),
        "resolved: confirm": tr("values decided"),
        "resolved: assign": tr("assigned to a patient"),
        "resolved: create": tr("patient created"),
        "resolved: reject": tr("rejected"),
        "resolved: imported": tr("stored by a later import"),
    }
    if done not in words:
        return what.replace("_", " ").capitalize()
    return f"{own.get(kind) or kind_words(kind)}: {words[done]}"
