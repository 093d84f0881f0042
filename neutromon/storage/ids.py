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
    """Return a maker of new keys from a clock."""
    return lambda: uuid7(int(clock().timestamp() * 1000), random_bits(74))
