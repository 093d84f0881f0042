"""What the counts say of a patient: the most probable parameters, then weighted draws with a check that they are enough."""

from dataclasses import dataclass
from math import lgamma

import numpy as np

from neutromon.forecast.course import Course
from neutromon.forecast.kernel import Array, Kernel
from neutromon.forecast.likelihood import Counts, Residual, count_objective
from neutromon.forecast.optimum import Optimum, Target, minimise, objective, spread_points
from neutromon.forecast.simulate import Draws, Simulator, course_grid

FREEDOM = 5.0
INFLATION = 1.3
FARTHEST_SD = 6.0
MAP_BOX_SD = 4.0
ENOUGH, FEWEST = 100.0, 60.0
AGAIN_BEYOND_SD, AGAIN_RESIDUAL = 2.5, 1.8
PRIOR_DRAWS = 4000
ENOUGH_GAIN = 1e-4
FEW_COUNTS = 2
"""With so few counts a wrong transit time of the prior cannot show yet: what studies differ by is added to its spread."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posterior:
    """Weighted draws; `cycles` names the columns of kappa; `best` is the most probable point."""

    draws: Draws
    weights: Array
    cycles: tuple[int, ...]
    method: str
    effective: float
    best: Array
    residuals: Array

    @property
    def enough(self) -> bool:
        """Return whether model and data agree well enough for numbers to be shown."""
        return self.effective >= FEWEST


class Problem:
    """The counts of a course as a problem in the random effects (own five, kappa per past cycle, growth-factor gain)."""

    def __init__(self, course: Course, kernel: Kernel) -> None:
        prior = course.prior
        self.counts = course.counts
        latest = max((count.time_h for count in course.counts), default=0.0)
        past = course.treatment.before(latest)
        self._first_growth = bool(past.growth)
        self.cycles = cycles = tuple(sorted({dose.cycle for dose in past.doses}))
        grid = course_grid(past, [count.time_h for count in course.counts], max(latest, 1.0))
        self._simulator = Simulator(course, past, grid, cycles, kernel)
        self._places = grid.at([count.time_h for count in course.counts])
        kappas = [prior.sd_occasion**2] * len(cycles)
        self.variance = np.array([sd**2 for sd in prior.sd] + kappas + ([1.0] if self._first_growth else []))
        if 0 < len(course.counts) <= FEW_COUNTS:
            self.variance[1] += prior.sd_mtt_between**2
        sd = np.array([prior.sigma_affected if count.affected else prior.sigma for count in course.counts])
        self.residual = Residual(kind="lognormal", sd=sd)
        self.observed = Counts(
            value=np.array([count.value for count in course.counts]), side=np.array([float(count.side) for count in course.counts])
        )

    def predict(self, effects: Array) -> Array:
        """Return ln of what is in the blood at the counts (counts x draws)."""
        with np.errstate(all="ignore"):
            ln: Array = np.log(self._simulator.blood(self.draws(effects), self._places))
        return ln

    def draws(self, effects: Array, spike: Array | None = None, gain: Array | None = None) -> Draws:
        """Return the random effects by name; what the counts cannot tell comes from `spike` and `gain`."""
        none = np.zeros(len(effects))
        own_gain = effects[:, -1] if self._first_growth else (none if gain is None else gain)
        return Draws(own=effects[:, :5], kappa=effects[:, 5 : 5 + len(self.cycles)], gain=own_gain, spike=none if spike is None else spike)

    def target(self) -> Target:
        """Return the problem for the optimiser."""
        return Target(predict=self.predict, counts=self.observed, residual=self.residual, variance=self.variance, box=MAP_BOX_SD)

    def minus_twice_ln_likelihood(self, effects: Array) -> Array:
        """Return the counts' part of the objective, infinite where the model gives no finite number."""
        with np.errstate(all="ignore"):
            q, _, _ = count_objective(self.predict(effects), self.observed, self.residual)
            total = q.sum(axis=0)
        return np.where(np.isfinite(total), total, np.inf)


def learn(course: Course, kernel: Kernel, draws: int = 1000) -> Posterior:
    """Return the posterior of a course, deterministic for the same patient and counts."""
    problem = Problem(course, kernel)
    random = np.random.default_rng(course.seed)
    if not course.counts:
        effects = random.standard_normal((draws, len(problem.variance))) * np.sqrt(problem.variance)
        return _finish(problem, random, effects, np.full(draws, 1.0 / draws), "prior", np.zeros(len(problem.variance)), 0.0)
    best = most_probable(problem)
    effects, ln_weights, method = _importance(problem, best, random, draws)
    weights, ln_mean = normalised(ln_weights)
    return _finish(problem, random, effects, weights, method, best.eta, ln_mean)


def most_probable(problem: Problem) -> Optimum:
    """Return the maximum a posteriori; start again from other points where counts and regimen disagree."""
    target = problem.target()
    sd = np.sqrt(problem.variance)
    best = minimise(target, np.zeros((1, len(sd))), tolerance=1e-4, enough=ENOUGH_GAIN)
    residuals = _residuals(problem, best.ln_predicted)
    if (
        np.abs(best.eta / sd).max() > AGAIN_BEYOND_SD
        or np.abs(residuals).max(initial=0.0) > AGAIN_RESIDUAL
        or not np.isfinite(best.objective)
    ):
        points = spread_points(96, len(sd)) * sd
        order = np.argsort(objective(target, points), kind="stable")
        again = minimise(target, points[order[:4]], tolerance=1e-4, enough=ENOUGH_GAIN)
        best = again if again.objective < best.objective - 1e-6 else best
    return best


def ln_evidence(course: Course, kernel: Kernel) -> float:
    """Return the logarithm of the counts' probability under a course (Laplace), but for what is the same for the same counts."""
    problem = Problem(course.in_order(), kernel)
    best = most_probable(problem)
    _, curvature = np.linalg.slogdet(best.precision)
    return -0.5 * (best.objective + float(curvature) + float(np.log(problem.variance).sum()))


def _residuals(problem: Problem, ln_predicted: Array) -> Array:
    """Return standardised residuals; a censored count has one only on its wrong side."""
    z = (np.log(problem.observed.value) - ln_predicted) / problem.residual.sd
    side = problem.observed.side
    wrong = np.where(side < 0, np.minimum(z, 0.0), np.maximum(z, 0.0))
    return np.where(side == 0, z, wrong)


def _importance(problem: Problem, best: Optimum, random: np.random.Generator, draws: int) -> tuple[Array, Array, str]:
    """Return draws with the logarithms of their weights: one round, else three adaptive rounds, else the prior."""
    sd = np.sqrt(problem.variance)
    first = Proposal.around(best.eta, np.asarray(np.linalg.inv(best.precision), dtype=np.float64))
    effects = first.draw(random, draws)
    ln_weights = _ln_target(problem, effects) - first.ln_density(effects)
    if effective_size(normalised(ln_weights)[0]) >= ENOUGH:
        return effects, ln_weights, "SIR"
    effects, ln_weights = _adaptive(problem, first, random)
    if effective_size(normalised(ln_weights)[0]) >= ENOUGH:
        return effects, ln_weights, "AMIS"
    effects = random.standard_normal((PRIOR_DRAWS, len(sd))) * sd
    return effects, -0.5 * problem.minus_twice_ln_likelihood(effects), "prior"


def _adaptive(problem: Problem, first: "Proposal", random: np.random.Generator) -> tuple[Array, Array]:
    """Return the draws of three rounds whose proposal learns from the rounds before (mixture weights)."""
    proposals, parts, targets = [first], [], []
    for count in (250, 250, 500):
        parts.append(proposals[-1].draw(random, count))
        targets.append(_ln_target(problem, parts[-1]))
        effects = np.concatenate(parts)
        shares = np.array([len(part) for part in parts]) / len(effects)
        densities = np.array([p.ln_density(effects) for p in proposals])
        top = densities.max(axis=0)
        mixture = top + np.log((shares[:, None] * np.exp(densities - top)).sum(axis=0))
        ln_weights = np.concatenate(targets) - mixture
        proposals.append(Proposal.of_draws(effects, normalised(ln_weights)[0], problem.variance))
    return effects, ln_weights


def _ln_target(problem: Problem, effects: Array) -> Array:
    """Return the logarithm of likelihood times prior; nothing beyond six SDs counts."""
    scaled = effects / np.sqrt(problem.variance)
    constant = -0.5 * np.log(2.0 * np.pi * problem.variance).sum()
    total = -0.5 * (problem.minus_twice_ln_likelihood(effects) + (scaled**2).sum(axis=1)) + constant
    return np.where((np.abs(scaled) <= FARTHEST_SD).all(axis=1), total, -np.inf)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal:
    """A multivariate Student-t."""

    center: Array
    root: Array

    @classmethod
    def around(cls, center: Array, covariance: Array) -> "Proposal":
        """Return the proposal around a mode."""
        return cls(center=center, root=np.asarray(np.linalg.cholesky(covariance * INFLATION), dtype=np.float64))

    @classmethod
    def of_draws(cls, effects: Array, weights: Array, variance: Array) -> "Proposal":
        """Return the proposal that weighted draws suggest; a little of the prior keeps it from collapsing."""
        center = weights @ effects
        apart = effects - center
        covariance = (weights[:, None] * apart).T @ apart + 0.02 * np.diag(variance)
        return cls.around(center, covariance)

    def draw(self, random: np.random.Generator, count: int) -> Array:
        """Return draws, one per row."""
        normal = random.standard_normal((count, len(self.center)))
        heavy = np.sqrt(random.chisquare(FREEDOM, count) / FREEDOM)
        effects: Array = self.center + (normal @ self.root.T) / heavy[:, None]
        return effects

    def ln_density(self, effects: Array) -> Array:
        """Return the logarithm of the density."""
        size = len(self.center)
        z = np.linalg.solve(self.root, (effects - self.center).T)
        constant = lgamma((FREEDOM + size) / 2) - lgamma(FREEDOM / 2) - size / 2 * np.log(FREEDOM * np.pi)
        tail: Array = constant - np.log(np.diag(self.root)).sum() - (FREEDOM + size) / 2 * np.log1p((z**2).sum(axis=0) / FREEDOM)
        return tail


def normalised(ln_weights: Array) -> tuple[Array, float]:
    """Return weights that sum to one, and the logarithm of the mean weight; a draw without a finite weight gets none."""
    sound = np.where(np.isfinite(ln_weights), ln_weights, -np.inf)
    top = sound.max(initial=-np.inf)
    if not np.isfinite(top):
        return np.full(len(sound), 1.0 / len(sound)), -np.inf
    raw = np.exp(sound - top)
    return raw / raw.sum(), float(top + np.log(raw.mean()))


def effective_size(weights: Array) -> float:
    """Return 1 / sum of squared weights."""
    return float(1.0 / (weights**2).sum())


def _finish(
    problem: Problem, random: np.random.Generator, effects: Array, weights: Array, method: str, best: Array, ln_mean: float
) -> Posterior:
    kept = weights > 0.0
    effects, weights = effects[kept], weights[kept]
    spike, gain = random.standard_normal(len(effects)), random.standard_normal(len(effects))
    residuals = _residuals(problem, problem.predict(best[None, :])[:, 0]) if len(problem.counts) else np.zeros(0)
    return Posterior(
        draws=problem.draws(effects, spike, gain),
        weights=weights,
        cycles=problem.cycles,
        method=method,
        effective=0.0 if not np.isfinite(ln_mean) else effective_size(weights),
        best=best,
        residuals=residuals,
    )
