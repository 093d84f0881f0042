"""Bytes of any known format to specimen sets; a file that cannot be read is one set with its problem."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from neutromon.interop import wire
from neutromon.interop.astm import parse_astm
from neutromon.interop.chart_file import FORMAT
from neutromon.interop.charts import charts_of
from neutromon.interop.fhir import parse_fhir
from neutromon.interop.hl7 import parse_hl7
from neutromon.interop.sheets import sheet_rows
from neutromon.interop.tables import parse_csv, parse_rows
from neutromon.models.errors import UserError
from neutromon.models.imports import ParsedFile, RawResult, RawSet

LONGEST = 1000
MOST_RESULTS = 2000
_TEXTS = ("control_id", "family", "given", "birth_text", "sex", "collected", "specimen", "sender", "reported_at", "processing")
_ROW_TEXTS = ("value", "unit", "range", "flag", "status", "context", "method", "value_type", "modifier")


def parse(data: bytes, site: tzinfo, form: str = "auto") -> ParsedFile:
    """Return what a file says; `site` is the time zone of times without offset."""
    if len(data) > wire.LARGEST:
        return _unreadable("", "MALFORMED", f"The file is larger than {wire.LARGEST // 1024 // 1024} MB.")
    if not data.strip(b"\x00 \r\n\t"):
        return _unreadable("", "MALFORMED", "The file is empty.")
    text, uncertain = wire.decode(data)
    text = wire.spelled(text)
    kind = wire.sniff(data, text) if form == "auto" else form
    try:
        found = _shown(_parsed(kind, data, text, site))
        return _marked(found, "CHARSET_UNCERTAIN") if uncertain and kind != "xlsx" else found
    except UserError as error:
        return _unreadable(kind, "MALFORMED", str(error))
    except (
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
        ArithmeticError,
        MemoryError,
    ) as error:
        return _unreadable(kind, "MALFORMED", f"The file cannot be read ({type(error).__name__}).")


def _parsed(kind: str, data: bytes, text: str, site: tzinfo) -> ParsedFile:
    if kind == "hl7":
        return parse_hl7(text, site)
    if kind == "fhir":
        return _with_charts(text, site)
    if kind == "astm":
        return parse_astm(text, site)
    if kind == "xlsx":
        return parse_rows(sheet_rows(data), site, "xlsx")
    if kind == "csv":
        return parse_csv(text, site)
    return _unreadable("", "MALFORMED", wire.unknown(text))


def _with_charts(text: str, site: tzinfo) -> ParsedFile:
    """Return what a JSON file says: the charts that this program wrote, else the FHIR resources."""
    if FORMAT in text:
        try:
            charts = charts_of(json.loads(text, parse_constant=str))
        except ValueError:
            charts = ()
        if charts:
            return ParsedFile(format="fhir" if '"resourceType"' in text else "chart", sets=(), charts=charts)
    return parse_fhir(text, site)


def _marked(parsed: ParsedFile, mark: str) -> ParsedFile:
    return replace(parsed, sets=tuple(replace(own, marks=(*own.marks, mark)) for own in parsed.sets))


def troubled(parsed: ParsedFile, problem: tuple[str, str]) -> ParsedFile:
    """Return a file whose sets all wait for one reason: it was cut off, or its reading is doubtful."""
    return replace(parsed, sets=tuple(replace(own, problem=own.problem or problem) for own in parsed.sets))


def _unreadable(form: str, code: str, sentence: str) -> ParsedFile:
    return ParsedFile(format=form or "unknown", sets=(RawSet(results=(), problem=(code, sentence)),))


def _shown(parsed: ParsedFile) -> ParsedFile:
    """Return a file whose texts can be stored and shown, however hostile the bytes were; long texts stay in the original only."""
    return replace(parsed, sets=tuple(_shown_set(own) for own in parsed.sets))


def _shown_set(own: RawSet) -> RawSet:
    if len(own.results) > MOST_RESULTS:
        own = replace(own, problem=("MALFORMED", f"One specimen with more than {MOST_RESULTS} results cannot be right."))
    shown = _plain(text for row in own.results for text in _row_texts(row))
    results = own.results if shown else tuple(_shown_row(row) for row in own.results)
    texts = [getattr(own, name) for name in _TEXTS] + [part for i in own.identifiers for part in (i.value, i.authority)]
    if _plain(texts):
        return own if shown else replace(own, results=results)
    names: dict[str, Any] = {name: _text(value) for name in _TEXTS if (value := getattr(own, name)) is not None}
    numbers = tuple(replace(i, value=_text(i.value), authority=_text(i.authority) if i.authority else None) for i in own.identifiers)
    return replace(own, results=results, identifiers=numbers, **names)


def _plain(texts: Iterable[str | None]) -> bool:
    """Return whether texts can be stored and shown as they are; nearly all can, so they are looked at as one."""
    given = [text for text in texts if text]
    whole = "".join(given)
    return whole.isprintable() and (len(whole) <= LONGEST or all(len(text) <= LONGEST for text in given))


def _row_texts(row: RawResult) -> tuple[str | None, ...]:
    coded = [part for code in row.codes for part in code]
    plain = (row.value, row.unit, row.range, row.flag, row.status, row.context, row.method, row.value_type, row.modifier)
    return *plain, *row.texts, *row.notes, *coded


def _shown_row(row: RawResult) -> RawResult:
    words: dict[str, Any] = {name: _text(value) for name in _ROW_TEXTS if (value := getattr(row, name)) is not None}
    return replace(
        row,
        codes=tuple((_text(code), _text(system)) for code, system in row.codes),
        texts=tuple(_text(text) for text in row.texts),
        notes=tuple(_text(note) for note in row.notes),
        **words,
    )


def _text(text: str) -> str:
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}… ({len(text)} characters; the whole text is in the original message)"
    return wire.printable(text)
