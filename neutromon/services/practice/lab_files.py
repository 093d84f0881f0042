"""The practice clinic's laboratory files: what the laboratory sends this morning, as HL7 v2, FHIR and CSV, deterministic for a day."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from neutromon.models.errors import UserError
from neutromon.services.practice.cases import Calendar, Case, Clinic
from neutromon.services.practice.histories import load_clinic

LOINC: Mapping[str, tuple[str, str, str]] = {
    "wbc": ("6690-2", "Leukocytes", "10*9/L"),
    "anc": ("751-8", "Neutrophils", "10*9/L"),
    "plt": ("777-3", "Platelets", "10*9/L"),
    "hb": ("718-7", "Hemoglobin", "g/dL"),
}
STRANGER = Case(mrn="PC-9901", name=("Unknown", "Nobody"), born="1960-02-29", sex="female", shows="nobody here has this number")
SLIP = {"wbc": "2900", "anc": "1200", "plt": "188", "hb": "11.4"}
"""Cells per microlitre under the unit of 10^9/L: held until a person confirms the unit."""


def write_lab_files(folder: Path, now: datetime) -> list[Path]:
    """Write the morning's files into a folder and return them; the same day gives the same files."""
    clinic, calendar = load_clinic(), Calendar.of(now)
    texts = {"laboratory.hl7": _hl7(clinic, calendar), "laboratory.json": _fhir(clinic, calendar), "laboratory.csv": _csv(clinic, calendar)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be written: {error.strerror}.", "Choose another folder.") from None
    return [folder / name for name in texts]


def _incoming(clinic: Clinic, kind: str) -> list[tuple[Case, Mapping[str, Any]]]:
    return [(case, row) for case in clinic.cases for row in case.incoming if row["file"] == kind]


def _hl7(clinic: Clinic, calendar: Calendar) -> str:
    rows = [*_incoming(clinic, "hl7"), (STRANGER, {"h": 7, "wbc": "3.3", "anc": "1.4", "plt": "160", "hb": "12.2"})]
    slipped = _incoming(clinic, "csv")[:1]
    rows += [(case, {**SLIP, "h": 5}) for case, _row in slipped]
    rows.append(rows[0])  # the laboratory sends one message twice
    return "".join(_message(number, case, row, clinic.authority, calendar) for number, (case, row) in enumerate(rows, start=1))


def _message(number: int, case: Case, row: Mapping[str, Any], authority: str, calendar: Calendar) -> str:
    at = calendar.moment(row).strftime("%Y%m%d%H%M%S%z")
    sent = calendar.now.strftime("%Y%m%d%H%M%S%z")
    born, sex = case.born.replace("-", ""), case.sex[:1].upper()
    segments = [
        f"MSH|^~\\&|LAB|PRACTICE|NEUTROMON|PRACTICE|{sent}||ORU^R01|PRACTICE{number:04d}|P|2.5.1",
        f"PID|1||{case.mrn}^^^{authority}^MR||{case.name[0]}^{case.name[1]}||{born}|{sex}",
        f"OBR|1|||58410-2^CBC panel^LN|||{at}",
    ]
    for order, name in enumerate((name for name in LOINC if name in row), start=1):
        code, text, unit = LOINC[name]
        value = str(row[name])
        kind, shown = ("SN", f"<^{value[1:]}") if value.startswith("<") else ("NM", value)
        segments.append(f"OBX|{order}|{kind}|{code}^{text}^LN||{shown}|{unit}|||||F|||{at}")
    return "\r".join(segments) + "\r"


def _fhir(clinic: Clinic, calendar: Calendar) -> str:
    entries: list[dict[str, Any]] = []
    for case, row in _incoming(clinic, "fhir"):
        entries.append({"fullUrl": f"urn:patient:{case.mrn}", "resource": _fhir_patient(case, clinic.authority)})
        for name in (name for name in LOINC if name in row):
            resource = _observation(case, name, str(row[name]), calendar.moment(row))
            entries.append({"fullUrl": f"urn:observation:{case.mrn}:{name}", "resource": resource})
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, ensure_ascii=False, indent=1)


def _fhir_patient(case: Case, authority: str) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": authority, "value": case.mrn}],
        "name": [{"family": case.name[0], "given": [case.name[1]]}],
        "birthDate": case.born,
        "gender": case.sex,
    }


def _observation(case: Case, name: str, value: str, at: datetime) -> dict[str, Any]:
    code, text, unit = LOINC[name]
    quantity: dict[str, Any] = {"value": float(value.lstrip("<")), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    if value.startswith("<"):
        quantity["comparator"] = "<"
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": text}]},
        "subject": {"reference": f"urn:patient:{case.mrn}"},
        "effectiveDateTime": at.isoformat(),
        "valueQuantity": quantity,
    }


def _csv(clinic: Clinic, calendar: Calendar) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Patient ID", "Last name", "First name", "Date of birth", "Collected at", *_headers()])
    for case, row in _incoming(clinic, "csv"):
        when = calendar.moment(row).isoformat(timespec="minutes")
        writer.writerow([case.mrn, *case.name, case.born, when, *(row.get(name, "") for name in LOINC)])
    return text.getvalue()


def _headers() -> Sequence[str]:
    words = {"wbc": "WBC", "anc": "Neutrophils", "plt": "PLT", "hb": "HGB"}
    return [f"{words[name]} ({unit})" for name, (_, _, unit) in LOINC.items()]
