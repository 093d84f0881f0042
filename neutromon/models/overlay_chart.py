"""The neutrophil cycle profile as data: every cycle on one axis of cycle days, drawn by screen and paper alike."""

from dataclasses import dataclass

from neutromon.models.trend_chart import ChartPoint, GradeBand


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleLine:
    """One cycle: `points` with `x` as the cycle day (day 1 begins at 1.0), oldest first; `lightness` 0 is the running cycle, 1 the palest.

    `dashes` is the line's own pattern in drawn and blank lengths (empty: solid), so that cycles stay apart without colour.
    """

    cycle: int
    points: tuple[ChartPoint, ...]
    current: bool
    lightness: float
    label: str
    dashes: tuple[float, ...] = ()
    dashed_gaps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileBand:
    """Median and 25 to 75 per cent of the cycles by cycle day, 10^9/L; made from at least three cycles."""

    x: tuple[float, ...]
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    cycles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """One cycle of the table under the profile, as text; what is not known says so."""

    cycle: int
    nadir: str
    day: str
    duration: str
    growth_factor: str
    dose: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayChart:
    """Everything a painter needs to draw the cycles of a course over each other."""

    title: str
    y_label: str
    x_label: str
    first: float
    last: float
    x_ticks: tuple[tuple[float, str], ...]
    y_low: float
    y_high: float
    y_ticks: tuple[tuple[float, str], ...]
    bands: tuple[GradeBand, ...]
    bands_version: str
    lower_limit: tuple[float, str] | None
    window: tuple[float, float] | None
    window_text: str
    lines: tuple[CycleLine, ...]
    band: ProfileBand | None
    band_text: str
    now_day: float | None
    rows: tuple[ProfileRow, ...]
    summary: str
