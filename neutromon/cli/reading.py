"""What people read: evaluations, forecasts, imports and worklists as lines of plain text, units always shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from neutromon.cli.output import table
from neutromon.models.evaluation import Evaluation
from neutromon.models.formatting import anc_text, grade_text
from neutromon.models.worklist import ListName, WorklistRow

TITLES = {
    ListName.TOMORROW: "Tomorrow",
    ListName.TODAY: "Today",
    ListName.NADIR_WINDOW: "In the nadir window",
    ListName.OVERDUE: "Overdue",
    ListName.ALERTS: "Open alerts",
    ListName.ALL: "All patients",
}


def evaluation_lines(evaluation: Evaluation) -> list[str]:
    """Return counts, day-1 check and findings of an evaluation."""
    lines = [f"Evaluated at {evaluation.now.isoformat(timespec='minutes')}"]
    for count in evaluation.counts:
        grades = ", ".join(f"{name} {grade_text(by.get('neutrophils'))}" for name, by in count.grades.items())
        when = count.collected_at.isoformat(timespec="minutes") if count.collected_at else "time unknown"
        lines.append(f"{when}  ANC {anc_text(count.anc)}  {grades}")
        lines += [f"    {problem.text}" for problem in count.problems]
    if evaluation.day1 is not None:
        lines.append(f"Day 1: {evaluation.day1.text}")
    for finding in evaluation.findings:
        lines.append(f"[tier {finding.tier.value}] {finding.text}")
    return lines


def forecast_lines(document: Mapping[str, Any]) -> list[str]:
    """Return the nadir and the day-1 probability, or the reason for none."""
    if document["status"] != "ok":
        return [f"No forecast: {document.get('reason_text') or document['reason']}"]
    nadir, day1 = document["nadir"], document.get("day1")
    lines = ["Late nadir: only the recovery is forecast"] if nadir is None else _nadir_lines(nadir)
    if day1:
        question = "a blood test would measure" if day1.get("kind", "measured") == "measured" else "the true count is"
        lines.append(
            f"In {tenths(day1['probability_at_or_above'])} similar courses {question} {day1['threshold']:g} ×10⁹/L or more on {day1['at']}"
        )
    if document.get("next_draw"):
        lines.append(f"The next blood test would tell most on {document['next_draw']}")
    lines += [f"Note: {warning}" for warning in document.get("warnings", ())]
    return [*lines, "Expected course, advisory only: it never raises, lowers or delays an alert on a measured value."]


def _nadir_lines(nadir: Mapping[str, Any]) -> list[str]:
    value, at = nadir["value"], nadir["at"]
    return [
        f"Expected lowest ANC on {at['median']} ({at['p5']} to {at['p95']}): "
        f"{value['median']:.2g} ({value['p5']:.2g} to {value['p95']:.2g}) ×10⁹/L",
        f"Below 0.5 ×10⁹/L: {tenths(nadir['probability_below_0_5'])} similar courses",
    ]


def tenths(probability: float) -> str:
    """Return a probability as a natural frequency, never as certainty."""
    share = round(10 * probability)
    return {0: "fewer than 1 of 10", 10: "more than 9 of 10"}.get(share, f"about {share} of 10")


def import_lines(document: Mapping[str, Any]) -> list[str]:
    """Return the outcome of each set and the totals."""
    lines = []
    for file in document["files"]:
        lines.append(f"{file['path']} ({file['format']})")
        for message in file["messages"]:
            reason = message["reason"]
            why = f": {reason['code']} {reason['text']}" if reason else ""
            lines.append(f"    {message['index'] + 1}. {message['outcome']}, {len(message['results'])} results{why}")
    totals = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in document["totals"].items())
    return [*lines, f"Together: {totals}"]


def worklist_lines(name: ListName, rows: Sequence[WorklistRow]) -> list[str]:
    """Return one list as a table with its worst alerts."""
    if not rows:
        return [f"{TITLES[name]}: nobody"]
    cells = [
        [
            row.name,
            row.mrn,
            row.regimen or "-",
            f"C{row.cycle} d{row.cycle_day}" if row.cycle is not None else "-",
            row.anc_text,
            row.grade_text,
            row.limiting_text or row.overdue_text or "-",
            alert_text(row),
        ]
        for row in rows
    ]
    return [f"{TITLES[name]} ({len(rows)})", *table(["Name", "Number", "Regimen", "Day", "ANC", "Grade", "Limiting", "Alert"], cells)]


def alert_text(row: WorklistRow) -> str:
    """Return the worst alert of a row with its tier, first line only."""
    worst = row.worst_alert
    return f"[tier {worst.tier.value}] {worst.text.splitlines()[0]}" if worst else "-"


def row_document(row: WorklistRow) -> dict[str, Any]:
    """Return a row as JSON."""
    return {
        "mrn": row.mrn,
        "name": row.name,
        "regimen": row.regimen,
        "cycle": row.cycle,
        "cycle_day": row.cycle_day,
        "anc": row.anc_text,
        "grade": row.grade_text,
        "count_at": row.count_at.isoformat() if row.count_at else None,
        "next_day1": row.next_day1.isoformat() if row.next_day1 else None,
        "day1_state": row.day1_state.value,
        "limiting": row.limiting_text,
        "overdue": row.overdue_text,
        "decision": row.decision,
        "alerts": [{"tier": alert.tier.value, "rule": alert.rule, "state": alert.state.value, "text": alert.text} for alert in row.alerts],
        "lists": sorted(name.value for name in row.lists),
    }
