"""What is kept of a PIN: bound to its store, person and passphrase, counted, and gone when it is removed; older files get the table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neutromon.models.errors import NotSaved, StoreError
from neutromon.services.session import Session
from neutromon.services.store_admin import check_store, close_session
from neutromon.storage import keys, migrations, opening, pins, restoring, schema
from neutromon.storage.connection import connect, unit_of_work
from neutromon.storage.pins import Pin
from tests.stores import PASSPHRASE, START, USER, make_store, open_at

DIGITS = "402917"
OTHER = "Second Nurse"
FIRST_VERSION = Path(__file__).with_name("version_1.sql")


@pytest.fixture
def kept(session: Session) -> Session:
    """Give a session whose person has a PIN."""
    with session.store.unit() as unit:
        assert not pins.keep(unit, session.store, USER, DIGITS)
    return session


def the_pin(s: Session, person: str = USER) -> Pin:
    found = pins.find(s.store, person)
    assert found is not None
    return found


def tamper(s: Session, **values: object) -> None:
    for name, value in values.items():
        with s.store.unit() as unit:
            unit.execute(f"UPDATE pin SET {name} = ?", (value,))


def test_that_only_the_digits_that_were_set_match(kept: Session) -> None:
    pin = the_pin(kept)
    assert pins.matches(kept.store, pin, DIGITS)
    assert not any(pins.matches(kept.store, pin, typed) for typed in ("", "402918", DIGITS + "0", DIGITS[:-1], " " + DIGITS))


def test_that_neither_the_digits_nor_a_plain_hash_of_them_is_kept(kept: Session) -> None:
    pin = the_pin(kept)
    assert DIGITS not in f"{pin.salt} {pin.hash} {pin.par} {pin.slot}"
    bare = keys.derive(DIGITS, bytes.fromhex(pin.salt), keys.PARAMETERS).hex()
    assert pin.hash != bare and len(bytes.fromhex(pin.hash)) == 32


def test_that_the_same_digits_never_give_the_same_hash(kept: Session) -> None:
    before = the_pin(kept)
    with kept.store.unit() as unit:
        assert pins.keep(unit, kept.store, USER, DIGITS)
    assert before.hash != the_pin(kept).hash and before.salt != the_pin(kept).salt


def test_that_a_pin_costs_what_a_passphrase_costs(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[dict[str, int]] = []

    def derive(_secret: str, _salt: bytes, parameters: dict[str, int]) -> bytes:
        used.append(parameters)
        return bytes(32)

    monkeypatch.setattr(keys, "PARAMETERS", {"m": 65536, "t": 3, "p": 4})
    monkeypatch.setattr(keys, "derive", derive)
    with session.store.unit() as unit:
        pins.keep(unit, session.store, USER, DIGITS)
    assert used == [{"m": 65536, "t": 3, "p": 4}]


@pytest.mark.parametrize(
    "changed",
    [
        {"hash": "00" * 32},
        {"hash": "µ"},
        {"hash": ""},
        {"salt": "11" * 16},
        {"salt": "no hexadecimal"},
        {"salt": ""},
        {"par": '{"m": 8, "p": 1, "t": 1}'},
        {"par": '{"m": -1, "p": 1, "t": 1}'},
        {"par": '{"m": 1e400, "p": 1, "t": 1}'},
        {"par": '{"m": 123456789012345678901234567890, "p": 1, "t": 1}'},
        {"par": "{}"},
        {"par": "[]"},
        {"par": "no JSON"},
    ],
    ids=str,
)
def test_that_a_damaged_record_fits_no_digits_and_raises_nothing(kept: Session, changed: dict[str, str]) -> None:
    tamper(kept, **changed)
    assert not pins.matches(kept.store, the_pin(kept), DIGITS)


def test_that_a_record_copied_to_another_person_fits_nothing(kept: Session) -> None:
    opening.change_passphrase(kept.store, OTHER, "another synthetic passphrase")
    tamper(kept, person=OTHER)
    assert pins.find(kept.store, OTHER) is None
    tamper(kept, slot=pins.slots_of(kept.store)[OTHER])
    assert not pins.matches(kept.store, the_pin(kept, OTHER), DIGITS)


def test_that_a_record_of_another_store_fits_nothing(kept: Session) -> None:
    pin = the_pin(kept)
    kept.store.store_id = "another store"
    assert not pins.matches(kept.store, pin, DIGITS)


def test_that_a_new_passphrase_leaves_no_pin_whoever_made_it(kept: Session) -> None:
    assert pins.holders(kept.store) == {USER}
    opening.change_passphrase(kept.store, USER, "a passphrase made beside the services")
    assert pins.find(kept.store, USER) is None and not pins.holders(kept.store)


def test_that_without_the_key_file_nobody_has_a_pin(kept: Session) -> None:
    keys.slot_path(kept.store.path).unlink()
    assert pins.find(kept.store, USER) is None and not pins.holders(kept.store)


def test_that_tries_are_counted_to_three_and_never_past(kept: Session) -> None:
    for left in (3, 2, 1, 0, 0):
        assert the_pin(kept).tries_left == left
        with kept.store.unit() as unit:
            pins.count_try(unit, USER)
    with kept.store.unit() as unit:
        pins.forgive(unit, USER)
    assert the_pin(kept).tries_left == 3


@pytest.mark.parametrize("wrong", [-1, 4])
def test_that_the_table_itself_refuses_a_count_that_cannot_be(kept: Session, wrong: int) -> None:
    with pytest.raises(NotSaved):
        tamper(kept, wrong=wrong)


def test_that_a_removed_pin_leaves_no_row(kept: Session) -> None:
    with kept.store.unit() as unit:
        assert pins.drop(unit, USER)
        assert not pins.drop(unit, USER)
    assert kept.store.rows("SELECT count(*) FROM pin") == [(0,)]


def test_that_nothing_of_a_pin_is_in_the_log_of_facts_or_in_the_trail(kept: Session) -> None:
    pin = the_pin(kept)
    written = repr(kept.store.rows("SELECT * FROM fact")) + repr(kept.store.rows("SELECT * FROM audit"))
    assert not any(part in written for part in (DIGITS, pin.hash, pin.salt))


# files of the version before
@pytest.fixture
def older(tmp_path: Path, quick_keys: None) -> Path:
    """Give a store as version 1 made it: its tables as they stood in its files, with a key file and one link of audit."""
    path = make_store(tmp_path, "older")
    store_id, slots = keys.read_slots(path)
    key = keys.open_slot(store_id, slots[USER], USER, PASSPHRASE)
    made = tmp_path / "clinic.neutromon"
    database = connect(made, key, mode="rwc", locked=False)
    with unit_of_work(database) as raw:
        for statement in schema.split("\n".join(FIRST_VERSION.read_text(encoding="utf-8").splitlines()[1:])):
            raw.execute(statement)
        for name, value in {"store_id": store_id, "station": "ws-1", "created": START.isoformat()}.items():
            raw.execute("INSERT INTO meta VALUES (?, ?)", (name, value))
        raw.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
        raw.execute("PRAGMA user_version=1")
    database.conn.close()
    keys.write_slots(made, store_id, slots)
    return made


def read_only(path: Path, key: bytes, sql: str) -> Any:
    database = connect(path, key, locked=False)
    try:
        return database.conn.execute(sql).fetchall()
    finally:
        database.conn.close()


@pytest.fixture
def brought_forward(older: Path) -> Iterator[Session]:
    opened = open_at(older)
    yield opened
    close_session(opened)


def test_that_a_store_of_the_first_version_opens_takes_a_pin_and_passes_every_check(brought_forward: Session) -> None:
    with brought_forward.store.unit() as unit:
        pins.keep(unit, brought_forward.store, USER, DIGITS)
    assert pins.matches(brought_forward.store, the_pin(brought_forward), DIGITS)
    report = check_store(brought_forward)
    assert report.ok and "version 2" in [check.text for check in report.checks]
    fingerprint = migrations.fingerprint(brought_forward.store.database.conn)
    assert ("table", "pin") in [(kind, name) for kind, name, _ in fingerprint]


def test_that_the_backup_before_the_step_is_of_the_first_version_and_can_be_restored(brought_forward: Session, tmp_path: Path) -> None:
    (backup,) = (tmp_path / "backups").glob("*-before-v2-*.neutromon")
    key = brought_forward.store.key
    assert read_only(backup, key, "PRAGMA user_version") == [(1,)]
    assert "pin" not in opening.verify(backup, key)
    target = tmp_path / "again.neutromon"
    keys.write_slots(target, *keys.read_slots(backup))
    restoring.put_in_place(backup, target, key, START, by=USER, present=key)
    again = open_at(target)
    assert pins.find(again.store, USER) is None
    close_session(again)


def test_that_a_file_of_this_version_without_the_table_is_damaged(session: Session, tmp_path: Path) -> None:
    copy = opening.back_up(session.store, tmp_path / "copy.neutromon")
    read_only(copy, session.store.key, "DROP TABLE pin")
    with pytest.raises(StoreError, match="copy is damaged"):
        opening.verify(copy, session.store.key)


@pytest.mark.parametrize(("version", "has_it"), [(0, False), (1, False), (2, True), (3, True)])
def test_that_the_table_is_asked_for_from_the_second_version_on(version: int, has_it: bool) -> None:
    assert ("pin" in schema.tables(version)) is has_it
    assert schema.tables(version) >= {"fact", "audit", "meta"}
