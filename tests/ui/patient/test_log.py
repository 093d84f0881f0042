"""The log: every entry with who and when, text exactly as stored, found by words and by kind."""

import re
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from neutromon.models.care import Pathway
from neutromon.models.history import ClinicalEvent
from neutromon.services.decisions import DayOneDecision
from neutromon.services.histories import KINDS
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.patient.log import shown_text
from neutromon.ui.patient.log_model import kind_words
from neutromon.ui.patient.page import PatientPage
from tests.builders import a_fever
from tests.ui.fake_clinic import FakeClinic, FakeLogEntry

LOG = 3
MARKUP = "<b>bold</b>   with  spaces & <img src=x>"


def _texts(page: PatientPage) -> list[str]:
    model = page.log.model
    return [model.texts(n)[3] for n in range(model.rowCount())]


def test_that_facts_alerts_and_decisions_stand_in_the_log_with_author_and_time(open_page: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    clinic.record_temperature(patient, a_fever("38.6"))
    clinic.record_event(patient, ClinicalEvent(kind="note", at=clinic.now(), text=MARKUP))
    clinic.decide_day_one(patient, DayOneDecision(decision="defer", days=7, reason="ANC 0.4"))
    page = open_page(patient, LOG, on=clinic)
    model = page.log.model
    kinds = {model.entry(n).kind for n in range(model.rowCount())}
    assert {"sample", "temperature", "event", "decision", "alert", "patient", "course"} <= kinds
    when, who, _, _ = model.texts(0)
    assert (when, who) == ("12 Mar 2026 09:00", "N. Urse")


def test_that_a_text_is_shown_exactly_as_it_was_stored(open_page: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    clinic.record_event(patient, ClinicalEvent(kind="note", at=clinic.now(), text=MARKUP))
    page = open_page(patient, LOG, on=clinic)
    stored = next(entry.text for entry in clinic.patient_log(patient) if entry.kind == "event")
    assert MARKUP in stored and stored in _texts(page)


def test_that_a_text_of_many_pages_leaves_the_other_entries_in_sight(open_page: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    clinic.record_event(patient, ClinicalEvent(kind="note", at=clinic.now(), text="made up " * 1250))
    page = open_page(patient, LOG, on=clinic)
    table = page.findChild(QTableView, "log_table")
    assert max(table.rowHeight(number) for number in range(table.model().rowCount())) < 400
    assert shown_text("made up " * 1250).endswith("(9500 more characters)")
    assert max(map(len, _texts(page))) >= 10_000  # the whole of it can be found and read out


def test_that_the_log_is_found_by_words_and_says_how_much_is_hidden(open_page: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    clinic.record_event(patient, ClinicalEvent(kind="note", at=clinic.now(), text="rang the daughter"))
    page = open_page(patient, LOG, on=clinic)
    every = page.log.model.rowCount()
    page.log.words.setText("daughter rang")
    assert page.log.model.rowCount() == 1
    assert page.log.number.text() == f"1 of {every} entries"


def test_that_the_log_is_filtered_by_kind(open_page: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    page = open_page(patient, LOG, on=clinic)
    page.log.kind.setCurrentIndex(page.log.kind.findData("alert"))
    model = page.log.model
    assert model.rowCount() > 0
    assert {model.entry(n).kind for n in range(model.rowCount())} == {"alert"}


def test_that_escape_takes_the_filter_away(qtbot: QtBot, open_page: Any) -> None:
    page = open_page("p1", LOG)
    page.log.words.setText("nothing like this")
    qtbot.keyClick(page.log, Qt.Key.Key_Escape)
    assert page.log.words.text() == ""


def test_that_enter_opens_the_record_of_a_count_and_the_withdrawal_of_another_fact(
    qtbot: QtBot, open_page: Any, clinic: FakeClinic
) -> None:
    entries = [
        FakeLogEntry(at=clinic.now(), who="N. Urse", kind="sample", text="Count", fact_id="s1"),
        FakeLogEntry(at=clinic.now(), who="N. Urse", kind="temperature", text="38.4", fact_id="t1"),
        FakeLogEntry(at=clinic.now(), who="N. Urse", kind="patient", text="Patient data", fact_id="p1"),
    ]
    clinic.patient_log = lambda _patient: entries  # type: ignore[method-assign]
    page = open_page("p1", LOG)
    asked: list[tuple[str, str, str]] = []
    page.form_requested.connect(lambda *told: asked.append(told))
    for row in range(3):
        page.log.table.setCurrentIndex(page.log.model.index(row, 0))
        qtbot.keyClick(page.log.table, Qt.Key.Key_Return)
    assert asked == [("record", "p1", "s1"), ("fact", "p1", "t1")]
    assert not page.log.open_button.isEnabled()


def test_that_a_replaced_entry_says_so(open_page: Any, clinic: FakeClinic) -> None:
    entry = FakeLogEntry(at=clinic.now(), who="N. Urse", kind="sample", text="Count", fact_id="s1", superseded=True)
    clinic.patient_log = lambda _patient: [entry]  # type: ignore[method-assign]
    assert open_page("p1", LOG).log.model.texts(0)[2] == "Count · replaced later"


def test_that_the_model_keeps_the_rules_of_qt(open_page: Any) -> None:
    model = open_page("p1", LOG).log.model
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.filter("count", "")
    assert model.columnCount() == 4
    tester.deleteLater()


def test_that_no_time_in_the_log_is_written_as_a_machine_writes_it(open_page: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    clinic.save_pathway(patient, Pathway(time_zero=clinic.now()))
    clinic.decide_day_one(patient, DayOneDecision(decision="defer", days=7, reason="ANC 0.4"))
    page = open_page(patient, LOG, on=clinic)
    texts = _texts(page)
    assert not [text for text in texts if re.search(r"\d{4}-\d\d-\d\d", text)]
    assert "Febrile-neutropenia pathway, time zero 12 Mar 2026 09:00" in texts
    assert any(text.startswith("Count of ") and " Mar 2026 " in text for text in texts)
    page._fill_later()
    assert "Decision" in page.context.plan.decision.text() and "2026-" not in page.context.plan.decision.text()


def test_that_a_date_that_somebody_typed_into_a_note_stays_as_typed(open_page: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    clinic.record_event(patient, ClinicalEvent(kind="note", at=clinic.now(), text="scan on 2026-03-20"))
    assert any("scan on 2026-03-20" in text for text in _texts(open_page(patient, LOG, on=clinic)))


def test_that_the_log_is_filtered_by_facts_and_by_what_was_raised_and_decided(open_page: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    clinic.decide_day_one(patient, DayOneDecision(decision="defer", days=7, reason="ANC 0.4"))
    page = open_page(patient, LOG, on=clinic)
    model, kind = page.log.model, page.log.kind
    every = model.rowCount()
    kind.setCurrentIndex(kind.findText("Facts"))
    facts = {model.entry(n).kind for n in range(model.rowCount())}
    number = model.rowCount()
    kind.setCurrentIndex(kind.findText("Alerts and decisions"))
    judged = {model.entry(n).kind for n in range(model.rowCount())}
    assert "sample" in facts and judged == {"alert", "decision"}
    assert number + model.rowCount() == every


def test_that_every_kind_that_the_services_write_has_its_own_word() -> None:
    further = {"gcsf_answer", "forecast", "decision", "alert", "pathway", "patient", "course", "sample", "episode", "work_up", "monitoring"}
    words = {kind: kind_words(kind) for kind in {*KINDS, *further}}
    assert words["gcsf_answer"] == "G-CSF consideration"
    assert len(set(words.values())) == len(words)


def test_that_the_log_begins_with_everything_and_says_so(open_page: Any) -> None:
    page = open_page("p1", LOG)
    assert page.log.kind.currentText() == "Everything"
    page.log.kind.setCurrentIndex(page.log.kind.findText("Facts"))
    page.log.show_patient("p2")
    assert page.log.kind.currentText() == "Facts"
