"""The log tab: everything that was recorded, changed, raised and decided, with who and when, filterable."""

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from neutromon.ui.patient.log_model import EVERYTHING, FACTS, JUDGED, Index, LogModel, kind_words
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row

SIDE, TOP = 12, 7
WIDEST_SHARE = 0.2
"""Of the table's width for when, who and which kind; with a large text they break into lines, so that the words keep their room."""
SHORTEST = 10
LONGEST = 500
WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
WITHDRAWABLE = frozenset({"temperature", "symptom", "growth_factor", "antibiotic", "drug", "event", "course"})
COUNTS = frozenset({"sample", "count"})


class WholeText(QStyledItemDelegate):
    """Draws a cell's text from the top, with as many lines as it needs; of a very long one the beginning."""

    def _box(self, option: QStyleOptionViewItem) -> QRect:
        return QRect(option.rect.left() + SIDE, option.rect.top() + TOP, option.rect.width() - 2 * SIDE, option.rect.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw ground and text."""
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        colours = option.palette
        if chosen:
            painter.fillRect(option.rect, colours.highlight())
        painter.setPen(colours.highlightedText().color() if chosen else colours.text().color())
        painter.setFont(option.font)
        painter.drawText(self._box(option), WRAPPED, shown_text(str(index.data())))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that the whole text needs at the column's width."""
        view = self.parent()
        assert isinstance(view, QTableView)
        width = view.columnWidth(index.column()) - 2 * SIDE
        needed = QFontMetrics(option.font).boundingRect(QRect(0, 0, max(width, 40), 10_000), WRAPPED, shown_text(str(index.data())))
        return QSize(width, needed.height() + 2 * TOP)


def shown_text(text: str) -> str:
    """Return a text as a row shows it: one of many pages would push every other entry out of sight."""
    if len(text) <= LONGEST:
        return text
    return tr("{text} … ({n} more characters)", text=text[:LONGEST], n=len(text) - LONGEST)


def numbers_text(shown: int, every: int) -> str:
    """Return how many entries there are, and how many of them are shown."""
    if shown != every:
        return tr("{n} of {all} entries", n=shown, all=every)
    return tr("1 entry") if every == 1 else tr("{n} entries", n=every)


class LogTable(QTableView):
    """Enter opens an entry."""

    opened = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter; everything else as usual."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width, most of it to the words, and measure the rows again."""
        super().resizeEvent(event)
        room = self.viewport().width()
        for place, sample in enumerate(("28 Nov 2026 23:59", "Practice Nurse", "G-CSF consideration")):
            wanted = self.fontMetrics().horizontalAdvance(sample) + 2 * SIDE + 2
            self.setColumnWidth(place, min(wanted, round(room * WIDEST_SHARE)))
        self.resizeRowsToContents()


class PatientLog(QWidget):
    """Asks for the record of a count, or for the form that withdraws another record."""

    form_requested = Signal(str, str)

    def __init__(self, clinic: ClinicPort, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self.model = LogModel(self)
        self.words = QLineEdit()
        self.kind = QComboBox()
        self.number = TextLabel("", tone="muted")
        self.table = LogTable()
        self.open_button = button(tr("Open"), self._open_current, name="log_open", tip="Enter")
        outer = column(self, spacing=SPACE.small)
        outer.setContentsMargins(0, SPACE.small, 0, 0)
        outer.addLayout(self._build_head())
        self._dress_table()
        outer.addWidget(self.table, 1)
        self.words.textChanged.connect(lambda _text: self._filter())
        self.kind.currentIndexChanged.connect(lambda _index: self._filter())
        self.table.opened.connect(self._open)
        self.table.doubleClicked.connect(self._open)
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._enable())

    def _build_head(self) -> QHBoxLayout:
        head = row(spacing=SPACE.small)
        self.words.setObjectName("log_filter")
        self.words.setAccessibleName(tr("Filter the log"))
        self.words.setPlaceholderText(tr("Filter: words, name, date"))
        self.words.setClearButtonEnabled(True)
        self.words.setMaximumWidth(260)
        self.kind.setObjectName("log_kind")
        self.kind.setAccessibleName(tr("Kind of entry"))
        self.kind.setMinimumContentsLength(SHORTEST)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        head.addWidget(self.words, 3)
        head.addWidget(self.kind, 2)
        head.addWidget(self.number)
        head.addStretch(1)
        head.addWidget(self.open_button)
        return head

    def _dress_table(self) -> None:
        table = self.table
        table.setObjectName("log_table")
        table.setAccessibleName(tr("Log"))
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setItemDelegate(WholeText(table))
        table.verticalHeader().hide()
        across = table.horizontalHeader()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def show_patient(self, patient_id: str) -> None:
        """Read the log of a patient; the filter stays, what is hidden by it is said."""
        self.model.show_entries(self._clinic.patient_log(patient_id), self._clinic.now().tzinfo)
        self._fill_kinds()
        self._filter()

    def clear(self) -> None:
        """Show nobody."""
        self.model.show_entries((), None)
        self.words.clear()
        self._enable()

    def _fill_kinds(self) -> None:
        chosen = self.kind.currentData()
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(tr("Everything"), EVERYTHING)
        self.kind.addItem(tr("Facts"), FACTS)
        self.kind.addItem(tr("Alerts and decisions"), JUDGED)
        self.kind.insertSeparator(self.kind.count())
        for kind in self.model.kinds():
            self.kind.addItem(kind_words(kind), kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen or EVERYTHING)))
        self.kind.blockSignals(False)

    def _filter(self) -> None:
        self.model.filter(self.words.text(), self.kind.currentData() or EVERYTHING)
        shown, every = self.model.numbers()
        self.number.setText(numbers_text(shown, every))
        self._enable()

    def _enable(self) -> None:
        at = self.table.currentIndex()
        self.open_button.setEnabled(at.isValid() and self._form(at.row()) != "")

    def _form(self, at: int) -> str:
        kind = self.model.entry(at).kind if at < self.model.rowCount() else ""
        if kind in COUNTS:
            return "record"
        if kind == "alert":
            return "acknowledge"
        return "fact" if kind in WITHDRAWABLE else ""

    def _open_current(self) -> None:
        self._open(self.table.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        form = self._form(index.row()) if index.isValid() else ""
        if form:
            self.form_requested.emit(form, self.model.entry(index.row()).fact_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the filter away on Esc, before Esc backs out of the page."""
        if event.key() == Qt.Key.Key_Escape and self.words.text():
            self.words.clear()
            return
        super().keyPressEvent(event)
