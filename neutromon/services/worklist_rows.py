"""Build one patient's row of the worklists from her history, its evaluation and her alerts."""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from neutromon.models.alerts import Alert
from neutromon.models.evaluation import CountEvaluation, DayOne, Evaluation
from neutromon.models.formatting import anc_text, full_name, grade_text, initials
from neutromon.models.history import Cycle, Patient, PatientHistory
from neutromon.models.quantity import Comparator
from neutromon.models.worklist import DayOneState, ListName, OpenAlert, SparkPoint, WorklistRow
from neutromon.rules.counts import latest_count as newest_white
from neutromon.rules.last_known import last_with

SPARK_DAYS = 90
SPARK_POINTS = 12
LOWEST_DRAWN = 0.01


class RegimenFacts(Protocol):
    """What a row needs of a regimen."""

    @property
    def cycle_days(self) -> int | None:
        """Return the cycle length in days."""

    @property
    def nadir_window(self) -> tuple[int, int] | None:
        """Return first and last cycle day of the expected nadir."""


def waiting_row(patient: Patient) -> WorklistRow:
    """Return the row of a patient who was taken in by a large load and is not evaluated yet: nothing is said of her counts."""
    return WorklistRow(
        patient_id=patient.id,
        name=full_name(patient),
        initials=initials(patient),
        mrn=patient.identifier.value if patient.identifier else "",
        birth_date=patient.birth_date,
        regimen=None,
        cycle=None,
        cycle_day=None,
        cycle_length=None,
        anc_text="not evaluated yet",
        grade_text="",
        worst_grade=None,
        count_at=None,
        count_age_hours=None,
        next_day1=None,
        day1_state=day1_state(None, None),
        limiting_text="",
        nadir_window="",
        overdue_text="",
        decision="",
        last_gcsf="",
    )


def build_row(
    history: PatientHistory,
    evaluation: Evaluation,
    alerts: Sequence[Alert],
    *,
    now: datetime,
    regimen: RegimenFacts | None,
    decision: str = "",
    grading: str = "ctcae-5.0",
) -> WorklistRow:
    """Return the row of one patient; every text is ready to show, and what is unknown says so."""
    patient, course = history.patient, history.course
    newest = latest_count(evaluation)
    latest = last_known_anc(evaluation) or newest
    target = next_day1(history, evaluation)
    moved = next((one for one in reversed(history.deferrals) if one.moved_to == target), None)
    window = window_dates(history, regimen, now.date())
    grades = latest.grades.get(grading, {}).get("neutrophils") if latest else None
    state = day1_state(evaluation.day1, target)
    live = [alert for alert in alerts if alert.is_live]
    return WorklistRow(
        patient_id=patient.id,
        name=full_name(patient),
        initials=initials(patient),
        mrn=patient.identifier.value if patient.identifier else "",
        birth_date=patient.birth_date,
        regimen=course.regimen if course else None,
        cycle=evaluation.cycle,
        cycle_day=evaluation.cycle_day,
        cycle_length=regimen.cycle_days if regimen else None,
        anc_text=anc_text(latest.anc) if latest else "no count",
        grade_text=grade_text(grades) if latest else "",
        worst_grade=max(grades) if grades else None,
        count_at=latest.collected_at if latest else None,
        count_age_hours=_age_hours(latest, now),
        next_day1=target,
        day1_state=state,
        limiting_text=_limiting(evaluation.day1, state),
        nadir_window=_window_text(regimen),
        overdue_text=_first_line(evaluation, "count.overdue"),
        decision=decision,
        last_gcsf=_last_gcsf(history, now),
        nadir_from=window[0] if window else None,
        nadir_to=window[1] if window else None,
        spark=sparkline(evaluation, now, grading),
        alerts=tuple(_open(alert) for alert in sorted(live, key=lambda a: (a.tier, a.raised_at))),
        lists=_lists(history, evaluation, live, target, window, now.date()),
        newest_without_anc=newest_without_anc(history, evaluation),
        deferred_from=moved.planned if moved else None,
        deferred_at=moved.at if moved else None,
    )


def latest_count(evaluation: Evaluation) -> CountEvaluation | None:
    """Return the newest count collected at or before the evaluation's time."""
    known = [count for count in evaluation.counts if count.collected_at and count.collected_at <= evaluation.now]
    return max(known, key=lambda count: count.collected_at or evaluation.now, default=None)


def last_known_anc(evaluation: Evaluation) -> CountEvaluation | None:
    """Return the newest count up to the evaluation's time that has an ANC; a newer one without is no news of it."""
    return last_with(evaluation.counts, "anc", evaluation.now)


def newest_without_anc(history: PatientHistory, evaluation: Evaluation) -> datetime | None:
    """Return when the newest sample that speaks of white cells was taken, where it has no ANC and an older one has; else None."""
    known, newest = last_known_anc(evaluation), newest_white(evaluation.counts, history.counts, evaluation.now)
    if known is None or newest is None or newest.anc.quantity is not None:
        return None
    return newest.collected_at


def next_day1(history: PatientHistory, evaluation: Evaluation) -> date | None:
    """Return the next planned treatment day that is not yet given."""
    if evaluation.day1 is not None and evaluation.day1.target_date:
        return date.fromisoformat(evaluation.day1.target_date[:10])
    cycles = history.course.cycles if history.course else ()
    waiting = [cycle.planned_day1 for cycle in cycles if cycle.day1 is None and cycle.planned_day1 is not None]
    return min(waiting, default=None)


def current_cycle(history: PatientHistory, day: date) -> Cycle | None:
    """Return the cycle that runs on a day: the last one begun on or before it."""
    begun = [c for c in (history.course.cycles if history.course else ()) if c.day1 is not None and c.day1 <= day]
    return max(begun, key=lambda cycle: cycle.day1 or day, default=None)


def window_dates(history: PatientHistory, regimen: RegimenFacts | None, day: date) -> tuple[date, date] | None:
    """Return first and last date of the running cycle's expected nadir window."""
    cycle = current_cycle(history, day)
    if cycle is None or cycle.day1 is None or regimen is None or regimen.nadir_window is None:
        return None
    low, high = regimen.nadir_window
    return cycle.day1 + timedelta(days=low - 1), cycle.day1 + timedelta(days=high - 1)


def day1_state(day1: DayOne | None, target: date | None) -> DayOneState:
    """Return the go/no-go state that a worklist shows."""
    if day1 is None or target is None:
        return DayOneState.NOT_PLANNED
    waiting = {"count_too_old": DayOneState.COUNT_TOO_OLD, "no_count": DayOneState.NO_COUNT}
    if day1.limiting in waiting:
        return waiting[day1.limiting]
    if day1.meets is None:
        return DayOneState.CANNOT_TELL
    return DayOneState.MEETS if day1.meets else DayOneState.DOES_NOT_MEET


def sparkline(evaluation: Evaluation, now: datetime, grading: str) -> tuple[SparkPoint, ...]:
    """Return the newest points of the last 90 days, oldest first; a censored count lies at its limit."""
    points = []
    for count in evaluation.counts:
        quantity, at = count.anc.quantity, count.collected_at
        if quantity is None or at is None or not timedelta() <= now - at <= timedelta(days=SPARK_DAYS):
            continue
        grades = count.grades.get(grading, {}).get("neutrophils")
        points.append(
            SparkPoint(
                days_ago=(now - at).total_seconds() / 86400,
                log10_anc=math.log10(max(float(quantity.value), LOWEST_DRAWN)),
                censored=quantity.comparator is not Comparator.EQ,
                grade=max(grades) if grades else None,
            )
        )
    return tuple(sorted(points, key=lambda point: -point.days_ago)[-SPARK_POINTS:])


def _age_hours(latest: CountEvaluation | None, now: datetime) -> float | None:
    if latest is None or latest.collected_at is None:
        return None
    return (now - latest.collected_at).total_seconds() / 3600


def _limiting(day1: DayOne | None, state: DayOneState) -> str:
    if day1 is None or state is DayOneState.NOT_PLANNED:
        return ""
    if state is DayOneState.MEETS and day1.limiting_text and day1.dose_percent is not None:
        return f"at {day1.dose_percent} % dose: {day1.limiting_text}"
    return day1.limiting_text or day1.text


def _window_text(regimen: RegimenFacts | None) -> str:
    if regimen is None or regimen.nadir_window is None:
        return ""
    low, high = regimen.nadir_window
    return f"D{low}" if low == high else f"D{low}–{high}"


def _first_line(evaluation: Evaluation, rule: str) -> str:
    texts = [finding.text for finding in evaluation.findings if finding.rule == rule]
    return texts[0].splitlines()[0] if texts else ""


def _last_gcsf(history: PatientHistory, now: datetime) -> str:
    given = [g for g in history.growth_factors if not g.planned and g.given_at is not None and g.given_at <= now]
    last = max(given, key=lambda g: g.given_at or now, default=None)
    return (
        ""
        if last is None or last.given_at is None
        else f"{last.product}, {last.given_at:%d %b}" + ("" if last.given_at.year == now.year else f" {last.given_at:%Y}")
    )


def _open(alert: Alert) -> OpenAlert:
    return OpenAlert(
        id=alert.id,
        tier=alert.tier,
        rule=alert.rule,
        state=alert.state,
        text=alert.text,
        owner=alert.owner,
        raised_at=alert.raised_at,
        text_at=alert.text_at,
    )


def _lists(
    history: PatientHistory,
    evaluation: Evaluation,
    live: Sequence[Alert],
    target: date | None,
    window: tuple[date, date] | None,
    today: date,
) -> frozenset[ListName]:
    given_today = any(cycle.day1 == today for cycle in (history.course.cycles if history.course else ()))
    belongs = {
        ListName.ALL: True,
        ListName.TOMORROW: target == today + timedelta(days=1),
        ListName.TODAY: target == today or given_today,
        ListName.NADIR_WINDOW: window is not None and window[0] <= today <= window[1],
        ListName.OVERDUE: any(finding.rule == "count.overdue" for finding in evaluation.findings),
        ListName.ALERTS: bool(live),
    }
    return frozenset(name for name, on_it in belongs.items() if on_it)
