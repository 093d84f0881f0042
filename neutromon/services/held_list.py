"""The list of the holding bay: what waits, in the order in which a person should look, and each original message as text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from neutromon.interop.understand import Memo, understand
from neutromon.models.errors import UserError
from neutromon.models.history import Identifier
from neutromon.models.imports import RawSet
from neutromon.services.held_critical import may_be_critical
from neutromon.services.importing.codes import code_rules, code_table
from neutromon.services.records import latest_of
from neutromon.services.session import Session
from neutromon.storage.codec import decode
from neutromon.storage.held import OpenHeld, held_number, message_names, open_held

HELD = "held"
LONGEST = 400_000
"""So many characters of an original are shown; the whole of it stays in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """One waiting set in the list; `source` is the id of the message or file that brought it."""

    id: str
    code: str
    text: str
    held_at: datetime
    sender: str
    source_name: str
    name: str
    identifier: Identifier | None
    birth_date: date | None
    collected_at: datetime | None
    day_only: bool
    patient_id: str | None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A message as it arrived, for reading: `text` is "" where it is no text, `laid_out` says that line breaks were added."""

    name: str
    form: str
    bytes: int
    text: str
    laid_out: bool = False
    cut: bool = False


def held_count(s: Session) -> int:
    """Return how many sets wait."""
    return held_number(s.store)


def held_lines(s: Session) -> list[HeldLine]:
    """Return what waits, oldest first, without looking into the values."""
    names = message_names(s.store)
    return [_line(one, names.get(one.source, ("", ""))[0]) for one in open_held(s.store)]


def _line(one: OpenHeld, source_name: str) -> HeldLine:
    first = next(iter(one.identifiers), None)
    return HeldLine(
        id=one.root,
        code=one.reason[0],
        text=one.reason[1],
        held_at=datetime.fromisoformat(one.at),
        sender=one.sender,
        source_name=source_name,
        name=", ".join(part for part in (one.family, one.given) if part),
        identifier=decode(Identifier, first) if first else None,
        birth_date=date.fromisoformat(one.birth_date) if one.birth_date else None,
        collected_at=datetime.fromisoformat(one.collected_at) if one.collected_at else None,
        day_only=one.day_only,
        patient_id=one.patient,
        source=one.source,
    )


def critical_sets(s: Session, held_ids: Sequence[str]) -> frozenset[str]:
    """Return which of these sets would be critical if their values were true; a list of hundreds is asked in pieces."""
    rules, call_below = code_rules(s), s.protocol.call_threshold
    known = s.memory.critical((call_below, *((rule.id, rule.decided_at) for rule in rules)))
    unknown = [held_id for held_id in held_ids if held_id not in known]
    if unknown:
        table, memo = code_table(s), Memo()
        for held_id in unknown:
            own = decode(RawSet, latest_of(s, held_id, HELD).body["set"])
            rows = understand(own, table, accept_names=False, memo=memo)
            known[held_id] = may_be_critical(rows, call_below)
    return frozenset(held_id for held_id in held_ids if known[held_id])


def original_message(s: Session, held_id: str) -> bytes:
    """Return the message as it arrived, byte for byte."""
    content = s.store.message_content(str(latest_of(s, held_id, HELD).body.get("source", "")))
    if content is None:
        raise UserError("The original message is not in the store.", "Ask the laboratory to send it again.")
    return content


def original_text(s: Session, held_id: str) -> Original:
    """Return the message for reading, one segment a line; what is no text is told by its size and kind."""
    content = original_message(s, held_id)
    source = str(latest_of(s, held_id, HELD).body.get("source", ""))
    name, form = message_names(s.store).get(source, ("", ""))
    text = _as_text(content)
    laid_out = _laid_out(text)
    shown = laid_out or text
    return Original(name=name, form=form, bytes=len(content), text=shown[:LONGEST], laid_out=bool(laid_out), cut=len(shown) > LONGEST)


def _as_text(content: bytes) -> str:
    """Return bytes as text in the charset in which they read; "" for a workbook and other files that are no text."""
    if content.startswith(b"PK\x03\x04") or (b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff"))):
        return ""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for charset in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return _without_controls(content.decode(charset))
        except UnicodeDecodeError:
            continue
    return _without_controls(content.decode("latin-1"))


def _without_controls(text: str) -> str:
    """Return text with one kind of line end, control signs made visible, so that none of them hides or moves a character."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign if sign in "\n\t" or (sign.isprintable() or sign == " ") else "␀" for sign in lines)


def _laid_out(text: str) -> str:
    """Return JSON that came on few lines with line breaks outside its strings, every other sign as it was sent; else ""."""
    if not text.lstrip().startswith(("{", "[")) or text.count("\n") > len(text) // 400:
        return ""
    parts = re.split(r'("(?:[^"\\]|\\.)*")', text)
    shown, depth = [], 0
    for number, part in enumerate(parts):
        if number % 2:
            shown.append(part)
            continue
        for sign in part:
            depth += (sign in "{[") - (sign in "}]")
            before = "\n" + " " * max(depth, 0) if sign in "}]" else ""
            after = "\n" + " " * max(depth, 0) if sign in "{[," else ""
            shown.append(f"{before}{sign}{after}")
    return "".join(shown)
