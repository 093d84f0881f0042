"""Import profiles of tables, and senders trusted without a birth date: who settled what when, to look at and to retire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from neutromon.models.tables import Layout, TableMapping
from neutromon.services.import_rules import SavedProfile, TrustedSender, saved_profiles, stop_trusting, trust_sender, trusted_senders
from neutromon.services.importing.profiles import remove_profile
from neutromon.services.roles import Right, may
from neutromon.ui.admin.panel import Panel
from neutromon.ui.imports.mapping import role_word
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.text import isolated, tr
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.widgets.layout import field_row, roomy
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from datetime import datetime

    from neutromon.services.session import Session


class ImportRulesPanel(Panel):
    """Profiles above, trusted senders below."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        about = tr("What was settled once for later imports. Codes and units of senders stand under Codes and units.")
        super().__init__(session, tr("Import profiles"), about, "import_rules_panel", parent)
        self.body.addWidget(section_title(tr("Tables")))
        self.profiles = self.listing(
            (
                TextColumn[SavedProfile](title=tr("Profile"), text=lambda one: isolated(one.mapping.name), width=180),
                TextColumn[SavedProfile](title=tr("Header of the table"), text=lambda one: isolated(", ".join(one.mapping.header))),
                TextColumn[SavedProfile](title=tr("Layout"), text=lambda one: layout_word(one.mapping.layout), width=150),
                TextColumn[SavedProfile](title=tr("Saved"), text=lambda one: decided(one.author, one.saved_at), width=262),
            ),
            "profile_table",
            tr("Import profiles"),
            tr("No profile yet. Read a table on the import page and give your answers a name: they are kept here."),
        )
        self.add_table(self.profiles)
        self.view = button(tr("Look at it"), self.begin_view, name="profile_view")
        self.retire = button(tr("Retire"), self.begin_retire, name="profile_retire", kind="danger")
        self.line(self.view, self.retire)
        self.profiles.table.opened.connect(lambda _row: self.begin_view())
        self.body.addWidget(section_title(tr("Senders trusted without a birth date")))
        told = tr("Their results are stored where number and name agree and no birth date was sent, each with a mark.")
        self.body.addWidget(TextLabel(told, tone="muted", wrap=True))
        self.senders = self.listing(
            (
                TextColumn[TrustedSender](title=tr("Sender"), text=lambda one: isolated(one.sender), width=200),
                TextColumn[TrustedSender](title=tr("Reason"), text=lambda one: one.reason),
                TextColumn[TrustedSender](title=tr("Decided by"), text=lambda one: decided(one.author, one.decided_at), width=262),
            ),
            "sender_table",
            tr("Senders trusted without a birth date"),
            tr("No sender is trusted: a result without a birth date waits for a person."),
        )
        self.add_table(self.senders)
        self.trust = button(tr("Trust a sender"), self.begin_trust, name="sender_trust")
        self.revoke = button(tr("Trust no longer"), self.begin_stop, name="sender_stop", kind="danger")
        self.line(self.trust, self.revoke)
        self.only = TextLabel(tr("A senior nurse or an administrator settles and retires."), tone="muted", wrap=True)
        self.body.addWidget(self.only)

    def activate(self) -> None:
        """Read profiles and senders again."""
        self.profiles.model.set_records(saved_profiles(self.session))
        self.senders.model.set_records(trusted_senders(self.session))
        self.profiles.table.choose(0)
        self.senders.table.choose(0)
        allowed = may(self.session, Right.CODES)
        self.view.setEnabled(bool(self.profiles.model.records()))
        self.retire.setEnabled(allowed and bool(self.profiles.model.records()))
        self.trust.setEnabled(allowed)
        self.revoke.setEnabled(allowed and bool(self.senders.model.records()))
        self.only.setVisible(not allowed)

    def begin_view(self) -> Dialog | None:
        """Show what a profile says of each column."""
        one = self.profiles.table.current()
        if one is None:
            return None
        dialog = ProfileDialog(one, self)
        dialog.open()
        return dialog

    def begin_retire(self) -> Dialog | None:
        """Ask why a profile is retired."""
        one = self.profiles.table.current()
        if one is None:
            return None
        about = tr("{name}. Tables with its header are asked about anew; what was imported stays.", name=isolated(one.mapping.name))
        dialog = ReasonDialog(tr("Retire this profile"), about, tr("Retire"), self)
        title = tr("Retired: {name}", name=isolated(one.mapping.name))
        dialog.given.connect(lambda why: self.save(title, lambda: remove_profile(self.session, one.id, why), dialog))
        dialog.open()
        return dialog

    def begin_trust(self) -> Dialog:
        """Ask which sender, and why."""
        dialog = TrustDialog(self)
        dialog.named.connect(lambda name, why: self._trust(dialog, name, why))
        dialog.open()
        return dialog

    def _trust(self, dialog: Dialog, name: str, why: str) -> None:
        self.save(tr("Trusted: {name}", name=isolated(name)), lambda: trust_sender(self.session, name, why), dialog)

    def begin_stop(self) -> Dialog | None:
        """Ask why a sender is trusted no longer."""
        one = self.senders.table.current()
        if one is None:
            return None
        about = tr("{name}. Its results without a birth date will wait again; what was imported stays.", name=isolated(one.sender))
        dialog = ReasonDialog(tr("Trust no longer"), about, tr("Trust no longer"), self)
        title = tr("Trusted no longer: {name}", name=isolated(one.sender))
        dialog.given.connect(lambda why: self.save(title, lambda: stop_trusting(self.session, one.id, why), dialog))
        dialog.open()
        return dialog


class ReasonDialog(Dialog):
    """Asks for a reason; `given` carries it."""

    given = Signal(str)

    def __init__(self, title: str, about: str, do: str, parent: QWidget | None = None) -> None:
        super().__init__(title, about=about, name="rule_reason_dialog", parent=parent, width=roomy(520))
        self.reason = QLineEdit()
        self.reason.setObjectName("rule_reason")
        self.body.addWidget(field_row(tr("Reason"), self.reason))
        self.add_primary(do, lambda: self.given.emit(self.reason.text()), name="rule_go")
        self.reason.setFocus()


class TrustDialog(ReasonDialog):
    """Asks for a sender and a reason; `named` carries both."""

    named = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        about = tr("Only for a sender that cannot send birth dates. Number and name still have to agree.")
        super().__init__(tr("Trust a sender"), about, tr("Trust"), parent)
        self.sender_name = QLineEdit()
        self.sender_name.setObjectName("rule_sender")
        self.body.insertWidget(0, field_row(tr("Sender"), self.sender_name, hint=tr("as in the message: LAB|SITE")))
        self.given.connect(lambda why: self.named.emit(self.sender_name.text(), why))
        self.sender_name.setFocus()


class ProfileDialog(Dialog):
    """What a profile says of each column, decimals and dates; read only."""

    def __init__(self, one: SavedProfile, parent: QWidget | None = None) -> None:
        who = decided(one.author, one.saved_at)
        about = tr("Saved {n} times, last by {who}", n=one.version, who=who) if one.version > 1 else tr("Saved by {who}", who=who)
        super().__init__(isolated(one.mapping.name), about=about, name="profile_dialog", parent=parent, width=roomy(640))
        columns = (
            TextColumn[tuple[str, str]](title=tr("Column"), text=lambda line: line[0], width=220),
            TextColumn[tuple[str, str]](title=tr("Means"), text=lambda line: line[1]),
        )
        self.columns = RecordsModel[tuple[str, str]](columns, self)
        self.columns.set_records(column_lines(one.mapping))
        self.body.addWidget(RecordsTable[tuple[str, str]](self.columns, "profile_columns", tr("Columns of the table")), 1)
        looks = tr("as it looks")
        decimal, order = one.mapping.decimal or looks, one.mapping.date_order or looks
        self.body.addWidget(TextLabel(tr("Decimals: {decimal} · Dates: {order}", decimal=decimal, order=order), tone="muted"))
        self.add_buttons(None, cancel=tr("Close"))


def column_lines(mapping: TableMapping) -> list[tuple[str, str]]:
    """Return each column or test of a profile with what it means."""
    roles = {place: role_word(role) for role, place in mapping.roles.items()}
    lines = []
    for place, title in enumerate(mapping.header):
        analyte = mapping.analytes.get(str(place), "")
        unit = mapping.units.get(str(place), "")
        said = roles.get(place) or " ".join(part for part in (analyte, unit) if part) or tr("as it looks")
        lines.append((isolated(title) or str(place + 1), said))
    named = [name for name in mapping.analytes if not name.isdigit()]
    return lines + [(isolated(name), f"{mapping.analytes[name]} {mapping.units.get(name, '')}".strip()) for name in named]


def layout_word(layout: Layout) -> str:
    """Return how a table is laid out."""
    words = {
        Layout.LONG: tr("a row a result"),
        Layout.WIDE: tr("a column a test"),
        Layout.DATES: tr("a column a date"),
    }
    return words[layout]


def decided(author: str, at: datetime) -> str:
    """Return who decided when."""
    return f"{isolated(author)}, {day_text(at.date())} {at:%H:%M}"
