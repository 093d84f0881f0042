"""What a write changed: ids only, so that views can read again what they show."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Ids of what a write touched; `written` (record, revision) and `answered` (alert, event) are what a person's save appended itself.

    What follows from a save, such as an alert that is raised, is in neither: taking the save back lets it follow anew.
    """

    patient_ids: frozenset[str] = field(default_factory=frozenset)
    alert_ids: frozenset[str] = field(default_factory=frozenset)
    holding: bool = False
    protocol: bool = False
    settings: bool = False
    written: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    answered: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __or__(self, other: "Changes") -> "Changes":
        """Return both together."""
        return Changes(
            patient_ids=self.patient_ids | other.patient_ids,
            alert_ids=self.alert_ids | other.alert_ids,
            holding=self.holding or other.holding,
            protocol=self.protocol or other.protocol,
            settings=self.settings or other.settings,
            written=self.written + other.written,
            answered=self.answered + other.answered,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[T]):
    """What a service returns after a committed write: its value and what changed."""

    value: T
    changes: Changes = field(default_factory=Changes)
