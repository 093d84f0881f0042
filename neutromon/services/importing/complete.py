"""Whether the bytes of a file look whole: a sender may still be writing it."""

import io
import json
import re
import zipfile

from neutromon.interop import fhir_xml
from neutromon.interop.wire import decode, sniff


def is_complete(data: bytes) -> bool:
    """Return whether a file's content ends where its format says it ends; plain text never can tell and counts as whole."""
    if not data.strip():
        return False
    text, _ = decode(data)
    kind = sniff(data, text)
    if kind == "xlsx":
        return _is_archive(data)
    if kind == "fhir":
        return fhir_xml.ends(text.strip()) if text.lstrip().startswith("<") else _is_json(text)
    if kind == "hl7":
        return _hl7(text)
    if kind == "astm":
        return _astm(text)
    return True


def _is_archive(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _hl7(text: str) -> bool:
    """Return whether the last segment ended, and every batch that was begun was closed."""
    for begin, end in (("BHS", "BTS"), ("FHS", "FTS")):
        if re.search(rf"(?m)^{begin}[^A-Za-z0-9\s]", text.replace("\r", "\n")) and not re.search(rf"[\r\n]{end}", text):
            return False
    return text.rstrip(" \t")[-1:] in {"\r", "\n", "\x1c"}


def _astm(text: str) -> bool:
    return "\x04" in text or re.search(r"(?:^|[\r\n\x02])\d?L\|", text) is not None
