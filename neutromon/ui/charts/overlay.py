"""The neutrophil cycle profile on the screen: every cycle over one axis of cycle days, read point by point, with its table."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QStackedLayout, QTableWidget, QTableWidgetItem, QWidget

from neutromon.models.overlay_chart import OverlayChart, ProfileRow
from neutromon.models.trend_chart import ChartPoint
from neutromon.ui.charts.language import profile_in_language
from neutromon.ui.charts.overlay_canvas import OverlayCanvas
from neutromon.ui.charts.shown import Ink
from neutromon.ui.count_unit import shown_bare
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.labels import ElidedLabel
from neutromon.ui.widgets.layout import column

ROW_HEIGHT = 30
ROWS_SEEN = 6


class OverlayView(QWidget):
    """The cycles of one course over each other; ids of samples go out, an OverlayChart comes in."""

    sample_requested = Signal(str)
    read_out_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chart: OverlayChart | None = None
        self.setObjectName("overlay_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Neutrophil cycle profile"))
        self._build()
        self.clear(tr("No patient is open."))

    def _build(self) -> None:
        self._stack = QStackedLayout(self)
        self._body, self._empty = QWidget(self), EmptyState(tr("No cycle profile"), "")
        layout = column(self._body, margin=SPACE.tight, spacing=SPACE.tight)
        self._title = ElidedLabel("", size=Size.SUBTITLE, strong=True)
        self._words = ElidedLabel("", size=Size.CAPTION, tone="faint")
        self._words.setObjectName("overlay_read_out")
        self.canvas = OverlayCanvas(Ink(self._theme), self._body)
        self.canvas.pointed_at.connect(self._read)
        self.canvas.opened.connect(self.sample_requested)
        self.table = self._build_table()
        for widget, stretch in ((self._title, 0), (self._words, 0), (self.canvas, 1), (self.table, 0)):
            layout.addWidget(widget, stretch)
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._empty)

    def _build_table(self) -> QTableWidget:
        names = (
            tr("Cycle"),
            tr("Lowest count"),
            tr("Day"),
            shown_bare(tr("Time below 0.5")),
            tr("Growth factor"),
            tr("Dose"),
            tr("Called"),
        )
        made = QTableWidget(0, len(names), self._body)
        made.setObjectName("overlay_table")
        made.setAccessibleName(tr("Cycles as a table"))
        made.setHorizontalHeaderLabels(list(names))
        made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        made.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        made.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        made.setShowGrid(False)
        made.setTabKeyNavigation(False)
        made.verticalHeader().hide()
        made.verticalHeader().setDefaultSectionSize(round(ROW_HEIGHT * max(self._theme.scale, 1.0)))
        header = made.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        made.itemSelectionChanged.connect(self._row_chosen)
        return made

    def show_chart(self, chart: OverlayChart) -> None:
        """Show the cycles of a patient."""
        if not chart.lines:
            self.clear(tr("No cycle has begun: the profile needs one with a count."))
            return
        chart = profile_in_language(chart)
        self._chart = chart
        self._title.set_text(chart.title)
        self.setAccessibleDescription(chart.summary)
        self.canvas.show_chart(chart)
        self._fill(chart.rows)
        self._say("")
        self._stack.setCurrentWidget(self._body)

    def clear(self, reason: str) -> None:
        """Show why there is no profile."""
        self._chart = None
        self.canvas.show_chart(None)
        self._fill(())
        self._empty.set_texts(tr("No cycle profile"), reason)
        self.setAccessibleDescription(reason)
        self._stack.setCurrentWidget(self._empty)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours or at another text size."""
        self._theme = theme
        self.canvas.set_ink(Ink(theme))

    def read_out(self) -> str:
        """Return what is read out now, or ""."""
        return self._words.whole_text() if self.canvas.selected is not None else ""

    def words(self) -> list[str]:
        """Return the words that were painted last."""
        return self.canvas.drawn

    def _fill(self, rows: tuple[ProfileRow, ...]) -> None:
        self.table.blockSignals(True)
        self.table.setRowCount(len(rows))
        for n, row in enumerate(rows):
            cells = (f"C{row.cycle}", row.nadir, row.day, row.duration, row.growth_factor, row.dose, row.word)
            for column_number, text in enumerate(cells):
                self.table.setItem(n, column_number, QTableWidgetItem(text))
        self.table.blockSignals(False)
        seen = min(max(len(rows), 1), ROWS_SEEN)
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + seen * self.table.verticalHeader().defaultSectionSize() + 4)

    def _row_chosen(self) -> None:
        """Bring the selected cycle to the front; a table that only got the focus changes nothing."""
        rows = [index.row() for index in self.table.selectionModel().selectedRows()]
        if self._chart is not None and rows and rows[0] < len(self._chart.rows):
            self.canvas.show_cycle(self._chart.rows[rows[0]].cycle)

    def _read(self, point: ChartPoint) -> None:
        self._say(point.readout)
        self.setAccessibleDescription(point.readout)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, point.readout))

    def _say(self, text: str) -> None:
        self._words.set_text(text or tr("← and → step through the counts of a cycle, ↑ and ↓ change the cycle, Enter opens a count."))
        self._words.set_tone("" if text else "faint")
        if text:
            self.read_out_changed.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step through counts and cycles, open one."""
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._chart is not None:
            self.canvas.step(*step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.canvas.selected is not None:
            self.sample_requested.emit(self.canvas.selected.sample_id)
        else:
            super().keyPressEvent(event)
