"""A forecast's words never contradict what was measured in the running cycle: the measured value comes first."""

from dataclasses import replace

from neutromon.ui.forecast.words import depth_words, measured_lowest, nadir_words
from tests.builders import a_count, a_nadir_history, at
from tests.report.charted import evaluated
from tests.ui.forecast.records import a_forecast, a_spread


def nadir_of(median: float, share: float = 0.02) -> object:
    found = a_forecast().nadir
    assert found is not None
    return replace(found, value=a_spread(median, median / 1.5, median * 1.5), probability_below_0_5=share)


def test_that_a_lower_measured_count_comes_before_the_forecast() -> None:
    history = a_nadir_history(depth="0.45")
    measured = measured_lowest(history, evaluated(history))
    assert measured is not None and (measured.text, measured.value) == ("0.45", 0.45)
    said = nadir_words(nadir_of(0.84), measured)  # type: ignore[arg-type]
    assert said.startswith("Lowest measured 0.45 ×10⁹/L (12 Mar); forecast after it: lowest 0.84 (0.56–1.3) on ")
    assert depth_words(nadir_of(0.84), measured).startswith(
        "below 0.5 was measured on 12 Mar; from now on fewer than 1 of 10 fall below 0.5"
    )  # type: ignore[arg-type]


def test_that_a_forecast_that_goes_below_what_was_measured_stands_alone() -> None:
    history = a_nadir_history(depth="1.2")
    measured = measured_lowest(history, evaluated(history))
    said = nadir_words(nadir_of(0.31), measured)  # type: ignore[arg-type]
    assert said.startswith("Lowest count 0.31")
    assert "measured" not in depth_words(nadir_of(0.31), measured)  # type: ignore[arg-type]


def test_that_without_a_cycle_or_a_count_nothing_is_called_measured() -> None:
    bare = replace(a_nadir_history(), course=None)
    assert measured_lowest(bare, evaluated(bare)) is None
    empty = replace(a_nadir_history(), counts=(a_count("0.4", collected=at(-90)),))
    assert measured_lowest(empty, evaluated(empty)) is None
