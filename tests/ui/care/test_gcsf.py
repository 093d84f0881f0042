"""The G-CSF consideration: what each guideline says, the timing guard, and the answer; never an order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from neutromon.models.care import GcsfAnswer
from neutromon.models.protocol import Protocol
from neutromon.ui.care.gcsf import advice_word, band_word, timing_word
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from tests.builders import a_growth_factor, a_history, a_patient, at
from tests.ui.fake_clinic import FakeClinic

Open = Callable[..., Any]


def press(form: Any, name: str = "save") -> None:
    form.findChild(QPushButton, name).click()


def texts(form: Any) -> list[str]:
    return [label.text() for label in form.findChildren(QLabel)]


def prescribe(form: Any, product: str, when: datetime) -> None:
    form.answer.set_value("prescribed")
    form.product.set_code(product)
    form.first_dose.set_value(when)


def test_that_every_guideline_has_its_row_with_the_sites_first(open_form: Open, clinic: FakeClinic) -> None:
    clinic.protocol = Protocol(gcsf_guideline="esmo-2016")
    form = open_form("gcsf", "p2")
    order = [name for name, _ in form._in_order()]
    assert order[0] == "esmo-2016"
    assert {"NCCN", "ASCO 2015", "EORTC 2010", "ESMO 2016", "NICE CG151"} <= set(texts(form))


def test_that_reasons_and_what_is_not_known_are_shown(open_form: Open) -> None:
    shown = "\n".join(texts(open_form("gcsf", "p3")))
    assert "age" in shown and "not known" in shown and "intermediate" in shown


def test_that_last_dose_and_next_chemotherapy_are_seen_at_once(open_form: Open) -> None:
    shown = texts(open_form("gcsf", "p9"))
    assert "pegfilgrastim" in shown and "Next treatment" in shown


def test_that_cautions_stand_in_a_card_of_their_own(open_form: Open, clinic: FakeClinic) -> None:
    history = clinic.histories["p3"]
    clinic.add(replace(history, patient=replace(history.patient, conditions=("sickle_cell_disease",))), "p3")
    form = open_form("gcsf", "p3")
    assert any("Sickle cell" in text for text in texts(form.findChild(object, "cautions")))
    assert open_form("gcsf", "p4").findChild(object, "cautions") is None


def test_that_a_patient_without_a_course_is_said_to_have_none(open_form: Open, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("T-0095")), "p95")
    evaluation = clinic.evaluate_patient("p95")
    form = open_form("gcsf", "p95")
    assert evaluation.gcsf or "No course is recorded: no guideline can be asked." in texts(form)


@pytest.mark.parametrize(
    ("product", "days", "word"),
    [
        ("pegfilgrastim", 1, "Too close to the next chemotherapy"),
        ("pegfilgrastim", -2, "Caution"),
        ("pegfilgrastim", -3, "The time is within the label"),
        ("pegfilgrastim", -9, "Too early after chemotherapy"),
        ("filgrastim", 1, "The time is within the label"),
    ],
)
def test_that_the_timing_guard_answers_while_typing(open_form: Open, product: str, days: int, word: str) -> None:
    form = open_form("gcsf", "p2")
    prescribe(form, product, at(days))
    assert form._timing.itemAt(0).widget().findChild(object, "timing_text").text().startswith(word)


def test_that_the_guard_is_silent_where_nothing_is_prescribed(open_form: Open) -> None:
    form = open_form("gcsf", "p2")
    prescribe(form, "pegfilgrastim", at(1))
    form.answer.set_value("discuss")
    assert form.timing() is None and not form._planned.isVisible()


def test_that_nothing_chosen_is_no_answer(open_form: Open, saved: list[Saved]) -> None:
    form = open_form("gcsf", "p2")
    press(form)
    assert "Nothing is decided yet" in form.problem_text() and saved == []


def test_that_a_prescription_needs_its_time(open_form: Open, saved: list[Saved]) -> None:
    form = open_form("gcsf", "p2")
    form.answer.set_value("prescribed")
    press(form)
    assert "first dose is planned" in form.problem_text()
    form.first_dose.date.setText("tomorrow?")
    press(form)
    assert "cannot be read" in form.problem_text() and saved == []


def test_that_a_prescription_is_kept_with_the_advice_shown(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("gcsf", "p2")
    prescribe(form, "filgrastim", at(1))
    form.dose.setText("300 ug")
    press(form)
    name, (patient, answer) = clinic.calls[-1]
    assert (name, patient) == ("answer_gcsf", "p2")
    assert isinstance(answer, GcsfAnswer) and answer.planned is not None
    assert (answer.planned.product, answer.planned.dose, answer.planned.planned) == ("filgrastim", "300 ug", True)
    assert (answer.guideline, answer.band) == ("nccn", "intermediate")
    assert clinic.evaluate_patient("p2").gcsf_timing[-1].planned


def test_that_not_indicated_needs_its_reason_in_the_store(open_form: Open, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, patient = store
    form = open_form("gcsf", patient, on=clinic)
    form.answer.set_value("not_indicated")
    press(form)
    assert "why G-CSF is not indicated" in form.problem_text()
    form.reason.setText("dose reduced instead")
    press(form)
    assert saved[0].title == "G-CSF: answer saved" and saved[0].undo is not None
    assert any("G-CSF not indicated: dose reduced instead" in entry.text for entry in clinic.patient_log(patient))


def test_that_an_earlier_dose_does_not_change_the_verdict_on_the_new_one(open_form: Open, clinic: FakeClinic) -> None:
    clinic.record_growth_factor("p2", a_growth_factor(given=at(5), planned=True))
    form = open_form("gcsf", "p2")
    prescribe(form, "filgrastim", clinic.now() + timedelta(days=1))
    verdict = form.timing()
    assert verdict is not None and verdict.product == "filgrastim"


def test_that_no_word_orders_a_drug() -> None:
    advices = "recommend consider observe not_indicated not_routine continue no_additional reduce_or_change avoid cannot_tell".split()
    words = [advice_word(advice) for advice in advices]
    assert not [word for word in words if word.startswith(("give", "start", "use"))]
    assert (advice_word("new"), timing_word("new")) == ("new", "new")
    assert (band_word(None), band_word("high"), band_word("odd")) == ("none", "high", "odd")


def test_that_what_is_planned_or_did_not_fit_is_shown_with_its_verdict(open_form: Open, clinic: FakeClinic) -> None:
    assert open_form("gcsf", "p2").findChild(object, "recorded") is None
    clinic.record_growth_factor("p2", a_growth_factor(given=at(1), planned=True))
    clinic.record_growth_factor("p2", a_growth_factor("filgrastim", given=at(-10, hours=6)))
    shown = texts(open_form("gcsf", "p2").findChild(object, "recorded"))
    assert any(text.startswith("pegfilgrastim, planned 13 Mar 09:00. Too close") for text in shown)
    assert any(text.startswith("filgrastim, given 2 Mar 15:00. Too early") for text in shown)
