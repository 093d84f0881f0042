"""The last known value of a quantity that the newest sample does not have: only a recovered value says that a low one is gone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from neutromon.models.evaluation import CountEvaluation
from neutromon.models.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class LastKnown:
    """A value and the moment of the sample that it stands on."""

    value: Quantity
    at: datetime


def value_of(count: CountEvaluation, name: str) -> Quantity | None:
    """Return a count's usable value: "anc", or a name of its values."""
    return count.anc.quantity if name == "anc" else count.values.get(name)


def last_with(counts: Iterable[CountEvaluation], name: str, now: datetime) -> CountEvaluation | None:
    """Return the newest count up to `now` that has a usable value of the quantity; what was withdrawn has none."""
    known = [(c.collected_at, c) for c in counts if c.collected_at is not None and c.collected_at <= now and value_of(c, name) is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def behind(counts: Sequence[CountEvaluation], names: Iterable[str], now: datetime, validity: timedelta) -> dict[str, LastKnown]:
    """Return the last known values that are still within their validity."""
    found = {}
    for name in names:
        count = last_with(counts, name, now)
        value = value_of(count, name) if count is not None else None
        if count is not None and value is not None and count.collected_at is not None and now - count.collected_at <= validity:
            found[name] = LastKnown(value=value, at=count.collected_at.astimezone(now.tzinfo))
    return found
