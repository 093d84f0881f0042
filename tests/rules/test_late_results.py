"""Late results: an old count that has just come in says what it would have been, and never sounds."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from neutromon.models.alerts import AlertEventKind
from neutromon.models.evaluation import Finding, Tier
from neutromon.models.history import CountSample, PatientHistory, Provenance
from neutromon.rules import evaluate
from neutromon.rules.alerts import ReconcileContext, reconcile
from tests.builders import NOW, a_count, a_course, a_fever, a_history, at, day
from tests.rules.rule_cases import book

DAYS_AGO = -10


def an_old_count(value: str, *, days: float = DAYS_AGO, received: datetime | None = None, name: str = "old") -> CountSample:
    sample = a_count(value, collected=at(days=days), sample_id=name)
    return replace(sample, provenance=Provenance(received_at=received or at(hours=-1)))


def an_old_history(*counts: CountSample, fever: str | None = "38.6", fever_days: float = DAYS_AGO) -> PatientHistory:
    readings = (a_fever(fever, taken=at(days=fever_days, hours=2)),) if fever else ()
    return a_history(course=a_course("R-CHOP-21", first=day(-20)), counts=list(counts), temperatures=readings)


def late_of(history: PatientHistory) -> list[Finding]:
    return [finding for finding in evaluate(history, book(), NOW).findings if finding.rule == "count.late_result"]


def test_that_a_late_count_beside_a_fever_names_the_febrile_neutropenia_that_it_was() -> None:
    (late,) = late_of(an_old_history(an_old_count("0.3")))
    assert late.tier is Tier.ADVISORY
    assert "it would have been EMERGENCY: febrile neutropenia" in late.text
    assert late.basis.guideline == "idsa-2010"
    assert any("0.3" in line for line in late.basis.inputs) and any("38.6 °C" in line for line in late.basis.inputs)
    assert "flagged for audit" in late.note and late.mechanism == "fn.confirmed"


def test_that_the_alert_of_a_late_febrile_neutropenia_keeps_the_flag_for_the_audit() -> None:
    found = evaluate(an_old_history(an_old_count("0.3")), book(), NOW).findings
    events = reconcile([], found, ReconcileContext(patient_id="p", now=NOW, new_id=iter("abcdef").__next__))
    (raised,) = (event for event in events if event.rule == "count.late_result")
    assert raised.kind is AlertEventKind.RAISED and raised.tier is Tier.ADVISORY
    assert raised.reason == "back-dated febrile neutropenia: flagged for audit"


def test_that_a_late_count_without_fever_names_its_depth_only() -> None:
    (late,) = late_of(an_old_history(an_old_count("0.3"), fever=None))
    assert "it would have been URGENT: severe neutropenia" in late.text and late.note == ""


def test_that_a_late_count_of_no_urgency_says_nothing_more() -> None:
    (late,) = late_of(an_old_history(an_old_count("0.9"), fever=None))
    assert "would have been" not in late.text and late.basis.guideline == "NeutroMon"


def test_that_a_fever_of_another_time_makes_no_febrile_neutropenia_of_the_past() -> None:
    (late,) = late_of(an_old_history(an_old_count("0.3"), fever_days=DAYS_AGO + 4))
    assert "febrile" not in late.text


def test_that_a_past_febrile_neutropenia_is_told_behind_a_newer_count() -> None:
    newer = a_count("3.0", collected=at(hours=-5), sample_id="new")
    (late,) = late_of(an_old_history(an_old_count("0.3"), newer))
    assert late.sample_ids == ("old",) and "febrile neutropenia" in late.text


def test_that_an_old_low_count_without_fever_is_no_late_result_behind_a_newer_count() -> None:
    newer = a_count("3.0", collected=at(hours=-5), sample_id="new")
    assert late_of(an_old_history(an_old_count("0.3"), newer, fever=None)) == []


def test_that_one_episode_of_the_past_is_told_once() -> None:
    counts = [an_old_count("0.3"), an_old_count("0.2", days=DAYS_AGO + 0.2, name="next"), a_count("3.0", collected=at(hours=-5))]
    assert len(late_of(an_old_history(*counts))) == 1


@pytest.mark.parametrize(("hours", "told"), [(-23, 1), (-25, 0)])
def test_that_a_late_result_is_told_for_a_day(hours: float, told: int) -> None:
    assert len(late_of(an_old_history(an_old_count("0.3", received=at(hours=hours))))) == told


def test_that_a_decision_on_the_present_episode_says_nothing_of_the_past() -> None:
    history = an_old_history(an_old_count("2.0"))
    present = replace(history.episode, expected_fall_below_0_5=True, flags={"sepsis_signs": True})
    assert late_of(replace(history, episode=present)) == []


def test_that_the_signs_of_today_are_no_signs_of_then() -> None:
    counts = [an_old_count("0.3")]
    (late,) = late_of(an_old_history(*counts, fever="38.6", fever_days=-0.2))
    assert "febrile" not in late.text and late.observed_at == NOW + timedelta(days=DAYS_AGO)


def test_that_a_warm_reading_that_is_no_febrile_neutropenia_is_not_told_behind_a_newer_count() -> None:
    newer = a_count("3.0", collected=at(hours=-5), sample_id="new")
    assert late_of(an_old_history(an_old_count("0.3"), newer, fever="38.0")) == []


def test_that_counts_of_another_monitoring_programme_are_no_late_results() -> None:
    history = replace(an_old_history(an_old_count("0.3")), course=None, monitoring="clozapine")
    assert late_of(history) == []
