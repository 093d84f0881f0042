"""The trend chart as data: built once, drawn by the screen painter and by the paper painter alike."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

LINEAR_HIGH = 5.0
LINEAR_TICKS = ((0.0, "0"), (0.5, "0.5"), (1.0, "1"), (1.5, "1.5"), (2.0, "2"), (3.0, "3"), (4.0, "4"), (5.0, "5"))
"""The linear scale of wards: 0 to 5 with a broken top; a higher count is drawn at the break with its number beside it."""


class PointShape(StrEnum):
    """How a count is drawn: filled circle, square, open triangle at the limit, cross, question mark.

    REJECTED (withdrawn by the laboratory or a person; hidden by default) and UNKNOWN (no usable ANC in the sample) have no number:
    they stand on the foot of the plot, their `anc` is the axis' lower end and says nothing.
    """

    MEASURED = "measured"
    DERIVED = "derived"
    CENSORED = "censored"
    BOUNDED = "bounded"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


VALUELESS = frozenset({PointShape.REJECTED, PointShape.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """One count: `x` in days since the chart's epoch, `anc` in 10^9/L (the limit, if censored).

    `comparator` is "<" or "<=" for a triangle that points down, ">" or ">=" for one that points up. `corrected` draws a ring,
    with the first value that was reported, `corrected_from`, in grey behind where it is known.
    """

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
    comparator: str = "="
    corrected: bool = False
    corrected_from: float | None = None
    preliminary: bool = False
    gcsf_effect: bool = False

    @property
    def has_value(self) -> bool:
        """Return whether the point stands at a number; else it belongs to the foot of the plot."""
        return self.shape not in VALUELESS

    @property
    def points_up(self) -> bool:
        """Return whether the true value lies at or above the number."""
        return self.comparator.startswith(">")


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
    """A cycle on the x axis, in days since the epoch; planned but not given cycles are outlined.

    `brief` ("C3 80 %") and `short` ("C3") stand where the header has no room. `delay` is the hatched gap before the cycle, from the
    planned day 1 on, with its text; `window` the regimen's expected nadir window.
    """

    number: int
    start: float
    end: float
    header: str
    planned: bool
    shaded: bool
    ruler: tuple[tuple[float, str], ...] = ()
    delay: tuple[float, float, str] | None = None
    window: tuple[float, float] | None = None
    short: str = ""
    brief: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneEvent:
    """A glyph or bar in the event lane.

    Kind is one of chemo, gcsf, antibiotic, drug, fever, transfusion, admission, note, symptom, call. `height` is the dose of
    chemotherapy as a share; `uncertain` says that the dose is not recorded (drawn hollow). A long-acting growth factor has an
    `end` 14 days later: its tail; a daily one has none. `label` is the short text beside the glyph ("38.4 °C").
    """

    kind: str
    start: float
    end: float | None
    text: str
    height: float = 1.0
    planned: bool = False
    uncertain: bool = False
    label: str = ""


LANE_GLYPHS = {
    "chemo": "▲",
    "gcsf": "◆",
    "antibiotic": "▬",
    "drug": "▭",
    "fever": "●",
    "transfusion": "✚",
    "admission": "⌂",
    "note": "✎",
    "symptom": "◇",
    "call": "☎",
}
LANE_NAMES = {
    "chemo": "chemotherapy (height = dose)",
    "gcsf": "growth factor (bar = 14 days after a long-acting dose)",
    "antibiotic": "antibiotic",
    "drug": "other drug",
    "fever": "fever",
    "transfusion": "transfusion",
    "admission": "admission",
    "note": "note",
    "symptom": "sign or symptom",
    "call": "call",
}
"""The lane's signs and their names, the same in chart, legend, list and print; the order is the order of the legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMarker:
    """Nadir, "lowest measured" or recovery of a cycle (kind "nadir", "lowest", "recovery"), with the text beside it."""

    kind: str
    x: float
    anc: float
    text: str
    cycle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationBar:
    """The time below 0.5 of a cycle: from the first to the last low count, with bounds from the neighbouring counts ("5–9 d").

    `outer_start` and `outer_end` are the neighbouring counts (None where there is none): the bar's thin whiskers.
    """

    start: float
    end: float
    text: str
    cycle: int
    outer_start: float | None = None
    outer_end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOneTarget:
    """The planned day 1 and the threshold to reach, as a bracket upward from it.

    `low` to `x` is the time in which a count is valid for that day; `last_count_x` is the latest count, `last_count_valid` whether it
    will still be valid then (None without a count).
    """

    x: float
    threshold: float
    text: str
    window_days: float = 0.0
    last_count_valid: bool | None = None
    last_count_x: float | None = None
    low: float = 0.0


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
    """A small synchronised chart (WBC, haemoglobin, platelets, temperature) with its own linear axis.

    `points` are (x, value, text as reported); a text that begins with "<" or ">" is a limit and is drawn as an open triangle.
    """

    name: str
    unit: str
    points: tuple[tuple[float, float, str], ...]
    limits: tuple[tuple[float, str], ...] = ()
    y_low: float = 0.0
    y_high: float = 1.0
    y_ticks: tuple[tuple[float, str], ...] = ()


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
    x_ticks: tuple[tuple[float, str], ...] = ()
    opening: tuple[float, float] | None = None
