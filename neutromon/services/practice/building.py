"""Make the practice store: patients loaded, some alerts seen and acknowledged, some decisions made."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from neutromon.models.alerts import Acknowledgement, Alert
from neutromon.services.alerts import acknowledge_alert, alerts_of, mark_seen
from neutromon.services.bulk import load_histories
from neutromon.services.decisions import DayOneDecision, decide_day_one
from neutromon.services.evaluations import refresh_alerts
from neutromon.services.practice.cases import Calendar, Case
from neutromon.services.practice.histories import build_history, load_clinic
from neutromon.services.practice.store import MARK, PASSPHRASE, USER, mark_of
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session, create_store, open_session

LOADED_BEFORE = timedelta(minutes=25)
ACTED_BEFORE = timedelta(minutes=12)
KEY_COST = {"m": 64, "t": 1, "p": 1}
"""The passphrase is published, so stretching it would protect nothing and cost each start a quarter of a second."""


def build(path: Path, now: datetime, seed: int) -> None:
    """Make the store as of a moment."""
    create_store(path, USER, PASSPHRASE, now=now - LOADED_BEFORE, key_cost=KEY_COST)
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
            unit.set_meta(MARK, mark_of(now, seed))
    finally:
        close_session(session)


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
