"""What else is recorded of a patient: refused where it cannot be, one judgement at a time, voided with a reason."""

import pytest

from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.history import Antibiotic, ClinicalEvent, DrugExposure, Episode, GrowthFactor, Symptom, Temperature
from neutromon.services.alerts import alerts_of
from neutromon.services.care import (
    record,
    record_antibiotic,
    record_drug,
    record_episode,
    record_event,
    record_growth_factor,
    record_symptoms,
    record_temperature,
    record_work_up,
    restore_fact,
    set_monitoring,
    void_fact,
)
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from tests.builders import day
from tests.services.a_store import with_patient


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient on treatment."""
    return with_patient(session)


def test_that_a_fever_raises_its_emergency_at_once(session: Session, patient: str) -> None:
    record_temperature(session, patient, Temperature(at=session.clock(), value="38.4", unit="Cel"))
    assert Tier.EMERGENCY in {alert.tier for alert in alerts_of(session, patient)}


@pytest.mark.parametrize(("value", "unit"), [("101", "Cel"), ("384", "Cel"), ("warm", "Cel"), ("<38", "Cel"), ("38.4", "furlong")])
def test_that_a_temperature_that_cannot_be_is_refused(session: Session, patient: str, value: str, unit: str) -> None:
    with pytest.raises(UserError):
        record_temperature(session, patient, Temperature(at=session.clock(), value=value, unit=unit))
    assert patient_history(session, patient).temperatures == ()


def test_that_a_temperature_without_a_time_is_checked_all_the_same(session: Session, patient: str) -> None:
    with pytest.raises(UserError):
        record_temperature(session, patient, Temperature(value="384", unit="Cel"))
    assert record_temperature(session, patient, Temperature(value="101.1", unit="[degF]")).value


def test_that_symptoms_of_one_contact_are_stored_together(session: Session, patient: str) -> None:
    record_symptoms(session, patient, (Symptom(at=session.clock(), code="rash"), Symptom(at=session.clock(), code="cough")))
    assert {symptom.code for symptom in patient_history(session, patient).symptoms} == {"rash", "cough"}


def test_that_nothing_to_record_is_refused(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="nothing to record"):
        record(session, patient)


def test_that_nothing_is_recorded_of_a_patient_who_is_not_there(session: Session) -> None:
    with pytest.raises(UserError, match="not in the store"):
        record_event(session, "nobody", ClinicalEvent(kind="note", text="x"))


def test_that_an_unknown_growth_factor_is_refused(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="no known growth factor"):
        record_growth_factor(session, patient, GrowthFactor(product="wonderstim"))
    record_growth_factor(session, patient, GrowthFactor(product="filgrastim-sndz", given_at=session.clock()))
    assert [given.product for given in patient_history(session, patient).growth_factors] == ["filgrastim-sndz"]


def test_that_antibiotics_drugs_and_events_are_kept_as_given(session: Session, patient: str) -> None:
    record_antibiotic(session, patient, Antibiotic(name="cefepime", given_at=session.clock(), purpose="treatment"))
    record_drug(session, patient, DrugExposure(name="clozapine", start=day(-30)))
    record_event(session, patient, ClinicalEvent(kind="transfusion", at=session.clock(), text="2 units"))
    history = patient_history(session, patient)
    assert (history.antibiotics[0].name, history.drugs[0].start, history.events[0].text) == ("cefepime", day(-30), "2 units")


def test_that_a_new_judgement_replaces_the_earlier_one_which_stays_in_the_store(session: Session, patient: str) -> None:
    first = record_episode(session, patient, Episode(mascc={"age": 66}))
    second = record_episode(session, patient, Episode(mascc={"age": 66, "copd": False}))
    assert first.value == second.value
    assert patient_history(session, patient).episode.mascc == {"age": 66, "copd": False}
    assert len(session.store.revisions(first.value)) == 2


def test_that_a_work_up_and_its_drugs_are_one_unit(session: Session, patient: str) -> None:
    outcome = record_work_up(session, patient, {"note": "asked"}, (DrugExposure(name="valproate", start=day(-60)),))
    history = patient_history(session, patient)
    assert (history.work_up["note"], history.drugs[0].name) == ("asked", "valproate")
    assert {fact.at for fact in session.store.facts_of(patient) if fact.kind in {"work_up", "drug"}} == {session.clock().isoformat()}
    assert outcome.changes.patient_ids == {patient}


def test_that_a_monitoring_programme_begins_and_ends(session: Session, patient: str) -> None:
    set_monitoring(session, patient, "clozapine")
    assert patient_history(session, patient).monitoring == "clozapine"
    set_monitoring(session, patient, None)
    assert patient_history(session, patient).monitoring is None


def test_that_a_voided_record_needs_a_reason_and_counts_no_longer(session: Session, patient: str) -> None:
    fever = record_temperature(session, patient, Temperature(at=session.clock(), value="38.4", unit="Cel")).value
    with pytest.raises(UserError, match="reason"):
        void_fact(session, fever, " ")
    void_fact(session, fever, "wrong patient")
    assert patient_history(session, patient).temperatures == ()
    with pytest.raises(UserError, match="was voided"):
        void_fact(session, fever, "again")


def test_that_a_patient_is_not_voided_as_a_record(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="not voided here"):
        void_fact(session, patient, "mistake")


def test_that_a_renewed_judgement_begins_anew_after_it_was_voided(session: Session, patient: str) -> None:
    first = record_episode(session, patient, Episode(flags={"sepsis_signs": True})).value
    void_fact(session, first, "wrong patient")
    session.clock.move(minutes=1)  # type: ignore[attr-defined]
    assert record_episode(session, patient, Episode(flags={"pneumonia": True})).value != first
    assert patient_history(session, patient).episode.flags == {"pneumonia": True}


def test_that_a_withdrawn_record_comes_back_as_it_was(session: Session, patient: str) -> None:
    fact = record_symptoms(session, patient, (Symptom(at=session.clock(), code="rash"),)).value
    with pytest.raises(UserError, match="not withdrawn"):
        restore_fact(session, fact, "undone")
    void_fact(session, fact, "wrong patient")
    with pytest.raises(UserError, match="reason"):
        restore_fact(session, fact, " ")
    restore_fact(session, fact, "undone")
    assert [symptom.code for symptom in patient_history(session, patient).symptoms] == ["rash"]
    assert [fact.reason for fact in session.store.revisions(fact)][1:] == ["wrong patient", "undone"]


def test_that_a_record_that_was_never_there_cannot_come_back(session: Session) -> None:
    with pytest.raises(UserError, match="not withdrawn"):
        restore_fact(session, "nothing", "undone")
