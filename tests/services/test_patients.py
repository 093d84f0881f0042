"""Patients: added once under one number, changed by revision, found by any word, opened under audit; their courses of treatment."""

from dataclasses import replace
from datetime import date

import pytest

from neutromon.models.errors import UserError
from neutromon.models.history import Course, Cycle, Identifier
from neutromon.services.courses import add_course, change_course, save_cycle
from neutromon.services.patients import add_patient, change_patient, find_patients, patient_by_mrn, patient_history, view_patient
from neutromon.services.session import Session
from tests.builders import a_patient


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient."""
    return add_patient(session, a_patient("T-1", "Example", "Testa")).value


def test_that_one_number_belongs_to_one_patient(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="belongs to another patient"):
        add_patient(session, a_patient("T-1", "Other"))
    with pytest.raises(UserError, match="belongs to another patient"):
        add_patient(session, a_patient(" T-1 ", "Other", identifier=Identifier(value=" T-1 ", authority="test")))
    assert len(find_patients(session, "")) == 1


@pytest.mark.parametrize("number", ["T-1", "T 1", "t1", " T-1"])
def test_that_a_number_without_its_giver_may_be_the_one_that_is_here(session: Session, patient: str, number: str) -> None:
    with pytest.raises(UserError, match="belongs to another patient"):
        add_patient(session, a_patient(identifier=Identifier(value=number), family="Other"))
    other = add_patient(session, a_patient("T-2", other_identifiers=(Identifier(value="L-9", authority="LAB"),))).value
    with pytest.raises(UserError, match="L-9 belongs to another patient"):
        add_patient(session, a_patient("T-3", other_identifiers=(Identifier(value="L-9", authority="LAB"),)))
    assert {hit.patient_id for hit in find_patients(session, "")} == {patient, other}


@pytest.mark.parametrize("identifier", [None, Identifier(value=" ")])
def test_that_a_patient_needs_a_number(session: Session, identifier: Identifier | None) -> None:
    with pytest.raises(UserError, match="number is missing"):
        add_patient(session, a_patient(identifier=identifier))


def test_that_leading_zeros_of_a_number_matter(session: Session) -> None:
    long = add_patient(session, a_patient("0012345")).value
    short = add_patient(session, a_patient("12345")).value
    assert (patient_by_mrn(session, "0012345"), patient_by_mrn(session, "12345"), patient_by_mrn(session, "2345")) == (long, short, None)


def test_that_the_same_number_of_two_laboratories_is_not_guessed(session: Session, patient: str) -> None:
    add_patient(session, a_patient(identifier=Identifier(value="T-1", authority="OTHER")))
    with pytest.raises(UserError, match="Several patients have the number"):
        patient_by_mrn(session, "T-1")


def test_that_a_change_supersedes_and_needs_a_reason(session: Session, patient: str) -> None:
    record = patient_history(session, patient).patient
    with pytest.raises(UserError, match="reason is needed"):
        change_patient(session, replace(record, family_name="Changed"), "")
    change_patient(session, replace(record, family_name="Changed"), "marriage")
    assert patient_history(session, patient).patient.family_name == "Changed"
    assert [hit.name for hit in find_patients(session, "changed")] != []
    assert find_patients(session, "example") == []
    assert len(session.store.revisions(patient)) == 2


def test_that_a_change_cannot_take_the_number_of_another(session: Session, patient: str) -> None:
    add_patient(session, a_patient("T-2"))
    record = patient_history(session, patient).patient
    with pytest.raises(UserError, match="belongs to another"):
        change_patient(session, replace(record, identifier=Identifier(value="T-2", authority="TEST")), "typing")


@pytest.mark.parametrize("text", ["exam", "TESTA", "t-1", "1960-01-31", "testa exam"])
def test_that_a_patient_is_found_by_name_number_and_birth_date(session: Session, patient: str, text: str) -> None:
    hit = find_patients(session, text)[0]
    assert (hit.patient_id, hit.mrn, hit.birth_date) == (patient, "T-1", date(1960, 1, 31))


def test_that_opening_a_chart_is_audited(session: Session, patient: str) -> None:
    view_patient(session, patient)
    assert session.store.trail().entries[-1].what == "patient viewed"
    with pytest.raises(UserError, match="not in the store"):
        view_patient(session, "none")


def a_course(*days: date, **changes: object) -> Course:
    cycles = tuple(Cycle(number=number, planned_day1=day, day1=day) for number, day in enumerate(days, start=1))
    return replace(Course(regimen="R-CHOP-21", cycles=cycles), **changes)  # type: ignore[arg-type]


def test_that_a_course_is_stored_changed_and_its_cycles_saved(session: Session, patient: str) -> None:
    course = add_course(session, patient, a_course(date(2026, 2, 19))).value
    save_cycle(session, course, Cycle(number=2, planned_day1=date(2026, 3, 12)))
    save_cycle(session, course, Cycle(number=2, planned_day1=date(2026, 3, 12), day1=date(2026, 3, 19), delay_reason="ANC"), "given late")
    found = patient_history(session, patient).course
    assert found is not None
    assert [(cycle.number, cycle.day1) for cycle in found.cycles] == [(1, date(2026, 2, 19)), (2, date(2026, 3, 19))]
    change_course(session, replace(found, intent="curative"), "intent recorded")
    changed = patient_history(session, patient).course
    assert changed is not None
    assert changed.intent == "curative"


def test_that_the_newest_course_is_the_running_one(session: Session, patient: str) -> None:
    add_course(session, patient, a_course(date(2026, 2, 19), regimen="FLOT"))
    add_course(session, patient, a_course(date(2025, 1, 10), regimen="AC"))
    history = patient_history(session, patient)
    assert history.course is not None
    assert (history.course.regimen, [course.regimen for course in history.earlier_courses]) == ("FLOT", ["AC"])


def test_that_cycles_out_of_order_or_twice_are_refused(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="not after the cycle before"):
        add_course(session, patient, a_course(date(2026, 2, 19), date(2026, 2, 19)))
    twice = a_course(date(2026, 2, 19))
    with pytest.raises(UserError, match="same number"):
        add_course(session, patient, replace(twice, cycles=(*twice.cycles, Cycle(number=1))))
    assert patient_history(session, patient).course is None
