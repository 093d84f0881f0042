"""Figures of the rules: one patient, a clinic, one added count, each in CPU time beside a baseline of the same run."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from neutromon.models.history import CountSample, Course, Cycle, Patient, PatientHistory, Temperature
from neutromon.models.quantity import Reported
from neutromon.rules import RuleBook, evaluate
from neutromon.rules.counts import SampleMemory
from neutromon.services.rule_book import load_book

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
CYCLE_DAYS = 21
CLINIC = 5000
SAMPLED = 250
"""Patients that are evaluated one after another; the clinic's figure is scaled from them."""
ROUNDS = 5
Figure = dict[str, Any]


def measurements() -> list[Figure]:
    """Return the figures of the rules; goals are CPU times on a quiet machine."""
    rules = load_book()
    patient, clinic = a_history(200, 12), [a_history(20 + number % 41, 1 + number % 6, number) for number in range(SAMPLED)]
    base = best(lambda: _plain_work(200))
    shorter = a_history(100, 12)
    one, half = best(lambda: evaluate(patient, rules, NOW)), best(lambda: evaluate(shorter, rules, NOW))
    added = replace(patient, counts=(*patient.counts, a_sample(200, NOW - timedelta(hours=1), 0)))
    more = min(_added(patient, added, rules) for _ in range(ROUNDS))
    whole = best(lambda: [evaluate(history, rules, NOW) for history in clinic], rounds=2)
    part = best(lambda: [evaluate(history, rules, NOW) for history in clinic[: SAMPLED // 2]], rounds=2)
    return [
        _figure("one patient, 200 counts, 12 cycles", one, base, "10 ms"),
        _figure("one added count in a clinic", more, base, "no more than one patient"),
        _scaled(whole, best(lambda: [_plain_work(40) for _ in clinic])),
        _growth("growth with twice the counts", one / half),
        _growth("growth with twice the patients", whole / part),
    ]


def _figure(name: str, seconds: float, base: float, goal: str) -> Figure:
    return {"name": name, "value": seconds * 1000, "unit": "ms CPU", "baseline": base * 1000, "ratio": seconds / base, "goal": goal}


def _growth(name: str, times: float) -> Figure:
    return {"name": name, "value": times, "unit": "x", "baseline": 2.0, "ratio": times / 2, "goal": "2, linear"}


def _scaled(seconds: float, base: float) -> Figure:
    scale = CLINIC / SAMPLED
    name = f"a clinic of {CLINIC} patients, scaled from {SAMPLED}"
    return {"name": name, "value": seconds * scale, "unit": "s CPU", "baseline": base * scale, "ratio": seconds / base, "goal": None}


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the least CPU time of several rounds, after one that warms up."""
    work()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return max(min(times), 1e-9)


def _added(patient: PatientHistory, added: PatientHistory, rules: RuleBook) -> float:
    """Return the CPU time of one more count for a patient whose other counts a session remembers."""
    memory = SampleMemory()
    evaluate(patient, rules, NOW, samples=memory)
    start = time.process_time()
    evaluate(added, rules, NOW, samples=memory)
    return max(time.process_time() - start, 1e-9)


def _plain_work(counts: int) -> Decimal:
    """Do the least that any evaluation does: read six numbers of each count and compare each with five bounds."""
    bounds = [Decimal(text) for text in ("0.1", "0.5", "1.0", "1.5", "1.8")]
    total = Decimal(0)
    for number in range(counts):
        for text in ("5.0", "0.9", "40", "2", "180", "11.2"):
            value = Decimal(text)
            total += sum(value < bound for bound in bounds) + number
    return total


def a_history(counts: int, cycles: int, number: int = 0) -> PatientHistory:
    """Return a synthetic history with its counts spread over the cycles."""
    first = NOW.date() - timedelta(days=CYCLE_DAYS * cycles - 10)
    span = timedelta(days=CYCLE_DAYS * cycles - 10)
    samples = tuple(a_sample(i, NOW - span * (1 - i / counts), number) for i in range(counts))
    return PatientHistory(
        patient=Patient(id=f"p{number}", birth_date=date(1960, 1, 31), lower_limits={"anc": Reported(value="1.8", unit="10*9/L")}),
        course=Course(regimen="R-CHOP-21", intent="curative", cycles=_cycles(first, cycles)),
        counts=samples,
        temperatures=(Temperature(at=NOW - timedelta(hours=3), value="37.0", unit="Cel"),),
    )


def _cycles(first: date, cycles: int) -> tuple[Cycle, ...]:
    days = [first + timedelta(days=CYCLE_DAYS * number) for number in range(cycles)]
    begun = [Cycle(number=n, planned_day1=day, day1=day, dose_percent="100") for n, day in enumerate(days, 1)]
    return (*begun, Cycle(number=cycles + 1, planned_day1=first + timedelta(days=CYCLE_DAYS * cycles)))


def a_sample(index: int, collected: datetime, number: int) -> CountSample:
    """Return a synthetic count; the values differ from count to count and from patient to patient."""
    anc, cells = f"{1 + (index * 7 + number) % 37 / 10:.2f}", "10*9/L"
    values = {
        "wbc": Reported(value="6.5", unit=cells),
        "neutrophils": Reported(value=anc, unit=cells),
        "segs_percent": Reported(value=str(20 + (index + number) % 30), unit="%"),
        "bands_percent": Reported(value="2", unit="%"),
        "platelets": Reported(value=str(120 + (index * 3 + number) % 150), unit=cells),
        "hemoglobin": Reported(value=f"{9 + (index + number) % 50 / 10:.1f}", unit="g/dL"),
    }
    return CountSample(id=f"s{number}-{index}", collected_at=collected, status="final", values=values)
