"""The chart file `neutromon-chart/1`: everything known about one patient, as data, in and out."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from neutromon.interop import fields as f
from neutromon.interop.chart_writer import write_chart
from neutromon.models.errors import UserError
from neutromon.models.history import (
    COUNT_FIELDS,
    LIMIT_FIELDS,
    Antibiotic,
    ClinicalEvent,
    CountSample,
    Course,
    Cycle,
    DrugExposure,
    Episode,
    GrowthFactor,
    Identifier,
    Patient,
    PatientHistory,
    Sex,
    Symptom,
    Temperature,
    TreatmentDay,
)
from neutromon.models.quantity import Reported

__all__ = ["FORMAT", "history_from", "read_chart", "write_chart"]

FORMAT = "neutromon-chart/1"
EPISODE_FLAGS = (
    "pneumonia",
    "sepsis_signs",
    "hypotension",
    "invasive_fungal_infection",
    "documented_infection",
    "uncontrolled_disease",
    "expected_duration_over_10_days",
)


def read_chart(text: str) -> PatientHistory:
    """Return the history that a chart file states; raise UserError with the place of what cannot be read."""
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UserError(f"The chart file is not JSON: {str(error)[:120]}.", "Check that the file is complete.") from None
    return history_from(document)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def history_from(document: object) -> PatientHistory:
    """Return the history of a parsed chart document."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise UserError(f"This is no chart file of the format {FORMAT}.", "The key `format` must name it.")
    counts = [_count(item, f"counts[{i}]") for i, item in enumerate(f.items(document.get("counts"), "counts"))]
    return PatientHistory(
        patient=_patient(f.mapping(document.get("patient"), "patient")),
        course=_course(document["course"], "course") if document.get("course") is not None else None,
        earlier_courses=tuple(
            _course(item, f"earlier_courses[{i}]") for i, item in enumerate(f.items(document.get("earlier_courses"), "earlier_courses"))
        ),
        counts=tuple(counts),
        temperatures=tuple(_each(document, "temperatures", _temperature)),
        symptoms=tuple(_each(document, "symptoms", _symptom)),
        growth_factors=tuple(_each(document, "growth_factors", _growth_factor)),
        antibiotics=tuple(_each(document, "antibiotics", _antibiotic)),
        drugs=tuple(_each(document, "drugs", _drug)),
        events=tuple(_each(document, "events", _event)),
        episode=_episode(f.mapping(document.get("episode"), "episode")),
        work_up=dict(f.mapping(document.get("work_up"), "work_up")),
        monitoring=f.text(document.get("monitoring"), "monitoring"),
    )


def _each(document: Mapping[str, Any], key: str, reader: Any) -> list[Any]:
    """Return every object of a list, read."""
    return [reader(f.mapping(item, f"{key}[{i}]"), f"{key}[{i}]") for i, item in enumerate(f.items(document.get(key), key))]


def _patient(source: Mapping[str, Any]) -> Patient:
    limits = {name: f.reported(source.get(f"{name}_lower_limit"), f"patient.{name}_lower_limit") for name in LIMIT_FIELDS}
    labs = f.mapping(source.get("labs"), "patient.labs")
    read_labs = {str(key): f.reported(value, f"patient.labs.{key}") for key, value in labs.items()}
    return Patient(
        identifier=_identifier(source.get("identifier"), "patient.identifier"),
        other_identifiers=tuple(
            found
            for i, item in enumerate(f.items(source.get("other_identifiers"), "patient.other_identifiers"))
            if (found := _identifier(item, f"patient.other_identifiers[{i}]"))
        ),
        family_name=f.text(source.get("family_name"), "patient.family_name"),
        given_name=f.text(source.get("given_name"), "patient.given_name"),
        birth_date=f.day(source.get("birth_date"), "patient.birth_date"),
        sex=_sex(f.text(source.get("sex"), "patient.sex")),
        weight_kg=f.text(source.get("weight_kg"), "patient.weight_kg"),
        height_cm=f.text(source.get("height_cm"), "patient.height_cm"),
        lower_limits={name: value for name, value in limits.items() if value is not None},
        duffy_null=f.flag(source.get("duffy_null"), "patient.duffy_null"),
        risk_factors=_texts(source, "risk_factors", "patient"),
        conditions=_texts(source, "conditions", "patient"),
        labs={name: value for name, value in read_labs.items() if value is not None},
        allergies=_texts(source, "allergies", "patient"),
        phone=f.text(source.get("phone"), "patient.phone"),
        expected_nadir_plan=f.flag(source.get("expected_nadir_plan"), "patient.expected_nadir_plan"),
    )


def _texts(source: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    return tuple(str(f.text(item, f"{place}.{key}")) for item in f.items(source.get(key), f"{place}.{key}"))


def _identifier(value: object, place: str) -> Identifier | None:
    if value is None:
        return None
    source = f.mapping(value, place)
    number = f.text(source.get("value"), f"{place}.value")
    return Identifier(value=number, authority=f.text(source.get("authority"), f"{place}.authority")) if number else None


def _sex(written: str | None) -> Sex | None:
    if written is None:
        return None
    return Sex(written) if written in set(Sex) else Sex.UNKNOWN


def _course(value: object, place: str) -> Course:
    source = f.mapping(value, place)
    cycles = [
        _cycle(f.mapping(item, f"{place}.cycles[{i}]"), f"{place}.cycles[{i}]", i + 1)
        for i, item in enumerate(f.items(source.get("cycles"), f"{place}.cycles"))
    ]
    return Course(
        regimen=f.text(source.get("regimen"), f"{place}.regimen"),
        fn_risk_percent=f.text(source.get("fn_risk_percent"), f"{place}.fn_risk_percent"),
        intent=f.text(source.get("intent"), f"{place}.intent"),
        concurrent_radiotherapy=f.flag(source.get("concurrent_radiotherapy"), f"{place}.concurrent_radiotherapy"),
        day1_rule=f.text(source.get("day1_rule"), f"{place}.day1_rule"),
        site_protocol=dict(f.mapping(source.get("site_protocol"), f"{place}.site_protocol")),
        cycles=tuple(sorted(cycles, key=lambda cycle: cycle.number)),
    )


def _cycle(source: Mapping[str, Any], place: str, position: int) -> Cycle:
    """Return a cycle; one without a number has that of its position in the list."""
    planned_day1, day1 = f.day(source.get("planned_day1"), f"{place}.planned_day1"), f.day(source.get("day1"), f"{place}.day1")
    days = [
        _treatment_day(f.mapping(item, place), f"{place}.treatment_days[{i}]", day1 or planned_day1)
        for i, item in enumerate(f.items(source.get("treatment_days"), place))
    ]
    return Cycle(
        number=position if source.get("number") is None else f.whole(source["number"], f"{place}.number"),
        planned_day1=planned_day1,
        day1=day1,
        chemo_end=f.moment(source.get("chemo_end"), f"{place}.chemo_end"),
        dose_percent=f.text(source.get("dose_percent"), f"{place}.dose_percent"),
        febrile_neutropenia=f.flag(source.get("febrile_neutropenia"), f"{place}.febrile_neutropenia"),
        delay_reason=f.text(source.get("delay_reason"), f"{place}.delay_reason"),
        treatment_days=tuple(days),
    )


def _treatment_day(source: Mapping[str, Any], place: str, day1: date | None) -> TreatmentDay:
    """Return a further treatment day; one without a number is counted from day 1."""
    planned, given = f.day(source.get("planned"), f"{place}.planned"), f.day(source.get("given"), f"{place}.given")
    when = given or planned
    counted = (when - day1).days + 1 if when is not None and day1 is not None else None
    return TreatmentDay(
        day=counted if counted is not None and source.get("day") is None else f.whole(source.get("day"), f"{place}.day"),
        planned=planned,
        given=given,
        dose_percent=f.text(source.get("dose_percent"), f"{place}.dose_percent"),
    )


def _count(value: object, place: str) -> CountSample:
    source = f.mapping(value, place)
    values: dict[str, Reported] = {}
    for name in COUNT_FIELDS:
        found = f.reported(source.get(name), f"{place}.{name}", "%" if name.endswith("_percent") else None)
        if found is not None:
            values[name] = found
    written = f.text(source.get("collected_at"), f"{place}.collected_at")
    day_only = written is not None and len(written) == 10
    return CountSample(
        collected_at=f.moment(f"{written}T00:00:00+00:00" if day_only else written, f"{place}.collected_at"),
        day_precision=day_only,
        status=f.text(source.get("status"), f"{place}.status"),
        values=values,
        accession=f.text(source.get("accession"), f"{place}.accession"),
        method=f.text(source.get("method"), f"{place}.method"),
        differential_complete=f.flag(source.get("differential_complete"), f"{place}.differential_complete"),
    )


def _temperature(source: Mapping[str, Any], place: str) -> Temperature:
    value = f.text(source.get("celsius", source.get("value")), f"{place}.celsius")
    return Temperature(
        at=f.moment(source.get("at"), f"{place}.at"),
        value=value or "",
        unit=f.text(source.get("unit"), f"{place}.unit"),
        route=f.text(source.get("route"), f"{place}.route"),
        antipyretic_taken=f.flag(source.get("antipyretic_taken"), f"{place}.antipyretic_taken"),
    )


def _symptom(source: Mapping[str, Any], place: str) -> Symptom:
    return Symptom(at=f.moment(source.get("at"), f"{place}.at"), code=f.text(source.get("code"), f"{place}.code") or "")


def _growth_factor(source: Mapping[str, Any], place: str) -> GrowthFactor:
    return GrowthFactor(
        product=f.text(source.get("product"), f"{place}.product") or "",
        dose=f.text(source.get("dose"), f"{place}.dose"),
        given_at=f.moment(source.get("given_at", source.get("planned_at")), f"{place}.given_at"),
        planned=bool(f.flag(source.get("planned"), f"{place}.planned")),
    )


def _antibiotic(source: Mapping[str, Any], place: str) -> Antibiotic:
    return Antibiotic(
        name=f.text(source.get("name"), f"{place}.name") or "",
        given_at=f.moment(source.get("given_at"), f"{place}.given_at"),
        until=f.moment(source.get("until"), f"{place}.until"),
        purpose=f.text(source.get("purpose"), f"{place}.purpose"),
    )


def _drug(source: Mapping[str, Any], place: str) -> DrugExposure:
    return DrugExposure(
        name=f.text(source.get("name"), f"{place}.name") or "",
        start=f.day(source.get("start"), f"{place}.start"),
        end=f.day(source.get("end"), f"{place}.end"),
    )


def _event(source: Mapping[str, Any], place: str) -> ClinicalEvent:
    return ClinicalEvent(
        kind=f.text(source.get("kind"), f"{place}.kind") or "note",
        at=f.moment(source.get("at"), f"{place}.at"),
        until=f.moment(source.get("until"), f"{place}.until"),
        text=f.text(source.get("text"), f"{place}.text") or "",
    )


def _episode(source: Mapping[str, Any]) -> Episode:
    flags = {name: f.flag(source.get(name), f"episode.{name}") for name in EPISODE_FLAGS}
    mascc, cisne = source.get("mascc"), source.get("cisne")
    return Episode(
        expected_fall_below_0_5=f.flag(source.get("expected_fall_below_0_5"), "episode.expected_fall_below_0_5"),
        mascc=dict(f.mapping(mascc, "episode.mascc")) if mascc is not None else None,
        cisne=dict(f.mapping(cisne, "episode.cisne")) if cisne is not None else None,
        flags={name: value for name, value in flags.items() if value is not None},
    )
