"""What the store costs: figures in CPU time beside a baseline measured in the same run."""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from neutromon.models.history import Identifier, Patient
from neutromon.models.quantity import Reported
from neutromon.models.worklist import ListName
from neutromon.services.backups import back_up
from neutromon.services.counts import CountDraft, record_count
from neutromon.services.patients import add_patient, patient_history
from neutromon.services.practice.histories import practice_histories
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session, create_store, open_session
from neutromon.services.worklists import worklist
from neutromon.storage import keys

USER, PASSPHRASE = "Bench", "a bench passphrase"
MORNING = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)


def measurements() -> list[dict[str, Any]]:
    """Return every figure of this suite."""
    with tempfile.TemporaryDirectory(prefix="neutromon-bench-") as folder:
        path = Path(folder) / "bench.neutromon"
        create_store(path, USER, PASSPHRASE, now=MORNING)
        found = [_opening(path)]
        session = open_session(path, USER, PASSPHRASE, clock=lambda: MORNING)
        try:
            found += [_saving(session), _reading(session), _backup(session, Path(folder))]
        finally:
            close_session(session)
    return found


def _row(name: str, value: float, baseline: float, unit: str = "ms CPU", goal: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": value / baseline if baseline else None, "goal": goal}


def cpu_ms(act: Callable[[], object], times: int = 20) -> float:
    """Return the median CPU time of a call in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        act()
        taken.append((time.process_time() - start) * 1000)
    return median(taken)


def _opening(path: Path) -> dict[str, Any]:
    def whole() -> None:
        close_session(open_session(path, USER, PASSPHRASE, clock=lambda: MORNING))

    store_id, slots = keys.read_slots(path)
    alone = cpu_ms(lambda: keys.open_slot(store_id, slots[USER], USER, PASSPHRASE), 3)
    return _row("open the store with rules (baseline: the key alone)", cpu_ms(whole, 3), alone)


def _saving(session: Session) -> dict[str, Any]:
    patient = add_patient(session, Patient(identifier=Identifier(value="B-1"), family_name="Bench")).value
    number = iter(range(1, 1000))

    def save() -> None:
        values = {"wbc": Reported(value="3.5", unit="10*9/L"), "neutrophils": Reported(value="1.9", unit="10*9/L")}
        record_count(session, patient, CountDraft(collected_at=MORNING - timedelta(days=next(number)), values=values))

    def bare() -> None:
        with session.store.unit() as unit:
            unit.set_draft("bench", f"k{next(number)}", "at", {"wbc": "3.5", "neutrophils": "1.9"})

    return _row("save one count: fact, audit, evaluation, alerts (baseline: one bare commit)", cpu_ms(save), cpu_ms(bare))


def _reading(session: Session) -> dict[str, Any]:
    from neutromon.services.bulk import load_histories

    patients = load_histories(session, practice_histories(MORNING, book=session.rules))
    whole = cpu_ms(lambda: patient_history(session, patients[0]))
    return _row("first page of a worklist (baseline: one patient's history)", cpu_ms(lambda: worklist(session, ListName.ALL)), whole)


def _backup(session: Session, folder: Path) -> dict[str, Any]:
    copy = folder / "copy.neutromon"
    verified = cpu_ms(lambda: back_up(session, copy), 5)
    plain = cpu_ms(lambda: (folder / "plain").write_bytes(copy.read_bytes()), 5)  # never the open store itself: its locks would drop
    return _row("backup, opened and checked (baseline: copying the bytes)", verified, plain)
