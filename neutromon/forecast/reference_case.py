"""Estimate one fully stated reference case: the answer depends on the file alone (contract, section 5)."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from neutromon.forecast.case_file import Case, CaseError, read_case
from neutromon.forecast.disposition import mean_concentration
from neutromon.forecast.grid import REFERENCE, Grid, make_grid
from neutromon.forecast.kernel import Array, Kernel, Particles, Release
from neutromon.forecast.library import KERNEL
from neutromon.forecast.optimum import Optimum, Target, minimise, objective, polish, spread_points

__all__ = ["CaseError", "fit_case"]

SPREAD = 768
"""Points at which the objective is looked at before the best of them become starts."""
STARTS = 6
MOST = 40
"""Steps of the search; what is then left of the way is Newton's."""
SAME_LN = 5e-5
"""A curve that moves less than this (ln) on a grid twice as fine is taken; so is an objective that moves less than SAME_OBJECTIVE."""
SAME_OBJECTIVE = 2e-4
OTHER_LN = 1e-2
"""A curve that moves more than this is another one: the minimum is searched for anew."""
MOST_NODES = 60_000
MOST_CELLS = 12_000_000
"""Nodes times points of one search: what fits in the memory of a small computer."""


def fit_case(document: object, kernel: Kernel = KERNEL) -> dict[str, Any]:
    """Return the `neutromon-fit/1` of a parsed case, without `elapsed_ms`, which needs a clock; raise CaseError."""
    case = read_case(document)
    best, curve = _refined(CaseModel(case, kernel))
    eta = np.zeros(len(case.variance) + len(case.occasions)) if best is None else best.eta
    if not np.isfinite(curve.sum()) or (len(curve) and curve.min() <= 0.0):
        raise CaseError("the numbers of the case give no finite curve")
    own = {name: float(eta[index]) for index, name in enumerate(case.variance)}
    result: dict[str, Any] = {"format": "neutromon-fit/1", "id": case.id, "model": case.model, "eta": own}
    if case.occasion_variance is not None:
        kappa = eta[len(case.variance) :]
        result["kappa"] = {str(occasion): float(k) for occasion, k in zip(case.occasions, kappa, strict=True)}
    grid = len(case.grid)
    return {
        **result,
        "individual": {name: value * float(np.exp(own.get(name, 0.0))) for name, value in case.typical.items()},
        "objective": 0.0 if best is None else best.objective,
        "predicted": {"grid": curve[:grid].tolist(), "observations": curve[grid:].tolist()},
        "converged": best is None or best.converged,
    }


class CaseModel:
    """The curve of a case as a function of its random effects."""

    def __init__(self, case: Case, kernel: Kernel, halvings: int = 0) -> None:
        self.case = case
        self._kernel = kernel
        self._halvings = halvings
        self.variance = np.array([*case.variance.values(), *([case.occasion_variance or 1.0] * len(case.occasions))])
        self._counts = self._grid(case.times)
        self._counts_concentration = self._concentration(self._counts)
        self._times = np.concatenate((case.grid, case.times))
        self._curve = self._grid(self._times)
        self._curve_concentration = self._concentration(self._curve)

    def finer(self) -> "CaseModel":
        """Return the same model with steps half as long."""
        return CaseModel(self.case, self._kernel, self._halvings + 1)

    @property
    def nodes(self) -> int:
        """Return the number of nodes of the curve."""
        return len(self._curve.nodes)

    @property
    def effects(self) -> int:
        """Return the number of random effects."""
        return len(self.variance)

    def predict(self, eta: Array) -> Array:
        """Return ln f at the counts for each row of random effects."""
        with np.errstate(all="ignore"):
            return np.log(self._at(self._counts, self._counts_concentration, self.case.times, eta))

    def curve(self, eta: Array) -> Array:
        """Return f at the grid times and then at the counts."""
        return self._at(self._curve, self._curve_concentration, self._times, eta[None, :])[:, 0]

    def _grid(self, wanted: Array) -> Grid:
        case = self.case
        restarts = [d.time_h for d in case.doses] + [d.time_h + d.duration_h for d in case.doses if d.duration_h > 0]
        restarts += [start for start, _ in case.concentration] + [d.from_h for d in case.dispositions[1:]]
        if case.circulating_input is not None:
            restarts.append(case.circulating_input.start_h)
        fastest = max(4.0 / case.typical["mtt_h"], case.kcirc or 0.0)
        part = 0.5**self._halvings
        ladder = [(until, step * part) for until, step in REFERENCE]
        return make_grid(restarts, wanted.tolist(), ladder=ladder, longest=0.5 / fastest * part)

    def _concentration(self, grid: Grid) -> Array | None:
        """Return the mean concentration over each step, which no random effect moves; None in a dose-only case."""
        case = self.case
        if case.model == "friberg-kpd":
            return None
        if not case.dispositions:
            return _stated(grid, case.concentration)
        return mean_concentration(grid.nodes, case.dispositions, case.infusions)

    def _at(self, grid: Grid, concentration: Array | None, times: Array, eta: Array) -> Array:
        own = {name: np.full(len(eta), value) for name, value in self.case.typical.items()}
        with np.errstate(all="ignore"):
            for index, name in enumerate(self.case.variance):
                own[name] = own[name] * np.exp(eta[:, index])
            ktr = 4.0 / own["mtt_h"]
            kcirc = ktr if self.case.kcirc is None else np.full(len(eta), self.case.kcirc)
            particles = Particles.of(own["circ0"], ktr, own["gamma"], kcirc)
            if concentration is None:
                effect = self._kernel.release(grid.steps, self._release(grid, own, eta), ktr)
            else:
                effect = concentration[:, None] * own["slope"][None, :]
        circ, _ = self._kernel.integrate(grid.steps, particles, effect, self._inflow(grid))
        return circ[grid.at(times)] if len(times) else np.zeros((0, len(eta)))

    def _release(self, grid: Grid, own: dict[str, Array], eta: Array) -> Release:
        """Return the doses at the nodes; doses of several occasions at one node are summed with their own kappa."""
        case, n = self.case, len(eta)
        places = grid.at([dose.time_h for dose in case.doses])
        order = {occasion: len(case.variance) + index for index, occasion in enumerate(case.occasions)}
        amount = np.zeros(len(grid.nodes))
        rows = np.zeros(len(grid.nodes), dtype=np.int32)
        scale = [np.ones(n)]
        together: dict[int, Array] = {}
        for dose, place in zip(case.doses, places.tolist(), strict=True):
            factor = np.ones(n) if dose.occasion is None else np.exp(eta[:, order[dose.occasion]])
            together[place] = together.get(place, np.zeros(n)) + dose.amount * factor
        for place, total in together.items():
            if grid.nodes[place] < grid.nodes[-1] and total.any():
                amount[place], rows[place] = 1.0, len(scale)
                scale.append(total)
        rate = np.log(2.0) / own["t_e_h"]
        return Release(amount=amount, occasion=rows, scale=np.array(scale), lk=own["lk"], rate=rate)

    def _inflow(self, grid: Grid) -> Array | None:
        given = self.case.circulating_input
        if given is None:
            return None
        since = np.maximum(grid.nodes - given.start_h, 0.0)
        left = np.exp(-since / given.mean_time_h)
        inflow: Array = given.amount * (left[:-1] - left[1:]) / grid.steps
        return inflow


def _stated(grid: Grid, concentration: Iterable[tuple[float, float]]) -> Array:
    """Return the stated concentration over each step; its times are nodes."""
    middle = (grid.nodes[:-1] + grid.nodes[1:]) / 2
    found = np.zeros(len(middle))
    for start, value in concentration:
        found[middle > start] = value
    return found


def _refined(model: CaseModel) -> tuple[Optimum | None, Array]:
    """Return the estimate and its curve on a grid so fine that steps twice as long tell the same."""
    best = _estimate(model)
    while True:
        fine = model.finer()
        moved = _moved(model, fine, best)
        closer = _settled(fine, best, moved)
        drift = abs(closer.objective - best.objective) if closer is not None and best is not None else 0.0
        model, best = fine, closer
        if (moved <= SAME_LN and drift <= SAME_OBJECTIVE) or model.nodes > MOST_NODES:
            return best, model.curve(_eta(model, best))


def _eta(model: CaseModel, best: Optimum | None) -> Array:
    return np.zeros(model.effects) if best is None else best.eta


def _moved(model: CaseModel, fine: CaseModel, best: Optimum | None) -> float:
    """Return how far (ln) the curve of one and the same patient moves on the finer grid."""
    eta = _eta(model, best)
    with np.errstate(all="ignore"):
        return float(np.abs(np.log(fine.curve(eta) / model.curve(eta))).max(initial=0.0))


def _settled(fine: CaseModel, best: Optimum | None, moved: float) -> Optimum | None:
    """Return the estimate on the finer grid: a few steps from the coarse one, or a new search where the curve is another."""
    target = _target(fine)
    if target is None or best is None:
        return None
    if not fine.effects or (not moved <= OTHER_LN and fine.nodes * SPREAD <= MOST_CELLS):
        return _estimate(fine)
    return polish(target, best)


def _target(model: CaseModel) -> Target | None:
    case = model.case
    if case.residual is None or not len(case.times):
        return None
    return Target(predict=model.predict, counts=case.counts, residual=case.residual, variance=model.variance)


def _estimate(model: CaseModel) -> Optimum | None:
    """Return the lowest minimum, None where there is nothing to estimate."""
    target = _target(model)
    if target is None:
        return None
    if not model.effects:
        return _typical(target)
    return polish(target, minimise(target, _starts(target, model), central=True, most=MOST))


def _typical(target: Target) -> Optimum:
    """Return the typical patient's objective where no parameter is random."""
    none = np.zeros((1, 0))
    value = float(objective(target, none)[0])
    ln_predicted = target.predict(none)[:, 0]
    precision = np.zeros((0, 0))
    return Optimum(eta=none[0], objective=value, precision=precision, ln_predicted=ln_predicted, converged=bool(np.isfinite(value)))


def _starts(target: Target, model: CaseModel) -> Array:
    """Return the typical patient and the best of many points, far from each other, so that no lower minimum is missed."""
    points = spread_points(SPREAD, model.effects) * np.sqrt(model.variance)
    values = objective(target, points)
    chosen = [np.zeros(model.effects)]
    for index in np.argsort(values, kind="stable"):
        if len(chosen) > STARTS or not np.isfinite(values[index]):
            break
        apart = [np.abs((points[index] - other) / np.sqrt(model.variance)).max() for other in chosen]
        if min(apart) > 0.7:
            chosen.append(points[index])
    return np.array(chosen)
