"""What lies right of now: the day-1 target and the forecast, or the reason why there is none."""

from datetime import date, timedelta

from neutromon.models.evaluation import DayOne, Evaluation
from neutromon.models.forecast import DayOneForecast, Forecast, TrackEntry
from neutromon.models.trend_chart import DayOneTarget, ForecastFan
from neutromon.report.charts.axis import DayAxis
from neutromon.report.charts.points import PlacedCount
from neutromon.report.charts.words import SIGNS

NOT_ASKED = "No forecast was calculated."
SHORT = {"anc": "ANC", "platelets": "Plt", "hemoglobin": "Hb"}


def day_one_target(evaluation: Evaluation, placed: list[PlacedCount], axis: DayAxis) -> DayOneTarget | None:
    """Return the bracket of the next treatment; None where it has no date or its rule has no bound for the ANC."""
    check = evaluation.day1
    asked = check.asks.get("anc") if check else None
    if check is None or check.target_date is None or asked is None:
        return None
    x = axis.day(date.fromisoformat(check.target_date))
    valid_days = (check.valid_hours or 0) / 24
    known = [p.point for p in placed if p.quantity is not None and p.point.at <= evaluation.now]
    last = known[-1].x if known else None
    return DayOneTarget(
        x=x,
        threshold=float(asked.value),
        text=_target_words(check),
        window_days=valid_days,
        last_count_valid=None if last is None else last >= x - valid_days,
        last_count_x=last,
        low=x - valid_days,
    )


def _target_words(check: DayOne) -> str:
    """Return "go if ANC ≥ 1.0 and Plt ≥ 100, count valid 3 d (OT-GEN)"."""
    bounds = " and ".join(f"{SHORT[name]} {SIGNS[q.comparator]} {q.value}" for name, q in check.asks.items())
    hours = check.valid_hours or 0
    valid = f"{hours // 24} d" if hours % 24 == 0 else f"{hours} h"
    return f"go if {bounds}, count valid {valid} ({check.rule})"


def forecast_fan(forecast: Forecast | None, axis: DayAxis, now: float) -> tuple[ForecastFan | None, str]:
    """Return the fan from now on, or the reason why there is none."""
    if forecast is None:
        return None, NOT_ASKED
    if not forecast.ok:
        reason = forecast.reason_text or (forecast.reason or "the reason was not stated").replace("_", " ")
        return None, f"No forecast: {reason}"
    places = [axis.moment(day.at) for day in forecast.trajectory]
    start = max((i for i, x in enumerate(places) if x <= now), default=0)
    rows = forecast.trajectory[start:]
    if len(rows) < 2:
        return None, "No forecast: it does not reach beyond now."
    fan = ForecastFan(
        x=tuple(places[start:]),
        median=tuple(row.median for row in rows),
        low50=tuple(row.p25 for row in rows),
        high50=tuple(row.p75 for row in rows),
        low80=tuple(row.p10 for row in rows),
        high80=tuple(row.p90 for row in rows),
        low95=tuple(row.p2_5 for row in rows),
        high95=tuple(row.p97_5 for row in rows),
        samples=tuple(sample[start:] for sample in forecast.samples),
        text=chance_words(forecast.day1) if forecast.day1 else "",
        chip=_chip(forecast),
    )
    return fan, ""


def chance_words(day1: DayOneForecast) -> str:
    """Return "about 7 of 10 similar courses reach ≥ 1.0 by 12 Mar"."""
    tenths = round(day1.probability_at_or_above * 10)
    share = {0: "fewer than 1 of 10", 10: "more than 9 of 10"}.get(tenths, f"about {tenths} of 10")
    return f"{share} similar courses reach ≥ {day1.threshold:g} by {day1.at:%d %b}"


def _chip(forecast: Forecast) -> str:
    """Return the model, the patient's own cycles and counts in it, its warnings, and how the last forecast did."""
    cycles, counts = forecast.cycles_used, forecast.observations_used
    used = f"{cycles} own cycle{'s' * (cycles != 1)}, {counts} count{'s' * (counts != 1)}"
    warned = [word.replace("_", " ") for word in forecast.warnings]
    measured = [entry for entry in forecast.track_record if entry.measured]
    error = [_error(max(measured, key=lambda entry: entry.for_at))] if measured else ["no earlier forecast to compare"]
    return " · ".join([f"{forecast.model_id} {forecast.model_version}".strip(), used, *warned, *error])


def _error(entry: TrackEntry) -> str:
    spread = entry.predicted
    return f"last forecast {spread.median:g} ({spread.p5:g}–{spread.p95:g}), measured {entry.measured}"


def reach_of(evaluation: Evaluation, axis: DayAxis) -> float:
    """Return how far right the chart must go for the next day 1 to be seen whole."""
    target = evaluation.day1.target_date if evaluation.day1 else None
    return axis.day(date.fromisoformat(target) + timedelta(days=2)) if target else 0.0
