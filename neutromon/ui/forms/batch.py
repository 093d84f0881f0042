"""The batch sheet: one row a patient, each saved or refused by itself, and nothing that was typed is lost."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QGridLayout

from neutromon.models.changes import Changes, Outcome
from neutromon.models.errors import UserError
from neutromon.models.worklist import ListName
from neutromon.ui.count_unit import count_unit
from neutromon.ui.fields.units import UnitChip, units_of
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.batch_row import VALUES, BatchRow
from neutromon.ui.forms.words import undone_by, value_name
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import row

ROWS = 6
ONE_LINE_UP_TO = 1.15
"""The text size up to which a patient and her values stand on one line of a screen of 1366 pixels."""
LISTS = ((ListName.TODAY, "today"), (ListName.TOMORROW, "tomorrow"), (ListName.OVERDUE, "overdue"))


class BatchForm(PatientForm):
    """Counts of many patients on one sheet; saved rows are locked, refused rows say why and stay."""

    def __init__(self, context: FormContext) -> None:
        about = tr("One row a patient. Type the patient number or a name; the name beside it must be the right one.")
        everybody = replace(context, patient_id="")  # the sheet and its draft belong to no patient, whoever is open or chosen behind it
        super().__init__(everybody, tr("Batch sheet"), name="batch_form", width=1180, about=about, scroll=True)
        self.rows: list[BatchRow] = []
        self._saved: list[str] = []
        self._changes = Changes()
        self._build_head()
        self._build_grid()
        for _ in range(max(ROWS, self._rows_of_draft())):
            self.add_row()
        self._summary = TextLabel("", strong=True)
        self.body.addWidget(self._summary)
        self.add_save(tr("Save the sheet"), self._write)
        self.keep_draft("batch")
        self.rows[0].who.setFocus()

    def _build_head(self) -> None:
        line = row(spacing=SPACE.small)
        line.addWidget(TextLabel(tr("Fill in the patients of"), tone="muted"))
        words = {"today": tr("Today"), "tomorrow": tr("Tomorrow"), "overdue": tr("Overdue counts")}
        for name, key in LISTS:
            line.addWidget(button(words[key], self._filler(name), name=f"batch_{key}"))
        line.addStretch(1)
        line.addWidget(button(tr("Add a row"), lambda: self.add_row().who.setFocus(), name="batch_add", kind="flat"))
        self.body.addLayout(line)

    def _rows_of_draft(self) -> int:
        """Return how many rows a kept draft needs, so that each of its fields is there again."""
        names = (self.clinic.load_draft("", "batch") or {}).keys()
        numbers = [int(name[5:-4]) for name in names if name.startswith("batch") and name.endswith("_who") and name[5:-4].isdecimal()]
        return max(numbers, default=0)

    def _filler(self, name: ListName) -> Callable[[], None]:
        return lambda: self.fill(name)

    def _build_grid(self) -> None:
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(SPACE.small)
        self._table.setVerticalSpacing(SPACE.tight)
        self._table.setColumnStretch(1, 1)
        self._stacked = self.theme.scale > ONE_LINE_UP_TO
        self.chips: dict[str, UnitChip] = {}
        titles = (tr("Number or name"), tr("Patient"), tr("Taken"), tr("Time"))
        for place, title in zip((0, 1, 3, 4) if self._stacked else range(4), titles, strict=True):
            self._table.addWidget(TextLabel(title, size=Size.CAPTION, tone="muted", strong=True), 0, place)
        top, left = (1, 0) if self._stacked else (0, len(titles))
        for place, name in enumerate(VALUES, start=left):
            title = {"neutrophils": tr("ANC"), "wbc": tr("WBC")}.get(name, value_name(name))
            self._table.addWidget(TextLabel(title, size=Size.CAPTION, tone="muted", strong=True), top, place)
            self.chips[name] = UnitChip(units_of(name), value_name(name))
            self.chips[name].setObjectName(f"batch_unit_{name}")
            if count_unit() in units_of(name):
                self.chips[name].set_unit(count_unit())
            self._table.addWidget(self.chips[name], top + 1, place)
        self.body.addLayout(self._table)

    def add_row(self) -> BatchRow:
        """Add an empty row at the foot."""
        made = BatchRow(len(self.rows) + 1, self.clinic, self._table, self, stacked=self._stacked)
        made.changed.connect(self._row_changed)
        self.rows.append(made)
        return made

    def _row_changed(self) -> None:
        if not self.rows[-1].is_empty():
            added = self.add_row()
            for field in added.fields():
                self._watch(field)
        self._touch()

    def fill(self, name: ListName) -> None:
        """Put the patients of a list into the free rows; those who are on the sheet are passed over."""
        there = {line.patient_id for line in self.rows}
        for found in self.clinic.worklist(name, limit=60):
            if found.patient_id not in there:
                free = next((line for line in self.rows if line.is_empty()), None) or self.add_row()
                free.take_patient(found.patient_id, found.mrn)
        self.fit_height()

    def _write(self) -> Saved | None:
        """Save what has values; the sheet stays open while rows were refused, or patients on it have no values yet."""
        before = sum(1 for line in self.rows if line.saved)
        for line in self.rows:
            if line.has_values() and not line.saved:
                self._save_row(line)
        refused = [line for line in self.rows if line.has_values() and not line.saved]
        waiting = [line for line in self.rows if line.patient_id and not line.saved]
        done = sum(1 for line in self.rows if line.saved)
        self._summary.setText(tr("{saved} saved, {open} still to do", saved=done, open=len({*refused, *waiting})))
        if refused:
            self._tell_saved()
            refused[0].first_field().setFocus()
            one, more = tr("1 row was not saved and says why."), tr("{n} rows were not saved; each says why.", n=len(refused))
            raise UserError(one if len(refused) == 1 else more, tr("Correct it and save again."))
        if not done:
            raise UserError(tr("The sheet is empty."), tr("Type a patient number and a value."))
        if waiting and done > before:
            self._tell_saved()
            waiting[0].first_field().setFocus()
            return None
        return self._told()

    def _save_row(self, line: BatchRow) -> None:
        units = {name: chip.unit for name, chip in self.chips.items()}
        try:
            outcome = self.clinic.record_count(line.patient(), line.draft(units))
        except UserError as error:
            line.refuse(error)
            return
        self._saved.append(outcome.value)
        self._changes = self._changes | outcome.changes
        line.lock()

    def _tell_saved(self) -> None:
        """Tell what is stored so far, although the sheet stays open."""
        if self._saved:
            self.stored.emit(self._told())
            self._saved, self._changes = [], Changes()

    def _told(self) -> Saved:
        samples, clinic, reason = tuple(self._saved), self.clinic, undone_by(self.clinic.user)

        def undo() -> Outcome[None]:
            changes = Changes()
            for sample in samples:
                changes = changes | clinic.void_count(sample, reason).changes
            return Outcome(value=None, changes=changes)

        title = tr("1 count saved.") if len(samples) == 1 else tr("{n} counts saved.", n=len(samples))
        return Saved(title=title, changes=self._changes, undo=undo)
