"""Set, change or remove one's own PIN: quicker to type than the passphrase at a sign-off, and good for nothing else."""

from PySide6.QtWidgets import QLineEdit

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.services.pins import PinFault, PinState, fault_of
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import isolated, tr
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import field_row, roomy

LABELS = 150


class PinForm(Dialog):
    """Asks for the passphrase and the new PIN twice; removing needs neither, since it takes nothing but a short cut away."""

    def __init__(self, context: FormContext) -> None:
        self._clinic = context.clinic
        about = tr("Signed in: {user}", user=isolated(self._clinic.user))
        super().__init__(tr("PIN for sign-off"), about=about, name="pin_form", parent=context.parent, width=roomy(560))
        state = self._clinic.pin_state()
        self._was_set = state.is_set
        self.state = TextLabel(state_text(state), strong=True, wrap=True)
        self.body.addWidget(self.state)
        self.body.addWidget(
            TextLabel(tr("You type it instead of your passphrase when you sign, for example to take over alerts."), wrap=True)
        )
        self.secret = self._field(tr("Your passphrase"), "pin_passphrase")
        self.pin = self._field(tr("New PIN"), "pin_new")
        self.again = self._field(tr("Again"), "pin_again")
        rule = tr("6 to 12 digits: not all the same, not in a row, not one group repeated.")
        limit = tr(
            "It works only while you are signed in. It never opens the store or the lock screen: "
            "a short number is too easy to guess for that."
        )
        for told in (rule, limit):
            self.body.addWidget(TextLabel(told, tone="muted", wrap=True))
        if state.is_set:
            self.buttons.insertWidget(0, button(tr("Remove the PIN"), self._remove, name="pin_remove", kind="danger"))
        self.add_primary(tr("Save"), self._save, name="pin_save")
        self.secret.setFocus()

    def _field(self, label: str, name: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        made.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(field_row(label, made, label_width=roomy(LABELS)))
        return made

    def _save(self) -> None:
        fault = fault_of(self.pin.text())
        if fault is not None:
            self._ask_again(fault_text(fault))
        elif self.pin.text() != self.again.text():
            self._ask_again(tr("The two PINs differ. Type them again."))
        else:
            self._set()

    def _ask_again(self, problem: str) -> None:
        self.show_problem(problem)
        self.pin.clear()
        self.again.clear()
        self.pin.setFocus()

    def _set(self) -> None:
        try:
            outcome = self._clinic.set_pin(self.secret.text(), self.pin.text())
        except UserError as error:
            self.show_problem(error)
            self.secret.clear()
            self.secret.setFocus()
            return
        self._finish(tr("Your PIN is changed.") if self._was_set else tr("Your PIN is set."), outcome)

    def _remove(self) -> None:
        try:
            outcome = self._clinic.remove_pin()
        except UserError as error:
            self.show_problem(error)
            return
        self._finish(tr("Your PIN is removed. Sign with your passphrase."), outcome)

    def _finish(self, title: str, outcome: Outcome[None]) -> None:
        for field in (self.secret, self.pin, self.again):
            field.clear()
        self.finish(Saved(title=title, changes=outcome.changes))


def state_text(state: PinState) -> str:
    """Return whether there is a PIN and whether it signs."""
    if not state.is_set:
        return tr("You have no PIN.")
    return tr("Your PIN is on.") if state.signs else off_text()


def off_text() -> str:
    """Return what is told where only the passphrase signs."""
    return tr("Your PIN is off after 3 wrong tries. Sign once with your passphrase; then it counts again.")


def fault_text(fault: PinFault) -> str:
    """Return why a PIN is refused, in the window's language."""
    return {
        PinFault.LENGTH: tr("A PIN has 6 to 12 digits and nothing else."),
        PinFault.SIMPLE: tr("This PIN is easy to guess. Choose digits that are not all the same, not in a row and not one group repeated."),
    }[fault]
