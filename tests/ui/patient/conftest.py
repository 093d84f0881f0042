"""The patient page over the clinic in memory and over a real store."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from neutromon.models.protocol import Protocol
from neutromon.services.bulk import load_histories
from neutromon.services.store_admin import close_session, create_store, open_session
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.patient.page import PatientPage
from neutromon.ui.theme import Theme
from tests.builders import NOW, a_nadir_history, a_patient
from tests.ui.fake_clinic import FakeClinic, a_clinic

Open = Callable[..., PatientPage]


@pytest.fixture
def clinic() -> FakeClinic:
    """Return nine patients whose clinic has the forecast switched off; the forecast has tests of its own."""
    return a_clinic(protocol=Protocol(forecast=False))


@pytest.fixture
def notifier(qtbot: QtBot) -> ChangeNotifier:
    return ChangeNotifier()


@pytest.fixture
def open_page(qtbot: QtBot, clinic: FakeClinic, notifier: ChangeNotifier) -> Iterator[Open]:
    """Return a function that shows a patient; what is stored is announced, as the window does."""
    made: list[PatientPage] = []

    def opener(patient_id: str, tab: int = 0, on: Any = None) -> PatientPage:
        page = PatientPage(on or clinic, Theme(), notifier)
        qtbot.addWidget(page)
        page.stored.connect(lambda saved: notifier.announce(saved.changes))
        page.resize(1086, 640)
        page.show()
        page.show_patient(patient_id)
        page.tabs.setCurrentIndex(tab)
        made.append(page)
        return page

    yield opener
    for page in made:
        page.leave()
        page.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[SessionClinic, str]]:
    """Return a clinic over a real encrypted store with one patient, and her id."""
    path = tmp_path / "clinic.neutromon"
    create_store(path, "N. Urse", "a passphrase for tests", now=NOW)
    session = open_session(path, "N. Urse", "a passphrase for tests", clock=lambda: NOW)
    session.protocol = Protocol(forecast=False)
    patient = load_histories(session, [a_nadir_history(a_patient("T-0001"), cycles=2)])[0]
    yield SessionClinic(session), patient
    close_session(session)
