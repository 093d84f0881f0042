"""Key slots: each person's passphrase opens a private key, to which the store's data key is sealed."""

import base64
import hashlib
import json
import os
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as cipher

from neutromon.models.errors import StoreError, UserError
from neutromon.storage.primitives import AESGCM, InvalidTag, argon2id, hkdf, new_private_key, private_key, public_key

PARAMETERS = {"m": 65536, "t": 3, "p": 4}
SHORTEST = 10
WRONG = StoreError("User or passphrase is wrong.", "Try again; an administrator can give a new passphrase.")


def slot_path(store: Path) -> Path:
    """Return where the key slots of a store lie."""
    return store.with_name(store.name + ".slots")


def new_key() -> bytes:
    """Return a new random data key."""
    return os.urandom(32)


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short."""
    if len(passphrase) < SHORTEST:
        raise UserError(f"The passphrase has fewer than {SHORTEST} characters.", "Use a longer one, for example four words.")


def recovery_sheet(key: bytes) -> str:
    """Return the data key with a checksum as text for paper, in groups of seven."""
    raw = key + hashlib.sha256(key).digest()[:3]
    text = base64.b32encode(raw).decode().rstrip("=")
    return " ".join(text[i : i + 7] for i in range(0, len(text), 7))


def key_from_sheet(text: str) -> bytes:
    """Return the data key of a recovery sheet; raise StoreError where it was misread."""
    folded = "".join(text.split()).upper()
    try:
        raw = base64.b32decode(folded + "=" * (-len(folded) % 8))
    except ValueError:
        raw = b""
    if len(raw) != 35 or hashlib.sha256(raw[:32]).digest()[:3] != raw[32:]:
        raise StoreError("The recovery key is not right.", "Check each group against the paper.")
    return raw[:32]


def canonical(*parts: object) -> bytes:
    """Return what a secret is bound to, as bytes that read the same whoever writes them."""
    return json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()


def make_slot(store_id: str, user: str, passphrase: str, key: bytes, *, cost: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return a slot that lets one person open the store; `cost` is for the practice clinic, whose passphrase is published."""
    parameters, generation = dict(cost or PARAMETERS), 1
    private, salt, nonce = new_private_key(), os.urandom(16), os.urandom(12)
    public = private.public_key().public_bytes_raw()
    bound = canonical(store_id, user, "person", parameters, public.hex())
    secret = AESGCM(derive(passphrase, salt, parameters)).encrypt(nonce, private.private_bytes_raw(), bound)
    person = {"par": parameters, "salt": salt.hex(), "nonce": nonce.hex(), "public": public.hex(), "secret": secret.hex()}
    return {"user": user, "person": person, "grant": seal(store_id, user, public, key, generation)}


def seal(store_id: str, user: str, public: bytes, key: bytes, generation: int) -> dict[str, Any]:
    """Return the data key sealed to one person's public key."""
    once = new_private_key()
    ephemeral = once.public_key().public_bytes_raw()
    bound = canonical(store_id, user, "dek", generation, public.hex(), ephemeral.hex())
    shared = once.exchange(public_key(public))
    sealed = AESGCM(hkdf(shared, bound)).encrypt(bytes(12), key, bound)
    return {"generation": generation, "eph": ephemeral.hex(), "sealed": sealed.hex()}


def folded(name: str) -> str:
    """Return a name as it is compared at sign-in: whatever the case, and however its accents are composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def name_of(slots: Mapping[str, Any], typed: str) -> str:
    """Return the name under which a person has a slot: as typed, else the only one that differs in case alone, else what was typed.

    Where two people differ in case alone, each signs in exactly as she is written; anything between is nobody.
    """
    if typed in slots:
        return typed
    alike = [name for name in slots if folded(name) == folded(typed)]
    return alike[0] if len(alike) == 1 else typed


def open_slot(store_id: str, slot: Mapping[str, Any] | None, user: str, passphrase: str) -> bytes:
    """Return the data key; the same message and about the same time for an unknown user and a wrong passphrase."""
    if slot is None:
        derive(passphrase, bytes(16), PARAMETERS)
        raise WRONG
    person, grant = slot["person"], slot["grant"]
    try:
        bound = canonical(store_id, user, "person", person["par"], person["public"])
        wrapping = derive(passphrase, bytes.fromhex(person["salt"]), person["par"])
        private = AESGCM(wrapping).decrypt(bytes.fromhex(person["nonce"]), bytes.fromhex(person["secret"]), bound)
        bound = canonical(store_id, user, "dek", grant["generation"], person["public"], grant["eph"])
        shared = private_key(private).exchange(public_key(bytes.fromhex(grant["eph"])))
        opened: bytes = AESGCM(hkdf(shared, bound)).decrypt(bytes(12), bytes.fromhex(grant["sealed"]), bound)
        return opened
    except (InvalidTag, ValueError, KeyError):
        raise WRONG from None


def open_either(
    store_id: str, slot: Mapping[str, Any] | None, user: str, passphrase: str, opens: Callable[[bytes], bool]
) -> tuple[bytes, bool]:
    """Return the key that opens the file and whether it is the next one: a change of keys that was interrupted left both grants."""
    key = open_slot(store_id, slot, user, passphrase)
    if slot is None or "next" not in slot or opens(key):
        return key, False
    return open_slot(store_id, {**slot, "grant": slot["next"]}, user, passphrase), True


def settle(store: Path, store_id: str, slots: Mapping[str, Mapping[str, Any]], *, to_next: bool) -> None:
    """Take the grants away that no longer open the file; who has none for the new key has left."""
    kept = {}
    for user, slot in slots.items():
        grant = slot.get("next") if to_next else slot["grant"]
        if grant is not None:
            kept[user] = {"user": slot["user"], "person": slot["person"], "grant": grant}
    write_slots(store, store_id, kept)


def derive(passphrase: str, salt: bytes, parameters: Mapping[str, int]) -> bytes:
    """Return 32 bytes from a secret by Argon2id."""
    return argon2id(passphrase.encode(), salt, rounds=parameters["t"], memory=parameters["m"], lanes=parameters["p"])


def write_slots(store: Path, store_id: str, slots: Mapping[str, Mapping[str, Any]]) -> None:
    """Replace the slots beside a store, all or nothing; a plain file without names beyond the sign-in id."""
    with closing(cipher.connect(slot_path(store), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=EXTRA")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE IF NOT EXISTS slot (user TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT")
        connection.execute("CREATE TABLE IF NOT EXISTS store (id TEXT PRIMARY KEY) STRICT")
        connection.execute("DELETE FROM slot")
        connection.execute("INSERT OR REPLACE INTO store VALUES (?)", (store_id,))
        connection.executemany("INSERT INTO slot VALUES (?, ?)", [(user, json.dumps(slot)) for user, slot in slots.items()])
        connection.execute("COMMIT")


def read_slots(store: Path) -> tuple[str, dict[str, dict[str, Any]]]:
    """Return the store's id and its slots; raise StoreError where the file is missing or damaged."""
    path = slot_path(store)
    if not path.exists():
        raise StoreError(f"The key file {path.name} beside the store is missing.", "Restore it from a backup, or use the recovery key.")
    try:
        with closing(cipher.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            store_id = connection.execute("SELECT id FROM store").fetchone()[0]
            return store_id, {user: json.loads(body) for user, body in connection.execute("SELECT user, body FROM slot")}
    except (cipher.Error, TypeError, ValueError):
        raise StoreError(f"The key file {path.name} is damaged.", "Restore it from a backup, or use the recovery key.") from None
