"""Plain lines of a pasted report as rows to confirm: whose they are, when they were taken, in which unit; nothing is guessed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidget, QWidget

from neutromon.models.imports import RawResult, RawSet, ReadResult
from neutromon.models.worklist import PatientHit
from neutromon.services.importing.tables import PreviewSet
from neutromon.ui.fields.date_field import MomentField
from neutromon.ui.fields.units import unit_words
from neutromon.ui.forms.choice import Choice
from neutromon.ui.imports.resolve import UNITS
from neutromon.ui.imports.words import reason_word
from neutromon.ui.tasks.task import Task
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, field_row, frame, row
from neutromon.ui.worklist.columns import day_text

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainReports:
    """What the page needs for pasted lines; `read` returns None for a text that is a message or a table."""

    read: Callable[[str], PreviewSet | None]
    find: Callable[[str, int], Sequence[PatientHit]]
    store: Callable[[str, RawSet, str], Task]
    now: Callable[[], datetime]


class PlainDialog(Dialog):
    """Shows the rows as they were read; `settled` carries the set and whose it is."""

    settled = Signal(object, str)

    def __init__(self, preview: PreviewSet, reports: PlainReports, parent: QWidget | None = None) -> None:
        about = tr("These lines were found in the text. Compare each with the report; a unit that does not stand there is not guessed.")
        super().__init__(tr("Rows to confirm"), about=about, name="plain_report", parent=parent, width=760)
        self.scroll_body()
        self._own, self._reports = preview.own, reports
        self._hits: list[PatientHit] = []
        self.search = QLineEdit()
        self.search.setObjectName("plain_search")
        self.search.setPlaceholderText(tr("Name, number or birth date"))
        self.body.addWidget(field_row(tr("Patient"), self.search))
        self.list = QListWidget()
        self.list.setObjectName("plain_patients")
        self.list.setAccessibleName(tr("Patients"))
        self.list.setFixedHeight(96)
        self.body.addWidget(self.list)
        self.taken = MomentField(reports.now, name="plain_taken", about=tr("Specimen taken"))
        if preview.own.collected_at is not None and not preview.own.day_only:
            self.taken.set_value(preview.own.collected_at)
        elif preview.own.collected_at is not None:
            self.taken.date.set_day(preview.own.collected_at.date())
        said = tr("In the report: {text}", text=preview.own.collected) if preview.own.collected else tr("The report names no time.")
        self.body.addWidget(field_row(tr("Specimen taken"), self.taken, hint=said))
        self.rows = [PlainRow(number, read) for number, read in enumerate(preview.rows)]
        for made in self.rows:
            self.body.addWidget(made)
        self.search.textChanged.connect(self._find)
        self.add_primary(tr("Import these rows"), self._give, name="plain_import")
        self.search.setFocus()

    def _find(self, text: str) -> None:
        self._hits = list(self._reports.find(text.strip(), MOST)) if text.strip() else []
        self.list.clear()
        for hit in self._hits:
            self.list.addItem("   ".join(part for part in (isolated(hit.name), hit.mrn, day_text(hit.birth_date)) if part))
        self.list.setCurrentRow(0 if len(self._hits) == 1 else -1)

    def _missing(self) -> str:
        """Return what is not settled yet; "" where everything is."""
        if not 0 <= self.list.currentRow() < len(self._hits):
            return tr("Choose the patient. Compare name, number and birth date with the report.")
        if self.taken.problem() or self.taken.value() is None:
            return self.taken.problem() or tr("The time is missing.")
        return "" if any(made.take.isChecked() for made in self.rows) else tr("No row is chosen.")

    def _give(self) -> None:
        missing, when = self._missing(), self.taken.value()
        if missing or when is None:
            self.show_problem(missing)
            return
        results = tuple(made.result() for made in self.rows if made.take.isChecked())
        own = replace(self._own, results=results, collected_at=when, collected=when.isoformat(), day_only=False, problem=None)
        patient_id = self._hits[self.list.currentRow()].patient_id
        self.accept()
        self.settled.emit(own, patient_id)


class PlainRow(QWidget):
    """One line: taken or left out, what it says, what it was read as, and its unit, which a person can name."""

    def __init__(self, number: int, read: ReadResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read = read
        raw = read.raw
        outer = column(self)
        card = frame("sunken" if read.hold is None else "warn")
        outer.addWidget(card)
        line = row(card, spacing=SPACE.medium)
        line.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        name = raw.texts[0] if raw.texts else ""
        self.take = QCheckBox(f"{name}: {raw.value or ''}")
        self.take.setObjectName(f"plain_take_{number}")
        self.take.setAccessibleName(self.take.text())
        self.take.setChecked(read.analyte != "OTHER")
        sent = unit_words(raw.unit)
        self.unit: Choice[str] = Choice(
            [("", sent), *((unit, unit_words(unit)) for unit in UNITS if unit != raw.unit)],
            name=f"plain_unit_{number}",
            accessible=tr("Unit of {name}", name=name),
        )
        self.reads = TextLabel(read_words(read), tone="muted", wrap=True)
        self.unit.currentIndexChanged.connect(lambda _index: self._say())
        line.addWidget(self.take)
        line.addWidget(self.unit)
        line.addWidget(self.reads, 1)

    def result(self) -> RawResult:
        """Return the line as it is imported: with the unit that a person named, else as sent."""
        chosen = self.unit.code()
        return replace(self._read.raw, decided_unit=chosen) if chosen else self._read.raw

    def _say(self) -> None:
        chosen = self.unit.code()
        self.reads.setText(tr("Read in {unit}, as you say.", unit=unit_words(chosen)) if chosen else read_words(self._read))


def read_words(read: ReadResult) -> str:
    """Return what a line was read as, or why it would wait for a person."""
    if read.analyte == "OTHER":
        return tr("No value of a blood count that is known here.")
    if read.hold is not None:
        return tr("{why}: name it here, or the row will wait.", why=reason_word(read.hold[0]))
    return tr("Read as {value}", value=f"{read.analyte} {read.value or ''} {unit_words(read.unit)}")
