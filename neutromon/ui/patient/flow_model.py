"""The flow sheet for Qt: cells by row and day; what may be typed into is editable."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from neutromon.rules.book import RuleBook
from neutromon.ui.patient.facts import PatientFacts
from neutromon.ui.patient.flow_data import COUNT_ROWS, FlowCell, FlowDay, FlowRow, flow_cell, flow_days, row_title
from neutromon.ui.text import tr, without_direction
from neutromon.ui.widgets.labels import as_tooltip

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROWS = tuple(FlowRow)


class FlowModel(QAbstractTableModel):
    """Columns are days; `typed` tells what was typed into a cell, and nothing is stored here."""

    typed = Signal(int, int, str)

    def __init__(self, book: RuleBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._facts: PatientFacts | None = None
        self._days: list[FlowDay] = []
        self._cells: dict[tuple[int, int], FlowCell] = {}

    def show_facts(self, facts: PatientFacts | None) -> None:
        """Show a patient, or nobody."""
        self.beginResetModel()
        self._facts, self._cells = facts, {}
        self._days = flow_days(facts) if facts is not None else []
        self.endResetModel()

    def day_at(self, column: int) -> FlowDay:
        """Return the day of a column."""
        return self._days[column]

    def column_of(self, day: str) -> int:
        """Return the column of a day as ISO date, or -1."""
        return next((n for n, one in enumerate(self._days) if one.day.isoformat() == day), -1)

    def today_column(self) -> int:
        """Return the column of today, or -1."""
        return next((n for n, day in enumerate(self._days) if day.is_today), -1)

    def cell(self, row: int, column: int) -> FlowCell:
        """Return a cell, made when it is first asked for."""
        key = (row, column)
        if key not in self._cells and self._facts is not None:
            self._cells[key] = flow_cell(self._days[column], ROWS[row], self._facts, self._book)
        return self._cells.get(key, FlowCell())

    def is_open(self, row: int, column: int) -> bool:
        """Return whether something may be typed into a cell."""
        day, name = self._days[column], ROWS[row]
        if name is FlowRow.DOSE:
            return day.cycle is not None and (day.cycle.day1 is not None or day.treatment is not None)
        return not day.planned and (name in COUNT_ROWS or name is FlowRow.TEMPERATURE)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() or not self._days else len(ROWS)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return the number of days."""
        return 0 if parent.isValid() else len(self._days)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, its whole line for tooltip and screen reader, and what is edited."""
        if not index.isValid():
            return None
        made = self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{made.text}\n{made.mark}".strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return made.whole
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tooltip(made.whole)
        if role == Qt.ItemDataRole.EditRole:
            return without_direction(made.text).split()[0] if made.text and not made.text.startswith("“") else ""
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell what was typed; an unchanged cell is left alone."""
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or text == self.data(index, role):
            return False
        self.typed.emit(index.row(), index.column(), text)
        return False

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.is_open(index.row(), index.column()) else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return cycle day and date of a column, the name of a row."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return row_title(ROWS[section])
        return self._days[section].heading if section < len(self._days) else tr("Day")
