"""The work-up: why it is asked, what is asked and answered, drugs against the trend, causes, what is due next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from neutromon.models.care import StepState
from neutromon.models.history import DrugExposure, PatientHistory
from neutromon.ui.care.drug_trend import DrugTrend, TrendPoint, trend_points
from neutromon.ui.care.work_up_steps import asks_of, read_date, read_states
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from neutromon.ui.theme import Theme
from neutromon.ui.widgets.badges import Chip
from tests.builders import NOW, a_count, a_history, a_patient, at, day
from tests.ui.fake_clinic import FakeClinic

Open = Callable[..., Any]


def press(form: Any, name: str = "save") -> None:
    form.findChild(QPushButton, name).click()


def texts(form: Any) -> str:
    return "\n".join(label.text() for label in form.findChildren(QLabel))


def unexplained(**changes: Any) -> PatientHistory:
    counts = [a_count(anc, collected=at(days)) for days, anc in ((-60, "3.9"), (-20, "1.2"), (-9, "0.7"), (-1, "<0.5"))]
    return replace(a_history(a_patient("T-0050", "Beispiel", "Neutra"), None, counts), **changes)


@pytest.fixture
def patient(clinic: FakeClinic) -> str:
    """Give a patient whose neutropenia chemotherapy does not explain."""
    drugs = (
        DrugExposure(name="Clozapine 100 mg", start=day(-30)),
        DrugExposure(name="Vitamin D"),
        DrugExposure(name="carbimazole", start=day(-200), end=day(-100)),
    )
    return clinic.add(unexplained(drugs=drugs), "p50")


def test_that_the_reason_stands_before_everything_else(open_form: Open, patient: str) -> None:
    why = open_form("work_up", patient).findChild(object, "why_text").text()
    assert "Owner" not in why  # the alert has one or none: a finding cannot know
    assert "Not explained by chemotherapy: no chemotherapy before it" in why
    assert "bone marrow" not in why


def test_that_a_patient_whom_no_rule_flags_may_have_a_work_up_all_the_same(open_form: Open) -> None:
    form = open_form("work_up", "p3")
    assert "No rule flags this patient" in form.findChild(object, "why_text").text()
    assert "nothing asked for" in texts(form)


def test_that_steps_whose_trigger_is_met_stand_first_and_are_counted(open_form: Open, patient: str) -> None:
    form = open_form("work_up", patient)
    needed = form.steps.needed()
    assert "smear" in needed and "bone marrow aspirate and biopsy" in needed
    assert f"0 of {len(needed)} answered" in texts(form)
    assert "missing: repeat blood count with differential, drug history …" in texts(form)


def test_that_what_was_recorded_comes_back_with_what_is_missing_and_what_is_due(open_form: Open, clinic: FakeClinic, patient: str) -> None:
    steps = {"smear": {"requested": day(-3).isoformat(), "resulted": day(-1).isoformat(), "result": "no blasts"}}
    history = clinic.histories[patient]
    record = {"steps": steps, "causes": {"drug-immune": "suspected"}, "due": day(-1).isoformat(), "note": "haematology"}
    clinic.add(replace(history, work_up=record), patient)
    form = open_form("work_up", patient)
    assert form.steps.states() == {"smear": StepState(requested=day(-3), resulted=day(-1), result="no blasts")}
    assert "1 of " in texts(form) and "overdue" in texts(form)
    assert (form._cause["drug-immune"].value, form.note.text(), form.due.day()) == ("suspected", "haematology", day(-1))


def test_that_a_smear_is_requested_with_today_and_words_without_a_name(open_form: Open, patient: str) -> None:
    form = open_form("work_up", patient)
    press(form, "smear_request")
    assert form.steps.states()["smear"].requested == NOW.date()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Blood smear requested") and "Beispiel" not in copied


def test_that_only_drugs_of_the_last_weeks_are_shown_and_listed_ones_marked(open_form: Open, patient: str) -> None:
    form = open_form("work_up", patient)
    assert [(drug.name, listed) for drug, listed in form._drug_rows()] == [("Clozapine 100 mg", True), ("Vitamin D", False)]


def test_that_a_drug_is_added_to_the_picture_and_saved_with_the_work_up(open_form: Open, clinic: FakeClinic, patient: str) -> None:
    form = open_form("work_up", patient)
    form.drug.setText("valproate")
    form.start.setText("t-14")
    press(form, "drug_add")
    assert "valproate" in form.trend.accessibleName() and form.drug.text() == ""
    press(form)
    added = clinic.histories[patient].drugs[-1]
    assert (added.name, added.start, added.end) == ("valproate", day(-14), None)


def test_that_a_drug_still_in_the_field_is_saved_too(open_form: Open, clinic: FakeClinic, patient: str) -> None:
    form = open_form("work_up", patient)
    form.drug.setText("valproate")
    press(form)
    assert clinic.histories[patient].drugs[-1].name == "valproate"


def test_that_a_drug_without_a_name_or_with_an_unreadable_date_is_refused(open_form: Open, patient: str, saved: list[Saved]) -> None:
    form = open_form("work_up", patient)
    press(form, "drug_add")
    assert "has no name" in form.problem_text()
    form.drug.setText("valproate")
    form.start.setText("long ago")
    press(form, "drug_add")
    assert "cannot be read" in form.problem_text()
    press(form)
    assert saved == []


@pytest.mark.parametrize("where", ["step", "due"])
def test_that_an_unreadable_date_is_refused_and_nothing_is_saved(open_form: Open, patient: str, saved: list[Saved], where: str) -> None:
    form = open_form("work_up", patient)
    field = form.steps._fields["smear"][0] if where == "step" else form.due
    field.setText("some day")
    press(form)
    assert "cannot be read" in form.problem_text() and saved == []


def test_that_a_work_up_in_which_nothing_is_answered_is_not_saved(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("work_up", "p1")
    press(form)
    assert saved == [] and "Nothing is answered yet" in form.problem_text()


def test_that_causes_note_and_next_step_are_saved_and_other_keys_stay(open_form: Open, clinic: FakeClinic, patient: str) -> None:
    clinic.add(replace(clinic.histories[patient], work_up={"repeat_count": "requested"}), patient)
    form = open_form("work_up", patient)
    form._cause["T-LGL"].set_value("excluded")
    form.due.setText("+7")
    form.note.setText("ask haematology")
    press(form)
    kept = clinic.histories[patient].work_up
    assert (kept["causes"], kept["due"], kept["note"], kept["repeat_count"]) == (
        {"T-LGL": "excluded"},
        day(7).isoformat(),
        "ask haematology",
        "requested",
    )


def test_that_the_store_keeps_the_work_up(open_form: Open, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, patient = store
    form = open_form("work_up", patient, on=clinic)
    form.steps._fields["smear"][0].setText("t")
    form.steps._fields["smear"][2].setText("pending")
    press(form)
    states = read_states(clinic.patient_history(patient).work_up)
    assert states == {"smear": StepState(requested=NOW.date(), result="pending")}
    assert open_form("work_up", patient, on=clinic).steps.states() == states
    assert saved[0].undo is not None
    saved[0].undo()
    assert not clinic.patient_history(patient).work_up


@pytest.mark.parametrize("record", [{}, {"steps": "requested"}, {"steps": {"smear": "requested"}}])
def test_that_a_record_of_another_form_is_passed_over(record: dict[str, object]) -> None:
    assert read_states(record) == {}


@pytest.mark.parametrize(("value", "expected"), [(None, None), ("", None), ("soon", None), ("2026-03-12", date(2026, 3, 12))])
def test_that_a_stored_date_is_read_or_left_open(value: object, expected: date | None) -> None:
    assert read_date(value) == expected


def test_that_the_picture_holds_the_gradable_counts_of_the_last_weeks(clinic: FakeClinic, patient: str) -> None:
    points = trend_points(clinic.evaluate_patient(patient), 6)
    assert [(point.day, point.anc, point.open) for point in points] == [
        (day(-20), 1.2, False),
        (day(-9), 0.7, False),
        (day(-1), 0.5, True),
    ]


def test_that_the_picture_says_in_words_what_it_shows(qtbot: Any) -> None:
    picture = DrugTrend(Theme())
    qtbot.addWidget(picture)
    drugs = [(DrugExposure(name="Clozapine", start=day(-30)), True), (DrugExposure(name="Vitamin D"), False)]
    picture.show_trend([TrendPoint(day=day(-1), anc=0.5, open=True)], drugs, day(-42), day())
    bare = picture.grab().toImage()
    picture.show_trend([TrendPoint(day=day(-9), anc=1.5), TrendPoint(day=day(-1), anc=0.5, open=True)], drugs, day(-42), day())
    assert picture.grab().toImage() != bare
    picture.show_trend([TrendPoint(day=day(-1), anc=0.5, open=True)], drugs, day(-42), day())
    assert picture.accessibleName() == "ANC 11 Mar 2026 <0.5. Drugs: Clozapine 10 Feb 2026, Vitamin D start unknown"
    picture.show_trend([], [], day(-42), day())
    assert picture.accessibleName() == "ANC no counts. Drugs: none"
    assert not picture.grab().isNull()


def test_that_a_bar_begins_where_the_drug_began(qtbot: Any) -> None:
    picture = DrugTrend(Theme())
    qtbot.addWidget(picture)
    drugs = [
        (DrugExposure(name="short", start=day(-5), end=day(-4)), True),
        (DrugExposure(name="late", start=day(-1)), False),
    ]
    picture.show_trend([], drugs, day(-42), day())
    picture.resize(640, picture.sizeHint().height())
    middle = picture._x(day(-21))
    assert picture._x(day(-42)) < middle < picture._x(day())
    assert middle - picture._x(day(-42)) == pytest.approx(picture._x(day()) - middle)
    assert picture._x(day(-100)) == picture._x(day(-42))
    assert picture.grab().toImage().height() >= picture.minimumSizeHint().height() - 1
    assert picture._y(0.5) > picture._y(2.0) and picture._y(0) == picture._y(0.05)


def test_that_a_form_writes_to_its_own_patient_whatever_is_opened_after_it(open_form: Open, clinic: FakeClinic, patient: str) -> None:
    form = open_form("work_up", patient)
    other = open_form("work_up", "p3")
    other.note.setText("of another patient")
    form.note.setText("of this one")
    press(form)
    assert clinic.histories[patient].work_up["note"] == "of this one"
    assert clinic.histories["p3"].work_up == {}


def test_that_a_step_that_is_not_due_opens_on_request(open_form: Open, clinic: FakeClinic, patient: str) -> None:
    form = open_form("work_up", patient)
    assert "TCR clonality" not in form.steps._fields
    closed = [made for made in form.steps.findChildren(QPushButton) if made.objectName().startswith("show_")]
    for made in closed:
        made.click()
    form.steps._fields["TCR clonality"][2].setText("polyclonal")
    press(form)
    assert read_states(clinic.histories[patient].work_up)["TCR clonality"].result == "polyclonal"
    assert "TCR clonality" in open_form("work_up", patient).steps._fields


def test_that_a_step_without_a_list_asks_for_nothing() -> None:
    assert asks_of({"ask": "smear"}) == []


def test_that_no_step_is_marked_as_due_where_no_rule_flags_the_patient(open_form: Any) -> None:
    form = open_form("work_up", "p3")
    assert form.findChild(QLabel, "why_text").text().startswith("No rule flags this patient now")
    assert not [chip for chip in form.steps.findChildren(Chip) if chip.text() == "trigger met"]
