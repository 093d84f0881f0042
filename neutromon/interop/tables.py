"""Delimited text and sheets to specimen sets: long (a row a result) and wide (a column an analyte); cells stay text."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from neutromon.interop.analytes import LOINC, fold
from neutromon.interop.dates import birth_date, date_order, row_time, stamped, with_number_month
from neutromon.interop.table_headers import LONGEST_HEADER, cell, header_place, peoples_names, roles_of, with_panel
from neutromon.interop.times import Stamp
from neutromon.interop.units import canonical, unit_class
from neutromon.interop.values import certain_comma, may_be_grouped
from neutromon.models.errors import UserError
from neutromon.models.history import Identifier
from neutromon.models.imports import ParsedFile, RawResult, RawSet

MOST_ROWS = 200_000
MARGIN = re.compile(r"\b(blank|qc|control|kontrolle|background)\b", re.IGNORECASE)
_DATED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
_HEADER_UNIT = re.compile(r"^(.*?)\s*[(\[]\s*(.*?)\s*[)\]]?$")
_SPACE_UNIT = re.compile(r"^(\S+)\s+(\S*[/%^]\S*|fl|pg|%)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A wide column: its header, the analyte's name and the unit that the header states."""

    index: int
    header: str
    name: str
    unit: str | None
    flag: int | None = None


def csv_rows(text: str) -> list[list[str]]:
    """Return the cells of delimited text; the delimiter is the one that the first lines have most of."""
    delimiter = max("\t;,|", key=lambda d: sum(line.count(d) for line in text.splitlines()[:20]))
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if delimiter == "|":
        plain = _unruled(plain)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(plain), delimiter=delimiter)]
    except csv.Error as error:
        raise UserError(f"The table cannot be read: {error}.", "Save it again as CSV.") from None
    found = [row for row in rows if any(row)]
    if len(found) > MOST_ROWS:
        raise UserError(f"The table has more than {MOST_ROWS} rows.", "Split it and import the parts.")
    return found


def _unruled(text: str) -> str:
    """Return a table between bars without its rules, and without the bars that open and close its lines."""
    lines = [line.strip() for line in text.split("\n")]
    bars = [line.removeprefix("|").removesuffix("|") if line.startswith("|") else line for line in lines]
    return "\n".join(line for line in bars if not re.fullmatch(r"[-+|:=\s]*", line))


def parse_csv(text: str, site: tzinfo) -> ParsedFile:
    """Return the specimen sets of delimited text."""
    return parse_rows(csv_rows(text), site, "csv")


def dated_columns(header: Sequence[str]) -> list[tuple[int, str]]:
    """Return the columns that a date heads."""
    cells = [(i, with_number_month(cell.strip())) for i, cell in enumerate(header)]
    return [(i, cell) for i, cell in cells if _DATED.fullmatch(cell)]


def by_dates(
    body: Sequence[Sequence[str]], header: Sequence[str], roles: Mapping[str, int], site: tzinfo, order: str | None
) -> list[RawSet]:
    """Return one set for each column that a date heads; names stand in their column, else in the first that plays no role."""
    dated = dated_columns(header)
    order = order or date_order([text for _, text in dated])
    taken = set(roles.values()) | {column for column, _ in dated}
    free = next((i for i in range(len(header)) if i not in taken), 0)
    named = {"testname": roles.get("testname", roles.get("code", free))}
    kept = {role: place for role, place in roles.items() if role in {"unit", "range", "low", "high", "kind"}} | named
    sets = []
    for column, text in dated:
        found, problem = stamped(text, site, order)
        rows = [row for row in body if cell(row, {"value": column}, "value") and cell(row, named, "testname")]
        if rows:
            results = [_long_result(row, {**kept, "value": column}) for row in rows]
            sets.append(_made(results, {}, found, problem, ""))
    return _with_doubts(sets)


def parse_rows(rows: Sequence[Sequence[str]], site: tzinfo, form: str) -> ParsedFile:
    """Return the specimen sets of a table."""
    if len(rows) < 2:
        return _ignored(form)
    place = header_place(rows)
    header, body = with_units(rows[place], rows[place + 1 :])
    roles = roles_of(header)
    if "date" not in roles and "value" not in roles and dated_columns(header):
        return ParsedFile(format=form, sets=tuple(by_dates(body, header, roles, site, None)) or _ignored(form).sets)
    if not roles and sum(1 for cell in header if cell) < 2:
        return _ignored(form)
    order = date_order([row[roles["date"]] for row in body if "date" in roles and roles["date"] < len(row)])
    sets = read_sets(body, header, roles, site, order, long="value" in roles and ("code" in roles or "testname" in roles))
    return ParsedFile(format=form, sets=tuple(sets)) if sets else _ignored(form)


def read_sets(
    body: Sequence[Sequence[str]], header: Sequence[str], roles: dict[str, int], site: tzinfo, order: str | None, *, long: bool
) -> list[RawSet]:
    """Return the sets of a table whose columns play known roles; in a wide one a column "Name" is the patient's."""
    if long:
        return _with_doubts(_long(body, header, roles, site, order))
    return _with_doubts(_wide(body, header, peoples_names(header, roles), site, order))


def _with_doubts(sets: list[RawSet]) -> list[RawSet]:
    """Return the sets of a table; where some of its cells have decimal commas, a "1.250" among them may be 1.25 or 1250."""
    if not any(certain_comma(row.value) for own in sets for row in own.results):
        return sets
    return [replace(own, results=tuple(_doubted(row) for row in own.results)) for own in sets]


def _doubted(row: RawResult) -> RawResult:
    return replace(row, grouped=True) if may_be_grouped(row.value) else row


def with_units(header: Sequence[str], body: Sequence[Sequence[str]]) -> tuple[list[str], Sequence[Sequence[str]]]:
    """Return header and rows, a row of nothing but units below the header joined to it."""
    units = list(body[0]) if body else []
    if not any(units) or len(units) > len(header) or not all(unit_class(cell) or not canonical(cell) for cell in units if cell):
        return list(header), body
    units += [""] * (len(header) - len(units))
    return [f"{name} ({unit})" if unit and name else name for name, unit in zip(header, units, strict=True)], body[1:]


def _ignored(form: str) -> ParsedFile:
    return ParsedFile(format=form, sets=(RawSet(results=(), ignored=("NO_COUNTS", "The table holds no result that can be told.")),))


def _who(row: Sequence[str], roles: Mapping[str, int], birth_order: str | None) -> dict[str, object]:
    number = cell(row, roles, "patient")
    family, given = cell(row, roles, "family") or None, cell(row, roles, "given") or None
    full = cell(row, roles, "name")
    if full and family is None:
        parts = [part for part in re.split(r"[,^\s]+", full) if part]
        family, given = (parts[0], " ".join(parts[1:]) or None) if parts else (None, None)
    born = cell(row, roles, "birth")
    return {
        "identifiers": (Identifier(value=number),) if number and number not in {"0", "-"} else (),
        "family": family,
        "given": given,
        "birth_date": birth_date(born, birth_order),
        "birth_text": born or None,
        "sex": cell(row, roles, "sex") or None,
    }


def _birth_order(rows: Sequence[Sequence[str]], roles: Mapping[str, int], order: str | None) -> str | None:
    """Return the order of day and month in the column of birth dates; where that is open, as in the column of dates."""
    found = date_order([text for row in rows if (text := cell(row, roles, "birth"))])
    return next((known for known in (found, order) if known in {"dmy", "mdy"}), None)


def _long(rows: Sequence[Sequence[str]], header: Sequence[str], roles: Mapping[str, int], site: tzinfo, order: str | None) -> list[RawSet]:
    roles = with_panel(rows, roles)
    groups: dict[tuple[str, str, str, str], list[tuple[Sequence[str], RawResult]]] = {}
    for row in rows:
        date_text, time_text = _when(row, header, roles)
        key = (cell(row, roles, "patient"), date_text, time_text, cell(row, roles, "sample"))
        groups.setdefault(key, []).append((row, _long_result(row, roles)))
    sets = []
    birth_order = _birth_order(rows, roles, order)
    for (_, date_text, time_text, sample), members in groups.items():
        found, problem = row_time(date_text, time_text, site, order or date_order([date_text]))
        sets.append(_made([result for _, result in members], _who(members[0][0], roles, birth_order), found, problem, sample))
    return sets


def _when(row: Sequence[str], header: Sequence[str], roles: Mapping[str, int]) -> tuple[str, str]:
    """Return date and time of a row; a ragged row has them behind the last column of the header."""
    if len(row) <= len(header) or not _shifted(row, header):
        return cell(row, roles, "date"), cell(row, roles, "time")
    behind = row[len(header) :]
    date_text = next((cell for cell in behind if re.match(r"\d{4}-\d\d-\d\d", cell)), "")
    return date_text, next((cell for cell in behind if re.fullmatch(r"\d\d:\d\d(:\d\d)?", cell)), "")


def _shifted(row: Sequence[str], header: Sequence[str]) -> bool:
    return any(re.match(r"\d{4}-\d\d-\d\d", cell) for cell in row[len(header) :])


def _long_result(row: Sequence[str], roles: Mapping[str, int]) -> RawResult:
    code, name = cell(row, roles, "code"), cell(row, roles, "testname")
    low, high = cell(row, roles, "low"), cell(row, roles, "high")
    bare, behind = (name or code, None) if "unit" in roles else _unit_behind(name or code)
    return RawResult(
        codes=tuple((part, "") for part in dict.fromkeys((code, name)) if part),
        texts=tuple(part for part in ((bare, code) if behind else (name, code)) if part),
        value=cell(row, roles, "value") or None,
        unit=cell(row, roles, "unit") or behind,
        range=f"{low}-{high}" if low and high else cell(row, roles, "range"),
        flag=cell(row, roles, "flag"),
        status=cell(row, roles, "status") or None,
        context=" ".join((cell(row, roles, "kind"), cell(row, roles, "panel"), code)).strip(),
    )


def _unit_behind(name: str) -> tuple[str, str | None]:
    """Return a test's name and the known unit in brackets behind it, for tables that have no column of units."""
    bracket = _HEADER_UNIT.match(name)
    known = bracket is not None and unit_class(bracket.group(2)) is not None
    return (bracket.group(1), bracket.group(2)) if bracket and known else (name, None)


def _wide(rows: Sequence[Sequence[str]], header: Sequence[str], roles: Mapping[str, int], site: tzinfo, order: str | None) -> list[RawSet]:
    tests = {roles[role] for role in ("code", "testname") if role in roles} - {roles.get("name")}
    columns = _columns(header, set(roles.values()) - tests)
    telling = set(roles.values()) | {i for i, name in enumerate(header) if fold(name) in {"type", "mode"}}
    sets = []
    birth_order = _birth_order(rows, roles, order)
    for row in rows:
        if any(MARGIN.search(cell) for i, cell in enumerate(row) if i in telling):
            continue
        found, problem = row_time(cell(row, roles, "date"), cell(row, roles, "time"), site, order)
        results = [_wide_result(row, column) for column in columns if column.index < len(row) and row[column.index]]
        if results:
            sets.append(_made(results, _who(row, roles, birth_order), found, problem, cell(row, roles, "sample")))
    return sets


def _columns(header: Sequence[str], taken: set[int]) -> list[Column]:
    found = []
    for index, whole in enumerate(header):
        name = whole[:LONGEST_HEADER]
        if index in taken or not name or fold(name).endswith("flag"):
            continue
        bracket, space = _HEADER_UNIT.match(name), _SPACE_UNIT.match(name)
        bare, unit = (bracket.group(1), bracket.group(2)) if bracket else (space.group(1), space.group(2)) if space else (name, None)
        following = header[index + 1] if index + 1 < len(header) else ""
        flag = (
            index + 1
            if fold(following).endswith("flag") or (fold(following) in {f"{fold(bare)} m", ""} and "flag" in fold(following))
            else None
        )
        found.append(Column(index, name, bare, _clean(unit), flag))
    return found


def _clean(unit: str | None) -> str | None:
    """Return a header's unit; a micro sign that two wrong bytes stand for is a micro sign."""
    if not unit:
        return None
    return re.sub(r"(?<=/)[^\x00-\x7f]+(?=l\b|L\b)", "u", unit)


def _wide_result(row: Sequence[str], column: Column) -> RawResult:
    flag = row[column.flag].strip() if column.flag is not None and column.flag < len(row) else ""
    value = row[column.index]
    doubtful = flag.startswith("E") and re.fullmatch(r"0+([.,]0+)?", value) is not None
    return RawResult(
        codes=((column.name if LOINC.fullmatch(column.name) else column.header, ""),),
        texts=(column.name,),
        value=value,
        unit=column.unit,
        flag=flag,
        context="",
        absent=doubtful,
    )


def _made(
    results: Sequence[RawResult],
    who: Mapping[str, object],
    found: Stamp | None,
    problem: tuple[str, str] | None,
    sample: str,
) -> RawSet:
    return RawSet(
        results=tuple(results),
        collected=found.text if found else None,
        collected_at=found.at if found else None,
        day_only=found.day_only if found else False,
        specimen=sample or None,
        sender="table",
        problem=problem,
        **who,  # type: ignore[arg-type]
    )
