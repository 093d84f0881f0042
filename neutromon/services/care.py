"""Everything else that is recorded of a patient: temperature, symptoms, drugs, growth factors, events, the episode."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.history import Antibiotic, ClinicalEvent, DrugExposure, Episode, GrowthFactor, Symptom, Temperature
from neutromon.rules.febrile import read_temperatures
from neutromon.services.histories import KIND_OF
from neutromon.services.lifetime import Recordable, check_dose, check_times
from neutromon.services.records import latest_of, needs_patient, needs_reason
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import encode


def record(s: Session, patient_id: str, *items: Recordable) -> Outcome[str]:
    """Store one or more records of a patient in one unit and return the id of the last."""
    needs_patient(s, patient_id)
    if not items:
        raise UserError("There is nothing to record.", "Choose or type something first.")
    check_times(s, patient_id, items)
    with writing(s) as write:
        ids = [write.add(patient_id, KIND_OF[type(item)], encode(replace(item, id=""))) for item in items]
    return Outcome(value=ids[-1], changes=write.changes)


def record_temperature(s: Session, patient_id: str, temperature: Temperature) -> Outcome[str]:
    """Store a temperature; refuse one that cannot be."""
    checked_temperature(s, temperature)
    return record(s, patient_id, temperature)


def checked_temperature(s: Session, temperature: Temperature) -> Decimal:
    """Return a temperature in °C; raise UserError for one that cannot be read or cannot be."""
    readings, problems = read_temperatures([replace(temperature, at=temperature.at or s.clock())], s.rules.numbers["plausibility"])
    if problems:
        fahrenheit = "°F" in problems[0].text
        raise UserError(problems[0].text, "Choose °F beside the value, or type it again in °C." if fahrenheit else "Type it again.")
    return readings[0].celsius


def record_symptoms(s: Session, patient_id: str, symptoms: tuple[Symptom, ...]) -> Outcome[str]:
    """Store the symptoms of one contact."""
    return record(s, patient_id, *symptoms)


def record_growth_factor(s: Session, patient_id: str, given: GrowthFactor) -> Outcome[str]:
    """Store a growth factor, given or planned; refuse a product that is not known."""
    if s.rules.products.find(given.product) is None:
        raise UserError(f"'{given.product}' is no known growth factor.", "Choose one from the list.")
    check_dose(given.dose)
    return record(s, patient_id, given)


def record_antibiotic(s: Session, patient_id: str, given: Antibiotic) -> Outcome[str]:
    """Store an antimicrobial."""
    return record(s, patient_id, given)


def record_event(s: Session, patient_id: str, event: ClinicalEvent) -> Outcome[str]:
    """Store a transfusion, admission, note or call."""
    return record(s, patient_id, event)


def record_drug(s: Session, patient_id: str, drug: DrugExposure) -> Outcome[str]:
    """Store a drug other than chemotherapy."""
    return record(s, patient_id, drug)


def record_episode(s: Session, patient_id: str, episode: Episode) -> Outcome[str]:
    """Store what a person judged of the present episode; it replaces the earlier judgement, which stays in the log."""
    return _one(s, patient_id, "episode", encode(episode))


def record_work_up(s: Session, patient_id: str, work_up: Mapping[str, Any], drugs: tuple[DrugExposure, ...] = ()) -> Outcome[str]:
    """Store the state of the work-up of unexplained neutropenia, and drugs that were found on the way, in one unit."""
    return _one(s, patient_id, "work_up", encode(work_up), drugs)


def set_monitoring(s: Session, patient_id: str, programme: str | None) -> Outcome[str]:
    """Put a patient under a separate monitoring programme, or take her out."""
    return _one(s, patient_id, "monitoring", {"programme": programme})


def _one(s: Session, patient_id: str, kind: str, body: Mapping[str, Any], drugs: tuple[DrugExposure, ...] = ()) -> Outcome[str]:
    """Store a record of which a patient has one, with further drugs."""
    needs_patient(s, patient_id)
    newest = {fact.root: fact for fact in s.store.facts_of(patient_id) if fact.kind == kind}
    standing = [fact for fact in newest.values() if not fact.voided]
    with writing(s) as write:
        if standing:
            write.revise(standing[-1], body, "renewed")
            return_id = standing[-1].root
        else:
            return_id = write.add(patient_id, kind, body)
        for drug in drugs:
            write.add(patient_id, "drug", encode(replace(drug, id="")))
    return Outcome(value=return_id, changes=write.changes)


def void_fact(s: Session, fact_id: str, reason: str) -> Outcome[None]:
    """Withdraw a record, with a reason; it stays in the log."""
    latest = latest_of(s, fact_id)
    if latest.kind == "patient":
        raise UserError("A patient is not voided here.", "Change her data, or ask an administrator.")
    with writing(s) as write:
        write.revise(latest, latest.body, needs_reason(reason), voided=True)
    return Outcome(value=None, changes=write.changes)


def restore_fact(s: Session, fact_id: str, reason: str) -> Outcome[None]:
    """Bring a withdrawn record back as it was, with a reason; both steps stay in the log."""
    revisions = s.store.revisions(fact_id)
    if not revisions or not revisions[-1].voided:
        raise UserError("This record is not withdrawn.", "Look into the patient's log.")
    with writing(s) as write:
        write.revise(revisions[-1], revisions[-1].body, needs_reason(reason), what="restored")
    return Outcome(value=None, changes=write.changes)
