"""Whose results these are: identifier and authority, with birth date and name as checks; never by guess."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from neutromon.models.history import Patient, Sex
from neutromon.models.imports import ImportOptions, RawSet
from neutromon.services.import_rules import is_trusted
from neutromon.services.records import identifier_key
from neutromon.services.same_number import holders
from neutromon.services.session import Session
from neutromon.storage.codec import decode
from neutromon.storage.store import Fact

SEXES = {"f": Sex.FEMALE, "w": Sex.FEMALE, "female": Sex.FEMALE, "m": Sex.MALE, "male": Sex.MALE, "o": Sex.OTHER, "other": Sex.OTHER}
WITHOUT_AUTHORITY = frozenset({"table", "pasted"})
"""Senders whose layout has no place for the authority of a number."""
WITHOUT_BIRTH_DATE = "DOB_NOT_SENT"
"""The mark of a result that came without a birth date from a sender whom the clinic trusts."""
Reason = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A known patient with her facts, a patient to be created, or the reason why a person has to decide."""

    patient_id: str | None = None
    create: Patient | None = None
    reason: Reason | None = None
    facts: Sequence[Fact] = ()
    marks: tuple[str, ...] = ()


def who(s: Session, own: RawSet, options: ImportOptions) -> Who:
    """Return whose set it is."""
    if not own.identifiers:
        return Who(reason=("NO_PATIENT_ID", "This result names no patient."))
    found: dict[str, None] = {}
    for identifier in own.identifiers:
        for patient in s.store.patients_with_identifier(*identifier_key(identifier)):
            found[patient] = None
    if len(found) > 1:
        return Who(reason=("ID_CONFLICT", "The numbers of this result belong to several patients."))
    if found:
        patient_id = next(iter(found))
        facts = s.store.facts_of(patient_id)
        known = _patient(facts, patient_id)
        problem = _differs(known, own)
        if problem and problem[0] == "DOB_MISSING" and is_trusted(s, own.sender):
            contradiction = _contradicts(known, own)
            return Who(reason=contradiction) if contradiction else Who(patient_id=patient_id, facts=facts, marks=(WITHOUT_BIRTH_DATE,))
        return Who(reason=problem) if problem else Who(patient_id=patient_id, facts=facts)
    return _by_number_alone(s, own) or _unknown(s, own, options)


def _by_number_alone(s: Session, own: RawSet) -> Who | None:
    """Return whose a row of a table is that names no authority: the only patient with the number, if name and birth date agree.

    Other messages name the authority of a number; where they do not, it is a number of its own.
    """
    if own.sender.partition(":")[0] not in WITHOUT_AUTHORITY or any(identifier.authority for identifier in own.identifiers):
        return None
    found = {patient for i in own.identifiers for patient in s.store.patients_with_identifier(identifier_key(i)[0])}
    if len(found) != 1:
        return Who(reason=("ID_CONFLICT", "Several patients have this number, each from another authority.")) if found else None
    patient_id = next(iter(found))
    facts = s.store.facts_of(patient_id)
    known = _patient(facts, patient_id)
    problem = _differs(known, own)
    if problem is None and (known.birth_date is None or not known.family_name):
        problem = ("DEMOGRAPHIC_MISMATCH", "The patient with this number has no name or no birth date on record to compare.")
    return Who(reason=problem) if problem else Who(patient_id=patient_id, facts=facts)


def _patient(facts: Sequence[Fact], patient_id: str) -> Patient:
    known = [fact for fact in facts if fact.kind == "patient" and fact.root == patient_id]
    return decode(Patient, known[-1].body) if known else Patient()


def _unknown(s: Session, own: RawSet, options: ImportOptions) -> Who:
    if not options.create_patients:
        return Who(reason=("UNKNOWN_PATIENT", f"No patient has the number {own.identifiers[0].value}."))
    missing = unusable(own)
    if missing:
        return Who(reason=missing)
    taken = next((identifier for identifier in own.identifiers if holders(s, identifier)), None)
    if taken is not None:  # here or there nobody says who gave the number: unknown is not another
        return Who(reason=("ID_CONFLICT", f"A patient here has the number {taken.value}; who gave it is not known of both."))
    return Who(create=patient_of(own))


def patient_of(own: RawSet) -> Patient:
    """Return the patient as the message states her."""
    first, others = next(iter(own.identifiers), None), own.identifiers[1:]
    return Patient(
        identifier=first,
        other_identifiers=tuple(dict.fromkeys(i for i in others if i != first)),
        family_name=own.family,
        given_name=own.given,
        birth_date=own.birth_date,
        sex=SEXES.get((own.sex or "").casefold()),
    )


def unusable(own: RawSet) -> Reason | None:
    """Return why no patient can be made of what the message says; None where identifier, name and birth date are there."""
    if not own.identifiers:
        return "NO_PATIENT_ID", "This result names no patient."
    return _missing(own)


def _missing(own: RawSet) -> Reason | None:
    if not own.family and own.birth_date is None:
        return "NAME_DOB_MISSING", "The message names neither the patient nor a birth date."
    if not own.family:
        return "NAME_DOB_MISSING", "The message does not name the patient."
    if own.birth_date is None:
        return "DOB_MISSING", "The message has no birth date."
    return None


def _differs(known: Patient, own: RawSet) -> Reason | None:
    missing = _missing(own)
    if missing:
        return missing
    if known.birth_date is not None and known.birth_date != own.birth_date:
        return "DEMOGRAPHIC_MISMATCH", f"The number belongs to a patient born {known.birth_date}; the message says {own.birth_date}."
    return _contradicts(known, own)


def _contradicts(known: Patient, own: RawSet) -> Reason | None:
    if known.family_name and own.family and not same_name(known.family_name, own.family):
        return "DEMOGRAPHIC_MISMATCH", "The number belongs to a patient of another name."
    sex = SEXES.get((own.sex or "").casefold())
    if sex and known.sex and {sex, known.sex} == {Sex.FEMALE, Sex.MALE}:
        return "DEMOGRAPHIC_MISMATCH", "The number belongs to a patient of the other sex."
    return None


def same_name(first: str, second: str) -> bool:
    """Return whether two family names are equal after folding, or one begins the other or is its second part."""
    one, two = _fold(first), _fold(second)
    if not one or not two:
        return False
    return (
        one == two
        or set(one.split()) <= set(two.split())
        or set(two.split()) <= set(one.split())
        or one.startswith(two)
        or two.startswith(one)
    )


def _fold(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^\w]+", " ", plain).strip()
