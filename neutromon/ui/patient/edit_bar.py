"""The bar under the flow sheet: says what a typed cell will do, and asks for what it still needs before it is stored."""

from dataclasses import dataclass
from datetime import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from neutromon.ui.fields.date_field import Clock, TimeField
from neutromon.ui.fields.units import UnitChip
from neutromon.ui.patient.flow_write import FlowEdit
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A change that was typed and neither saved nor given up: the edit, its unit, and the answers so far."""

    edit: FlowEdit
    unit: str
    time: str
    reason: str


class EditBar(QWidget):
    """Bound to the patient for whom the cell was typed; Enter saves, Esc gives up."""

    accepted = Signal()
    cancelled = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit: FlowEdit | None = None
        self.patient_id = ""
        self.setObjectName("edit_bar")
        outer = column(self)
        holder = frame("info")
        outer.addWidget(holder)
        line = row(holder, spacing=SPACE.small)
        line.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        self.says = TextLabel("", strong=True, wrap=True)
        self.chip = UnitChip(("10*9/L",), tr("New value"))
        self.chip.setObjectName("flow_unit")
        self.time = TimeField(clock, name="flow_time", accessible=tr("Time"))
        self.reason = QLineEdit()
        self.reason.setObjectName("flow_reason")
        self.reason.setAccessibleName(tr("Reason"))
        self.reason.setPlaceholderText(tr("Why it is changed"))
        self.reason.setMinimumWidth(180)
        line.addWidget(self.says, 1)
        for widget in (self.chip, self.time, self.reason):
            line.addWidget(widget)
        line.addWidget(button(tr("Cancel"), self._cancel, name="flow_cancel", kind="flat"))
        self.save = button(tr("Save"), self.accepted.emit, name="flow_save", kind="primary")
        line.addWidget(self.save)
        self.hide()

    def ask(self, edit: FlowEdit, patient_id: str) -> None:
        """Say what will be stored and take the focus to the first thing that is missing."""
        self.edit, self.patient_id = edit, patient_id
        self.says.setText(edit.says)
        self.chip.setVisible(bool(edit.units))
        if edit.units:
            self.chip.offer(edit.units, edit.unit)
        self.time.clear()
        self.reason.clear()
        self.time.setVisible(edit.needs_time)
        self.reason.setVisible(edit.needs_reason)
        self.show()
        wanted: QWidget = self.time if edit.needs_time else self.reason if edit.needs_reason else self.save
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def begun(self) -> Begun | None:
        """Return what is still open; None where nothing is asked."""
        if self.edit is None:
            return None
        return Begun(edit=self.edit, unit=self.chip.unit if self.edit.units else "", time=self.time.text(), reason=self.reason.text())

    def go_on(self, begun: Begun, patient_id: str) -> None:
        """Ask again what was left open, with the answers so far."""
        self.ask(begun.edit, patient_id)
        if begun.unit:
            self.chip.set_unit(begun.unit)
        self.time.setText(begun.time)
        self.reason.setText(begun.reason)

    def dismiss(self) -> None:
        """Forget what was typed."""
        self.edit, self.patient_id = None, ""
        self.hide()

    def unit(self) -> str:
        """Return the unit of the typed value."""
        return self.chip.unit

    def moment(self) -> time | None:
        """Return the time of day, or None."""
        return self.time.moment()

    def reason_text(self) -> str:
        """Return the reason as typed."""
        return self.reason.text()

    def _cancel(self) -> None:
        self.dismiss()
        self.cancelled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save on Enter, give up on Esc."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self._cancel()
        else:
            super().keyPressEvent(event)
