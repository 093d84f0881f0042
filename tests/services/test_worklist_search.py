"""The filter of a list: it finds a row by what the row shows; the search for a patient goes by who she is."""

import pytest

from neutromon.models.worklist import ListName
from neutromon.services.alerts import set_owner
from neutromon.services.decisions import DayOneDecision, decide_day_one
from neutromon.services.patients import find_patients
from neutromon.services.session import Session
from neutromon.services.worklists import list_size, worklist
from tests.builders import a_patient
from tests.services.a_store import in_nadir, the_alert, with_patient


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient with an urgent alert of nobody, and another one without anything."""
    other = with_patient(session, in_nadir(anc="4.2", patient=a_patient("T-0002", "Second", "Testo")))
    assert other
    return with_patient(session)


def found(s: Session, text: str) -> list[str]:
    return [row.patient_id for row in worklist(s, ListName.ALL, text=text)]


@pytest.mark.parametrize("text", ["urgent", "urgent no_owner", "c1 g4", "0.4", "dringend|urgent", "nothing|urgent"])
def test_that_a_row_is_found_by_what_it_shows(session: Session, patient: str, text: str) -> None:
    assert found(session, text) == [patient]
    assert list_size(session, ListName.ALL, text) == 1


def test_that_owner_and_decision_are_found_as_soon_as_they_are_stored(session: Session, patient: str) -> None:
    set_owner(session, [the_alert(session, patient).id], "Anna Other")
    assert found(session, "anna") == [patient]
    decide_day_one(session, patient, DayOneDecision(decision="defer", days=7, reason="ANC too low"))
    assert found(session, "defer") == [patient]


def test_that_who_answers_for_an_alert_is_no_patient(session: Session, patient: str) -> None:
    set_owner(session, [the_alert(session, patient).id], "Anna Other")
    assert find_patients(session, "anna") == [] and find_patients(session, "urgent") == []
    assert [hit.patient_id for hit in find_patients(session, "t-0001")] == [patient]


@pytest.mark.parametrize("text", ["100%", "_", "|", "a|b|", "\\"])
def test_that_signs_of_the_query_language_are_only_signs(session: Session, patient: str, text: str) -> None:
    assert isinstance(found(session, text), list)
    assert found(session, "urgent%") == []
