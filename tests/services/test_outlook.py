"""A forecast that was shown may add one advisory of its own; it never touches what was measured, and it goes with what it rests on."""

from datetime import date, timedelta

import pytest

from neutromon.models.evaluation import Tier
from neutromon.models.forecast import DayOneForecast, Forecast
from neutromon.models.history import Course, Cycle
from neutromon.services.alerts import alerts_of
from neutromon.services.counts import CountDraft, record_count
from neutromon.services.courses import add_course
from neutromon.services.patients import add_patient
from neutromon.services.session import Session
from neutromon.services.track_record import remember_forecast
from tests.builders import a_patient, a_value
from tests.stores import START

DAY1 = date(2026, 3, 16)


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient before cycle 2 with a low count."""
    made = add_patient(session, a_patient()).value
    cycles = (Cycle(number=1, planned_day1=date(2026, 2, 23), day1=date(2026, 2, 23)), Cycle(number=2, planned_day1=DAY1))
    add_course(session, made, Course(regimen="R-CHOP-21", cycles=cycles))
    a_count(session, made, hours=-3)
    return made


def a_count(session: Session, patient: str, hours: float, anc: str = "0.4") -> None:
    record_count(session, patient, CountDraft(collected_at=START + timedelta(hours=hours), values={"neutrophils": a_value(anc)}))


def a_forecast(share: float, at: date = DAY1) -> Forecast:
    return Forecast(
        now=START,
        status="ok",
        model_id="friberg-kpd",
        model_version="1",
        day1=DayOneForecast(at=at, threshold=1.0, probability_at_or_above=share),
    )


def rules(session: Session, patient: str) -> dict[str, Tier]:
    return {alert.rule: alert.tier for alert in alerts_of(session, patient)}


def test_that_an_unlikely_day_one_is_one_advisory_beside_the_measured_alerts(session: Session, patient: str) -> None:
    before = rules(session, patient)
    assert remember_forecast(session, patient, a_forecast(0.2))
    after = rules(session, patient)
    assert after == before | {"forecast.day1_unlikely": Tier.ADVISORY}


@pytest.mark.parametrize("forecast", [a_forecast(0.9), a_forecast(0.2, at=date(2026, 3, 11))])
def test_that_a_likely_or_past_day_one_adds_nothing(session: Session, patient: str, forecast: Forecast) -> None:
    before = rules(session, patient)
    remember_forecast(session, patient, forecast)
    assert rules(session, patient) == before


def test_that_a_forecast_without_a_day_one_adds_nothing(session: Session, patient: str) -> None:
    before = rules(session, patient)
    remember_forecast(session, patient, Forecast(now=START, status="ok"))
    assert rules(session, patient) == before


def test_that_a_newer_count_takes_the_advisory_away(session: Session, patient: str) -> None:
    remember_forecast(session, patient, a_forecast(0.2))
    a_count(session, patient, hours=-1, anc="0.6")
    assert "forecast.day1_unlikely" not in rules(session, patient)


def test_that_what_a_forecast_does_not_rest_on_leaves_it(session: Session, patient: str) -> None:
    from neutromon.models.history import Temperature
    from neutromon.services.care import record_temperature

    remember_forecast(session, patient, a_forecast(0.2))
    record_temperature(session, patient, Temperature(at=START - timedelta(hours=1), value="36.9"))
    assert "forecast.day1_unlikely" in rules(session, patient)
