"""The acceptance script: its quick form passes, and a figure that is missed fails it."""

import json
from pathlib import Path

import numpy as np
import pytest

from scripts import forecast_acceptance as acceptance
from scripts.forecast_acceptance import Report, covered, ks, slope


def test_that_the_quick_acceptance_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "figures.json"
    status = acceptance.main(["--quick", "--patients", "24", "--json", str(kept)])
    printed = capsys.readouterr().out
    assert status == 0, "\n".join(line for line in printed.splitlines() if line.startswith("MISSED"))
    figures = json.loads(kept.read_text(encoding="utf-8"))
    assert {row["id"] for row in figures["figures"]} >= {"N1", "N2", "N5", "N6", "C1", "C2", "C3", "C4", "C5", "A1", "A2", "A3", "A4", "S4"}


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
