"""The patient page: banner, tabs, context panel; it shows one patient and asks upwards for every form and report."""

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QTabWidget, QWidget

from neutromon.models.errors import UserError
from neutromon.models.history import PatientHistory
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.patient.banner import PatientBanner
from neutromon.ui.patient.context import ContextPanel
from neutromon.ui.patient.facts import PatientFacts, read_facts
from neutromon.ui.patient.flow_sheet import FlowSheet
from neutromon.ui.patient.log import PatientLog
from neutromon.ui.patient.log_model import log_text
from neutromon.ui.patient.views import ChartTab
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row

DECISION = "decision"


class PatientPage(QWidget):
    """One patient; what changes elsewhere is read again, what is opened here is audited as viewed."""

    form_requested = Signal(str, str, str)
    report_requested = Signal(str, str)
    stored = Signal(object)

    def __init__(self, clinic: ClinicPort, theme: Theme, notifier: ChangeNotifier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic, self._theme = clinic, theme
        self._patient_id = ""
        self._facts: PatientFacts | None = None
        self._forecast: Any = None
        self._forecast_of: PatientHistory | None = None
        self.setObjectName("patient_page")
        self._build()
        self._connect(notifier)

    def _build(self) -> None:
        self.banner = PatientBanner()
        self.tabs = QTabWidget()
        self.tabs.setObjectName("patient_tabs")
        self.tabs.setAccessibleName(tr("Views of the patient"))
        self.tabs.setDocumentMode(True)
        self.trend, self.overlay = ChartTab(self._theme, "trend"), ChartTab(self._theme, "overlay")
        self.flow = FlowSheet(self._clinic, self._theme)
        self.log = PatientLog(self._clinic)
        titles = (tr("Trend"), tr("Cycles overlay"), tr("Flow sheet"), tr("Log"))
        for widget, title in zip((self.trend, self.overlay, self.flow, self.log), titles, strict=True):
            self.tabs.addTab(widget, title)
        self.context = ContextPanel(self._clinic, self._theme)
        self.problem = TextLabel("", size=Size.SUBTITLE, tone="error", wrap=True)
        self.problem.hide()
        left = QWidget()
        inside = column(left, spacing=0)
        inside.setContentsMargins(SPACE.large, 0, SPACE.small, SPACE.small)
        inside.addWidget(self.problem)
        inside.addWidget(self.tabs, 1)
        outer = column(self, spacing=0)
        outer.addWidget(self.banner)
        sides = row(spacing=0)
        sides.addWidget(left, 1)
        sides.addWidget(self.context)
        outer.addLayout(sides, 1)

    def _connect(self, notifier: ChangeNotifier) -> None:
        notifier.patients_changed.connect(self._patients_changed)
        notifier.protocol_changed.connect(self._read_again)
        self.tabs.currentChanged.connect(lambda _index: self._fill_tab())
        for chart in (self.trend, self.overlay):
            chart.sample_requested.connect(lambda sample: self._ask("record", sample))
        for asker in (self.context, self.flow, self.log):
            asker.form_requested.connect(self._ask)
        self.context.report_requested.connect(lambda kind: self.report_requested.emit(kind, self._patient_id))
        self.context.forecast_changed.connect(self.show_forecast)
        self.flow.print_requested.connect(lambda: self.report_requested.emit("flow_sheet", self._patient_id))
        self.flow.stored.connect(self.stored)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._fill_later)

    @property
    def patient_id(self) -> str:
        """Return whom the page shows; "" for nobody."""
        return self._patient_id

    @property
    def is_drawing(self) -> bool:
        """Return whether the chart or the forecast of the shown patient is still to come."""
        charts = any(chart.is_drawing for chart in (self.trend, self.overlay))
        return self._later.isActive() or charts or self.context.is_calculating

    def show_patient(self, patient_id: str) -> None:
        """Open a patient; opening is written into the audit."""
        try:
            self._clinic.view_patient(patient_id)
        except UserError as error:
            self._refuse(error)
            return
        if patient_id != self._patient_id:
            self._forecast = self._forecast_of = None
        self._patient_id = patient_id
        self._read_again()

    def show_flow(self) -> None:
        """Show the flow sheet."""
        self.tabs.setCurrentWidget(self.flow)

    def take_keyboard(self) -> None:
        """Give the keys to the tab that is shown: its chart, its grid, or its list."""
        shown = self.tabs.currentWidget()
        inside = shown.view if isinstance(shown, ChartTab) else shown.findChild(QAbstractItemView)
        (inside or shown).setFocus()

    def leave(self) -> None:
        """Show nobody."""
        self._later.stop()
        self._patient_id, self._facts = "", None
        self._forecast = self._forecast_of = None
        self.banner.clear()
        self.context.leave()
        for part in (self.trend, self.overlay, self.flow, self.log):
            part.clear()

    def _patients_changed(self, ids: frozenset[str]) -> None:
        if self._patient_id in ids:
            self._read_again()

    def _read_again(self) -> None:
        if not self._patient_id:
            return
        try:
            self._facts = read_facts(self._clinic, self._patient_id)
        except UserError as error:
            self._refuse(error)
            return
        self.problem.hide()
        self.banner.show_facts(self._facts)
        self.context.show_facts(self._facts)
        self._fill_tab()
        self._later.start()

    def _refuse(self, error: UserError) -> None:
        self.leave()
        self.problem.setText(str(error))
        self.problem.show()

    def _fill_tab(self) -> None:
        """Fill the tab that is shown; the others are filled when they are."""
        shown, facts = self.tabs.currentWidget(), self._facts
        if facts is None:
            return
        if shown in {self.trend, self.overlay}:
            self.trend.show_facts(facts, self._forecast)
            self.overlay.show_facts(facts)
        elif shown is self.flow:
            self.flow.show_facts(facts)
        else:
            self.log.show_patient(self._patient_id)

    def _fill_later(self) -> None:
        """After the first paint: the newest decision, and the forecast where there is one."""
        if not self._patient_id:
            return
        entries = self._clinic.patient_log(self._patient_id)
        newest = next((log_text(entry, self._clinic.now().tzinfo) for entry in entries if entry.kind == DECISION), "")
        self.context.plan.show_decision(newest)
        self._ask_forecast()

    def _ask_forecast(self) -> None:
        """Have the forecast calculated where the history is another one; an acknowledged alert does not change it."""
        facts = self._facts
        if facts is not None and facts.history != self._forecast_of:
            self._forecast_of, self._forecast = facts.history, None
            self.context.show_forecast(self._patient_id)

    def show_forecast(self, forecast: Any) -> None:
        """Draw the forecast into the trend; no alert depends on it."""
        self._forecast = forecast
        if self._facts is not None and forecast is not None:
            self.trend.show_facts(self._facts, forecast)

    def _ask(self, form: str, subject: str) -> None:
        if self._patient_id:
            self.form_requested.emit(form, self._patient_id, subject)
