"""The unit that counts are shown in: a habit of the window that touches no stored value, no alert text and no rule."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.models.worklist import DayOneState, ListName
from neutromon.services.session import Session
from neutromon.storage.files import resources_folder
from neutromon.ui.application import Wardrobe
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.count_unit import count_unit, shown_counts, shown_limit, use_count_unit
from neutromon.ui.main_window import MainWindow
from neutromon.ui.settings import WindowSettings, read_settings, write_settings
from neutromon.ui.worklist.columns import Column, cell_text, limit_text
from tests.ui.fake_clinic import FakeClinic
from tests.ui.shell.conftest import make_window


@pytest.fixture(autouse=True)
def unit_put_back(qapp: QApplication) -> Iterator[None]:
    """Leave the unit as it was stored for the next test."""
    yield
    use_count_unit("10*9/L")


@pytest.fixture
def window(qtbot: QtBot, undressed: QApplication, clinic: FakeClinic) -> MainWindow:
    """Return a window whose settings reach the application."""
    return make_window(qtbot, undressed, clinic, speak=Wardrobe(application=undressed, resources=resources_folder()).speak)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("0.62 ×10⁹/L", "620 /µL"),
        ("<0.1 ×10⁹/L", "<100 /µL"),
        ("0.499 ×10⁹/L (from WBC)", "499 /µL (from WBC)"),
        ("Plt\u00a0187\u00a0×10⁹/L  ·  Hb\u00a0102\u00a0g/L", "Plt\u00a0187000\u00a0/µL  ·  Hb\u00a0102\u00a0g/L"),
        ("unknown", "unknown"),
    ],
)
def test_that_a_count_is_shown_exactly_in_the_chosen_unit(stored: str, shown: str) -> None:
    assert shown_counts(stored) == stored
    use_count_unit("/uL")
    assert shown_counts(stored) == shown


def test_that_a_bound_goes_with_its_count() -> None:
    use_count_unit("/uL")
    text = "ANC 0.2 ×10⁹/L; ebmt asks for ≥ 1.5; platelets 71 ×10⁹/L; ebmt asks for ≥ 100"
    assert shown_limit(text) == "ANC 200 /µL; ebmt asks for ≥ 1500 /µL; platelets 71000 /µL; ebmt asks for ≥ 100000 /µL"
    hemoglobin = "Hb 70 g/L; site asks for ≥ 80"
    assert shown_limit(hemoglobin) == hemoglobin


def test_that_an_unknown_unit_is_not_taken(tmp_path: Path) -> None:
    write_settings(tmp_path / "window.json", WindowSettings(count_unit="g/L"))
    assert read_settings(tmp_path / "window.json").count_unit == "10*9/L"
    use_count_unit("g/L")
    assert count_unit() == "10*9/L"


def test_that_key_and_menu_change_the_unit_in_list_and_patient_page(window: MainWindow, clinic: FakeClinic) -> None:
    window.show_list(ListName.ALL)
    row = next(r for r in clinic.worklist(ListName.ALL) if "×10⁹/L" in r.anc_text)
    window.open_patient(row.patient_id)
    window.run_command("unit")
    assert window.top.unit.text() == "/µL"
    assert window.settings.count_unit == "/uL"
    page = window.pages.page("patient")
    assert page.context.now.unit.text() == "/µL"  # type: ignore[attr-defined]
    assert "/µL" in cell_text(Column.ANC, row)
    window.top.unit.menu().actions()[0].trigger()
    assert window.settings.count_unit == "10*9/L"
    assert "×10⁹/L" in cell_text(Column.ANC, row)


def test_that_the_day_1_column_names_value_and_bound_in_one_unit(clinic: FakeClinic) -> None:
    row = replace(
        clinic.worklist(ListName.ALL)[0],
        day1_state=DayOneState.DOES_NOT_MEET,
        limiting_text="ANC 0.9 ×10⁹/L; site asks for ≥ 1.0",
    )
    use_count_unit("/uL")
    assert limit_text(row) == "ANC 900, needs ≥ 1000 /µL"
    assert "≥ 1000 /µL" in cell_text(Column.DAY_ONE, row)


def test_that_the_unit_changes_no_evaluation_and_no_alert_text(practice: Session) -> None:
    clinic = SessionClinic(practice)
    ids = [row.patient_id for row in clinic.worklist(ListName.ALL)]
    before = [(clinic.evaluate_patient(one), clinic.alerts_of(one), clinic.patient_history(one)) for one in ids]
    use_count_unit("/uL")
    assert [(clinic.evaluate_patient(one), clinic.alerts_of(one), clinic.patient_history(one)) for one in ids] == before
    assert len(ids) > 10
