"""Tables by a mapping that a person settled: the same readers, with roles, units, decimals and dates as she said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

from neutromon.interop import wire
from neutromon.interop.analytes import OTHER, fold
from neutromon.interop.dates import date_order
from neutromon.interop.sheets import sheet_rows
from neutromon.interop.table_headers import cell, header_place, peoples_names, roles_of
from neutromon.interop.tables import by_dates, csv_rows, dated_columns, read_sets
from neutromon.models.errors import UserError
from neutromon.models.imports import ParsedFile, RawResult, RawSet
from neutromon.models.tables import Layout, TableMapping

FRACTION = "fraction"
ROLES = "patient name family given birth sex date time code testname value unit low high range flag status sample kind".split(" ")


def table_rows(data: bytes) -> list[list[str]]:
    """Return the cells of a CSV, TSV or XLSX file, as text; raise UserError where it is none of these."""
    if len(data) > wire.LARGEST:
        raise UserError("The table is too large.", "Save the part with the results on its own.")
    text, _ = wire.decode(data)
    kind = wire.sniff(data, text)
    if kind == "xlsx":
        return [row for row in sheet_rows(data) if any(row)]
    if kind != "csv":
        raise UserError("This is no table.", "Choose a CSV, TSV or XLSX file; other formats are imported as they are.")
    return csv_rows(text)


def guess_mapping(rows: Sequence[Sequence[str]], is_test: Callable[[str], bool] = lambda _name: False) -> TableMapping:
    """Return the mapping that headers and cells suggest; a person looks at it before anything is stored.

    In a wide table a column "Name" is the patient's, unless `is_test` knows what stands in most of its cells.
    """
    if len(rows) < 2:
        raise UserError("The table has no rows under its header.", "Choose another file.")
    place = header_place(rows)
    header = tuple(rows[place])
    roles = roles_of(header)
    column = roles.get("date")
    order = date_order([row[column] for row in rows[place + 1 :] if column is not None and column < len(row)])
    long = "value" in roles and ("code" in roles or "testname" in roles)
    dated = any(place > 0 for place, _ in dated_columns(header))
    layout = Layout.DATES if dated and not long else Layout.LONG if long else Layout.WIDE
    if layout is Layout.WIDE and not _names_tests(rows[place + 1 :], roles, is_test):
        roles = peoples_names(header, roles)
    return TableMapping(header=header, layout=layout, roles=roles, date_order=order or "")


def _names_tests(body: Sequence[Sequence[str]], roles: Mapping[str, int], is_test: Callable[[str], bool]) -> bool:
    """Return whether most names under a column of names are those of tests."""
    names = {name for row in body if (name := cell(row, roles, "testname"))}
    return 2 * sum(1 for name in names if is_test(name)) > len(names)


def check_mapping(rows: Sequence[Sequence[str]], mapping: TableMapping) -> None:
    """Raise UserError for a mapping that names what the table does not have."""
    width = max((len(row) for row in rows), default=0)
    wrong = [role for role, column in mapping.roles.items() if role not in ROLES or not 0 <= column < width]
    if wrong:
        raise UserError(f"The table has no column for {', '.join(sorted(wrong))}.", "Choose the columns again.")
    if mapping.decimal not in {"", ",", "."} or mapping.date_order not in {"", "dmy", "mdy", "ymd"}:
        raise UserError("Decimal mark or order of the date is not known.", "Choose from the lists.")
    if mapping.layout is Layout.LONG and ("value" not in mapping.roles or not {"code", "testname"} & set(mapping.roles)):
        raise UserError("A long table needs a column for the test and one for the value.", "Choose the columns.")


def parse_mapped(rows: Sequence[Sequence[str]], mapping: TableMapping, site: tzinfo, form: str = "csv") -> ParsedFile:
    """Return the specimen sets of a table as the mapping reads it."""
    check_mapping(rows, mapping)
    place = next((i for i, row in enumerate(rows) if tuple(row) == mapping.header), header_place(rows))
    body, header = rows[place + 1 :], rows[place]
    if mapping.layout is Layout.DATES:
        sets = by_dates(body, header, mapping.roles, site, mapping.date_order or None)
    else:
        sets = read_sets(body, header, dict(mapping.roles), site, mapping.date_order or None, long=mapping.layout is Layout.LONG)
    return ParsedFile(format=form, sets=tuple(_settled(own, mapping) for own in sets))


def _settled(own: RawSet, mapping: TableMapping) -> RawSet:
    return replace(
        own, sender=f"table:{mapping.name}" if mapping.name else own.sender, results=tuple(_row(r, mapping) for r in own.results)
    )


def _row(row: RawResult, mapping: TableMapping) -> RawResult:
    keys = [fold(word) for word in (*(code for code, _ in row.codes), *row.texts)]
    analyte = next((mapping.analytes[key] for key in keys if key in mapping.analytes), None)
    unit = next((mapping.units[key] for key in keys if key in mapping.units), "")
    return replace(
        row,
        decided_analyte=row.decided_analyte if analyte is None else analyte or OTHER,
        decided_unit="" if unit == FRACTION else unit,
        fraction=unit == FRACTION,
        decimal=mapping.decimal,
    )
