"""The context panel: the cards of one patient and the buttons for what a nurse does next."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QScrollArea, QWidget

from neutromon.ui.patient.cards import AlertsCard, DayOneCard, GcsfCard, NextCard, NowCard, PlanCard
from neutromon.ui.patient.facts import PatientFacts
from neutromon.ui.patient.pathway_card import PathwayCard
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Theme
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.layout import column, frame

WIDTH = 316
GROWTH = 0.6
"""The panel grows less than its text: its lines wrap, and the chart beside it needs the room."""
FORECAST_ROOM = ("neutromon.ui.forecast.panel", "ForecastPanel")


class ContextPanel(QWidget):
    """Asks upwards for forms by name with their subject, and for reports by kind."""

    form_requested = Signal(str, str)
    report_requested = Signal(str)
    forecast_changed = Signal(object)

    def __init__(self, clinic: ClinicPort, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic, self._theme = clinic, theme
        self.setObjectName("context_panel")
        self.setFixedWidth(round(WIDTH * (1 + max(0.0, theme.scale - 1) * GROWTH)))
        self.forecast: Any = None
        outer = column(self, spacing=0)
        outer.addWidget(self._build_cards(), 1)
        outer.addWidget(self._build_actions())

    def _build_cards(self) -> QScrollArea:
        inner = QWidget()
        self._cards = column(inner, spacing=SPACE.small)
        self._cards.setContentsMargins(SPACE.small, SPACE.small, SPACE.medium, SPACE.small)
        self.now, self.next, self.day1 = NowCard(), NextCard(), DayOneCard()
        self.alerts, self.gcsf, self.plan = AlertsCard(self._theme), GcsfCard(), PlanCard()
        self.pathway = PathwayCard(self._clinic)
        for card in (self.pathway, self.now, self.alerts, self.next, self.day1, self.gcsf, self.plan):
            self._cards.addWidget(card)
        self._cards.addStretch(1)
        self.alerts.form_requested.connect(self.form_requested)
        self.gcsf.form_requested.connect(self.form_requested)
        self.pathway.form_requested.connect(self.form_requested)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(tr("What matters now"))
        area.setWidget(inner)
        return area

    def _build_actions(self) -> QWidget:
        holder = frame("bar", name="actions")
        grid = QGridLayout(holder)
        grid.setContentsMargins(SPACE.small, SPACE.small, SPACE.medium, SPACE.small)
        grid.setSpacing(SPACE.small)
        asked = (
            ("count", tr("Enter CBC"), "Ctrl+N", (0, 0, 2)),
            ("event", tr("Event"), "Ctrl+E", (1, 0, 1)),
            ("gcsf", tr("G-CSF"), "Ctrl+G", (1, 1, 1)),
            ("decision", tr("Decide"), "Ctrl+D", (1, 2, 1)),
            ("triage", tr("Triage call"), "Ctrl+T", (2, 0, 2)),
        )
        for form, text, key, (line, place, span) in asked:
            made = button(text, self._asker(form), name=f"do_{form}", kind="primary" if form == "count" else "", tip=key)
            grid.addWidget(made, line, place, 1, span)
        pdf = button(tr("PDF"), lambda: self.report_requested.emit("trend"), name="do_pdf", tip="Ctrl+P")
        grid.addWidget(pdf, 2, 2)
        more = button(tr("More…"), name="do_more")
        more.setMenu(self._more_menu(more))
        grid.addWidget(more, 0, 2)
        for place in range(3):
            grid.setColumnStretch(place, 1)
        return holder

    def _more_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        groups = (
            (
                ("temperature", tr("Temperature")),
                ("symptoms", tr("Signs and symptoms")),
                ("antibiotic", tr("Antimicrobial")),
                ("growth_factor", tr("Growth factor given or planned")),
                ("drug", tr("Another drug")),
            ),
            (("course", tr("Course and regimen")), ("cycle", tr("Cycle: dates, dose, delay")), ("patient", tr("Patient data"))),
            (("pathway", tr("Febrile-neutropenia pathway")), ("scores", tr("MASCC and CISNE")), ("work_up", tr("Work-up"))),
        )
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            for form, text in group:
                action = QAction(text, menu)
                action.setObjectName(f"more_{form}")
                action.triggered.connect(self._triggered(form))
                menu.addAction(action)
        return menu

    def _triggered(self, form: str) -> Callable[[bool], None]:
        return lambda _checked: self.form_requested.emit(form, "")

    def _asker(self, form: str) -> Callable[[], None]:
        return lambda: self.form_requested.emit(form, "")

    def show_facts(self, facts: PatientFacts) -> None:
        """Show one reading of a patient on every card."""
        for card in (self.pathway, self.now, self.next, self.day1, self.gcsf, self.plan):
            card.show_facts(facts)
        self.alerts.show_alerts(facts.alerts, facts)
        self.settle()

    def settle(self) -> None:
        """Give every card its height now: the chart keeps the window busy, and what is painted before it must not be squashed."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def show_forecast(self, patient_id: str) -> None:
        """Show a patient in the forecast's panel, which is built when it is first needed; nothing where there is none."""
        if self.forecast is None:
            self.forecast = _forecast_panel(self._clinic, self._theme)
            if self.forecast is None:
                return
            self.forecast.forecast_changed.connect(self.forecast_changed)
            self.forecast.form_requested.connect(self.form_requested)
            self._cards.insertWidget(5, self.forecast)
        self.forecast.show_patient(patient_id)
        self.forecast.show()
        self.settle()

    @property
    def is_calculating(self) -> bool:
        """Return whether a forecast is still to come."""
        return self.forecast is not None and self.forecast.is_calculating

    def leave(self) -> None:
        """Show nobody: no name, no alert, no forecast stays behind."""
        if self.forecast is not None:
            self.forecast.show_patient("")
        for card in (self.pathway, self.now, self.next, self.day1, self.gcsf, self.plan):
            card.clear()
        self.alerts.clear()


def _forecast_panel(clinic: ClinicPort, theme: Theme) -> Any:
    module, maker = FORECAST_ROOM
    try:
        return getattr(import_module(module), maker)(clinic, theme)
    except ModuleNotFoundError:
        return None
