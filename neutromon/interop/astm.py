"""A tolerant ASTM E1394 / LIS2-A reader: frames with their check sums, lost control bytes, comments; then specimen sets."""

import re
from dataclasses import replace
from datetime import tzinfo

from neutromon.interop.times import Stamp, day, stamp, unless_midnight
from neutromon.models.history import Identifier
from neutromon.models.imports import ParsedFile, RawResult, RawSet

_FRAME = re.compile(r"\x02([^\x02\x03\x17]*)([\x03\x17])([0-9A-Fa-f]{2})?")
KINDS = frozenset("HPORCQMSL")
"""Letters of the records of ASTM E1394: header, patient, order, result, comment, query, manufacturer, scientific, end."""
_GLUED = re.compile(r"^\d[A-Z][|\\!]")


def parse_astm(text: str, site: tzinfo) -> ParsedFile:
    """Return the specimen sets of a text; a frame with a wrong check sum makes the file malformed."""
    body, broken = _unframed(text.replace("\ufeff", ""))
    if broken:
        return _problem("A frame's check sum is wrong: the transmission is damaged.")
    messages = _messages(_records(body))
    sets = [own for message in messages for own in _sets(message, site)]
    if not sets:
        return _problem("No complete ASTM message was found in the file.")
    return ParsedFile(format="astm", sets=tuple(sets))


def _problem(sentence: str) -> ParsedFile:
    return ParsedFile(format="astm", sets=(RawSet(results=(), problem=("MALFORMED", sentence)),))


def _unframed(text: str) -> tuple[str, bool]:
    """Return the records of framed text, and whether a check sum was wrong."""
    frames = list(_FRAME.finditer(text))
    if not frames:
        return text, False
    body: list[str] = []
    broken = False
    for frame in frames:
        content, end, given = frame.groups()
        if given:
            broken = broken or int(given, 16) not in _check_sums(content, end)
        content = content[1:] if content[:1].isdigit() else content
        body.append(content if end == "\x17" else f"{content}\r")
    return "".join(body), broken


def _check_sums(content: str, end: str) -> set[int]:
    """Return the check sum of a frame as it stands, and as the device sent it where a program changed CR to another line end since."""
    sent = re.sub(r"\r\n|\n", "\r", content)
    return {sum((text + end).encode("latin-1", "replace")) % 256 for text in {content, sent}}


def _records(body: str) -> list[str]:
    body = re.sub(r"[\x00-\x09\x0b\x0c\x0e-\x1f]", "", body)
    lines = [line for line in re.split(r"\r\n|\r|\n", body) if line.strip()]
    if sum(1 for line in lines if _GLUED.match(line)) >= 3:
        lines = _reglue(lines)
    found: list[list[str]] = []
    for line in lines:
        if line.lstrip().startswith("#"):
            continue
        if not found or re.match(r"^(?:[A-Z][|\\!]|(?:OBX|OBR|PID|NTE)\|)", line):
            found.append([line])
        else:
            found[-1].append(line)
    return ["".join(parts) for parts in found]


def _reglue(lines: list[str]) -> list[str]:
    """Return records of a capture that lost its control bytes: no frame digits, no lines of two hex digits."""
    kept: list[list[str]] = []
    for line in lines:
        if re.fullmatch(r"[0-9A-Fa-f]{2}", line.strip()):
            continue
        if _GLUED.match(line):
            kept.append([line[1:]])
        elif kept:
            tail = kept[-1][-1]
            kept[-1][-1] = tail[:-2] if re.fullmatch(r"[0-9A-F]{2}", tail[-2:]) else tail
            kept[-1].append(line[1:] if line[:1].isdigit() else line)
    return ["".join(parts) for parts in kept]


class Message:
    """The records of one message with its separators."""

    def __init__(self, header: str) -> None:
        self.separator = header[1:2] if len(header) > 1 and not header[1].isalnum() else "|"
        rest = header[2:].split(self.separator)[0] if header[:1] == "H" else "\\^&"
        rest = "\\^&" if rest[:1].isalnum() else rest
        self.repeat = rest[0:1] or "\\"
        self.component = rest[1:2] or "^"
        if self.separator == "|" and "^" in rest[:1]:
            self.repeat, self.component = "~", "^"
        self.records: list[list[str]] = []
        self.problem: tuple[str, str] | None = None if header[:1] == "H" else ("MALFORMED", "The message has no header record.")

    def add(self, line: str) -> None:
        """Add a record; one of a kind that no analyser knows makes the message doubtful."""
        self.records.append(line.split(self.separator))
        kind = self.records[-1][0].strip()
        if len(kind) == 1 and kind.isalpha() and kind not in KINDS:
            self.problem = ("MALFORMED", f"The message has a record of the unknown kind {kind}.")

    def part(self, field: str, number: int) -> str:
        """Return a component, counted from 0."""
        parts = field.split(self.repeat)[0].split(self.component) if field else []
        return parts[number].strip() if -len(parts) <= number < len(parts) else ""


def _messages(records: list[str]) -> list[Message]:
    messages: list[Message] = []
    for line in records:
        if line.startswith("H") or not messages:
            messages.append(Message(line))
        messages[-1].add(line)
    return messages


def _get(record: list[str], number: int) -> str:
    return record[number].strip() if number < len(record) else ""


def _sets(message: Message, site: tzinfo) -> list[RawSet]:
    """Return one set for each order with results."""
    header: list[str] = next((r for r in message.records if r[0].startswith("H")), [])
    control = _get(header, 11).upper() == "Q"
    found: list[RawSet] = []
    patient: list[str] = []
    order: list[str] = []
    rows: list[tuple[list[str], list[str]]] = []
    quality = False

    def close() -> None:
        if rows:
            found.append(_set(message, header, patient, order, rows, site, control or quality))
        rows.clear()

    for record in message.records:
        kind = record[0].strip()[:3] if record[0].strip() in {"OBX", "OBR", "PID"} else record[0].strip()[:1]
        if kind in {"P", "PID"}:
            close()
            patient, order = record, []
        elif kind in {"O", "OBR"}:
            close()
            order = record
        elif kind in {"R", "OBX"}:
            rows.append((record, []))
        elif kind == "C" and rows:
            rows[-1][1].append(" ".join(record[2:]))
        elif kind == "Q" and len(record) > 3:
            quality = True
    close()
    if not found and (quality or control):
        found.append(RawSet(results=(), ignored=("NOT_PATIENT", "Control material, not a patient's specimen.")))
    return found


def _set(
    message: Message,
    header: list[str],
    patient: list[str],
    order: list[str],
    rows: list[tuple[list[str], list[str]]],
    site: tzinfo,
    control: bool,
) -> RawSet:
    hl7 = rows[0][0][0].strip() == "OBX"
    when = _collected(header, order, rows, site, hl7)
    born = _get(patient, 7)
    shifted = _shifted(message, patient)
    name = _get(patient, 4 if shifted else 5)
    results = [row for record, notes in rows if (row := _hl7_row(record, notes) if hl7 else _row(message, record, notes))]
    if not hl7 and (material := _get(order, 15)):
        results = [replace(row, context=f"{row.context} {material}".strip()) for row in results]
    control = control or (not hl7 and _get(order, 11).upper() == "Q")
    mode = _get(header, 11).upper()
    family, given = _name(message, name)
    return RawSet(
        results=tuple(results),
        identifiers=() if hl7 else _identifiers(message, patient),
        family=family,
        given=given,
        birth_date=day(born),
        birth_text=born or None,
        sex=_sex(patient),
        collected=when.text if when else None,
        collected_at=when.at if when else None,
        day_only=when.day_only if when else False,
        specimen=message.part(_get(order, 2) or _get(order, 3), -1) or _last(message, _get(order, 3)) or None,
        sender=_get(header, 4),
        processing=mode if mode in {"T", "D"} else "",
        ignored=("NOT_PATIENT", "Control material, not a patient's specimen.") if control else None,
        problem=message.problem,
    )


def _shifted(message: Message, patient: list[str]) -> bool:
    """Return whether the name stands in the place of the third number, as senders write it who leave P-2 out."""
    name = _get(patient, 4)
    return not _get(patient, 5) and message.component in name and re.search(r"[^\W\d_]{2}", name) is not None


def _sex(patient: list[str]) -> str | None:
    return next((sex for sex in (_get(patient, 8), _get(patient, 6), _get(patient, 4)) if sex.upper() in {"M", "F", "U", "O"}), None)


def _last(message: Message, field: str) -> str:
    parts = [part.strip() for part in field.split(message.component) if part.strip()]
    return parts[-1] if parts else ""


def _name(message: Message, field: str) -> tuple[str | None, str | None]:
    parts = [part.strip() for part in field.split(message.component)]
    filled = [part for part in parts if part]
    if not filled:
        return None, None
    if parts[0]:
        return parts[0], (parts[1] if len(parts) > 1 else None) or None
    return filled[-1], filled[0] if len(filled) > 1 else None


def _identifiers(message: Message, patient: list[str]) -> tuple[Identifier, ...]:
    """Return P-3, P-4 and P-5, the record type being P-1; the first that is not empty is matched by."""
    found = []
    for number, name in ((2, "P-3"), (3, "P-4"), (4, "P-5")):
        value = message.part(_get(patient, number), 0)
        if number == 4 and (_shifted(message, patient) or value.upper() in {"M", "F", "U", "O"}):
            continue
        if value:
            found.append(Identifier(value=value, authority=name))
    return tuple(found)


def _collected(header: list[str], order: list[str], rows: list[tuple[list[str], list[str]]], site: tzinfo, hl7: bool) -> Stamp | None:
    if hl7:
        places = [_get(order, 7), _get(order, 6), *(_get(record, 14) for record, _ in rows)]
    else:
        places = [_earlier(_get(order, 7), _get(order, 8), site), _get(order, 6), _get(order, 5)]
        places += [_get(record, number) for record, _ in rows for number in (12, 9, 8)]
    places.append(_get(header, 13) or (header[-1].strip() if header else ""))
    for place in places:
        found = stamp(place, site)
        if found is not None and found.at.year > 1900:
            return unless_midnight(found)
    return None


def _earlier(start: str, end: str, site: tzinfo) -> str:
    """Return the earlier of the two collection times; some devices write them the other way round."""
    one, two = stamp(start, site), stamp(end, site)
    if one is None or two is None:
        return start if one is not None else end
    return start if one.at <= two.at else end


def _code(message: Message, field: str) -> list[str]:
    """Return the parts of R-3 that name a test: not empty, not a bare dilution or number."""
    parts = [part.strip() for part in field.split(message.repeat)[0].split(message.component)]
    return [part for part in parts if part and not re.fullmatch(r"\d{1,2}", part)]


def _row(message: Message, record: list[str], notes: list[str]) -> RawResult | None:
    names = _code(message, _get(record, 2))
    value = _get(record, 3)
    if value.startswith("PNG") or re.search(r"PNG|SCAT|DIST|HIST", " ".join(names)):
        return None
    loinc = [n for n in names if re.fullmatch(r"\d{1,5}-\d", n)]
    codes = loinc + [n for n in names if n not in loinc]
    suspicion = any(name.endswith("?") or name.startswith(("Positive_", "Error_")) for name in names)
    return RawResult(
        codes=tuple((code, "") for code in codes),
        texts=tuple(n for n in names if n not in loinc),
        value=value or None,
        unit=_get(record, 4) or None,
        range=_get(record, 5),
        flag=_get(record, 6),
        status=_status(record),
        value_type="ASTM",
        notes=tuple(notes),
        absent=suspicion,
    )


def _status(record: list[str]) -> str | None:
    """Return R-9, where a status stands there; devices that lose separators have a time there."""
    status = _get(record, 8)
    return status if re.fullmatch(r"[A-Za-z]{1,2}", status) else None


def _hl7_row(record: list[str], notes: list[str]) -> RawResult:
    name = _get(record, 3)
    parts = [part for part in re.split(r"[~^]", name) if part.strip()]
    value = re.split(r"[~^]", _get(record, 5))[0].strip()
    status = re.split(r"[~^]", _get(record, 11))[0].strip()
    return RawResult(
        codes=tuple((part, "") for part in parts[:1]),
        texts=tuple(parts),
        value=value or None,
        unit=_get(record, 6) or None,
        flag=_get(record, 8),
        status=status or None,
        notes=tuple(notes),
    )
