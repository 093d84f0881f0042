"""A pathway that runs is in sight: on the patient page with its clock, and in the strip beside the worst alert."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from neutromon.models.care import Pathway
from neutromon.models.history import Antibiotic
from neutromon.ui.alert_strip import worst_line
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.pathway_clock import pathway_line
from neutromon.ui.patient.page import PatientPage
from neutromon.ui.theme import Theme
from tests.ui.fake_clinic import FakeClinic

RUNS = timedelta(minutes=23)


@pytest.fixture
def page(qtbot: QtBot, clinic: FakeClinic) -> PatientPage:
    """Return the patient page over the clinic in memory."""
    made = PatientPage(clinic, Theme(), ChangeNotifier())
    qtbot.addWidget(made)
    return made


@pytest.fixture
def running(clinic: FakeClinic) -> FakeClinic:
    """Return the clinic with a pathway of 23 minutes for p2."""
    clinic.pathways["p2"] = Pathway(id="way", time_zero=clinic.now() - RUNS)
    return clinic


def test_that_a_running_pathway_stands_first_with_its_clock(page: PatientPage, running: FakeClinic) -> None:
    page.show_patient("p2")
    card = page.context.pathway
    assert not card.isHidden()
    assert card.number.text() == "00:23"
    assert card.words.text() == "37 of 60 minutes left; no antibiotic is written down."
    asked: list[tuple[str, str, str]] = []
    page.form_requested.connect(lambda *told: asked.append(told))
    page.findChild(QPushButton, "card_pathway_open").click()
    assert asked == [("pathway", "p2", "")]


def test_that_the_clock_goes_on_while_the_page_is_open(page: PatientPage, running: FakeClinic, monkeypatch: pytest.MonkeyPatch) -> None:
    page.show_patient("p2")
    later = running.now() + timedelta(minutes=40)
    monkeypatch.setattr(running, "now", lambda: later)
    page.context.pathway.tick()
    assert page.context.pathway.number.text() == "01:03"
    assert "3 minutes over the 60 minutes" in page.context.pathway.words.text()


def test_that_nobody_elses_pathway_stays_in_sight(page: PatientPage, running: FakeClinic) -> None:
    page.show_patient("p2")
    page.show_patient("p3")
    assert page.context.pathway.isHidden()
    page.show_patient("p2")
    page.leave()
    assert page.context.pathway.isHidden()
    assert page.context.pathway.number.text() == ""


def test_that_the_strip_tells_the_pathway_of_the_worst_alert(running: FakeClinic) -> None:
    now = running.now()
    rows = [row for row in running.open_alerts() if row.alert.patient_id == "p2"]
    _, line = worst_line(rows, now, lambda patient: pathway_line(running, patient, now))
    assert "Pathway 00:23, no antibiotic yet" in line
    given = Antibiotic(name="piperacillin-tazobactam", given_at=now - timedelta(minutes=3), purpose="treatment")
    running.histories["p2"] = replace(running.histories["p2"], antibiotics=(given,))
    assert pathway_line(running, "p2", now) == "Pathway: antibiotic after 00:20"
    assert pathway_line(running, "p3", now) == ""
