"""The chart as a whole: axis, bands, limits, panes, ranges, words."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.models.history import ClinicalEvent
from neutromon.models.quantity import Quantity
from neutromon.report.charts.axis import DayAxis, date_ticks, place_of, value_axis
from tests.builders import NOW, a_count, a_course, a_fever, a_history, a_nadir_history, a_patient, a_value, at, day
from tests.report.charted import book, chart_of, on_course

CLINICAL = [0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0, 16.0]


def test_that_the_axis_has_clinical_numbers_only() -> None:
    chart = chart_of(on_course([a_count("0.4")]))
    assert (chart.y_low, chart.y_high) == (0.05, 20.0)
    assert [value for value, _ in chart.y_ticks] == CLINICAL
    assert chart.y_label == "Absolute neutrophil count (ANC), ×10⁹/L"


@pytest.mark.parametrize(
    ("values", "low", "high", "more"),
    [
        ([30.0], 0.05, 40.0, {32.0}),
        ([70.0], 0.05, 80.0, {32.0, 64.0}),
        ([150.0], 0.05, 160.0, {32.0, 64.0, 128.0}),
        ([900.0], 0.05, 160.0, {32.0, 64.0, 128.0}),
        ([0.03], 0.02, 20.0, {0.02}),
        ([0.02], 0.01, 20.0, {0.01}),
        ([0.001], 0.005, 20.0, {0.005}),
        ([], 0.05, 20.0, set()),
    ],
)
def test_that_the_axis_reaches_every_count(values: list[float], low: float, high: float, more: set[float]) -> None:
    axis = value_axis(values)
    assert (axis.low, axis.high) == (low, high)
    assert {value for value, _ in axis.ticks} - set(CLINICAL) == more


@given(st.decimals(min_value=0, max_value=100, places=3))
def test_that_every_count_has_a_place_on_the_axis(value: Decimal) -> None:
    place, _ = place_of(Quantity(value=value, unit="10*9/L"))
    assert place > 0


def test_that_a_count_keeps_its_side_of_each_bound() -> None:
    assert place_of(Quantity(value=Decimal("0.4999"), unit="10*9/L"))[0] < 0.5


def test_that_the_bands_are_those_of_the_rule_data() -> None:
    chart = chart_of(on_course([a_count("0.4")]))
    assert [(b.name, b.low, b.high, b.step, b.hatched) for b in chart.bands] == [
        ("G1", 1.5, 1.8, 0, False),
        ("G2", 1.0, 1.5, 1, False),
        ("G3", 0.5, 1.0, 2, False),
        ("G4", 0.0, 0.5, 3, False),
        ("profound", 0.0, 0.1, 3, True),
    ]
    assert chart.bands_version == "CTCAE 5.0"


def test_that_version_6_has_its_own_bands_and_needs_no_limit() -> None:
    history = replace(on_course([a_count("0.4")]), patient=a_patient(lower_limits={}))
    chart = chart_of(history, grading="ctcae-6.0")
    assert [(b.name, b.low, b.high) for b in chart.bands][:4] == [("G1", 1.0, 1.5), ("G2", 0.5, 1.0), ("G3", 0.1, 0.5), ("G4", 0.0, 0.1)]
    assert chart.bands_version == "CTCAE 6.0"
    assert chart.points[0].grade_text == "G3"


def test_that_without_a_lower_limit_there_is_no_grade_1_band() -> None:
    chart = chart_of(replace(on_course([]), patient=a_patient(lower_limits={})))
    assert [band.name for band in chart.bands] == ["G2", "G3", "G4", "profound"]
    assert chart.lower_limit is None


def test_that_a_limit_below_grade_2_leaves_no_room_for_grade_1() -> None:
    low = a_patient(lower_limits={"anc": a_value("1.2")}, duffy_null=True)
    chart = chart_of(replace(on_course([]), patient=low))
    assert [band.name for band in chart.bands] == ["G2", "G3", "G4", "profound"]
    assert chart.lower_limit == (1.2, "own limit (Duffy-null) 1.2")


def test_that_the_lower_limit_is_named() -> None:
    assert chart_of(on_course([])).lower_limit == (1.8, "lower limit 1.8")


def test_that_an_evaluation_without_bounds_draws_no_band() -> None:
    from neutromon.report.charts.build import build_trend_chart
    from tests.report.charted import evaluated

    history = on_course([])
    bare = replace(evaluated(history), neutrophil_bounds={}, profound_below=None)
    assert build_trend_chart(history, bare, None, now=NOW, regimen=None).bands == ()


def test_that_now_stands_at_its_time_with_words() -> None:
    chart = chart_of(on_course([a_count("0.4")]))
    assert chart.now == pytest.approx(10 + 9 / 24)
    assert chart.now_text == "now 12 Mar 09:00"
    assert chart.first < chart.now < chart.last


def test_that_the_range_shows_the_next_day_1_whole() -> None:
    chart = chart_of(on_course([a_count("0.4")]))
    assert chart.day1 is not None
    assert chart.last > chart.day1.x + 1


def test_that_far_plans_do_not_squeeze_the_counts() -> None:
    chart = chart_of(on_course([a_count("0.4")], a_course(planned=5)))
    assert chart.last < 21 + 21


def test_that_the_presets_are_by_cycle() -> None:
    history = replace(
        a_nadir_history(cycles=3), temperatures=(a_fever(taken=at(-2)),), events=(ClinicalEvent(kind="admission", at=at(-1)),)
    )
    chart = chart_of(history)
    assert [name for name, _, _ in chart.presets] == ["This cycle", "Last 2 cycles", "All cycles", "Around event"]
    this, last_two, every, around = chart.presets
    assert (this[1], last_two[1]) == (42 - 1.5, 21 - 1.5)
    assert every[1:] == (chart.first, chart.last)
    assert around[1] == pytest.approx(chart.now - 1 - 10)


def test_that_before_the_first_cycle_there_is_one_range() -> None:
    assert [name for name, _, _ in chart_of(a_history()).presets] == ["All"]


def test_that_the_chart_opens_on_the_last_five_cycles() -> None:
    few, many = chart_of(a_nadir_history(cycles=5)), chart_of(a_nadir_history(cycles=8))
    assert few.opening == (few.first, few.last)
    assert many.opening == (21 * 3 - 1.5, many.last)


def test_that_a_patient_without_anything_has_a_chart_that_says_so() -> None:
    chart = chart_of(a_history())
    assert (chart.points, chart.cycles, chart.lane, chart.segments) == ((), (), (), ())
    assert chart.summary == (
        "Trend of the absolute neutrophil count: 0 counts in 0 cycles. No count with a known value. No forecast was calculated."
    )
    assert chart.first < chart.now < chart.last


def test_that_the_summary_speaks_the_chart() -> None:
    words = chart_of(replace(a_nadir_history(), counts=(*a_nadir_history().counts, a_count("clotted", collected=at(-2))))).summary
    assert words.startswith("Trend of the absolute neutrophil count: 8 counts in 2 cycles. Today is cycle 2 day 11. Latest: ANC 0.4 ×10⁹/L")
    assert "(400/µL), G4 CTCAE 5.0, 60 min ago." in words
    assert "1 count without a usable value at the foot of the chart." in words
    assert "Lowest measured of cycle 2: 0.4 on day 11." in words
    assert "Does not meet the day-1 counts of OT-CHOP" in words


def test_that_the_panes_have_values_limits_and_their_own_axes() -> None:
    chart = chart_of(on_course([a_count("0.4", plt="88", hb="9.1", wbc="<0.5")], temperatures=(a_fever("37.2"), a_fever("38.4"))))
    platelets, hemoglobin, white, temperature = chart.panes
    assert [(p.name, p.unit) for p in chart.panes] == [
        ("Platelets", "×10⁹/L"),
        ("Haemoglobin", "g/dL"),
        ("WBC", "×10⁹/L"),
        ("Temperature", "°C"),
    ]
    assert platelets.points[0][1:] == (88.0, "88")
    assert platelets.limits == ((100.0, "day 1 ≥100"),)
    assert hemoglobin.points[0][1:] == (9.1, "9.1")
    assert white.points[0][2] == "<0.5"
    assert [point[2] for point in temperature.points] == ["37.2", "38.4"]
    assert temperature.limits == ((38.0, "38.0"),)
    assert all(pane.y_low <= value <= pane.y_high for pane in chart.panes for _, value, _ in pane.points)


def test_that_haemoglobin_of_two_laboratories_shares_one_unit() -> None:
    counts = [a_count("1", collected=at(-3), hb="11.0"), a_count("1", hemoglobin=a_value("98", "g/L"))]
    history = replace(on_course(counts), patient=a_patient(lower_limits={"hemoglobin": a_value("12", "g/dL")}))
    pane = chart_of(history).panes[1]
    assert pane.unit == "g/L"
    assert [point[1:] for point in pane.points] == [(110.0, "110"), (98.0, "98")]
    assert pane.limits == ((120.0, "LLN 120"),)


def test_that_an_empty_pane_has_an_axis_all_the_same() -> None:
    assert next((pane.points, pane.y_ticks[-1][0]) for pane in chart_of(a_history()).panes) == ((), 200.0)


def test_that_the_same_history_gives_the_same_chart() -> None:
    assert chart_of(a_nadir_history()) == chart_of(a_nadir_history())


def test_that_a_history_of_the_whole_library_can_be_drawn() -> None:
    for regimen in book().regimens:
        course = a_course(regimen)
        chart = chart_of(on_course([a_count("0.4")], course))
        assert chart.cycles[0].header.startswith("C1 ")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (0, 6, ["02 Mar 2026", "03 Mar", "04 Mar", "05 Mar", "06 Mar", "07 Mar", "08 Mar"]),
        (0, 15, ["02 Mar 2026", "04 Mar", "06 Mar", "08 Mar", "10 Mar", "12 Mar", "14 Mar", "16 Mar"]),
        (0, 40, ["02 Mar 2026", "09 Mar", "16 Mar", "23 Mar", "30 Mar", "06 Apr"]),
        (0, 1200, ["01 Jul 2026", "01 Jan 2027", "01 Jul", "01 Jan 2028", "01 Jul", "01 Jan 2029"]),
    ],
)
def test_that_dates_are_few_and_round(first: float, last: float, words: list[str]) -> None:
    assert [text for _, text in date_ticks(date(2026, 3, 2), first, last)] == words


def test_that_dates_of_decades_are_still_few() -> None:
    assert len(date_ticks(date(1990, 1, 1), 0, 14000)) <= 10


def test_that_a_day_stands_where_its_date_says() -> None:
    axis = DayAxis(epoch=date(2026, 3, 1))
    moment = datetime(2026, 3, 29, 8, 40, tzinfo=timezone(timedelta(hours=2)))
    assert axis.day(date(2026, 3, 29)) == 28
    assert axis.moment(moment) == pytest.approx(28 + 8 / 24 + 40 / 1440)
    assert axis.date_at(28.9) == date(2026, 3, 29)


def test_that_every_dated_fact_can_be_the_earliest() -> None:
    from neutromon.models.history import DrugExposure
    from tests.builders import a_growth_factor, a_symptom, an_antibiotic

    long_ago = at(-300)
    facts = (
        {"counts": (a_count("1", collected=long_ago),)},
        {"temperatures": (a_fever(taken=long_ago),)},
        {"symptoms": (a_symptom(noticed=long_ago),)},
        {"growth_factors": (a_growth_factor(given=long_ago),)},
        {"antibiotics": (an_antibiotic(given=long_ago),)},
        {"drugs": (DrugExposure(name="x", start=long_ago.date()),)},
        {"events": (ClinicalEvent(kind="note", at=long_ago),)},
        {"course": a_course(first=day(-300))},
    )
    for fact in facts:
        assert chart_of(replace(a_history(), **fact)).epoch == long_ago.date()  # type: ignore[arg-type]
