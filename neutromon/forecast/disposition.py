"""Plasma concentration from doses and a linear disposition: exact mean concentration over each step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from neutromon.forecast.kernel import Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Disposition:
    """Rates between up to three compartments (columns leave, rows receive), valid from a time on."""

    from_h: float
    volume: float
    rates: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Infusion:
    """An amount into the first compartment over a duration; 0 h is a bolus."""

    time_h: float
    amount: float
    duration_h: float = 0.0


def rates_matrix(k10: float, exchange: Sequence[tuple[float, float] | None]) -> Array:
    """Return dA/dt = rates @ A of micro-constants: elimination, then (out, back) of each further compartment or None."""
    size = 1 + len(exchange)
    rates = np.zeros((size, size))
    rates[0, 0] = -k10
    for index, pair in enumerate(exchange, start=1):
        out, back = pair or (0.0, 0.0)
        rates[0, 0] -= out
        rates[index, 0] += out
        rates[0, index] += back
        rates[index, index] -= back
    return rates


def mean_concentration(nodes: Array, dispositions: Sequence[Disposition], infusions: Sequence[Infusion]) -> Array:
    """Return the mean concentration over each step; every change of disposition or input must be a node."""
    size = max(len(d.rates) for d in dispositions)
    amounts = np.zeros(size)
    bolus, flow = _inputs(nodes, infusions)
    steps = np.diff(nodes)
    starts = np.array([d.from_h for d in dispositions])
    valid = (np.searchsorted(starts, nodes[:-1] + 1e-7, side="right") - 1).tolist()
    means = np.empty(len(steps))
    known: dict[tuple[int, float], Array] = {}
    given = np.zeros(size + 2)
    for j, key in enumerate(zip(valid, np.round(steps, 9).tolist(), strict=True)):
        if key not in known:
            known[key] = exponential(_augmented(dispositions[key[0]].rates, size) * steps[j])
        given[:size], given[size] = amounts, flow[j]
        given[0] += bolus[j]
        moved = known[key] @ given
        means[j] = moved[-1]
        amounts = moved[:size]
    volumes = np.array([d.volume for d in dispositions])[valid]
    return np.asarray(np.maximum(means, 0.0) / (steps * volumes))


def _inputs(nodes: Array, infusions: Sequence[Infusion]) -> tuple[Array, Array]:
    """Return the bolus at each node and the infusion rate over each step."""
    bolus, flow = np.zeros(len(nodes)), np.zeros(len(nodes) - 1)
    middle = (nodes[:-1] + nodes[1:]) / 2
    for given in infusions:
        if given.duration_h <= 0.0:
            near = int(np.argmin(np.abs(nodes - given.time_h)))
            if abs(nodes[near] - given.time_h) < 1e-6:
                bolus[near] += given.amount
            continue
        running = (middle > given.time_h) & (middle < given.time_h + given.duration_h)
        flow[running] += given.amount / given.duration_h
    return bolus, flow


def _augmented(rates: Array, size: int) -> Array:
    """Return the system with two more rows: a constant infusion, and the integral of the first amount."""
    full = np.zeros((size + 2, size + 2))
    full[: len(rates), : len(rates)] = rates
    full[0, size] = 1.0
    full[size + 1, 0] = 1.0
    return full


def exponential(matrix: Array) -> Array:
    """Return the matrix exponential by scaling, a Taylor series and squaring."""
    norm = float(np.abs(matrix).sum(axis=1).max())
    halvings = max(0, int(np.ceil(np.log2(max(norm, 1e-300)))) + 2)
    small = matrix / 2.0**halvings
    result = term = np.eye(len(matrix))
    for order in range(1, 19):
        term = term @ small / order
        result = result + term
    for _ in range(halvings):
        result = result @ result
    return result
