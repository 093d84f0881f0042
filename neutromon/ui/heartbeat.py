"""The clock of the window: each minute what time alone changes is evaluated anew, so that an alert comes without a click."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from neutromon.models.changes import Changes
from neutromon.models.errors import UserError
from neutromon.ui.tasks.task import Task

MINUTE_MS = 60_000


class Heartbeat(QObject):
    """Refreshes each minute; midnight and due times come with it. `refresh` does it now or begins a task that does."""

    beaten = Signal(Changes)
    failed = Signal(object)

    def __init__(self, refresh: Callable[[], Changes | Task], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refresh = refresh
        self._task: Task | None = None
        self._timer = QTimer(self, interval=MINUTE_MS)
        self._timer.timeout.connect(self.beat)
        self._timer.start()

    def beat(self) -> None:
        """Refresh now and tell what changed; not while the last refresh is still running."""
        if self._task is not None:
            return
        try:
            begun = self._refresh()
        except UserError as error:
            self.failed.emit(error)
            return
        if isinstance(begun, Changes):
            self.beaten.emit(begun)
            return
        self._task = begun
        begun.done.connect(self._tell)
        begun.failed.connect(self._fail)

    def _tell(self, changes: Changes) -> None:
        self._task = None
        self.beaten.emit(changes)

    def _fail(self, error: object) -> None:
        self._task = None
        if not isinstance(error, UserError):
            assert isinstance(error, BaseException)
            raise error
        self.failed.emit(error)

    def stop(self) -> None:
        """Beat no longer."""
        self._timer.stop()
