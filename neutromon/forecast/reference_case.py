"""Estimate one fully stated reference case: the answer depends on the file alone (contract, section 5)."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from neutromon.forecast.case_file import Case, CaseError, read_case
from neutromon.forecast.disposition import mean_concentration
from neutromon.forecast.grid import REFERENCE, Grid, make_grid
from neutromon.forecast.kernel import Array, Kernel, Particles, Release
from neutromon.forecast.library import KERNEL
from neutromon.forecast.optimum import Optimum, Target, minimise, objective, spread_points

__all__ = ["CaseError", "fit_case"]

SPREAD = 768
"""Points at which the objective is looked at before the best of them become starts."""
STARTS = 6


def fit_case(document: object, kernel: Kernel = KERNEL) -> dict[str, Any]:
    """Return the `neutromon-fit/1` of a parsed case, without `elapsed_ms`, which needs a clock; raise CaseError."""
    case = read_case(document)
    model = CaseModel(case, kernel)
    best = _estimate(model)
    eta = np.zeros(model.effects) if best is None else best.eta
    curve = model.curve(eta)
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

    def __init__(self, case: Case, kernel: Kernel) -> None:
        self.case = case
        self._kernel = kernel
        self.variance = np.array([*case.variance.values(), *([case.occasion_variance or 1.0] * len(case.occasions))])
        self._counts = self._grid(case.times)

    @property
    def effects(self) -> int:
        """Return the number of random effects."""
        return len(self.variance)

    def predict(self, eta: Array) -> Array:
        """Return ln f at the counts for each row of random effects."""
        with np.errstate(all="ignore"):
            return np.log(self._at(self._counts, self.case.times, eta))

    def curve(self, eta: Array) -> Array:
        """Return f at the grid times and then at the counts."""
        times = np.concatenate((self.case.grid, self.case.times))
        return self._at(self._grid(times), times, eta[None, :])[:, 0]

    def _grid(self, wanted: Array) -> Grid:
        case = self.case
        restarts = [d.time_h for d in case.doses] + [d.time_h + d.duration_h for d in case.doses if d.duration_h > 0]
        restarts += [start for start, _ in case.concentration] + [d.from_h for d in case.dispositions[1:]]
        if case.circulating_input is not None:
            restarts.append(case.circulating_input.start_h)
        fastest = max(4.0 / case.typical["mtt_h"], case.kcirc or 0.0)
        return make_grid(restarts, wanted.tolist(), ladder=REFERENCE, longest=0.5 / fastest)

    def _at(self, grid: Grid, times: Array, eta: Array) -> Array:
        own = {name: np.full(len(eta), value) for name, value in self.case.typical.items()}
        with np.errstate(all="ignore"):
            for index, name in enumerate(self.case.variance):
                own[name] = own[name] * np.exp(eta[:, index])
            ktr = 4.0 / own["mtt_h"]
            kcirc = ktr if self.case.kcirc is None else np.full(len(eta), self.case.kcirc)
            particles = Particles.of(own["circ0"], ktr, own["gamma"], kcirc)
            effect = self._effect(grid, own, ktr, eta)
        circ, _ = self._kernel.integrate(grid.steps, particles, effect, self._inflow(grid))
        return circ[grid.at(times)] if len(times) else np.zeros((0, len(eta)))

    def _effect(self, grid: Grid, own: dict[str, Array], ktr: Array, eta: Array) -> Array:
        case = self.case
        if case.model == "friberg-kpd":
            return self._kernel.release(grid.steps, self._release(grid, own, eta), ktr)
        if not case.dispositions:
            return _stated(grid, case.concentration)[:, None] * own["slope"][None, :]
        mean = mean_concentration(grid.nodes, case.dispositions, case.infusions)
        return mean[:, None] * own["slope"][None, :]

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


def _estimate(model: CaseModel) -> Optimum | None:
    """Return the lowest minimum, None where there is nothing to estimate."""
    case = model.case
    if case.residual is None or not len(case.times):
        return None
    target = Target(predict=model.predict, counts=case.counts, residual=case.residual, variance=model.variance)
    if not model.effects:
        none = np.zeros((1, 0))
        value = float(objective(target, none)[0])
        return Optimum(
            eta=none[0],
            objective=value,
            precision=np.zeros((0, 0)),
            ln_predicted=model.predict(none)[:, 0],
            converged=bool(np.isfinite(value)),
        )
    return minimise(target, _starts(target, model), central=True)


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
