"""The holding bay: what waits, why, and the ways out; every decision is a person's and stays in the log."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from neutromon.models.errors import UserError
from neutromon.services.holding import HeldSet, Resolution, Way
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.imports.bay_detail import LARGE, BayDetail
from neutromon.ui.imports.bay_list import BayList
from neutromon.ui.imports.resolve import AssignDialog, ConfirmDialog, CreateDialog, RejectDialog, held_name
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.port import ClinicPort
from neutromon.ui.saved import Saved
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import row, scrolling

DIALOGS: dict[Way, type[Dialog]] = {
    Way.ASSIGN: AssignDialog,
    Way.CREATE: CreateDialog,
    Way.CONFIRM: ConfirmDialog,
    Way.REJECT: RejectDialog,
}

HIGH = 460
"""So high is a set below the list, where the text is large: less would hide its message."""


class HoldingBay(QWidget):
    """The waiting sets at the left, the chosen one at the right with its rows, its message and its ways out."""

    stored = Signal(object)
    patient_requested = Signal(str)
    look_again_requested = Signal()

    def __init__(self, clinic: ClinicPort, theme: Theme, notifier: ChangeNotifier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self.setObjectName("holding_bay")
        outer = scrolling(self, "holding_scroll", tr("Holding bay"))
        outer.setSpacing(SPACE.medium)
        outer.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        head = row(spacing=SPACE.medium)
        head.addWidget(TextLabel(tr("Holding bay"), size=Size.TITLE, strong=True))
        self._number = TextLabel("", tone="muted")
        head.addWidget(self._number)
        head.addStretch(1)
        tip = tr("A decided code, a trusted sender or a new patient may have answered what some results wait for.")
        self._again = button(tr("Look again at everything"), self.look_again_requested.emit, name="holding_again", tip=tip)
        head.addWidget(self._again)
        outer.addLayout(head)
        self._stack = QStackedWidget()
        text = tr("A result that cannot be stored without a decision waits here: an unknown patient, a missing unit, an unlikely value.")
        self._stack.addWidget(EmptyState(tr("Nothing waits"), text))
        self._stack.addWidget(self._build_bay(theme))
        outer.addWidget(self._stack, 1)
        notifier.holding_changed.connect(self.activate)

    def _build_bay(self, theme: Theme) -> QWidget:
        self.list = BayList(self._clinic.critical_sets)
        self.model, self.table = self.list.model, self.list.table
        self.detail = BayDetail(theme, self._clinic.original_text)
        none = EmptyState(tr("Nothing here matches"), tr("Press Esc to take the filter away."))
        self._beside = QStackedWidget()
        self._beside.addWidget(none)
        self._beside.addWidget(self.detail)
        self.list.chosen.connect(self._show)
        self.detail.way_requested.connect(self.begin)
        large = theme.scale >= LARGE
        if large:
            self.detail.setMinimumHeight(HIGH)
        splitter = QSplitter(Qt.Orientation.Vertical if large else Qt.Orientation.Horizontal)
        splitter.addWidget(self.list)
        splitter.addWidget(self._beside)
        splitter.setSizes([570, 560])
        splitter.setChildrenCollapsible(False)
        return splitter

    @property
    def ways(self) -> dict[Way, QWidget]:
        """Return the buttons of the ways out."""
        return dict(self.detail.ways)

    def activate(self) -> None:
        """Read what waits."""
        waiting = self._clinic.held_lines()
        self._number.setText(tr("{n} waiting", n=len(waiting)) if waiting else "")
        self._stack.setCurrentIndex(1 if waiting else 0)
        self._again.setVisible(bool(waiting))
        self.list.set_lines(waiting)

    def take_keyboard(self) -> None:
        """Take the keyboard to the list, so that typing filters it and the arrows move in it."""
        self.table.setFocus()

    def _show(self, held_id: str) -> None:
        try:
            one = self._clinic.held_set(held_id) if held_id else None
        except UserError:
            one = None  # decided beside this window: the list is read again when that is told
        self._beside.setCurrentIndex(0 if one is None else 1)
        if one is not None:
            self.detail.show_set(one)

    def current(self) -> HeldSet | None:
        """Return the set that is shown."""
        return self.detail.one if self._beside.currentIndex() == 1 else None

    def begin(self, way: Way) -> Dialog | None:
        """Open the dialog of a way out, bound to the set that is shown now."""
        one = self.current()
        if one is None:
            return None
        dialog = DIALOGS[way](self._clinic, one, self)  # type: ignore[call-arg, arg-type]
        dialog.resolved.connect(lambda resolution, alike: self._resolve(dialog, one, resolution, alike))  # type: ignore[attr-defined]
        if isinstance(dialog, RejectDialog):
            dialog.offer(self.list.everything(), self.list.lines())
        dialog.open()
        return dialog

    def _resolve(self, dialog: Dialog, one: HeldSet, resolution: Resolution, alike: bool) -> None:
        try:
            many, several = dialog.many() if isinstance(dialog, RejectDialog) else ([], "")
            if many:
                outcome = self._clinic.reject_held(many, resolution.reason)
            else:
                outcome = self._clinic.resolve_held(one.id, resolution, alike=alike)
        except UserError as error:
            dialog.show_problem(error)
            return
        dialog.accept()
        title = decided_words(resolution.way, held_name(one) if not many else several, outcome.value)
        self.stored.emit(Saved(title=title, changes=outcome.changes, undo=taking_back(self._clinic, outcome.changes)))


def decided_words(way: Way, name: str, number: int) -> str:
    """Return what was decided, of how many results where it was more than one."""
    several = number > 1
    words = {
        Way.REJECT: tr("{n} results rejected: {name}", n=number, name=name) if several else tr("Rejected: {name}", name=name),
        Way.CREATE: tr("Patient created with {n} results: {name}", n=number, name=name)
        if several
        else tr("Patient created: {name}", name=name),
        Way.ASSIGN: tr("{n} results assigned: {name}", n=number, name=name) if several else tr("Assigned to a patient: {name}", name=name),
        Way.CONFIRM: tr("{n} results decided and stored: {name}", n=number, name=name)
        if several
        else tr("Decided and stored: {name}", name=name),
    }
    return words[way]
