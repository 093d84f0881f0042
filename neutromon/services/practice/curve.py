"""Plausible made-up blood counts over a chemotherapy cycle: fall, nadir, recovery, with a little noise."""

import math
from dataclasses import dataclass
from random import Random

EARLY_RISE = 1.08
"""A steroid premedication lifts the count a little on day 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a made-up course looks like: counts in 10^9/L, haemoglobin in g/dL, days of the cycle."""

    baseline: float
    depth: float
    nadir_day: float
    recovery_day: float
    platelets: float
    hemoglobin: float
    growth_factor: bool = False
    dose: float = 1.0


def anc_at(shape: Shape, day: float) -> float:
    """Return the ANC of a cycle day in 10^9/L: log-linear between day 3, nadir and recovery, smoothed by a cosine."""
    depth = shape.depth * (1 + 2.5 * (1 - shape.dose)) * (2.2 if shape.growth_factor else 1)
    depth = min(depth, shape.baseline * 0.9)
    nadir = shape.nadir_day - (2 if shape.growth_factor else 0)
    back = shape.recovery_day - (4 if shape.growth_factor else 0)
    top = shape.baseline * (1.5 if shape.growth_factor else 1)
    if day <= 2:
        return shape.baseline * (EARLY_RISE if day >= 1 else 1)
    if day <= nadir:
        return _between(shape.baseline * EARLY_RISE, depth, (day - 2) / max(nadir - 2, 1))
    return _between(depth, top, min((day - nadir) / max(back - nadir, 1), 1.0))


def platelets_at(shape: Shape, day: float, cycle: int) -> float:
    """Return platelets in 10^9/L: lowest a little after the neutrophils, a little lower with every cycle."""
    start = shape.platelets * 0.96 ** (cycle - 1)
    fall = math.exp(-(((day - shape.nadir_day - 1) / 5) ** 2))
    return start * (1 - 0.42 * shape.dose * fall)


def hemoglobin_at(shape: Shape, cycle: int) -> float:
    """Return haemoglobin in g/dL: it sinks with every cycle and levels off at 9."""
    return max(9.0, shape.hemoglobin - 0.35 * (cycle - 1))


def noisy(value: float, random: Random, sd: float = 0.09) -> float:
    """Return the value with log-normal noise."""
    return value * math.exp(random.gauss(0, sd))


def _between(start: float, end: float, share: float) -> float:
    eased = (1 - math.cos(math.pi * share)) / 2
    return math.exp(math.log(start) + (math.log(end) - math.log(start)) * eased)
