"""What a person may do about alerts: each act is one event with its text, and nothing that is refused is stored."""

from datetime import timedelta

import pytest

from neutromon.models.alerts import Acknowledgement, AlertEventKind, AlertState, Snooze
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.history import Antibiotic
from neutromon.services.alerts import (
    acknowledge_alert,
    alert_by_id,
    alerts_of,
    mark_seen,
    open_alerts,
    resolve_alert,
    set_owner,
    snooze_alert,
)
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from tests.services.a_store import in_nadir, take_temperature, the_alert, with_patient

CALLED = Acknowledgement(action="called_patient")


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient with an early ANC of 0.4: one urgent alert."""
    return with_patient(session)


def test_that_an_open_alert_names_its_patient_by_two_identifiers_and_the_cycle_day(session: Session, patient: str) -> None:
    row = next(row for row in open_alerts(session) if row.alert.tier is Tier.URGENT)
    assert (row.patient_name, row.mrn, row.cycle_text) == ("Example, Testa", "T-0001", "C1 D6")


def test_that_open_alerts_are_filtered_by_owner_and_nobodys_is_an_owner_too(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    set_owner(session, [alert.id], "A. Nother")
    assert [row.alert.id for row in open_alerts(session, "A. Nother")] == [alert.id]
    assert alert.id not in [row.alert.id for row in open_alerts(session, "")]


def test_that_an_alert_is_seen_once(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    assert mark_seen(session, alert.id).changes.alert_ids == {alert.id}
    assert mark_seen(session, alert.id).changes.alert_ids == frozenset()
    assert alert_by_id(session, alert.id).state is AlertState.SEEN


def test_that_an_unknown_alert_is_refused_in_a_sentence(session: Session) -> None:
    with pytest.raises(UserError, match="not in the store"):
        alert_by_id(session, "no such alert")


def test_that_an_acknowledgement_keeps_who_when_what_and_the_text_shown(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    informed = Acknowledgement(
        action="informed", informed_name="Dr Example", informed_role="registrar", read_back=True, informed_at=session.clock()
    )
    acknowledge_alert(session, alert.id, informed)
    event = alert_by_id(session, alert.id).events[-1]
    assert (event.kind, event.by, event.at, event.text) == (AlertEventKind.ACKNOWLEDGED, session.user, session.clock(), alert.text)
    assert event.acknowledgement is not None
    assert (event.acknowledgement.informed_name, event.acknowledgement.read_back) == ("Dr Example", True)
    assert event.acknowledgement.informed_at == session.clock()


def test_that_the_one_who_answers_owns_the_alert_unless_she_names_another(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    acknowledge_alert(session, alert.id, CALLED)
    assert alert_by_id(session, alert.id).owner == session.user
    acknowledge_alert(session, alert.id, Acknowledgement(action="called_patient", owner=" A. Nother "))
    assert alert_by_id(session, alert.id).owner == "A. Nother"


@pytest.mark.parametrize(
    "answer",
    [
        Acknowledgement(action=""),
        Acknowledgement(action="seen_only"),
        Acknowledgement(action="looked_at_it"),
        Acknowledgement(action="informed", informed_name="Dr Example"),
        Acknowledgement(action="informed", informed_role="registrar"),
        Acknowledgement(action="count_repeated"),
        Acknowledgement(action="antibiotic_given"),
        Acknowledgement(action="chemo_deferred"),
        Acknowledgement(action="other"),
    ],
    ids=lambda answer: f"{answer.action}-{answer.informed_name}",
)
def test_that_an_answer_without_what_it_is_about_is_refused_and_stores_nothing(
    session: Session, patient: str, answer: Acknowledgement
) -> None:
    alert = the_alert(session, patient)
    with pytest.raises(UserError):
        acknowledge_alert(session, alert.id, answer)
    assert alert_by_id(session, alert.id) == alert


def test_that_a_follow_up_due_in_the_past_is_refused(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="past"):
        acknowledge_alert(session, the_alert(session, patient).id, Acknowledgement(action="called_patient", due=session.clock()))


@pytest.mark.parametrize("given", [None, Antibiotic(name="pip-tazo"), Antibiotic(name=" ", given_at=None)])
def test_that_an_antibiotic_without_name_and_time_is_no_answer(session: Session, patient: str, given: Antibiotic | None) -> None:
    with pytest.raises(UserError, match="antibiotic"):
        acknowledge_alert(session, the_alert(session, patient).id, Acknowledgement(action="antibiotic_given"), given)
    assert patient_history(session, patient).antibiotics == ()


def test_that_an_antibiotic_is_stored_with_the_answer(session: Session, patient: str) -> None:
    given = Antibiotic(name="pip-tazo", given_at=session.clock(), purpose="treatment")
    acknowledge_alert(session, the_alert(session, patient).id, Acknowledgement(action="antibiotic_given"), given)
    assert [a.name for a in patient_history(session, patient).antibiotics] == ["pip-tazo"]


def test_that_a_deferral_with_days_and_reason_is_an_answer(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    acknowledge_alert(session, alert.id, Acknowledgement(action="chemo_deferred", note="7 days: count"))
    assert alert_by_id(session, alert.id).state is AlertState.ACKNOWLEDGED


def test_that_a_pause_keeps_the_alerts_own_tier_as_ceiling(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    wrong = Snooze(reason="plan_in_place", until=session.clock() + timedelta(hours=4), ceiling=Tier.DATA)
    snooze_alert(session, alert.id, wrong)
    pause = alert_by_id(session, alert.id).snooze
    assert pause is not None and pause.ceiling is Tier.URGENT


@pytest.mark.parametrize("next_count", [False, True])
def test_that_an_urgent_pause_ends_after_a_day_also_where_it_waits_for_a_count(session: Session, patient: str, next_count: bool) -> None:
    alert = the_alert(session, patient)
    day = session.clock() + timedelta(hours=24)
    with pytest.raises(UserError, match="24 hours"):
        snooze_alert(session, alert.id, Snooze(reason="x", until=day + timedelta(minutes=1), until_next_count=next_count))
    snooze_alert(session, alert.id, Snooze(reason="x", until=day, until_next_count=next_count))
    assert alert_by_id(session, alert.id).state is AlertState.SNOOZED


def test_that_an_advisory_pause_for_the_next_count_ends_after_a_week(session: Session, patient: str) -> None:
    alert = the_alert(session, patient, Tier.ADVISORY)
    week = session.clock() + timedelta(days=7)
    with pytest.raises(UserError, match="168 hours"):
        snooze_alert(session, alert.id, Snooze(reason="x", until=week + timedelta(minutes=1), until_next_count=True))
    with pytest.raises(UserError, match="24 hours"):
        snooze_alert(session, alert.id, Snooze(reason="x", until=week))
    snooze_alert(session, alert.id, Snooze(reason="x", until=week, until_next_count=True))
    assert alert_by_id(session, alert.id).state is AlertState.SNOOZED


def test_that_an_emergency_cannot_be_paused(session: Session, patient: str) -> None:
    take_temperature(session, patient)
    alert = the_alert(session, patient, Tier.EMERGENCY)
    with pytest.raises(UserError, match="cannot be paused"):
        snooze_alert(session, alert.id, Snooze(reason="x", until=session.clock() + timedelta(days=3)))
    assert alert_by_id(session, alert.id) == alert


def test_that_an_urgent_alert_is_answered_before_it_is_resolved(session: Session, patient: str) -> None:
    alert = the_alert(session, patient)
    with pytest.raises(UserError, match="not answered"):
        resolve_alert(session, alert.id, "treated")
    acknowledge_alert(session, alert.id, CALLED)
    resolve_alert(session, alert.id, "treated: antibiotics, afebrile")
    ended = alert_by_id(session, alert.id)
    assert (ended.state, ended.events[-1].reason) == (AlertState.RESOLVED, "treated: antibiotics, afebrile")


def test_that_not_relevant_needs_a_text_and_an_advisory_alert_needs_no_answer_first(session: Session, patient: str) -> None:
    alert = the_alert(session, patient, Tier.ADVISORY)
    for empty in ("not_relevant", "not_relevant:  ", " "):
        with pytest.raises(UserError):
            resolve_alert(session, alert.id, empty)
    resolve_alert(session, alert.id, "not_relevant: known benign ethnic neutropenia")
    assert alert_by_id(session, alert.id).state is AlertState.RESOLVED


def test_that_an_ended_alert_takes_no_further_act(session: Session, patient: str) -> None:
    alert = the_alert(session, patient, Tier.ADVISORY)
    resolve_alert(session, alert.id, "recovered")
    with pytest.raises(UserError, match="has ended"):
        resolve_alert(session, alert.id, "recovered")


def test_that_an_urgent_alert_is_never_left_without_an_owner(session: Session, patient: str) -> None:
    alert, advisory = the_alert(session, patient), the_alert(session, patient, Tier.ADVISORY)
    set_owner(session, [alert.id, advisory.id], "A. Nother")
    with pytest.raises(UserError, match="without an owner"):
        set_owner(session, [advisory.id, alert.id], " ")
    assert {a.owner for a in alerts_of(session, patient) if a.id in {alert.id, advisory.id}} == {"A. Nother"}
    set_owner(session, [advisory.id], "")
    assert alert_by_id(session, advisory.id).owner == ""


def test_that_ended_alerts_are_listed_only_where_they_are_asked_for(session: Session, patient: str) -> None:
    alert = the_alert(session, patient, Tier.ADVISORY)
    resolve_alert(session, alert.id, "recovered")
    assert alert.id not in [a.id for a in alerts_of(session, patient)]
    assert alert.id in [a.id for a in alerts_of(session, patient, include_ended=True)]


def test_that_a_patient_without_alerts_adds_no_row(session: Session) -> None:
    with_patient(session, in_nadir(anc="3.2"))
    assert [row for row in open_alerts(session) if row.alert.tier <= Tier.URGENT] == []
