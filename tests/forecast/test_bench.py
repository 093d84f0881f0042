"""The forecast's bench: every figure beside a baseline, with its goal."""

from collections.abc import Callable

import pytest

from neutromon.forecast import bench


def test_that_every_figure_stands_beside_a_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def once(act: Callable[[], object], times: int) -> float:
        act()
        return float(times)

    def imported(program: str) -> float:
        asked.append(program)
        return 10.0

    monkeypatch.setattr(bench, "PATIENTS", 2)
    monkeypatch.setattr(bench, "BY_NUMPY", 1)
    monkeypatch.setattr(bench, "cpu_ms", once)
    monkeypatch.setattr(bench, "_imported", imported)
    rows = bench.measurements()
    assert all(set(row) == {"name", "value", "unit", "baseline", "ratio", "goal"} for row in rows)
    assert [row["ratio"] for row in rows[:2]] == [5.0, 5.0]
    assert asked == [bench.IMPORTS, bench.NUMPY]
    assert len(rows) == 5


def test_that_times_are_cpu_times_of_repeated_calls() -> None:
    calls: list[int] = []
    assert bench.cpu_ms(lambda: calls.append(1), 3) >= 0.0
    assert len(calls) == 4


def test_that_a_missing_library_adds_nothing_to_the_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "PLACE", bench.PLACE.with_name("none"))
    assert bench._size_kb() == 0.0


def test_that_an_import_is_measured_in_a_process_of_its_own() -> None:
    assert bench._imported("print(0.002)") == pytest.approx(2.0)
