"""The backtest screen: runs beside the window, can be stopped, shows coverage, calibration and errors, exports without names."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QThreadPool
from pytestqt.qtbot import QtBot

from neutromon.models.errors import UserError
from neutromon.services.backtest import Backtest
from neutromon.ui.forecast.backtest import BacktestPage, percent, tiles_of
from neutromon.ui.tasks.task import Progress, Task
from neutromon.ui.theme import DARK, Theme
from tests.builders import NOW
from tests.ui.forecast.records import a_backtest


class Runner:
    """Starts tasks that wait for `gate`, tell their progress and return `result`, None where they were stopped."""

    def __init__(self, result: Backtest | Exception) -> None:
        self.result, self.gate, self.started = result, threading.Event(), 0

    def __call__(self) -> Task:
        self.started += 1

        def work(progress: Progress) -> Backtest | None:
            progress.tell(1, 4)
            self.gate.wait(5)
            if isinstance(self.result, Exception):
                raise self.result
            return None if progress.cancelled() else self.result

        task = Task("replay", work, QThreadPool.globalInstance())
        task.start(QThreadPool.globalInstance())
        return task


@pytest.fixture
def runner() -> Runner:
    return Runner(a_backtest())


@pytest.fixture
def page(qtbot: QtBot, runner: Runner) -> Iterator[BacktestPage]:
    made = BacktestPage(Theme(), runner)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show()
    yield made
    runner.gate.set()
    made.close()


def finish(qtbot: QtBot, page: BacktestPage, runner: Runner) -> None:
    page.begin()
    runner.gate.set()
    qtbot.waitUntil(lambda: page.start.isEnabled(), timeout=5000)
    page.grab()


def test_that_an_empty_screen_teaches_what_it_is_for(page: BacktestPage) -> None:
    assert "Run it to see" in page.text.text()
    heading, text = page.empty.texts()
    assert heading == "No backtest yet" and "compared with what was measured" in text and page.empty.isVisible()
    assert not page.export.isEnabled()


def test_that_it_runs_beside_the_window_with_progress_and_once_only(qtbot: QtBot, page: BacktestPage, runner: Runner) -> None:
    page.begin()
    page.begin()
    qtbot.waitUntil(lambda: page.progress.maximum() == 4, timeout=5000)
    assert (page.progress.value(), page.progress.isVisible(), runner.started) == (1, True, 1)
    runner.gate.set()
    qtbot.waitUntil(lambda: not page.progress.isVisible(), timeout=5000)


def test_that_it_can_be_stopped(qtbot: QtBot, page: BacktestPage, runner: Runner) -> None:
    page.begin()
    page.stop.click()
    runner.gate.set()
    qtbot.waitUntil(lambda: page.text.text() == "Stopped.", timeout=5000)
    assert page.start.isEnabled()


def test_that_the_result_says_coverage_calibration_and_errors(qtbot: QtBot, page: BacktestPage, runner: Runner) -> None:
    finish(qtbot, page, runner)
    result = a_backtest()
    assert page.text.text() == result.text
    assert [tile[0] for tile in tiles_of(result)] == [
        "50 % interval",
        "80 % interval",
        "90 % interval",
        "95 % interval",
        "Brier score of day 1",
    ]
    points = [word for word in page.plot.drawn if word.startswith("point")]
    assert len(points) == len(result.calibration)
    assert page.plot.accessibleDescription().count("observed") == len(result.calibration)
    assert page.table.rowCount() == len(result.ahead)
    assert page.table.item(0, 3).text() == f"× {result.ahead[0].error_factor:.2f}"
    assert "no day 1 on record 2" in page.explain.text()


def test_that_the_last_result_of_the_session_is_shown_again_with_its_time(qtbot: QtBot, runner: Runner) -> None:
    kept: list[tuple[Backtest, datetime]] = []
    page = BacktestPage(Theme(), runner, lambda: kept[-1] if kept else None)
    qtbot.addWidget(page)
    page.show()
    assert page.text.text().startswith("Run it") and not page.as_of.isVisible()
    kept.append((a_backtest(), NOW))
    page.activate()
    assert page.text.text() == a_backtest().text and page.export.isEnabled()
    assert page.as_of.text() == "As of 12 Mar 2026 09:00; what was recorded later is not in it."


def test_that_the_plot_names_its_axes_in_the_dark_too(qtbot: QtBot, runner: Runner) -> None:
    page = BacktestPage(Theme(palette=DARK), runner)
    qtbot.addWidget(page)
    page.show_result(a_backtest())
    page.plot.resize(360, 320)
    page.plot.grab()
    assert {"x stated: ANC at or above the threshold", "y how often it was so"} <= set(page.plot.drawn)


def test_that_a_clinic_without_closed_cycles_is_told_so(qtbot: QtBot, page: BacktestPage, runner: Runner) -> None:
    runner.result = Backtest()
    finish(qtbot, page, runner)
    assert "no closed cycle" in page.text.text()
    assert not page.export.isEnabled()


def test_that_a_failure_is_told_upwards(qtbot: QtBot, page: BacktestPage, runner: Runner) -> None:
    runner.result = UserError("The store is busy.", "Try again.")
    told: list[object] = []
    page.problem.connect(told.append)
    finish(qtbot, page, runner)
    assert told == [runner.result]


def test_that_the_export_numbers_patients_and_names_nobody(qtbot: QtBot, page: BacktestPage, runner: Runner, tmp_path: Path) -> None:
    finish(qtbot, page, runner)
    with qtbot.waitSignal(page.saved):
        page.write(tmp_path / "backtest.csv")
    raw = (tmp_path / "backtest.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfpatient,regimen,cycle")
    assert len(raw.decode("utf-8-sig").splitlines()) == 41


def test_that_a_place_that_cannot_be_written_is_one_sentence(qtbot: QtBot, page: BacktestPage, runner: Runner, tmp_path: Path) -> None:
    page.write(tmp_path / "before.csv")
    assert not (tmp_path / "before.csv").exists()
    finish(qtbot, page, runner)
    told: list[UserError] = []
    page.problem.connect(told.append)
    page.write(tmp_path / "nowhere" / "backtest.csv")
    assert "cannot be written" in str(told[0])


def test_that_a_share_that_is_not_known_is_a_dash() -> None:
    assert (percent(None), percent(0.876)) == ("–", "88 %")
