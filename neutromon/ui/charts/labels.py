"""Texts on the chart that never cover one another: each tries its places in order and is shortened or left out where none is free."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen


class LabelPlacer:
    """The free room of one painting; `take` marks room as used, `place` finds room for a text."""

    def __init__(self, area: QRectF) -> None:
        self._area = area
        self._taken: list[QRectF] = []
        self.placed: list[tuple[str, QRectF]] = []

    def take(self, box: QRectF) -> None:
        """Mark room as used."""
        self._taken.append(box)

    def is_free(self, box: QRectF) -> bool:
        """Return whether nothing stands there and it is inside the area."""
        return self._area.contains(box) and not any(box.intersects(other) for other in self._taken)

    def place(self, texts: Sequence[str], metrics: QFontMetricsF, spots: Iterable[tuple[float, float, float]]) -> tuple[str, QRectF] | None:
        """Return the first text (longest first) that has room at one of the spots (x, top, share of its width left of x)."""
        places = list(spots)
        for text in texts:
            width, height = metrics.horizontalAdvance(text) + 4, metrics.height() - 1
            for x, top, share in places:
                box = QRectF(x - share * width, top, width, height)
                if self.is_free(box):
                    self.take(box)
                    self.placed.append((text, box))
                    return text, box
        return None


def draw_halo(painter: QPainter, box: QRectF, text: str, font: QFont, ink: QColor, ground: QColor) -> None:
    """Draw a text in the middle of a box with a rim in the colour of the ground, so that lines behind it do not cross its letters."""
    metrics = QFontMetricsF(font)
    start = QPointF(box.center().x() - metrics.horizontalAdvance(text) / 2, box.center().y() + (metrics.ascent() - metrics.descent()) / 2)
    outline = QPainterPath()
    outline.addText(start, font, text)
    painter.setPen(QPen(ground, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(start, text)


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
