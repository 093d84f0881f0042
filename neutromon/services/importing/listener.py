"""The MLLP listener: loopback only, one lane, an answer only after bytes and outcome are committed."""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from neutromon.models.errors import UserError
from neutromon.models.imports import FileReport, ImportOptions
from neutromon.services.importing.files import Arrived, Intake
from neutromon.services.importing.mllp import (
    ACCEPTED,
    LARGEST_FRAME,
    REFUSED,
    RETRY,
    FrameReader,
    FrameTooLarge,
    acknowledgements,
    framed,
    headers,
)
from neutromon.services.importing.watch import summary
from neutromon.services.session import Session

LOOPBACK = "127.0.0.1"
MOST_CONNECTIONS = 8
IDLE_S = 60.0
TICK_S = 0.2
AT_ONCE_BYTES = 65536


@dataclass(slots=True)
class Peer:
    """One connection."""

    socket: socket.socket
    last: float
    reader: FrameReader = field(default_factory=FrameReader)
    waiting: bytearray = field(default_factory=bytearray)
    closing: bool = False


class Listener:
    """Listens on the loopback address; `port` 0 takes any free port. Runs in the thread that opened the store."""

    def __init__(
        self,
        session: Session,
        port: int,
        options: ImportOptions,
        report: Callable[[str], object],
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._intake = Intake(session, options)
        self._report = report
        self._seconds = seconds
        self._selector = selectors.DefaultSelector()
        self._peers: dict[int, Peer] = {}
        self._server = self._bind(port)
        self.port = int(self._server.getsockname()[1])

    def _bind(self, port: int) -> socket.socket:
        if not 0 <= port <= 65535:
            raise UserError(f"{port} is no port.", "Choose a number from 1 to 65535, for example 2575.")
        server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind((LOOPBACK, port))
            server.listen(MOST_CONNECTIONS)
            server.setblocking(False)
        except OSError as error:
            server.close()
            raise UserError(f"Port {port} cannot be used: {error.strerror}.", "Choose another port.") from None
        self._selector.register(server, selectors.EVENT_READ)
        return server

    def serve(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Take in messages until stopped."""
        try:
            while not stop():
                self.turn(TICK_S)
        finally:
            self.close()

    def turn(self, timeout_s: float) -> None:
        """Do what is to be done now, or within a time."""
        for key, events in self._selector.select(timeout_s):
            if key.fileobj is self._server:
                self._accept()
                continue
            peer = self._peers.get(key.fd)
            if peer is not None and events & selectors.EVENT_READ:
                self._read(peer)
            if peer is not None and events & selectors.EVENT_WRITE:
                self._write(peer)
        self._drop_idle()

    def close(self) -> None:
        """Close every connection."""
        for peer in list(self._peers.values()):
            self._drop(peer)
        self._selector.close()
        self._server.close()

    def _accept(self) -> None:
        connection, _ = self._server.accept()
        if len(self._peers) >= MOST_CONNECTIONS:
            connection.close()
            self._report("A further connection was refused: eight are open.")
            return
        connection.setblocking(False)
        self._peers[connection.fileno()] = Peer(socket=connection, last=self._seconds())
        self._selector.register(connection, selectors.EVENT_READ)

    def _read(self, peer: Peer) -> None:
        try:
            data = peer.socket.recv(AT_ONCE_BYTES)
        except OSError:
            data = b""
        if not data:
            self._drop(peer)
            return
        peer.last = self._seconds()
        try:
            frames = peer.reader.feed(data)
        except FrameTooLarge:
            text = f"The message is larger than {LARGEST_FRAME // 1024 // 1024} MB."
            self._answer(peer, b"", REFUSED, text)
            peer.closing = True
            return
        for frame in frames:
            self._message(peer, frame)

    def _message(self, peer: Peer, frame: bytes) -> None:
        if not headers(frame):
            self._answer(peer, frame, REFUSED, "No HL7 message.")
            return
        try:
            done = self._intake.take([Arrived(name="mllp.hl7", data=frame)])[0]
        except UserError as error:
            self._report(str(error))
            self._answer(peer, frame, RETRY, "Not stored; send it again later.")
            return
        self._report(summary(done))
        code, text = verdict(done)
        self._answer(peer, frame, code, text)

    def _answer(self, peer: Peer, frame: bytes, code: str, text: str) -> None:
        control = self._session.ids().replace("-", "")[-19:]
        for answer in acknowledgements(headers(frame), code, text, self._session.clock().isoformat(), control):
            peer.waiting += framed(answer)
        self._write(peer)

    def _write(self, peer: Peer) -> None:
        if peer.socket.fileno() < 0:
            return
        try:
            if peer.waiting:
                del peer.waiting[: peer.socket.send(peer.waiting)]
        except BlockingIOError:
            pass  # the peer reads slowly: the selector tells when it can be written again
        except OSError:
            self._drop(peer)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if peer.waiting else 0)
        self._selector.modify(peer.socket, wanted)
        if peer.closing and not peer.waiting:
            self._drop(peer)

    def _drop(self, peer: Peer) -> None:
        number = peer.socket.fileno()
        if number < 0:
            return
        if peer.reader.outside:
            self._report(f"{peer.reader.outside} bytes outside any message were not read.")
        self._selector.unregister(peer.socket)
        self._peers.pop(number, None)
        peer.socket.close()

    def _drop_idle(self) -> None:
        now = self._seconds()
        for peer in [peer for peer in self._peers.values() if now - peer.last > IDLE_S or (peer.closing and not peer.waiting)]:
            self._drop(peer)


def verdict(done: FileReport) -> tuple[str, str]:
    """Return the acknowledgement code of an outcome and a short text without patient data.

    What waits for a person is accepted: sending it again cannot help.
    """
    reasons = {own.reason[0] for own in done.sets if own.reason}
    results = any(own.results for own in done.sets)
    if "TEST_MESSAGE" in reasons:
        return REFUSED, "Test messages are not accepted here."
    if "MSG_TYPE_UNSUPPORTED" in reasons and not results:
        return REFUSED, "This type of message is not read."
    if "MALFORMED" in reasons and not results:
        return REFUSED, "The message cannot be read."
    return ACCEPTED, ""


def listen_mllp(
    session: Session, port: int, options: ImportOptions, report: Callable[[str], object], *, stop: Callable[[], bool] = lambda: False
) -> None:
    """Listen until stopped; Ctrl+C ends it between two messages."""
    listener = Listener(session, port, options, report)
    try:
        listener.serve(stop)
    except KeyboardInterrupt:
        report("Stopped.")
