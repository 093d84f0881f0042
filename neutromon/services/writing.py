"""Every write: one unit with the facts, the audit, the new evaluation, the alert events and the worklist row."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from neutromon.models.alerts import Alert, AlertEvent
from neutromon.models.changes import Changes
from neutromon.models.evaluation import Evaluation, Tier
from neutromon.models.history import Patient, PatientHistory
from neutromon.rules import evaluate
from neutromon.rules.alert_fold import fold
from neutromon.rules.alerts import ReconcileContext, apply, reconcile
from neutromon.rules.forecast_finding import with_forecast
from neutromon.services.histories import build_history, chains
from neutromon.services.outlook import stored_outlook
from neutromon.services.records import identifier_pairs
from neutromon.services.session import Session
from neutromon.services.worklist_rows import build_row, waiting_row
from neutromon.services.worklist_search import search_words
from neutromon.storage import worklist_table
from neutromon.storage.codec import decode, encode
from neutromon.storage.store import Fact, Unit

_compact = json.JSONEncoder(separators=(",", ":")).encode


class Write:
    """What is being written; `changes` tells afterwards which patients and alerts it touched."""

    def __init__(self, session: Session, unit: Unit) -> None:
        self.session = session
        self.unit = unit
        self.now = session.clock()
        self.at = self.now.isoformat()
        self._patients: dict[str, None] = {}
        self._alerts: set[str] = set()
        self._written: list[tuple[str, str]] = []
        self._answered: list[tuple[str, str]] = []
        self._following = False
        self.holding = False
        self.protocol = False
        self.settings = False
        self.bulk = False

    @property
    def changes(self) -> Changes:
        """Return the ids of what was touched."""
        return Changes(
            patient_ids=frozenset(self._patients),
            alert_ids=frozenset(self._alerts),
            holding=self.holding,
            protocol=self.protocol,
            settings=self.settings,
            written=tuple(self._written),
            answered=tuple(self._answered),
        )

    def touch(self, patient: str) -> None:
        """Have a patient evaluated anew before the unit ends."""
        if patient:
            self._patients[patient] = None

    def add(self, patient: str, kind: str, body: Mapping[str, Any], what: str = "added") -> str:
        """Append a new record and return its id."""
        record = self.session.ids()
        self._append(fact_id=record, patient=patient, kind=kind, body=body)
        self.audit(f"{kind} {what}", patient, record)
        return record

    def revise(self, latest: Fact, body: Mapping[str, Any], reason: str, *, voided: bool = False, what: str = "changed") -> str:
        """Append a revision that supersedes the latest one, with its reason."""
        fact_id = self.session.ids()
        self._append(
            fact_id=fact_id,
            patient=latest.patient,
            kind=latest.kind,
            body=body,
            root=latest.root,
            supersedes=latest.id,
            reason=reason or "not stated",
            voided=voided,
        )
        self.audit(f"{latest.kind} {'voided' if voided else what}", latest.patient, latest.root)
        return fact_id

    def _append(self, **values: Any) -> None:
        self.unit.add_fact(at=self.at, author=self.session.user, **values)
        self.note(values.get("root", values["fact_id"]), values["fact_id"])
        self.touch(values["patient"])

    def note(self, root: str, fact_id: str) -> None:
        """Count a revision that was appended straight to the unit among what this save wrote, so that it is taken back with it."""
        if not self.bulk:
            self._written.append((root, fact_id))

    def audit(self, what: str, patient: str, detail: str = "") -> None:
        """Append a link of the audit chain; ids only, no names."""
        text = _compact({"patient": patient, "record": detail})
        self.unit.audit(self.at, self.session.user, what, text)

    def alert_event(self, event: AlertEvent) -> None:
        """Append an event of an alert."""
        event = replace(event, id=self.session.ids())
        self.unit.add_alert_event(event.id, event.alert_id, event.patient_id, encode(event))
        self._alerts.add(event.alert_id)
        if not self._following:
            self._answered.append((event.alert_id, event.id))
        self.audit(f"alert {event.kind.value}", event.patient_id, event.alert_id)
        self.touch(event.patient_id)

    def finish(self) -> None:
        """Evaluate every touched patient: alerts, snapshot, worklist row; in a bulk load they wait, marked as due."""
        self._following = True
        for patient in self._patients:
            if not self.bulk:
                refresh(self, patient)
            elif not worklist_table.make_due(self.unit, patient, self.now.isoformat()):
                _wait(self, patient)


@contextmanager
def writing(session: Session) -> Iterator[Write]:
    """Give a write whose end evaluates what it touched; nothing stays where anything fails."""
    with session.store.unit() as unit:
        write = Write(session, unit)
        yield write
        write.finish()


def read_alerts(session: Session, patient: str) -> tuple[Alert, ...]:
    """Return every alert of a patient as its events leave it."""
    by_alert: dict[str, list[AlertEvent]] = {}
    for alert, body in session.store.alert_events(patient):
        by_alert.setdefault(alert, []).append(decode(AlertEvent, body))
    return tuple(fold(events) for events in by_alert.values())


def refresh(write: Write, patient: str) -> None:
    """Evaluate one patient and store what follows from it."""
    session = write.session
    facts = session.store.facts_of(patient)
    known = session.memory.of(patient)
    history = build_history(patient, facts, known.records)
    if _is_withdrawn(patient, facts):
        _forget(write, patient, history, facts)
        return
    evaluation = evaluate(history, session.rules, write.now, session.protocol, samples=known.samples)
    evaluation = with_forecast(evaluation, history, stored_outlook(facts, write.now), session.rules, session.protocol)
    alerts = read_alerts(session, patient)
    events = reconcile(alerts, evaluation.findings, _context(write, patient, history, facts, evaluation))
    for event in events:
        write.alert_event(event)
    current = apply(alerts, events)
    _snapshot(write, patient, evaluation)
    _identifiers(write, patient, history.patient)
    _project(write, patient, history, evaluation, current, _decision(facts, evaluation))


def _is_withdrawn(patient: str, facts: list[Fact]) -> bool:
    """Return whether a patient's own record is voided: she was made by a decision that was taken back."""
    own = [fact for fact in facts if fact.root == patient and fact.kind == "patient"]
    return bool(own) and own[-1].voided


def _forget(write: Write, patient: str, history: PatientHistory, facts: list[Fact]) -> None:
    """Take a withdrawn patient from every list and from under her numbers; her alerts end, her log stays."""
    session = write.session
    evaluation = evaluate(history, session.rules, write.now, session.protocol)
    for event in reconcile(read_alerts(session, patient), (), _context(write, patient, history, facts, evaluation)):
        write.alert_event(event)
    worklist_table.remove(write.unit, patient)
    write.unit.set_identifiers(patient, ())


def _wait(write: Write, patient: str) -> None:
    """Put a new patient on the list, due, before anything is known of her counts: the row says so until she is evaluated."""
    history = build_history(patient, write.session.store.revisions(patient))
    row = waiting_row(history.patient)
    record = worklist_table.WorklistRecord(
        patient=patient,
        name=row.name,
        mrn=row.mrn,
        birth=row.birth_date.isoformat() if row.birth_date else None,
        tier=worklist_table.NO_ALERT,
        anc=None,
        count_at=None,
        next_day1=None,
        regimen="",
        cycle_day=None,
        lists=frozenset(),
        check_at=write.now.isoformat(),
        body=encode(row),
    )
    worklist_table.put(write.unit, record)
    _identifiers(write, patient, history.patient)


def _context(write: Write, patient: str, history: PatientHistory, facts: list[Fact], evaluation: Evaluation) -> ReconcileContext:
    revised = {
        chain.latest.root: datetime.fromisoformat(chain.latest.at)
        for chain in chains(facts)
        if chain.latest.kind == "sample" and len(chain.revisions) > 1
    }
    used = evaluation.rule_sets
    return ReconcileContext(
        patient_id=patient,
        now=write.now,
        new_id=write.session.ids,
        rule_version=next((f"{r.id} {r.version} {r.sha256[:12]}" for r in used if r.id == "findings"), ""),
        protocol_version=evaluation.protocol_version,
        sample_times={sample.id: sample.collected_at for sample in history.counts if sample.collected_at is not None},
        revised=revised,
        growth_factors=_growth_factors(facts),
        anc_times={c.sample_id: c.collected_at for c in evaluation.counts if c.collected_at is not None and c.anc.quantity is not None},
    )


def _growth_factors(facts: list[Fact]) -> list[tuple[datetime, str]]:
    """Return the growth factors on record in words, with when each was recorded, oldest first."""
    own = [chain for chain in chains(facts) if chain.latest.kind == "growth_factor" and not chain.latest.voided]
    return sorted((datetime.fromisoformat(chain.revisions[0].at), _growth_factor_words(chain.latest.body)) for chain in own)


def _growth_factor_words(body: Mapping[str, Any]) -> str:
    when = body.get("given_at")
    return " ".join(str(part) for part in (body.get("product"), when and ("planned" if body.get("planned") else "given"), when) if part)


def _snapshot(write: Write, patient: str, evaluation: Evaluation) -> None:
    """Keep what the rules said and by which files, so that an old alert can be explained."""
    body = {
        "protocol": evaluation.protocol_version,
        "rules": {f"{r.id} {r.version}": r.sha256[:16] for r in evaluation.rule_sets},
        "counts": len(evaluation.counts),
        "fn": dict(evaluation.febrile_neutropenia),
        "findings": [
            {"rule": f.rule, "tier": f.tier.value, "key": f.key, "text": f.text, "inputs": f.basis.inputs} for f in evaluation.findings
        ],
    }
    write.unit.add_evaluation(write.session.ids(), patient, write.now.isoformat(), body)


def _identifiers(write: Write, patient: str, record: Patient) -> None:
    write.unit.set_identifiers(patient, identifier_pairs(record))


def _decision(facts: list[Fact], evaluation: Evaluation) -> str:
    """Return the newest decision on the next treatment; one that was made for another day says nothing of this one."""
    latest = {fact.root: fact for fact in facts if fact.kind == "decision"}
    newest = [fact for fact in latest.values() if not fact.voided]
    if not newest:
        return ""
    target = evaluation.day1.target_date if evaluation.day1 else None
    body = newest[-1].body
    return str(body.get("text", "")) if body.get("target", target) == target else ""


def _project(write: Write, patient: str, history: PatientHistory, evaluation: Evaluation, alerts: tuple[Alert, ...], decision: str) -> None:
    session = write.session
    regimen = session.rules.regimen(history.course.regimen if history.course else None)
    row = build_row(history, evaluation, alerts, now=write.now, regimen=regimen, decision=decision, grading=session.protocol.ctcae)
    live = [alert for alert in alerts if alert.is_live]
    worst = min((alert.tier.value for alert in live), default=worklist_table.NO_ALERT)
    record = worklist_table.WorklistRecord(
        patient=patient,
        name=row.name,
        mrn=row.mrn,
        birth=row.birth_date.isoformat() if row.birth_date else None,
        tier=worst,
        anc=_latest_anc(evaluation),
        count_at=row.count_at.isoformat() if row.count_at else None,
        next_day1=row.next_day1.isoformat() if row.next_day1 else None,
        regimen=row.regimen or "",
        cycle_day=row.cycle_day,
        lists=frozenset(name.value for name in row.lists),
        check_at=_check_at(
            write.now, history, live, row.count_at and row.count_at + timedelta(hours=session.protocol.count_validity_hours)
        ),
        body=encode(row),
        words=search_words(row),
    )
    worklist_table.put(write.unit, record)
    worklist_table.set_live_alerts(write.unit, patient, [(a.id, a.tier.value, a.raised_at.isoformat(), a.owner) for a in live])


def _latest_anc(evaluation: Evaluation) -> float | None:
    known = [c for c in evaluation.counts if c.anc.quantity is not None and c.collected_at and c.collected_at <= evaluation.now]
    newest = max(known, key=lambda c: c.collected_at or evaluation.now, default=None)
    return float(newest.anc.quantity.value) if newest and newest.anc.quantity else None


def _check_at(now: datetime, history: PatientHistory, live: list[Alert], expires: datetime | None = None) -> str | None:
    """Return when the clock may change what is shown: the next midnight, a due time, the end of a pause, or of the count's validity."""
    if history.course is None and not live:
        return None
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    times = [midnight]
    if expires is not None and expires >= now:
        times.append(expires + timedelta(minutes=1))  # exactly at its end a count is still in force
    for alert in live:
        due = alert.acknowledgement.due if alert.acknowledgement else None
        times += [time for time in (due, alert.snooze.until if alert.snooze else None) if time is not None and time > now]
    if any(alert.tier is Tier.EMERGENCY for alert in live):
        times.append(now + timedelta(minutes=15))
    return min(times).astimezone(midnight.tzinfo).isoformat()
