"""The rail says how many waiting results would be critical if true: by word and number, and nothing before it was looked."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from neutromon.models.changes import Changes
from neutromon.services.held_list import critical_sets, held_lines
from neutromon.services.importing import import_files
from neutromon.services.practice.lab_files import write_lab_files
from neutromon.services.session import Session
from neutromon.ui.critical_watch import CriticalWatch
from neutromon.ui.main_window import MainWindow
from tests.builders import NOW
from tests.ui.fake_clinic import FakeClinic


@dataclass(frozen=True)
class Waiting:
    id: str


class Bay(FakeClinic):
    """A clinic where ten sets wait, every third of them critical."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = [f"held-{number}" for number in range(10)]
        self.asked: list[str] = []

    def held_lines(self) -> list[Waiting]:
        return [Waiting(one) for one in self.ids]

    def critical_sets(self, held_ids: object) -> frozenset[str]:
        self.asked += held_ids  # type: ignore[operator]
        return frozenset(one for one in held_ids if int(one[-1]) % 3 == 0)  # type: ignore[attr-defined]


@pytest.fixture
def bay() -> Bay:
    return Bay()


@pytest.fixture
def watch(qtbot: QtBot, bay: Bay) -> CriticalWatch:
    return CriticalWatch(bay)


def test_that_it_tells_the_number_once_everything_was_looked_into(qtbot: QtBot, watch: CriticalWatch, bay: Bay) -> None:
    told: list[int] = []
    watch.counted.connect(told.append)
    with qtbot.waitSignal(watch.counted, timeout=5000):
        watch.look(10)
    assert told == [4] and sorted(bay.asked) == sorted(bay.ids)


def test_that_the_same_number_is_not_looked_into_twice_but_a_change_is(qtbot: QtBot, watch: CriticalWatch, bay: Bay) -> None:
    with qtbot.waitSignal(watch.counted, timeout=5000):
        watch.look(10)
    watch.look(10)
    assert len(bay.asked) == 10 and not watch._timer.isActive()
    bay.ids = bay.ids[1:]
    with qtbot.waitSignal(watch.counted, timeout=5000, check_params_cb=lambda number: number == 3):
        watch.look_again()


def test_that_an_empty_bay_is_told_at_once(qtbot: QtBot, watch: CriticalWatch) -> None:
    with qtbot.waitSignal(watch.counted, timeout=5000, check_params_cb=lambda number: number == 0):
        watch.look(0)


def test_that_the_rail_says_it_in_words_with_its_number_and_forgets_it_when_it_is_decided(window: MainWindow) -> None:
    made = window.rail.findChild(object, "rail_holding")
    window.rail.set_desk_number("holding", 39)
    window.rail.show_critical(2)
    assert made.accessibleName() == "Holding bay, 39, ◆ 2 critical if true"  # type: ignore[attr-defined]
    high = made.minimumHeight()  # type: ignore[attr-defined]
    window.rail.show_critical(0)
    assert made.accessibleName() == "Holding bay, 39" and made.minimumHeight() < high  # type: ignore[attr-defined]


def test_that_what_the_laboratory_sent_shows_in_the_rail_without_a_click(
    practice_window: MainWindow, practice: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    files = write_lab_files(tmp_path / "laboratory", NOW)
    low = tmp_path / "low.csv"
    low.write_text("patient number;name;birth date;date;ANC (10*9/L)\nPC-0000;Nobody;1960-02-29;2026-03-12 07:00;0.2\n", encoding="utf-8")
    import_files(practice, [*files, low])
    practice_window.notifier.announce(Changes(holding=True))
    ids = [one.id for one in held_lines(practice)]
    number = len(critical_sets(practice, ids))
    assert number >= 1
    made = practice_window.rail.findChild(object, "rail_holding")
    qtbot.waitUntil(lambda: f"◆ {number} critical if true" in made.accessibleName(), timeout=10_000)  # type: ignore[attr-defined]
