"""The bar under the flow sheet: says what a typed cell will do, and asks for what it still needs before it is stored."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from neutromon.ui.fields.date_field import Clock, TimeField
from neutromon.ui.fields.units import UnitChip
from neutromon.ui.patient.flow_write import Answers, FlowEdit
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row


class EditBar(QWidget):
    """Bound to the patient for whom the cell was typed; Enter saves, Esc gives up."""

    accepted = Signal()
    cancelled = Signal()
    changed = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit: FlowEdit | None = None
        self.patient_id = ""
        self.setObjectName("edit_bar")
        outer = column(self)
        holder = frame("info")
        outer.addWidget(holder)
        inside = column(holder, spacing=SPACE.tight)
        inside.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        line = row(spacing=SPACE.small)
        self.says = TextLabel("", strong=True, wrap=True)
        self.chip = UnitChip(("10*9/L",), tr("New value"))
        self.chip.setObjectName("flow_unit")
        self.time = TimeField(clock, name="flow_time", accessible=tr("Time"))
        self.reason = QLineEdit()
        self.reason.setObjectName("flow_reason")
        self.reason.setAccessibleName(tr("Reason"))
        self.reason.setPlaceholderText(tr("Why it is changed"))
        self.reason.setMinimumWidth(180)
        self.sure = QCheckBox(tr("I have checked it: the value is right"))
        self.sure.setObjectName("flow_sure")
        inside.addWidget(self.says)
        inside.addLayout(line)
        for widget in (self.chip, self.time, self.reason, self.sure):
            line.addWidget(widget)
        for told in (self.time.textChanged, self.reason.textChanged, self.chip.unit_changed):
            told.connect(self.changed)
        self.chip.unit_changed.connect(self._withdraw)
        line.addStretch(1)
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
        self._withdraw()
        self.show()
        wanted: QWidget = self.time if edit.needs_time else self.reason if edit.needs_reason else self.save
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_sure(self) -> None:
        """Ask whether the value is right although the rules doubt it."""
        self.sure.show()
        self.sure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _withdraw(self, *_told: object) -> None:
        """Take back that it was checked: that was said of what stood there before."""
        self.sure.setChecked(False)
        self.sure.hide()

    def typed(self) -> dict[str, str]:
        """Return the answers so far as they were typed."""
        return {"unit": self.chip.unit, "time": self.time.text(), "reason": self.reason.text()}

    def go_on(self, edit: FlowEdit, typed: Mapping[str, object], patient_id: str) -> None:
        """Ask again what was left open, with the answers so far, and say so."""
        self.ask(edit, patient_id)
        self.says.setText(tr("Begun earlier and not saved: {text}", text=edit.says))
        if edit.units:
            self.chip.set_unit(str(typed.get("unit", "")))
        self.time.setText(str(typed.get("time", "")))
        self.reason.setText(str(typed.get("reason", "")))

    def dismiss(self) -> None:
        """Forget what was typed."""
        self.edit, self.patient_id = None, ""
        self.hide()

    def answers(self) -> Answers:
        """Return unit, time of day, reason and whether it was checked."""
        return Answers(unit=self.chip.unit, moment=self.time.moment(), reason=self.reason.text(), checked=self.sure.isChecked())

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
