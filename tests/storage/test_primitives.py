"""What is taken from the libraries' compiled parts gives the values of their public packages and of the standards."""

import subprocess
import sys

import pytest
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from neutromon.storage import primitives

SECRET, SALT, INFO = b"four words for a test", bytes(range(16)), b"bound"


def test_that_a_stretched_passphrase_is_that_of_the_public_package() -> None:
    made = primitives.argon2id(SECRET, SALT, rounds=2, memory=64, lanes=2)
    assert made == hash_secret_raw(SECRET, SALT, 2, 64, 2, 32, Type.ID)


def test_that_a_number_out_of_range_is_refused_as_by_the_public_package() -> None:
    with pytest.raises(HashingError):
        primitives.argon2id(SECRET, SALT, rounds=0, memory=64, lanes=1)


def test_that_a_derived_key_is_that_of_the_public_package() -> None:
    assert primitives.hkdf(SECRET, INFO) == HKDF(SHA256(), 32, salt=None, info=INFO).derive(SECRET)


def test_that_a_key_agreement_is_that_of_the_public_package() -> None:
    ours, theirs = primitives.new_private_key(), X25519PrivateKey.generate()
    again = primitives.private_key(ours.private_bytes_raw())
    shared = theirs.exchange(X25519PublicKey.from_public_bytes(ours.public_key().public_bytes_raw()))
    assert again.exchange(primitives.public_key(theirs.public_key().public_bytes_raw())) == shared


def test_that_what_is_sealed_opens_with_the_public_package_only_as_it_was_sealed() -> None:
    key, nonce = bytes(range(32)), bytes(12)
    sealed = primitives.AESGCM(key).encrypt(nonce, SECRET, INFO)
    assert AESGCM(key).decrypt(nonce, sealed, INFO) == SECRET
    with pytest.raises(primitives.InvalidTag):
        primitives.AESGCM(key).decrypt(nonce, sealed[:-1] + bytes([sealed[-1] ^ 1]), INFO)


HIDDEN = """
import builtins, sys
plain = builtins.__import__
def refuse(name, *rest, **named):
    caller = (rest[0] if rest else named.get("globals")) or {}
    if caller.get("__name__") == "neutromon.storage.primitives" and ("_rust" in name or name.startswith("_argon2")):
        raise ImportError(name)
    return plain(name, *rest, **named)
builtins.__import__ = refuse
from neutromon.storage import keys
slot = keys.make_slot("store", "user", "a passphrase of words", bytes(32), cost={"m": 64, "t": 1, "p": 1})
print(keys.open_slot("store", slot, "user", "a passphrase of words") == bytes(32), "argon2.low_level" in sys.modules)
"""


def test_that_a_slot_works_where_the_compiled_parts_have_other_names() -> None:
    done = subprocess.run([sys.executable, "-c", HIDDEN], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["True", "True"], done.stderr
