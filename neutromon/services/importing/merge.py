"""Put a set's results beside what is stored: new, seen before, corrected, withdrawn; the same again changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from neutromon.interop.understand import status_of
from neutromon.models.history import CountSample, Provenance
from neutromon.models.imports import Disposition, RawSet, ReadResult
from neutromon.services.importing.versions import Slots, status_rank
from neutromon.storage.codec import decode
from neutromon.storage.store import Fact

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
CORRECTED = frozenset({"C", "A", "corrected", "amended"})
SHARES = frozenset({"NEUT_PCT", "SEG_PCT", "BAND_PCT", "LYMPH_PCT", "MONO_PCT", "EOS_PCT", "BASO_PCT", "META_PCT", "BLAST_PCT", "IG_PCT"})
DIFFERENTIAL = frozenset({"ANC", "NEUT_PCT", "SEG_PCT", "BAND_PCT"})


@dataclass(frozen=True, slots=True)
class Merged:
    """The sample as it should be stored, whether it is new or changed, and what became of each row."""

    sample: CountSample
    known: Fact | None
    changed: bool
    rows: tuple[ReadResult, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored sample with its latest revision."""

    sample: CountSample
    fact: Fact


def find_sample(facts: Iterable[Fact], own: RawSet, rows: Sequence[ReadResult]) -> Stored | None:
    """Return the stored sample of the same time: of the same specimen, or without contradicting values."""
    latest = {fact.root: fact for fact in facts if fact.kind == "sample"}
    same = [Stored(decode(CountSample, fact.body), fact) for fact in latest.values() if not fact.voided and _same_time(fact.body, own)]
    exact = [stored for stored in same if own.specimen and stored.sample.accession == own.specimen]
    if exact:
        return exact[0]
    fitting = [stored for stored in same if not _contradicts(stored.sample, own, rows)]
    return fitting[0] if fitting else None


def moved_away(facts: Iterable[Fact], own: RawSet) -> CountSample | None:
    """Return the sample of this specimen and time that a person moved to another patient: it does not come back by itself."""
    latest = {fact.root: fact for fact in facts if fact.kind == "sample"}
    gone = [fact for fact in latest.values() if fact.voided and "MOVED" in (fact.body.get("marks") or ()) and _same_time(fact.body, own)]
    return next((decode(CountSample, fact.body) for fact in gone if fact.body.get("accession") == own.specimen), None)


def says_otherwise(sample: CountSample, rows: Sequence[ReadResult]) -> bool:
    """Return whether the rows are another version of a sample: a value that it does not have, or one that is withdrawn."""
    names = {row.analyte: FIELDS.get(row.analyte) for row in rows if row.value is not None and row.hold is None}
    return any(row.withdrawn or _differs(sample, row) for row in rows) or any(name not in sample.values for name in names.values() if name)


def _same_time(body: Mapping[str, Any], own: RawSet) -> bool:
    if "collected_at" not in body or own.collected_at is None:
        return False
    there = datetime.fromisoformat(body["collected_at"])
    if body.get("day_precision") or own.day_only:
        return _at_day(there) and _at_day(own.collected_at) and there.date() == own.collected_at.date()
    return there == own.collected_at


def _at_day(when: datetime) -> bool:
    """Return whether a time is a day's beginning: the day itself, or midnight for want of a clock."""
    return (when.hour, when.minute, when.second) == (0, 0, 0)


def _contradicts(sample: CountSample, own: RawSet, rows: Sequence[ReadResult]) -> bool:
    """Return whether another specimen's values differ; a correction of the same report does not contradict."""
    if own.specimen is None or sample.accession is None:
        return False
    return any(_differs(sample, row) for row in rows)


def _differs(sample: CountSample, row: ReadResult) -> bool:
    name = FIELDS.get(row.analyte)
    if name is None or name not in sample.values or row.value is None or row.hold is not None:
        return False
    return sample.values[name].value != row.value


def merge(stored: Stored | None, own: RawSet, rows: Sequence[ReadResult], received: datetime, source: str, author: str) -> Merged:
    """Return the sample that the rows make of what is known."""
    known = stored.sample if stored else None
    base = known or _new(own, received, source, author)
    yielding = _yielding(known, rows)
    slots = Slots(base, own.reported_at, yielding)
    first = _first_method(rows)
    taken = {index: _one(rows[index], slots) for index in sorted(range(len(rows)), key=lambda at: _comes_second(rows[at], first))}
    done = tuple(taken[index] for index in range(len(rows)))
    marks = tuple(dict.fromkeys((*base.marks, *(mark for row in done for mark in row.marks), *own.marks)))
    methods = {row.method for row in done if row.method and row.analyte in DIFFERENTIAL}
    sample = replace(
        base,
        values=slots.values,
        others=slots.others,
        versions=slots.versions,
        status=_status(known, done),
        marks=marks,
        method=("manual" if yielding else base.method) or first or next(iter(sorted(methods)), None),
    )
    before = (base.values, base.others, base.versions, known.status if known else None)
    changed = (sample.values, sample.others, sample.versions, sample.status) != before
    return Merged(sample, stored.fact if stored else None, changed, done)


def _first_method(rows: Sequence[ReadResult]) -> str | None:
    """Return which of two differentials of one specimen stands on the curve (reference, 4.6); None where there is only one.

    The manual one where its shares add to 98 to 102 per cent, else the automated one; the other is kept beside it.
    """
    manual = _manual(rows)
    both = {row.analyte for row in manual} & {row.analyte for row in rows if row.method != "manual"} & DIFFERENTIAL
    if not both:
        return None
    return "manual" if _whole(manual) else "automated"


def _manual(rows: Sequence[ReadResult]) -> list[ReadResult]:
    return [row for row in rows if row.method == "manual" and row.value is not None and row.hold is None]


def _whole(rows: Sequence[ReadResult]) -> bool:
    """Return whether the shares of a differential add to 98 to 102 per cent."""
    shares = [row.value for row in rows if row.analyte in SHARES and row.value is not None and row.value[0].isdigit()]
    return 98 <= sum(map(Decimal, shares)) <= 102


def _yielding(known: CountSample | None, rows: Sequence[ReadResult]) -> frozenset[str]:
    """Return the columns in which a whole manual differential that comes later takes the place of the automated one."""
    manual = _manual(rows)
    if known is None or known.method == "manual" or not _whole(manual):
        return frozenset()
    names = {FIELDS.get(row.analyte, "") for row in manual if row.analyte in DIFFERENTIAL or row.analyte in SHARES}
    return frozenset(names & known.values.keys())


def _comes_second(row: ReadResult, first: str | None) -> bool:
    return first is not None and (row.method == "manual") != (first == "manual")


def _new(own: RawSet, received: datetime, source: str, author: str) -> CountSample:
    provenance = Provenance(source="import", source_id=source, received_at=received, author=author, note=own.sender[:80])
    return CountSample(collected_at=own.collected_at, day_precision=own.day_only, accession=own.specimen, provenance=provenance)


def _one(row: ReadResult, slots: Slots) -> ReadResult:
    """Return one row with its disposition, having put it in its place."""
    became = _disposition(row, slots)
    return row if row.disposition is became else replace(row, disposition=became)


def _disposition(row: ReadResult, slots: Slots) -> Disposition:
    if row.ignore is not None:
        return Disposition.IGNORED
    name = FIELDS.get(row.analyte)
    if row.withdrawn or (row.text_only and status_of(row.raw) in CORRECTED):
        return slots.withdraw(row, name)
    if row.text_only or row.pending:
        slots.keep_words(row)
        return Disposition.KEPT_AS_TEXT
    if row.hold is not None:
        return Disposition.HELD
    if name is None or (row.value is None and row.analyte != "MCV"):
        return slots.put_other(row)
    return slots.put_value(row, name)


def _status(known: CountSample | None, rows: Sequence[ReadResult]) -> str:
    """Return the sample's status: corrected once a value changed, preliminary while every number is."""
    numbers = [row for row in rows if row.analyte in FIELDS]
    if any(row.disposition in {Disposition.CORRECTED, Disposition.VOIDED} for row in numbers):
        return "corrected"
    if known is not None and known.status in {"final", "corrected"}:
        return known.status
    given = [row for row in numbers if row.disposition in {Disposition.STORED, Disposition.DUPLICATE}]
    return "preliminary" if given and all(status_rank(status_of(row.raw)) == 1 for row in given) else "final"
