"""Faults: places without texts, one dialog a place, and the next start offers what a hard crash wrote."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from pytestqt.qtbot import QtBot

from neutromon.ui.start.crash import CrashDesk
from neutromon.ui.start.fault import FaultDialog, LastCrashDialog

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
SECRET = "Example, Testa T-0001"


def fail() -> None:
    raise ValueError(SECRET)


def a_fault() -> tuple[type[BaseException], BaseException, object]:
    try:
        fail()
    except ValueError as error:
        return type(error), error, error.__traceback__
    raise AssertionError


def a_desk(folder: Path, shown: list[str]) -> CrashDesk:
    return CrashDesk(folder, lambda: NOW, shown.append)


def test_that_a_fault_is_logged_with_its_place_and_without_its_text(tmp_path: Path) -> None:
    shown: list[str] = []
    desk = a_desk(tmp_path, shown)
    desk.handle(*a_fault())  # type: ignore[arg-type]
    log = desk.log_path.read_text(encoding="utf-8")
    assert re.search(r"ValueError at (\S*/)?test_crash\.py", log) and "fail" in log
    assert SECRET not in log + "".join(shown) and "Testa" not in log
    assert log.startswith("2026-03-12T09:00:00+00:00")


def test_that_the_same_place_is_shown_once_and_logged_each_time(tmp_path: Path) -> None:
    shown: list[str] = []
    desk = a_desk(tmp_path, shown)
    for _ in range(3):
        desk.handle(*a_fault())  # type: ignore[arg-type]
    assert len(shown) == 1
    assert desk.log_path.read_text(encoding="utf-8").count("ValueError at") == 3


def test_that_the_log_does_not_grow_without_end(tmp_path: Path) -> None:
    desk = a_desk(tmp_path, [])
    desk.log_path.write_text("x" * 300_000, encoding="utf-8")
    desk.handle(*a_fault())  # type: ignore[arg-type]
    assert desk.log_path.stat().st_size < 10_000
    assert desk.log_path.with_suffix(".old").exists()


def test_that_a_folder_that_cannot_be_written_keeps_nobody_from_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    shown: list[str] = []
    desk = a_desk(tmp_path / "file" / "logs", shown)
    desk.install()
    desk.handle(*a_fault())  # type: ignore[arg-type]
    desk.end()
    assert len(shown) == 1


def test_that_a_hard_crash_is_offered_once_at_the_next_start(tmp_path: Path) -> None:
    desk = a_desk(tmp_path, [])
    desk.fault_path.write_text("Fatal Python error: Segmentation fault", encoding="utf-8")
    assert "Segmentation fault" in desk.last_crash()
    assert desk.last_crash() == ""


def test_that_the_hook_is_given_back(tmp_path: Path) -> None:
    before, desk = sys.excepthook, a_desk(tmp_path, [])
    desk.install()
    assert sys.excepthook == desk.handle
    desk.end()
    assert sys.excepthook is sys.__excepthook__
    sys.excepthook = before


def test_that_restart_is_what_enter_does_after_a_fault(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = FaultDialog("ValueError at neutromon/ui/x.py:3", tmp_path / "neutromon.log")
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.restart_requested):
        next(child for child in dialog.findChildren(object) if getattr(child, "objectName", str)() == "restart").click()  # type: ignore[attr-defined]


def test_that_the_last_crash_is_shown_with_what_is_safe(qtbot: QtBot) -> None:
    dialog = LastCrashDialog("Fatal Python error")
    qtbot.addWidget(dialog)
    assert "drafts" in dialog.about.text()
