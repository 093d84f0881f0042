"""Further treatment days of a cycle (day 8, day 15): planned, given, dose; one line each."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.models.history import TreatmentDay
from neutromon.rules.treatment_days import OddDay
from neutromon.ui.fields.date_field import Clock, DateField
from neutromon.ui.fields.days import Lean
from neutromon.ui.fields.digits import fold_digits
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.forms.percent import dose_field, dose_of
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row

LAST_DAY = 60


@dataclass(slots=True, kw_only=True)
class _Line:
    number: QLineEdit
    planned: DateField
    given: DateField
    dose: LabValueField


class TreatmentDays(QWidget):
    """Lines for the further days; a line without a day number is left out."""

    def __init__(self, clock: Clock, days: Sequence[TreatmentDay], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._lines: list[_Line] = []
        outer = column(self, spacing=SPACE.tight)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE.small)
        self._grid.setVerticalSpacing(SPACE.tight)
        self._titles = [TextLabel(t, size=Size.CAPTION, tone="muted") for t in (tr("Day"), tr("Planned"), tr("Given"), tr("Dose %"))]
        for place, label in enumerate(self._titles):
            self._grid.addWidget(label, 0, place)
        outer.addLayout(self._grid)
        line = row()
        line.addWidget(button(tr("Add a day"), self.add_line, name="add_treatment_day", kind="flat"))
        line.addStretch(1)
        outer.addLayout(line)
        self.sure = QCheckBox(tr("I have checked it: these treatment days are right"))
        self.sure.setObjectName("days_sure")
        self.sure.hide()
        self._asked: tuple[OddDay, ...] = ()
        outer.addWidget(self.sure)
        for day in days:
            self.add_line(day)
        self._show_titles()

    def add_line(self, day: TreatmentDay | None = None) -> None:
        """Add an empty line, or one for a known day."""
        number = len(self._lines) + 1
        made = _Line(
            number=QLineEdit(str(day.day) if day else ""),
            planned=DateField(self._clock, name=f"td{number}_planned", accessible=tr("Planned"), lean=Lean.FUTURE),
            given=DateField(self._clock, name=f"td{number}_given", accessible=tr("Given")),
            dose=dose_field(f"td{number}_dose", tr("Dose %")),
        )
        made.number.setObjectName(f"td{number}_day")
        made.number.setAccessibleName(tr("Day of the cycle"))
        made.number.setFixedWidth(56)
        if day is not None:
            made.planned.set_day(day.planned)
            made.given.set_day(day.given)
            made.dose.setText(day.dose_percent or "")
        for place, field in enumerate((made.number, made.planned, made.given, made.dose)):
            self._grid.addWidget(field, number, place)
        self._lines.append(made)
        self._show_titles()
        if day is None:
            made.number.setFocus()

    def _show_titles(self) -> None:
        for label in self._titles:
            label.setVisible(bool(self._lines))

    def judge(self, odd: Sequence[OddDay]) -> None:
        """Refuse impossible days; ask about odd ones until a person has said that these very ones are right."""
        refused = next((one for one in odd if one.impossible), None)
        if refused is not None:
            raise UserError(spoken(refused.text), tr("Correct the treatment day, or the day that it stands against."))
        if tuple(odd) != self._asked:
            self._asked = tuple(odd)
            self.sure.setChecked(False)  # it was said of other days
        self.sure.setVisible(bool(odd))
        if odd and not self.sure.isChecked():
            self.sure.setFocus()
            raise UserError(" ".join(spoken(one.text) for one in odd), tr("Correct it, or say that you have checked it."))

    def days(self) -> tuple[TreatmentDay, ...]:
        """Return the days as typed; raise UserError for what cannot be read."""
        found = [self._day(line) for line in self._lines if line.number.text().strip()]
        if len({day.day for day in found}) != len(found):
            raise UserError(tr("A treatment day stands here twice."), tr("Keep one line for each day."))
        return tuple(sorted(found, key=lambda day: day.day))

    def _day(self, line: _Line) -> TreatmentDay:
        text = fold_digits(line.number.text())
        if not text.isascii() or not text.isdecimal() or not 2 <= int(text) <= LAST_DAY:
            raise UserError(tr("“{text}” is no further day of a cycle.", text=line.number.text()), tr("Type a number such as 8 or 15."))
        for field in (line.planned, line.given):
            if field.is_unreadable():
                raise UserError(tr("“{text}” is no date.", text=field.text()), tr("Type it like 12 Mar or t-1."))
        return TreatmentDay(day=int(text), planned=line.planned.day(), given=line.given.day(), dose_percent=dose_of(line.dose))
