"""Cycles, delays and the lane on the time axis."""

from dataclasses import replace
from datetime import date

import pytest

from neutromon.models.history import Antibiotic, ClinicalEvent, DrugExposure, Symptom, Temperature, TreatmentDay
from neutromon.models.trend_chart import LANE_GLYPHS, LANE_NAMES
from tests.builders import a_count, a_course, a_cycle, a_fever, a_growth_factor, a_history, a_symptom, an_antibiotic, at, day
from tests.report.charted import chart_of, lane_of, on_course


def test_that_a_given_cycle_has_header_ruler_window_and_alternating_shade() -> None:
    course = a_course(first=day(-31), given=2, planned=1)
    first, second, planned = chart_of(a_history(None, course)).cycles
    assert [block.header for block in (first, second, planned)] == ["C1 R-CHOP-21 100 %", "C2 R-CHOP-21 100 %", "C3 R-CHOP-21 planned"]
    assert [block.short for block in (first, second, planned)] == ["C1", "C2", "C3"]
    assert [block.brief for block in (first, second, planned)] == ["C1 100 %", "C2 100 %", "C3 planned"]
    assert [block.shaded for block in (first, second)] == [True, False]
    assert [block.planned for block in (first, second, planned)] == [False, False, True]
    assert first.ruler == ((0.0, "D1"), (7.0, "D8"), (14.0, "D15"))
    assert first.window == (9.0, 14.0)
    assert (first.end, second.start) == (21.0, 21.0)


@pytest.mark.parametrize(
    ("dose", "header"),
    [("80", "C1 R-CHOP-21 80 %"), (None, "C1 R-CHOP-21, dose not recorded"), ("0", "C1 R-CHOP-21 omitted")],
)
def test_that_the_header_tells_the_dose_or_that_it_is_not_known(dose: str | None, header: str) -> None:
    course = a_course(cycles=[a_cycle(1, day(-10), dose_percent=dose)])
    assert chart_of(a_history(None, course)).cycles[0].header == header


def test_that_a_delay_is_a_gap_with_days_and_reason() -> None:
    cycles = [a_cycle(1, day(-38)), a_cycle(2, day(-10), planned=day(-17), delay_reason="ANC")]
    first, second = chart_of(a_history(None, a_course(cycles=cycles))).cycles
    assert second.delay == (21.0, 28.0, "+7 d (ANC)")
    assert first.end == 21.0


def test_that_a_delay_without_a_reason_says_so() -> None:
    cycles = [a_cycle(1, day(-38)), a_cycle(2, day(-10), planned=day(-17))]
    assert chart_of(a_history(None, a_course(cycles=cycles))).cycles[1].delay == (21.0, 28.0, "+7 d (reason not recorded)")


def test_that_an_early_cycle_has_no_gap_and_ends_the_one_before_it() -> None:
    cycles = [a_cycle(1, day(-30)), a_cycle(2, day(-12), planned=day(-9))]
    first, second = chart_of(a_history(None, a_course(cycles=cycles))).cycles
    assert second.delay is None
    assert first.end == second.start


def test_that_a_planned_cycle_in_the_past_is_a_gap_that_is_still_open() -> None:
    cycles = [a_cycle(1, day(-25)), a_cycle(2, planned=day(-4))]
    assert chart_of(a_history(None, a_course(cycles=cycles))).cycles[1].delay == (21.0, 25.0, "+4 d (not given yet)")


def test_that_a_cycle_without_a_plan_cannot_be_late() -> None:
    course = a_course(cycles=[replace(a_cycle(1, day(-5)), planned_day1=None)])
    assert chart_of(a_history(None, course)).cycles[0].delay is None


def test_that_a_cycle_without_any_date_is_not_drawn() -> None:
    course = a_course(cycles=[a_cycle(1, day(-5)), a_cycle(2)])
    assert [block.number for block in chart_of(a_history(None, course)).cycles] == [1]


def test_that_a_cycle_of_an_unknown_regimen_reaches_to_today() -> None:
    course = a_course("made-up", first=day(-10), planned=0)
    block = chart_of(a_history(None, course)).cycles[0]
    assert block.end == pytest.approx(10 + 9 / 24)
    assert block.window is None
    assert block.header == "C1 made-up 100 %"


def test_that_a_course_without_a_regimen_says_so() -> None:
    course = a_course(None, first=day(-10), planned=0)
    assert chart_of(a_history(None, course)).cycles[0].header == "C1 regimen not recorded 100 %"


def test_that_an_earlier_course_stands_before_the_running_one() -> None:
    earlier = a_course("AC", first=day(-60), planned=0)
    history = a_history(None, a_course(), earlier_courses=(earlier,))
    assert [block.header for block in chart_of(history).cycles][:2] == ["C1 AC 100 %", "C1 R-CHOP-21 100 %"]


def test_that_chemotherapy_stands_as_high_as_its_dose() -> None:
    days = (TreatmentDay(day=8, planned=day(-3), given=day(-3), dose_percent="75"), TreatmentDay(day=15, planned=day(4)))
    course = a_course(cycles=[a_cycle(1, day(-10), treatment_days=days)])
    events = lane_of("chemo", course=course)
    assert [(e.start, e.height, e.planned, e.label) for e in events] == [(0, 1, False, ""), (7, 0.75, False, "75 %"), (14, 1, True, "")]
    assert [e.text for e in events] == ["C1 D1 R-CHOP-21, 100 %", "C1 D8 R-CHOP-21, 75 %", "C1 D15 R-CHOP-21, planned"]


def test_that_an_unknown_dose_is_hollow_and_not_full() -> None:
    event = lane_of("chemo", course=a_course(None, cycles=[a_cycle(1, day(-10), dose_percent=None)]))[0]
    assert event.uncertain
    assert event.text == "C1 D1 chemotherapy, dose not recorded"


def test_that_an_omitted_dose_has_no_height_and_a_planned_one_its_share() -> None:
    course = a_course(cycles=[a_cycle(1, day(-10), dose_percent="0"), a_cycle(2, planned=day(11), dose_percent="80"), a_cycle(3)])
    omitted, planned = lane_of("chemo", course=course)
    assert (omitted.height, omitted.text) == (0.0, "C1 D1 R-CHOP-21, omitted")
    assert (planned.height, planned.text, planned.planned) == (0.8, "C2 D1 R-CHOP-21, planned, 80 %", True)


def test_that_a_long_acting_growth_factor_has_a_tail_of_14_days_and_a_daily_one_none() -> None:
    doses = (a_growth_factor("pegfilgrastim", given=at(-9)), a_growth_factor("filgrastim", given=at(-2), dose=None))
    long_acting, daily = lane_of("gcsf", growth_factors=doses)
    assert long_acting.end is not None
    assert long_acting.end - long_acting.start == 14
    assert daily.end is None
    assert daily.text == "filgrastim"


def test_that_a_planned_growth_factor_is_a_plan_with_its_timing() -> None:
    event = lane_of("gcsf", growth_factors=(a_growth_factor(given=at(2), planned=True), a_growth_factor(given=None)))[0]
    assert event.planned
    assert event.text == "pegfilgrastim 6 mg planned (9 days before the next day 1)"


def test_that_an_antibiotic_is_a_bar_until_its_end_or_says_that_none_is_known() -> None:
    drugs = (an_antibiotic(given=at(-5), until=at(-1)), Antibiotic(name="ciprofloxacin", given_at=at(-4)), Antibiotic(name="undated"))
    bar, open_end = lane_of("antibiotic", antibiotics=drugs)
    assert (bar.end, bar.text) == (bar.start + 4, "piperacillin-tazobactam, treatment")
    assert (open_end.end, open_end.text) == (None, "ciprofloxacin, purpose not recorded, end not recorded")


def test_that_suspect_drugs_stand_against_the_trend() -> None:
    drugs = (DrugExposure(name="metamizole", start=day(-9), end=day(-4)), DrugExposure(name="x", start=day(-2)), DrugExposure(name="y"))
    ended, running = lane_of("drug", drugs=drugs)
    assert (ended.start, ended.end, ended.text) == (1, 7, "metamizole")
    assert (running.end, running.text) == (None, "x, end not recorded")


@pytest.mark.parametrize(
    ("reading", "label"),
    [
        (a_fever("38.4"), "38.4 °C"),
        (a_fever("101.3", unit="[degF]"), "38.5 °C"),
        (a_fever("38.0", unit=None), "38.0 °C"),
        (a_fever("37.9"), None),
        (a_fever("hot"), None),
        (a_fever("38.9", unit="K"), None),
        (a_fever("38.9", taken=None), None),
    ],
)
def test_that_a_fever_stands_in_the_lane_with_its_degrees(reading: Temperature, label: str | None) -> None:
    events = lane_of("fever", temperatures=(reading,))
    assert [event.label for event in events] == ([label] if label else [])


def test_that_an_admission_lasts_until_its_end_or_the_discharge_behind_it() -> None:
    events = (
        ClinicalEvent(kind="admission", at=at(-8), text="ward 3"),
        ClinicalEvent(kind="discharge", at=at(-9)),
        ClinicalEvent(kind="discharge", at=at(-5)),
        ClinicalEvent(kind="admission", at=at(-4), until=at(-2)),
        ClinicalEvent(kind="admission", at=at(-1)),
    )
    first, second, third = lane_of("admission", events=events)
    assert (first.text, first.end) == ("admission: ward 3", first.start + 3)
    assert second.end == second.start + 2
    assert third.end is None


def test_that_every_other_event_has_its_own_kind_and_an_unknown_one_is_a_note() -> None:
    events = tuple(ClinicalEvent(kind=kind, at=at(-3)) for kind in ("transfusion", "call", "triage", "note", "port_flush"))
    found = chart_of(
        on_course((), events=(*events, ClinicalEvent(kind="note")), symptoms=(a_symptom("mouth_ulcers"), Symptom(code="x")))
    ).lane
    assert sorted((e.kind, e.text) for e in found if e.kind != "chemo") == [
        ("call", "call"),
        ("call", "triage"),
        ("note", "note"),
        ("note", "port flush"),
        ("symptom", "mouth ulcers"),
        ("transfusion", "transfusion"),
    ]


def test_that_every_kind_of_the_lane_has_a_glyph_of_its_own_and_a_name() -> None:
    assert LANE_GLYPHS.keys() == LANE_NAMES.keys()
    assert len(set(LANE_GLYPHS.values())) == len(LANE_GLYPHS)


def test_that_a_drug_of_long_ago_does_not_squeeze_the_counts() -> None:
    drugs = (DrugExposure(name="metamizole", start=date(2020, 1, 1), end=date(2020, 2, 1)),)
    chart = chart_of(replace(on_course([a_count("1")]), drugs=drugs))
    assert chart.epoch == date(2020, 1, 1)
    assert chart.last - chart.first < 60
