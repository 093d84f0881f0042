"""How charts look on paper: a palette of greys that stays legible in black and white, sizes, scales and the room of each part."""

from dataclasses import dataclass
from math import log10

from neutromon.models.trend_chart import TrendChart


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of a drawing; what they tell is always told by shape, pattern or text too."""

    ink: str = "#111111"
    soft: str = "#555555"
    hair: str = "#9a9a9a"
    faint: str = "#d4d4d4"
    paper: str = "#ffffff"
    bands: tuple[str, ...] = ("#f4f3f8", "#e9e7f0", "#dddae7", "#cfcbde")
    band_line: str = "#8d88a3"
    old: str = "#8a8a8a"
    fan: tuple[str, ...] = ("#ededed", "#dcdcdc", "#c6c6c6")


PAPER = Palette()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A straight mapping of a range to a stretch of the sheet; `log` maps logarithms."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Return the place of a value; one outside the range lies outside the stretch."""
        low, high, here = (log10(max(v, 1e-6)) for v in (self.low, self.high, value)) if self.log else (self.low, self.high, value)
        return self.start + (here - low) / (high - low) * (self.end - self.start)

    def inside(self, value: float) -> float:
        """Return the place of a value, kept within the stretch."""
        return self.at(min(max(value, self.low), self.high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Where the parts of the trend stand, and the scales; top to bottom: header, plot, ruler, lane, panes, dates."""

    x: Scale
    y: Scale
    left: float
    right: float
    header: float
    top: float
    bottom: float
    ruler: float
    lane: float
    lane_end: float
    pane_height: float
    size: float

    @property
    def first(self) -> float:
        """Return the first day shown."""
        return self.x.low

    @property
    def last(self) -> float:
        """Return the last day shown."""
        return self.x.high


LEFT, RIGHT = 80.0, 72.0
HEADER, RULER, LANE, PANE, DATES = 22.0, 17.0, 82.0, 48.0, 24.0
TEXT = 12.5


def sheet_of(chart: TrendChart, width: float, height: float, first: float, last: float, panes: int) -> Sheet:
    """Return the layout of a trend; the plot takes what the strips leave."""
    bottom = height - DATES - panes * PANE - LANE - RULER
    right = width - RIGHT
    return Sheet(
        x=Scale(low=first, high=last, start=LEFT, end=right),
        y=Scale(low=chart.y_low, high=chart.y_high, start=bottom, end=HEADER, log=True),
        left=LEFT,
        right=right,
        header=0.0,
        top=HEADER,
        bottom=bottom,
        ruler=bottom + RULER,
        lane=bottom + RULER,
        lane_end=bottom + RULER + LANE,
        pane_height=PANE,
        size=TEXT,
    )
