"""What a finding says: five slots, with what is not known, and whom it waits for (product 3.3)."""

from typing import Any

import pytest

from neutromon.models.evaluation import Finding
from neutromon.models.history import Course
from neutromon.rules import evaluate
from tests.builders import NOW, a_count, a_course, a_cycle, a_fever, a_growth_factor, a_history, at, day
from tests.rules.rule_cases import book

D9 = day(-8)


def found(rule: str, course: Course | None = None, **facts: Any) -> list[Finding]:
    history = a_history(course=course or a_course("R-CHOP-21", first=D9), **facts)
    return [finding for finding in evaluate(history, book(), NOW).findings if finding.rule == rule]


def test_that_a_fever_with_no_count_says_where_the_patient_stands_and_the_last_count_there_was() -> None:
    day1_count = a_count("4.0", collected=at(days=-8, hours=-1))
    blocked = a_count("clotted", collected=at(hours=-2), sample_id="later")
    (finding,) = found("fn.suspected", counts=[day1_count, blocked], temperatures=(a_fever("38.3", taken=at(hours=-1)),))
    assert "fever 38.3 °C; ANC unknown, C1 D9, no ANC since C1 D1" in finding.lines[0]


def test_that_a_fever_with_no_count_at_all_says_so() -> None:
    (finding,) = found("fn.suspected", temperatures=(a_fever("38.3", taken=at(hours=-1)),))
    assert "ANC unknown, C1 D9, no ANC on record" in finding.lines[0]


@pytest.mark.parametrize(
    ("readings", "words"),
    [((), "no temperature of the last 24 h is known"), (("36.6", "36.84"), "highest temperature 36.8 °C")],
)
def test_that_a_low_count_says_what_is_known_of_the_temperature(readings: tuple[str, ...], words: str) -> None:
    temperatures = tuple(a_fever(value, taken=at(hours=-1)) for value in readings)
    for value, rule in (("0.4", "anc.grade4"), ("0.05", "anc.profound")):
        (finding,) = found(rule, counts=[a_count(value, collected=at(hours=-2))], temperatures=temperatures)
        assert words in finding.lines[1]


@pytest.mark.parametrize(("celsius", "asked"), [("36.0", False), ("35.9", True), ("37.4", False), ("37.5", True)])
def test_that_a_temperature_outside_the_call_thresholds_asks_for_a_call(celsius: str, asked: bool) -> None:
    findings = found("fever.call", counts=[a_count("3.0", collected=at(hours=-2))], temperatures=(a_fever(celsius, taken=at(hours=-1)),))
    assert bool(findings) is asked
    assert not asked or f"temperature {celsius} °C" in findings[0].text


def test_that_a_low_temperature_names_the_threshold_that_it_is_below() -> None:
    (finding,) = found("fever.call", temperatures=(a_fever("35.9", taken=at(hours=-1)), a_fever("36.5", taken=at(hours=-3))))
    assert finding.lines[1] == "Below the call threshold of 36.0 °C"


def test_that_the_last_slot_says_what_the_tier_asks_for() -> None:
    (finding,) = found("anc.grade4", counts=[a_count("0.4", collected=at(hours=-2))])
    assert finding.lines[-1] == "Owner: none yet; owner and action within this shift"
    assert finding.text.endswith("Owner: none yet; owner and action within this shift.")


def a_due_course(intent: str = "curative", **more: Any) -> Course:
    cycles = (a_cycle(1, day(-20)), a_cycle(2, planned=day(1)))
    return Course(regimen="R-CHOP-21", intent=intent, cycles=cycles, **more)


def limited(anc: str = "0.9", course: Course | None = None, **facts: Any) -> list[Finding]:
    return found("gcsf.secondary", course or a_due_course(), counts=[a_count(anc, collected=at(hours=-2), plt="200")], **facts)


def test_that_an_anc_that_would_change_the_dose_asks_about_secondary_prophylaxis() -> None:
    (finding,) = limited()
    assert "Dose-limiting neutropenia in C1 without growth factor" in finding.text
    assert finding.key == "gcsf.secondary:c2:dose_limiting" and finding.basis.guideline == "nccn"


def test_that_palliative_intent_names_the_alternative() -> None:
    (finding,) = limited(course=a_due_course("palliative"))
    assert "a delay or a lower dose is the alternative" in finding.text


@pytest.mark.parametrize(
    "facts",
    [
        {"anc": "1.0"},
        {"course": a_due_course(concurrent_radiotherapy=True)},
        {"growth_factors": (a_growth_factor(given=at(days=-18)),)},
    ],
)
def test_that_nothing_is_asked_where_the_count_is_enough_or_growth_factor_is_settled(facts: dict[str, Any]) -> None:
    assert limited(**facts) == []
