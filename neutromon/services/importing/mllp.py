"""The MLLP frame and the HL7 acknowledgement, as text and bytes; no socket here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from neutromon.interop.hl7_reader import Message, Segment, read
from neutromon.interop.wire import decode

START, END = b"\x0b", b"\x1c"
LARGEST_FRAME = 5 * 1024 * 1024
ACCEPTED, RETRY, REFUSED = "AA", "AE", "AR"


class FrameTooLarge(Exception):
    """A frame grew beyond what is taken."""


@dataclass(slots=True)
class FrameReader:
    """Collects the frames of one connection; bytes outside a frame are counted, never read."""

    buffer: bytearray = field(default_factory=bytearray)
    outside: int = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Return the frames that are whole now; raise FrameTooLarge where one has no end in sight."""
        self.buffer += data
        found: list[bytes] = []
        while True:
            start = self.buffer.find(START)
            if start < 0:
                self.outside += len(self.buffer.strip(b"\r\n"))
                self.buffer.clear()
                return found
            if start:
                self.outside += len(self.buffer[:start].strip(b"\r\n"))
                del self.buffer[:start]
            end = self.buffer.find(END, 1)
            if end < 0:
                if len(self.buffer) > LARGEST_FRAME:
                    raise FrameTooLarge
                return found
            if end > LARGEST_FRAME:
                raise FrameTooLarge
            found.append(bytes(self.buffer[1:end]))
            del self.buffer[: end + 1]


def framed(text: str) -> bytes:
    """Return a message in its frame."""
    return START + text.encode("utf-8") + END + b"\r"


def headers(data: bytes) -> list[Message]:
    """Return the messages of a frame, for their headers."""
    return [message for message in read(decode(data)[0]) if not message.headless]


def acknowledgements(messages: Sequence[Message], code: str, text: str, at: str, control: str) -> list[str]:
    """Return the answers that a sender asks for: the plain one, or in enhanced mode those of MSH-15 and MSH-16."""
    if not messages:
        plain = Segment(name="MSH", fields=["MSH", "|", "^~\\&"], separators="|^~\\&")
        return [_answer(plain, REFUSED if code == ACCEPTED else code, text or "No HL7 message.", at, control)]
    answers: list[str] = []
    for number, message in enumerate(messages):
        header = message.segments[0]
        for own in _codes(header, code):
            answers.append(_answer(header, own, text, at, f"{control}{number or ''}{'C' if own[0] == 'C' else ''}"))
    return answers


def _codes(header: Segment, code: str) -> list[str]:
    accept, application = header.text(15).upper(), header.text(16).upper()
    if not accept and not application:
        return [code]
    codes = []
    if _wanted(accept, code):
        codes.append(f"C{code[1]}")
    if _wanted(application, code):
        codes.append(code)
    return codes


def _wanted(condition: str, code: str) -> bool:
    """Return whether a condition asks for an answer: always, on error, on success; never and empty do not."""
    if condition in {"AL", "ER", "SU"}:
        return condition == "AL" or (condition == "SU") == (code == ACCEPTED)
    return False


def _answer(header: Segment, code: str, text: str, at: str, control: str) -> str:
    separators = header.separators
    bar, part = separators[0], separators[1]
    event = header.raw(9).split(part)[1] if len(header.raw(9).split(part)) > 1 else ""
    kind = part.join(["ACK", event, "ACK"]) if event else "ACK"
    version = header.text(12) or "2.5"
    stamp = "".join(letter for letter in at[:19] if letter.isdigit())
    fields = ["MSH", separators[1:], "", "", "", "", stamp, "", kind, control, header.raw(11) or "P", version]
    fields[2:6] = [header.raw(5), header.raw(6), header.raw(3), header.raw(4)]
    lines = [bar.join(fields), bar.join(["MSA", code, header.raw(10), text])]
    if code != ACCEPTED and code != "CA" and version >= "2.5":
        lines.append(bar.join(["ERR", "", "", "207", "E", "", "", "", text]))
    return "\r".join(lines) + "\r"
