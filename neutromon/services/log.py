"""The patient's log: every fact, alert and decision, with who and when, superseded values kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from neutromon.models.alerts import Acknowledgement, AlertEvent, Snooze
from neutromon.models.formatting import COUNT_UNIT
from neutromon.services.records import needs_patient
from neutromon.services.session import Session
from neutromon.storage.codec import decode
from neutromon.storage.store import Fact

VALUE_NAMES: Mapping[str, str] = {
    "wbc": "WBC",
    "mcv": "MCV",
    "hemoglobin": "haemoglobin",
    "segs_percent": "segmented",
    "bands_percent": "bands",
    "neutrophils_percent": "neutrophils",
    "lymphocytes_percent": "lymphocytes",
    "monocytes_percent": "monocytes",
    "eosinophils_percent": "eosinophils",
    "basophils_percent": "basophils",
    "immature_granulocytes_percent": "immature granulocytes",
    "blasts_percent": "blasts",
}
UNITS: Mapping[str, str] = {"10*9/L": COUNT_UNIT, "/uL": "/µL", "Cel": "°C", "[degF]": "°F"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One line of the log."""

    at: datetime
    who: str
    kind: str
    text: str
    fact_id: str
    superseded: bool = False


def patient_log(s: Session, patient_id: str) -> list[LogEntry]:
    """Return the log of a patient, newest first."""
    facts = s.store.facts_of(needs_patient(s, patient_id))
    replaced = {fact.supersedes for fact in facts if fact.supersedes}
    entries = [_fact_entry(fact, fact.id in replaced) for fact in facts]
    for _, body in s.store.alert_events(patient_id):
        entries.append(_alert_entry(decode(AlertEvent, body)))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _fact_entry(fact: Fact, superseded: bool) -> LogEntry:
    words = _words(fact.kind, fact.body)
    if fact.voided:
        words = f"Voided ({fact.reason}): {words}"
    elif fact.supersedes:
        words = f"Changed ({fact.reason}): {words}"
    at = datetime.fromisoformat(fact.at)
    return LogEntry(at=at, who=fact.author, kind=fact.kind, text=words, fact_id=fact.root, superseded=superseded)


def _words(kind: str, body: Mapping[str, Any]) -> str:
    """Return a record as one line."""
    words = _WORDS.get(kind)
    return words(body) if words else kind.replace("_", " ")


def _sample(body: Mapping[str, Any]) -> str:
    values = ", ".join(_value(name, value) for name, value in body.get("values", {}).items())
    return f"Count of {body.get('collected_at', 'unknown time')}: {values}"


def _value(name: str, value: Mapping[str, Any]) -> str:
    unit = value.get("unit") or ""
    return f"{VALUE_NAMES.get(name, name.replace('_', ' '))} {value['value']} {UNITS.get(unit, unit)}".strip()


def _temperature(body: Mapping[str, Any]) -> str:
    unit = body.get("unit") or "Cel"
    return f"Temperature {body.get('value')} {UNITS.get(unit, unit)} {body.get('route') or ''}".strip()


def _course(body: Mapping[str, Any]) -> str:
    cycles = sorted(body.get("cycles", []), key=lambda cycle: int(cycle["number"]))
    head = f"Course {body.get('regimen') or 'without regimen'}, {len(cycles)} cycles"
    told = [_cycle(cycle) for cycle in cycles if cycle.get("day1")]
    coming = (cycle for cycle in cycles if cycle.get("planned_day1") and not cycle.get("day1"))
    told += [f"C{cycle['number']} planned {cycle['planned_day1']}" for cycle in coming]
    return f"{head}: {'; '.join(told)}" if told else head


def _cycle(body: Mapping[str, Any]) -> str:
    """Return a given cycle with its dose, and with its delay where it came later than planned."""
    dose = f"{body['dose_percent']} %" if body.get("dose_percent") else "dose unknown"
    planned = body.get("planned_day1")
    late = (date.fromisoformat(body["day1"]) - date.fromisoformat(planned)).days if planned else 0
    why = f" ({body['delay_reason']})" if body.get("delay_reason") else ""
    delay = f", {late} {'day' if late == 1 else 'days'} after the plan" if late > 0 else ""
    return f"C{body['number']} given {body['day1']}, {dose}{delay}{why}"


def _growth_factor(body: Mapping[str, Any]) -> str:
    when = f", {'for' if body.get('planned') else 'given'} {body['given_at']}" if body.get("given_at") else ""
    return f"{'Planned' if body.get('planned') else 'Given'} {body.get('product')} {body.get('dose') or ''}".strip() + when


def _antibiotic(body: Mapping[str, Any]) -> str:
    given = f", given {body['given_at']}" if body.get("given_at") else ""
    return f"Antibiotic ({body.get('purpose') or 'purpose not stated'}): {body.get('name')}{given}"


def _decision(body: Mapping[str, Any]) -> str:
    target = f" for {body['target']}" if body.get("target") else ""
    check = f" [{body['check']}]" if body.get("check") else ""
    return f"Decision{target}: {body.get('text')} {body.get('reason') or ''}".strip() + check


def _gcsf_answer(body: Mapping[str, Any]) -> str:
    shown = f" [{body['guideline']}: {str(body.get('advice', '')).replace('_', ' ')}]" if body.get("guideline") else ""
    return f"{body.get('text')}{': ' + body['reason'] if body.get('reason') else ''}{shown}"


def _pathway(body: Mapping[str, Any]) -> str:
    done = f"; done: {', '.join(body['done'])}" if body.get("done") else ""
    flags = [name.replace("_", " ") for name, found in body.get("flags", {}).items() if found]
    signs = f"; red flags: {', '.join(flags)}" if flags else ""
    end = f"; ended {body['ended_at']}: {body.get('outcome', '')}" if body.get("ended_at") else ""
    return f"Febrile-neutropenia pathway, time zero {body.get('time_zero')}{done}{signs}{end}"


def _episode(body: Mapping[str, Any]) -> str:
    flags = [name.replace("_", " ") for name, found in body.get("flags", {}).items() if found]
    scores = [name.upper() for name in ("mascc", "cisne") if body.get(name)]
    said = ", ".join([*flags, *(f"{name} items" for name in scores)])
    return f"Judgement of the episode{': ' + said if said else ''}"


def _forecast(body: Mapping[str, Any]) -> str:
    """Return what a forecast that was shown said of the planned day 1."""
    day1 = body.get("day1")
    said = ""
    if day1:
        tenths = round(day1[1] * 10)
        share = {0: "fewer than 1 of 10", 10: "more than 9 of 10"}.get(tenths, f"about {tenths} of 10")
        said = f"; {share} similar courses reach ≥ {day1[2]:g} {COUNT_UNIT} on {day1[0]}"
    return f"Forecast shown ({body.get('model', 'model not stated')}, {body.get('observations', 0)} counts){said}"


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "sample": _sample,
    "temperature": _temperature,
    "course": _course,
    "growth_factor": _growth_factor,
    "decision": _decision,
    "antibiotic": _antibiotic,
    "drug": lambda body: f"Drug: {body.get('name')}",
    "event": lambda body: f"{str(body.get('kind', 'event')).capitalize()}: {body.get('text', '')}",
    "symptom": lambda body: f"Symptom: {str(body.get('code', '')).replace('_', ' ')}",
    "gcsf_answer": _gcsf_answer,
    "forecast": _forecast,
    "pathway": _pathway,
    "episode": _episode,
    "patient": lambda _body: "Patient data",
    "work_up": lambda _body: "Work-up of unexplained neutropenia",
    "monitoring": lambda body: f"Monitoring programme: {body.get('programme') or 'none'}",
}


def _alert_entry(event: AlertEvent) -> LogEntry:
    parts = [part for part in (_done(event.acknowledgement), _pause(event.snooze), event.reason.replace("_", " ")) if part]
    said = f" ({'; '.join(parts)})" if parts else ""
    text = f"Alert {event.kind.value.replace('_', ' ')}{said}: {event.text}"
    return LogEntry(at=event.at, who=event.by, kind="alert", text=text, fact_id=event.alert_id)


def _done(done: Acknowledgement | None) -> str:
    """Return an action with everything that was said about it."""
    if done is None:
        return ""
    who = ", ".join(part for part in (done.informed_name, done.informed_role) if part)
    when = f" at {done.informed_at:%d %b %H:%M}" if done.informed_at else ""
    informed = f"informed {who}{when}, {'read back' if done.read_back else 'not read back'}" if who else ""
    due = f"due {done.due:%d %b %H:%M}" if done.due else ""
    owner = f"owner {done.owner}" if done.owner else ""
    return "; ".join(part for part in (done.action.replace("_", " "), done.note, informed, owner, due) if part)


def _pause(snooze: Snooze | None) -> str:
    """Return a pause with reason, end and the tier that it never covers more than."""
    if snooze is None:
        return ""
    until = "the next count, at the latest " if snooze.until_next_count else ""
    reason, ceiling = snooze.reason.replace("_", " "), snooze.ceiling.name.lower()
    return f"{reason}; until {until}{snooze.until:%d %b %H:%M}; a tier worse than {ceiling} breaks it"
