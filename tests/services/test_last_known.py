"""A newer sample without an ANC is no recovery: what stood on the last known value stays, and says so (product 3.4)."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

from neutromon.models.alerts import AlertState
from neutromon.models.evaluation import Tier
from neutromon.models.quantity import Reported
from neutromon.models.worklist import DayOneState, ListName
from neutromon.services.alerts import alerts_of
from neutromon.services.counts import CountDraft, preview_count, record_count
from neutromon.services.evaluations import evaluate_patient, refresh_alerts
from neutromon.services.session import Session
from neutromon.services.worklists import worklist
from neutromon.services.writing import writing
from neutromon.storage.codec import encode
from tests.builders import a_count, a_course, a_history, a_patient, at, day
from tests.services.a_store import take_count, the_alert, with_patient
from tests.stores import Clock


def without_anc(s: Session, patient_id: str, early: int = 0, **fields: str) -> str:
    values = {name: Reported(value=value, unit="10*9/L") for name, value in fields.items()}
    return record_count(s, patient_id, CountDraft(collected_at=s.clock() - timedelta(minutes=early), values=values)).value


def before_treatment(**low: str) -> object:
    course = a_course(first=day(-20), given=1)
    counts = [a_count("2.4", collected=at(hours=-30), wbc="4.1", plt="150", hb="11.2", **low)]
    return replace(a_history(a_patient(), course, counts))


def rules_of(s: Session, patient_id: str) -> dict[str, AlertState]:
    return {alert.rule: alert.state for alert in alerts_of(s, patient_id, include_ended=True)}


def test_that_a_white_count_alone_does_not_clear_the_alert_on_a_low_anc(session: Session) -> None:
    patient = with_patient(session)
    before = the_alert(session, patient)

    without_anc(session, patient, wbc="1.6")

    after = the_alert(session, patient)
    assert after.id == before.id
    assert after.state is AlertState.RAISED
    assert "ANC 0.4 ×10⁹/L" in after.text
    assert f"the newest sample ({session.clock():%d %b %H:%M}) has no ANC" in after.text


def test_that_a_recovered_value_clears_it_even_behind_a_sample_without_an_anc(session: Session) -> None:
    patient = with_patient(session)
    without_anc(session, patient, wbc="1.6")

    take_count(session, patient, "2.4", collected=session.clock() - timedelta(minutes=5), wbc="4.4")

    assert the_alert(session, patient).state is AlertState.NEEDS_REVIEW


def test_that_a_clotted_sample_leaves_the_alert_standing_and_the_answer_unknown(session: Session) -> None:
    patient = with_patient(session)

    with writing(session) as write:  # as an import stores it; the form refuses it
        write.add(patient, "sample", encode(a_count("clotted", collected=session.clock())))

    assert the_alert(session, patient).state is AlertState.RAISED
    assert evaluate_patient(session, patient).counts[-1].anc.quantity is None


def test_that_the_day_one_alert_stays_while_the_newest_sample_has_no_anc(session: Session) -> None:
    patient = with_patient(session, before_treatment())
    take_count(session, patient, "0.45", wbc="1.5")
    assert rules_of(session, patient)["day1.not_met"] is AlertState.RAISED

    without_anc(session, patient, wbc="1.6")

    check = evaluate_patient(session, patient).day1
    assert check is not None
    assert check.meets is None
    assert check.limiting is None
    assert "ANC not known, last known 0.45 ×10⁹/L on " in check.text
    assert rules_of(session, patient)["day1.not_met"] is AlertState.RAISED
    assert next(a for a in alerts_of(session, patient) if a.rule == "day1.not_met").tier is Tier.URGENT


def test_that_a_last_known_low_platelet_count_stays_in_the_day_one_check_beside_a_new_anc(session: Session) -> None:
    history = before_treatment()
    low = replace(history.counts[0], values={**history.counts[0].values, "platelets": Reported(value="70", unit="10*9/L")})
    patient = with_patient(session, replace(history, counts=(low,)))

    take_count(session, patient, "0.45")

    check = evaluate_patient(session, patient).day1
    assert check is not None
    assert (check.meets, check.limiting) == (False, "anc")
    assert "platelets not known, last known 70 ×10⁹/L on " in check.text
    assert "last known 70" in next(a.text for a in alerts_of(session, patient) if a.rule == "day1.not_met")


def test_that_a_last_known_value_past_its_validity_says_nothing_of_today(session: Session) -> None:
    history = before_treatment()
    old = replace(history.counts[0], collected_at=at(hours=-80), values={"platelets": Reported(value="70", unit="10*9/L")})
    patient = with_patient(session, replace(history, counts=(old,)))

    take_count(session, patient, "0.45")

    check = evaluate_patient(session, patient).day1
    assert check is not None
    assert "last known" not in check.text


def test_that_a_preview_offers_the_last_known_value_of_each_quantity_with_its_time(session: Session) -> None:
    patient = with_patient(session)
    without_anc(session, patient, early=5, wbc="1.6")

    found = preview_count(
        session, patient, CountDraft(collected_at=session.clock(), values={"neutrophils": Reported(value="0.5", unit="10*9/L")})
    )

    assert {name: value.value for name, value in found.previous.items()} == {
        "wbc": "1.6",
        "neutrophils": "0.4",
        "platelets": "150",
        "hemoglobin": "11.2",
    }
    assert found.previous_times["wbc"] == session.clock() - timedelta(minutes=5)
    assert found.previous_times["neutrophils"] == at(hours=-3)
    assert found.deltas["anc"] == "+0.1"


def test_that_a_stored_list_tells_ages_of_the_moment_of_reading(session: Session) -> None:
    patient = with_patient(session)
    first = next(row for row in worklist(session, ListName.ALL) if row.patient_id == patient)
    assert first.at(session.clock() + timedelta(hours=2)).count_age_hours == 5.0


def test_that_a_list_is_looked_at_again_when_its_count_ends_its_validity(session: Session) -> None:
    history = before_treatment()
    patient = with_patient(session, replace(history, counts=(replace(history.counts[0], collected_at=at(hours=-70)),)))
    row = next(row for row in worklist(session, ListName.ALL) if row.patient_id == patient)
    assert row.day1_state is DayOneState.MEETS
    cast(Clock, session.clock).move(hours=3)
    refresh_alerts(session)
    row = next(row for row in worklist(session, ListName.ALL) if row.patient_id == patient)
    assert row.day1_state is DayOneState.COUNT_TOO_OLD
