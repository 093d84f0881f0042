"""A history as FHIR R4: patient, counts, administrations, plan of care, and the chart itself as a document."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from neutromon.interop.chart_writer import write_chart
from neutromon.interop.fhir_json import concept, is_number, known, number, urn
from neutromon.interop.ranges import flag_codes, own_bounds
from neutromon.models.history import CountSample, Course, Cycle, Identifier, Patient, PatientHistory, Temperature
from neutromon.models.quantity import Reported, parse_number, plain_decimal

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
ATC = "http://www.whocc.no/atc"
V3 = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CHART_TYPE = "application/json"
CHART_FORMAT = {"system": "urn:neutromon:format", "code": "neutromon-chart/1", "display": "NeutroMon chart file"}
SHA256 = "urn:oid:2.16.840.1.101.3.4.2.1"
GENDERS = frozenset({"male", "female", "other", "unknown"})
UNITS = {"10*9/L": "×10⁹/L"}
KNOWN_UNITS = frozenset({"10*9/L", "10*3/uL", "10*6/L", "/uL", "g/L", "g/dL", "mmol/L", "%", "fL", "Cel"})
OWN_GRADE = "graded by NeutroMon (CTCAE), not flagged by the laboratory"
STATUSES = frozenset({"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FhirCodes:
    """Codes for output: LOINC by column (automated, manual, unknown) and ATC by product; `atc` and `loinc` come from the code table."""

    loinc: Mapping[str, Sequence[str]]
    atc: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What goes out beside the facts: interpretations by (sample id, column), the SHA-256 of each source by its id, reports as (title,
    content type, bytes).
    """

    interpretations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    reports: Sequence[tuple[str, str, bytes]] = ()
    birth_year_only: bool = False


def bundle(entries: Sequence[Mapping[str, Any]], export_id: str, at: datetime) -> dict[str, Any]:
    """Return a collection bundle."""
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{export_id}"},
        "type": "collection",
        "timestamp": at.isoformat(),
        "entry": list(entries),
    }


def entries_of(history: PatientHistory, codes: FhirCodes, shown: Shown) -> list[dict[str, Any]]:
    """Return the bundle entries of one history."""
    subject = urn("patient", history.patient.id)
    entries = [_entry(subject, _patient(history.patient, shown.birth_year_only))]
    for sample in history.counts:
        own = _sample(sample, subject, codes, shown.interpretations)
        entries += [*own, *_source(sample, own, shown.sources)]
    for temperature in history.temperatures:
        if temperature.at is not None and is_number(temperature.value):
            entries.append(_entry(urn("temperature", temperature.id), _temperature(temperature, subject)))
    entries += _administrations(history, subject, codes)
    for course in (*history.earlier_courses, *((history.course,) if history.course else ())):
        entries.append(_entry(urn("course", course.id or str(course.regimen)), _plan(course, subject)))
    entries.append(_entry(urn("chart", history.patient.id), _chart(history, subject)))
    for title, kind, content in shown.reports:
        entries.append(_entry(urn("report", f"{history.patient.id}:{title}"), _document(title, kind, content, subject)))
    return entries


def _entry(address: str, resource: Mapping[str, Any]) -> dict[str, Any]:
    return {"fullUrl": address, "resource": {"resourceType": resource["resourceType"], "id": address.removeprefix("urn:uuid:"), **resource}}


def _patient(patient: Patient, year_only: bool) -> dict[str, Any]:
    numbers = [_identifier(i) for i in (patient.identifier, *patient.other_identifiers) if i]
    name = known({"family": patient.family_name, "given": [patient.given_name] if patient.given_name else None})
    born = patient.birth_date
    sex = patient.sex.value if patient.sex and patient.sex.value in GENDERS else None
    return known(
        {
            "resourceType": "Patient",
            "identifier": numbers,
            "name": [name] if name else None,
            "gender": sex,
            "birthDate": (str(born.year).zfill(4) if year_only else born.isoformat()) if born else None,
        }
    )


def _identifier(identifier: Identifier) -> dict[str, Any]:
    system = identifier.authority
    if system and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$", system):
        system = f"urn:neutromon:authority:{re.sub(r'[^A-Za-z0-9._-]', '_', system)}"
    kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
    return known({"type": kind, "system": system, "value": identifier.value})


def _sample(sample: CountSample, subject: str, codes: FhirCodes, marks: Mapping[tuple[str, str], str]) -> list[dict[str, Any]]:
    entries = []
    for name, value in sample.values.items():
        if name in codes.loinc:
            address = urn("sample", f"{sample.id}:{name}")
            entries.append(_entry(address, _observation(sample, name, value, subject, codes, marks.get((sample.id, name)))))
    if not entries:
        return []
    report = {
        "resourceType": "DiagnosticReport",
        "identifier": [{"value": sample.accession}] if sample.accession else None,
        "status": _status(sample.status),
        "category": [concept("", {"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "HM"})],
        "code": concept("Blood count", {"system": LOINC, "code": "58410-2"}),
        "subject": {"reference": subject},
        "effectiveDateTime": _when(sample),
        "result": [{"reference": entry["fullUrl"]} for entry in entries],
    }
    return [*entries, _entry(urn("report", sample.id), known(report))]


def _source(sample: CountSample, entries: Sequence[Mapping[str, Any]], sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return where a sample's results come from: the sender, when it was received, and the mark of the original bytes."""
    origin = sample.provenance
    digest = sources.get(origin.source_id) if origin else None
    if origin is None or digest is None or origin.received_at is None or not entries:
        return []
    provenance = {
        "resourceType": "Provenance",
        "target": [{"reference": entry["fullUrl"]} for entry in entries if entry["resource"]["resourceType"] == "Observation"],
        "recorded": origin.received_at.isoformat(),
        "agent": [{"who": {"display": origin.note or origin.source or "unknown"}}],
        "entity": [{"role": "source", "what": {"identifier": {"system": SHA256, "value": digest}}}],
    }
    return [_entry(urn("provenance", sample.id), provenance)]


def _status(word: str | None) -> str:
    return word if word in STATUSES else "unknown"


def _when(sample: CountSample) -> str | None:
    if sample.collected_at is None:
        return None
    return sample.collected_at.date().isoformat() if sample.day_precision else sample.collected_at.isoformat()


def _observation(sample: CountSample, name: str, value: Reported, subject: str, codes: FhirCodes, mark: str | None) -> dict[str, Any]:
    place = {"automated": 0, "manual": 1}.get(sample.method or "", 2)
    written = {
        "resourceType": "Observation",
        "status": _status(sample.status),
        "category": [concept("", {"system": CATEGORY, "code": "laboratory"})],
        "code": concept(name.replace("_", " "), {"system": LOINC, "code": codes.loinc[name][place]}),
        "subject": {"reference": subject},
        "effectiveDateTime": _when(sample),
        **_value(value),
        "interpretation": _interpretation(value, mark),
        "referenceRange": _reference_range(value),
        "method": concept(sample.method) if sample.method else None,
        "note": _notes(sample, value),
    }
    return known(written)


def _interpretation(value: Reported, mark: str | None) -> list[dict[str, Any]] | None:
    """Return the laboratory's flag as sent, with the standard's code where it has one; else the grade's, said to be ours."""
    if value.flag:
        return [concept(value.flag, *({"system": V3, "code": code} for code in flag_codes(value.flag)))]
    return [concept(OWN_GRADE, {"system": V3, "code": mark})] if mark else None


def _reference_range(value: Reported) -> list[dict[str, Any]] | None:
    """Return the laboratory's range as sent, its bounds converted like the value."""
    if not value.range:
        return None
    low, high = (_bound(bound, value.unit or "") for bound in own_bounds(value))
    return [known({"low": low, "high": high, "text": f"{value.range} {value.original_unit or value.unit or ''}".strip()})]


def _bound(bound: Decimal | None, unit: str) -> dict[str, Any] | None:
    if bound is None:
        return None
    return {"value": number(plain_decimal(bound)), "unit": UNITS.get(unit, unit), "system": UCUM, "code": unit}


def _value(value: Reported) -> dict[str, Any]:
    """Return a quantity with its digits and comparator, or words."""
    read = parse_number(value.value)
    if read is None:
        return {"valueString": value.value} if value.value.strip() else {"dataAbsentReason": concept("no value")}
    comparator, digits = read[0].value, value.value.strip().lstrip("<>=≤≥ ").lstrip("+")
    plain = digits if is_number(digits) else plain_decimal(read[1])
    unit = value.unit or ""
    quantity = {"value": number(plain), "comparator": None if comparator == "=" else comparator, "unit": UNITS.get(unit, unit)}
    if unit in KNOWN_UNITS:
        quantity |= {"system": UCUM, "code": unit}
    return {"valueQuantity": known(quantity)}


def _notes(sample: CountSample, value: Reported) -> list[dict[str, str]]:
    notes = []
    if value.original_value is not None and (value.original_value, value.original_unit) != (value.value, value.unit):
        notes.append({"text": f"Reported as {value.original_value} {value.original_unit or ''}".strip()})
    if sample.marks:
        notes.append({"text": f"Marks: {', '.join(sample.marks)}"})
    return notes


def _temperature(temperature: Temperature, subject: str) -> dict[str, Any]:
    assert temperature.at is not None
    code = {"Cel": "Cel", "degF": "[degF]", "[degF]": "[degF]", "F": "[degF]"}.get(temperature.unit or "Cel", "Cel")
    return known(
        {
            "resourceType": "Observation",
            "status": "final",
            "category": [concept("", {"system": CATEGORY, "code": "vital-signs"})],
            "code": concept("Body temperature", {"system": LOINC, "code": "8310-5"}),
            "subject": {"reference": subject},
            "effectiveDateTime": temperature.at.isoformat(),
            "valueQuantity": {"value": number(temperature.value), "unit": code, "system": UCUM, "code": code},
            "method": concept(temperature.route) if temperature.route else None,
        }
    )


def _administrations(history: PatientHistory, subject: str, codes: FhirCodes) -> list[dict[str, Any]]:
    entries = []
    for given in history.growth_factors:
        if given.given_at is not None and not given.planned:
            atc = codes.atc.get(given.product)
            drug = concept(given.product, {"system": ATC, "code": atc} if atc else None)
            entries.append(_entry(urn("growth_factor", given.id), _given(drug, given.given_at, _dosage(given.dose), subject)))
    for drug_given in history.antibiotics:
        if drug_given.given_at is not None:
            own = _given(concept(drug_given.name), drug_given.given_at, None, subject)
            if drug_given.purpose:
                own["reasonCode"] = [concept(drug_given.purpose)]
            entries.append(_entry(urn("antibiotic", drug_given.id), own))
    return entries


def _given(drug: Mapping[str, Any], at: datetime, dosage: Mapping[str, Any] | None, subject: str) -> dict[str, Any]:
    return known(
        {
            "resourceType": "MedicationAdministration",
            "status": "completed",
            "medicationCodeableConcept": dict(drug),
            "subject": {"reference": subject},
            "effectiveDateTime": at.isoformat(),
            "dosage": dosage,
        }
    )


def _dosage(dose: str | None) -> dict[str, Any] | None:
    if not dose or not dose.strip():
        return None
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(mg|ug|µg|mcg)\s*", dose)
    if match is None or not is_number(match.group(1)):
        return {"text": dose.strip()}
    code = {"mg": "mg"}.get(match.group(2), "ug")
    return {"text": dose.strip(), "dose": {"value": number(match.group(1)), "unit": code, "system": UCUM, "code": code}}


def _plan(course: Course, subject: str) -> dict[str, Any]:
    days = [day for cycle in course.cycles if (day := cycle.day1 or cycle.planned_day1)]
    period = {"start": min(days).isoformat(), "end": max(days).isoformat()} if days else None
    return known(
        {
            "resourceType": "CarePlan",
            "status": "active",
            "intent": "plan",
            "title": course.regimen,
            "subject": {"reference": subject},
            "period": period,
            "activity": [{"detail": _activity(cycle)} for cycle in course.cycles],
        }
    )


def _activity(cycle: Cycle) -> dict[str, Any]:
    start = cycle.day1 or cycle.planned_day1
    words = [f"dose {cycle.dose_percent} %" if cycle.dose_percent else "", cycle.delay_reason or ""]
    return known(
        {
            "kind": "MedicationRequest",
            "code": concept(f"Cycle {cycle.number}"),
            "status": "completed" if cycle.day1 else "scheduled",
            "scheduledPeriod": {"start": start.isoformat()} if start else None,
            "description": ", ".join(word for word in words if word),
        }
    )


def _chart(history: PatientHistory, subject: str) -> dict[str, Any]:
    """Return the whole chart as a document: what FHIR has no place for travels too, and comes back as the same facts."""
    content = json.dumps(write_chart(history), ensure_ascii=False, sort_keys=True).encode()
    written = _document("NeutroMon chart", CHART_TYPE, content, subject)
    written["content"][0]["format"] = CHART_FORMAT
    return written


def _document(title: str, kind: str, content: bytes, subject: str) -> dict[str, Any]:
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    attachment = {
        "contentType": kind,
        "data": base64.b64encode(content).decode(),
        "hash": base64.b64encode(digest).decode(),
        "title": title,
    }
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": concept(title),
        "subject": {"reference": subject},
        "content": [{"attachment": attachment}],
    }
