"""A store with one patient for the tests of alerts and care: short to write, opened with a clock that the test moves."""

from dataclasses import replace
from datetime import datetime, timedelta

from neutromon.models.alerts import Alert
from neutromon.models.evaluation import Tier
from neutromon.models.history import PatientHistory, Temperature
from neutromon.models.quantity import Reported
from neutromon.services.alerts import alerts_of
from neutromon.services.bulk import load_histories
from neutromon.services.care import record_temperature
from neutromon.services.counts import CountDraft, record_count
from neutromon.services.session import Session
from tests.builders import a_count, a_course, a_history, a_patient, at, day


def in_nadir(mrn: str = "T-0001", anc: str = "0.4", *, cycle_day: int = 6, **changes: object) -> PatientHistory:
    """Return a patient on a low-risk day with one count that is below 0.5, earlier than the regimen's window."""
    course = a_course(first=day(-(cycle_day - 1)), given=1)
    counts = [a_count(anc, collected=at(hours=-3), wbc="1.1", plt="150", hb="11.2")]
    return replace(a_history(a_patient(mrn), course, counts), **changes)  # type: ignore[arg-type]


def with_patient(s: Session, history: PatientHistory | None = None) -> str:
    """Store a patient and return her id."""
    return load_histories(s, [history or in_nadir()])[0]


def the_alert(s: Session, patient_id: str, tier: Tier = Tier.URGENT) -> Alert:
    """Return the one live alert of a tier, the oldest where there are more."""
    return next(alert for alert in alerts_of(s, patient_id) if alert.tier is tier)


def take_temperature(s: Session, patient_id: str, celsius: str = "38.6") -> None:
    """Record a fever now."""
    record_temperature(s, patient_id, Temperature(at=s.clock(), value=celsius, unit="Cel", route="oral"))


def take_count(s: Session, patient_id: str, anc: str, *, collected: datetime | None = None, **fields: str) -> str:
    """Record a count, by default collected half an hour ago."""
    values = {"neutrophils": Reported(value=anc, unit="10*9/L")}
    values |= {name: Reported(value=value, unit="10*9/L") for name, value in fields.items()}
    when = collected or s.clock() - timedelta(minutes=30)
    return record_count(s, patient_id, CountDraft(collected_at=when, values=values)).value
