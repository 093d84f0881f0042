"""The lock: no name on a locked screen, the draft behind it stays."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from neutromon.models.errors import StoreError
from neutromon.models.standing import Tier
from neutromon.ui.find_over import FindOver
from neutromon.ui.lock import IdleWatch
from neutromon.ui.main_window import MainWindow
from tests.ui.fake_clinic import FakeClinic
from tests.ui.shell.conftest import make_window
from tests.ui.shell.reading import choose, texts


def names_of(clinic: FakeClinic) -> set[str]:
    """Return what must not be read on a locked screen."""
    people = [history.patient for history in clinic.histories.values()]
    found = {part for person in people for part in (person.family_name, person.given_name) if part}
    return found | {person.identifier.value for person in people if person.identifier}


@pytest.mark.parametrize("page", ["worklist", "patient", "inbox", "handover", "wall"])
def test_that_a_locked_screen_shows_no_name_and_no_number_of_a_patient(window: MainWindow, clinic: FakeClinic, page: str) -> None:
    window.run_command("list_all")
    if page == "patient":
        window.open_patient("p7")
    elif page != "worklist":
        window.show_desk(page)
    window.messages.show_saved("Count of Example, Testa stored")
    window.lock()
    shown = " ".join(texts(window))
    assert not [name for name in names_of(clinic) if name in shown]


def test_that_a_locked_screen_says_the_numbers_of_the_strip_in_its_words(window: MainWindow) -> None:
    counts, done = {Tier.EMERGENCY: 6, Tier.URGENT: 2}, {Tier.EMERGENCY: 1, Tier.URGENT: 1}
    window.strip.show_alerts(counts, "", "", done)
    window.lock()
    assert "Open alerts: 5 Emergency · 1 Urgent · 2 answered" in texts(window)


def test_that_a_form_is_hidden_with_what_was_typed_and_comes_back(window: MainWindow) -> None:
    choose(window, "p1")
    window.run_command("form_temperature")
    form = window.forms.dialogs()[0]
    field = form.findChildren(QLineEdit)[0]
    field.setText("38.4")
    window.lock()
    assert not form.isVisible()
    window.unlock()
    assert form.isVisible() and field.text() == "38.4"
    form.reject()


def test_that_no_command_runs_while_the_screen_is_locked(window: MainWindow) -> None:
    window.lock()
    window.run_command("list_all")
    assert window.locked
    assert not any(action.isEnabled() for action in window.actions())


def test_that_a_wrong_passphrase_stays_locked_and_the_right_one_opens(qtbot: QtBot, undressed: QApplication, clinic: FakeClinic) -> None:
    def check(text: str) -> None:
        if text != "right":
            raise StoreError("User or passphrase is wrong.", "Try again.")

    window = make_window(qtbot, undressed, clinic, check_passphrase=check)
    window.lock()
    qtbot.keyClicks(window.lock_page.passphrase, "wrong")
    qtbot.keyClick(window.lock_page.passphrase, Qt.Key.Key_Return)
    assert window.locked and "wrong" in window.lock_page.problem.text()
    assert window.lock_page.passphrase.text() == ""
    qtbot.keyClicks(window.lock_page.passphrase, "right")
    qtbot.keyClick(window.lock_page.passphrase, Qt.Key.Key_Return)
    assert not window.locked


def test_that_nobody_at_the_keyboard_locks_the_window(window: MainWindow) -> None:
    window.idle.idle.emit()
    assert window.locked


def test_that_a_key_begins_the_waiting_anew_and_zero_minutes_never_lock(qtbot: QtBot) -> None:
    watch, owner = IdleWatch(1), QObject()
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert watch.eventFilter(owner, key) is False
    with qtbot.assertNotEmitted(watch.idle):
        watch.set_minutes(0)
    watch.stop()


def test_that_the_key_locks_while_a_form_is_open(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "p1")
    window.run_command("form_temperature")
    form = window.forms.dialogs()[0]
    qtbot.waitUntil(form.isActiveWindow)
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.locked and not form.isVisible()
    window.unlock()
    form.reject()


def test_that_the_lock_hides_the_dialogs_that_are_no_forms_too(window: MainWindow) -> None:
    window.sheets.keys()
    box = QMessageBox(window)
    box.setText("Example, Testa")
    box.open()
    window.lock()
    assert not [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    window.unlock()
    assert box.isVisible()
    for dialog in window.findChildren(QDialog):
        dialog.reject()


def test_that_a_name_typed_after_the_search_key_does_not_end_in_the_field_of_an_open_form(
    window: MainWindow, qtbot: QtBot, qapp: QApplication
) -> None:
    qapp.installEventFilter(window.idle)  # as the starter does
    choose(window, "p1")
    window.run_command("form_temperature")
    form = window.forms.dialogs()[0]
    field = form.findChildren(QLineEdit)[0]
    qtbot.waitUntil(form.isActiveWindow)
    field.setText("37")
    field.setFocus()
    field.home(False)
    before = field.text()
    qtbot.keyClick(field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    over = next(dialog for dialog in window.forms.dialogs() if isinstance(dialog, FindOver))
    qtbot.waitUntil(over.isActiveWindow)
    qtbot.keyClicks(over.field, "38")
    qapp.removeEventFilter(window.idle)
    assert field.text() == before and over.field.text() == "38"
    over.reject()
    form.reject()
