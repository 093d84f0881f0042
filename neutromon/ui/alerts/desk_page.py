"""What the inbox and the hand-over desk share: a page around a list of open alerts that is read again and asks upwards."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from neutromon.services.alerts import AlertRow
from neutromon.ui.alerts.list_view import AlertList
from neutromon.ui.alerts.model import AlertModel
from neutromon.ui.alerts.words import ALERT_FORMS, form_of
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.pathway_clock import pathway_line
from neutromon.ui.port import ClinicPort
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row

TICK_MS = 15_000
WORDS_UP_TO = 1.3
"""Above this text size a head says only what nothing else on the page says."""


class AlertPage(QWidget):
    """Asks for patients and forms; a page's own part is what `_read` does with the rows."""

    patient_requested = Signal(str)
    form_requested = Signal(str, str, str)
    stored = Signal(object)

    def __init__(
        self, clinic: ClinicPort, theme: Theme, notifier: ChangeNotifier, *, name: str, ticks: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._clinic, self._theme, self._notifier = clinic, theme, notifier
        self._rows: list[AlertRow] = []
        self.setObjectName(name)
        self.model = AlertModel(checkable=ticks, parent=self)
        self.list = AlertList(self.model, theme)
        self.list.patient_requested.connect(self._open_patient)
        self.list.form_requested.connect(self._ask_form)
        notifier.alerts_changed.connect(self._read_shown)
        notifier.patients_changed.connect(self._read_shown)
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self.tick)

    def _page(self) -> QVBoxLayout:
        """Return the column of the page."""
        outer = column(self, spacing=SPACE.medium)
        outer.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        return outer

    def _head(self, title: str) -> QHBoxLayout:
        """Return the head with title and number; what belongs to its end follows."""
        head = row(spacing=SPACE.small)
        head.addWidget(TextLabel(title, size=Size.TITLE, strong=True))
        self._number = TextLabel("", tone="muted")
        self._number.setVisible(self._theme.scale <= WORDS_UP_TO)
        head.addWidget(self._number)
        head.addStretch(1)
        return head

    def activate(self) -> None:
        """Read everything again, as it is now."""
        self._read()
        self.list.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours and sizes."""
        self._theme = theme
        self.list.set_theme(theme)

    def tick(self) -> None:
        """Let the clocks of running pathways go on, without reading the alerts again."""
        if self.isVisible():
            self.model.show_pathways(self._pathways(), self._clinic.now())
        else:
            self._clock.stop()

    def _pathways(self) -> Mapping[str, str]:
        """Return the clock of each patient on the list whose pathway runs, by patient."""
        now, shown = self._clinic.now(), {found.alert.patient_id for found in self._rows}
        running = [patient for patient in self._clinic.running_pathways() if patient in shown]
        return {patient: line for patient in running if (line := pathway_line(self._clinic, patient, now))}

    def _read_shown(self, _ids: frozenset[str]) -> None:
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        self._rows = self._clinic.open_alerts()
        self.model.show_pathways(self._pathways(), self._clinic.now())
        self._clock.start()

    def _ask_form(self, name: str) -> None:
        found = self.list.current()
        if found is None:
            return
        wanted = form_of(found.alert.rule) if name == "deal" else name
        own = wanted in ALERT_FORMS
        if wanted:
            self.form_requested.emit(wanted, found.alert.patient_id, found.alert.id if own else "")

    def _open_patient(self) -> None:
        found = self.list.current()
        if found is not None:
            self.patient_requested.emit(found.alert.patient_id)
