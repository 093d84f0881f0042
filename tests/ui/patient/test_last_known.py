"""Where the newest sample has no ANC, the last known value stands with its age beside that, and ages go on by themselves."""

from dataclasses import replace
from datetime import timedelta

from pytestqt.qtbot import QtBot

from neutromon.models.worklist import ListName
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.patient.page import PatientPage
from neutromon.ui.theme import Theme
from neutromon.ui.worklist.columns import Column, cell_text, limit_text
from neutromon.ui.worklist.model import WorklistModel
from tests.builders import a_count, a_course, a_history, a_patient, at, day
from tests.ui.fake_clinic import FakeClinic


def a_clinic() -> FakeClinic:
    """Return a clinic whose patient has a low ANC, and six minutes later white cells alone; her treatment is tomorrow."""
    clinic = FakeClinic()
    counts = [a_count("0.45", collected=at(hours=-1), plt="96"), a_count(wbc="1.6", collected=at(hours=-0.9))]
    clinic.add(a_history(a_patient("T-1"), a_course(first=day(-20)), counts), "p")
    return clinic


def test_that_the_card_shows_the_last_known_value_beside_the_newest_sample(qtbot: QtBot, notifier: ChangeNotifier) -> None:
    page = PatientPage(a_clinic(), Theme(), notifier)
    qtbot.addWidget(page)
    page.show_patient("p")
    now = page.context.now
    assert (now.number.text(), now.grade.text()) == ("0.45", "G4")
    assert "60 min ago" in now.age.text()
    assert "the newest sample (12 Mar 2026 08:06) has no ANC" in now.age.text()
    assert now.age.property("tone") == "hold"
    assert "WBC\u00a01.6\u00a0×10⁹/L\u00a0(54\u00a0min\u00a0ago)" in now.others.text()
    assert "Plt\u00a096\u00a0×10⁹/L" in now.others.text()
    page.leave()


def test_that_the_row_and_its_day_one_check_name_the_last_known_value() -> None:
    model = WorklistModel(a_clinic())
    model.show_list(ListName.TOMORROW)
    row = model.row_at(0)
    assert row is not None
    assert cell_text(Column.ANC, row).startswith("0.45 ×10⁹/L · G4")
    assert cell_text(Column.ANC, row).endswith("the newest sample (12 Mar 2026 08:06) has no ANC")
    assert limit_text(row) == "ANC last known 0.45 (≥ 1.0), platelets last known 96 (≥ 100)"


def test_that_a_limit_without_any_known_value_says_not_known() -> None:
    model = WorklistModel(a_clinic())
    model.show_list(ListName.TOMORROW)
    row = model.row_at(0)
    assert row is not None
    assert limit_text(replace(row, limiting_text="ANC not known; OT-GEN asks for ≥ 1.5")) == "ANC not known, needs ≥ 1.5"


def test_that_the_age_in_a_row_goes_on_without_reading_the_list_again() -> None:
    clinic = a_clinic()
    model = WorklistModel(clinic)
    model.show_list(ListName.TOMORROW)
    clinic.moment += timedelta(minutes=30)
    row = model.row_at(0)
    assert row is not None
    assert "90 min ago" in cell_text(Column.ANC, row)
