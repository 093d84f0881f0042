"""People: who can open the store in which role; let in, change, retire; one's own passphrase and the recovery key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.services import people as desk
from neutromon.services.people import Person
from neutromon.services.roles import Right, Role, may
from neutromon.ui.admin.panel import Panel
from neutromon.ui.admin.people_dialogs import AddDialog, KeyDialog, OwnDialog, RenewDialog, RetireDialog, RoleDialog
from neutromon.ui.qtmodels.records import TextColumn
from neutromon.ui.text import isolated, role_word, tr
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.services.session import Session


class PeoplePanel(Panel):
    """Each person signs in with her own name; `busy` says whether work beside the window has the store open."""

    pin_requested = Signal()

    def __init__(self, session: Session, busy: Callable[[], bool] = lambda: False, parent: QWidget | None = None) -> None:
        about = tr("Each person has a name and passphrase of her own. Her name stands beside everything she records.")
        super().__init__(session, tr("People"), about, "people_panel", parent)
        self._busy = busy
        columns = (
            TextColumn[Person](title=tr("Name"), text=lambda one: isolated(one.name)),
            TextColumn[Person](title=tr("Role"), text=lambda one: tr("left") if one.retired else role_word(one.role), width=130),
            TextColumn[Person](title=tr("Since"), text=_since, width=124),
            TextColumn[Person](title=tr("Note"), text=self._note, width=220),
        )
        self.people = self.listing(columns, "people_table", tr("People who can open the store"))
        self.add_table(self.people)
        self.add = primary_button(tr("Let a colleague in"), self.begin_add, name="people_add")
        self.role = button(tr("Change the role"), self.begin_role, name="people_role")
        self.reset = button(tr("New first passphrase"), self.begin_reset, name="people_reset")
        self.no_pin = button(tr("Remove the PIN"), self.remove_pin, name="people_no_pin")
        self.remove = button(tr("Take access away"), self.begin_remove, name="people_remove", kind="danger")
        self.line(self.add, self.role, self.reset, self.no_pin, self.remove)
        self.only = TextLabel("", tone="muted", wrap=True)
        self.only.setObjectName("people_why")
        self.body.addWidget(self.only)
        self.body.addWidget(section_title(tr("Your own access")))
        self.renew = button(tr("New recovery key"), self.begin_renew, name="people_renew")
        rekey = button(tr("Change my passphrase"), self.begin_rekey, name="people_rekey")
        self.line(rekey, button(tr("PIN for sign-off"), self.pin_requested.emit, name="people_pin"), self.renew)
        self.people.table.chosen.connect(lambda _row: self._enable())

    def _note(self, one: Person) -> str:
        parts = [tr("signed in now")] if one.name == self.session.user else []
        parts += [tr("first passphrase")] if one.first_passphrase and not one.retired else []
        return " · ".join([*parts, tr("has a PIN")] if one.has_pin else parts)

    def activate(self) -> None:
        """Read who can open the store."""
        self.people.model.set_records(desk.people(self.session))
        self.people.table.choose(0)
        self._enable()

    def _enable(self) -> None:
        chosen, may_let_in = self.people.table.current(), may(self.session, Right.PEOPLE)
        other = chosen is not None and not chosen.retired and chosen.name != self.session.user
        self.add.setEnabled(may_let_in)
        self.role.setEnabled(may_let_in and chosen is not None and not chosen.retired)
        for made in (self.reset, self.remove):
            made.setEnabled(may_let_in and other)
        self.no_pin.setEnabled(may_let_in and other and chosen is not None and chosen.has_pin)
        self.renew.setEnabled(may(self.session, Right.RECOVERY_KEY))
        self.only.setText(
            self._why_not(chosen) if may_let_in else tr("Only an administrator may let people in, change their role or retire them.")
        )

    def _why_not(self, chosen: Person | None) -> str:
        """Return why a button for the chosen person is dead; "" where none is."""
        if chosen is not None and chosen.retired:
            return tr("Who left can no longer open the store; what she recorded stays.")
        if chosen is not None and chosen.name == self.session.user:
            return tr("Your own access is below; only another administrator can take it away.")
        return ""

    def begin_add(self) -> Dialog:
        """Ask for a colleague's name, role and first passphrase."""
        dialog = AddDialog(self)
        dialog.given.connect(lambda name, secret, role: self._add(dialog, name, secret, Role(role)))
        dialog.open()
        return dialog

    def _add(self, dialog: Dialog, name: str, secret: str, role: Role) -> None:
        title = tr("{name} can open the store now.", name=name)
        self.save(title, lambda: desk.add_person(self.session, name, secret, role), dialog)

    def begin_role(self) -> Dialog | None:
        """Ask for another role."""
        one = self.people.table.current()
        if one is None:
            return None
        dialog = RoleDialog(one.name, one.role, self)
        dialog.given.connect(lambda role, reason: self._change_role(dialog, one.name, Role(role), reason))
        dialog.open()
        return dialog

    def _change_role(self, dialog: Dialog, name: str, role: Role, reason: str) -> None:
        title = tr("{name}: {role}", name=name, role=role_word(role))
        self.save(title, lambda: desk.change_role(self.session, name, role, reason), dialog)

    def begin_reset(self) -> Dialog | None:
        """Ask for a new first passphrase for a person who forgot hers."""
        one = self.people.table.current()
        if one is None:
            return None
        dialog = AddDialog(self, name=one.name)
        dialog.given.connect(lambda name, secret, _role: self._reset(dialog, name, secret))
        dialog.open()
        return dialog

    def _reset(self, dialog: Dialog, name: str, secret: str) -> None:
        title = tr("{name} has a new first passphrase.", name=name)
        self.save(title, lambda: desk.give_first_passphrase(self.session, name, secret), dialog)

    def remove_pin(self) -> None:
        """Take the chosen person's PIN away; she sets another when she likes."""
        one = self.people.table.current()
        if one is not None:
            title = tr("{name} has no PIN any more and signs with her passphrase.", name=one.name)
            self.save(title, lambda: desk.remove_pin_of(self.session, one.name))

    def begin_rekey(self) -> Dialog:
        """Ask for one's own new passphrase."""
        return open_own_passphrase(self, self.session, self.save)

    def begin_remove(self) -> Dialog | None:
        """Ask whether access is to be taken away, and why."""
        one = self.people.table.current()
        if one is None:
            return None
        dialog = RetireDialog(one.name, self)
        dialog.given.connect(lambda reason: self._retire(dialog, one.name, reason))
        dialog.open()
        return dialog

    def _retire(self, dialog: Dialog, name: str, reason: str) -> None:
        title = tr("{name} can no longer open the store.", name=name)
        self._with_new_key(title, lambda: desk.retire_person(self.session, name, reason), dialog)

    def begin_renew(self) -> Dialog:
        """Ask for the passphrase, then change the key."""
        dialog = RenewDialog(self)
        title = tr("The recovery key is new.")
        dialog.given.connect(lambda secret: self._with_new_key(title, lambda: desk.new_recovery_key(self.session, secret), dialog))
        dialog.open()
        return dialog

    def _with_new_key(self, title: str, write: Callable[[], Outcome[str]], dialog: Dialog) -> None:
        """Do what changes the key while nothing else has the store open, then show the new sheet."""
        made: list[str] = []

        def alone() -> Outcome[str]:
            if self._busy():
                raise UserError(tr("Work beside the window has the store open."), tr("Wait until it is done, then try again."))
            outcome = write()
            made.append(outcome.value)
            return outcome

        if self.save(title, alone, dialog):
            KeyDialog(made[0], self).open()


def open_own_passphrase(
    parent: QWidget, session: Session, save: Callable[[str, Callable[[], Outcome[None]], Dialog], object], *, first: bool = False
) -> Dialog:
    """Open the dialog for one's own passphrase."""
    dialog = OwnDialog(parent, first=first)
    title = tr("Your passphrase is changed.")
    dialog.given.connect(lambda now, new: save(title, lambda: desk.change_own_passphrase(session, now, new), dialog))
    dialog.open()
    return dialog


def _since(one: Person) -> str:
    return day_text(one.since.date()) if one.since else tr("the beginning")
