"""Times and doses that cannot be are refused, whatever the form: before the birth, ahead for what was given, below nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from neutromon.models.errors import UserError
from neutromon.models.history import Antibiotic, DrugExposure, GrowthFactor, Temperature
from neutromon.models.quantity import Reported
from neutromon.services.care import record_antibiotic, record_drug, record_growth_factor, record_temperature
from neutromon.services.counts import CountDraft, record_count
from neutromon.services.courses import add_course
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from neutromon.services.worklist_rows import build_row
from tests.builders import NOW, a_course, a_growth_factor, a_history
from tests.report.charted import evaluated
from tests.services.a_store import with_patient

LONG_AGO = datetime(1800, 1, 1, 9, tzinfo=UTC)
BORN = "before the birth of this patient \\(31 Jan 1960\\)"


@pytest.fixture
def patient(session: Session) -> str:
    return with_patient(session)


def test_that_nothing_is_recorded_before_the_patient_was_born(session: Session, patient: str) -> None:
    count = CountDraft(collected_at=LONG_AGO, values={"neutrophils": Reported(value="0.5", unit="10*9/L")})
    with pytest.raises(UserError, match=BORN):
        record_count(session, patient, count)
    with pytest.raises(UserError, match=BORN):
        record_growth_factor(session, patient, GrowthFactor(product="filgrastim", given_at=LONG_AGO))
    with pytest.raises(UserError, match=BORN):
        record_drug(session, patient, DrugExposure(name="clozapine", start=date(1959, 1, 1)))
    with pytest.raises(UserError, match=BORN):
        add_course(session, patient, a_course(first=date(1800, 1, 1)))
    assert not patient_history(session, patient).growth_factors


def test_that_what_was_given_or_measured_does_not_lie_ahead(session: Session, patient: str) -> None:
    later = session.clock() + timedelta(hours=1)
    with pytest.raises(UserError, match="lies in the future"):
        record_antibiotic(session, patient, Antibiotic(name="cefepime", given_at=later, purpose="treatment"))
    with pytest.raises(UserError, match="future"):
        record_temperature(session, patient, Temperature(at=later, value="38.4", unit="Cel"))


def test_that_a_plan_may_lie_ahead_but_not_in_another_age(session: Session, patient: str) -> None:
    soon = session.clock() + timedelta(days=3)
    record_growth_factor(session, patient, GrowthFactor(product="filgrastim", given_at=soon, planned=True))
    never = datetime(2999, 12, 31, 9, tzinfo=UTC)
    with pytest.raises(UserError, match="more than a year ahead"):
        record_growth_factor(session, patient, GrowthFactor(product="filgrastim", given_at=never, planned=True))


@pytest.mark.parametrize("dose", ["-99999 kg", "−5 mg"])
def test_that_a_dose_is_not_below_nothing(session: Session, patient: str, dose: str) -> None:
    with pytest.raises(UserError, match="cannot be negative"):
        record_growth_factor(session, patient, GrowthFactor(product="filgrastim", given_at=session.clock(), dose=dose))


def test_that_a_temperature_that_looks_like_fahrenheit_names_the_choice(session: Session, patient: str) -> None:
    with pytest.raises(UserError) as refused:
        record_temperature(session, patient, Temperature(at=session.clock(), value="98.6", unit="Cel"))
    assert "Choose °F" in refused.value.hint


def test_that_a_growth_factor_of_another_year_names_the_year() -> None:
    for when, words in ((datetime(2025, 1, 1, 9, tzinfo=UTC), "filgrastim, 01 Jan 2025"), (NOW, "filgrastim, 12 Mar")):
        history = a_history(growth_factors=(a_growth_factor("filgrastim", given=when),))
        assert build_row(history, evaluated(history), (), now=NOW, regimen=None).last_gcsf == words
