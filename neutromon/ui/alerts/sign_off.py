"""Sign with the passphrase: the person at the keyboard is the person who is signed in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import isolated, tr
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import field_row


class SignOff(Dialog):
    """Asks for the passphrase of the person who is signed in; `signed` follows a right one only."""

    signed = Signal()

    def __init__(self, clinic: ClinicPort, title: str, told: str, parent: QWidget | None = None) -> None:
        super().__init__(title, about=tr("Signed in: {user}", user=isolated(clinic.user)), name="sign_off", parent=parent, width=440)
        self._clinic = clinic
        self.passphrase = QLineEdit()
        self.passphrase.setObjectName("sign_off_passphrase")
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(TextLabel(told, wrap=True))
        self.body.addWidget(field_row(tr("Passphrase"), self.passphrase, label_width=110))
        self.add_primary(tr("Sign"), self._sign, name="sign")
        self.passphrase.setFocus()

    def _sign(self) -> None:
        text = self.passphrase.text()
        self.passphrase.clear()
        try:
            self._clinic.check_passphrase(text)
        except UserError as error:
            self.show_problem(error)
            return
        self.accept()
        self.signed.emit()
