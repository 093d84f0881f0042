"""Texts on the chart that never cover one another: each tries its places in order and is shortened or left out where none is free."""

from collections.abc import Iterable, Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from neutromon.ui.charts.shown import Ink, Measure

COLUMN = 32.0
EDGE = 4.0
Box = tuple[float, float, float, float]


class LabelPlacer:
    """The free room of one painting; `take` marks room as used, `place` finds room for a text.

    Used room is kept in columns of 32 pixels, so that a question looks at its neighbours only: asking all of them took 30 of the
    45 ms of a frame with 500 counts.
    """

    def __init__(self, area: QRectF) -> None:
        self._left, self._top, self._right, self._bottom = area.left(), area.top(), area.right(), area.bottom()
        self._columns: dict[int, list[Box]] = {}
        self._lines: dict[int, list[Box]] = {}
        self.placed: list[tuple[str, QRectF]] = []

    def take(self, left: float, top: float, right: float, bottom: float) -> None:
        """Mark room as used."""
        box, columns = (left, top, right, bottom), self._columns
        for column in range(int(left // COLUMN), int(right // COLUMN) + 1):
            if column in columns:
                columns[column].append(box)
            else:
                columns[column] = [box]

    def take_box(self, box: QRectF) -> None:
        """Mark room as used."""
        self.take(box.left(), box.top(), box.right(), box.bottom())

    def take_line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Mark a line as used; x1 is not right of x2."""
        line, lines = (x1, y1, x2, y2), self._lines
        begin, end = x1 if x1 > self._left else self._left, x2 if x2 < self._right else self._right
        for column in range(int(begin // COLUMN), int(end // COLUMN) + 1):
            if column in lines:
                lines[column].append(line)
            else:
                lines[column] = [line]

    def is_free(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Return whether nothing stands there and it is inside the area."""
        if left < self._left or top < self._top or right > self._right or bottom > self._bottom:
            return False
        for column in range(int(left // COLUMN), int(right // COLUMN) + 1):
            for other in self._columns.get(column, ()):
                if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
                    return False
            for line in self._lines.get(column, ()):
                if line[0] <= right + 1 and line[2] >= left - 1 and crosses(line, left - 1, top - 1, right + 1, bottom + 1):
                    return False
        return True

    def place(self, texts: Sequence[str], metrics: Measure, spots: Iterable[tuple[float, float, float]]) -> tuple[str, QRectF] | None:
        """Return the first text (longest first) that has room at one of the spots (x, top, share of its width left of x)."""
        places, height = list(spots), metrics.height() - 1
        for text in texts:
            width = metrics.width(text) + 4
            for x, top, share in places:
                left = x - share * width
                if self.is_free(left, top, left + width, top + height):
                    self.take(left, top, left + width, top + height)
                    self.placed.append((text, QRectF(left, top, width, height)))
                    return self.placed[-1]
        return None


def crosses(line: Box, left: float, top: float, right: float, bottom: float) -> bool:
    """Return whether a line goes through a box (Liang and Barsky: cut the line at each side in turn)."""
    x1, y1, x2, y2 = line
    if (y1 < top and y2 < top) or (y1 > bottom and y2 > bottom):
        return False
    across, down, begin, end = x2 - x1, y2 - y1, 0.0, 1.0
    for step, room in ((-across, x1 - left), (across, right - x1), (-down, y1 - top), (down, bottom - y1)):
        if step == 0:
            if room < 0:
                return False
        elif step < 0:
            if room / step > begin:
                begin = room / step
        elif room / step < end:
            end = room / step
    return begin <= end


def draw_halo(painter: QPainter, box: QRectF, text: str, ink: Ink, colour: str, pixels: float, *, strong: bool = False) -> None:
    """Draw a text in the middle of a box with a rim in the colour of the ground, so that lines behind it do not cross its letters."""
    picture = _picture(painter, text, ink, colour, pixels, strong, True)
    size = picture.deviceIndependentSize()
    painter.drawPixmap(QPointF(round(box.center().x() - size.width() / 2), round(box.center().y() - size.height() / 2)), picture)


def draw_word(
    painter: QPainter, box: QRectF, text: str, ink: Ink, colour: str, pixels: float, *, strong: bool = False, side: float = 0.5
) -> None:
    """Draw a text that comes again with every frame in a box: in its middle, at its left (side 0) or right end (side 1)."""
    picture = _picture(painter, text, ink, colour, pixels, strong, False)
    size = picture.deviceIndependentSize()
    left = box.left() - EDGE + side * (box.width() - size.width() + 2 * EDGE)
    painter.drawPixmap(QPointF(round(left), round(box.center().y() - size.height() / 2)), picture)


def _picture(painter: QPainter, text: str, ink: Ink, colour: str, pixels: float, strong: bool, rim: bool) -> QPixmap:
    """Return the picture of a text; the inks keep it, since setting text anew took a third of a frame."""
    dense = painter.device().devicePixelRatio()
    key = text, colour, pixels, strong, rim, dense
    picture = ink.pictures.get(key)
    if picture is None:
        font = ink.font(pixels, strong=strong)
        picture = ink.pictures[key] = _set(text, font, ink.colour(colour), ink.colour("surface") if rim else None, dense)
    return picture


def _set(text: str, font: QFont, colour: QColor, rim: QColor | None, dense: float) -> QPixmap:
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 2 * EDGE, metrics.height() + 4
    picture = QPixmap(ceil(width * dense), ceil(height * dense))
    picture.setDevicePixelRatio(dense)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    start = QPointF(EDGE, 2 + metrics.ascent())
    if rim is not None:
        outline = QPainterPath()
        outline.addText(start, font, text)
        painter.setPen(QPen(rim, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(outline)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(start, text)
    painter.end()
    return picture


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places near the wanted ones, ascending as they are, at least `gap` apart and between `low` and `high` as far as they fit."""
    places = list(wanted)
    for n in range(1, len(places)):
        places[n] = max(places[n], places[n - 1] + gap)
    if places and places[-1] > high:
        places[-1] = high
        for n in range(len(places) - 2, -1, -1):
            places[n] = min(places[n], places[n + 1] - gap)
    return [max(place, low) for place in places]
