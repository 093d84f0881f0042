"""Evaluate a patient now, and let the clock raise what it must."""

from datetime import datetime

from neutromon.models.changes import Changes
from neutromon.models.evaluation import Evaluation
from neutromon.rules import evaluate
from neutromon.services.clinic_rules import adopt_protocol
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage import worklist_table

AT_ONCE = 200


def evaluate_patient(s: Session, patient_id: str, now: datetime | None = None) -> Evaluation:
    """Return what the rules say of a patient; nothing is stored."""
    history = patient_history(s, patient_id)
    return evaluate(history, s.rules, now or s.clock(), s.protocol, samples=s.memory.of(patient_id).samples)


def refresh_alerts(s: Session) -> Changes:
    """Evaluate every patient whose state the clock may have changed: a new day, a due time, the end of a pause, a protocol in force."""
    adopt_protocol(s)
    due = worklist_table.due(s.store, s.clock().isoformat())
    changes = Changes()
    for start in range(0, len(due), AT_ONCE):
        with writing(s) as write:
            for patient in due[start : start + AT_ONCE]:
                write.touch(patient)
        changes = changes | write.changes
    return changes
