"""One count as it is stored: its values with their origin and versions; correct a value, confirm a doubtful one, withdraw the count."""

from dataclasses import replace

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from neutromon.models.errors import UserError
from neutromon.models.evaluation import CountEvaluation, Problem, Severity
from neutromon.models.history import CountSample
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.fields.units import UnitChip, units_of
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.checks import judge_sample
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.correction import Correction, refuse_doubts, value_back
from neutromon.ui.forms.count import FIRST, time_words
from neutromon.ui.forms.count_live import grades_text, origin_text
from neutromon.ui.forms.count_row import ProblemLine
from neutromon.ui.forms.reasoned import reason_field, reason_of
from neutromon.ui.forms.record_table import RecordTable, provenance_text
from neutromon.ui.forms.words import value_name
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import row

CORRECT, CONFIRM, VOID = "correct", "confirm", "void"


class RecordForm(PatientForm):
    """Opens the sample whose id is `subject_id`."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Count"), name="record_form", width=920, scroll=True)
        counts = self._history.counts if self._history else ()
        self._sample = next((sample for sample in counts if sample.id == context.subject_id), None)
        if self._sample is None:
            self.add_wide(TextLabel(tr("This count is not in the store, or it was withdrawn. The log has it."), wrap=True))
            self.add_buttons(None, cancel=tr("Close"))
            return
        self._count = self._judge(self._sample)
        self._build_facts(self._sample)
        self._build_actions()
        self._build_panel(self._sample)
        self.buttons.insertWidget(0, button(tr("Move to another patient"), self.begin_move, name="record_move", kind="flat"))
        self.add_save(tr("Save"), self._write)
        self._save_button = self._primary
        self._take_field()
        self.keep_draft(f"record:{self._sample.id}", of_stored=True)

    def begin_move(self) -> Dialog:
        """Open the form that moves this report; once it is moved, there is nothing to correct here."""
        from neutromon.ui.forms.move import MoveForm

        form = MoveForm(replace(self.context, parent=self))
        form.stored.connect(self.finish)
        form.open()
        return form

    def _judge(self, sample: CountSample) -> CountEvaluation | None:
        """Return what the rules say of the sample as it would then be."""
        assert self._history is not None
        return judge_sample(self.clinic, self._history, sample)

    def _build_facts(self, sample: CountSample) -> None:
        count = self._count
        place = f"C{count.cycle} D{count.cycle_day}" if count and count.cycle else tr("outside a cycle")
        taken = tr("Taken {when}", when=time_words(sample.collected_at) or tr("at an unknown time"))
        parts = (taken, place, sample.status or tr("status unknown"))
        self.add_wide(TextLabel(" · ".join(parts), strong=True))
        if count is not None:
            self.add_wide(TextLabel(f"{tr('ANC')}: {grades_text(count)}, {origin_text(count)}", wrap=True))
        self.table = RecordTable(sample, count)
        self.add_wide(self.table)
        self.add_wide(TextLabel(provenance_text(sample), tone="muted", wrap=True))
        self.stands = ProblemLine("stands")
        self.add_wide(self.stands)
        problems = [replace(problem, suggestion=None) for problem in count.problems] if count else []
        self.stands.show_problems(problems)

    def _build_actions(self) -> None:
        self._group = QButtonGroup(self)
        holder = QWidget()
        line = row(holder, spacing=SPACE.large)
        words = {CORRECT: tr("Correct or add a value"), CONFIRM: tr("Confirm a doubtful value"), VOID: tr("Withdraw the whole count")}
        self.choice: dict[str, QRadioButton] = {}
        for name, text in words.items():
            self.choice[name] = QRadioButton(text)
            self.choice[name].setObjectName(f"record_{name}")
            self._group.addButton(self.choice[name])
            line.addWidget(self.choice[name])
        line.addStretch(1)
        self.choice[CORRECT].setChecked(True)
        self.choice[CONFIRM].setEnabled(bool(self.doubtful()))
        self.add_wide(holder)
        self._group.buttonToggled.connect(lambda _button, _on: self._look())

    def _build_panel(self, sample: CountSample) -> None:
        names = [*sample.values, *(name for name in FIRST if name not in sample.values)]
        self.which = Choice([(name, value_name(name)) for name in names], name="record_field")
        self.which.set_code(self._first(sample))
        self.add_field(tr("Value"), self.which)
        self.value = LabValueField("record_value", tr("New value"))
        self.chip = UnitChip(units_of(names[0]), tr("New value"))
        self.chip.setObjectName("record_unit")
        self.value.unit_key_pressed.connect(self.chip.next_unit)
        self._panel = QWidget()
        line = row(self._panel)
        line.addWidget(self.value)
        line.addWidget(self.chip)
        line.addStretch(1)
        self._panel.setFocusProxy(self.value)
        self.add_field(tr("New value"), self._panel)
        self.reason = reason_field(placeholder=tr("Needed; it stays in the log with your name"))
        self.add_field(tr("Reason"), self.reason)
        self.doubt = ProblemLine("record")
        self.add_wide(self.doubt)  # behind the reason: a box that appears before it would take the key that was meant for it
        self.which.currentIndexChanged.connect(lambda _index: self._take_field())
        self.table.itemSelectionChanged.connect(self._take_row)
        self.value.entry_changed.connect(self._value_changed)
        self.chip.unit_changed.connect(lambda _unit: self._value_changed())
        self.doubt.unit_taken.connect(self.chip.set_unit)
        self.doubt.confirmed_changed.connect(self._look)

    def _first(self, sample: CountSample) -> str:
        """Return the value that is corrected first: one in doubt, else the ANC, which is what the chart's points are."""
        doubtful = [p.field for p in self.doubtful() if p.field and p.field in sample.values]
        wanted = doubtful[0] if doubtful else "neutrophils"
        return wanted if wanted in sample.values else next(iter(sample.values), FIRST[0])

    def _value_changed(self) -> None:
        """Take back that it was checked: that was said of what stood there before."""
        self.doubt.withdraw()
        self._look()

    def _take_row(self) -> None:
        name = self.table.names[self.table.currentRow()] if self.table.currentRow() >= 0 else ""
        if not name or name == self.which.code():
            return
        if self.value.text().strip():
            self.show_problem(tr("Save the typed value first, or clear it; then choose another."))
            return
        self.which.set_code(name, value_name(name))
        self.value.setFocus()

    def _take_field(self) -> None:
        assert self._sample is not None
        known = self._sample.values.get(self.which.code())
        self.chip.offer(units_of(self.which.code()), known.unit if known else None)
        self.value.clear()
        self._value_changed()

    def action(self) -> str:
        """Return what is about to be done."""
        return next(name for name, made in self.choice.items() if made.isChecked())

    def doubtful(self) -> list[Problem]:
        """Return the problems that a person may overrule by vouching for the value."""
        problems = self._count.problems if self._count else ()
        return [p for p in problems if p.severity is Severity.BLOCK and p.suggestion and p.field]

    def _look(self) -> None:
        action = self.action()
        self.which.setEnabled(action != VOID)
        self._panel.setEnabled(action == CORRECT)
        words = {CORRECT: tr("Save the correction"), CONFIRM: tr("Confirm the value"), VOID: tr("Withdraw the count")}
        self._save_button.setText(words[action])
        self.doubt.show_problems(self._problems() if action == CORRECT else (), self.value.problem(), self.value.caution())
        if self.isVisible():
            self.fit_height()
            self.bring_into_sight(self.doubt)
            focused: QWidget | None = self.focusWidget()
            self.bring_into_sight(self.value if focused is None else focused)

    def _problems(self) -> list[Problem]:
        """Return what the rules say of the new value, and what would then be in doubt elsewhere and is not so today."""
        correction = self._correction()
        return correction.problems() if correction is not None else []

    def _correction(self) -> Correction | None:
        """Return the change that is typed; None where there is none that can be read."""
        typed = self.value.reported(self.chip.unit)
        if typed is None or self._sample is None or self._history is None:
            return None
        value = replace(typed, confirmed=self.doubt.confirm.isChecked())
        return Correction(clinic=self.clinic, history=self._history, sample=self._sample, name=self.which.code(), value=value)

    def _write(self) -> Saved:
        assert self._sample is not None
        writers = {CORRECT: self._correct, CONFIRM: self._confirm, VOID: self._void}
        return writers[self.action()](self._sample)

    def _correct(self, _sample: CountSample) -> Saved:
        correction = self._correction()
        if correction is None:
            self.value.setFocus()
            raise UserError(self.value.problem() or tr("The new value is missing."))
        refuse_doubts(correction.problems())
        return correction.store(reason_of(self.reason))

    def _confirm(self, sample: CountSample) -> Saved:
        name = self.which.code()
        if name not in {problem.field for problem in self.doubtful()}:
            raise UserError(tr("Nothing is in doubt about {value}.", value=value_name(name)), tr("Choose the value that is marked."))
        outcome = self.clinic.confirm_value(sample.id, name, reason_of(self.reason))
        title, undo = tr("{value} confirmed.", value=value_name(name)), value_back(self.clinic, sample, name)
        return Saved(title=title, changes=outcome.changes, undo=undo)

    def _void(self, sample: CountSample) -> Saved:
        outcome = self.clinic.void_count(sample.id, reason_of(self.reason))
        return Saved(title=tr("Count withdrawn."), changes=outcome.changes, undo=self.restore_later(sample.id))
