"""XLSX workbooks to rows of text: looked through as an archive first, so that nothing hostile is ever unpacked whole."""

import io
import re
import zipfile
import zlib
from decimal import Decimal

from neutromon.interop.sheet_formats import column_number, per_cent_cells
from neutromon.models.errors import UserError

LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 200_000
MOST_CELLS = 5_000_000
MOST_PARTS = 5_000
_CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_HOSTILE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK = 1024 * 1024
_OVERLAP = 64


def sheet_rows(data: bytes) -> list[list[str]]:
    """Return the rows of the first sheet with content; raise UserError for a damaged or hostile workbook."""
    import python_calamine

    try:
        _look_through(data)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(any(cell not in {"", None} for cell in row) for row in rows):
                shares = per_cent_cells(data, name)
                read = [[_text(cell, (r, c) in shares) for c, cell in enumerate(row)] for r, row in enumerate(rows[:MOST_ROWS])]
                return [row for row in read if any(row)]
    except (zipfile.BadZipFile, zlib.error, python_calamine.CalamineError, OSError, ValueError, KeyError, RuntimeError, EOFError) as error:
        raise UserError(f"The workbook cannot be read: {str(error)[:80]}.", "Save it again, or as CSV.") from None
    return []


def _look_through(data: bytes) -> None:
    """Refuse what unpacks to too much, spans too many cells, or declares entities; sizes are measured, never believed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names or len(parts) > MOST_PARTS:
            raise UserError("This is no XLSX workbook.", "Save the sheet as XLSX or CSV.")
        left = LARGEST_UNPACKED
        for part in parts:
            left -= _look_into(archive, part, left)


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    sheet = part.filename.startswith("xl/worksheets/")
    unpacked, tail, widest, deepest = 0, b"", 0, 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > left or part.file_size > left:
                raise UserError("The workbook unpacks to more than 200 MB.", "Save the sheet as CSV.")
            text = tail + chunk
            if _HOSTILE.search(text):
                raise UserError("The workbook declares XML entities.", "Save it again with a spreadsheet program.")
            for column, row in _CELL.findall(text) if sheet else ():
                widest, deepest = max(widest, column_number(column)), max(deepest, int(row))
            if widest * deepest > MOST_CELLS:
                raise UserError("The sheet spans too many cells.", "Save the part with the results as CSV.")
            tail = text[-_OVERLAP:]
    return unpacked


def _text(cell: object, per_cent: bool = False) -> str:
    """Return a cell as text: whole floats without their point, dates as ISO, a share as the per cent that the sheet shows."""
    if per_cent and isinstance(cell, int | float) and not isinstance(cell, bool):
        shown = format(Decimal(repr(cell)) * 100, "f")
        return f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown}%"
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    isoformat = getattr(cell, "isoformat", None)
    return str(isoformat()) if isoformat else str(cell).strip()
