"""What a person does about alerts: see, acknowledge, pause, resolve, own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from neutromon.models.alerts import ACTIONS, NOT_RELEVANT, Acknowledgement, Alert, AlertEvent, AlertEventKind, AlertState, Snooze
from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.history import Antibiotic
from neutromon.models.worklist import WorklistRow
from neutromon.rules.alert_fold import check_allowed, fold
from neutromon.services.records import needs_reason
from neutromon.services.rows import read_row
from neutromon.services.session import Session
from neutromon.services.writing import Write, read_alerts, writing
from neutromon.storage import worklist_table
from neutromon.storage.codec import decode, encode

NEXT_COUNT_AT_LATEST = timedelta(days=7)
"""A pause until the next count ends here even if no count comes: no pause is open-ended (product section 1, ask 5)."""
URGENT_PAUSE = timedelta(hours=24)


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
    patients = [patient for patient in worklist_table.live_alert_patients(s.store) if patient in rows]
    found = [_alert_row(alert, rows[patient]) for patient in patients for alert in alerts_of(s, patient) if owner in (None, alert.owner)]
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
    if alert_by_id(s, alert_id).state is not AlertState.RAISED:
        return Outcome(value=None)
    with writing(s) as write:
        append_event(write, alert_by_id(s, alert_id), AlertEventKind.SEEN)
    return Outcome(value=None, changes=write.changes)


def acknowledge_alert(s: Session, alert_id: str, acknowledgement: Acknowledgement, antibiotic: Antibiotic | None = None) -> Outcome[None]:
    """Acknowledge an alert with the action taken; an antibiotic that was given is stored with it, in the same unit."""
    alert = alert_by_id(s, alert_id)
    answer = replace(acknowledgement, owner=acknowledgement.owner.strip() or s.user)
    with writing(s) as write:
        _check_answer(write, answer, antibiotic)
        append_event(write, alert, AlertEventKind.ACKNOWLEDGED, acknowledgement=answer)
        if antibiotic is not None:
            write.add(alert.patient_id, "antibiotic", encode(replace(antibiotic, id="")))
    return Outcome(value=None, changes=write.changes)


def _check_answer(write: Write, answer: Acknowledgement, antibiotic: Antibiotic | None) -> None:
    """Refuse an answer that leaves out what its action is about."""
    if answer.action and answer.action not in (*ACTIONS, "seen_only"):
        raise UserError("This is no action.", "Choose an action from the list.")
    if answer.due is not None and answer.due <= write.now:
        raise UserError("The follow-up is due in the past.", "Choose a later time.")
    if answer.action == "informed" and not (answer.informed_name.strip() and answer.informed_role.strip()):
        raise UserError("Say who was informed.", "Type the name and the role.")
    if answer.action == "count_repeated" and answer.due is None:
        raise UserError("Say when the repeated count is due.", "Type a date or time.")
    if answer.action == "antibiotic_given" and (antibiotic is None or not antibiotic.name.strip() or antibiotic.given_at is None):
        raise UserError("Say which antibiotic was given, and when.", "Type the name and the time.")
    if answer.action == "chemo_deferred" and not answer.note.strip():
        raise UserError("Say for how long the treatment is deferred, and why.", "Type the days and the reason.")


def snooze_alert(s: Session, alert_id: str, snooze: Snooze) -> Outcome[None]:
    """Pause an alert with a reason and an end; its own tier is the ceiling, an emergency cannot be paused."""
    alert = alert_by_id(s, alert_id)
    with writing(s) as write:
        longest = URGENT_PAUSE if alert.tier is Tier.URGENT or not snooze.until_next_count else NEXT_COUNT_AT_LATEST
        length_s = snooze.until.timestamp() - write.now.timestamp()
        if alert.tier is not Tier.EMERGENCY and length_s > longest.total_seconds():
            raise UserError(
                f"This pause ends after {int(longest.total_seconds() // 3600)} hours at most.", "Choose an earlier end; it may be renewed."
            )
        append_event(write, alert, AlertEventKind.SNOOZED, snooze=replace(snooze, ceiling=alert.tier))
    return Outcome(value=None, changes=write.changes)


def resolve_alert(s: Session, alert_id: str, reason: str) -> Outcome[None]:
    """End an alert with a reason: a code of END_REASONS, or the code, a colon and a text.

    An emergency or urgent alert is answered with an action first; "not relevant" needs a text.
    """
    code, _, text = needs_reason(reason).partition(":")
    if code == NOT_RELEVANT and not text.strip():
        raise UserError("Say why this alert is not clinically relevant.", "A few words are enough; they help to judge the rule.")
    alert = alert_by_id(s, alert_id)
    unanswered = alert.acknowledged_at is None and alert.state is not AlertState.NEEDS_REVIEW
    if alert.is_live and unanswered and alert.tier <= Tier.URGENT:
        raise UserError("This alert is not answered yet.", "Acknowledge it with the action that was taken, then resolve it.")
    with writing(s) as write:
        append_event(write, alert, AlertEventKind.RESOLVED, reason=reason.strip())
    return Outcome(value=None, changes=write.changes)


def set_owner(s: Session, alert_ids: Sequence[str], owner: str) -> Outcome[None]:
    """Give alerts to a person; an emergency or urgent alert is never left without one."""
    with writing(s) as write:
        give_alerts(write, [alert_by_id(s, alert_id) for alert_id in alert_ids], owner)
    return Outcome(value=None, changes=write.changes)


def give_alerts(write: Write, alerts: Sequence[Alert], owner: str) -> None:
    """Append the change of owner of each alert to a write; refuse to leave an urgent one to nobody."""
    if not owner.strip() and any(alert.tier <= Tier.URGENT for alert in alerts):
        raise UserError("An urgent alert cannot be left without an owner.", "Give it to a person.")
    for alert in alerts:
        append_event(write, alert, AlertEventKind.OWNER, reason=owner.strip())


def append_event(
    write: Write,
    alert: Alert,
    kind: AlertEventKind,
    *,
    reason: str = "",
    acknowledgement: Acknowledgement | None = None,
    snooze: Snooze | None = None,
) -> None:
    """Append a person's event to a write, with the text that the alert showed; refuse what its state does not allow."""
    raised = alert.events[0]
    event = AlertEvent(
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
        reason=reason,
        acknowledgement=acknowledgement,
        snooze=snooze,
    )
    check_allowed(alert, event)
    write.alert_event(event)
