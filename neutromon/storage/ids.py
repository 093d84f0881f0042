"""UUIDv7 keys: made where the record is made, ordered by time; time and randomness are arguments."""

import secrets
from collections.abc import Callable
from datetime import datetime

SECOND_MS = 1000


def uuid7(unix_ms: int, random_74: int) -> str:
    """Return a UUIDv7 from milliseconds since 1970 and 74 random bits (RFC 9562)."""
    low = random_74 & ((1 << 62) - 1)
    digits = f"{unix_ms << 80 | 7 << 76 | (random_74 >> 62) << 64 | 2 << 62 | low:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def id_maker(clock: Callable[[], datetime], random_bits: Callable[[int], int] = secrets.randbits) -> Callable[[], str]:
    """Return a maker of new keys from a clock, each greater than the one before it, also within a millisecond.

    What is stored together then lies together in the file: keys in no order would touch a page of their own each. Chance is drawn
    once a second and counted on from there (RFC 9562, 6.2): drawing it for each key costs a call of the system.
    """
    last_ms, last_random, drawn_ms = 0, 0, -SECOND_MS

    def make() -> str:
        nonlocal last_ms, last_random, drawn_ms
        now_ms = int(clock().timestamp() * 1000)
        last_random += 1
        if now_ms >= drawn_ms + SECOND_MS:
            drawn_ms, last_random = now_ms, random_bits(73)
        last_ms = max(last_ms, now_ms)
        return uuid7(last_ms, last_random)

    return make
