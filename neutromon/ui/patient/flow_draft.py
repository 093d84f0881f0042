"""The draft of the flow sheet: a cell that was typed and neither saved nor given up is kept in the store for its patient."""

from PySide6.QtCore import QObject, QTimer

from neutromon.models.errors import UserError
from neutromon.ui.forms.drafts import WAIT_MS
from neutromon.ui.patient.edit_bar import EditBar
from neutromon.ui.patient.flow_data import FlowDay, FlowRow
from neutromon.ui.patient.flow_model import ROWS, FlowModel
from neutromon.ui.patient.flow_write import begin_edit
from neutromon.ui.port import ClinicPort

KIND = "flow_sheet"


class FlowDraft(QObject):
    """Keeps what stands in the bar while it is typed; a draft whose cell has changed since is dropped: it would bring an old value back."""

    def __init__(self, clinic: ClinicPort, bar: EditBar, parent: QObject) -> None:
        super().__init__(parent)
        self._clinic, self._bar = clinic, bar
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self.keep)
        bar.changed.connect(self._timer.start)

    def keep(self) -> None:
        """Keep what stands in the bar; a store that cannot write leaves it there."""
        self._timer.stop()
        edit = self._bar.edit
        if edit is None:
            return
        cell = {"row": edit.row.value, "day": edit.day.day.isoformat(), "text": edit.text, "from": _stands(edit.day, edit.row)}
        try:
            self._clinic.save_draft(self._bar.patient_id, KIND, {**cell, **self._bar.typed()})
        except UserError:
            self._timer.start()

    def drop(self, patient_id: str) -> None:
        """Forget it: it is stored now, or given up."""
        self._timer.stop()
        if patient_id and self._clinic.load_draft(patient_id, KIND) is not None:
            self._clinic.drop_draft(patient_id, KIND)

    def bring_back(self, model: FlowModel, patient_id: str) -> None:
        """Ask again for a patient what was begun."""
        kept = self._clinic.load_draft(patient_id, KIND)
        if not kept:
            return
        row, column = FlowRow(str(kept["row"])), model.column_of(str(kept["day"]))
        is_same = column >= 0 and model.is_open(ROWS.index(row), column) and _stands(model.day_at(column), row) == kept["from"]
        if not is_same:
            self.drop(patient_id)
            return
        self._bar.go_on(begin_edit(model.day_at(column), row, str(kept["text"])), kept, patient_id)


def _stands(day: FlowDay, row: FlowRow) -> str:
    """Return what is stored in a cell: the count and its value, or the dose."""
    if row is FlowRow.DOSE:
        return str((day.treatment or day.cycle).dose_percent) if day.cycle else ""
    known = day.sample.values.get(row.value) if day.sample else None
    return f"{day.sample.id if day.sample else ''} {known.value if known else ''} {known.unit if known else ''}".strip()
