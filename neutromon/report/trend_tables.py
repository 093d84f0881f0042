"""Tables of the trend report: cycles, counts, alerts."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from neutromon.models.alerts import Alert
from neutromon.models.evaluation import CountEvaluation, Evaluation, Nadir
from neutromon.models.formatting import anc_text, grade_text
from neutromon.models.history import CountSample, Cycle, PatientHistory
from neutromon.models.overlay_chart import OverlayChart, ProfileRow
from neutromon.report.document import Table
from neutromon.report.words import NOTHING, day_text, handled_text, raised_text, tier_text, time_text, value_text, words_of

COUNTS_PRINTED = 40
ALERTS_PRINTED = 25
PLANNED_PRINTED = 1


def cycles_table(history: PatientHistory, evaluation: Evaluation, profile: OverlayChart | None = None) -> Table:
    """Return one row per cycle: plan, delay with reason, dose, growth factor, lowest count, duration, recovery."""
    course = history.course
    nadirs = {nadir.cycle: nadir for nadir in evaluation.nadirs}
    profiled = {row.cycle: row for row in (profile.rows if profile else ())}
    cycles = course.cycles if course else ()
    waiting = [cycle for cycle in cycles if cycle.day1 is None][PLANNED_PRINTED:]
    further = f" {len(waiting)} further planned cycle{'s' * (len(waiting) != 1)} not printed." if waiting else ""
    cycles = tuple(cycle for cycle in cycles if cycle not in waiting)
    rows = tuple(
        (*_cycle_row(cycle, nadirs.get(cycle.number), profiled.get(cycle.number)), _febrile(cycle, cycles, evaluation)) for cycle in cycles
    )
    return Table(
        title="Cycles",
        header=("Cycle", "Day 1", "Delay", "Dose", "Growth factor", "Lowest ANC ×10⁹/L", "Time < 0.5", "Recovery", "FN"),
        rows=rows,
        widths=(0.55, 1.9, 1.35, 0.7, 2.5, 2.7, 1.25, 0.95, 0.45),
        empty="No course recorded.",
        note="“Lowest measured” stands where fewer than two counts lie in the expected nadir window: the true nadir may be lower. "
        f"Time below 0.5: bounds from the neighbouring counts.{further}",
    )


def _cycle_row(cycle: Cycle, nadir: Nadir | None, row: ProfileRow | None) -> tuple[str, ...]:
    begun = row is not None and cycle.day1 is not None
    return (
        f"C{cycle.number}",
        day_text(cycle.day1) if cycle.day1 else f"plan {day_text(cycle.planned_day1)}",
        _delay(cycle),
        row.dose if row and begun else NOTHING,
        row.growth_factor if row and begun else NOTHING,
        _lowest(row) if row and begun else NOTHING,
        row.duration if row and begun else NOTHING,
        f"D{nadir.recovery_day}" if nadir and nadir.recovery_day else NOTHING,
    )


def _febrile(cycle: Cycle, cycles: Sequence[Cycle], evaluation: Evaluation) -> str:
    """Return what is recorded of a cycle; of the running one what is met now, never a "no" beside a definition that says yes."""
    recorded = {True: "yes", False: "no", None: NOTHING}[cycle.febrile_neutropenia if cycle.day1 else None]
    running = max((other.number for other in cycles if other.day1), default=None)
    if cycle.number != running or recorded == "yes":
        return recorded
    now = set(evaluation.febrile_neutropenia.values())
    return "yes" if "yes" in now else "?" if now & {"suspected", "borderline"} else recorded


def _delay(cycle: Cycle) -> str:
    if cycle.day1 is None or cycle.planned_day1 is None:
        return NOTHING
    days = (cycle.day1 - cycle.planned_day1).days
    if not days:
        return "on time"
    return f"{days:+d} d ({cycle.delay_reason or 'reason not recorded'})"


def _lowest(row: ProfileRow) -> str:
    return f"{row.nadir} {row.day}, {row.word}" if row.word else row.nadir


def counts_table(history: PatientHistory, evaluation: Evaluation, grading: str, limit: int = COUNTS_PRINTED) -> Table:
    """Return the newest counts, newest first, as understood; what could not be understood stands in quotes."""
    judged = list(zip(evaluation.counts, _samples(history, evaluation.counts), strict=True))
    ordered = sorted(judged, key=lambda pair: _when(pair[0], evaluation.now), reverse=True)
    rows = tuple(_count_row(count, sample, grading) for count, sample in ordered[:limit])
    left = len(ordered) - len(rows)
    return Table(
        title="Counts",
        header=("Collected", "Day", "ANC ×10⁹/L", "Grade", "WBC ×10⁹/L", "Plt ×10⁹/L", "Hb", "Status and marks"),
        rows=rows,
        widths=(1.75, 0.85, 1.35, 0.85, 1.25, 1.2, 1.1, 2.5),
        bold=frozenset(i for i, (count, _) in enumerate(ordered[:limit]) if _needs_attention(count, grading)),
        empty="No counts recorded.",
        note=f"{left} earlier counts are not printed; the chart shows them."
        if left
        else "All counts in force are printed; withdrawn ones stand in the log of the program only.",
    )


def _samples(history: PatientHistory, counts: Sequence[CountEvaluation]) -> Iterator[CountSample | None]:
    """Give the sample of each evaluated count: by id, else by time."""
    by_id = {sample.id: sample for sample in history.counts if sample.id}
    by_time = {sample.collected_at: sample for sample in history.counts}
    for count in counts:
        yield by_id.get(count.sample_id) or by_time.get(count.collected_at)


def _when(count: CountEvaluation, now: datetime) -> float:
    return (count.collected_at or now).timestamp()


def _needs_attention(count: CountEvaluation, grading: str) -> bool:
    grades = count.grades.get(grading, {}).get("neutrophils")
    return not grades or max(grades) >= 3


def _count_row(count: CountEvaluation, sample: CountSample | None, grading: str) -> tuple[str, ...]:
    values = sample.values if sample else {}
    hemoglobin = count.values.get("hemoglobin")
    unit = f" {hemoglobin.unit}" if hemoglobin else ""
    return (
        time_text(count.collected_at, day_only=bool(sample and sample.day_precision)),
        f"C{count.cycle} D{count.cycle_day}" if count.cycle is not None else NOTHING,
        anc_text(count.anc).replace(" ×10⁹/L", ""),
        grade_text(count.grades.get(grading, {}).get("neutrophils")),
        value_text(count.values.get("wbc"), values.get("wbc")),
        value_text(count.values.get("platelets"), values.get("platelets")),
        f"{value_text(hemoglobin, values.get('hemoglobin'))}{unit}",
        "; ".join(_marks(count, sample)),
    )


def _marks(count: CountEvaluation, sample: CountSample | None) -> Iterator[str]:
    if sample is not None and sample.status and sample.status != "final":
        yield sample.status
    if count.anc.origin.value == "derived":
        yield "ANC derived"
    for name, old, _ in sample.superseded if sample else ():
        yield f"corrected: {words_of(name)} was {old.value} {old.unit or ''}".strip()
    seen = dict.fromkeys(f"{words_of(problem.code)}{_field(problem.field)}" for problem in count.problems)
    yield from seen


def _field(name: str | None) -> str:
    return f" ({words_of(name)})" if name else ""


def alerts_table(alerts: Sequence[Alert], limit: int = ALERTS_PRINTED) -> Table:
    """Return alerts with the text that was shown and what was done: live ones first, worst first."""
    ordered = sorted(alerts, key=lambda alert: (not alert.is_live, alert.tier, alert.raised_at))
    rows = tuple((tier_text(a.tier), a.text, raised_text(a), handled_text(a)) for a in ordered[:limit])
    left = len(ordered) - len(rows)
    return Table(
        title="Alerts and what was done",
        header=("Tier", "Text as shown", "Raised", "Handled"),
        rows=rows,
        widths=(1.25, 4.3, 1.15, 2.9),
        marked=frozenset(i for i, alert in enumerate(ordered[:limit]) if alert.is_live and alert.tier <= 2),
        empty="No alerts.",
        note=f"{left} further ended alerts are not printed." if left else "",
    )
