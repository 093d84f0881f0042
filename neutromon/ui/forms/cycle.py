"""One cycle: planned and given day 1, dose in per cent, delay with its reason, further treatment days."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.history import Course, Cycle
from neutromon.rules.dose_intensity import delay_days
from neutromon.rules.schedule import next_cycle, place
from neutromon.rules.treatment_days import odd_days
from neutromon.ui.fields.date_field import DateField, MomentField
from neutromon.ui.fields.days import Lean
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.intensity import intensity_text
from neutromon.ui.forms.percent import dose_field, dose_of, is_unusual
from neutromon.ui.forms.reasoned import reason_field
from neutromon.ui.forms.treatment_days import TreatmentDays
from neutromon.ui.forms.words import undone_by, yes_no_unknown
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import tr
from neutromon.ui.widgets.labels import TextLabel


class CycleForm(PatientForm):
    """Edits the cycle whose number is `subject_id`; without one the next cycle, or the running one where none is planned."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Cycle"), name="cycle_form", width=720, scroll=True)
        course = self._history.course if self._history else None
        self._course = course or Course()
        self._cycle, self._is_new = self._chosen(context.subject_id)
        self.setWindowTitle(tr("Cycle {n}", n=self._cycle.number))
        self.heading = TextLabel(
            tr("Cycle {n} of {regimen}", n=self._cycle.number, regimen=self._course.regimen or tr("regimen unknown")), strong=True
        )
        self.add_wide(self.heading)
        self._build_dates()
        self._build_rest()
        self._show()
        self.add_save(tr("Save cycle"), self._write)
        self._primary.setEnabled(course is not None)
        if course is not None:
            self.keep_draft(f"cycle:{course.id}:{self._cycle.number}", of_stored=True)
        if course is None:
            self.show_problem(UserError(tr("This patient has no course."), tr("Plan a course first.")))
        self.day1.setFocus()

    def _chosen(self, subject: str) -> tuple[Cycle, bool]:
        cycles = {cycle.number: cycle for cycle in self._course.cycles}
        if subject.isdecimal() and int(subject) in cycles:
            return cycles[int(subject)], False
        running = place(self._course, self.clinic.now().date())
        known = next_cycle(self._course) or (running.cycle if running and not subject else None)
        if known is not None and subject != "new":
            return known, False
        return Cycle(number=max(cycles, default=0) + 1), True

    def _build_dates(self) -> None:
        clock = self.clinic.now
        self.planned = DateField(clock, name="planned_day1", accessible=tr("Day 1, planned"), lean=Lean.FUTURE)
        self.day1 = DateField(clock, name="day1", accessible=tr("Day 1, given"))
        self._planned_says = self.add_field(tr("Day 1, planned"), self.planned, hint=" ")
        self._day1_says = self.add_field(tr("Day 1, given"), self.day1, hint=" ")
        self.end = MomentField(clock, name="chemo_end", about=tr("Chemotherapy ended"))
        self.add_field(tr("Chemotherapy ended"), self.end, hint=tr("Growth factor timing counts from here."))
        self.delay = QComboBox()
        self.delay.setObjectName("delay_reason")
        self.delay.setEditable(True)
        line = self.delay.lineEdit()
        if line is not None:
            line.setAccessibleName(tr("Reason of the delay"))
        self.delay.addItems(
            [
                "",
                tr("ANC too low"),
                tr("Platelets too low"),
                tr("Infection or fever"),
                tr("Other toxicity"),
                tr("Patient's wish"),
                tr("No place or staff"),
            ]
        )
        self._delay_says = self.add_field(tr("Reason of the delay"), self.delay, hint=" ")

    def _build_rest(self) -> None:
        self.dose = dose_field("dose_percent", tr("Dose, % of the plan"))
        self.add_field(tr("Dose, % of the plan"), self.dose, hint=tr("0 means omitted; empty means unknown."))
        self.sure = QCheckBox()
        self.sure.setObjectName("dose_sure")
        self.sure.hide()
        self.add_field("", self.sure)
        self.fever = Choice(yes_no_unknown(), name="febrile_neutropenia")
        self.add_field(tr("Febrile neutropenia in this cycle"), self.fever)
        self.days = TreatmentDays(self.clinic.now, self._cycle.treatment_days)
        self.add_field(tr("Further treatment days"), self.days)
        self.reason = reason_field(placeholder=tr("Optional: why this is changed"))
        self.add_field(tr("Note for the log"), self.reason)
        self.intensity = TextLabel("", tone="muted", wrap=True)
        self.add_wide(self.intensity)
        for field in (self.planned, self.day1):
            field.value_changed.connect(self._look)
        self.dose.entry_changed.connect(self._dose_changed)
        self.delay.currentTextChanged.connect(lambda _text: self.show_problem(""))

    def _show(self) -> None:
        cycle = self._cycle
        self.planned.set_day(cycle.planned_day1)
        self.day1.set_day(cycle.day1)
        self.end.set_value(cycle.chemo_end)
        self.delay.setEditText(cycle.delay_reason or "")
        self.dose.setText(cycle.dose_percent or "")
        self.fever.set_code(cycle.febrile_neutropenia)
        self._look()

    def cycle(self) -> Cycle:
        """Return the cycle as typed; raise UserError for what cannot be read."""
        return replace(
            self._cycle,
            planned_day1=self.planned.day(),
            day1=self.day1.day(),
            chemo_end=self.end.value(),
            delay_reason=self.delay.currentText().strip() or None,
            dose_percent=dose_of(self.dose),
            febrile_neutropenia=self.fever.code(),
            treatment_days=self.days.days(),
        )

    def _dose_changed(self) -> None:
        self.sure.setChecked(False)  # it was said of another dose
        self._look()

    def _look(self) -> None:
        self.show_problem("")  # it spoke of what was typed before
        self._ask_of_dose()
        self._planned_says.setText(self.planned.reading() or tr("No plan"))
        self._day1_says.setText(self.day1.reading() or tr("Not given yet"))
        dates = replace(self._cycle, planned_day1=self.planned.day(), day1=self.day1.day())
        late = delay_days(dates)
        self._delay_says.setText(delay_text(late))
        number = self.dose.entry()
        dosed = replace(dates, dose_percent=number.canonical or None)
        others = [cycle for cycle in self._course.cycles if cycle.number != dosed.number]
        course = replace(self._course, cycles=tuple(sorted([*others, dosed], key=lambda c: c.number)))
        regimen = self.clinic.rules.regimen(self._course.regimen)
        self.intensity.setText(intensity_text(course, regimen.cycle_days if regimen else None))

    def _ask_of_dose(self) -> None:
        """Offer to vouch for a dose that a slip of one key makes of another; as typed long ago it is not asked about again."""
        number = self.dose.entry().number
        asked = number is not None and is_unusual(number) and self.dose.entry().canonical != self._cycle.dose_percent
        self.sure.setText(tr("I have checked it: {dose} % of the plan is right", dose=self.dose.entry().canonical))
        self.sure.setVisible(asked)

    def _write(self) -> Saved:
        self._refuse_unreadable()
        cycle = self.cycle()
        if self.sure.isVisibleTo(self) and not self.sure.isChecked():
            raise UserError(
                tr("A dose of {dose} % of the plan is unusual.", dose=cycle.dose_percent or ""),
                tr("Correct it, or say that you have checked it."),
            )
        late = delay_days(cycle)
        if late is not None and late > 0 and not cycle.delay_reason:
            self.delay.setFocus()
            said = tr("Day 1 came 1 day late.") if late == 1 else tr("Day 1 came {n} days late.", n=late)
            raise UserError(said, tr("Choose or type the reason of the delay."))
        if self._is_new and cycle.planned_day1 is None and cycle.day1 is None:
            raise UserError(tr("The cycle has no date."), tr("Type the planned day 1."))
        if not self._is_new and cycle == self._cycle:
            raise UserError(tr("Nothing has changed."), tr("Change something, or leave with Esc."))
        self._judge_days(cycle)
        outcome = self.clinic.save_cycle(self._course.id, cycle, self.reason.text().strip())
        return Saved(title=tr("Cycle {n} saved.", n=cycle.number), changes=outcome.changes, undo=self._undo())

    def _judge_days(self, cycle: Cycle) -> None:
        """Ask about odd treatment days; what a person let stand when it was stored is not asked about again."""
        regimen = self.clinic.rules.regimen(self._course.regimen)
        days, today = regimen.cycle_days if regimen else None, self.clinic.now().date()
        stored = [odd for odd in odd_days(self._course, self._cycle, today, days) if not odd.impossible]
        try:
            self.days.judge([odd for odd in odd_days(self._course, cycle, today, days) if odd not in stored])
        finally:
            self.bring_into_sight(self.days.sure)

    def _undo(self) -> Callable[[], Outcome[None]]:
        before, clinic, reason = self._course, self.clinic, undone_by(self.clinic.user)
        return lambda: clinic.change_course(before, reason)

    def _refuse_unreadable(self) -> None:
        for field in (self.planned, self.day1):
            if field.is_unreadable():
                field.setFocus()
                raise UserError(tr("“{text}” is no date.", text=field.text()), tr("Type it like 12 Mar or t-1."))
        if self.end.problem():
            raise UserError(self.end.problem())
        day1 = self.day1.day()
        if day1 is not None and day1 > self.clinic.now().date():
            raise UserError(tr("Day 1 lies in the future."), tr("A day that is not given yet belongs into the plan."))


def delay_reasons() -> tuple[str, ...]:
    """Return the usual reasons; any other may be typed."""
    return (
        tr("ANC too low"),
        tr("Platelets too low"),
        tr("Infection or fever"),
        tr("Other toxicity"),
        tr("Patient's wish"),
        tr("No place or staff"),
    )


def delay_text(days: int | None) -> str:
    """Return the delay of a cycle in words."""
    if days is None:
        return tr("The delay is known with plan and given day.")
    if days == 0:
        return tr("On the planned day.")
    if days > 0:
        return tr("1 day after the plan.") if days == 1 else tr("{n} days after the plan.", n=days)
    return tr("1 day before the plan.") if days == -1 else tr("{n} days before the plan.", n=-days)
