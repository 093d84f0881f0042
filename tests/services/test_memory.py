"""What a session remembers of a patient never differs from what it would read anew."""

from dataclasses import replace
from datetime import timedelta

import pytest

from neutromon.rules import evaluate
from neutromon.services.counts import correct_count, void_count
from neutromon.services.evaluations import evaluate_patient
from neutromon.services.histories import build_history
from neutromon.services.memory import PATIENTS, Memory
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from neutromon.services.writing import writing
from tests.builders import a_patient, a_value
from tests.services.a_store import in_nadir, take_count, with_patient


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient with counts."""
    return with_patient(session)


def read_anew(session: Session, patient: str) -> object:
    return build_history(patient, session.store.facts_of(patient))


def evaluated_anew(session: Session, patient: str) -> object:
    history = build_history(patient, session.store.facts_of(patient))
    return evaluate(history, session.rules, session.clock(), session.protocol)


def test_that_a_patient_is_not_read_twice_where_nothing_was_added(session: Session, patient: str) -> None:
    assert patient_history(session, patient) is patient_history(session, patient)


def test_that_an_added_a_corrected_and_a_voided_count_are_seen_at_once(session: Session, patient: str) -> None:
    patient_history(session, patient)
    added = take_count(session, patient, "0.9")
    assert patient_history(session, patient) == read_anew(session, patient)
    correct_count(session, added, "neutrophils", a_value("1.9"), "typing error")
    corrected = next(sample for sample in patient_history(session, patient).counts if sample.id == added)
    assert corrected.values["neutrophils"].value == "1.9"
    assert [value.value for _, value, _ in corrected.superseded] == ["0.9"]
    void_count(session, added, "wrong patient")
    assert added not in {sample.id for sample in patient_history(session, patient).counts}
    assert evaluate_patient(session, patient) == evaluated_anew(session, patient)


def test_that_what_was_read_inside_a_failed_write_is_not_remembered(session: Session, patient: str) -> None:
    with pytest.raises(RuntimeError), writing(session) as write:
        write.add(patient, "event", {"kind": "admission"})
        assert patient_history(session, patient).events
        raise RuntimeError
    assert patient_history(session, patient) == read_anew(session, patient)
    assert not patient_history(session, patient).events


def test_that_a_second_evaluation_says_the_same_as_the_first(session: Session, patient: str) -> None:
    first = evaluate_patient(session, patient)
    assert evaluate_patient(session, patient) == first == evaluated_anew(session, patient)


def test_that_a_count_of_the_future_is_used_once_its_time_has_come(session: Session) -> None:
    history = in_nadir()
    ahead = replace(history.counts[0], collected_at=session.clock() + timedelta(hours=2))
    patient = with_patient(session, replace(history, counts=(ahead,)))
    before = evaluate_patient(session, patient)
    after = evaluate_patient(session, patient, session.clock() + timedelta(hours=3))
    assert [problem.code for problem in before.counts[0].problems] == ["future_time"]
    assert after.counts[0].anc.quantity is not None
    assert [problem.code for problem in evaluate_patient(session, patient).counts[0].problems] == ["future_time"]


def test_that_another_limit_of_the_patient_grades_remembered_samples_anew(session: Session, patient: str) -> None:
    known = session.memory.of(patient).samples
    history = patient_history(session, patient)
    plain = evaluate(history, session.rules, session.clock(), samples=known)
    limited = replace(history, patient=replace(a_patient(), lower_limits={"anc": a_value("0.3")}))
    again = evaluate(limited, session.rules, session.clock(), samples=known)
    assert again == evaluate(limited, session.rules, session.clock())
    assert again.lower_limits != plain.lower_limits


def test_that_the_patient_read_longest_ago_is_forgotten_first() -> None:
    memory = Memory()
    kept = memory.of("first")
    for number in range(PATIENTS - 1):
        memory.of(f"p{number}")
    assert memory.of("first") is kept
    memory.of("one more")
    memory.of("and one more")
    assert memory.of("first") is kept
