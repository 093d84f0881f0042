"""The patient's log: every fact, alert and decision, with who and when, superseded values kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neutromon.models.alerts import AlertEvent
from neutromon.services.records import needs_patient
from neutromon.services.session import Session
from neutromon.storage.codec import decode
from neutromon.storage.store import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One line of the log."""

    at: datetime
    who: str
    kind: str
    text: str
    fact_id: str
    superseded: bool = False


def patient_log(s: Session, patient_id: str) -> list[LogEntry]:
    """Return the log of a patient, newest first."""
    facts = s.store.facts_of(needs_patient(s, patient_id))
    replaced = {fact.supersedes for fact in facts if fact.supersedes}
    entries = [_fact_entry(fact, fact.id in replaced) for fact in facts]
    for _, body in s.store.alert_events(patient_id):
        entries.append(_alert_entry(decode(AlertEvent, body)))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _fact_entry(fact: Fact, superseded: bool) -> LogEntry:
    words = _words(fact.kind, fact.body)
    if fact.voided:
        words = f"Voided ({fact.reason}): {words}"
    elif fact.supersedes:
        words = f"Changed ({fact.reason}): {words}"
    at = datetime.fromisoformat(fact.at)
    return LogEntry(at=at, who=fact.author, kind=fact.kind, text=words, fact_id=fact.root, superseded=superseded)


def _words(kind: str, body: Mapping[str, Any]) -> str:
    """Return a record as one line."""
    if kind == "sample":
        values = ", ".join(f"{name} {value['value']} {value.get('unit') or ''}".strip() for name, value in body.get("values", {}).items())
        return f"Count of {body.get('collected_at', 'unknown time')}: {values}"
    if kind == "temperature":
        return f"Temperature {body.get('value')} °C {body.get('route') or ''}".strip()
    if kind == "course":
        cycles = len(body.get("cycles", []))
        return f"Course {body.get('regimen') or 'without regimen'}, {cycles} cycles"
    if kind == "growth_factor":
        return f"{'Planned' if body.get('planned') else 'Given'} {body.get('product')} {body.get('dose') or ''}".strip()
    if kind == "decision":
        return f"Decision: {body.get('text')} {body.get('reason') or ''}".strip()
    if kind in {"antibiotic", "drug"}:
        return str(body.get("name"))
    if kind == "event":
        return f"{body.get('kind')}: {body.get('text', '')}"
    if kind == "symptom":
        return f"Symptom: {str(body.get('code', '')).replace('_', ' ')}"
    return {"patient": "Patient data", "episode": "Judgement of the episode", "work_up": "Work-up"}.get(kind, kind)


def _alert_entry(event: AlertEvent) -> LogEntry:
    action = (
        f" ({event.acknowledgement.action}{' ' + event.acknowledgement.note if event.acknowledgement.note else ''})"
        if event.acknowledgement
        else ""
    )
    reason = f" ({event.reason})" if event.reason else ""
    text = f"Alert {event.kind.value.replace('_', ' ')}{action}{reason}: {event.text}"
    return LogEntry(at=event.at, who=event.by, kind="alert", text=text, fact_id=event.alert_id)
