"""The 60-minute clock of the febrile-neutropenia pathway: from the stored time zero to the first antibiotic that is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from neutromon.models.history import Antibiotic


@dataclass(frozen=True, slots=True, kw_only=True)
class AntibioticClock:
    """How long the clock has run, and the antibiotic that stopped it (None while it runs); `given_before` as the pathway has it."""

    time_zero: datetime
    elapsed: timedelta
    limit: timedelta
    stopped_by: Antibiotic | None = None
    given_before: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Return whether the limit is passed; exactly the limit is still in time."""
        return self.elapsed > self.limit

    @property
    def left(self) -> timedelta:
        """Return what is left of the time box, negative where it is over."""
        return self.limit - self.elapsed


def antibiotic_clock(
    time_zero: datetime, antibiotics: Sequence[Antibiotic], now: datetime, minutes: int, given_before: datetime | None = None
) -> AntibioticClock:
    """Return the clock; only a treatment dose with a time from time zero to now stops it, prophylaxis never does.

    A dose before time zero stops it at 0 min where a person has said that it was given before, which `given_before` names.
    """
    doses = [
        (given.given_at, position, given)
        for position, given in enumerate(antibiotics)
        if given.purpose == "treatment" and given.given_at is not None
        if time_zero <= given.given_at <= now or given.given_at == given_before
    ]
    first = min(doses, key=lambda row: row[:2], default=None)
    end = max(first[0] if first else now, time_zero)
    return AntibioticClock(
        time_zero=time_zero,
        elapsed=end - time_zero,
        limit=timedelta(minutes=minutes),
        stopped_by=first[2] if first else None,
        given_before=given_before,
    )
