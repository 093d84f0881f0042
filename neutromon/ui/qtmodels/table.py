"""A table view in the house's manner: whole rows, no grid, a name for the screen reader, Enter and double click open."""

from typing import Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from neutromon.ui.qtmodels.records import RecordsModel
from neutromon.ui.theme import CONTROL_HEIGHT

Record = TypeVar("Record")
TEN_DIGITS = 86.0
"""The width of ten digits at a text size of 100 %, for which the columns' widths are given."""
HIGHEST = 1.3
"""A row grows with the text so far; at twice the text more would leave a small screen two rows."""


class RecordsTable(QTableView, Generic[Record]):
    """Shows a RecordsModel; `opened` comes with Enter or a double click, `chosen` with every move."""

    opened = Signal(int)
    chosen = Signal(int)

    def __init__(self, model: RecordsModel[Record], name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.setModel(model)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        factor = QFontMetrics(QGuiApplication.font()).horizontalAdvance("0" * 10) / TEN_DIGITS
        height = round(CONTROL_HEIGHT * min(max(factor, 1.0), HIGHEST))
        self.setMinimumHeight(3 * height)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(height)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for number, column in enumerate(model.columns):
            if column.width:
                header.resizeSection(number, round(column.width * max(factor, 1.0)))
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.chosen.emit(now.row()))

    def current(self) -> Record | None:
        """Return the record of the current row."""
        return self.rows.record_at(self.currentIndex().row())

    def choose(self, row: int) -> None:
        """Make a row the current one; the nearest where there are fewer."""
        index = self.rows.index(min(max(row, 0), self.rows.rowCount() - 1), 0)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
