"""The audit trail: one hash chain per station over every write and every view, written in the unit of the fact."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

START = "0" * 64
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One link of the chain."""

    station: str
    seq: int
    at: str
    who: str
    what: str
    detail: str
    prev: str
    hash: str

    def as_dict(self) -> dict[str, Any]:
        """Return the link as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def line(self) -> str:
        """Return the link as one line for people."""
        return f"{self.seq:6d}  {self.at}  {self.who}  {self.what}  {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The whole trail and whether its chain holds."""

    entries: tuple[AuditEntry, ...]
    problem: str

    @property
    def verified(self) -> bool:
        """Return whether every link follows from the one before."""
        return not self.problem


def link_hash(station: str, seq: int, at: str, who: str, what: str, detail: str, prev: str) -> str:
    """Return the hash of a link: SHA-256 over canonical JSON of all other columns."""
    text = _compact([station, seq, at, who, what, detail, prev])
    return hashlib.sha256(text.encode()).hexdigest()


Link = tuple[int, str]
"""Number and hash of a link."""


def append(connection: Any, station: str, at: str, who: str, what: str, detail: str, last: Link | None = None) -> Link:
    """Write one link and return its number and hash; the caller's transaction decides whether it stays.

    `last` is the newest link where the same transaction wrote it, so that it need not be asked for.
    """
    if last is None:
        last = connection.execute("SELECT seq, hash FROM audit WHERE station = ? ORDER BY seq DESC LIMIT 1", (station,)).fetchone()
    seq, prev = (last[0] + 1, last[1]) if last else (1, START)
    digest = link_hash(station, seq, at, who, what, detail, prev)
    connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (station, seq, at, who, what, detail, prev, digest))
    return seq, digest


def read_trail(connection: Any) -> Trail:
    """Return every link and the first that does not hold."""
    rows = connection.execute("SELECT station, seq, at, who, what, detail, prev, hash FROM audit ORDER BY station, seq").fetchall()
    names = AuditEntry.__slots__
    entries = tuple(AuditEntry(**dict(zip(names, row, strict=True))) for row in rows)
    return Trail(entries=entries, problem=first_break(entries))


def first_break(entries: Sequence[AuditEntry]) -> str:
    """Return where a chain breaks, or an empty text."""
    heads: dict[str, tuple[int, str]] = {}
    for entry in entries:
        seq, prev = heads.get(entry.station, (0, START))
        wanted = link_hash(entry.station, entry.seq, entry.at, entry.who, entry.what, entry.detail, entry.prev)
        if entry.seq != seq + 1 or entry.prev != prev or entry.hash != wanted:
            return f"broken at {entry.station} {entry.seq}"
        heads[entry.station] = (entry.seq, entry.hash)
    return ""
