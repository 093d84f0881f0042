"""What if: the plan and a changed plan side by side on one chart and in one table, drawn with the same random numbers."""

from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSpinBox, QWidget

from neutromon.models.forecast import Forecast, WhatIf
from neutromon.models.formatting import full_name
from neutromon.models.trend_chart import TrendChart
from neutromon.report.charts.build import build_trend_chart
from neutromon.ui.care.wide import WideForm
from neutromon.ui.chart_unit import chart_in_unit
from neutromon.ui.charts.trend import TrendView
from neutromon.ui.count_unit import shown_bare, shown_title
from neutromon.ui.forecast.words import advisory, change_words, days, interval, refusal_words, tenths
from neutromon.ui.forecast.work import Predict, predict, start_forecast
from neutromon.ui.saved import FormContext
from neutromon.ui.tasks.task import Task
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import row
from neutromon.ui.worklist.columns import day_text

LONGEST_DELAY_DAYS = 28
LOWEST_DOSE, PLANNED_DOSE, HIGHEST_DOSE = 40, 100, 120
WAIT_MS = 150
DAYS_BEFORE, DAYS_AFTER = 16.0, 2.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what it is about, under the plan, under the changed plan."""

    name: str
    plan: str
    changed: str


class NumberBox(QSpinBox):
    """A number that typing replaces as soon as the field has the keyboard, however it came to it."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the number once the click or key that brought the focus is over."""
        super().focusInEvent(event)
        QTimer.singleShot(0, self, self.selectAll)


class WhatIfForm(WideForm):
    """Calculates; it stores nothing and orders nothing."""

    def __init__(self, context: FormContext, *, work: Predict = predict) -> None:
        super().__init__(context, tr("What if …"), name="what_if", width=1040)
        self._work = work
        self._task: Task | None = None
        self._known = self.clinic.patient_history(self.patient_id)
        self._build_controls()
        self.chart = TrendView(self.theme, compact=True)
        self.body.addWidget(self.chart, 1)
        self.table = self._build_table()
        self.body.addWidget(self.table)
        self.note = TextLabel(advisory(), size=Size.CAPTION, tone="muted", wrap=True)
        self.body.addWidget(self.note)
        self.add_buttons(None, cancel=tr("Close"))
        self._later = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._later.timeout.connect(self.calculate)
        self.delay.setFocus()
        self.calculate()

    def _build_controls(self) -> None:
        line = row(spacing=SPACE.medium)
        self.delay = self._number("delay", tr("Day 1 later by"), tr(" days"), 0, LONGEST_DELAY_DAYS, 0)
        self.dose = self._number("dose", tr("Dose"), " %", LOWEST_DOSE, HIGHEST_DOSE, PLANNED_DOSE)
        self.dose.setSingleStep(5)
        self.gcsf = QCheckBox(tr("With long-acting G-CSF"))
        self.gcsf.setObjectName("gcsf")
        self.gcsf.setAccessibleName(self.gcsf.text())
        self.gcsf.toggled.connect(self._changed)
        for text, field in ((tr("Day 1 later by"), self.delay), (tr("Dose of the next cycle"), self.dose)):
            label = TextLabel(text)
            label.setBuddy(field)
            line.addWidget(label)
            line.addWidget(field)
        line.addWidget(self.gcsf)
        line.addStretch(1)
        self.body.addLayout(line)

    def _number(self, name: str, accessible: str, unit: str, low: int, high: int, value: int) -> QSpinBox:
        made = NumberBox()
        made.setObjectName(name)
        made.setAccessibleName(accessible)
        made.setRange(low, high)
        made.setValue(value)
        made.setSuffix(unit)
        made.lineEdit().setTextMargins(7, 0, 0, 0)
        made.setFixedWidth(96)
        made.valueChanged.connect(self._changed)
        return made

    def _build_table(self) -> QWidget:
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE.wide)
        self._grid.setVerticalSpacing(SPACE.tight)
        self._grid.setColumnStretch(3, 1)
        return holder

    def change(self) -> WhatIf:
        """Return the change that the fields ask for."""
        dose = self.dose.value()
        return WhatIf(delay_days=self.delay.value(), dose_percent=None if dose == PLANNED_DOSE else float(dose), gcsf=self.gcsf.isChecked())

    def _changed(self) -> None:
        self._later.start()

    def calculate(self) -> None:
        """Calculate the plan and the changed plan; an older question's answer is dropped."""
        self._later.stop()
        change = self.change()
        changes = (None, None if change == WhatIf() else change)
        self._task = start_forecast(self._work, self._known, self.clinic.rules, self.clinic.now(), changes)
        self._task.done.connect(self._take)
        self._task.failed.connect(self._fail)
        self.note.setText(tr("Calculating …"))

    def _take(self, found: tuple[Forecast, Forecast]) -> None:
        if self.sender() is not self._task:
            return
        self._task = None
        plan, changed = found
        self.note.setText(advisory())
        self._draw(plan, changed)
        self._fill(plan, changed)

    def _fail(self, error: BaseException) -> None:
        self.note.setText(tr("The forecast could not be calculated."))
        raise error

    def _chart_of(self, forecast: Forecast) -> TrendChart:
        evaluation = self.clinic.evaluate_patient(self.patient_id)
        regimen = self.clinic.rules.regimen(self._known.course.regimen if self._known.course else None)
        grading = self.clinic.protocol.ctcae
        return build_trend_chart(self._known, evaluation, forecast, now=self.clinic.now(), regimen=regimen, grading=grading)

    def _draw(self, plan: Forecast, changed: Forecast) -> None:
        chart, second = self._chart_of(plan), self._chart_of(changed)
        self.chart.show_chart(chart_in_unit(chart), patient=full_name(self._known.patient))
        fans = [fan for fan in (chart.forecast, second.forecast) if fan is not None]
        last = max((fan.x[-1] for fan in fans), default=chart.last) + DAYS_AFTER
        self.chart.show_span(chart.now - DAYS_BEFORE, last)
        self.chart.compare(second.forecast if changed.what_if is not None else None)

    def _fill(self, plan: Forecast, changed: Forecast) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        heads = ("", tr("As planned"), tr("Changed: {text}", text=change_words(self.change())))
        for place, text in enumerate(heads):
            self._grid.addWidget(TextLabel(text, size=Size.CAPTION, tone="muted", strong=True), 0, place)
        for number, line in enumerate(lines_of(plan, changed), start=1):
            for place, text in enumerate((line.name, line.plan, line.changed)):
                self._grid.addWidget(
                    TextLabel(text, tone="muted" if not place else "", strong=place == 2 and text != line.plan), number, place
                )

    def lines(self) -> list[tuple[str, ...]]:
        """Return the texts of the table that is shown."""
        found = []
        for number in range(self._grid.rowCount()):
            cells = [self._grid.itemAtPosition(number, place) for place in range(3)]
            widgets = [cell.widget() for cell in cells if cell is not None]
            found.append(tuple(widget.text() for widget in widgets if isinstance(widget, TextLabel)))
        return [line for line in found if line]


def lines_of(plan: Forecast, changed: Forecast) -> list[Line]:
    """Return the lines of the table; a refusal says its reason."""
    if not plan.ok or not changed.ok:
        return [Line(tr("Forecast"), *("" if forecast.ok else refusal_words(forecast) for forecast in (plan, changed)))]
    rows = [
        Line(tr("Planned day 1"), *(day_text(f.day1.at) if f.day1 else tr("not planned") for f in (plan, changed))),
        Line(_chance_name(plan), *(tenths(f.day1.probability_at_or_above) if f.day1 else "–" for f in (plan, changed))),
        Line(
            shown_title(tr("Lowest count, ×10⁹/L")),
            *(shown_bare(interval(f.nadir.value)) if f.nadir else tr("recovery only") for f in (plan, changed)),
        ),
        Line(tr("Day of the lowest"), *(days(f.nadir.at) if f.nadir else "–" for f in (plan, changed))),
        Line(tr("Recovery"), *(days(f.recovery_at) if f.recovery_at else tr("not before the next treatment") for f in (plan, changed))),
    ]
    if plan.next_nadir is not None or changed.next_nadir is not None:
        nadirs = [f.next_nadir for f in (plan, changed)]
        rows.append(Line(tr("Lowest of the next cycle"), *(shown_bare(interval(n.value)) if n else "–" for n in nadirs)))
        rows.append(Line(shown_bare(tr("Next cycle below 0.5")), *(tenths(n.probability_below_0_5) if n else "–" for n in nadirs)))
    return rows


def _chance_name(plan: Forecast) -> str:
    if plan.day1 is None:
        return tr("Ready on day 1")
    kind = tr("measured") if plan.day1.kind == "measured" else tr("latent")
    return tr("ANC ≥ {bound} on day 1 ({kind})", bound=shown_bare(f"{plan.day1.threshold:g}"), kind=kind)
