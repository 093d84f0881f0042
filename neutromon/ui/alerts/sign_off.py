"""Sign with PIN or passphrase: the person at the keyboard is the person who is signed in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.services.pins import WrongPin
from neutromon.ui.pin import off_text
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import isolated, tr
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import field_row, roomy

LABELS = 130


class SignOff(Dialog):
    """Asks the person who is signed in for her passphrase, or her PIN where it counts; `signed` tells by which, after a right one only."""

    signed = Signal(object)

    def __init__(self, clinic: ClinicPort, title: str, told: str, parent: QWidget | None = None) -> None:
        super().__init__(title, about=tr("Signed in: {user}", user=isolated(clinic.user)), name="sign_off", parent=parent, width=roomy(440))
        self._clinic = clinic
        self.secret = QLineEdit()
        self.secret.setObjectName("sign_off_secret")
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(TextLabel(told, wrap=True))
        line = field_row("", self.secret, label_width=roomy(LABELS))
        asked = line.findChild(TextLabel)
        assert asked is not None
        self.asked = asked
        self.body.addWidget(line)
        self.off = TextLabel(off_text(), tone="muted", wrap=True)
        self.body.addWidget(self.off)
        self._show_state()
        self.add_primary(tr("Sign"), self._sign, name="sign")
        self.secret.setFocus()

    def _show_state(self) -> None:
        """Ask for what counts now."""
        state = self._clinic.pin_state()
        asked = tr("PIN or passphrase") if state.signs else tr("Passphrase")
        self.asked.setText(asked)
        self.secret.setAccessibleName(asked)
        self.off.setVisible(state.is_set and not state.signs)

    def _sign(self) -> None:
        typed = self.secret.text()
        self.secret.clear()
        try:
            signed = self._clinic.sign_off(typed).value
        except UserError as error:
            self._show_state()
            self.show_problem(wrong_text(error) if isinstance(error, WrongPin) else error)
            return
        self.accept()
        self.signed.emit(signed)


def wrong_text(error: WrongPin) -> str:
    """Return what is told after a wrong PIN."""
    if not error.tries_left:
        return tr("The PIN is wrong, for the third time.")
    if error.tries_left == 1:
        return tr("The PIN is wrong. 1 try is left; then only your passphrase counts.")
    return tr("The PIN is wrong. {n} tries are left; then only your passphrase counts.", n=error.tries_left)
