"""People: who can open the store, let a colleague in, take access away, change one's own passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.services.store_admin import add_user, rekey, remove_user, users
from neutromon.ui.admin.panel import Panel, of_the_clinic
from neutromon.ui.qtmodels.records import TextColumn
from neutromon.ui.text import isolated, tr
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import field_row

if TYPE_CHECKING:
    from neutromon.services.session import Session


class PeoplePanel(Panel):
    """Each person signs in with her own name; it stands beside everything she records."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        about = tr("Each person has a name and passphrase of her own. Her name stands beside everything she records.")
        super().__init__(session, tr("People"), about, "people_panel", parent)
        columns = (TextColumn[str](title=tr("Name"), text=isolated), TextColumn[str](title="", text=self._mark, width=220))
        self.people = self.listing(columns, "people_table", tr("People who can open the store"))
        self.body.addWidget(self.people.table, 1)
        self.remove = button(tr("Take access away"), self.begin_remove, name="people_remove", kind="danger")
        self.line(
            primary_button(tr("Let a colleague in"), self.begin_add, name="people_add"),
            button(tr("Change my passphrase"), self.begin_rekey, name="people_rekey"),
            self.remove,
        )
        self.people.table.chosen.connect(lambda _row: self._enable())

    def _mark(self, name: str) -> str:
        return tr("signed in now") if name == self.session.user else ""

    def activate(self) -> None:
        """Read who can open the store."""
        self.people.model.set_records(users(self.session))
        self.people.table.choose(0)
        self._enable()

    def _enable(self) -> None:
        chosen = self.people.table.current()
        self.remove.setEnabled(chosen is not None and chosen != self.session.user)

    def begin_add(self) -> Dialog:
        """Ask for a colleague's name and first passphrase."""
        about = tr("Hand over the first passphrase in person; she changes it herself.")
        dialog = SecretDialog(tr("Let a colleague in"), about, ask_name=True, parent=self)
        dialog.given.connect(lambda name, secret: self._add(dialog, name, secret))
        dialog.open()
        return dialog

    def _add(self, dialog: Dialog, name: str, secret: str) -> None:
        def act() -> None:
            if name in users(self.session):
                raise UserError(tr("There is already a person of this name."), tr("Choose another name."))
            add_user(self.session, name, secret)

        self.save(tr("{name} can open the store now.", name=name), of_the_clinic(act), dialog)

    def begin_rekey(self) -> Dialog:
        """Ask for one's own new passphrase."""
        dialog = SecretDialog(tr("Change my passphrase"), "", ask_name=False, parent=self)
        dialog.given.connect(lambda _name, secret: self._rekey(dialog, secret))
        dialog.open()
        return dialog

    def _rekey(self, dialog: Dialog, secret: str) -> None:
        self.save(tr("Your passphrase is changed."), of_the_clinic(lambda: rekey(self.session, secret)), dialog)

    def begin_remove(self) -> Dialog | None:
        """Ask whether access is to be taken away."""
        name = self.people.table.current()
        if name is None:
            return None
        dialog = Dialog(tr("Take access away"), about=isolated(name), name="people_remove_dialog", parent=self)
        text = tr("{name} will not be able to open the store any more. What she recorded stays, with her name.", name=isolated(name))
        dialog.body.addWidget(TextLabel(text, wrap=True))
        title = tr("{name} can no longer open the store.", name=name)

        def remove() -> None:
            self.save(title, of_the_clinic(lambda: remove_user(self.session, name)), dialog)

        dialog.add_primary(tr("Take away"), remove, name="people_remove_go")
        dialog.open()
        return dialog


class SecretDialog(Dialog):
    """Asks for a passphrase twice, and for a name where one is needed; `given` carries both."""

    given = Signal(str, str)

    def __init__(self, title: str, about: str, *, ask_name: bool, parent: QWidget | None = None) -> None:
        super().__init__(title, about=about, name="secret_dialog", parent=parent)

        self.name = self._field(tr("Name"), "secret_name") if ask_name else None
        self.secret = self._field(tr("New passphrase"), "secret_new")
        self.again = self._field(tr("Again"), "secret_again")
        for field in (self.secret, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(TextLabel(tr("At least 10 characters; four words are easy to keep."), tone="muted", wrap=True))
        self.add_primary(tr("Save"), self._give, name="secret_save")
        (self.name or self.secret).setFocus()

    def _field(self, label: str, name: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        self.body.addWidget(field_row(label, made))
        return made

    def _give(self) -> None:
        name = self.name.text().strip() if self.name is not None else ""
        if self.name is not None and not name:
            self.show_problem(tr("The name is missing."))
        elif self.secret.text() != self.again.text():
            self.show_problem(tr("The two passphrases differ. Type them again."))
        else:
            self.given.emit(name, self.secret.text())
