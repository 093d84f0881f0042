"""Builders of synthetic histories for everybody's tests: short to write, every default harmless and obviously made up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from neutromon.models.history import (
    Antibiotic,
    CountSample,
    Course,
    Cycle,
    GrowthFactor,
    Identifier,
    Patient,
    PatientHistory,
    Provenance,
    Symptom,
    Temperature,
)
from neutromon.models.quantity import Reported

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
CELL_UNIT = "10*9/L"
ABSOLUTE = ("wbc", "neutrophils", "lymphocytes", "monocytes", "granulocytes", "platelets")
UNITS = {**dict.fromkeys(ABSOLUTE, CELL_UNIT), "hemoglobin": "g/dL", "mcv": "fL"}
SHORT = {"anc": "neutrophils", "plt": "platelets", "hb": "hemoglobin"}


def at(days: float = 0, hours: float = 0, now: datetime = NOW) -> datetime:
    """Return a time before (negative) or after (positive) the tests' now."""
    return now + timedelta(days=days, hours=hours)


def day(days: int = 0, now: datetime = NOW) -> date:
    """Return a date before (negative) or after (positive) the tests' today."""
    return now.date() + timedelta(days=days)


def a_patient(mrn: str = "T-0001", family: str | None = "Example", given: str | None = "Testa", **changes: Any) -> Patient:
    """Return a synthetic patient; any field of Patient may be given."""
    known: dict[str, Any] = {
        "identifier": Identifier(value=mrn, authority="TEST"),
        "family_name": family,
        "given_name": given,
        "birth_date": date(1960, 1, 31),
        "lower_limits": {"anc": Reported(value="1.8", unit=CELL_UNIT)},
    }
    return Patient(**(known | changes))


def a_value(value: object, unit: str | None = CELL_UNIT, **changes: Any) -> Reported:
    """Return a reported value: text and numbers alike ("<0.1", 0.4, "clotted")."""
    return Reported(value=str(value), unit=unit, **changes)


def values_of(fields: Mapping[str, object]) -> dict[str, Reported]:
    """Return reported values by COUNT_FIELDS; `anc`, `plt`, `hb` are short names, `_percent` fields carry "%"."""
    found = {}
    for name, value in fields.items():
        field = SHORT.get(name, name)
        unit = "%" if field.endswith("_percent") else UNITS.get(field)
        found[field] = value if isinstance(value, Reported) else a_value(value, unit)
    return found


def a_count(
    anc: object | None = None,
    *,
    collected: datetime | None = NOW,
    status: str | None = "final",
    sample_id: str = "",
    accession: str | None = None,
    method: str | None = None,
    superseded: tuple[tuple[str, Reported, str], ...] = (),
    provenance: Provenance | None = None,
    **fields: object,
) -> CountSample:
    """Return one sample: `a_count(0.4)`, `a_count("<0.1", collected=at(-2))`, `a_count(wbc=3.5, segs_percent=30)`."""
    given = fields if anc is None else {"anc": anc, **fields}
    return CountSample(
        id=sample_id,
        collected_at=collected,
        status=status,
        values=values_of(given),
        accession=accession,
        method=method,
        superseded=superseded,
        provenance=provenance,
    )


def a_cycle(number: int = 1, day1: date | None = None, *, planned: date | None = None, **changes: Any) -> Cycle:
    """Return a cycle; the plan is the actual day 1 unless named, the chemotherapy ends at 12:00 of day 1."""
    known: dict[str, Any] = {"number": number, "planned_day1": planned or day1, "day1": day1}
    if day1 is not None:
        known |= {"chemo_end": datetime.combine(day1, time(12), UTC), "dose_percent": "100"}
    return Cycle(**(known | changes))


def a_course(
    regimen: str | None = "R-CHOP-21",
    *,
    first: date | None = None,
    given: int = 1,
    every_days: int = 21,
    planned: int = 1,
    cycles: Sequence[Cycle] | None = None,
    **changes: Any,
) -> Course:
    """Return a course of `given` cycles from `first` (ten days before today unless named) and `planned` ones to come."""
    start = first or day(-10 - every_days * (given - 1))
    dates = [start + timedelta(days=every_days * index) for index in range(given + planned)]
    built = [a_cycle(n, d) if n <= given else a_cycle(n, planned=d) for n, d in enumerate(dates, start=1)]
    return Course(**({"regimen": regimen, "intent": "curative", "cycles": tuple(cycles or built)} | changes))


def a_history(
    patient: Patient | None = None,
    course: Course | None = None,
    counts: Iterable[CountSample] = (),
    **changes: Any,
) -> PatientHistory:
    """Return a history; without a course the patient has none, without counts she has none."""
    return PatientHistory(patient=patient or a_patient(), course=course, counts=tuple(counts), **changes)


def a_fever(celsius: object = "38.4", *, taken: datetime | None = NOW, route: str | None = "oral", **changes: Any) -> Temperature:
    """Return a measured temperature in degrees Celsius."""
    return Temperature(**({"at": taken, "value": str(celsius), "unit": "Cel", "route": route} | changes))


def a_symptom(code: str = "rigors", *, noticed: datetime | None = NOW) -> Symptom:
    """Return a symptom by its id of the clinical reference."""
    return Symptom(at=noticed, code=code)


def a_growth_factor(product: str = "pegfilgrastim", *, given: datetime | None = NOW, **changes: Any) -> GrowthFactor:
    """Return one administration of a growth factor."""
    return GrowthFactor(**({"product": product, "dose": "6 mg", "given_at": given} | changes))


def an_antibiotic(name: str = "piperacillin-tazobactam", *, given: datetime | None = NOW, **changes: Any) -> Antibiotic:
    """Return an antimicrobial given as treatment."""
    return Antibiotic(**({"name": name, "given_at": given, "purpose": "treatment"} | changes))


def a_nadir_history(patient: Patient | None = None, *, cycles: int = 2, now: datetime = NOW, depth: str = "0.4") -> PatientHistory:
    """Return a patient on R-CHOP-21 at day 11 of her last cycle, with weekly counts that fall to `depth` and recover."""
    first = now.date() - timedelta(days=10 + 21 * (cycles - 1))
    course = a_course(first=first, given=cycles)
    curve = ((0, "4.2"), (7, "1.6"), (10, depth), (14, "1.1"), (18, "2.4"))
    counts = []
    for number in range(cycles):
        start = datetime.combine(first + timedelta(days=21 * number), time(8), now.tzinfo)
        taken = [(start + timedelta(days=offset), value) for offset, value in curve]
        counts += [a_count(value, collected=when, wbc="5.0", plt="180", hb="11.2") for when, value in taken if when <= now]
    return a_history(patient or a_patient(), course, counts)
