"""Counts typed by a person: preview while typing, record, correct, void, confirm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.evaluation import CountEvaluation, Severity
from neutromon.models.history import CountSample, PatientHistory, Provenance
from neutromon.models.quantity import Comparator, Reported, parse_number, plain_decimal
from neutromon.rules import evaluate
from neutromon.rules.counts import evaluate_counts, is_withdrawn, latest_count, without_blanks
from neutromon.rules.last_known import last_with, value_of
from neutromon.rules.sample_match import TELLING, unlike_the_patient
from neutromon.services.drafts import own_kind
from neutromon.services.lifetime import check_born
from neutromon.services.patients import patient_history
from neutromon.services.records import latest_of, needs_patient, needs_reason
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import decode, encode

PREVIEW = "preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountDraft:
    """A count as typed; `confirmed` names the fields whose doubtful value a person has confirmed."""

    collected_at: datetime
    values: Mapping[str, Reported]
    method: str | None = None
    accession: str | None = None
    status: str = "final"
    confirmed: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPreview:
    """What the rules say of a draft: evaluation, previous values, differences, a count that it repeats, signs of another patient.

    `previous` has the last known value of each quantity, `previous_times` when each was taken: not all need be of the count before.
    """

    evaluation: CountEvaluation
    previous: Mapping[str, Reported] = field(default_factory=dict)
    previous_at: datetime | None = None
    deltas: Mapping[str, str] = field(default_factory=dict)
    duplicate_of: str | None = None
    unlike: tuple[str, ...] = ()
    previous_times: Mapping[str, datetime] = field(default_factory=dict)


def last_values(history: PatientHistory, before: datetime | None = None) -> dict[str, tuple[Reported, datetime]]:
    """Return the last known value of each quantity with the time of its sample; a text without a number is no value."""
    timed = [(s.collected_at, s) for s in history.counts if s.collected_at is not None and not is_withdrawn(s)]
    found: dict[str, tuple[Reported, datetime]] = {}
    for when, sample in sorted(timed, key=lambda pair: pair[0]):
        if before is None or when < before:
            found |= {name: (value, when) for name, value in sample.values.items() if parse_number(value.value) is not None}
    return found


def preview_count(s: Session, patient_id: str, draft: CountDraft) -> CountPreview:
    """Return what a draft would be, without storing anything."""
    history = patient_history(s, patient_id)
    sample = _sample(s, draft, PREVIEW)
    before = _previous(history, draft.collected_at)
    known = last_values(history, draft.collected_at)
    near = _neighbours(history, draft, before, timedelta(hours=s.rules.numbers["plausibility"].wholes["rapid_change_hours"]))
    counts = evaluate_counts(without_blanks(replace(history, counts=(*near, sample))), s.clock(), s.rules)
    own = next(count for count in counts if count.sample_id == PREVIEW)
    same = [old.id for old in history.counts if old.collected_at == draft.collected_at]
    return CountPreview(
        evaluation=own,
        previous={name: value for name, (value, _) in known.items()},
        previous_at=before.collected_at if before else None,
        deltas=_deltas(counts, own, draft.collected_at),
        duplicate_of=same[0] if same else None,
        unlike=unlike_the_patient(sample, counts, near, history.events, s.rules.numbers["findings"]),
        previous_times={name: when for name, (_, when) in known.items()},
    )


def _neighbours(history: PatientHistory, draft: CountDraft, before: CountSample | None, span: timedelta) -> tuple[CountSample, ...]:
    """Return the counts beside which a draft is judged: those before it, those of the hours around, any of the same specimen.

    "Before" are the last one and, for each value that is typed or tells patients apart, the last one that has it.

    A count's own evaluation rests on no others; all of a long history would be judged anew at each pause in typing.
    """

    earlier = [known for known in history.counts if known.collected_at is not None and known.collected_at < draft.collected_at]
    typed = [name for name in (*draft.values, *TELLING) if name in draft.values]
    telling = [_newest(known for known in earlier if _has(known, name)) for name in dict.fromkeys(typed)]

    def is_near(known: CountSample) -> bool:
        close = known.collected_at is not None and abs(known.collected_at - draft.collected_at) <= span
        return close or known is before or known in telling or (draft.accession is not None and known.accession == draft.accession)

    return tuple(known for known in history.counts if is_near(known))


def _has(sample: CountSample, name: str) -> bool:
    value = sample.values.get(name)
    return value is not None and parse_number(value.value) is not None


def _previous(history: PatientHistory, when: datetime) -> CountSample | None:
    return _newest(sample for sample in history.counts if sample.collected_at is not None and sample.collected_at < when)


def _newest(samples: Iterable[CountSample]) -> CountSample | None:
    timed = [(sample.collected_at, sample) for sample in samples if sample.collected_at is not None]
    return max(timed, key=lambda pair: pair[0])[1] if timed else None


def _deltas(counts: tuple[CountEvaluation, ...], own: CountEvaluation, taken: datetime) -> dict[str, str]:
    """Return "+0.3" or "-1.2" against the last known value of each quantity, for exact values in the same unit."""
    earlier = [count for count in counts if count is not own and count.collected_at is not None and count.collected_at < taken]
    found = {}
    for name in (*own.values, "anc"):
        old = last_with(earlier, name, taken)
        was, now = value_of(old, name) if old is not None else None, value_of(own, name)
        if was is None or now is None or was.unit != now.unit:
            continue
        if was.comparator is Comparator.EQ and now.comparator is Comparator.EQ:
            change: Decimal = now.value - was.value
            found[name] = f"{'+' if change > 0 else '−' if change < 0 else '±'}{plain_decimal(abs(change))}"
    return found


def _sample(s: Session, draft: CountDraft, sample_id: str) -> CountSample:
    values = {name: replace(value, confirmed=name in draft.confirmed) for name, value in draft.values.items() if value.value.strip()}
    source = Provenance(source="typed", author=s.user, received_at=s.clock(), note=draft.note)
    return CountSample(
        id=sample_id,
        collected_at=draft.collected_at,
        status=draft.status,
        values=values,
        accession=draft.accession,
        method=draft.method,
        provenance=source,
    )


def record_count(s: Session, patient_id: str, draft: CountDraft) -> Outcome[str]:
    """Store a count and return its id; refuse an impossible one, and a doubtful one that nobody has confirmed."""
    needs_patient(s, patient_id)
    if not any(value.value.strip() for value in draft.values.values()):
        raise UserError("The count has no value.", "Type at least one value.")
    check_born(s, patient_id, [draft.collected_at.date()])
    problems = preview_count(s, patient_id, draft).evaluation.problems
    blocking = [problem for problem in problems if problem.severity is Severity.BLOCK and problem.field != "differential"]
    if blocking:
        hint = "Correct it, or confirm it if it is right." if blocking[0].suggestion else "Correct it."
        raise UserError(blocking[0].text, hint)
    with writing(s) as write:
        sample_id = write.add(patient_id, "sample", encode(_sample(s, draft, "")))
        write.unit.set_draft(patient_id, own_kind(write.session, "count"), write.now.isoformat(), None)
    return Outcome(value=sample_id, changes=write.changes)


def correct_count(s: Session, sample_id: str, name: str, value: Reported, reason: str) -> Outcome[None]:
    """Supersede one value of a count, with a reason; the old value stays in the log."""
    latest = latest_of(s, sample_id, "sample")
    sample = decode(CountSample, latest.body)
    corrected = replace(sample, values={**sample.values, name: value})
    with writing(s) as write:
        write.revise(latest, encode(corrected), needs_reason(reason), what="corrected")
    return Outcome(value=None, changes=write.changes)


def confirm_value(s: Session, sample_id: str, name: str, reason: str) -> Outcome[None]:
    """Say that a doubtful value is right; it counts from now on."""
    latest = latest_of(s, sample_id, "sample")
    sample = decode(CountSample, latest.body)
    if name not in sample.values:
        raise UserError("This count has no such value.", "Read the count again.")
    return correct_count(s, sample_id, name, replace(sample.values[name], confirmed=True), reason)


def void_count(s: Session, sample_id: str, reason: str) -> Outcome[None]:
    """Withdraw a count, with a reason; it stays in the log."""
    latest = latest_of(s, sample_id, "sample")
    with writing(s) as write:
        write.revise(latest, latest.body, needs_reason(reason), voided=True)
    return Outcome(value=None, changes=write.changes)


def latest_of_patient(s: Session, patient_id: str) -> CountEvaluation | None:
    """Return the latest count that speaks of white cells."""
    history = patient_history(s, patient_id)
    judged = evaluate(history, s.rules, s.clock(), s.protocol)
    return latest_count(judged.counts, history.counts, judged.now)
