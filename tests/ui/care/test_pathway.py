"""The pathway: its clock, what stops it, what is missing, and what is said when; a drug is considered, never ordered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton

from neutromon.models.care import Pathway
from neutromon.models.evaluation import Tier
from neutromon.models.protocol import Protocol
from neutromon.rules.clock import antibiotic_clock
from neutromon.ui.care.clock_face import ClockFace, clock_words
from neutromon.ui.care.definitions import definition_rows, status_word
from neutromon.ui.care.steps import what_now
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.marks import Mark
from tests.builders import NOW, an_antibiotic, at
from tests.ui.fake_clinic import FakeClinic

Open = Callable[..., Any]


def press(form: Any, name: str = "save") -> None:
    form.findChild(QPushButton, name).click()


def running(clinic: FakeClinic, minutes: int, **more: object) -> None:
    known = {"id": "pw", "time_zero": clinic.now() - timedelta(minutes=minutes), "source": "call"}
    clinic.pathways["p2"] = Pathway(**(known | more))  # type: ignore[arg-type]


def now_lines(form: Any) -> str:
    lines = [form._now_lines.itemAt(n).widget() for n in range(form._now_lines.count())]
    return "\n".join(label.text() for line in lines for label in line.findChildren(QLabel))


def test_that_a_pathway_that_is_not_started_shows_no_running_clock(open_form: Open) -> None:
    form = open_form("pathway", "p2")
    assert form.face.text().startswith("Not started")
    assert form.findChild(QPushButton, "save").text() == "Start the pathway"


def test_that_time_zero_is_proposed_from_the_first_fever_of_the_day(open_form: Open) -> None:
    assert open_form("pathway", "p2").time_zero.value() == at(hours=-1)
    assert open_form("pathway", "p1").time_zero.value() == NOW


def test_that_starting_stores_time_zero(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    press(open_form("pathway", "p2"))
    assert saved[0].title == "Pathway started" and saved[0].undo is not None
    assert clinic.pathways["p2"].time_zero == at(hours=-1)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(23, "37 of 60 minutes left"), (60, "0 of 60 minutes left"), (61, "1 minute over the 60 minutes"), (83, "23 minutes over")],
)
def test_that_the_clock_says_what_is_left_and_what_is_over(open_form: Open, clinic: FakeClinic, minutes: int, words: str) -> None:
    running(clinic, minutes)
    assert words in open_form("pathway", "p2").face.text()


def test_that_moving_time_zero_moves_the_clock(open_form: Open, clinic: FakeClinic) -> None:
    running(clinic, 23)
    form = open_form("pathway", "p2")
    form.time_zero.set_value(clinic.now() - timedelta(minutes=70))
    assert "10 minutes over" in form.face.text()
    form.time_zero.set_value(None)
    assert form.clock() is None


def test_that_an_antibiotic_in_the_record_stops_the_clock_and_is_named(open_form: Open, clinic: FakeClinic) -> None:
    running(clinic, 83)
    clinic.record_antibiotic("p2", an_antibiotic("pip-tazo", given=at(hours=-0.75)))
    form = open_form("pathway", "p2")
    assert form.face.text() == "Stopped at 08:15 by pip-tazo."
    assert "First antibiotic written down." in now_lines(form)


def test_that_a_late_antibiotic_is_told_as_late() -> None:
    clock = antibiotic_clock(at(hours=-2), [an_antibiotic("pip-tazo", given=at(hours=-0.5))], NOW, 60)
    assert clock_words(clock, NOW, 60) == "Stopped at 08:30 by pip-tazo, over the 60 minutes."


def test_that_a_typed_antibiotic_is_stored_with_the_pathway(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    running(clinic, 23)
    form = open_form("pathway", "p2")
    form.antibiotic.setText("pip-tazo")
    assert form.given_at.value() == clinic.now()
    press(form)
    assert saved[0].title == "Pathway saved" and saved[0].undo is not None
    assert clinic.histories["p2"].antibiotics[-1].name == "pip-tazo"


def test_that_an_antibiotic_without_a_time_and_a_missing_time_zero_are_refused(open_form: Open, clinic: FakeClinic) -> None:
    running(clinic, 23)
    form = open_form("pathway", "p2")
    form.antibiotic.setText("pip-tazo")
    form.given_at.set_value(None)
    press(form)
    assert "when the antibiotic was given" in form.problem_text()
    form.antibiotic.clear()
    form.time_zero.set_value(None)
    press(form)
    assert "Time zero is missing" in form.problem_text()


def test_that_ticked_steps_keep_the_time_at_which_they_were_first_ticked(open_form: Open, clinic: FakeClinic) -> None:
    first = clinic.now() - timedelta(minutes=9)
    running(clinic, 23, done={"CRP": first})
    form = open_form("pathway", "p2")
    assert "CRP  ·  08:51" in [box.text() for box in form.findChildren(QCheckBox)]
    form._steps["lactate"].setChecked(True)
    press(form)
    assert clinic.pathways["p2"].done == {"CRP": first, "lactate": clinic.now()}


def test_that_a_red_flag_stands_first_and_one_that_was_not_looked_for_is_counted(open_form: Open, clinic: FakeClinic) -> None:
    running(clinic, 23)
    form = open_form("pathway", "p2")
    assert "9 not yet looked for" in now_lines(form)
    form._flags["systolic"].set_value(True)
    assert now_lines(form).splitlines()[0].startswith("A red flag is present")
    press(form)
    assert clinic.pathways["p2"].flags == {"systolic": True}


def answer_all(form: Any) -> None:
    for flag in form._flags.values():
        flag.set_value(False)
    for step in form._steps.values():
        step.setChecked(True)


def test_that_ending_the_pathway_keeps_outcome_and_time(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    running(clinic, 23)
    form = open_form("pathway", "p2")
    answer_all(form)
    form.antibiotic.setText("pip-tazo")
    form.outcome.set_code("admitted")
    form.note.setText("ward 4")
    assert form.missing.text() == "Not written down: the items of the risk score."
    press(form)
    ended = clinic.pathways["p2"]
    assert (ended.outcome, ended.ended_at, ended.note, saved[0].title) == ("admitted", clinic.now(), "ward 4", "Pathway ended")
    assert (ended.missing, ended.end_reason) == (("risk score",), "")


def test_that_a_pathway_does_not_end_without_a_word_on_what_is_missing(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    running(clinic, 23)
    form = open_form("pathway", "p2")
    assert form.missing.isHidden() and form._why.isHidden()
    form.outcome.set_code("outpatient")
    said = "Not written down: no antibiotic with its time; 9 of 9 red flags not looked for; "
    assert form.missing.text().startswith(said) and not form.missing.isHidden() and not form._why.isHidden()
    press(form)
    assert saved == [] and said in form.problem_text() and clinic.pathways["p2"].ended_at is None
    assert not form.end_reason.visibleRegion().isEmpty()
    form.end_reason.setText("went home before anybody saw her")
    press(form)
    ended = clinic.pathways["p2"]
    assert ended.ended_at == clinic.now() and ended.end_reason == "went home before anybody saw her"
    assert ended.missing[:2] == ("first antibiotic", "red flags: 9/9") and ended.missing[-1] == "risk score"


def test_that_one_red_flag_without_an_answer_is_enough_to_ask(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    running(clinic, 23)
    form = open_form("pathway", "p2")
    answer_all(form)
    form.antibiotic.setText("pip-tazo")
    form._flags["systolic"].set_value(None)
    form.outcome.set_code("admitted")
    press(form)
    assert saved == [] and "1 of 9 red flags not looked for" in form.problem_text()


def test_that_every_definition_is_shown_with_the_sites_first(open_form: Open, clinic: FakeClinic) -> None:
    evaluation = clinic.evaluate_patient("p2")
    rows = definition_rows(evaluation, Protocol(fn_definition="esmo-2016"))
    assert [row.chosen for row in rows] == [True] + [False] * (len(evaluation.febrile_neutropenia) - 1)
    assert rows[0].name == "ESMO 2016"


@pytest.mark.parametrize(
    ("value", "word", "mark"),
    [
        ("yes", "met", Mark.CHECK),
        ("no", "not met", Mark.DASH),
        ("borderline", "at the bound", Mark.QUESTION),
        ("suspected", "suspected, count unknown", Mark.QUESTION),
        ("cannot_tell", "cannot tell", Mark.QUESTION),
        ("new word", "new word", Mark.QUESTION),
    ],
)
def test_that_a_status_has_a_word_and_a_sign(value: str, word: str, mark: Mark) -> None:
    assert status_word(value)[:2] == (word, mark)


def test_that_a_drug_is_considered_and_never_ordered() -> None:
    running_clock = antibiotic_clock(at(hours=-0.5), [], NOW, 60)
    late = antibiotic_clock(at(hours=-2), [], NOW, 60)
    for clock in (None, running_clock, late):
        for line in what_now(clock, {}, ["CRP"], is_scored=False):
            assert not line.text.casefold().startswith(("give", "start", "administer"))


def test_that_all_done_is_said_as_done() -> None:
    stopped = antibiotic_clock(at(hours=-1), [an_antibiotic(given=at(hours=-0.5))], NOW, 60)
    assert all(line.done for line in what_now(stopped, {"systolic": False}, [], is_scored=True))


@pytest.mark.parametrize("minutes", [0, 30, 90])
@pytest.mark.parametrize("rtl", [False, True])
def test_that_the_bar_grows_with_the_time(qtbot: Any, minutes: int, rtl: bool) -> None:
    from PySide6.QtCore import Qt

    face = ClockFace(Theme())
    qtbot.addWidget(face)
    face.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    face.resize(400, face.sizeHint().height())
    face.show_clock(antibiotic_clock(NOW - timedelta(minutes=minutes), [], NOW, 60), NOW, 60)
    picture = face.grab().toImage()
    y = Theme().px(Size.DISPLAY) + SPACE.tight + SPACE.small + 5
    fill = Theme().tier(Tier.EMERGENCY).fill if minutes > 60 else Theme().palette.accent
    filled = [x for x in range(picture.width()) if picture.pixelColor(x, y).name() == fill.lower()]
    share = len(filled) / picture.width()
    assert share == pytest.approx(min(1.0, max(minutes / 60, 0.02)), abs=0.04)
    if 0 < minutes < 60:
        assert (filled[0] > 100) is rtl


def test_that_the_store_keeps_the_pathway(open_form: Open, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    form = open_form("pathway", patient, on=clinic)
    press(form)
    again = open_form("pathway", patient, on=clinic)
    again._flags["anuria"].set_value(True)
    press(again)
    kept = clinic.open_pathway(patient)
    assert kept is not None and kept.flags == {"anuria": True}
    assert Tier.EMERGENCY in {alert.tier for alert in clinic.alerts_of(patient)}


def test_that_the_clock_ticks_on_and_stops_with_the_form(qtbot: Any, open_form: Open, clinic: FakeClinic) -> None:
    running(clinic, 23)
    form = open_form("pathway", "p2")
    clinic.moment += timedelta(minutes=5)
    form._timer.timeout.emit()
    assert "32 of 60 minutes left" in form.face.text()
    timer = form._timer
    form.done(0)
    assert not timer.isActive()


def test_that_an_antibiotic_before_time_zero_is_asked_about_at_once_and_never_passes_without_a_word(
    open_form: Open, clinic: FakeClinic, saved: list[Saved]
) -> None:
    running(clinic, 10)
    form = open_form("pathway", "p2")
    form.antibiotic.setText("cefepime")
    form.given_at.set_value(NOW - timedelta(hours=2))
    assert not form.before.isHidden()
    press(form)
    assert not saved
    assert "before time zero" in form.problem_text()
    assert clinic.pathways["p2"].given_before is None


def test_that_one_that_was_given_before_stops_the_clock_at_nothing(open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    running(clinic, 10)
    form = open_form("pathway", "p2")
    form.antibiotic.setText("cefepime")
    form.given_at.set_value(NOW - timedelta(hours=2))
    form.before.setChecked(True)
    press(form)
    assert saved
    assert clinic.pathways["p2"].given_before == NOW - timedelta(hours=2)
    again = open_form("pathway", "p2")
    assert again.face.text() == "cefepime was given at 07:00, before time zero: 0 minutes."
    assert again.antibiotic.placeholderText() == "written down: cefepime, 07:00"


def test_that_a_time_after_time_zero_is_not_asked_about(open_form: Open, clinic: FakeClinic) -> None:
    running(clinic, 10)
    form = open_form("pathway", "p2")
    form.antibiotic.setText("cefepime")
    form.given_at.set_value(NOW - timedelta(minutes=5))
    assert form.before.isHidden()
