"""One forecast: learn from the counts, project the treatment, check for conflict, say it or refuse it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from neutromon.forecast import summary
from neutromon.forecast.course import Ask, Course, GrowthDose, Treatment
from neutromon.forecast.kernel import Array, Kernel
from neutromon.forecast.library import KERNEL
from neutromon.forecast.likelihood import normal_cdf
from neutromon.forecast.posterior import Posterior, learn, ln_evidence
from neutromon.forecast.simulate import Curves, Simulator, course_grid

SAMPLES = 20
SURPRISE_Z, FAR_SD = 2.6, 3.0
UNRECORDED_ODDS, UNRECORDED_FROM = 0.1, 0.2
LOOK_FROM = 1.2
CONTRADICTION = 3.5
NEXT_NADIR_BY_DAY = 14.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflicts:
    """What does not fit: the largest residual and parameter in SDs, how far the newest count lies from what the others led to
    expect, and the weight of a growth factor nobody recorded."""

    surprise: float
    residual: float
    parameter: float
    unrecorded_growth: float

    @property
    def newest_surprises(self) -> bool:
        """Return whether the newest count should be confirmed."""
        return self.surprise > SURPRISE_Z

    @property
    def far(self) -> bool:
        """Return whether counts and regimen disagree."""
        return self.residual > SURPRISE_Z or self.parameter > FAR_SD

    @property
    def growth_suspected(self) -> bool:
        """Return whether the counts look as if a growth factor had been given."""
        return self.unrecorded_growth > UNRECORDED_FROM

    @property
    def any(self) -> bool:
        """Return whether a person should be asked to check the data."""
        return self.newest_surprises or self.far or self.growth_suspected


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prediction:
    """The forecast in hours and 10^9/L; `fan` has a row per asked time and a column per level of summary.FAN."""

    fan: Array
    samples: Array
    measured: Array
    nadir: summary.NadirSummary
    next_nadir: summary.NadirSummary | None
    day1_measured: float
    day1_latent: float
    recovery_h: summary.Range
    recovered_share: float
    next_draw_row: int | None
    individual: Mapping[str, float]
    conflicts: Conflicts
    method: str
    effective: float
    kernel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """No numbers: the counts and the model do not agree."""

    residual: float
    effective: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learnt:
    """A posterior with what is drawn for cycles to come, so that what-ifs share the same random numbers."""

    course: Course
    posterior: Posterior
    future: Array
    normals: Array


def study(course: Course, *, kernel: Kernel = KERNEL, draws: int = 1000) -> Learnt:
    """Return what the counts say; doses after the last count do not enter, whatever is planned."""
    course = course.in_order()
    posterior = learn(course, kernel, draws)
    random = np.random.default_rng(course.seed ^ 0x5EED)
    count = len(posterior.weights)
    future = random.standard_normal((count, 4)) * course.prior.sd_occasion
    return Learnt(course=course, posterior=posterior, future=future, normals=random.standard_normal(count))


def predict(
    learnt: Learnt, ask: Ask, treatment: Treatment | None = None, *, kernel: Kernel = KERNEL, look_for_growth: bool = True
) -> Prediction | Disagreement:
    """Return the forecast of a treatment (the course's own unless another is asked about)."""
    posterior, course = learnt.posterior, learnt.course
    worst = float(np.abs(posterior.residuals).max(initial=0.0))
    if not posterior.enough or worst > CONTRADICTION:
        return Disagreement(residual=worst, effective=posterior.effective)
    curves = project(learnt, ask, treatment or course.treatment, kernel)
    weights, sigma = sound_weights(curves, posterior.weights), course.prior.sigma
    part = summary.window(curves, ask.now_h, ask.day1_h)
    rows = np.log(np.maximum(curves.at(ask.rows_h), summary.SMALLEST))
    recovery = summary.recovery_h(part, ask.threshold)
    recovered = float(weights @ np.isfinite(recovery))
    ln_day1 = part.ln[-1]
    return Prediction(
        fan=np.exp(summary.quantiles(rows, weights, summary.FAN)),
        samples=np.exp(rows[:, summary.sample_places(weights, SAMPLES)]).T,
        measured=summary.measured(rows, weights, sigma, learnt.normals),
        nadir=summary.nadir(part, weights),
        next_nadir=_next_nadir(curves, ask, course, weights),
        day1_measured=summary.at_or_above(ln_day1, weights, ask.threshold, sigma),
        day1_latent=float(weights @ (ln_day1 >= np.log(ask.threshold))),
        recovery_h=summary.spread(np.minimum(recovery, ask.day1_h), weights),
        recovered_share=recovered,
        next_draw_row=_next_draw(rows, part, ask, weights, sigma),
        individual=individual(course, posterior),
        conflicts=conflicts(learnt, curves, weights, kernel, look_for_growth=look_for_growth),
        method=posterior.method,
        effective=posterior.effective,
        kernel=kernel.name,
    )


def sound_weights(curves: Curves, weights: Array) -> Array:
    """Return the weights without those of draws that ran out of the numbers; make those draws harmless."""
    sound = np.isfinite(curves.blood).all(axis=0)
    if sound.all():
        return weights
    curves.blood[:, ~sound] = summary.SMALLEST
    kept = np.where(sound, weights, 0.0)
    total = float(kept.sum())
    return kept / total if total > 0.0 else weights


def project(learnt: Learnt, ask: Ask, treatment: Treatment, kernel: Kernel) -> Curves:
    """Return the courses of the posterior's draws under a treatment, up to the asked end."""
    treatment = treatment.in_order()
    wanted = [*ask.rows_h, ask.now_h, ask.day1_h, ask.start_h]
    wanted += [count.time_h for count in learnt.course.counts]
    grid = course_grid(treatment, [t for t in wanted if 0.0 <= t <= ask.end_h], ask.end_h)
    cycles = sorted({dose.cycle for dose in treatment.doses})
    known = {cycle: column for column, cycle in enumerate(learnt.posterior.cycles)}
    draws, ahead = learnt.posterior.draws, 0
    columns = []
    for cycle in cycles:
        if cycle in known:
            columns.append(draws.kappa[:, known[cycle]])
        else:
            columns.append(learnt.future[:, ahead % learnt.future.shape[1]])
            ahead += 1
    kappa = np.array(columns).T if columns else np.zeros((len(learnt.future), 0))
    with np.errstate(all="ignore"):
        return Simulator(learnt.course, treatment, grid, cycles, kernel).run(replace(draws, kappa=kappa))


def _next_nadir(curves: Curves, ask: Ask, course: Course, weights: Array) -> summary.NadirSummary | None:
    """Return the lowest count after the next dose where the horizon holds it."""
    due = course.prior.nadir_day
    if ask.next_dose_h is None or due is None or due > NEXT_NADIR_BY_DAY or course.prior.late_nadir:
        return None
    return summary.nadir(summary.window(curves, ask.next_dose_h, ask.end_h), weights)


def _next_draw(rows: Array, part: summary.Window, ask: Ask, weights: Array, sigma: float) -> int | None:
    """Return the row of the day whose count would tell most: about the nadir while it lies ahead, else about the next day 1."""
    possible = [i for i, t in enumerate(ask.rows_h) if ask.now_h + 12.0 < t < ask.day1_h - 12.0]
    if not possible:
        return None
    at, lowest = summary.lowest_of(part)
    ahead = float(weights @ at) > ask.now_h + 24.0
    answer = lowest if ahead else part.ln[-1]
    return possible[summary.most_telling(rows[possible], answer, weights, sigma)]


def individual(course: Course, posterior: Posterior) -> Mapping[str, float]:
    """Return the posterior medians of this patient's parameters."""
    z = np.array([summary.spread(column, posterior.weights).median for column in posterior.draws.own.T])
    prior = course.prior
    return {
        "circ0": prior.circ0 * float(np.exp(z[0])),
        "mtt_h": prior.mtt_h * float(np.exp(z[1])),
        "gamma": prior.gamma * float(np.exp(z[2])),
        "slope": sum(part.lk for part in prior.parts) * float(np.exp(z[3])),
        "t_e_h": prior.parts[0].t_e_h * float(np.exp(z[4])),
    }


def conflicts(learnt: Learnt, curves: Curves, weights: Array, kernel: Kernel, *, look_for_growth: bool = True) -> Conflicts:
    """Return what does not fit between the counts and the regimen."""
    posterior, course = learnt.posterior, learnt.course
    sd = np.array([*course.prior.sd, *([course.prior.sd_occasion] * len(posterior.cycles))])
    scaled = np.abs(posterior.best[: len(sd)] / sd)
    residual, parameter = float(np.abs(posterior.residuals).max(initial=0.0)), float(scaled.max(initial=0.0))
    surprise = _surprise(course, curves, weights)
    odd = look_for_growth and max(residual, parameter, surprise) > LOOK_FROM
    return Conflicts(
        surprise=surprise, residual=residual, parameter=parameter, unrecorded_growth=_unrecorded(learnt, kernel) if odd else 0.0
    )


def _surprise(course: Course, curves: Curves, weights: Array) -> float:
    """Return how many SDs the newest count lies from what all counts before it led to expect (0 where it is censored).

    Its own say is taken out of the weights, so that no second estimate is needed.
    """
    newest = max(course.counts, key=lambda count: count.time_h, default=None)
    if newest is None or newest.side or len(course.counts) < 2:
        return 0.0
    sigma = course.prior.sigma_affected if newest.affected else course.prior.sigma
    z = (np.log(newest.value) - np.log(np.maximum(curves.at([newest.time_h])[0], summary.SMALLEST))) / sigma
    without = weights * np.exp(np.clip(0.5 * z**2, 0.0, 50.0))
    without /= without.sum()
    share = float(without @ normal_cdf(z))
    from statistics import NormalDist  # not at the start of the program, which needs none of it

    return abs(NormalDist().inv_cdf(min(max(share, 1e-9), 1.0 - 1e-9)))


def _unrecorded(learnt: Learnt, kernel: Kernel) -> float:
    """Return the posterior weight of "a long-acting growth factor was given on day 2 and nobody wrote it down"."""
    course = learnt.course
    latest = max((count.time_h for count in course.counts), default=0.0)
    if course.treatment.growth or not course.treatment.doses or latest <= course.treatment.doses[0].time_h + 72.0:
        return 0.0
    first: dict[int, float] = {}
    for dose in course.treatment.doses:
        first.setdefault(dose.cycle, dose.time_h)
    units = course.growth_model.long_acting.units
    given = tuple(GrowthDose(time_h=t + 26.0, long_acting=True, units=units) for t in first.values() if t + 26.0 < latest)
    other = ln_evidence(replace(course, treatment=replace(course.treatment, growth=given)), kernel)
    odds = UNRECORDED_ODDS * float(np.exp(np.clip(other - ln_evidence(course, kernel), -50.0, 50.0)))
    return odds / (1.0 + odds)
