"""The forecast of a patient in the context panel: statements with intervals, what they rest on, how earlier ones did, or the refusal."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from neutromon.models.errors import UserError
from neutromon.models.forecast import Forecast
from neutromon.models.history import PatientHistory
from neutromon.ui.forecast.words import (
    Measured,
    advisory,
    chip_words,
    day_one_words,
    days,
    depth_words,
    measured_lowest,
    model_words,
    nadir_words,
    note_words,
    refusal_words,
    track_words,
)
from neutromon.ui.forecast.work import Predict, predict, start_forecast
from neutromon.ui.patient.cards import Card
from neutromon.ui.port import ClinicPort
from neutromon.ui.tasks.task import Task
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.badges import Chip
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.layout import row
from neutromon.ui.worklist.columns import day_text


class ForecastPanel(Card):
    """Shows one patient's forecast and tells it on, so that the trend can draw it; nothing else depends on it."""

    forecast_changed = Signal(object)
    form_requested = Signal(str, str)

    def __init__(self, clinic: ClinicPort, theme: Theme, parent: QWidget | None = None, *, work: Predict = predict) -> None:
        super().__init__(tr("Forecast"), "card_forecast", parent)
        self._clinic, self._work = clinic, work
        self._patient_id = ""
        self._history: PatientHistory | None = None
        self._task: Task | None = None
        self.setAccessibleName(tr("Forecast, advisory only"))
        self._build(theme)

    def _build(self, theme: Theme) -> None:
        head = row(spacing=SPACE.small)
        self.inside.removeWidget(self.heading)
        head.addWidget(self.heading)
        head.addStretch(1)
        self.chip = Chip(theme)
        head.addWidget(self.chip)
        self.inside.addLayout(head)
        self.refusal = self.add_line(tone="faint")
        self.day1 = self.add_line(strong=True)
        self.nadir = self.add_line()
        self.deep = self.add_line(tone="muted")
        self.following = self.add_line(tone="muted")
        self.recovery = self.add_line()
        self.draw = self.add_line()
        self.warnings = self.add_line(tone="hold")
        self.track = self.add_line(size=Size.CAPTION, tone="muted")
        self.model = self.add_line(size=Size.CAPTION, tone="muted")
        self.advice = self.add_line(size=Size.CAPTION, tone="muted")
        self.what_if = button(tr("What if …"), self._ask_what_if, name="what_if", tip=tr("Delay, dose or G-CSF beside the plan"))
        self.inside.addWidget(self.what_if)
        self._empty()

    def show_patient(self, patient_id: str) -> None:
        """Calculate and show a patient's forecast; nothing is shown of the one before."""
        if patient_id != self._patient_id:
            self._empty()
        self._patient_id = patient_id
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if not patient_id:
            self.put(self.refusal, "")
            return
        now = self._clinic.now()
        if not self._clinic.protocol.forecast:
            reason = tr("this clinic has switched the forecast off.")
            self._show(Forecast(now=now, status="refused", reason="switched_off", reason_text=reason))
            return
        self._history = self._clinic.patient_history(patient_id)
        self._task = start_forecast(self._work, self._history, self._clinic.rules, now)
        self._task.done.connect(self._take)
        self._task.failed.connect(self._fail)

    @property
    def is_calculating(self) -> bool:
        """Return whether an answer is still to come."""
        return self._task is not None

    def _take(self, found: tuple[Forecast, ...]) -> None:
        """Show the answer of the newest question; the others are dropped."""
        if self.sender() is not self._task or self._history is None:
            return
        self._task = None
        try:
            shown = self._clinic.show_forecast(self._patient_id, self._history, found[0])
        except UserError as error:
            self._show(found[0])
            self.put(self.track, str(error), "error")
        else:
            self._show(shown)

    def _fail(self, error: BaseException) -> None:
        if self.sender() is self._task:
            self._task = None
            reason = tr("The forecast could not be calculated. Everything else works.")
            self.put(self.refusal, reason)
            self.forecast_changed.emit(Forecast(now=self._clinic.now(), status="refused", reason="failed", reason_text=reason))
        raise error

    def _empty(self) -> None:
        self.chip.hide()
        self.what_if.hide()
        for line in (self.day1, self.nadir, self.deep, self.following, self.recovery, self.draw, self.warnings):
            self.put(line, "")
        for line in (self.track, self.model, self.advice):
            self.put(line, "")
        self.put(self.refusal, tr("Calculating …"))

    def _show(self, forecast: Forecast) -> None:
        """Show a forecast or a refusal, and tell it on."""
        self._empty()
        if forecast.ok:
            self._statements(forecast)
        else:
            self.put(self.refusal, refusal_words(forecast))
        self.put(self.track, "\n".join(track_words(forecast)) if forecast.ok else "", "muted")
        self.put(self.advice, advisory() if forecast.ok else tr("Alerts on measured values work as always."))
        self.setAccessibleDescription(self.text())
        self.forecast_changed.emit(forecast)

    def _statements(self, forecast: Forecast) -> None:
        self.put(self.refusal, "")
        self.chip.set_text(chip_words(forecast))
        self.chip.show()
        self.what_if.show()
        words = day_one_words(forecast.day1) if forecast.day1 else ""
        self.put(self.day1, words[:1].upper() + words[1:])
        measured = self._measured()
        self.put(self.nadir, nadir_words(forecast.nadir, measured) or tr("Lowest count: not forecast for this regimen, recovery only"))
        deep = depth_words(forecast.nadir, measured)
        self.put(self.deep, deep[:1].upper() + deep[1:])
        self.put(self.following, tr("Next cycle: {text}", text=nadir_words(forecast.next_nadir)) if forecast.next_nadir else "")
        self.put(self.recovery, tr("Recovery {day}", day=days(forecast.recovery_at)) if forecast.recovery_at else "")
        self.put(self.draw, tr("A count on {day} would tell most", day=day_text(forecast.next_draw)) if forecast.next_draw else "")
        self.put(self.warnings, note_words(forecast))
        self.put(self.model, model_words(forecast))

    def _measured(self) -> Measured | None:
        """Return the lowest measured count of the running cycle, which the statements must respect."""
        if self._history is None or not self._patient_id:
            return None
        return measured_lowest(self._history, self._clinic.evaluate_patient(self._patient_id))

    def text(self) -> str:
        """Return every line that is shown, as one text."""
        lines = (self.refusal, self.day1, self.nadir, self.deep, self.following, self.recovery, self.draw, self.warnings)
        return "\n".join(line.text() for line in (*lines, self.track, self.model, self.advice) if line.text())

    def _ask_what_if(self) -> None:
        self.form_requested.emit("what_if", "")
