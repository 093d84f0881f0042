"""The page inside the main window on a real store: from the list to a saved count and back by undo, with the keyboard alone."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from neutromon.storage.files import resources_folder
from neutromon.ui.application import Wardrobe
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.main_window import MainWindow
from neutromon.ui.settings import WindowSettings
from neutromon.ui.window_tools import WindowTools

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, store: tuple[SessionClinic, str]) -> Any:
    """Return the main window over the real store, dressed."""
    wardrobe = Wardrobe(application=qapp, resources=resources_folder())
    theme = wardrobe.dress(WindowSettings())
    made = MainWindow(WindowTools(clinic=store[0], theme=theme, settings=WindowSettings(), dress=wardrobe.dress))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    yield made
    made.close()


def test_that_a_count_is_entered_shown_and_taken_back_without_the_mouse(
    qtbot: QtBot, window: MainWindow, store: tuple[SessionClinic, str]
) -> None:
    clinic, patient = store
    before = len(clinic.patient_history(patient).counts)
    window.open_patient(patient)
    page: Any = window.pages.page("patient")
    assert page.context.now.number.text() == "0.4"

    qtbot.keyClick(window, Qt.Key.Key_N, CTRL)
    form: Any = window.forms.dialogs()[0]
    form.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is form, timeout=5000)
    for text in ("t", "0855", "1,9", "0,25", "", "", "95", "9,4"):
        qtbot.keyClicks(form.focusWidget(), text)
        qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Return, CTRL)
    assert len(clinic.patient_history(patient).counts) == before + 1
    assert page.context.now.number.text() == "0.25"
    assert page.context.now.age.text() == "5 min ago · C2 D11"

    undo = window.messages.findChild(QPushButton, "undo")
    assert undo.isVisible()
    undo.click()
    assert len(clinic.patient_history(patient).counts) == before
    assert page.context.now.number.text() == "0.4"


def test_that_going_to_another_patient_leaves_the_open_form_with_the_first(
    qtbot: QtBot, window: MainWindow, store: tuple[SessionClinic, str]
) -> None:
    clinic, patient = store
    window.open_patient(patient)
    window.open_form_for("count", patient, "")
    form: Any = window.forms.dialogs()[0]
    from neutromon.services.bulk import load_histories
    from tests.builders import a_course, a_history, a_patient

    other = load_histories(clinic.session, [a_history(a_patient("T-0002", "Other", "Testa"), a_course())])[0]
    window.open_patient(other)
    form.taken.time.setText("0850")
    form.rows["neutrophils"].field.setText("0.6")
    form._press_primary()
    assert clinic.patient_history(patient).counts[-1].values["neutrophils"].value == "0.6"
    assert clinic.patient_history(other).counts == ()
