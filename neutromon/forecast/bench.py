"""What a forecast costs: CPU time with the kernel in C beside numpy in the same run, engine import, sixty patients, size."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

from neutromon.forecast.course import Ask, Count, Course, Dose, Treatment
from neutromon.forecast.engine import predict, study
from neutromon.forecast.kernel import Kernel, NumpyKernel
from neutromon.forecast.library import KERNEL, PLACE
from neutromon.forecast.priors import GrowthModel, GrowthProduct, Part, Prior

LIVE_DRAWS = 500
CYCLE_H = 504.0
COUNTS = ((0.0, 4.5), (8.0, 0.6), (12.0, 1.8))
PATIENTS = 60
BY_NUMPY = 6
IMPORTS = "import time, numpy, numpy.random; t = time.process_time(); import neutromon.forecast.engine; print(time.process_time() - t)"
NUMPY = "import time; t = time.process_time(); import numpy, numpy.random; print(time.process_time() - t)"


def measurements() -> list[dict[str, Any]]:
    """Return every figure of this suite."""
    found = []
    goals = {1: ("<= 10 ms with C, <= 80 with numpy"), 6: ("<= 30 ms with C, <= 400 with numpy")}
    for cycles, goal in goals.items():
        fast = cpu_ms(lambda n=cycles: study(bench_course(n), draws=LIVE_DRAWS), 15)  # type: ignore[misc]
        slow = cpu_ms(lambda n=cycles: study(bench_course(n), kernel=NumpyKernel(), draws=LIVE_DRAWS), 3)  # type: ignore[misc]
        name = f"MAP and {LIVE_DRAWS} draws, {cycles} cycle{'s' * (cycles > 1)}, kernel {KERNEL.name} (baseline: numpy)"
        found.append(_row(name, fast, slow, goal=goal))
    found.append(_whole())
    found.append(_row("engine import beyond numpy (baseline: numpy)", _imported(IMPORTS), _imported(NUMPY), goal="<= 50 ms"))
    found.append(_row("compiled kernel in the bundle", _size_kb(), 1024.0, unit="kB", goal="<= 1 MB (baseline)"))
    return found


def _row(name: str, value: float, baseline: float, unit: str = "ms CPU", goal: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": value / baseline if baseline else None, "goal": goal}


def cpu_ms(act: Callable[[], object], times: int) -> float:
    """Return the median CPU time of a call in milliseconds."""
    act()
    taken = []
    for _ in range(times):
        start = time.process_time()
        act()
        taken.append((time.process_time() - start) * 1000.0)
    return median(taken)


def bench_course(cycles: int, key: str = "bench") -> Course:
    """Return a made-up patient on docetaxel with three counts in each cycle."""
    product = GrowthProduct(units=1.0, ka=0.15, k0=0.03, affected_h=(0.0, 48.0))
    growth = GrowthModel(
        half=0.35,
        k1=0.004,
        gain_production=1.25,
        gain_maturation=0.75,
        sd_production=0.4,
        sd_maturation=0.25,
        spike=0.8,
        sd_spike=0.8,
        spike_mean_time_h=25.0,
        daily=product,
        long_acting=replace(product, units=6.0, ka=0.02, k0=0.004),
    )
    prior = Prior(
        id="docetaxel-75",
        label="Docetaxel 75",
        population="solid tumours",
        circ0=4.8,
        mtt_h=86.0,
        gamma=0.165,
        parts=(Part(lk=3.19, t_e_h=6.0),),
        sd=(0.4, 0.17, 0.15, 0.55, 0.4),
        sd_occasion=0.25,
        sigma=0.35,
        sigma_affected=0.8,
        cycle_days=21,
    )
    return Course(
        key=key,
        prior=prior,
        growth_model=growth,
        treatment=Treatment(doses=tuple(Dose(time_h=10.0 + CYCLE_H * c, amount=1.0, cycle=c + 1) for c in range(cycles + 1))),
        counts=tuple(Count(time_h=CYCLE_H * c + 24.0 * day + 9.0, value=v) for c in range(cycles) for day, v in COUNTS),
    )


def bench_ask(cycles: int) -> Ask:
    """Return the question after the last count: to the next day 1, and two weeks beyond it."""
    start = CYCLE_H * (cycles - 1)
    return Ask(
        now_h=start + 24.0 * 12 + 11.0,
        start_h=start,
        day1_h=start + CYCLE_H + 9.0,
        next_dose_h=start + CYCLE_H + 10.0,
        end_h=start + CYCLE_H + 24.0 * 14,
        rows_h=tuple(start + 24.0 * day for day in range(36)),
        threshold=1.5,
    )


def _list(kernel: Kernel, patients: int) -> None:
    for number in range(patients):
        cycles = 1 + number % 6
        predict(study(bench_course(cycles, str(number)), kernel=kernel, draws=LIVE_DRAWS), bench_ask(cycles), kernel=kernel)


def _whole() -> dict[str, Any]:
    """Return the list of sixty patients with 1 to 6 cycles, whole forecasts; numpy is measured on a few of them."""
    fast = cpu_ms(lambda: _list(KERNEL, PATIENTS), 1)
    slow = cpu_ms(lambda: _list(NumpyKernel(), BY_NUMPY), 1) * PATIENTS / BY_NUMPY
    return _row(f"whole forecasts of {PATIENTS} patients, kernel {KERNEL.name} (baseline: numpy)", fast, slow, goal="in the background")


def _imported(program: str) -> float:
    """Return the CPU time that a program prints, in milliseconds: the smallest of five processes, with compiled modules as installed.

    `-E`: an environment that forbids to keep compiled modules would have them compiled anew each time.
    """
    runs = [subprocess.run([sys.executable, "-E", "-c", program], capture_output=True, text=True, check=True) for _ in range(6)]
    return min(float(run.stdout) for run in runs[1:]) * 1000.0


def _size_kb() -> float:
    return PLACE.stat().st_size / 1024.0 if PLACE.exists() else 0.0
