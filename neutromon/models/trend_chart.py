"""The trend chart as data: built once, drawn by the screen painter and by the paper painter alike."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PointShape(StrEnum):
    """How a count is drawn: filled circle, square, open triangle at the limit, cross."""

    MEASURED = "measured"
    DERIVED = "derived"
    CENSORED = "censored"
    BOUNDED = "bounded"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """One count: `x` in days since the chart's epoch, `anc` in 10^9/L (the limit, if censored)."""

    x: float
    at: datetime
    anc: float
    shape: PointShape
    label: str
    readout: str
    sample_id: str
    grade_text: str
    cycle: int | None = None
    cycle_day: int | None = None
    corrected_from: float | None = None
    preliminary: bool = False
    gcsf_effect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSegment:
    """The line between two neighbouring points; dashed over a long gap or a missing nadir count."""

    first: int
    second: int
    dashed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeBand:
    """A horizontal band low <= ANC < high with its name on the right margin; `step` 0 is the palest."""

    low: float
    high: float
    name: str
    step: int
    hatched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleBlock:
    """A cycle on the x axis, in days since the epoch; planned but not given cycles are outlined."""

    number: int
    start: float
    end: float
    header: str
    planned: bool
    shaded: bool
    ruler: tuple[tuple[float, str], ...] = ()
    delay: tuple[float, float, str] | None = None
    window: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneEvent:
    """A glyph or bar in the event lane; kind is one of chemo, gcsf, antibiotic, fever, transfusion, admission, note, symptom, call."""

    kind: str
    start: float
    end: float | None
    text: str
    height: float = 1.0
    planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMarker:
    """Nadir, "lowest measured" or recovery of a cycle, with the text beside it."""

    kind: str
    x: float
    anc: float
    text: str
    cycle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationBar:
    """The time below 0.5 of a cycle, with bounds from the neighbouring counts ("5–9 d")."""

    start: float
    end: float
    text: str
    cycle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOneTarget:
    """The planned day 1 and the threshold to reach, as a bracket."""

    x: float
    threshold: float
    text: str
    window_days: float = 0.0
    last_count_valid: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastFan:
    """The forecast as drawn: x in days, median and quantile rows by name, sample courses, a sentence."""

    x: tuple[float, ...]
    median: tuple[float, ...]
    low50: tuple[float, ...]
    high50: tuple[float, ...]
    low80: tuple[float, ...]
    high80: tuple[float, ...]
    low95: tuple[float, ...]
    high95: tuple[float, ...]
    samples: tuple[tuple[float, ...], ...] = ()
    text: str = ""
    chip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallPane:
    """A small synchronised chart (WBC, haemoglobin, platelets, temperature) with its own linear axis."""

    name: str
    unit: str
    points: tuple[tuple[float, float, str], ...]
    limits: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendChart:
    """Everything a painter needs to draw one patient's ANC against the chemotherapy cycles."""

    title: str
    y_label: str
    x_label: str
    epoch: date
    now: float
    now_text: str
    first: float
    last: float
    y_low: float
    y_high: float
    y_ticks: tuple[tuple[float, str], ...]
    bands: tuple[GradeBand, ...]
    bands_version: str
    lower_limit: tuple[float, str] | None
    cycles: tuple[CycleBlock, ...]
    points: tuple[ChartPoint, ...]
    segments: tuple[ChartSegment, ...]
    lane: tuple[LaneEvent, ...]
    markers: tuple[ChartMarker, ...]
    durations: tuple[DurationBar, ...]
    day1: DayOneTarget | None
    forecast: ForecastFan | None
    forecast_refusal: str
    panes: tuple[SmallPane, ...]
    summary: str
    presets: tuple[tuple[str, float, float], ...] = ()
