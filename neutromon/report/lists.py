"""Lists on paper: a worklist for the day, and the hand-over sheet with every open alert."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from neutromon.models.alerts import Alert
from neutromon.models.evaluation import Tier
from neutromon.models.formatting import age_text
from neutromon.models.worklist import DayOneState, ListName, WorklistRow
from neutromon.report.document import Paper, Printing, ReportDocument, Table
from neutromon.report.words import NOTHING, UNIT_NOTE, as_of_text, day_text, handled_text, joined, tier_text, time_text
from neutromon.services.alerts import AlertRow

TITLES = {
    ListName.TOMORROW: "Tomorrow",
    ListName.TODAY: "Today",
    ListName.NADIR_WINDOW: "In the nadir window",
    ListName.OVERDUE: "Overdue",
    ListName.ALERTS: "Open alerts",
    ListName.ALL: "All patients",
}
STATES = {
    DayOneState.MEETS: "✓ meets",
    DayOneState.DOES_NOT_MEET: "✕ does not meet",
    DayOneState.COUNT_TOO_OLD: "○ count too old",
    DayOneState.NO_COUNT: "○ no count",
    DayOneState.CANNOT_TELL: "○ cannot tell",
    DayOneState.NOT_PLANNED: NOTHING,
}
UNOWNED = "No owner"


def build_worklist(name: ListName, rows: Sequence[WorklistRow], *, now: datetime, printing: Printing) -> ReportDocument:
    """Return a list for the clipboard: two identifiers in every row, room for a signature."""
    table = Table(
        title="Patients",
        header=(
            "Patient",
            "Regimen, day",
            "Last ANC",
            "Next day 1",
            "Day-1 check",
            "Worst alert",
            "Last growth factor",
            "Decision",
            "Sign",
        ),
        rows=tuple(_list_row(row, now) for row in rows),
        widths=(2.2, 1.5, 1.6, 1.05, 2.4, 2.6, 1.3, 1.1, 0.6),
        marked=frozenset(i for i, row in enumerate(rows) if row.worst_alert and row.worst_alert.tier <= Tier.URGENT),
        empty="Nobody is on this list.",
        lines=True,
    )
    return ReportDocument(
        kind="worklist",
        title=f"{TITLES[name]} – {_list_day(name, now)}",
        subtitle=f"{len(rows)} patient{'s' * (len(rows) != 1)}",
        printing=printing,
        tables=(table,),
        notes=(
            "A count in a list is as old as it says; unknown is never normal. ✓ means that the counts meet the rule, not that all is well.",
            UNIT_NOTE,
        ),
        paper=Paper.LANDSCAPE,
    )


def _list_day(name: ListName, now: datetime) -> str:
    return f"{now + timedelta(days=1) if name is ListName.TOMORROW else now:%A %d %b %Y}"


def _list_row(row: WorklistRow, now: datetime) -> tuple[str, ...]:
    worst = row.worst_alert
    place = f"C{row.cycle} D{row.cycle_day}" if row.cycle is not None else ""
    age = age_text(now - row.count_at) if row.count_at else ""
    return (
        f"{row.name}\nMRN {row.mrn}\nborn {day_text(row.birth_date)}",
        joined((row.regimen or "no course", place), "\n"),
        joined((row.anc_text, joined((row.grade_text, age)), _newest(row)), "\n"),
        day_text(row.next_day1),
        _check(row),
        joined((tier_text(worst.tier), as_of_text(_first_sentence(worst.text), worst.text_at)), "\n") if worst else NOTHING,
        row.last_gcsf or "none recorded",
        row.decision or "",
        "",
    )


def _newest(row: WorklistRow) -> str:
    return f"newest sample ({time_text(row.newest_without_anc)}): no ANC" if row.newest_without_anc else ""


def _check(row: WorklistRow) -> str:
    """Return the day-1 check: the sign with the sentence of the rules, or the state with the limiting value."""
    state, text = STATES[row.day1_state], row.limiting_text or ""
    if text.endswith("."):
        return f"{state.split(' ')[0]} {text}"
    if row.day1_state is DayOneState.MEETS and text:
        state = f"{state} at a reduced dose"
    return joined((state, text), "\n")


def _first_sentence(text: str) -> str:
    """Return the alert's first line without its tier word, which stands before it."""
    line = text.split(" – ", 1)[-1]
    return line.split(". ", 1)[0]


def build_handover(rows: Sequence[AlertRow], *, now: datetime, printing: Printing) -> ReportDocument:
    """Return the hand-over sheet: open alerts by owner, those without an owner first."""
    ordered = sorted(rows, key=lambda row: (row.alert.owner != "", row.alert.owner, row.alert.tier, row.alert.raised_at))
    tables = [_owner_table(owner or UNOWNED, list(own), now) for owner, own in groupby(ordered, key=lambda row: row.alert.owner)]
    ownerless = sum(1 for row in rows if not row.alert.owner and row.alert.tier <= Tier.URGENT)
    warning = f"{ownerless} urgent or emergency alerts have no owner." if ownerless else "Every urgent alert has an owner."
    return ReportDocument(
        kind="handover",
        title=f"Hand-over – {now:%A %d %b %Y %H:%M}",
        subtitle=f"{len(rows)} open alert{'s' * (len(rows) != 1)}",
        printing=printing,
        tables=tuple(tables) or (Table(title="Open alerts", header=("Alert",), rows=(), widths=(1.0,), empty="No open alerts."),),
        notes=(warning if rows else "No open alerts.", *((UNIT_NOTE,) if rows else ())),
        paper=Paper.LANDSCAPE,
    )


def _owner_table(owner: str, rows: Sequence[AlertRow], now: datetime) -> Table:
    return Table(
        title=f"{owner}: {len(rows)}",
        header=("Tier", "Patient", "Day", "Alert as shown", "Open for", "State", "Taken over by"),
        rows=tuple(_handover_row(row, now) for row in rows),
        widths=(1.25, 1.7, 0.7, 4.4, 1.35, 2.1, 1.0),
        marked=frozenset(i for i, row in enumerate(rows) if row.alert.tier <= Tier.URGENT),
        lines=True,
    )


def _handover_row(row: AlertRow, now: datetime) -> tuple[str, ...]:
    alert: Alert = row.alert
    return (
        tier_text(alert.tier),
        f"{row.patient_name}\nMRN {row.mrn}",
        row.cycle_text or NOTHING,
        as_of_text(alert.text, alert.text_at),
        f"{age_text(now - alert.raised_at).removesuffix(' ago')}\nsince {time_text(alert.raised_at)}",
        handled_text(alert),
        "",
    )
