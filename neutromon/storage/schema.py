"""The tables, written by hand: append-only logs with their triggers, projections that can be made anew, and secrets that go for good."""

from typing import Any

VERSION = 2
APPLICATION_ID = 0x4E4D4F4E
LOGS = ("fact", "alert_event", "evaluation", "audit", "message")
PROJECTIONS = ("worklist", "identifier", "draft", "meta", "live_alert")
SECRETS = ("pin",)
"""In no log: what is removed here leaves the file (secure_delete); that it was there stands in the audit trail."""
SINCE = {"pin": 2}
"""The version in which a table came, where it was not the first."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE fact (
  id TEXT PRIMARY KEY, root TEXT NOT NULL, patient TEXT NOT NULL, kind TEXT NOT NULL, seq INTEGER NOT NULL,
  supersedes TEXT, reason TEXT, voided INTEGER NOT NULL DEFAULT 0,
  at TEXT NOT NULL, author TEXT NOT NULL, station TEXT NOT NULL, body TEXT NOT NULL,
  CHECK (supersedes IS NULL OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX fact_patient ON fact (patient, seq);
CREATE INDEX fact_root ON fact (root, seq);
CREATE INDEX fact_kind ON fact (kind, seq);
CREATE VIEW current_fact AS SELECT * FROM fact WHERE id NOT IN (SELECT supersedes FROM fact WHERE supersedes IS NOT NULL);
CREATE TABLE alert_event (
  id TEXT PRIMARY KEY, alert TEXT NOT NULL, patient TEXT NOT NULL, seq INTEGER NOT NULL, station TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_event_patient ON alert_event (patient, seq);
CREATE INDEX alert_event_alert ON alert_event (alert, seq);
CREATE TABLE evaluation (
  id TEXT PRIMARY KEY, patient TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, station TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX evaluation_patient ON evaluation (patient, seq);
CREATE TABLE message (
  id TEXT PRIMARY KEY, digest TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, author TEXT NOT NULL, station TEXT NOT NULL,
  name TEXT NOT NULL, format TEXT NOT NULL, content BLOB NOT NULL, report TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_digest ON message (digest);
CREATE TABLE audit (
  station TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL,
  prev TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (station, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE identifier (
  value TEXT NOT NULL, authority TEXT NOT NULL, patient TEXT NOT NULL, PRIMARY KEY (value, authority, patient)) STRICT;
CREATE INDEX identifier_patient ON identifier (patient);
CREATE TABLE worklist (
  patient TEXT PRIMARY KEY, name TEXT NOT NULL, search TEXT NOT NULL, mrn TEXT NOT NULL, birth TEXT,
  tier INTEGER NOT NULL, anc REAL, count_at TEXT, next_day1 TEXT, regimen TEXT NOT NULL, cycle_day INTEGER,
  tomorrow INTEGER NOT NULL, today INTEGER NOT NULL, nadir_window INTEGER NOT NULL, overdue INTEGER NOT NULL, alerts INTEGER NOT NULL,
  check_at TEXT, body TEXT NOT NULL
) STRICT;
CREATE INDEX worklist_urgency ON worklist (tier, anc IS NULL, anc, name,
  tomorrow, today, nadir_window, overdue, alerts, search);
CREATE INDEX worklist_name ON worklist (name, patient, tier, anc, count_at, next_day1, regimen, cycle_day, mrn,
  tomorrow, today, nadir_window, overdue, alerts, search);
CREATE INDEX worklist_check ON worklist (check_at);
CREATE TABLE live_alert (
  alert TEXT PRIMARY KEY, patient TEXT NOT NULL, tier INTEGER NOT NULL, raised_at TEXT NOT NULL, owner TEXT NOT NULL) STRICT;
CREATE INDEX live_alert_order ON live_alert (tier, raised_at);
CREATE TABLE draft (patient TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (patient, kind)) STRICT;
CREATE TABLE pin (
  person TEXT PRIMARY KEY, slot TEXT NOT NULL, par TEXT NOT NULL, salt TEXT NOT NULL, hash TEXT NOT NULL,
  wrong INTEGER NOT NULL DEFAULT 0 CHECK (wrong BETWEEN 0 AND 3)
) STRICT, WITHOUT ROWID;
"""
GUARD = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
  BEGIN SELECT RAISE(ABORT, 'append only: id exists'); END;
"""


def create(connection: Any) -> None:
    """Make every table in a new file, inside the caller's transaction."""
    script = TABLES + "".join(
        GUARD.format(table=table, same="station = NEW.station AND seq = NEW.seq" if table == "audit" else "id = NEW.id") for table in LOGS
    )
    for statement in split(script):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")


def split(script: str) -> list[str]:
    """Return the statements of a script; a trigger's body belongs to its statement."""
    found, current = [], ""
    for line in script.strip().splitlines():
        current += line + "\n"
        whole = current.rstrip()
        if whole.endswith("END;") or (whole.endswith(";") and "CREATE TRIGGER" not in current):
            found.append(whole.rstrip(";"))
            current = ""
    return [statement if not statement.endswith("END") else f"{statement};" for statement in found]


def tables(version: int = VERSION) -> frozenset[str]:
    """Return the names of every table that must be there in a file of a version."""
    return frozenset(name for name in (*LOGS, *PROJECTIONS, *SECRETS) if SINCE.get(name, 1) <= max(version, 1))
