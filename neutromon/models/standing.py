"""How bad and how far: the tier of an alert and where it stands; apart from the records, since every list needs them first."""

from enum import IntEnum, StrEnum


class Tier(IntEnum):
    """Tiers of findings and alerts; a lower number is worse."""

    EMERGENCY = 1
    URGENT = 2
    ADVISORY = 3
    DATA = 4


class AlertState(StrEnum):
    """Where an alert stands; the first five are live."""

    RAISED = "raised"
    SEEN = "seen"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    NEEDS_REVIEW = "needs_review"
    CLEARED = "cleared"
    RESOLVED = "resolved"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
