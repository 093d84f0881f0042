"""The numpy kernel: fixed-step RK4 of the transit-compartment model over many parameter sets at once (reference, section 1)."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Indices = np.ndarray[Any, np.dtype[np.int32]]
FLOOR = 1e-4
"""Circ below this (10^9/L) does not raise the feedback further."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Particles:
    """Parameter sets, one per column: 10^9/L, 1/h; the gains are those of a growth factor (0 without one)."""

    circ0: Array
    ktr: Array
    gamma: Array
    kcirc: Array
    gain_production: Array
    gain_maturation: Array

    @classmethod
    def of(cls, circ0: Array, ktr: Array, gamma: Array, kcirc: Array, gains: tuple[Array, Array] | None = None) -> "Particles":
        """Return parameter sets without a growth factor's gains unless they are given."""
        none = np.zeros_like(circ0)
        production, maturation = gains or (none, none)
        return cls(circ0=circ0, ktr=ktr, gamma=gamma, kcirc=kcirc, gain_production=production, gain_maturation=maturation)

    def table(self) -> Array:
        """Return the six rows as one block."""
        rows = (self.circ0, self.ktr, self.gamma, self.kcirc, self.gain_production, self.gain_maturation)
        return np.ascontiguousarray(np.stack(rows), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Growth:
    """Growth factors: `depot` units right after each node (products x nodes), rates per product in 1/h, 1/h per 10^9/L for `by_count`."""

    depot: Array
    absorb: Array
    remove: Array
    by_count: float
    half: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Release:
    """Dose-only release: doses at nodes with their occasion; `scale` is exp(kappa) per occasion (rows) and particle."""

    amount: Array
    occasion: Indices
    scale: Array
    lk: Array
    rate: Array


class Kernel(Protocol):
    """What integrates: the numpy kernel here, or the compiled one."""

    name: str

    def integrate(
        self, steps: Array, particles: Particles, effect: Array, inflow: Array | None = None, growth: Growth | None = None
    ) -> tuple[Array, Array]:
        """Return Circ and its time derivative (nodes x particles)."""

    def release(self, steps: Array, release: Release, ktr: Array) -> Array:
        """Return the step-mean effect of dose-only release (steps x particles)."""


class NumpyKernel:
    """The kernel in numpy, chosen where the compiled one is missing."""

    name = "numpy"

    def integrate(
        self, steps: Array, particles: Particles, effect: Array, inflow: Array | None = None, growth: Growth | None = None
    ) -> tuple[Array, Array]:
        """Return Circ and its time derivative (nodes x particles)."""
        with np.errstate(all="ignore"):
            return _integrate(steps, particles, effect, inflow, growth)

    def release(self, steps: Array, release: Release, ktr: Array) -> Array:
        """Return lk * A(t) * (1 - exp(-k h)) / (h * ktr) for each step."""
        with np.errstate(all="ignore"):
            return _release(steps, release, ktr)


def _integrate(steps: Array, particles: Particles, effect: Array, inflow: Array | None, growth: Growth | None) -> tuple[Array, Array]:
    products = 0 if growth is None else len(growth.absorb)
    n, m = len(particles.circ0), len(steps) + 1
    state = np.zeros((5 + products, n))
    state[1:4] = particles.kcirc * particles.circ0 / particles.ktr
    state[0] = np.log(state[1])
    state[4] = particles.circ0
    circ, slope = np.empty((m, n)), np.empty((m, n))
    system = _System(particles, growth)
    still = np.zeros(n)
    k1, k2, k3, k4 = (np.empty_like(state) for _ in range(4))
    for j in range(m):
        last = j == m - 1
        h = 0.0 if last else float(steps[j])
        e, i = (still, 0.0) if last else (effect[j], 0.0 if inflow is None else float(inflow[j]))
        now, half, end = system.depots(j, h)
        system.rates(state, e, i, now, k1)
        circ[j], slope[j] = state[4], k1[4]
        if last:
            break
        system.rates(state + 0.5 * h * k1, e, i, half, k2)
        system.rates(state + 0.5 * h * k2, e, i, half, k3)
        system.rates(state + h * k3, e, i, end, k4)
        state += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return circ, slope


class _System:
    """The right-hand side for fixed parameter sets."""

    def __init__(self, particles: Particles, growth: Growth | None) -> None:
        self._p = particles
        self._ln_circ0 = np.log(particles.circ0)
        self._growth = growth

    def depots(self, node: int, h: float) -> tuple[Array, Array, Array]:
        """Return what is in the depots at the beginning, the middle and the end of a step."""
        if self._growth is None:
            none = np.zeros(0)
            return none, none, none
        now = self._growth.depot[:, node]
        return now, now * np.exp(-0.5 * h * self._growth.absorb), now * np.exp(-h * self._growth.absorb)

    def rates(self, s: Array, effect: Array, inflow: float, depot: Array, out: Array) -> None:
        """Write the derivative of the state (ln Prol, T1, T2, T3, Circ, growth factors)."""
        p, g = self._p, self._growth
        feedback = np.exp(p.gamma * (self._ln_circ0 - np.log(np.maximum(s[4], FLOOR))))
        if g is None:
            k = p.ktr
            out[0] = k * ((1.0 - effect) * feedback - 1.0)
        else:
            total = s[5:].sum(axis=0)
            x = total / (g.half + total)
            maturation = 1.0 + p.gain_maturation * x
            k = p.ktr * maturation
            out[0] = p.ktr * ((1.0 - effect) * feedback * (1.0 + p.gain_production * x) - maturation)
            out[5:] = (g.absorb * depot)[:, None] - (g.remove[:, None] + g.by_count * s[4]) * s[5:]
        out[1] = k * (np.exp(s[0]) - s[1])
        out[2:4] = k * (s[1:3] - s[2:4])
        out[4] = k * s[3] - p.kcirc * s[4] + inflow


def _release(steps: Array, release: Release, ktr: Array) -> Array:
    effect = np.empty((len(steps), len(release.lk)))
    inside = np.zeros(len(release.lk))
    factor = release.lk / ktr
    left_of = {float(h): np.exp(-release.rate * h) for h in set(steps.tolist())}
    for j, h in enumerate(steps.tolist()):
        if release.amount[j] != 0.0:
            inside = inside + release.amount[j] * release.scale[release.occasion[j]]
        left = left_of[h]
        effect[j] = factor * inside * (1.0 - left) / h
        inside = inside * left
    return effect
