"""The worklist projection: one row a patient, folded and indexed, so that lists of 100,000 sort and filter in SQL."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neutromon.storage.store import Store, Unit

ORDERS: Mapping[str, str] = {
    "urgency": "tier, anc IS NULL, anc, name",
    "name": "name",
    "anc": "anc IS NULL, anc, name",
    "count_at": "count_at IS NULL, count_at, name",
    "next_day1": "next_day1 IS NULL, next_day1, name",
    "cycle_day": "cycle_day IS NULL, cycle_day, name",
    "regimen": "regimen, name",
    "mrn": "mrn",
}
LISTS = frozenset({"tomorrow", "today", "nadir_window", "overdue", "alerts"})
NO_ALERT = 9
BEHIND, EITHER = "\n", "|"
"""The words that a row shows stand behind those that say who she is; a word of the filter may be several: "aufschieben|defer"."""

SHOWN = "search LIKE ? ESCAPE '\\'"
WHO = f"({SHOWN} AND substr(search, 1, instr(search || char(10), char(10)) - 1) LIKE ? ESCAPE '\\')"
"""The quick condition first: what stands nowhere in the row need not be looked for in its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistRecord:
    """The columns that are sorted and filtered, and the row as it is shown."""

    patient: str
    name: str
    mrn: str
    birth: str | None
    tier: int
    anc: float | None
    count_at: str | None
    next_day1: str | None
    regimen: str
    cycle_day: int | None
    lists: frozenset[str]
    check_at: str | None
    body: Mapping[str, Any]
    words: str = ""


def fold(text: str) -> str:
    """Return a text for searching: without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def put(unit: Unit, record: WorklistRecord) -> None:
    """Renew the row of one patient."""
    who = fold(f"{record.name} {record.mrn} {record.birth or ''} {record.regimen}")
    search = f"{who}{BEHIND}{fold(record.words)}" if record.words else who
    flags = [int(name in record.lists) for name in ("tomorrow", "today", "nadir_window", "overdue", "alerts")]
    text = json.dumps(record.body, ensure_ascii=False, separators=(",", ":"))
    values = (
        record.patient,
        fold(record.name),
        search,
        record.mrn,
        record.birth,
        record.tier,
        record.anc,
        record.count_at,
        record.next_day1,
        record.regimen,
        record.cycle_day,
        *flags,
        record.check_at,
        text,
    )
    unit.execute("DELETE FROM worklist WHERE patient = ?", (record.patient,))
    unit.execute(f"INSERT INTO worklist VALUES ({', '.join('?' * len(values))})", values)


def remove(unit: Unit, patient: str) -> None:
    """Take a patient's row and live alerts away."""
    unit.execute("DELETE FROM worklist WHERE patient = ?", (patient,))
    unit.execute("DELETE FROM live_alert WHERE patient = ?", (patient,))


def read(
    store: Store, name: str, text: str, order: str, descending: bool, limit: int, offset: int, *, who: bool = False
) -> list[Mapping[str, Any]]:
    """Return rows of a list as they are shown; every word of the text must be found, of several with EITHER between them one.

    With `who` they are looked for in name, number, birth date and regimen only.
    """
    where, parameters = _where(name, text, WHO if who else SHOWN)
    columns = ORDERS.get(order, ORDERS["urgency"])
    if descending:
        columns = ", ".join(f"{column} DESC" for column in columns.split(", "))
    # chosen in an index that holds all that is sorted and filtered: the rows themselves are fetched and decrypted for one page only
    chosen = f"SELECT rowid FROM worklist{where} ORDER BY {columns} LIMIT ? OFFSET ?"
    sql = f"SELECT body FROM worklist WHERE rowid IN ({chosen}) ORDER BY {columns}"
    return [json.loads(row[0]) for row in store.rows(sql, [*parameters, limit, offset])]


def counts(store: Store) -> dict[str, int]:
    """Return how many patients each list holds, "all" among them.

    One pass over an index, however many lists there are; of 100,000 patients it takes 30 ms, so it is made once after each write.
    """
    return dict(store.once("worklist.counts", lambda: _count_all(store)))


def _count_all(store: Store) -> dict[str, int]:
    names = sorted(LISTS)
    sums = ", ".join(f"total({name})" for name in names)
    every, *flagged = store.rows(f"SELECT count(*), {sums} FROM worklist")[0]
    return {"all": int(every), **{name: int(number) for name, number in zip(names, flagged, strict=True)}}


def count(store: Store, name: str, text: str = "") -> int:
    """Return how many patients a list holds."""
    where, parameters = _where(name, text)
    return int(store.rows(f"SELECT count(*) FROM worklist{where}", parameters)[0][0])


def _where(name: str, text: str, like: str = SHOWN) -> tuple[str, list[Any]]:
    parts = [f"{name} = 1"] if name in LISTS else []
    parameters: list[Any] = []
    for word in fold(text).split():
        meant = [one for one in word.split(EITHER) if one] or [word]
        parts.append(f"({' OR '.join([like] * len(meant))})" if len(meant) > 1 else like)
        parameters += [f"%{_escaped(one)}%" for one in meant for _ in range(like.count("?"))]
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), parameters


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def make_due(unit: Unit, patient: str, at: str) -> bool:
    """Have a patient evaluated at the next chance; return False where she has no row yet."""
    there = unit.execute("SELECT check_at FROM worklist WHERE patient = ?", (patient,)).fetchone()
    if there is not None and (there[0] is None or there[0] > at):  # a row that is due already is not written anew
        unit.execute("UPDATE worklist SET check_at = ? WHERE patient = ?", (at, patient))
    return there is not None


def make_all_due(unit: Unit, at: str) -> None:
    """Have every patient evaluated at the next look: the rules or the protocol have changed."""
    unit.execute("UPDATE worklist SET check_at = ?", (at,))


def due(store: Store, at: str) -> list[str]:
    """Return the patients whose state the clock may have changed by then."""
    return [row[0] for row in store.rows("SELECT patient FROM worklist WHERE check_at IS NOT NULL AND check_at <= ?", (at,))]


def set_live_alerts(unit: Unit, patient: str, alerts: Sequence[tuple[str, int, str, str]]) -> None:
    """Renew the live alerts of a patient: (alert, tier, raised at, owner)."""
    unit.execute("DELETE FROM live_alert WHERE patient = ?", (patient,))
    for alert, tier, raised_at, owner in alerts:
        unit.execute("INSERT INTO live_alert VALUES (?, ?, ?, ?, ?)", (alert, patient, tier, raised_at, owner))


def live_alert_patients(store: Store) -> list[str]:
    """Return the patients with live alerts, worst and oldest first."""
    rows = store.rows("SELECT patient, min(tier), min(raised_at) FROM live_alert GROUP BY patient ORDER BY 2, 3")
    return [row[0] for row in rows]


def tier_counts(store: Store) -> dict[int, int]:
    """Return how many live alerts each tier has."""
    return {int(tier): int(number) for tier, number in store.rows("SELECT tier, count(*) FROM live_alert GROUP BY tier")}
