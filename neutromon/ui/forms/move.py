"""Move a report that was filed to the wrong patient: whose it is, and why; both charts are judged anew."""

from PySide6.QtWidgets import QLineEdit, QListWidget

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.worklist import PatientHit
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.count import time_words
from neutromon.ui.forms.reasoned import reason_field, reason_of
from neutromon.ui.forms.words import undone_by
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import isolated, tr
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.worklist.columns import day_text

MOST = 20


class MoveForm(PatientForm):
    """Moves the sample whose id is `subject_id`; the undo is the same move back."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Move to another patient"), name="move_form", width=640)
        counts = self._history.counts if self._history else ()
        self._sample = next((sample for sample in counts if sample.id == context.subject_id), None)
        if self._sample is None:
            self.add_wide(TextLabel(tr("This count is not in the store, or it was withdrawn. The log has it."), wrap=True))
            self.add_buttons(None, cancel=tr("Close"))
            return
        values = ", ".join(f"{name} {value.value} {value.unit or ''}".strip() for name, value in self._sample.values.items())
        taken = tr("Taken {when}", when=time_words(self._sample.collected_at) or tr("at an unknown time"))
        self.add_wide(TextLabel(f"{taken}: {values}", strong=True, wrap=True))
        self._hits: list[PatientHit] = []
        self.search = QLineEdit()
        self.search.setObjectName("move_search")
        self.search.setPlaceholderText(tr("Name, number or birth date"))
        self.add_field(tr("It belongs to"), self.search)
        self.list = QListWidget()
        self.list.setObjectName("move_patients")
        self.list.setAccessibleName(tr("Patients"))
        self.list.setMinimumHeight(130)
        self.add_field("", self.list)
        self.reason = reason_field(placeholder=tr("Needed; it stays in both logs with your name"))
        self.add_field(tr("Reason"), self.reason)
        told = tr("It is withdrawn here and added there, in one step. If the laboratory sends it again, it does not come back here.")
        self.add_wide(TextLabel(told, tone="muted", wrap=True))
        self.search.textChanged.connect(self._find)
        self.add_save(tr("Move the report"), self._write)
        self.search.setFocus()

    def _find(self, text: str) -> None:
        found = self.clinic.find_patients(text.strip(), MOST) if text.strip() else []
        self._hits = [hit for hit in found if hit.patient_id != self.patient_id]
        self.list.clear()
        for hit in self._hits:
            self.list.addItem("   ".join(part for part in (isolated(hit.name), hit.mrn, day_text(hit.birth_date)) if part))
        self.list.setCurrentRow(0 if len(self._hits) == 1 else -1)

    def _write(self) -> Saved:
        assert self._sample is not None
        number = self.list.currentRow()
        if not 0 <= number < len(self._hits):
            self.search.setFocus()
            raise UserError(tr("Choose the patient. Compare name, number and birth date with the report."))
        hit, why = self._hits[number], reason_of(self.reason)
        outcome = self.clinic.move_report(self._sample.id, hit.patient_id, why)
        clinic, here, moved, undone = self.clinic, self.patient_id, outcome.value, undone_by(self.clinic.user)

        def back() -> Outcome[None]:
            return Outcome(value=None, changes=clinic.move_report(moved, here, undone).changes)

        return Saved(title=tr("Moved to {name}.", name=isolated(hit.name)), changes=outcome.changes, undo=back)
