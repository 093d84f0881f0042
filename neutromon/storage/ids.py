"""UUIDv7 keys: made where the record is made, ordered by time; time and randomness are arguments."""

import secrets
from collections.abc import Callable
from datetime import datetime


def uuid7(unix_ms: int, random_74: int) -> str:
    """Return a UUIDv7 from milliseconds since 1970 and 74 random bits (RFC 9562)."""
    low = random_74 & ((1 << 62) - 1)
    digits = f"{unix_ms << 80 | 7 << 76 | (random_74 >> 62) << 64 | 2 << 62 | low:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def id_maker(clock: Callable[[], datetime], random_bits: Callable[[int], int] = secrets.randbits) -> Callable[[], str]:
    """Return a maker of new keys from a clock, each greater than the one before it, also within a millisecond.

    What is stored together then lies together in the file: keys in no order would touch a page of their own each (RFC 9562, 6.2).
    """
    last_ms, last_random = 0, 0

    def make() -> str:
        nonlocal last_ms, last_random
        now_ms = int(clock().timestamp() * 1000)
        if now_ms > last_ms:
            last_ms, last_random = now_ms, random_bits(73)
        else:
            last_random += 1 + random_bits(32)
        return uuid7(last_ms, last_random)

    return make
