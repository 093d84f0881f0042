"""The two scales of the ANC axis as our own objects: a linear axis always, on which the logarithmic scale plots log10 values.

The chart library's own log mode loses a count of 0 and draws a limit of 0.5 at 3.16 (architecture, section 7, trap 1).
"""

import math
from dataclasses import dataclass
from typing import Protocol

from neutromon.models.trend_chart import LINEAR_HIGH, LINEAR_TICKS, TrendChart
from neutromon.ui.count_unit import shown_bare
from neutromon.ui.text import tr

LINEAR_BREAK = 5.32
"""Where a count above the linear scale stands, with its number: just over the broken top."""


class Scale(Protocol):
    """Maps a count in 10^9/L to its place on the axis."""

    @property
    def name(self) -> str:
        """Return "log" or "linear"."""

    @property
    def text(self) -> str:
        """Return the words that are printed on the chart."""

    def span(self) -> tuple[float, float]:
        """Return the lowest and highest place of the axis."""

    def place(self, anc: float) -> float:
        """Return where a mark of this count stands; beyond the axis, at its end."""

    def line(self, anc: float) -> float:
        """Return where a line through this count goes; it may leave the axis at the top, where it is cut."""

    def beyond(self, anc: float) -> int:
        """Return 1 above the axis, -1 below it, 0 on it."""

    def ceiling(self) -> float:
        """Return the place above which no line is drawn."""

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return the counts that are named on the axis."""


@dataclass(frozen=True, slots=True)
class LogScale:
    """log10 of the count on a linear axis, from `low` to `high` in 10^9/L, ticks at clinical numbers."""

    low: float
    high: float
    named: tuple[tuple[float, str], ...]
    name: str = "log"

    @property
    def text(self) -> str:
        """Return the words that are printed on the chart."""
        return tr("logarithmic scale")

    def span(self) -> tuple[float, float]:
        """Return the axis with a little room for marks at its ends."""
        return math.log10(self.low) - 0.07, math.log10(self.high) + 0.09

    def place(self, anc: float) -> float:
        """Return log10 of the count, at the end of the axis for one beyond it; a count of 0 has a place too."""
        return math.log10(min(max(anc, self.low), self.high))

    def line(self, anc: float) -> float:
        """Return log10 of the count, never below the axis."""
        return math.log10(max(anc, self.low))

    def beyond(self, anc: float) -> int:
        """Return 1 above the axis, -1 below it, 0 on it."""
        return (anc > self.high) - (anc < self.low)

    def ceiling(self) -> float:
        """Return the top of the axis."""
        return math.log10(self.high)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return the clinical numbers of the chart."""
        return tuple((value, text) for value, text in self.named if self.low <= value <= self.high)


@dataclass(frozen=True, slots=True)
class LinearScale:
    """0 to 5 x 10^9/L with a broken top."""

    name: str = "linear"

    @property
    def text(self) -> str:
        """Return the words that are printed on the chart."""
        return shown_bare(tr("linear scale, broken at 5"))

    def span(self) -> tuple[float, float]:
        """Return the axis with room above the break."""
        return -0.14, 5.62

    def place(self, anc: float) -> float:
        """Return the count itself; above 5 the place at the break."""
        return LINEAR_BREAK if anc > LINEAR_HIGH else max(anc, 0.0)

    def line(self, anc: float) -> float:
        """Return the count itself: the line keeps its slope and is cut at the break."""
        return anc

    def beyond(self, anc: float) -> int:
        """Return 1 above the break, else 0."""
        return int(anc > LINEAR_HIGH)

    def ceiling(self) -> float:
        """Return the break."""
        return LINEAR_HIGH

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return the numbers that wards think in."""
        return tuple((value, shown_bare(text)) for value, text in LINEAR_TICKS)


def log_scale(chart: TrendChart) -> LogScale:
    """Return the logarithmic scale of a chart."""
    return LogScale(low=chart.y_low, high=chart.y_high, named=chart.y_ticks)
