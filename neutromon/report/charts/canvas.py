"""A sheet of SVG: shapes and text as typst reads them, every text escaped, every mark named."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import TypedDict, Unpack

from neutromon.report.charts.marks import Mark

Place = tuple[float, float]
FONT = "DejaVu Sans, Droid Sans Fallback"
CHAR_WIDTH = 0.56
"""Mean width of a character of DejaVu Sans as a share of its size."""


class Line(TypedDict, total=False):
    """How an edge is drawn: colour, width, and lengths drawn and left out in turn."""

    stroke: str
    width: float
    dash: str


class Canvas:
    """Collects shapes; lengths are in the sheet's own units."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []

    def svg(self) -> str:
        """Return the whole drawing."""
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" font-family="{FONT}">'
        return "\n".join([head, *self._parts, "</svg>"])

    @contextmanager
    def mark(self, mark: Mark) -> Iterator[None]:
        """Name what is drawn inside."""
        named = [escape(part, quote=True) for part in (mark.kind, mark.key, mark.text)]
        self._parts.append('<g data-mark="{}" data-key="{}" data-text="{}">'.format(*named))
        yield
        self._parts.append("</g>")

    def rect(
        self, left: float, top: float, right: float, bottom: float, *, fill: str = "none", opacity: float = 1, **line: Unpack[Line]
    ) -> None:
        """Draw a rectangle between its corners; nothing where it is turned inside out."""
        if right > left and bottom > top:
            shape = f'x="{_n(left)}" y="{_n(top)}" width="{_n(right - left)}" height="{_n(bottom - top)}"'
            self._add("rect", shape, fill, opacity, line)

    def line(self, start: Place, end: Place, *, opacity: float = 1, **line: Unpack[Line]) -> None:
        """Draw a straight line."""
        shape = f'x1="{_n(start[0])}" y1="{_n(start[1])}" x2="{_n(end[0])}" y2="{_n(end[1])}"'
        self._add("line", shape, "none", opacity, line)

    def polyline(self, places: Sequence[Place], *, opacity: float = 1, **line: Unpack[Line]) -> None:
        """Draw lines from place to place."""
        self._add("polyline", f'points="{_places(places)}"', "none", opacity, line)

    def polygon(self, places: Sequence[Place], *, fill: str = "none", opacity: float = 1, **line: Unpack[Line]) -> None:
        """Draw a closed shape."""
        self._add("polygon", f'points="{_places(places)}"', fill, opacity, line)

    def circle(self, centre: Place, radius: float, *, fill: str = "none", opacity: float = 1, **line: Unpack[Line]) -> None:
        """Draw a circle."""
        self._add("circle", f'cx="{_n(centre[0])}" cy="{_n(centre[1])}" r="{_n(radius)}"', fill, opacity, line)

    def hatch(
        self, left: float, top: float, right: float, bottom: float, step: float, *, rising: bool = True, **line: Unpack[Line]
    ) -> None:
        """Fill a rectangle with slanted lines, cut at its edges."""
        width, height = right - left, bottom - top
        if width <= 0 or height <= 0:
            return
        offset = step
        while offset < width + height:
            start = (left + max(0.0, offset - height), top + min(offset, height))
            end = (left + min(offset, width), top + max(0.0, offset - width))
            if not rising:
                start, end = ((2 * left + width - x, y) for x, y in (start, end))
            self.line(start, end, **line)
            offset += step

    def text(
        self, place: Place, words: str, size: float, *, anchor: str = "start", bold: bool = False, fill: str = "#000", turn: float = 0
    ) -> None:
        """Write a line of text with its foot at a place."""
        more = ' font-weight="bold"' if bold else ""
        more += f' transform="rotate({turn:g} {_n(place[0])} {_n(place[1])})"' if turn else ""
        more += f' text-anchor="{anchor}"' if anchor != "start" else ""
        self._parts.append(f'<text x="{_n(place[0])}" y="{_n(place[1])}" font-size="{_n(size)}" fill="{fill}"{more}>{escape(words)}</text>')

    def _add(self, name: str, shape: str, fill: str, opacity: float, line: Line) -> None:
        seen = f' fill-opacity="{opacity:g}"' if opacity < 1 and fill != "none" else f' stroke-opacity="{opacity:g}"' if opacity < 1 else ""
        stroke = f' stroke="{line["stroke"]}" stroke-width="{_n(line.get("width", 1.0))}"' if "stroke" in line else ""
        dash = f' stroke-dasharray="{line["dash"]}"' if line.get("dash") else ""
        self._parts.append(f'<{name} {shape} fill="{fill}"{seen}{stroke}{dash}/>')


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _places(places: Sequence[Place]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in places)


def width_of(words: str, size: float) -> float:
    """Return about how wide a text is."""
    return len(words) * size * CHAR_WIDTH


def fitting(words: Sequence[str], width: float, size: float) -> str:
    """Return the first text that fits, or an empty one."""
    return next((text for text in words if width_of(text, size) <= width), "")
