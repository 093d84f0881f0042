"""The store itself: make, open, check, back up, restore, re-key, users, audit trail."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from neutromon.services.session import PRACTICE_MARK, Session
from neutromon.storage import opening
from neutromon.storage.audit import AuditEntry, Trail
from neutromon.storage.codec import decode
from neutromon.storage.ids import id_maker


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a check of the store found."""

    checks: tuple[opening.Check, ...]

    @property
    def ok(self) -> bool:
        """Return whether every check holds."""
        return all(check.ok for check in self.checks)


def create_store(path: Path, user: str, passphrase: str, *, now: datetime, key_cost: Mapping[str, int] | None = None) -> opening.Created:
    """Make a store with its first user; the recovery key is told once. `key_cost` is for a store with nothing to protect."""
    return opening.create(path, user, passphrase, now, station=f"ws-{secrets.token_hex(4)}", key_cost=key_cost)


def open_session(path: Path, user: str, passphrase: str, *, clock: Callable[[], datetime], practice: bool = False) -> Session:
    """Open a store for one person; raise StoreError with one sentence where it cannot be opened.

    A store of the practice clinic says itself that it is one; `practice` is for the one that is just being made.
    """
    store = opening.open_store(path, user, passphrase, clock())
    try:
        name = opening.name_in(path, user)  # as she is written: her name stands beside everything she records
        marked = practice or store.meta(PRACTICE_MARK) is not None
        session = Session(store=store, user=name, clock=clock, ids=id_maker(clock), practice=marked)
        with store.unit() as unit:
            unit.audit(clock().isoformat(), name, "signed in", "{}")
    except BaseException:
        store.close()
        raise
    return session


def close_session(s: Session) -> None:
    """Close the store."""
    s.store.close()


def check_store(s: Session) -> CheckReport:
    """Check integrity, foreign keys, schema and audit chain."""
    return CheckReport(checks=tuple(opening.check(s.store)))


def rekey(s: Session, new_passphrase: str) -> None:
    """Change the passphrase of the person who is signed in."""
    from neutromon.storage import pins

    opening.change_passphrase(s.store, s.user, new_passphrase)
    with s.store.unit() as unit:
        unit.audit(s.clock().isoformat(), s.user, "passphrase changed", "{}")
        if pins.drop(unit, s.user):
            unit.audit(s.clock().isoformat(), s.user, "PIN removed", "{}")


def users(s: Session) -> list[str]:
    """Return who can open the store."""
    return opening.users(s.store)


def audit_trail(s: Session) -> Trail:
    """Return the audit trail with its verification."""
    return s.store.trail()


def number_of(s: Session, entry: AuditEntry) -> tuple[str, bool]:
    """Return the number of the patient whom an entry is about and whether it is only what was sent; the trail holds ids only.

    A result that waits is nobody's yet: its entry tells the number in the message, once it is decided that of the patient.
    """
    detail = json.loads(entry.detail or "{}")
    patient, record = str(detail.get("patient") or ""), str(detail.get("record") or "")
    waiting = s.store.revisions(record)[-1:] if record.startswith("held-") else []
    if waiting:
        body = waiting[-1].body
        patient = str(body.get("decision", {}).get("patient") or body.get("patient") or "")
        sent = body.get("set", {}).get("identifiers") or ()
        if not patient and sent:
            return str(sent[0].get("value") or ""), True
    return _number(s, patient), False


def person_of(s: Session, entry: AuditEntry) -> str:
    """Return the name of the person whose access an entry is about, "" for every other entry."""
    record = str(json.loads(entry.detail or "{}").get("record") or "")
    revisions = s.store.revisions(record) if record and not record.startswith("held-") else []
    return str(revisions[-1].body.get("name") or "") if revisions and revisions[-1].kind == "person" else ""


def _number(s: Session, patient: str) -> str:
    from neutromon.models.history import Patient  # the first paint opens a store without the patients' records

    revisions = s.store.revisions(patient) if patient else []
    known = decode(Patient, revisions[-1].body).identifier if revisions and revisions[-1].kind == "patient" else None
    return known.value if known else ""
