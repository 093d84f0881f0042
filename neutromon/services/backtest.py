"""The backtest: the clinic's own closed cycles replayed, each forecast made from what was known then and set beside what came."""

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from neutromon.forecast import summary
from neutromon.forecast.engine import CONTRADICTION, project, sound_weights, study
from neutromon.forecast.kernel import Array, Kernel
from neutromon.forecast.library import KERNEL
from neutromon.forecast.likelihood import normal_cdf
from neutromon.forecast.priors import PriorBook
from neutromon.models.evaluation import CountEvaluation
from neutromon.models.history import Cycle, PatientHistory
from neutromon.models.quantity import Comparator
from neutromon.rules import RuleBook
from neutromon.rules.counts import evaluate_counts
from neutromon.rules.schedule import begun
from neutromon.services.forecast_course import Framed, Refused, frame
from neutromon.services.forecasts import load_priors
from neutromon.services.patients import patient_history
from neutromon.services.session import Session

Progress = Callable[[int, int], None]
DRAWS = 500
AHEAD = ((0.0, 2.0), (2.0, 4.0), (4.0, 7.0), (7.0, 10.0), (10.0, 15.0), (15.0, 29.0))
BINS = 5
LEVELS = (0.5, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestPoint:
    """One measured count beside what was forecast of it; 10^9/L. `patient` is a number within this backtest, not an identity.

    `pit` is where the count fell in the forecast distribution (None for a censored count); `last_cycle` what the cycle before
    showed on that day, `prior` what the regimen's prior alone said.
    """

    patient: int
    regimen: str
    cycle: int
    made_at: datetime
    observations: int
    for_at: datetime
    days_ahead: float
    measured: float
    censored: bool
    median: float
    p5: float
    p95: float
    pit: float | None
    probability: float
    threshold: float
    last_cycle: float | None
    prior: float

    @property
    def covered(self) -> bool | None:
        """Return whether the 90 % interval held the count; None where a censored one leaves it open."""
        if self.pit is None:
            return None if self.measured > self.p5 else True
        return 0.05 <= self.pit <= 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class AheadRow:
    """Errors by day ahead: median factor between forecast and measured (1.0 = exact), and the share inside the 90 % interval."""

    low: float
    high: float
    points: int
    coverage: float | None
    error_factor: float
    last_cycle_factor: float | None
    prior_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """Forecasts of about the same probability of being at or above the day-1 threshold, and how often it was so."""

    stated: float
    observed: float
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The whole: points, coverage by level, errors by day ahead, calibration, Brier score beside that of the plain frequency."""

    points: tuple[BacktestPoint, ...] = ()
    patients: int = 0
    cycles: int = 0
    forecasts: int = 0
    refusals: Mapping[str, int] = field(default_factory=dict)
    coverage: Mapping[float, float] = field(default_factory=dict)
    ahead: tuple[AheadRow, ...] = ()
    calibration: tuple[CalibrationBin, ...] = ()
    brier: float | None = None
    climatology: float | None = None
    kernel: str = ""

    @property
    def text(self) -> str:
        """Return the result in one plain sentence."""
        if not self.points:
            return "There is no closed cycle with at least two counts before another one; nothing can be compared yet."
        share = round(100 * self.coverage.get(0.9, 0.0))
        return (
            f"{self.forecasts} forecasts in {self.cycles} closed cycles of {self.patients} patients: "
            f"{share} % of {len(self.points)} later counts fell inside the 90 % interval."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closed:
    """A closed cycle with the cycle before it, and its counts in order of time."""

    patient: int
    cycle: Cycle
    counts: tuple[CountEvaluation, ...]
    before: tuple[tuple[float, float], ...]


def backtest(s: Session, progress: Progress = lambda done, total: None) -> Backtest:
    """Return the backtest over every patient of the store; nothing is stored."""
    patients = sorted({fact.patient for fact in s.store.facts_of_kind("course") if fact.patient})
    histories = []
    for done, patient in enumerate(patients):
        histories.append(patient_history(s, patient))
        progress(done, 2 * len(patients))
    return backtest_histories(histories, s.rules, lambda done, total: progress(total + done, 2 * total))


def backtest_histories(
    histories: Sequence[PatientHistory],
    book: RuleBook,
    progress: Progress = lambda done, total: None,
    *,
    priors: PriorBook | None = None,
    kernel: Kernel = KERNEL,
) -> Backtest:
    """Return the backtest over histories."""
    known, points, refusals = priors or load_priors(), [], Counter[str]()
    for number, history in enumerate(histories, start=1):
        points += list(_of_history(number, history, book, known, kernel, refusals))
        progress(number, len(histories))
    return summarise(points, refusals, kernel.name)


def _of_history(
    number: int, history: PatientHistory, book: RuleBook, priors: PriorBook, kernel: Kernel, refusals: Counter[str]
) -> Iterator[BacktestPoint]:
    for closed in _closed_cycles(number, history, book):
        prior_at: Mapping[datetime, float] = {}
        for place, count in enumerate(closed.counts[:-1]):
            assert count.collected_at is not None
            now = count.collected_at + timedelta(minutes=1)
            later = closed.counts[place + 1 :]
            try:
                framed = frame(history, book, priors, now)
            except Refused as refused:
                refusals[refused.code] += 1
                continue
            prior_at = prior_at or _prior_medians(framed, closed.counts, kernel)
            yield from _points(framed, closed, later, now, prior_at, kernel, refusals)


def _closed_cycles(number: int, history: PatientHistory, book: RuleBook) -> Iterator[_Closed]:
    """Give each cycle that another one followed, with its usable counts up to and with that day 1."""
    cycles = begun(history.course)
    if len(cycles) < 2 or not history.counts:
        return
    end = max(count.collected_at for count in history.counts if count.collected_at is not None) + timedelta(days=1)
    usable = [c for c in evaluate_counts(history, end, book) if c.collected_at is not None and c.anc.quantity is not None]
    usable.sort(key=lambda count: count.collected_at or end)
    before: tuple[tuple[float, float], ...] = ()
    for cycle, following in pairwise(cycles):
        assert cycle.day1 is not None and following.day1 is not None
        inside = tuple(c for c in usable if c.collected_at is not None and cycle.day1 <= c.collected_at.date() <= following.day1)
        if len(inside) >= 2:
            yield _Closed(patient=number, cycle=cycle, counts=inside, before=before)
        before = tuple((_cycle_day(cycle, count), _value(count)) for count in inside)


def _cycle_day(cycle: Cycle, count: CountEvaluation) -> float:
    assert cycle.day1 is not None and count.collected_at is not None
    start = datetime(cycle.day1.year, cycle.day1.month, cycle.day1.day, tzinfo=count.collected_at.tzinfo)
    return (count.collected_at - start).total_seconds() / 86400.0


def _value(count: CountEvaluation) -> float:
    assert count.anc.quantity is not None
    return max(float(count.anc.quantity.value), 0.01)


def _hours(framed: Framed, counts: Sequence[CountEvaluation]) -> tuple[float, ...]:
    return tuple((c.collected_at - framed.zero).total_seconds() / 3600.0 for c in counts if c.collected_at is not None)


def _prior_medians(framed: Framed, counts: Sequence[CountEvaluation], kernel: Kernel) -> Mapping[datetime, float]:
    """Return what the regimen's prior alone says of the cycle's counts."""
    hours = _hours(framed, counts)
    learnt = study(replace(framed.course, counts=()), kernel=kernel, draws=DRAWS)
    ask = replace(framed.ask, rows_h=hours, end_h=max(framed.ask.end_h, max(hours) + 1.0))
    curves = project(learnt, ask, framed.treatment, kernel)
    weights = sound_weights(curves, learnt.posterior.weights)
    medians = summary.quantiles(curves.at(hours), weights, (0.5,))[:, 0]
    return {c.collected_at: float(m) for c, m in zip(counts, medians, strict=True) if c.collected_at is not None}


def _points(
    framed: Framed,
    closed: _Closed,
    later: Sequence[CountEvaluation],
    now: datetime,
    prior_at: Mapping[datetime, float],
    kernel: Kernel,
    refusals: Counter[str],
) -> Iterator[BacktestPoint]:
    learnt = study(framed.course, kernel=kernel, draws=DRAWS)
    if not learnt.posterior.enough or float(np.abs(learnt.posterior.residuals).max(initial=0.0)) > CONTRADICTION:
        refusals["inconsistent_counts"] += 1
        return
    hours = _hours(framed, later)
    ask = replace(framed.ask, rows_h=hours, end_h=max(framed.ask.end_h, max(hours) + 1.0))
    curves = project(learnt, ask, framed.treatment, kernel)
    weights, sigma = sound_weights(curves, learnt.posterior.weights), framed.course.prior.sigma
    ln = np.log(np.maximum(curves.at(hours), summary.SMALLEST))
    quantiles = summary.measured(ln, weights, sigma, learnt.normals)
    for count, row, spread in zip(later, ln, quantiles, strict=True):
        yield _point(framed, closed, count, now, row, spread, weights, sigma, prior_at)


def _point(
    framed: Framed,
    closed: _Closed,
    count: CountEvaluation,
    now: datetime,
    ln: Array,
    spread: Array,
    weights: Array,
    sigma: float,
    prior_at: Mapping[datetime, float],
) -> BacktestPoint:
    when, quantity = count.collected_at, count.anc.quantity
    assert when is not None and quantity is not None
    value, exact = _value(count), quantity.comparator is Comparator.EQ
    pit = float(weights @ normal_cdf((math.log(value) - ln) / sigma)) if exact else None
    return BacktestPoint(
        patient=closed.patient,
        regimen=framed.course.prior.label,
        cycle=closed.cycle.number,
        made_at=now,
        observations=len(framed.course.counts),
        for_at=when,
        days_ahead=(when - now).total_seconds() / 86400.0,
        measured=value,
        censored=not exact,
        median=float(spread[2]),
        p5=float(spread[1]),
        p95=float(spread[3]),
        pit=pit,
        probability=summary.at_or_above(ln, weights, framed.ask.threshold, sigma),
        threshold=framed.ask.threshold,
        last_cycle=_same_day(closed.before, _cycle_day(closed.cycle, count)),
        prior=prior_at[when],
    )


def _same_day(before: Sequence[tuple[float, float]], day: float) -> float | None:
    """Return what the last cycle showed on a day: straight in the logarithm between its neighbouring counts, None outside of them."""
    for (left, low), (right, high) in pairwise(before):
        if left <= day <= right and right > left:
            share = (day - left) / (right - left)
            return math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    return None


def summarise(points: Sequence[BacktestPoint], refusals: Mapping[str, int], kernel: str = "") -> Backtest:
    """Return the figures of a backtest's points."""
    pits = np.array([point.pit for point in points if point.pit is not None])
    p = np.array([point.probability for point in points])
    above = np.array([float(point.measured >= point.threshold) for point in points])
    rate = float(above.mean()) if len(above) else 0.0
    return Backtest(
        points=tuple(points),
        patients=len({point.patient for point in points}),
        cycles=len({(point.patient, point.cycle) for point in points}),
        forecasts=len({(point.patient, point.made_at) for point in points}),
        refusals=dict(refusals),
        coverage={level: _inside(pits, level) for level in LEVELS} if len(pits) else {},
        ahead=tuple(_ahead(points)),
        calibration=tuple(_calibration(p, above)),
        brier=float(((p - above) ** 2).mean()) if len(p) else None,
        climatology=rate * (1.0 - rate) if len(p) else None,
        kernel=kernel,
    )


def _inside(pits: Array, level: float) -> float:
    tail = (1.0 - level) / 2.0
    return float(((pits >= tail) & (pits <= 1.0 - tail)).mean())


def _ahead(points: Sequence[BacktestPoint]) -> Iterator[AheadRow]:
    for low, high in AHEAD:
        own = [point for point in points if low <= point.days_ahead < high and not point.censored]
        if not own:
            continue
        held = [point.covered for point in own if point.covered is not None]
        yield AheadRow(
            low=low,
            high=high,
            points=len(own),
            coverage=sum(held) / len(held) if held else None,
            error_factor=_factor([(point.median, point.measured) for point in own]) or 1.0,
            last_cycle_factor=_factor([(point.last_cycle, point.measured) for point in own if point.last_cycle is not None]),
            prior_factor=_factor([(point.prior, point.measured) for point in own]) or 1.0,
        )


def _factor(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return the median factor by which forecast and measured value lie apart, at least 1."""
    if not pairs:
        return None
    return float(np.exp(np.median([abs(math.log(stated / measured)) for stated, measured in pairs])))


def _calibration(p: Array, above: Array) -> Iterator[CalibrationBin]:
    edges = np.linspace(0.0, 1.0, BINS + 1)
    for low, high in pairwise(edges.tolist()):
        inside = (p >= low) & ((p < high) | (high == 1.0))
        if inside.any():
            yield CalibrationBin(stated=float(p[inside].mean()), observed=float(above[inside].mean()), points=int(inside.sum()))


COLUMNS = (
    "patient", "regimen", "cycle", "made_at", "observations", "for_at", "days_ahead", "measured", "censored",
    "median", "p5", "p95", "pit", "probability", "threshold", "last_cycle", "prior",
)  # fmt: skip


def backtest_csv(result: Backtest) -> str:
    """Return every point as CSV for spreadsheets; patients are numbered within the backtest, not named."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for point in result.points:
        writer.writerow([_cell(getattr(point, name)) for name in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else str(value)
