"""A real encrypted store with a nadir course, for the forms that write."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from neutromon.services.bulk import load_histories
from neutromon.services.store_admin import close_session, create_store, open_session
from neutromon.ui.clinic import SessionClinic
from tests.builders import NOW, a_nadir_history, a_patient


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
