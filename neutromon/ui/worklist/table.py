"""The worklist table: keyboard first, selection kept by patient, a typed letter goes to the filter."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from neutromon.ui.text import tr
from neutromon.ui.theme import Theme
from neutromon.ui.worklist.columns import SHAPES, Column
from neutromon.ui.worklist.delegate import Lit, RowDelegate
from neutromon.ui.worklist.model import WorklistModel

LEAST = 0.75
"""A stretched column keeps at least this share of its first width; with less room the list scrolls sideways."""
AGES_MS = 30_000
STRETCHED = (Column.DAY_ONE, Column.OVERDUE, Column.WINDOW)


class WorklistTable(QTableView):
    """Shows a WorklistModel; Enter or a double click asks for the patient."""

    patient_requested = Signal(str)
    typed = Signal(str)
    resized = Signal()

    def __init__(self, model: WorklistModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._hovered = -1
        self._delegate = RowDelegate(theme, self._lit, self)
        self.setViewport(self._own_viewport())
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setObjectName("worklist_table")
        self.setAccessibleName(tr("Worklist"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._style_header()
        self.doubleClicked.connect(lambda index: self._ask(index.row()))
        self._clock = QTimer(self, interval=AGES_MS)
        self._clock.timeout.connect(self.show_ages)
        self._clock.start()
        self.entered.connect(lambda index: self._hover(index.row()))
        self.set_theme(theme)

    def _own_viewport(self) -> QWidget:
        """Return a viewport that Python made: at the first sight of Qt's own the binding makes the types of all widgets there are."""
        made = QWidget()
        made.setObjectName("qt_scrollarea_viewport")
        made.setBackgroundRole(QPalette.ColorRole.Base)
        made.setAutoFillBackground(True)
        return made

    def _style_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(False)
        header.setMinimumSectionSize(70)

    def set_theme(self, theme: Theme) -> None:
        """Paint with other colours and heights."""
        self._delegate.set_theme(theme)
        self._scale = theme.scale
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height())
        self.viewport().update()

    def show_ages(self) -> None:
        """Paint again: the ages of the counts go on."""
        self.viewport().update()

    def fit_columns(self, widths: dict[str, int]) -> None:
        """Give each column its kept or first width; the wordiest one takes what is left."""
        header, columns = self.horizontalHeader(), self._rows.columns()
        wide = next((c for c in STRETCHED if c in columns), columns[-1])
        wanted = {column: widths.get(column.value, round(SHAPES[column].width * self._scale)) for column in columns}
        room = self.viewport().width() - sum(width for column, width in wanted.items() if column is not wide)
        stretched = room >= SHAPES[wide].width * self._scale * LEAST
        for number, column in enumerate(columns):
            mode = QHeaderView.ResizeMode.Stretch if column is wide and stretched else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(number, mode)
            if column is not wide or not stretched:
                header.resizeSection(number, wanted[column])

    def current_id(self) -> str:
        """Return the patient of the current row, or ""."""
        row = self._rows.row_at(self.currentIndex().row())
        return row.patient_id if row else ""

    def selected_ids(self) -> list[str]:
        """Return the patients of the selected rows, top to bottom."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [row.patient_id for row in map(self._rows.row_at, numbers) if row]

    def select_id(self, patient_id: str) -> None:
        """Make a patient's row current again; the first row where she is not on the list."""
        number = self._rows.find(patient_id) if patient_id else 0
        index = self._rows.index(max(number, 0), 0)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)
            self.scrollTo(index)

    def select_only(self, patient_id: str) -> None:
        """Make a patient's row current; nobody's where she is not on the list, so that no key acts on another patient."""
        if self._rows.find(patient_id) >= 0:
            self.select_id(patient_id)
        else:
            self.selectionModel().clear()

    def _lit(self, number: int) -> Lit:
        if self.selectionModel().isRowSelected(number, QModelIndex()):
            return Lit.SELECTED
        return Lit.HOVERED if number == self._hovered else Lit.PLAIN

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.viewport().update()

    def _ask(self, number: int) -> None:
        row = self._rows.row_at(number)
        if row is not None:
            self.patient_requested.emit(row.patient_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter; hand a letter to the filter; leave the rest to Qt."""
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier}
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
            self._ask(self.currentIndex().row())
        elif plain and event.text().strip() and event.text().isprintable():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell, so that the columns are fitted anew."""
        super().resizeEvent(event)
        self.resized.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Light no row when the pointer leaves."""
        super().leaveEvent(event)
        self._hover(-1)
