"""What the rules do with odd, missing and unreadable input: it is named, never guessed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from neutromon.models.evaluation import Severity
from neutromon.models.history import (
    Antibiotic,
    CountSample,
    Course,
    Cycle,
    DrugExposure,
    Episode,
    Sex,
    Temperature,
)
from neutromon.models.protocol import Protocol
from neutromon.models.quantity import Comparator, Quantity, Reported
from neutromon.rules import evaluate
from neutromon.rules.depth import depth_label, duration_label
from neutromon.rules.febrile import read_temperatures
from neutromon.rules.grades import grade_of
from neutromon.rules.logic import Bound, Op, all_of, any_of
from neutromon.rules.schedule import in_window
from tests.builders import (
    NOW,
    a_count,
    a_course,
    a_cycle,
    a_fever,
    a_growth_factor,
    a_history,
    a_patient,
    a_symptom,
    a_value,
    at,
    day,
)
from tests.rules.probes import TREATED, ev
from tests.rules.rule_cases import book

CELLS = "10*9/L"


def quantity(value: str, comparator: Comparator = Comparator.EQ) -> Quantity:
    return Quantity(value=Decimal(value), unit=CELLS, comparator=comparator)


def rules_of(evaluation: object) -> set[str]:
    return {finding.rule for finding in evaluation.findings}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("op", "comparator", "value", "expected"),
    [
        (Op.LE, Comparator.LE, "0.5", True),
        (Op.LT, Comparator.LE, "0.5", None),
        (Op.LT, Comparator.LE, "0.4", True),
        (Op.LT, Comparator.LT, "0.5", True),
        (Op.LT, Comparator.GE, "0.5", False),
        (Op.LE, Comparator.GE, "0.5", None),
        (Op.LT, Comparator.GT, "0.5", False),
        (Op.LT, Comparator.GT, "0.4", None),
        (Op.GE, Comparator.GE, "0.5", True),
        (Op.GT, Comparator.GE, "0.5", None),
        (Op.GT, Comparator.LE, "0.5", False),
        (Op.GE, Comparator.LT, "0.6", None),
    ],
)
def test_that_a_bound_decides_where_every_possible_value_agrees(op: Op, comparator: Comparator, value: str, expected: bool | None) -> None:
    assert Bound(op=op, value=Decimal("0.5")).judge(quantity(value, comparator)) is expected


def test_that_unknown_parts_decide_nothing_alone() -> None:
    assert (any_of([False, None]), any_of([None, True]), any_of([])) == (None, True, False)
    assert (all_of([True, None]), all_of([None, False]), all_of([])) == (None, False, True)


@pytest.mark.parametrize(
    ("wbc", "fields", "comparator", "value"),
    [
        ("<0.4", {"segs_percent": "20", "bands_percent": "<2"}, Comparator.LT, "0.088"),
        ("<=0.4", {"segs_percent": "<20"}, Comparator.LT, "0.08"),
        (">5", {"segs_percent": ">=50"}, Comparator.GT, "2.5"),
        ("5", {"segs_percent": "<=50"}, Comparator.LE, "2.5"),
        ("<=0.4", {"neutrophils_percent": "20"}, Comparator.LE, "0.08"),
    ],
)
def test_that_comparators_go_through_the_product(wbc: str, fields: dict[str, str], comparator: Comparator, value: str) -> None:
    (count,) = ev(wbc=wbc, **fields).counts
    assert count.anc.quantity == quantity(value, comparator)


@pytest.mark.parametrize("fields", [{"neutrophils_percent": ">50"}, {"segs_percent": "<20", "bands_percent": ">2"}])
def test_that_comparators_that_point_apart_give_no_anc(fields: dict[str, str]) -> None:
    (count,) = ev(wbc="<5", **fields).counts
    assert count.anc.quantity is None
    assert "differential_missing" in {problem.code for problem in count.problems}


def test_that_an_unreadable_band_count_leaves_the_total_neutrophils() -> None:
    (count,) = ev(wbc="4", segs_percent="20", bands_percent="few", neutrophils_percent="30").counts
    assert count.anc.quantity == quantity("1.20")


def test_that_a_blocked_white_count_gives_no_anc() -> None:
    (count,) = ev(wbc="600", neutrophils_percent="30").counts
    assert count.anc.quantity is None


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("hemoglobin", a_value("low", "g/dL"), "impossible"),
        ("hemoglobin", a_value("11", "10*9/L"), "unit_suspect"),
        ("hemoglobin", a_value("-1", "g/dL"), "impossible"),
        ("segs_percent", a_value("many", "%"), "impossible"),
        ("segs_percent", a_value("30", "/uL"), "unit_suspect"),
    ],
)
def test_that_what_cannot_be_read_is_a_problem_of_its_field(field: str, value: Reported, code: str) -> None:
    found = evaluate(a_history(counts=[a_count("2.0", **{field: value})]), book(), NOW).counts[0]
    assert [(p.code, p.field, p.severity) for p in found.problems] == [(code, field, Severity.BLOCK)]


def test_that_a_confirmed_value_counts_and_stays_marked() -> None:
    slip = a_value("1300", CELLS, confirmed=True)
    found = evaluate(a_history(counts=[a_count(slip)]), book(), NOW).counts[0]
    assert found.anc.quantity == quantity("1300")
    assert [(p.code, p.severity) for p in found.problems] == [("unit_suspect", Severity.WARN)]
    high = evaluate(a_history(counts=[a_count(a_value("150", confirmed=True), wbc=a_value("150", confirmed=True))]), book(), NOW).counts[0]
    assert {p.severity for p in high.problems} == {Severity.WARN}


def test_that_confirming_a_word_does_not_make_it_a_number() -> None:
    found = evaluate(a_history(counts=[a_count(a_value("clotted", confirmed=True))]), book(), NOW).counts[0]
    assert found.anc.quantity is None


def test_that_a_confirmed_anc_above_the_white_count_counts() -> None:
    found = evaluate(a_history(counts=[a_count(a_value("3.0", confirmed=True), wbc="2.0")]), book(), NOW).counts[0]
    assert found.anc.quantity == quantity("3.0")


def test_that_a_censored_pair_is_not_compared() -> None:
    (count,) = ev(wbc="<2.0", anc="<3.0").counts
    assert count.problems == ()
    (count,) = ev(wbc="2.0", anc="<3.0", neutrophils_percent="50").counts
    assert count.problems == ()


def test_that_an_unreadable_or_censored_lower_limit_is_none() -> None:
    for written in ("unknown", "<1.8"):
        patient = a_patient(lower_limits={"anc": a_value(written)})
        found = evaluate(a_history(patient, counts=[a_count("1.6")]), book(), NOW)
        assert found.counts[0].grades["ctcae-5.0"]["neutrophils"] == (0, 1)


def test_that_a_quantity_in_a_unit_without_scale_has_no_grade() -> None:
    rules = book().grades["ctcae-5.0"]
    assert grade_of(rules, "hemoglobin", Quantity(value=Decimal(5), unit="g"), None) is None
    assert grade_of(rules, "neutrophils", None, None) is None
    assert grade_of(book().grades["ctcae-6.0"], "lymphocytes", quantity("1"), None) is None


def test_that_labels_stand_for_certain_values_only() -> None:
    assert depth_label(quantity("0.05"), book()).startswith("profound (ASCO/IDSA 2018")
    assert depth_label(quantity("0.15"), book()).startswith("very severe")
    assert depth_label(quantity("0.3"), book()).startswith("severe")
    assert depth_label(quantity("0.7"), book()).startswith("moderate")
    assert depth_label(quantity("1.2"), book()).startswith("mild")
    assert depth_label(quantity("1.5"), book()) == depth_label(quantity("0.1", Comparator.GT), book()) == ""
    words = [duration_label(Decimal(days), book()).partition(" (")[0] for days in (7, "7.1", "10.1", "90.1")]
    assert words == ["", "protracted", "more than 10 days", "chronic"]


def test_that_a_label_stands_beside_the_number_of_a_finding() -> None:
    (found,) = [f for f in ev(**TREATED, anc="0.15").findings if f.rule == "anc.grade4"]
    assert "0.15 ×10⁹/L" in found.text and "very severe" in found.text.lower()


def test_that_readings_without_a_time_or_a_number_are_not_used() -> None:
    taken = [a_fever("38.5", taken=None), a_fever("hot"), a_fever("<39"), a_fever("38", unit="K"), a_fever("37.1")]
    readings, problems = read_temperatures(taken, book().numbers["plausibility"])
    assert [reading.celsius for reading in readings] == [Decimal("37.1")]
    assert len(problems) == 3


def test_that_a_reading_in_fahrenheit_is_shown_in_celsius_cut_and_not_rounded_up() -> None:
    chart = {"temperatures": [{"at": "2026-03-12T08:00:00+00:00", "value": "101", "unit": "degF"}]}
    (found,) = [f for f in ev(**TREATED, anc="0.3", chart=chart).findings if f.rule == "fn.confirmed"]
    assert "fever 38.33 °C" in found.text


def test_that_a_censored_risk_leaves_the_band_open_where_it_may_lie_in_two() -> None:
    for risk, band in ((">15", "unknown"), ("<5", "low"), (">=21", "high")):
        assert ev(planned_in=1, chart={"course": {"fn_risk_percent": risk}}).gcsf["nccn"].band == band


def test_that_sex_and_birth_date_that_are_not_recorded_are_named_as_missing() -> None:
    for sex in (None, Sex.UNKNOWN):
        history = a_history(a_patient(sex=sex, birth_date=None), replace(a_course(given=0), fn_risk_percent="15"))
        missing = {reason.id for reason in evaluate(history, book(), NOW).gcsf["eortc-2010"].missing}
        assert {"sex", "birth_date", "hemoglobin", "albumin"} <= missing


def test_that_a_dose_that_is_not_recorded_leaves_ncc_ns_age_open() -> None:
    history = a_history(a_patient(birth_date=day(-70 * 366)), a_course(given=0, planned=1))
    advice = evaluate(history, book(), NOW).gcsf["nccn"]
    assert "dose_percent" in {reason.id for reason in advice.missing}
    assert "age" not in {reason.id for reason in advice.reasons}


def test_that_the_dose_of_the_running_cycle_stands_where_the_coming_one_has_none() -> None:
    history = a_history(a_patient(birth_date=day(-70 * 366)), a_course(given=1, planned=1))
    assert "age" in {reason.id for reason in evaluate(history, book(), NOW).gcsf["nccn"].reasons}


@pytest.mark.parametrize("bilirubin", [a_value("high", "mg/dL"), a_value("3", "mmol")])
def test_that_a_laboratory_value_that_cannot_be_read_is_missing(bilirubin: Reported) -> None:
    history = a_history(a_patient(labs={"bilirubin": bilirubin}), a_course(given=0))
    assert "bilirubin" in {reason.id for reason in evaluate(history, book(), NOW).gcsf["nccn"].missing}


def in_fn(**changes: object) -> object:
    course = changes.pop("course", a_course(first=day(-9)))
    known = {"temperatures": (a_fever("38.6", taken=at(hours=-1)),), "episode": Episode(expected_fall_below_0_5=False)}
    return a_history(a_patient(birth_date=day(-40 * 366)), course, [a_count("0.3", collected=at(hours=-2))], **(known | changes))  # type: ignore[arg-type]


def test_that_a_hospital_stay_and_an_earlier_episode_count_in_febrile_neutropenia() -> None:
    episode = Episode(expected_fall_below_0_5=False, mascc={"outpatient_at_onset": False})
    found = evaluate(in_fn(episode=episode), book(), NOW).gcsf["nccn"]  # type: ignore[arg-type]
    assert {reason.id for reason in found.reasons} == {"inpatient_at_onset"}
    earlier = Course(regimen="AC", cycles=(Cycle(number=1, day1=day(-300), febrile_neutropenia=True),))
    found = evaluate(in_fn(earlier_courses=(earlier,)), book(), NOW).gcsf["nccn"]  # type: ignore[arg-type]
    assert {reason.id for reason in found.reasons} == {"prior_fn"}


def test_that_the_running_episode_is_no_earlier_one() -> None:
    cycles = (replace(a_cycle(1, day(-9)), febrile_neutropenia=True), a_cycle(2, planned=day(12)))
    found = evaluate(in_fn(course=a_course(cycles=cycles)), book(), NOW).gcsf["nccn"]  # type: ignore[arg-type]
    assert (found.advice, found.reasons) == ("not_routine", ())


def test_that_an_unknown_birth_date_is_missing_in_febrile_neutropenia() -> None:
    history = replace(in_fn(), patient=a_patient(birth_date=None))  # type: ignore[type-var]
    assert {reason.id for reason in evaluate(history, book(), NOW).gcsf["nccn"].missing} == {"birth_date"}


def test_that_a_planned_or_future_growth_factor_is_not_given() -> None:
    given = (a_growth_factor(given=at(hours=-1), planned=True), a_growth_factor(given=at(hours=5)), a_growth_factor(given=None))
    assert evaluate(in_fn(growth_factors=given), book(), NOW).gcsf["nccn"].advice == "not_routine"  # type: ignore[arg-type]


def test_that_a_growth_factor_of_an_earlier_cycle_is_not_running() -> None:
    cycles = (a_cycle(1, day(-30)), a_cycle(2, day(-9)))
    earlier = (a_growth_factor(given=at(days=-28)),)
    found = evaluate(in_fn(course=a_course(cycles=cycles), growth_factors=earlier), book(), NOW)  # type: ignore[arg-type]
    assert found.gcsf["nccn"].advice == "not_routine"


def test_that_a_suspected_episode_is_no_afebrile_neutropenia() -> None:
    history = a_history(course=a_course(first=day(-9)), counts=[a_count(wbc="2.4", collected=at(hours=-2))])
    found = evaluate(replace(history, temperatures=(a_fever("38.6", taken=at(hours=-1)),)), book(), NOW)
    assert found.febrile_neutropenia["asco-idsa-2018"] == "suspected"
    assert found.gcsf["asco-2015"].advice != "not_routine"


def test_that_chemoradiation_by_regimen_avoids_growth_factor_unless_a_person_says_otherwise() -> None:
    course = replace(a_course("cisplatin-RT", given=0), concurrent_radiotherapy=None)
    assert evaluate(a_history(course=course), book(), NOW).gcsf["nccn"].advice == "avoid"
    without = replace(course, concurrent_radiotherapy=False)
    assert evaluate(a_history(course=without), book(), NOW).gcsf["nccn"].advice == "cannot_tell"


def test_that_a_guideline_the_site_does_not_have_raises_no_consideration() -> None:
    history = a_history(course=a_course("TAC", given=0), counts=[a_count("4")])
    assert "gcsf.primary" in rules_of(evaluate(history, book(), NOW))
    assert "gcsf.primary" not in rules_of(evaluate(history, book(), NOW, Protocol(gcsf_guideline="none")))


def test_that_asco_considers_in_febrile_neutropenia_by_its_own_definition() -> None:
    history = in_fn(episode=Episode(expected_fall_below_0_5=False, flags={"pneumonia": True}))
    assert "gcsf.therapeutic" in rules_of(evaluate(history, book(), NOW, Protocol(gcsf_guideline="asco-2015")))  # type: ignore[arg-type]


def test_that_sepsis_without_a_temperature_is_said_so() -> None:
    history = a_history(course=a_course(), counts=[a_count("0.3", collected=at(hours=-2))], episode=Episode(flags={"sepsis_signs": True}))
    found = evaluate(history, book(), NOW, Protocol(fn_definition="nice-cg151"))
    assert any("fever not measured, unwell" in f.text for f in found.findings if f.rule == "fn.confirmed")


def two_cycles(depths: tuple[str, ...], *, now_day: int, anc: str) -> object:
    """Return a history whose earlier cycle has counts on days 10, 12, ... and whose running one has one today."""
    course = a_course(first=day(1 - now_day - 21), given=2)
    start = at(days=1 - now_day - 21)
    counts = [a_count(depth, collected=start + timedelta(days=9 + 2 * i)) for i, depth in enumerate(depths)]
    return a_history(course=course, counts=[*counts, a_count(anc, collected=at(hours=-1))])


def test_that_a_count_deeper_and_earlier_than_the_patients_own_nadirs_is_off_pattern() -> None:
    found = evaluate(two_cycles(("0.9", "1.4"), now_day=6, anc="0.4"), book(), NOW)  # type: ignore[arg-type]
    (off,) = [f for f in found.findings if f.rule == "anc.off_pattern"]
    assert set(off.mechanism.split(",")) == {"early", "early_for_patient", "deeper"}
    assert "earlier than this patient's earlier nadirs (D10–10)" in off.text
    assert any("Own earlier lowest counts: C1 0.9" in f.text for f in found.findings if f.rule == "anc.grade4")


def test_that_a_run_of_low_counts_breaks_at_a_gap_and_at_a_new_cycle() -> None:
    course = a_course("unlisted", first=day(-40), given=1)
    apart = [a_count("0.8", collected=at(days=-20)), a_count("0.8", collected=at(days=-2))]
    (one,) = [f for f in evaluate(a_history(course=course, counts=apart), book(), NOW).findings if f.rule == "anc.grade3"]
    assert one.key == f"anc:c1:{day(-2).isoformat()}"
    two = a_course("unlisted", first=day(-22), given=2)
    close = [a_count("0.8", collected=at(days=-3)), a_count("0.8", collected=at(hours=-2))]
    (other,) = [f for f in evaluate(a_history(course=two, counts=close), book(), NOW).findings if f.rule == "anc.grade3"]
    assert other.key == f"anc:c2:{day(0).isoformat()}"


def test_that_the_nadir_window_that_is_not_known_is_said_so() -> None:
    history = a_history(course=a_course("wP-trastuzumab", first=day(-3)), counts=[a_count("0.8", collected=at(hours=-1))])
    (found,) = [f for f in evaluate(history, book(), NOW).findings if f.rule == "anc.grade3"]
    assert "nadir window is not known" in found.text
    assert in_window(None, 3) is None


def test_that_a_stale_low_count_of_an_earlier_cycle_or_long_ago_says_nothing() -> None:
    long_ago = a_history(course=a_course(first=day(-30), planned=0), counts=[a_count("0.3", collected=at(days=-11))])
    other_cycle = a_history(course=a_course(first=day(-22), given=2, planned=0), counts=[a_count("0.3", collected=at(days=-5))])
    high = a_history(course=a_course(first=day(-10), planned=0), counts=[a_count("3", collected=at(days=-5))])
    assert [rules_of(evaluate(h, book(), NOW)) & {"count.too_old"} for h in (long_ago, other_cycle, high)] == [set(), set(), set()]


@pytest.mark.parametrize(
    "change",
    [{"temperatures": (a_fever("37.5", taken=at(hours=-2)),)}, {"symptoms": (a_symptom("mouth_ulcers", noticed=at(days=-2)),)}],
)
def test_that_a_sign_cancels_the_plan_for_the_expected_nadir(change: dict[str, object]) -> None:
    patient = a_patient(expected_nadir_plan=True)
    history = a_history(patient, a_course(first=day(-11)), [a_count("0.4", collected=at(hours=-2))])
    (held,) = [f for f in evaluate(history, book(), NOW).findings if f.rule == "anc.grade4"]
    (free,) = [f for f in evaluate(replace(history, **change), book(), NOW).findings if f.rule == "anc.grade4"]  # type: ignore[arg-type]
    assert (held.tier, free.tier) == (3, 2)
    assert "plan" in held.note and free.note == ""


def test_that_seven_days_and_an_earlier_episode_cancel_the_plan() -> None:
    patient = a_patient(expected_nadir_plan=True)
    long_run = [a_count("0.4", collected=at(days=-7)), a_count("0.4", collected=at(hours=-2))]
    history = a_history(patient, a_course(first=day(-13)), long_run)
    assert [f.tier for f in evaluate(history, book(), NOW).findings if f.rule == "anc.grade4"] == [2]
    cycles = (replace(a_cycle(1, day(-32)), febrile_neutropenia=True), a_cycle(2, day(-11)))
    history = a_history(patient, a_course(cycles=cycles), [a_count("0.4", collected=at(hours=-2))])
    assert [f.tier for f in evaluate(history, book(), NOW).findings if f.rule == "anc.grade4"] == [2]


def test_that_the_call_threshold_of_the_site_decides_the_words() -> None:
    history = a_history(course=a_course(first=day(-11)), counts=[a_count("0.7", collected=at(hours=-2))])
    low, high = (evaluate(history, book(), NOW, Protocol(call_threshold=Decimal(t))) for t in ("0.5", "1.0"))
    assert ["Consider a call" in f.text for f in low.findings if f.rule == "anc.grade3"] == [False]
    assert ["Consider a call" in f.text for f in high.findings if f.rule == "anc.grade3"] == [True]


def test_that_days_below_are_counted_by_runs_and_reach_to_the_neighbours_and_to_now() -> None:
    course = a_course(first=day(-14))
    taken = [(-12, "2.0"), (-10, "0.4"), (-9, "0.3"), (-7, "0.9"), (-5, "0.4")]
    counts = [a_count(value, collected=at(days=days)) for days, value in taken]
    (nadir,) = evaluate(a_history(course=course, counts=counts), book(), NOW).nadirs
    assert nadir.days_below_0_5 == (Decimal("1.0"), Decimal("12.0"))


def test_that_a_recovery_that_is_taken_back_is_none() -> None:
    course = a_course(first=day(-14))
    counts = [a_count(v, collected=at(days=d)) for d, v in ((-8, "0.4"), (-6, "1.2"), (-4, "0.9"), (-2, "1.0"))]
    (nadir,) = evaluate(a_history(course=course, counts=counts), book(), NOW).nadirs
    assert nadir.recovery_day == 13


def test_that_a_pause_in_daily_growth_factor_begins_a_new_course() -> None:
    given = tuple(a_growth_factor("filgrastim", given=at(days=d, hours=-1)) for d in (-20, -19, -1, 0))
    history = a_history(course=a_course(first=day(-24)), counts=[a_count("1.0")], growth_factors=given)
    assert evaluate(history, book(), NOW).gcsf_course.verdict == "continue"  # type: ignore[union-attr]


def test_that_a_course_that_runs_into_the_new_cycle_is_no_crash() -> None:
    given = (a_growth_factor("filgrastim", given=at(hours=-20)),)
    history = a_history(course=a_course(first=day(0)), growth_factors=given)
    assert evaluate(history, book(), NOW).gcsf_course is not None


UNREADABLE_BOUNDS: list[dict[str, object]] = [
    {"anc": "many"},
    {"anc": {"op": "about", "value": "1"}},
    {"anc": "NaN"},
    {"anc": {"op": "ge"}},
    {"anc": "-1"},
    {"anc": "<1.0"},
    {"anc": {"op": "lt", "value": "2.0"}},
    {"anc": {"value": "1.0", "unit": "G/L"}},
    {"anc": {"op": ["ge"], "value": "1.0"}},
]


@pytest.mark.parametrize("chosen", UNREADABLE_BOUNDS)
def test_that_a_site_bound_that_cannot_be_read_is_passed_over(chosen: dict[str, object]) -> None:
    course = replace(a_course("CAV", first=day(-20)), site_protocol=chosen)
    history = a_history(course=course, counts=[a_count("1.4", collected=at(hours=-1), plt="200")])
    check = evaluate(history, book(), NOW).day1
    assert check is not None and (check.meets, check.limiting) == (False, "anc")


def test_that_a_drug_of_the_future_is_not_suspect_and_a_recalled_one_is_marked() -> None:
    drugs = (DrugExposure(name="Clozapine", start=day(3)), DrugExposure(name="Mirtazapine"), DrugExposure(name="Carbimazole"))
    history = a_history(counts=[a_count("1.2", collected=at(hours=-1))], drugs=drugs)
    (found,) = [f for f in evaluate(history, book(), NOW).findings if f.rule == "workup.unexplained"]
    assert "Mirtazapine (recalled), Carbimazole" in found.text and "Clozapine" not in found.text


def test_that_a_count_that_was_not_low_ends_the_run_of_the_work_up() -> None:
    counts = [a_count("0.9", collected=at(days=-90)), a_count("3.0", collected=at(days=-60)), a_count("1.2", collected=at(hours=-1))]
    (found,) = [f for f in evaluate(a_history(counts=counts), book(), NOW).findings if f.rule == "workup.unexplained"]
    assert found.mechanism == "first"


def test_that_late_onset_after_rituximab_is_named() -> None:
    course = a_course(first=day(-60), planned=0)
    history = a_history(course=course, counts=[a_count("1.2", collected=at(hours=-1))])
    (found,) = [f for f in evaluate(history, book(), NOW).findings if f.rule == "workup.unexplained"]
    assert "late onset after rituximab is possible" in found.text


def test_that_a_regimen_is_found_by_number_name_drug_and_cancer() -> None:
    assert [r.id for r in book().search_regimens("R57 rituximab")] == ["CHOP-21", "R-CHOP-14", "R-CHOP-21"]
    assert book().search_regimens("FOLFOX")[0].id == "FOLFOXIRI"
    assert [r.id for r in book().search_regimens("gastric docetaxel 5-fu 750")] == ["DCF"]
    assert book().search_regimens("nothing of that name") == []
    assert book().regimen(None) is None
    own = replace(book().regimens["AC"], id="OWN", drugs="examplamycin")
    assert [r.id for r in book().with_regimens({"OWN": own}).search_regimens("examplamycin")] == ["OWN"]


def test_that_every_regimen_says_drugs_cycle_rule_and_category_by_list() -> None:
    for regimen in book().regimens.values():
        assert regimen.drugs and regimen.cycle_days > 0 and regimen.day1_rule in book().day1 and regimen.number
        assert set(regimen.categories) == {"nccn", "eortc-2010"} == set(regimen.category_texts)
        assert regimen.nadir_window is not None or regimen.nadir_text == "mild"
        assert regimen.recovery_day is not None or regimen.id == "palbociclib-ET"


def test_that_prophylaxis_that_begins_later_is_not_running() -> None:
    later = Antibiotic(name="levofloxacin", given_at=at(days=1), purpose="prophylaxis")
    history = a_history(course=a_course("7+3", first=day(-4)), antibiotics=(later,))
    assert "prophylaxis.antibacterial" in rules_of(evaluate(history, book(), NOW))


def test_that_every_finding_names_its_basis_and_the_versions() -> None:
    found = ev(**TREATED, anc="0.3", fever="38.6", symptoms=["rigors"])
    assert found.protocol_version == "default" and len(found.rule_sets) == len(book().files)
    for finding in found.findings:
        assert finding.basis.guideline and finding.basis.version and finding.basis.rule_file == "findings.toml"
        assert finding.lines and finding.text


def test_that_a_chart_with_nothing_in_it_is_evaluated() -> None:
    found = evaluate(a_history(counts=[CountSample()], temperatures=(Temperature(value=""),)), book(), NOW)
    assert found.counts[0].anc.quantity is None
    assert set(found.febrile_neutropenia.values()) == {"cannot_tell"}
