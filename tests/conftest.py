"""What every test gets: no window on a screen, and a check that it leaves no widget, timer or thread behind."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.looks import put_on_the_windows_font, wear, worn

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from neutromon.services.session import Session

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
settings.register_profile(
    "house", deadline=None, max_examples=60, derandomize=bool(os.environ.get("CI")), suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread, a running timer or a shown widget behind."""
    threads = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in threads and thread.is_alive() and not thread.daemon]
    assert not left, f"threads left behind: {left}"
    if "PySide6.QtWidgets" in sys.modules:
        assert_no_qt_leftovers()


def assert_no_qt_leftovers() -> None:
    """Delete what asked to be deleted, then look for windows and timers that stayed."""
    from PySide6.QtCore import QCoreApplication, QEvent, QThreadPool, QTimer
    from PySide6.QtWidgets import QApplication

    application = QCoreApplication.instance()
    if not isinstance(application, QApplication):
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert QThreadPool.globalInstance().waitForDone(5000), "background work was still running after the test"
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    if shown:
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    names = [f"{type(widget).__name__} {widget.objectName()}" for widget in shown]
    assert not names, f"windows left open: {names}"
    running = [timer for timer in application.findChildren(QTimer) if timer.isActive()]
    assert not running, f"timers left running: {running}"


@pytest.fixture(scope="session")
def qapp(qapp: "QApplication") -> "QApplication":
    """Give the application in the window's own font, whatever fonts the machine has."""
    put_on_the_windows_font(qapp)
    return qapp


@pytest.fixture(autouse=True)
def same_clothes(request: pytest.FixtureRequest) -> "Iterator[None]":
    """Take off what a test made the application wear: the next one measures its widgets in the font it expects."""
    application = request.getfixturevalue("qapp") if "qapp" in request.fixturenames else None
    before = worn(application) if application is not None else None
    yield
    if application is not None and before is not None:
        wear(application, before)


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys with little memory, so that a test that opens many stores stays quick; one test keeps the real cost."""
    from neutromon.storage import keys

    monkeypatch.setattr(keys, "PARAMETERS", {"m": 64, "t": 1, "p": 1})


@pytest.fixture
def session(tmp_path: Path, quick_keys: None) -> "Iterator[Session]":
    """Give a session on a new, empty store; its clock is `session.clock` and stands still."""
    from neutromon.services.store_admin import close_session
    from tests.stores import make_store, open_at

    opened = open_at(make_store(tmp_path))
    yield opened
    close_session(opened)
