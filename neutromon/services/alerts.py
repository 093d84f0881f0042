"""What a person does about alerts: see, acknowledge, pause, resolve, own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from neutromon.models.alerts import Acknowledgement, Alert, AlertEvent, AlertEventKind, Snooze
from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.worklist import WorklistRow
from neutromon.rules.alert_fold import check_allowed, fold
from neutromon.services.records import needs_reason
from neutromon.services.session import Session
from neutromon.services.writing import Write, read_alerts, read_row, writing
from neutromon.storage import worklist_table
from neutromon.storage.codec import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """A live alert with the patient whose it is."""

    alert: Alert
    patient_name: str
    initials: str
    mrn: str
    cycle_text: str


def alerts_of(s: Session, patient_id: str, include_ended: bool = False) -> list[Alert]:
    """Return a patient's alerts, worst tier first, oldest first."""
    found = [alert for alert in read_alerts(s, patient_id) if include_ended or alert.is_live]
    return sorted(found, key=lambda alert: (not alert.is_live, alert.tier, alert.raised_at))


def open_alerts(s: Session, owner: str | None = None) -> list[AlertRow]:
    """Return every live alert of the clinic, worst tier first; of one owner where named ("" are those without)."""
    rows = {row.patient_id: row for row in map(read_row, worklist_table.read(s.store, "alerts", "", "urgency", False, 100_000, 0))}
    found = []
    for patient in worklist_table.live_alert_patients(s.store):
        row = rows.get(patient)
        if row is None:
            continue
        found += [_alert_row(alert, row) for alert in alerts_of(s, patient) if owner is None or alert.owner == owner]
    return sorted(found, key=lambda item: (item.alert.tier, item.alert.raised_at))


def _alert_row(alert: Alert, row: WorklistRow) -> AlertRow:
    cycle = f"C{row.cycle} D{row.cycle_day}" if row.cycle is not None else ""
    return AlertRow(alert=alert, patient_name=row.name, initials=row.initials, mrn=row.mrn, cycle_text=cycle)


def alert_by_id(s: Session, alert_id: str) -> Alert:
    """Return one alert; raise UserError where it is not in the store."""
    events = [decode(AlertEvent, body) for body in s.store.events_of_alert(alert_id)]
    if not events:
        raise UserError("This alert is not in the store.", "Read the list again.")
    return fold(events)


def mark_seen(s: Session, alert_id: str) -> Outcome[None]:
    """Write down that the alert was shown to a person; nothing where it was seen before."""
    if alert_by_id(s, alert_id).state.value != "raised":
        return Outcome(value=None)
    return _append(s, [alert_id], AlertEventKind.SEEN)


def acknowledge_alert(s: Session, alert_id: str, acknowledgement: Acknowledgement) -> Outcome[None]:
    """Acknowledge an alert with the action taken."""
    return _append(s, [alert_id], AlertEventKind.ACKNOWLEDGED, acknowledgement=acknowledgement)


def snooze_alert(s: Session, alert_id: str, snooze: Snooze) -> Outcome[None]:
    """Pause an alert with a reason and an end; an emergency cannot be paused."""
    return _append(s, [alert_id], AlertEventKind.SNOOZED, snooze=snooze)


def resolve_alert(s: Session, alert_id: str, reason: str) -> Outcome[None]:
    """End an alert with a reason."""
    return _append(s, [alert_id], AlertEventKind.RESOLVED, reason=needs_reason(reason))


def set_owner(s: Session, alert_ids: Sequence[str], owner: str) -> Outcome[None]:
    """Give alerts to a person."""
    return _append(s, alert_ids, AlertEventKind.OWNER, reason=owner)


def _append(
    s: Session,
    alert_ids: Sequence[str],
    kind: AlertEventKind,
    *,
    reason: str = "",
    acknowledgement: Acknowledgement | None = None,
    snooze: Snooze | None = None,
) -> Outcome[None]:
    with writing(s) as write:
        for alert_id in alert_ids:
            alert = alert_by_id(s, alert_id)
            event = _event(write, alert, kind)
            event = replace(event, reason=reason, acknowledgement=acknowledgement, snooze=snooze)
            check_allowed(alert, event)
            write.alert_event(event)
    return Outcome(value=None, changes=write.changes)


def _event(write: Write, alert: Alert, kind: AlertEventKind) -> AlertEvent:
    raised = alert.events[0]
    return AlertEvent(
        alert_id=alert.id,
        patient_id=alert.patient_id,
        kind=kind,
        at=write.now,
        by=write.session.user,
        tier=alert.tier,
        rule=alert.rule,
        key=alert.key,
        text=alert.text,
        rule_version=raised.rule_version,
        protocol_version=raised.protocol_version,
        value=alert.value,
        mechanism=alert.mechanism,
    )
