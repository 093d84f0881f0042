"""Bytes to text, and which format the text is: by content, never by extension."""

import codecs
import re

from neutromon.interop.fhir_xml import is_fhir_xml
from neutromon.interop.hl7_reader import KNOWN

LARGEST = 50 * 1024 * 1024
CODE_PAGES = {
    **{page: f"cp{page}" for page in ("1250", "1251", "1253", "1254", "1255", "1256", "1257", "1258")},
    **{f"8859{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9)},
    **dict.fromkeys(("GB18030", "GB180302000", "GBK", "GB2312"), "gb18030"),
    **dict.fromkeys(("KSX1001", "EUCKR"), "euc_kr"),
    "BIG5": "big5",
}
"""Code pages that MSH-18 may name; it is a hint, taken only where the bytes are no UTF-8. Latin 1 is named too often to mean it."""
_MSH_18 = re.compile(rb"MSH([^A-Za-z0-9\s])(?:[^\r\n]*?\1){16}([^\r\n]*?)(?:\1|[\r\n])")
_EMERALD = re.compile(r"EMD\d\d\w*;")
"""The first line of a CELL-DYN Emerald, whose own format states units by a number only: not read, and no table either."""
UNREAD = (
    (_EMERALD, "A result of a CELL-DYN Emerald, which states its units by a number only: send HL7 or ASTM, or export a table."),
    (re.compile(r"<(?:\w{1,20}:)?ClinicalDocument[\s>]"), "A clinical document (CDA): send its results as HL7 v2 or FHIR."),
    (re.compile(r"%PDF"), "A PDF: copy its text and paste it, then confirm the rows."),
    (re.compile(r"\x89PNG|\xff\xd8\xff|‰PNG|ÿØÿ"), "A picture: type its values, or send HL7, FHIR, ASTM or a table."),
    (re.compile(r"\{\\rtf|<(?:!doctype )?html", re.IGNORECASE), "A formatted text: copy its text and paste it, then confirm the rows."),
)
"""What content of formats that are not read is, for the person who finds it in the holding bay."""
CONTROLS = {
    "STX": "\x02",
    "ETX": "\x03",
    "EOT": "\x04",
    "ENQ": "\x05",
    "ACK": "\x06",
    "ETB": "\x17",
    "CR": "\r",
    "LF": "\n",
    "VT": "\x0b",
    "FS": "\x1c",
    "SB": "\x0b",
    "EB": "\x1c",
}
_NAMED = re.compile(rf"[<\[{{]({'|'.join(CONTROLS)})[>\]}}]")
_OPENED = re.compile(r"\s*[<\[{](?:STX|ENQ|VT|SB)[>\]}]")
_HL7 = re.compile(r"^\s*(?:\x0b)?(?:MSH|FHS|BHS)[^A-Za-z0-9\s]")
_WITHIN = re.compile(r"(?:^|[\r\n])MSH[|^~\\&$!]")
_HEADLESS = re.compile(r"(?:^|[\r\n])(?:PID|OBR|OBX)\|[^\r\n]*\|")
"""Segments of a message whose beginning is missing."""
_ASTM = re.compile(r"^[\x05\x02\s]*(?:\d?H[|\\!]|\d?H\|)")


class _Shown(dict[int, int]):
    """Letter by letter what is shown for it, found once: itself where it can be shown or is kept, else a blank."""

    def __init__(self, kept: str) -> None:
        super().__init__({ord(letter): ord(letter) for letter in kept})

    def __missing__(self, letter: int) -> int:
        self[letter] = letter if chr(letter).isprintable() else ord(" ")
        return self[letter]


_LINES, _LINE = _Shown("\n\t"), _Shown("")


def decode(data: bytes) -> tuple[str, bool]:
    """Return the text and whether its encoding is uncertain: byte order mark, UTF-8, what MSH-18 names, cp1252."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(name), False
            except UnicodeDecodeError:
                return data.decode("cp1252", "replace"), True
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    named = _declared(data)
    if named is not None:
        return named, False
    try:
        return data.decode("cp1252"), False
    except UnicodeDecodeError:
        return data.decode("latin-1"), True


def _declared(data: bytes) -> str | None:
    """Return a message in the code page that its MSH-18 names, where that is neither UTF-8 nor Latin and every byte belongs to it."""
    match = _MSH_18.search(data[:4096])
    words = re.sub(rb"[^A-Z0-9]", b"", match.group(2).upper()) if match else b""
    codec = CODE_PAGES.get(words.decode("ascii").removeprefix("WINDOWS").removeprefix("ISO").removeprefix("CP"))
    if codec is None:
        return None
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def sniff(data: bytes, text: str) -> str:
    """Return hl7, fhir, astm, xlsx, csv, or empty for nothing that is known."""
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"{\\rtf")):
        return ""
    head = text.lstrip("\ufeff\x0b \r\n\t")
    looks = _HL7.match(head) or (head.startswith("<?xml") and "MSH" in head) or _WITHIN.search(head[:4000])
    if looks and not _ASTM.match(head):
        return "hl7"
    if head.startswith(("{", "[")):
        return "fhir"
    if _ASTM.match(head) or "\x02" in text[:200] or re.search(r"(?m)^\d?[HPOR]\|", head[:2000]):
        return "astm"
    if is_fhir_xml(head[:4000]):
        return "fhir"
    if head.startswith("<") or _EMERALD.match(head):
        return ""
    if _HEADLESS.search(head[:4000]):
        return "hl7"
    return "csv" if re.search(r"[,;\t]", head[:4000]) or _barred(head[:4000]) else ""


def unknown(text: str) -> str:
    """Return why content of no format that is read cannot be: by its name where it has one."""
    head = text.lstrip("\ufeff \r\n\t")[:4000]
    return next((sentence for known, sentence in UNREAD if known.search(head)), "The file is of no known format.")


def _barred(head: str) -> bool:
    """Return whether a text is a table between bars, and no message that lost its first segment."""
    lines = [line for line in re.split(r"[\r\n]+", head) if line.count("|") > 1]
    return len(lines) > 1 and not any(line.lstrip()[:3] in KNOWN and line.lstrip()[3:4] == "|" for line in lines)


def spelled(text: str) -> str:
    """Return a log of a line, which writes control bytes by their names ("<STX>", "[CR]"), with the bytes themselves."""
    if not _OPENED.match(text):
        return text
    return _NAMED.sub(lambda name: CONTROLS[name.group(1)], re.sub(r"[\r\n]+", "", text))


def printable(text: str) -> str:
    """Return a text that can be stored and shown: no control characters, no half characters."""
    if text.isprintable():
        return text
    whole = text.encode("utf-8", "replace").decode()
    return whole.translate(_LINES)


def one_line(text: str) -> str:
    """Return a name that can be stored and shown in one line."""
    if text.isprintable():
        return text
    return printable(text).translate(_LINE)
