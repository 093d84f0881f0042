"""The one connection: encrypted, every pragma read back, append-only at three levels."""

from pathlib import Path
from typing import Any

import pytest

from neutromon.services.session import Session
from neutromon.storage import connection as room
from neutromon.storage import schema
from neutromon.storage.connection import DatabaseError, connect, unit_of_work

KEY = bytes(range(32))
LOGS = frozenset(schema.LOGS)
ROW = "'f1', 'f1', 'p1', 'note', 1, NULL, NULL, 0, 'at', 'who', 's', '{body}'"


@pytest.fixture
def database(tmp_path: Path) -> Any:
    """Give an open, locked connection on a new file with every table."""
    path = tmp_path / "O'Brien #1 store.db"
    made = connect(path, KEY, mode="rwc", locked=False)
    with unit_of_work(made) as raw:
        schema.create(raw)
        raw.execute("INSERT INTO audit VALUES ('s', 1, 'at', 'who', 'what', 'detail', 'p', 'h')")
        raw.execute(
            "INSERT INTO fact VALUES ('f1', 'f1', 'p1', 'note', 1, NULL, NULL, 0, 'at', 'who', 's', '{\"text\":\"MARKER-SYNTHETIC\"}')"
        )
    made.conn.close()
    opened = connect(path, KEY, LOGS)
    yield opened
    opened.conn.close()


def test_that_every_pragma_is_as_wanted(database: Any) -> None:
    read = {name: database.conn.execute(f"PRAGMA {name}").fetchone() for name in room.PRAGMAS}
    assert {name: row[0] for name, row in read.items() if row} == room.PRAGMAS | {"journal_mode": "wal"}
    assert database.conn.execute("PRAGMA temp_store").fetchone()[0] != 1


def test_that_sqlite_is_new_enough_to_lack_the_wal_reset_bug() -> None:
    assert room.cipher.sqlite_version_info >= (3, 51, 3)


def test_that_a_missing_file_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError):
        connect(tmp_path / "none.db", KEY)
    assert not (tmp_path / "none.db").exists()


def test_that_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        connect(tmp_path / "short.db", b"short", mode="rwc")


def test_that_nothing_reaches_the_disk_in_clear(database: Any, tmp_path: Path) -> None:
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm"))
    assert b"MARKER-SYNTHETIC" not in written
    assert not written.startswith(b"SQLite format 3")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fact SET body = '{}'",
        "DELETE FROM fact",
        f"INSERT OR REPLACE INTO fact VALUES ({ROW.format(body='x')})",
        "INSERT OR REPLACE INTO audit VALUES ('s', 1, 'at', 'other', 'what', 'detail', 'p', 'h')",
        f"INSERT INTO fact VALUES ({ROW.format(body='x')}) ON CONFLICT DO UPDATE SET body = 'x'",
        "DROP TABLE fact",
        "DROP TRIGGER fact_no_update",
        "ALTER TABLE fact ADD COLUMN more TEXT",
        "CREATE TABLE facts (id TEXT)",
        "CREATE TRIGGER quiet BEFORE INSERT ON fact BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TEMP TABLE fact (id TEXT)",
        "ATTACH DATABASE ':memory:' AS other",
        "PRAGMA synchronous=OFF",
        "PRAGMA recursive_triggers=OFF",
        "PRAGMA writable_schema=ON",
        "PRAGMA rekey='other'",
        "VACUUM",
    ],
)
def test_that_the_everyday_connection_refuses_to_change_the_past(database: Any, statement: str) -> None:
    with pytest.raises(DatabaseError):
        database.conn.execute(statement)
    assert database.conn.execute("SELECT who FROM audit").fetchall() == [("who",)]
    assert "MARKER" in database.conn.execute("SELECT body FROM fact").fetchone()[0]


def test_that_a_mistyped_table_name_makes_no_table(database: Any) -> None:
    with pytest.raises(DatabaseError):
        database.utils["fcat"].insert({"id": "1"})
    there = {row[0] for row in database.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    assert there == schema.tables()


def test_that_a_query_that_inserts_does_not_leave_a_transaction_open(database: Any) -> None:
    rows = list(database.utils.query("INSERT INTO draft VALUES ('p', 'count', 'at', '{}') RETURNING kind"))
    assert rows == [{"kind": "count"}]
    assert not database.conn.in_transaction


def test_that_an_error_inside_a_unit_throws_all_of_it_away(database: Any) -> None:
    with pytest.raises(DatabaseError), unit_of_work(database) as raw:
        raw.execute("INSERT INTO draft VALUES ('p', 'count', 'at', '{}')")
        raw.execute("INSERT INTO draft VALUES ('p', 'count', 'at', '{}')")
    assert database.conn.execute("SELECT count(*) FROM draft").fetchone() == (0,)


def test_that_a_unit_tells_when_the_database_rolled_back_by_itself(database: Any) -> None:
    with pytest.raises(RuntimeError, match="rolled back"), unit_of_work(database) as raw:
        raw.execute("INSERT INTO draft VALUES ('p', 'count', 'at', '{}')")
        raw.execute("ROLLBACK")
    assert database.conn.execute("SELECT count(*) FROM draft").fetchone() == (0,)


def test_that_two_corrections_of_one_record_are_both_current(session: Session) -> None:
    with session.store.unit() as unit:
        unit.add_fact(fact_id="a", patient="p", kind="note", at="1", author="x", body={})
        for name in ("b", "c"):
            unit.add_fact(fact_id=name, patient="p", kind="note", at="2", author="x", body={}, root="a", supersedes="a", reason="r")
    assert session.store.rows("SELECT id FROM current_fact ORDER BY id") == [("b",), ("c",)]


def test_that_a_correction_without_a_reason_is_refused(session: Session) -> None:
    from neutromon.models.errors import NotSaved

    with pytest.raises(NotSaved, match=r"^Not saved\."), session.store.unit() as unit:
        unit.add_fact(fact_id="b", patient="p", kind="note", at="2", author="x", body={}, root="a", supersedes="a")


def test_that_a_driver_without_a_cipher_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    monkeypatch.setattr(room.cipher, "connect", sqlite3.connect)
    with pytest.raises(RuntimeError, match="not SQLCipher"):
        connect(tmp_path / "plain.db", KEY, mode="rwc")


def test_that_a_pragma_that_does_not_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(room.PRAGMAS, "synchronous", 9)
    with pytest.raises(RuntimeError, match="synchronous is"):
        connect(tmp_path / "other.db", KEY, mode="rwc")


def test_that_temporary_tables_on_disk_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(room.PRAGMAS, "temp_store", 1)
    with pytest.raises(RuntimeError, match="in clear"):
        connect(tmp_path / "leaky.db", KEY, mode="rwc")
