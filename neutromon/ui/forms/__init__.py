"""Entry forms by name; each is imported when it is first opened, so that the window starts without them."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neutromon.ui.saved import FormContext
    from neutromon.ui.widgets.dialog import Dialog

FORMS: Mapping[str, tuple[str, str]] = {
    "antibiotic": ("medicines", "AntibioticForm"),
    "batch": ("batch", "BatchForm"),
    "count": ("count", "CountForm"),
    "course": ("course", "CourseForm"),
    "cycle": ("cycle", "CycleForm"),
    "drug": ("medicines", "DrugForm"),
    "event": ("events", "EventForm"),
    "fact": ("events", "FactForm"),
    "growth_factor": ("medicines", "GrowthFactorForm"),
    "move": ("move", "MoveForm"),
    "new_patient": ("patient", "NewPatientForm"),
    "patient": ("patient", "PatientDataForm"),
    "record": ("record", "RecordForm"),
    "symptoms": ("observations", "SymptomsForm"),
    "temperature": ("observations", "TemperatureForm"),
}


def forms() -> "Mapping[str, Callable[[FormContext], Dialog]]":
    """Return a factory for every form of this room."""
    return {name: _factory(module, cls) for name, (module, cls) in FORMS.items()}


def _factory(module: str, cls: str) -> "Callable[[FormContext], Dialog]":
    def make(context: "FormContext") -> "Dialog":
        made: Dialog = getattr(import_module(f"neutromon.ui.forms.{module}"), cls)(context)
        return made

    return make
