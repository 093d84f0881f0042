"""One window per store: a second start raises the first window and ends."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

WAIT_MS = 800


class SingleInstance(QObject):
    """Holds the lock of a store's window; `raised` comes when another start asked for this window."""

    raised = Signal()

    def __init__(self, store: Path, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        digest = hashlib.sha256(str(store.resolve()).encode()).hexdigest()[:16]
        self._name = f"neutromon-{digest}"
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(folder / f"{self._name}.lock"))
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    @property
    def listening(self) -> bool:
        """Return whether another start can be heard."""
        return self._server is not None

    def is_first(self) -> bool:
        """Take the lock; return False where another window has the store open, after asking it to come forward.

        A lock that a killed program left behind is no other window: QLockFile sees that its process is gone.
        """
        if self._lock.tryLock(0):
            return True
        self._ask_first()
        return False

    def listen(self) -> None:
        """Hear other starts from now on; asked for after the first paint, since the network library is not needed before."""
        if self._server is not None:
            return
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._hear)
        self._server.listen(self._name)

    def _hear(self) -> None:
        assert self._server is not None
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.disconnected.connect(socket.deleteLater)
        self.raised.emit()

    def _ask_first(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        socket.waitForConnected(WAIT_MS)
        socket.disconnectFromServer()

    def end(self) -> None:
        """Listen no longer and give the lock back."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()
