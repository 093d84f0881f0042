"""Alerts: what was raised, shown, acknowledged and ended; an alert is the sum of its events."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from neutromon.models.standing import AlertState as AlertState
from neutromon.models.standing import Tier


class AlertEventKind(StrEnum):
    """What can happen to an alert."""

    RAISED = "raised"
    EVIDENCE = "evidence"
    SEEN = "seen"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RE_RAISED = "re_raised"
    OWNER = "owner"
    CLEARED = "cleared"
    RESOLVED = "resolved"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"


LIVE_STATES = frozenset({AlertState.RAISED, AlertState.SEEN, AlertState.ACKNOWLEDGED, AlertState.SNOOZED, AlertState.NEEDS_REVIEW})


ACTIONS = (
    "called_patient",
    "sent_to_assessment",
    "informed",
    "count_repeated",
    "antibiotic_given",
    "gcsf_discussed",
    "chemo_deferred",
    "expected_plan",
    "other",
)
"""What may be done about an alert; to have only seen it is no action."""
PAUSE_REASONS = ("plan_in_place", "repeat_booked", "discussed", "inpatient_elsewhere")
END_REASONS = ("recovered", "treated", "transferred", "plan_changed", "died_or_left", "not_relevant")
NO_OWNER = "Owner: none yet"
"""The beginning of an alert's last slot until it has an owner; behind it, up to the full stop, stands what its tier asks for."""
NOT_RELEVANT = "not_relevant"
"""Counts against the rule that raised the alert, and needs a text of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What was done about an alert; `action` is one of ACTIONS, `due` the time of the follow-up."""

    action: str
    note: str = ""
    informed_name: str = ""
    informed_role: str = ""
    informed_at: datetime | None = None
    read_back: bool = False
    owner: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """A pause with a reason and an end; it never covers a tier worse than `ceiling`."""

    reason: str
    until: datetime
    until_next_count: bool = False
    ceiling: Tier = Tier.ADVISORY


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """One step in the life of an alert, stored with the text shown and the versions that produced it.

    `withdraws` is the id of the answer that a WITHDRAWN event takes back: the alert stands as it would without it.
    """

    id: str = ""
    alert_id: str
    patient_id: str
    kind: AlertEventKind
    at: datetime
    by: str
    tier: Tier
    rule: str
    key: str
    text: str
    rule_version: str = ""
    protocol_version: str = ""
    evidence: tuple[str, ...] = ()
    value: Decimal | None = None
    mechanism: str = ""
    reason: str = ""
    acknowledgement: Acknowledgement | None = None
    snooze: Snooze | None = None
    other_alert_id: str = ""
    available_at: datetime | None = None
    withdraws: str = ""


TELLING = frozenset({AlertEventKind.RAISED, AlertEventKind.EVIDENCE, AlertEventKind.RE_RAISED})
"""The events that bring the alert's words with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert as its events leave it."""

    id: str
    patient_id: str
    rule: str
    key: str
    tier: Tier
    state: AlertState
    text: str
    raised_at: datetime
    seen_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledgement: Acknowledgement | None = None
    snooze: Snooze | None = None
    owner: str = ""
    repeat_count: int = 1
    evidence: tuple[str, ...] = ()
    value: Decimal | None = None
    mechanism: str = ""
    events: tuple[AlertEvent, ...] = field(default=())

    @property
    def text_at(self) -> datetime:
        """Return when the text was made: a later count of the same episode renews it, while `raised_at` stays."""
        told = [event.at for event in self.events if event.kind in TELLING]
        return max(told, default=self.raised_at)

    @property
    def is_answered(self) -> bool:
        """Return whether somebody has said what is done about it, so that it waits for no one."""
        return self.state in {AlertState.ACKNOWLEDGED, AlertState.SNOOZED}

    @property
    def is_live(self) -> bool:
        """Return whether the alert still asks for something or is being watched."""
        return self.state in LIVE_STATES
