"""Make, open, check, back up, restore and re-key a store file."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from neutromon.models.errors import NotSaved, StoreError
from neutromon.storage import keys, schema
from neutromon.storage.connection import DatabaseError, connect, unit_of_work
from neutromon.storage.errors import not_opened
from neutromon.storage.ids import uuid7
from neutromon.storage.place import StoreLock, refuse_shared_place, sync_folder
from neutromon.storage.store import Store

LOGS = frozenset(schema.LOGS)
PAGE_BYTES = 4096
NO_STORE = StoreError("The file is empty or no store of NeutroMon.", "Restore the last backup; this file is kept as it is.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What is told once when a store is made."""

    store_id: str
    recovery_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of a store."""

    name: str
    ok: bool
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return the check as JSON."""
        return {"name": self.name, "ok": self.ok, "text": self.text}


def create(path: Path, user: str, passphrase: str, now: datetime, station: str, *, key_cost: Mapping[str, int] | None = None) -> Created:
    """Make a new store with its first user; raise where a file is there, the place is shared, or the disk is full."""
    if path.exists() or keys.slot_path(path).exists():
        raise StoreError(f"There is already a store at {path}.", "Open it, or choose another path.")
    keys.check_passphrase(passphrase)
    make_folder(path.parent)
    refuse_shared_place(path)
    key = keys.new_key()
    store_id = uuid7(int(now.timestamp() * 1000), int.from_bytes(os.urandom(9)))
    slot = keys.make_slot(store_id, user, passphrase, key, cost=key_cost)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    try:
        database = connect(part, key, mode="rwc", locked=False)
        try:
            with unit_of_work(database) as connection:
                schema.create(connection)
                for name, value in {"store_id": store_id, "station": station, "created": now.isoformat()}.items():
                    connection.execute("INSERT INTO meta VALUES (?, ?)", (name, value))
                connection.execute("INSERT INTO meta VALUES (?, ?)", (f"person:{user}", slot["person"]["public"]))
            database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            database.conn.close()
        keys.write_slots(path, store_id, {user: slot})
        os.replace(part, path)
        sync_folder(path.parent)
    except (DatabaseError, OSError) as error:
        _remove(part)
        keys.slot_path(path).unlink(missing_ok=True)
        raise not_opened(error) from error
    return Created(store_id=store_id, recovery_key=keys.recovery_sheet(key))


def make_folder(folder: Path) -> None:
    """Make a folder for a store or a backup."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be made: {error.strerror}.", "Choose another place.") from None


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def open_store(path: Path, user: str, passphrase: str, now: datetime) -> Store:
    """Open a store for one person, brought to this program's version; raise StoreError with one sentence where it cannot be opened."""
    if not path.exists():
        raise StoreError(f"There is no store at {path}.", "Make one with `neutromon store create`, or start the window.")
    if not os.access(path, os.R_OK | os.W_OK):
        raise StoreError(f"The store {path} cannot be read or written.", "Check your rights to the file and its folder.")
    refuse_shared_place(path)
    if path.stat().st_size < PAGE_BYTES:  # SQLite would take a shorter file for a new, empty database and write to it
        raise NO_STORE
    store_id, slots = keys.read_slots(path)
    name = keys.name_of(slots, user)
    key, is_next = keys.open_either(store_id, slots.get(name), name, passphrase, lambda key: opens(path, key))
    store = _open(path, key, store_id, now)
    if any("next" in slot for slot in slots.values()):
        keys.settle(path, store_id, slots, to_next=is_next)
    return store


def name_in(path: Path, typed: str) -> str:
    """Return how a person who typed her name is written beside a store; what was typed where its key file cannot be read."""
    try:
        return keys.name_of(keys.read_slots(path)[1], typed)
    except StoreError:
        return typed


def open_with_key(path: Path, key: bytes, now: datetime) -> Store:
    """Open a store with its data key, for the recovery sheet; the store's id comes from the file itself."""
    refuse_shared_place(path)
    database = connect(path, key, LOGS)
    try:
        store_id = str(database.conn.execute("SELECT value FROM meta WHERE key = 'store_id'").fetchone()[0])
    finally:
        database.conn.close()
    return _open(path, key, store_id, now)


def opens(path: Path, key: bytes) -> bool:
    """Return whether a key opens a file."""
    try:
        database = connect(path, key, LOGS)
    except (DatabaseError, RuntimeError):
        return False
    try:
        database.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except DatabaseError:
        return False
    finally:
        database.conn.close()
    return True


def _open(path: Path, key: bytes, store_id: str, now: datetime) -> Store:
    lock = StoreLock(path)
    lock.take()
    try:
        database, station = _connected(path, key, now)
    except (DatabaseError, OSError, RuntimeError) as error:
        lock.release()
        raise not_opened(error) from error
    except BaseException:
        lock.release()
        raise
    return Store(path, database, key, lock, store_id, station)


def _connected(path: Path, key: bytes, now: datetime) -> tuple[Any, str]:
    """Return the connection to a file of this program's version, brought to it if need be, and the workstation's id."""
    database = connect(path, key, LOGS)
    try:
        if _version(database) == schema.VERSION:
            _check_tables(database)
            return database, database.conn.execute("SELECT value FROM meta WHERE key = 'station'").fetchone()[0]
    except BaseException:
        database.conn.close()
        raise
    database.conn.close()
    from neutromon.storage.migrations import migrate  # nearly every file is of this version

    migrate(path, key, now, lambda target: copy(path, key, target))
    return _connected(path, key, now)


def _version(database: Any) -> int:
    """Return the schema version of an open file; raise StoreError for a newer one and for a file that is no store."""
    version = int(database.conn.execute("PRAGMA user_version").fetchone()[0])
    application = database.conn.execute("PRAGMA application_id").fetchone()[0]
    if application != schema.APPLICATION_ID or version < 1:
        raise NO_STORE
    if version > schema.VERSION:
        raise StoreError("The store was made by a newer NeutroMon.", "Install the newer program; this one changes nothing.")
    return version


def _check_tables(database: Any) -> None:
    there = {row[0] for row in database.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    if not schema.tables() <= there:
        raise StoreError("The store is not complete: tables are missing.", "Restore the last backup; this file is kept as it is.")


def check(store: Store) -> list[Check]:
    """Return every check of an open store: integrity, page seals, foreign keys, tables, audit chain."""
    connection = store.database.conn
    integrity = connection.execute("PRAGMA integrity_check").fetchall()
    found = [Check(name="integrity", ok=integrity == [("ok",)], text=str(integrity[0][0])[:200])]
    foreign = connection.execute("PRAGMA foreign_key_check").fetchall()
    found.append(Check(name="foreign keys", ok=not foreign, text=f"{len(foreign)} broken"))
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    missing = schema.tables() - there
    found.append(Check(name="schema", ok=not missing, text=f"version {schema.VERSION}" if not missing else f"missing {sorted(missing)}"))
    trail = store.trail()
    text = f"{len(trail.entries)} links hold" if trail.verified else trail.problem
    found.append(Check(name="audit chain", ok=trail.verified, text=text))
    return found


def back_up(store: Store, target: Path) -> Path:
    """Copy an open store with its slots, verify the copy by opening it, and return its path."""
    return copy(store.path, store.key, target)


def copy(path: Path, key: bytes, target: Path) -> Path:
    """Copy a store with its slots to a new place; a copy that does not verify never takes the place of an older one."""
    make_folder(target.parent)
    part = target.with_name(target.name + ".part")
    _remove(part)
    try:
        _copy_pages(path, key, part)
        verify(part, key)
        _remove_side_files(part)
        os.replace(part, target)
        shutil.copyfile(keys.slot_path(path), keys.slot_path(target))
        sync_folder(target.parent)
    except StoreError:
        _remove(part)
        raise
    except (DatabaseError, OSError) as error:
        _remove(part)
        raise NotSaved("The backup was not made.", f"{error}. Choose another place or free some space.") from error
    return target


def _copy_pages(path: Path, key: bytes, part: Path) -> None:
    source = connect(path, key, LOGS)
    try:
        made = connect(part, key, mode="rwc", locked=False)
        try:
            source.conn.backup(made.conn, pages=-1)
        finally:
            made.conn.close()
    finally:
        source.conn.close()


def verify(path: Path, key: bytes) -> Mapping[str, int]:
    """Return the number of rows of each table of a copy or closed file; raise StoreError where it is damaged."""
    try:
        database = connect(path, key, locked=False)
    except (DatabaseError, RuntimeError) as error:
        raise not_opened(error) from error
    try:
        connection = database.conn
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        sealed = not connection.execute("PRAGMA cipher_integrity_check").fetchall()
        there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
        wanted = schema.tables(int(connection.execute("PRAGMA user_version").fetchone()[0]))  # a backup may be of an older version
        if not (whole and sealed and wanted <= there):
            raise StoreError("The copy is damaged.", "Use an older backup; nothing was changed.")
        return {table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in sorted(wanted)}
    except DatabaseError as error:
        raise not_opened(error) from error
    finally:
        database.conn.close()


def _remove_side_files(path: Path) -> None:
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def change_passphrase(store: Store, user: str, passphrase: str) -> None:
    """Give a person a new slot under a new passphrase."""
    keys.check_passphrase(passphrase)
    store_id, slots = keys.read_slots(store.path)
    slots[user] = keys.make_slot(store_id, user, passphrase, store.key)
    keys.write_slots(store.path, store_id, slots)
    with store.unit() as unit:  # so that a slot that somebody exchanges is noticed
        unit.set_meta(f"person:{user}", slots[user]["person"]["public"])


def remove_user(store: Store, user: str) -> None:
    """Take a person's slot away; the last one stays."""
    store_id, slots = keys.read_slots(store.path)
    if user in slots and len(slots) > 1:
        del slots[user]
        keys.write_slots(store.path, store_id, slots)


def users(store: Store) -> list[str]:
    """Return who has a slot."""
    return sorted(keys.read_slots(store.path)[1])
