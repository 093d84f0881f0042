"""The course editor: regimen by search, intent, planned cycles; a new course or another revision of the running one."""

from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtWidgets import QSpinBox

from neutromon.models.errors import UserError
from neutromon.models.history import Course, Cycle
from neutromon.ui.fields.date_field import DateField
from neutromon.ui.fields.days import Lean
from neutromon.ui.fields.regimen_picker import RegimenPicker
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.intensity import intensity_text
from neutromon.ui.forms.percent import dose_field, dose_of
from neutromon.ui.forms.reasoned import reason_field, reason_of
from neutromon.ui.forms.words import undone_by, yes_no_unknown
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import tr
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.worklist.columns import day_text

NEW = "new"
MOST_CYCLES = 40
MOST_TYPED = 999_999_999
"""What is typed is kept whole, and refused in words: a field that drops a digit makes 5 of 52."""


class CourseForm(PatientForm):
    """Edits the running course; plans a new one where there is none or `subject_id` is "new"."""

    def __init__(self, context: FormContext) -> None:
        known = context.clinic.patient_history(context.patient_id).course
        self._course = None if context.subject_id == NEW else known
        title = tr("Change course") if self._course else tr("Plan a course")
        super().__init__(context, title, name="course_form", width=760, scroll=True)
        self.regimen = RegimenPicker(lambda text: self.clinic.rules.search_regimens(text, 200))
        self.add_field(tr("Regimen"), self.regimen)
        intents = [(None, tr("Not stated")), ("curative", tr("Curative")), ("palliative", tr("Palliative"))]
        self.intent: Choice[str | None] = Choice(intents, name="intent")
        self.add_field(tr("Intent"), self.intent)
        self.radiotherapy = Choice(yes_no_unknown(), name="radiotherapy")
        self.add_field(tr("Radiotherapy at the same time"), self.radiotherapy)
        self.risk = dose_field("fn_risk", tr("Risk of febrile neutropenia, %"))
        self.risk.setPlaceholderText("")
        self.add_field(tr("FN risk, %"), self.risk, hint=tr("Only where the clinic knows it better than the library."))
        self._build_plan()
        self.reason = reason_field()
        if self._course is not None:
            self._show(self._course)
            self.add_field(tr("Reason of the change"), self.reason)
        self.regimen.regimen_changed.connect(lambda _id: self._look())
        self.add_save(tr("Save course"), self._write)
        self.keep_draft(f"course:{self._course.id}" if self._course else "course", of_stored=self._course is not None)
        self._look()
        self.regimen.field.setFocus()

    def _build_plan(self) -> None:
        self.first = DateField(self.clinic.now, name="first_day", accessible=tr("First day 1, planned"), lean=Lean.FUTURE)
        self.number = QSpinBox()
        self.number.setObjectName("cycles")
        self.number.setRange(0, MOST_TYPED)
        self.number.lineEdit().setTextMargins(7, 0, 0, 0)
        self.number.setValue(6)
        self._plan = TextLabel("", tone="muted", wrap=True)
        if self._course is None:
            self.add_field(tr("First day 1, planned"), self.first)
            self.add_field(tr("Cycles planned"), self.number)
        else:
            self.number.setValue(len(self._course.cycles))
            self.add_field(tr("Cycles in all"), self.number)
        self.add_wide(self._plan)
        self.first.value_changed.connect(self._look)
        self.number.valueChanged.connect(lambda _n: self._look())

    def _show(self, course: Course) -> None:
        self.regimen.set_regimen(course.regimen)
        self.intent.set_code(course.intent)
        self.radiotherapy.set_code(course.concurrent_radiotherapy)
        self.risk.setText(course.fn_risk_percent or "")

    def _days(self) -> int | None:
        regimen = self.clinic.rules.regimen(self.regimen.regimen())
        return regimen.cycle_days if regimen else None

    def cycles(self) -> tuple[Cycle, ...]:
        """Return the cycles as they would be stored: begun ones untouched, planned ones at the regimen's interval."""
        kept = [c for c in self._course.cycles if c.number <= self.number.value() or c.day1] if self._course else []
        days, wanted = self._days(), min(self.number.value(), MOST_CYCLES)
        found = sorted(kept, key=lambda c: c.number)
        while len(found) < wanted:
            found.append(Cycle(number=len(found) + 1, planned_day1=self._planned(found, days)))
        return tuple(found)

    def _planned(self, found: list[Cycle], days: int | None) -> date | None:
        if not found:
            return self.first.day()
        last = found[-1].day1 or found[-1].planned_day1
        return last + timedelta(days=days) if last is not None and days else None

    def number_problem(self) -> str:
        """Return why this number of cycles cannot be; "" where it can."""
        begun = sum(1 for c in self._course.cycles if c.day1 is not None) if self._course else 0
        if self.number.value() > MOST_CYCLES:
            return tr("{n} cycles are too many: type {most} or fewer.", n=self.number.value(), most=MOST_CYCLES)
        if self.number.value() < begun:
            return tr("{n} cycles have begun: type {n} or more.", n=begun)
        return ""

    def _look(self) -> None:
        refused = self.number_problem()
        if refused:
            self._plan.setText(refused)
            return
        cycles = self.cycles()
        planned = [f"C{c.number} {day_text(c.planned_day1) or tr('no date')}" for c in cycles if c.day1 is None]
        text = tr("Planned day 1: {days}", days=" · ".join(planned)) if planned else tr("No further cycle is planned.")
        if self._course is not None:
            text = f"{intensity_text(replace(self._course, cycles=cycles), self._days())}\n{text}"
        self._plan.setText(text)

    def course(self) -> Course:
        """Return the course as typed."""
        base = self._course or Course()
        return replace(
            base,
            regimen=self.regimen.regimen(),
            intent=self.intent.code(),
            concurrent_radiotherapy=self.radiotherapy.code(),
            fn_risk_percent=dose_of(self.risk),
            cycles=self.cycles(),
        )

    def _write(self) -> Saved:
        if self.first.is_unreadable():
            raise UserError(tr("“{text}” is no date.", text=self.first.text()), tr("Type it like 12 Mar or +3."))
        if self.number_problem():
            self.number.setFocus()
            raise UserError(self.number_problem())
        course = self.course()
        if course.regimen is None:
            raise UserError(tr("No regimen is chosen."), tr("Type a part of its name and choose it."))
        if self._course is None:
            outcome = self.clinic.add_course(self.patient_id, course)
            return Saved(title=tr("Course planned."), changes=outcome.changes, undo=self.void_later(outcome.value))
        before, clinic, reason = self._course, self.clinic, undone_by(self.clinic.user)
        changed = self.clinic.change_course(course, reason_of(self.reason))
        return Saved(title=tr("Course changed."), changes=changed.changes, undo=lambda: clinic.change_course(before, reason))
