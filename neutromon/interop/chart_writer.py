"""Write a history as a chart file: only what is known, units as understood with the reported text beside them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from neutromon.models.history import COUNT_FIELDS, LIMIT_FIELDS, CountSample, Course, Cycle, Episode, Identifier, Patient, PatientHistory
from neutromon.models.quantity import Reported


def write_chart(history: PatientHistory) -> dict[str, Any]:
    """Return the chart document of a history; what is unknown has no key."""
    lists = {
        "counts": [_count(sample) for sample in history.counts],
        "temperatures": [
            known({"at": t.at, "celsius": t.value, "unit": t.unit, "route": t.route, "antipyretic_taken": t.antipyretic_taken})
            for t in history.temperatures
        ],
        "symptoms": [known({"at": s.at, "code": s.code}) for s in history.symptoms],
        "growth_factors": [
            known({"product": g.product, "dose": g.dose, "given_at": g.given_at, "planned": True if g.planned else None})
            for g in history.growth_factors
        ],
        "antibiotics": [
            known({"name": a.name, "given_at": a.given_at, "until": a.until, "purpose": a.purpose}) for a in history.antibiotics
        ],
        "drugs": [known({"name": d.name, "start": d.start, "end": d.end}) for d in history.drugs],
        "events": [known({"kind": e.kind, "at": e.at, "until": e.until, "text": e.text or None}) for e in history.events],
    }
    document: dict[str, Any] = {"format": "neutromon-chart/1", "patient": _patient(history.patient)}
    if history.course is not None:
        document["course"] = _course(history.course)
    if history.earlier_courses:
        document["earlier_courses"] = [_course(course) for course in history.earlier_courses]
    document |= {name: rows for name, rows in lists.items() if rows or name in {"counts", "temperatures", "growth_factors"}}
    episode = _episode(history.episode)
    if episode:
        document["episode"] = episode
    if history.work_up:
        document["work_up"] = dict(history.work_up)
    if history.monitoring:
        document["monitoring"] = history.monitoring
    return document


def known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are known, times and dates as ISO text."""
    return {key: _plain(value) for key, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _reported(value: Reported) -> dict[str, Any]:
    written = known({"value": value.value, "unit": value.unit})
    sent = known({"value": value.original_value, "unit": value.original_unit, "flag": value.flag or None, "range": value.range or None})
    if sent:
        written["reported"] = sent
    if value.confirmed:
        written["confirmed"] = True
    return written


def _identifier(identifier: Identifier) -> dict[str, Any]:
    return known({"value": identifier.value, "authority": identifier.authority})


def _patient(patient: Patient) -> dict[str, Any]:
    written = known(
        {
            "identifier": _identifier(patient.identifier) if patient.identifier else None,
            "other_identifiers": [_identifier(i) for i in patient.other_identifiers] or None,
            "family_name": patient.family_name,
            "given_name": patient.given_name,
            "birth_date": patient.birth_date,
            "sex": patient.sex.value if patient.sex else None,
            "weight_kg": patient.weight_kg,
            "height_cm": patient.height_cm,
            "duffy_null": patient.duffy_null,
            "risk_factors": list(patient.risk_factors) or None,
            "conditions": list(patient.conditions) or None,
            "labs": {name: _reported(value) for name, value in patient.labs.items()} or None,
            "allergies": list(patient.allergies) or None,
            "phone": patient.phone,
            "expected_nadir_plan": patient.expected_nadir_plan,
        }
    )
    limits = {f"{name}_lower_limit": _reported(patient.lower_limits[name]) for name in LIMIT_FIELDS if name in patient.lower_limits}
    return written | limits


def _percent(written: str | None) -> Any:
    """Return a dose in per cent as a number where it is one."""
    if written is None:
        return None
    try:
        number = Decimal(written)
    except ArithmeticError:
        return written
    return int(number) if number == number.to_integral_value() else float(number)


def _course(course: Course) -> dict[str, Any]:
    written = known(
        {
            "regimen": course.regimen,
            "fn_risk_percent": course.fn_risk_percent,
            "intent": course.intent,
            "concurrent_radiotherapy": course.concurrent_radiotherapy,
            "day1_rule": course.day1_rule,
            "site_protocol": dict(course.site_protocol) or None,
        }
    )
    return written | {"cycles": [_cycle(cycle) for cycle in course.cycles]}


def _cycle(cycle: Cycle) -> dict[str, Any]:
    days = [
        known({"day": day.day, "planned": day.planned, "given": day.given, "dose_percent": _percent(day.dose_percent)})
        for day in cycle.treatment_days
    ]
    return known(
        {
            "number": cycle.number,
            "planned_day1": cycle.planned_day1,
            "day1": cycle.day1,
            "chemo_end": cycle.chemo_end,
            "dose_percent": _percent(cycle.dose_percent),
            "febrile_neutropenia": cycle.febrile_neutropenia,
            "delay_reason": cycle.delay_reason,
            "treatment_days": days or None,
        }
    )


def _count(sample: CountSample) -> dict[str, Any]:
    when = sample.collected_at.date() if sample.collected_at and sample.day_precision else sample.collected_at
    written = known({"collected_at": when, "status": sample.status, "accession": sample.accession, "method": sample.method})
    for name in (*COUNT_FIELDS, *(own for own in sample.values if own not in COUNT_FIELDS)):
        if name not in sample.values:
            continue
        value = sample.values[name]
        told = value.original_value is not None or value.confirmed or value.flag or value.range
        bare = name.endswith("_percent") and not told and value.unit in {"%", None}
        written[name] = value.value if bare else _reported(value)
    if sample.differential_complete is not None:
        written["differential_complete"] = sample.differential_complete
    return written


def _episode(episode: Episode) -> dict[str, Any]:
    written = known({"expected_fall_below_0_5": episode.expected_fall_below_0_5, "mascc": episode.mascc, "cisne": episode.cisne})
    return written | dict(episode.flags)
