"""A short PIN for sign-off inside the store: an Argon2id hash that is bound to its person and to her present passphrase."""

import hmac
import json
import os
from dataclasses import dataclass

from argon2.exceptions import HashingError

from neutromon.models.errors import StoreError
from neutromon.storage import keys
from neutromon.storage.store import Store, Unit

TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What is kept of a PIN, as it stands in the store; `slot` is the public key of the key slot with which it was set."""

    person: str
    slot: str
    par: str
    salt: str
    hash: str
    wrong: int

    @property
    def tries_left(self) -> int:
        """Return how many tries are left before the passphrase is asked for."""
        return max(TRIES - self.wrong, 0)


def find(store: Store, person: str) -> Pin | None:
    """Return a person's PIN; None where she has none, or her passphrase was changed since, on whatever way."""
    found = store.rows("SELECT person, slot, par, salt, hash, wrong FROM pin WHERE person = ?", (person,))
    if not found or found[0][1] != slots_of(store).get(person):
        return None
    return Pin(**dict(zip(Pin.__slots__, found[0], strict=True)))


def holders(store: Store) -> frozenset[str]:
    """Return who has a PIN."""
    slots = slots_of(store)
    return frozenset(person for person, slot in store.rows("SELECT person, slot FROM pin") if slots.get(person) == slot)


def slots_of(store: Store) -> dict[str, str]:
    """Return the public key of each person's slot; a new passphrase always makes a new one. Empty where the key file cannot be read."""
    try:
        return {person: slot["person"]["public"] for person, slot in keys.read_slots(store.path)[1].items()}
    except StoreError:
        return {}


def keep(unit: Unit, store: Store, person: str, digits: str) -> bool:
    """Give a person a PIN and return whether it took the place of another."""
    slot, par, salt = slots_of(store)[person], json.dumps(keys.PARAMETERS, sort_keys=True), os.urandom(16).hex()
    had = drop(unit, person)
    made = _hash(store, person, slot, par, salt, digits)
    unit.execute("INSERT INTO pin (person, slot, par, salt, hash) VALUES (?, ?, ?, ?, ?)", (person, slot, par, salt, made))
    return had


def matches(store: Store, pin: Pin, digits: str) -> bool:
    """Return whether these are the digits; a damaged or exchanged record fits none."""
    try:
        made = _hash(store, pin.person, pin.slot, pin.par, pin.salt, digits)
    except (HashingError, ValueError, TypeError, LookupError, OverflowError):
        return False
    return hmac.compare_digest(made.encode(), pin.hash.encode())


def _hash(store: Store, person: str, slot: str, par: str, salt: str, digits: str) -> str:
    bound = keys.canonical(store.store_id, person, "pin", slot, par, digits)
    return keys.derive(bound.decode(), bytes.fromhex(salt), json.loads(par)).hex()


def count_try(unit: Unit, person: str) -> None:
    """Count a try."""
    unit.execute("UPDATE pin SET wrong = min(wrong + 1, ?) WHERE person = ?", (TRIES, person))


def forgive(unit: Unit, person: str) -> None:
    """Count anew."""
    unit.execute("UPDATE pin SET wrong = 0 WHERE person = ?", (person,))


def drop(unit: Unit, person: str) -> bool:
    """Take a person's PIN away and return whether she had one."""
    return bool(unit.execute("DELETE FROM pin WHERE person = ?", (person,)).rowcount)
