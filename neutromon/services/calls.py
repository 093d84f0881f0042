"""The telephone call and the febrile-neutropenia pathway: each stored as a whole, in one unit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from neutromon.models.care import OUTCOMES, Pathway, TriageCall
from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.history import Antibiotic, ClinicalEvent, Episode, Symptom
from neutromon.rules.febrile import within_weeks
from neutromon.rules.triage import CallAnswers, CallVerdict, judge_call
from neutromon.services.care import checked_temperature
from neutromon.services.patients import patient_history
from neutromon.services.records import needs_patient
from neutromon.services.session import Session
from neutromon.services.writing import Write, writing
from neutromon.storage.codec import decode, encode
from neutromon.storage.store import Fact

KIND = "pathway"
OUTCOME_WORDS = {
    "face_to_face": "asked to come for assessment now",
    "review": "review within 24 h",
    "advice": "advice given",
    "not_reached": "not reached",
}
SEPSIS = "sepsis_signs"


def record_call(s: Session, patient_id: str, call: TriageCall) -> Outcome[str]:
    """Store a call: its signs, temperature and outcome, and the pathway where it is started; return the id of the call.

    Within weeks of treatment the rules raise a red sign by themselves; at any other time, or where the treatment is not known,
    it is kept as a sign of sepsis, so that it is an emergency whatever the temperature is.
    """
    needs_patient(s, patient_id)
    if call.outcome not in OUTCOMES:
        raise UserError("Say how the call ended.", "Choose an outcome.")
    celsius = checked_temperature(s, call.temperature) if call.temperature is not None else None
    verdict = judge_call(CallAnswers(signs=call.signs, celsius=celsius, masked=call.masked), s.rules)
    with writing(s) as write:
        for code in sorted(code for code, present in call.signs.items() if present):
            write.add(patient_id, "symptom", encode(Symptom(at=call.at, code=code)))
        if call.temperature is not None:
            write.add(patient_id, "temperature", encode(replace(call.temperature, id="", at=call.temperature.at or call.at)))
        if _has_red_sign(s, call) and not _is_treated(s, patient_id):
            flag_episode(write, patient_id, {SEPSIS: True})
        event = ClinicalEvent(kind="call", at=call.at, text=call_text(call, verdict))
        call_id = write.add(patient_id, "event", encode(event))
        if call.time_zero is not None:
            put_pathway(write, patient_id, Pathway(time_zero=call.time_zero, source="call"))
    return Outcome(value=call_id, changes=write.changes)


def _has_red_sign(s: Session, call: TriageCall) -> bool:
    red = {row["code"] for row in s.rules.numbers["triage"].rows["flag"] if row["level"] == "red"}
    return any(present and code in red for code, present in call.signs.items())


def _is_treated(s: Session, patient_id: str) -> bool:
    weeks = s.rules.numbers["expected_fall"].wholes["suspected_weeks"]
    return within_weeks(patient_history(s, patient_id), s.clock(), weeks)


def call_text(call: TriageCall, verdict: CallVerdict) -> str:
    """Return a call as one line of the log: what was said, what was not asked, how it ended."""
    parts = [f"{call.caller.strip()} rang." if call.caller.strip() else "Call."]
    for name, found in (("Red", verdict.red), ("Amber", verdict.amber)):
        if found:
            parts.append(f"{name}: {', '.join(found)}.")
    if verdict.not_asked:
        parts.append(f"Not asked: {len(verdict.not_asked)}.")
    parts.append(f"Outcome: {OUTCOME_WORDS[call.outcome]}.")
    if call.note.strip():
        parts.append(call.note.strip())
    return " ".join(parts)


def open_pathway(s: Session, patient_id: str) -> Pathway | None:
    """Return the pathway that runs, or None."""
    fact = _running(s, needs_patient(s, patient_id))
    return replace(decode(Pathway, fact.body), id=fact.root) if fact else None


def save_pathway(s: Session, patient_id: str, pathway: Pathway, antibiotic: Antibiotic | None = None) -> Outcome[str]:
    """Store the state of the pathway, and an antibiotic that was given, in one unit; ending it takes back the signs of sepsis."""
    needs_patient(s, patient_id)
    if antibiotic is not None and (not antibiotic.name.strip() or antibiotic.given_at is None):
        raise UserError("Say which antibiotic was given, and when.", "Type the name and the time.")
    with writing(s) as write:
        if antibiotic is not None and antibiotic.given_at is not None and antibiotic.given_at > write.now:
            raise UserError("The antibiotic lies in the future.", "Type the time at which it was given.")
        if pathway.time_zero > write.now:
            raise UserError("Time zero lies in the future.", "Type when the fever was reported.")
        before = antibiotic is not None and antibiotic.given_at is not None and antibiotic.given_at < pathway.time_zero
        if before and antibiotic is not None and pathway.given_before != antibiotic.given_at:
            raise UserError("The antibiotic lies before time zero.", "Correct one of the two times, or say that it was given before.")
        if antibiotic is not None:
            write.add(patient_id, "antibiotic", encode(replace(antibiotic, id="", purpose="treatment")))
        _flag_signs(write, patient_id, pathway)
        root = put_pathway(write, patient_id, pathway)
    return Outcome(value=root, changes=write.changes)


def _flag_signs(write: Write, patient_id: str, pathway: Pathway) -> None:
    if pathway.ended_at is not None:
        flag_episode(write, patient_id, {SEPSIS: False})
    elif any(pathway.flags.values()):
        flag_episode(write, patient_id, {SEPSIS: True})


def put_pathway(write: Write, patient_id: str, pathway: Pathway) -> str:
    """Append the pathway to a write: a revision of the one that runs, which keeps its earlier time zero, or a new one."""
    running = _running(write.session, patient_id)
    if running is None:
        return write.add(patient_id, KIND, encode(replace(pathway, id="")))
    before = decode(Pathway, running.body)
    kept = pathway if pathway.id else replace(before, time_zero=min(before.time_zero, pathway.time_zero))
    write.revise(running, encode(replace(kept, id="")), "continued")
    return running.root


def running_pathways(s: Session) -> tuple[str, ...]:
    """Return the patients whose pathway runs."""
    latest: dict[str, Fact] = {fact.root: fact for fact in s.store.facts_of_kind(KIND)}
    return tuple(dict.fromkeys(fact.patient for fact in latest.values() if not fact.voided and not fact.body.get("ended_at")))


def _running(s: Session, patient_id: str) -> Fact | None:
    latest: dict[str, Fact] = {fact.root: fact for fact in s.store.facts_of(patient_id) if fact.kind == KIND}
    running = [fact for fact in latest.values() if not fact.voided and not fact.body.get("ended_at")]
    return running[-1] if running else None


def flag_episode(write: Write, patient_id: str, flags: Mapping[str, bool]) -> None:
    """Set flags of the present episode; what else a person judged of it stays."""
    newest = {fact.root: fact for fact in write.session.store.facts_of(patient_id) if fact.kind == "episode"}
    latest = next((fact for fact in reversed(newest.values()) if not fact.voided), None)
    body: Mapping[str, Any] = latest.body if latest else encode(Episode())
    episode = decode(Episode, body)
    if all(bool(episode.flags.get(name)) is value for name, value in flags.items()):
        return
    changed = encode(replace(episode, flags={**episode.flags, **flags}))
    if latest is None:
        write.add(patient_id, "episode", changed)
    else:
        write.revise(latest, changed, "signs recorded")
