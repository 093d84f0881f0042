"""Tidy CSV: one row for each version of each result, dots as decimals, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from neutromon.interop.ranges import own_bounds
from neutromon.models.history import CountSample, Course, PatientHistory
from neutromon.models.quantity import Reported, parse_number, plain_decimal

BOM = "\ufeff"
COLUMNS: Mapping[str, str] = {
    "patient_key": "number of the patient, or her pseudonym",
    "collected_at": "specimen time, ISO 8601 with offset; a date where only the day is known",
    "collected_precision": "minute or day",
    "cycle": "number of the chemotherapy cycle",
    "cycle_day": "day of the cycle, day 1 is the first drug day",
    "analyte": "what was measured",
    "value": "number as understood",
    "comparator": "<, <=, > or >= where the true value is only bounded",
    "unit": "UCUM unit of the value",
    "text": "words where the result is no number",
    "source_value": "value as sent",
    "source_unit": "unit as sent",
    "status": "status of the sample",
    "is_current": "1 for the version that counts, 0 for one that was replaced",
    "superseded_at": "when this version was replaced",
    "method": "automated or manual",
    "accession": "number of the specimen",
    "marks": "marks of the import, separated by semicolons",
    "source": "where the result came from",
    "received_at": "when it was received",
    "flag_source": "the laboratory's flag as sent",
    "ref_low": "lower bound of the laboratory's range, in the unit of the value",
    "ref_high": "upper bound of the laboratory's range, in the unit of the value",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tidy_csv(histories: Iterable[tuple[str, PatientHistory]]) -> str:
    """Return the CSV of (patient key, history) pairs, with a byte order mark for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for key, history in histories:
        for sample in history.counts:
            for row in _sample(key, history, sample):
                writer.writerow([row.get(name, "") for name in COLUMNS])
    return BOM + out.getvalue()


def columns_csv() -> str:
    """Return the explanation of every column, as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([("column", "meaning"), *COLUMNS.items()])
    return BOM + out.getvalue()


def safe(text: str | None) -> str:
    """Return a text cell that no spreadsheet takes for a formula."""
    plain = text or ""
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def _sample(key: str, history: PatientHistory, sample: CountSample) -> list[dict[str, str]]:
    number, day = _cycle_day(history, sample.collected_at)
    source = sample.provenance
    shared = {
        "patient_key": safe(key),
        "collected_at": _when(sample),
        "collected_precision": "day" if sample.day_precision else "minute",
        "cycle": number,
        "cycle_day": day,
        "status": safe(sample.status),
        "method": safe(sample.method),
        "accession": safe(sample.accession),
        "marks": safe(";".join(sample.marks)),
        "source": safe(source.source if source else ""),
        "received_at": source.received_at.isoformat() if source and source.received_at else "",
    }
    rows = [shared | _value(name, value) | {"is_current": "1"} for name, value in sample.values.items()]
    rows += [shared | _value(name, value) | {"is_current": "0", "superseded_at": safe(when)} for name, value, when in sample.superseded]
    rows += [shared | _other(name, value) | {"is_current": "1"} for name, value in sample.others.items()]
    return rows


def _when(sample: CountSample) -> str:
    if sample.collected_at is None:
        return ""
    return sample.collected_at.date().isoformat() if sample.day_precision else sample.collected_at.isoformat()


def _value(name: str, value: Reported) -> dict[str, str]:
    read = parse_number(value.value)
    low, high = own_bounds(value)
    own = {
        "analyte": safe(name),
        "unit": safe(value.unit),
        "source_value": safe(value.original_value if value.original_value is not None else value.value),
        "source_unit": safe(value.original_unit if value.original_value is not None else value.unit),
        "flag_source": safe(value.flag),
        "ref_low": plain_decimal(low) if low is not None else "",
        "ref_high": plain_decimal(high) if high is not None else "",
    }
    if read is None:
        return own | {"text": safe(value.value)}
    comparator = "" if read[0].value == "=" else read[0].value
    return own | {"value": value.value.strip().lstrip("<>=≤≥ "), "comparator": comparator}


def _other(name: str, value: Reported) -> dict[str, str]:
    return _value(name, value)


def _cycle_day(history: PatientHistory, at: datetime | None) -> tuple[str, str]:
    courses: Sequence[Course] = (*history.earlier_courses, *((history.course,) if history.course else ()))
    starts = sorted((cycle.day1, cycle.number) for course in courses for cycle in course.cycles if cycle.day1 is not None)
    before = [(start, number) for start, number in starts if at is not None and start <= at.date()]
    if at is None or not before:
        return "", ""
    start, number = before[-1]
    return str(number), str((at.date() - start).days + 1)
