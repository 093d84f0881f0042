"""What import prints: `neutromon-import/1`."""

from collections import Counter
from typing import Any

from neutromon.models.imports import Disposition, FileReport, ImportReport, ReadResult, SetReport


def import_document(report: ImportReport) -> dict[str, Any]:
    """Return the report in the contract's shape."""
    results = [row for file in report.files for own in file.sets for row in own.results]
    kinds = Counter(row.disposition for row in results)
    totals = {"files": len(report.files), "messages": sum(len(file.sets) for file in report.files)}
    order = ("stored", "duplicate", "corrected", "voided", "kept_as_text", "held", "ignored")
    return {
        "format": "neutromon-import/1",
        "files": [_file(file) for file in report.files],
        "totals": totals | {name: kinds[Disposition(name)] for name in order},
    }


def _file(file: FileReport) -> dict[str, Any]:
    return {"path": file.path, "format": file.format, "messages": [_set(own) for own in file.sets]}


def _reason(reason: tuple[str, str] | None) -> dict[str, str] | None:
    return {"code": reason[0], "text": reason[1]} if reason else None


def _set(own: SetReport) -> dict[str, Any]:
    return {
        "index": own.index,
        "control_id": own.raw.control_id,
        "outcome": own.outcome,
        "reason": _reason(own.reason),
        "marks": list(own.marks),
        "patient": {"value": own.patient.value, "authority": own.patient.authority} if own.patient else None,
        "collected_at": own.raw.collected,
        "results": [_result(row) for row in own.results],
    }


def _result(row: ReadResult) -> dict[str, Any]:
    reason = row.hold if row.disposition is Disposition.HELD else row.ignore if row.disposition is Disposition.IGNORED else None
    return {
        "analyte": row.analyte,
        "source_code": row.source_code,
        "raw_value": row.raw.value,
        "raw_unit": row.raw.unit,
        "value": row.value,
        "unit": row.unit,
        "status": row.raw.status,
        "disposition": row.disposition.value,
        "reason": _reason(reason),
    }
