"""Temperature, signs, growth factor, antimicrobial, drug, event: what a nurse sees while typing, and what is stored and undone."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from neutromon.models.alerts import Alert, AlertState
from neutromon.models.changes import Outcome
from neutromon.models.evaluation import Tier
from neutromon.models.history import ClinicalEvent, GrowthFactor
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from tests.builders import NOW, a_course, a_fever, a_growth_factor, a_history, a_patient, at
from tests.ui.fake_clinic import FakeClinic


def test_that_a_temperature_is_stored_as_typed_with_unit_route_and_antipyretic(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("temperature", "p1")
    form.value.setText("38,4")
    form.route.set_code("oral")
    form.antipyretic.set_code(True)
    form._press_primary()
    stored = clinic.histories["p1"].temperatures[-1]
    assert (stored.value, stored.unit, stored.route, stored.antipyretic_taken) == ("38.4", "Cel", "oral", True)


def test_that_the_form_says_by_how_many_definitions_a_reading_is_a_fever(open_form: Any) -> None:
    form = open_form("temperature", "p1")
    form.value.setText("38.4")
    assert form._says.text().startswith("38.4 °C: a fever by ")
    form.value.setText("36.6")
    assert "no fever by any definition" in form._says.text()


def test_that_an_unstated_antipyretic_stays_unknown(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("temperature", "p1")
    form.value.setText("37.0")
    form._press_primary()
    assert clinic.histories["p1"].temperatures[-1].antipyretic_taken is None


@pytest.mark.parametrize("typed", ["", "hot", "3,8,4"])
def test_that_a_temperature_that_is_no_number_is_not_stored(open_form: Any, saved: list[Saved], typed: str) -> None:
    form = open_form("temperature", "p1")
    form.value.setText(typed)
    form._press_primary()
    assert saved == [] and form.problem_text()


def test_that_a_temperature_in_fahrenheit_without_its_unit_is_doubted(open_form: Any) -> None:
    form = open_form("temperature", "p1")
    form.value.setText("101.2")
    assert "looks like °F" in form._says.text()
    form.unit.set_code("[degF]")
    assert "38.4 °C" in form._says.text()


def test_that_the_store_refuses_an_impossible_temperature_and_the_form_says_so(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, patient = store
    form = open_form("temperature", patient, on=clinic)
    form.value.setText("48.4")
    form._press_primary()
    assert saved == [] and "not plausible" in form.problem_text()
    assert clinic.patient_history(patient).temperatures == ()


def test_that_the_signs_are_those_of_the_rule_data_and_all_of_one_contact_are_undone_together(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, patient = store
    form = open_form("symptoms", patient, on=clinic)
    assert set(form.boxes) == {row["code"] for row in clinic.rules.numbers["triage"].rows["flag"]}
    for code in ("rigors", "mouth_ulcers", "diarrhoea"):
        form.boxes[code].setChecked(True)
    form._press_primary()
    assert sorted(s.code for s in clinic.patient_history(patient).symptoms) == ["diarrhoea", "mouth_ulcers", "rigors"]
    assert saved[0].undo is not None
    outcome = saved[0].undo()
    assert clinic.patient_history(patient).symptoms == ()
    assert outcome.changes.patient_ids == frozenset({patient})


def test_that_nothing_ticked_is_not_stored_as_absence(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("symptoms", "p1")
    form._press_primary()
    assert saved == [] and "Nothing is ticked" in form.problem_text()


def test_that_the_day_before_treatment_is_not_called_safe_while_its_hour_is_unknown(open_form: Any, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("T-9"), a_course(planned=1)), "px")
    course = clinic.histories["px"].course
    assert course is not None
    next_day1 = course.cycles[-1].planned_day1
    assert next_day1 is not None
    form = open_form("growth_factor", "px")
    form.product.set_code("filgrastim")
    form.given.set_value(datetime.combine(next_day1 - timedelta(days=1), time(18, 24), NOW.tzinfo))
    said = form.timing_said()
    assert "within the label" not in said and "hour of the next treatment is not known" in said
    assert "1 day before the next day 1; less than 24 h before it if treatment begins before 18:24" in said
    form.given.set_value(datetime.combine(next_day1 - timedelta(days=2), time(18, 24), NOW.tzinfo))
    assert form.timing_said().startswith("Timing within the label: 2 days before the next day 1")


def test_that_the_timing_of_a_growth_factor_is_told_before_it_is_stored(open_form: Any) -> None:
    form = open_form("growth_factor", "p1")
    form.product.set_code("pegfilgrastim")
    assert form.timing_said().startswith("Too close to the next chemotherapy: 11 days before the next day 1.")
    form.given.set_value(at(-8))
    assert form.timing_said().startswith("Timing within the label")
    form.given.set_value(at(-9))
    assert form.timing_said().startswith("Too early after chemotherapy: less than 24 h")


def test_that_saving_a_growth_factor_says_which_consideration_it_answers(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    words = {"id": "a1", "patient_id": "p1", "rule": "gcsf.primary", "key": "gcsf.primary:c7:risk", "text": "consider G-CSF"}
    alert = Alert(**words, tier=Tier.ADVISORY, state=AlertState.RAISED, raised_at=NOW)
    clinic.alerts["a1"] = alert
    form = open_form("growth_factor", "p1")
    form.product.set_code("pegfilgrastim")
    record = clinic.record_growth_factor

    def answered(patient_id: str, given: GrowthFactor) -> Outcome[str]:
        clinic.alerts["a1"] = replace(alert, state=AlertState.CLEARED)
        return record(patient_id, given)

    clinic.record_growth_factor = answered  # type: ignore[method-assign]
    form._press_primary()
    assert saved[-1].title == "Growth factor saved: it answers the consideration for C7, which is in the log."


def test_that_without_a_planned_next_day_1_the_guard_says_what_it_cannot_tell(open_form: Any, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("T-8"), a_course(planned=0)), "px")
    form = open_form("growth_factor", "px")
    form.product.set_code("pegfilgrastim")
    assert form.timing_said().startswith("No next day 1 is planned: whether this is early enough before it cannot be told.")


def test_that_no_product_is_chosen_for_the_nurse(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("growth_factor", "p1")
    assert "Choose the product" in form.timing_said()
    form._press_primary()
    assert saved == [] and form.problem_text() == "The product is missing. Choose it from the list."


def test_that_a_doubtful_timing_informs_and_does_not_forbid(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("growth_factor", "p1")
    form.product.set_code("pegfilgrastim")
    form.dose.setText("6 mg")
    form._press_primary()
    assert clinic.histories["p1"].growth_factors[-1].dose == "6 mg"


def test_that_a_dose_in_the_future_is_stored_only_as_planned(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("growth_factor", "p1")
    form.product.set_code("pegfilgrastim")
    form.given.set_value(at(1))
    form._press_primary()
    assert saved == []
    form.planned.setChecked(True)
    form._press_primary()
    assert clinic.histories["p1"].growth_factors[-1].planned


def test_that_the_product_given_last_is_offered_first(open_form: Any, clinic: FakeClinic) -> None:
    history = clinic.histories["p1"]
    clinic.add(replace(history, growth_factors=(a_growth_factor("filgrastim", dose="300 ug"),)), "p1")
    form = open_form("growth_factor", "p1")
    assert (form.product.code(), form.dose.placeholderText(), form.dose.text()) == ("filgrastim", "300 ug", "")


def test_that_an_antimicrobial_keeps_purpose_time_and_end(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("antibiotic", "p2")
    form.drug.setText("piperacillin-tazobactam")
    form.given.set_value(at(hours=-0.5))
    form.until.set_value(at(hours=-1))
    form._press_primary()
    assert saved == [] and "before the first dose" in form.problem_text()
    form.until.set_value(at(5))
    form._press_primary()
    stored = clinic.histories["p2"].antibiotics[-1]
    assert (stored.name, stored.purpose, stored.until) == ("piperacillin-tazobactam", "treatment", at(5))


def test_that_an_antimicrobial_without_name_or_time_is_refused(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("antibiotic", "p2")
    form._press_primary()
    assert "drug is missing" in form.problem_text()
    form.drug.setText("x")
    form.given.time.setText("99")
    form._press_primary()
    assert "time cannot be read" in form.problem_text() and saved == []


def test_that_a_suspect_drug_is_named_as_such_and_another_is_not_cleared(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("drug", "p1")
    form.drug.setText("carbimazole")
    assert "can lower neutrophils" in form._says.text()
    form.drug.setText("unheardofine")
    assert "does not clear it" in form._says.text()
    form.start.setText("1 Mar")
    form.end.setText("1 Feb")
    form._press_primary()
    assert "stopped before it started" in form.problem_text()
    form.end.clear()
    form._press_primary()
    assert clinic.histories["p1"].drugs[-1].start is not None


@pytest.mark.parametrize("kind", ["transfusion", "admission", "discharge"])
def test_that_an_event_is_stored_with_its_kind_and_undone(open_form: Any, clinic: FakeClinic, saved: list[Saved], kind: str) -> None:
    form = open_form("event", "p1", kind)
    form.text.setPlainText("two units")
    form._press_primary()
    assert clinic.histories["p1"].events[-1].kind == kind
    assert saved[0].undo is not None
    saved[0].undo()
    assert clinic.histories["p1"].events == ()


def test_that_a_note_needs_its_text(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("event", "p1")
    form._press_primary()
    assert saved == [] and "text is missing" in form.problem_text()


def test_that_any_record_is_withdrawn_with_a_reason_and_stays_in_the_log(open_form: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    fact = clinic.record_temperature(patient, a_fever("38.4")).value
    form = open_form("fact", patient, fact, on=clinic)
    assert "38.4" in form.shown.text()
    form._press_primary()
    assert "reason is needed" in form.problem_text()
    form.reason.setPlainText("other patient")
    form._press_primary()
    assert clinic.patient_history(patient).temperatures == ()
    assert any("Voided (other patient)" in entry.text for entry in clinic.patient_log(patient))


def test_that_a_record_that_is_not_there_cannot_be_withdrawn(open_form: Any) -> None:
    form = open_form("fact", "p1", "nothing")
    assert not form._primary.isEnabled()


def test_that_a_draft_of_a_note_survives(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("event", "p1", "call")
    form.text.setPlainText("rang, no answer")
    form.close()
    again = open_form("event", "p1")
    assert (again.kind.code(), again.text.toPlainText()) == ("call", "rang, no answer")


def test_that_real_records_of_every_kind_are_undone(open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, patient = store
    clinic.record_event(patient, ClinicalEvent(kind="note", at=clinic.now(), text="kept"))
    for name in ("growth_factor", "antibiotic", "drug", "event"):
        form = open_form(name, patient, on=clinic)
        if name in {"antibiotic", "drug"}:
            form.drug.setText("exampline")
        if name == "event":
            form.text.setPlainText("undone")
        if name == "growth_factor":
            form.product.set_code("filgrastim")
        form._press_primary()
    for done in saved:
        assert done.undo is not None
        done.undo()
    history = clinic.patient_history(patient)
    assert len(saved) == 4
    assert (history.growth_factors, history.antibiotics, history.drugs, [e.text for e in history.events]) == ((), (), (), ["kept"])


def test_that_a_dose_is_shown_in_micrograms_with_the_sign_that_is_no_letter_u(open_form: Any, clinic: FakeClinic) -> None:
    history = clinic.histories["p1"]
    clinic.add(replace(history, growth_factors=(a_growth_factor("filgrastim", dose="300 ug"),)), "p1")
    form = open_form("growth_factor", "p1")
    assert "5 µg/kg" in form._facts.text() and " ug" not in form._facts.text()


def test_that_an_event_form_that_was_only_opened_leaves_no_draft(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("event", "p1")
    form.reject()
    assert not clinic.load_draft("p1", "event")
    again = open_form("event", "p1")
    again.text.setPlainText("rang")
    again.reject()
    assert clinic.load_draft("p1", "event")


def test_that_a_transfusion_says_what_was_given(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("event", "p1", "transfusion")
    form._press_primary()
    assert saved == [] and "red cells, platelets" in form.problem_text()
    form.text.setPlainText("2 red cell units")
    assert form.problem_text() == ""
    form._press_primary()
    assert len(saved) == 1
