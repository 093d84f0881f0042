"""A patient whose chart has every sign: for the tests of the painters."""

from dataclasses import replace

from neutromon.models.history import ClinicalEvent, DrugExposure, PatientHistory
from tests.builders import (
    a_count,
    a_course,
    a_cycle,
    a_fever,
    a_growth_factor,
    a_nadir_history,
    a_symptom,
    a_value,
    an_antibiotic,
    at,
    day,
)


def every_sign() -> PatientHistory:
    """Return a history with every shape of point, every kind of lane event, a delay, an omitted and an unknown dose."""
    base = a_nadir_history(cycles=3)
    cycles = [
        a_cycle(1, day(-52)),
        a_cycle(2, day(-31), dose_percent="75"),
        a_cycle(3, day(-10), planned=day(-13), dose_percent=None, delay_reason="ANC"),
        a_cycle(4, planned=day(11)),
    ]
    odd = (
        a_count("0.02", collected=at(-35)),
        a_count("31", collected=at(-28), wbc="40"),
        a_count("0.0", collected=at(-20)),
        a_count("2.9", collected=at(-17.5), status="preliminary"),
        a_count("1.2", collected=at(-16), superseded=(("neutrophils", a_value("12"), "typing"),)),
        a_count(wbc="4.0", segs_percent="40", bands_percent="2", collected=at(-14)),
        a_count("7", collected=at(-9.4), status="entered-in-error"),
        a_count("clotted", collected=at(-7.5)),
        a_count("<0.1", collected=at(-1), wbc="<0.8"),
        a_count(wbc="0.3", collected=at(-0.3)),
    )
    events = [ClinicalEvent(kind=kind, at=at(-6)) for kind in ("transfusion", "note", "call")]
    course = a_course(cycles=[*cycles, a_cycle(5, planned=day(32), dose_percent="0")])
    return replace(
        base,
        course=course,
        counts=tuple(sorted(base.counts + odd, key=lambda count: count.collected_at)),  # type: ignore[arg-type, return-value]
        temperatures=(a_fever("38.6", taken=at(-8)), a_fever("39.1", taken=at(-4)), a_fever("37.2", taken=at(-3))),
        symptoms=(a_symptom("mouth_ulcers", noticed=at(-4)),),
        growth_factors=(
            *(a_growth_factor("filgrastim", given=at(-40 + n)) for n in range(3)),
            a_growth_factor(given=at(-20)),
            a_growth_factor(given=at(2), planned=True),
        ),
        antibiotics=(an_antibiotic(given=at(-8), until=at(-3)), an_antibiotic("ciprofloxacin", given=at(-30))),
        drugs=(DrugExposure(name="metamizole", start=day(-25), end=day(-18)), DrugExposure(name="made-up drug", start=day(-12))),
        events=(ClinicalEvent(kind="admission", at=at(-8)), ClinicalEvent(kind="discharge", at=at(-5)), *events),
    )
