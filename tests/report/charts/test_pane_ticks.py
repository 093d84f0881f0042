"""The ticks of a small pane reach past its highest value, so that no point is cut."""

import pytest

from neutromon.report.charts.panes import linear_ticks


@pytest.mark.parametrize(("low", "high"), [(0.0, 260.0), (0.0, 200.0), (6.0, 14.3), (36.0, 39.5), (0.0, 11.2)])
def test_that_the_ticks_of_a_pane_enclose_every_value(low: float, high: float) -> None:
    ticks = linear_ticks(low, high)
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert len(ticks) <= 6
