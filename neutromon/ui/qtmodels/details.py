"""The whole of what the chosen row of a table cuts: below the table, reached by Tab, read by a screen reader, to be copied."""

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel

LOOKED_AT = 100
"""So many rows are looked at to tell whether a line is kept for what is cut."""


class RowDetails(TextLabel):
    """Follows a table; there only while one of its rows is cut, so that a table that fits stands alone."""

    def __init__(self, table: RecordsTable[Any], parent: QWidget | None = None) -> None:
        super().__init__("", size=Size.CAPTION, tone="muted", wrap=True, parent=parent)
        self._table = table
        self.setObjectName(f"{table.objectName()}_details")
        self.setAccessibleName(tr("The chosen row in full"))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(self.fontMetrics().lineSpacing())
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.read_again)
        table.chosen.connect(lambda _row: self.show_row())
        table.model().modelReset.connect(self._soon.start)
        table.horizontalHeader().sectionResized.connect(lambda _section, _before, _now: self._soon.start())
        self.hide()

    def read_again(self) -> None:
        """Look whether any row is cut, then show the chosen one."""
        columns = range(len(self._table.rows.columns))
        rows = range(min(self._table.rows.rowCount(), LOOKED_AT))
        self.setVisible(any(self._is_cut(row, column) for row in rows for column in columns))
        self.show_row()

    def show_row(self) -> None:
        """Show what the table cuts of its chosen row."""
        row, columns = self._table.currentIndex().row(), self._table.rows.columns
        cut = [at for at in range(len(columns)) if row >= 0 and self._is_cut(row, at)]
        self.setText("   ".join(f"{columns[at].title}: {self._text(row, at)}" for at in cut))
        self.setAccessibleDescription(self.text())

    def _text(self, row: int, column: int) -> str:
        return str(self._table.rows.index(row, column).data() or "")

    def _is_cut(self, row: int, column: int) -> bool:
        room = self._table.columnWidth(column) - 2 * SPACE.medium
        text = self._text(row, column)
        return "\n" in text or self._table.fontMetrics().horizontalAdvance(text) > room
