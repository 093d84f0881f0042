"""The practice clinic as a store of its own, with a published passphrase, made anew for each day."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from neutromon.models.alerts import Acknowledgement, Alert
from neutromon.services.alerts import acknowledge_alert, alerts_of, mark_seen
from neutromon.services.bulk import load_histories
from neutromon.services.decisions import DayOneDecision, decide_day_one
from neutromon.services.evaluations import refresh_alerts
from neutromon.services.practice.cases import Calendar, Case
from neutromon.services.practice.histories import SEED, build_history, load_clinic
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session, create_store, open_session

USER = "Practice Nurse"
PASSPHRASE = "practice clinic, no real patients"  # noqa: S105
"""Published on purpose: there is nothing to protect in a practice store, and it must never hold a real patient."""
MARK = "practice_clinic"
LOADED_BEFORE = timedelta(minutes=25)
ACTED_BEFORE = timedelta(minutes=12)
TAILS = ("", "-wal", "-shm", ".slots", ".lock")


def open_practice(path: Path, *, clock: Callable[[], datetime], seed: int = SEED) -> Session:
    """Open the practice store, made anew where it is missing, of another day, or of another version of the clinic."""
    now = clock()
    if path.exists():
        session = open_session(path, USER, PASSPHRASE, clock=clock, practice=True)
        if session.store.meta(MARK) == _mark(now, seed):
            refresh_alerts(session)
            return session
        close_session(session)
        remove_practice_store(path)
    build_practice_store(path, now, seed=seed)
    return open_session(path, USER, PASSPHRASE, clock=clock, practice=True)


def build_practice_store(path: Path, now: datetime, *, seed: int = SEED) -> None:
    """Make the practice store: patients loaded, some alerts seen and acknowledged, some decisions made."""
    create_store(path, USER, PASSPHRASE, now=now - LOADED_BEFORE)
    moment = [now - LOADED_BEFORE]
    session = open_session(path, USER, PASSPHRASE, clock=lambda: moment[0], practice=True)
    try:
        clinic, calendar = load_clinic(), Calendar.of(now)
        histories = [build_history(case, clinic.authority, calendar, seed, session.rules) for case in clinic.cases]
        patients = load_histories(session, histories)
        moment[0] = now - ACTED_BEFORE
        for case, patient in zip(clinic.cases, patients, strict=True):
            _act(session, case, patient)
        moment[0] = now
        refresh_alerts(session)
        with session.store.unit() as unit:
            unit.set_meta(MARK, _mark(now, seed))
    finally:
        close_session(session)


def remove_practice_store(path: Path) -> None:
    """Remove a practice store with the files beside it; a store that another passphrase locks never gets here."""
    for tail in TAILS:
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _mark(now: datetime, seed: int) -> str:
    return f"{load_clinic().version}:{seed}:{now.date().isoformat()}"


def _act(session: Session, case: Case, patient: str) -> None:
    """Do what the case says that a nurse has done."""
    if case.decision is not None:
        decide_day_one(session, patient, DayOneDecision(**dict(case.decision)))
    if case.acknowledge is None:
        return
    fields = dict(case.acknowledge)
    rule = fields.pop("rule")
    for alert in _of_rule(alerts_of(session, patient), rule):
        mark_seen(session, alert.id)
        acknowledge_alert(session, alert.id, Acknowledgement(**fields, due=session.clock() + timedelta(hours=12)))


def _of_rule(alerts: Sequence[Alert], rule: str) -> list[Alert]:
    return [alert for alert in alerts if alert.rule == rule]
