"""What a report needs from the store: facts of a patient, rows of a list, the state of the audit chain; each print is audited."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from neutromon import __version__
from neutromon.models.alerts import Alert
from neutromon.models.evaluation import Evaluation
from neutromon.models.history import PatientHistory
from neutromon.models.worklist import ListName, WorklistRow
from neutromon.rules import evaluate
from neutromon.rules.book_parts import Regimen
from neutromon.services.alerts import AlertRow, alerts_of, open_alerts
from neutromon.services.evaluations import refresh_alerts
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from neutromon.services.worklists import worklist

EVERY = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintFacts:
    """Who prints what when, on which rules, and whether the audit chain holds."""

    printed_by: str
    at: datetime
    program_version: str
    protocol_version: str
    grading: str
    rule_digest: str
    audit_text: str
    audit_holds: bool
    practice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFacts:
    """Everything that a patient's reports are made from."""

    history: PatientHistory
    evaluation: Evaluation
    alerts: tuple[Alert, ...]
    decision: str
    regimen: Regimen | None


def patient_facts(s: Session, patient_id: str) -> PatientFacts:
    """Return a patient's facts for printing; ended alerts are with them, since what was done belongs on paper."""
    history = patient_history(s, patient_id)
    return PatientFacts(
        history=history,
        evaluation=evaluate(history, s.rules, s.clock(), s.protocol),
        alerts=tuple(alerts_of(s, patient_id, include_ended=True)),
        decision=latest_decision(s, patient_id),
        regimen=s.rules.regimen(history.course.regimen if history.course else None),
    )


def latest_decision(s: Session, patient_id: str) -> str:
    """Return the newest day-1 decision with who and when, or an empty text."""
    found = [fact for fact in s.store.facts_of(patient_id) if fact.kind == "decision" and not fact.voided]
    if not found:
        return ""
    newest = found[-1]
    reason = f": {newest.body['reason']}" if newest.body.get("reason") else ""
    return f"{newest.body.get('text', '')}{reason} – {newest.author}, {datetime.fromisoformat(newest.at):%d %b %Y %H:%M}"


def list_rows(s: Session, name: ListName) -> list[WorklistRow]:
    """Return every row of a list, as fresh as the clock."""
    refresh_alerts(s)
    return worklist(s, name, limit=EVERY)


def handover_rows(s: Session, owner: str | None = None) -> list[AlertRow]:
    """Return every live alert, of one owner where named, as fresh as the clock."""
    refresh_alerts(s)
    return open_alerts(s, owner)


def note_print(s: Session, kind: str, patient_ids: Sequence[str] = ()) -> None:
    """Write into the audit that a report was made; ids only."""
    detail = json.dumps({"report": kind, "patients": list(patient_ids)}, separators=(",", ":"))
    with s.store.unit() as unit:
        unit.audit(s.clock().isoformat(), s.user, "report printed", detail)


def print_facts(s: Session) -> PrintFacts:
    """Return the footer's facts; the whole audit chain is verified here, once per print job."""
    trail = s.store.trail()
    head = trail.entries[-1].hash[:12] if trail.entries else "none"
    told = (
        f"Audit chain verified: {len(trail.entries)} links, head {head}" if trail.verified else f"AUDIT CHAIN NOT INTACT: {trail.problem}"
    )
    return PrintFacts(
        printed_by=s.user,
        at=s.clock(),
        program_version=__version__,
        protocol_version=s.protocol.version,
        grading=s.protocol.ctcae,
        rule_digest=_rule_digest(s),
        audit_text=told,
        audit_holds=trail.verified,
        practice=s.practice,
    )


def _rule_digest(s: Session) -> str:
    """Return one digest over all rule files, so that two prints can be told apart by their rules."""
    import hashlib

    joined = "".join(used.sha256 for used in s.rules.used)
    return hashlib.sha256(joined.encode()).hexdigest()
