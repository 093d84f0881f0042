"""The audit trail: every write and every look at a patient, newest first, and whether the chain holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from neutromon.services.store_admin import audit_trail
from neutromon.storage.audit import AuditEntry
from neutromon.ui.admin.panel import Panel
from neutromon.ui.qtmodels.records import TextColumn
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import Size
from neutromon.ui.widgets.labels import TextLabel

if TYPE_CHECKING:
    from neutromon.services.session import Session

SHOWN = 500


class AuditPanel(Panel):
    """Verified anew each time it is shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        about = tr("Nothing is ever erased. Each entry seals the one before it; a changed or missing one breaks the chain.")
        super().__init__(session, tr("Audit trail"), about, "audit_panel", parent)
        self.state = TextLabel("", size=Size.SUBTITLE, strong=True, wrap=True)
        self.body.addWidget(self.state)
        self.entries = self.listing(
            (
                TextColumn[AuditEntry](title=tr("Number"), text=lambda one: str(one.seq), width=80),
                TextColumn[AuditEntry](title=tr("When"), text=lambda one: one.at[:19].replace("T", " "), width=160),
                TextColumn[AuditEntry](title=tr("Who"), text=lambda one: isolated(one.who), width=150),
                TextColumn[AuditEntry](title=tr("What"), text=lambda one: one.what),
            ),
            "audit_table",
            tr("Audit trail"),
        )
        self.body.addWidget(self.entries.table, 1)

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
