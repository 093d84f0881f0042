"""Looks, beside what a person does, for waiting results that would be critical if they were true, so that the rail can say how many."""

from PySide6.QtCore import QObject, QTimer, Signal

from neutromon.ui.port import ClinicPort

PIECE, PAUSE_MS, FIRST_MS = 4, 15, 400
"""So many sets are looked into between two events of the window (about 10 ms), and so long it waits before each piece and at first."""


class CriticalWatch(QObject):
    """`counted` carries how many of the waiting sets would be critical, once all were looked into; nothing is told before."""

    counted = Signal(int)

    def __init__(self, clinic: ClinicPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._unseen: list[str] | None = None
        self._found = 0
        self._known = -1
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look_on)

    def look(self, waiting: int) -> None:
        """Look into what waits where its number is another than at the last look."""
        if waiting != self._known:
            self._known = waiting
            self.look_again()

    def look_again(self) -> None:
        """Look into everything that waits: sets went out, came in, or a code was decided."""
        self._unseen, self._found = None, 0
        if self._known < 0:
            return  # nothing was painted yet
        if self._known == 0:
            self._timer.stop()
            self.counted.emit(0)
            return
        self._timer.start(FIRST_MS)

    @property
    def is_looking(self) -> bool:
        """Return whether the number is still to come."""
        return self._timer.isActive()

    def stop(self) -> None:
        """Look no further."""
        self._timer.stop()

    def _look_on(self) -> None:
        if self._unseen is None:
            self._unseen = [one.id for one in self._clinic.held_lines()]
        piece, self._unseen = self._unseen[:PIECE], self._unseen[PIECE:]
        self._found += len(self._clinic.critical_sets(piece))
        if self._unseen:
            self._timer.start(PAUSE_MS)
        else:
            self.counted.emit(self._found)
