"""The practice clinic, the clock that raises alerts by itself, whole histories, and the facts under every print."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from neutromon.models.alerts import AlertState
from neutromon.models.evaluation import Tier
from neutromon.models.history import PatientHistory
from neutromon.models.worklist import ListName
from neutromon.services.alerts import open_alerts
from neutromon.services.backups import back_up, last_backup
from neutromon.services.bulk import load_histories
from neutromon.services.evaluations import evaluate_patient, refresh_alerts
from neutromon.services.patients import patient_history
from neutromon.services.practice.histories import practice_histories
from neutromon.services.practice.store import USER, open_practice
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session
from neutromon.services.worklists import list_counts, list_size, tier_counts, worklist
from tests.stores import Clock

MORNING = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)


@pytest.fixture
def practice(tmp_path: Path, quick_keys: None) -> Session:
    """Give the practice clinic of a fixed morning."""
    return open_practice(tmp_path / "practice.neutromon", clock=Clock(MORNING))


def test_that_the_practice_clinic_fills_every_list_and_every_tier(practice: Session) -> None:
    counts = list_counts(practice)
    assert counts[ListName.ALL] >= 60
    assert all(counts[name] > 0 for name in ListName)
    assert all(tier_counts(practice)[tier] > 0 for tier in Tier)
    close_session(practice)


def test_that_the_practice_clinic_shows_every_situation(practice: Session) -> None:
    rows = worklist(practice, ListName.ALL, limit=500)
    assert len({row.day1_state for row in rows}) >= 5
    assert {AlertState.RAISED, AlertState.ACKNOWLEDGED} <= {alert.state for row in rows for alert in row.alerts}
    rules = {alert.rule for row in rows for alert in row.alerts}
    assert {"fn.confirmed", "fn.suspected", "count.overdue", "data.problem", "workup.unexplained"} <= rules
    assert any(row.decision for row in rows)
    assert any("<" in row.anc_text for row in rows)
    assert {row.name for row in rows if not row.name.isascii()}
    close_session(practice)


def test_that_the_practice_clinic_is_the_same_for_the_same_day_and_made_anew_for_the_next(tmp_path: Path, quick_keys: None) -> None:
    path = tmp_path / "practice.neutromon"
    first = open_practice(path, clock=Clock(MORNING))
    before = [(row.mrn, row.anc_text, row.day1_state) for row in worklist(first, ListName.ALL, order="mrn", limit=500)]
    store_id = first.store.store_id
    close_session(first)
    again = open_practice(path, clock=Clock(MORNING + timedelta(minutes=30)))
    assert again.store.store_id == store_id
    assert [(row.mrn, row.anc_text, row.day1_state) for row in worklist(again, ListName.ALL, order="mrn", limit=500)] == before
    close_session(again)
    tomorrow = open_practice(path, clock=Clock(MORNING + timedelta(days=1)))
    assert tomorrow.store.store_id != store_id
    assert tomorrow.user == USER
    assert tomorrow.practice
    close_session(tomorrow)


def test_that_practice_histories_follow_from_seed_and_day_alone() -> None:
    assert practice_histories(MORNING) == practice_histories(MORNING)
    assert practice_histories(MORNING, seed=2) != practice_histories(MORNING)


def test_that_the_clock_alone_raises_what_becomes_due(practice: Session) -> None:
    before = list_counts(practice)[ListName.OVERDUE]
    assert isinstance(practice.clock, Clock)
    practice.clock.move(days=3)
    changes = refresh_alerts(practice)
    assert list_counts(practice)[ListName.OVERDUE] > before
    assert changes.patient_ids
    assert not refresh_alerts(practice).patient_ids
    close_session(practice)


def test_that_a_stored_history_is_the_one_that_was_loaded(session: Session) -> None:
    wanted = practice_histories(MORNING)
    ids = load_histories(session, wanted)
    for patient, history in zip(ids, wanted, strict=True):
        found = patient_history(session, patient)
        assert facts(found) == facts(history)
    assert list_size(session, ListName.ALL) == len(wanted)


def facts(history: PatientHistory) -> dict[str, object]:
    values = [(s.collected_at, {n: (v.value, v.unit) for n, v in s.values.items()}) for s in history.counts if s.collected_at]
    return {
        "name": (history.patient.family_name, history.patient.given_name, history.patient.identifier),
        "counts": sorted(values, key=str),
        "course": history.course and (history.course.regimen, len(history.course.cycles)),
        "fever": sorted((t.at, t.value) for t in history.temperatures if t.at),
        "gcsf": sorted(g.product for g in history.growth_factors),
        "work_up": dict(history.work_up),
        "monitoring": history.monitoring,
        "episode": history.episode,
    }


def test_that_evaluating_at_another_time_stores_nothing(practice: Session) -> None:
    patient = open_alerts(practice)[0].alert.patient_id
    links = len(practice.store.trail().entries)
    later = evaluate_patient(practice, patient, MORNING + timedelta(days=30))
    assert later.now == MORNING + timedelta(days=30)
    assert len(practice.store.trail().entries) == links
    close_session(practice)


def test_that_the_last_backup_is_known(session: Session) -> None:
    assert last_backup(session) is None
    made = back_up(session)
    assert made.exists()
    assert last_backup(session) == session.clock()
