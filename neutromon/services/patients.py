"""Patients: add, change, find, open."""

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.history import Patient, PatientHistory
from neutromon.models.worklist import PatientHit
from neutromon.services.histories import build_history
from neutromon.services.lifetime import check_birth
from neutromon.services.records import latest_of, needs_patient, needs_reason
from neutromon.services.rows import read_row
from neutromon.services.same_number import refuse_taken
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage import worklist_table
from neutromon.storage.codec import encode


def add_patient(s: Session, patient: Patient) -> Outcome[str]:
    """Add a patient and return her id; refuse one without a number, or with a number that another patient has."""
    _check_identifier(s, patient, None)
    check_birth(patient.birth_date, s.clock().date())
    with writing(s) as write:
        patient_id = s.ids()
        write.unit.add_fact(
            fact_id=patient_id, patient=patient_id, kind="patient", at=write.now.isoformat(), author=s.user, body=encode(_bare(patient))
        )
        write.note(patient_id, patient_id)
        write.audit("patient added", patient_id, patient_id)
        write.touch(patient_id)
    return Outcome(value=patient_id, changes=write.changes)


def change_patient(s: Session, patient: Patient, reason: str) -> Outcome[None]:
    """Store a new revision of a patient's data."""
    latest = latest_of(s, patient.id, "patient")
    _check_identifier(s, patient, patient.id)
    check_birth(patient.birth_date, s.clock().date())
    with writing(s) as write:
        write.revise(latest, encode(_bare(patient)), needs_reason(reason))
    return Outcome(value=None, changes=write.changes)


def _bare(patient: Patient) -> Patient:
    from dataclasses import replace

    return replace(patient, id="")


def _check_identifier(s: Session, patient: Patient, own: str | None) -> None:
    if patient.identifier is None or not patient.identifier.value.strip():
        raise UserError("The patient number is missing.", "Type the number of the hospital.")
    refuse_taken(s, patient, own)


def patient_history(s: Session, patient_id: str) -> PatientHistory:
    """Return everything known of a patient, with ids; as it was remembered where nothing was added since."""
    known = needs_patient(s, patient_id)
    return s.memory.history(known, s.store.mark_of(known), lambda memory: build_history(known, s.store.facts_of(known), memory.records))


def view_patient(s: Session, patient_id: str) -> None:
    """Write into the audit that a patient's chart was opened."""
    needs_patient(s, patient_id)
    with s.store.unit() as unit:
        unit.audit(s.clock().isoformat(), s.user, "patient viewed", f'{{"patient":"{patient_id}"}}')


def find_patients(s: Session, text: str, limit: int = 20) -> list[PatientHit]:
    """Return patients whose name, number or birth date hold every word."""
    rows = worklist_table.read(s.store, "all", text, "name", False, limit, 0, who=True)
    return [PatientHit(patient_id=row.patient_id, name=row.name, mrn=row.mrn, birth_date=row.birth_date) for row in map(read_row, rows)]


def patient_by_mrn(s: Session, mrn: str) -> str | None:
    """Return the one patient with this number; None where there is none; raise UserError where several have it."""
    found = s.store.patients_with_identifier(mrn.strip())
    if len(found) > 1:
        raise UserError(f"Several patients have the number {mrn}.", "Name the authority too, or find the patient by name.")
    return found[0] if found else None
