"""Find a stored record by its id, with the sentence for one that is not there."""

import re

from neutromon.models.errors import UserError
from neutromon.models.history import Identifier, Patient
from neutromon.services.session import Session
from neutromon.storage.store import Fact


def latest_of(s: Session, record: str, kind: str | None = None) -> Fact:
    """Return the newest revision of a record; raise UserError where there is none or it was voided."""
    revisions = s.store.revisions(record)
    if not revisions or (kind is not None and revisions[-1].kind != kind):
        raise UserError("This record is not in the store.", "Read the list again.")
    if revisions[-1].voided:
        raise UserError("This record was voided.", "Look into the patient's log.")
    return revisions[-1]


def needs_reason(reason: str) -> str:
    """Return a reason that says something; raise UserError where there is none."""
    if not reason.strip():
        raise UserError("A reason is needed.", "Say in a few words why.")
    return reason.strip()


def needs_patient(s: Session, patient: str) -> str:
    """Return the id of a patient who is in the store; raise UserError for any other."""
    own = s.store.revisions(patient) if patient else []
    if not s.store.has_patient(patient) or (own and own[-1].kind == "patient" and own[-1].voided):
        raise UserError("This patient is not in the store.", "Read the list again.")
    return patient


def identifier_key(identifier: Identifier) -> tuple[str, str]:
    """Return an identifier as it is compared: without blanks and hyphens, upper case, leading zeros kept."""
    return re.sub(r"[\s\u2010-\u2015-]", "", identifier.value).upper(), (identifier.authority or "").casefold()


def identifier_pairs(patient: Patient) -> list[tuple[str, str]]:
    """Return under which (value, authority) a patient is found: as written, and as it is compared."""
    own = [patient.identifier] if patient.identifier else []
    found: dict[tuple[str, str], None] = {}
    for identifier in (*own, *patient.other_identifiers):
        found[identifier.value.strip(), (identifier.authority or "").casefold()] = None
        found[identifier_key(identifier)] = None
    return [pair for pair in found if pair[0]]
