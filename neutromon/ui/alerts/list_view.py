"""The list of open alerts and its keys: A and a digit answer, S pauses, R resolves, O gives an owner, Enter opens, Space ticks."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from neutromon.services.alerts import AlertRow
from neutromon.ui.alerts.delegate import AlertDelegate
from neutromon.ui.alerts.model import AlertModel, Heading
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Theme

Index = QModelIndex | QPersistentModelIndex
LETTERS = {Qt.Key.Key_S: "snooze", Qt.Key.Key_R: "resolve", Qt.Key.Key_O: "owner", Qt.Key.Key_F: "deal"}
TICK_WIDTH = 17 + 2 * SPACE.medium


class AlertList(QListView):
    """Tells what is asked of the chosen alert; headings are passed over."""

    chosen = Signal()
    touched = Signal()
    waiting_changed = Signal(bool)
    digit_pressed = Signal(int)
    form_requested = Signal(str)
    patient_requested = Signal()
    ticks_changed = Signal()

    def __init__(self, model: AlertModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._waiting = False
        self.setObjectName("alert_list")
        self.setAccessibleName(tr("Open alerts"))
        self.setModel(model)
        self._delegate = AlertDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(lambda _index: self.patient_requested.emit())

    def set_theme(self, theme: Theme) -> None:
        """Take other colours and sizes."""
        self._delegate.set_theme(theme)
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def current(self) -> AlertRow | None:
        """Return the chosen alert."""
        item = self._rows.item_at(self.currentIndex().row()) if self.currentIndex().isValid() else None
        return None if item is None or isinstance(item, Heading) else item

    def choose(self, alert_id: str) -> None:
        """Choose an alert, or the first where it is gone."""
        number = self._rows.row_of(alert_id)
        number = number if number >= 0 else self._rows.first_alert()
        index = self._rows.index(number) if number >= 0 else QModelIndex()
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.chosen.emit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell that another alert is chosen."""
        super().currentChanged(current, previous)
        self.wait(False)
        self.chosen.emit()

    def wait(self, waiting: bool) -> None:
        """Wait for the digit of an action, or no longer."""
        if self._waiting != waiting:
            self._waiting = waiting
            self.waiting_changed.emit(waiting)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of the list; everything else moves in it as usual."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not (plain and self._own_key(event)):
            before = self.currentIndex().row()
            super().keyPressEvent(event)
            self._pass_headings(before)
            if self.currentIndex().row() != before:
                self.touched.emit()

    def _own_key(self, event: QKeyEvent) -> bool:
        key, text = Qt.Key(event.key()), event.text()
        if key == Qt.Key.Key_A:
            self.wait(self.current() is not None)
        elif self._waiting and text.isascii() and text.isdigit():
            self.wait(False)
            self.digit_pressed.emit(int(text))
        elif key == Qt.Key.Key_Escape and self._waiting:
            self.wait(False)
        elif key in LETTERS:
            self.form_requested.emit(LETTERS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.patient_requested.emit()
        elif key == Qt.Key.Key_Space and self._rows.checkable:
            self._toggle(self.currentIndex().row())
        else:
            return False
        return True

    def _pass_headings(self, before: int) -> None:
        """Move on where an arrow key stopped at a heading."""
        number = self.currentIndex().row()
        if not isinstance(self._rows.item_at(number), Heading):
            return
        step = 1 if number > before else -1
        while isinstance(self._rows.item_at(number), Heading):
            number += step
        target = number if self._rows.item_at(number) is not None else before
        self.setCurrentIndex(self._rows.index(target))

    def _toggle(self, number: int) -> None:
        self._rows.toggle(number)
        self.ticks_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row; a click on its tick also ticks it."""
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if not index.isValid():
            return
        from_edge = event.position().x() if not self.isRightToLeft() else self.viewport().width() - event.position().x()
        if self._rows.checkable and from_edge <= TICK_WIDTH:
            self._toggle(index.row())
        self.touched.emit()
