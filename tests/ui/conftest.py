"""A clinic in memory, a real store behind the window's port, and a way to open any form of the window."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from neutromon.services.session import Session
from neutromon.ui.alerts import forms as alert_forms
from neutromon.ui.care import forms as care_forms
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.forms import forms as entry_forms
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.theme import Theme
from tests.services.a_store import in_nadir, with_patient
from tests.ui.fake_clinic import FakeClinic, a_clinic

Open = Callable[..., Any]


@pytest.fixture
def clinic() -> FakeClinic:
    """Return nine synthetic patients in memory."""
    return a_clinic()


@pytest.fixture
def store(session: Session) -> tuple[SessionClinic, str]:
    """Return a clinic over a real store with one patient who has an early ANC of 0.4, and her id."""
    return SessionClinic(session), with_patient(session, in_nadir())


@pytest.fixture
def saved() -> list[Saved]:
    """Return what the forms of a test have told."""
    return []


@pytest.fixture
def open_form(qtbot: QtBot, clinic: FakeClinic, saved: list[Saved]) -> Iterator[Open]:
    """Return a function that opens a form by its name; whatever is still open is closed after the test."""
    opened: list[Any] = []

    def opener(name: str, patient_id: str = "", subject_id: str = "", on: Any = None) -> Any:
        makers = {**entry_forms(), **alert_forms(), **care_forms()}
        form = makers[name](FormContext(clinic=on or clinic, theme=Theme(), patient_id=patient_id, subject_id=subject_id))
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
