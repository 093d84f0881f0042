"""Drafts: kept in the store, by patient and kind, until they are dropped."""

from neutromon.services.drafts import drop_draft, load_draft, save_draft
from neutromon.services.session import Session
from tests.stores import open_at


def test_that_a_draft_is_there_until_it_is_dropped(session: Session) -> None:
    save_draft(session, "p1", "triage", {"celsius": "38.4"})
    assert load_draft(session, "p1", "triage") == {"celsius": "38.4"}
    drop_draft(session, "p1", "triage")
    assert load_draft(session, "p1", "triage") is None


def test_that_a_draft_belongs_to_its_patient_and_its_form(session: Session) -> None:
    save_draft(session, "p1", "triage", {"celsius": "38.4"})
    assert load_draft(session, "p2", "triage") is None
    assert load_draft(session, "p1", "count") is None


def test_that_the_newer_draft_replaces_the_older(session: Session) -> None:
    save_draft(session, "p1", "triage", {"celsius": "3"})
    save_draft(session, "p1", "triage", {"celsius": "38.4"})
    assert load_draft(session, "p1", "triage") == {"celsius": "38.4"}


def test_that_a_draft_outlives_the_session(session: Session) -> None:
    save_draft(session, "p1", "triage", {"note": "begun"})
    path = session.store.path
    session.store.close()
    again = open_at(path)
    session.store = again.store
    assert load_draft(session, "p1", "triage") == {"note": "begun"}
