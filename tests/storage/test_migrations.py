"""Bringing an older file forward: wholly new or wholly old, with a verified backup first."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from neutromon.models.errors import StoreError
from neutromon.storage import migrations, schema
from neutromon.storage.connection import connect, unit_of_work
from neutromon.storage.migrations import Plan, Step, migrate
from tests.stores import START

KEY = bytes(range(32))
TABLE = "CREATE TABLE extra (id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT"


def create_next(connection: Any) -> None:
    schema.create(connection)
    connection.execute(TABLE)


def a_plan(*statements: str, version: int = 2) -> Plan:
    return Plan(version=version, steps=(Step(version=2, info="a table more", statements=statements),), create=create_next)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a closed file of version 1 with one link of audit."""
    made = tmp_path / "clinic.neutromon"
    database = connect(made, KEY, mode="rwc", locked=False)
    with unit_of_work(database) as raw:
        schema.create(raw)
        raw.execute("PRAGMA user_version=1")
        raw.execute("INSERT INTO audit VALUES ('s', 1, 'at', 'who', 'what', 'detail', 'p', 'h')")
    database.conn.close()
    return made


def state(path: Path) -> tuple[int, Any, list[Any]]:
    database = connect(path, KEY, locked=False)
    try:
        version = database.conn.execute("PRAGMA user_version").fetchone()[0]
        return version, migrations.fingerprint(database.conn), database.conn.execute("SELECT * FROM audit").fetchall()
    finally:
        database.conn.close()


def noting(backups: list[Path]) -> Callable[[Path], None]:
    return backups.append


def test_that_an_older_file_becomes_like_a_new_one_and_keeps_its_rows(path: Path) -> None:
    backups: list[Path] = []
    before = state(path)
    assert migrate(path, KEY, START, noting(backups), a_plan(TABLE)) == ["a table more"]
    version, shape, rows = state(path)
    assert version == 2
    assert ("table", "extra", TABLE) in shape
    assert rows == before[2]
    assert [made.name for made in backups] == ["clinic-before-v2-20260312T090000.neutromon"]


@pytest.mark.parametrize(
    "statements",
    [(TABLE, "CREATE TABLE more (id TEXT) STRICT"), (), (TABLE.replace("text TEXT NOT NULL", "text TEXT"),)],
    ids=["too much", "too little", "another shape"],
)
def test_that_a_step_that_does_not_lead_to_the_schema_changes_nothing(path: Path, statements: tuple[str, ...]) -> None:
    before = state(path)
    with pytest.raises(StoreError, match="could not be brought"):
        migrate(path, KEY, START, noting([]), a_plan(*statements))
    assert state(path) == before


def test_that_a_step_that_fails_in_the_middle_changes_nothing(path: Path) -> None:
    before = state(path)
    with pytest.raises(StoreError):
        migrate(path, KEY, START, noting([]), a_plan(TABLE, "DELETE FROM audit"))
    assert state(path) == before


def test_that_nothing_begins_where_the_backup_cannot_be_made(path: Path) -> None:
    def refuse(_: Path) -> None:
        raise StoreError("The copy is damaged.")

    before = state(path)
    with pytest.raises(StoreError, match="copy is damaged"):
        migrate(path, KEY, START, refuse, a_plan(TABLE))
    assert state(path) == before


def test_that_a_gap_between_versions_is_told(path: Path) -> None:
    with pytest.raises(StoreError, match="cannot bring forward"):
        migrate(path, KEY, START, noting([]), a_plan(TABLE, version=3))


def test_that_opening_an_older_store_brings_it_forward_and_keeps_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_keys: None
) -> None:
    from neutromon.services.store_admin import close_session
    from tests.stores import make_store, open_at

    path = make_store(tmp_path)
    created = schema.create

    def create_three(connection: Any) -> None:
        created(connection)
        connection.execute(TABLE)

    monkeypatch.setattr(schema, "VERSION", 3)
    planned = Plan(version=3, steps=(Step(version=3, info="more", statements=(TABLE,)),), create=create_three)
    monkeypatch.setattr(migrations, "Plan", lambda: planned)
    close_session(open_at(path))
    close_session(open_at(path))
    assert [made.name for made in sorted((tmp_path / "backups").glob("*.neutromon"))] == ["clinic-before-v3-20260312T090000.neutromon"]
