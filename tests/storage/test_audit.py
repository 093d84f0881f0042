"""The audit chain tells where somebody changed the past."""

from dataclasses import replace

import pytest

from neutromon.services.session import Session
from neutromon.storage.audit import START, AuditEntry, Trail, first_break, link_hash


def chain(length: int = 5, station: str = "ws-1") -> list[AuditEntry]:
    made, prev = [], START
    for seq in range(1, length + 1):
        parts = (station, seq, f"2026-03-12T09:0{seq}", "ann", "count added", f'{{"record":"{seq}"}}', prev)
        prev = link_hash(*parts)
        names = ("station", "seq", "at", "who", "what", "detail", "prev")
        made.append(AuditEntry(**dict(zip(names, parts, strict=True)), hash=prev))
    return made


def test_that_an_untouched_chain_of_two_stations_holds() -> None:
    assert first_break([*chain(), *chain(3, "ws-2")]) == ""
    assert Trail(entries=(), problem="").verified


@pytest.mark.parametrize("column", ["at", "who", "what", "detail", "prev", "hash"])
def test_that_an_edited_link_is_found(column: str) -> None:
    links = chain()
    links[2] = replace(links[2], **{column: "edited"})
    assert first_break(links) == "broken at ws-1 3"


def test_that_a_missing_link_is_found() -> None:
    links = chain()
    del links[1]
    assert first_break(links) == "broken at ws-1 3"


def test_that_every_write_and_every_view_leaves_a_link_without_a_name(session: Session) -> None:
    from neutromon.services.patients import add_patient, view_patient
    from tests.builders import a_patient

    patient = add_patient(session, a_patient(family="Madeupname")).value
    view_patient(session, patient)
    entries = session.store.trail().entries
    assert [entry.what for entry in entries] == ["signed in", "patient added", "patient viewed"]
    assert session.store.trail().verified
    assert "Madeupname" not in str([entry.as_dict() for entry in entries])
    assert "patient viewed" in entries[-1].line
