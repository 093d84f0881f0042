"""What a typed cell of the flow sheet means and what it needs before it is stored: a reason, a time, or nothing more."""

from dataclasses import dataclass, replace
from datetime import time

from neutromon.models.errors import UserError
from neutromon.models.history import Cycle, Temperature
from neutromon.models.quantity import Comparator, Reported, plain_decimal
from neutromon.services.counts import CountDraft
from neutromon.ui.count_unit import count_unit
from neutromon.ui.fields.days import at_clock
from neutromon.ui.fields.lab_text import read_lab_text
from neutromon.ui.fields.lab_value import fault_text
from neutromon.ui.fields.units import unit_words, units_of
from neutromon.ui.forms.correction import Correction, refuse_doubts
from neutromon.ui.forms.percent import is_unusual
from neutromon.ui.forms.whose import AnotherPatientError, whose_question
from neutromon.ui.forms.words import undone_by, value_name
from neutromon.ui.patient.flow_data import COUNT_ROWS, FlowDay, FlowRow
from neutromon.ui.port import ClinicPort
from neutromon.ui.saved import Saved
from neutromon.ui.text import tr
from neutromon.ui.worklist.columns import day_text

MOST_DOSE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEdit:
    """A typed cell: what it is about, in words, and which of unit, time and reason it still needs."""

    row: FlowRow
    day: FlowDay
    text: str
    says: str
    units: tuple[str, ...] = ()
    unit: str = ""
    needs_time: bool = False
    needs_reason: bool = False


def begin_edit(day: FlowDay, row: FlowRow, text: str) -> FlowEdit:
    """Return what a typed text asks for; raise UserError where it is no value."""
    entry = read_lab_text(text)
    if entry.number is None:
        raise UserError(fault_text(entry.fault, text) or tr("To take a value away, open its record (Enter)."))
    when = f"{day.title}, {day_text(day.day)}"
    if row is FlowRow.DOSE:
        if entry.comparator is not Comparator.EQ or entry.number > MOST_DOSE:
            raise UserError(tr("“{text}” is no dose in per cent.", text=text), tr("Type a number from 0 (omitted) to 200."))
        said = tr("Dose {value} % on {when}", value=plain_decimal(entry.number), when=when)
        unusual = is_unusual(entry.number)
        said = f"{said} · {tr('An unusual dose: correct it, or say why it is right.')}" if unusual else said
        return FlowEdit(row=row, day=day, text=plain_decimal(entry.number), says=said, needs_reason=unusual)
    if row is FlowRow.TEMPERATURE:
        said = tr("Temperature {value} °C on {when}", value=entry.canonical, when=when)
        return FlowEdit(row=row, day=day, text=entry.canonical, says=said, needs_time=True)
    return _count_edit(day, row, entry.canonical, when)


def _count_edit(day: FlowDay, row: FlowRow, text: str, when: str) -> FlowEdit:
    assert row in COUNT_ROWS
    known = day.sample.values.get(row.value) if day.sample else None
    units = units_of(row.value)
    usual = count_unit() if count_unit() in units else units[0]
    unit = known.unit if known and row is FlowRow.HEMOGLOBIN and known.unit else usual
    name = value_name(row.value)
    if known is not None:
        old = known.value if known.unit == unit else f"{known.value} {unit_words(known.unit)}"
        said = tr("{name} {old} becomes {new} on {when}", name=name, old=old, new=text, when=when)
    elif day.sample is not None:
        said = tr("{name} {new} is added to the count of {when}", name=name, new=text, when=when)
    else:
        said = tr("New count on {when}: {name} {new}", name=name, new=text, when=when)
    return FlowEdit(
        row=row, day=day, text=text, says=said, units=units, unit=unit, needs_time=day.sample is None, needs_reason=known is not None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered about a typed cell; `checked` where a person vouches for a value that the rules doubt."""

    unit: str = ""
    moment: time | None = None
    reason: str = ""
    checked: bool = False


def store_edit(clinic: ClinicPort, patient_id: str, edit: FlowEdit, answers: Answers) -> Saved:
    """Store a typed cell and return it with its undo; raise UserError for what is missing, DoubtError for what can be vouched for."""
    moment, reason = answers.moment, answers.reason
    if edit.needs_reason and not reason.strip():
        raise UserError(tr("A reason is needed."), tr("Say in a few words why."))
    if edit.needs_time and moment is None:
        raise UserError(tr("The time is missing or cannot be read."), tr("Type it like 0840."))
    if edit.row is FlowRow.DOSE:
        return _store_dose(clinic, patient_id, edit, reason.strip())
    if edit.row is FlowRow.TEMPERATURE:
        assert moment is not None
        return _store_temperature(clinic, patient_id, edit, moment)
    if edit.day.sample is None:
        assert moment is not None
        return _store_count(clinic, patient_id, edit, answers, moment)
    value = Reported(value=edit.text, unit=answers.unit, confirmed=answers.checked)
    history = clinic.patient_history(patient_id)
    correction = Correction(clinic=clinic, history=history, sample=edit.day.sample, name=edit.row.value, value=value)
    return correction.store(reason.strip() or tr("added on the flow sheet"))


def _store_count(clinic: ClinicPort, patient_id: str, edit: FlowEdit, answers: Answers, moment: time) -> Saved:
    name = edit.row.value
    draft = CountDraft(
        collected_at=at_clock(edit.day.day, moment, clinic.now()),
        values={name: Reported(value=edit.text, unit=answers.unit)},
        confirmed=frozenset({name} if answers.checked else ()),
        note=tr("flow sheet"),
    )
    preview = clinic.preview_count(patient_id, draft)
    refuse_doubts(p for p in preview.evaluation.problems if p.field == name)
    signs = preview.unlike
    if signs:
        raise AnotherPatientError(whose_question(signs), tr("If it is, enter it in the count form (Ctrl+N), which asks once more."))
    outcome = clinic.record_count(patient_id, draft)
    undone = undone_by(clinic.user)
    return Saved(title=tr("Count saved."), changes=outcome.changes, undo=lambda: clinic.void_count(outcome.value, undone))


def _store_temperature(clinic: ClinicPort, patient_id: str, edit: FlowEdit, moment: time) -> Saved:
    at = at_clock(edit.day.day, moment, clinic.now())
    if at > clinic.now():
        raise UserError(tr("The time lies in the future."), tr("Correct it."))
    outcome = clinic.record_temperature(patient_id, Temperature(at=at, value=edit.text, unit="Cel"))
    undone = undone_by(clinic.user)
    return Saved(title=tr("Temperature saved."), changes=outcome.changes, undo=lambda: clinic.void_fact(outcome.value, undone))


def _store_dose(clinic: ClinicPort, patient_id: str, edit: FlowEdit, reason: str) -> Saved:
    course, cycle = clinic.patient_history(patient_id).course, edit.day.cycle
    if course is None or cycle is None:
        raise UserError(tr("No treatment is recorded on this day."), tr("Open the cycle first."))
    outcome = clinic.save_cycle(course.id, _dosed(cycle, edit), reason or tr("dose on the flow sheet"))
    undone = undone_by(clinic.user)
    return Saved(title=tr("Dose saved."), changes=outcome.changes, undo=lambda: clinic.change_course(course, undone))


def _dosed(cycle: Cycle, edit: FlowEdit) -> Cycle:
    further = edit.day.treatment
    if further is None:
        return replace(cycle, dose_percent=edit.text)
    days = tuple(replace(day, dose_percent=edit.text) if day.day == further.day else day for day in cycle.treatment_days)
    return replace(cycle, treatment_days=days)
