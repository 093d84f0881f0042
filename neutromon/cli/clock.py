"""The clock of the command line: the only place here that reads the time."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime


def moment(text: str) -> datetime:
    """Return an ISO 8601 time with its offset; argparse shows the sentence."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(no_time(text)) from None
    if value.tzinfo is None:
        raise argparse.ArgumentTypeError(no_time(text))
    return value


def no_time(text: str) -> str:
    """Return the sentence for a time that cannot be used."""
    return f"'{text}' is no time with an offset; write it like 2026-03-12T09:00:00+00:00"


def clock(fixed: datetime | None) -> Callable[[], datetime]:
    """Return a clock that stands at `fixed`, or runs with this computer's local time."""
    if fixed is not None:
        return lambda: fixed
    return lambda: datetime.now(UTC).astimezone()  # noqa: TID251  (composition root)
