"""One value of the count form: field, unit chip, what was understood with its grade, the previous value, the change, its problems."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from neutromon.models.evaluation import Problem, Severity
from neutromon.models.formatting import COUNT_UNIT
from neutromon.models.quantity import Reported
from neutromon.ui.count_unit import count_unit, shown_counts
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.fields.units import UnitChip, unit_words, units_of
from neutromon.ui.forms.words import value_name
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel, restyle
from neutromon.ui.widgets.layout import column, frame, row
from neutromon.ui.worklist.columns import day_text

CONFIRM = "confirm"
_STORED_UNITS = {"/µL": "/uL", "×10⁹/L": "10*9/L"}


class ProblemLine(QWidget):
    """What is wrong with a value, the unit that was probably meant, and the box by which a person vouches for the value."""

    unit_taken = Signal(str)
    confirmed_changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self)
        self._frame = frame("warn")
        outer.addWidget(self._frame)
        inside = column(self._frame, spacing=SPACE.tight)
        inside.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        self.text = TextLabel("", wrap=True)
        inside.addWidget(self.text)
        line = row(spacing=SPACE.medium)
        self.meant = button("", self._take_unit, name=f"{name}_meant")
        self.confirm = QCheckBox(tr("I have checked it: the value is right"))
        self.confirm.setObjectName(f"{name}_confirm")
        self.confirm.toggled.connect(lambda _on: self.confirmed_changed.emit())
        line.addWidget(self.meant)
        line.addWidget(self.confirm)
        line.addStretch(1)
        inside.addLayout(line)
        self._unit = ""
        self.hide()

    def show_problems(self, problems: Sequence[Problem], own: str = "", caution: str = "") -> None:
        """Show the field's own sentence and the rules' problems; nothing at all where there are none."""
        said = (own, *(spoken(problem.text).replace("10*9/L", COUNT_UNIT) for problem in problems), caution)
        texts = [text for text in said if text]
        blocked = bool(own) or any(problem.severity is Severity.BLOCK for problem in problems)
        self.text.setText("\n".join(texts))
        self._frame.setProperty("role", "error" if blocked else "warn")
        restyle(self._frame)
        self._offer(problems)
        self.setVisible(bool(texts))

    def _offer(self, problems: Sequence[Problem]) -> None:
        open_to = [p for p in problems if p.suggestion]
        units = [unit for p in open_to if (unit := meant_unit(p.suggestion))]
        self._unit = units[0] if units else ""
        suggestion = next((p.suggestion for p in open_to if meant_unit(p.suggestion)), "")
        offered = bool(self._unit) and not self.confirm.isChecked()
        self.meant.setText(tr("It is {meant}", meant=suggestion))
        self.meant.setAccessibleName(self.meant.text())
        self.meant.setVisible(offered)
        self.confirm.setVisible(bool(open_to) or self.confirm.isChecked())

    def _take_unit(self) -> None:
        self.unit_taken.emit(self._unit)

    def withdraw(self) -> None:
        """Take the confirmation back, because the value was changed."""
        self.confirm.blockSignals(True)
        self.confirm.setChecked(False)
        self.confirm.blockSignals(False)


def meant_unit(suggestion: str | None) -> str:
    """Return the unit that a problem's suggestion names: "3000 /µL (3.0 ×10⁹/L)" gives "/uL"; "" where it names none."""
    words = (suggestion or "").split()
    if suggestion == CONFIRM or len(words) < 2:
        return ""
    return _STORED_UNITS.get(words[1], words[1])


class CountRow(QObject):
    """A row of the count form's grid."""

    changed = Signal()

    def __init__(self, name: str, grid: QGridLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self.label = TextLabel(value_name(name))
        self.field = LabValueField(name, value_name(name))
        self.chip = UnitChip(units_of(name), value_name(name))
        self.chip.setObjectName(f"{name}_unit")
        if count_unit() in units_of(name):
            self.chip.set_unit(count_unit())
        self.reads = TextLabel("")
        self.previous = TextLabel("", tone="muted")
        self.delta = TextLabel("")
        self.problems = ProblemLine(name)
        self.label.setBuddy(self.field)
        self._place(grid)
        self.field.entry_changed.connect(self._value_changed)
        self.field.unit_key_pressed.connect(self.chip.next_unit)
        self.chip.unit_changed.connect(self._unit_changed)
        self.problems.unit_taken.connect(self.chip.set_unit)
        self.problems.confirmed_changed.connect(self.changed)

    def _place(self, grid: QGridLayout) -> None:
        number = grid.rowCount()
        for place, widget in enumerate((self.label, self.field, self.chip, self.reads, self.previous, self.delta)):
            alignment = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeading if place == 2 else Qt.AlignmentFlag(0))
            grid.addWidget(widget, number, place, alignment)
        grid.addWidget(self.problems, number + 1, 0, 1, 6)

    def value(self) -> Reported | None:
        """Return the value as it is stored, or None."""
        return self.field.reported(self.chip.unit)

    @property
    def confirmed(self) -> bool:
        """Return whether a person has vouched for the value."""
        return self.problems.confirm.isChecked()

    def set_visible(self, visible: bool) -> None:
        """Show or hide the row; its problems come back with the next look at the rules."""
        for widget in (self.label, self.field, self.chip, self.reads, self.previous, self.delta):
            widget.setVisible(visible)
        if not visible:
            self.problems.hide()

    def show_previous(self, previous: Reported | None, when: datetime | None = None, newest: datetime | None = None) -> None:
        """Show the last known value, with its day where it is not of the newest count before."""
        text = shown_counts(f"{previous.value} {unit_words(previous.unit)}") if previous else ""
        older = bool(text) and when is not None and when != newest
        self.previous.setText(f"{text} ({day_text(when.date())})" if older and when else text)

    def show_reading(self, reading: str, delta: str, problems: Sequence[Problem]) -> None:
        """Show what the rules understood and what they doubt."""
        own, caution = self.field.problem(), self.field.caution()
        self.reads.setText(reading)
        self.delta.setText(delta)
        self.field.mark(bool(own) or any(p.severity is Severity.BLOCK for p in problems))
        self.problems.show_problems(problems, own, caution)

    def _value_changed(self) -> None:
        self.problems.withdraw()
        self.changed.emit()

    def _unit_changed(self, _unit: str) -> None:
        self.problems.withdraw()
        self.changed.emit()


def column_titles(grid: QGridLayout, previous: str) -> TextLabel:
    """Put the headings over the columns and return that of the previous values."""
    titles = ("", tr("Value"), tr("Unit"), tr("Reads as"), previous, tr("Change"))
    made = [TextLabel(title, size=Size.CAPTION, tone="muted", strong=True) for title in titles]
    for place, label in enumerate(made):
        grid.addWidget(label, 0, place)
    return made[4]
