"""The stored forecast that still holds: the newest one shown, as long as nothing that it rests on was recorded after it."""

from collections.abc import Sequence
from datetime import date, datetime

from neutromon.models.forecast import DayOneForecast, Forecast
from neutromon.storage.store import Fact

KIND = "forecast"
RESTS_ON = frozenset({"patient", "course", "sample", "growth_factor"})


def stored_outlook(facts: Sequence[Fact], now: datetime) -> Forecast | None:
    """Return what the newest stored forecast said of the planned day 1; None where it is out of date, or past, or said nothing."""
    shown = [fact for fact in facts if fact.kind == KIND and not fact.voided]
    newest = max(shown, key=lambda fact: fact.seq, default=None)
    if newest is None or any(fact.seq > newest.seq for fact in facts if fact.kind in RESTS_ON):
        return None
    told = newest.body.get("day1")
    if not told or len(told) < 3 or date.fromisoformat(told[0]) < now.date():
        return None
    name, _, version = str(newest.body.get("model", "")).partition(" ")
    day1 = DayOneForecast(at=date.fromisoformat(told[0]), probability_at_or_above=float(told[1]), threshold=float(told[2]))
    return Forecast(now=datetime.fromisoformat(newest.at), status="ok", model_id=name, model_version=version, day1=day1)
