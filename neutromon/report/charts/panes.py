"""The small synchronised charts: platelets, haemoglobin, white cells, temperature."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from neutromon.models.evaluation import Evaluation
from neutromon.models.formatting import COUNT_UNIT
from neutromon.models.history import PatientHistory
from neutromon.models.trend_chart import SmallPane
from neutromon.report.charts.axis import DayAxis
from neutromon.report.charts.lane import FEVER_CELSIUS, celsius
from neutromon.report.charts.words import number
from neutromon.rules.units import hemoglobin_in

Points = list[tuple[float, float, str]]
COUNTED = (("Platelets", "platelets", 200.0), ("WBC", "wbc", 10.0))
HEMOGLOBIN_FLOOR = {"g/dL": (6.0, 14.0), "g/L": (60.0, 140.0), "mmol/L": (4.0, 9.0)}
TEMPERATURE_RANGE = (36.0, 39.5)
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST_TICKS = 4


def small_panes(history: PatientHistory, evaluation: Evaluation, axis: DayAxis) -> tuple[SmallPane, ...]:
    """Return the four panes; one without a value stays empty and says so in the painters."""
    platelets, white = (_cells(evaluation, axis, *row) for row in COUNTED)
    return platelets, _hemoglobin(evaluation, axis), white, _temperature(history, axis)


def _cells(evaluation: Evaluation, axis: DayAxis, name: str, key: str, usual: float) -> SmallPane:
    points = _points(evaluation, axis, key)
    return _pane(name, COUNT_UNIT, points, _limits(evaluation, key, COUNT_UNIT), (0.0, usual))


def _points(evaluation: Evaluation, axis: DayAxis, key: str) -> Points:
    rows = [(count.collected_at, count.values.get(key)) for count in evaluation.counts]
    return sorted((axis.moment(when), float(value.value), number(value)) for when, value in rows if when is not None and value is not None)


def _hemoglobin(evaluation: Evaluation, axis: DayAxis) -> SmallPane:
    """Return haemoglobin in the unit of the latest sample; others are converted."""
    known = [(c.collected_at, c.values["hemoglobin"]) for c in evaluation.counts if c.collected_at and "hemoglobin" in c.values]
    known.sort(key=lambda row: row[0])
    unit = known[-1][1].unit if known else "g/dL"
    converted = [(axis.moment(when), hemoglobin_in(value, unit)) for when, value in known]
    points = [(x, float(value.value), number(value)) for x, value in converted]
    return _pane("Haemoglobin", unit, points, _limits(evaluation, "hemoglobin", unit), HEMOGLOBIN_FLOOR[unit])


def _limits(evaluation: Evaluation, key: str, unit: str) -> list[tuple[float, str]]:
    """Return the lower limit of normal and what day 1 asks for."""
    limit, asked = evaluation.lower_limits.get(key), (evaluation.day1.asks if evaluation.day1 else {}).get(key)
    found = []
    for words, quantity in (("LLN", limit), ("day 1", asked)):
        if quantity is not None:
            shown = hemoglobin_in(quantity, unit) if key == "hemoglobin" else quantity
            found.append((float(shown.value), f"{words} {number(shown)}"))
    return found


def _temperature(history: PatientHistory, axis: DayAxis) -> SmallPane:
    read = [(reading.at, celsius(reading)) for reading in history.temperatures]
    points = sorted((axis.moment(when), float(value), f"{value:.1f}") for when, value in read if when is not None and value is not None)
    return _pane("Temperature", "°C", points, [(float(FEVER_CELSIUS), f"{FEVER_CELSIUS}")], TEMPERATURE_RANGE)


def _pane(name: str, unit: str, points: Points, limits: list[tuple[float, str]], usual: tuple[float, float]) -> SmallPane:
    values = [value for _, value, _ in points]
    low, high = min([usual[0], *values]), max([usual[1], *values])
    ticks = linear_ticks(low, high)
    return SmallPane(
        name=name,
        unit=unit,
        points=tuple(points),
        limits=tuple((value, text) for value, text in limits if ticks[0] <= value <= ticks[-1]),
        y_low=ticks[0],
        y_high=ticks[-1],
        y_ticks=tuple((tick, f"{tick:g}") for tick in ticks),
    )


def linear_ticks(low: float, high: float) -> Sequence[float]:
    """Return round numbers around a range, at most five."""
    span = Decimal(str(high - low))
    size = Decimal(1).scaleb(span.adjusted() - 1)
    step = next(s for s in (size * Decimal(str(n)) * ten for ten in (1, 10) for n in STEPS) if span / s <= MOST_TICKS)
    first = Decimal(str(low)) // step * step
    count = int(((Decimal(str(high)) - first) / step).to_integral_value(ROUND_CEILING))
    return [float(first + step * n) for n in range(count + 1)]
