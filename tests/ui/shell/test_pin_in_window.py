"""The form of one's own PIN is reached from the menu of the user and by its name, and its save is told in the window."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from neutromon.ui.main_window import MainWindow
from neutromon.ui.pin import PinForm
from tests.ui.fake_clinic import FakeClinic

DIGITS = "402917"


def the_form(qtbot: QtBot, window: MainWindow) -> PinForm:
    form = window.findChild(PinForm)
    assert form is not None
    qtbot.waitExposed(form)
    return form


def test_that_the_menu_of_the_user_has_the_pin_beside_the_lock(qtbot: QtBot, window: MainWindow) -> None:
    menu = window.top.user.menu()
    menu.aboutToShow.emit()
    names = [action.objectName() for action in menu.actions()]
    assert names.index("action_form_pin") == names.index("action_lock") + 1
    action = next(one for one in menu.actions() if one.objectName() == "action_form_pin")
    assert isinstance(action, QAction) and action.text() == "PIN for sign-off"
    action.trigger()
    the_form(qtbot, window).reject()


def test_that_typing_its_name_after_ctrl_k_sets_a_pin_without_a_mouse(qtbot: QtBot, window: MainWindow, clinic: FakeClinic) -> None:
    window.activateWindow()
    window.search()
    qtbot.keyClicks(window.top.quick_find, "pin for sign")
    qtbot.keyClick(window.top.quick_find, Qt.Key.Key_Return)
    form = the_form(qtbot, window)
    form.activateWindow()
    for field, text in ((form.secret, "right"), (form.pin, DIGITS), (form.again, DIGITS)):
        qtbot.waitUntil(lambda wanted=field: QApplication.focusWidget() is wanted)
        assert isinstance(field, QLineEdit)
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Tab if field is not form.again else Qt.Key.Key_Return)
    assert clinic.pin == DIGITS
    assert "Your PIN is set." in window.messages.text()


def test_that_nobody_reaches_the_pin_over_the_lock_screen(window: MainWindow, clinic: FakeClinic) -> None:
    clinic.pin = DIGITS
    window.lock()
    window.run_command("form_pin")
    assert window.findChild(PinForm) is None and window.locked
