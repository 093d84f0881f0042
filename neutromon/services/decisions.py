"""Go or no-go for a treatment day, and hand-over; both stay in the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from neutromon.models.alerts import Acknowledgement, Alert, AlertEventKind
from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.evaluation import DayOne
from neutromon.models.history import ClinicalEvent
from neutromon.rules.alert_fold import blocks_proceed
from neutromon.services.alerts import alert_by_id, alerts_of, append_event, give_alerts
from neutromon.services.evaluations import evaluate_patient
from neutromon.services.pins import SignedBy
from neutromon.services.records import needs_patient
from neutromon.services.session import Session
from neutromon.services.writing import Write, writing
from neutromon.storage.codec import encode
from neutromon.storage.store import Fact

WORDS = {"proceed": "Proceed", "defer": "Defer", "refer": "Refer", "repeat_count": "Repeat count"}
LONGEST_DEFERRAL_DAYS = 365
AGAINST_THE_DAY = frozenset({"day1.not_met", "count.too_old"})
"""Alerts on a treatment that is planned for today or tomorrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOneDecision:
    """What was decided for the planned treatment day."""

    decision: str
    days: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """A decision that stands: who made it when, for which day, and the check as it was computed then."""

    at: datetime
    by: str
    decision: str
    days: int | None
    reason: str
    target: date | None
    check: str


def decisions_for(s: Session, patient_id: str, target: date | None) -> tuple[PastDecision, ...]:
    """Return the decisions on a treatment day that were not withdrawn, newest first; without a day those that were made today."""
    facts = {fact.root: fact for fact in s.store.facts_of(needs_patient(s, patient_id)) if fact.kind == "decision"}
    found = [_past(fact) for fact in facts.values() if not fact.voided]
    today = s.clock().date()
    own = [one for one in found if (one.target == target if target else one.at.astimezone(s.clock().tzinfo).date() == today)]
    return tuple(sorted(own, key=lambda one: one.at, reverse=True))


def _past(fact: Fact) -> PastDecision:
    body, target = fact.body, fact.body.get("target")
    return PastDecision(
        at=datetime.fromisoformat(fact.at),
        by=fact.author,
        decision=str(body.get("decision", "")),
        days=body.get("days"),
        reason=str(body.get("reason", "")),
        target=date.fromisoformat(target) if target else None,
        check=str(body.get("check", "")),
    )


def decide_day_one(s: Session, patient_id: str, decision: DayOneDecision) -> Outcome[str]:
    """Store a decision beside the check as it was computed; refuse one that leaves out what it is about.

    Deferring needs days and a reason. Proceeding is refused while an emergency is unanswered or an urgent alert has neither
    owner nor action, and needs a reason where the check is not met or cannot be told.
    """
    needs_patient(s, patient_id)
    check = evaluate_patient(s, patient_id).day1
    _check_decision(s, patient_id, decision, check)
    text = WORDS[decision.decision] + (f" {decision.days} d" if decision.decision == "defer" else "")
    body = {
        "decision": decision.decision,
        "days": decision.days,
        "reason": decision.reason.strip(),
        "text": text,
        "target": check.target_date if check else None,
        "check": check.text if check else "",
        "meets": check.meets if check else None,
    }
    with writing(s) as write:
        decision_id = write.add(patient_id, "decision", body)
        if decision.decision == "defer":
            _answer(write, alerts_of(s, patient_id), decision)
    return Outcome(value=decision_id, changes=write.changes)


def _answer(write: Write, alerts: Sequence[Alert], decision: DayOneDecision) -> None:
    """Answer what stood against the treatment of that day: the deferral is what was done about it."""
    done = Acknowledgement(action="chemo_deferred", note=f"{decision.days} d: {decision.reason.strip()}")
    for alert in alerts:
        if alert.rule in AGAINST_THE_DAY and alert.key.removeprefix("too_old:").startswith("day1:") and not alert.is_answered:
            append_event(write, alert, AlertEventKind.ACKNOWLEDGED, acknowledgement=done)


def _check_decision(s: Session, patient_id: str, decision: DayOneDecision, check: DayOne | None) -> None:
    if decision.decision not in WORDS:
        raise UserError("This is no decision.", f"Choose one of {', '.join(WORDS.values())}.")
    if decision.decision == "defer" and (not decision.days or not decision.reason.strip()):
        raise UserError("Deferring needs a number of days and a reason.", "Type both.")
    if decision.decision == "defer" and not 0 < (decision.days or 0) <= LONGEST_DEFERRAL_DAYS:
        raise UserError("The days of the deferral are not possible.", f"Type a number from 1 to {LONGEST_DEFERRAL_DAYS}.")
    if decision.decision != "proceed":
        return
    if any(blocks_proceed(alert) for alert in alerts_of(s, patient_id)):
        raise UserError("An urgent alert of this patient has no owner and no action.", "Acknowledge it first, or choose another decision.")
    if (check is None or check.meets is not True) and not decision.reason.strip():
        raise UserError("The day-1 check is not met, or cannot be told.", "Type the reason for going on all the same.")


def hand_over(s: Session, alert_ids: Sequence[str], to_user: str, note: str = "", *, signed: SignedBy | None = None) -> Outcome[None]:
    """Give alerts to the next person, with a note in each patient's log, all in one unit; `signed` is how the taker signed."""
    if not to_user.strip():
        raise UserError("Say who takes over.", "Type or choose a name.")
    alerts = [alert_by_id(s, alert_id) for alert_id in alert_ids]
    if not alerts:
        raise UserError("No alert is chosen.", "Choose the alerts to hand over.")
    with writing(s) as write:
        give_alerts(write, alerts, to_user)
        for patient in sorted({alert.patient_id for alert in alerts} if signed else ()):
            write.audit(f"hand-over signed by {signed}", patient)
        for patient in sorted({alert.patient_id for alert in alerts} if note.strip() else ()):
            event = ClinicalEvent(kind="note", at=write.now, text=f"Hand-over to {to_user.strip()}: {note.strip()}")
            write.add(patient, "event", encode(event))
    return Outcome(value=None, changes=write.changes)
