"""Rows of the worklists: what a nurse sees of each patient without opening the chart."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from neutromon.models.standing import AlertState, Tier


class ListName(StrEnum):
    """The worklists."""

    TOMORROW = "tomorrow"
    TODAY = "today"
    NADIR_WINDOW = "nadir_window"
    OVERDUE = "overdue"
    ALERTS = "alerts"
    ALL = "all"


class DayOneState(StrEnum):
    """The computed go/no-go state of a planned treatment day."""

    MEETS = "meets"
    DOES_NOT_MEET = "does_not_meet"
    COUNT_TOO_OLD = "count_too_old"
    NO_COUNT = "no_count"
    CANNOT_TELL = "cannot_tell"
    NOT_PLANNED = "not_planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkPoint:
    """One point of a sparkline: days before now, log10 of the ANC (censored at its limit), possible worst grade."""

    days_ago: float
    log10_anc: float
    censored: bool = False
    grade: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientHit:
    """A patient as the quick find shows her: two identifiers beside the name."""

    patient_id: str
    name: str
    mrn: str
    birth_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """The worst live alert of a patient as a row shows it."""

    id: str
    tier: Tier
    rule: str
    state: AlertState
    text: str
    owner: str
    raised_at: datetime
    text_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistRow:
    """One patient of a list; texts are ready to show, `lists` names every list the patient is on.

    `count_at` belongs to the ANC that is shown; `newest_without_anc` is the time of a newer sample that has none.
    `deferred_from` is the day from which a decision, made `deferred_at`, moved the next treatment day.
    `count_age_hours` is how old the count was when the row was made; `at` gives the row as of another moment.
    """

    patient_id: str
    name: str
    initials: str
    mrn: str
    birth_date: date | None
    regimen: str | None
    cycle: int | None
    cycle_day: int | None
    cycle_length: int | None
    anc_text: str
    grade_text: str
    worst_grade: int | None
    count_at: datetime | None
    count_age_hours: float | None
    next_day1: date | None
    day1_state: DayOneState
    limiting_text: str
    nadir_window: str
    overdue_text: str
    decision: str
    last_gcsf: str
    nadir_from: date | None = None
    nadir_to: date | None = None
    spark: tuple[SparkPoint, ...] = ()
    alerts: tuple[OpenAlert, ...] = ()
    lists: frozenset[ListName] = field(default_factory=frozenset)
    newest_without_anc: datetime | None = None
    deferred_from: date | None = None
    deferred_at: datetime | None = None

    def at(self, now: datetime) -> "WorklistRow":
        """Return the row with the age that its count has now."""
        return self if self.count_at is None else replace(self, count_age_hours=(now - self.count_at).total_seconds() / 3600)

    @property
    def worst_alert(self) -> OpenAlert | None:
        """Return the alert with the worst tier, the oldest first."""
        return min(self.alerts, key=lambda a: (a.tier, a.raised_at), default=None)
