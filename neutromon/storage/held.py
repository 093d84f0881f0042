"""What waits in the holding bay, as a list: read by the database without decoding one message."""

import json
from dataclasses import dataclass
from typing import Any

from neutromon.storage.store import Store

OPEN = """
FROM fact WHERE kind = 'held' AND voided = 0
AND id NOT IN (SELECT supersedes FROM fact WHERE kind = 'held' AND supersedes IS NOT NULL)
AND (supersedes IS NULL OR json_extract(body, '$.decision') IS NULL)
"""
PARTS = "'$.reason', '$.source', '$.patient', '$.set.family', '$.set.given', '$.set.identifiers', '$.set.birth_date'"
TIMES = "'$.set.collected_at', '$.set.day_only', '$.set.sender'"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHeld:
    """One waiting set as its record says it, undecoded but for JSON."""

    root: str
    at: str
    reason: tuple[str, str]
    source: str
    patient: str | None
    family: str
    given: str
    identifiers: tuple[dict[str, Any], ...]
    birth_date: str | None
    collected_at: str | None
    day_only: bool
    sender: str


def held_number(store: Store) -> int:
    """Return how many sets wait."""
    return int(store.rows(f"SELECT count(*) {OPEN}")[0][0])


def open_held(store: Store) -> list[OpenHeld]:
    """Return what waits, oldest first."""
    found = store.rows(f"SELECT root, at, json_extract(body, {PARTS}, {TIMES}) {OPEN} ORDER BY seq")
    return [_one(root, at, json.loads(parts)) for root, at, parts in found]


def _one(root: str, at: str, parts: list[Any]) -> OpenHeld:
    reason, source, patient, family, given, identifiers, birth_date, collected_at, day_only, sender = parts
    return OpenHeld(
        root=root,
        at=at,
        reason=(str(reason[0]), str(reason[1])),
        source=str(source or ""),
        patient=patient or None,
        family=family or "",
        given=given or "",
        identifiers=tuple(identifiers or ()),
        birth_date=birth_date,
        collected_at=collected_at,
        day_only=bool(day_only),
        sender=sender or "",
    )


def message_names(store: Store) -> dict[str, tuple[str, str]]:
    """Return file name and format of every original message by its id."""
    return {row[0]: (row[1], row[2]) for row in store.rows("SELECT id, name, format FROM message")}
