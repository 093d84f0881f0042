"""The flow sheet tab: the paper sheet as an editable grid, with glyph and word at every value out of range."""

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from neutromon.models.errors import UserError
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.forms.correction import DoubtError
from neutromon.ui.patient.edit_bar import EditBar
from neutromon.ui.patient.facts import PatientFacts
from neutromon.ui.patient.flow_data import FlowCell, FlowRow
from neutromon.ui.patient.flow_draft import FlowDraft
from neutromon.ui.patient.flow_model import ROWS, FlowModel, Index
from neutromon.ui.patient.flow_write import begin_edit, store_edit
from neutromon.ui.port import ClinicPort
from neutromon.ui.saved import Saved
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row

CELL_WIDTH, CELL_HEIGHT = 122, 46


class FlowDelegate(QStyledItemDelegate):
    """Draws a value over its glyph and word; the editor is the laboratory value field."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw ground, value and mark."""
        model = index.model()
        assert isinstance(model, FlowModel)
        cell, palette = model.cell(index.row(), index.column()), self._theme.palette
        view = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(view, QColor(palette.selection if selected else palette.surface))
        if cell.grade and not selected:
            ground = QColor(palette.grades[min(cell.grade, 4)])
            ground.setAlphaF(0.10 + 0.05 * cell.grade)
            painter.fillRect(view, ground)
        self._write(painter, view.adjusted(10, 4, -8, -4), cell)
        painter.restore()

    def _write(self, painter: QPainter, box: QRect, cell: FlowCell) -> None:
        palette, text, mark = self._theme.palette, cell.text, cell.mark
        value, caption = QFont(painter.font()), QFont(painter.font())
        value.setPixelSize(self._theme.px(Size.BODY))
        value.setWeight(QFont.Weight.DemiBold if cell.is_marked else QFont.Weight.Normal)
        caption.setPixelSize(self._theme.px(Size.CAPTION))
        top = QRect(box) if not mark else QRect(box.left(), box.top(), box.width(), box.height() // 2)
        painter.setFont(value)
        painter.setPen(QColor(palette.text))
        shown = QFontMetrics(value).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if mark:
            painter.setFont(caption)
            painter.setPen(QColor(palette.text if cell.is_marked else palette.text_muted))
            bottom = QRect(box.left(), box.top() + box.height() // 2, box.width(), box.height() // 2)
            shown = QFontMetrics(caption).elidedText(mark, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(bottom, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a field that takes comparators and either decimal mark."""
        return LabValueField("flow_cell", str(index.data(Qt.ItemDataRole.AccessibleTextRole)), parent)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what stands in the cell."""
        assert isinstance(editor, LabValueField)
        editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
        editor.selectAll()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return room for a value and its mark."""
        return QSize(round(CELL_WIDTH * self._theme.scale), round(CELL_HEIGHT * self._theme.scale))


class FlowTable(QTableView):
    """Typing begins to edit, Enter opens the record behind a cell."""

    opened = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter; everything else as usual."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            if self.state() is not QAbstractItemView.State.EditingState:  # the Enter that ends a field comes here too
                self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class FlowSheet(QWidget):
    """Tells what was stored, and asks for the form behind a cell."""

    stored = Signal(object)
    form_requested = Signal(str, str)
    print_requested = Signal()

    def __init__(self, clinic: ClinicPort, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic, self._theme, self._patient_id = clinic, theme, ""
        self.model = FlowModel(clinic.rules, self)
        self.model.typed.connect(self._typed)
        self.table = FlowTable()
        self.bar = EditBar(clinic.now)
        self.draft = FlowDraft(clinic, self.bar, self)
        self.problem = TextLabel("", tone="error", strong=True, wrap=True)
        self._build()

    def _build(self) -> None:
        outer = column(self, spacing=SPACE.small)
        outer.setContentsMargins(0, SPACE.small, 0, 0)
        head = row(spacing=SPACE.small)
        hint = tr("Type to enter or change a value · Enter opens its record · a blank cell means not recorded")
        head.addWidget(TextLabel(hint, size=Size.CAPTION, tone="muted", wrap=True), 1)
        head.addWidget(button(tr("Print on one page"), self.print_requested.emit, name="flow_print", tip="Ctrl+Shift+P"))
        outer.addLayout(head)
        outer.addWidget(self._dress_table(), 1)
        outer.addWidget(self.problem)
        outer.addWidget(self.bar)
        self.problem.hide()
        self.bar.accepted.connect(self._store)
        self.bar.cancelled.connect(self._given_up)
        self.table.opened.connect(self._open)
        self.table.doubleClicked.connect(self._open_closed)

    def _dress_table(self) -> QTableView:
        table, scale = self.table, self._theme.scale
        table.setObjectName("flow_table")
        table.setAccessibleName(tr("Flow sheet: days from left to right"))
        table.setModel(self.model)
        table.setItemDelegate(FlowDelegate(self._theme, table))
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        table.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across, down = table.horizontalHeader(), table.verticalHeader()
        across.setDefaultSectionSize(round(CELL_WIDTH * scale))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        down.setDefaultSectionSize(round(CELL_HEIGHT * scale))
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setHighlightSections(False)
        return table

    def show_facts(self, facts: PatientFacts) -> None:
        """Show a patient; the newest days stand in sight, the chosen cell stays where the patient is the same."""
        same = facts.history.patient.id == self._patient_id
        kept = (self.table.currentIndex().row(), self.table.currentIndex().column()) if same else (-1, -1)
        self._patient_id = facts.history.patient.id
        if not same:
            self._put_away()
        self._say("")
        self.model.show_facts(facts)
        at = self.model.index(*kept) if kept[0] >= 0 else self.model.index(1, self.model.today_column())
        self.table.setCurrentIndex(at)
        self.table.scrollTo(at, QAbstractItemView.ScrollHint.PositionAtCenter)
        if self.bar.edit is None:
            self.draft.bring_back(self.model, self._patient_id)

    def _put_away(self) -> None:
        """Keep a change that is neither saved nor given up until its patient is shown again."""
        self.draft.keep()
        self.bar.dismiss()

    def clear(self) -> None:
        """Show nobody."""
        self._patient_id = ""
        self._put_away()
        self.model.show_facts(None)

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _typed(self, at_row: int, at_column: int, text: str) -> None:
        self._say("")
        try:
            edit = begin_edit(self.model.day_at(at_column), ROWS[at_row], text)
        except UserError as error:
            self._say(str(error))
            return
        self.bar.ask(edit, self._patient_id)
        self.draft.keep()

    def _store(self) -> None:
        edit = self.bar.edit
        if edit is None or self.bar.patient_id != self._patient_id:
            return
        try:
            saved: Saved = store_edit(self._clinic, self.bar.patient_id, edit, self.bar.answers())
        except UserError as error:
            self._say(str(error))
            if isinstance(error, DoubtError):
                self.bar.ask_sure()
            return
        self._say("")
        self.draft.drop(self.bar.patient_id)
        self.bar.dismiss()
        self.table.setFocus()
        self.stored.emit(saved)

    def _given_up(self) -> None:
        self._say("")
        self.draft.drop(self._patient_id)
        self.table.setFocus()

    def _open_closed(self, index: QModelIndex) -> None:
        if not self.model.is_open(index.row(), index.column()):
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        """Ask for the form behind a cell: the record of a count, the cycle of a dose, the growth factor, the temperature."""
        day, name = self.model.day_at(index.column()), ROWS[index.row()]
        if name is FlowRow.GCSF:
            self.form_requested.emit("growth_factor", "")
        elif name is FlowRow.TEMPERATURE:
            self.form_requested.emit("temperature", "")
        elif name is FlowRow.DOSE:
            self.form_requested.emit("cycle", str(day.cycle.number) if day.cycle else "")
        elif name is FlowRow.OTHER:
            self.form_requested.emit("event", "")
        else:
            self.form_requested.emit("record" if day.sample else "count", day.sample.id if day.sample else "")

    def changeEvent(self, event: QEvent) -> None:
        """Repaint where the looks changed."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.table.viewport().update()
