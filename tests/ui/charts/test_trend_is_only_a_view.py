"""Display settings cannot change what is evaluated: the charts know neither services nor rules, and change no record."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import neutromon.ui.charts
from neutromon.report.charts.build import build_trend_chart
from neutromon.rules import evaluate
from tests.builders import NOW, a_nadir_history
from tests.ui.charts.conftest import Painted, look
from tests.ui.fake_clinic import book

MODULES = [path for path in sorted(Path(neutromon.ui.charts.__path__[0]).glob("*.py")) if path.name != "bench.py"]
DECIDE = ("neutromon.services", "neutromon.rules", "neutromon.forecast", "neutromon.storage", "neutromon.report.charts.build")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_that_a_painter_cannot_reach_what_decides(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not [name for name in names if name.startswith(DECIDE)]


def test_that_every_display_setting_leaves_the_evaluation_as_it_was(painted: Painted) -> None:
    history = a_nadir_history()
    before = evaluate(history, book(), NOW)
    chart = build_trend_chart(history, before, None, now=NOW, regimen=None)
    view = painted(chart)
    for toggle in (view.toggle_scale, view.toggle_samples, view.toggle_rejected, view.toggle_panes, view.toggle_table):
        toggle()
        look(view)
    for preset in view.presets():
        view.show_preset(preset)
    after = evaluate(history, book(), NOW)
    assert replace(after, counts=()) == replace(before, counts=())
    assert [(c.anc, c.grades) for c in after.counts] == [(c.anc, c.grades) for c in before.counts]
    assert chart == build_trend_chart(history, after, None, now=NOW, regimen=None)
