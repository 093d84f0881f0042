"""One number, one patient: who has a number already, and whether another authority gave it beyond doubt."""

from dataclasses import dataclass
from datetime import date

from neutromon.models.errors import UserError
from neutromon.models.history import Identifier, Patient
from neutromon.services.records import identifier_key, latest_of
from neutromon.services.session import Session
from neutromon.storage.codec import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class SameNumber:
    """A patient who has a number already; `apart` where her number and the other one name two different authorities."""

    patient_id: str
    name: str
    number: str
    authority: str
    birth_date: date | None
    apart: bool


def same_number(s: Session, identifier: Identifier | None) -> tuple[SameNumber, ...]:
    """Return the patients who have a number, those first whose authority is the same or not known: unknown is not another."""
    if identifier is None or not identifier.value.strip():
        return ()
    value, _ = identifier_key(identifier)
    taken = holders(s, identifier)
    everybody = sorted(s.store.patients_with_identifier(value), key=lambda patient: (patient not in taken, patient))
    return tuple(_one(s, patient, value, apart=patient not in taken) for patient in everybody)


def holders(s: Session, identifier: Identifier) -> set[str]:
    """Return who has a number of the same authority, or one where either authority is not known."""
    value, authority = identifier_key(identifier)
    authority = authority.strip()
    if not authority:
        return set(s.store.patients_with_identifier(value))
    return {patient for given in (authority, "") for patient in s.store.patients_with_identifier(value, given)}


def refuse_taken(s: Session, patient: Patient, own: str | None, *, apart: bool = True) -> None:
    """Raise UserError where another patient has one of these numbers; without `apart` also where another authority gave it."""
    first = [patient.identifier] if patient.identifier else []
    for identifier in (*first, *patient.other_identifiers):
        if holders(s, identifier) - {own}:
            raise UserError(f"The number {identifier.value} belongs to another patient.", "Open that patient, or check the number.")
        value, _ = identifier_key(identifier)
        if not apart and set(s.store.patients_with_identifier(value)) - {own}:
            raise UserError(
                f"Another authority gave the number {identifier.value} to a patient who is here.",
                "Compare both patients, and say that they are two.",
            )


def _one(s: Session, patient_id: str, value: str, *, apart: bool) -> SameNumber:
    known = decode(Patient, latest_of(s, patient_id, "patient").body)
    own = [known.identifier] if known.identifier else []
    found = next((i for i in (*own, *known.other_identifiers) if identifier_key(i)[0] == value), Identifier(value=value))
    name = ", ".join(part for part in (known.family_name, known.given_name) if part)
    return SameNumber(
        patient_id=patient_id, name=name, number=found.value, authority=found.authority or "", birth_date=known.birth_date, apart=apart
    )
