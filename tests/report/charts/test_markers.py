"""Nadir, recovery and time below 0.5: a nadir only where the window was sampled, bounds only where neighbours are known."""

from decimal import Decimal

from neutromon.models.evaluation import Nadir
from neutromon.report.charts.markers import duration_words, durations_of, markers_of
from tests.builders import a_count, a_course, at, day
from tests.report.charted import chart_of, on_course

COURSE = a_course(first=day(-20), planned=0)


def counted(*rows: tuple[int, str]) -> list:  # type: ignore[type-arg]
    """Return counts by cycle day of a cycle whose day 1 was 20 days ago."""
    return [a_count(value, collected=at(cycle_day - 21)) for cycle_day, value in rows]


def test_that_two_counts_in_the_window_make_a_nadir() -> None:
    chart = chart_of(on_course(counted((1, "4.2"), (10, "0.5"), (12, "0.31"), (19, "2.4")), COURSE))
    nadir, recovery = chart.markers
    assert (nadir.kind, nadir.text, nadir.anc, nadir.cycle) == ("nadir", "0.31 · D12", 0.31, 1)
    assert (recovery.kind, recovery.text) == ("recovery", "rec D19")


def test_that_one_count_in_the_window_is_the_lowest_measured() -> None:
    chart = chart_of(on_course(counted((1, "4.2"), (11, "0.31")), COURSE))
    assert [(m.kind, m.text) for m in chart.markers] == [("lowest", "lowest measured 0.31 · D11")]


def test_that_a_censored_nadir_keeps_its_sign() -> None:
    chart = chart_of(on_course(counted((10, "0.3"), (12, "<0.1")), COURSE))
    assert chart.markers[0].text == "<0.1 · D12"


def test_that_the_time_below_has_bounds_from_the_neighbouring_counts() -> None:
    chart = chart_of(on_course(counted((8, "0.9"), (10, "0.4"), (15, "0.3"), (17, "0.8")), COURSE))
    bar = chart.durations[0]
    assert bar.text == "5–9 d"
    assert (bar.end - bar.start, bar.start - (bar.outer_start or 0), (bar.outer_end or 0) - bar.end) == (5, 2, 2)


def test_that_a_run_without_a_later_count_has_only_a_lower_bound() -> None:
    running = chart_of(on_course(counted((8, "0.9"), (10, "0.4"), (15, "0.3")), COURSE)).durations[0]
    assert (running.text, running.outer_end) == ("at least 5 d", None)


def test_that_a_run_without_an_earlier_count_has_only_a_lower_bound() -> None:
    chart = chart_of(on_course(counted((10, "0.4"), (15, "0.3"), (17, "0.8")), COURSE))
    assert (chart.durations[0].text, chart.durations[0].outer_start) == ("at least 5 d", None)


def test_that_one_low_count_at_the_end_is_one_count() -> None:
    assert chart_of(on_course(counted((8, "0.9"), (10, "0.4")), COURSE)).durations[0].text == "on one count"


def test_that_a_cycle_never_seen_below_has_no_bar() -> None:
    assert chart_of(on_course(counted((8, "0.9"), (10, "0.5")), COURSE)).durations == ()


def test_that_a_limit_that_may_lie_above_is_no_low_count() -> None:
    chart = chart_of(on_course(counted((8, "<1.0"), (10, "0.4"), (12, "0.9")), COURSE))
    assert chart.durations[0].start == chart.durations[0].end


def test_that_words_of_a_duration_fit_its_bounds() -> None:
    def words(bounds: tuple[str, str] | None) -> str:
        days = (Decimal(bounds[0]), Decimal(bounds[1])) if bounds else None
        return duration_words(Nadir(cycle=1, value="0.3", cycle_day=10, sampled_in_window=True, days_below_0_5=days))

    assert [words(("5.0", "9.0")), words(("7.1", "7.2")), words(None)] == ["5–9 d", "7 d", ""]


def test_that_a_nadir_without_its_point_has_no_mark() -> None:
    stray = Nadir(cycle=7, value="0.3", cycle_day=10, sampled_in_window=True, days_below_0_5=(Decimal(1), Decimal(2)), recovery_day=12)
    assert markers_of([stray], []) == ()
    assert durations_of([stray], []) == ()


def test_that_a_mark_finds_its_point_by_the_sample() -> None:
    rows = [a_count("0.4", collected=at(-10), sample_id="a"), a_count("0.3", collected=at(-9), sample_id="b")]
    marker = chart_of(on_course(rows, COURSE)).markers[0]
    assert (marker.anc, marker.kind) == (0.3, "nadir")
