"""The site protocol: what is in force since when, what a new version would change, and who must sign it as the second person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from neutromon.models.changes import Outcome
from neutromon.models.protocol import Protocol
from neutromon.services.clinic_rules import changes_of, current_protocol, propose_protocol, protocols, sign_protocol, withdraw_protocol
from neutromon.services.people import has_first_passphrase
from neutromon.services.roles import Right, may
from neutromon.services.sign_in import check_passphrase
from neutromon.ui.admin.import_rules import ReasonDialog
from neutromon.ui.admin.panel import Panel
from neutromon.ui.admin.proposal import ProposalDialog, choice_word, value_text
from neutromon.ui.qtmodels.records import TextColumn
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import Size
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.widgets.layout import field_row, roomy
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.services.session import Session

Difference = tuple[str, str, str]


class ProtocolPanel(Panel):
    """Versions, their difference to the one in force, and the second signature."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        about = tr("Which guideline decides, how long a count is valid, and when to call. A change needs two people and a date.")
        super().__init__(session, tr("Site protocol"), about, "protocol_panel", parent)
        self.state = TextLabel("", size=Size.SUBTITLE, strong=True, wrap=True)
        self.body.addWidget(self.state)
        self.versions = self.listing(
            (
                TextColumn[Protocol](title=tr("Version"), text=lambda one: one.version, width=90),
                TextColumn[Protocol](title=tr("State"), text=state_text, width=250),
                TextColumn[Protocol](title=tr("Effective from"), text=lambda one: day_text(one.effective_from) or tr("at once"), width=130),
                TextColumn[Protocol](title=tr("Author"), text=lambda one: isolated(one.author), width=150),
                TextColumn[Protocol](title=tr("Note"), text=lambda one: one.note),
            ),
            "protocol_versions",
            tr("Versions of the protocol"),
        )
        self.add_table(self.versions, 2)
        self.body.addWidget(section_title(tr("What this version changes against the one in force")))
        self.changes = self.listing(
            (
                TextColumn[Difference](title=tr("Choice"), text=lambda one: choice_word(one[0]), width=220),
                TextColumn[Difference](title=tr("In force"), text=lambda one: value_text(one[0], one[1])),
                TextColumn[Difference](title=tr("This version"), text=lambda one: value_text(one[0], one[2])),
            ),
            "protocol_difference",
            tr("Differences"),
            tr("This version is the one in force, or says the same."),
        )
        self.add_table(self.changes, 2)
        self.sign = button(tr("Sign as the second person"), self.begin_sign, name="protocol_sign")
        self.propose = primary_button(tr("Propose a new version"), self.begin_proposal, name="protocol_propose")
        self.withdraw = button(tr("Withdraw the proposal"), self.begin_withdraw, name="protocol_withdraw", kind="danger")
        self.line(self.propose, self.sign, self.withdraw)
        self.only = TextLabel("", tone="muted", wrap=True)
        self.only.setObjectName("protocol_why")
        self.body.addWidget(self.only)
        self.versions.table.chosen.connect(self._show)

    def activate(self) -> None:
        """Read every version."""
        now = current_protocol(self.session)
        since = day_text(now.effective_from) or tr("the beginning")
        self.state.setText(tr("In force: version {version}, since {since}", version=now.version, since=since))
        self.versions.model.set_records(list(reversed(protocols(self.session))) or [now])
        self.versions.table.choose(0)
        self.propose.setEnabled(may(self.session, Right.PROTOCOL) and not has_first_passphrase(self.session))

    def _show(self, number: int) -> None:
        one = self.versions.model.record_at(number)
        if one is not None:
            self.changes.model.set_records(changes_of(self.session, one))
            why = self._why_not(one)
            self.sign.setEnabled(not why)
            self.withdraw.setEnabled(may(self.session, Right.PROTOCOL) and not one.in_force)
            self.only.setText(why)

    def _why_not(self, one: Protocol) -> str:
        """Return why the signed-in person cannot sign a version; "" where she can."""
        if not may(self.session, Right.PROTOCOL):
            return tr("A senior nurse or an administrator proposes and signs.")
        if has_first_passphrase(self.session):
            return tr("Choose your own passphrase first (Administration, People): whoever gave you the first one knows it.")
        if one.in_force or one.version == "default":
            return tr("This version needs no signature any more.")
        if one.author == self.session.user:
            return tr("The author cannot sign it: a colleague signs in and does.")
        return ""

    def begin_proposal(self) -> Dialog:
        """Open the form of a new version, filled with what is in force."""
        dialog = ProposalDialog(self.session, self)
        dialog.proposed.connect(lambda protocol: self._propose(dialog, protocol))
        dialog.open()
        return dialog

    def _propose(self, dialog: Dialog, protocol: Protocol) -> None:
        title = tr("Proposed. It takes effect when a second person has signed it.")
        self.save(title, lambda: propose_protocol(self.session, protocol), dialog)

    def begin_withdraw(self) -> Dialog | None:
        """Ask why a proposal that nobody has signed is taken back."""
        one = self.versions.table.current()
        if one is None or one.in_force:
            return None
        about = tr("Version {version}, proposed by {author}", version=one.version, author=isolated(one.author))
        dialog = ReasonDialog(tr("Withdraw the proposal"), about, tr("Withdraw"), self)
        title = tr("Version {version} is withdrawn.", version=one.version)
        dialog.given.connect(lambda why: self.save(title, lambda: withdraw_protocol(self.session, one.version, why), dialog))
        dialog.open()
        return dialog

    def begin_sign(self) -> Dialog | None:
        """Ask for the signer's passphrase, then sign."""
        one = self.versions.table.current()
        if one is None:
            return None
        dialog = SignDialog(one, changes_of(self.session, one), self)
        dialog.signed.connect(lambda secret: self._sign(dialog, one, secret))
        dialog.open()
        return dialog

    def _sign(self, dialog: Dialog, one: Protocol, secret: str) -> None:
        def write() -> Outcome[None]:
            check_passphrase(self.session, secret)
            return sign_protocol(self.session, one.version)

        self.save(tr("Version {version} is signed.", version=one.version), write, dialog)


class SignDialog(Dialog):
    """The second signature: what is signed, and the signer's passphrase."""

    signed = Signal(str)

    def __init__(self, one: Protocol, changes: Sequence[Difference], parent: QWidget | None = None) -> None:
        about = tr("Version {version}, proposed by {author}", version=one.version, author=isolated(one.author))
        super().__init__(tr("Sign as the second person"), about=about, name="sign_protocol", parent=parent, width=roomy(620))
        self.scroll_body()
        self.body.addWidget(section_title(tr("What you sign")))
        self.changes = [difference_text(change) for change in changes]
        for text in (*self.changes, one.note):
            if text:
                self.body.addWidget(TextLabel(text, wrap=True))
        self.secret = QLineEdit()
        self.secret.setObjectName("sign_secret")
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(field_row(tr("Your passphrase"), self.secret))
        self.add_primary(tr("Sign"), lambda: self.signed.emit(self.secret.text()), name="sign_go")
        self.secret.setFocus()


def difference_text(change: Difference) -> str:
    """Return one difference as a line: what, from which value, to which."""
    name, before, after = change
    return f"{choice_word(name)}: {value_text(name, before)} → {value_text(name, after)}"


def state_text(one: Protocol) -> str:
    """Return whether a version waits, or who signed it."""
    if one.second_signature:
        return tr("✓ signed by {name}", name=isolated(one.second_signature))
    return tr("the program's own default") if one.version == "default" else tr("○ waits for a second signature")
