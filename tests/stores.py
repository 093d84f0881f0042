"""Temporary stores for everybody's tests: made through the services, opened with a clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from neutromon.services.session import Session
from neutromon.services.store_admin import create_store, open_session

USER = "Testa Nurse"
PASSPHRASE = "a synthetic passphrase"
START = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time at which the clock stands."""
        return self.now

    def move(self, **amount: float) -> None:
        """Move the clock, for example by hours=2."""
        self.now += timedelta(**amount)


def make_store(folder: Path, name: str = "clinic") -> Path:
    """Make a store with one user and return its path."""
    path = folder / f"{name}.neutromon"
    create_store(path, USER, PASSPHRASE, now=START)
    return path


def open_at(path: Path, clock: Clock | None = None, user: str = USER, passphrase: str = PASSPHRASE) -> Session:
    """Open a store for its test user."""
    return open_session(path, user, passphrase, clock=clock or Clock())
