"""Move a report that was filed to the wrong patient: withdrawn there, added here, in one unit with its reason."""

from dataclasses import replace

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.history import CountSample
from neutromon.services.records import latest_of, needs_patient, needs_reason
from neutromon.services.roles import Right, needs
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import decode, encode

MOVED = "MOVED"


def move_report(s: Session, sample_id: str, patient_id: str, reason: str) -> Outcome[str]:
    """Move a count to another patient and return its new id; moving it back is the same action again."""
    needs(s, Right.MOVE_REPORT)
    latest = latest_of(s, sample_id, "sample")
    why = needs_reason(reason)
    if needs_patient(s, patient_id) == latest.patient:
        raise UserError("The report is this patient's already.", "Choose the patient whose report it is.")
    sample = decode(CountSample, latest.body)
    marks = tuple(mark for mark in sample.marks if mark != MOVED)
    with writing(s) as write:
        left = replace(sample, marks=(*marks, MOVED))
        write.revise(latest, encode(left), f"moved to another patient: {why}", voided=True)
        moved = write.add(patient_id, "sample", encode(replace(sample, id="", marks=marks)), f"moved from {latest.root}")
    return Outcome(value=moved, changes=write.changes)
