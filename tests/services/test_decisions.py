"""Go or no-go with the check beside it, and hand-over in one unit."""

from dataclasses import replace

import pytest

from neutromon.models.alerts import Acknowledgement, AlertState
from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.history import PatientHistory
from neutromon.models.worklist import ListName, WorklistRow
from neutromon.services.alerts import acknowledge_alert, alert_by_id, alerts_of, set_owner
from neutromon.services.care import void_fact
from neutromon.services.courses import save_cycle
from neutromon.services.decisions import DayOneDecision, decide_day_one, decisions_for, hand_over
from neutromon.services.log import patient_log
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from neutromon.services.undo import take_back
from neutromon.services.worklists import worklist
from tests.builders import a_count, a_course, a_history, a_patient, at, day
from tests.services.a_store import in_nadir, take_temperature, the_alert, with_patient


def for_tomorrow(anc: str = "2.4", mrn: str = "T-0001") -> PatientHistory:
    course = a_course(first=day(-20), given=1)
    return a_history(a_patient(mrn), course, [a_count(anc, collected=at(hours=-20), plt="210", hb="12.1", wbc="5.0")])


def decided(s: Session, patient: str) -> str:
    return next(row.decision for row in worklist(s, ListName.ALL) if row.patient_id == patient)


def test_that_a_decision_is_kept_with_the_check_as_it_was_computed(session: Session) -> None:
    patient = with_patient(session, for_tomorrow())
    decide_day_one(session, patient, DayOneDecision(decision="proceed"))
    entry = next(entry for entry in patient_log(session, patient) if entry.kind == "decision")
    assert entry.text.startswith(f"Decision for {day(1).isoformat()}: Proceed")
    assert "Meets the day-1 counts" in entry.text
    assert decided(session, patient) == "Proceed"


def test_that_a_decision_for_one_day_says_nothing_of_the_next_cycle(session: Session) -> None:
    patient = with_patient(session, for_tomorrow())
    decide_day_one(session, patient, DayOneDecision(decision="proceed"))
    course = patient_history(session, patient).course
    assert course is not None
    save_cycle(session, course.id, replace(course.cycles[1], planned_day1=day(8)), "deferred by the patient")
    assert decided(session, patient) == ""


def test_that_an_undone_decision_is_shown_no_longer(session: Session) -> None:
    patient = with_patient(session, for_tomorrow())
    made = decide_day_one(session, patient, DayOneDecision(decision="refer"))
    void_fact(session, made.value, "undone")
    assert decided(session, patient) == ""


@pytest.mark.parametrize(
    "decision",
    [
        DayOneDecision(decision="perhaps"),
        DayOneDecision(decision="defer"),
        DayOneDecision(decision="defer", days=7),
        DayOneDecision(decision="defer", days=0, reason="count"),
        DayOneDecision(decision="defer", days=-7, reason="count"),
        DayOneDecision(decision="defer", days=366, reason="count"),
        DayOneDecision(decision="defer", days=7, reason=" "),
    ],
    ids=str,
)
def test_that_an_incomplete_decision_is_refused(session: Session, decision: DayOneDecision) -> None:
    patient = with_patient(session, for_tomorrow())
    with pytest.raises(UserError):
        decide_day_one(session, patient, decision)
    assert decided(session, patient) == ""


def test_that_deferring_shows_its_days_and_leaves_the_new_day_undecided(session: Session) -> None:
    patient = with_patient(session, for_tomorrow("0.7"))
    decide_day_one(session, patient, DayOneDecision(decision="defer", days=7, reason="count"))
    assert any(entry.text.startswith(f"Decision for {day(1).isoformat()}: Defer 7 d") for entry in patient_log(session, patient))
    assert decided(session, patient) == ""


@pytest.mark.parametrize(("history", "what"), [(for_tomorrow("0.7"), "not met"), (a_history(a_patient()), "nothing planned")])
def test_that_proceeding_without_a_met_check_needs_a_reason(session: Session, history: PatientHistory, what: str) -> None:
    patient = with_patient(session, history)
    for alert in [row for row in [*_urgent(session, patient)]]:
        set_owner(session, [alert], session.user)
    with pytest.raises(UserError, match="not met, or cannot be told"):
        decide_day_one(session, patient, DayOneDecision(decision="proceed"))
    assert decide_day_one(session, patient, DayOneDecision(decision="proceed", reason=f"{what}, agreed with the doctor")).value


def _urgent(s: Session, patient: str) -> list[str]:
    from neutromon.services.alerts import alerts_of

    return [alert.id for alert in alerts_of(s, patient) if alert.tier is Tier.URGENT]


def test_that_an_urgent_alert_blocks_only_proceeding_and_only_until_it_has_an_owner(session: Session) -> None:
    patient = with_patient(session)
    go = DayOneDecision(decision="proceed", reason="agreed")
    with pytest.raises(UserError, match="no owner and no action"):
        decide_day_one(session, patient, go)
    decide_day_one(session, patient, DayOneDecision(decision="repeat_count"))
    for alert in _urgent(session, patient):
        set_owner(session, [alert], "A. Nother")
    assert decide_day_one(session, patient, go).value


def test_that_an_emergency_blocks_proceeding_until_it_is_answered(session: Session) -> None:
    patient = with_patient(session, in_nadir(anc="0.2"))
    take_temperature(session, patient)
    emergency = the_alert(session, patient, Tier.EMERGENCY)
    for alert in [*_urgent(session, patient), emergency.id]:
        set_owner(session, [alert], session.user)
    go = DayOneDecision(decision="proceed", reason="agreed")
    with pytest.raises(UserError, match="Acknowledge it first"):
        decide_day_one(session, patient, go)
    acknowledge_alert(session, emergency.id, Acknowledgement(action="sent_to_assessment"))
    assert decide_day_one(session, patient, go).value


def test_that_hand_over_gives_every_alert_with_one_note_in_each_patients_log(session: Session) -> None:
    patients = [with_patient(session, in_nadir(f"T-000{n}")) for n in (1, 2)]
    alerts = [the_alert(session, patient).id for patient in patients]
    outcome = hand_over(session, alerts, " A. Nother ", "ring the daughter")
    assert outcome.changes.patient_ids == set(patients)
    assert [alert_by_id(session, alert).owner for alert in alerts] == ["A. Nother", "A. Nother"]
    for patient in patients:
        notes = [event.text for event in patient_history(session, patient).events]
        assert notes == ["Hand-over to A. Nother: ring the daughter"]


def test_that_hand_over_without_a_note_writes_none(session: Session) -> None:
    patient = with_patient(session)
    hand_over(session, [the_alert(session, patient).id], "A. Nother")
    assert patient_history(session, patient).events == ()


@pytest.mark.parametrize(("alerts", "person"), [(True, " "), (False, "A. Nother")])
def test_that_hand_over_needs_alerts_and_a_person(session: Session, alerts: bool, person: str) -> None:
    patient = with_patient(session)
    with pytest.raises(UserError):
        hand_over(session, [the_alert(session, patient).id] if alerts else [], person)


def test_that_a_hand_over_with_one_unknown_alert_gives_none(session: Session) -> None:
    patient = with_patient(session)
    alert = the_alert(session, patient)
    with pytest.raises(UserError):
        hand_over(session, [alert.id, "gone"], "A. Nother", "note")
    assert alert_by_id(session, alert.id).owner == ""


def test_that_decisions_that_stand_for_a_day_are_told_newest_first_with_what_they_rested_on(session: Session) -> None:
    patient = with_patient(session, for_tomorrow())
    decide_day_one(session, patient, DayOneDecision(decision="repeat_count", reason="clotted"))
    session.clock.move(minutes=5)  # type: ignore[attr-defined]
    wrong = decide_day_one(session, patient, DayOneDecision(decision="refer", reason="wrong patient")).value
    session.clock.move(minutes=5)  # type: ignore[attr-defined]
    decide_day_one(session, patient, DayOneDecision(decision="defer", days=7, reason="mucositis"))
    void_fact(session, wrong, "undone")
    found = decisions_for(session, patient, day(1))
    assert [(one.decision, one.days, one.reason, one.by) for one in found] == [
        ("defer", 7, "mucositis", session.user),
        ("repeat_count", None, "clotted", session.user),
    ]
    assert all(one.check.startswith("Meets the day-1 counts") for one in found)
    assert decisions_for(session, patient, day(8)) == ()
    assert len(decisions_for(session, patient, None)) == 2


def deferred(s: Session) -> tuple[str, Outcome[str]]:
    """Return a patient with a count too low for tomorrow, and her deferral by a week."""
    patient = with_patient(s, for_tomorrow("0.9"))
    return patient, decide_day_one(s, patient, DayOneDecision(decision="defer", days=7, reason="ANC 0.9"))


def row_of(s: Session, patient: str, name: ListName = ListName.ALL) -> WorklistRow | None:
    return next((row for row in worklist(s, name) if row.patient_id == patient), None)


def test_that_a_deferral_moves_the_planned_day_and_takes_the_patient_off_tomorrow(session: Session) -> None:
    patient, _ = deferred(session)
    row = row_of(session, patient)
    assert row is not None
    assert (row.next_day1, row.deferred_from, row.deferred_at) == (day(8), day(1), session.clock())
    assert row_of(session, patient, ListName.TOMORROW) is None


def test_that_a_deferral_answers_the_alert_on_that_treatment(session: Session) -> None:
    patient, _ = deferred(session)
    alert = next(one for one in alerts_of(session, patient, include_ended=True) if one.rule == "day1.not_met")
    assert alert.acknowledgement is not None and alert.acknowledgement.action == "chemo_deferred"
    assert alert.state is AlertState.CLEARED


def test_that_an_undone_deferral_brings_plan_list_and_alert_back(session: Session) -> None:
    patient, made = deferred(session)
    take_back(session, made.changes, "undone")
    row = row_of(session, patient, ListName.TOMORROW)
    assert row is not None and row.deferred_from is None
    alert = next(one for one in alerts_of(session, patient) if one.rule == "day1.not_met")
    assert alert.is_live and alert.acknowledgement is None


def test_that_a_plan_that_was_changed_after_the_deferral_stands(session: Session) -> None:
    patient, _ = deferred(session)
    course = patient_history(session, patient).course
    assert course is not None and course.cycles[1].planned_day1 == day(8)
    save_cycle(session, course.id, replace(course.cycles[1], planned_day1=day(10)), "bed free")
    row = row_of(session, patient)
    assert row is not None and (row.next_day1, row.deferred_from) == (day(10), None)
