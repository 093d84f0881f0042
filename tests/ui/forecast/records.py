"""Forecasts for the tests of the screens: one that says everything, one refusal, one backtest."""

from datetime import date, datetime, timedelta
from typing import Any

from neutromon.models.forecast import DateSpread, DayOneForecast, Forecast, ForecastDay, NadirForecast, Spread, TrackEntry, WhatIf
from neutromon.services.backtest import Backtest, BacktestPoint, summarise
from tests.builders import NOW


def a_spread(median: float, p5: float, p95: float) -> Spread:
    return Spread(median=median, p5=p5, p95=p95)


def some_days(median: int, p5: int, p95: int) -> DateSpread:
    return DateSpread(median=NOW.date() + timedelta(days=median), p5=NOW.date() + timedelta(days=p5), p95=NOW.date() + timedelta(days=p95))


def a_nadir(value: float = 0.3, below: float = 0.68) -> NadirForecast:
    return NadirForecast(
        at=some_days(3, 1, 5), value=a_spread(value, 0.1, 0.7), probability_below_0_5=below, days_below_0_5=a_spread(4, 2, 7)
    )


def a_forecast(**changes: Any) -> Forecast:
    """Return a forecast that says everything."""
    rows = tuple(
        ForecastDay(at=NOW + timedelta(days=n), median=0.4 + 0.2 * n, p2_5=0.1, p10=0.2, p25=0.3, p75=1 + n / 4, p90=2 + n / 3, p97_5=3 + n)
        for n in range(14)
    )
    known: dict[str, Any] = {
        "now": NOW,
        "status": "ok",
        "model_id": "friberg-kpd",
        "model_version": "2026-11",
        "population": "FEC 100, breast, generic, prior quality C",
        "kernel": "C",
        "observations_used": 9,
        "cycles_used": 2,
        "trajectory": rows,
        "samples": (tuple(row.median for row in rows),),
        "nadir": a_nadir(),
        "day1": DayOneForecast(at=date(2026, 3, 23), threshold=1.0, probability_at_or_above=0.71),
        "recovery_at": some_days(8, 6, 11),
        "next_draw": date(2026, 3, 16),
        "warnings": ("the planned day 1 has passed; tomorrow is taken instead",),
        "next_nadir": a_nadir(0.2, 0.9),
    }
    return Forecast(**(known | changes))


def a_refusal() -> Forecast:
    return Forecast(now=NOW, status="refused", reason="no_regimen_model", reason_text="the course has no regimen on record.")


def an_entry(measured: str, days: int = -4) -> TrackEntry:
    return TrackEntry(
        made_at=NOW + timedelta(days=days - 3), for_at=NOW + timedelta(days=days), predicted=a_spread(0.6, 0.3, 1.1), measured=measured
    )


def a_changed(change: WhatIf | None) -> Forecast:
    """Return what the fake engine says of a change to the plan."""
    if change is None:
        return a_forecast()
    day1 = DayOneForecast(at=date(2026, 3, 23) + timedelta(days=change.delay_days), threshold=1.0, probability_at_or_above=0.93)
    return a_forecast(day1=day1, what_if=change)


def a_point_of(n: int) -> BacktestPoint:
    made = datetime(2026, 1, 1, tzinfo=NOW.tzinfo) + timedelta(days=n)
    return BacktestPoint(
        patient=1 + n % 3,
        regimen="FEC 100",
        cycle=1 + n % 2,
        made_at=made,
        observations=3,
        for_at=made + timedelta(days=1 + n % 9),
        days_ahead=1.0 + n % 9,
        measured=0.5 + 0.1 * (n % 7),
        censored=False,
        median=0.6 + 0.1 * (n % 5),
        p5=0.2,
        p95=1.5,
        pit=(n % 20) / 20 + 0.02,
        probability=(n % 10) / 10,
        threshold=1.0,
        last_cycle=0.9 if n % 2 else None,
        prior=1.1,
    )


def a_backtest() -> Backtest:
    """Return a finished backtest of forty points."""
    return summarise([a_point_of(n) for n in range(40)], {"no_day1": 2}, "C")
