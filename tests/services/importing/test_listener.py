"""The MLLP listener, asked by a client that is not ours: an answer for every message, only after it is stored."""

import socket
import threading
from contextlib import contextmanager

import hl7
import pytest
from hl7.client import MLLPClient

from neutromon.models.errors import NotSaved, UserError
from neutromon.models.imports import ImportOptions
from neutromon.services.importing import listener as listening
from neutromon.services.importing.listener import Listener, listen_mllp
from neutromon.services.patients import patient_by_mrn, patient_history
from neutromon.services.store_admin import close_session
from tests.services.importing.messages import a_message
from tests.stores import make_store, open_at

CREATE = ImportOptions(create_patients=True)


class Server:
    """A listener in a thread of its own, which opens the store itself."""

    def __init__(self, path, options, spoil):
        self.path, self.options, self.spoil = path, options, spoil
        self.said, self.stop, self.ready = [], threading.Event(), threading.Event()
        self.port, self.counts = 0, ()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        session = open_at(self.path)
        try:
            own = Listener(session, 0, self.options, self.said.append)
            self.spoil(own)
            self.port = own.port
            self.ready.set()
            own.serve(self.stop.is_set)
            patient = patient_by_mrn(session, "T-0001")
            self.counts = patient_history(session, patient).counts if patient else ()
        finally:
            self.ready.set()
            close_session(session)


@contextmanager
def a_server(tmp_path, options=CREATE, spoil=lambda own: None):
    server = Server(make_store(tmp_path), options, spoil)
    server.thread.start()
    assert server.ready.wait(20)
    try:
        yield server
    finally:
        server.stop.set()
        server.thread.join(20)
        assert not server.thread.is_alive()


def answer_to(server, message):
    with MLLPClient("127.0.0.1", server.port) as client:
        return hl7.parse(client.send_message(message).decode().strip("\x0b\x1c\r") + "\r")


def test_that_a_foreign_client_gets_aa_for_a_stored_message(tmp_path):
    with a_server(tmp_path) as server:
        answer = answer_to(server, a_message(control="ABC 1").decode())
    assert str(answer.segment("MSA")[1]) == "AA"
    assert str(answer.segment("MSA")[2]) == "ABC 1"
    assert str(answer.segment("MSH")[9]) == "ACK^R01^ACK"
    assert (str(answer.segment("MSH")[3]), str(answer.segment("MSH")[5])) == ("NM", "LAB")
    assert len(server.counts) == 1


def test_that_a_message_that_waits_for_a_person_is_accepted_too(tmp_path):
    with a_server(tmp_path, ImportOptions()) as server:
        assert str(answer_to(server, a_message().decode()).segment("MSA")[1]) == "AA"
    assert server.said == ["mllp.hl7: 1 quarantined"]


def test_that_the_same_message_again_is_accepted_and_adds_nothing(tmp_path):
    with a_server(tmp_path) as server:
        for _ in range(2):
            assert str(answer_to(server, a_message().decode()).segment("MSA")[1]) == "AA"
    assert len(server.counts) == 1


def test_that_a_test_message_is_refused(tmp_path):
    with a_server(tmp_path) as server:
        answer = answer_to(server, a_message(mode="T").decode())
    assert str(answer.segment("MSA")[1]) == "AR"
    assert str(answer.segment("ERR")[4]) == "E"


def test_that_what_is_no_hl7_is_refused(tmp_path):
    with a_server(tmp_path) as server, MLLPClient("127.0.0.1", server.port) as client:
        assert b"|AR|" in client.send(b"\x0bgood morning\x1c\r")


def test_that_a_message_whose_beginning_is_missing_is_refused(tmp_path):
    beginning, _, rest = a_message().partition(b"\r")
    assert beginning.startswith(b"MSH")
    with a_server(tmp_path) as server, MLLPClient("127.0.0.1", server.port) as client:
        assert b"|AR|" in client.send(b"\x0b" + rest + b"\x1c\r")
    assert server.counts == ()


def test_that_a_store_that_cannot_write_asks_for_the_message_again(tmp_path):
    def spoil(own):
        def fail(group):
            raise NotSaved("Not saved. The disk is full.", "Free some space.")

        own._intake.take = fail

    with a_server(tmp_path, spoil=spoil) as server:
        assert str(answer_to(server, a_message().decode()).segment("MSA")[1]) == "AE"


def test_that_several_messages_in_pieces_each_get_an_answer(tmp_path):
    stream = b"".join(b"noise\x0b" + a_message(control=f"M{n}", taken=f"202603110{n}0000") + b"\x1c\r\n" for n in range(3))
    with a_server(tmp_path) as server, socket.create_connection(("127.0.0.1", server.port), 10) as peer:
        for start in range(0, len(stream), 97):
            peer.sendall(stream[start : start + 97])
        heard = b""
        while heard.count(b"\x1c") < 3:
            heard += peer.recv(4096)
    assert [heard.count(f"MSA|AA|M{n}".encode()) for n in range(3)] == [1, 1, 1]
    assert len(server.counts) == 3
    assert any("outside any message" in line for line in server.said)


def test_that_an_endless_message_is_refused_and_the_connection_closed(tmp_path, monkeypatch):
    monkeypatch.setattr("neutromon.services.importing.mllp.LARGEST_FRAME", 1000)
    with a_server(tmp_path) as server, socket.create_connection(("127.0.0.1", server.port), 10) as peer:
        peer.sendall(b"\x0b" + b"x" * 2000)
        heard = peer.recv(4096)
    assert b"|AR|" in heard


def test_that_the_ninth_connection_is_refused(tmp_path):
    with a_server(tmp_path) as server:
        peers = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(9)]
        assert peers[8].recv(1) == b""
        for peer in peers:
            peer.close()


def test_that_an_idle_connection_is_dropped(clinic):
    now = [0.0]
    own = Listener(clinic, 0, CREATE, lambda line: None, seconds=lambda: now[0])
    with socket.create_connection(("127.0.0.1", own.port), 10) as peer:
        own.turn(5)
        now[0] = listening.IDLE_S + 1
        own.turn(0)
        assert peer.recv(1) == b""
    own.close()


def test_that_it_listens_on_the_loopback_address_only(clinic):
    own = Listener(clinic, 0, CREATE, lambda line: None)
    assert own._server.getsockname()[0] == "127.0.0.1"
    own.close()


def test_that_a_port_in_use_or_out_of_range_is_said_so(clinic):
    own = Listener(clinic, 0, CREATE, lambda line: None)
    with pytest.raises(UserError, match="cannot be used"):
        Listener(clinic, own.port, CREATE, lambda line: None)
    with pytest.raises(UserError, match="no port"):
        Listener(clinic, 70000, CREATE, lambda line: None)
    own.close()


def test_that_listening_ends_when_told_and_on_ctrl_c(clinic):
    said: list[str] = []
    listen_mllp(clinic, 0, CREATE, said.append, stop=lambda: True)

    def interrupted() -> bool:
        raise KeyboardInterrupt

    listen_mllp(clinic, 0, CREATE, said.append, stop=interrupted)
    assert said == ["Stopped."]


@pytest.mark.parametrize(
    ("conditions", "code", "wanted"),
    [("AL|NE", "AA", ["CA"]), ("AL|AL", "AA", ["CA", "AA"]), ("ER|ER", "AA", []), ("NE|ER", "AR", ["AR"]), ("SU|NE", "AA", ["CA"])],
)
def test_that_enhanced_mode_answers_as_the_sender_asks(conditions, code, wanted):
    from neutromon.services.importing.mllp import acknowledgements, headers

    message = a_message().replace(b"|P|2.5", f"|P|2.5|||{conditions}".encode())
    answers = acknowledgements(headers(message), code, "", "2026-03-12T09:00:00", "1")
    assert [hl7.parse(answer).segment("MSA")[1][0] for answer in answers] == wanted
