"""The patient page: who she is stands on every tab, the latest count with unit, grade and age, and requests go upwards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from neutromon.models.errors import UserError
from neutromon.models.history import Deferral
from neutromon.ui.forms import forms
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.patient.page import PatientPage
from neutromon.ui.saved import FormContext
from neutromon.ui.theme import DARK, Theme
from tests.builders import a_count, a_course, a_fever, a_history, a_patient, a_value, at
from tests.ui.fake_clinic import FakeClinic

MARKUP = "<b>Testa</b> <img src=x>"


@pytest.fixture
def page(qtbot: QtBot, clinic: FakeClinic, notifier: ChangeNotifier) -> Iterator[PatientPage]:
    made = PatientPage(clinic, Theme(), notifier)
    qtbot.addWidget(made)
    made.resize(1086, 640)
    made.show()
    yield made
    made.leave()
    made.close()


def _card(page: PatientPage, name: str) -> str:
    card = page.findChild(object, name)
    return "\n".join(label.text() for label in card.findChildren(QLabel) if not _is_hidden(label, card))


def _is_hidden(widget: QWidget, top: QWidget) -> bool:
    """Return whether the widget, or what it stands in, was hidden on purpose."""
    if widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
        return True
    return widget is not top and _is_hidden(widget.parentWidget(), top)


def test_that_the_banner_names_two_identifiers_allergies_treatment_and_growth_factor(page: PatientPage, clinic: FakeClinic) -> None:
    history = clinic.histories["p9"]
    clinic.add(replace(history, patient=replace(history.patient, allergies=("penicillin",))), "p9")
    page.show_patient("p9")
    said = page.banner.texts()
    for words in ("示例, 测试", "born 31 Jan 1960 (66)", "T-0009", "Allergies: \u2068penicillin\u2069", "R-CHOP-21  ·  C1 D11 of 21"):
        assert words in said
    assert "next C2 D1 23 Mar 2026 (in 11 d)" in said
    assert "Last G-CSF: pegfilgrastim, 4 Mar 2026" in said


def test_that_what_is_not_recorded_is_said_and_not_taken_for_none(page: PatientPage, clinic: FakeClinic) -> None:
    clinic.add(a_history(replace(a_patient("T-9"), birth_date=None), None), "bare")
    page.show_patient("bare")
    said = page.banner.texts()
    for words in ("birth date unknown", "Allergies: not recorded", "No course recorded", "G-CSF: none recorded"):
        assert words in said
    assert "unknown" in _card(page, "card_now") and "not as normal" in _card(page, "card_now")


def test_that_the_latest_count_stands_with_unit_grade_age_and_origin(page: PatientPage) -> None:
    page.show_patient("p4")
    now = page.context.now
    assert (now.number.text(), now.unit.text(), now.grade.text()) == ("0.9", "×10⁹/L", "G3")
    assert now.age.text() == "26 h ago · C2 D20"
    assert now.basis.text() == "as reported by the laboratory · CTCAE 5.0"
    assert "Hb\u00a011.9\u00a0g/dL" in now.others.text()


def test_that_a_count_that_is_too_old_says_so(page: PatientPage) -> None:
    page.show_patient("p5")
    assert "older than 72 h: does not count for a decision" in page.context.now.age.text()


def test_that_a_censored_count_keeps_its_sign(page: PatientPage) -> None:
    page.show_patient("p7")
    assert page.context.now.number.text() == "<0.1"


def test_that_open_alerts_show_tier_owner_and_buttons_the_worst_first(page: PatientPage, clinic: FakeClinic) -> None:
    page.show_patient("p2")
    said = _card(page, "card_alerts")
    assert said.index("EMERGENCY") < said.index("URGENT")
    assert "No owner yet · not seen yet" in said
    emergency = next(a for a in clinic.alerts_of("p2") if a.tier == 1)
    asked: list[tuple[str, str, str]] = []
    page.form_requested.connect(lambda *told: asked.append(told))
    page.findChild(QPushButton, f"acknowledge_{emergency.id}").click()
    assert asked == [("acknowledge", "p2", emergency.id)]


def test_that_an_emergency_cannot_be_paused_from_the_page(page: PatientPage, clinic: FakeClinic) -> None:
    page.show_patient("p2")
    emergency = next(a for a in clinic.alerts_of("p2") if a.tier == 1)
    menu = page.findChild(QPushButton, f"more_{emergency.id}").menu()
    assert [action.text() for action in menu.actions()] == ["Resolve"]


def test_that_the_day_1_state_never_says_safe_and_names_the_limiting_value(page: PatientPage) -> None:
    page.show_patient("p4")
    said = _card(page, "card_day1")
    assert "Does not meet" in said and "0.9" in said
    page.show_patient("p3")
    assert "✓ Meets criteria" in _card(page, "card_day1")


@pytest.mark.parametrize(("button", "form"), [("do_count", "count"), ("do_event", "event"), ("do_gcsf", "gcsf"), ("do_triage", "triage")])
def test_that_the_buttons_ask_for_their_form(page: PatientPage, button: str, form: str) -> None:
    page.show_patient("p1")
    asked: list[tuple[str, str, str]] = []
    page.form_requested.connect(lambda *told: asked.append(told))
    page.findChild(QPushButton, button).click()
    assert asked == [(form, "p1", "")]


def test_that_every_form_of_the_more_menu_can_be_asked_for(page: PatientPage) -> None:
    page.show_patient("p1")
    asked: list[str] = []
    page.form_requested.connect(lambda form, _patient, _subject: asked.append(form))
    for action in page.findChildren(QAction):
        if action.objectName().startswith("more_"):
            action.trigger()
    assert {"temperature", "symptoms", "antibiotic", "growth_factor", "drug", "course", "cycle", "patient"} <= set(asked)


def test_that_the_pdf_and_the_flow_sheet_are_asked_for_by_kind(page: PatientPage) -> None:
    page.show_patient("p1")
    asked: list[tuple[str, str]] = []
    page.report_requested.connect(lambda *told: asked.append(told))
    page.findChild(QPushButton, "do_pdf").click()
    page.findChild(QPushButton, "flow_print").click()
    assert asked == [("trend", "p1"), ("flow_sheet", "p1")]


def test_that_the_page_keys_are_told_and_not_taken_from_the_window(page: PatientPage) -> None:
    made = page.findChild(QPushButton, "do_count")
    assert "Ctrl+N" in made.toolTip() and made.shortcut().isEmpty()


def test_that_looking_is_audited_once_for_each_opening_and_not_for_a_change(
    page: PatientPage, clinic: FakeClinic, notifier: ChangeNotifier
) -> None:
    page.show_patient("p1")
    notifier.patients_changed.emit(frozenset({"p1"}))
    assert [arguments for name, arguments in clinic.calls if name == "view_patient"] == [("p1",)]


def test_that_a_change_of_this_patient_is_read_again_and_one_of_another_is_not(
    page: PatientPage, clinic: FakeClinic, notifier: ChangeNotifier
) -> None:
    page.show_patient("p1")
    clinic.add(replace(clinic.histories["p1"], counts=(*clinic.histories["p1"].counts, a_count("0.05", collected=at(hours=-0.5)))), "p1")
    notifier.patients_changed.emit(frozenset({"p2"}))
    assert page.context.now.number.text() == "0.4"
    notifier.patients_changed.emit(frozenset({"p1"}))
    assert page.context.now.number.text() == "0.05"


def test_that_leaving_shows_nobody(page: PatientPage) -> None:
    page.show_patient("p1")
    page.leave()
    assert page.patient_id == "" and "Example" not in page.banner.texts()
    assert _card(page, "card_now") == "Now: neutrophils (ANC)"
    assert "URGENT" not in _card(page, "card_alerts")
    asked: list[object] = []
    page.form_requested.connect(lambda *told: asked.append(told))
    page.findChild(QPushButton, "do_count").click()
    assert asked == []


def test_that_the_chart_comes_after_the_words_and_enter_opens_the_record(qtbot: QtBot, page: PatientPage) -> None:
    page.show_patient("p1")
    assert "Example, Testa" in page.banner.texts()
    qtbot.waitUntil(lambda: page.trend.view is not None, timeout=5000)
    asked: list[tuple[str, str, str]] = []
    page.form_requested.connect(lambda *told: asked.append(told))
    page.trend.view.sample_requested.emit("p1-s3")
    assert asked == [("record", "p1", "p1-s3")]


def test_that_the_forecast_has_its_place_and_its_what_if_goes_upwards(qtbot: QtBot, page: PatientPage) -> None:
    page.show_patient("p1")
    qtbot.waitUntil(lambda: page.context.forecast is not None, timeout=5000)
    assert "switched the forecast off" in _card(page, "card_forecast")
    asked: list[tuple[str, str, str]] = []
    page.form_requested.connect(lambda *told: asked.append(told))
    page.context.forecast.form_requested.emit("what_if", "")
    assert asked == [("what_if", "p1", "")]


def test_that_an_unchanged_history_is_not_forecast_again(qtbot: QtBot, page: PatientPage, notifier: ChangeNotifier) -> None:
    told: list[str] = []
    page.context.show_forecast = told.append  # type: ignore[method-assign]
    page.show_patient("p1")
    qtbot.waitUntil(lambda: told == ["p1"], timeout=3000)
    notifier.patients_changed.emit(frozenset({"p1"}))
    page._fill_later()
    assert told == ["p1"]


def test_that_an_empty_patient_is_told_what_to_do_first(qtbot: QtBot, page: PatientPage, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("T-9"), None), "bare")
    page.show_patient("bare")
    qtbot.waitUntil(lambda: page.trend.empty.texts()[0] == "Nothing to draw yet", timeout=3000)
    assert "Ctrl+N" in page.trend.empty.texts()[1]


def test_that_a_dialog_stays_with_its_patient_when_the_page_goes_to_another(qtbot: QtBot, page: PatientPage, clinic: FakeClinic) -> None:
    page.show_patient("p1")
    form: Any = forms()["count"](FormContext(clinic=clinic, theme=Theme(), patient_id=page.patient_id))
    page.show_patient("p2")
    form.taken.time.setText("0830")
    form.rows["neutrophils"].field.setText("0.7")
    form._press_primary()
    assert clinic.histories["p1"].counts[-1].values["neutrophils"].value == "0.7"
    assert all(count.values.get("neutrophils") != a_value("0.7") for count in clinic.histories["p2"].counts)


def test_that_markup_in_every_text_of_a_patient_shows_as_text(page: PatientPage, clinic: FakeClinic) -> None:
    patient = a_patient(MARKUP, MARKUP, MARKUP, allergies=(MARKUP,))
    clinic.add(replace(a_history(patient, a_course(MARKUP), [a_count(MARKUP)]), temperatures=(a_fever(MARKUP),)), "px")
    page.show_patient("px")
    for tab in range(page.tabs.count()):
        page.tabs.setCurrentIndex(tab)
    rich = [label for label in page.findChildren(QLabel) if label.textFormat() is not Qt.TextFormat.PlainText and "Testa" in label.text()]
    assert rich == []
    assert MARKUP in page.banner.texts()


def test_that_a_patient_who_is_gone_leaves_a_sentence_and_nobodys_data(page: PatientPage, clinic: FakeClinic) -> None:
    page.show_patient("p1")

    def gone(_patient: str) -> Any:
        raise UserError("This patient is not in the store.", "Read the list again.")

    clinic.patient_history = gone  # type: ignore[method-assign]
    page.show_patient("p2")
    assert page.problem.text() == "This patient is not in the store. Read the list again."
    assert "Example" not in page.banner.texts()


def test_that_the_page_is_drawn_in_the_dark_and_at_twice_the_size(qtbot: QtBot, clinic: FakeClinic, notifier: ChangeNotifier) -> None:
    made = PatientPage(clinic, Theme(palette=DARK, scale=2.0), notifier)
    qtbot.addWidget(made)
    made.resize(1400, 900)
    made.show()
    made.show_patient("p2")
    assert not made.grab().isNull()
    made.leave()
    made.close()


def test_that_every_control_of_the_page_has_a_name(page: PatientPage) -> None:
    page.show_patient("p2")
    nameless = [made.objectName() for made in page.findChildren(QPushButton) if not made.accessibleName()]
    assert nameless == []


def test_that_a_patient_who_is_not_in_the_store_is_refused_with_a_sentence(open_page: Any, store: tuple[Any, str]) -> None:
    clinic, patient = store
    page = open_page(patient, on=clinic)
    page.show_patient("nobody")
    assert page.problem.text() == "This patient is not in the store. Read the list again."
    assert page.patient_id == ""


def test_that_a_real_store_audits_the_opening_once(open_page: Any, store: tuple[Any, str]) -> None:
    clinic, patient = store
    open_page(patient, on=clinic)
    looked = [row for row in clinic.session.store.rows("SELECT what FROM audit") if row[0] == "patient viewed"]
    assert len(looked) == 1


def test_that_the_next_step_is_told_with_its_date_and_by_whom(page: PatientPage, clinic: FakeClinic) -> None:
    page.show_patient("p3")
    said = _card(page, "card_next")
    assert "Decide on C3 D1 before 13 Mar 2026" in said and "By: nobody named yet" in said
    page.show_patient("p1")
    assert "Count in the nadir window, 11 Mar 2026 to 15 Mar 2026" in _card(page, "card_next")
    for alert in clinic.alerts_of("p1"):
        clinic.set_owner([alert.id], "A. Nother")
    page.show_patient("p1")
    assert "By \u2068A. Nother\u2069" in _card(page, "card_next")


def test_that_no_card_is_squashed_when_the_page_is_first_painted(page: PatientPage) -> None:
    page.show_patient("p4")
    for _ in range(3):  # each event in turn may be the one after which the window paints
        lines = [label for label in page.context.findChildren(QLabel) if label.isVisible() and label.text()]
        assert len(lines) > 15
        assert [line.text() for line in lines if line.height() < line.minimumSizeHint().height()] == []
        QApplication.sendPostedEvents()


def test_that_the_page_tells_while_chart_and_forecast_are_still_to_come(qtbot: QtBot, page: PatientPage) -> None:
    page.show_patient("p1")
    assert page.is_drawing
    assert page.trend.empty.texts()[1] == "The chart is being drawn …"
    qtbot.waitUntil(lambda: page.trend.view is not None, timeout=5000)
    qtbot.waitUntil(lambda: not page.is_drawing, timeout=20000)


def test_that_a_forecast_on_its_way_is_not_called_missing(page: PatientPage, clinic: FakeClinic) -> None:
    clinic.protocol = replace(clinic.protocol, forecast=True)
    page.show_patient("p1")
    page.trend.draw()
    assert page.trend.view.forecast_text() == "Calculating the forecast …"


def test_that_the_banner_says_that_the_next_day_was_deferred_and_when(page: PatientPage, clinic: FakeClinic) -> None:
    history = clinic.histories["p9"]
    moved = Deferral(cycle=2, day=1, planned=date(2026, 3, 16), moved_to=date(2026, 3, 23), at=at(hours=-1))
    clinic.add(replace(history, deferrals=(moved,)), "p9")
    page.show_patient("p9")
    said = page.banner.texts()
    assert "next C2 D1 23 Mar 2026 (in 11 d), deferred from 16 Mar 2026 (decision 12 Mar 2026 08:00)" in said
