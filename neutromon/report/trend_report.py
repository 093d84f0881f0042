"""One patient's trend report as data: banner, headline, chart, cycles, alerts, counts, events, basis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from neutromon.models.alerts import Alert
from neutromon.models.evaluation import CountEvaluation, Evaluation
from neutromon.models.formatting import age_text, anc_text, full_name, grade_text, years_between
from neutromon.models.history import PatientHistory
from neutromon.models.overlay_chart import OverlayChart
from neutromon.models.protocol import Protocol
from neutromon.models.trend_chart import LANE_GLYPHS, LANE_NAMES, TrendChart
from neutromon.report.charts.markers import nadir_word
from neutromon.report.document import PatientStrip, Printing, ReportDocument, Statement
from neutromon.report.events import events_table
from neutromon.report.trend_tables import COUNTS_PRINTED, alerts_table, counts_table, cycles_table
from neutromon.report.words import UNIT_NOTE, day_text, joined, number_text, sex_text, time_text, words_of
from neutromon.rules.fn_shown import shown_status, unfounded
from neutromon.services.worklist_rows import last_known_anc, latest_count, newest_without_anc

TITLE = "Neutrophil trend"
LEGEND = (
    ("●", "measured"),
    ("■", "derived"),
    ("▽", "below the reporting limit, drawn at the limit; with a bar: at most, from WBC"),
    ("?", "no usable value"),
    ("○", "hollow: preliminary; ring: corrected, first value in grey"),
    ("▼", "under a count: nadir; hollow: lowest measured"),
    ("✓", "recovery"),
    ("┅", "dashed line: over 10 days, or no count in the expected nadir window"),
    ("▨", "slanted hatch: delay; right of the bold line: plan and forecast"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendSections:
    """What the reader wants on paper; alerts and basis are always printed."""

    chart: bool = True
    cycles: bool = True
    counts: bool = True
    events: bool = True
    counts_limit: int = COUNTS_PRINTED


def build_document(
    history: PatientHistory,
    evaluation: Evaluation,
    alerts: Sequence[Alert],
    chart: TrendChart | None,
    profile: OverlayChart | None = None,
    *,
    now: datetime,
    printing: Printing,
    grading: str = "ctcae-5.0",
    decision: str = "",
    sections: TrendSections | None = None,
    validity_hours: int = Protocol().count_validity_hours,
) -> ReportDocument:
    """Return the report of one patient; nothing unknown is left out silently."""
    chosen = sections or TrendSections()
    tables = [cycles_table(history, evaluation, profile)] if chosen.cycles else []
    tables += [alerts_table(alerts)]
    tables += [events_table(history, now)] if chosen.events else []
    tables += [counts_table(history, evaluation, grading, chosen.counts_limit)] if chosen.counts else []
    return ReportDocument(
        kind="trend",
        title=TITLE,
        subtitle=treatment_line(history, evaluation),
        printing=printing,
        patient=patient_strip(history, now),
        headline=tuple(headline(history, evaluation, now, grading, decision, validity_hours)),
        chart=chart if chosen.chart else None,
        chart_note=chart_note(chart) if chosen.chart and chart is not None else "",
        profile=profile if chosen.chart and profile is not None and profile.lines else None,
        legend=(*LEGEND, *_lane_legend(chart)) if chosen.chart and chart is not None else (),
        tables=tuple(tables),
        notes=(UNIT_NOTE, *basis_notes(evaluation, printing)),
    )


def chart_note(chart: TrendChart) -> str:
    """Return what the chart leaves out, the day-1 target and the forecast in words."""
    parts = []
    begun = [block for block in chart.cycles if not block.planned]
    shown = [block for block in begun if chart.opening is None or block.start >= chart.opening[0]]
    if len(shown) < len(begun):
        parts.append(f"The chart shows the last {len(shown)} of {len(begun)} cycles; the profile and the tables show all.")
    if chart.day1 is not None:
        valid = {True: "the last count is still valid then", False: "the last count will be too old", None: "there is no count"}
        parts.append(f"Day-1 target: {chart.day1.text}; {valid[chart.day1.last_count_valid]}.")
    parts.append(f"Forecast: {chart.forecast.text}. {chart.forecast.chip}." if chart.forecast else chart.forecast_refusal)
    empty = [pane.name if pane.name.isupper() else pane.name.lower() for pane in chart.panes if not pane.points]
    if empty:
        parts.append(f"Not recorded: {', '.join(empty)}.")
    return " ".join(parts)


def _lane_legend(chart: TrendChart) -> tuple[tuple[str, str], ...]:
    """Return the signs that the lane of this chart uses."""
    used = {event.kind for event in chart.lane}
    return tuple((LANE_GLYPHS[kind], LANE_NAMES[kind]) for kind in LANE_GLYPHS if kind in used)


def patient_strip(history: PatientHistory, now: datetime) -> PatientStrip:
    """Return name, number and birth date, with what else a reader must know before anything."""
    patient = history.patient
    allergies = ", ".join(patient.allergies) or "not recorded"
    own_limit = patient.lower_limits.get("anc")
    lines = [f"Allergies: {allergies}"]
    if own_limit is not None:
        lines.append(f"Lower limit of ANC: {own_limit.value} {'×10⁹/L' if own_limit.unit == '10*9/L' else own_limit.unit or ''}".strip())
    if patient.duffy_null:
        lines.append("Duffy-null: own baseline applies")
    return PatientStrip(
        name=full_name(patient),
        mrn=patient.identifier.value if patient.identifier else "no patient number",
        birth_date=patient.birth_date,
        age_years=years_between(patient.birth_date, now.date()) if patient.birth_date else None,
        sex=sex_text(patient),
        lines=tuple(lines),
    )


def treatment_line(history: PatientHistory, evaluation: Evaluation) -> str:
    """Return "R-CHOP-21 · curative · C3 D10 · next day 1 12 Mar 2026"."""
    course = history.course
    if course is None:
        return f"Monitoring: {history.monitoring}" if history.monitoring else "No course of chemotherapy recorded"
    place = f"C{evaluation.cycle} D{evaluation.cycle_day}" if evaluation.cycle is not None else "not begun"
    waiting = [cycle.planned_day1 for cycle in course.cycles if cycle.day1 is None and cycle.planned_day1]
    following = f"next day 1 planned {day_text(min(waiting))}" if waiting else "no further day 1 planned"
    return joined((course.regimen or "regimen not recorded", course.intent or "", place, following))


def headline(
    history: PatientHistory,
    evaluation: Evaluation,
    now: datetime,
    grading: str,
    decision: str,
    validity_hours: int = Protocol().count_validity_hours,
) -> Iterator[Statement]:
    """Give the lines that a reader needs first; each names what is not known."""
    latest = last_known_anc(evaluation) or latest_count(evaluation)
    yield _last_count(latest, now, grading, newest_without_anc(history, evaluation))
    if evaluation.day1 is not None:
        target = f" {day_text(date.fromisoformat(evaluation.day1.target_date))}" if evaluation.day1.target_date else ""
        yield Statement(label=f"Day-1 check{target}", text=evaluation.day1.text, strong=evaluation.day1.meets is not True)
    if decision:
        yield Statement(label="Decision of a person", text=decision)
    yield _fever(history, evaluation, validity_hours)
    nadir = next((n for n in evaluation.nadirs if n.cycle == evaluation.cycle), None)
    if nadir is not None:
        word = nadir_word(nadir)
        yield Statement(
            label=f"{word[0].upper()}{word[1:]} of C{nadir.cycle}", text=f"{number_text(nadir.value)} ×10⁹/L on D{nadir.cycle_day}"
        )
    yield _growth_factor(history, now)
    for problem in dict.fromkeys(problem.text for problem in evaluation.problems):
        yield Statement(label="Data problem", text=problem, strong=True)


def _last_count(latest: CountEvaluation | None, now: datetime, grading: str, without: datetime | None = None) -> Statement:
    if latest is None or latest.collected_at is None:
        return Statement(label="Last ANC", text="no count recorded: unknown", strong=True)
    grades = latest.grades.get(grading, {}).get("neutrophils")
    place = f"C{latest.cycle} D{latest.cycle_day}" if latest.cycle is not None else ""
    when = f"{time_text(latest.collected_at)} ({age_text(now - latest.collected_at)})"
    name = grading.replace("ctcae-", "CTCAE ")
    known = latest.anc.quantity is not None
    judged = (anc_text(latest.anc), f"{grade_text(grades)} {name}", latest.anc.origin.value) if known else ("unknown", grade_text(None))
    newest = f"the newest sample ({time_text(without)}) has no ANC" if without else ""
    text = joined((*judged, when, place, newest))
    problems = " ".join(problem.text if problem.text.endswith((".", "?")) else f"{problem.text}." for problem in latest.problems)
    return Statement(label="Last ANC", text=f"{text}. {problems}" if problems else text, strong=not grades or max(grades) >= 3)


def _fever(history: PatientHistory, evaluation: Evaluation, validity_hours: int) -> Statement:
    why = unfounded(history, evaluation, validity_hours)
    statuses = {name: shown_status(status, why) for name, status in evaluation.febrile_neutropenia.items()}
    told = {status for status in statuses.values() if status != "cannot_tell"}
    if not told and why:
        return Statement(label="Febrile neutropenia", text=f"cannot tell: {why}", strong=True)
    if not told:
        return Statement(label="Febrile neutropenia", text="cannot tell: no usable temperature of the last 24 hours, or no usable count")
    words = "; ".join(
        f"{words_of(status)} ({', '.join(n.upper() for n, s in statuses.items() if s == status)})"
        for status in dict.fromkeys(statuses.values())
    )
    return Statement(label="Febrile neutropenia", text=words, strong=bool(told & {"yes", "suspected", "borderline"}))


def _growth_factor(history: PatientHistory, now: datetime) -> Statement:
    given = [dose for dose in history.growth_factors if dose.given_at and not dose.planned and dose.given_at <= now]
    last = max(given, key=lambda dose: dose.given_at or now, default=None)
    if last is None:
        return Statement(label="Last growth factor", text="none recorded")
    return Statement(label="Last growth factor", text=joined((last.product, last.dose or "", time_text(last.given_at))))


def basis_notes(evaluation: Evaluation, printing: Printing) -> Iterator[str]:
    """Give the basis: rule files with versions, and which findings still need clinical sign-off."""
    files = ", ".join(sorted({f"{used.id} {used.version}" for used in evaluation.rule_sets}))
    yield f"Rule files: {files}." if files else "Rule files: not stated."
    sources = sorted({f"{f.rule} ({f.basis.guideline} {f.basis.version})" for f in evaluation.findings})
    if sources:
        yield f"Findings now: {'; '.join(sources)}."
    if any(finding.basis.needs_sign_off for finding in evaluation.findings):
        yield "Rules marked “needs clinical sign-off” took part: not released for clinical use without local approval."
