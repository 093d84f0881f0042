"""The open store: one write connection, one unit of work, and the queries that services need; dataclass in, dataclass out."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from neutromon.storage import audit, schema
from neutromon.storage.connection import PRAGMAS, DatabaseError, connect, unit_of_work
from neutromon.storage.errors import not_opened, not_saved
from neutromon.storage.place import StoreLock

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One stored revision; `root` is the id of the first, under which the record is known."""

    id: str
    root: str
    patient: str
    kind: str
    seq: int
    supersedes: str | None
    reason: str | None
    voided: bool
    at: str
    author: str
    station: str
    body: Mapping[str, Any]


compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""JSON without blanks; one encoder for all, because to make one for each record costs as much as to use it."""
SMALL_CACHE = -8192
"""In KiB: what a load of 200 messages touches at once fits in."""
COLUMNS = "id, root, patient, kind, seq, supersedes, reason, voided, at, author, station, body"


def _fact(row: Sequence[Any]) -> Fact:
    return Fact(
        id=row[0],
        root=row[1],
        patient=row[2],
        kind=row[3],
        seq=row[4],
        supersedes=row[5],
        reason=row[6],
        voided=bool(row[7]),
        at=row[8],
        author=row[9],
        station=row[10],
        body=json.loads(row[11]),
    )


class Store:
    """An open store. Reads fetch all rows at once; writes happen inside `unit()` only."""

    def __init__(self, path: Path, database: Any, key: bytes, lock: StoreLock | None, store_id: str, station: str) -> None:
        self.path = path
        self.key = key
        self.store_id = store_id
        self.station = station
        self._database = database
        self._lock = lock
        self._kept: dict[str, tuple[tuple[int, int], Any]] = {}

    def close(self) -> None:
        """Close the connection and give the lock back."""
        self._database.conn.close()
        if self._lock is not None:
            self._lock.release()

    def reopen(self, key: bytes) -> None:
        """Connect anew after the file was given another key."""
        self._database = connect(self.path, key, frozenset(schema.LOGS))
        self._kept = {}
        self.key = key

    @property
    def database(self) -> Any:
        """Return the sqlite-utils database, for other modules of this room only."""
        return self._database

    @contextmanager
    def unit(self) -> Iterator["Unit"]:
        """Give a unit of work; raise NotSaved with one sentence where the database refuses, and store nothing."""
        try:
            with unit_of_work(self._database) as connection:
                yield Unit(connection, self.station)
        except DatabaseError as error:
            raise not_saved(error) from error

    @contextmanager
    def small_cache(self) -> Iterator[None]:
        """Keep few pages in memory while a load goes through the whole file, which needs each of them once; then as before."""
        self._database.conn.execute(f"PRAGMA cache_size={SMALL_CACHE}")
        try:
            yield
        finally:
            self._database.conn.execute(f"PRAGMA cache_size={PRAGMAS['cache_size']}")

    def once(self, name: str, read: Callable[[], Value]) -> Value:
        """Return what was read under a name, read anew where anything was written since, by this connection or another."""
        connection = self._database.conn
        if connection.in_transaction:  # what it may yet throw away is not kept
            return read()
        mark = connection.total_changes, int(self.rows("PRAGMA data_version")[0][0])
        if name not in self._kept or self._kept[name][0] != mark:
            self._kept[name] = mark, read()
        value: Value = self._kept[name][1]
        return value

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return every row of a query at once."""
        try:
            found: list[tuple[Any, ...]] = self._database.conn.execute(sql, tuple(parameters)).fetchall()
        except DatabaseError as error:
            raise not_opened(error) from error
        return found

    def has_patient(self, patient: str) -> bool:
        """Return whether anything is known of a patient."""
        return bool(patient and self.rows("SELECT 1 FROM fact WHERE patient = ? LIMIT 1", (patient,)))

    def facts_of(self, patient: str) -> list[Fact]:
        """Return every revision of every fact of a patient, oldest first."""
        return [_fact(row) for row in self.rows(f"SELECT {COLUMNS} FROM fact WHERE patient = ? ORDER BY seq", (patient,))]

    def mark_of(self, patient: str) -> tuple[int, str] | None:
        """Return how many facts a patient has and the id of the last: what was read at this mark still holds at it."""
        newest = self.rows("SELECT id FROM fact WHERE patient = ? ORDER BY seq DESC LIMIT 1", (patient,))
        return (self.rows("SELECT count(*) FROM fact WHERE patient = ?", (patient,))[0][0], newest[0][0]) if newest else None

    def facts_of_kind(self, kind: str) -> list[Fact]:
        """Return every revision of facts of one kind, oldest first."""
        return [_fact(row) for row in self.rows(f"SELECT {COLUMNS} FROM fact WHERE kind = ? ORDER BY seq", (kind,))]

    def has_kind(self, kind: str) -> bool:
        """Return whether any fact of a kind was ever stored."""
        return bool(self.rows("SELECT 1 FROM fact WHERE kind = ? LIMIT 1", (kind,)))

    def revisions(self, root: str) -> list[Fact]:
        """Return every revision of one record, oldest first."""
        return [_fact(row) for row in self.rows(f"SELECT {COLUMNS} FROM fact WHERE root = ? ORDER BY seq", (root,))]

    def alert_events(self, patient: str, after: int = 0) -> list[tuple[str, Mapping[str, Any]]]:
        """Return (alert id, event body) of a patient, oldest first; those later than a number of the store's clock."""
        found = self.rows("SELECT alert, body FROM alert_event WHERE patient = ? AND seq > ? ORDER BY seq", (patient, after))
        return [(row[0], json.loads(row[1])) for row in found]

    def events_of_alert(self, alert: str) -> list[Mapping[str, Any]]:
        """Return the events of one alert, oldest first."""
        return [json.loads(row[0]) for row in self.rows("SELECT body FROM alert_event WHERE alert = ? ORDER BY seq", (alert,))]

    def patient_of_alert(self, alert: str) -> str | None:
        """Return whose alert it is."""
        found = self.rows("SELECT patient FROM alert_event WHERE alert = ? LIMIT 1", (alert,))
        return found[0][0] if found else None

    def patients_with_identifier(self, value: str, authority: str | None = None) -> list[str]:
        """Return the patients that carry an identifier, folded."""
        if authority is None:
            found = self.rows("SELECT DISTINCT patient FROM identifier WHERE value = ?", (value,))
        else:
            found = self.rows("SELECT DISTINCT patient FROM identifier WHERE value = ? AND authority = ?", (value, authority))
        return [row[0] for row in found]

    def messages_with(self, digests: Sequence[str]) -> dict[str, str]:
        """Return the ids of the messages that were taken in before, by their digest."""
        marks = ", ".join("?" * len(digests))
        return {row[0]: row[1] for row in self.rows(f"SELECT digest, id FROM message WHERE digest IN ({marks})", digests)}

    def message_content(self, message: str) -> bytes | None:
        """Return the original bytes of a message."""
        found = self.rows("SELECT content FROM message WHERE id = ?", (message,))
        return bytes(found[0][0]) if found else None

    def meta(self, key: str) -> str | None:
        """Return a setting of the store itself."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return found[0][0] if found else None

    def drafts(self, patient: str) -> dict[str, Mapping[str, Any]]:
        """Return what a person began to type for a patient, by kind."""
        return {row[0]: json.loads(row[1]) for row in self.rows("SELECT kind, body FROM draft WHERE patient = ?", (patient,))}

    def trail(self) -> audit.Trail:
        """Return the audit trail."""
        return audit.read_trail(self._database.conn)


class Unit:
    """What a unit of work may do: append to logs, renew projections."""

    def __init__(self, connection: Any, station: str) -> None:
        self._connection = connection
        self._station = station
        self._link: audit.Link | None = None
        row = connection.execute("SELECT max(seq) FROM (SELECT max(seq) AS seq FROM fact UNION ALL SELECT max(seq) FROM alert_event)")
        self._seq = int(row.fetchone()[0] or 0)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run one statement of this room's own modules."""
        return self._connection.execute(sql, tuple(parameters))

    def next_seq(self) -> int:
        """Return the next number of this store's own clock."""
        self._seq += 1
        return self._seq

    def add_fact(
        self,
        *,
        fact_id: str,
        patient: str,
        kind: str,
        at: str,
        author: str,
        body: Mapping[str, Any],
        root: str | None = None,
        supersedes: str | None = None,
        reason: str | None = None,
        voided: bool = False,
    ) -> None:
        """Append one revision of a fact."""
        values = (fact_id, root or fact_id, patient, kind, self.next_seq(), supersedes, reason, int(voided), at, author, self._station)
        text = compact(body)
        self.execute("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, text))

    def add_alert_event(self, event_id: str, alert: str, patient: str, body: Mapping[str, Any]) -> None:
        """Append one event of an alert."""
        text = compact(body)
        self.execute("INSERT INTO alert_event VALUES (?, ?, ?, ?, ?, ?)", (event_id, alert, patient, self.next_seq(), self._station, text))

    def add_evaluation(self, evaluation_id: str, patient: str, at: str, body: Mapping[str, Any]) -> None:
        """Append the snapshot of an evaluation."""
        text = compact(body)
        self.execute("INSERT INTO evaluation VALUES (?, ?, ?, ?, ?, ?)", (evaluation_id, patient, self.next_seq(), at, self._station, text))

    def add_message(self, message_id: str, digest: str, at: str, author: str, name: str, form: str, content: bytes, report: str) -> None:
        """Append an original message with what became of it."""
        values = (message_id, digest, self.next_seq(), at, author, self._station, name, form, content, report)
        self.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def audit(self, at: str, who: str, what: str, detail: str) -> None:
        """Append one link of the audit chain."""
        self._link = audit.append(self._connection, self._station, at, who, what, detail, self._link)

    def set_identifiers(self, patient: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Renew the identifiers under which a patient is found; they hardly ever change, and the same again is not written."""
        there = self.execute("SELECT value, authority FROM identifier WHERE patient = ?", (patient,)).fetchall()
        if {tuple(row) for row in there} == set(pairs):
            return
        self.execute("DELETE FROM identifier WHERE patient = ?", (patient,))
        for value, authority in dict.fromkeys(pairs):
            self.execute("INSERT INTO identifier VALUES (?, ?, ?)", (value, authority, patient))

    def set_draft(self, patient: str, kind: str, at: str, body: Mapping[str, Any] | None) -> None:
        """Keep or drop what a person began to type."""
        self.execute("DELETE FROM draft WHERE patient = ? AND kind = ?", (patient, kind))
        if body is not None:
            self.execute("INSERT INTO draft VALUES (?, ?, ?, ?)", (patient, kind, at, json.dumps(body, ensure_ascii=False)))

    def set_meta(self, key: str, value: str) -> None:
        """Keep a setting of the store itself."""
        self.execute("DELETE FROM meta WHERE key = ?", (key,))
        self.execute("INSERT INTO meta VALUES (?, ?)", (key, value))
