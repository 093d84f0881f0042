"""The batch sheet: each row is saved or refused by itself, the right patient stands beside her number, nothing is lost."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.models.worklist import ListName
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.forms.batch import BatchForm
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.theme import Theme
from tests.ui.fake_clinic import FakeClinic


def _fill(row: Any, who: str, *, time: str = "0810", **values: str) -> None:
    row.who.setText(who)
    row.time.setText(time)
    for name, text in values.items():
        row.values[name].setText(text)


def test_that_every_row_is_saved_or_refused_by_itself(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("batch")
    _fill(form.rows[0], "T-0003", neutrophils="2,1", platelets="201")
    _fill(form.rows[1], "T-0004", neutrophils="2100")
    _fill(form.rows[2], "T-0005", neutrophils="1.7", time="99")
    form._press_primary()
    assert clinic.histories["p3"].counts[-1].values["neutrophils"].value == "2.1"
    assert "did you mean" in form.rows[1].says.text()
    assert "time is missing or cannot be read" in form.rows[2].says.text()
    assert form.problem_text().startswith("2 rows were not saved")
    assert [s.title for s in saved] == ["1 count saved."]
    form.rows[1].values["neutrophils"].setText("2.1")
    form.rows[2].time.setText("0815")
    form._press_primary()
    assert [clinic.histories[p].counts[-1].values["neutrophils"].value for p in ("p4", "p5")] == ["2.1", "1.7"]
    assert len([name for name, _ in clinic.calls if name == "record_count"]) == 3


def test_that_no_row_moves_when_an_error_is_corrected(open_form: Any) -> None:
    form = open_form("batch")
    _fill(form.rows[0], "T-0003", neutrophils="2100")
    _fill(form.rows[1], "T-0004", neutrophils="2.1", time="99")
    form._press_primary()
    QApplication.processEvents()
    before = [row.who.mapTo(form, row.who.rect().topLeft()).y() for row in form.rows]
    form.rows[0].values["neutrophils"].setText("2.1")
    form.rows[1].time.setText("0815")
    QApplication.processEvents()
    assert form.rows[0].says.isHidden() and form.rows[1].says.isHidden()
    assert [row.who.mapTo(form, row.who.rect().topLeft()).y() for row in form.rows] == before


def test_that_name_and_birth_date_stand_beside_the_number_and_a_name_of_several_is_refused(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("batch")
    form.rows[0].who.setText("T-0001")
    assert form.rows[0].name.whole_text() == "\u2068Example, Testa\u2069 · 31 Jan 1960"
    form.rows[0].who.setText("Placeholder")
    assert form.rows[0].name.whole_text() == "3 patients match"
    form.rows[0].values["neutrophils"].setText("1.0")
    form.rows[0].time.setText("0800")
    form._press_primary()
    assert saved == [] and "does not name one patient" in form.rows[0].says.text()
    form.rows[0].who.setText("nobody like this")
    assert form.rows[0].name.whole_text() == "no such patient"


def test_that_a_number_of_several_patients_is_told_apart_by_name_and_birth_date(open_form: Any, clinic: FakeClinic) -> None:
    first = clinic.histories["p1"].patient
    other = replace(clinic.histories["p2"].patient, identifier=first.identifier, family_name="Placeholder", birth_date=date(1970, 5, 5))
    clinic.histories["p2"] = replace(clinic.histories["p2"], patient=other)
    form = open_form("batch")
    _fill(form.rows[0], "T-0001", neutrophils="1.0")
    form._press_primary()
    told = form.rows[0].says.text()
    assert "2 patients have this number" in told and "1960-01-31" in told and "whole patient number" not in told
    form.rows[0].who.setText("Placeholder 1970-05-05")
    assert form.rows[0].patient_id == "p2"


def test_that_a_row_that_is_saved_is_locked_and_not_saved_twice(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("batch")
    _fill(form.rows[0], "T-0003", neutrophils="2.1")
    _fill(form.rows[1], "T-0004", neutrophils="wrong")
    form._press_primary()
    assert not form.rows[0].who.isEnabled() and "Saved for" in form.rows[0].says.text()
    form._press_primary()
    assert len([name for name, _ in clinic.calls if name == "record_count"]) == 1


def test_that_a_draft_of_the_sheet_keeps_the_open_rows_and_leaves_out_the_saved_ones(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("batch")
    _fill(form.rows[0], "T-0003", neutrophils="2.1")
    for number in range(1, 9):
        _fill(form.rows[number], f"T-000{number}", neutrophils="wrong")
    form._press_primary()
    form.close()
    again = open_form("batch")
    assert again.rows[0].is_empty()
    assert [again.rows[n].who.text() for n in range(1, 9)] == [f"T-000{n}" for n in range(1, 9)]


def test_that_the_patients_of_a_list_are_filled_in_once(open_form: Any) -> None:
    form = open_form("batch")
    form.fill(ListName.TOMORROW)
    form.fill(ListName.TOMORROW)
    assert sorted(row.patient_id for row in form.rows if row.patient_id) == ["p3", "p4", "p5"]


def test_that_the_sheet_stays_open_while_patients_on_it_have_no_values(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("batch")
    form.fill(ListName.TOMORROW)
    form.rows[0].time.setText("0800")
    form.rows[0].values["neutrophils"].setText("1.6")
    form._press_primary()
    assert form.isVisible() and form._summary.text() == "1 saved, 2 still to do"
    assert len(saved) == 1


def test_that_one_unit_stands_over_a_whole_column(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("batch")
    form.chips["neutrophils"].next_unit()
    _fill(form.rows[0], "T-0003", neutrophils="2100")
    form._press_primary()
    value = clinic.histories["p3"].counts[-1].values["neutrophils"]
    assert (value.value, value.unit) == ("2100", "/uL")


def test_that_a_doubtful_row_is_saved_once_it_is_vouched_for(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("batch")
    _fill(form.rows[0], "T-0003", wbc="600")
    form._press_primary()
    assert form.rows[0].right.isVisible()
    form.rows[0].right.click()
    form._press_primary()
    assert clinic.histories["p3"].counts[-1].values["wbc"].confirmed


def test_that_a_count_of_the_same_time_is_refused(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("batch")
    taken = clinic.histories["p8"].counts[-1].collected_at
    assert taken is not None
    _fill(form.rows[0], "T-0008", neutrophils="1.3", time=f"{taken:%H%M}")
    form.rows[0].day.set_day(taken.date())
    form._press_primary()
    assert "already recorded" in form.rows[0].says.text()


def test_that_an_empty_sheet_says_what_to_do(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("batch")
    form._press_primary()
    assert saved == [] and "sheet is empty" in form.problem_text()


def test_that_a_real_sheet_is_undone_as_a_whole(open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, patient = store
    before = len(clinic.patient_history(patient).counts)
    form = open_form("batch", on=clinic)
    _fill(form.rows[0], "T-0001", neutrophils="0.3", time="0830")
    _fill(form.rows[1], "T-0001", neutrophils="0.35", time="0845")
    form._press_primary()
    assert len(clinic.patient_history(patient).counts) == before + 2
    assert saved[0].undo is not None
    saved[0].undo()
    assert len(clinic.patient_history(patient).counts) == before


def test_that_a_row_that_looks_like_another_patients_asks_before_it_is_saved(
    open_form: Any, clinic: FakeClinic, saved: list[Saved]
) -> None:
    clinic.unlike = ("haemoglobin 14 g/dL after 7 g/dL",)
    form = open_form("batch")
    line = form.rows[0]
    _fill(line, "T-0003", neutrophils="2.1")
    form._press_primary()
    assert not saved
    assert line.right.isVisible() and "haemoglobin 14 g/dL after 7 g/dL" in line.says.text()
    line.right.click()
    form._press_primary()
    assert line.saved and len(saved) == 1


def test_that_the_draft_is_the_sheets_own_whoever_is_chosen_behind_it(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("batch", "p1")
    form.rows[1].who.setText("T-0002")
    form.rows[2].who.setText("T-0003")
    form.reject()
    for patient in ("p2", "", "p1"):
        again = open_form("batch", patient)
        assert [line.who.text() for line in again.rows[:3]] == ["", "T-0002", "T-0003"]
        again.reject()


@pytest.mark.parametrize("scale", [1.0, 1.15, 1.3, 1.5, 2.0])
def test_that_the_sheet_never_scrolls_sideways_on_a_small_screen(
    qtbot: QtBot, clinic: FakeClinic, qapp: QApplication, scale: float
) -> None:
    before = qapp.font()
    font = QFont(before)
    font.setPixelSize(round(14 * scale))
    qapp.setFont(font)
    form = BatchForm(FormContext(clinic=clinic, theme=Theme(scale=scale)))
    qtbot.addWidget(form)
    form.fill(ListName.TOMORROW)
    form.open()
    assert form.width() <= 1366 and form._area is not None and form._area.horizontalScrollBar().maximum() == 0
    first = form.rows[0]
    assert form.isAncestorOf(first.time) and first.values["hemoglobin"].isVisible()
    form.close()
    qapp.setFont(before)
