"""Tables and pasted text with a person's eye on them: preview as it will be stored, settle, import."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from neutromon.interop.analytes import OTHER, fold
from neutromon.interop.parse import parse
from neutromon.interop.pasted import parse_pasted
from neutromon.interop.table_mapping import guess_mapping, parse_mapped, table_rows
from neutromon.interop.tables import dated_columns
from neutromon.interop.understand import understand
from neutromon.models.errors import UserError
from neutromon.models.imports import FileReport, ImportOptions, ParsedFile, RawResult, RawSet, ReadResult
from neutromon.models.tables import Layout, TableMapping
from neutromon.services.importing.codes import code_table
from neutromon.services.importing.files import import_parsed
from neutromon.services.importing.identity import who
from neutromon.services.importing.profiles import profile_for
from neutromon.services.records import needs_patient
from neutromon.services.session import Session

SHOWN_ROWS = 30
SHOWN_SETS = 200
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSet:
    """One specimen set as it will be stored: whose, when, its rows; `waits` is why it would go to the holding bay."""

    own: RawSet
    rows: tuple[ReadResult, ...]
    waits: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePreview:
    """A table as it stands and as the mapping reads it; `profile` is the saved profile that fits its header.

    `unused` are the headings of columns of which nothing becomes a blood count.
    """

    mapping: TableMapping
    rows: tuple[tuple[str, ...], ...]
    sets: tuple[PreviewSet, ...]
    total_sets: int
    profile: TableMapping | None = None
    unused: tuple[str, ...] = ()


def preview_table(
    s: Session, data: bytes, mapping: TableMapping | None = None, options: ImportOptions | None = None, patient_id: str | None = None
) -> TablePreview:
    """Return how a table would be stored; without a mapping by the saved profile of its header, else by a guess."""
    rows = table_rows(data)
    codes = code_table(s)
    guess = guess_mapping(rows, lambda name: codes.named(name[:LONGEST_NAME]) is not None)
    profile = profile_for(s, guess.header)
    chosen = mapping or profile or guess
    parsed = parse_mapped(rows, chosen, _site(s))
    sets = _previews(s, parsed, options or ImportOptions(accept_names=True), patient_id)
    return TablePreview(
        mapping=chosen,
        rows=tuple(tuple(row) for row in rows[:SHOWN_ROWS]),
        sets=sets,
        total_sets=len(parsed.sets),
        profile=profile,
        unused=_unused(chosen, sets),
    )


def _unused(mapping: TableMapping, sets: Sequence[PreviewSet]) -> tuple[str, ...]:
    """Return the headings of the columns that give neither a part of the set nor a blood count."""
    taken = set(mapping.roles.values())
    free = [(place, title) for place, title in enumerate(mapping.header) if place not in taken]
    if mapping.layout is Layout.DATES:
        dated = {place for place, _ in dated_columns(mapping.header)}
        named = next((place for place, _ in free if place not in dated), -1)
        return tuple(title for place, title in free if place not in dated | {named} and title)
    counted = {word for one in sets for row in one.rows if row.analyte != OTHER for word in _words(row.raw)}
    with_flag = {title for _, title in free if fold(title).endswith("flag")}
    return tuple(title for _, title in free if title and title not in with_flag and fold(title) not in counted)


def _words(row: RawResult) -> set[str]:
    """Return under which heading a cell of a wide table may stand: the whole of it, or without the unit."""
    unit = f" ({row.unit})" if row.unit else ""
    return {fold(f"{text}{more}") for text in (*row.texts, *(code for code, _ in row.codes)) for more in ("", unit)}


def import_table(
    s: Session, name: str, data: bytes, mapping: TableMapping, options: ImportOptions | None = None, patient_id: str | None = None
) -> FileReport:
    """Store a table as previewed; with `patient_id` it is all one patient's, as the person says."""
    parsed = parse_mapped(table_rows(data), mapping, _site(s))
    return import_parsed(s, name, data, parsed, options or ImportOptions(accept_names=True), patient_id)


def preview_pasted(s: Session, text: str, patient_id: str) -> tuple[PreviewSet, ...]:
    """Return the rows that pasted text seems to hold, for a person to confirm."""
    needs_patient(s, patient_id)
    return _previews(s, parse_pasted(text, _site(s)), ImportOptions(accept_names=True), patient_id)


def read_lines(s: Session, text: str) -> PreviewSet | None:
    """Return the rows of plain pasted lines, for a person to confirm; None for a message, a table, or a text without rows."""
    if parse(text.encode("utf-8", "replace"), _site(s)).format != "unknown":
        return None
    found = parse_pasted(text, _site(s))
    preview = _previews(s, found, ImportOptions(accept_names=True), None)[0]
    return preview if preview.rows else None


def store_pasted(s: Session, text: str, own: RawSet, patient_id: str) -> FileReport:
    """Store a confirmed set for the patient whose chart is open; the pasted text is kept as its source."""
    needs_patient(s, patient_id)
    if own.collected_at is None:
        raise UserError("The text names no time of the specimen.", "Type date and time.")
    settled = replace(own, problem=None)
    parsed = ParsedFile(format="text", sets=(settled,))
    return import_parsed(s, "pasted.txt", text.encode("utf-8", "replace"), parsed, ImportOptions(accept_names=True), patient_id)


def _previews(s: Session, parsed: ParsedFile, options: ImportOptions, patient_id: str | None) -> tuple[PreviewSet, ...]:
    table = code_table(s)
    found = []
    for own in parsed.sets[:SHOWN_SETS]:
        rows = understand(own, table, accept_names=options.accept_names)
        held = next((row.hold for row in rows if row.hold), None)
        waits = own.problem or (None if patient_id else who(s, own, options).reason) or held
        found.append(PreviewSet(own=own, rows=tuple(rows), waits=waits))
    return tuple(found)


def _site(s: Session) -> tzinfo:
    zone = s.clock().tzinfo
    assert zone is not None
    return zone
