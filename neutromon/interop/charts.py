"""Charts that come in: a chart file, or a FHIR bundle that carries charts as documents; and their results as specimen sets."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from neutromon.interop.chart_file import FORMAT, history_from
from neutromon.models.errors import UserError
from neutromon.models.history import CountSample, PatientHistory
from neutromon.models.imports import RawResult, RawSet
from neutromon.models.quantity import Reported

CHARTS = "neutromon-charts/1"
SENDER = "neutromon"
_CODES = {
    "wbc": "26464-8",
    "neutrophils": "26499-4",
    "neutrophils_percent": "26511-6",
    "segs_percent": "26505-8",
    "bands_percent": "26508-2",
    "lymphocytes": "26474-7",
    "lymphocytes_percent": "26478-8",
    "monocytes": "26484-6",
    "monocytes_percent": "26485-3",
    "eosinophils_percent": "26450-7",
    "basophils_percent": "30180-4",
    "immature_granulocytes_percent": "71695-1",
    "metamyelocytes_percent": "28541-1",
    "blasts_percent": "26446-5",
    "granulocytes": "20482-6",
    "platelets": "26515-7",
    "hemoglobin": "718-7",
    "mcv": "30428-7",
}


def is_chart(document: Any) -> bool:
    """Return whether a document is a chart file, or several."""
    return isinstance(document, dict) and document.get("format") in {FORMAT, CHARTS}


def charts_of(document: Any) -> tuple[PatientHistory, ...]:
    """Return the charts of a chart file or of a bundle that this program wrote; raise UserError for a damaged one."""
    if isinstance(document, dict) and document.get("format") == CHARTS:
        return tuple(history_from(chart) for chart in document.get("charts") or [])
    if is_chart(document):
        return (history_from(document),)
    return tuple(history_from(chart) for chart in _attached(document))


def _attached(document: Any) -> Iterator[Any]:
    entries = document.get("entry") if isinstance(document, dict) and document.get("resourceType") == "Bundle" else None
    for entry in entries if isinstance(entries, list) else []:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") == "DocumentReference":
            yield from _contents(resource)


def _contents(resource: Mapping[str, Any]) -> Iterator[Any]:
    contents = resource.get("content")
    for content in contents if isinstance(contents, list) else []:
        if not isinstance(content, dict) or not isinstance(content.get("format"), dict) or content["format"].get("code") != FORMAT:
            continue
        attachment = content.get("attachment")
        data = attachment.get("data") if isinstance(attachment, dict) else None
        try:
            yield json.loads(base64.b64decode(str(data), validate=True), parse_constant=str)
        except (ValueError, binascii.Error, RecursionError):
            raise UserError("The chart in the bundle is damaged.", "Export it again.") from None


def sets_of(history: PatientHistory) -> tuple[RawSet, ...]:
    """Return a chart's counts as specimen sets; a chart without counts is one set without results."""
    sets = tuple(_set(history, sample) for sample in history.counts)
    return sets or (_set(history, CountSample()),)


def _set(history: PatientHistory, sample: CountSample) -> RawSet:
    patient = history.patient
    when = sample.collected_at
    shown = (when.date().isoformat() if sample.day_precision else when.isoformat()) if when else None
    return RawSet(
        results=tuple(_row(name, value, sample) for name, value in sample.values.items()),
        identifiers=tuple(i for i in (patient.identifier, *patient.other_identifiers) if i),
        family=patient.family_name,
        given=patient.given_name,
        birth_date=patient.birth_date,
        birth_text=patient.birth_date.isoformat() if patient.birth_date else None,
        sex=patient.sex.value if patient.sex else None,
        collected=shown,
        collected_at=when,
        day_only=sample.day_precision,
        specimen=sample.accession,
        sender=SENDER,
    )


def _row(name: str, value: Reported, sample: CountSample) -> RawResult:
    sent = value.original_value is not None
    return RawResult(
        codes=((_CODES[name], "http://loinc.org"),),
        texts=(name.replace("_", " "),),
        value=value.original_value if sent else value.value,
        unit=value.original_unit if sent else value.unit,
        status=sample.status,
        method=sample.method,
    )
