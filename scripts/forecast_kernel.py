"""The kernel against an adaptive eighth-order method, and the published trajectories (acceptance N1, N2, N5, N6)."""

from typing import Any, Protocol

import numpy as np
from scipy.integrate import solve_ivp

from neutromon.forecast.grid import FORECAST, Grid, make_grid
from neutromon.forecast.kernel import Array, Kernel, NumpyKernel, Particles, Release
from neutromon.forecast.library import KERNEL
from neutromon.forecast.reference_case import fit_case

CYCLE_H = 504.0
BRUNO = {"v1_l": 7.4, "k10_per_h": 5.2, "k12_per_h": 1.06, "k21_per_h": 1.51, "k13_per_h": 1.26, "k31_per_h": 0.084}
OZAWA = {"v1_l": 6.94, "cl_l_per_h": 35.7, "v2_l": 7.39, "q2_l_per_h": 5.58, "v3_l": 225.0, "q3_l_per_h": 12.5}
PACLITAXEL = {"v1_l": 420.0, "cl_l_per_h": 328.0, "v2_l": 1000.0, "q2_l_per_h": 204.0}
TRAJECTORIES: dict[str, tuple[dict[str, float], dict[str, float], float, float, float, float]] = {
    "docetaxel, Friberg 2002": ({"circ0": 5.05, "mtt_h": 88.7, "gamma": 0.161, "slope": 8.58}, BRUNO, 180 / 0.808, 1.0, 0.896, 182.0),
    "docetaxel, Ozawa 2007": ({"circ0": 4.5, "mtt_h": 113.0, "gamma": 0.196, "slope": 17.9}, OZAWA, 96.0, 1.0, 1.237, 217.0),
    "docetaxel, Puisset 2007": ({"circ0": 4.41, "mtt_h": 96.2, "gamma": 0.146, "slope": 7.4}, BRUNO, 180.0, 1.0, 1.396, 189.0),
    "paclitaxel, Friberg 2002": ({"circ0": 7.21, "mtt_h": 124.0, "gamma": 0.239, "slope": 28.9}, PACLITAXEL, 410.0, 3.0, 3.007, 221.0),
}


class Report(Protocol):
    """Where figures go."""

    def add(self, test: str, what: str, value: float, low: float = ..., high: float = ..., note: str = "") -> None: ...


def kernel_figures(report: Report, *, quick: bool) -> None:
    """N1: over log-kill, half-life and transit time; N2: C against numpy."""
    worst, worst_nadir, apart = 0.0, 0.0, 0.0
    kills, lives, transits = (
        ((1.0, 3.2, 6.0), (2.0, 12.0, 54.0, 260.0), (70.0, 150.0))
        if quick
        else ((1.0, 2.0, 3.2, 4.5, 6.0), (2.0, 6.0, 12.0, 54.0, 120.0, 260.0), (70.0, 88.0, 110.0, 130.0, 150.0))
    )
    for cycles in (1,) if quick else (1, 6):
        grid = make_grid([CYCLE_H * c for c in range(cycles)], [24.0 * d for d in range(1, 21 * cycles + 1)], ladder=FORECAST)
        for lk in kills:
            for t_e in lives:
                for mtt in transits:
                    own = ours(grid, cycles, lk, t_e, mtt, KERNEL)
                    true = eighth_order(grid.nodes, cycles, lk, t_e, mtt)
                    difference = np.abs(np.log(own / true))
                    worst = max(worst, float(difference.max()))
                    worst_nadir = max(worst_nadir, float(abs(np.log(own.min() / true.min()))))
                    apart = max(apart, float(np.abs(np.log(own / ours(grid, cycles, lk, t_e, mtt, NumpyKernel()))).max()))
    report.add("N1", "kernel against DOP853, largest difference of ln ANC", worst, high=3e-3)
    report.add("N1", "kernel against DOP853, at the nadir", worst_nadir, high=1e-3)
    report.add("N2", f"{KERNEL.name} against numpy, largest difference of ln ANC", apart, high=1e-9)


def ours(grid: Grid, cycles: int, lk: float, t_e: float, mtt: float, kernel: Kernel) -> Array:
    """Return Circ on the nodes by the program's kernel."""
    amount = np.zeros(len(grid.nodes))
    amount[grid.at([CYCLE_H * c for c in range(cycles)])] = 1.0
    one = np.ones(1)
    release = Release(
        amount=amount, occasion=np.zeros(len(grid.nodes), dtype=np.int32), scale=np.ones((1, 1)), lk=lk * one, rate=np.log(2.0) / t_e * one
    )
    ktr = 4.0 / mtt * one
    effect = kernel.release(grid.steps, release, ktr)
    circ, _ = kernel.integrate(grid.steps, Particles.of(4.8 * one, ktr, 0.165 * one, ktr), effect)
    return circ[:, 0]


def eighth_order(nodes: Array, cycles: int, lk: float, t_e: float, mtt: float) -> Array:
    """Return Circ on the nodes by an adaptive method of order eight, begun anew at each dose."""
    ktr, k, circ0, gamma = 4.0 / mtt, np.log(2.0) / t_e, 4.8, 0.165
    state = np.array([np.log(circ0), circ0, circ0, circ0, circ0, 0.0])
    found = np.empty(len(nodes))

    def rates(_t: float, s: Array) -> list[Any]:
        feedback = (circ0 / max(s[4], 1e-4)) ** gamma
        effect = lk * k * s[5] / ktr
        return [
            ktr * ((1.0 - effect) * feedback - 1.0),
            ktr * (np.exp(s[0]) - s[1]),
            ktr * (s[1] - s[2]),
            ktr * (s[2] - s[3]),
            ktr * (s[3] - s[4]),
            -k * s[5],
        ]

    for cycle in range(cycles):
        start, end = CYCLE_H * cycle, CYCLE_H * (cycle + 1)
        state[5] += 1.0
        inside = (nodes >= start - 1e-9) & (nodes <= end + 1e-9)
        solved = solve_ivp(rates, (start, end), state, method="DOP853", rtol=1e-10, atol=1e-12, t_eval=nodes[inside])
        found[inside] = solved.y[4]
        state = solved.y[:, -1].copy()
    return found


def trajectory_figures(report: Report) -> None:
    """N5: nadir and its time of the published typical patients; N6: the typical recovery of Netterberg 2017."""
    hours = [float(h) for h in range(601)]
    for name, (typical, pk, amount, duration, value, at) in TRAJECTORIES.items():
        case = {
            "format": "neutromon-case/1",
            "id": name,
            "model": "friberg-pk",
            "typical": typical,
            "pk": pk,
            "doses": [{"time_h": 0, "amount": amount, "duration_h": duration}],
            "observations": [],
            "grid_h": hours,
        }
        curve = fit_case(case)["predicted"]["grid"]
        report.add("N5", f"{name}: nadir, relative difference", abs(min(curve) / value - 1.0), high=0.005)
        report.add("N5", f"{name}: nadir, difference in h", abs(hours[curve.index(min(curve))] - at), high=1.0)
    case = {
        "format": "neutromon-case/1",
        "id": "recovery",
        "model": "friberg-pk",
        "typical": {"circ0": 5.21965, "mtt_h": 84.1791, "gamma": 0.144543, "slope": 15.5711},
        "pk": BRUNO,
        "doses": [{"time_h": 0, "amount": 180 / 0.808, "duration_h": 1}],
        "observations": [],
        "grid_h": hours,
    }
    curve = fit_case(case)["predicted"]["grid"]
    lowest = curve.index(min(curve))
    back = next(h for h, v in zip(hours[lowest:], curve[lowest:], strict=True) if v >= 5.21965)
    report.add("N6", "typical recovery of Netterberg 2017, day", back / 24.0, 16.5, 17.5)
