"""The call: what stands ready, how answers become a level, what is kept, and that a gap is never a comfort."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from neutromon.models.care import TriageCall
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.history import Temperature
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from tests.builders import a_history, a_patient
from tests.ui.fake_clinic import FakeClinic

Open = Callable[..., Any]


def press(form: Any, name: str = "save") -> None:
    form.findChild(QPushButton, name).click()


def texts(form: Any) -> str:
    return "\n".join(label.text() for label in form.findChildren(QLabel))


def the_call(clinic: FakeClinic) -> TriageCall:
    name, arguments = clinic.calls[-1]
    assert name == "record_call"
    return arguments[1]


def test_that_count_cycle_growth_factor_and_allergies_stand_ready(open_form: Open) -> None:
    shown = texts(open_form("triage", "p2"))
    for part in ("0.2 ×10⁹/L", "G4", "C2 D11", "R-CHOP-21", "nadir expected now", "Last G-CSF", "none recorded", "Allergies"):
        assert part in shown


def test_that_an_unknown_count_is_treated_as_at_risk(open_form: Open) -> None:
    form = open_form("triage", "p6")
    assert "treat as at risk" in texts(form)
    assert "No current count is known" in form.verdict.cautions.text()


def test_that_an_old_count_is_no_current_count(open_form: Open) -> None:
    assert "No current count is known" in open_form("triage", "p5").verdict.cautions.text()
    assert "No current count is known" not in open_form("triage", "p2").verdict.cautions.text()


def test_that_a_patient_without_a_course_is_assumed_to_be_treated(open_form: Open, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("T-0098")), "p98")
    form = open_form("triage", "p98")
    assert "assume that it was within 6 weeks" in form.verdict.cautions.text()
    assert "no cycle begun" in texts(form)


def test_that_nothing_asked_is_no_level_of_safety(open_form: Open) -> None:
    form = open_form("triage", "p1")
    assert form.verdict.level.text() == "No red or amber sign among the answers"
    assert form.verdict.gaps.text().startswith("22 not asked: Temperature")
    for word in ("safe", "normal", "green", "fine"):
        assert word not in texts(form.verdict).casefold()


@pytest.mark.parametrize(("celsius", "level"), [("37.4", "No red"), ("37.5", "Face-to-face"), ("35,9", "Face-to-face"), ("warm", "No red")])
def test_that_the_temperature_decides_at_its_bounds(open_form: Open, celsius: str, level: str) -> None:
    form = open_form("triage", "p1")
    form.celsius.setText(celsius)
    assert form.verdict.level.text().startswith(level)


def test_that_a_censored_temperature_is_not_taken_for_a_number(open_form: Open) -> None:
    form = open_form("triage", "p1")
    form.celsius.setText(">38")
    assert "Temperature" in form.verdict.gaps.text()


def test_that_one_amber_is_reviewed_and_two_are_seen(open_form: Open) -> None:
    form = open_form("triage", "p1")
    form._signs["cough"].set_value(True)
    assert form.verdict.level.text() == "Review within 24 h" and form.outcome.code() == "review"
    form._signs["rash"].set_value(True)
    assert form.verdict.level.text() == "Face-to-face assessment now" and form.outcome.code() == "face_to_face"
    assert "Amber: Cough or sputum, Rash or skin redness" in form.verdict.reasons.text()


def test_that_few_gaps_are_named(open_form: Open) -> None:
    form = open_form("triage", "p1")
    for code, asked in form._signs.items():
        if code not in {"rash", "cough"}:
            asked.set_value(False)
    form.celsius.setText("36.8")
    assert form.verdict.gaps.text() == "Not asked: Cough or sputum, Rash or skin redness"


def test_that_no_gap_is_shown_where_there_is_none(open_form: Open) -> None:
    form = open_form("triage", "p1")
    form.celsius.setText("36.8")
    for asked in form._signs.values():
        asked.set_value(False)
    assert form.verdict.gaps.isHidden()


def test_that_a_red_answer_proposes_the_pathway_and_a_person_may_refuse_it(open_form: Open, clinic: FakeClinic) -> None:
    form = open_form("triage", "p1")
    assert not form.pathway.isChecked()
    form._signs["rigors"].set_value(True)
    assert form.pathway.isChecked()
    form.pathway.setChecked(False)
    form._signs["confusion"].set_value(True)
    assert not form.pathway.isChecked()
    press(form)
    assert the_call(clinic).time_zero is None


def test_that_an_outcome_that_a_person_chose_is_not_overwritten(open_form: Open) -> None:
    form = open_form("triage", "p1")
    form.outcome.set_code("not_reached")
    form._signs["rigors"].set_value(True)
    assert form.outcome.code() == "not_reached"


def test_that_the_call_is_stored_with_everything_that_was_said(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("triage", "p1")
    form.celsius.setText("38,4")
    form.route.set_code("tympanic")
    form.masked.set_value(True)
    form._signs["cough"].set_value(False)
    form.caller.setText("daughter")
    form.note.setPlainText("comes by\ntaxi")
    press(form)
    call = the_call(clinic)
    assert call.temperature == Temperature(at=clinic.now(), value="38.4", unit="Cel", route="tympanic", antipyretic_taken=True)
    assert (call.signs["cough"], call.signs["rash"], call.caller, call.note) == (False, None, "daughter", "comes by taxi")
    assert (call.outcome, call.time_zero) == ("face_to_face", clinic.now())
    assert saved[0].title == "Call saved" and saved[0].undo is not None


def test_that_a_call_of_which_nothing_is_written_down_is_not_stored(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("triage", "p1")
    press(form)
    assert saved == [] and form.problem_text() == "Nothing is written down of this call yet. Ask, or leave with Esc."
    form.note.setPlainText("rang off")
    press(form)
    assert len(saved) == 1


def test_that_a_call_without_a_temperature_stores_none(open_form: Open, clinic: FakeClinic) -> None:
    form = open_form("triage", "p1")
    form._signs["cough"].set_value(False)
    press(form)
    assert the_call(clinic).temperature is None


def test_that_a_temperature_that_cannot_be_read_and_a_time_that_is_missing_are_refused(open_form: Open, saved: list[Saved]) -> None:
    form = open_form("triage", "p1")
    form.celsius.setText("warm")
    press(form)
    assert "no number" in form.problem_text()
    form.celsius.clear()
    form.reported.set_value(None)
    press(form)
    assert "when this was reported" in form.problem_text()
    form.reported.date.setText("31 Feb")
    press(form)
    assert "cannot be read" in form.problem_text() and saved == []


def test_that_a_refused_write_leaves_everything_as_typed(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("triage", "p1")
    form.celsius.setText("38.4")
    clinic.fail_with = UserError("The disk is full.", "Free some room.")
    press(form)
    assert (form.problem_text(), form.celsius.text(), saved) == ("The disk is full. Free some room.", "38.4", [])


def test_that_a_call_in_the_store_raises_its_emergency_and_starts_the_clock(open_form: Open, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    form = open_form("triage", patient, on=clinic)
    form.celsius.setText("38.6")
    form.reported.set_value(clinic.now() - timedelta(minutes=10))
    press(form)
    assert Tier.EMERGENCY in {alert.tier for alert in clinic.alerts_of(patient)}
    running = clinic.open_pathway(patient)
    assert running is not None and running.time_zero == clinic.now() - timedelta(minutes=10)


def test_that_switching_patients_under_an_open_call_cannot_write_to_the_other(open_form: Open, clinic: FakeClinic) -> None:
    form = open_form("triage", "p2")
    other = open_form("triage", "p3")
    form.celsius.setText("38.4")
    other.celsius.setText("36.5")
    before = clinic.histories["p3"]
    press(form)
    assert clinic.calls[-1][1][0] == "p2"
    assert clinic.histories["p3"] == before


def test_that_a_call_that_was_begun_comes_back_and_a_saved_one_does_not(open_form: Open, clinic: FakeClinic) -> None:
    form = open_form("triage", "p1")
    form.celsius.setText("38.4")
    form._signs["rigors"].set_value(True)
    form.caller.setText("daughter")
    form.reject()
    again = open_form("triage", "p1")
    assert (again.celsius.text(), again._signs["rigors"].value, again.caller.text()) == ("38.4", True, "daughter")
    assert again._signs["rash"].value is None
    assert again.verdict.level.text() == "Face-to-face assessment now"
    assert open_form("triage", "p2").celsius.text() == ""
    press(again)
    assert open_form("triage", "p1").celsius.text() == ""


def test_that_a_begun_call_may_be_thrown_away(open_form: Open, clinic: FakeClinic) -> None:
    form = open_form("triage", "p1")
    form._signs["rigors"].set_value(True)
    form.reject()
    again = open_form("triage", "p1")
    press(again, "draft_drop")
    assert again._signs["rigors"].value is None
    assert clinic.load_draft("p1", "triage") is None
