"""Kill a steady writer with SIGKILL and look at what it left; one loop for the quick test and for the slow suite."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from neutromon.services.alerts import alerts_of
from neutromon.services.patients import find_patients, patient_history
from neutromon.services.session import Session
from neutromon.services.store_admin import check_store, close_session
from tests.e2e.steady_writer import MRN
from tests.stores import Clock, open_at

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What was found after one kill."""

    acknowledged: int
    stored: int
    sound: bool
    whole: bool
    answered: int


def kill_again_and_again(path: Path, kills: int, seed: int) -> Iterator[Aftermath]:
    """Start, kill and check; give what each kill left."""
    random, acknowledged = Random(seed), 0
    for _ in range(kills):
        acknowledged = run_and_kill(path, random.randint(1, 12), random.random() * 0.02) or acknowledged
        yield look(path, acknowledged)


def run_and_kill(path: Path, rounds: int, wait: float) -> int:
    """Let the writer acknowledge some rounds, kill it at any moment of the next, and return the last acknowledged number."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.steady_writer", str(path)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        told = [writer.stdout.readline() for _ in range(rounds)]
        try:
            writer.wait(timeout=wait)
        except subprocess.TimeoutExpired:
            writer.kill()
        told += writer.stdout.readlines()
        assert writer.wait() != 1, writer.stderr.read()
    whole = [line for line in told if line.endswith("\n")]
    return int(whole[-1]) if whole else 0


def look(path: Path, acknowledged: int) -> Aftermath:
    """Open the store as the next start would."""
    session = open_at(path, Clock())
    try:
        return _judge(session, acknowledged)
    finally:
        close_session(session)


def _judge(session: Session, acknowledged: int) -> Aftermath:
    patient = find_patients(session, MRN)[0].patient_id
    counts = patient_history(session, patient).counts
    numbers = [sample.values["wbc"].value for sample in counts]
    answered = [alert for alert in alerts_of(session, patient, include_ended=True) if alert.acknowledgement is not None]
    return Aftermath(
        acknowledged=acknowledged,
        stored=len(counts),
        sound=check_store(session).ok,
        whole=numbers == [f"{number}.5" for number in range(1, len(counts) + 1)] and all("neutrophils" in s.values for s in counts),
        answered=len(answered),
    )
