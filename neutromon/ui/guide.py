"""First steps: what to do on the first day, each step one button; reachable at any time from the menu."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.widgets.layout import column, frame, roomy, row


class FirstSteps(Dialog):
    """Asks for a command by its id; stays open until it is closed, so that the steps can be done one after the other."""

    command_requested = Signal(str)
    read_only = True

    def __init__(self, *, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(tr("First steps"), about=_about(practice), name="first_steps", parent=parent, width=roomy(640))
        self.scroll_body()
        for number, (heading, text, action, command) in enumerate(steps(practice), start=1):
            self.body.addWidget(self._step(number, heading, text, action, command))
        self.add_buttons(None, cancel=tr("Close"))

    def _step(self, number: int, heading: str, text: str, action: str, command: str) -> QWidget:
        card = frame("card")
        line = row(card, margin=SPACE.medium, spacing=SPACE.medium)
        words = column(spacing=SPACE.hair)
        title = section_title(f"{number}. {heading}")
        title.setWordWrap(True)
        words.addWidget(title)
        words.addWidget(TextLabel(text, tone="muted", wrap=True))
        line.addLayout(words, 1)
        line.addWidget(button(action, lambda: self._ask(command), name=f"step_{command}"))
        return card

    def _ask(self, command: str) -> None:
        self.accept()
        self.command_requested.emit(command)


def _about(practice: bool) -> str:
    if practice:
        return tr("This is the practice clinic. Every patient is made up; nothing you do here reaches a real one.")
    return tr("Your clinic is empty. Four steps bring it to its first trend.")


def steps(practice: bool) -> tuple[tuple[str, str, str, str], ...]:
    """Return the steps: heading, what it gives, the button's word, the command."""
    if practice:
        return (
            (tr("Find a patient"), tr("Type a name, a number or a birth date; Ctrl+K takes you there."), tr("Find"), "find"),
            (tr("Decide tomorrow's list"), tr("Each row says what limits it. Ctrl+D decides."), tr("Tomorrow"), "list_tomorrow"),
            (tr("Answer an alert"), tr("The inbox shows what, how long, and whose."), tr("Inbox"), "desk_inbox"),
            (tr("Learn the keys"), tr("Everything can be done without the mouse."), tr("Keys"), "keys"),
        )
    return (
        (tr("Bring in counts"), tr("Files from the laboratory: HL7, FHIR, CSV, Excel."), tr("Import"), "desk_imports"),
        (tr("Or add a patient"), tr("Name, birth date and number are enough to begin."), tr("Add"), "form_new_patient"),
        (
            tr("Let colleagues in, check the protocol"),
            tr("Each person signs in with a name of her own."),
            tr("Open"),
            "desk_administration",
        ),
        (tr("Make a backup"), tr("It is encrypted and verified by a test restore."), tr("Back up"), "backup"),
    )
