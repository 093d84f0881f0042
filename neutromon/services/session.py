"""One signed-in person on one open store; every service takes it first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from neutromon.models.protocol import Protocol
from neutromon.storage.store import Store

if TYPE_CHECKING:
    from neutromon.rules import RuleBook
    from neutromon.services.memory import Memory


PRACTICE_MARK = "practice_clinic"
"""The store itself says so, in every copy of it: what it is made from."""


@dataclass(kw_only=True)
class Session:
    """Who works on which store with which rules; `clock` gives a time with offset, `ids` new UUIDv7 keys.

    Rules and protocol are read when they are first asked for, so that the window can paint its list before; both can be set.
    """

    store: Store
    user: str
    clock: Callable[[], datetime]
    ids: Callable[[], str]
    practice: bool = False

    @cached_property
    def rules(self) -> RuleBook:
        """Return the rule data in force with the clinic's own regimens."""
        from neutromon.services.clinic_rules import clinic_book

        return clinic_book(self.store, self.clock().date())

    @cached_property
    def memory(self) -> Memory:
        """Return what was read of the last patients, so that opening one again costs nearly nothing."""
        from neutromon.services.memory import Memory

        return Memory()

    @cached_property
    def protocol(self) -> Protocol:
        """Return the site protocol in force."""
        from neutromon.services.clinic_rules import current_protocol

        return current_protocol(self)

    @property
    def station(self) -> str:
        """Return the workstation's id."""
        return self.store.station
