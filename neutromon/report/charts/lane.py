"""The event lane: treatments, fever, symptoms and events on the same time axis as the counts."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from neutromon.models.evaluation import Evaluation, GcsfTiming
from neutromon.models.history import ClinicalEvent, Course, Cycle, PatientHistory, Temperature
from neutromon.models.quantity import parse_number
from neutromon.models.trend_chart import LaneEvent
from neutromon.report.charts.axis import DayAxis

FEVER_CELSIUS = Decimal("38.0")
"""From here on a temperature has a sign in the lane: the sustained bound of IDSA 2010 (resources/rules/fn-idsa-2010.toml)."""
EVENT_KINDS = {"transfusion": "transfusion", "admission": "admission", "call": "call", "triage": "call"}
DISCHARGE = "discharge"


def lane_events(history: PatientHistory, evaluation: Evaluation, axis: DayAxis) -> tuple[LaneEvent, ...]:
    """Return the lane in order of time."""
    found = [
        *_chemotherapy(history, axis),
        *_growth_factors(history, evaluation, axis),
        *_antibiotics(history, axis),
        *_drugs(history, axis),
        *_fevers(history.temperatures, axis),
        *_symptoms(history, axis),
        *_events(history.events, axis),
    ]
    return tuple(sorted(found, key=lambda event: (event.start, event.kind, event.text)))


def _chemotherapy(history: PatientHistory, axis: DayAxis) -> Iterator[LaneEvent]:
    for course in (*history.earlier_courses, *([history.course] if history.course else [])):
        for cycle in course.cycles:
            yield from _doses(course, cycle, axis)


def _doses(course: Course, cycle: Cycle, axis: DayAxis) -> Iterator[LaneEvent]:
    days = [(1, cycle.planned_day1, cycle.day1, cycle.dose_percent)]
    days += [(day.day, day.planned, day.given, day.dose_percent) for day in cycle.treatment_days]
    for number, planned, given, dose in days:
        when = given or planned
        if when is None:
            continue
        name = course.regimen or "chemotherapy"
        yield LaneEvent(
            kind="chemo",
            start=axis.day(when),
            end=None,
            text=f"C{cycle.number} D{number} {name}, {_dose_words(dose, given is None)}",
            height=_share(dose),
            planned=given is None,
            uncertain=given is not None and _known_share(dose) is None,
            label="" if given is None or dose == "100" else f"{dose or '?'} %",
        )


def _dose_words(dose: str | None, planned: bool) -> str:
    if dose == "0":
        return "omitted"
    words = f"{dose} %" if dose else "dose not recorded"
    return f"planned, {dose} %" if planned and dose else "planned" if planned else words


def _known_share(dose: str | None) -> float | None:
    parsed = parse_number(dose) if dose else None
    return min(float(parsed[1]) / 100, 1.5) if parsed else None


def _share(dose: str | None) -> float:
    share = _known_share(dose)
    return 1.0 if share is None else share


def _growth_factors(history: PatientHistory, evaluation: Evaluation, axis: DayAxis) -> Iterator[LaneEvent]:
    tails = {(timing.product, timing.given_at): timing.tail_days for timing in evaluation.gcsf_timing}
    verdicts = {(timing.product, timing.given_at): timing for timing in evaluation.gcsf_timing}
    for dose in history.growth_factors:
        if dose.given_at is None:
            continue
        key = (dose.product, dose.given_at)
        start, tail = axis.moment(dose.given_at), tails.get(key, 0)
        words = " ".join(part for part in (dose.product, dose.dose or "", "planned" if dose.planned else "") if part)
        yield LaneEvent(
            kind="gcsf",
            start=start,
            end=start + tail if tail else None,
            text=f"{words}{_timing_words(verdicts.get(key))}",
            planned=dose.planned,
        )


def _timing_words(timing: GcsfTiming | None) -> str:
    if timing is None or timing.verdict == "allowed":
        return ""
    return f" ({timing.text})"


def _antibiotics(history: PatientHistory, axis: DayAxis) -> Iterator[LaneEvent]:
    for drug in history.antibiotics:
        if drug.given_at is not None:
            until = "" if drug.until else ", end not recorded"
            text = f"{drug.name}, {drug.purpose or 'purpose not recorded'}{until}"
            yield LaneEvent(
                kind="antibiotic", start=axis.moment(drug.given_at), end=axis.moment(drug.until) if drug.until else None, text=text
            )


def _drugs(history: PatientHistory, axis: DayAxis) -> Iterator[LaneEvent]:
    for drug in history.drugs:
        if drug.start is not None:
            end = axis.day(drug.end) + 1 if drug.end else None
            yield LaneEvent(
                kind="drug", start=axis.day(drug.start), end=end, text=drug.name if drug.end else f"{drug.name}, end not recorded"
            )


def celsius(reading: Temperature) -> Decimal | None:
    """Return a temperature in degrees Celsius, or None where it cannot be read."""
    parsed = parse_number(reading.value)
    if parsed is None or reading.unit not in {None, "Cel", "[degF]", "°C", "°F"}:
        return None
    return (parsed[1] - 32) * 5 / 9 if reading.unit in {"[degF]", "°F"} else parsed[1]


def _fevers(readings: Sequence[Temperature], axis: DayAxis) -> Iterator[LaneEvent]:
    """Give every fever; of those of one day, whose signs overlap, the highest alone is labelled, as alert and flow sheet name it."""
    found = [(r.at, value) for r in readings if r.at is not None and (value := celsius(r)) is not None and value >= FEVER_CELSIUS]
    highest: dict[date, tuple[datetime, Decimal]] = {}
    for at, value in found:
        known = highest.get(at.date())
        if known is None or value > known[1]:
            highest[at.date()] = (at, value)
    for at, value in found:
        words = f"{value:.1f} °C"
        label = words if highest[at.date()] == (at, value) else ""
        yield LaneEvent(kind="fever", start=axis.moment(at), end=None, text=f"fever {words}", label=label)


def _symptoms(history: PatientHistory, axis: DayAxis) -> Iterator[LaneEvent]:
    for symptom in history.symptoms:
        if symptom.at is not None:
            yield LaneEvent(kind="symptom", start=axis.moment(symptom.at), end=None, text=symptom.code.replace("_", " "))


def _events(events: Sequence[ClinicalEvent], axis: DayAxis) -> Iterator[LaneEvent]:
    """Give the events; an admission runs until its end, or until the discharge that follows it."""
    for event in events:
        if event.at is None or event.kind == DISCHARGE:
            continue
        kind = EVENT_KINDS.get(event.kind, "note")
        end = event.until or (_discharge(event, events) if kind == "admission" else None)
        words = event.kind.replace("_", " ")
        text = f"{words}: {event.text}" if event.text else words
        yield LaneEvent(kind=kind, start=axis.moment(event.at), end=axis.moment(end) if end else None, text=text)


def _discharge(admission: ClinicalEvent, events: Sequence[ClinicalEvent]) -> datetime | None:
    later = [e.at for e in events if e.kind == DISCHARGE and e.at is not None and admission.at is not None and e.at >= admission.at]
    return min(later, default=None)
