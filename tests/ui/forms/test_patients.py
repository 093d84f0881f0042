"""Patients by form: new and changed, own limits with a reason, and nothing is lost that the form does not show."""

from datetime import date
from typing import Any

import pytest

from neutromon.models.errors import UserError
from neutromon.models.history import Temperature
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from tests.builders import a_course, a_history, a_patient, a_value
from tests.ui.fake_clinic import FakeClinic


def test_that_a_new_patient_is_added_with_number_name_and_birth_date(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("new_patient", "p1")
    assert form.number.text() == "" and form.patient_id == ""
    form.number.setText("T-0100")
    form.family.setText("Neu")
    form.given.setText("Testine")
    form.birth.setText("4.7.51")
    form._press_primary()
    added = clinic.histories["p10"].patient
    assert added.identifier is not None
    assert (added.identifier.value, added.family_name, added.birth_date) == ("T-0100", "Neu", date(1951, 7, 4))
    assert (added.sex, added.duffy_null, added.lower_limits) == (None, None, {})


def test_that_a_patient_without_a_number_or_with_an_unreadable_birth_date_is_refused(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("new_patient")
    form._press_primary()
    assert "number is missing" in form.problem_text()
    form.number.setText("T-0100")
    for wrong in ("31 Feb 1960", "4.7.", "1 Jan 2030"):
        form.birth.setText(wrong)
        form._press_primary()
        assert saved == [] and "birth date" in form.problem_text()


def test_that_nobody_is_born_longer_ago_than_anybody_has_lived(
    open_form: Any, saved: list[Saved], store: tuple[SessionClinic, str]
) -> None:
    form = open_form("new_patient")
    form.number.setText("T-0100")
    form.birth.setText("1 Jan 1800")
    form._press_primary()
    assert saved == [] and "birth date lies more than 130 years ago" in form.problem_text()
    clinic, _ = store
    with pytest.raises(UserError, match="130 years"):
        clinic.add_patient(a_patient("T-0100", birth_date=date(1800, 1, 1)))
    with pytest.raises(UserError, match="future"):
        clinic.add_patient(a_patient("T-0100", birth_date=date(2030, 1, 1)))


def test_that_a_weight_or_height_that_nobody_has_is_asked_about(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("new_patient")
    form.number.setText("T-0100")
    form.weight.setText("999")
    form.height_cm.setText("17")
    form._press_primary()
    assert saved == [] and "Nobody is known to have had 999 kg, 17 cm." in form.problem_text()
    assert form.sure.text() == "I have checked it: 999 kg, 17 cm is right"
    form.sure.click()
    form.height_cm.setText("170")
    assert not form.sure.isChecked()
    form.weight.setText("1e9")
    form._press_primary()
    assert saved == [] and "Weight, kg: “1e9” is no number. Type digits, like 72.5." in form.problem_text()
    form.weight.setText("99.9")
    form._press_primary()
    assert len(saved) == 1 and clinic.histories["p10"].patient.weight_kg == "99.9"


def test_that_a_new_patient_is_taken_back_while_nothing_else_is_recorded(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, _ = store
    for number in ("T-0100", "T-0200"):
        form = open_form("new_patient", on=clinic)
        form.number.setText(number)
        form._press_primary()
    first, second = saved
    assert first.undo is not None and second.undo is not None
    first.undo()
    assert clinic.find_patients("T-0100", 5) == []
    (kept,) = second.changes.patient_ids
    clinic.record_temperature(kept, Temperature(at=clinic.now(), value="37.1", unit="Cel"))
    with pytest.raises(UserError, match="recorded for this patient since"):
        second.undo()


def test_that_a_number_that_another_patient_has_is_refused_by_the_store(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, _ = store
    form = open_form("new_patient", on=clinic)
    form.number.setText("T-0001")
    form.authority.setText("TEST")
    form.family.setText("Zweit")
    form._press_primary()
    assert saved == [] and "belongs to another patient" in form.problem_text()
    assert form.family.text() == "Zweit"


def test_that_changing_needs_a_reason_and_is_undone_to_what_it_was(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    before = clinic.histories["p1"].patient
    form = open_form("patient", "p1")
    form.allergies.setText("penicillin, latex")
    form._press_primary()
    assert "reason is needed" in form.problem_text()
    form.reason.setText("told today")
    form._press_primary()
    assert clinic.histories["p1"].patient.allergies == ("penicillin", "latex")
    assert saved[0].undo is not None
    saved[0].undo()
    assert clinic.histories["p1"].patient == before


def test_that_a_limit_of_her_own_needs_a_reason_of_its_own_which_goes_into_the_log(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("patient", "p1")
    form.limit.setText("1,0")
    form.reason.setText("baseline")
    form._press_primary()
    assert "limit of her own needs a reason" in form.problem_text() and form.pages.currentIndex() == 1
    form.limit_reason.setText("Duffy-null, haematology letter")
    form.duffy.set_code(True)
    form._press_primary()
    stored = clinic.histories["p1"].patient
    assert (stored.lower_limits["anc"], stored.duffy_null) == (a_value("1.0"), True)
    assert clinic.calls[-1][1][1] == "baseline; own ANC limit: Duffy-null, haematology letter"


def test_that_a_limit_is_a_number_without_a_sign(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("patient", "p1")
    form.reason.setText("x")
    form.limit_reason.setText("x")
    for wrong in ("<1.0", "one"):
        form.limit.setText(wrong)
        form._press_primary()
        assert saved == [] and form.problem_text()


def test_that_risk_factors_and_conditions_are_ticked_and_unknown_ones_are_kept(open_form: Any, clinic: FakeClinic) -> None:
    patient = a_patient("T-9", risk_factors=("prior_fn", "a_new_factor"), conditions=("sickle_cell_disease", "a_new_condition"))
    clinic.add(a_history(patient, a_course()), "px")
    form = open_form("patient", "px")
    assert form.factors["prior_fn"].isChecked() and form.conditions["sickle_cell_disease"].isChecked()
    form.factors["liver_disease"].setChecked(True)
    form.reason.setText("history taken")
    form._press_primary()
    stored = clinic.histories["px"].patient
    assert set(stored.risk_factors) == {"prior_fn", "liver_disease", "a_new_factor"}
    assert set(stored.conditions) == {"sickle_cell_disease", "a_new_condition"}


def test_that_what_the_form_does_not_show_is_not_lost(open_form: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    before = clinic.patient_history(patient).patient
    form = open_form("patient", patient, on=clinic)
    form.phone.setText("0123")
    form.reason.setText("new number")
    form._press_primary()
    after = clinic.patient_history(patient).patient
    assert (after.phone, after.lower_limits, after.identifier) == ("0123", before.lower_limits, before.identifier)


def test_that_the_plan_for_the_nadir_stays_unknown_until_it_is_said(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("patient", "p1")
    assert form.nadir_plan.code() is None
    form.nadir_plan.set_code(True)
    form.reason.setText("instructions given")
    form._press_primary()
    assert clinic.histories["p1"].patient.expected_nadir_plan is True
