"""The practice clinic as a store of its own, with a published passphrase, made anew for each day."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from neutromon.services.session import PRACTICE_MARK, Session
from neutromon.services.store_admin import close_session, open_session
from neutromon.storage.files import resource_path

USER = "Practice Nurse"
PASSPHRASE = "practice clinic, no real patients"  # noqa: S105
"""Published on purpose: there is nothing to protect in a practice store, and it must never hold a real patient."""
SEED = 20260101
RESOURCE = "practice/clinic.toml"
MARK = PRACTICE_MARK
TAILS = ("", "-wal", "-shm", ".slots", ".lock")


def open_practice(path: Path, *, clock: Callable[[], datetime], seed: int = SEED) -> Session:
    """Open the practice store, made anew where it is missing, of another day, or of another version of the clinic.

    What the clock alone has changed since is for the caller: `services.evaluations.refresh_alerts`.
    """
    now = clock()
    if path.exists():
        session = open_session(path, USER, PASSPHRASE, clock=clock, practice=True)
        if session.store.meta(MARK) == mark_of(now, seed):
            return session
        close_session(session)
        remove_practice_store(path)
    build_practice_store(path, now, seed=seed)
    return open_session(path, USER, PASSPHRASE, clock=clock, practice=True)


def build_practice_store(path: Path, now: datetime, *, seed: int = SEED) -> None:
    """Make the practice store; its makers are imported here, since most starts find it made."""
    from neutromon.services.practice.building import build

    build(path, now, seed)


def remove_practice_store(path: Path) -> None:
    """Remove a practice store with the files beside it; a store that another passphrase locks never gets here."""
    for tail in TAILS:
        path.with_name(path.name + tail).unlink(missing_ok=True)


def mark_of(now: datetime, seed: int) -> str:
    """Return what a store is made from: the written clinic, the seed and the day."""
    written = hashlib.sha256(resource_path(RESOURCE).read_bytes()).hexdigest()
    return f"{written[:16]}:{seed}:{now.date().isoformat()}"
