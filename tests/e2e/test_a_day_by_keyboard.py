"""A patient's way through the real window over a real store, by keyboard alone: list, patient, count, alert, report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from neutromon.models.alerts import AlertState
from neutromon.models.worklist import ListName
from neutromon.services.alerts import open_alerts
from neutromon.services.patients import patient_by_mrn, patient_history
from neutromon.services.practice.store import PASSPHRASE, USER, build_practice_store
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session, open_session
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.desk import Desk
from neutromon.ui.main_window import MainWindow
from neutromon.ui.settings import WindowSettings
from neutromon.ui.theme import Theme
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.window_tools import WindowTools
from tests.builders import NOW


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, quick_keys: None) -> Iterator[MainWindow]:
    """Return the main window over a practice store; window and store are closed whatever happens."""
    session = a_session(tmp_path)
    made = a_window(qtbot, session)
    yield made
    made.close()
    close_session(session)


def session_of(window: MainWindow) -> Session:
    desk = window._tools.desk
    assert desk is not None
    return desk.session


def a_session(folder: Path) -> Session:
    path = folder / "practice.neutromon"
    if not path.exists():
        build_practice_store(path, NOW)
    return open_session(path, USER, PASSPHRASE, clock=lambda: NOW, practice=True)


def a_window(qtbot: QtBot, session: Session) -> MainWindow:
    desk = Desk(session, open_file=lambda path: None)
    tools = WindowTools(clinic=SessionClinic(session), theme=Theme(), settings=WindowSettings(), dress=lambda settings: Theme(), desk=desk)
    window = MainWindow(tools)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def press(keys: str) -> None:
    """Press a shortcut as a user does: the widget with the focus gets it."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert isinstance(target, QWidget)
    combination = QKeySequence(keys)[0]
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())


def type_text(text: str) -> None:
    """Type into whatever has the focus."""
    QTest.keyClicks(QApplication.focusWidget(), text)


def dialog_of(window: MainWindow, qtbot: QtBot) -> Dialog:
    """Return the form that is open, once the keyboard is in it."""
    qtbot.waitUntil(lambda: bool(window.forms.dialogs()))
    form = window.forms.dialogs()[0]
    form.activateWindow()
    qtbot.waitUntil(lambda: form.isAncestorOf(QApplication.focusWidget()) if QApplication.focusWidget() else False)
    return form


def come_back(window: MainWindow, qtbot: QtBot) -> None:
    """Wait for the form to close and the window to be active again, as a window manager makes it."""
    qtbot.waitUntil(lambda: not window.forms.dialogs())
    with qtbot.waitActive(window):
        window.activateWindow()


def tab_to(name: str, most: int = 30) -> None:
    """Press Tab until the control with this name for the screen reader has the focus."""
    for _ in range(most):
        focus = QApplication.focusWidget()
        if focus is not None and focus.accessibleName().startswith(name):
            return
        press("Tab")
    raise AssertionError(f"Tab never came to {name}")


def find(window: MainWindow, mrn: str) -> str:
    """Find a patient by her number and open her; return her id."""
    press("Ctrl+K")
    type_text(mrn)
    press("Return")
    patient = patient_by_mrn(session_of(window), mrn)
    assert patient is not None and window.patient_id() == patient
    return patient


def test_that_a_patient_is_found_and_her_count_entered_by_keyboard_alone(window: MainWindow, qtbot: QtBot) -> None:
    patient = find(window, "PC-1009")
    before = {count.id for count in patient_history(session_of(window), patient).counts}
    press("Ctrl+N")
    form = dialog_of(window, qtbot)
    assert form.patient_id == patient
    tab_to("Neutrophils")
    type_text("0,42")
    press("Ctrl+Return")
    come_back(window, qtbot)
    added = [count for count in patient_history(session_of(window), patient).counts if count.id not in before]
    assert [str(count.values["neutrophils"].value) for count in added] == ["0.42"]
    assert window.messages.text()
    press("Ctrl+Z")
    qtbot.waitUntil(lambda: {count.id for count in patient_history(session_of(window), patient).counts} == before)


def test_that_an_alert_of_the_list_is_acknowledged_by_keyboard_and_is_still_so_after_a_restart(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    press("Alt+7")
    inbox = window.pages.page("inbox")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and inbox.isAncestorOf(QApplication.focusWidget()))
    waiting = {row.alert.id for row in open_alerts(session_of(window)) if row.alert.state is AlertState.RAISED}
    qtbot.waitUntil(lambda: inbox.list.currentIndex().isValid())
    press("A")
    press("1")

    def answers() -> set[str]:
        if window.forms.dialogs():  # an emergency asks for the form's own confirmation
            press("Ctrl+Return")
        return {row.alert.id for row in open_alerts(session_of(window)) if row.alert.state is AlertState.ACKNOWLEDGED} & waiting

    qtbot.waitUntil(lambda: bool(answers()))
    answered = answers()
    window.close()
    close_session(session_of(window))
    again = a_session(tmp_path)
    still = {row.alert.id for row in open_alerts(again) if row.alert.state is AlertState.ACKNOWLEDGED}
    close_session(again)
    assert answered <= still


def test_that_tomorrows_first_patient_is_decided_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    press("Alt+1")
    assert window.worklist.name is ListName.TOMORROW
    type_text("PC-1001")
    press("Down")
    press("Ctrl+D")
    form = dialog_of(window, qtbot)
    assert form.patient_id == patient_by_mrn(session_of(window), "PC-1001")
    press("Escape")
    come_back(window, qtbot)


def test_that_a_report_is_written_beside_the_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    patient = find(window, "PC-1009")
    desk = window._tools.desk
    assert desk is not None
    path = tmp_path / "trend.pdf"
    task = desk.write_report(window, "trend", patient, ListName.TOMORROW, path)
    with qtbot.waitSignal(task.ended, timeout=60_000):
        pass
    assert path.read_bytes().startswith(b"%PDF")
    assert "Written" in window.messages.text()
