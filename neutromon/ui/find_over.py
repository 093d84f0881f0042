"""Quick find over an open form: a patient or a command is found without harm, and what was begun in the form is kept as its draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from neutromon.models.formatting import full_name
from neutromon.ui.begun import begun_forms
from neutromon.ui.quick_find import ROWS, QuickFind
from neutromon.ui.text import isolated, tr
from neutromon.ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from neutromon.models.worklist import PatientHit
    from neutromon.ui.commands import Command
    from neutromon.ui.main_window import MainWindow
    from neutromon.ui.port import ClinicPort

WIDTH, ROW_HEIGHT = 620, 30


class FindOver(Dialog):
    """The search field with its results, over the form that has the screen."""

    patient_requested = Signal(str)
    command_requested = Signal(str)

    def __init__(
        self, find: Callable[[str], Sequence[PatientHit]], commands: Callable[[], Sequence[Command]], form: Dialog, kept: str, scale: float
    ) -> None:
        super().__init__(tr("Find a patient or a command"), about=kept, name="find_over", parent=form, width=round(WIDTH * scale))
        self.field = QuickFind(find, commands, self)
        self.body.addWidget(self.field)
        self.body.addSpacing(round(ROW_HEIGHT * scale) * (ROWS + 3))  # the results hang over it
        self.add_buttons(None, cancel=tr("Back to the form"))
        self.field.patient_requested.connect(self._take_patient)
        self.field.command_requested.connect(self._take_command)
        self.field.left.connect(self.reject)
        self.field.setFocus()

    def _take_patient(self, patient_id: str) -> None:
        self.accept()
        self.patient_requested.emit(patient_id)

    def _take_command(self, name: str) -> None:
        self.accept()
        self.command_requested.emit(name)


class Switching:
    """Leaves open forms for what was found, and offers what was begun when its patient is opened again."""

    def __init__(self, window: MainWindow, clinic: ClinicPort) -> None:
        self._window, self._clinic = window, clinic

    def search_over(self, form: Dialog) -> FindOver | None:
        """Open the search over a form; None where leaving the form would lose what was typed."""
        if not all(one.can_be_left() for one in self._window.forms.dialogs()):
            form.show_problem(tr("Save or leave this form first: it keeps no draft. Then Ctrl+K finds a patient or a command."))
            return None
        kept = tr("What was begun in “{form}” stays as a draft for its patient; nothing is stored by searching.", form=form.windowTitle())
        commands, scale = self._window.commands, self._window.theme.scale
        found = FindOver(self._clinic.find_patients, commands, form, kept if form.has_begun() else "", scale)
        found.patient_requested.connect(lambda patient_id: self._leave_for(lambda: self._window.open_patient(patient_id)))
        found.command_requested.connect(lambda name: self._leave_for(lambda: self._window.run_command(name)))
        found.open()
        return found

    def _leave_for(self, go: Callable[[], object]) -> None:
        left = [(form.windowTitle(), form.patient_id) for form in self._window.forms.dialogs() if form.has_begun()]
        for form in reversed(self._window.forms.dialogs()):
            form.reject()
        go()
        for title, patient_id in left[-1:]:
            name = isolated(full_name(self._clinic.patient_history(patient_id).patient)) if patient_id else tr("the clinic")
            said = tr("“{form}” for {name} is not saved: it is kept and comes back there.", form=title, name=name)
            self._window.messages.show_saved(said)

    def offer(self, patient_id: str) -> None:
        """Offer to go on with what was begun for a patient and not saved."""
        found = begun_forms(self._clinic.begun(patient_id), self._window.commands(), self._clinic.now().date())
        if found:
            begun = found[0]
            said = tr("Begun here and not saved: {form}.", form=begun.title)
            self._window.messages.offer(said, tr("Go on"), lambda: self._go_on(patient_id, begun.form, begun.subject))

    def _go_on(self, patient_id: str, form: str, subject: str) -> None:
        if form == "flow_sheet":
            self._window.pages.page("patient").show_flow()  # type: ignore[attr-defined]
        else:
            self._window.open_form_for(form, patient_id, subject)
