"""Put a set's results beside what is stored: new, seen before, corrected, withdrawn; the same again changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from neutromon.models.history import CountSample, PatientHistory, Provenance
from neutromon.models.imports import Disposition, RawSet, ReadResult
from neutromon.models.quantity import Reported

FIELDS: Mapping[str, str] = {
    "WBC": "wbc",
    "ANC": "neutrophils",
    "NEUT_PCT": "neutrophils_percent",
    "SEG_PCT": "segs_percent",
    "BAND_PCT": "bands_percent",
    "GRAN": "granulocytes",
    "PLT": "platelets",
    "HGB": "hemoglobin",
    "LYMPH": "lymphocytes",
    "LYMPH_PCT": "lymphocytes_percent",
    "MONO": "monocytes",
    "MONO_PCT": "monocytes_percent",
    "EOS_PCT": "eosinophils_percent",
    "BASO_PCT": "basophils_percent",
    "IG_PCT": "immature_granulocytes_percent",
    "META_PCT": "metamyelocytes_percent",
    "BLAST_PCT": "blasts_percent",
    "MCV": "mcv",
}
PRELIMINARY = frozenset({"P", "S", "R", "preliminary"})
CORRECTED = frozenset({"C", "A", "corrected", "amended"})


@dataclass(frozen=True, slots=True)
class Merged:
    """The sample as it should be stored, whether it is new or changed, and what became of each row."""

    sample: CountSample
    known: CountSample | None
    changed: bool
    rows: tuple[ReadResult, ...]


def find_sample(history: PatientHistory, own: RawSet, rows: Sequence[ReadResult]) -> CountSample | None:
    """Return the stored sample of the same time: of the same specimen, or without contradicting values."""
    same = [sample for sample in history.counts if _same_time(sample, own)]
    exact = [sample for sample in same if own.specimen and sample.accession == own.specimen]
    if exact:
        return exact[0]
    fitting = [sample for sample in same if not _contradicts(sample, own, rows)]
    return fitting[0] if fitting else None


def _same_time(sample: CountSample, own: RawSet) -> bool:
    if sample.collected_at is None or own.collected_at is None:
        return False
    if sample.day_precision or own.day_only:
        return sample.day_precision == own.day_only and sample.collected_at.date() == own.collected_at.date()
    return sample.collected_at == own.collected_at


def _contradicts(sample: CountSample, own: RawSet, rows: Sequence[ReadResult]) -> bool:
    """Return whether another specimen's values differ; a correction of the same report does not contradict."""
    if own.specimen is None or sample.accession is None:
        return False
    for row in rows:
        name = FIELDS.get(row.analyte)
        if (
            name is not None
            and name in sample.values
            and row.value is not None
            and row.hold is None
            and sample.values[name].value != row.value
        ):
            return True
    return False


def merge(known: CountSample | None, own: RawSet, rows: Sequence[ReadResult], received: datetime, source: str, author: str) -> Merged:
    """Return the sample that the rows make of what is known."""
    values: dict[str, Reported] = dict(known.values) if known else {}
    others: dict[str, Reported] = dict(known.others) if known else {}
    before = (dict(values), dict(others), known.status if known else None)
    statuses: dict[str, str | None] = {}
    done: list[ReadResult] = []
    touched: set[str] = set()
    for row in rows:
        done.append(_one(row, values, others, statuses, touched, known))
    status = _status(known, statuses, done)
    provenance = Provenance(source="import", source_id=source, received_at=received, author=author, note=own.sender[:80])
    base = known or CountSample(collected_at=own.collected_at, day_precision=own.day_only, accession=own.specimen, provenance=provenance)
    marks = tuple(dict.fromkeys((*base.marks, *(mark for row in done for mark in row.marks), *own.marks)))
    methods = {row.method for row in done if row.method and row.analyte in {"ANC", "NEUT_PCT", "SEG_PCT"}}
    sample = replace(
        base, values=values, others=others, status=status, marks=marks, method=base.method or next(iter(sorted(methods)), None)
    )
    return Merged(sample, known, (values, others, status) != before, tuple(done))


def _one(
    row: ReadResult,
    values: dict[str, Reported],
    others: dict[str, Reported],
    statuses: dict[str, str | None],
    touched: set[str],
    known: CountSample | None,
) -> ReadResult:
    """Return one row with its disposition, having put it in its place."""
    if row.ignore is not None:
        return replace(row, disposition=Disposition.IGNORED)
    name = FIELDS.get(row.analyte)
    if row.withdrawn or (row.text_only and _is_correction(row)):
        return _withdraw(row, name, values, touched)
    if row.text_only or row.pending:
        return _other(row, others, Disposition.KEPT_AS_TEXT)
    if row.hold is not None:
        return replace(row, disposition=Disposition.HELD)
    if name is None or (row.value is None and row.analyte != "MCV"):
        return _other(row, others, Disposition.STORED)
    return _number(row, name, values, others, statuses, touched, known)


def _is_correction(row: ReadResult) -> bool:
    return row.raw.status in CORRECTED


def _withdraw(row: ReadResult, name: str | None, values: dict[str, Reported], touched: set[str]) -> ReadResult:
    if name is not None and name in values and name not in touched:
        del values[name]
        return replace(row, disposition=Disposition.VOIDED if row.withdrawn else Disposition.CORRECTED)
    return replace(row, disposition=Disposition.KEPT_AS_TEXT)


def _other(row: ReadResult, others: dict[str, Reported], disposition: Disposition) -> ReadResult:
    """Keep a result without a column of its own, as sent."""
    label = row.source_code or (row.raw.texts[0] if row.raw.texts else "result")
    place, number = f"{row.analyte}:{label}", 1
    while place in others and others[place].value != (row.raw.value or ""):
        number += 1
        place = f"{row.analyte}:{label}#{number}"
    if place in others:
        return replace(row, disposition=Disposition.DUPLICATE if disposition is Disposition.STORED else disposition)
    others[place] = Reported(value=row.raw.value or "", unit=row.raw.unit)
    return replace(row, disposition=disposition)


def _number(
    row: ReadResult,
    name: str,
    values: dict[str, Reported],
    others: dict[str, Reported],
    statuses: dict[str, str | None],
    touched: set[str],
    known: CountSample | None,
) -> ReadResult:
    value = Reported(
        value=row.value if row.value is not None else (row.raw.value or ""),
        unit=row.unit or row.raw.unit,
        original_value=row.raw.value,
        original_unit=row.raw.unit,
    )
    statuses[name] = row.raw.status
    there = values.get(name)
    if there is None:
        values[name] = value
        touched.add(name)
        return replace(row, disposition=Disposition.STORED)
    if there.value == value.value and there.unit == value.unit:
        return replace(row, disposition=Disposition.DUPLICATE)
    if name in touched and not _is_correction(row):
        return _other(row, others, Disposition.STORED)
    was_final = known is not None and known.status not in {None, "preliminary"}
    if row.raw.status in PRELIMINARY and was_final:
        return replace(row, disposition=Disposition.DUPLICATE)
    values[name] = value
    touched.add(name)
    return replace(row, disposition=Disposition.CORRECTED)


def _status(known: CountSample | None, statuses: Mapping[str, str | None], rows: Sequence[ReadResult]) -> str:
    if any(row.disposition in {Disposition.CORRECTED, Disposition.VOIDED} for row in rows):
        return "corrected"
    if known is not None and known.status in {"final", "corrected"}:
        return known.status
    given = [status for status in statuses.values()]
    return "preliminary" if given and all(status in PRELIMINARY for status in given) else "final"
