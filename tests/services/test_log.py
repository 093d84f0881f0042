"""The log: every record in words, what was replaced beside what replaced it, alerts with their text."""

from datetime import date, timedelta

import pytest

from neutromon.models.alerts import Acknowledgement, Snooze
from neutromon.models.care import Pathway
from neutromon.models.evaluation import Tier
from neutromon.models.history import (
    Antibiotic,
    ClinicalEvent,
    Course,
    Cycle,
    DrugExposure,
    Episode,
    GrowthFactor,
    Symptom,
    Temperature,
    TreatmentDay,
)
from neutromon.models.quantity import Reported
from neutromon.services.alerts import acknowledge_alert, set_owner, snooze_alert
from neutromon.services.calls import save_pathway
from neutromon.services.care import record, record_episode, record_work_up, set_monitoring, void_fact
from neutromon.services.counts import correct_count
from neutromon.services.courses import add_course
from neutromon.services.log import LogEntry, patient_log
from neutromon.services.patients import add_patient
from neutromon.services.session import Session
from neutromon.services.writing import writing
from tests.builders import a_patient, at
from tests.services.a_store import take_count, the_alert, with_patient


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient with an urgent alert."""
    return with_patient(session)


def of_kind(s: Session, patient: str, kind: str) -> list[LogEntry]:
    return [entry for entry in patient_log(s, patient) if entry.kind == kind]


def test_that_the_log_is_newest_first_and_names_who(session: Session, patient: str) -> None:
    session.clock.move(hours=1)  # type: ignore[attr-defined]
    record(session, patient, ClinicalEvent(kind="note", at=session.clock(), text="rang twice"))
    newest = patient_log(session, patient)[0]
    assert (newest.at, newest.who) == (session.clock(), session.user)


@pytest.mark.parametrize(
    ("item", "kind", "text"),
    [
        (Temperature(value="38.4", unit="Cel", route="oral"), "temperature", "Temperature 38.4 °C oral"),
        (Temperature(value="38.4"), "temperature", "Temperature 38.4 °C"),
        (Temperature(value="101.1", unit="[degF]"), "temperature", "Temperature 101.1 °F"),
        (Symptom(code="mouth_ulcers"), "symptom", "Symptom: mouth ulcers"),
        (GrowthFactor(product="filgrastim", dose="300 ug"), "growth_factor", "Given filgrastim 300 ug"),
        (GrowthFactor(product="filgrastim", planned=True), "growth_factor", "Planned filgrastim"),
        (Antibiotic(name="Cefepime", purpose="treatment"), "antibiotic", "Antibiotic (treatment): Cefepime"),
        (Antibiotic(name="Cefepime"), "antibiotic", "Antibiotic (purpose not stated): Cefepime"),
        (DrugExposure(name="Clozapine"), "drug", "Drug: Clozapine"),
        (ClinicalEvent(kind="transfusion", text="2 Units"), "event", "Transfusion: 2 Units"),
    ],
    ids=str,
)
def test_that_a_record_reads_as_one_line(session: Session, patient: str, item: object, kind: str, text: str) -> None:
    record(session, patient, item)  # type: ignore[arg-type]
    assert of_kind(session, patient, kind)[0].text == text


def test_that_a_corrected_count_stands_beside_what_it_replaced(session: Session, patient: str) -> None:
    sample = take_count(session, patient, "0.30", collected=session.clock() - timedelta(minutes=10))
    session.clock.move(minutes=1)  # type: ignore[attr-defined]
    correct_count(session, sample, "neutrophils", Reported(value="3.0", unit="10*9/L"), "decimal point")
    new, old = [entry for entry in of_kind(session, patient, "sample") if entry.fact_id == sample]
    assert new.text.startswith("Changed (decimal point): Count of ") and "neutrophils 3.0 ×10⁹/L" in new.text
    assert (old.superseded, new.superseded) == (True, False)
    assert "neutrophils 0.30 ×10⁹/L" in old.text


def test_that_a_value_without_a_unit_is_shown_without_one(session: Session, patient: str) -> None:
    from neutromon.services.counts import CountDraft, record_count

    values = {"mcv": Reported(value="91", unit="fL"), "platelets": Reported(value="120", unit="10*9/L")}
    record_count(session, patient, CountDraft(collected_at=session.clock(), values=values))
    assert any("MCV 91 fL, platelets 120 ×10⁹/L" in entry.text for entry in of_kind(session, patient, "sample"))


def test_that_a_voided_record_stays_with_its_reason(session: Session, patient: str) -> None:
    fact = record(session, patient, Symptom(code="rash")).value
    session.clock.move(minutes=1)  # type: ignore[attr-defined]
    void_fact(session, fact, "wrong patient")
    assert [entry.text for entry in of_kind(session, patient, "symptom")] == ["Voided (wrong patient): Symptom: rash", "Symptom: rash"]


@pytest.mark.parametrize(
    ("episode", "text"),
    [
        (Episode(expected_fall_below_0_5=True), "Judgement of the episode"),
        (Episode(flags={"sepsis_signs": True, "pneumonia": False}), "Judgement of the episode: sepsis signs"),
        (Episode(mascc={"age": 60}, cisne={"ecog": 1}), "Judgement of the episode: MASCC items, CISNE items"),
    ],
    ids=["fall", "flags", "scores"],
)
def test_that_a_judgement_says_what_it_is_about(session: Session, patient: str, episode: Episode, text: str) -> None:
    record_episode(session, patient, episode)
    assert of_kind(session, patient, "episode")[0].text == text


def test_that_the_pathway_reads_as_one_line_with_its_end(session: Session, patient: str) -> None:
    zero = session.clock()
    root = save_pathway(session, patient, Pathway(time_zero=zero)).value
    assert of_kind(session, patient, "pathway")[0].text == f"Febrile-neutropenia pathway, time zero {zero.isoformat()}"
    session.clock.move(minutes=1)  # type: ignore[attr-defined]
    now = session.clock()
    flags = {"systolic": True, "confusion": False}
    save_pathway(session, patient, Pathway(id=root, time_zero=zero, done={"CRP": now}, flags=flags, ended_at=now, outcome="admitted"))
    text = of_kind(session, patient, "pathway")[0].text
    assert text.endswith(f"; done: CRP; red flags: systolic; ended {now.isoformat()}: admitted")


def test_that_the_log_says_what_was_missing_when_a_pathway_ended(session: Session, patient: str) -> None:
    zero = session.clock()
    missing = ("first antibiotic", "red flags: 9/9", "risk score")
    ended = Pathway(time_zero=zero, ended_at=zero, outcome="outpatient", missing=missing, end_reason="went home")
    save_pathway(session, patient, ended)
    text = of_kind(session, patient, "pathway")[0].text
    assert text.endswith("outpatient; not written down: first antibiotic, red flags 9/9, risk score; ended all the same: went home")


def test_that_work_up_monitoring_course_and_patient_have_their_words(session: Session, patient: str) -> None:
    record_work_up(session, patient, {"note": "asked"})
    set_monitoring(session, patient, "clozapine")
    set_monitoring(session, patient, None)
    texts = [entry.text for entry in patient_log(session, patient)]
    assert "Work-up of unexplained neutropenia" in texts
    assert any(text.startswith("number T-0001; Example, Testa; born 1960-01-31") for text in texts)
    assert any(text.startswith("Course R-CHOP-21, 2 cycles") for text in texts)
    assert any(text.endswith("Monitoring programme: none") for text in texts)


def test_that_a_course_is_logged_with_its_days_doses_and_delays(session: Session) -> None:
    late = Cycle(number=2, planned_day1=date(2026, 2, 22), day1=date(2026, 2, 28), dose_percent="8", delay_reason="ANC too low")
    cycles = (Cycle(number=1, day1=date(2026, 2, 1)), late, Cycle(number=3, planned_day1=date(2026, 3, 21)))
    patient = add_patient(session, a_patient("T-0009")).value
    add_course(session, patient, Course(regimen="CHOP-21", cycles=cycles))
    assert of_kind(session, patient, "course")[0].text == (
        "Course CHOP-21, 3 cycles: C1 given 2026-02-01, dose unknown; "
        "C2 given 2026-02-28, 8 %, 6 days after the plan (ANC too low); C3 planned 2026-03-21"
    )


def test_that_every_treatment_day_is_in_the_log(session: Session) -> None:
    days = (
        TreatmentDay(day=8, planned=date(2026, 2, 8), given=date(2026, 2, 9), dose_percent="80"),
        TreatmentDay(day=15, planned=date(2026, 2, 15), given=date(2026, 2, 15)),
        TreatmentDay(day=16, planned=date(2026, 2, 16), dose_percent="0"),
        TreatmentDay(day=17, planned=date(2026, 2, 17)),
        TreatmentDay(day=18),
    )
    coming = Cycle(number=2, planned_day1=date(2026, 2, 22), treatment_days=(TreatmentDay(day=8, planned=date(2026, 3, 1)),))
    cycles = (Cycle(number=1, day1=date(2026, 2, 1), dose_percent="100", treatment_days=days), coming)
    patient = add_patient(session, a_patient("T-0009")).value
    add_course(session, patient, Course(regimen="GC", cycles=cycles))
    assert of_kind(session, patient, "course")[0].text == (
        "Course GC, 2 cycles: C1 given 2026-02-01, 100 %; C1 D8 given 2026-02-09, 80 %, 1 day after the plan; "
        "C1 D15 given 2026-02-15, dose unknown; C1 D16 omitted (2026-02-16); C1 D17 planned 2026-02-17; C1 D18 planned without a date; "
        "C2 planned 2026-02-22; C2 D8 planned 2026-03-01"
    )


def test_that_an_answer_is_logged_with_everything_that_was_said(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    said = Acknowledgement(
        action="informed",
        note="bed 4",
        informed_name="Dr Example",
        informed_role="registrar",
        informed_at=session.clock(),
        due=session.clock() + timedelta(hours=6),
    )
    acknowledge_alert(session, alert.id, said)
    newest = next(entry for entry in of_kind(session, patient, "alert") if "acknowledged" in entry.text)
    told = "informed Dr Example, registrar at 2026-03-12T09:00+00:00, not read back"
    words = f"informed; bed 4; {told}; owner {session.user}; due 2026-03-12T15:00+00:00"
    assert newest.text == f"Alert acknowledged ({words}): {alert.text}"


def test_that_an_answer_without_details_and_a_change_of_owner_are_short(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    acknowledge_alert(session, alert.id, Acknowledgement(action="called_patient"))
    answered = the_alert(session, patient)
    set_owner(session, [alert.id], "A. Nother")
    texts = [entry.text for entry in of_kind(session, patient, "alert") if entry.fact_id == alert.id]
    assert f"Alert acknowledged (called patient; owner {session.user}): {alert.text}" in texts
    assert f"Alert given to A. Nother. Before that it said: {answered.text}" in texts
    assert answered.text.endswith(f"Owner: {session.user}.")


@pytest.mark.parametrize(
    ("next_count", "words"), [(False, "until 2026-03-12T13:00+00:00"), (True, "until the next count, at the latest 2026-03-12T13:00+00:00")]
)
def test_that_a_pause_is_logged_with_its_end_and_its_ceiling(session: Session, patient: str, next_count: bool, words: str) -> None:
    alert = the_alert(session, patient, Tier.ADVISORY)
    snooze_alert(session, alert.id, Snooze(reason="plan_in_place", until=at(hours=4), until_next_count=next_count))
    text = next(entry.text for entry in of_kind(session, patient, "alert") if "snoozed" in entry.text)
    assert f"(plan in place; {words}; a tier worse than advisory breaks it)" in text


def test_that_a_kind_of_a_newer_program_is_shown_by_its_name(session: Session, patient: str) -> None:
    from neutromon.services.writing import writing

    with writing(session) as write:
        write.add(patient, "moon_phase", {"full": True})
    assert of_kind(session, patient, "moon_phase")[0].text == "moon phase"


def test_that_a_forecast_that_was_shown_says_what_it_said(session: Session, patient: str) -> None:
    body = {"model": "friberg-kpd 2026-11", "observations": 8, "day1": ["2026-03-20", 0.72, 1.5], "rows": []}
    with writing(session) as write:
        write.add(patient, "forecast", body, "shown")
        write.add(patient, "forecast", {**body, "day1": None}, "shown")
    said = "; about 7 of 10 similar courses reach ≥ 1.5 ×10⁹/L on 2026-03-20"
    shown = "Forecast shown (friberg-kpd 2026-11, 8 counts)"
    assert {entry.text for entry in of_kind(session, patient, "forecast")} == {shown, shown + said}
