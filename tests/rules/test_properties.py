"""Properties that hold for every count, in whatever order, unit and notation it arrives."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from neutromon.models.evaluation import Evaluation
from neutromon.models.history import PatientHistory
from neutromon.models.quantity import Comparator, Quantity, Reported
from neutromon.rules import evaluate
from neutromon.rules.grades import grade_of
from neutromon.rules.units import count_quantity, fold_unit, hemoglobin_in
from tests.builders import NOW, a_count, a_course, a_fever, a_history, at, day
from tests.rules.rule_cases import book

ANC = st.decimals(min_value="0", max_value="12", places=3)
COUNTS = st.decimals(min_value="0", max_value="400", places=3)
DEPTH = frozenset({"anc.profound", "anc.grade4", "anc.grade3"})
MILD = 9


def a_patient_with(anc: object, *, fever: str | None = None, cycle_day: int = 12) -> PatientHistory:
    course = a_course("R-CHOP-21", first=day(1 - cycle_day))
    readings = (a_fever(fever, taken=at(hours=-1)),) if fever else ()
    return a_history(course=course, counts=[a_count(anc, collected=at(hours=-2))], temperatures=readings)


def evaluated(history: PatientHistory) -> Evaluation:
    return evaluate(history, book(), NOW)


def worst_tier(evaluation: Evaluation, rules: frozenset[str]) -> int:
    return min((finding.tier.value for finding in evaluation.findings if finding.rule in rules), default=MILD)


@given(ANC, ANC, st.sampled_from(["ctcae-5.0", "ctcae-6.0"]))
def test_that_a_lower_anc_never_has_a_milder_grade(first: Decimal, second: Decimal, version: str) -> None:
    low, high = sorted((first, second))
    limit = Quantity(value=Decimal("1.8"), unit="10*9/L")
    rules = book().grades[version]
    deep = grade_of(rules, "neutrophils", Quantity(value=low, unit="10*9/L"), limit)
    mild = grade_of(rules, "neutrophils", Quantity(value=high, unit="10*9/L"), limit)
    assert deep is not None and mild is not None and deep >= mild


@given(ANC, ANC, st.sampled_from([None, "36.8", "38.2", "38.5"]), st.integers(min_value=2, max_value=30))
@settings(max_examples=40, deadline=None)
def test_that_a_lower_anc_never_has_a_milder_tier(first: Decimal, second: Decimal, fever: str | None, cycle_day: int) -> None:
    low, high = sorted((first, second))
    rules = DEPTH | {"fn.confirmed", "fn.suspected", "fever.only"}
    deep = evaluated(a_patient_with(low, fever=fever, cycle_day=cycle_day))
    mild = evaluated(a_patient_with(high, fever=fever, cycle_day=cycle_day))
    assert worst_tier(deep, rules) <= worst_tier(mild, rules)


@given(st.randoms(use_true_random=False), st.lists(ANC, min_size=2, max_size=8, unique=True))
@settings(max_examples=30, deadline=None)
def test_that_the_order_of_arrival_does_not_change_the_evaluation(shuffler: random.Random, values: list[Decimal]) -> None:
    counts = [a_count(v, collected=at(hours=-5 * i - 1), sample_id=f"s{i}", plt="150", hb="11") for i, v in enumerate(values)]
    readings = [a_fever("38.5", taken=at(hours=-h)) for h in (1, 3)]
    history = a_history(course=a_course("R-CHOP-21", given=2), counts=counts, temperatures=tuple(readings))
    mixed = list(counts)
    shuffler.shuffle(mixed)
    one, two = evaluated(history), evaluated(replace(history, counts=tuple(mixed), temperatures=tuple(reversed(readings))))
    assert replace(one, counts=()) == replace(two, counts=())
    assert {count.sample_id: count for count in one.counts} == {count.sample_id: count for count in two.counts}


@given(st.permutations(["0.3", "0.9", "2.0"]))
def test_that_counts_of_the_same_minute_are_judged_by_the_lowest_whatever_their_order(values: list[str]) -> None:
    counts = [a_count(value, collected=at(hours=-2), sample_id=value) for value in values]
    found = evaluated(a_history(course=a_course(), counts=counts))
    assert [f.value for f in found.findings if f.rule == "anc.grade4"] == [Decimal("0.3")]


def test_that_a_correction_stands_before_the_first_result_of_the_same_minute() -> None:
    counts = [
        a_count("0.3", collected=at(hours=-2), status="final"),
        a_count("3.0", collected=at(hours=-2), status="Corrected"),
        a_count("0.2", collected=at(hours=-2), status="preliminary"),
    ]
    found = evaluated(a_history(course=a_course(), counts=counts))
    assert not {f.rule for f in found.findings} & DEPTH


@given(COUNTS, st.sampled_from(["10*9/L", "10^3/µL", "K/μL", "x10E9/L", "10*3/mm3", "/uL", "/µL", "cells/mm3", "{cells}/uL"]))
def test_that_a_count_survives_its_unit(value: Decimal, unit: str) -> None:
    per_litre = ("u" in fold_unit(unit) and not any(sign in fold_unit(unit) for sign in ("10", "k"))) or unit == "cells/mm3"
    written = value * 1000 if per_litre else value
    read = count_quantity(Reported(value=f"{written:f}", unit=unit), book().numbers["plausibility"])
    assert read is not None and read.value == value


@given(st.decimals(min_value="1", max_value="25", places=2), st.permutations(["g/dL", "g/L", "mmol/L"]))
def test_that_haemoglobin_comes_back_from_every_unit(value: Decimal, units: list[str]) -> None:
    start = Quantity(value=value, unit=units[0])
    there = hemoglobin_in(start, units[1])
    assert hemoglobin_in(there, units[0]).value.quantize(Decimal("0.0000000001")) == value


@given(ANC, st.sampled_from(list(Comparator)), ANC, st.sampled_from(["ctcae-5.0", "ctcae-6.0"]), st.booleans())
def test_that_censored_grades_hold_the_grade_of_every_value_they_may_stand_for(
    limit: Decimal, comparator: Comparator, value: Decimal, version: str, has_lower_limit: bool
) -> None:
    possible = {
        Comparator.LT: value < limit,
        Comparator.LE: value <= limit,
        Comparator.EQ: value == limit,
        Comparator.GE: value >= limit,
        Comparator.GT: value > limit,
    }[comparator]
    lower = Quantity(value=Decimal("1.8"), unit="10*9/L") if has_lower_limit else None
    rules = book().grades[version]
    censored = grade_of(rules, "neutrophils", Quantity(value=limit, unit="10*9/L", comparator=comparator), lower)
    exact = grade_of(rules, "neutrophils", Quantity(value=value, unit="10*9/L"), lower)
    assert censored is not None and exact is not None
    assert not possible or set(exact) <= set(censored)
    assert list(censored) == sorted(set(censored))


@given(st.one_of(ANC.map(str), st.text(max_size=12), st.sampled_from(["<0.1", "NaN", "-3", "1e5", "٣", "0,5", "∞"])), st.text(max_size=8))
@settings(max_examples=80, deadline=None)
def test_that_no_value_and_no_unit_is_ever_a_crash_or_normal_by_default(value: str, unit: str) -> None:
    history = a_history(course=a_course(), counts=[a_count(Reported(value=value, unit=unit), collected=at(hours=-2))])
    (count,) = evaluated(history).counts
    if count.anc.quantity is None:
        assert count.grades["ctcae-5.0"]["neutrophils"] is None
        assert not value.strip() or any(problem.severity.value == "block" for problem in count.problems)


@given(ANC)
@settings(max_examples=20, deadline=None)
def test_that_evaluating_twice_changes_nothing(anc: Decimal) -> None:
    history = a_patient_with(anc, fever="38.5")
    assert evaluated(history) == evaluated(history)


@given(ANC, st.integers(min_value=-14, max_value=14))
@settings(max_examples=20, deadline=None)
def test_that_the_offset_of_now_changes_no_finding_of_the_same_day(anc: Decimal, minutes: int) -> None:
    from datetime import timezone

    history = a_patient_with(anc, fever="38.5")
    other = NOW.astimezone(timezone(timedelta(minutes=30 * minutes)))
    if other.date() != NOW.date():
        return
    texts = [finding.text for finding in evaluate(history, book(), other).findings]
    assert texts == [finding.text for finding in evaluated(history).findings]


def test_that_the_rules_know_nothing_of_views_settings_or_forecast() -> None:
    from pathlib import Path

    room = Path(__file__).resolve().parents[2] / "neutromon" / "rules"
    words = [line for path in room.glob("*.py") for line in path.read_text().splitlines() if line.startswith(("from ", "import "))]
    known = ("neutromon.models", "neutromon.rules")
    own = [line for line in words if "neutromon" in line]
    assert own and all(line.split()[1].startswith(known) for line in own)
