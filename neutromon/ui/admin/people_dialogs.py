"""The dialogs about people: a name with role and first passphrase, another role, one's own passphrase, a reason, a recovery key."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from neutromon.services.roles import Role
from neutromon.ui.text import isolated, role_word, tr
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import field_row, roomy

LABELS = 190


class PersonDialog(Dialog):
    """A dialog with fields; each field has its label and name."""

    def __init__(self, title: str, *, about: str = "", name: str, parent: QWidget | None = None) -> None:
        super().__init__(title, about=about, name=name, parent=parent, width=roomy(520))

    def field(self, label: str, name: str, *, secret: bool = False) -> QLineEdit:
        """Add a field."""
        made = QLineEdit()
        made.setObjectName(name)
        if secret:
            made.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(field_row(label, made, label_width=LABELS))
        return made

    def roles(self, chosen: Role) -> QComboBox:
        """Add the choice of a role, and what each may do."""
        made = QComboBox()
        made.setObjectName("person_role")
        for role in Role:
            made.addItem(role_word(role), role.value)
        made.setCurrentIndex(made.findData(chosen.value))
        self.body.addWidget(field_row(tr("Role"), made, label_width=LABELS))
        told = TextLabel(role_rights(chosen), tone="muted", wrap=True)
        made.currentIndexChanged.connect(lambda _number: told.setText(role_rights(Role(made.currentData()))))
        self.body.addWidget(told)
        return made

    def hint(self) -> None:
        """Say what a passphrase must be."""
        self.body.addWidget(TextLabel(tr("At least 10 characters; four words are easy to keep."), tone="muted", wrap=True))

    def same(self, one: QLineEdit, other: QLineEdit) -> bool:
        """Return whether both fields hold the same, else say so."""
        if one.text() == other.text():
            return True
        self.show_problem(tr("The two passphrases differ. Type them again."))
        return False


class AddDialog(PersonDialog):
    """A colleague's name, role and first passphrase; `given` carries them."""

    given = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        about = tr("Hand over the first passphrase in person; she is asked to choose her own when she first signs in.")
        super().__init__(tr("New first passphrase") if name else tr("Let a colleague in"), about=about, name="secret_dialog", parent=parent)
        self._name = name
        self.name = None if name else self.field(tr("Name"), "secret_name")
        self.role = None if name else self.roles(Role.NURSE)
        self.secret = self.field(tr("First passphrase"), "secret_new", secret=True)
        self.again = self.field(tr("Again"), "secret_again", secret=True)
        self.hint()
        self.add_primary(tr("Save"), self._give, name="secret_save")
        (self.name or self.secret).setFocus()

    def _give(self) -> None:
        name = self.name.text().strip() if self.name is not None else self._name
        if not name:
            self.show_problem(tr("The name is missing."))
        elif self.same(self.secret, self.again):
            role = str(self.role.currentData()) if self.role is not None else ""
            self.given.emit(name, self.secret.text(), role)


class OwnDialog(PersonDialog):
    """One's own passphrase: the present one, the new one twice; `given` carries both."""

    given = Signal(str, str)

    def __init__(self, parent: QWidget | None = None, *, first: bool = False) -> None:
        about = tr("You still have the passphrase that an administrator gave you, who knows it too. Choose your own now.") if first else ""
        super().__init__(tr("Change my passphrase"), about=about, name="own_secret_dialog", parent=parent)
        self.now = self.field(tr("Present passphrase"), "own_now", secret=True)
        self.secret = self.field(tr("New passphrase"), "own_new", secret=True)
        self.again = self.field(tr("Again"), "own_again", secret=True)
        self.hint()
        self.add_primary(tr("Save"), self._give, name="own_save", cancel=tr("Later") if first else "")
        self.now.setFocus()

    def _give(self) -> None:
        if self.same(self.secret, self.again):
            self.given.emit(self.now.text(), self.secret.text())


class RoleDialog(PersonDialog):
    """Another role with a reason; `given` carries both."""

    given = Signal(str, str)

    def __init__(self, name: str, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(tr("Change the role"), about=isolated(name), name="role_dialog", parent=parent)
        self.role = self.roles(role)
        self.reason = self.field(tr("Reason"), "role_reason")
        self.add_primary(tr("Save"), lambda: self.given.emit(str(self.role.currentData()), self.reason.text()), name="role_save")
        self.role.setFocus()


class RetireDialog(PersonDialog):
    """Takes access away with a reason; `given` carries it."""

    given = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("Take access away"), about=isolated(name), name="people_remove_dialog", parent=parent)
        text = tr("{name} will not be able to open the store any more. What she recorded stays, with her name.", name=isolated(name))
        self.body.addWidget(TextLabel(text, wrap=True))
        more = tr("The key of the store is changed with it, so there will be a new recovery key. Older backups open with the old one.")
        self.body.addWidget(TextLabel(more, tone="muted", wrap=True))
        self.reason = self.field(tr("Reason"), "people_reason")
        self.add_primary(tr("Take away"), lambda: self.given.emit(self.reason.text()), name="people_remove_go")
        self.reason.setFocus()


class RenewDialog(PersonDialog):
    """Asks for the administrator's passphrase before the key is changed; `given` carries it."""

    given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        about = tr("The key of the store is changed. The present sheet opens older backups only: keep it with them.")
        super().__init__(tr("New recovery key"), about=about, name="renew_dialog", parent=parent)
        self.secret = self.field(tr("Your passphrase"), "renew_secret", secret=True)
        self.add_primary(tr("Make a new key"), lambda: self.given.emit(self.secret.text()), name="renew_go")
        self.secret.setFocus()


class KeyDialog(Dialog):
    """Shows a new recovery key once; going on needs a word that it was written down, Esc does not lose it."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        about = tr("If every passphrase is forgotten, only this key opens the store. It is shown once: write it down on paper.")
        super().__init__(tr("Recovery key"), about=about, name="key_dialog", parent=parent, width=roomy(520))
        self.key = QPlainTextEdit(key)
        self.key.setObjectName("key_text")
        self.key.setAccessibleName(tr("Recovery key"))
        self.key.setReadOnly(True)
        self.key.setTabChangesFocus(True)
        self.key.setFixedHeight(96)
        self.body.addWidget(self.key)
        self.body.addWidget(button(tr("Copy"), lambda: QGuiApplication.clipboard().setText(key), name="key_copy"))
        self.kept = QCheckBox(tr("I keep this key on paper in a safe place"))
        self.kept.setObjectName("key_kept")
        self.kept.setAccessibleName(self.kept.text())
        self.body.addWidget(self.kept)
        self.go = button(tr("Done"), self.accept, name="key_done", kind="primary")
        self.go.setEnabled(False)
        self.kept.toggled.connect(self.go.setEnabled)
        self.buttons.addWidget(self.go)  # and nothing to cancel: the key is changed already
        self.kept.setFocus()

    def reject(self) -> None:
        """Stay until the key is kept."""
        if self.kept.isChecked():
            super().reject()
        else:
            self.show_problem(tr("Keep the key first: it is not shown again."))


def role_rights(role: Role) -> str:
    """Return what a role may do."""
    return {
        Role.NURSE: tr("Everything about patients: counts, alerts, decisions, imports, the holding bay, reports, backups."),
        Role.SENIOR: tr(
            "As a nurse, and: site protocol with signature, regimens, codes and senders, moving a report to another patient, "
            "exporting the whole clinic."
        ),
        Role.ADMINISTRATOR: tr("As a senior nurse, and: people and their roles, recovery key, restoring a backup."),
    }[role]
