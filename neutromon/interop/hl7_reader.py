"""A tolerant HL7 v2 reader: any line end, wrapped lines, several messages, own separators; nothing is validated."""

import re
from dataclasses import dataclass, field

from neutromon.models.errors import UserError

_NAMES = (
    "MSH FHS BHS BTS FTS PID PD1 PV1 PV2 ORC OBR OBX NTE SPM SAC TQ1 TQ2 NK1 AL1 DG1 GT1 IN1 IN2 FT1 CTI CTD DSC MSA ERR QRD QRF EVN "
    "MRG PRD RDF RDT SFT ROL IAM PR1 ACC UB1 UB2 BLG CSR CSP CSS INV TCD TCC SID EQU ISD ARV PRT"
)
KNOWN = frozenset(_NAMES.split(" "))
MOST_SEGMENTS = 400_000
_ESCAPE = re.compile(r"\\([^\\\r\n]{1,80})\\")


@dataclass(slots=True)
class Segment:
    """One segment; field numbers agree with the standard."""

    name: str
    fields: list[str]
    separators: str

    def raw(self, number: int) -> str:
        """Return a field as it stands."""
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> list[str]:
        """Return the repetitions of a field."""
        raw = self.raw(number)
        return raw.split(self.separators[2]) if raw else []

    def components(self, number: int, repetition: int = 0) -> list[str]:
        """Return the components of one repetition, unescaped."""
        found = self.repetitions(number)
        if repetition >= len(found):
            return []
        parts = found[repetition].split(self.separators[1])
        return [unescape(part, self.separators) for part in parts] if self.separators[3] in found[repetition] else parts

    def text(self, number: int, component: int = 1) -> str:
        """Return one component of the first repetition."""
        raw = self.fields[number] if number < len(self.fields) else ""
        if not raw:
            return ""
        between, repeated, escape = self.separators[1], self.separators[2], self.separators[3]
        if repeated in raw:
            raw = raw.split(repeated, 1)[0]
        if between in raw or component > 1:
            parts = raw.split(between)
            raw = parts[component - 1] if component <= len(parts) else ""
        return unescape(raw, self.separators).strip() if escape in raw else raw.strip()

    def whole(self, number: int) -> str:
        """Return a field as one text, its components joined as sent."""
        raw = self.fields[number] if number < len(self.fields) else ""
        if not raw:
            return ""
        return unescape(raw, self.separators).strip() if self.separators[3] in raw else raw.strip()


@dataclass(slots=True)
class Message:
    """The segments from one MSH to the next; `headless` where results stand before any MSH, then an empty MSH is put before them."""

    segments: list[Segment] = field(default_factory=list)
    headless: bool = False

    def first(self, name: str) -> Segment | None:
        """Return the first segment of a name."""
        return next((segment for segment in self.segments if segment.name == name), None)


def unescape(text: str, separators: str) -> str:
    """Return a text with its escapes resolved; an escape that is not known stays as it is."""
    escape = separators[3] if len(separators) > 3 else "\\"
    if escape not in text:
        return text
    pattern = _ESCAPE if escape == "\\" else re.compile(rf"{re.escape(escape)}([^{re.escape(escape)}\r\n]{{1,80}}){re.escape(escape)}")
    names = {"F": separators[0], "S": separators[1], "R": separators[2], "T": separators[4] if len(separators) > 4 else "&", "E": escape}

    def resolve(match: re.Match[str]) -> str:
        code = match.group(1)
        if code in names:
            return names[code]
        if code.startswith("X") and re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", code):
            return bytes.fromhex(code[1:]).decode("cp1252", "replace")
        if code == ".br":
            return "\n"
        return "" if code in {"H", "N"} or code.startswith(".") else match.group(0)

    return pattern.sub(resolve, text)


def lines_of(text: str) -> list[str]:
    """Return logical lines: wrapped lines joined to the segment before them."""
    if text[:200].lstrip().startswith("<?xml"):
        text = "\r".join(_cdata(text)) or re.sub(r"<[^>]{0,200}>", "", text)
    text = text.replace("\ufeff", "").replace("\x0b", "").replace("\x1c", "\r")
    found: list[list[str]] = []
    separator = "|"
    for line in re.split(r"\r\n|\r|\n", text):
        if not line.strip():
            continue
        head = re.match(r"\s*MSH([^A-Za-z0-9\s])", line)
        if head:
            separator = head.group(1)
        if head or _starts(line.lstrip(), separator):
            found.append([line.lstrip()])
        elif found:
            found[-1].append(line if found[-1][-1].endswith(" ") or line.startswith(" ") else f" {line}")
        if len(found) > MOST_SEGMENTS:
            raise UserError(f"The file has more than {MOST_SEGMENTS} segments.", "Split it and import the parts.")
    return ["".join(parts) for parts in found]


def _cdata(text: str) -> list[str]:
    """Return what stands in the CDATA sections of an XML text; each byte is looked at once."""
    found, place = [], 0
    while (start := text.find("<![CDATA[", place)) >= 0 and (end := text.find("]]>", start)) >= 0:
        found.append(text[start + 9 : end])
        place = end + 3
    return found


def _starts(line: str, separator: str) -> bool:
    name, rest = line[:3], line[3:4]
    return (name in KNOWN or re.fullmatch(r"Z[A-Z0-9]{2}", name) is not None) and rest in {separator, ""}


def read(text: str) -> list[Message]:
    """Return the messages of a text; results before the first MSH are a message of their own without a header."""
    messages: list[Message] = []
    separators = "|^~\\&"
    before: list[Segment] = []
    for line in lines_of(text):
        name = line[:3]
        if name == "MSH":
            first = line[3:4] or "|"
            given = line[4:].split(first, 1)[0]
            separators = first + (given + "^~\\&"[len(given) :] if len(given) < 4 else given[:4])
            messages.append(Message())
        if name in {"FHS", "BHS", "BTS", "FTS"}:
            continue
        (messages[-1].segments if messages else before).append(_segment(line, separators))
    if any(segment.name == "OBX" for segment in before):
        messages.insert(0, Message([Segment("MSH", ["MSH", "|", "^~\\&"], "|^~\\&"), *before], headless=True))
    return messages


def _segment(line: str, separators: str) -> Segment:
    parts = line.split(separators[0])
    if parts[0] == "MSH":
        parts = ["MSH", separators[0], *parts[1:]]
    return Segment(name=parts[0][:3], fields=parts, separators=separators)
