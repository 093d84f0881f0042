"""Ctrl+K over an open form: it finds somebody else without harm, and what was begun comes back where it belongs."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from neutromon.ui.begun import begun_forms
from neutromon.ui.find_over import FindOver
from neutromon.ui.main_window import MainWindow
from neutromon.ui.widgets.dialog import Dialog
from tests.builders import NOW
from tests.ui.fake_clinic import FakeClinic
from tests.ui.shell.reading import choose


def begin(window: MainWindow, form: str, patient: str = "p1") -> Dialog:
    """Open a form for a patient."""
    window.open_patient(patient)
    window.run_command(f"form_{form}")
    return window.forms.dialogs()[0]


def press(qtbot: QtBot, form: Dialog) -> None:
    """Press Ctrl+K once the form has the keyboard."""
    qtbot.waitUntil(form.isActiveWindow)
    qtbot.keyClick(form, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)


def search(window: MainWindow, qtbot: QtBot, form: Dialog, text: str) -> FindOver:
    """Press Ctrl+K in the form and type."""
    press(qtbot, form)
    over = next(dialog for dialog in window.forms.dialogs() if isinstance(dialog, FindOver))
    qtbot.keyClicks(over.field, text)
    return over


def test_that_another_patient_is_found_over_a_form_and_the_draft_waits_for_its_own(
    window: MainWindow, qtbot: QtBot, clinic: FakeClinic
) -> None:
    form = begin(window, "temperature")
    form.value.setText("38.6")  # type: ignore[attr-defined]
    writes = [name for name, _ in clinic.calls if name != "view_patient"]
    over = search(window, qtbot, form, "T-0004")
    assert "“Record temperature” stays as a draft" in over.about.text()
    qtbot.keyClick(over.field, Qt.Key.Key_Return)
    assert window.patient_id() == "p4" and window.forms.dialogs() == []
    assert "“Record temperature” for" in window.messages.text() and "not saved" in window.messages.text()
    assert [name for name, _ in clinic.calls if name != "view_patient"] == writes
    assert {patient for patient, _ in clinic.drafts} == {"p1"}


def test_that_what_was_begun_is_offered_when_its_patient_is_opened_again(window: MainWindow, qtbot: QtBot) -> None:
    form = begin(window, "temperature")
    form.value.setText("38.6")  # type: ignore[attr-defined]
    form.reject()
    window.open_patient("p4")
    assert window.messages.text() == ""
    window.open_patient("p1")
    assert window.messages.text() == "Begun here and not saved: Record temperature."
    window.messages._go.click()
    again = window.forms.dialogs()[0]
    assert again.value.text() == "38.6"  # type: ignore[attr-defined]
    again.reject()


def test_that_a_command_is_found_over_a_form_for_the_same_patient(window: MainWindow, qtbot: QtBot) -> None:
    form = begin(window, "temperature")
    over = search(window, qtbot, form, ">Record symptoms")
    assert over.about.text() == ""
    qtbot.keyClick(over.field, Qt.Key.Key_Return)
    (symptoms,) = window.forms.dialogs()
    assert (symptoms.objectName(), symptoms.patient_id) == ("symptoms_form", "p1")
    symptoms.reject()


def test_that_esc_goes_back_to_the_form_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    form = begin(window, "temperature")
    form.value.setText("38.6")  # type: ignore[attr-defined]
    over = search(window, qtbot, form, "example")
    qtbot.keyClick(over.field, Qt.Key.Key_Escape)
    assert window.forms.dialogs() == [form]
    assert form.isVisible() and form.value.text() == "38.6"  # type: ignore[attr-defined]
    form.reject()


def test_that_a_form_that_keeps_no_draft_is_not_left_with_something_typed(window: MainWindow, qtbot: QtBot) -> None:
    form = begin(window, "pathway", "p2")
    next(iter(form._flags.values())).set_value(True)  # type: ignore[attr-defined]
    press(qtbot, form)
    assert form.isVisible() and "it keeps no draft" in form.problem_text()
    form.reject()


def test_that_the_key_sheet_is_left_for_whatever_is_found(window: MainWindow, qtbot: QtBot) -> None:
    window.run_command("keys")
    (sheet,) = window.forms.dialogs()
    over = search(window, qtbot, sheet, "T-0003")
    qtbot.keyClick(over.field, Qt.Key.Key_Return)
    assert window.patient_id() == "p3" and window.forms.dialogs() == []


def test_that_a_draft_is_offered_by_the_form_that_brings_it_back(window: MainWindow) -> None:
    choose(window, "p1")
    kinds = ("count", "record:s1", "cycle:course-1:3", "decision:2026-03-01", "decision:2026-03-13", "acknowledge:a1", "flow_sheet", "new")
    found = [(one.form, one.subject) for one in begun_forms(kinds, window.commands(), NOW.date())]
    assert found == [("count", ""), ("record", "s1"), ("cycle", "3"), ("decision", ""), ("flow_sheet", "")]
