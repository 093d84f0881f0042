"""The 60-minute clock of the febrile-neutropenia pathway: from the stored time zero to the first antibiotic that is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from neutromon.models.history import Antibiotic


@dataclass(frozen=True, slots=True, kw_only=True)
class AntibioticClock:
    """How long the clock has run, and the antibiotic that stopped it (None while it runs)."""

    time_zero: datetime
    elapsed: timedelta
    limit: timedelta
    stopped_by: Antibiotic | None = None

    @property
    def is_over(self) -> bool:
        """Return whether the limit is passed; exactly the limit is still in time."""
        return self.elapsed > self.limit

    @property
    def left(self) -> timedelta:
        """Return what is left of the time box, negative where it is over."""
        return self.limit - self.elapsed


def antibiotic_clock(time_zero: datetime, antibiotics: Sequence[Antibiotic], now: datetime, minutes: int) -> AntibioticClock:
    """Return the clock; only a treatment dose with a time from time zero to now stops it, prophylaxis never does."""
    doses = [
        (given.given_at, position, given)
        for position, given in enumerate(antibiotics)
        if given.purpose == "treatment" and given.given_at is not None and time_zero <= given.given_at <= now
    ]
    first = min(doses, key=lambda row: row[:2], default=None)
    end = first[0] if first else max(now, time_zero)
    return AntibioticClock(
        time_zero=time_zero, elapsed=end - time_zero, limit=timedelta(minutes=minutes), stopped_by=first[2] if first else None
    )
