"""The log for Qt: every fact, alert and decision of one patient, filtered by words and by kind, text exactly as stored."""

import re
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from neutromon.ui.text import tr
from neutromon.ui.widgets.labels import as_tooltip
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.services.log import LogEntry

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
EVERYTHING = ""
FACTS, JUDGED = "group:facts", "group:judged"
"""Two groups of kinds: what was recorded of the patient, and what was raised and decided about it."""
_JUDGED = frozenset({"alert", "decision", "gcsf_answer", "forecast"})
_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d|Z)?")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
DATED = frozenset({"course", "decision", "forecast", "patient"})
"""Kinds whose plain dates are the program's own; a note keeps whatever somebody typed."""


def kind_words(kind: str) -> str:
    """Return the name of a kind of record; a kind that is new here keeps its stored name."""
    words = {
        "patient": tr("Patient data"),
        "course": tr("Course"),
        "sample": tr("Count"),
        "count": tr("Count"),
        "temperature": tr("Temperature"),
        "symptom": tr("Sign"),
        "growth_factor": tr("Growth factor"),
        "antibiotic": tr("Antimicrobial"),
        "drug": tr("Other drug"),
        "event": tr("Event"),
        "episode": tr("Episode"),
        "work_up": tr("Work-up"),
        "monitoring": tr("Monitoring"),
        "decision": tr("Decision"),
        "alert": tr("Alert"),
        "call": tr("Telephone call"),
        "pathway": tr("Pathway"),
        "gcsf_answer": tr("G-CSF consideration"),
        "forecast": tr("Forecast"),
    }
    return words.get(kind, kind.replace("_", " ").capitalize())


class LogModel(QAbstractTableModel):
    """Newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[LogEntry] = ()
        self._shown: list[LogEntry] = []
        self._zone: tzinfo | None = None
        self._words, self._kind = "", EVERYTHING

    def show_entries(self, entries: "Sequence[LogEntry]", zone: tzinfo | None) -> None:
        """Take the entries of a patient; the filter stays."""
        self._all, self._zone = entries, zone
        self._filter()

    def filter(self, words: str, kind: str) -> None:
        """Show the entries that hold every word and are of the kind or group; "" is every kind."""
        self._words, self._kind = words, kind
        self._filter()

    def _filter(self) -> None:
        self.beginResetModel()
        words = self._words.casefold().split()
        self._shown = [e for e in self._all if of_kind(e, self._kind) and self._holds(e, words)]
        self.endResetModel()

    def _holds(self, entry: "LogEntry", words: Sequence[str]) -> bool:
        hay = f"{log_text(entry, self._zone)} {entry.who} {kind_words(entry.kind)} {self._when(entry.at)}".casefold()
        return all(word in hay for word in words)

    def kinds(self) -> list[str]:
        """Return the kinds that occur, in order of their names."""
        return sorted({entry.kind for entry in self._all}, key=kind_words)

    def numbers(self) -> tuple[int, int]:
        """Return how many entries are shown and how many there are."""
        return len(self._shown), len(self._all)

    def entry(self, row: int) -> "LogEntry":
        """Return an entry that is shown."""
        return self._shown[row]

    def _when(self, moment: datetime) -> str:
        return _when_text(moment, self._zone)

    def texts(self, row: int) -> tuple[str, str, str, str]:
        """Return when, who, kind and text of a row."""
        entry = self._shown[row]
        kind = kind_words(entry.kind) + (f" · {tr('replaced later')}" if entry.superseded else "")
        return self._when(entry.at), entry.who, kind, log_text(entry, self._zone)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return the number of entries that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, plain; a tooltip with the whole text."""
        if not index.isValid():
            return None
        text = self.texts(index.row())[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 3:
            return as_tooltip(text)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the heading of a column."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return (tr("When"), tr("Who"), tr("What kind"), tr("As it is stored"))[section]


def of_kind(entry: "LogEntry", kind: str) -> bool:
    """Return whether an entry is of a kind or a group of kinds; "" is everything."""
    groups = {EVERYTHING: True, FACTS: entry.kind not in _JUDGED, JUDGED: entry.kind in _JUDGED}
    return groups.get(kind, entry.kind == kind)


def log_text(entry: "LogEntry", zone: tzinfo | None) -> str:
    """Return an entry's words as they are stored, its times as they are read everywhere else: in the clinic's zone and the language."""
    timed = timed_text(entry.text, zone)
    return _DAY.sub(lambda found: day_text(date.fromisoformat(found[0])), timed) if entry.kind in DATED else timed


def timed_text(text: str, zone: tzinfo | None) -> str:
    """Return a text with the moments in it as times are read here."""
    return _MOMENT.sub(lambda found: _when_text(datetime.fromisoformat(found[0]), zone), text)


def _when_text(moment: datetime, zone: tzinfo | None) -> str:
    local = moment.astimezone(zone) if zone and moment.tzinfo else moment
    return f"{day_text(local.date())} {local:%H:%M}"
