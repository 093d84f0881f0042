"""From draws of a patient's random effects to courses of her counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from neutromon.forecast.course import Course, GrowthDose, Treatment
from neutromon.forecast.grid import Grid, Ladder, make_grid
from neutromon.forecast.kernel import Array, Growth, Kernel, Particles, Release
from neutromon.forecast.priors import GrowthModel

Places = np.ndarray[tuple[int, ...], np.dtype[np.intp]]
FORGOTTEN_H = 240.0
"""The early release of a growth factor is over after this."""
GROWTH_LADDER: Ladder = ((48.0, 2.0), (336.0, 4.0), (float("inf"), 8.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """Random effects, one row per draw: `own` (circ0, mtt, gamma, lk, t_e), `kappa` per cycle, growth-factor gain, early release."""

    own: Array
    kappa: Array
    gain: Array
    spike: Array

    @classmethod
    def typical(cls, own: Array, kappa: Array) -> "Draws":
        """Return draws with a typical answer to growth factors."""
        none = np.zeros(len(own))
        return cls(own=own, kappa=kappa, gain=none, spike=none)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """Courses of what is in the blood, on the nodes (nodes x draws)."""

    grid: Grid
    blood: Array

    def at(self, times: Sequence[float]) -> Array:
        """Return what is in the blood at times that are nodes."""
        return self.blood[self.grid.at(times)]


def course_grid(treatment: Treatment, wanted: Sequence[float], end: float) -> Grid:
    """Return the nodes for a treatment: fine after doses, finer while a growth factor acts."""
    doses = [dose.time_h for dose in treatment.doses if dose.time_h < end]
    grid = make_grid(doses, wanted, end=end)
    acting = [given.time_h for given in treatment.growth if given.time_h < end]
    if not acting:
        return grid
    finer = make_grid(acting, wanted, ladder=GROWTH_LADDER, end=end)
    extra = finer.nodes[finer.nodes >= min(acting)]
    nodes = np.unique(np.concatenate((grid.nodes, extra)))
    return Grid(nodes=nodes[np.concatenate(([True], np.diff(nodes) > 1e-6))])


class Simulator:
    """One treatment on one grid: everything that does not depend on the draws is computed once."""

    def __init__(self, course: Course, treatment: Treatment, grid: Grid, cycles: Sequence[int], kernel: Kernel) -> None:
        self._prior, self._model = course.prior, course.growth_model
        self._grid, self._steps, self._kernel = grid, grid.steps, kernel
        last = float(grid.nodes[-1])
        doses = [dose for dose in treatment.doses if dose.time_h < last - 1e-6]
        rows = {cycle: row for row, cycle in enumerate(cycles)}
        self._amount = np.zeros(len(grid.nodes))
        self._occasion = np.zeros(len(grid.nodes), dtype=np.int32)
        for dose, place in zip(doses, grid.at([d.time_h for d in doses]) if doses else (), strict=True):
            self._amount[place] += dose.amount
            self._occasion[place] = rows[dose.cycle]
        self._given = [given for given in treatment.growth if given.time_h < last - 1e-6]
        self._growth = _growth(self._model, grid, self._given)

    def run(self, draws: Draws) -> Curves:
        """Return the courses of the draws."""
        return Curves(grid=self._grid, blood=self.blood(draws, np.arange(len(self._grid.nodes))))

    def blood(self, draws: Draws, places: Places) -> Array:
        """Return what is in the blood at some nodes (nodes x draws): the pool that feeds back, and the early release beside it."""
        prior, z = self._prior, draws.own
        circ0, gamma = prior.circ0 * np.exp(z[:, 0]), prior.gamma * np.exp(z[:, 2])
        ktr = 4.0 / (prior.mtt_h * np.exp(z[:, 1]))
        scale = np.ascontiguousarray(np.exp(draws.kappa.T)) if draws.kappa.shape[1] else np.ones((1, len(z)))
        effect = self._effect(z, scale, ktr)
        gains = None
        if self._growth is not None:
            gains = (
                self._model.gain_production * np.exp(self._model.sd_production * draws.gain),
                self._model.gain_maturation * np.exp(self._model.sd_maturation * draws.gain),
            )
        circ, slope = self._kernel.integrate(self._steps, Particles.of(circ0, ktr, gamma, ktr, gains), effect, None, self._growth)
        if self._growth is None:
            return circ if len(places) == len(circ) else circ[places]
        return circ[places] + self._early(circ, slope, ktr, draws.spike, places)

    def _effect(self, z: Array, scale: Array, ktr: Array) -> Array:
        total: Array | None = None
        for part in self._prior.parts:
            rate = np.log(2.0) / (part.t_e_h * np.exp(z[:, 4]))
            release = Release(amount=self._amount, occasion=self._occasion, scale=scale, lk=part.lk * np.exp(z[:, 3]), rate=rate)
            own = self._kernel.release(self._steps, release, ktr)
            total = own if total is None else total + own
        assert total is not None
        return total

    def _early(self, circ: Array, slope: Array, ktr: Array, spike: Array, places: Places) -> Array:
        """Return the cells that the marrow lets go early: they leave at kcirc and do not feed back."""
        out = np.zeros((len(places), len(ktr)))
        release = 1.0 / self._model.spike_mean_time_h
        times = self._grid.nodes[places]
        share = release / np.where(np.abs(ktr - release) < 1e-6, 1e-6, ktr - release) * self._model.spike
        own = share * np.exp(self._model.sd_spike * spike)
        for place in self._grid.at([given.time_h for given in self._given]):
            since = times - self._grid.nodes[place]
            rows = np.flatnonzero((since > 0.0) & (since < FORGOTTEN_H))
            marrow = np.maximum(circ[place] + slope[place] / ktr, 0.0) * own
            after = since[rows][:, None]
            out[rows] += marrow * (np.exp(-release * after) - np.exp(-ktr * after))
        return out


def _growth(model: GrowthModel, grid: Grid, given: Sequence[GrowthDose]) -> Growth | None:
    """Return the depots of daily and long-acting growth factors at the nodes, None without any."""
    if not given:
        return None
    products = (model.daily, model.long_acting)
    depot = np.zeros((2, len(grid.nodes)))
    for dose in given:
        row = int(dose.long_acting)
        since = grid.nodes - dose.time_h
        own = products[row].ka
        depot[row] += np.where(since >= -1e-6, dose.units * np.exp(-own * np.maximum(since, 0.0)), 0.0)
    return Growth(
        depot=depot,
        absorb=np.array([p.ka for p in products]),
        remove=np.array([p.k0 for p in products]),
        by_count=model.k1,
        half=model.half,
    )
