"""The scales of the ANC axis: log10 on a linear axis, and 0 to 5 with a broken top."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.ui.charts.scale import LinearScale, LogScale, log_scale
from tests.ui.charts.samples import a_chart

LOG = LogScale(low=0.05, high=20.0, named=((0.1, "0.1"), (0.5, "0.5"), (64.0, "64")))
LINEAR = LinearScale()


def test_that_a_limit_of_0_5_stands_at_its_logarithm_and_not_at_3_16() -> None:
    assert LOG.place(0.5) == pytest.approx(-0.30103)


def test_that_a_count_of_0_has_a_place_at_the_end_of_the_axis() -> None:
    assert LOG.place(0.0) == pytest.approx(math.log10(0.05))
    assert LOG.beyond(0.0) == -1


def test_that_a_count_above_the_axis_stands_at_its_end_and_says_so() -> None:
    assert (LOG.place(38.0), LOG.beyond(38.0)) == (pytest.approx(math.log10(20)), 1)


def test_that_proportional_falls_look_equal_on_the_logarithmic_scale() -> None:
    assert LOG.place(4) - LOG.place(1) == pytest.approx(LOG.place(1) - LOG.place(0.25))


def test_that_the_decision_zone_is_a_large_part_of_the_logarithmic_axis() -> None:
    low, high = LOG.span()
    assert (LOG.place(1.5) - LOG.place(0.1)) / (high - low) > 0.4


def test_that_only_clinical_numbers_inside_the_axis_are_ticks() -> None:
    assert [text for _, text in LOG.ticks()] == ["0.1", "0.5"]
    assert [text for _, text in log_scale(a_chart()).ticks()] == ["0.1", "0.2", "0.5", "1", "1.5", "2", "4", "8", "16"]


@pytest.mark.parametrize(("anc", "place", "beyond"), [(0.0, 0.0, 0), (5.0, 5.0, 0), (5.01, 5.32, 1), (30.0, 5.32, 1)])
def test_that_the_linear_scale_breaks_above_5(anc: float, place: float, beyond: int) -> None:
    assert (LINEAR.place(anc), LINEAR.beyond(anc)) == (place, beyond)


def test_that_a_line_keeps_its_slope_into_the_broken_top() -> None:
    assert LINEAR.line(12.0) == 12.0
    assert LINEAR.ceiling() == 5.0


def test_that_each_scale_says_its_name_on_the_chart() -> None:
    assert (LOG.text, LINEAR.text) == ("logarithmic scale", "linear scale, broken at 5")


@given(st.floats(min_value=0, max_value=1e6), st.floats(min_value=0, max_value=1e6))
def test_that_a_higher_count_never_stands_lower(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for scale in (LOG, LINEAR):
        assert scale.place(low) <= scale.place(high)
        bottom, top = scale.span()
        assert bottom <= scale.place(low) <= scale.place(high) <= top
