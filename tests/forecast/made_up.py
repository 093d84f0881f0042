"""Short builders of courses for the engine's tests: docetaxel-like patients in hours."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from neutromon.forecast.bench import bench_course
from neutromon.forecast.course import Ask, Count, Course, Dose, GrowthDose, Treatment

CYCLE_H = 504.0
FALL = ((0.0, 4.4), (8.0, 0.8), (12.0, 1.6))


def a_course(
    counts: Sequence[tuple[float, float]] = FALL,
    *,
    doses: int = 1,
    amount: float = 1.0,
    growth: Sequence[GrowthDose] = (),
    key: str = "T-1",
    **prior: Any,
) -> Course:
    """Return a course of counts (cycle day from 0, value) with doses every 21 days."""
    base = bench_course(1, key)
    return replace(
        base,
        prior=replace(base.prior, **({"nadir_day": 9.0} | prior)),
        treatment=Treatment(
            doses=tuple(Dose(time_h=10.0 + CYCLE_H * c, amount=amount, cycle=c + 1) for c in range(doses)), growth=tuple(growth)
        ),
        counts=tuple(Count(time_h=24.0 * day + 9.0, value=value) for day, value in counts),
    )


def an_ask(now_day: float = 12.5, *, cycle: int = 1, next_dose: bool = False, threshold: float = 1.5) -> Ask:
    """Return the question at a cycle day, asked up to two weeks beyond the next day 1."""
    start = CYCLE_H * (cycle - 1)
    return Ask(
        now_h=start + 24.0 * now_day,
        start_h=start,
        day1_h=start + CYCLE_H + 9.0,
        next_dose_h=start + CYCLE_H + 10.0 if next_dose else None,
        end_h=start + CYCLE_H + 24.0 * 14,
        rows_h=tuple(start + 24.0 * day for day in range(36)),
        threshold=threshold,
    )
