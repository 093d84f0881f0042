"""One signed-in person on one open store; every service takes it first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from neutromon.models.protocol import Protocol
from neutromon.rules import RuleBook
from neutromon.storage.store import Store


@dataclass(slots=True, kw_only=True)
class Session:
    """Who works on which store with which rules; `clock` gives a time with offset, `ids` new UUIDv7 keys."""

    store: Store
    rules: RuleBook
    user: str
    clock: Callable[[], datetime]
    ids: Callable[[], str]
    practice: bool = False
    role: str = "administrator"
    protocol: Protocol = field(default_factory=Protocol)

    @property
    def station(self) -> str:
        """Return the workstation's id."""
        return self.store.station
