"""The laboratory value field: a line of text that says what it understood, never a spin box."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from neutromon.models.quantity import Reported
from neutromon.ui.fields.lab_text import Fault, LabEntry, read_lab_text
from neutromon.ui.text import tr
from neutromon.ui.widgets.labels import restyle

ROOM = "00000.00"
MARGINS = 26


class LabValueField(QLineEdit):
    """Takes "0.5", "0,5", "<0.1", "≤ ٠٫٥"; keeps anything else as typed, marks it and says why it is no value."""

    entry_changed = Signal()
    unit_key_pressed = Signal()

    def __init__(self, name: str = "", accessible: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry = LabEntry()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(40)
        self.textChanged.connect(self._read)

    def entry(self) -> LabEntry:
        """Return what the text says."""
        return self._entry

    def reported(self, unit: str | None) -> Reported | None:
        """Return the value as it is stored, or None where there is none."""
        return self._entry.reported(unit)

    def problem(self) -> str:
        """Return why the text is no value; "" where it is one or empty."""
        return fault_text(self._entry.fault, self.text())

    def caution(self) -> str:
        """Return how a text that looks like a grouped number was read; "" for any other."""
        return tr("Read as {value}, not as thousands.", value=shown_entry(self._entry)) if self._entry.looks_grouped else ""

    def mark(self, invalid: bool) -> None:
        """Show or take away the mark of a value that cannot stand."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            restyle(self)

    def _read(self, text: str) -> None:
        self._entry = read_lab_text(text)
        self.mark(self._entry.fault is not None)
        self.entry_changed.emit()

    def event(self, event: QEvent) -> bool:
        """Keep room for a value at every text size."""
        if event.type() in {QEvent.Type.Polish, QEvent.Type.FontChange}:
            self.setFixedWidth(self.fontMetrics().horizontalAdvance(ROOM) + MARGINS)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the next unit on Ctrl+U."""
        if event.key() == Qt.Key.Key_U and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.unit_key_pressed.emit()
            return
        super().keyPressEvent(event)


def shown_entry(entry: LabEntry) -> str:
    """Return a read value with its sign as people write it: "≤0.50"."""
    return entry.canonical.replace("<=", "≤").replace(">=", "≥")


def fault_text(fault: Fault | None, text: str) -> str:
    """Return the sentence for a text that is no value."""
    if fault is None:
        return ""
    sentences = {
        Fault.NO_NUMBER: tr(
            "“{text}” is no number. Type digits, with < or > in front where the laboratory wrote it.", text=text.strip()[:20]
        ),
        Fault.GROUP_MARKS: tr("Type one decimal mark only and no thousands marks."),
        Fault.NEGATIVE: tr("This value cannot be negative."),
        Fault.TOO_LONG: tr("This number is too long."),
    }
    return sentences[fault]
