"""Any records as a table: columns are a title and a function to text; markup in a text is never rendered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from neutromon.ui.widgets.labels import as_tooltip

Record = TypeVar("Record")
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


@dataclass(frozen=True, kw_only=True)  # no slots: a subscripted generic sets an attribute of its own
class TextColumn(Generic[Record]):
    """A heading, the text of a record in this column, and the first width in pixels (0 takes what is left)."""

    title: str
    text: Callable[[Record], str]
    width: int = 0


class RecordsModel(QAbstractTableModel, Generic[Record]):
    """Shows records in the order in which they are given."""

    def __init__(self, columns: Sequence[TextColumn[Record]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._records: list[Record] = []

    def set_records(self, records: Sequence[Record]) -> None:
        """Show other records."""
        self.beginResetModel()
        self._records = list(records)
        self.endResetModel()

    def records(self) -> list[Record]:
        """Return what is shown."""
        return list(self._records)

    def record_at(self, row: int) -> Record | None:
        """Return the record of a row."""
        return self._records[row] if 0 <= row < len(self._records) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many records there are."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text; as a tooltip it is escaped."""
        record = self.record_at(index.row())
        if record is None:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.columns[index.column()].text(record)
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tooltip(self.columns[index.column()].text(record))
        return record if role == Qt.ItemDataRole.UserRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the heading of a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter) if role == Qt.ItemDataRole.TextAlignmentRole else None
