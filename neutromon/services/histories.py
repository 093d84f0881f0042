"""A patient's history from her facts: the newest revision of each record, earlier values kept beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from neutromon.models.history import (
    Antibiotic,
    ClinicalEvent,
    CountSample,
    Course,
    DrugExposure,
    Episode,
    GrowthFactor,
    Patient,
    PatientHistory,
    Symptom,
    Temperature,
)
from neutromon.models.quantity import Reported
from neutromon.services.deferrals import with_deferrals
from neutromon.storage.codec import decode
from neutromon.storage.store import Fact

KINDS: Mapping[str, type] = {
    "patient": Patient,
    "course": Course,
    "sample": CountSample,
    "temperature": Temperature,
    "symptom": Symptom,
    "growth_factor": GrowthFactor,
    "antibiotic": Antibiotic,
    "drug": DrugExposure,
    "event": ClinicalEvent,
    "episode": Episode,
}
KIND_OF = {cls: kind for kind, cls in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Chain:
    """Every revision of one record, oldest first."""

    revisions: tuple[Fact, ...]

    @property
    def latest(self) -> Fact:
        """Return the revision that counts."""
        return self.revisions[-1]


def chains(facts: Iterable[Fact]) -> list[Chain]:
    """Return the records of facts, in the order in which they were first stored."""
    by_root: dict[str, list[Fact]] = {}
    for fact in facts:
        by_root.setdefault(fact.root, []).append(fact)
    return [Chain(tuple(revisions)) for revisions in by_root.values()]


def build_history(patient_id: str, facts: Sequence[Fact], known: dict[tuple[str, int], Any] | None = None) -> PatientHistory:
    """Return the history that a patient's facts tell; voided records are left out.

    `known` holds records by their latest revision and the number of revisions; what is read is added to it.
    """
    read = {} if known is None else known
    records: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    others: dict[str, Mapping[str, Any]] = {}
    decisions: list[Fact] = []
    for chain in chains(facts):
        latest = chain.latest
        if latest.voided:
            continue
        if latest.kind in KINDS:
            key = latest.id, len(chain.revisions)
            if key not in read:
                read[key] = _record(chain)
            records[latest.kind].append(read[key])
        elif latest.kind == "decision":
            decisions.append(latest)
        else:
            others[latest.kind] = latest.body
    courses = sorted(records["course"], key=_course_order)
    course, deferrals = with_deferrals(courses[-1] if courses else None, decisions)
    work_up = dict(others.get("work_up", {}))
    monitoring = others.get("monitoring", {}).get("programme")
    return PatientHistory(
        patient=replace(records["patient"][-1], id=patient_id) if records["patient"] else Patient(id=patient_id),
        course=course,
        earlier_courses=tuple(courses[:-1]),
        counts=tuple(sorted(records["sample"], key=lambda s: (s.collected_at is None, s.collected_at and s.collected_at.timestamp()))),
        temperatures=tuple(records["temperature"]),
        symptoms=tuple(records["symptom"]),
        growth_factors=tuple(records["growth_factor"]),
        antibiotics=tuple(records["antibiotic"]),
        drugs=tuple(records["drug"]),
        events=tuple(records["event"]),
        episode=records["episode"][-1] if records["episode"] else Episode(),
        work_up=work_up,
        monitoring=monitoring,
        deferrals=deferrals,
    )


def _course_order(course: Course) -> str:
    """Return by what courses are sorted; those of one day stay in the order in which they were stored."""
    days = [day for cycle in course.cycles if (day := cycle.day1 or cycle.planned_day1) is not None]
    return min(days).isoformat() if days else ""


def _record(chain: Chain) -> Any:
    latest = chain.latest
    body = latest.body if latest.kind == "episode" else {**latest.body, "id": latest.root}
    record: Any = decode(KINDS[latest.kind], body)
    earlier = _superseded(chain) if latest.kind == "sample" else ()
    return replace(record, superseded=earlier) if earlier else record


def _superseded(chain: Chain) -> tuple[tuple[str, Reported, str], ...]:
    """Return (field, earlier value, when it was replaced) of a corrected sample, oldest first."""
    found = []
    for older, newer in zip(chain.revisions, chain.revisions[1:], strict=False):
        before, after = older.body.get("values", {}), newer.body.get("values", {})
        for name, value in before.items():
            if after.get(name, {}).get("value") != value.get("value") or after.get(name, {}).get("unit") != value.get("unit"):
                found.append((name, decode(Reported, value), newer.at))
    return tuple(found)
