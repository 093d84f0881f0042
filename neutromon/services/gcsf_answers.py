"""The answer to a G-CSF consideration: recorded with the advice shown, its alerts answered, a planned dose stored, in one unit."""

from dataclasses import replace

from neutromon.models.alerts import Acknowledgement, AlertEventKind
from neutromon.models.care import GCSF_ANSWERS, GcsfAnswer
from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.services.alerts import alerts_of, append_event
from neutromon.services.records import needs_patient
from neutromon.services.session import Session
from neutromon.services.writing import Write, writing
from neutromon.storage.codec import decode, encode

KIND = "gcsf_answer"
WORDS = {"discuss": "G-CSF to be discussed", "prescribed": "G-CSF prescribed", "not_indicated": "G-CSF not indicated"}
ACTION_OF = {"discuss": "gcsf_discussed"}
"""What was done, where the answer is an action of the list; that it was prescribed or is not indicated is said by the note."""
ANSWERED = ("gcsf.primary", "gcsf.secondary", "gcsf.therapeutic")


def answer_gcsf(s: Session, patient_id: str, answer: GcsfAnswer) -> Outcome[str]:
    """Store an answer; "not indicated" needs a reason, "prescribed" a known product with its time."""
    needs_patient(s, patient_id)
    if answer.answer not in GCSF_ANSWERS:
        raise UserError("This is no answer.", "Choose discuss, prescribed or not indicated.")
    if answer.answer == "not_indicated" and not answer.reason.strip():
        raise UserError("Say why G-CSF is not indicated.", "A few words are enough.")
    if answer.answer == "prescribed":
        _check_planned(s, answer)
    with writing(s) as write:
        body = encode(replace(answer, planned=None)) | {"text": WORDS[answer.answer]}
        answer_id = write.add(patient_id, KIND, body)
        if answer.answer == "prescribed" and answer.planned is not None:
            write.add(patient_id, "growth_factor", encode(replace(answer.planned, id="", planned=True)))
        _answer_alerts(write, patient_id, answer)
    return Outcome(value=answer_id, changes=write.changes)


def _check_planned(s: Session, answer: GcsfAnswer) -> None:
    planned = answer.planned
    if planned is None or planned.given_at is None:
        raise UserError("Say which growth factor is prescribed, and for when.", "Choose the product and type the first dose's time.")
    if s.rules.products.find(planned.product) is None:
        raise UserError(f"'{planned.product}' is no known growth factor.", "Choose one from the list.")


def _answer_alerts(write: Write, patient_id: str, answer: GcsfAnswer) -> None:
    """Answer the consideration's alerts: acknowledged where it is followed, ended where it is refused with a reason."""
    for alert in alerts_of(write.session, patient_id):
        if alert.rule not in ANSWERED:
            continue
        note = ". ".join(part for part in (WORDS[answer.answer], answer.reason.strip()) if part)
        done = Acknowledgement(action=ACTION_OF.get(answer.answer, "other"), note=note, owner=write.session.user)
        append_event(write, alert, AlertEventKind.ACKNOWLEDGED, acknowledgement=done)
        if answer.answer == "not_indicated":
            append_event(write, alert, AlertEventKind.RESOLVED, reason=f"plan_changed: {note}")


def gcsf_answers(s: Session, patient_id: str) -> list[tuple[GcsfAnswer, str, str]]:
    """Return every answer with who gave it and when, newest first."""
    newest = {fact.root: fact for fact in s.store.facts_of(needs_patient(s, patient_id)) if fact.kind == KIND}
    facts = [fact for fact in newest.values() if not fact.voided]
    return [(decode(GcsfAnswer, fact.body), fact.author, fact.at) for fact in reversed(facts)]
