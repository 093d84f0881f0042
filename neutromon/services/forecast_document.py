"""A forecast as the document `neutromon-forecast/1` of the contract, section 4."""

from typing import Any

from neutromon.models.forecast import DateSpread, Forecast, NadirForecast, Spread, TrackEntry

FORMAT = "neutromon-forecast/1"


def forecast_document(forecast: Forecast) -> dict[str, Any]:
    """Return a forecast as JSON values; a refusal says why."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "now": forecast.now.isoformat(),
        "status": forecast.status,
        "reason": forecast.reason,
        "reason_text": forecast.reason_text or None,
    }
    if not forecast.ok:
        return {**document, "track_record": [_track(entry) for entry in forecast.track_record]}
    return {
        **document,
        "model": {
            "id": forecast.model_id,
            "version": forecast.model_version,
            "population": forecast.population,
            "kernel": forecast.kernel,
            "observations_used": forecast.observations_used,
            "cycles_used": forecast.cycles_used,
        },
        "individual": dict(forecast.individual),
        "trajectory": [
            {"at": day.at.isoformat(), **{name: getattr(day, name) for name in ("median", "p2_5", "p10", "p25", "p75", "p90", "p97_5")}}
            for day in forecast.trajectory
        ],
        "nadir": _nadir(forecast.nadir),
        "next_nadir": _nadir(forecast.next_nadir),
        "day1": _day1(forecast),
        "recovery": _dates(forecast.recovery_at),
        "next_draw": forecast.next_draw.isoformat() if forecast.next_draw else None,
        "warnings": list(forecast.warnings),
        "track_record": [_track(entry) for entry in forecast.track_record],
        "advisory": "Expected course, advisory only: it never raises, lowers or delays an alert on a measured value.",
    }


def _nadir(nadir: NadirForecast | None) -> dict[str, Any] | None:
    if nadir is None:
        return None
    return {
        "at": _dates(nadir.at),
        "value": _spread(nadir.value),
        "probability_below_0_5": nadir.probability_below_0_5,
        "days_below_0_5": _spread(nadir.days_below_0_5),
    }


def _day1(forecast: Forecast) -> dict[str, Any] | None:
    day1 = forecast.day1
    if day1 is None:
        return None
    return {
        "at": day1.at.isoformat(),
        "threshold": day1.threshold,
        "probability_at_or_above": day1.probability_at_or_above,
        "kind": day1.kind,
    }


def _dates(dates: DateSpread | None) -> dict[str, str] | None:
    return None if dates is None else {"median": dates.median.isoformat(), "p5": dates.p5.isoformat(), "p95": dates.p95.isoformat()}


def _spread(spread: Spread) -> dict[str, float]:
    return {"median": spread.median, "p5": spread.p5, "p95": spread.p95}


def _track(entry: TrackEntry) -> dict[str, Any]:
    return {
        "made_at": entry.made_at.isoformat(),
        "for": entry.for_at.isoformat(),
        "predicted": _spread(entry.predicted),
        "measured": entry.measured or None,
    }
