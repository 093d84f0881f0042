"""The practice clinic as histories: deterministic from a seed and the day on which it is built."""

from datetime import date, datetime
from random import Random

from neutromon.models.history import (
    Antibiotic,
    ClinicalEvent,
    DrugExposure,
    Episode,
    Identifier,
    Patient,
    PatientHistory,
    Sex,
    Symptom,
    Temperature,
)
from neutromon.models.quantity import Reported
from neutromon.rules import RuleBook
from neutromon.rules.book_parts import Regimen
from neutromon.services.practice.cases import RESOURCE, Calendar, Case, Clinic, read_clinic
from neutromon.services.practice.courses import build_course, growth_factors
from neutromon.services.practice.curve import Shape
from neutromon.services.practice.specimens import Bench, specimens
from neutromon.services.practice.store import SEED
from neutromon.services.rule_book import load_book
from neutromon.storage.files import resource_text

LIMITS = {"anc": ("1.8", "10*9/L"), "wbc": ("4.0", "10*9/L"), "platelets": ("150", "10*9/L"), "hemoglobin": ("12.0", "g/dL")}


def load_clinic() -> Clinic:
    """Return the cases of the practice clinic as shipped."""
    return read_clinic(resource_text(RESOURCE))


def practice_histories(today: date | datetime, seed: int = SEED, book: RuleBook | None = None) -> list[PatientHistory]:
    """Return every patient of the practice clinic; a datetime also places today's facts before its hour."""
    clinic, rules, calendar = load_clinic(), book or load_book(), Calendar.of(today)
    return [build_history(case, clinic.authority, calendar, seed, rules) for case in clinic.cases]


def build_history(case: Case, authority: str, calendar: Calendar, seed: int, book: RuleBook) -> PatientHistory:
    """Return one patient's history as of the calendar's now."""
    regimen = book.regimen(case.regimen)
    if case.regimen is not None and regimen is None:
        raise ValueError(f"{case.mrn} names the regimen {case.regimen}, which is not in the library")
    course = build_course(case, calendar, regimen)
    bench = bench_of(case, calendar, seed, regimen)
    return PatientHistory(
        patient=_patient(case, authority, bench.random),
        course=course,
        counts=specimens(bench, course, regimen.cycle_days if regimen else 21),
        temperatures=tuple(Temperature(at=calendar.moment(r, 14), value=str(r["c"]), unit="Cel", route="oral") for r in case.fever),
        symptoms=tuple(Symptom(at=calendar.moment(row, 14), code=str(row["code"])) for row in case.symptoms),
        growth_factors=tuple(growth_factors(case, calendar, course)),
        antibiotics=tuple(_antibiotics(case, calendar)),
        drugs=tuple(_drugs(case, calendar)),
        events=tuple(_events(case, calendar)),
        episode=Episode(flags=dict(case.episode)),
        work_up=dict(case.work_up),
        monitoring=case.monitoring,
    )


def bench_of(case: Case, calendar: Calendar, seed: int, regimen: Regimen | None) -> Bench:
    """Return what the specimens of a case are made from; each patient has a random stream of her own."""
    random = Random(f"{seed}:{case.mrn}")  # noqa: S311
    low, high = (regimen.nadir_window if regimen else None) or (10, 14)
    recovery = (regimen.recovery_day if regimen else None) or high + 7
    shape = Shape(
        baseline=float(case.baseline),
        depth=float(case.depth),
        nadir_day=(low + high) / 2,
        recovery_day=max(recovery, high + 3),
        platelets=random.uniform(190, 290),
        hemoglobin=random.uniform(11.6, 13.6),
    )
    return Bench(case=case, calendar=calendar, shape=shape, random=random)


def _patient(case: Case, authority: str, random: Random) -> Patient:
    limits = {name: Reported(value=value, unit=unit) for name, (value, unit) in LIMITS.items()}
    limits |= {name: Reported(value=value, unit=LIMITS[name][1]) for name, value in case.limits.items()}
    return Patient(
        identifier=Identifier(value=case.mrn, authority=authority),
        family_name=case.name[0],
        given_name=case.name[1],
        birth_date=date.fromisoformat(case.born),
        sex=Sex(case.sex),
        weight_kg=str(random.randrange(52, 96)),
        height_cm=str(random.randrange(154, 190)),
        lower_limits=limits,
        duffy_null=case.duffy_null,
        risk_factors=case.risk,
        conditions=case.conditions,
        expected_nadir_plan=case.nadir_plan,
    )


def _antibiotics(case: Case, calendar: Calendar) -> list[Antibiotic]:
    return [
        Antibiotic(
            name=str(row["name"]),
            given_at=calendar.moment(row, 10),
            until=calendar.at(int(row["until_d"]), 10) if "until_d" in row else None,
            purpose=str(row.get("purpose", "treatment")),
        )
        for row in case.antibiotics
    ]


def _drugs(case: Case, calendar: Calendar) -> list[DrugExposure]:
    return [
        DrugExposure(
            name=str(row["name"]),
            start=calendar.day(int(row["start_d"])),
            end=calendar.day(int(row["end_d"])) if "end_d" in row else None,
        )
        for row in case.drugs
    ]


def _events(case: Case, calendar: Calendar) -> list[ClinicalEvent]:
    return [ClinicalEvent(kind=str(row["kind"]), at=calendar.moment(row, 11), text=str(row.get("text", ""))) for row in case.events]
