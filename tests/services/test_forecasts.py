"""Forecasts of patients: refusals in plain words, no leak from later facts, the track record, the document, the site's switch."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from neutromon.cli.reading import forecast_lines
from neutromon.forecast.priors import PriorBook
from neutromon.interop.chart_file import write_chart
from neutromon.models.errors import UserError
from neutromon.models.forecast import Forecast, WhatIf
from neutromon.models.history import Course, GrowthFactor, Patient, PatientHistory, TreatmentDay
from neutromon.models.protocol import Protocol
from neutromon.rules import RuleBook
from neutromon.services.alerts import alerts_of
from neutromon.services.bulk import load_histories
from neutromon.services.forecast_course import as_of, frame
from neutromon.services.forecasts import (
    forecast_file_document,
    forecast_history,
    forecast_mrn_document,
    forecast_patient,
    load_priors,
)
from neutromon.services.rule_book import load_book
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session, open_session
from neutromon.services.track_record import spread_at
from tests.builders import NOW, a_count, a_course, a_cycle, a_growth_factor, a_history, a_nadir_history, a_patient, at, day
from tests.stores import PASSPHRASE, USER, Clock, make_store


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_book()


@pytest.fixture(scope="module")
def priors() -> PriorBook:
    return load_priors()


def first_cycle(*values: tuple[float, object], regimen: str | None = "docetaxel-75", **course: Any) -> PatientHistory:
    """Return a patient on day 9 of her first cycle with counts by days after day 1 (negative: before)."""
    start = at(days=-8, hours=-1)
    counts = [a_count(value, collected=start + timedelta(days=days), sample_id=f"s{i}") for i, (days, value) in enumerate(values)]
    return a_history(a_patient(), a_course(regimen, first=day(-8), **course), counts)


USUAL = ((0, "4.4"), (7, "0.9"))


def asked(history: PatientHistory, book: RuleBook, priors: PriorBook, **options: Any) -> Forecast:
    return forecast_history(history, book, NOW, priors=priors, **options)


def test_that_a_usual_course_is_forecast_with_intervals(book: RuleBook, priors: PriorBook) -> None:
    found = asked(first_cycle(*USUAL), book, priors)
    assert found.ok and found.nadir is not None and found.day1 is not None and found.recovery_at is not None
    assert found.nadir.value.p5 < found.nadir.value.median < found.nadir.value.p95
    assert found.day1.at == day(13) and found.day1.kind == "measured" and 0.5 < found.day1.probability_at_or_above <= 1.0
    assert len(found.trajectory) == 21 + 14 + 1 == len(found.measured)
    assert found.trajectory[0].at.date() == day(-8)
    assert {len(sample) for sample in found.samples} == {len(found.trajectory)} and len(found.samples) == 20
    assert found.next_draw is not None and day(0) < found.next_draw < day(13)
    assert found.population.startswith("Docetaxel 75")


def test_that_the_same_history_gives_the_same_forecast(book: RuleBook, priors: PriorBook) -> None:
    assert asked(first_cycle(*USUAL), book, priors) == asked(first_cycle(*USUAL[::-1]), book, priors)


NO_COURSE = a_history(a_patient(), None, [a_count("4.0")])
REFUSALS: dict[str, tuple[PatientHistory, str]] = {
    "no course": (NO_COURSE, "no_regimen_model"),
    "no regimen": (first_cycle(*USUAL, regimen=None), "no_regimen_model"),
    "a regimen nobody knows": (first_cycle(*USUAL, regimen="no-such-regimen"), "no_regimen_model"),
    "a regimen without a prior": (first_cycle(*USUAL, regimen="PLD"), "no_regimen_model"),
    "leukaemia induction": (first_cycle(*USUAL, regimen="7+3"), "out_of_scope"),
    "a transplant": (first_cycle(*USUAL, regimen="melphalan-200-ASCT"), "out_of_scope"),
    "no day 1": (first_cycle(*USUAL, cycles=[a_cycle(1, planned=day(-8))]), "no_day1"),
    "no count": (first_cycle(), "no_baseline"),
    "no baseline": (first_cycle((5, "1.9"), (7, "0.9")), "no_baseline"),
    "one count": (first_cycle((0, "4.4")), "too_few_counts"),
    "an absurd dose": (first_cycle(*USUAL, cycles=[a_cycle(1, day(-8), dose_percent="1000")]), "absurd_dose"),
    "a negative dose": (first_cycle(*USUAL, cycles=[a_cycle(1, day(-8), dose_percent="-5")]), "absurd_dose"),
    "a dose that is no number": (first_cycle(*USUAL, cycles=[a_cycle(1, day(-8), dose_percent="half")]), "absurd_dose"),
    "cycles on top of each other": (
        first_cycle(*USUAL, cycles=[a_cycle(1, day(-8)), a_cycle(2, day(-7))]),
        "contradictory_cycles",
    ),
    "a next day 1 in a far year": (
        first_cycle(*USUAL, cycles=[a_cycle(1, day(-8)), a_cycle(2, planned=date(9999, 12, 30))]),
        "contradictory_cycles",
    ),
    "two counts of one hour": (first_cycle(*USUAL, (7.05, "8.8")), "inconsistent_counts"),
    "counts against the regimen": (
        first_cycle((0, "4.4"), (3, "12"), (4, "0.05"), (5, "9"), (6, "0.05"), (7, "14")),
        "inconsistent_counts",
    ),
    "a course long over": (
        first_cycle((0, "4.4"), cycles=[a_cycle(1, day(-90))]),
        "course_over",
    ),
    "diseased marrow": (
        replace(first_cycle(*USUAL), patient=a_patient(risk_factors=("marrow_involvement",))),
        "out_of_scope",
    ),
    "clozapine": (replace(first_cycle(*USUAL), monitoring="clozapine"), "out_of_scope"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_that_what_cannot_be_forecast_is_refused_with_its_reason(name: str, book: RuleBook, priors: PriorBook) -> None:
    history, code = REFUSALS[name]
    found = asked(history, book, priors)
    assert (found.status, found.reason) == ("refused", code)
    assert found.reason_text.endswith(".") and found.nadir is None and not found.trajectory


def test_that_a_course_begins_anew_after_a_long_pause(book: RuleBook, priors: PriorBook) -> None:
    cycles = [a_cycle(1, date(1961, 5, 2)), a_cycle(2, day(-8))]
    found = asked(first_cycle(*USUAL, cycles=cycles), book, priors)
    alone = asked(first_cycle(*USUAL, cycles=cycles[1:]), book, priors)
    assert found.trajectory == alone.trajectory
    assert any("begins anew" in line for line in found.warnings)


def test_that_a_count_that_cannot_be_right_is_left_out_and_told(book: RuleBook, priors: PriorBook) -> None:
    found = asked(first_cycle(*USUAL, (7.5, "1100")), book, priors)
    assert found.observations_used == len(USUAL)
    assert "1 neutrophil count left out: the value cannot be used, check it" in found.warnings
    assert not any("left out" in line for line in asked(first_cycle(*USUAL), book, priors).warnings)


def test_that_a_refused_forecast_leaves_the_evaluation_alone(book: RuleBook, priors: PriorBook) -> None:
    from neutromon.rules import evaluate

    history, _ = REFUSALS["counts against the regimen"]
    before = evaluate(history, book, NOW)
    asked(history, book, priors)
    assert evaluate(history, book, NOW) == before


def test_that_a_known_regimen_without_a_prior_is_labelled_generic(book: RuleBook, priors: PriorBook) -> None:
    found = asked(first_cycle(*USUAL, regimen="CAV"), book, priors)
    assert found.ok and "generic prior" in found.population
    assert any("generic prior" in warning for warning in found.warnings)


def test_that_a_late_nadir_drug_shows_the_recovery_only(book: RuleBook, priors: PriorBook) -> None:
    found = asked(first_cycle(*USUAL, regimen="temozolomide"), book, priors)
    assert found.ok and found.nadir is None and found.next_nadir is None and found.day1 is not None
    assert any("late nadir" in warning for warning in found.warnings)


def test_that_nothing_later_is_known(book: RuleBook, priors: PriorBook) -> None:
    history = a_nadir_history(cycles=3)
    assert history.course is not None and history.course.cycles[1].day1 is not None
    then = at(days=-10 - 21 + 11)
    late = replace(history, growth_factors=(a_growth_factor(given=at(days=-1)),))
    counts = tuple(c for c in history.counts if c.collected_at is not None and c.collected_at <= then)
    cycles = [
        replace(c, day1=None, dose_percent=None, chemo_end=None) if c.day1 and c.day1 > then.date() else c for c in history.course.cycles
    ]
    known = replace(history, counts=counts, course=replace(history.course, cycles=tuple(cycles)))
    assert forecast_history(late, book, then, priors=priors) == forecast_history(known, book, then, priors=priors)


def test_that_a_cycle_of_the_future_is_only_a_plan() -> None:
    days = (TreatmentDay(day=8, given=day(2)), TreatmentDay(day=1, given=day(-8)))
    course = a_course(cycles=[a_cycle(1, day(-8), treatment_days=days), a_cycle(2, day(13), dose_percent="75")])
    found = as_of(a_history(a_patient(), course, [a_count("1.0", collected=None)]), NOW)
    assert found.course is not None and not found.counts
    first, second = found.course.cycles
    assert (first.treatment_days[0].given, first.treatment_days[0].planned) == (None, day(2))
    assert (second.day1, second.planned_day1, second.dose_percent) == (None, day(13), None)


def test_that_reduced_omitted_and_unrecorded_doses_are_read(book: RuleBook, priors: PriorBook) -> None:
    cycles = [a_cycle(1, day(-29), dose_percent="75"), a_cycle(2, day(-8), dose_percent=None)]
    history = first_cycle((-21, "4.4"), (-14, "0.9"), (0, "4.0"), cycles=cycles)
    framed = frame(history, book, priors, NOW)
    assert [dose.amount for dose in framed.course.treatment.doses] == [0.75, 1.0]
    assert "dose of cycle 2 not on record; taken as 100 %" in framed.assumed
    omitted = first_cycle(*USUAL, cycles=[a_cycle(1, day(-8), dose_percent="0")])
    assert frame(omitted, book, priors, NOW).course.treatment.doses == ()
    high = first_cycle(*USUAL, cycles=[a_cycle(1, day(-8), dose_percent="150 %")])
    assert any("check it" in text for text in frame(high, book, priors, NOW).assumed)


def test_that_further_days_count_as_recorded(book: RuleBook, priors: PriorBook) -> None:
    def doses(days: tuple[TreatmentDay, ...]) -> list[float]:
        history = first_cycle(*USUAL, regimen="eribulin", cycles=[a_cycle(1, day(-8), treatment_days=days)])
        return [round(dose.time_h / 24.0) for dose in frame(history, book, priors, NOW).course.treatment.doses]

    assert doses(()) == [0, 7]
    assert doses((TreatmentDay(day=8, given=day(0), dose_percent="50"),)) == [0, 8]
    assert doses((TreatmentDay(day=8, planned=day(-1)),)) == [0]
    assert doses((TreatmentDay(day=8, planned=day(2)),)) == [0, 10]
    assert doses((TreatmentDay(day=8, planned=day(-1), given=day(-1), dose_percent="0"),)) == [0]


def test_that_a_sequence_begins_anew_with_its_next_part(book: RuleBook, priors: PriorBook) -> None:
    cycles = [a_cycle(n, day(-8 - 21 * (4 - n))) for n in range(1, 5)]
    history = first_cycle((-28, "0.4"), (-1, "3.9"), (7, "0.8"), regimen="FEC-D", cycles=cycles)
    framed = frame(history, book, priors, NOW)
    assert framed.course.prior.id == "docetaxel-100"
    assert [dose.cycle for dose in framed.course.treatment.doses] == [4]
    assert len(framed.course.counts) == 2


def test_that_censored_counts_and_zero_have_no_number(book: RuleBook, priors: PriorBook) -> None:
    framed = frame(first_cycle((0, "4.4"), (5, ">1.0"), (6, "<0.1"), (7, "0")), book, priors, NOW)
    assert [(count.value, count.side) for count in framed.course.counts] == [(4.4, 0), (1.0, 1), (0.1, -1), (0.1, -1)]


def test_that_a_growth_factor_and_an_early_day_are_marked(book: RuleBook, priors: PriorBook) -> None:
    given = (
        GrowthFactor(product="filgrastim", given_at=at(days=-3)),
        GrowthFactor(product="pegfilgrastim", given_at=at(days=-40)),
        GrowthFactor(product="an-unknown-factor", given_at=at(days=3), planned=True),
        GrowthFactor(product="filgrastim"),
    )
    history = replace(first_cycle((0, "4.4"), (1.2, "7.5"), (4, "2.0"), (6, "3.0")), growth_factors=given)
    framed = frame(history, book, priors, NOW)
    assert [count.affected for count in framed.course.counts] == [False, True, False, True]
    assert [dose.long_acting for dose in framed.course.treatment.growth] == [False, False]
    assert any("an-unknown-factor" in text for text in framed.assumed)
    peg = replace(history, growth_factors=(GrowthFactor(product="pegfilgrastim", given_at=at(days=-7)),))
    assert [count.affected for count in frame(peg, book, priors, NOW).course.counts] == [False, True, True, False]


def test_that_a_plan_that_has_passed_means_tomorrow(book: RuleBook, priors: PriorBook) -> None:
    cycles = [a_cycle(1, day(-30)), a_cycle(2, planned=day(-2))]
    history = first_cycle((-22, "4.4"), (-15, "0.9"), (0, "4.0"), cycles=cycles)
    found = asked(history, book, priors)
    assert found.day1 is not None and found.day1.at == day(1)
    assert any("tomorrow" in warning for warning in found.warnings)


def test_that_a_course_without_a_further_plan_is_asked_about_its_usual_day(book: RuleBook, priors: PriorBook) -> None:
    found = asked(first_cycle(*USUAL, planned=0), book, priors)
    assert found.day1 is not None and found.day1.at == day(13) and found.next_nadir is None
    assert any("no further cycle" in warning for warning in found.warnings)


def test_that_the_threshold_is_that_of_the_day_1_rule(book: RuleBook, priors: PriorBook) -> None:
    usual, chop = asked(first_cycle(*USUAL), book, priors), asked(first_cycle(*USUAL, regimen="R-CHOP-21"), book, priors)
    assert usual.day1 is not None and chop.day1 is not None
    assert (usual.day1.threshold, chop.day1.threshold) == (1.5, 1.0)


def test_that_what_ifs_share_their_random_numbers(book: RuleBook, priors: PriorBook) -> None:
    history = first_cycle(*USUAL)
    plan = asked(history, book, priors)
    later = asked(history, book, priors, what_if=WhatIf(delay_days=7))
    less = asked(history, book, priors, what_if=WhatIf(dose_percent=75))
    helped = asked(history, book, priors, what_if=WhatIf(gcsf=True))
    assert plan.day1 and later.day1 and later.day1.at - plan.day1.at == timedelta(days=7)
    assert later.day1.probability_at_or_above >= plan.day1.probability_at_or_above
    assert plan.next_nadir and less.next_nadir and less.next_nadir.value.median > plan.next_nadir.value.median
    assert less.trajectory[:20] == plan.trajectory[:20]
    assert plan.nadir and helped.nadir and helped.nadir.days_below_0_5.median <= plan.nadir.days_below_0_5.median
    assert any("daily growth factor" in text for text in helped.warnings)


def test_that_a_what_if_asks_for_a_long_acting_factor_only_with_room(book: RuleBook, priors: PriorBook) -> None:
    early = first_cycle((0, "4.4"), (1.5, "5.0"), cycles=[a_cycle(1, day(-2)), a_cycle(2, planned=day(19))])
    early = replace(early, counts=(a_count("4.4", collected=at(days=-2, hours=-1)), a_count("4.1", collected=at(hours=-1))))
    helped = asked(early, book, priors, what_if=WhatIf(gcsf=True))
    assert any("long-acting" in text for text in helped.warnings)
    late = first_cycle(*USUAL, cycles=[a_cycle(1, day(-8)), a_cycle(2, planned=day(1))])
    assert asked(late, book, priors, what_if=WhatIf(gcsf=True)).reason == "no_room_for_growth_factor"
    assert asked(late, book, priors, what_if=WhatIf(dose_percent=900)).reason == "absurd_dose"


def test_that_a_duffy_null_patient_has_her_own_baseline(book: RuleBook, priors: PriorBook) -> None:
    history = replace(first_cycle((0, "1.6"), (7, "0.6")), patient=a_patient(duffy_null=True))
    assert "Duffy-null" in asked(history, book, priors).population


def test_that_a_chart_file_gives_the_document_of_the_contract() -> None:
    text = json.dumps(write_chart(first_cycle(*USUAL)))
    document = forecast_file_document(text, NOW)
    assert document["format"] == "neutromon-forecast/1" and document["status"] == "ok" and document["reason"] is None
    assert document["model"]["observations_used"] == 2 and document["model"]["cycles_used"] == 1
    assert set(document["trajectory"][0]) == {"at", "median", "p2_5", "p10", "p25", "p75", "p90", "p97_5"}
    assert set(document["nadir"]) == {"at", "value", "probability_below_0_5", "days_below_0_5"}
    assert {"at", "threshold", "probability_at_or_above"} <= set(document["day1"])
    assert {"circ0", "mtt_h", "slope"} <= set(document["individual"])
    assert json.dumps(document, allow_nan=False) == json.dumps(forecast_file_document(text, NOW), allow_nan=False)
    assert any("Expected lowest" in line for line in forecast_lines(document))


def test_that_a_refusal_is_a_document_too() -> None:
    document = forecast_file_document(json.dumps(write_chart(NO_COURSE)), NOW)
    assert (document["status"], document["reason"]) == ("refused", "no_regimen_model")
    assert forecast_lines(document) == ["No forecast: no course of chemotherapy is on record."]
    late = forecast_file_document(json.dumps(write_chart(first_cycle(*USUAL, regimen="temozolomide"))), NOW)
    assert late["nadir"] is None
    assert any("similar courses" in line for line in forecast_lines(late))


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Any:
    opened = open_session(make_store(tmp_path), USER, PASSPHRASE, clock=clock)
    yield opened
    close_session(opened)


def test_that_a_forecast_that_was_shown_is_set_beside_what_came(session: Session, clock: Clock) -> None:
    from neutromon.models.quantity import Reported
    from neutromon.services.counts import CountDraft, record_count

    patient = load_histories(session, [first_cycle(*USUAL)])[0]
    shown = forecast_patient(session, patient, remember=True)
    assert shown.ok and shown.track_record == ()
    clock.move(days=3)
    record_count(
        session,
        patient,
        CountDraft(collected_at=clock.now - timedelta(hours=1), values={"neutrophils": Reported(value="1.3", unit="10*9/L")}),
    )
    later = forecast_patient(session, patient, remember=True)
    came, ahead = later.track_record
    assert came.measured == "1.3" and came.made_at == NOW
    assert came.predicted.p5 < came.predicted.median < came.predicted.p95
    assert ahead.measured == "" and ahead.for_at.date() == day(13)
    again = forecast_patient(session, patient)
    assert again.track_record[0] == came
    assert again.track_record[1].made_at == clock.now


def test_that_showing_a_forecast_touches_no_alert_and_repeats_nothing(session: Session, clock: Clock) -> None:
    patient = load_histories(session, [first_cycle(*USUAL)])[0]
    before, links = alerts_of(session, patient, include_ended=True), len(session.store.trail().entries)
    for _ in range(3):
        forecast_patient(session, patient, remember=True)
    stored = [fact for fact in session.store.facts_of(patient) if fact.kind == "forecast"]
    assert len(stored) == 1
    assert len(session.store.trail().entries) == links + 1
    assert alerts_of(session, patient, include_ended=True) == before
    clock.move(days=1)
    forecast_patient(session, patient, remember=True)
    assert len([fact for fact in session.store.facts_of(patient) if fact.kind == "forecast"]) == 2


def test_that_a_what_if_and_a_refusal_are_not_remembered(session: Session) -> None:
    patient, other = load_histories(session, [first_cycle(*USUAL), replace(NO_COURSE, patient=a_patient("T-0002"))])
    assert forecast_patient(session, patient, what_if=WhatIf(delay_days=3), remember=True).what_if == WhatIf(delay_days=3)
    assert forecast_patient(session, other, remember=True).status == "refused"
    assert not [fact for p in (patient, other) for fact in session.store.facts_of(p) if fact.kind == "forecast"]


def test_that_a_site_can_switch_the_forecast_off(session: Session) -> None:
    patient = load_histories(session, [first_cycle(*USUAL)])[0]
    session.protocol = Protocol(forecast=False)
    found = forecast_patient(session, patient)
    assert (found.status, found.reason) == ("refused", "switched_off")


def test_that_a_patient_is_found_by_number(session: Session) -> None:
    load_histories(session, [first_cycle(*USUAL)])
    assert forecast_mrn_document(session, "T-0001")["status"] == "ok"
    with pytest.raises(UserError, match="No patient"):
        forecast_mrn_document(session, "T-9999")


def test_that_stored_rows_are_read_between_days_and_not_outside() -> None:
    rows = [["2026-03-12T00:00:00+00:00", 4.0, 2.0, 8.0], ["2026-03-13T00:00:00+00:00", 1.0, 0.5, 2.0]]
    middle = spread_at(rows, NOW.replace(hour=12))
    assert middle is not None and middle.median == pytest.approx(2.0)
    assert spread_at(rows, NOW + timedelta(days=3)) is None


def test_that_a_patient_without_a_number_is_known_by_her_id(book: RuleBook, priors: PriorBook) -> None:
    history = replace(first_cycle(*USUAL), patient=Patient(id="a"))
    other = replace(history, patient=Patient(id="b"))
    assert frame(history, book, priors, NOW).course.key == "a"
    assert asked(history, book, priors).nadir != asked(other, book, priors).nadir


def test_that_an_unknown_day_1_rule_falls_back_to_the_usual_threshold(book: RuleBook, priors: PriorBook) -> None:
    found = asked(first_cycle(*USUAL, day1_rule="no-such-rule"), book, priors)
    assert found.day1 is not None and found.day1.threshold == 1.5


def test_that_a_date_of_birth_does_not_matter(book: RuleBook, priors: PriorBook) -> None:
    young = replace(first_cycle(*USUAL), patient=a_patient(birth_date=date(2000, 1, 1)))
    assert asked(young, book, priors) == asked(first_cycle(*USUAL), book, priors)


def test_that_a_course_is_needed_for_a_threshold(book: RuleBook) -> None:
    from neutromon.services.forecast_course import threshold_of

    assert threshold_of(a_history(course=Course()), book) == 1.5


def test_that_notes_say_what_to_check(book: RuleBook, priors: PriorBook) -> None:
    surprising = asked(first_cycle((0, "4.4"), (5, "2.0"), (6, "0.5"), (7.5, "5.5")), book, priors)
    assert any("newest count surprises" in warning for warning in surprising.warnings)
    assert any("not on record" in warning for warning in surprising.warnings)
    odd = asked(first_cycle((0, "4.4"), (3, "0.8"), (5, "2.6"), (7.5, "1.4")), book, priors)
    assert any("counts and regimen disagree" in warning for warning in odd.warnings)
    combined = asked(first_cycle(*USUAL, regimen="TCH"), book, priors)
    assert any("combination" in warning for warning in combined.warnings)


def test_that_a_count_that_is_only_bounded_is_no_baseline(book: RuleBook, priors: PriorBook) -> None:
    start = at(days=-8, hours=-1)
    history = first_cycle((7, "0.9"))
    bounded = a_count(wbc="0.8", collected=start)
    assert asked(replace(history, counts=(bounded, *history.counts)), book, priors).reason == "no_baseline"


def test_that_a_plain_record_is_a_whole_document() -> None:
    from neutromon.services.forecast_document import forecast_document

    document = forecast_document(Forecast(now=NOW, status="ok"))
    assert (document["day1"], document["recovery"], document["nadir"]) == (None, None, None)


def test_that_the_track_record_passes_over_what_it_cannot_compare(session: Session, clock: Clock) -> None:
    from neutromon.services.track_record import remember_forecast, track_record

    early = a_count("0.9", collected=at(days=-1))
    unknown = a_count("clotted", collected=at(days=2))
    late = a_count("4.0", collected=at(days=80))
    history = first_cycle(*USUAL)
    patient = load_histories(session, [replace(history, counts=(*history.counts, early))])[0]
    shown = forecast_history(history, session.rules, clock.now)
    assert remember_forecast(session, patient, replace(shown, day1=None))
    clock.move(days=90)
    told = track_record(session, patient, replace(history, counts=(early, unknown, late, a_count("1.0", collected=None))))
    assert told == ()
    clock.move(hours=1)
    assert remember_forecast(session, patient, replace(shown, now=clock.now))
    assert track_record(session, patient, replace(history, counts=(early,))) == ()
