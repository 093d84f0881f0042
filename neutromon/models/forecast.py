"""A forecast of nadir and recovery as records; values in 10^9/L, always with intervals, never dosing advice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A change to the plan that is forecast beside it with the same random numbers."""

    delay_days: int = 0
    dose_percent: float | None = None
    gcsf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median with the 5 and 95 % quantiles."""

    median: float
    p5: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpread:
    """Median date with the 5 and 95 % quantiles."""

    median: date
    p5: date
    p95: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastDay:
    """The distribution of the latent ANC at one time, 10^9/L."""

    at: datetime
    median: float
    p2_5: float
    p10: float
    p25: float
    p75: float
    p90: float
    p97_5: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NadirForecast:
    """When and how low, over the draws; `days_below_0_5` in days."""

    at: DateSpread
    value: Spread
    probability_below_0_5: float
    days_below_0_5: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOneForecast:
    """The share of similar courses at or above the threshold on the planned day 1; `kind` is "measured" or "latent"."""

    at: date
    threshold: float
    probability_at_or_above: float
    kind: str = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackEntry:
    """A forecast that was shown, beside what came; `measured` is the reported text, "" while none came."""

    made_at: datetime
    for_at: datetime
    predicted: Spread
    measured: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One patient's forecast at `now`; `status` is "ok" or "refused", a refusal carries its code and a plain sentence.

    `nadir` is the lowest count from now to the next dose, `next_nadir` the one after it; `measured` is what a blood test would
    show, row for row beside `trajectory`; each of `samples` has one value for each row of `trajectory`.
    """

    now: datetime
    status: str
    reason: str | None = None
    reason_text: str = ""
    model_id: str = ""
    model_version: str = ""
    population: str = ""
    kernel: str = ""
    observations_used: int = 0
    cycles_used: int = 0
    individual: Mapping[str, float] = field(default_factory=dict)
    trajectory: tuple[ForecastDay, ...] = ()
    samples: tuple[tuple[float, ...], ...] = ()
    nadir: NadirForecast | None = None
    day1: DayOneForecast | None = None
    recovery_at: DateSpread | None = None
    next_draw: date | None = None
    track_record: tuple[TrackEntry, ...] = ()
    warnings: tuple[str, ...] = ()
    what_if: WhatIf | None = None
    next_nadir: NadirForecast | None = None
    measured: tuple[Spread, ...] = ()

    @property
    def ok(self) -> bool:
        """Return whether there is a forecast to show."""
        return self.status == "ok"
