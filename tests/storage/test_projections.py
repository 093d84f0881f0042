"""What is read from projections: folded search, sorted lists, drafts, settings, messages."""

from typing import Any

import pytest

from neutromon.services.session import Session
from neutromon.storage import worklist_table as table
from neutromon.storage.connection import connect


def put(session: Session, patient: str, name: str, **changes: Any) -> None:
    known: dict[str, Any] = {
        "patient": patient,
        "name": name,
        "mrn": f"T-{patient}",
        "birth": None,
        "tier": table.NO_ALERT,
        "anc": None,
        "count_at": None,
        "next_day1": None,
        "regimen": "",
        "cycle_day": None,
        "lists": frozenset(),
        "check_at": None,
        "body": {"name": name},
    }
    with session.store.unit() as unit:
        table.put(unit, table.WorklistRecord(**(known | changes)))


def names(session: Session, text: str = "", order: str = "name", name: str = "all", **changes: Any) -> list[str]:
    wanted = {"descending": False, "limit": 100, "offset": 0} | changes
    return [str(body["name"]) for body in table.read(session.store, name, text, order, **wanted)]


@pytest.mark.parametrize(
    ("typed", "stored"), [("istanbul", "İSTANBUL Test"), ("müller", "MÜLLER Testa"), ("muller", "Müller Testa"), ("strasse", "Straße")]
)
def test_that_search_is_blind_to_case_and_accents(session: Session, typed: str, stored: str) -> None:
    put(session, "1", stored)
    assert names(session, typed) == [stored]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "100%", "' OR 1=1 --"])
def test_that_signs_of_the_query_language_are_only_signs(session: Session, typed: str) -> None:
    put(session, "1", "Testa Example")
    assert names(session, typed) == []
    put(session, "2", f"Odd {typed} name")
    assert names(session, typed) == [f"Odd {typed} name"]


def test_that_every_word_must_be_found_in_any_order(session: Session) -> None:
    put(session, "1", "Example, Testa", regimen="R-CHOP-21")
    put(session, "2", "Example, Other")
    assert names(session, "testa chop exam") == ["Example, Testa"]


def test_that_the_worst_alert_stands_first_then_the_lowest_count_and_unknown_last(session: Session) -> None:
    put(session, "1", "calm", anc=3.0)
    put(session, "2", "unknown")
    put(session, "3", "urgent", tier=2, anc=0.4)
    put(session, "4", "emergency", tier=1)
    put(session, "5", "low", anc=1.2)
    assert names(session, order="urgency") == ["emergency", "urgent", "low", "calm", "unknown"]


def test_that_an_order_nobody_knows_falls_back_to_urgency(session: Session) -> None:
    put(session, "1", "b", tier=2)
    put(session, "2", "a")
    assert names(session, order="body; DROP TABLE worklist") == ["b", "a"]


def test_that_pages_and_descending_order_hold_each_row_once(session: Session) -> None:
    for number in range(7):
        put(session, str(number), f"n{number}", anc=float(number))
    pages = [names(session, order="anc", descending=True, limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(name for page in pages for name in page) == [f"n{number}" for number in range(7)]


def test_that_lists_counts_due_and_tiers_follow_the_rows(session: Session) -> None:
    put(session, "1", "a", lists=frozenset({"today", "alerts"}), check_at="2026-03-12T00:00")
    put(session, "2", "b", lists=frozenset({"today"}), check_at="2026-03-13T00:00")
    assert (table.count(session.store, "today"), table.count(session.store, "alerts"), table.count(session.store, "all", "b")) == (2, 1, 1)
    assert table.due(session.store, "2026-03-12T12:00") == ["1"]
    with session.store.unit() as unit:
        table.set_live_alerts(unit, "1", [("x", 2, "t2", "Ann"), ("y", 1, "t1", "")])
        table.set_live_alerts(unit, "2", [("z", 2, "t0", "")])
    assert table.tier_counts(session.store) == {1: 1, 2: 2}
    assert table.live_alert_patients(session.store) == ["1", "2"]


def test_that_the_lists_are_counted_again_after_any_write_and_only_then(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    store = session.store
    put(session, "1", "a", lists=frozenset({"today"}))
    assert (table.counts(store)["today"], table.counts(store)["all"]) == (1, 1)
    asked: list[str] = []
    plain = store.rows
    monkeypatch.setattr(store, "rows", lambda sql, parameters=(): (asked.append(sql), plain(sql, parameters))[1])
    assert table.counts(store)["today"] == 1
    assert not [sql for sql in asked if "worklist" in sql]
    put(session, "2", "b", lists=frozenset({"today"}))
    assert table.counts(store)["today"] == 2


def test_that_the_lists_are_counted_again_after_a_write_of_another_connection(session: Session) -> None:
    put(session, "1", "a", lists=frozenset({"today"}))
    assert table.counts(session.store)["today"] == 1
    other = connect(session.store.path, session.store.key)
    try:
        other.conn.execute("UPDATE worklist SET today = 0")
    finally:
        other.conn.close()
    assert table.counts(session.store)["today"] == 0


def test_that_a_count_of_what_was_thrown_away_is_not_kept(session: Session) -> None:
    put(session, "1", "a", lists=frozenset({"today"}))
    with pytest.raises(ZeroDivisionError), session.store.unit() as unit:
        unit.execute("UPDATE worklist SET today = 0")
        assert table.counts(session.store)["today"] == 0
        raise ZeroDivisionError
    assert table.counts(session.store)["today"] == 1


def test_that_drafts_and_settings_are_renewed_and_dropped(session: Session) -> None:
    with session.store.unit() as unit:
        unit.set_draft("p", "count", "t", {"wbc": "3."})
        unit.set_draft("p", "count", "t", {"wbc": "3.5"})
        unit.set_meta("last_backup", "a")
        unit.set_meta("last_backup", "b")
    assert session.store.drafts("p") == {"count": {"wbc": "3.5"}}
    assert session.store.meta("last_backup") == "b"
    assert session.store.meta("none") is None
    with session.store.unit() as unit:
        unit.set_draft("p", "count", "t", None)
    assert session.store.drafts("p") == {}


def test_that_a_message_is_kept_byte_for_byte(session: Session) -> None:
    content = bytes(range(256))
    with session.store.unit() as unit:
        unit.add_message("m1", "digest", "at", "ann", "file.hl7", "hl7", content, "{}")
    assert session.store.message_content("m1") == content
    assert session.store.message_content("m2") is None
    assert list(session.store.messages_with(["digest", "other"])) == ["digest"]
    assert session.store.messages_with([]) == {}


def test_that_identifiers_find_their_patient_with_and_without_authority(session: Session) -> None:
    with session.store.unit() as unit:
        unit.set_identifiers("p1", [("0012345", "lab a"), ("0012345", "lab a"), ("9", "")])
        unit.set_identifiers("p2", [("0012345", "lab b")])
    assert session.store.patients_with_identifier("0012345") == ["p1", "p2"]
    assert session.store.patients_with_identifier("0012345", "lab b") == ["p2"]
    assert session.store.patients_with_identifier("12345") == []
    assert session.store.patient_of_alert("none") is None
