"""One row of the batch sheet: a patient found by number or name, a time, the values, and what became of it."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QSpacerItem, QWidget

from neutromon.models.errors import UserError
from neutromon.models.formatting import COUNT_UNIT, full_name
from neutromon.models.worklist import PatientHit
from neutromon.services.counts import CountDraft, CountPreview
from neutromon.ui.fields.date_field import DateField, TimeField
from neutromon.ui.fields.days import at_clock
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.forms.whose import AnotherPatientError, whose_question
from neutromon.ui.forms.words import value_name
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import Size
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import ElidedLabel, TextLabel
from neutromon.ui.worklist.columns import day_text

WHO_WIDTH, GAP = 150, 10
VALUES = ("wbc", "neutrophils", "segs_percent", "platelets", "hemoglobin")


class BatchRow(QObject):
    """Fields of one patient; `patient_id` is "" until the number or the name means exactly one."""

    changed = Signal()

    def __init__(self, number: int, clinic: ClinicPort, grid: QGridLayout, parent: QWidget, *, stacked: bool = False) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self.patient_id = ""
        self.saved = False
        self._confirmed = False
        self.who = QLineEdit()
        self.who.setObjectName(f"batch{number}_who")
        self.who.setAccessibleName(tr("Row {n}: patient number or name", n=number))
        self.who.setFixedWidth(2 * WHO_WIDTH if stacked else WHO_WIDTH)
        self.name = ElidedLabel("", tone="muted")
        self.name.setMinimumWidth(150)
        self.day = DateField(clinic.now, name=f"batch{number}_day", accessible=tr("Row {n}: taken", n=number))
        self.time = TimeField(clinic.now, name=f"batch{number}_time", accessible=tr("Row {n}: time", n=number))
        self.values = {name: LabValueField(f"batch{number}_{name}", f"{value_name(name)} {number}") for name in VALUES}
        self.says = TextLabel("", size=Size.CAPTION, wrap=True)
        self.right: QPushButton = button(tr("I have checked it: it is right"), self._vouch, name=f"batch{number}_right", kind="flat")
        self._place_stacked(grid) if stacked else self._place(grid)
        self.who.textChanged.connect(self._find)
        for field in (self.day, self.time):
            field.value_changed.connect(self._edited)
        for value in self.values.values():
            value.entry_changed.connect(self._edited)

    def _place(self, grid: QGridLayout) -> None:
        at = grid.rowCount()
        for place, widget in enumerate((self.who, self.name, self.day, self.time, *self.values.values())):
            grid.addWidget(widget, at, place)
        grid.addWidget(self.says, at + 1, 1, 1, 6)
        grid.addWidget(self.right, at + 1, 7, 1, 2)
        self.says.hide()
        self.right.hide()

    def _place_stacked(self, grid: QGridLayout) -> None:
        """Put the values under the patient: in the largest text one line of a small screen does not hold both."""
        at = grid.rowCount()
        grid.addWidget(self.who, at, 0)
        grid.addWidget(self.name, at, 1, 1, 2)
        grid.addWidget(self.day, at, 3)
        grid.addWidget(self.time, at, 4)
        for place, value in enumerate(self.values.values()):
            grid.addWidget(value, at + 1, place)
        grid.addWidget(self.says, at + 2, 0, 1, 3)
        grid.addWidget(self.right, at + 2, 3, 1, 2)
        grid.setRowMinimumHeight(at + 3, GAP)
        grid.addItem(QSpacerItem(0, GAP), at + 3, 0)
        self.says.hide()
        self.right.hide()

    def fields(self) -> tuple[QWidget, ...]:
        """Return every field of the row."""
        return (self.who, self.day, self.time, *self.values.values())

    def first_field(self) -> QWidget:
        """Return where to go on: the patient where she is missing, else the first value."""
        return self.who if not self.patient_id else next(iter(self.values.values()))

    def is_empty(self) -> bool:
        """Return whether nothing stands in the row."""
        return not self.who.text().strip() and not self.has_values()

    def has_values(self) -> bool:
        """Return whether a value was typed; a patient without one waits."""
        return any(value.text().strip() for value in self.values.values())

    def take_patient(self, patient_id: str, number: str) -> None:
        """Put a patient into the row by her number, and today with the time left open."""
        self.who.setText(number)
        self.day.set_day(self._clinic.now().date())
        if self.patient_id != patient_id:
            self.who.clear()

    def _find(self, text: str) -> None:
        hits = self._hits(text.strip())
        self.patient_id = hits[0].patient_id if len(hits) == 1 else ""
        if len(hits) == 1:
            said = f"{isolated(hits[0].name)} · {day_text(hits[0].birth_date) or tr('birth date unknown')}"
        else:
            said = tr("{n} patients match", n=len(hits)) if hits else (tr("no such patient") if text.strip() else "")
        self.name.set_text(said)
        self.name.set_tone("" if len(hits) == 1 else "hold")
        if text.strip() and not self.day.text():
            self.day.set_day(self._clinic.now().date())
        self._edited()

    def _hits(self, text: str) -> list[PatientHit]:
        """Return the one patient with exactly this number, else those whose name or number hold the words."""
        if not text:
            return []
        found = self._clinic.find_patients(text, 20)
        exact = [hit for hit in found if hit.mrn.casefold() == text.casefold()]
        return exact if len(exact) == 1 else found

    def _edited(self) -> None:
        self._confirmed = False
        self.right.hide()
        if not self.saved:
            self.says.hide()
        self.changed.emit()

    def patient(self) -> str:
        """Return the patient's id; raise UserError where the row does not mean exactly one."""
        if not self.patient_id:
            raise UserError(tr("The row does not name one patient."), self._how_to_choose())
        return self.patient_id

    def _how_to_choose(self) -> str:
        """Say what tells the patients apart who match; a whole number cannot where several have it."""
        text = self.who.text().strip()
        same = [hit for hit in self._hits(text) if hit.mrn.casefold() == text.casefold()] if text else []
        born = next((hit.birth_date for hit in same if hit.birth_date is not None), None)
        if len(same) < 2:
            return tr("Type the whole patient number, or the family name and the birth date.")
        family = same[0].name.partition(",")[0]
        example = f"{isolated(family)} {born.isoformat() if born else ''}".strip()
        return tr(
            "{n} patients have this number. Type the family name and the birth date instead, like {example}.", n=len(same), example=example
        )

    def draft(self, units: Mapping[str, str]) -> CountDraft:
        """Return the row as a count; raise UserError for what is missing or cannot be read."""
        day, moment = self.day.day(), self.time.moment()
        if day is None or moment is None:
            raise UserError(tr("Date or time is missing or cannot be read."), tr("Type them like t and 0840."))
        faults = [value.problem() for value in self.values.values() if value.problem()]
        if faults:
            raise UserError(faults[0])
        values = {name: value for name, field in self.values.items() if (value := field.reported(units[name])) is not None}
        draft = CountDraft(
            collected_at=at_clock(day, moment, self._clinic.now()),
            values=values,
            confirmed=frozenset(values) if self._confirmed else frozenset(),
            note=tr("batch sheet"),
        )
        if values:
            self._compare(self._clinic.preview_count(self.patient(), draft))
        return draft

    def _compare(self, preview: CountPreview) -> None:
        """Raise where the count is there already, or looks like another patient's and nobody has compared the slip."""
        if preview.duplicate_of is not None:
            raise UserError(tr("A count of the same time is already recorded."), tr("Open the patient to add a second specimen."))
        if preview.unlike and not self._confirmed:
            raise AnotherPatientError(whose_question(preview.unlike), tr("Compare the slip with the name beside the number."))

    def refuse(self, error: UserError) -> None:
        """Say why the row was not saved; a doubtful value may be vouched for."""
        self.says.setText(str(error).replace("10*9/L", COUNT_UNIT))
        self.says.set_tone("error")
        self.says.show()
        self.right.setVisible(isinstance(error, AnotherPatientError) or "confirm" in error.hint)
        for part in (self.says, self.right):
            keep_room(part, not part.isHidden())

    def _vouch(self) -> None:
        self._confirmed = True
        self.right.hide()
        self.says.setText(tr("You have checked the values of this row; save again."))
        self.says.set_tone("hold")

    def lock(self) -> None:
        """Say that the row is stored and lock it."""
        self.saved = True
        patient = self._clinic.patient_history(self.patient_id).patient
        for field in self.fields():
            field.setEnabled(False)
        self.right.hide()
        self.says.setText(tr("✓ Saved for {name}", name=isolated(full_name(patient))))
        self.says.set_tone("meets")
        self.says.show()


def keep_room(part: QWidget, kept: bool) -> None:
    """Let a part keep its room when it is hidden, so that the rows beneath stay under the hand until the sheet is saved again."""
    policy = part.sizePolicy()
    policy.setRetainSizeWhenHidden(kept)
    part.setSizePolicy(policy)
