"""The written cases of the practice clinic, and the clock that turns their relative days into dates."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

RESOURCE = "practice/clinic.toml"
LATEST_BEFORE_NOW = timedelta(minutes=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One patient as written in the resource file; its head explains every key."""

    mrn: str
    name: tuple[str, str]
    born: str
    sex: str
    shows: str
    regimen: str | None = None
    cycle: int = 0
    day: int = 0
    total: int = 0
    next: bool = False
    starts_d: int | None = None
    baseline: str = "4.4"
    depth: str = "0.8"
    lab: str = "A"
    counts: tuple[Mapping[str, Any], ...] | None = None
    previous: tuple[Mapping[str, Any], ...] = ()
    incoming: tuple[Mapping[str, Any], ...] = ()
    gcsf: str | None = None
    gcsf_from: int = 1
    gcsf_days: tuple[int, int] | None = None
    gcsf_planned: str | None = None
    growth_factors: tuple[Mapping[str, Any], ...] = ()
    delays: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    reductions: Mapping[str, str] = field(default_factory=dict)
    fn_cycles: tuple[int, ...] = ()
    treatment_days: tuple[int, ...] = ()
    fever: tuple[Mapping[str, Any], ...] = ()
    symptoms: tuple[Mapping[str, Any], ...] = ()
    antibiotics: tuple[Mapping[str, Any], ...] = ()
    events: tuple[Mapping[str, Any], ...] = ()
    drugs: tuple[Mapping[str, Any], ...] = ()
    limits: Mapping[str, str] = field(default_factory=dict)
    duffy_null: bool | None = None
    nadir_plan: bool | None = None
    risk: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    monitoring: str | None = None
    episode: Mapping[str, bool] = field(default_factory=dict)
    work_up: Mapping[str, object] = field(default_factory=dict)
    acknowledge: Mapping[str, Any] | None = None
    decision: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """All cases with the authority of their numbers."""

    authority: str
    version: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Turns days and hours relative to now into times; nothing lies later than 40 minutes before now unless it is a plan."""

    now: datetime

    @classmethod
    def of(cls, today: date | datetime) -> "Calendar":
        """Return the calendar of a moment; a bare date stands for its noon in UTC."""
        if isinstance(today, datetime):
            return cls(now=today)
        return cls(now=datetime.combine(today, time(12), UTC))

    def day(self, days: int) -> date:
        """Return the date so many days from today."""
        return self.now.date() + timedelta(days=days)

    def at(self, days: int, hour: float = 8) -> datetime:
        """Return an hour of a day, moved before now where it would lie in the future."""
        start = datetime.combine(self.day(days), time(0), self.now.tzinfo)
        return min(start + timedelta(minutes=round(hour * 60)), self.now - LATEST_BEFORE_NOW)

    def ago(self, hours: float) -> datetime:
        """Return so many hours before now, to the minute."""
        return (self.now - timedelta(hours=hours)).replace(second=0, microsecond=0)

    def moment(self, row: Mapping[str, Any], hour: float = 8) -> datetime:
        """Return the time of a written row: `ago_h`, or `d` with `h`."""
        if "ago_h" in row:
            return self.ago(float(row["ago_h"]))
        return self.at(int(row.get("d", 0)), float(row.get("h", hour)))

    def later(self, row: Mapping[str, Any], hour: float = 8) -> datetime:
        """Return the time of a written plan, which may lie in the future."""
        start = datetime.combine(self.day(int(row["d"])), time(0), self.now.tzinfo)
        return start + timedelta(minutes=round(float(row.get("h", hour)) * 60))


def read_clinic(text: str) -> Clinic:
    """Return the clinic of the resource file's text; an unknown key is refused with a TypeError."""
    table = tomllib.loads(text)
    cases = tuple(Case(**{key: _frozen(value) for key, value in row.items()}) for row in table["patient"])
    return Clinic(authority=table["authority"], version=table["version"], cases=cases)


def _frozen(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value
