"""Look into a backup, compare it with the present store, and put it in its place; what was there is kept beside it."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from neutromon.models.errors import StoreError
from neutromon.storage import keys, schema
from neutromon.storage.connection import DatabaseError, connect
from neutromon.storage.errors import not_opened
from neutromon.storage.opening import make_folder, open_with_key, opens, verify
from neutromon.storage.place import StoreLock, refuse_shared_place, sync_folder
from neutromon.storage.rotation import rekey
from neutromon.storage.store import Store

LOGS = frozenset(schema.LOGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a verified backup holds; `last_at` is when its last record was written."""

    patients: int
    samples: int
    records: int
    alerts: int
    audit: int
    last_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """What the present store has of a patient (or of the clinic itself, "") and a backup has not."""

    patient: str
    records: int
    last_at: str


def backup_key(backup: Path, user: str, passphrase: str, present: bytes | None = None) -> bytes:
    """Return the key of a backup: the present one where that opens it, else by the passphrase of its own key file."""
    if not backup.exists():
        raise StoreError(f"There is no backup at {backup}.", "Check the path.")
    if present is not None and opens(backup, present):
        return present
    store_id, slots = keys.read_slots(backup)
    name = keys.name_of(slots, user)
    return keys.open_either(store_id, slots.get(name), name, passphrase, lambda key: opens(backup, key))[0]


@contextmanager
def reading(path: Path, key: bytes) -> Iterator[Store]:
    """Give a closed file as a store to read."""
    try:
        database = connect(path, key, LOGS)
    except (DatabaseError, RuntimeError) as error:
        raise not_opened(error) from error
    store = Store(path, database, key, None, "", "")
    try:
        yield store
    finally:
        store.close()


def contents(backup: Path, key: bytes) -> Contents:
    """Verify a backup wholly, and return what it holds; raise StoreError where it is damaged."""
    numbers = verify(backup, key)
    with reading(backup, key) as store:
        patients = store.rows("SELECT count(DISTINCT patient) FROM fact WHERE kind = 'patient'")[0][0]
        samples = store.rows("SELECT count(DISTINCT root) FROM fact WHERE kind = 'sample'")[0][0]
        last = store.rows("SELECT max(at) FROM audit")[0][0]
    return Contents(
        patients=patients,
        samples=samples,
        records=numbers["fact"],
        alerts=numbers["alert_event"],
        audit=numbers["audit"],
        last_at=last or "",
    )


def newer_in(present: Store, backup: Path, key: bytes) -> list[Newer]:
    """Return what the present store has and the backup has not, by patient, the newest first."""
    with reading(backup, key) as store:
        there = {row[0] for row in store.rows("SELECT id FROM fact")}
    found: dict[str, tuple[int, str]] = {}
    for fact, patient, at in present.rows("SELECT id, patient, at FROM fact"):
        if fact not in there:
            number, last = found.get(patient, (0, ""))
            found[patient] = number + 1, max(last, at)
    lines = [Newer(patient=patient, records=number, last_at=last) for patient, (number, last) in found.items()]
    return sorted(lines, key=lambda line: line.last_at, reverse=True)


def present_key(target: Path, user: str, passphrase: str) -> bytes | None:
    """Return the key that the present key file gives this person; None where there is none, or it is damaged or not hers."""
    try:
        store_id, slots = keys.read_slots(target)
        name = keys.name_of(slots, user)
        return keys.open_slot(store_id, slots.get(name), name, passphrase)
    except StoreError:
        return None


def put_in_place(backup: Path, target: Path, key: bytes, now: datetime, *, by: str, present: bytes | None = None) -> str:
    """Put a backup in the place of a store and return the mark under which what was there is kept, with its side files.

    With the `present` key the restored file is given that key and the present key file stays: who left meanwhile stays out, and
    every passphrase of today opens it. Without it the backup's key file comes back.
    """
    verify(backup, key)
    make_folder(target.parent)
    refuse_shared_place(target)
    lock = StoreLock(target)
    lock.take()
    try:
        part = target.with_name(target.name + ".part")
        shutil.copyfile(backup, part)
        if hashlib.sha256(part.read_bytes()).digest() != hashlib.sha256(backup.read_bytes()).digest():
            raise StoreError("The copy of the backup is not complete.", "Free some space and try again.")
        if present is not None and present != key:
            rekey(part, key, present)
            verify(part, present)
        mark = _move_aside(target, now)
        if present is None:
            _bring_slots(backup, target, mark)
        os.replace(part, target)
        sync_folder(target.parent)
    except OSError as error:
        raise StoreError(f"The backup was not restored: {error.strerror}.", "What was there is kept.") from None
    finally:
        lock.release()
    _note(target, key if present is None else present, now, by)
    return mark


def _move_aside(target: Path, now: datetime) -> str:
    """Move the present file and its side files away; of the key file a copy is kept, the file itself is replaced last."""
    mark = now.strftime("replaced-%Y%m%dT%H%M%S")
    for tail in ("", "-wal", "-shm"):
        old = target.with_name(target.name + tail)
        if old.exists():
            os.replace(old, old.with_name(f"{old.name}.{mark}"))
    slots = keys.slot_path(target)
    if slots.exists():
        shutil.copyfile(slots, slots.with_name(f"{slots.name}.{mark}"))
    return mark


def _bring_slots(backup: Path, target: Path, mark: str) -> None:
    """Bring the backup's key file back, without those whom the present one no longer lets in."""
    store_id, slots = keys.read_slots(backup)
    try:
        left = slots.keys() - keys.read_slots(target)[1].keys()
    except StoreError:
        left = set()
    stay = {name: slot for name, slot in slots.items() if name not in left} or slots
    keys.slot_path(target).unlink(missing_ok=True)
    keys.write_slots(target, store_id, stay)


def _note(target: Path, key: bytes, now: datetime, by: str) -> None:
    """Write the restore into the restored store's own trail, and that there is a backup of all that it holds."""
    store = open_with_key(target, key, now)
    try:
        last = store.rows("SELECT max(at) FROM audit")[0][0]
        with store.unit() as unit:
            if last:
                unit.set_meta("last_backup", last)
            unit.audit(now.isoformat(), by, "store restored from a backup", "{}")
    finally:
        store.close()
