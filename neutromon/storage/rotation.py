"""A new data key: for a person who left, and for a new recovery sheet; and opening a store with the sheet alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from neutromon.models.errors import StoreError
from neutromon.storage import keys, pins
from neutromon.storage.connection import DatabaseError, connect
from neutromon.storage.errors import not_opened
from neutromon.storage.opening import open_with_key, opens, verify
from neutromon.storage.store import Store

Slots = dict[str, dict[str, Any]]


def rotate(store: Store, stay: Sequence[str], known: Mapping[str, str]) -> str:
    """Give the file a new key that only those who stay can open, and return its recovery sheet; no one's passphrase is needed.

    First every slot gets the new grant beside the old one, then the file is re-keyed and verified, then the old grants go: whenever
    the computer stops, one of the two opens the file. `known` holds the public keys recorded inside the store: a slot with another
    one was exchanged, and the new key is not sealed to it. No other connection may be open.
    """
    store_id, slots = keys.read_slots(store.path)
    old, new = store.key, keys.new_key()
    staying = {name: slot for name, slot in slots.items() if name in stay}
    _refuse_exchanged(staying, known)
    generation = 1 + max((slot["grant"]["generation"] for slot in slots.values()), default=0)
    grants = {name: keys.seal(store_id, name, bytes.fromhex(slot["person"]["public"]), new, generation) for name, slot in staying.items()}
    both: Slots = {name: {**slot, "next": grants[name]} if name in grants else slot for name, slot in slots.items()}
    keys.write_slots(store.path, store_id, both)
    store.database.conn.close()
    try:
        rekey(store.path, old, new)
        verify(store.path, new)
    except (DatabaseError, RuntimeError, StoreError) as error:
        store.reopen(_what_opens(store.path, (old, new)))
        raise StoreError("The key was not changed.", "Nothing is lost; free some space and try again.") from error
    store.reopen(new)
    keys.write_slots(store.path, store_id, {name: _settled(slot, grants[name]) for name, slot in staying.items()})
    return keys.recovery_sheet(new)


def _refuse_exchanged(slots: Slots, known: Mapping[str, str]) -> None:
    for name, slot in slots.items():
        if known.get(name, slot["person"]["public"]) != slot["person"]["public"]:
            raise StoreError(
                f"The key file beside the store names another key for {name} than the store itself.",
                "Somebody exchanged it. Retire that person and let her in again.",
            )


def _settled(slot: Mapping[str, Any], grant: Mapping[str, Any]) -> dict[str, Any]:
    return {"user": slot["user"], "person": slot["person"], "grant": grant}


def rekey(path: Path, old: bytes, new: bytes) -> None:
    """Give a file that nobody has open another key."""
    database = connect(path, old, locked=False)
    try:
        database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        database.conn.execute(f"PRAGMA rekey=\"x'{new.hex()}'\"").fetchall()
        database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        database.conn.close()


def _what_opens(path: Path, candidates: Sequence[bytes]) -> bytes:
    for key in candidates:
        if opens(path, key):
            return key
    raise StoreError("The store cannot be opened.", "Restore the last backup; this file is kept as it is.")


def recover(path: Path, sheet: str, user: str, passphrase: str, now: datetime) -> None:
    """Give a person a slot by the recovery sheet alone: every passphrase, or the key file itself, is lost."""
    keys.check_passphrase(passphrase)
    key = keys.key_from_sheet(sheet)
    if not opens(path, key):
        raise StoreError("The recovery key does not open this store.", "A key from before a change of keys opens older backups only.")
    try:
        slots: Slots = keys.read_slots(path)[1]
    except StoreError:
        slots = {}
    user = keys.name_of(slots, user)
    try:
        store = open_with_key(path, key, now)
    except DatabaseError as error:
        raise not_opened(error) from error
    try:
        slot = keys.make_slot(store.store_id, user, passphrase, key)
        keys.write_slots(path, store.store_id, {**slots, user: slot})
        with store.unit() as unit:
            unit.set_meta(f"person:{user}", slot["person"]["public"])
            unit.audit(now.isoformat(), user, "opened with the recovery key", "{}")
            if pins.drop(unit, user):
                unit.audit(now.isoformat(), user, "PIN removed", "{}")
    finally:
        store.close()
