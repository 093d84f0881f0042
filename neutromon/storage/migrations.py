"""From an older store file to this program's schema: verified backup first, then every step in one transaction, or none."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as cipher

from neutromon.models.errors import StoreError
from neutromon.storage import schema
from neutromon.storage.connection import DatabaseError, connect, unit_of_work
from neutromon.storage.errors import not_opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step to `version`: plain SQL that imports nothing of ours and is never edited after its release."""

    version: int
    info: str
    statements: tuple[str, ...]


STEPS: tuple[Step, ...] = (
    Step(
        version=2,
        info="a table for PINs",
        statements=(
            "CREATE TABLE pin ("
            " person TEXT PRIMARY KEY, slot TEXT NOT NULL, par TEXT NOT NULL, salt TEXT NOT NULL, hash TEXT NOT NULL,"
            " wrong INTEGER NOT NULL DEFAULT 0 CHECK (wrong BETWEEN 0 AND 3)) STRICT, WITHOUT ROWID",
        ),
    ),
)
"""Version 1 is the first; its successors are added here, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where the steps lead: the version, and how a fresh file of that version is made."""

    version: int = schema.VERSION
    steps: tuple[Step, ...] = STEPS
    create: Callable[[Any], None] = schema.create


def migrate(path: Path, key: bytes, now: datetime, back_up: Callable[[Path], object], plan: Plan | None = None) -> list[str]:
    """Bring a closed file to the plan's version and return what was done; on any failure the file is as before.

    The caller holds the store's lock. `back_up` makes a verified copy at the path it is given.
    """
    chosen = plan or Plan()
    database = connect(path, key, locked=False)
    try:
        found = int(database.conn.execute("PRAGMA user_version").fetchone()[0])
        due = [step for step in chosen.steps if found < step.version <= chosen.version]
        if [step.version for step in due] != list(range(found + 1, chosen.version + 1)):
            raise StoreError(f"The store has version {found}, which this program cannot bring forward.", "Ask who looks after NeutroMon.")
        back_up(path.parent / "backups" / f"{path.stem}-before-v{chosen.version}-{now:%Y%m%dT%H%M%S}.neutromon")
        database.conn.execute("PRAGMA foreign_keys=OFF")
        with unit_of_work(database) as connection:
            _apply(connection, due, chosen)
        return [step.info for step in due]
    except DatabaseError as error:
        raise not_opened(error) from error
    finally:
        database.conn.close()


def _apply(connection: Any, due: Sequence[Step], plan: Plan) -> None:
    for step in due:
        for statement in step.statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={plan.version}")
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken or fingerprint(connection) != _fresh_fingerprint(plan):
        raise StoreError(
            "The store could not be brought to this program's version.", "Nothing was changed; the old program still opens it."
        )


def fingerprint(connection: Any) -> tuple[tuple[str, str, str], ...]:
    """Return every table, index, trigger and view with its normalised text."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name").fetchall()
    return tuple((kind, name, _normal(sql)) for kind, name, sql in rows)


def _normal(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).replace('"', "").replace("( ", "(").replace(" )", ")").strip()


def _fresh_fingerprint(plan: Plan) -> tuple[tuple[str, str, str], ...]:
    connection = cipher.connect(":memory:", isolation_level=None)
    try:
        plan.create(connection)
        return fingerprint(connection)
    finally:
        connection.close()
