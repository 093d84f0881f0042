"""A change of looks leaves a person where she was: the page, its part, what was typed, and the keyboard's field."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QListWidget, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from neutromon.models.worklist import ListName
from neutromon.services.session import Session
from neutromon.ui.admin.page import AdministrationPage
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.desk import Desk
from neutromon.ui.main_window import MainWindow
from neutromon.ui.patient.page import PatientPage
from neutromon.ui.place import place_of
from neutromon.ui.rail import RailButton
from neutromon.ui.settings import WindowSettings, read_settings, write_settings
from neutromon.ui.widgets.labels import TextLabel
from tests.ui.fake_clinic import FakeClinic
from tests.ui.shell.conftest import make_window

CHANGES = [{"theme": "dark"}, {"scale": 1.5}, {"language": "de"}, {"right_to_left": True}]


@pytest.fixture
def window(qtbot: QtBot, undressed: QApplication, clinic: FakeClinic) -> MainWindow:
    """Return a window over a clinic in memory."""
    return make_window(qtbot, undressed, clinic)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_that_a_change_from_administration_stays_there_with_its_field(
    qtbot: QtBot, undressed: QApplication, practice: Session, change: dict[str, object]
) -> None:
    window = make_window(qtbot, undressed, SessionClinic(practice), desk=Desk(practice))
    window.show_desk("administration")
    rows = window.pages.page("administration").findChild(QListWidget, "administration_list")
    rows.setCurrentRow(rows.count() - 1)
    window.pages.page("administration").findChild(QComboBox, "look_theme").setFocus()
    window.change_settings(replace(window.settings, **change))
    page = window.pages.page("administration")
    assert window.pages.name == "administration" and isinstance(page, AdministrationPage)
    assert page.list.currentRow() == page.list.count() - 1
    focused = window.focusWidget()
    assert focused is not None and focused.objectName() == "look_theme" and page.isAncestorOf(focused)


def test_that_a_patients_tab_and_what_was_typed_into_its_filter_stay(window: MainWindow) -> None:
    window.open_patient("p1")
    page = window.pages.page("patient")
    assert isinstance(page, PatientPage)
    page.tabs.setCurrentIndex(3)
    page.log.words.setText("count")
    page.log.words.setFocus()
    window.looks.toggle_theme()
    page = window.pages.page("patient")
    assert isinstance(page, PatientPage)
    assert (page.patient_id, page.tabs.currentIndex(), page.log.words.text()) == ("p1", 3, "count")
    assert window.focusWidget() is page.log.words


@pytest.mark.parametrize("name", ["inbox", "handover", "wall"])
def test_that_every_desk_stays_when_the_unit_changes(window: MainWindow, name: str) -> None:
    window.show_desk(name)
    window.looks.toggle_unit()
    assert window.pages.name == name


def test_that_the_list_keeps_its_filter_and_the_keyboard_in_it(window: MainWindow) -> None:
    window.show_list(ListName.ALL)
    window.worklist.filter.setText("T-00")
    window.worklist.filter.setFocus()
    window.looks.step_text_size(1)
    assert window.worklist.filter.text() == "T-00" and window.focusWidget() is window.worklist.filter


def test_that_a_passphrase_is_never_carried_over(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    secret = QLineEdit(page)
    secret.setObjectName("secret")
    secret.setEchoMode(QLineEdit.EchoMode.Password)
    secret.setText("nobody's business")
    assert place_of(page).texts == {}


@pytest.mark.parametrize("mirrored", [False, True])
def test_that_every_menu_is_in_sight_whichever_way_one_reads(
    qtbot: QtBot, undressed: QApplication, clinic: FakeClinic, mirrored: bool
) -> None:
    window = make_window(qtbot, undressed, clinic)
    window.top.menus.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    window.resize(1920, 1080)
    menus = window.top.menus
    qtbot.waitUntil(lambda: menus.width() >= menus.sizeHint().width())
    places = [menus.actionGeometry(action) for action in menus.actions()]
    assert len(places) == 4 and all(menus.rect().contains(place) and place.width() > 20 for place in places)


def test_that_with_the_largest_text_the_rail_scrolls_and_cuts_no_title(window: MainWindow) -> None:
    window.change_settings(replace(window.settings, scale=2.0))
    area = window.rail.findChild(QScrollArea, "rail_scroll")
    assert isinstance(area, QScrollArea)
    for made in window.rail.findChildren(RailButton):
        label = made.findChildren(TextLabel)[0]
        assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())
        assert made.height() >= label.fontMetrics().height()


def test_that_the_width_of_the_rail_is_kept_for_the_next_start(
    qtbot: QtBot, undressed: QApplication, clinic: FakeClinic, tmp_path: Path
) -> None:
    kept = QSettings(str(tmp_path / "geometry.ini"), QSettings.Format.IniFormat)
    first = make_window(qtbot, undressed, clinic, geometry=kept)
    first.splitter.setSizes([290, 1000])
    wide = first.rail.width()
    first.close()
    second = make_window(qtbot, undressed, clinic, geometry=kept)
    assert second.rail.width() == wide > second.rail.minimumWidth()
    second.looks.reset()
    assert second.rail.width() == second.rail.minimumWidth()


def test_that_the_order_of_columns_is_kept_by_list_and_a_damaged_one_is_passed_over(tmp_path: Path) -> None:
    put = {"all": ["patient", "anc"], "tomorrow": "anc"}
    write_settings(tmp_path / "window.json", WindowSettings(column_order=put))  # type: ignore[arg-type]
    assert read_settings(tmp_path / "window.json").column_order == {"all": ["patient", "anc"]}


def test_that_the_layouts_reset_puts_moved_columns_back(window: MainWindow) -> None:
    before = window.worklist.model.columns()
    window.worklist.table.horizontalHeader().moveSection(3, 1)
    assert window.settings.column_order and window.worklist.model.columns() != before
    window.run_command("reset")
    assert window.settings.column_order == {} and window.worklist.model.columns() == before


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_that_no_page_moves_under_the_mouse_when_work_begins(window: MainWindow, scale: float) -> None:
    window.change_settings(replace(window.settings, scale=scale))
    QApplication.sendPostedEvents()
    before = window.pages.size()
    window.status.tasks.show()
    QApplication.processEvents()
    assert window.pages.size() == before
