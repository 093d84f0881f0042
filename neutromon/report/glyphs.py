"""Which characters the shipped fonts can print; what they cannot is shown as a box and said so, never dropped."""

import re
import struct
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

FONT_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DroidSansFallbackFull.ttf")
BOX = "□"
MISSING_NOTE = (
    "□ stands for a character that the shipped fonts cannot print; the program shows it on screen. "
    "Identify the patient by number and birth date."
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class Glyphs:
    """The characters of the fonts in a folder, read from their cmap tables when first asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def covered(self) -> tuple[tuple[int, int], ...]:
        """Return the runs of code points that one of the fonts has, first and last, in order."""
        runs = sorted(run for name in FONT_FILES for run in _cmap((self._folder / name).read_bytes()))
        joined: list[tuple[int, int]] = []
        for first, last in runs:
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(joined[-1][1], last))
            else:
                joined.append((first, last))
        return tuple(joined)

    def has(self, char: str) -> bool:
        """Return whether one of the fonts has a character."""
        place = bisect_right(self.covered, (ord(char), sys.maxunicode + 1)) - 1
        return place >= 0 and ord(char) <= self.covered[place][1]

    def missing(self, texts: Iterable[str]) -> set[str]:
        """Return the characters that no shipped font has; plain ASCII is never looked up."""
        odd = {char for text in texts for char in _NOT_ASCII.findall(text)}
        return {char for char in odd if not self.has(char) and not _is_invisible(char)}

    def printable(self, text: str, missing: set[str]) -> str:
        """Return the text with a box for each missing character and without control characters; line ends stay."""
        if text.isascii() and text.isprintable():
            return text
        return "".join(BOX if char in missing else " " if _is_control(char) and char != "\n" else char for char in text)

    def printable_markup(self, markup: str, missing: set[str]) -> str:
        """Return a drawing with a box for each missing character; its line ends stay."""
        return "".join(BOX if char in missing else char for char in markup) if missing else markup


def _is_control(char: str) -> bool:
    return ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0


def _is_invisible(char: str) -> bool:
    """Return whether a character needs no glyph: joiners and direction marks."""
    return _is_control(char) or ord(char) in {0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF}


def _cmap(font: bytes) -> Iterator[tuple[int, int]]:
    """Give the runs of code points of a TrueType font (cmap formats 4 and 12 of the OpenType specification)."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[12 + 16 * i : 16 + 16 * i]: struct.unpack_from(">I", font, 20 + 16 * i)[0] for i in range(count)}
    start = tables[b"cmap"]
    subtables = struct.unpack_from(">H", font, start + 2)[0]
    for index in range(subtables):
        offset = start + struct.unpack_from(">I", font, start + 8 + 8 * index)[0]
        form = struct.unpack_from(">H", font, offset)[0]
        if form == 12:
            yield from _groups(font, offset)
        elif form == 4:
            yield from _segments(font, offset)


def _groups(font: bytes, offset: int) -> Iterator[tuple[int, int]]:
    groups = struct.unpack_from(">I", font, offset + 12)[0]
    for index in range(groups):
        first, last, _ = struct.unpack_from(">III", font, offset + 16 + 12 * index)
        yield first, last


def _segments(font: bytes, offset: int) -> Iterator[tuple[int, int]]:
    count = struct.unpack_from(">H", font, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, offset + 14)
    starts = struct.unpack_from(f">{count}H", font, offset + 16 + 2 * count)
    yield from ((first, last) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF)
