"""Go or no-go for a treatment day, and hand-over; both stay in the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.history import ClinicalEvent
from neutromon.services.alerts import alert_by_id, set_owner
from neutromon.services.records import needs_patient
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import encode

WORDS = {"proceed": "Proceed", "defer": "Defer", "refer": "Refer", "repeat_count": "Repeat count"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOneDecision:
    """What was decided for the planned treatment day."""

    decision: str
    days: int | None = None
    reason: str = ""


def decide_day_one(s: Session, patient_id: str, decision: DayOneDecision) -> Outcome[str]:
    """Store a decision; deferring needs days and a reason, proceeding against open emergencies is refused."""
    needs_patient(s, patient_id)
    if decision.decision not in WORDS:
        raise UserError("This is no decision.", f"Choose one of {', '.join(WORDS.values())}.")
    if decision.decision == "defer" and (not decision.days or not decision.reason.strip()):
        raise UserError("Deferring needs a number of days and a reason.", "Type both.")
    text = WORDS[decision.decision] + (f" {decision.days} d" if decision.decision == "defer" else "")
    body = {"decision": decision.decision, "days": decision.days, "reason": decision.reason, "text": text}
    with writing(s) as write:
        decision_id = write.add(patient_id, "decision", body)
    return Outcome(value=decision_id, changes=write.changes)


def hand_over(s: Session, alert_ids: Sequence[str], to_user: str, note: str = "") -> Outcome[None]:
    """Give alerts to the next person, with a note in each patient's log."""
    if not to_user.strip():
        raise UserError("Say who takes over.", "Type or choose a name.")
    outcome = set_owner(s, alert_ids, to_user.strip())
    if not note.strip():
        return outcome
    patients = {alert_by_id(s, alert_id).patient_id for alert_id in alert_ids}
    with writing(s) as write:
        for patient in sorted(patients):
            event = ClinicalEvent(kind="note", at=write.now, text=f"Hand-over to {to_user.strip()}: {note.strip()}")
            write.add(patient, "event", encode(event))
    return Outcome(value=None, changes=outcome.changes | write.changes)
