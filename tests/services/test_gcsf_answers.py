"""The answer to a G-CSF consideration: kept with the advice shown, its alert answered, its dose planned."""

from dataclasses import replace

import pytest

from neutromon.models.alerts import AlertState
from neutromon.models.care import GcsfAnswer
from neutromon.models.errors import UserError
from neutromon.models.history import GrowthFactor
from neutromon.services.alerts import alerts_of
from neutromon.services.care import record, void_fact
from neutromon.services.gcsf_answers import answer_gcsf, gcsf_answers
from neutromon.services.log import patient_log
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from tests.builders import at
from tests.services.a_store import in_nadir, with_patient


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient for whom G-CSF is considered."""
    history = in_nadir(anc="2.4")
    course = replace(history.course, fn_risk_percent="30") if history.course else None
    return with_patient(session, replace(history, course=course))


def considerations(s: Session, patient: str, *, ended: bool = False) -> list[AlertState]:
    return [alert.state for alert in alerts_of(s, patient, include_ended=ended) if alert.rule == "gcsf.primary"]


def test_that_discussing_answers_the_alert(session: Session, patient: str) -> None:
    answer_gcsf(session, patient, GcsfAnswer(answer="discuss", reason="clinic on Monday"))
    assert considerations(session, patient) == [AlertState.ACKNOWLEDGED]


def test_that_not_indicated_ends_the_alert_with_its_reason_and_it_stays_away(session: Session, patient: str) -> None:
    answer_gcsf(session, patient, GcsfAnswer(answer="not_indicated", reason="dose reduced instead", guideline="nccn", advice="recommend"))
    assert considerations(session, patient) == []
    assert considerations(session, patient, ended=True) == [AlertState.RESOLVED]
    texts = [entry.text for entry in patient_log(session, patient)]
    assert "G-CSF not indicated: dose reduced instead [nccn: recommend]" in texts
    assert any("plan changed: G-CSF not indicated. dose reduced instead" in text for text in texts)
    assert any(text.startswith("Alert acknowledged (G-CSF not indicated. dose reduced instead; owner ") for text in texts)
    assert not [text for text in texts if "discussed" in text]


def test_that_a_growth_factor_that_is_recorded_clears_the_consideration_and_the_log_says_by_what(session: Session, patient: str) -> None:
    session.clock.move(minutes=5)  # type: ignore[attr-defined]
    given = record(session, patient, GrowthFactor(product="pegfilgrastim", dose="6 mg", given_at=at(3), planned=True)).value
    assert considerations(session, patient) == []
    assert considerations(session, patient, ended=True) == [AlertState.CLEARED]
    cleared = next(entry.text for entry in patient_log(session, patient) if entry.text.startswith("Alert cleared"))
    why = f"a growth factor is recorded for it: pegfilgrastim planned {at(3).isoformat()}"
    assert cleared.startswith(f"Alert cleared ({why}): ADVISORY – consider G-CSF")
    void_fact(session, given, "entered for the wrong patient")
    assert considerations(session, patient) == [AlertState.RAISED]


def test_that_a_prescription_is_planned_and_its_alert_clears(session: Session, patient: str) -> None:
    planned = GrowthFactor(product="pegfilgrastim", dose="6 mg", given_at=at(3))
    answer_gcsf(session, patient, GcsfAnswer(answer="prescribed", planned=planned))
    (given,) = patient_history(session, patient).growth_factors
    assert (given.product, given.planned) == ("pegfilgrastim", True)
    assert considerations(session, patient) == []


@pytest.mark.parametrize(
    "answer",
    [
        GcsfAnswer(answer="give it"),
        GcsfAnswer(answer="not_indicated", reason=" "),
        GcsfAnswer(answer="prescribed"),
        GcsfAnswer(answer="prescribed", planned=GrowthFactor(product="pegfilgrastim")),
        GcsfAnswer(answer="prescribed", planned=GrowthFactor(product="wonderstim", given_at=at(3))),
    ],
    ids=lambda answer: f"{answer.answer}-{answer.planned}",
)
def test_that_an_incomplete_answer_stores_nothing(session: Session, patient: str, answer: GcsfAnswer) -> None:
    with pytest.raises(UserError):
        answer_gcsf(session, patient, answer)
    assert gcsf_answers(session, patient) == []
    assert considerations(session, patient) == [AlertState.RAISED]


def test_that_answers_are_listed_newest_first_with_who_and_when(session: Session, patient: str) -> None:
    answer_gcsf(session, patient, GcsfAnswer(answer="discuss"))
    session.clock.move(hours=1)  # type: ignore[attr-defined]
    answer_gcsf(session, patient, GcsfAnswer(answer="not_indicated", reason="declined"))
    found = gcsf_answers(session, patient)
    assert [(answer.answer, who) for answer, who, _ in found] == [("not_indicated", session.user), ("discuss", session.user)]
    assert found[0][2] == session.clock().isoformat()
