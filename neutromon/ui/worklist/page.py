"""The worklist page: title and number, filter, columns, the table, and what an empty list means."""

from dataclasses import replace
from functools import cached_property, partial

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QHeaderView, QLineEdit, QMenu, QPushButton, QStackedWidget, QWidget

from neutromon.models.worklist import ListName
from neutromon.ui.port import ClinicPort
from neutromon.ui.settings import WindowSettings
from neutromon.ui.text import is_mirrored, tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.labels import TextLabel, as_tooltip
from neutromon.ui.widgets.layout import column, row
from neutromon.ui.worklist.columns import OF_LIST, SHAPES, Column, column_title, filter_help, list_title, moved, ordered
from neutromon.ui.worklist.model import WorklistModel
from neutromon.ui.worklist.table import WorklistTable

HINT_UP_TO = 1.3
"""Above this text size the buttons need the room of the hint; F1 has the same."""


class WorklistPage(QWidget):
    """One list at a time; asks upwards for everything that opens or writes."""

    patient_requested = Signal(str)
    decision_requested = Signal(str)
    count_requested = Signal(str)
    triage_requested = Signal(str)
    form_requested = Signal(str, str, str)
    report_requested = Signal(str, str)
    command_requested = Signal(str)
    settings_changed = Signal(WindowSettings)

    def __init__(self, clinic: ClinicPort, theme: Theme, settings: WindowSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic, self._settings = clinic, settings
        self._name = ListName.TOMORROW
        self._fitting = True
        self.model = WorklistModel(clinic, self)
        self.table = WorklistTable(self.model, theme)
        self.filter = QLineEdit()
        outer = column(self, spacing=SPACE.medium)
        outer.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        outer.addLayout(self._build_head())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._begin: list[QPushButton] = []
        outer.addWidget(self._stack, 1)
        outer.addLayout(self._build_foot())
        self._connect()

    def _build_head(self) -> QHBoxLayout:
        head = row(spacing=SPACE.medium)
        self._title = TextLabel("", size=Size.TITLE, strong=True)
        self._number = TextLabel("", tone="muted")
        self.filter.setObjectName("worklist_filter")
        self.filter.setAccessibleName(tr("Filter this list"))
        self.filter.setPlaceholderText(tr("Filter: what a row says"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(270)
        self._columns = button(tr("Columns"), name="worklist_columns", kind="flat")
        self._columns.setMenu(QMenu(self._columns))
        self._columns.menu().aboutToShow.connect(self._fill_columns_menu)
        for widget in (self._title, self._number):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        for field in (self.filter, self._columns):
            head.addWidget(field)
        self._head = head
        return head

    @cached_property
    def owner(self) -> QComboBox:
        """Return the choice of whose alerts are listed, built when they are first shown."""
        made = QComboBox()
        made.setObjectName("worklist_owner")
        made.setAccessibleName(tr("Alerts of"))
        made.activated.connect(lambda _index: self._read(keep=True))
        self._head.insertWidget(self._head.indexOf(self.filter), made)
        before = self.filter.previousInFocusChain()
        if before is not None:
            QWidget.setTabOrder(before, made)
        return made

    @cached_property
    def hidden(self) -> QPushButton:
        """Return the words that columns are hidden, with the way back, built when the first is hidden."""
        made = button("", self._show_all_columns, name="worklist_hidden", kind="flat")
        self._head.insertWidget(self._head.indexOf(self._columns), made)
        QWidget.setTabOrder(self.filter, made)
        return made

    @cached_property
    def empty(self) -> EmptyState:
        """Return what stands in the place of a list without patients, built when it is first needed."""
        made = EmptyState()
        self._stack.addWidget(made)
        self._begin = self._build_beginning(made)
        return made

    def _build_beginning(self, empty: EmptyState) -> list[QPushButton]:
        words = (("desk_imports", tr("Import laboratory files")), ("form_new_patient", tr("New patient")), ("guide", tr("First steps")))
        made = [button(text, partial(self.command_requested.emit, command), name=f"begin_{command}") for command, text in words]
        for one in made:
            empty.add_action(one)
        return made

    def _build_foot(self) -> QHBoxLayout:
        foot = row(spacing=SPACE.small)
        self._actions: list[QPushButton] = []
        for text, signal, name, key in (
            (tr("Open patient"), self.patient_requested, "row_open", "Enter"),
            (tr("Decide day 1"), self.decision_requested, "row_decide", "Ctrl+D"),
            (tr("Enter count"), self.count_requested, "row_count", "Ctrl+N"),
            (tr("Telephone triage"), self.triage_requested, "row_triage", "Ctrl+T"),
        ):
            made = button(text, name=name, tip=key)
            made.clicked.connect(lambda _checked=False, told=signal: self._tell(told))
            self._actions.append(made)
            foot.addWidget(made)
        foot.addStretch(1)
        self._hint = TextLabel(tr("Type to filter · ↑ ↓ to move · Enter opens · F1 all keys"), size=Size.CAPTION, tone="faint")
        self._hint.setVisible(self._settings.scale <= HINT_UP_TO)
        foot.addWidget(self._hint)
        return foot

    def _connect(self) -> None:
        self.table.patient_requested.connect(self.patient_requested)
        self.table.typed.connect(self._take_typed)
        self.table.resized.connect(self._fit)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.horizontalHeader().sectionClicked.connect(self._sort_by)
        self.table.horizontalHeader().sectionResized.connect(self._keep_width)
        self.table.horizontalHeader().sectionMoved.connect(self._take_moved)
        self.filter.textChanged.connect(lambda _text: self._read(keep=True))
        self.filter.returnPressed.connect(lambda: self._tell(self.patient_requested))

    @property
    def name(self) -> ListName:
        """Return the list that is shown."""
        return self._name

    def show_list(self, name: ListName) -> None:
        """Show a list from its beginning, unfiltered."""
        self._name = name
        self._title.setText(list_title(name))
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.blockSignals(False)
        self.filter.setToolTip(as_tooltip(filter_help()))
        self.filter.setAccessibleDescription(filter_help())
        self._fill_owners()
        self._read()
        self.table.setFocus()

    def read_again(self) -> None:
        """Show the same list as it now is, with the same patient selected."""
        self._read(keep=True)

    def set_theme(self, theme: Theme) -> None:
        """Show the list in other colours and sizes."""
        self.table.set_theme(theme)
        self._hint.setVisible(theme.scale <= HINT_UP_TO)
        self._fit()

    def _fill_owners(self) -> None:
        if self._name is not ListName.ALERTS:
            self._hide_owners()
        else:
            self.owner.setVisible(True)
            self.owner.clear()
            self.owner.addItem(tr("All owners"), None)
            self.owner.addItem(tr("Mine"), self._clinic.user)
            self.owner.addItem(tr("Nobody's"), "")
            for user in self._clinic.users():
                if user != self._clinic.user:
                    self.owner.addItem(user, user)

    def _hide_owners(self) -> None:
        if "owner" in self.__dict__:
            self.owner.hide()

    def _read(self, *, keep: bool = False) -> None:
        chosen = self.table.current_id() if keep else ""
        owner = self.owner.currentData() if self._name is ListName.ALERTS else None
        settings = self._settings
        self.model.show_list(
            self._name,
            text=self.filter.text(),
            order=settings.order,
            descending=settings.descending,
            hidden=settings.hidden_columns,
            put=settings.column_order.get(self._name.value, ()),
            owner=owner,
        )
        self._fit()
        self._show_order()
        self._show_hidden()
        self.table.select_id(chosen)
        self._show_state()

    def _show_hidden(self) -> None:
        """Say which columns of this list are hidden: the next person at this computer did not hide them."""
        names = [column_title(one) for one in OF_LIST[self._name] if one.value in self._settings.hidden_columns]
        if names:
            self.hidden.setText(tr("1 column hidden") if len(names) == 1 else tr("{n} columns hidden", n=len(names)))
            self.hidden.setToolTip(as_tooltip(tr("Hidden: {list}. Press to show them again.", list=", ".join(names))))
            self.hidden.setAccessibleName(f"{self.hidden.text()}: {', '.join(names)}")
        if names or "hidden" in self.__dict__:
            self.hidden.setVisible(bool(names))

    def _show_all_columns(self) -> None:
        shown = {column.value for column in OF_LIST[self._name]}
        left = tuple(name for name in self._settings.hidden_columns if name not in shown)
        self._change(replace(self._settings, hidden_columns=left))

    def _fit(self) -> None:
        self._fitting = True
        self.table.fit_columns(self._settings.column_widths)
        self._fitting = False

    def _show_state(self) -> None:
        number = self.model.rowCount()
        self._number.setText(tr("{n} patients", n=self._total(number)) if number != 1 else tr("1 patient"))
        self._stack.setCurrentWidget(self.table if number else self.empty)
        for made in self._actions:
            made.setEnabled(bool(number))
        if not number:
            self.empty.set_texts(*self._empty_texts())
        for made in self._begin:
            made.setVisible(self._name is ListName.ALL and not self.filter.text())

    def _total(self, read: int) -> str:
        """Return how many patients the list holds: all of them where nothing is filtered, else those that were read and that more wait."""
        if not self.model.canFetchMore():
            return str(read)
        whole = not self.filter.text() and self.model.is_whole
        return str(max(read, self._clinic.list_counts().get(self._name, read))) if whole else f"{read}+"

    def _empty_texts(self) -> tuple[str, str]:
        if self.filter.text():
            return tr("Nobody here matches"), tr("Press Esc to take the filter away, or Ctrl+K to look for a patient everywhere.")
        return empty_texts()[self._name]

    def _show_order(self) -> None:
        header = self.table.horizontalHeader()
        order, descending = self.model.order
        shown = next((n for n, c in enumerate(self.model.columns()) if SHAPES[c].order == order), -1)
        header.setSortIndicatorShown(shown >= 0)
        header.setSortIndicator(shown, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

    def _sort_by(self, number: int) -> None:
        order = SHAPES[self.model.columns()[number]].order
        if not order:
            self._show_order()
            return
        descending = not self._settings.descending if order == self._settings.order else False
        self._change(replace(self._settings, order=order, descending=descending))

    def _keep_width(self, number: int, _old: int, new: int) -> None:
        shown = self.model.columns()
        header = self.table.horizontalHeader()
        by_hand = header.sectionResizeMode(number) is QHeaderView.ResizeMode.Interactive and not self._fitting
        if number < len(shown) and by_hand:
            widths = {**self._settings.column_widths, shown[number].value: new}
            self._settings = replace(self._settings, column_widths=widths)
            self.settings_changed.emit(self._settings)

    def set_settings(self, settings: WindowSettings) -> None:
        """Take settings that were changed elsewhere."""
        self._settings = settings
        self._read(keep=True)

    def _change(self, settings: WindowSettings) -> None:
        self._settings = settings
        self.settings_changed.emit(settings)
        self._read(keep=True)

    def _fill_columns_menu(self) -> None:
        menu = self._columns.menu()
        menu.clear()
        for shown in ordered(self._name, self._settings.column_order.get(self._name.value, ())):
            if shown is not Column.PATIENT:
                action = QAction(column_title(shown), menu, checkable=True, checked=shown.value not in self._settings.hidden_columns)
                action.triggered.connect(lambda _on, name=shown.value: self._toggle(name))
                menu.addAction(action)

        menu.addSeparator()
        menu.addMenu(self._moving_menu(menu))

    def _moving_menu(self, parent: QMenu) -> QMenu:
        """Return the way to move a column by keyboard; by mouse its heading is dragged."""
        moving = QMenu(tr("Move a column"), parent)
        shown = self.model.columns()
        for number, one in enumerate(shown[1:], start=1):
            menu = moving.addMenu(column_title(one))
            for text, step in ((tr("To the left"), -1), (tr("To the right"), 1)):
                place = number + (-step if is_mirrored() else step)
                menu.addAction(text, partial(self.move_column, one, place - number)).setEnabled(1 <= place < len(shown))
        return moving

    def move_column(self, column: Column, step: int) -> None:
        """Put a column some places on; hidden ones keep theirs behind the shown one before them."""
        put = moved(self.model.columns(), column, step)
        whole = [c.value for c in ordered(self._name, self._settings.column_order.get(self._name.value, ()))]
        for name in whole:
            if name not in put:
                put.insert(whole.index(name), name)
        self._change(replace(self._settings, column_order={**self._settings.column_order, self._name.value: put}))

    def _take_moved(self, number: int, old: int, new: int) -> None:
        """Let the model have a heading's new place, and the header its own order again."""
        header = self.table.horizontalHeader()
        header.blockSignals(True)
        header.moveSection(new, old)
        header.blockSignals(False)
        self.move_column(self.model.columns()[number], new - old)

    def _toggle(self, name: str) -> None:
        hidden = set(self._settings.hidden_columns) ^ {name}
        self._change(replace(self._settings, hidden_columns=tuple(sorted(hidden))))

    def row_menu(self) -> QMenu:
        """Return the menu of the chosen row; each entry asks the window for a form or a report."""
        patient = self.table.current_id()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Open patient"), partial(self.patient_requested.emit, patient))
        menu.addSeparator()
        for form, text in menu_forms().items():
            menu.addAction(text, partial(self.form_requested.emit, form, patient, ""))
        menu.addSeparator()
        menu.addAction(tr("Trend report (PDF)"), partial(self.report_requested.emit, "trend", patient))
        return menu

    def _show_menu(self, place: QPoint) -> None:
        if self.table.current_id():
            self.row_menu().popup(self.table.viewport().mapToGlobal(place))

    def _take_typed(self, letter: str) -> None:
        self.filter.setFocus()
        self.filter.setText(self.filter.text() + letter)

    def _tell(self, signal: SignalInstance) -> None:
        chosen = self.table.current_id()
        if chosen:
            signal.emit(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the filter away on Esc; move into the rows on Down."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self.filter.text():
            self.filter.clear()
            self.table.setFocus()
        elif key == Qt.Key.Key_Down and self.filter.hasFocus():
            self.table.setFocus()
        else:
            super().keyPressEvent(event)


def menu_forms() -> dict[str, str]:
    """Return the forms of a row's menu."""
    return {
        "decision": tr("Decide day 1"),
        "count": tr("Enter count"),
        "temperature": tr("Record temperature"),
        "triage": tr("Telephone triage"),
        "growth_factor": tr("Record growth factor"),
        "event": tr("Record event"),
        "cycle": tr("Cycle: planned and given day 1"),
    }


def empty_texts() -> dict[ListName, tuple[str, str]]:
    """Return what an empty list means, by list."""
    return {
        ListName.TOMORROW: (
            tr("No treatment is planned for tomorrow"),
            tr("A patient appears here when her course has a planned day 1 on the next day. Open a patient and plan the next cycle."),
        ),
        ListName.TODAY: (tr("No treatment is planned for today"), tr("Patients with a planned day 1 today appear here with their check.")),
        ListName.NADIR_WINDOW: (
            tr("Nobody is in the expected nadir window today"),
            tr("The window comes from the regimen and the actual day 1 of the running cycle."),
        ),
        ListName.OVERDUE: (tr("No count is overdue"), tr("A patient appears here when an expected count has not come.")),
        ListName.ALERTS: (tr("No open alerts"), tr("Alerts appear here by themselves after each count, fever or missed date.")),
        ListName.ALL: (tr("No patients yet"), tr("Import a laboratory file (Ctrl+I) or add a patient (Ctrl+Shift+N) to begin.")),
    }
