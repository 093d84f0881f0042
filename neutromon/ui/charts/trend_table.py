"""The chart as a table: every count and every event in order of time, for reading point by point; linked with the chart."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from neutromon.models.trend_chart import LANE_GLYPHS, TrendChart
from neutromon.ui.charts.names import lane_word, shape_word
from neutromon.ui.charts.shown import moment_of
from neutromon.ui.count_unit import shown_title
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr

Index = QModelIndex | QPersistentModelIndex
ORIGIN = QModelIndex()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: when, place in the cycle, what, value, grade, the whole sentence; `point` is the chart's point or None."""

    x: float
    cells: tuple[str, ...]
    point: int | None = None


def table_rows(chart: TrendChart) -> list[TableRow]:
    """Return counts and events, newest first."""
    rows = [TableRow(point.x, _count_cells(chart, n), n) for n, point in enumerate(chart.points)]
    for event in chart.lane:
        when = moment_of(chart, event.start)
        name = f"{LANE_GLYPHS.get(event.kind, '')} {lane_word(event.kind)}".strip()
        shown = spoken(f"{when:%d %b %Y}" if event.start == int(event.start) else f"{when:%d %b %Y %H:%M}")
        rows.append(TableRow(event.start, (shown, "", name, "", "", event.text)))
    return sorted(rows, key=lambda row: -row.x)


def _count_cells(chart: TrendChart, n: int) -> tuple[str, ...]:
    point = chart.points[n]
    place = f"C{point.cycle} D{point.cycle_day}" if point.cycle is not None else ""
    corrected = f", {tr('corrected')}" if point.corrected else ""
    return (
        spoken(f"{point.at:%d %b %Y %H:%M}"),
        place,
        f"ANC, {shape_word(point.shape)}{corrected}",
        point.label,
        point.grade_text,
        point.readout,
    )


def headers() -> tuple[str, ...]:
    """Return the names of the columns."""
    return tr("Date and time"), tr("Cycle day"), tr("What"), shown_title(tr("Value, ×10⁹/L")), tr("Grade"), tr("In words")


class TrendTableModel(QAbstractTableModel):
    """The rows of one chart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[TableRow] = []

    def show_chart(self, chart: TrendChart | None) -> None:
        """Take another chart."""
        self.beginResetModel()
        self.rows = table_rows(chart) if chart is not None else []
        self.endResetModel()

    def rowCount(self, parent: Index = ORIGIN) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ORIGIN) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(headers())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text; a screen reader hears the whole sentence of a row."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[index.column()]
        return row.cells[-1] if role == Qt.ItemDataRole.AccessibleDescriptionRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's name."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return headers()[section]
        return None


class TrendTable(QTableView):
    """The table under the chart; moving in it moves the read-out, Enter opens the record."""

    row_chosen = Signal(int)
    row_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_of_chart = TrendTableModel(self)
        self.setModel(self.model_of_chart)
        self.setObjectName("trend_table")
        self.setAccessibleName(tr("The chart as a table"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.selectionModel().selectionChanged.connect(self._row_changed)
        self.doubleClicked.connect(lambda index: self._open(index.row()))

    def show_chart(self, chart: TrendChart | None) -> None:
        """Show another chart."""
        self.model_of_chart.show_chart(chart)

    def select_point(self, point: int) -> None:
        """Mark the row of a point without telling anyone."""
        found = next((n for n, row in enumerate(self.model_of_chart.rows) if row.point == point), None)
        if found is not None and self.currentIndex().row() != found:
            self.selectionModel().blockSignals(True)
            self.selectRow(found)
            self.selectionModel().blockSignals(False)
            self.viewport().update()

    def _row_changed(self) -> None:
        rows = [index.row() for index in self.selectionModel().selectedRows()]
        if rows and (point := self.model_of_chart.rows[rows[0]].point) is not None:
            self.row_chosen.emit(point)

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.model_of_chart.rows) and (point := self.model_of_chart.rows[row].point) is not None:
            self.row_opened.emit(point)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the record on Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex().row())
            return
        super().keyPressEvent(event)
