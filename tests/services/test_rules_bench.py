"""The figures of the rules: every one beside a baseline, over histories that differ."""

import pytest

from neutromon.services import rules_bench
from neutromon.services.rules_bench import a_history, best


def test_that_every_figure_stands_beside_a_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_bench, "SAMPLED", 4)
    figures = rules_bench.measurements()
    assert [figure["name"] for figure in figures][:2] == ["one patient, 200 counts, 12 cycles", "one added count in a clinic"]
    assert all(figure["value"] > 0 and figure["baseline"] > 0 and figure["ratio"] > 0 for figure in figures)
    assert {"name", "value", "unit", "baseline", "ratio", "goal"} == {key for figure in figures for key in figure}


def test_that_the_histories_differ_and_hold_what_they_say() -> None:
    one, other = a_history(20, 3, 1), a_history(20, 3, 2)
    assert len(one.counts) == 20 and one.course is not None and len(one.course.cycles) == 4
    assert [count.values for count in one.counts] != [count.values for count in other.counts]


def test_that_the_best_of_several_rounds_is_taken() -> None:
    calls: list[int] = []
    assert best(lambda: calls.append(1), rounds=3) > 0
    assert len(calls) == 4
