"""Give charts out: FHIR R4, tidy CSV, chart file; one patient or all, by name or pseudonymised; each export audited."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from neutromon.interop.analytes import load_tables
from neutromon.interop.chart_writer import write_chart
from neutromon.interop.fhir_json import document_text
from neutromon.interop.fhir_writer import FhirCodes, Shown, bundle, entries_of
from neutromon.interop.tidy import tidy_csv
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Evaluation
from neutromon.models.history import CountSample, Identifier, Patient, PatientHistory
from neutromon.rules import evaluate
from neutromon.services.patients import patient_by_mrn, patient_history
from neutromon.services.roles import Right, needs
from neutromon.services.session import Session
from neutromon.storage.files import resource_text

CHARTS = "neutromon-charts/1"
FORMS = ("fhir", "csv", "chart")
GRADED = {"wbc": "wbc", "neutrophils": "neutrophils", "platelets": "platelets", "hemoglobin": "hemoglobin", "lymphocytes": "lymphocytes"}
SHIFT_DAYS = 364
Reports = Mapping[str, Sequence[tuple[str, str, bytes]]]


def export_text(s: Session, *, mrn: str | None, form: str, pseudonymise: bool = False, reports: Reports | None = None) -> str:
    """Return one patient (by number) or all as text; `reports` by patient id go into FHIR as documents."""
    if form not in FORMS:
        raise UserError(f"There is no format {form}.", f"Choose from {', '.join(FORMS)}.")
    if not mrn:
        needs(s, Right.EXPORT_ALL)
    patients = [_one(s, mrn)] if mrn else _everybody(s)
    histories = [_history(s, patient, pseudonymise) for patient in patients]
    text = _written(s, histories, form, mrn is not None, pseudonymise, reports or {})
    with s.store.unit() as unit:
        for patient in patients:
            detail = json.dumps({"patient": patient, "format": form, "pseudonymised": pseudonymise}, separators=(",", ":"))
            unit.audit(s.clock().isoformat(), s.user, "patient exported", detail)
    return text


def _one(s: Session, mrn: str) -> str:
    patient = patient_by_mrn(s, mrn)
    if patient is None:
        raise UserError(f"No patient has the number {mrn}.", "Check the number.")
    return patient


def _everybody(s: Session) -> list[str]:
    latest = {fact.patient: fact for fact in s.store.facts_of_kind("patient") if fact.patient}
    return sorted(patient for patient, fact in latest.items() if not fact.voided)


def _history(s: Session, patient: str, pseudonymise: bool) -> PatientHistory:
    history = patient_history(s, patient)
    return pseudonymised(history, s.store.key) if pseudonymise else history


def _written(s: Session, histories: Sequence[PatientHistory], form: str, single: bool, hidden: bool, reports: Reports) -> str:
    if form == "csv":
        return tidy_csv((_key(history), history) for history in histories)
    if form == "chart":
        charts = [write_chart(history) for history in histories]
        document: dict[str, Any] = charts[0] if single else {"format": CHARTS, "charts": charts}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    codes = fhir_codes()
    entries = [entry for history in histories for entry in entries_of(history, codes, _shown(s, history, hidden, reports))]
    return document_text(bundle(entries, s.ids(), s.clock()))


def _key(history: PatientHistory) -> str:
    return history.patient.identifier.value if history.patient.identifier else history.patient.id


def fhir_codes() -> FhirCodes:
    """Return the codes for output."""
    tables = load_tables(resource_text("interop/analytes.toml"))
    return FhirCodes(loinc=tables["export"], atc=tables["atc"])


def _shown(s: Session, history: PatientHistory, hidden: bool, reports: Reports) -> Shown:
    evaluation = evaluate(history, s.rules, s.clock(), s.protocol)
    own = () if hidden else reports.get(history.patient.id, ())
    marks = dict(interpretations(evaluation, s.protocol.ctcae))
    return Shown(interpretations=marks, sources={} if hidden else _sources(s, history), reports=own, birth_year_only=hidden)


def _sources(s: Session, history: PatientHistory) -> dict[str, str]:
    """Return the SHA-256 of each original message that a history's samples come from, by its id."""
    wanted = sorted({sample.provenance.source_id for sample in history.counts if sample.provenance and sample.provenance.source_id})
    found = [s.store.rows("SELECT id, digest FROM message WHERE id = ?", (source,)) for source in wanted]
    return {str(rows[0][0]): str(rows[0][1]) for rows in found if rows}


def interpretations(evaluation: Evaluation, grading: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Give N, L or LL for each graded value: no grade, grade 1 to 3, grade 4; nothing where several grades are possible."""
    for count in evaluation.counts:
        for name, grades in count.grades.get(grading, {}).items():
            if grades and len(grades) == 1 and name in GRADED:
                yield (count.sample_id, GRADED[name]), "N" if grades[0] == 0 else "LL" if grades[0] >= 4 else "L"


def pseudonymised(history: PatientHistory, key: bytes) -> PatientHistory:
    """Return a history without name and number, all dates shifted by one amount that only this store can tell again."""
    secret = hmac.new(key, f"pseudonym:{history.patient.id}".encode(), hashlib.sha256).digest()
    pseudonym = f"P-{secret[:6].hex().upper()}"
    days = timedelta(days=-(1 + int.from_bytes(secret[6:10]) % SHIFT_DAYS))
    patient = history.patient
    bare = Patient(
        id=pseudonym,
        identifier=Identifier(value=pseudonym),
        birth_date=date(patient.birth_date.year, 1, 1) if patient.birth_date else None,
        sex=patient.sex,
        weight_kg=patient.weight_kg,
        height_cm=patient.height_cm,
        lower_limits=patient.lower_limits,
        duffy_null=patient.duffy_null,
        risk_factors=patient.risk_factors,
        conditions=patient.conditions,
        labs=patient.labs,
        expected_nadir_plan=patient.expected_nadir_plan,
    )
    counts = tuple(_bare_sample(sample, days) for sample in history.counts)
    hidden: PatientHistory = _shifted(replace(history, patient=Patient(), counts=counts, work_up={}), days)
    return replace(hidden, patient=bare)


def _bare_sample(sample: CountSample, days: timedelta) -> CountSample:
    """Return a sample without free results; when a value was replaced is moved with the rest."""
    moved = tuple((name, value, (datetime.fromisoformat(when) + days).isoformat()) for name, value, when in sample.superseded)
    return replace(sample, superseded=moved, others={}, versions={})


_WORDS = frozenset({"text", "note", "delay_reason", "accession", "author", "source_id", "collected_text"})
_EMPTY = frozenset({"text", "note", "author", "source_id"})


def _shifted(value: Any, days: timedelta) -> Any:
    """Return a record with every date moved, and the words in which a name may stand left out."""
    if isinstance(value, datetime | date):
        return value + days
    if isinstance(value, tuple):
        return tuple(_shifted(own, days) for own in value)
    names = getattr(type(value), "__dataclass_fields__", None)
    if names is None:
        return value
    changes = {name: ("" if name in _EMPTY else None) if name in _WORDS else _shifted(getattr(value, name), days) for name in names}
    return replace(value, **changes)
