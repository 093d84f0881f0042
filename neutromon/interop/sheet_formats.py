"""Which cells of a workbook are shown as per cent; asked only of a workbook that was looked through and has such a format."""

import io
import re
import zipfile
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN = frozenset({9, 10})
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]{1,400})>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_STYLE = re.compile(rb'\bs="([0-9]{1,6})"')


def per_cent_cells(data: bytes, sheet: str) -> frozenset[tuple[int, int]]:
    """Return row and column, counted from 0, of the cells that a sheet shows as per cent: there 0.584 means 58.4 %."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = _per_cent_styles(archive)
        part = _part_of(archive, sheet) if styles else ""
        return frozenset(_cells(archive.read(part), styles)) if part else frozenset()


def _root(archive: zipfile.ZipFile, name: str) -> ElementTree.Element | None:
    if name not in archive.namelist():
        return None
    try:
        return ElementTree.fromstring(archive.read(name))  # noqa: S314 - declarations of entities were refused before
    except ElementTree.ParseError:
        return None


def _per_cent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """Return the numbers of the cell styles whose format has a per cent sign."""
    root = _root(archive, "xl/styles.xml")
    if root is None:
        return frozenset()
    formats = {int(e.get("numFmtId") or 0) for e in root.iter(f"{_MAIN}numFmt") if "%" in (e.get("formatCode") or "")}
    styles = root.find(f"{_MAIN}cellXfs")
    shown = enumerate(styles if styles is not None else ())
    return frozenset(str(number).encode() for number, xf in shown if int(xf.get("numFmtId") or 0) in formats | _BUILT_IN)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the part of the archive in which a sheet lies."""
    book, links = _root(archive, "xl/workbook.xml"), _root(archive, "xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        return ""
    link = next((e.get(_LINK) for e in book.iter(f"{_MAIN}sheet") if e.get("name") == sheet), None)
    target = next((e.get("Target") or "" for e in links if e.get("Id") == link), "")
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return part if part in archive.namelist() else ""


def _cells(text: bytes, styles: frozenset[bytes]) -> list[tuple[int, int]]:
    found = []
    for match in _CELL.finditer(text):
        style, place = _STYLE.search(match.group(1)), _PLACE.search(match.group(1))
        if style is not None and place is not None and style.group(1) in styles:
            found.append((int(place.group(2)) - 1, column_number(place.group(1)) - 1))
    return found


def column_number(letters: bytes) -> int:
    """Return the number of a column, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
