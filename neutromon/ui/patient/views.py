"""The tabs that draw: the trend and the cycle overlay, built after the first paint, so that a patient's words are there at once."""

from dataclasses import replace
from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from neutromon.models.formatting import full_name
from neutromon.ui.chart_unit import chart_in_unit, profile_in_unit
from neutromon.ui.forms.words import number_text
from neutromon.ui.patient.facts import PatientFacts
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import Theme
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.worklist.columns import day_text


class ChartTab(QStackedWidget):
    """Holds one chart view; `kind` is "trend" or "overlay". Without it, or without a count, it says what is known instead."""

    sample_requested = Signal(str)
    drawn = Signal()

    def __init__(self, theme: Theme, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._kind = theme, kind
        self._facts: PatientFacts | None = None
        self._forecast: Any = None
        self.view: Any = None
        self.setObjectName(f"tab_{kind}")
        self.empty = EmptyState()
        self.addWidget(self.empty)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.draw)

    def show_facts(self, facts: PatientFacts, forecast: Any = None) -> None:
        """Draw a patient as soon as the words are on the screen."""
        self._facts, self._forecast = facts, forecast
        if self.view is None:
            self.setCurrentWidget(self.empty)
            self.empty.set_texts("", tr("The chart is being drawn …"))
        if self.isVisible():
            self._later.start()

    @property
    def is_drawing(self) -> bool:
        """Return whether a drawing is still to come."""
        return self._later.isActive()

    def clear(self) -> None:
        """Show nobody, at once."""
        self._later.stop()
        self._facts = self._forecast = None
        if self.view is not None:
            self.view.clear(tr("No patient is open."))
        self.empty.set_texts("", "")

    def draw(self) -> None:
        """Build the view if need be and draw."""
        self._later.stop()
        facts = self._facts
        if facts is None:
            return
        if not facts.history.counts and facts.history.course is None:
            self._say(
                tr("Nothing to draw yet"),
                tr("Enter a count (Ctrl+N) or plan a course; the trend appears here against the chemotherapy cycles."),
            )
            return
        if self.view is None and not self._build():
            self._say(tr("The chart cannot be shown"), tr("The flow sheet and the log have every value."))
            return
        self._show(facts)
        self.setCurrentWidget(self.view)
        if self.hasFocus():  # the page was opened by keyboard before there was a chart to give it to
            self.view.setFocus()
        self.drawn.emit()

    def _say(self, heading: str, text: str) -> None:
        self.empty.set_texts(heading, text)
        self.setCurrentWidget(self.empty)

    def _build(self) -> bool:
        module, maker = {"trend": ("trend", "TrendView"), "overlay": ("overlay", "OverlayView")}[self._kind]
        try:
            self.view = getattr(import_module(f"neutromon.ui.charts.{module}"), maker)(self._theme)
        except ModuleNotFoundError:
            return False
        self.view.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if hasattr(self.view, "sample_requested"):
            self.view.sample_requested.connect(self.sample_requested)
        self.addWidget(self.view)
        return True

    def _show(self, facts: PatientFacts) -> None:
        if self._kind == "overlay":
            from neutromon.report.charts.overlay import build_overlay

            profile = build_overlay(facts.history, facts.evaluation, regimen=facts.regimen, grading=facts.grading)
            self.view.show_chart(profile_in_unit(profile))
            return
        from neutromon.report.charts.build import build_trend_chart

        chart = build_trend_chart(
            facts.history, facts.evaluation, self._forecast, now=facts.now, regimen=facts.regimen, grading=facts.grading
        )
        if self._forecast is None and facts.protocol.forecast:
            chart = replace(chart, forecast_refusal=tr("Calculating the forecast …"))
        self.view.show_chart(chart_in_unit(chart), chart_owner(facts))

    def showEvent(self, event: Any) -> None:
        """Draw what was given while another tab was shown."""
        super().showEvent(event)
        if self._facts is not None:
            self._later.start()


def chart_owner(facts: PatientFacts) -> str:
    """Return whose chart it is: name, number, birth date."""
    patient = facts.history.patient
    return " · ".join(part for part in (isolated(full_name(patient)), number_text(patient), day_text(patient.birth_date)) if part)
