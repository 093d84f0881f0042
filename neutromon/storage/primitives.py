"""What key slots are made of: X25519, AES-GCM, HKDF-SHA256 and Argon2id, each taken straight from its library's compiled part.

The same code runs as through the libraries' own packages, which bring 60 modules that a start does not need: a tenth of what a bare
window costs. Where a release names its compiled part otherwise, the package is used.
"""

from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256

__all__ = ["AESGCM", "InvalidTag", "argon2id", "hkdf", "new_private_key", "private_key", "public_key"]

AESGCM: Any
HKDF: Any
new_private_key: Any
private_key: Any
public_key: Any
try:
    from cryptography.hazmat.bindings._rust import openssl as _native

    AESGCM, HKDF = _native.aead.AESGCM, _native.kdf.HKDF
    new_private_key, private_key = _native.x25519.generate_key, _native.x25519.from_private_bytes
    public_key = _native.x25519.from_public_bytes
except (ImportError, AttributeError):
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    new_private_key, private_key = X25519PrivateKey.generate, X25519PrivateKey.from_private_bytes
    public_key = X25519PublicKey.from_public_bytes

ARGON2_VERSION = 0x13
KEY_BYTES = 32


def hkdf(secret: bytes, info: bytes) -> bytes:
    """Return a key of 32 bytes from a shared secret (RFC 5869 with SHA-256, no salt)."""
    return bytes(HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(secret))


def argon2id(secret: bytes, salt: bytes, *, rounds: int, memory: int, lanes: int) -> bytes:
    """Return a key of 32 bytes from a passphrase (RFC 9106); raise the library's HashingError where a number is out of its range."""
    try:
        from _argon2_cffi_bindings import ffi, lib  # type: ignore[import-untyped]

        made = ffi.new("uint8_t[]", KEY_BYTES)
        given = (rounds, memory, lanes, ffi.new("uint8_t[]", secret), len(secret), ffi.new("uint8_t[]", salt), len(salt))
        if lib.argon2_hash(*given, made, KEY_BYTES, ffi.NULL, 0, lib.Argon2_id, ARGON2_VERSION) == lib.ARGON2_OK:
            return bytes(ffi.buffer(made, KEY_BYTES))
    except (ImportError, AttributeError):
        pass
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(secret, salt, rounds, memory, lanes, KEY_BYTES, Type.ID)
