"""Right of now: the day-1 target, the forecast, or the reason why there is none."""

import pytest

from tests.builders import a_count, a_course, a_cycle, at, day
from tests.report.charted import a_forecast, a_track_entry, chart_of, on_course


def test_that_the_target_asks_for_what_the_rule_asks() -> None:
    target = chart_of(on_course([a_count("2.0", plt="150")])).day1
    assert target is not None
    assert target.text == "go if ANC ≥ 1.0 and Plt ≥ 100, count valid 3 d (OT-CHOP)"
    assert (target.threshold, target.x, target.x - target.low) == (1.0, 21.0, 3.0)


@pytest.mark.parametrize(("days_ago", "valid"), [(1, True), (5, False)])
def test_that_the_target_says_whether_the_last_count_will_be_valid(days_ago: int, valid: bool) -> None:
    course = a_course(cycles=[a_cycle(1, day(-19)), a_cycle(2, planned=day(2))])
    target = chart_of(on_course([a_count("2.0", collected=at(-days_ago))], course)).day1
    assert target is not None
    assert target.last_count_valid is valid


def test_that_without_a_count_the_target_cannot_tell() -> None:
    target = chart_of(on_course([a_count("clotted")])).day1
    assert target is not None
    assert (target.last_count_valid, target.last_count_x) == (None, None)


def test_that_without_a_planned_treatment_there_is_no_target() -> None:
    assert chart_of(on_course((), a_course(planned=0))).day1 is None
    assert chart_of(on_course((), a_course(cycles=[a_cycle(1, day(-10)), a_cycle(2)]))).day1 is None


def test_that_a_validity_of_part_days_is_told_in_hours() -> None:
    from neutromon.models.protocol import Protocol
    from neutromon.report.charts.build import build_trend_chart
    from neutromon.rules import evaluate
    from tests.builders import NOW
    from tests.report.charted import book

    history = on_course([a_count("2.0")])
    evaluation = evaluate(history, book(), NOW, Protocol(count_validity_hours=36))
    chart = build_trend_chart(history, evaluation, None, now=NOW, regimen=None)
    assert chart.day1 is not None
    assert "count valid 36 h" in chart.day1.text


def test_that_the_forecast_begins_at_now_and_has_three_bands() -> None:
    chart = chart_of(on_course([a_count("2.0")]), forecast=a_forecast())
    fan = chart.forecast
    assert fan is not None
    assert fan.x == pytest.approx((chart.now, chart.now + 1, chart.now + 2, chart.now + 3))
    assert (fan.low95[0], fan.low80[0], fan.low50[0], fan.median[0]) == (0.2, 0.4, 0.7, 1.0)
    assert (fan.high50[0], fan.high80[0], fan.high95[0]) == (1.5, 2.2, 3.0)
    assert fan.samples == ((1.1, 1.2, 1.3, 1.4), (0.6, 0.7, 0.8, 0.9))
    assert chart.forecast_refusal == ""


def test_that_the_forecast_speaks_in_frequencies() -> None:
    chart = chart_of(on_course([a_count("2.0")]), forecast=a_forecast())
    assert chart.forecast is not None
    assert chart.forecast.text == "about 7 of 10 similar courses reach ≥ 1 by 23 Mar"
    assert chart.summary.endswith("about 7 of 10 similar courses reach ≥ 1 by 23 Mar.")


@pytest.mark.parametrize(("probability", "words"), [(0.01, "fewer than 1 of 10"), (0.99, "more than 9 of 10")])
def test_that_a_forecast_is_never_certain(probability: float, words: str) -> None:
    from neutromon.models.forecast import DayOneForecast

    day1 = DayOneForecast(at=day(11), threshold=1.5, probability_at_or_above=probability)
    chart = chart_of(on_course(()), forecast=a_forecast(day1=day1))
    assert chart.forecast is not None
    assert chart.forecast.text == f"{words} similar courses reach ≥ 1.5 by 23 Mar"


def test_that_a_forecast_without_a_day_1_has_no_sentence() -> None:
    chart = chart_of(on_course(()), forecast=a_forecast(day1=None))
    assert chart.forecast is not None
    assert chart.forecast.text == ""


def test_that_the_chip_names_model_own_cycles_warnings_and_the_last_error() -> None:
    track = (a_track_entry(), a_track_entry(for_at=at(-30), measured="9"), a_track_entry(for_at=at(5), measured=""))
    chart = chart_of(on_course(()), forecast=a_forecast(warnings=("few_counts",), track_record=track))
    assert chart.forecast is not None
    assert chart.forecast.chip == "neutro-kpd 2 · 2 own cycles, 5 counts · few counts · last forecast 0.5 (0.2–1.1), measured 0.4"


def test_that_the_chip_says_when_there_is_no_track_record() -> None:
    chart = chart_of(on_course(()), forecast=a_forecast(cycles_used=1))
    assert chart.forecast is not None
    assert chart.forecast.chip == "neutro-kpd 2 · 1 own cycle, 5 counts · no earlier forecast to compare"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason_text": "There is no baseline count."}, "No forecast: There is no baseline count."),
        ({"reason": "no_regimen_model"}, "No forecast: no regimen model"),
        ({}, "No forecast: the reason was not stated"),
    ],
)
def test_that_a_refusal_tells_its_reason(changes: dict[str, str], words: str) -> None:
    chart = chart_of(on_course(()), forecast=a_forecast(status="refused", **changes))
    assert (chart.forecast, chart.forecast_refusal) == (None, words)


def test_that_no_forecast_is_not_silently_none() -> None:
    assert chart_of(on_course(())).forecast_refusal == "No forecast was calculated."


def test_that_a_forecast_of_the_past_is_not_drawn() -> None:
    past = a_forecast(trajectory=a_forecast().trajectory[:1])
    assert chart_of(on_course(()), forecast=past).forecast_refusal == "No forecast: it does not reach beyond now."


def test_that_the_forecast_changes_no_alert_and_no_measured_mark() -> None:
    history = on_course([a_count("0.4")])
    without, beside = chart_of(history), chart_of(history, forecast=a_forecast())
    for name in ("points", "segments", "markers", "durations", "bands", "day1", "lane", "panes", "cycles"):
        assert getattr(without, name) == getattr(beside, name)
