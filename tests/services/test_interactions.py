"""What must hold where alerts, results, pauses, imports, paper and the clock meet (product 3.6)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from neutromon.models.alerts import Acknowledgement, AlertEventKind, AlertState, Snooze
from neutromon.models.evaluation import Tier
from neutromon.models.history import PatientHistory
from neutromon.models.imports import ImportOptions
from neutromon.models.quantity import Reported
from neutromon.models.worklist import ListName
from neutromon.report.deliver import printing_of, trend_document
from neutromon.report.lists import build_handover
from neutromon.services.alerts import acknowledge_alert, alert_by_id, alerts_of, open_alerts, snooze_alert
from neutromon.services.bulk import load_histories
from neutromon.services.counts import CountDraft, correct_count, record_count, void_count
from neutromon.services.evaluations import refresh_alerts
from neutromon.services.importing import import_bytes
from neutromon.services.log import patient_log
from neutromon.services.patients import add_patient, patient_history
from neutromon.services.reports import patient_facts
from neutromon.services.session import Session
from neutromon.services.worklists import tier_counts, worklist
from tests.builders import a_count, a_course, a_history, a_patient, a_value, at, day
from tests.services.a_store import in_nadir, take_count, take_temperature, the_alert, with_patient

CALLED = Acknowledgement(action="called_patient")


def pause(s: Session, alert_id: str, hours: float = 20) -> None:
    snooze_alert(s, alert_id, Snooze(reason="plan_in_place", until=s.clock() + timedelta(hours=hours)))


def move(s: Session, **amount: float) -> None:
    s.clock.move(**amount)  # type: ignore[attr-defined]
    refresh_alerts(s)


def live(s: Session, patient: str) -> list[tuple[str, AlertState]]:
    return sorted((alert.rule, alert.state) for alert in alerts_of(s, patient))


def test_that_a_worse_tier_breaks_a_pause(session: Session) -> None:
    patient = with_patient(session, in_nadir(anc="0.8"))
    alert = next(a for a in alerts_of(session, patient) if a.rule == "anc.grade3")
    pause(session, alert.id)
    take_count(session, patient, "0.3")
    worse = [a for a in alerts_of(session, patient) if a.tier is Tier.URGENT and a.rule.startswith("anc.")]
    assert [a.state for a in worse] == [AlertState.RAISED]


def test_that_fever_breaks_the_pause_of_a_low_count_and_takes_it_into_itself(session: Session) -> None:
    patient = with_patient(session)
    alert = the_alert(session, patient)
    pause(session, alert.id)
    take_temperature(session, patient)
    assert alert_by_id(session, alert.id).state is AlertState.SUPERSEDED
    assert the_alert(session, patient, Tier.EMERGENCY).state is AlertState.RAISED


def test_that_a_pause_ends_with_its_time_and_the_alert_returns(session: Session) -> None:
    patient = with_patient(session)
    alert = the_alert(session, patient)
    pause(session, alert.id, hours=4)
    move(session, hours=3, minutes=59)
    assert alert_by_id(session, alert.id).state is AlertState.SNOOZED
    move(session, minutes=1)
    assert alert_by_id(session, alert.id).state is AlertState.RAISED


def test_that_a_missing_follow_up_brings_an_answered_alert_back(session: Session) -> None:
    patient = with_patient(session)
    alert = the_alert(session, patient)
    acknowledge_alert(session, alert.id, Acknowledgement(action="count_repeated", due=session.clock() + timedelta(hours=8)))
    move(session, hours=8)
    back = alert_by_id(session, alert.id)
    assert (back.state, back.owner) == (AlertState.RAISED, session.user)


def test_that_a_count_that_came_in_time_keeps_an_answered_alert_quiet(session: Session) -> None:
    patient = with_patient(session)
    alert = the_alert(session, patient)
    acknowledge_alert(session, alert.id, Acknowledgement(action="count_repeated", due=session.clock() + timedelta(hours=8)))
    session.clock.move(hours=7)  # type: ignore[attr-defined]
    take_count(session, patient, "0.38")
    move(session, hours=1)
    assert alert_by_id(session, alert.id).state is AlertState.ACKNOWLEDGED


def test_that_a_corrected_result_retracts_its_alert(session: Session) -> None:
    patient = with_patient(session, in_nadir(anc="3.1"))
    sample = take_count(session, patient, "0.42")
    alert = the_alert(session, patient)
    correct_count(session, sample, "neutrophils", Reported(value="4.2", unit="10*9/L"), "decimal point")
    ended = alert_by_id(session, alert.id)
    assert (ended.state, ended.events[-1].kind) == (AlertState.RETRACTED, AlertEventKind.RETRACTED)
    assert ended.text == alert.text


def test_that_a_withdrawn_result_retracts_its_alert_also_after_it_was_answered(session: Session) -> None:
    patient = with_patient(session, in_nadir(anc="3.1"))
    sample = take_count(session, patient, "0.42")
    alert = the_alert(session, patient)
    acknowledge_alert(session, alert.id, CALLED)
    void_count(session, sample, "wrong patient")
    assert alert_by_id(session, alert.id).state is AlertState.RETRACTED


@pytest.mark.parametrize("value", ["<0.1", "≤0.1", "clotted", ""])
def test_that_a_value_below_the_limit_or_without_a_number_is_never_normal(session: Session, value: str) -> None:
    patient = with_patient(session, a_history(a_patient(), a_course(first=day(-5)), [a_count(value, collected=at(hours=-2))]))
    row = next(row for row in worklist(session, ListName.ALL) if row.patient_id == patient)
    assert "G0" not in row.grade_text and "normal" not in row.anc_text
    if value.startswith(("<", "≤")):
        assert the_alert(session, patient).rule.startswith("anc.")
    else:
        assert row.grade_text == "cannot grade"


LINES = (
    "MSH|^~\\&|LAB|NORTH|||20260312083000||ORU^R01|{control}|P|2.5",
    "PID|1||{number}^^^CLINIC||Example^Testa||19600131|F",
    "OBR|1||F-{control}|58410-2^CBC^LN|||{when}",
    "OBX|1|NM|6690-2^WBC^LN||{wbc}|10*9/L|4.0-10.0||||F",
    "OBX|2|NM|751-8^NEUT^LN||{anc}|10*9/L|1.8-7.5||||F",
)


def a_message(anc: str, when: datetime, control: str, number: str = "T-0001") -> bytes:
    lines = "\r".join(LINES)
    return lines.format(anc=anc, wbc=f"{float(anc) + 1:.2f}", when=f"{when:%Y%m%d%H%M%S}", control=control, number=number).encode()


def test_that_importing_the_same_again_raises_nothing(session: Session) -> None:
    data = a_message("0.4", at(hours=-2), "M1")
    import_bytes(session, "a.hl7", data, ImportOptions(create_patients=True))
    before = [(row.alert.id, row.alert.repeat_count, len(row.alert.events)) for row in open_alerts(session)]
    report = import_bytes(session, "b.hl7", data, ImportOptions(create_patients=True))
    assert {one.outcome for one in report.sets} == {"duplicate"}
    assert [(row.alert.id, row.alert.repeat_count, len(row.alert.events)) for row in open_alerts(session)] == before
    assert before


def test_that_a_repeat_of_a_low_count_adds_to_the_one_alert(session: Session) -> None:
    patient = with_patient(session)
    alert = the_alert(session, patient)
    for anc in ("0.41", "0.39", "0.40"):
        session.clock.move(hours=6)  # type: ignore[attr-defined]
        take_count(session, patient, anc)
    again = [a for a in alerts_of(session, patient) if a.key == alert.key]
    assert [(a.id, a.repeat_count) for a in again] == [(alert.id, 4)]


def a_long_history(number: int, counts: int) -> PatientHistory:
    """Return a patient of long ago: every fifth count is below 0.5, the last is four weeks old."""
    values = ("4.1", "2.2", "1.2", "0.7", "0.3")
    more = {"wbc": "4.4", "plt": "160", "hb": "11.0", "lymphocytes": "0.9"}
    samples = [a_count(values[n % 5], collected=at(-28 - 2 * n), **more) for n in range(counts)]
    return a_history(a_patient(f"H-{number:04d}"), None, samples)


def test_that_ten_thousand_old_results_raise_no_siren_and_one_strip_at_most(session: Session) -> None:
    histories = [a_long_history(number, 200) for number in range(10)]
    assert sum(len(sample.values) for history in histories for sample in history.counts) == 10_000
    load_histories(session, histories)
    counts = tier_counts(session)
    assert (counts[Tier.EMERGENCY], counts[Tier.URGENT]) == (0, 0)
    keys = [(row.alert.patient_id, row.alert.key) for row in open_alerts(session)]
    assert len(keys) == len(set(keys))


def test_that_a_late_result_is_told_as_late_and_never_as_urgent(session: Session) -> None:
    patient = with_patient(session, in_nadir(anc="3.1", cycle_day=12))
    take_count(session, patient, "0.2", collected=session.clock() - timedelta(hours=80))
    assert [a for a in alerts_of(session, patient) if a.tier <= Tier.URGENT] == []


def test_that_alert_log_and_paper_say_the_same(session: Session) -> None:
    patient = with_patient(session)
    take_temperature(session, patient)
    shown = {alert.text for alert in alerts_of(session, patient)}
    logged = [entry.text for entry in patient_log(session, patient) if entry.kind == "alert"]
    printing = printing_of(session)
    printed = trend_document(session, patient_facts(session, patient), printing).texts
    handed = build_handover(open_alerts(session), now=session.clock(), printing=printing).texts
    row = next(row for row in worklist(session, ListName.ALL) if row.patient_id == patient)
    for text in shown:
        assert any(text in line for line in logged)
        assert any(text in line for line in printed)
        assert any(text in line for line in handed)
        assert text in {alert.text for alert in row.alerts}


def test_that_what_was_shown_stays_readable_after_the_alert_has_changed(session: Session) -> None:
    patient = with_patient(session)
    first = the_alert(session, patient)
    session.clock.move(hours=1)  # type: ignore[attr-defined]
    take_count(session, patient, "0.44")
    texts = [entry.text for entry in patient_log(session, patient) if entry.fact_id == first.id]
    assert any(first.text in text for text in texts)
    assert alert_by_id(session, first.id).text != first.text


def test_that_a_pause_is_measured_in_real_hours_across_summer_time(session: Session) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    session.clock.now = datetime(2026, 3, 28, 20, 0, tzinfo=berlin)  # type: ignore[attr-defined]
    counts = [a_count("0.4", collected=session.clock() - timedelta(hours=1))]
    patient = with_patient(session, a_history(a_patient(), a_course(first=session.clock().date() - timedelta(days=5)), counts))
    alert = the_alert(session, patient)
    until = datetime(2026, 3, 29, 21, 0, tzinfo=berlin)
    snooze_alert(session, alert.id, Snooze(reason="plan_in_place", until=until))
    session.clock.now = until - timedelta(minutes=1)  # type: ignore[attr-defined]
    refresh_alerts(session)
    assert alert_by_id(session, alert.id).state is AlertState.SNOOZED
    session.clock.now = until  # type: ignore[attr-defined]
    refresh_alerts(session)
    assert alert_by_id(session, alert.id).state is AlertState.RAISED


def test_that_a_clock_set_back_loses_and_doubles_nothing(session: Session) -> None:
    patient = with_patient(session)
    alert = the_alert(session, patient)
    acknowledge_alert(session, alert.id, CALLED)
    session.clock.move(hours=-1)  # type: ignore[attr-defined]
    take_temperature(session, patient)
    emergencies = [a for a in alerts_of(session, patient) if a.rule == "fn.confirmed"]
    assert len(emergencies) == 1
    acknowledge_alert(session, emergencies[0].id, CALLED)
    assert alert_by_id(session, emergencies[0].id).state is AlertState.ACKNOWLEDGED
    assert session.store.trail().verified


def test_that_a_midnight_passes_without_a_second_alert(session: Session) -> None:
    patient = with_patient(session)
    before = live(session, patient)
    move(session, hours=16)
    after = live(session, patient)
    assert [pair for pair in after if pair[0].startswith("anc.")] == [pair for pair in before if pair[0].startswith("anc.")]


def test_that_nothing_that_is_refused_touches_another_patient(session: Session) -> None:
    one, other = with_patient(session), with_patient(session, in_nadir("T-0002"))
    before = patient_history(session, other)
    take_temperature(session, one)
    assert patient_history(session, other) == before
    assert {a.patient_id for a in alerts_of(session, other)} == {other}


def test_that_paper_says_who_was_informed_when_and_why_an_alert_is_paused(session: Session) -> None:
    patient = with_patient(session)
    urgent, advisory = the_alert(session, patient), the_alert(session, patient, Tier.ADVISORY)
    informed = Acknowledgement(
        action="informed", informed_name="Dr Example", informed_role="registrar", informed_at=at(hours=-1), read_back=True
    )
    acknowledge_alert(session, urgent.id, informed)
    pause(session, advisory.id, hours=4)
    handed = "\n".join(build_handover(open_alerts(session), now=session.clock(), printing=printing_of(session)).texts)
    assert "informed Dr Example, registrar at 12 Mar 2026 08:00, read back" in handed
    assert "until 12 Mar 2026 13:00: plan in place" in handed


def test_that_an_alert_that_a_mistaken_count_cleared_is_back_once_that_count_is_withdrawn(session: Session) -> None:
    patient = add_patient(session, a_patient()).value

    def count(hours: float, anc: str) -> str:
        when = session.clock() - timedelta(hours=hours)
        return record_count(session, patient, CountDraft(collected_at=when, values={"neutrophils": a_value(anc)})).value

    count(5, "0.8")
    before = {alert.rule for alert in alerts_of(session, patient)}
    mistaken = count(1, "4.0")
    assert {alert.rule for alert in alerts_of(session, patient)} != before
    void_count(session, mistaken, "another patient's tube")
    assert {alert.rule for alert in alerts_of(session, patient)} == before != set()
