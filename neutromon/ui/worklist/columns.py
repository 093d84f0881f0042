"""The columns of a worklist: their titles, the text of a cell, how they sort and how wide they begin."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from neutromon.models.standing import Tier
from neutromon.models.worklist import DayOneState, ListName, WorklistRow
from neutromon.services.worklist_search import NO_OWNER, NOT_DECIDED
from neutromon.storage.worklist_table import EITHER, fold
from neutromon.ui.count_unit import shown_counts, shown_limit
from neutromon.ui.fields.ages import age_words
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tier_word, tr


class Column(StrEnum):
    """Every column that a list may show."""

    PATIENT = "patient"
    CYCLE = "cycle"
    TREND = "trend"
    ANC = "anc"
    DAY_ONE = "day_one"
    NEXT = "next"
    ALERT = "alert"
    DECISION = "decision"
    WINDOW = "window"
    OVERDUE = "overdue"
    GCSF = "gcsf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnShape:
    """Sort order of the store ("" where it cannot be sorted) and first width at a text size of 100 %."""

    order: str
    width: int


SHAPES: Mapping[Column, ColumnShape] = {
    Column.PATIENT: ColumnShape(order="name", width=180),
    Column.CYCLE: ColumnShape(order="cycle_day", width=110),
    Column.TREND: ColumnShape(order="", width=116),
    Column.ANC: ColumnShape(order="anc", width=118),
    Column.DAY_ONE: ColumnShape(order="day_one", width=210),
    Column.NEXT: ColumnShape(order="next_day1", width=118),
    Column.ALERT: ColumnShape(order="urgency", width=150),
    Column.DECISION: ColumnShape(order="decision", width=112),
    Column.WINDOW: ColumnShape(order="", width=120),
    Column.OVERDUE: ColumnShape(order="count_at", width=240),
    Column.GCSF: ColumnShape(order="", width=108),
}

STATES_BY_NEED = (
    DayOneState.DOES_NOT_MEET,
    DayOneState.CANNOT_TELL,
    DayOneState.NO_COUNT,
    DayOneState.COUNT_TOO_OLD,
    DayOneState.MEETS,
    DayOneState.NOT_PLANNED,
)
SORTED_HERE: Mapping[str, tuple[Column, Callable[[WorklistRow], tuple[int, str]]]] = {
    "day_one": (Column.DAY_ONE, lambda row: (STATES_BY_NEED.index(row.day1_state), row.limiting_text)),
    "decision": (Column.DECISION, lambda row: (int(bool(row.decision)), row.decision)),
}
"""Orders that the store does not know: a day's list is short, so its rows are sorted here, worst state and undecided first."""

_COMMON = (Column.PATIENT, Column.CYCLE, Column.TREND, Column.ANC)
OF_LIST: Mapping[ListName, tuple[Column, ...]] = {
    ListName.TOMORROW: (*_COMMON, Column.DAY_ONE, Column.ALERT, Column.DECISION, Column.GCSF),
    ListName.TODAY: (*_COMMON, Column.DAY_ONE, Column.ALERT, Column.DECISION, Column.GCSF),
    ListName.NADIR_WINDOW: (*_COMMON, Column.WINDOW, Column.ALERT, Column.GCSF, Column.NEXT),
    ListName.OVERDUE: (*_COMMON, Column.OVERDUE, Column.ALERT, Column.NEXT),
    ListName.ALERTS: (*_COMMON, Column.ALERT, Column.OVERDUE, Column.NEXT, Column.GCSF),
    ListName.ALL: (*_COMMON, Column.ALERT, Column.NEXT, Column.WINDOW, Column.GCSF),
}


def ordered(name: ListName, put: Sequence[str]) -> tuple[Column, ...]:
    """Return a list's columns in the order in which a person has put them; the patient stays first, and what is new keeps its place."""
    columns = OF_LIST[name]
    places = {column: put.index(column.value) if column.value in put else columns.index(column) for column in columns}
    return tuple(sorted(columns, key=lambda column: (column is not Column.PATIENT, places[column], columns.index(column))))


def moved(columns: Sequence[Column], column: Column, step: int) -> list[str]:
    """Return the names of columns after one was moved by some places; the first place is the patient's."""
    left = [one for one in columns if one is not column]
    left.insert(min(max(columns.index(column) + step, 1), len(left)), column)
    return [one.value for one in left]


def column_title(column: Column) -> str:
    """Return the heading of a column."""
    titles = {
        Column.PATIENT: tr("Patient"),
        Column.CYCLE: tr("Cycle, day"),
        Column.TREND: tr("ANC, 90 days"),
        Column.ANC: tr("Last ANC"),
        Column.DAY_ONE: tr("Day-1 check"),
        Column.NEXT: tr("Next day 1"),
        Column.ALERT: tr("Open alert"),
        Column.DECISION: tr("Decision"),
        Column.WINDOW: tr("Nadir window"),
        Column.OVERDUE: tr("Count due"),
        Column.GCSF: tr("Last G-CSF"),
    }
    return titles[column]


def list_title(name: ListName) -> str:
    """Return the name of a list."""
    titles = {
        ListName.TOMORROW: tr("Tomorrow"),
        ListName.TODAY: tr("Today"),
        ListName.NADIR_WINDOW: tr("In nadir window"),
        ListName.OVERDUE: tr("Overdue counts"),
        ListName.ALERTS: tr("Open alerts"),
        ListName.ALL: tr("All patients"),
    }
    return titles[name]


def state_word(state: DayOneState) -> str:
    """Return the word of a go/no-go state; it never says that treatment is safe."""
    words = {
        DayOneState.MEETS: tr("Meets criteria"),
        DayOneState.DOES_NOT_MEET: tr("Does not meet"),
        DayOneState.COUNT_TOO_OLD: tr("Count too old"),
        DayOneState.NO_COUNT: tr("No count"),
        DayOneState.CANNOT_TELL: tr("Cannot tell"),
        DayOneState.NOT_PLANNED: tr("Not planned"),
    }
    return words[state]


def check_word(row: WorklistRow) -> str:
    """Return the go/no-go state of a row, with the dose at which the counts meet where that is not the whole one."""
    reduced = _DOSE.match(row.limiting_text)
    return tr("Meets at {dose} % dose", dose=reduced["dose"]) if reduced else state_word(row.day1_state)


def decision_word(decision: str) -> str:
    """Return a decision as it is shown; words of our own are translated, others stay as stored."""
    words = {"proceed": tr("Proceed"), "defer": tr("Defer"), "refer": tr("Refer"), "repeat_count": tr("Repeat count")}
    return words.get(decision) or spoken(decision)


def day_text(day: date | None) -> str:
    """Return a date that cannot be misread: "12 Mar 2026"; "" where there is none."""
    return f"{day.day} {_month(day.month)} {day.year}" if day else ""


def _month(number: int) -> str:
    names = tr("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    return names[number - 1]


def count_age(row: WorklistRow) -> str:
    """Return how old the last count is: "26 h ago"."""
    return "" if row.count_age_hours is None else age_words(timedelta(hours=row.count_age_hours))


def newest_text(row: WorklistRow) -> str:
    """Return that a newer sample has no ANC, with its time; "" where the newest has one."""
    return without_anc(row.newest_without_anc)


def without_anc(when: datetime | None) -> str:
    """Return that the sample of a time has no ANC; "" without a time."""
    return tr("the newest sample ({time}) has no ANC", time=f"{day_text(when.date())} {when:%H:%M}") if when else ""


def deferred_text(row: WorklistRow) -> str:
    """Return that the next treatment day was moved by a decision, and when that was; "" where it stands as planned."""
    return moved_text(row.deferred_from, row.deferred_at)


def moved_text(planned: date | None, decided: datetime | None) -> str:
    """Return "deferred from 26 Nov 2026 (decision 25 Nov 2026 17:40)"."""
    if planned is None or decided is None:
        return ""
    return tr("deferred from {day} (decision {time})", day=day_text(planned), time=f"{day_text(decided.date())} {decided:%H:%M}")


def cycle_text(row: WorklistRow) -> str:
    """Return "C3 D10", or that no cycle runs."""
    if row.cycle is None:
        return tr("no cycle")
    return f"C{row.cycle}" if row.cycle_day is None else f"C{row.cycle} D{row.cycle_day}"


def spark_text(row: WorklistRow) -> str:
    """Return the sparkline in words, for those who do not see it."""
    if not row.spark:
        return tr("no counts in 90 days")
    lowest = min(row.spark, key=lambda point: point.log10_anc)
    low = f"{10**lowest.log10_anc:.2g}"
    number = tr("1 count") if len(row.spark) == 1 else tr("{n} counts", n=len(row.spark))
    return shown_counts(tr("{counts}, lowest {low} ×10⁹/L {when}", counts=number, low=low, when=_days_ago(round(lowest.days_ago))))


def _days_ago(days: int) -> str:
    return {0: tr("today"), 1: tr("yesterday")}.get(days) or tr("{n} days ago", n=days)


def alert_text(row: WorklistRow) -> str:
    """Return the worst alert as words with its owner."""
    worst = row.worst_alert
    if worst is None:
        return ""
    more = f" +{len(row.alerts) - 1}" if len(row.alerts) > 1 else ""
    return f"{tier_word(worst.tier)}{more} · {worst.owner or tr('no owner')}"


_ASKED = re.compile(
    r"(?P<what>\S+) (?:(?P<unknown>not known)(?:, last known (?P<last>\S+) [^;]+)?|(?P<value>\S+) \S+); \S+ asks for (?P<bound>[^;]+)"
)
_DOSE = re.compile(r"at (?P<dose>\d+) % dose: ")
_OLD = re.compile(r"older than (?P<hours>\d+ h)")
_RULE = re.compile(r"counts of (?P<rule>[\w-]+)")
_FRAME = re.compile(r"^[A-Z]+ – |\s*\(per local protocol [^)]*\)")


def limit_text(row: WorklistRow) -> str:
    """Return what limits a planned day 1 in a few words: "ANC 0.9, needs ≥ 1.0"; a text of another form stays whole."""
    limiting = shown_limit(row.limiting_text)
    asked = list(_ASKED.finditer(limiting))
    old, rule = _OLD.search(limiting), _RULE.search(limiting)
    if len(asked) == 1 and _DOSE.match(row.limiting_text):
        return tr("{what} {value}, full dose needs {bound}", **_asked_parts(asked[0]))
    if len(asked) == 1:
        return tr("{what} {value}, needs {bound}", **_asked_parts(asked[0]))
    if asked:
        return ", ".join(tr("{what} {value} ({bound})", **_asked_parts(one)) for one in asked)
    if row.day1_state is DayOneState.COUNT_TOO_OLD and old:
        return tr("{age}, valid for {hours}", age=count_age(row), hours=old["hours"])
    if row.day1_state is DayOneState.NO_COUNT:
        return ""
    return rule["rule"] if rule and row.day1_state is DayOneState.MEETS else spoken(limiting)


def _asked_parts(found: re.Match[str]) -> dict[str, str]:
    value = found["value"] or (tr("last known {value}", value=found["last"]) if found["last"] else tr("not known"))
    return {"what": spoken(found["what"]), "value": value, "bound": found["bound"]}


def due_text(row: WorklistRow) -> str:
    """Return why a count is due, without the alert's frame of tier and protocol."""
    return spoken(_FRAME.sub("", row.overdue_text))


def stored_words(text: str) -> str:
    """Return what is typed into the filter as the store looks for it: a word of the window's language also by what is stored for it."""
    known = _known_words() if text else []
    words = [(word, fold(word)) for word in text.replace(EITHER, " ").split()]
    return " ".join(EITHER.join([word, *(stored for shown, stored in known if len(word) > 1 and bare in shown)]) for word, bare in words)


def _known_words() -> list[tuple[str, str]]:
    """Return every word that a row shows in the window's language, folded, with the code that is stored."""
    states = [(state_word(state), state.value) for state in DayOneState]
    decisions = [(decision_word(code), code) for code in ("proceed", "defer", "refer", "repeat count")]
    tiers = [(tier_word(tier), tier.name.lower()) for tier in Tier]
    others = [(tr("not decided"), NOT_DECIDED), (tr("no owner"), NO_OWNER)]
    return [(fold(shown), stored.split()[0]) for shown, stored in (*states, *decisions, *tiers, *others)]


_TEXTS: Mapping[Column, Callable[[WorklistRow], str]] = {
    Column.PATIENT: lambda row: f"{row.name} · {row.mrn} · {day_text(row.birth_date)}",
    Column.CYCLE: lambda row: " · ".join(part for part in (cycle_text(row), row.regimen or "") if part),
    Column.TREND: spark_text,
    Column.ANC: lambda row: " · ".join(
        part for part in (spoken(shown_counts(row.anc_text)), spoken(row.grade_text), count_age(row), newest_text(row)) if part
    ),
    Column.DAY_ONE: lambda row: " · ".join(part for part in (check_word(row), spoken(shown_limit(row.limiting_text))) if part),
    Column.NEXT: lambda row: " · ".join(part for part in (day_text(row.next_day1), deferred_text(row)) if part),
    Column.ALERT: alert_text,
    Column.DECISION: lambda row: decision_word(row.decision) or tr("not decided"),
    Column.WINDOW: lambda row: row.nadir_window,
    Column.OVERDUE: due_text,
    Column.GCSF: lambda row: spoken(row.last_gcsf),
}


def cell_text(column: Column, row: WorklistRow) -> str:
    """Return everything a cell shows, as one line: for the screen reader, for copying and for the tooltip."""
    return _TEXTS[column](row)


def filter_help() -> str:
    """Return what the filter reaches."""
    return tr(
        "Every word you type must stand in the row: name, number, birth date (1960-03-12), regimen, cycle and day, count and grade, "
        "day-1 check with the value that limits it, decision, alert and who answers for it, why a count is due, last G-CSF."
    )
