"""The forecast's acceptance figures: `--quick` in about a minute, all of them without; exit status 1 where one is missed.

    python scripts/forecast_acceptance.py [--quick] [--patients N] [--json FILE]

Virtual patients with known truth (reference/forecast.md, sections 7 and 12). Every figure is printed beside what it must be.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from neutromon.forecast.course import GrowthDose  # noqa: E402
from neutromon.forecast.library import KERNEL  # noqa: E402
from neutromon.forecast.prior_file import read_priors  # noqa: E402
from neutromon.forecast.priors import GrowthModel, Prior  # noqa: E402
from scripts.forecast_kernel import kernel_figures, trajectory_figures  # noqa: E402
from scripts.forecast_virtual import Design, Judged, Truth, daily_docetaxel, docetaxel_like, judge, simulate  # noqa: E402

ONE_CYCLE = {
    2: Design(name="2 counts (D1, 9)", days=(1, 9)),
    3: Design(name="3 counts (D1, 6, 9)", days=(1, 6, 9)),
    5: Design(name="5 counts (D1, 4, 6, 8, 10)", days=(1, 4, 6, 8, 10)),
    10: Design(name="10 counts (D1 to D10)", days=tuple(range(1, 11))),
}
NEXT_CYCLE = Design(name="next cycle (D1, 9, 16, 22)", days=(1, 9, 16, 22), ahead=True)
IOV = {
    2: Design(name="cycle 2", days=(1, 9, 16, 22), cycles=1, ahead=True),
    4: Design(name="cycle 4", days=(1, 9, 16, 22), cycles=3, ahead=True),
}
DAYS_TO = {
    8: Design(name="to 8 days after the dose", days=(1, *range(4, 10))),
    11: Design(name="to 11 days after the dose", days=(1, *range(4, 13))),
}
SHIPPED_SD = (0.40, 0.17, 0.15, 0.55, 0.40)
Row = dict[str, Any]
Numbers = np.ndarray[Any, np.dtype[np.float64]]


class Report:
    """Collects figures; a bound that a figure misses fails the run."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, test: str, what: str, value: float, low: float = -np.inf, high: float = np.inf, note: str = "") -> None:
        """Note a figure with its bounds and print it."""
        holds = bool(low <= value <= high)
        row = {"id": test, "what": what, "value": float(value), "low": _plain(low), "high": _plain(high), "holds": holds, "note": note}
        self.rows.append(row)
        bounds = f"[{'' if low == -np.inf else f'{low:g}'} .. {'' if high == np.inf else f'{high:g}'}]"
        print(f"{'ok    ' if holds else 'MISSED'} {test:4} {what:68} {value:9.4g}  {bounds} {note}", flush=True)


def _plain(bound: float) -> float | None:
    return None if not np.isfinite(bound) else float(bound)


class Study:
    """Runs designs and keeps what the plots need."""

    def __init__(self, growth: GrowthModel, patients: int) -> None:
        self.growth, self.patients = growth, patients
        self.kept: dict[str, Any] = {}

    def room(self, factor: float, wide: bool) -> float:
        """Return the room that chance needs with few patients, none with many."""
        return factor / float(np.sqrt(self.patients)) if wide else 0.0

    def run(
        self, key: str, true: Prior, design: Design, *, believed: Prior | None = None, patients: int | None = None, **world: Any
    ) -> list[Judged]:
        """Simulate and forecast a design; `believed` is the prior of the forecast where it is not the truth's."""
        count = patients or self.patients
        random = np.random.default_rng(sum(key.encode()) * 7919 + count)
        truth = simulate(true, design, self.growth, count, random, **world)
        judged = [judge(believed or true, design, self.growth, truth, patient) for patient in range(count)]
        self.kept[key] = _kept(judged, truth)
        return judged


def _kept(judged: Sequence[Judged], truth: Truth) -> dict[str, Any]:
    shown = [i for i, j in enumerate(judged) if not j.refused]
    return {
        "pit_nadir": [judged[i].pit_nadir for i in shown],
        "pit_measured": [judged[i].pit_measured for i in shown],
        "p_d16": [judged[i].p_d16 for i in shown],
        "above_d16": [bool(truth.measured_rows[0, i] >= np.log(1.5)) for i in shown],
        "pit_parameters": [judged[i].pit_parameters for i in shown],
        "methods": {m: sum(j.method == m for j in judged) for m in ("SIR", "AMIS", "prior")},
        "refused": len(judged) - len(shown),
        "flagged": sum(j.flagged for j in judged),
    }


def shown(judged: Sequence[Judged], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return one quantity of every forecast that was not refused."""
    values = np.array([getattr(j, name) for j in judged if not j.refused], dtype=np.float64)
    return values[np.isfinite(values)]


def covered(pits: np.ndarray[Any, Any], level: float = 0.9) -> float:
    """Return the share of truths inside the central interval."""
    tail = (1.0 - level) / 2.0
    return float(((pits > tail) & (pits < 1.0 - tail)).mean())


def ks(pits: np.ndarray[Any, Any]) -> float:
    """Return the largest distance of the distribution of the PIT from a uniform one."""
    ranked = np.sort(pits)
    steps = np.arange(1, len(ranked) + 1) / len(ranked)
    return float(max(np.abs(ranked - steps).max(), np.abs(ranked - steps + 1.0 / len(ranked)).max()))


def slope(p: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> float:
    """Return the slope of the outcome on the stated probability."""
    return float(((p - p.mean()) * (y - y.mean())).sum() / ((p - p.mean()) ** 2).sum())


def coverage_limits(patients: int, wide: bool) -> tuple[float, float]:
    """Return what the share inside a 90 % interval must lie between; with few patients chance needs more room."""
    room = 3.0 * float(np.sqrt(0.09 / patients)) if wide else 0.03
    return 0.90 - room, 0.90 + room


def one_cycle(study: Study, report: Report, wide: bool) -> None:
    """C1, C4, C5, A1, A2: counts of one cycle."""
    prior = docetaxel_like()
    low, high = coverage_limits(study.patients, wide)
    far = (2.2 if wide else 1.36) / np.sqrt(study.patients)
    most_error, most_day = {2: 0.32, 5: 0.28, 10: 0.24}, {2: 0.7, 3: 0.7, 5: 0.7, 10: 0.7}
    p, y = [], []
    for n, design in ONE_CYCLE.items():
        judged = study.run(f"n{n}", prior, design)
        pits, kept = shown(judged, "pit_nadir"), study.kept[f"n{n}"]
        report.add("C1", f"{design.name}: nadir inside the 90 % interval", covered(pits), low, high)
        for level in (0.5, 0.8, 0.95):
            report.add("C1", f"{design.name}: nadir inside the {level:.0%} interval", covered(pits, level), note="shown only")
        report.add("C1", f"{design.name}: PIT, KS distance", ks(pits), high=far)
        bias = float(np.exp(np.median(shown(judged, "nadir_ln_bias")))) - 1.0
        report.add("C1", f"{design.name}: median bias of the nadir", abs(bias), high=2.5 / np.sqrt(study.patients) if wide else 0.03)
        worst = max(ks(np.array([own[k] for own in kept["pit_parameters"]])) for k in range(5))
        report.add("C1", f"{design.name}: parameters, worst KS of five", worst, high=1.25 * far)
        report.add("C4", f"{design.name}: measured at D22 inside the 90 % interval", covered(shown(judged, "pit_measured")), low, high)
        own_p, own_y = brier(study, report, design.name, f"n{n}", wide) if n > 2 else little_skill(study, report, design, wide)
        p.append(own_p)
        y.append(own_y)
        if n in most_error:
            limit = most_error[n] * (1.0 + study.room(6.0, wide))
            report.add("A1", f"{design.name}: nadir, median relative error", float(np.median(shown(judged, "nadir_error"))), high=limit)
        report.add(
            "A2",
            f"{design.name}: nadir day, median error in days",
            float(np.median(shown(judged, "day_error"))),
            high=most_day[n] * (2.0 if wide else 1.0),
        )
        report.add("C1", f"{design.name}: refused", kept["refused"] / study.patients, high=0.1 if wide else 0.03)
    report.add(
        "C5", "reliability slope over all designs", slope(np.concatenate(p), np.concatenate(y)), 0.4 if wide else 0.8, 1.6 if wide else 1.2
    )


def brier(study: Study, report: Report, name: str, key: str, wide: bool) -> tuple[Numbers, Numbers]:
    """C5: the Brier score below that of the plain frequency; return stated probabilities and outcomes."""
    p, y = np.array(study.kept[key]["p_d16"]), np.array(study.kept[key]["above_d16"], dtype=float)
    climatology = float(y.mean() * (1.0 - y.mean()))
    high, note = climatology * (1.0 + 2.5 / np.sqrt(len(y)) if wide else 1.0), f"climatology {climatology:.4f}"
    report.add("C5", f"{name}: Brier, at or above 1.5 on D16", float(((p - y) ** 2).mean()), high=high, note=note)
    return p, y


def little_skill(study: Study, report: Report, design: Design, wide: bool) -> tuple[Numbers, Numbers]:
    """C5 with two counts: the skill is small (4 % in the reference), so that four times the patients are needed to see it."""
    study.run("n2-brier", docetaxel_like(), design, patients=4 * study.patients)
    return brier(study, report, f"{design.name}, {4 * study.patients} patients", "n2-brier", wide)


def next_cycle(study: Study, report: Report, wide: bool) -> None:
    """C2, A3, C5: the next cycle, without and with variability between cycles."""
    judged = study.run("next", docetaxel_like(), NEXT_CYCLE)
    low, high = coverage_limits(study.patients, wide)
    report.add("C1", "next cycle: nadir inside the 90 % interval", covered(shown(judged, "pit_nadir")), low, high)
    brier(study, report, "next cycle", "next", wide)
    prior = docetaxel_like(t_e_h=8.0, sd_occasion=0.25)
    for cycle, design in IOV.items():
        judged = study.run(f"iov{cycle}", prior, design, patients=max(20, int(study.patients * 0.6)))
        report.add(
            "C2",
            f"{design.name}, IOV .25: nadir inside the 90 % interval",
            covered(shown(judged, "pit_nadir")),
            0.86 - study.room(2.0, wide),
        )
        error = float(np.median(shown(judged, "nadir_error")))
        report.add(
            "A3",
            f"{design.name}, IOV .25: nadir, median relative error",
            error,
            high=0.50 * (1.0 + study.room(6.0, wide)),
        )
        blind = study.run(
            f"iov{cycle}-blind", prior, design, believed=replace(prior, sd_occasion=1e-3), patients=max(20, int(study.patients * 0.3))
        )
        report.add("C2", f"{design.name}, IOV .25 but a model without: coverage", covered(shown(blind, "pit_nadir")), note="for comparison")


def robustness(study: Study, report: Report, wide: bool) -> None:
    """C3: heavy tails, a wrong prior, a growth factor nobody recorded: covered, or flagged.

    The world is that of the calibration; what is believed has the spreads that ship, which are meant to hold for wrong regimens.
    """
    prior = docetaxel_like()
    shipped = replace(prior, sd=SHIPPED_SD, sd_occasion=0.25)
    peg = (GrowthDose(time_h=26.0, long_acting=True, units=study.growth.long_acting.units),)
    worlds: dict[str, tuple[Prior, dict[str, Any]]] = {
        "heavy-tailed residuals (t5)": (shipped, {"freedom": 5.0}),
        "prior MTT 20 % too long": (replace(shipped, mtt_h=prior.mtt_h * 1.2), {}),
        "prior MTT 20 % too short": (replace(shipped, mtt_h=prior.mtt_h / 1.2), {}),
        "pegfilgrastim on day 2, not recorded": (shipped, {"given": peg}),
    }
    for name, (believed, world) in worlds.items():
        for n in (2, 5, 10):
            key = f"{name}, n={n}"
            judged = study.run(key, prior, ONE_CYCLE[n], believed=believed, patients=max(20, int(study.patients * 0.6)), **world)
            inside = [not j.refused and 0.05 < j.pit_nadir < 0.95 for j in judged]
            good = [bool(a or j.flagged or j.refused) for a, j in zip(inside, judged, strict=True)]
            share = (
                f"coverage of what is shown {covered(shown(judged, 'pit_nadir')):.3f}, flagged {np.mean([j.flagged for j in judged]):.2f}"
            )
            report.add(
                "C3",
                f"{key}: covered or flagged",
                float(np.mean(good)),
                0.80 - study.room(1.5, wide),
                note=share,
            )


def recovery(study: Study, report: Report, wide: bool) -> None:
    """A4: back to the own baseline, daily counts from day 3 after the dose as in Netterberg 2017 (days count from the dose, as in N6)."""
    for day, design in DAYS_TO.items():
        judged = study.run(f"recovery{day}", daily_docetaxel(), design, patients=2 * study.patients if day == 11 else study.patients)
        within = float((shown(judged, "recovery_error_d") <= 1.0).mean())
        report.add(
            "A4",
            f"data {design.name}: recovery within a day",
            within,
            0.78 - study.room(2.0, wide) if day == 11 else -np.inf,
        )


def identical(study: Study, report: Report) -> None:
    """S4: the same data twice gives the same numbers, in any order of the counts."""
    prior, design = docetaxel_like(), ONE_CYCLE[5]
    truth = simulate(prior, design, study.growth, 3, np.random.default_rng(1))
    first = [judge(prior, design, study.growth, truth, i) for i in range(3)]
    again = [judge(prior, design, study.growth, truth, i) for i in range(3)]
    report.add("S4", "identical numbers for identical data", float(repr(first) == repr(again)), 1.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the acceptance and return 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few patients and wide limits, for every change")
    parser.add_argument("--patients", type=int, help="virtual patients per design (default: 500; 60 with --quick)")
    parser.add_argument("--json", metavar="FILE", help="keep the figures and what the plots need")
    options = parser.parse_args(arguments)
    patients = options.patients or (60 if options.quick else 500)
    priors = read_priors((ROOT / "resources" / "priors" / "priors.toml").read_text(encoding="utf-8"))
    report, study, wide = Report(), Study(priors.growth, patients), patients < 300
    print(f"kernel {KERNEL.name}, {patients} patients per design")
    started = time.process_time()
    parts: list[Callable[[], None]] = [
        lambda: kernel_figures(report, quick=options.quick),
        lambda: trajectory_figures(report),
        lambda: one_cycle(study, report, wide),
        lambda: next_cycle(study, report, wide),
        lambda: robustness(study, report, wide),
        lambda: recovery(study, report, wide),
        lambda: identical(study, report),
    ]
    for part in parts:
        part()
    missed = [row for row in report.rows if not row["holds"]]
    print(f"{len(report.rows) - len(missed)} of {len(report.rows)} hold; {time.process_time() - started:.0f} s CPU")
    if options.json:
        kept = {"patients": patients, "kernel": KERNEL.name, "figures": report.rows, "studies": study.kept}
        Path(options.json).write_text(json.dumps(kept), encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
