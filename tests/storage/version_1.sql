-- The tables of a store of version 1 as its file holds them. Frozen: files made then must open for ever.
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
CREATE TRIGGER fact_no_update BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER fact_no_delete BEFORE DELETE ON fact BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER fact_no_replace BEFORE INSERT ON fact WHEN EXISTS (SELECT 1 FROM fact WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'append only: id exists'); END;
CREATE TRIGGER alert_event_no_update BEFORE UPDATE ON alert_event BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER alert_event_no_delete BEFORE DELETE ON alert_event BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER alert_event_no_replace BEFORE INSERT ON alert_event WHEN EXISTS (SELECT 1 FROM alert_event WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'append only: id exists'); END;
CREATE TRIGGER evaluation_no_update BEFORE UPDATE ON evaluation BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER evaluation_no_delete BEFORE DELETE ON evaluation BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER evaluation_no_replace BEFORE INSERT ON evaluation WHEN EXISTS (SELECT 1 FROM evaluation WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'append only: id exists'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE station = NEW.station AND seq = NEW.seq)
  BEGIN SELECT RAISE(ABORT, 'append only: id exists'); END;
CREATE TRIGGER message_no_update BEFORE UPDATE ON message BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER message_no_delete BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER message_no_replace BEFORE INSERT ON message WHEN EXISTS (SELECT 1 FROM message WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'append only: id exists'); END;
