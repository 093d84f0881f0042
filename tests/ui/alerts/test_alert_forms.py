"""The forms that answer, pause, end and give an alert; each is bound to its alert and its patient."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from neutromon.models.alerts import Acknowledgement, AlertState
from neutromon.models.changes import Changes
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.forms.undo import taking_answer_back
from neutromon.ui.saved import Saved
from tests.services.a_store import take_temperature
from tests.ui.fake_clinic import FakeClinic

Open = Callable[..., Any]


def alert_id(clinic: Any, tier: Tier = Tier.URGENT) -> str:
    return next(row.alert.id for row in clinic.open_alerts() if row.alert.tier is tier)


def press(form: Any, name: str) -> None:
    form.findChild(QPushButton, name).click()


def test_that_a_form_shows_the_alerts_own_words_and_its_patient(open_form: Open, clinic: FakeClinic) -> None:
    subject = alert_id(clinic)
    form = open_form("acknowledge", subject_id=subject)
    assert form.findChild(object, "alert_words").text() == clinic.alerts[subject].text
    assert form.patient_id == clinic.alerts[subject].patient_id
    assert "T-0001" in form.about.text()


def test_that_opening_a_form_writes_down_that_the_alert_was_seen(open_form: Open, clinic: FakeClinic) -> None:
    subject = alert_id(clinic)
    open_form("owner", subject_id=subject)
    assert clinic.alerts[subject].state is AlertState.SEEN
    open_form("owner", subject_id=subject)
    assert len([call for call in clinic.calls if call[0] == "mark_seen"]) == 1


def test_that_a_look_that_cannot_be_written_down_is_said(open_form: Open, clinic: FakeClinic) -> None:
    clinic.fail_with = UserError("The disk is full.")
    form = open_form("owner", subject_id=alert_id(clinic))
    assert form.problem_text() == "The disk is full."


@pytest.mark.parametrize("patient", ["", "p1"])
def test_that_an_alert_that_has_ended_is_refused_in_a_sentence(open_form: Open, patient: str) -> None:
    with pytest.raises(UserError, match="has ended"):
        open_form("acknowledge", patient_id=patient, subject_id="gone")


def test_that_nothing_chosen_is_no_answer(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("acknowledge", subject_id=alert_id(clinic))
    press(form, "save")
    assert "what was done" in form.problem_text() and saved == []


def test_that_a_digit_chooses_and_ctrl_enter_saves(qtbot: QtBot, open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    subject = alert_id(clinic)
    form = open_form("acknowledge", subject_id=subject)
    qtbot.keyClick(form, Qt.Key.Key_2)
    press(form, "save")
    assert saved[0].title == "Acknowledged: Sent to assessment unit"
    assert clinic.alerts[subject].state is AlertState.ACKNOWLEDGED


def test_that_a_digit_in_a_text_is_a_digit(qtbot: QtBot, open_form: Open, clinic: FakeClinic) -> None:
    form = open_form("acknowledge", subject_id=alert_id(clinic))
    form.note.setFocus()
    qtbot.keyClick(form.note, Qt.Key.Key_2)
    assert form.note.text() == "2"
    qtbot.keyClick(form, Qt.Key.Key_F5)
    press(form, "save")
    assert "what was done" in form.problem_text()


def test_that_informing_asks_for_name_role_time_and_read_back(
    open_form: Open, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, patient = store
    subject = alert_id(clinic)
    form = open_form("acknowledge", subject_id=f"{subject}#informed", on=clinic)
    press(form, "save")
    assert form.problem_text().startswith("Say who was informed")
    form.informed_name.setText("Dr Example")
    form.informed_role.setText("registrar")
    form.read_back.setChecked(True)
    press(form, "save")
    done = next(alert for alert in clinic.alerts_of(patient) if alert.id == subject).acknowledgement
    assert done is not None
    assert (done.informed_name, done.informed_role, done.read_back, done.informed_at) == ("Dr Example", "registrar", True, clinic.now())


def test_that_a_repeated_count_needs_its_due_time(open_form: Open, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, patient = store
    subject = alert_id(clinic)
    form = open_form("acknowledge", subject_id=f"{subject}#count_repeated", on=clinic)
    press(form, "save")
    assert "repeated count is due" in form.problem_text()
    form.due.date.setText("+1")
    press(form, "save")
    assert "time is missing" in form.problem_text()
    form.due.time.setText("0900")
    press(form, "save")
    done = next(alert for alert in clinic.alerts_of(patient) if alert.id == subject).acknowledgement
    assert done is not None and done.due == clinic.now() + timedelta(days=1)


def test_that_an_antibiotic_is_stored_with_the_answer(open_form: Open, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, patient = store
    take_temperature(clinic.session, patient)
    form = open_form("acknowledge", subject_id=f"{alert_id(clinic, Tier.EMERGENCY)}#antibiotic_given", on=clinic)
    press(form, "save")
    assert "which antibiotic" in form.problem_text()
    form.antibiotic.setText("pip-tazo")
    form.antibiotic_at.time.setText("99")
    press(form, "save")
    assert form.problem_text()
    form.antibiotic_at.time.setText("0855")
    press(form, "save")
    (given,) = clinic.patient_history(patient).antibiotics
    assert (given.name, given.purpose, given.given_at) == ("pip-tazo", "treatment", clinic.now() - timedelta(minutes=5))


@pytest.mark.parametrize(("days", "reason"), [("", "count"), ("x", "count"), ("0", "count"), ("7", "")])
def test_that_a_deferral_asks_for_days_and_reason(open_form: Open, clinic: FakeClinic, days: str, reason: str) -> None:
    form = open_form("acknowledge", subject_id=f"{alert_id(clinic)}#chemo_deferred")
    form.days.setText(days)
    form.deferral.setText(reason)
    press(form, "save")
    assert form.problem_text().startswith("Say for how many days")


def test_that_a_deferral_is_told_in_the_note(open_form: Open, clinic: FakeClinic) -> None:
    subject = alert_id(clinic)
    form = open_form("acknowledge", subject_id=f"{subject}#chemo_deferred")
    form.days.setText("7")
    form.deferral.setText("ANC 0.4")
    form.note.setText("told by telephone")
    press(form, "save")
    done = clinic.alerts[subject].acknowledgement
    assert done is not None and done.note == "7 days: ANC 0.4. told by telephone"


def test_that_the_owner_stays_who_she_was_unless_another_is_chosen(open_form: Open, clinic: FakeClinic) -> None:
    subject = alert_id(clinic)
    clinic.set_owner([subject], "A. Nother")
    form = open_form("acknowledge", subject_id=f"{subject}#called_patient")
    press(form, "save")
    assert clinic.alerts[subject].owner == "A. Nother"


def test_that_an_emergency_form_offers_no_pause(open_form: Open, clinic: FakeClinic) -> None:
    form = open_form("snooze", subject_id=alert_id(clinic, Tier.EMERGENCY))
    assert form.findChild(QPushButton, "save") is None
    assert form.findChild(object, "cannot_pause") is not None


def test_that_a_pause_is_saved_with_reason_end_and_ceiling(open_form: Open, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, patient = store
    subject = alert_id(clinic)
    form = open_form("snooze", subject_id=subject, on=clinic)
    assert form.findChild(object, "ceiling") is not None
    press(form, "hours_8")
    form.reason.set_code("repeat_booked")
    press(form, "save")
    pause = next(alert for alert in clinic.alerts_of(patient) if alert.id == subject).snooze
    assert pause is not None
    assert (pause.reason, pause.until, pause.ceiling) == ("repeat_booked", clinic.now() + timedelta(hours=8), Tier.URGENT)
    assert saved[0].title == "Paused until 17:00"


def test_that_a_pause_that_is_too_long_or_without_an_end_is_refused(open_form: Open, store: tuple[SessionClinic, str]) -> None:
    clinic, _ = store
    form = open_form("snooze", subject_id=alert_id(clinic), on=clinic)
    form.until.set_value(clinic.now() + timedelta(hours=25))
    press(form, "save")
    assert "24 hours" in form.problem_text()
    form.until.set_value(None)
    press(form, "save")
    assert "when the pause ends" in form.problem_text()


def test_that_an_advisory_pause_may_wait_for_the_next_count(open_form: Open, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    subject = alert_id(clinic, Tier.ADVISORY)
    form = open_form("snooze", subject_id=subject, on=clinic)
    form.end.set_code(True)
    form.until.set_value(clinic.now() + timedelta(days=6))
    press(form, "save")
    pause = next(alert for alert in clinic.alerts_of(patient) if alert.id == subject).snooze
    assert pause is not None and pause.until_next_count


def test_that_not_relevant_asks_for_words(open_form: Open, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, patient = store
    subject = alert_id(clinic, Tier.ADVISORY)
    form = open_form("resolve", subject_id=subject, on=clinic)
    form.reason.set_code("not_relevant")
    assert form._said.text().startswith("Needed")
    press(form, "save")
    assert "not clinically relevant" in form.problem_text()
    form.text.setPlainText("known benign\nneutropenia")
    press(form, "save")
    ended = next(alert for alert in clinic.alerts_of(patient, include_ended=True) if alert.id == subject)
    assert (ended.state, ended.events[-1].reason) == (AlertState.RESOLVED, "not_relevant: known benign neutropenia")


def test_that_another_reason_needs_no_words(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    subject = alert_id(clinic, Tier.ADVISORY)
    form = open_form("resolve", subject_id=subject)
    assert form._said.text() == "Optional."
    press(form, "save")
    assert clinic.alerts[subject].state is AlertState.RESOLVED


def test_that_only_an_advisory_alert_may_be_given_to_nobody(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    urgent = open_form("owner", subject_id=alert_id(clinic))
    assert "Nobody" not in [urgent.person.itemText(n) for n in range(urgent.person.count())]
    urgent.person.set_code("A. Nother")
    press(urgent, "save")
    subject = alert_id(clinic, Tier.ADVISORY)
    advisory = open_form("owner", subject_id=subject)
    advisory.person.set_code("")
    press(advisory, "save")
    assert [one.title.replace("\u2068", "").replace("\u2069", "") for one in saved] == ["Owner: A. Nother", "The alert has no owner now"]


def test_that_a_form_writes_to_its_own_alert_whatever_is_opened_after_it(open_form: Open, clinic: FakeClinic) -> None:
    first, second = [row.alert.id for row in clinic.open_alerts() if row.alert.tier is Tier.URGENT][:2]
    form = open_form("acknowledge", subject_id=f"{first}#called_patient")
    open_form("acknowledge", subject_id=f"{second}#called_patient")
    press(form, "save")
    assert clinic.alerts[first].state is AlertState.ACKNOWLEDGED
    assert clinic.alerts[second].state is AlertState.SEEN


@pytest.mark.parametrize("name", ["snooze", "resolve", "owner"])
def test_that_a_long_alert_is_readable_to_its_last_line(open_form: Open, clinic: FakeClinic, name: str) -> None:
    subject = alert_id(clinic, Tier.URGENT)
    clinic.alerts[subject] = replace(clinic.alerts[subject], text="URGENT – a text of many words " * 7)
    words = open_form(name, subject_id=subject).findChild(QLabel, "alert_words")
    assert words.height() >= words.heightForWidth(words.width())


def test_that_pause_end_and_owner_can_be_taken_back_and_a_message_read_back_in_an_emergency_cannot(clinic: FakeClinic) -> None:
    rows = clinic.open_alerts()
    emergency = next(row.alert for row in rows if row.alert.tier is Tier.EMERGENCY)
    urgent = next(row.alert for row in rows if row.alert.tier is Tier.URGENT)
    spoken = Acknowledgement(action="informed", informed_name="Dr Example", informed_role="registrar", read_back=True)
    changes = Changes(alert_ids=frozenset({emergency.id}))
    assert taking_answer_back(clinic, emergency, spoken, changes) is None
    for alert, answer in ((emergency, Acknowledgement(action="called_patient")), (urgent, spoken)):
        undo = taking_answer_back(clinic, alert, answer, changes)
        assert undo is not None
        undo()
    assert [call for call in clinic.calls if call[0] == "take_back"] == [("take_back", (changes, "undone by N. Urse"))] * 2


@pytest.mark.parametrize("name", ["owner", "snooze", "resolve", "acknowledge"])
def test_that_every_alert_form_offers_an_undo_that_leaves_the_alert_open(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved], name: str
) -> None:
    clinic, patient = store
    alert = next(one for one in clinic.alerts_of(patient) if one.tier is Tier.ADVISORY)
    form = open_form(name, patient, f"{alert.id}#called_patient", on=clinic)
    if name == "snooze":
        form._set_hours(4)
    form._press_primary()
    assert saved and saved[0].undo is not None
    saved[0].undo()
    after = next(one for one in clinic.alerts_of(patient) if one.id == alert.id)
    assert (after.state, after.owner) == (AlertState.SEEN, alert.owner)
