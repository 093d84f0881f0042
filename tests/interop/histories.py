"""Strategies for whole histories: what a clinic may have recorded, with every doubt that a value can carry."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from neutromon.models.history import (
    COUNT_FIELDS,
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

words = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=0x24F, categories=("Lu", "Ll", "Nd")), min_size=1, max_size=12)
days = st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 3, 1))
offsets = st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-8)), timezone(timedelta(hours=5, minutes=30))])
moments = st.builds(
    lambda day, minutes, zone: datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minutes),
    days,
    st.integers(0, 1439),
    offsets,
)
numbers = st.decimals(min_value=0, max_value=400, places=2).map(str)
texts = st.one_of(numbers, numbers.map(lambda value: f"<{value}"), numbers.map(lambda value: f">={value}"), st.just("clotted"))


def _unit(name: str) -> st.SearchStrategy[str | None]:
    if name.endswith("_percent"):
        return st.just("%")
    return st.sampled_from({"hemoglobin": ("g/dL", "g/L"), "mcv": ("fL",)}.get(name, ("10*9/L", "/uL", "G/L", None)))


def values(name: str) -> st.SearchStrategy[Reported]:
    return st.builds(
        lambda value, unit, sent, confirmed, flag, span: Reported(
            value=value,
            unit=unit,
            original_value="7.7" if sent else None,
            original_unit="K/uL" if sent else None,
            confirmed=confirmed,
            flag=flag,
            range=span,
        ),
        texts,
        _unit(name),
        st.booleans(),
        st.booleans(),
        st.sampled_from(("", "L", "H~A", "L^Low^HL70078", "**", "see note")),
        st.sampled_from(("", "4.0-10.0", "(120 - 160)", "<3.1", "> 1,5", "adults 2-7 / children 3-9")),
    )


samples = st.lists(st.sampled_from(COUNT_FIELDS), min_size=1, max_size=6, unique=True).flatmap(
    lambda names: st.builds(
        CountSample,
        collected_at=moments,
        status=st.sampled_from(["final", "preliminary", "corrected", None]),
        values=st.fixed_dictionaries({name: values(name) for name in names}),
        accession=st.none() | words,
        method=st.sampled_from([None, "automated", "manual"]),
        differential_complete=st.none() | st.booleans(),
    )
)
cycles = st.builds(
    Cycle,
    number=st.integers(1, 12),
    planned_day1=st.none() | days,
    day1=st.none() | days,
    chemo_end=st.none() | moments,
    dose_percent=st.sampled_from([None, "100", "75", "87.5"]),
    febrile_neutropenia=st.none() | st.booleans(),
    delay_reason=st.none() | words,
    treatment_days=st.lists(
        st.builds(TreatmentDay, day=st.integers(2, 21), planned=st.none() | days, given=st.none() | days, dose_percent=st.just("80")),
        max_size=2,
    ).map(tuple),
)
courses = st.builds(
    Course,
    regimen=st.sampled_from(["R-CHOP-21", "TC", None]),
    fn_risk_percent=st.none() | st.just("25"),
    intent=st.sampled_from([None, "curative", "palliative"]),
    concurrent_radiotherapy=st.none() | st.booleans(),
    cycles=st.lists(cycles, max_size=4, unique_by=lambda cycle: cycle.number).map(lambda own: tuple(sorted(own, key=lambda c: c.number))),
)
patients = st.builds(
    Patient,
    identifier=st.just(Identifier(value="T-0001", authority="TEST")),
    other_identifiers=st.lists(st.builds(Identifier, value=words, authority=st.none() | words), max_size=2, unique=True).map(tuple),
    family_name=words,
    given_name=st.none() | words,
    birth_date=st.dates(min_value=date(1930, 1, 1), max_value=date(2005, 12, 31)),
    sex=st.none() | st.sampled_from(list(Sex)),
    weight_kg=st.none() | numbers,
    duffy_null=st.none() | st.booleans(),
    risk_factors=st.lists(st.sampled_from(["prior_chemo_or_rt", "marrow_involvement"]), max_size=2, unique=True).map(tuple),
    lower_limits=st.dictionaries(st.sampled_from(["anc", "wbc"]), st.just(Reported(value="1.8", unit="10*9/L")), max_size=2),
    labs=st.dictionaries(words, st.builds(Reported, value=numbers, unit=st.just("mg/dL")), max_size=1),
    allergies=st.lists(words, max_size=1).map(tuple),
)


def _lists(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


histories = st.builds(
    PatientHistory,
    patient=patients,
    course=st.none() | courses,
    counts=st.lists(samples, max_size=4).map(tuple),
    temperatures=_lists(st.builds(Temperature, at=st.none() | moments, value=st.just("38.4"), route=st.sampled_from([None, "oral"]))),
    symptoms=_lists(st.builds(Symptom, at=st.none() | moments, code=st.just("rigors"))),
    growth_factors=_lists(
        st.builds(
            GrowthFactor,
            product=st.sampled_from(["pegfilgrastim", "filgrastim", "unheard-of"]),
            dose=st.sampled_from([None, "6 mg", "300 ug", "one syringe"]),
            given_at=st.none() | moments,
            planned=st.booleans(),
        )
    ),
    antibiotics=_lists(st.builds(Antibiotic, name=words, given_at=st.none() | moments, purpose=st.sampled_from([None, "treatment"]))),
    drugs=_lists(st.builds(DrugExposure, name=words, start=st.none() | days)),
    events=_lists(st.builds(ClinicalEvent, kind=st.just("note"), at=st.none() | moments, text=st.just("") | words)),
    episode=st.builds(
        Episode, expected_fall_below_0_5=st.none() | st.booleans(), flags=st.dictionaries(st.just("pneumonia"), st.booleans())
    ),
    monitoring=st.none() | st.just("clozapine"),
)
