"""The rows of one list for Qt: read in pages from the clinic, sorted and filtered there; selection is kept by id outside."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from neutromon.models.worklist import ListName, OpenAlert, WorklistRow
from neutromon.ui.as_of import as_of
from neutromon.ui.port import ClinicPort
from neutromon.ui.widgets.labels import as_tooltip
from neutromon.ui.worklist.columns import OF_LIST, SHAPES, SORTED_HERE, Column, cell_text, column_title, ordered, stored_words

FIRST, PAGE = 60, 200
"""Rows read at once: more than a screen holds at first, whatever the length of the list; then what scrolling asks for."""
MOST_SORTED = 2000
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class WorklistModel(QAbstractTableModel):
    """Rows of a list; `row_at` gives the record, the display role the whole text of a cell."""

    def __init__(self, clinic: ClinicPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._name = ListName.TOMORROW
        self._text = ""
        self._order = "urgency"
        self._descending = False
        self._owner: str | None = None
        self._columns = OF_LIST[self._name]
        self._rows: list[WorklistRow] = []
        self._more, self._next = False, 0
        """Whether the store may have more rows, and where they begin: an owner's rows are fewer than were read."""

    @property
    def name(self) -> ListName:
        """Return which list is shown."""
        return self._name

    @property
    def order(self) -> tuple[str, bool]:
        """Return the sort order and whether it runs downwards."""
        return self._order, self._descending

    @property
    def is_whole(self) -> bool:
        """Return whether every patient of the list belongs to it, whoever owns her alerts."""
        return self._owner is None

    def columns(self) -> tuple[Column, ...]:
        """Return the columns that are shown; the patient is always there."""
        return self._columns

    def show_list(
        self,
        name: ListName,
        *,
        text: str = "",
        order: str = "urgency",
        descending: bool = False,
        hidden: Sequence[str] = (),
        put: Sequence[str] = (),
        owner: str | None = None,
    ) -> None:
        """Read the first page of a list; `put` orders its columns, `owner` keeps patients with an alert of that person ("" is nobody's)."""
        self.beginResetModel()
        self._owner = owner
        self._name, self._text, self._order, self._descending = name, text, order, descending
        self._columns = tuple(c for c in ordered(name, put) if c is Column.PATIENT or c.value not in hidden)
        self._rows = self._read(0, FIRST)
        self.endResetModel()

    def read_again(self) -> None:
        """Read the same rows again after something changed."""
        self.beginResetModel()
        self._rows = self._read(0, max(FIRST, len(self._rows)))
        self.endResetModel()

    def _read(self, offset: int, limit: int) -> list[WorklistRow]:
        if self._order in SORTED_HERE:
            return self._read_sorted(offset)
        rows = self._clinic.worklist(
            self._name, text=stored_words(self._text), order=self._order, descending=self._descending, limit=limit, offset=offset
        )
        self._more, self._next = len(rows) == limit, offset + len(rows)
        return self._owned(rows)

    def _read_sorted(self, offset: int) -> list[WorklistRow]:
        """Read a whole list and sort it here; a list without the column comes by urgency."""
        wanted, key = SORTED_HERE[self._order]
        self._more = False
        rows = self._clinic.worklist(self._name, text=stored_words(self._text), limit=MOST_SORTED) if offset == 0 else []
        return self._owned(sorted(rows, key=key, reverse=self._descending) if wanted in OF_LIST[self._name] else rows)

    def _owned(self, rows: list[WorklistRow]) -> list[WorklistRow]:
        return rows if self._owner is None else [row for row in rows if any(alert.owner == self._owner for alert in row.alerts)]

    def row_at(self, index: int) -> WorklistRow | None:
        """Return the record of a row, with the age that its count has now."""
        return self._rows[index].at(self._clinic.now()) if 0 <= index < len(self._rows) else None

    def find(self, patient_id: str) -> int:
        """Return the row of a patient, or -1."""
        return next((number for number, row in enumerate(self._rows) if row.patient_id == patient_id), -1)

    def canFetchMore(self, parent: Index = NOWHERE) -> bool:
        """Return whether the list may have further rows."""
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index = NOWHERE) -> None:
        """Read the next page."""
        rows = self._read(self._next, PAGE)
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many rows have been read."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return how many columns are shown."""
        return 0 if parent.isValid() else len(self.columns())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text for display, screen reader and tooltip, or the record for the painter."""
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.UserRole:
            return row
        column = self.columns()[index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return cell_text(column, row)
        if role == Qt.ItemDataRole.ToolTipRole:
            alert = row.worst_alert
            return as_tooltip(self._alert_words(alert) if column is Column.ALERT and alert else cell_text(column, row))
        return None

    def _alert_words(self, alert: OpenAlert) -> str:
        """Return an alert's stored text with the moment that its ages are of."""
        when = as_of(alert.text, alert.text_at, self._clinic.now())
        return f"{alert.text} ({when})" if when else alert.text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the heading of a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns()):
            return None
        column = self.columns()[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column_title(column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and SHAPES[column].order:
            return column_title(column)
        return None
