"""Levenberg-Marquardt for the maximum a posteriori, from many starts at once: every call of the model serves all of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neutromon.forecast.kernel import Array
from neutromon.forecast.likelihood import Counts, Residual, count_objective

Predict = Callable[[Array], Array]
"""Random effects (particles x effects) -> ln prediction (counts x particles)."""
LONGEST_STEP = 1.0
WIDTH = 1e-5
GIVE_UP = 1e12
FARTHEST_SD = 3.0
BEND_WIDTH = 1e-4
FINISHED = 1e-10
GOOD = 1e-5
"""A minimum is one where a full Newton step would lower the objective by less than this."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """The problem: minimise the sum of the counts' parts and of eta^2/variance; `box` in SDs, infinite for none."""

    predict: Predict
    counts: Counts
    residual: Residual
    variance: Array
    box: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """The lowest minimum found: eta, its objective, half the curvature there (the posterior's precision), ln predictions."""

    eta: Array
    objective: float
    precision: Array
    ln_predicted: Array
    converged: bool


@dataclass(slots=True, kw_only=True, eq=False)
class _State:
    """The runs, one row per start."""

    eta: Array
    value: Array
    gradient: Array
    curvature: Array
    u: Array
    damping: Array
    done: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def objective(target: Target, eta: Array) -> Array:
    """Return the objective of each row of random effects; infinite where the model gives no finite number."""
    u = target.predict(eta)
    with np.errstate(all="ignore"):
        q, _, _ = count_objective(u, target.counts, target.residual)
        total = q.sum(axis=0) + (eta**2 / target.variance).sum(axis=1)
    return np.where(np.isfinite(total), total, np.inf)


def minimise(
    target: Target,
    starts: Array,
    *,
    central: bool = False,
    most: int = 100,
    tolerance: float = 1e-7,
    enough: float = 0.0,
) -> Optimum:
    """Return the lowest of the minima reached from the starts (rows).

    `central` differences cost twice the runs. A start is done when its step is below `tolerance` SDs, or when a full step
    would gain less than `enough`.
    """
    state = _evaluate(target, starts, central)
    for _ in range(most):
        _step(target, state, central, tolerance, enough)
        if state.done.all():
            break
    finite = np.where(np.isfinite(state.value), state.value, np.inf)
    best = int(np.argmin(finite))
    return Optimum(
        eta=state.eta[best],
        objective=float(state.value[best]),
        precision=state.curvature[best] / 2.0,
        ln_predicted=state.u[:, best],
        converged=bool(np.isfinite(state.value[best])) and _decrement(state, best) < GOOD,
    )


def polish(target: Target, found: Optimum, most: int = 40) -> Optimum:
    """Finish with Newton's method on the whole curvature; Levenberg-Marquardt leaves out a part that counts where residuals stay large."""
    at, left = _evaluate(target, found.eta[None, :], True), np.inf
    if at.done[0]:
        return found
    for _ in range(most):
        move, left = _newton(target, at)
        trial = _shorter_until_lower(target, at, move) if left > FINISHED else None
        if trial is None:
            break
        at = trial
    return Optimum(
        eta=at.eta[0], objective=float(at.value[0]), precision=at.curvature[0] / 2.0, ln_predicted=at.u[:, 0], converged=bool(left < GOOD)
    )


def _newton(target: Target, at: _State) -> tuple[Array, float]:
    """Return the Newton step, downhill along every direction, and what it would gain."""
    sd, effects = np.sqrt(target.variance), at.eta.shape[1]
    bend = np.empty((effects, effects))
    for effect in range(effects):
        side = np.zeros(effects)
        side[effect] = BEND_WIDTH
        both = _evaluate(target, np.array([at.eta[0] + side, at.eta[0] - side]), True)
        bend[effect] = (both.gradient[0] - both.gradient[1]) / (2.0 * BEND_WIDTH)
    scaled = (bend + bend.T) / 2.0 * sd[:, None] * sd[None, :]
    size, direction = np.linalg.eigh(scaled)
    size = np.maximum(np.abs(size), 1e-6 * np.abs(size).max() + 1e-12)
    slope = direction.T @ (at.gradient[0] * sd)
    return -sd * (direction @ (slope / size)), float(0.5 * (slope**2 / size).sum())


def _shorter_until_lower(target: Target, at: _State, move: Array) -> _State | None:
    """Return the first point on the way that is lower; None where none is."""
    move = move * min(1.0, LONGEST_STEP / max(float(np.abs(move).max()), 1e-300))
    for _ in range(12):
        trial = _evaluate(target, at.eta + move, True)
        if trial.value[0] < at.value[0]:
            return trial
        move = move / 4.0
    return None


def _evaluate(target: Target, eta: Array, central: bool) -> _State:
    """Evaluate every start with the differences that its derivatives need, in one call of the model."""
    runs, effects = eta.shape
    width = WIDTH
    moves = np.concatenate((np.zeros((1, effects)), np.eye(effects) * width, *([-np.eye(effects) * width] if central else [])))
    table = (eta[:, None, :] + moves[None, :, :]).reshape(-1, effects)
    with np.errstate(all="ignore"):
        u = target.predict(table).reshape(-1, runs, len(moves))
        base = u[:, :, 0]
        ahead = u[:, :, 1 : effects + 1]
        behind = u[:, :, effects + 1 :] if central else base[:, :, None]
        jacobian = (ahead - behind) / (2.0 * width if central else width)
        q, first, second = count_objective(base, target.counts, target.residual)
        value = q.sum(axis=0) + (eta**2 / target.variance).sum(axis=1)
        gradient = np.einsum("cr,cre->re", first, jacobian) + 2.0 * eta / target.variance
        bend = np.maximum(second, 1e-3)
        curvature = np.einsum("cr,cre,crf->ref", bend, jacobian, jacobian)
    curvature[:, np.arange(effects), np.arange(effects)] += 2.0 / target.variance
    sound = np.isfinite(value) & np.isfinite(gradient).all(axis=1) & np.isfinite(curvature).all(axis=(1, 2))
    return _State(
        eta=eta.copy(),
        value=np.where(sound, value, np.inf),
        gradient=np.where(sound[:, None], gradient, 0.0),
        curvature=np.where(sound[:, None, None], curvature, np.eye(effects)),
        u=base.copy(),
        damping=np.full(runs, 1e-3),
        done=~sound,
    )


def _step(target: Target, state: _State, central: bool, tolerance: float, enough: float) -> None:
    """Move every run that is not done by one damped step; keep what is better, damp what is not."""
    active = np.flatnonzero(~state.done)
    if not len(active):
        return
    eta, move = _propose(target, state, active)
    trial = _evaluate(target, eta, central)
    gain = state.value[active] - trial.value
    better = gain > 0
    slight = np.abs(gain) <= 1e-13 * (1.0 + np.abs(state.value[active]))
    small = np.abs(move / np.sqrt(target.variance)).max(axis=1) < tolerance
    for own, run in enumerate(active):
        if better[own] or (slight[own] and np.isfinite(trial.value[own])):
            _take(state, int(run), trial, own)
            state.damping[run] = max(state.damping[run] * 0.2, 1e-9)
            state.done[run] = enough > 0.0 and _decrement(state, int(run)) < enough
        else:
            state.damping[run] *= 6.0
        state.done[run] |= (bool(small[own]) and state.damping[run] <= 1.0) or state.damping[run] > GIVE_UP


def _propose(target: Target, state: _State, active: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> tuple[Array, Array]:
    effects = state.eta.shape[1]
    damped = state.curvature[active].copy()
    diagonal = np.arange(effects)
    damped[:, diagonal, diagonal] *= 1.0 + state.damping[active][:, None]
    move = -np.linalg.solve(damped, state.gradient[active][:, :, None])[:, :, 0]
    longest = np.abs(move).max(axis=1, keepdims=True)
    move = move * np.minimum(1.0, LONGEST_STEP / np.maximum(longest, 1e-300))
    limit = target.box * np.sqrt(target.variance)
    eta = np.clip(state.eta[active] + move, -limit, limit)
    return eta, eta - state.eta[active]


def _decrement(state: _State, run: int) -> float:
    """Return what a full Newton step would gain, by the local quadratic."""
    gradient = state.gradient[run]
    return float(0.5 * gradient @ np.linalg.solve(state.curvature[run], gradient))


def _take(state: _State, run: int, trial: _State, own: int) -> None:
    state.eta[run] = trial.eta[own]
    state.value[run] = trial.value[own]
    state.gradient[run] = trial.gradient[own]
    state.curvature[run] = trial.curvature[own]
    state.u[:, run] = trial.u[:, own]


def spread_points(count: int, effects: int) -> Array:
    """Return evenly spread points in +-FARTHEST_SD, the same every time (an additive recurrence on generalised golden ratios)."""
    ratio = 2.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** (1.0 / (effects + 1))
    alpha = (1.0 / ratio) ** np.arange(1, effects + 1)
    fractions = np.modf(0.5 + np.arange(1, count + 1)[:, None] * alpha)[0]
    return FARTHEST_SD * (2.0 * fractions - 1.0)
