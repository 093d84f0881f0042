"""XLSX workbooks to rows of text, bounded in size before anything is unpacked."""

import io
import zipfile

from neutromon.models.errors import UserError

LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 200_000


def sheet_rows(data: bytes) -> list[list[str]]:
    """Return the rows of the first sheet with content; raise UserError for a damaged or hostile workbook."""
    import python_calamine

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST_UNPACKED:
                raise UserError("The workbook unpacks to more than 200 MB.", "Save the sheet as CSV.")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python()
            if rows:
                return [[_text(cell) for cell in row] for row in rows[:MOST_ROWS]]
    except (zipfile.BadZipFile, python_calamine.CalamineError, OSError, ValueError, KeyError) as error:
        raise UserError(f"The workbook cannot be read: {str(error)[:80]}.", "Save it again, or as CSV.") from None
    return []


def _text(cell: object) -> str:
    """Return a cell as text: whole floats without their point, dates as ISO."""
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    isoformat = getattr(cell, "isoformat", None)
    return str(isoformat()) if isoformat else str(cell).strip()
