"""A clinic in memory, a real store, and a way to open any form."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from neutromon.services.bulk import load_histories
from neutromon.services.store_admin import close_session, create_store, open_session
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.forms import forms
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.theme import Theme
from tests.builders import NOW, a_nadir_history, a_patient
from tests.ui.fake_clinic import FakeClinic, a_clinic

Open = Callable[..., Any]


@pytest.fixture
def clinic() -> FakeClinic:
    """Return nine synthetic patients in memory."""
    return a_clinic()


@pytest.fixture
def saved() -> list[Saved]:
    """Return what the forms of a test have told."""
    return []


@pytest.fixture
def open_form(qtbot: QtBot, clinic: FakeClinic, saved: list[Saved]) -> Iterator[Open]:
    """Return a function that opens a form; whatever is still open is closed after the test."""
    opened: list[Any] = []

    def opener(name: str, patient_id: str = "", subject_id: str = "", on: Any = None) -> Any:
        form = forms()[name](FormContext(clinic=on or clinic, theme=Theme(), patient_id=patient_id, subject_id=subject_id))
        form.stored.connect(saved.append)
        alive = [True]
        form.destroyed.connect(lambda: alive.clear())
        opened.append((form, alive))
        form.open()
        return form

    yield opener
    for form, alive in opened:
        if alive:
            form.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[SessionClinic, str]]:
    """Return a clinic over a real encrypted store with one patient, and her id."""
    path = tmp_path / "clinic.neutromon"
    moment: list[datetime] = [NOW]
    create_store(path, "N. Urse", "a passphrase for tests", now=NOW)
    session = open_session(path, "N. Urse", "a passphrase for tests", clock=lambda: moment[0])
    patient = load_histories(session, [a_nadir_history(a_patient("T-0001"), cycles=2)])[0]
    yield SessionClinic(session), patient
    close_session(session)
