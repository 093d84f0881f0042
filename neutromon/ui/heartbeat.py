"""The clock of the window: each minute what time alone changes is evaluated anew, so that an alert comes without a click."""

from PySide6.QtCore import QObject, QTimer, Signal

from neutromon.models.changes import Changes
from neutromon.models.errors import UserError
from neutromon.ui.port import ClinicPort

MINUTE_MS = 60_000


class Heartbeat(QObject):
    """Asks the clinic to refresh its alerts each minute; midnight and due times come with it."""

    beaten = Signal(Changes)
    failed = Signal(object)

    def __init__(self, clinic: ClinicPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._timer = QTimer(self, interval=MINUTE_MS)
        self._timer.timeout.connect(self.beat)
        self._timer.start()

    def beat(self) -> None:
        """Refresh now and tell what changed."""
        try:
            changes = self._clinic.refresh_alerts()
        except UserError as error:
            self.failed.emit(error)
            return
        self.beaten.emit(changes)

    def stop(self) -> None:
        """Beat no longer."""
        self._timer.stop()
