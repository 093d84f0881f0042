"""Take a whole chart in: every fact once, for a patient who is known or may be created; the same chart again adds nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from neutromon.interop.charts import sets_of
from neutromon.interop.understand import understand
from neutromon.models.history import PatientHistory, Provenance
from neutromon.models.imports import Disposition, ImportOptions, ReadResult, SetReport
from neutromon.services.bulk import load_history
from neutromon.services.histories import KIND_OF
from neutromon.services.importing.identity import who
from neutromon.services.importing.plan import Importer
from neutromon.services.records import identifier_pairs
from neutromon.services.writing import Write
from neutromon.storage.codec import encode
from neutromon.storage.store import Fact

NOT_CONTENT = frozenset({"provenance", "id", "versions", "marks", "others"})


def take_chart(
    write: Write, importer: Importer, history: PatientHistory, start: int, source: str, options: ImportOptions
) -> list[SetReport]:
    """Import one chart; where its patient is not sure, its counts wait in the holding bay like any laboratory's."""
    sets = sets_of(history)
    whose = who(write.session, sets[0], options)
    if whose.reason is not None:
        return [importer.take(own, start + index, source) for index, own in enumerate(sets)]
    marked = _marked(history, source, write)
    if whose.patient_id is None:
        patient_id = load_history(write, marked)
        write.unit.set_identifiers(patient_id, identifier_pairs(history.patient))
        return [_report(importer, own, start + index, patient_id, Disposition.STORED) for index, own in enumerate(sets)]
    return _add_missing(write, importer, marked, whose.patient_id, start, source)


def _marked(history: PatientHistory, source: str, write: Write) -> PatientHistory:
    own = Provenance(source="chart", source_id=source, received_at=write.now, author=write.session.user)
    return replace(history, counts=tuple(replace(sample, provenance=own) for sample in history.counts))


def _add_missing(write: Write, importer: Importer, history: PatientHistory, patient_id: str, start: int, source: str) -> list[SetReport]:
    """Add what the patient does not have yet; a count that differs from a stored one goes the way of every laboratory result."""
    there = _contents(write.session.store.facts_of(patient_id))
    for record in _records(history):
        if _content(KIND_OF[type(record)], encode(replace(record, id=""))) not in there:
            write.add(patient_id, KIND_OF[type(record)], encode(replace(record, id="")), "imported")
    _add_judgements(write, history, patient_id)
    reports = []
    for index, (own, sample) in enumerate(zip(sets_of(history), history.counts or (None,), strict=True)):
        body = encode(replace(sample, id="")) if sample is not None else None
        if body is None or _content("sample", body) in there:
            reports.append(_report(importer, own, start + index, patient_id, Disposition.DUPLICATE))
            continue
        times = [fact for fact in there.values() if fact is not None and fact.body.get("collected_at") == body.get("collected_at")]
        if times:
            reports.append(importer.take(own, start + index, source, patient_id))
        else:
            write.add(patient_id, "sample", body, "imported")
            reports.append(_report(importer, own, start + index, patient_id, Disposition.STORED))
    return reports


def _add_judgements(write: Write, history: PatientHistory, patient_id: str) -> None:
    """Add episode, work-up and monitoring where the patient has none: those that a person recorded here stay."""
    there = {fact.kind for fact in write.session.store.facts_of(patient_id)}
    bodies = {
        "episode": encode(history.episode),
        "work_up": encode(history.work_up),
        "monitoring": {"programme": history.monitoring} if history.monitoring else {},
    }
    for kind, body in bodies.items():
        if body and kind not in there:
            write.add(patient_id, kind, body, "imported")


def _records(history: PatientHistory) -> list[Any]:
    courses = (*history.earlier_courses, *((history.course,) if history.course else ()))
    given = (history.growth_factors, history.antibiotics, history.drugs, history.events, history.temperatures, history.symptoms)
    return [*courses, *(record for records in given for record in records)]


def _contents(facts: Sequence[Fact]) -> dict[str, Fact | None]:
    latest = {fact.root: fact for fact in facts}
    return {_content(fact.kind, fact.body): fact if fact.kind == "sample" else None for fact in latest.values()}


def _content(kind: str, body: Any) -> str:
    """Return what a record says, without where it came from."""
    return json.dumps([kind, _bare(body)], sort_keys=True, ensure_ascii=False)


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _bare(own) for name, own in value.items() if name not in NOT_CONTENT}
    return [_bare(own) for own in value] if isinstance(value, list) else value


def _report(importer: Importer, own: Any, index: int, patient_id: str, disposition: Disposition) -> SetReport:
    rows = understand(own, importer.table, accept_names=True)
    done: list[ReadResult] = [replace(row, disposition=disposition, hold=None) for row in rows]
    outcome = disposition.value if rows else "stored" if disposition is Disposition.STORED else "duplicate"
    return replace(importer.report(own, index, outcome, None, done), patient_id=patient_id)
