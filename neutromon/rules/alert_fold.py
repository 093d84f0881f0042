"""Fold an alert's events into the alert as it stands."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from neutromon.models.alerts import NO_OWNER, Alert, AlertEvent, AlertEventKind, AlertState
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier

ENGINE = "NeutroMon"
"""By whom events are that no person caused; it owns nothing."""
_UNOWNED = re.compile(rf"{NO_OWNER}; [^.]*\.")


def fold(events: Sequence[AlertEvent]) -> Alert:
    """Return the alert that its events, in order, leave behind; the first of them raises it.

    Raises ValueError where the events are empty or do not begin with a raise.
    """
    if not events or events[0].kind is not AlertEventKind.RAISED:
        raise ValueError("an alert begins with the event that raised it")
    alert = _first(events[0])
    for event in standing(events)[1:]:
        alert = _STEPS[event.kind](alert, event)
    return replace(alert, events=tuple(events), text=_with_owner(alert))


def standing(events: Sequence[AlertEvent]) -> list[AlertEvent]:
    """Return the events without the answers that were taken back, and without their withdrawals."""
    gone = {event.withdraws for event in events if event.kind is AlertEventKind.WITHDRAWN}
    return [event for event in events if event.kind is not AlertEventKind.WITHDRAWN and (not event.id or event.id not in gone)]


def _with_owner(alert: Alert) -> str:
    """Return the alert's text with its owner and due time in the last slot, once it has them (product 3.3)."""
    due = alert.acknowledgement.due if alert.acknowledgement else alert.snooze.until if alert.snooze else None
    if not alert.owner or alert.owner == ENGINE:
        return alert.text
    who = f"Due {due:%d %b %H:%M}; owner: {alert.owner}." if due is not None else f"Owner: {alert.owner}."
    return _UNOWNED.sub(lambda _: who, alert.text)


def check_allowed(alert: Alert, event: AlertEvent) -> None:
    """Raise UserError where a person's event is not allowed in the alert's state (product 3.4)."""
    if not alert.is_live:
        raise UserError("This alert has ended.", "Open the patient's log to see how.")
    if event.kind is AlertEventKind.SNOOZED:
        _check_snooze(alert, event)
    if event.kind is AlertEventKind.ACKNOWLEDGED:
        _check_acknowledgement(alert, event)


def blocks_proceed(alert: Alert) -> bool:
    """Return whether an alert stands against "proceed": an emergency until it is answered, an urgent one until it has an owner."""
    if not alert.is_live or alert.acknowledged_at is not None:
        return False
    return alert.tier is Tier.EMERGENCY or (alert.tier is Tier.URGENT and not alert.owner)


def _check_snooze(alert: Alert, event: AlertEvent) -> None:
    if alert.tier is Tier.EMERGENCY:
        raise UserError("An emergency alert cannot be paused.", "Acknowledge it with the action that was taken.")
    if event.snooze is None or not event.snooze.reason.strip():
        raise UserError("A pause needs a reason and an end.", "Choose a reason from the list.")
    # Instants, not clock readings: two times of one zone would otherwise be told apart by the wall clock, also across summer time.
    length_s = event.snooze.until.timestamp() - event.at.timestamp()
    if length_s <= 0:
        raise UserError("The end of the pause lies in the past.", "Choose a later time.")
    if length_s > 24 * 3600 and not event.snooze.until_next_count:
        raise UserError("A pause ends after 24 hours at most.", "Choose an earlier end, or the next count.")
    before = [e for e in standing(alert.events) if e.kind is AlertEventKind.SNOOZED and e.tier is Tier.URGENT]
    if alert.tier is Tier.URGENT and before:
        raise UserError("An urgent alert can be paused once.", "Acknowledge it with the action that was taken.")


def _check_acknowledgement(alert: Alert, event: AlertEvent) -> None:
    action = event.acknowledgement.action if event.acknowledgement else ""
    if not action or (alert.tier <= Tier.URGENT and action == "seen_only"):
        raise UserError("Say what was done about this alert.", "Choose an action from the list.")
    if action == "other" and event.acknowledgement and not event.acknowledgement.note.strip():
        raise UserError("Say in a few words what was done.", "Type the action, then save again.")


def _first(event: AlertEvent) -> Alert:
    return Alert(
        id=event.alert_id,
        patient_id=event.patient_id,
        rule=event.rule,
        key=event.key,
        tier=event.tier,
        state=AlertState.RAISED,
        text=event.text,
        raised_at=event.at,
        evidence=event.evidence,
        value=event.value,
        mechanism=event.mechanism,
    )


def _evidence(alert: Alert, event: AlertEvent) -> Alert:
    added = tuple(sample for sample in event.evidence if sample not in alert.evidence)
    return replace(
        alert,
        tier=event.tier,
        text=event.text,
        value=event.value,
        mechanism=event.mechanism,
        evidence=alert.evidence + added,
        repeat_count=alert.repeat_count + 1,
    )


def _re_raised(alert: Alert, event: AlertEvent) -> Alert:
    again = _evidence(alert, event)
    return replace(again, state=AlertState.RAISED, acknowledgement=None, acknowledged_at=None, snooze=None)


def _seen(alert: Alert, event: AlertEvent) -> Alert:
    state = AlertState.SEEN if alert.state is AlertState.RAISED else alert.state
    return replace(alert, state=state, seen_at=alert.seen_at or event.at)


def _acknowledged(alert: Alert, event: AlertEvent) -> Alert:
    reviewed = alert.state is AlertState.NEEDS_REVIEW
    owner = event.acknowledgement.owner if event.acknowledgement and event.acknowledgement.owner else event.by
    return replace(
        alert,
        state=AlertState.CLEARED if reviewed else AlertState.ACKNOWLEDGED,
        acknowledged_at=event.at,
        acknowledgement=event.acknowledgement,
        snooze=None,
        owner=owner,
        seen_at=alert.seen_at or event.at,
    )


def _snoozed(alert: Alert, event: AlertEvent) -> Alert:
    return replace(alert, state=AlertState.SNOOZED, snooze=event.snooze, owner=alert.owner or event.by)


def _owner(alert: Alert, event: AlertEvent) -> Alert:
    return replace(alert, owner=event.reason)


def _cleared(alert: Alert, event: AlertEvent) -> Alert:
    unanswered = alert.acknowledged_at is None and alert.tier <= Tier.URGENT
    return replace(alert, state=AlertState.NEEDS_REVIEW if unanswered else AlertState.CLEARED)


def _ended(state: AlertState) -> Callable[[Alert, AlertEvent], Alert]:
    def step(alert: Alert, event: AlertEvent) -> Alert:
        return replace(alert, state=state, owner=alert.owner or event.by)

    return step


_STEPS: Mapping[AlertEventKind, Callable[[Alert, AlertEvent], Alert]] = {
    AlertEventKind.RAISED: _re_raised,
    AlertEventKind.EVIDENCE: _evidence,
    AlertEventKind.SEEN: _seen,
    AlertEventKind.ACKNOWLEDGED: _acknowledged,
    AlertEventKind.SNOOZED: _snoozed,
    AlertEventKind.RE_RAISED: _re_raised,
    AlertEventKind.OWNER: _owner,
    AlertEventKind.CLEARED: _cleared,
    AlertEventKind.RESOLVED: _ended(AlertState.RESOLVED),
    AlertEventKind.SUPERSEDED: _ended(AlertState.SUPERSEDED),
    AlertEventKind.RETRACTED: _ended(AlertState.RETRACTED),
}
