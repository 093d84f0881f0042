"""The flow sheet: the paper sheet's columns and blanks, marks at what is out of range, and cells that are typed into."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from neutromon.models.errors import UserError
from neutromon.models.history import ClinicalEvent, Provenance, TreatmentDay
from neutromon.models.quantity import Reported
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.patient.flow_data import FlowRow
from neutromon.ui.patient.flow_model import ROWS, FlowModel
from neutromon.ui.patient.flow_write import Answers, begin_edit, store_edit
from neutromon.ui.patient.page import PatientPage
from tests.builders import a_count, a_course, a_cycle, a_fever, a_growth_factor, a_history, a_patient, at, day
from tests.ui.fake_clinic import FakeClinic

FLOW = 2


def _column(page: PatientPage, heading: str) -> int:
    model = page.flow.model
    headings = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    return next(n for n, text in enumerate(headings) if heading in text)


def _cell(page: PatientPage, heading: str, row: FlowRow) -> str:
    model = page.flow.model
    return str(model.data(model.index(ROWS.index(row), _column(page, heading))))


def _type(page: PatientPage, heading: str, row: FlowRow, text: str) -> None:
    model = page.flow.model
    model.setData(model.index(ROWS.index(row), _column(page, heading)), text)


def test_that_the_columns_are_the_days_of_the_cycles_with_dates_and_today(open_page: Any) -> None:
    model = open_page("p1", FLOW).flow.model
    headings = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    assert headings[0] == "C1 D1\n19 Jan"
    assert "C3 D8\n9 Mar" in headings
    assert headings[-2:] == ["C3 D11\n12 Mar · today", "C4 D1\n23 Mar · planned"]


def test_that_a_value_out_of_range_has_a_glyph_and_a_word(open_page: Any) -> None:
    page = open_page("p1", FLOW)
    assert _cell(page, "C3 D11", FlowRow.ANC) == "0.4\n▼ low G4"
    assert _cell(page, "C3 D1\n", FlowRow.ANC) == "4.2"


def test_that_a_fever_and_a_doubtful_value_are_marked_in_words(open_page: Any, clinic: FakeClinic) -> None:
    counts = [a_count("3000", collected=at(hours=-2)), a_count("<0.1", collected=at(-3))]
    history = replace(a_history(a_patient("T-9"), a_course(), counts), temperatures=(a_fever("38.4"),))
    clinic.add(history, "px")
    page = open_page("px", FLOW)
    assert _cell(page, "today", FlowRow.TEMPERATURE) == "38.4\n▲ fever"
    assert _cell(page, "today", FlowRow.ANC) == "“3000”\n○ doubtful"
    assert _cell(page, "9 Mar", FlowRow.ANC) == "<0.1\n▼ low G4"


def test_that_blanks_are_blank_and_called_blank_to_a_screen_reader(open_page: Any) -> None:
    page = open_page("p6", FLOW)
    model = page.flow.model
    at_ = model.index(ROWS.index(FlowRow.ANC), model.today_column())
    assert model.data(at_) == ""
    assert "blank" in model.data(at_, Qt.ItemDataRole.AccessibleTextRole)


def test_that_dose_growth_factor_events_and_initials_have_their_rows(open_page: Any, clinic: FakeClinic) -> None:
    further = (TreatmentDay(day=8, given=day(-3), dose_percent="75"),)
    cycles = [a_cycle(1, day(-10), treatment_days=further), a_cycle(2, planned=day(11))]
    count = a_count("2.0", collected=at(-1), provenance=Provenance(source="typed", author="Ann Other"))
    history = replace(
        a_history(a_patient("T-9"), a_course(cycles=cycles), [count]),
        growth_factors=(a_growth_factor(given=at(-9)),),
        events=(ClinicalEvent(kind="transfusion", at=at(-2)),),
    )
    clinic.add(history, "px")
    page = open_page("px", FLOW)
    assert _cell(page, "C1 D1\n", FlowRow.DOSE) == "100"
    assert _cell(page, "C1 D8", FlowRow.DOSE) == "75"
    assert _cell(page, "C2 D1", FlowRow.DOSE) == "planned"
    assert _cell(page, "C1 D2", FlowRow.GCSF) == "pegfilgrastim"
    assert _cell(page, "10 Mar", FlowRow.OTHER) == "Transfusion"
    assert _cell(page, "11 Mar", FlowRow.SIGNATURE) == "AO"


def test_that_a_changed_value_asks_for_a_reason_before_it_is_stored(open_page: Any, clinic: FakeClinic) -> None:
    page = open_page("p1", FLOW)
    _type(page, "C3 D11", FlowRow.ANC, "0,5")
    assert page.flow.bar.isVisible() and page.flow.bar.says.text() == "Neutrophils (ANC) 0.4 becomes 0.5 on C3 D11, 12 Mar 2026"
    page.flow.bar.accepted.emit()
    assert page.flow.problem.text().startswith("A reason is needed.")
    page.flow.bar.reason.setText("slip of the pen")
    page.flow.bar.accepted.emit()
    assert not page.flow.bar.isVisible()
    assert _cell(page, "C3 D11", FlowRow.ANC) == "0.5\n▼ low G3"
    assert clinic.calls[-1][0] == "correct_count" and clinic.calls[-1][1][3] == "slip of the pen"


def test_that_a_value_in_a_blank_day_asks_for_its_time_and_becomes_a_count(open_page: Any, clinic: FakeClinic) -> None:
    page = open_page("p6", FLOW)
    _type(page, "today", FlowRow.ANC, "<0,1")
    page.flow.bar.time.setText("0830")
    page.flow.bar.accepted.emit()
    stored = clinic.histories["p6"].counts[-1]
    assert stored.values["neutrophils"].value == "<0.1"
    assert stored.collected_at is not None and stored.collected_at.hour == 8
    assert _cell(page, "today", FlowRow.ANC) == "<0.1\n▼ low G4"


def test_that_a_missing_value_of_a_known_count_is_added_to_it(open_page: Any, clinic: FakeClinic) -> None:
    page = open_page("p8", FLOW)
    _type(page, "10 Mar", FlowRow.HEMOGLOBIN, "9.8")
    page.flow.bar.accepted.emit()
    assert clinic.histories["p8"].counts[-1].values["hemoglobin"].unit == "g/dL"


def test_that_a_dose_and_a_temperature_are_typed_into_the_sheet(open_page: Any, clinic: FakeClinic) -> None:
    page = open_page("p1", FLOW)
    _type(page, "C3 D1\n", FlowRow.DOSE, "80")
    page.flow.bar.accepted.emit()
    assert _cell(page, "C3 D1\n", FlowRow.DOSE) == "80"
    _type(page, "today", FlowRow.TEMPERATURE, "38.5")
    page.flow.bar.time.setText("0800")
    page.flow.bar.accepted.emit()
    assert _cell(page, "today", FlowRow.TEMPERATURE) == "38.5\n▲ fever"


@pytest.mark.parametrize("typed", ["clotted", "1.234,5", "-1", ""])
def test_that_what_is_no_value_is_refused_with_a_sentence_and_nothing_is_stored(open_page: Any, clinic: FakeClinic, typed: str) -> None:
    page = open_page("p1", FLOW)
    before = len(clinic.calls)
    _type(page, "C3 D11", FlowRow.ANC, typed)
    assert page.flow.problem.text() and not page.flow.bar.isVisible()
    assert len(clinic.calls) == before


def test_that_a_value_a_thousand_times_too_large_is_not_stored(open_page: Any, clinic: FakeClinic) -> None:
    page = open_page("p1", FLOW)
    before = len(clinic.calls)
    _type(page, "C3 D11", FlowRow.ANC, "3000")
    page.flow.bar.reason.setText("as on the slip")
    page.flow.bar.accepted.emit()
    assert "did you mean 3000 /µL" in page.flow.problem.text()
    assert len(clinic.calls) == before


def test_that_a_typed_cell_is_dropped_and_not_written_to_the_next_patient(open_page: Any, clinic: FakeClinic) -> None:
    page = open_page("p1", FLOW)
    _type(page, "C3 D11", FlowRow.ANC, "0.5")
    page.flow.bar.reason.setText("slip")
    page.show_patient("p4")
    page.flow.bar.accepted.emit()
    assert not page.flow.bar.isVisible()
    assert not [name for name, _ in clinic.calls if name == "correct_count"]


def test_that_planned_days_take_no_counts(open_page: Any) -> None:
    page = open_page("p1", FLOW)
    model = page.flow.model
    planned = model.index(ROWS.index(FlowRow.ANC), model.columnCount() - 1)
    assert not model.flags(planned) & Qt.ItemFlag.ItemIsEditable


def test_that_the_sheet_is_worked_by_keyboard(qtbot: QtBot, open_page: Any, clinic: FakeClinic) -> None:
    page = open_page("p1", FLOW)
    table = page.flow.table
    table.setCurrentIndex(page.flow.model.index(ROWS.index(FlowRow.ANC), page.flow.model.today_column()))
    table.setFocus()
    asked: list[str] = []
    page.form_requested.connect(asked.append)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(object, "flow_cell")
    editor.setText("0.6")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(page.flow.bar.isVisible, timeout=3000)
    assert asked == []  # the Enter that ends the field opens no form
    assert page.focusWidget() is page.flow.bar.reason
    page.flow.bar.reason.setText("read again")
    qtbot.keyClick(page.flow.bar.reason, Qt.Key.Key_Return)
    assert clinic.histories["p1"].counts[-1].values["neutrophils"].value == "0.6"


def test_that_enter_opens_the_record_behind_a_cell(qtbot: QtBot, open_page: Any) -> None:
    page = open_page("p1", FLOW)
    asked: list[tuple[str, str, str]] = []
    page.form_requested.connect(lambda *told: asked.append(told))
    table, model = page.flow.table, page.flow.model
    for row in (FlowRow.ANC, FlowRow.GCSF, FlowRow.TEMPERATURE):
        table.setCurrentIndex(model.index(ROWS.index(row), model.today_column()))
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked == [("record", "p1", "p1-s13"), ("growth_factor", "p1", ""), ("temperature", "p1", "")]


def test_that_the_model_keeps_the_rules_of_qt(qtbot: QtBot, open_page: Any) -> None:
    model: FlowModel = open_page("p2", FLOW).flow.model
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_facts(None)
    assert model.columnCount() == 0
    tester.deleteLater()


def test_that_a_real_store_keeps_what_is_typed_into_the_sheet(open_page: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    page = open_page(patient, FLOW, on=clinic)
    _type(page, "today", FlowRow.ANC, "0.3")
    page.flow.bar.reason.setText("read again")
    page.flow.bar.accepted.emit()
    assert _cell(page, "today", FlowRow.ANC) == "0.3\n▼ low G4"
    assert clinic.patient_history(patient).counts[-1].superseded[0][1].value == "0.4"


def test_that_a_value_that_looks_like_another_patients_is_sent_to_the_form_that_asks(open_page: Any, clinic: FakeClinic) -> None:
    page = open_page("p1", FLOW)
    clinic.unlike = ("haemoglobin 14 g/dL after 7 g/dL",)
    today = page.flow.model.today_column()
    with pytest.raises(UserError, match="Is this sample this patient's"):
        store_edit(
            clinic,
            "p1",
            begin_edit(replace(page.flow.model.day_at(today), sample=None), FlowRow.HEMOGLOBIN, "14"),
            Answers(unit="g/dL", moment=time(8)),
        )
    assert not [call for call in clinic.calls if call[0] == "record_count"]


def test_that_a_change_that_was_begun_waits_until_its_patient_is_shown_again(open_page: Any) -> None:
    page = open_page("p1", FLOW)
    _type(page, "C3 D11", FlowRow.ANC, "0,5")
    page.flow.bar.reason.setText("slip of")
    page.show_patient("p2")
    assert not page.flow.bar.isVisible()
    page.leave()
    again = open_page("p1", FLOW)
    assert again.flow.bar.isVisible()
    assert again.flow.bar.says.text().startswith("Begun earlier and not saved: Neutrophils (ANC) 0.4 becomes 0.5")
    assert again.flow.bar.reason.text() == "slip of"
    again.flow.bar._cancel()
    again.show_patient("p2")
    again.show_patient("p1")
    assert not again.flow.bar.isVisible()


def test_that_a_change_that_was_begun_is_dropped_where_its_cell_has_changed_since(open_page: Any, clinic: FakeClinic) -> None:
    page = open_page("p1", FLOW)
    _type(page, "C3 D11", FlowRow.ANC, "0,5")
    page.leave()
    clinic.correct_count(clinic.histories["p1"].counts[-1].id, "neutrophils", Reported(value="0.7", unit="10*9/L"), "telephoned")
    again = open_page("p1", FLOW)
    assert not again.flow.bar.isVisible() and not clinic.drafts


def test_that_a_white_count_below_the_anc_asks_before_it_is_stored_and_vouches_for_both(
    qtbot: QtBot, open_page: Any, clinic: FakeClinic
) -> None:
    page = open_page("p4", FLOW)
    _type(page, "11 Mar", FlowRow.WBC, "0.5")
    page.flow.bar.reason.setText("as on the slip")
    page.flow.bar.accepted.emit()
    assert "The ANC of 0.9 ×10⁹/L is above the WBC of 0.5 ×10⁹/L." in page.flow.problem.text()
    assert page.flow.bar.sure.isVisible() and not [name for name, _ in clinic.calls if name == "correct_count"]
    page.flow.bar.sure.setChecked(True)
    qtbot.keyClick(page.flow.bar, Qt.Key.Key_Return)
    stored = clinic.histories["p4"].counts[-1].values
    assert (stored["wbc"].value, stored["wbc"].confirmed, stored["neutrophils"].confirmed) == ("0.5", True, True)


def test_that_what_was_checked_is_asked_anew_after_another_unit(open_page: Any) -> None:
    page = open_page("p1", FLOW)
    _type(page, "C3 D11", FlowRow.ANC, "3000")
    page.flow.bar.reason.setText("as on the slip")
    page.flow.bar.accepted.emit()
    page.flow.bar.sure.setChecked(True)
    page.flow.bar.chip.set_unit("/uL")
    assert not page.flow.bar.sure.isChecked() and not page.flow.bar.sure.isVisible()
