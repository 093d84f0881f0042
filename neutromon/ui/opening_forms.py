"""Open a form by its name; whatever it stores is told on, and it stays bound to the patient with whom it was opened."""

from collections.abc import Callable, Mapping
from importlib import import_module

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from neutromon.ui.port import ClinicPort
from neutromon.ui.saved import FormContext
from neutromon.ui.theme import Theme
from neutromon.ui.widgets.dialog import Dialog

ROOMS = ("neutromon.ui.forms", "neutromon.ui.care", "neutromon.ui.alerts", "neutromon.ui.forecast")
WITHOUT_PATIENT = frozenset({"batch", "new_patient", "acknowledge", "snooze", "resolve", "owner", "pin"})


class FormOpener(QObject):
    """Knows the forms of every room by name and imports a room when its first form is asked for."""

    stored = Signal(object)

    def __init__(self, clinic: ClinicPort, window: QWidget) -> None:
        super().__init__(window)
        self._clinic, self._window = clinic, window
        self._made: dict[str, Callable[[FormContext], Dialog]] = {}

    def names(self) -> list[str]:
        """Return the names of every form."""
        return sorted(self._factories())

    def open(self, name: str, theme: Theme, patient_id: str = "", subject_id: str = "") -> Dialog | None:
        """Open a form and return it; None where it needs a patient and there is none."""
        if not patient_id and name not in WITHOUT_PATIENT:
            return None
        context = FormContext(clinic=self._clinic, theme=theme, patient_id=patient_id, subject_id=subject_id, parent=self._window)
        dialog = self._factories()[name](context)
        dialog.stored.connect(self.stored)
        dialog.open()
        return dialog

    def dialogs(self) -> list[Dialog]:
        """Return the dialogs that are open now."""
        return [dialog for dialog in self._window.findChildren(Dialog) if dialog.isVisible()]

    def _factories(self) -> Mapping[str, Callable[[FormContext], Dialog]]:
        if not self._made:
            for room in ROOMS:
                self._made.update(import_module(room).forms())
        return self._made
