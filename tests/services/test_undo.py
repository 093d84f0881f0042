"""Taking a save back: everything that it wrote, by new entries, and nothing that somebody changed since."""

from dataclasses import replace
from datetime import timedelta

import pytest

from neutromon.models.alerts import Acknowledgement, AlertEventKind, AlertState, Snooze
from neutromon.models.care import GcsfAnswer, Pathway, TriageCall
from neutromon.models.changes import Changes
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.history import Antibiotic, Episode, Temperature
from neutromon.services.alerts import acknowledge_alert, alert_by_id, alerts_of, resolve_alert, set_owner, snooze_alert
from neutromon.services.calls import open_pathway, record_call, save_pathway
from neutromon.services.care import record_episode, record_work_up
from neutromon.services.decisions import hand_over
from neutromon.services.evaluations import evaluate_patient
from neutromon.services.gcsf_answers import answer_gcsf, gcsf_answers
from neutromon.services.log import patient_log
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from neutromon.services.undo import take_back
from tests.services.a_store import take_temperature, the_alert, with_patient

SAID = "undone by N. Urse"


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient with an urgent alert."""
    return with_patient(session)


def test_that_an_acknowledgement_taken_back_leaves_the_alert_as_it_was_and_both_steps_in_the_log(session: Session, patient: str) -> None:
    before = the_alert(session, patient)
    outcome = acknowledge_alert(session, before.id, Acknowledgement(action="called_patient"))
    undone = take_back(session, outcome.changes, SAID)
    after = alert_by_id(session, before.id)
    assert (after.state, after.owner, after.acknowledgement, after.acknowledged_at) == (before.state, before.owner, None, None)
    assert before.id in undone.changes.alert_ids
    kinds = [event.kind for event in after.events[-2:]]
    assert kinds == [AlertEventKind.ACKNOWLEDGED, AlertEventKind.WITHDRAWN]
    texts = [entry.text for entry in patient_log(session, patient)]
    assert any(text.startswith(f"Alert withdrawn (acknowledged: {SAID})") for text in texts)


def test_that_an_antibiotic_that_was_stored_with_the_answer_is_withdrawn_with_it(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    given = Antibiotic(name="cefepime", given_at=session.clock(), purpose="treatment")
    outcome = acknowledge_alert(session, alert.id, Acknowledgement(action="antibiotic_given"), given)
    take_back(session, outcome.changes, SAID)
    assert patient_history(session, patient).antibiotics == ()
    assert alert_by_id(session, alert.id).acknowledgement is None


def test_that_an_emergency_message_that_was_read_back_stays(session: Session, patient: str) -> None:
    take_temperature(session, patient, "38.6")
    alert = the_alert(session, patient, Tier.EMERGENCY)
    said = Acknowledgement(action="informed", informed_name="Dr Example", informed_role="registrar", read_back=True)
    outcome = acknowledge_alert(session, alert.id, said)
    with pytest.raises(UserError, match="read back cannot be taken back"):
        take_back(session, outcome.changes, SAID)
    assert alert_by_id(session, alert.id).acknowledgement is not None


def test_that_a_pause_an_end_and_an_owner_are_taken_back(session: Session, patient: str) -> None:
    alert = the_alert(session, patient, Tier.ADVISORY)
    pause = snooze_alert(session, alert.id, Snooze(reason="plan_in_place", until=session.clock() + timedelta(hours=2)))
    take_back(session, pause.changes, SAID)
    assert alert_by_id(session, alert.id).state is alert.state
    end = resolve_alert(session, alert.id, "plan_changed")
    take_back(session, end.changes, SAID)
    assert alert_by_id(session, alert.id).is_live
    given = set_owner(session, [alert.id], "A. Nother")
    take_back(session, given.changes, SAID)
    assert alert_by_id(session, alert.id).owner == alert.owner


def test_that_an_urgent_alert_whose_pause_was_taken_back_may_be_paused(session: Session, patient: str) -> None:
    alert = the_alert(session, patient, Tier.URGENT)
    pause = Snooze(reason="plan_in_place", until=session.clock() + timedelta(hours=2))
    take_back(session, snooze_alert(session, alert.id, pause).changes, SAID)
    snooze_alert(session, alert.id, pause)
    assert alert_by_id(session, alert.id).state is AlertState.SNOOZED


def test_that_an_answer_to_which_somebody_added_one_is_not_taken_back(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    first = acknowledge_alert(session, alert.id, Acknowledgement(action="called_patient"))
    acknowledge_alert(session, alert.id, Acknowledgement(action="sent_to_assessment"))
    with pytest.raises(UserError, match="changed since"):
        take_back(session, first.changes, SAID)


def test_that_a_hand_over_gives_every_alert_back_and_withdraws_its_note(session: Session, patient: str) -> None:
    owners = {alert.id: alert.owner for alert in alerts_of(session, patient)}
    outcome = hand_over(session, list(owners), "A. Nother", "look at the mouth")
    take_back(session, outcome.changes, SAID)
    assert {alert.id: alert.owner for alert in alerts_of(session, patient)} == owners
    assert patient_history(session, patient).events == ()


def test_that_a_call_is_withdrawn_with_its_signs_its_temperature_and_its_pathway(session: Session, patient: str) -> None:
    before = evaluate_patient(session, patient)
    call = TriageCall(
        at=session.clock(),
        caller="patient",
        signs={"rigors": True},
        temperature=Temperature(value="38.6", unit="Cel"),
        outcome="face_to_face",
        time_zero=session.clock(),
    )
    outcome = record_call(session, patient, call)
    assert open_pathway(session, patient) is not None
    take_back(session, outcome.changes, SAID)
    history = patient_history(session, patient)
    assert (history.symptoms, history.temperatures, history.events, open_pathway(session, patient)) == ((), (), (), None)
    assert evaluate_patient(session, patient).findings == before.findings


def test_that_a_pathway_goes_back_to_its_earlier_step_and_an_ended_one_runs_again(session: Session, patient: str) -> None:
    zero = session.clock()
    root = save_pathway(session, patient, Pathway(time_zero=zero)).value
    ended = save_pathway(session, patient, Pathway(id=root, time_zero=zero, ended_at=zero, outcome="admitted"))
    assert open_pathway(session, patient) is None
    take_back(session, ended.changes, SAID)
    running = open_pathway(session, patient)
    assert running is not None and running.time_zero == zero and running.ended_at is None


def test_that_scores_and_work_up_go_back_to_what_was_judged_before(session: Session, patient: str) -> None:
    record_episode(session, patient, Episode(mascc={"age": 60}))
    changed = record_episode(session, patient, Episode(mascc={"age": 61}))
    take_back(session, changed.changes, SAID)
    assert patient_history(session, patient).episode.mascc == {"age": 60}
    first = record_work_up(session, patient, {"note": "asked"})
    take_back(session, first.changes, SAID)
    assert not patient_history(session, patient).work_up


def test_that_an_answer_to_a_growth_factor_consideration_is_taken_back(session: Session, patient: str) -> None:
    outcome = answer_gcsf(session, patient, GcsfAnswer(answer="not_indicated", reason="palliative"))
    take_back(session, outcome.changes, SAID)
    assert gcsf_answers(session, patient) == []


def test_that_a_record_that_was_changed_since_is_not_taken_back_and_nothing_of_the_save_is(session: Session, patient: str) -> None:
    zero = session.clock()
    first = save_pathway(session, patient, Pathway(time_zero=zero))
    save_pathway(session, patient, Pathway(id=first.value, time_zero=zero, done={"CRP": zero}))
    with pytest.raises(UserError, match="changed since"):
        take_back(session, first.changes, SAID)
    running = open_pathway(session, patient)
    assert running is not None and running.done


def test_that_nothing_to_take_back_and_no_reason_are_refused(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="nothing to take back"):
        take_back(session, Changes(), SAID)
    outcome = record_episode(session, patient, Episode(mascc={"age": 60}))
    with pytest.raises(UserError, match="reason is needed"):
        take_back(session, outcome.changes, " ")
    assert replace(outcome.changes, written=()) == outcome.changes
