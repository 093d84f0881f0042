"""Further treatment days of a cycle: they are chemotherapy too, for growth factors, for the next treatment and for the weeks of risk."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from neutromon.models.evaluation import Evaluation
from neutromon.models.history import Course, Cycle, GrowthFactor, TreatmentDay
from neutromon.rules import evaluate
from neutromon.rules.schedule import next_treatment
from tests.builders import NOW, a_count, a_fever, a_history, at, day
from tests.rules.rule_cases import book


def a_course_with(*further: TreatmentDay, day1: date, next_day1: date | None = None) -> Course:
    cycles = [Cycle(number=1, planned_day1=day1, day1=day1, treatment_days=further)]
    if next_day1 is not None:
        cycles.append(Cycle(number=2, planned_day1=next_day1))
    return Course(regimen="gem-cis-biliary", intent="palliative", cycles=tuple(cycles))


def timing_of(course: Course, product: str, given_at: datetime) -> str:
    given = GrowthFactor(product=product, given_at=given_at, planned=True)
    return evaluate(a_history(course=course, growth_factors=(given,)), book(), NOW).gcsf_timing[0].verdict


@pytest.mark.parametrize(
    ("product", "cycle_day", "verdict"),
    [
        ("pegfilgrastim", 2, "too_close_to_next_chemo"),
        ("pegfilgrastim", 9, "caution"),
        ("filgrastim", 7, "allowed"),
        ("filgrastim", 8, "too_close_to_next_chemo"),
        ("filgrastim", 9, "allowed"),
    ],
)
def test_that_a_growth_factor_keeps_its_distance_from_a_further_treatment_day(product: str, cycle_day: int, verdict: str) -> None:
    course = a_course_with(TreatmentDay(day=8, planned=day(7)), day1=day(0), next_day1=day(21))
    assert timing_of(course, product, at(hours=2, days=cycle_day - 1)) == verdict


def test_that_a_day_that_was_left_out_is_no_chemotherapy_for_a_growth_factor() -> None:
    left_out = TreatmentDay(day=8, planned=day(7), dose_percent="0")
    course = a_course_with(left_out, day1=day(0), next_day1=day(21))
    assert timing_of(course, "pegfilgrastim", at(hours=2, days=1)) == "allowed"


def test_that_a_further_day_without_a_record_gives_way_to_the_next_that_is_due() -> None:
    days = (TreatmentDay(day=8, planned=day(-6)), TreatmentDay(day=15, planned=day(1)))
    target = next_treatment(a_course_with(*days, day1=day(-13), next_day1=day(15)), NOW)
    assert target is not None and target.day is not None and target.day.day == 15


def test_that_a_further_day_without_a_record_gives_way_to_the_next_day_1_that_is_due() -> None:
    target = next_treatment(a_course_with(TreatmentDay(day=8, planned=day(-13)), day1=day(-20), next_day1=day(1)), NOW)
    assert target is not None and target.day is None and target.cycle.number == 2


def test_that_a_further_day_that_is_late_stays_the_next_treatment_while_nothing_else_is_due() -> None:
    target = next_treatment(a_course_with(TreatmentDay(day=8, planned=day(-1)), day1=day(-8), next_day1=day(13)), NOW)
    assert target is not None and target.day is not None and target.day.day == 8


def fever_of(given: int) -> Evaluation:
    days = (TreatmentDay(day=15, planned=day(given), given=day(given)),)
    course = a_course_with(*days, day1=day(given) - timedelta(days=14))
    return evaluate(a_history(course=course, temperatures=(a_fever("38.6", taken=at(hours=-1)),)), book(), NOW)


@pytest.mark.parametrize(("given", "status"), [(-42, "suspected"), (-43, "cannot_tell")])
def test_that_the_weeks_of_risk_run_from_the_last_day_of_chemotherapy(given: int, status: str) -> None:
    assert fever_of(given).febrile_neutropenia["nccn"] == status


@pytest.mark.parametrize(("given", "asked"), [(-42, False), (-43, True)])
def test_that_the_work_up_asks_only_weeks_after_the_last_day_of_chemotherapy(given: int, asked: bool) -> None:
    course = a_course_with(TreatmentDay(day=15, given=day(given)), day1=day(given - 14))
    found: Any = evaluate(a_history(course=course, counts=[a_count("1.2", collected=at(hours=-1))]), book(), NOW)
    assert any(finding.rule == "workup.unexplained" for finding in found.findings) is asked
