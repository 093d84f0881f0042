"""The scores: items with their points, a running total, missing items by name, and never a low risk with a gap."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from neutromon.models.evaluation import Score
from neutromon.models.history import Episode
from neutromon.rules.scores import cisne, mascc
from neutromon.ui.care.score_items import cisne_items, mascc_items, number_of, typed
from neutromon.ui.care.scores import total_text
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from tests.builders import a_count, a_history, a_patient, at
from tests.ui.fake_clinic import FakeClinic, book

Open = Callable[..., Any]
MASCC = {
    "burden": "mild",
    "systolic_bp": "120",
    "copd": False,
    "tumour": "solid",
    "dehydration_needing_iv_fluids": False,
    "outpatient_at_onset": True,
    "age": 45,
}
CISNE = {
    "ecog": 0,
    "glucose": {"value": "105", "unit": "mg/dL"},
    "diabetes_or_steroids": False,
    "copd": False,
    "cardiovascular_disease": False,
    "mucositis_grade": 0,
    "monocytes": {"value": "0.3", "unit": "10*9/L"},
    "solid_tumour": True,
    "stable": True,
}


def press(form: Any, name: str = "save") -> None:
    form.findChild(QPushButton, name).click()


def test_that_every_item_of_the_rules_is_asked() -> None:
    tables = book().numbers["scores"].tables
    asked = {item.key for item in mascc_items(tables["mascc"])}
    assert set(mascc({}, book()).missing) <= asked
    assert set(cisne({}, book()).missing) <= {item.key for item in cisne_items(tables["cisne"])}


def test_that_a_complete_mascc_has_its_total_its_points_and_its_band(open_form: Open) -> None:
    form = open_form("scores", "p2")
    form.mascc.fill(MASCC)
    assert form.mascc.total.text() == "26 points – low risk"
    assert {key: said.text() for key, said in form.mascc._said.items() if said.text()} == {
        "burden": "5",
        "systolic_bp": "5",
        "copd": "4",
        "tumour": "4",
        "dehydration_needing_iv_fluids": "3",
        "outpatient_at_onset": "3",
        "age": "2",
    }
    assert form.mascc.missing.isHidden()


@pytest.mark.parametrize("gap", list(MASCC))
def test_that_mascc_is_never_low_while_an_item_is_missing(open_form: Open, gap: str) -> None:
    form = open_form("scores", "p2")
    form.mascc.fill({key: value for key, value in MASCC.items() if key != gap})
    assert "no band yet" in form.mascc.total.text() and "low" not in form.mascc.total.text()
    assert form.mascc.missing.text().startswith("Missing: ")
    assert form.mascc.inputs().keys() == MASCC.keys() - {gap}


@pytest.mark.parametrize("gap", [key for key in CISNE if key != "diabetes_or_steroids"])
def test_that_cisne_is_never_low_while_an_item_is_missing(open_form: Open, gap: str) -> None:
    form = open_form("scores", "p2")
    form.cisne.fill({key: value for key, value in CISNE.items() if key != gap})
    assert "no band yet" in form.cisne.total.text()


@pytest.mark.parametrize(("systolic", "points"), [("90", "0"), ("90,5", "5"), ("91", "5"), (">90", "5")])
def test_that_the_pressure_scores_above_ninety_only(open_form: Open, systolic: str, points: str) -> None:
    form = open_form("scores", "p2")
    form.mascc._numbers["systolic_bp"].setText(systolic)
    assert form.mascc._said["systolic_bp"].text() == points


def test_that_cisne_says_where_it_does_not_apply(open_form: Open) -> None:
    form = open_form("scores", "p2")
    form.cisne.fill(CISNE)
    assert form.cisne.total.text() == "0 points – low risk"
    form.cisne._choices["solid_tumour"].set_value(False)
    assert form.cisne.total.text() == "0 points – low risk (not applicable)"
    assert form.cisne.notes.text() == "Not applicable: Solid tumour."


def test_that_a_number_that_cannot_be_read_is_missing_and_is_not_saved(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("scores", "p2")
    form.mascc.fill(MASCC)
    form.mascc._numbers["systolic_bp"].setText("good")
    assert "Systolic pressure" in form.mascc.missing.text()
    press(form)
    assert "no number" in form.problem_text() and saved == []


def test_that_age_comes_from_the_birth_date_and_monocytes_from_todays_count(open_form: Open, clinic: FakeClinic) -> None:
    counts = [a_count("0.3", collected=at(hours=-3), wbc="1.0", monocytes="0.15")]
    clinic.add(a_history(a_patient("T-0097", birth_date=date(1980, 3, 13)), None, counts), "p97")
    form = open_form("scores", "p97")
    assert form.mascc.inputs()["age"] == 45
    assert form.cisne.inputs()["monocytes"] == {"value": "0.15", "unit": "10*9/L"}
    assert form.cisne._said["monocytes"].text() == "1"


def test_that_old_monocytes_and_an_unknown_age_are_left_open(open_form: Open, clinic: FakeClinic) -> None:
    counts = [a_count("0.3", collected=at(hours=-30), wbc="1.0", monocytes="0.15")]
    clinic.add(a_history(a_patient("T-0096", birth_date=None), None, counts), "p96")
    form = open_form("scores", "p96")
    assert "age" not in form.mascc.inputs() and "monocytes" not in form.cisne.inputs()


def test_that_the_gate_says_whether_febrile_neutropenia_is_established(open_form: Open) -> None:
    assert "met" in [label.text() for label in open_form("scores", "p2").findChildren(QLabel)]
    shown = "\n".join(label.text() for label in open_form("scores", "p1").findChildren(QLabel))
    assert "presuppose an established one" in shown


def test_that_profound_neutropenia_is_high_risk_whatever_the_score_is(open_form: Open) -> None:
    assert "high risk whatever the score is" in open_form("scores", "p7")._override.text()
    assert open_form("scores", "p3")._override.isHidden()


def test_that_what_was_recorded_comes_back_and_the_rest_of_the_episode_stays(open_form: Open, clinic: FakeClinic) -> None:
    history = clinic.histories["p2"]
    clinic.add(replace(history, episode=Episode(mascc=MASCC, cisne=CISNE, flags={"pneumonia": True})), "p2")
    form = open_form("scores", "p2")
    assert (form.mascc.inputs(), form.cisne.inputs()) == (MASCC, CISNE)
    press(form)
    assert clinic.histories["p2"].episode == Episode(mascc=MASCC, cisne=CISNE, flags={"pneumonia": True})


def test_that_the_store_keeps_the_items_and_the_rules_read_them(
    open_form: Open, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, patient = store
    form = open_form("scores", patient, on=clinic)
    form.mascc.fill(MASCC)
    form.cisne.fill(CISNE)
    press(form)
    scores = clinic.evaluate_patient(patient).scores
    assert (scores["mascc"].score, scores["cisne"].risk) == (26, "low")
    assert saved[0].undo is not None
    saved[0].undo()
    assert not clinic.patient_history(patient).episode.mascc


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (Score(score=None, risk="cannot_tell"), "3 points so far – no band yet"),
        (Score(score=20, risk="high"), "20 points – high risk"),
        (Score(score=2, risk="intermediate", applicable=True), "2 points – intermediate risk"),
    ],
)
def test_that_a_total_has_its_band_in_words(score: Score, text: str) -> None:
    assert total_text(score, 3) == text


def test_that_numbers_are_kept_as_the_contract_writes_them() -> None:
    items = {item.key: item for item in cisne_items(book().numbers["scores"].tables["cisne"])}
    age = next(item for item in mascc_items(book().numbers["scores"].tables["mascc"]) if item.key == "age")
    assert typed(items["glucose"], "105") == {"value": "105", "unit": "mg/dL"}
    assert (typed(age, "45"), typed(age, "45.5"), typed(age, "")) == (45, "45.5", None)
    assert (number_of({"value": "<5", "unit": "x"}), number_of(None), number_of(45)) == ("<5", "", "45")


def test_that_scores_without_one_answer_are_not_saved(open_form: Open, saved: list[Saved]) -> None:
    form = open_form("scores", "p2")
    press(form)
    assert saved == [] and form.problem_text().startswith("No item is answered here yet.")


def test_that_what_both_scores_ask_is_answered_once(open_form: Open) -> None:
    form = open_form("scores", "p2")
    form.mascc.choice("copd").set_value(False)
    form.mascc.choice("copd").changed.emit()
    assert form.cisne.choice("copd").value is False
    form.cisne.choice("solid_tumour").set_value(False)
    form.cisne.choice("solid_tumour").changed.emit()
    assert form.mascc.choice("tumour").value == "haematological"


def test_that_a_solid_tumour_under_a_lymphoma_regimen_is_doubted(open_form: Open) -> None:
    form = open_form("scores", "p2")
    assert form.doubt.isHidden()
    form.mascc.choice("tumour").set_value("solid")
    form.mascc.choice("tumour").changed.emit()
    assert form.cisne.choice("solid_tumour").value is True
    assert "R-CHOP-21 is a regimen for" in form.doubt.text()
    assert not form.doubt.isHidden()
