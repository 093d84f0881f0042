"""What must hold on every screen: markup is text, every control has a name, nothing is left behind."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from neutromon.models.history import ClinicalEvent, Patient
from neutromon.models.worklist import ListName
from neutromon.ui.main_window import MainWindow
from tests.builders import NOW, a_nadir_history, a_patient
from tests.ui.fake_clinic import FakeClinic
from tests.ui.shell.conftest import make_window
from tests.ui.shell.reading import choose, nameless, rich_labels, texts
from tests.ui.shell.test_main_window import PATIENT_FORMS

MARKUP = "<b>Bold</b><img src=x>"
PAGES = ("worklist", "patient", "inbox", "handover", "wall")
ADMIN_PAGES = ("imports", "holding", "administration")


def show(window: MainWindow, page: str, patient: str = "p1") -> None:
    if page == "patient":
        window.open_patient(patient)
    elif page == "worklist":
        window.show_list(ListName.ALL)
    else:
        window.show_desk(page)


def a_marked_up_clinic() -> FakeClinic:
    person: Patient = a_patient(MARKUP, MARKUP, MARKUP)
    history = a_nadir_history(person, cycles=2, depth="0.2")
    assert history.course is not None
    course = replace(history.course, regimen=MARKUP)
    note = ClinicalEvent(kind="note", at=NOW, text=MARKUP)
    clinic = FakeClinic(user=MARKUP)
    clinic.add(replace(history, course=course, events=(note,)), "p1")
    return clinic


@pytest.mark.parametrize("page", PAGES)
def test_that_markup_in_every_field_of_a_patient_is_shown_as_text(qtbot: QtBot, undressed: QApplication, page: str) -> None:
    window = make_window(qtbot, undressed, a_marked_up_clinic())
    show(window, page)
    assert rich_labels(window) == []
    tips = [widget.toolTip() for widget in window.findChildren(object) if hasattr(widget, "toolTip")]
    assert not [tip for tip in tips if "<img" in str(tip) or "<b>" in str(tip)]


def test_that_markup_in_quick_find_is_shown_as_text(qtbot: QtBot, undressed: QApplication) -> None:
    window = make_window(qtbot, undressed, a_marked_up_clinic())
    window.search()
    qtbot.keyClicks(window.top.quick_find, "<b>")
    assert any(MARKUP in text for text in texts(window.top.quick_find.results))
    assert rich_labels(window) == []


@pytest.mark.parametrize("name", PATIENT_FORMS)
def test_that_markup_in_a_form_is_shown_as_text(qtbot: QtBot, undressed: QApplication, name: str) -> None:
    window = make_window(qtbot, undressed, a_marked_up_clinic())
    choose(window, "p1")
    window.run_command(f"form_{name}")
    form = window.forms.dialogs()[0]
    assert rich_labels(form) == []
    form.reject()


@pytest.mark.parametrize("page", PAGES)
def test_that_every_control_of_a_page_has_a_name(window: MainWindow, page: str) -> None:
    show(window, page, "p2")
    assert nameless(window) == []


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_that_every_control_of_the_clinics_desks_has_a_name(practice_window: MainWindow, page: str) -> None:
    practice_window.show_desk(page)
    assert nameless(practice_window) == []


@pytest.mark.parametrize("name", PATIENT_FORMS)
def test_that_every_control_of_a_form_has_a_name(window: MainWindow, name: str) -> None:
    choose(window, "p2")
    window.run_command(f"form_{name}")
    form = window.forms.dialogs()[0]
    assert nameless(form) == []
    form.reject()


def test_that_the_locked_screen_has_a_name_on_every_control(window: MainWindow) -> None:
    window.lock()
    assert nameless(window) == []


def test_that_a_batch_of_reports_asks_for_a_folder(practice_window: MainWindow) -> None:
    practice_window.report_for("batch", practice_window.patient_id())
    dialog = practice_window.findChild(QFileDialog, "report_place")
    assert isinstance(dialog, QFileDialog)
    assert dialog.windowTitle() == "Choose the folder for the reports"
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.reject()


def test_that_two_trends_of_one_day_are_offered_two_names(
    qtbot: QtBot, practice_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _place: str(tmp_path))
    names = []
    for _ in range(2):
        practice_window.open_patient(practice_window.worklist.table.current_id())
        practice_window.report_for("trend", practice_window.patient_id())
        dialog = practice_window.findChild(QFileDialog, "report_place")
        assert isinstance(dialog, QFileDialog)
        names.append(Path(dialog.selectedFiles()[0]).name)
        (tmp_path / names[-1]).write_bytes(b"%PDF")
        dialog.reject()
        qtbot.waitUntil(lambda: practice_window.findChild(QFileDialog, "report_place") is None)
    assert names[0].endswith("-0900.pdf") and names[1].endswith("-0900-2.pdf")
