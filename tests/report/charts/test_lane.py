"""The event lane of a chart: what is labelled where signs overlap."""

from neutromon.models.history import TreatmentDay
from tests.builders import a_course, a_cycle, a_fever, a_history, at, day
from tests.report.charted import chart_of, lane_of


def test_that_of_the_fevers_of_one_day_the_highest_is_labelled() -> None:
    readings = (a_fever("38.6", taken=at(hours=-3)), a_fever("38.4", taken=at(hours=-1)), a_fever("38.2", taken=at(days=-2)))
    labels = {event.text: event.label for event in lane_of("fever", temperatures=readings)}
    assert labels == {"fever 38.6 °C": "38.6 °C", "fever 38.4 °C": "", "fever 38.2 °C": "38.2 °C"}


def test_that_a_given_dose_that_nobody_knows_does_not_look_like_a_plan() -> None:
    cycles = [a_cycle(1, day(-10), dose_percent=None), a_cycle(2, planned=day(11))]
    given, planned = chart_of(a_history(course=a_course(cycles=cycles))).lane
    assert (given.planned, given.uncertain, given.label) == (False, True, "? %")
    assert (planned.planned, planned.label) == (True, "")


def test_that_every_range_shows_every_given_treatment_day() -> None:
    days = (TreatmentDay(day=8, given=day(-2), dose_percent="80"), TreatmentDay(day=15, given=day(-16), dose_percent="100"))
    chart = chart_of(a_history(course=a_course(cycles=[a_cycle(1, day(-10), treatment_days=days)])))
    given = [event.start for event in chart.lane]
    assert len(given) == 3
    for first, last in [(chart.first, chart.last), chart.opening, *((a, b) for _, a, b in chart.presets)]:
        assert first <= min(given) and max(given) <= last
