"""The track record: each forecast that was shown is kept, append-only, and set beside what came."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from neutromon.models.evaluation import CountEvaluation
from neutromon.models.forecast import Forecast, Spread, TrackEntry
from neutromon.models.history import PatientHistory
from neutromon.rules.counts import evaluate_counts
from neutromon.services.outlook import KIND
from neutromon.services.session import Session
from neutromon.services.writing import writing


def remember_forecast(s: Session, patient_id: str, forecast: Forecast) -> bool:
    """Store a forecast as it was shown, unless the newest stored one of today says the same; return whether it was stored.

    The patient is evaluated anew: a day 1 that will probably not be met is an advisory of its own. No measured value's alert changes.
    """
    day1 = forecast.day1
    rows = [
        [day.at.isoformat(), measured.median, measured.p5, measured.p95]
        for day, measured in zip(forecast.trajectory, forecast.measured, strict=True)
    ]
    body: dict[str, Any] = {
        "model": f"{forecast.model_id} {forecast.model_version}",
        "observations": forecast.observations_used,
        "day1": None if day1 is None else [day1.at.isoformat(), day1.probability_at_or_above, day1.threshold],
        "rows": rows,
    }
    body["digest"] = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    earlier = _stored(s, patient_id)
    if earlier and earlier[-1][1].get("digest") == body["digest"] and earlier[-1][0].date() == forecast.now.date():
        return False
    with writing(s) as write:
        write.add(patient_id, KIND, body, "shown")
    return True


def track_record(s: Session, patient_id: str, history: PatientHistory) -> tuple[TrackEntry, ...]:
    """Return the counts that came after a forecast was shown, each beside what the newest forecast before it said; oldest first.

    What still lies ahead, the planned day 1 of the newest forecast, ends the list without a measured value.
    """
    stored = _stored(s, patient_id)
    if not stored:
        return ()
    entries = []
    for count in evaluate_counts(history, s.clock(), s.rules):
        entry = _entry(stored, count)
        if entry is not None:
            entries.append(entry)
    ahead = _ahead(*stored[-1], s.clock())
    return (*sorted(entries, key=lambda entry: entry.for_at), *([ahead] if ahead else []))


def _stored(s: Session, patient_id: str) -> list[tuple[datetime, Mapping[str, Any]]]:
    facts = [fact for fact in s.store.facts_of(patient_id) if fact.kind == KIND and not fact.voided]
    return [(datetime.fromisoformat(fact.at), fact.body) for fact in facts]


def _entry(stored: Sequence[tuple[datetime, Mapping[str, Any]]], count: CountEvaluation) -> TrackEntry | None:
    when, quantity = count.collected_at, count.anc.quantity
    if when is None or quantity is None:
        return None
    before = [(made, body) for made, body in stored if made < when]
    if not before:
        return None
    made, body = max(before, key=lambda pair: pair[0])
    predicted = spread_at(body["rows"], when)
    if predicted is None:
        return None
    return TrackEntry(made_at=made, for_at=when, predicted=predicted, measured=quantity.text)


def _ahead(made: datetime, body: Mapping[str, Any], now: datetime) -> TrackEntry | None:
    if not body.get("day1"):
        return None
    rows = [row for row in body["rows"] if row[0].startswith(body["day1"][0])]
    if not rows or datetime.fromisoformat(rows[0][0]) < now:
        return None
    _, median, p5, p95 = rows[0]
    return TrackEntry(made_at=made, for_at=datetime.fromisoformat(rows[0][0]), predicted=Spread(median=median, p5=p5, p95=p95))


def spread_at(rows: Sequence[Sequence[Any]], when: datetime) -> Spread | None:
    """Return what stored rows said of a time: between two days the logarithm is straight; None outside of them."""
    times = [datetime.fromisoformat(row[0]) for row in rows]
    for index in range(len(rows) - 1):
        if times[index] <= when <= times[index + 1]:
            share = (when - times[index]) / max(times[index + 1] - times[index], timedelta(seconds=1))
            values = [
                math.exp(math.log(a) + share * (math.log(b) - math.log(a)))
                for a, b in zip(rows[index][1:], rows[index + 1][1:], strict=True)
            ]
            median, p5, p95 = (float(f"{value:.4g}") for value in values)
            return Spread(median=median, p5=p5, p95=p95)
    return None
