"""Reconcile what the rules find with the alerts that are open: the life-cycle of product section 3 as pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from neutromon.models.alerts import Alert, AlertEvent, AlertEventKind, AlertState
from neutromon.models.evaluation import Finding, Tier
from neutromon.rules.alert_fold import ENGINE, fold
from neutromon.rules.alert_precedence import FN_RULES, INSIDE_FN, SIGNS, with_precedence

LATE_AFTER = timedelta(hours=72)
"""A sample older than this when it is first seen is a late result: never a siren for history (product 3.5)."""
FURTHER_FALL = Decimal("0.5")
"""A value at or below this share of the alert's value raises it again (product 3.5)."""

ANSWERED_BY_GCSF = frozenset({"gcsf.primary", "gcsf.secondary", "gcsf.therapeutic"})
"""The considerations that a growth factor answers, given or planned."""
_DATED = frozenset({"anc", "fall", "limit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileContext:
    """What the reconciliation needs beside alerts and findings.

    `sample_times` holds the collection time of every current sample; `revised` the time at which a sample was last corrected
    or voided; `anc_times` those of the samples with a usable ANC, None where that is not known of them; `growth_factors` what was
    recorded of them, and when, oldest first; `new_id` makes the id of a new alert; the versions are stored with each event.
    """

    patient_id: str
    now: datetime
    new_id: Callable[[], str]
    rule_version: str = ""
    protocol_version: str = ""
    sample_times: Mapping[str, datetime] = field(default_factory=dict)
    revised: Mapping[str, datetime] = field(default_factory=dict)
    anc_times: Mapping[str, datetime] | None = None
    growth_factors: Sequence[tuple[datetime, str]] = ()

    def times_for(self, alert: Alert) -> Mapping[str, datetime]:
        """Return the samples that can show how a count's alert goes on: without an ANC none says that a low one is gone."""
        return self.sample_times if self.anc_times is None or not alert.rule.startswith("anc.") else self.anc_times


def reconcile(alerts: Sequence[Alert], findings: Sequence[Finding], context: ReconcileContext) -> tuple[AlertEvent, ...]:
    """Return the events to append so that the open alerts say what the findings say; nothing new gives no events.

    One live alert per episode key. A worse tier supersedes the alert and raises a new one, whatever is snoozed. A result that
    was corrected retracts; a condition that is gone clears; febrile neutropenia takes the count's own alerts into itself.
    """
    kept = with_precedence(findings, lambda finding: _raised_tier(finding, context))
    newest = _newest_by_key(alerts)
    events: list[AlertEvent] = []
    found: set[str] = set()
    for finding in kept:
        alert = newest.get(finding.key) or _same_episode(finding, newest.values())
        found.add(alert.key if alert is not None else finding.key)
        events.extend(_reconcile_one(alert, finding, context))
    fn_alert = _alert_id_of_fn(kept, newest, events)
    for alert in alerts:
        if alert.is_live and alert.key not in found:
            events.extend(_end(alert, fn_alert, context))
    return tuple(events)


def _same_episode(finding: Finding, alerts: Iterable[Alert]) -> Alert | None:
    """Return a live alert of the same family and cycle that rests on the same sample.

    An episode's key names the day on which it began; an older result that arrives late moves that day, not the episode.
    """
    family = _family_and_cycle(finding.key)
    own = [a for a in alerts if a.is_live and _family_and_cycle(a.key) == family and set(a.evidence) & set(finding.sample_ids)]
    return min(own, key=lambda alert: (alert.raised_at, alert.id), default=None)


def _family_and_cycle(key: str) -> tuple[str, ...] | str:
    """Return the family and cycle of a dated episode key ("anc:c2:2026-03-10"); any other key stands for itself."""
    parts = key.split(":")
    return tuple(parts[:2]) if len(parts) == 3 and parts[1].startswith("c") and parts[0] in _DATED else key


def apply(alerts: Sequence[Alert], events: Iterable[AlertEvent]) -> tuple[Alert, ...]:
    """Return the alerts after the events, new ones at the end."""
    by_id = {alert.id: list(alert.events) for alert in alerts}
    for event in events:
        by_id.setdefault(event.alert_id, []).append(event)
    return tuple(fold(own) for own in by_id.values() if own)


def _newest_by_key(alerts: Sequence[Alert]) -> dict[str, Alert]:
    newest: dict[str, Alert] = {}
    for alert in alerts:
        known = newest.get(alert.key)
        if known is None or (alert.is_live, alert.raised_at) >= (known.is_live, known.raised_at):
            newest[alert.key] = alert
    return newest


def _reconcile_one(alert: Alert | None, finding: Finding, context: ReconcileContext) -> list[AlertEvent]:
    if alert is None:
        return [_raised(finding, context)]
    if not alert.is_live:
        return [_raised(finding, context)] if _returns(alert, finding, context) else []
    if _ceiling(finding) < alert.tier and not _is_late(finding, context):
        raised = _raised(finding, context)
        superseded = _event(alert, AlertEventKind.SUPERSEDED, context, reason="a worse tier of the same episode")
        return [raised, replace(superseded, other_alert_id=raised.alert_id)]
    return _follow(alert, finding, context)


def _returns(ended: Alert, finding: Finding, context: ReconcileContext) -> bool:
    """Whether an ended alert's episode asks for attention again (product 3.5)."""
    if ended.state is AlertState.SUPERSEDED and ended.rule in SIGNS:
        return True  # febrile neutropenia had taken the sign into itself and is gone; the sign is not
    if ended.state is AlertState.SUPERSEDED:
        return bool(set(finding.sample_ids) - set(ended.evidence)) or _has_new_mechanism(ended, finding)
    if ended.state in {AlertState.CLEARED, AlertState.RETRACTED}:
        return True  # it was gone, for example by a count that was withdrawn since; nobody has ended it, and it is found again
    return finding.tier < ended.tier or _fell_further(ended, finding) or _has_new_mechanism(ended, finding)


def _has_new_mechanism(alert: Alert, finding: Finding) -> bool:
    """Whether the finding names a sign or mechanism that the alert does not; one that is gone is no news."""
    return not set(finding.mechanism.split(",")) <= {*alert.mechanism.split(","), ""}


def _fell_further(alert: Alert, finding: Finding) -> bool:
    if alert.value is None or finding.value is None or alert.value <= 0:
        return False
    return finding.value <= alert.value * FURTHER_FALL


def _follow(alert: Alert, finding: Finding, context: ReconcileContext) -> list[AlertEvent]:
    """Return evidence and re-raise events of a live alert whose finding is still there."""
    new_evidence = set(finding.sample_ids) - set(alert.evidence)
    reason = _reason_to_re_raise(alert, finding, bool(new_evidence), context)
    if reason:
        return [_from_finding(alert, finding, AlertEventKind.RE_RAISED, context, reason)]
    if new_evidence or finding.value != alert.value or _has_new_mechanism(alert, finding):
        return [_from_finding(alert, finding, AlertEventKind.EVIDENCE, context, "")]
    return []


def _reason_to_re_raise(alert: Alert, finding: Finding, new_evidence: bool, context: ReconcileContext) -> str:
    if alert.state in {AlertState.RAISED, AlertState.SEEN}:
        return ""
    if alert.state is AlertState.NEEDS_REVIEW:
        return "found again before it was reviewed"
    if _fell_further(alert, finding):
        return "the value fell by half or more"
    if _has_new_mechanism(alert, finding):
        return "a new sign or mechanism"
    return _reason_of_time(alert, new_evidence, context)


def _reason_of_time(alert: Alert, new_evidence: bool, context: ReconcileContext) -> str:
    """Return why the clock or the next count ends a pause, or nothing."""
    snooze, acknowledgement = alert.snooze, alert.acknowledgement
    if alert.state is AlertState.SNOOZED and snooze is not None:
        if context.now >= snooze.until:
            return "the pause has ended"
        if snooze.until_next_count and new_evidence:
            return "the next count is here and the finding remains"
        return ""
    due = acknowledgement.due if acknowledgement is not None else None
    if due is None or context.now < due or alert.acknowledged_at is None:
        return ""
    followed = any(at > alert.acknowledged_at for at in context.sample_times.values())
    return "" if followed else "the follow-up is due and no later count is known"


def _end(alert: Alert, fn_alert: str | None, context: ReconcileContext) -> list[AlertEvent]:
    """Return how a live alert ends whose finding is gone, or nothing where it must stay."""
    revised_after = [at for sample in alert.evidence if (at := context.revised.get(sample)) and at >= alert.raised_at]
    if revised_after:
        return [_event(alert, AlertEventKind.RETRACTED, context, reason="the result was corrected or withdrawn")]
    if fn_alert is not None and alert.rule in INSIDE_FN:
        event = _event(alert, AlertEventKind.SUPERSEDED, context, reason="part of febrile neutropenia")
        return [replace(event, other_alert_id=fn_alert)]
    if alert.state is AlertState.NEEDS_REVIEW or _nothing_later_is_known(alert, context):
        return []
    cleared = _event(alert, AlertEventKind.CLEARED, context, reason=_why_cleared(alert, context))
    return [replace(cleared, evidence=_newest_sample(context.times_for(alert), context.now))]


def _why_cleared(alert: Alert, context: ReconcileContext) -> str:
    """Return why the condition is gone: a consideration of growth factor is answered by one that was recorded since."""
    recorded = [words for at, words in context.growth_factors if at >= alert.raised_at and alert.rule in ANSWERED_BY_GCSF]
    return f"a growth factor is recorded for it: {recorded[-1]}" if recorded else "the condition is no longer found"


def _newest_sample(times: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    """Return the id of the newest sample, which shows that the condition is gone; nothing where there is none."""
    past = {sample: at for sample, at in times.items() if at <= now}
    return (max(past, key=lambda sample: (past[sample], sample)),) if past else ()


def _nothing_later_is_known(alert: Alert, context: ReconcileContext) -> bool:
    """Whether a count's alert would end only because its count grew old, or a newer sample has no ANC: neither is a recovery."""
    if not alert.rule.startswith("anc."):
        return False
    times = context.times_for(alert)
    own = [times[sample] for sample in alert.evidence if sample in times]
    return bool(own) and not any(at > max(own) for at in times.values())


def _alert_id_of_fn(findings: Sequence[Finding], newest: Mapping[str, Alert], events: Sequence[AlertEvent]) -> str | None:
    for finding in findings:
        if finding.rule in FN_RULES:
            raised = [e.alert_id for e in events if e.key == finding.key and e.kind is AlertEventKind.RAISED]
            known = newest.get(finding.key)
            return raised[0] if raised else (known.id if known else None)
    return None


def _ceiling(finding: Finding) -> Tier:
    """Return the tier; a forecast is an advisory at most and never more than that (product 3.5)."""
    return max(finding.tier, Tier.ADVISORY) if finding.rule.startswith("forecast.") else finding.tier


def _is_late(finding: Finding, context: ReconcileContext) -> bool:
    return finding.observed_at is not None and context.now - finding.observed_at > LATE_AFTER


def _raised_tier(finding: Finding, context: ReconcileContext) -> Tier:
    return max(_ceiling(finding), Tier.ADVISORY) if _is_late(finding, context) else _ceiling(finding)


def _raised(finding: Finding, context: ReconcileContext) -> AlertEvent:
    late = _is_late(finding, context) and finding.tier < Tier.ADVISORY
    reasons = ("late result: the sample is older than 72 h" if late else "", finding.note)
    return AlertEvent(
        alert_id=context.new_id(),
        patient_id=context.patient_id,
        kind=AlertEventKind.RAISED,
        at=context.now,
        by=ENGINE,
        tier=_raised_tier(finding, context),
        rule=finding.rule,
        key=finding.key,
        text=f"LATE RESULT – {finding.text}" if late else finding.text,
        rule_version=context.rule_version,
        protocol_version=context.protocol_version,
        evidence=finding.sample_ids,
        value=finding.value,
        mechanism=finding.mechanism,
        reason="; ".join(reason for reason in reasons if reason),
        available_at=finding.observed_at,
    )


def _from_finding(alert: Alert, finding: Finding, kind: AlertEventKind, context: ReconcileContext, reason: str) -> AlertEvent:
    """Return an event that takes over the finding's words; an unanswered alert keeps its worst tier."""
    answered = alert.state is AlertState.ACKNOWLEDGED
    late = _is_late(finding, context)
    tier = max(finding.tier, alert.tier) if answered or late else min(_ceiling(finding), alert.tier)
    return AlertEvent(
        alert_id=alert.id,
        patient_id=alert.patient_id,
        kind=kind,
        at=context.now,
        by=ENGINE,
        tier=tier,
        rule=alert.rule,
        key=alert.key,
        text=finding.text,
        rule_version=context.rule_version,
        protocol_version=context.protocol_version,
        evidence=finding.sample_ids,
        value=finding.value,
        mechanism=finding.mechanism,
        reason=reason or finding.note,
    )


def _event(alert: Alert, kind: AlertEventKind, context: ReconcileContext, reason: str) -> AlertEvent:
    return AlertEvent(
        alert_id=alert.id,
        patient_id=alert.patient_id,
        kind=kind,
        at=context.now,
        by=ENGINE,
        tier=alert.tier,
        rule=alert.rule,
        key=alert.key,
        text=alert.text,
        rule_version=context.rule_version,
        protocol_version=context.protocol_version,
        evidence=(),
        value=alert.value,
        mechanism=alert.mechanism,
        reason=reason,
    )
