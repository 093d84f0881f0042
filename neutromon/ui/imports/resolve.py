"""The dialogs of the holding bay: assign, create, decide the values, reject; each bound to one waiting set."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QListWidget, QWidget

from neutromon.models.errors import UserError
from neutromon.models.worklist import PatientHit
from neutromon.services.held_list import HeldLine
from neutromon.services.holding import HeldRow, HeldSet, Resolution, Way
from neutromon.services.row_decisions import RowDecision, number_of
from neutromon.ui.fields.units import unit_words
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, field_row, frame, roomy
from neutromon.ui.worklist.columns import day_text

MOST_ALIKE = 5
UNITS = ("10*9/L", "/uL", "10*3/uL", "g/L", "g/dL", "mmol/L", "%")
ANALYTES = ("WBC", "ANC", "NEUT_PCT", "SEG_PCT", "BAND_PCT", "PLT", "HGB", "LYMPH", "MONO", "OTHER")


def held_name(one: HeldSet) -> str:
    """Return the name and number as sent."""
    number = one.identifier.value if one.identifier else ""
    return " · ".join(part for part in (isolated(one.name), number) if part) or tr("names nobody")


class ResolveDialog(Dialog):
    """Asks for what one way out needs; `resolved` carries the decision, the bay stores it."""

    resolved = Signal(object, bool)
    stores = True

    def __init__(
        self, title: str, clinic: ClinicPort, one: HeldSet, name: str, parent: QWidget | None, width: int = 560, *, scroll: bool = False
    ) -> None:
        super().__init__(title, about=f"{held_name(one)} – {one.text}", name=name, parent=parent, width=roomy(width))
        if scroll:
            self.scroll_body()
        self._clinic = clinic
        self.one = one
        number = clinic.alike_of(one.id)
        self.alike = QCheckBox(tr("The same for {n} more that wait for the same patient and reason", n=number))
        self.alike.setObjectName("held_alike")
        self.alike.setAccessibleName(self.alike.text())
        self.alike.setVisible(number > 0)
        self._time: QLineEdit | None = None
        if one.needs_time and self.stores:
            self._time = QLineEdit()
            self._time.setObjectName("held_time")
            hint = tr("for example 2026-03-12 08:40")
            self.body.addWidget(field_row(tr("Specimen taken"), self._time, hint=hint))

    def add_resolve(self, text: str, slot: Callable[[], None]) -> None:
        """Add the choice to decide alike sets too, and the button that decides."""
        self.body.addWidget(self.alike)
        self.add_primary(text, slot, name="held_save")

    def give(self, resolution: Resolution) -> None:
        """Tell the decision."""
        self.resolved.emit(resolution, self.alike.isChecked())

    def collected_at(self, now: datetime) -> datetime | None:
        """Return the typed time in the clinic's zone; raise ValueError where it cannot be read."""
        text = self._time.text().strip() if self._time is not None else ""
        return datetime.fromisoformat(text).replace(tzinfo=now.tzinfo) if text else None


class AssignDialog(ResolveDialog):
    """Choose the patient to whom a set belongs: candidates first, then a search."""

    def __init__(self, clinic: ClinicPort, one: HeldSet, parent: QWidget | None = None) -> None:
        super().__init__(tr("Assign to a patient"), clinic, one, "held_assign", parent)
        self._hits: list[PatientHit] = []
        self.search = QLineEdit()
        self.search.setObjectName("held_search")
        self.search.setPlaceholderText(tr("Name, number or birth date"))
        self.body.addWidget(field_row(tr("Find"), self.search))
        self.list = QListWidget()
        self.list.setObjectName("held_patients")
        self.list.setAccessibleName(tr("Patients"))
        self.list.setMinimumHeight(120)
        self.body.addWidget(self.list)
        self.found = TextLabel("", tone="muted", wrap=True)
        self.found.setObjectName("held_found")
        self.body.addWidget(self.found)
        self.keep = QCheckBox(tr("Keep this number with the patient, so that the next result finds her"))
        self.keep.setObjectName("held_keep")
        self.keep.setAccessibleName(self.keep.text())
        self.keep.setVisible(one.identifier is not None)
        self.body.addWidget(self.keep)
        self.add_resolve(tr("Assign"), self._assign)
        self.search.textChanged.connect(self._find)
        self._show(one.candidates)
        self.search.setFocus()

    def _find(self, text: str) -> None:
        self._show(self._clinic.find_patients(text.strip(), 20) if text.strip() else self.one.candidates)

    def _show(self, hits: object) -> None:
        self._hits = list(hits)  # type: ignore[call-overload]
        self.list.clear()
        for hit in self._hits:
            self.list.addItem("   ".join(part for part in (isolated(hit.name), hit.mrn, day_text(hit.birth_date)) if part))
        self.list.setCurrentRow(0 if len(self._hits) == 1 else -1)
        self.found.setText(self._found())

    def _found(self) -> str:
        """Say what the list is, so that an empty one teaches."""
        typed = self.search.text().strip()
        if self._hits:
            return "" if typed else tr("These have the name, number or birth date of the message. A person compares and chooses.")
        if typed:
            return tr("Nobody matches. If she is new here, leave this and choose 'Create the patient'.")
        return tr("Nobody here has this name or number. Type a part of the name, the number or the birth date.")

    def _assign(self) -> None:
        number = self.list.currentRow()
        if not 0 <= number < len(self._hits):
            self.show_problem(tr("Choose the patient. Compare name, number and birth date with the report."))
            return
        try:
            when = self.collected_at(self._clinic.now())
        except ValueError:
            self.show_problem(tr("The time cannot be read. Type it like 2026-03-12 08:40."))
            return
        chosen = self._hits[number].patient_id
        self.give(Resolution(way=Way.ASSIGN, patient_id=chosen, keep_number=self.keep.isChecked(), collected_at=when))


class CreateDialog(ResolveDialog):
    """Create the patient whom the message describes; the service says what is missing."""

    def __init__(self, clinic: ClinicPort, one: HeldSet, parent: QWidget | None = None) -> None:
        super().__init__(tr("Create the patient"), clinic, one, "held_create", parent)
        text = tr("A new patient is made from the message: {name}, born {day}.", name=held_name(one), day=day_text(one.birth_date) or "–")
        if all(known.apart for known in one.same_number):
            self.body.addWidget(TextLabel(text, wrap=True))
        same = {known.patient_id for known in one.same_number}
        for hit in [hit for hit in one.candidates if hit.patient_id not in same][:MOST_ALIKE]:
            alike = tr("There is already {name}, {mrn}, {day}.", name=isolated(hit.name), mrn=hit.mrn, day=day_text(hit.birth_date))
            self.body.addWidget(TextLabel(alike, tone="hold", wrap=True))
        self.two = QCheckBox(tr("Compared: they are two people from two registers"))
        self.two.setObjectName("held_two_people")
        self.two.setAccessibleName(self.two.text())
        self.two.hide()
        if one.same_number:
            self._compare()
        self.add_resolve(tr("Create"), self._create)
        if not all(known.apart for known in one.same_number):
            self._primary.setEnabled(False)

    def _compare(self) -> None:
        """Show both who have the number side by side; only where two registers gave it may a person say that they are two."""
        sent, others = self.one.identifier, self.one.same_number[:MOST_ALIKE]
        card = frame("sunken", name="held_same_number")
        grid = QGridLayout(card)
        grid.setHorizontalSpacing(SPACE.large)
        number, giver = (sent.value, sent.authority or "") if sent else ("", "")
        people = [(tr("In the message"), self.one.name, number, giver, self.one.birth_date)]
        people += [(tr("Here already"), known.name, known.number, known.authority, known.birth_date) for known in others]
        for place, (title, name, value, given_by, born) in enumerate(people):
            grid.addWidget(TextLabel(title, tone="muted"), 0, place)
            grid.addWidget(TextLabel(isolated(name) or tr("no name"), strong=True, wrap=True), 1, place)
            grid.addWidget(TextLabel(tr("born {day}", day=day_text(born)) if born else tr("no birth date")), 2, place)
            grid.addWidget(TextLabel(tr("number {number}", number=isolated(value))), 3, place)
            register = tr("given by {authority}", authority=isolated(given_by)) if given_by else tr("nobody says who gave it")
            grid.addWidget(TextLabel(register, wrap=True), 4, place)
            grid.setColumnStretch(place, 1)
        self.body.addWidget(card)
        if all(known.apart for known in self.one.same_number):
            self.two.show()
            self.body.addWidget(self.two)
            return
        told = tr(
            "A number belongs to one patient. Assign the result to that patient, or reject it and ask the laboratory for the right number."
        )
        self.body.addWidget(TextLabel(told, tone="error", wrap=True))

    def _create(self) -> None:
        if self.one.same_number and not self.two.isChecked():
            self.show_problem(tr("A patient here has this number. Compare both, and say that they are two people."))
            return
        self.give(Resolution(way=Way.CREATE, another_register=self.two.isChecked()))


class RejectDialog(ResolveDialog):
    """Reject a set with a reason; the message itself stays in the store."""

    stores = False

    def __init__(self, clinic: ClinicPort, one: HeldSet, parent: QWidget | None = None) -> None:
        super().__init__(tr("Reject this result"), clinic, one, "held_reject", parent)
        self.reason = QLineEdit()
        self.reason.setObjectName("held_reason")
        self.body.addWidget(field_row(tr("Reason"), self.reason))
        self.scope = QComboBox()
        self.scope.setObjectName("held_scope")
        self.scope.setAccessibleName(tr("What is rejected"))
        self.scope.addItem(tr("this result"), ())
        self._scope_row = field_row(tr("What is rejected"), self.scope)
        self._scope_row.hide()
        self.body.addWidget(self._scope_row)
        self.scope.currentIndexChanged.connect(self._choose)
        self.add_resolve(tr("Reject"), self._reject)
        self.reason.setFocus()

    def offer(self, waiting: Sequence[HeldLine], shown: Sequence[HeldLine]) -> None:
        """Offer to reject the whole file, or everything that the list shows now: a mistaken import goes at once."""
        of_file = [line.id for line in waiting if line.source == self.one.message_id]
        if len(of_file) > 1:
            self.scope.addItem(tr("all {n} that wait from the file {file}", n=len(of_file), file=isolated(self.one.source_name)), of_file)
        if len(shown) > 1 and {line.id for line in shown} != set(of_file):
            self.scope.addItem(tr("all {n} that the list shows now", n=len(shown)), [line.id for line in shown])
        self._scope_row.setVisible(self.scope.count() > 1)

    def many(self) -> tuple[list[str], str]:
        """Return the sets that are rejected together, with their words; none where it is this one, or those alike."""
        return list(self.scope.currentData() or ()), self.scope.currentText()

    def _choose(self, _place: int) -> None:
        many, _ = self.many()
        self.alike.setEnabled(not many)
        self._primary.setText(tr("Reject {n}", n=len(many)) if many else tr("Reject"))

    def _reject(self) -> None:
        if not self.reason.text().strip():
            self.show_problem(tr("The reason is missing. It stays with the message."))
            return
        self.give(Resolution(way=Way.REJECT, reason=self.reason.text().strip()))


class ConfirmDialog(ResolveDialog):
    """Decide each waiting row: what it is, in which unit it was sent, or that it stays text."""

    def __init__(self, clinic: ClinicPort, one: HeldSet, parent: QWidget | None = None) -> None:
        super().__init__(tr("Decide the values"), clinic, one, "held_confirm", parent, width=640, scroll=True)
        self._seen = 0
        if self._area is not None:
            self._area.verticalScrollBar().valueChanged.connect(self._note)
        read = partial(clinic.read_decided, one.id)
        self.fields = [RowFields(line, one.sender, read) for line in one.rows if line.reason is not None]
        for made in self.fields:
            self.body.addWidget(made)
        self.add_resolve(tr("Store"), self._confirm)

    def _note(self, place: int) -> None:
        self._seen = max(self._seen, place)

    def _hides_values(self) -> bool:
        """Return whether values wait below that nobody has scrolled to; the next of them come into sight."""
        if self._area is None or not self.isVisible():
            return False
        bar = self._area.verticalScrollBar()
        if bar.maximum() - self._seen <= SPACE.wide:
            return False
        bar.setValue(self._seen + bar.pageStep() - SPACE.wide)
        return True

    def _confirm(self) -> None:
        try:
            when = self.collected_at(self._clinic.now())
        except ValueError:
            self.show_problem(tr("The time cannot be read. Type it like 2026-03-12 08:40."))
            return
        if self._hides_values():
            self.show_problem(tr("More values wait below. Look at each, then store."))
            return
        open_number = next((made for made in self.fields if made.is_open()), None)
        if open_number is not None:
            self.bring_into_sight(open_number)
            self.show_problem(tr("Say which number it is: {text} may be a decimal or a thousand.", text=open_number.sent))
            return
        rows = tuple(made.decision() for made in self.fields)
        self.give(Resolution(way=Way.CONFIRM, patient_id=self.one.patient_id, rows=rows, collected_at=when))


class RowFields(QWidget):
    """The decision on one row; the program's suggestion is chosen at first and named as one."""

    def __init__(self, line: HeldRow, sender: str, read: Callable[[RowDecision], HeldRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line, self._read = line, read
        outer = column(self)
        card = frame("sunken")
        outer.addWidget(card)
        inner = column(card, margin=SPACE.medium, spacing=SPACE.small)
        self.sent = f"{line.name or line.code}: {line.raw_value} {line.raw_unit and unit_words(line.raw_unit)}".strip()
        inner.addWidget(TextLabel(self.sent, strong=True))
        inner.addWidget(TextLabel(line.reason[1] if line.reason else "", tone="muted", wrap=True))
        self.analyte = _choice("held_analyte", [(one, one) for one in ANALYTES], line.suggested_analyte or line.analyte)
        units = [("", tr("as sent, and it is right")), *((one, unit_words(one)) for one in UNITS)]
        self.unit = _choice("held_unit", units, line.suggested_unit)
        inner.addWidget(field_row(tr("It is"), self.analyte, label_width=120))
        marks = [("", tr("choose which")), *((mark, number_of(line.raw_value, mark)) for mark in ".,")] if line.doubtful else [("", "")]
        self.number = _choice("held_number", marks, "")
        if line.doubtful:
            inner.addWidget(field_row(tr("The number is"), self.number, label_width=120))
        inner.addWidget(field_row(tr("Its unit was"), self.unit, label_width=120))
        self.as_text = QCheckBox(tr("Keep it as text; it is no count"))
        whose = tr("this sender") if sender in {"", "table"} else sender
        self.always = QCheckBox(tr("The same for every later result of {sender} with this code", sender=whose))
        for box, name in ((self.as_text, "held_as_text"), (self.always, "held_always")):
            box.setObjectName(name)
            box.setAccessibleName(box.text())
            inner.addWidget(box)
        self.stored = TextLabel("", strong=True, wrap=True)
        self.stored.setObjectName("held_stored_as")
        inner.addWidget(self.stored)
        for choice in (self.analyte, self.number, self.unit):
            choice.currentIndexChanged.connect(self._say)
        self.as_text.toggled.connect(self._say)
        self._say()

    def is_open(self) -> bool:
        """Return whether nobody has said yet which of two numbers it is."""
        return self._line.doubtful and not self.number.currentData() and not self.as_text.isChecked()

    def _say(self, _change: object = None) -> None:
        """Say what the row will be stored as, number and unit, or why it cannot be."""
        try:
            read = self._read(self.decision())
        except UserError as error:
            told, tone = str(error), "error"
        else:
            told, tone = stored_words(read, self.as_text.isChecked(), self.is_open())
        self.stored.setText(told)
        self.stored.set_tone(tone)

    def decision(self) -> RowDecision:
        """Return what was decided."""
        if self.as_text.isChecked():
            return RowDecision(index=self._line.index, as_text=True)
        mark = str(self.number.currentData() or "")
        unit = UNITS[self.unit.currentIndex() - 1] if self.unit.currentIndex() > 0 else ""
        analyte = str(self.analyte.currentData())
        changed = analyte if analyte != self._line.analyte or self._line.suggested_analyte or self._line.doubtful else ""
        always = self.always.isChecked()
        return RowDecision(index=self._line.index, analyte=changed, unit=unit, decimal=mark, right=not unit, for_sender=always)


def stored_words(read: HeldRow, as_text: bool, is_open: bool) -> tuple[str, str]:
    """Return what a row will be stored as, with its tone: number and unit, words, or why it cannot be stored yet."""
    if is_open:
        return tr("Not stored before you say which number it is."), "hold"
    if as_text or (read.analyte == "OTHER" and read.reason is None):
        return tr("Will be kept as text: {text}", text=isolated(read.raw_value)), ""
    if read.value is None:
        return tr("Cannot be stored so: {why}", why=read.reason[1] if read.reason else tr("not read")), "error"
    stored = f"{read.analyte} {read.value} {unit_words(read.unit) if read.unit else ''}".strip()
    return tr("Will be stored as {value}", value=stored), ""


def _choice(name: str, values: list[tuple[str, str]], chosen: str) -> QComboBox:
    made = QComboBox()
    made.setObjectName(name)
    for value, words in values:
        made.addItem(words, value)
    if made.findData(chosen) < 0:
        made.addItem(chosen, chosen)  # never another analyte by default
    made.setCurrentIndex(made.findData(chosen))
    return made
