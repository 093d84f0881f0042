"""Summaries of weighted courses: always per draw first, then quantiles (reference, section 1)."""

from dataclasses import dataclass

import numpy as np

from neutromon.forecast.kernel import Array
from neutromon.forecast.likelihood import normal_cdf
from neutromon.forecast.simulate import Curves

FAN = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
GRADE_4 = 0.5
SMALLEST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Median with the 5 and 95 % quantiles."""

    median: float
    p5: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NadirSummary:
    """The lowest count of each draw within a window: hours, 10^9/L, days below 0.5."""

    time_h: Range
    value: Range
    probability_below_0_5: float
    days_below_0_5: Range


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """A stretch of the nodes, with the logarithm of the courses there."""

    times: Array
    ln: Array


def quantiles(values: Array, weights: Array, levels: tuple[float, ...]) -> Array:
    """Return weighted quantiles of each row (rows x levels), interpolated between the middles of the weights."""
    order = np.argsort(values, axis=1, kind="stable")
    ranked = np.take_along_axis(values, order, axis=1)
    shares = weights[order]
    middle = np.cumsum(shares, axis=1) - 0.5 * shares
    return np.array([np.interp(levels, m, v) for m, v in zip(middle, ranked, strict=True)])


def spread(values: Array, weights: Array) -> Range:
    """Return median, 5 and 95 % of weighted values."""
    p5, median, p95 = quantiles(values[None, :], weights, (0.05, 0.5, 0.95))[0]
    return Range(median=float(median), p5=float(p5), p95=float(p95))


def window(curves: Curves, start: float, end: float) -> Window:
    """Return what lies between two times, which should be nodes."""
    inside = (curves.grid.nodes >= start - 1e-6) & (curves.grid.nodes <= end + 1e-6)
    return Window(times=curves.grid.nodes[inside], ln=np.log(np.maximum(curves.blood[inside], SMALLEST)))


def nadir(part: Window, weights: Array) -> NadirSummary:
    """Return when and how low; never the minimum of the median course."""
    at, lowest = lowest_of(part)
    value = np.exp(lowest)
    return NadirSummary(
        time_h=spread(at, weights),
        value=spread(value, weights),
        probability_below_0_5=float(weights @ (value < GRADE_4)),
        days_below_0_5=spread(days_below(part, GRADE_4), weights),
    )


def lowest_of(part: Window) -> tuple[Array, Array]:
    """Return time and logarithm of the lowest count of each draw."""
    place = part.ln.argmin(axis=0)
    return part.times[place], part.ln[place, np.arange(part.ln.shape[1])]


def days_below(part: Window, level: float) -> Array:
    """Return the days below a level of each draw; the logarithm is straight between nodes."""
    above = part.ln - np.log(level)
    left, right = above[:-1], above[1:]
    with np.errstate(all="ignore"):
        crossing = np.clip(np.abs(left) / np.maximum(np.abs(left - right), 1e-300), 0.0, 1.0)
    share = np.where(left < 0, np.where(right < 0, 1.0, crossing), np.where(right < 0, 1.0 - crossing, 0.0))
    total: Array = (share * np.diff(part.times)[:, None]).sum(axis=0) / 24.0
    return total


def recovery_h(part: Window, threshold: float) -> Array:
    """Return from when on each draw stays at or above the threshold; infinite where it has not by the window's end."""
    below = part.ln < np.log(threshold)
    last = len(part.times) - 1 - below[::-1].argmax(axis=0)
    draws = np.arange(part.ln.shape[1])
    after = np.minimum(last + 1, len(part.times) - 1)
    left, right = part.ln[last, draws] - np.log(threshold), part.ln[after, draws] - np.log(threshold)
    with np.errstate(all="ignore"):
        share = np.clip(-left / np.maximum(right - left, 1e-300), 0.0, 1.0)
    crossed = part.times[last] + share * (part.times[after] - part.times[last])
    none = ~below.any(axis=0)
    return np.where(none, part.times[0], np.where(below[-1], np.inf, crossed))


def at_or_above(ln: Array, weights: Array, threshold: float, sigma: float) -> float:
    """Return the probability that a blood test measures at least the threshold."""
    return float(weights @ normal_cdf((ln - np.log(threshold)) / sigma))


def measured(ln: Array, weights: Array, sigma: float, normals: Array) -> Array:
    """Return 2.5, 5, 50, 95, 97.5 % of what a blood test would measure (rows x 5)."""
    return np.exp(quantiles(ln + sigma * normals, weights, (0.025, 0.05, 0.5, 0.95, 0.975)))


def most_telling(ln: Array, answer: Array, weights: Array, sigma: float) -> int:
    """Return the row whose blood test would tell most about an answer: the largest share of its variance explained."""
    finite = np.where(np.isfinite(answer), answer, np.nanmax(np.where(np.isfinite(answer), answer, np.nan)))
    apart, goal = ln - (ln @ weights)[:, None], finite - finite @ weights
    explained = (apart * goal) @ weights
    return int(np.argmax(explained**2 / ((apart**2) @ weights + sigma**2)))


def sample_places(weights: Array, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return draws that stand for all of them, in equal steps through their weights."""
    ends = np.cumsum(weights)
    return np.minimum(np.searchsorted(ends, (np.arange(count) + 0.5) / count), len(weights) - 1)
