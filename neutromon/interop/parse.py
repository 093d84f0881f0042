"""Bytes of any known format to specimen sets; a file that cannot be read is one set with its problem."""

from datetime import tzinfo

from neutromon.interop import wire
from neutromon.interop.astm import parse_astm
from neutromon.interop.fhir import parse_fhir
from neutromon.interop.hl7 import parse_hl7
from neutromon.interop.sheets import sheet_rows
from neutromon.interop.tables import parse_csv, parse_rows
from neutromon.models.errors import UserError
from neutromon.models.imports import ParsedFile, RawSet


def parse(data: bytes, site: tzinfo, form: str = "auto") -> ParsedFile:
    """Return what a file says; `site` is the time zone of times without offset."""
    if len(data) > wire.LARGEST:
        return _unreadable("", "MALFORMED", f"The file is larger than {wire.LARGEST // 1024 // 1024} MB.")
    if not data.strip(b"\x00 \r\n\t"):
        return _unreadable("", "MALFORMED", "The file is empty.")
    text, uncertain = wire.decode(data)
    kind = wire.sniff(data, text) if form == "auto" else form
    try:
        if kind == "hl7":
            return parse_hl7(text, site)
        if kind == "fhir":
            return parse_fhir(text, site)
        if kind == "astm":
            return parse_astm(text, site)
        if kind == "xlsx":
            return parse_rows(sheet_rows(data), site, "xlsx")
        if kind == "csv":
            return parse_csv(text, site, uncertain)
    except UserError as error:
        return _unreadable(kind, "MALFORMED", str(error))
    except (ValueError, IndexError, KeyError, RecursionError, OverflowError) as error:
        return _unreadable(kind, "MALFORMED", f"The file cannot be read ({type(error).__name__}).")
    return _unreadable("", "MALFORMED", "The file is of no known format.")


def _unreadable(form: str, code: str, sentence: str) -> ParsedFile:
    return ParsedFile(format=form or "unknown", sets=(RawSet(results=(), problem=(code, sentence)),))
