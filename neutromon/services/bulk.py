"""Load whole histories at once: the practice clinic, and charts from elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

from neutromon.models.history import CountSample, PatientHistory, Provenance
from neutromon.services.histories import KIND_OF
from neutromon.services.session import Session
from neutromon.services.writing import Write, writing
from neutromon.storage.codec import encode


def load_histories(s: Session, histories: Sequence[PatientHistory]) -> list[str]:
    """Store histories in one unit and return the patients' ids."""
    with writing(s) as write:
        return [load_history(write, history) for history in histories]


def load_history(write: Write, history: PatientHistory) -> str:
    """Store one history inside a write: every record a fact of its own, corrected samples as a chain."""
    patient_id = write.session.ids()
    write.unit.add_fact(
        fact_id=patient_id,
        patient=patient_id,
        kind="patient",
        at=write.now.isoformat(),
        author=write.session.user,
        body=encode(replace(history.patient, id="")),
    )
    write.audit("patient added", patient_id, patient_id)
    write.touch(patient_id)
    for course in (*history.earlier_courses, *((history.course,) if history.course else ())):
        write.add(patient_id, "course", encode(replace(course, id="")))
    for sample in history.counts:
        _add_sample(write, patient_id, sample)
    lists = (
        history.temperatures,
        history.symptoms,
        history.growth_factors,
        history.antibiotics,
        history.drugs,
        history.events,
    )
    for records in lists:
        for record in records:
            write.add(patient_id, KIND_OF[type(record)], encode(replace(record, id="")))
    if history.episode.expected_fall_below_0_5 is not None or history.episode.mascc or history.episode.cisne or history.episode.flags:
        write.add(patient_id, "episode", encode(history.episode))
    if history.work_up:
        write.add(patient_id, "work_up", encode(history.work_up))
    if history.monitoring:
        write.add(patient_id, "monitoring", {"programme": history.monitoring})
    return patient_id


def _add_sample(write: Write, patient_id: str, sample: CountSample) -> None:
    """Store a sample; where it was corrected, first as it was."""
    final = replace(sample, id="", superseded=(), provenance=sample.provenance or Provenance(source="loaded"))
    if not sample.superseded:
        write.add(patient_id, "sample", encode(final))
        return
    before = dict(final.values)
    for name, value, _ in sample.superseded:
        before[name] = value
    root = write.add(patient_id, "sample", encode(replace(final, values=before)))
    first = write.session.store.revisions(root)[-1]
    write.revise(first, encode(final), "corrected by the laboratory", what="corrected")
