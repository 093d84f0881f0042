"""The decision form: the check and its limiting value beside the choice, alerts that close "proceed" only."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from neutromon.models.evaluation import Tier
from neutromon.models.history import PatientHistory
from neutromon.services.alerts import alerts_of, set_owner
from neutromon.services.bulk import load_histories
from neutromon.services.decisions import DayOneDecision, PastDecision
from neutromon.services.session import Session
from neutromon.ui.care.decision import check_word
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from neutromon.ui.widgets.labels import TextLabel
from tests.builders import a_count, a_course, a_history, a_patient, at, day
from tests.ui.fake_clinic import FakeClinic

Open = Callable[..., Any]


def press(form: Any, name: str = "save") -> None:
    form.findChild(QPushButton, name).click()


def test_that_the_computed_check_and_its_limiting_value_are_shown(open_form: Open) -> None:
    form = open_form("decision", "p4")
    text = form.findChild(object, "check_text").text()
    assert "Does not meet" in text and "ANC 0.9 ×10⁹/L" in text and "1.0" in text


@pytest.mark.parametrize(
    ("patient", "word"), [("p3", "Meets criteria"), ("p4", "Does not meet"), ("p5", "Count too old"), ("p6", "No count")]
)
def test_that_the_check_has_its_word(clinic: FakeClinic, patient: str, word: str) -> None:
    assert check_word(clinic.evaluate_patient(patient).day1) == word


def test_that_without_a_plan_the_form_says_so(open_form: Open, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("T-0099")), "p99")
    form = open_form("decision", "p99")
    assert "No treatment is planned" in form.findChild(object, "check_text").text()
    assert check_word(None) == "No check: nothing is planned"


def test_that_an_urgent_alert_without_an_owner_closes_proceed_and_is_named(open_form: Open, clinic: FakeClinic) -> None:
    form = open_form("decision", "p4")
    assert form.choice.is_off("proceed") and not form.choice.is_off("defer")
    assert form.findChild(object, "blocking") is not None
    for alert in clinic.alerts_of("p4"):
        clinic.set_owner([alert.id], "A. Nother")
    again = open_form("decision", "p4")
    assert not again.choice.is_off("proceed") and again.findChild(object, "blocking") is None


def test_that_nothing_chosen_is_no_decision(open_form: Open, saved: list[Saved]) -> None:
    form = open_form("decision", "p3")
    press(form)
    assert "Nothing is decided yet" in form.problem_text() and saved == []


def test_that_deferring_takes_days_by_button_or_by_hand_and_a_reason(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("decision", "p4")
    form.choice.set_value("defer")
    form.days.setText("soon")
    press(form)
    assert "how many days" in form.problem_text()
    press(form, "days_7")
    form.reason.setText("ANC 0.9")
    press(form)
    assert clinic.calls[-1] == ("decide_day_one", ("p4", DayOneDecision(decision="defer", days=7, reason="ANC 0.9")))
    assert saved[0].title == "Decided: Defer 7 d"


def test_that_days_belong_to_deferring_only(open_form: Open) -> None:
    form = open_form("decision", "p3")
    form.choice.set_value("proceed")
    assert not form.days.isEnabled()
    form.choice.set_value("defer")
    assert form.days.isEnabled()


@pytest.mark.parametrize(("choice", "hint"), [("defer", "Needed"), ("refer", "To whom"), ("repeat_count", "When and where")])
def test_that_each_choice_says_what_its_reason_is_for(open_form: Open, choice: str, hint: str) -> None:
    form = open_form("decision", "p4")
    form.choice.set_value(choice)
    assert form._reason_said.text().startswith(hint)


def test_that_an_undo_takes_the_whole_decision_back(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("decision", "p3")
    form.choice.set_value("proceed")
    press(form)
    undo = saved[0].undo
    assert undo is not None
    undo()
    assert clinic.calls[-1][0] == "take_back"


def held(mrn: str = "T-0042") -> PatientHistory:
    counts = [a_count("0.9", collected=at(hours=-20), plt="210", hb="12.1", wbc="5.0")]
    return a_history(a_patient(mrn), a_course(first=day(-20), given=1), counts)


def test_that_the_store_refuses_to_proceed_against_the_check_without_a_reason(
    open_form: Open, session: Session, saved: list[Saved]
) -> None:
    patient = load_histories(session, [held()])[0]
    set_owner(session, [alert.id for alert in alerts_of(session, patient) if alert.tier <= Tier.URGENT], "A. Nother")
    form = open_form("decision", patient, on=SessionClinic(session))
    form.choice.set_value("proceed")
    assert "not met" in form._reason_said.text()
    press(form)
    assert "not met" in form.problem_text() and saved == []
    form.reason.setText("agreed with Dr Example")
    press(form)
    assert saved[0].title == "Decided: Proceed"


def test_that_a_form_writes_to_its_own_patient_whatever_is_opened_after_it(open_form: Open, clinic: FakeClinic) -> None:
    form = open_form("decision", "p3")
    other = open_form("decision", "p5")
    form.choice.set_value("refer")
    other.choice.set_value("repeat_count")
    press(form)
    assert clinic.calls[-1][1][0] == "p3"
    press(other)
    assert clinic.calls[-1][1][0] == "p5"


def test_that_markup_in_a_name_is_shown_as_text(open_form: Open, clinic: FakeClinic) -> None:
    history = clinic.histories["p3"]
    clinic.add(replace(history, patient=replace(history.patient, family_name="<i>Slanted</i>")), "p3")
    assert "<i>Slanted</i>" in open_form("decision", "p3").about.text()


def test_that_an_earlier_decision_of_the_day_is_shown_with_its_author_and_what_it_rested_on(open_form: Open, clinic: FakeClinic) -> None:
    check = clinic.evaluate_patient("p4").day1
    assert check is not None
    one = PastDecision(
        at=clinic.now(), by="A. Nother", decision="defer", days=7, reason="ANC 0.9", target=None, check="Meets the day-1 counts of x"
    )
    clinic.past["p4"] = (one,)
    texts = [label.text() for label in open_form("decision", "p4").findChildren(TextLabel)]
    assert "Decided already for this day" in texts
    assert "Defer 7 d: ANC 0.9 · A. Nother, 09:00" in [text.replace("\u2068", "").replace("\u2069", "") for text in texts]
    assert "It rested on: Meets the day-1 counts of x" in texts
    assert "The check is another one now: read it above." in texts
    clinic.past["p4"] = (replace(one, check=check.text),)
    texts = [label.text() for label in open_form("decision", "p4").findChildren(TextLabel)]
    assert "The check is another one now: read it above." not in texts
    assert "Decided already for this day" not in [label.text() for label in open_form("decision", "p3").findChildren(TextLabel)]
