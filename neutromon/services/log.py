"""The patient's log: every fact, alert and decision, with who and when, superseded values kept."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from neutromon.models.alerts import Acknowledgement, AlertEvent, AlertEventKind, Snooze
from neutromon.models.formatting import COUNT_UNIT
from neutromon.rules.alert_fold import ENGINE
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
Say = Callable[..., str]
"""Says a form of words in somebody's language and fills it with what is stored; a code comes as its plain words."""
UNITS: Mapping[str, str] = {"10*9/L": COUNT_UNIT, "/uL": "/µL", "Cel": "°C", "[degF]": "°F"}

PROPER = {"gcsf discussed": "G-CSF discussed"}
"""Codes whose plain words are no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One line of the log."""

    at: datetime
    who: str
    kind: str
    text: str
    fact_id: str
    superseded: bool = False


def english(form: str, **stored: object) -> str:
    """Say the log's own words as they stand here."""
    return form.format(**stored) if stored else form


def patient_log(s: Session, patient_id: str, say: Say = english) -> list[LogEntry]:
    """Return the log of a patient, newest first; `say` has its own words, everything that is stored stays word for word."""
    facts = s.store.facts_of(needs_patient(s, patient_id))
    replaced = {fact.supersedes for fact in facts if fact.supersedes}
    entries = [_fact_entry(say, fact, fact.id in replaced) for fact in facts]
    for _, body in s.store.alert_events(patient_id):
        entries.append(_alert_entry(say, decode(AlertEvent, body)))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _fact_entry(say: Say, fact: Fact, superseded: bool) -> LogEntry:
    words = _words(say, fact.kind, fact.body)
    if fact.voided:
        words = say("Voided ({reason}): {record}", reason=fact.reason, record=words)
    elif fact.supersedes:
        words = say("Changed ({reason}): {record}", reason=fact.reason, record=words)
    at = datetime.fromisoformat(fact.at)
    return LogEntry(at=at, who=fact.author, kind=fact.kind, text=words, fact_id=fact.root, superseded=superseded)


def _words(say: Say, kind: str, body: Mapping[str, Any]) -> str:
    """Return a record as one line."""
    words = _WORDS.get(kind)
    return words(say, body) if words else _plain(say, kind)


def _plain(say: Say, code: object) -> str:
    words = str(code or "").replace("_", " ")
    return say(PROPER.get(words, words))


def _sample(say: Say, body: Mapping[str, Any]) -> str:
    values = ", ".join(_value(say, name, value) for name, value in body.get("values", {}).items())
    return say("Count of {when}: {values}", when=body.get("collected_at") or say("unknown time"), values=values)


def _value(say: Say, name: str, value: Mapping[str, Any]) -> str:
    unit = value.get("unit") or ""
    return f"{_plain(say, VALUE_NAMES.get(name, name))} {value['value']} {UNITS.get(unit, unit)}".strip()


def _temperature(say: Say, body: Mapping[str, Any]) -> str:
    unit = body.get("unit") or "Cel"
    return f"{say('Temperature')} {body.get('value')} {UNITS.get(unit, unit)} {_plain(say, body.get('route'))}".strip()


def _course(say: Say, body: Mapping[str, Any]) -> str:
    cycles = sorted(body.get("cycles", []), key=lambda cycle: int(cycle["number"]))
    number = say("1 cycle") if len(cycles) == 1 else say("{n} cycles", n=len(cycles))
    head = say("Course {regimen}, {cycles}", regimen=body.get("regimen") or say("without regimen"), cycles=number)
    told = [_cycle(say, cycle) for cycle in cycles if cycle.get("day1")]
    for cycle in (cycle for cycle in cycles if not cycle.get("day1")):
        planned = cycle.get("planned_day1")
        told += [say("C{n} planned {day}", n=cycle["number"], day=planned)] if planned else []
        told += _further_days(say, cycle)
    return f"{head}: {'; '.join(told)}" if told else head


def _cycle(say: Say, body: Mapping[str, Any]) -> str:
    """Return a given cycle with its dose, and with its delay where it came later than planned."""
    dose = f"{body['dose_percent']} %" if body.get("dose_percent") else say("dose unknown")
    why = f" ({body['delay_reason']})" if body.get("delay_reason") else ""
    delay = _delay(say, body.get("planned_day1"), body["day1"])
    first = say("C{n} given {day}, {dose}", n=body["number"], day=body["day1"], dose=dose) + f"{delay}{why}"
    return "; ".join([first, *_further_days(say, body)])


def _further_days(say: Say, body: Mapping[str, Any]) -> Iterator[str]:
    """Give every further treatment day of a cycle with its date, its dose and its delay."""
    for day in sorted(body.get("treatment_days") or [], key=lambda one: int(one["day"])):
        given, planned, dose = day.get("given"), day.get("planned"), day.get("dose_percent")
        names = {"n": body["number"], "d": day["day"]}
        if dose == "0":
            when = given or planned
            yield say("C{n} D{d} omitted", **names) + (f" ({when})" if when else "")
        elif given:
            said = f"{dose} %" if dose else say("dose unknown")
            yield say("C{n} D{d} given {day}, {dose}", **names, day=given, dose=said) + _delay(say, planned, given)
        else:
            said = f", {dose} %" if dose else ""
            yield say("C{n} D{d} planned {day}", **names, day=planned or say("without a date")) + said


def _delay(say: Say, planned: str | None, given: str) -> str:
    """Return by how many days a treatment came later than planned; "" where it did not, or nobody knows."""
    late = (date.fromisoformat(given) - date.fromisoformat(planned)).days if planned else 0
    after = say("1 day after the plan") if late == 1 else say("{n} days after the plan", n=late)
    return f", {after}" if late > 0 else ""


def _growth_factor(say: Say, body: Mapping[str, Any]) -> str:
    planned = bool(body.get("planned"))
    what = f"{body.get('product')} {body.get('dose') or ''}".strip()
    said = say("Planned {product}", product=what) if planned else say("Given {product}", product=what)
    when = say("for {when}", when=body["given_at"]) if planned and body.get("given_at") else _given(say, body)
    return f"{said}, {when}" if when else said


def _given(say: Say, body: Mapping[str, Any]) -> str:
    return say("given {when}", when=body["given_at"]) if body.get("given_at") else ""


def _antibiotic(say: Say, body: Mapping[str, Any]) -> str:
    purpose = _plain(say, body.get("purpose") or "purpose not stated")
    said = say("Antibiotic ({purpose}): {name}", purpose=purpose, name=body.get("name"))
    return ", ".join(part for part in (said, _given(say, body)) if part)


def _decision(say: Say, body: Mapping[str, Any]) -> str:
    check = f" [{body['check']}]" if body.get("check") else ""
    said = f"{body.get('text')} {body.get('reason') or ''}".strip()
    if not body.get("target"):
        return say("Decision: {text}", text=said) + check
    return say("Decision for {day}: {text}", day=body["target"], text=said) + check


def _gcsf_answer(say: Say, body: Mapping[str, Any]) -> str:
    shown = f" [{body['guideline']}: {_plain(say, body.get('advice'))}]" if body.get("guideline") else ""
    return f"{body.get('text')}{': ' + body['reason'] if body.get('reason') else ''}{shown}"


def _pathway(say: Say, body: Mapping[str, Any]) -> str:
    parts = [say("Febrile-neutropenia pathway, time zero {when}", when=body.get("time_zero"))]
    if body.get("done"):
        parts.append(say("done: {list}", list=", ".join(_plain(say, step) for step in body["done"])))
    flags = [_plain(say, name) for name, found in body.get("flags", {}).items() if found]
    if flags:
        parts.append(say("red flags: {list}", list=", ".join(flags)))
    if body.get("ended_at"):
        parts.append(say("ended {when}: {outcome}", when=body["ended_at"], outcome=_plain(say, body.get("outcome"))))
    if body.get("missing"):
        parts.append(say("not written down: {list}", list=", ".join(_left(say, item) for item in body["missing"])))
    if body.get("end_reason"):
        parts.append(say("ended all the same: {reason}", reason=body["end_reason"]))
    return "; ".join(parts)


def _left(say: Say, item: str) -> str:
    """Return what was missing at the end: "red flags 9/9" of "red flags: 9/9"."""
    name, _, left = item.partition(": ")
    return f"{_plain(say, name)} {left}".strip()


def _episode(say: Say, body: Mapping[str, Any]) -> str:
    flags = [_plain(say, name) for name, found in body.get("flags", {}).items() if found]
    scores = [name.upper() for name in ("mascc", "cisne") if body.get(name)]
    said = ", ".join([*flags, *(say("{score} items", score=name) for name in scores)])
    return say("Judgement of the episode") + (f": {said}" if said else "")


def _forecast(say: Say, body: Mapping[str, Any]) -> str:
    """Return what a forecast that was shown said of the planned day 1."""
    number = int(body.get("observations", 0))
    counts = say("1 count") if number == 1 else say("{n} counts", n=number)
    shown = say("Forecast shown ({model}, {counts})", model=body.get("model") or say("model not stated"), counts=counts)
    day1 = body.get("day1")
    if not day1:
        return shown
    tenths = round(day1[1] * 10)
    share = {0: say("fewer than 1 of 10"), 10: say("more than 9 of 10")}.get(tenths) or say("about {n} of 10", n=tenths)
    values = {"share": share, "value": f"{day1[2]:g} {COUNT_UNIT}", "day": day1[0]}
    return f"{shown}; {say('{share} similar courses reach ≥ {value} on {day}', **values)}"


def _event(say: Say, body: Mapping[str, Any]) -> str:
    kind = _plain(say, body.get("kind", "event"))
    return f"{kind[:1].upper()}{kind[1:]}: {body.get('text', '')}"


def _symptom(say: Say, body: Mapping[str, Any]) -> str:
    return say("Symptom: {sign}", sign=_plain(say, body.get("code")))


def _patient(say: Say, body: Mapping[str, Any]) -> str:
    """Return what is recorded of a patient; an own limit and a plan change what is said of her, so they stand here too."""
    number = (body.get("identifier") or {}).get("value")
    parts = (
        say("number {number}", number=number) if number else "",
        ", ".join(part for part in (body.get("family_name"), body.get("given_name")) if part),
        say("born {day}", day=body["birth_date"]) if body.get("birth_date") else "",
        _plain(say, body.get("sex")),
        *(f"{body[name]} {unit}" for name, unit in (("weight_kg", "kg"), ("height_cm", "cm")) if body.get(name)),
        *_care_of(say, body),
    )
    return "; ".join(part for part in parts if part) or say("Patient data")


def _care_of(say: Say, body: Mapping[str, Any]) -> Iterator[str]:
    limit = (body.get("lower_limits") or {}).get("anc")
    if limit:
        yield say("own ANC limit {value}", value=f"{limit['value']} {UNITS.get(limit.get('unit'), limit.get('unit') or '')}".strip())
    for name, words in (("duffy_null", "Duffy-null"), ("expected_nadir_plan", "plan for the expected nadir")):
        if body.get(name) is not None:
            yield f"{say(words)}: {say('yes') if body[name] else say('no')}"
    for name, words in (("allergies", "allergies"), ("risk_factors", "risk factors"), ("conditions", "conditions")):
        if body.get(name):
            yield f"{say(words)}: {', '.join(one if name == 'allergies' else _plain(say, one) for one in body[name])}"


_WORDS: Mapping[str, Callable[[Say, Mapping[str, Any]], str]] = {
    "sample": _sample,
    "temperature": _temperature,
    "course": _course,
    "growth_factor": _growth_factor,
    "decision": _decision,
    "antibiotic": _antibiotic,
    "drug": lambda say, body: say("Drug: {name}", name=body.get("name")),
    "event": _event,
    "symptom": _symptom,
    "gcsf_answer": _gcsf_answer,
    "forecast": _forecast,
    "pathway": _pathway,
    "episode": _episode,
    "patient": _patient,
    "work_up": lambda say, _body: say("Work-up of unexplained neutropenia"),
    "monitoring": lambda say, body: say("Monitoring programme: {name}", name=body.get("programme") or say("none")),
}


def _alert_entry(say: Say, event: AlertEvent) -> LogEntry:
    parts = [part for part in (_done(say, event.acknowledgement), _pause(say, event.snooze), _reason(say, event)) if part]
    said = f" ({'; '.join(parts)})" if parts else ""
    if event.kind is AlertEventKind.OWNER:
        name = event.reason or say("nobody")
        text = say("Alert given to {name}. Before that it said: {text}", name=name, text=event.text)
    else:
        text = f"{_plain(say, f'Alert {event.kind.value}')}{said}: {event.text}"
    return LogEntry(at=event.at, who=event.by, kind="alert", text=text, fact_id=event.alert_id)


def _reason(say: Say, event: AlertEvent) -> str:
    """Return why an alert ended or came back in words; what a person wrote stays, and a name."""
    if event.kind is not AlertEventKind.RESOLVED and event.by != ENGINE:
        return event.reason.replace("_", " ")
    known, colon, rest = event.reason.partition(": ")
    return f"{_plain(say, known)}{colon}{rest}"


def _done(say: Say, done: Acknowledgement | None) -> str:
    """Return an action with everything that was said about it."""
    if done is None:
        return ""
    due = say("due {when}", when=_moment(done.due)) if done.due else ""
    owner = say("owner {name}", name=done.owner) if done.owner else ""
    told = done.note and (done.action == "other" or done.note.startswith("G-CSF "))  # the note says what was done
    action = "" if told else _plain(say, done.action)
    return "; ".join(part for part in (action, done.note, _informed(say, done), owner, due) if part)


def _informed(say: Say, done: Acknowledgement) -> str:
    who = ", ".join(part for part in (done.informed_name, done.informed_role) if part)
    if not who:
        return ""
    told = say("informed {who}", who=who)
    if done.informed_at:
        told = say("informed {who} at {when}", who=who, when=_moment(done.informed_at))
    return f"{told}, {say('read back') if done.read_back else say('not read back')}"


def _moment(moment: datetime) -> str:
    """Return a time to the minute as it is stored, so that whoever shows it can write it as times are written there."""
    return moment.isoformat(timespec="minutes")


def _pause(say: Say, snooze: Snooze | None) -> str:
    """Return a pause with reason, end and the tier that it never covers more than."""
    if snooze is None:
        return ""
    when = _moment(snooze.until)
    end = say("until the next count, at the latest {when}", when=when) if snooze.until_next_count else say("until {when}", when=when)
    breaks = say("a tier worse than {tier} breaks it", tier=_plain(say, snooze.ceiling.name.lower()))
    return "; ".join((_plain(say, snooze.reason), end, breaks))
