"""Charts of synthetic histories for the tests of reports: the shipped rules, a clock that stands still."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from neutromon.models.evaluation import Evaluation
from neutromon.models.forecast import DayOneForecast, Forecast, ForecastDay, Spread, TrackEntry
from neutromon.models.history import CountSample, Course, PatientHistory
from neutromon.models.overlay_chart import OverlayChart
from neutromon.models.trend_chart import ChartPoint, LaneEvent, TrendChart
from neutromon.report.charts.build import build_trend_chart
from neutromon.report.charts.overlay import build_overlay
from neutromon.rules import RuleBook, evaluate
from neutromon.services.rule_book import load_book
from tests.builders import NOW, a_course, a_history, at, day


@cache
def book() -> RuleBook:
    """Return the shipped rules, read once."""
    return load_book()


def evaluated(history: PatientHistory, now: datetime = NOW) -> Evaluation:
    """Return what the rules say."""
    return evaluate(history, book(), now)


def chart_of(history: PatientHistory, *, forecast: Forecast | None = None, now: datetime = NOW, grading: str = "ctcae-5.0") -> TrendChart:
    """Return the trend chart of a history."""
    regimen = book().regimen(history.course.regimen if history.course else None)
    return build_trend_chart(history, evaluated(history, now), forecast, now=now, regimen=regimen, grading=grading)


def overlay_of(history: PatientHistory, *, now: datetime = NOW) -> OverlayChart:
    """Return the cycle profile of a history."""
    regimen = book().regimen(history.course.regimen if history.course else None)
    return build_overlay(history, evaluated(history, now), regimen=regimen)


def on_course(counts: Iterable[CountSample], course: Course | None = None, **changes: Any) -> PatientHistory:
    """Return a patient on day 11 of the first cycle of R-CHOP-21 (nadir window D10 to D14)."""
    return a_history(None, course or a_course(), counts, **changes)


def point_of(*counts: CountSample, **changes: Any) -> ChartPoint:
    """Return the point of the last of some counts."""
    return chart_of(on_course(counts, **changes)).points[-1]


def lane_of(kind: str, **changes: Any) -> list[LaneEvent]:
    """Return the lane's events of a kind for a patient on day 11 of her first cycle."""
    return [event for event in chart_of(on_course((), **changes)).lane if event.kind == kind]


def a_forecast(**changes: Any) -> Forecast:
    """Return a forecast of three days around now with two sample courses."""
    days = tuple(
        ForecastDay(at=at(n), median=1.0 + n / 10, p2_5=0.2, p10=0.4, p25=0.7, p75=1.5, p90=2.2, p97_5=3.0) for n in (-1, 0, 1, 2, 3)
    )
    known: dict[str, Any] = {
        "now": NOW,
        "status": "ok",
        "model_id": "neutro-kpd",
        "model_version": "2",
        "observations_used": 5,
        "cycles_used": 2,
        "trajectory": days,
        "samples": ((1.0, 1.1, 1.2, 1.3, 1.4), (0.5, 0.6, 0.7, 0.8, 0.9)),
        "day1": DayOneForecast(at=day(11), threshold=1.0, probability_at_or_above=0.71),
    }
    return Forecast(**(known | changes))


def a_track_entry(**changes: Any) -> TrackEntry:
    """Return an earlier forecast beside what was measured."""
    known: dict[str, Any] = {"made_at": at(-20), "for_at": at(-10), "predicted": Spread(median=0.5, p5=0.2, p95=1.1), "measured": "0.4"}
    return TrackEntry(**(known | changes))
