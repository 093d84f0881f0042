"""The acceptance script: its quick form passes, and a figure that is missed fails it."""

import json
from pathlib import Path

import numpy as np
import pytest

from neutromon.forecast.library import KERNEL, CompiledKernel
from scripts import forecast_acceptance as acceptance
from scripts.forecast_acceptance import Report, covered, ks, slope

LONG = {"next_cycle": {"C2", "A3"}, "robustness": {"C3"}, "recovery": {"A4"}}
ALL = {"N1", "N2", "N5", "N6", "C1", "C2", "C3", "C4", "C5", "A1", "A2", "A3", "A4", "S4"}


def test_that_the_quick_acceptance_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept, wanted, patients = tmp_path / "figures.json", set(ALL), "24"
    if not isinstance(KERNEL, CompiledKernel):  # numpy takes ten times as long and gives the same numbers (test_kernel): the short parts
        patients = "16"
        for part, ids in LONG.items():
            monkeypatch.setattr(acceptance, part, lambda *_, **__: None)
            wanted -= ids
    status = acceptance.main(["--quick", "--patients", patients, "--json", str(kept)])
    printed = capsys.readouterr().out
    assert status == 0, "\n".join(line for line in printed.splitlines() if line.startswith("MISSED"))
    figures = json.loads(kept.read_text(encoding="utf-8"))
    assert {row["id"] for row in figures["figures"]} >= wanted


def test_that_a_missed_figure_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def miss(report: Report, *_: object) -> None:
        report.add("XX", "a figure out of its bounds", 2.0, high=1.0)

    for part in ("kernel_figures", "trajectory_figures", "one_cycle", "next_cycle", "robustness", "recovery"):
        monkeypatch.setattr(acceptance, part, lambda *_, **__: None)
    monkeypatch.setattr(acceptance, "identical", lambda _study, report: miss(report))
    assert acceptance.main(["--quick", "--patients", "1"]) == 1


def test_that_the_measures_are_what_they_say() -> None:
    even = (np.arange(100) + 0.5) / 100
    assert covered(even) == pytest.approx(0.9)
    assert ks(even) == pytest.approx(0.005)
    assert slope(even, even) == pytest.approx(1.0)
    assert ks(even**3) > 0.3
