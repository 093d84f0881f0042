"""The holding bay: results that a person has to decide on, with reason, original message and the ways out; every decision audited."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from neutromon.interop.analytes import OTHER, CodeTable, fold
from neutromon.interop.suggest import suggested_unit
from neutromon.interop.understand import is_doubtful, understand
from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.history import Identifier, Patient
from neutromon.models.imports import Disposition, ImportOptions, RawResult, RawSet, ReadResult, SetReport
from neutromon.models.worklist import PatientHit
from neutromon.services.held_critical import may_be_critical
from neutromon.services.held_list import HELD, HeldLine
from neutromon.services.histories import chains
from neutromon.services.importing.codes import CodeRule, add_rule, code_table
from neutromon.services.importing.identity import patient_of, same_name, unusable
from neutromon.services.importing.plan import Importer
from neutromon.services.importing.slips import ask_about_slips
from neutromon.services.patients import find_patients
from neutromon.services.records import identifier_key, latest_of, needs_patient, needs_reason
from neutromon.services.roles import Right, needs
from neutromon.services.row_decisions import RowDecision, as_decided
from neutromon.services.same_number import SameNumber, holders, refuse_taken, same_number
from neutromon.services.session import Session
from neutromon.services.writing import Write, writing
from neutromon.storage.codec import decode, encode
from neutromon.storage.store import Fact

TIME_REASONS = frozenset({"NO_TIME", "BAD_TIME", "DATE_AMBIGUOUS", "TIME_IN_FUTURE", "TIME_BEFORE_BIRTH"})

MOST_ALIKE = 10
OF_ROWS = frozenset({"UNKNOWN_CODE", "UNIT_MISSING", "UNKNOWN_UNIT", "IMPLAUSIBLE_VALUE"})


class Way(StrEnum):
    """The ways out of the holding bay."""

    ASSIGN = "assign"
    CREATE = "create"
    CONFIRM = "confirm"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """One result of a waiting set; `reason` is why this row waits, `suggested_*` what the program would propose.

    `doubtful` is a number that may be a decimal or a thousand.
    """

    index: int
    name: str
    code: str
    raw_value: str
    raw_unit: str
    analyte: str
    value: str | None
    unit: str | None
    status: str
    reason: tuple[str, str] | None = None
    suggested_analyte: str = ""
    suggested_unit: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSet(HeldLine):
    """A waiting set: the line of the list, what it says, and by which ways a person can let it out."""

    message_id: str
    candidates: tuple[PatientHit, ...]
    rows: tuple[HeldRow, ...]
    ways: tuple[Way, ...]
    needs_time: bool = False
    critical: bool = False
    same_number: tuple[SameNumber, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """One way out: `patient_id` to assign, `patient` to create (missing: as the message says), `reason` to reject.

    `collected_at` gives a time that the message does not; `keep_number` adds the message's number to the patient;
    `another_register` says that a patient here has this number from another authority and is somebody else.
    """

    way: Way
    patient_id: str | None = None
    patient: Patient | None = None
    rows: tuple[RowDecision, ...] = ()
    collected_at: datetime | None = None
    reason: str = ""
    keep_number: bool = False
    another_register: bool = False


def held_sets(s: Session) -> list[HeldSet]:
    """Return what waits, oldest first."""
    table = code_table(s)
    return [_shown(s, fact, table) for fact in _open(s)]


def held_set(s: Session, held_id: str) -> HeldSet:
    """Return one waiting set with its rows, its candidates and its ways out."""
    fact = latest_of(s, held_id, HELD)
    if fact.voided or "decision" in fact.body:
        raise UserError("This result was decided already.", "Read the list again.")
    return _shown(s, fact, code_table(s))


def resolve_held(s: Session, held_id: str, resolution: Resolution) -> Outcome[None]:
    """Let a waiting set out as a person decided; the decision, its author and the original message stay."""
    fact = latest_of(s, held_id, HELD)
    if "decision" in fact.body:
        raise UserError("This result was decided already.", "Read the list again.")
    with writing(s) as write:
        _close(write, fact, resolution, _RESOLVERS[resolution.way](write, fact, resolution))
    return Outcome(value=None, changes=write.changes)


def _close(write: Write, fact: Fact, resolution: Resolution, patient_id: str) -> None:
    way, by = resolution.way.value, write.session.user
    decision = {"way": way, "patient": patient_id, "by": by, "at": write.now.isoformat()}
    write.revise(fact, {**fact.body, "decision": decision}, resolution.reason.strip() or f"{way} by {by}", what=f"resolved: {way}")
    write.holding = True


def reject_held(s: Session, held_ids: Collection[str], reason: str) -> Outcome[int]:
    """Reject many waiting sets at once, all or none, with one reason; return how many. One undo brings them all back."""
    resolution, wanted = Resolution(way=Way.REJECT, reason=needs_reason(reason)), set(held_ids)
    facts = [fact for fact in _open(s) if fact.root in wanted]
    if not facts:
        raise UserError("These results were decided already.", "Read the list again.")
    with writing(s) as write:
        for fact in facts:
            _close(write, fact, resolution, "")
    return Outcome(value=len(facts), changes=write.changes)


def alike_of(s: Session, held_id: str) -> int:
    """Return how many other sets wait for the same patient and reason: what one decision could let out with it."""
    return len(_alike(s, latest_of(s, held_id, HELD)))


def resolve_alike(s: Session, held_id: str, resolution: Resolution) -> Outcome[int]:
    """Resolve a set and every other that waits for the same patient and reason; return how many went out.

    A decision on a row holds for the rows with the same code, name and unit; a typed time is this set's own.
    """
    first = latest_of(s, held_id, HELD)
    alike, rows = _alike(s, first), _set(first).results
    changes, done = resolve_held(s, held_id, resolution).changes, 1
    follow = replace(resolution, collected_at=None)
    if resolution.way is Way.CREATE:
        created = latest_of(s, held_id, HELD).body["decision"]["patient"]
        follow = replace(follow, way=Way.ASSIGN, patient_id=created, patient=None)
    for fact in alike:
        try:
            decided = _rows_alike(resolution.rows, rows, _set(fact).results)
            changes |= resolve_held(s, fact.root, replace(follow, rows=decided)).changes
            done += 1
        except UserError:
            continue  # waits for a reason of its own: it stays in the bay
    return Outcome(value=done, changes=changes)


def _alike(s: Session, first: Fact) -> list[Fact]:
    likeness = _likeness(first)
    return [fact for fact in _open(s) if fact.root != first.root and _likeness(fact) == likeness]


def _likeness(fact: Fact) -> tuple[Any, ...]:
    own = fact.body["set"]
    person = own.get("identifiers"), own.get("family"), own.get("birth_date")
    return fact.body["reason"][0], own.get("sender"), fact.body.get("patient"), *person


def _rows_alike(decisions: Sequence[RowDecision], rows: Sequence[RawResult], others: Sequence[RawResult]) -> tuple[RowDecision, ...]:
    """Return the same decisions for the rows of another set: by what a row is called and measured in, never by its place."""
    found = []
    for decision in decisions:
        wanted = _called(rows[decision.index])
        places = [index for index, row in enumerate(others) if _called(row) == wanted]
        found += [replace(decision, index=index, for_sender=False) for index in places]
    return tuple(found)


def _called(row: RawResult) -> tuple[object, ...]:
    return row.codes, row.texts, row.unit


def _open(s: Session) -> list[Fact]:
    found = [chain.latest for chain in chains(s.store.facts_of_kind(HELD))]
    return [fact for fact in found if not fact.voided and "decision" not in fact.body]


def _set(fact: Fact) -> RawSet:
    return decode(RawSet, fact.body["set"])


def _shown(s: Session, fact: Fact, table: CodeTable) -> HeldSet:
    own, (code, text) = _set(fact), fact.body["reason"]
    read = understand(own, table, accept_names=False)
    if fact.body.get("patient"):
        read = ask_about_slips(s.store.facts_of(str(fact.body["patient"])), own, read)
    rows = tuple(_row(index, row, read) for index, row in enumerate(read))
    still = [row.hold for row in read if row.hold]
    if code in OF_ROWS and still and (code, text) not in still:  # a rule made since answers the row for which it was held
        code, text = still[0]
    patient_id = fact.body.get("patient") or None
    message = str(fact.body.get("source", ""))
    return HeldSet(
        id=fact.root,
        code=code,
        text=text,
        held_at=datetime.fromisoformat(fact.at),
        sender=own.sender,
        source_name=_source_name(s, message),
        message_id=message,
        source=message,
        name=", ".join(part for part in (own.family, own.given) if part),
        identifier=own.identifiers[0] if own.identifiers else None,
        birth_date=own.birth_date,
        collected_at=own.collected_at,
        day_only=own.day_only,
        patient_id=patient_id,
        candidates=() if patient_id else _candidates(s, own),
        rows=rows,
        ways=_ways(own, patient_id),
        needs_time=own.collected_at is None or code in TIME_REASONS,
        critical=may_be_critical(read, s.protocol.call_threshold),
        same_number=() if patient_id else same_number(s, own.identifiers[0] if own.identifiers else None),
    )


def _ways(own: RawSet, patient_id: str | None) -> tuple[Way, ...]:
    if not own.results:
        return (Way.REJECT,)
    if patient_id:
        return Way.CONFIRM, Way.REJECT
    return (Way.ASSIGN, Way.REJECT) if unusable(own) else (Way.ASSIGN, Way.CREATE, Way.REJECT)


def _row(index: int, row: ReadResult, rows: Sequence[ReadResult]) -> HeldRow:
    held = row.hold[0] if row.hold else ""
    return HeldRow(
        index=index,
        name=row.raw.texts[0] if row.raw.texts else "",
        code=row.source_code or "",
        raw_value=row.raw.value or "",
        raw_unit=row.raw.unit or "",
        analyte=row.analyte,
        value=row.value,
        unit=row.unit,
        status=row.raw.status or "",
        reason=row.hold,
        suggested_analyte=row.analyte if held == "UNKNOWN_CODE" and row.analyte != OTHER else "",
        suggested_unit=suggested_unit(row, rows) if held in {"UNIT_MISSING", "UNKNOWN_UNIT", "IMPLAUSIBLE_VALUE"} else "",
        doubtful=row.hold is not None and is_doubtful(row.raw, [one.raw for one in rows]),
    )


def _source_name(s: Session, message: str) -> str:
    found = s.store.rows("SELECT name FROM message WHERE id = ?", (message,))
    return str(found[0][0]) if found else ""


def _candidates(s: Session, own: RawSet) -> tuple[PatientHit, ...]:
    """Return patients of this name or number, those of the same birth date first; a person chooses, never the program."""
    hits: dict[str, PatientHit] = {}
    for words in filter(None, (own.family, *(identifier.value for identifier in own.identifiers))):
        hits |= {hit.patient_id: hit for hit in find_patients(s, words, MOST_ALIKE) if _is_alike(hit, own)}
    return tuple(sorted(hits.values(), key=lambda hit: (hit.birth_date != own.birth_date, not same_name(hit.name, own.family or ""))))


def _is_alike(hit: PatientHit, own: RawSet) -> bool:
    """Return whether a found patient has this very name, number or birth date: a short name is a part of many."""
    numbers = {identifier_key(identifier)[0] for identifier in own.identifiers}
    same_day = own.birth_date is not None and hit.birth_date == own.birth_date
    family = own.family or ""
    return same_day or (len(family) > 1 and same_name(hit.name, family)) or identifier_key(Identifier(value=hit.mrn))[0] in numbers


def _assign(write: Write, fact: Fact, resolution: Resolution) -> str:
    patient_id = needs_patient(write.session, resolution.patient_id or str(fact.body.get("patient") or ""))
    if resolution.keep_number:
        _keep_number(write, patient_id, _set(fact))
    _take(write, fact, resolution, patient_id)
    return patient_id


def _create(write: Write, fact: Fact, resolution: Resolution) -> str:
    own = _set(fact)
    missing = unusable(own) if resolution.patient is None else None
    if missing:
        raise UserError(missing[1], "Type the missing patient data, or assign the result to a patient who is here.")
    patient = resolution.patient or patient_of(own)
    first = patient.identifier
    if first is None or not first.value.strip():
        raise UserError("The patient number is missing.", "Type the number of the hospital.")
    refuse_taken(write.session, patient, None, apart=resolution.another_register)
    importer = _importer(write)
    patient_id = importer.create(replace(patient, id=""))
    _take(write, fact, resolution, patient_id)
    return patient_id


def _reject(write: Write, fact: Fact, resolution: Resolution) -> str:
    needs_reason(resolution.reason)
    return ""


_RESOLVERS = {Way.ASSIGN: _assign, Way.CONFIRM: _assign, Way.CREATE: _create, Way.REJECT: _reject}


def _importer(write: Write) -> Importer:
    options = ImportOptions(accept_test=True)
    return Importer(write, code_table(write.session), options)


def _take(write: Write, fact: Fact, resolution: Resolution, patient_id: str) -> SetReport:
    """Store the set for the patient; what still cannot be read of it waits on, for itself."""
    own = _decided(write, _set(fact), resolution)
    report = _importer(write).take(own, 0, str(fact.body.get("source", "")), patient_id)
    if report.outcome in {"quarantined", "ignored"}:
        _, text = report.reason or ("", "The result cannot be stored.")
        raise UserError(text, "Give what is missing, or reject the result with a reason.")
    decided = {decision.index for decision in resolution.rows}
    stuck = [row for index, row in enumerate(report.results) if index in decided and row.disposition is Disposition.HELD and row.hold]
    if stuck and stuck[0].hold:
        raise UserError(stuck[0].hold[1], "Choose another unit or analyte, or keep the row as text.")
    return report


def _decided(write: Write, own: RawSet, resolution: Resolution) -> RawSet:
    rows = list(own.results)
    for decision in resolution.rows:
        if not 0 <= decision.index < len(rows):
            raise UserError("The result has no such row.", "Read the list again.")
        row = rows[decision.index]
        if is_doubtful(row, own.results) and not decision.decimal and not decision.as_text:
            raise UserError(f"'{row.value}' may be a decimal or a thousand.", "Choose which number it is.")
        rows[decision.index] = as_decided(row, decision)
        if decision.for_sender:
            needs(write.session, Right.CODES)
            _remember(write, own, row, decision)
    changes: dict[str, Any] = {"results": tuple(rows)}
    if resolution.collected_at is not None:
        when = resolution.collected_at
        changes |= {"collected_at": when, "collected": when.isoformat(), "day_only": False, "problem": None}
    if own.problem and own.problem[0] not in TIME_REASONS:
        changes["problem"] = None
    return replace(own, **changes)


def read_decided(s: Session, held_id: str, decision: RowDecision) -> HeldRow:
    """Return a row as it would be stored by a decision; nothing is stored."""
    own = _set(latest_of(s, held_id, HELD))
    rows = [as_decided(row, decision) if index == decision.index else row for index, row in enumerate(own.results)]
    read = understand(replace(own, results=tuple(rows)), code_table(s), accept_names=False)
    return _row(decision.index, read[decision.index], read)


def _remember(write: Write, own: RawSet, row: RawResult, decision: RowDecision) -> None:
    code = next((code for code, _ in row.codes if fold(code)), "")
    if code and (decision.analyte or decision.unit):
        rule = CodeRule(sender=own.sender, code=code, analyte=decision.analyte, unit_sent=row.unit or "", unit=decision.unit)
        add_rule(write, rule)


def _keep_number(write: Write, patient_id: str, own: RawSet) -> None:
    """Add the message's number to the patient, so that the next result with it finds her."""
    latest = latest_of(write.session, patient_id, "patient")
    patient = decode(Patient, latest.body)
    there = {patient.identifier, *patient.other_identifiers}
    new = tuple(identifier for identifier in own.identifiers if identifier not in there)
    taken = [i for i in new if holders(write.session, i) - {patient_id}]
    if taken:
        raise UserError(f"The number {taken[0].value} belongs to another patient.", "Assign without keeping the number.")
    if new:
        changed = replace(patient, other_identifiers=(*patient.other_identifiers, *new))
        write.revise(latest, encode(changed), "number taken from a result")
