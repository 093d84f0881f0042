"""The event lane under the counts: five rows of signs and bars, the same signs as in legend, list and paper."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

from neutromon.models.trend_chart import LaneEvent
from neutromon.report.charts.marks import Mark
from neutromon.ui.charts.labels import LabelPlacer, draw_word
from neutromon.ui.charts.shown import Drawn
from neutromon.ui.charts.stage import Strip
from neutromon.ui.text import tr

ROW_HEIGHT = 14.5
ROW_OF = {"chemo": 0, "gcsf": 1, "antibiotic": 2, "drug": 2, "fever": 3}
OTHER_ROW = 4
INKS = {"fever": "error", "chemo": "text", "gcsf": "accent", "antibiotic": "meets"}


def row_names() -> tuple[str, ...]:
    """Return the names of the lane's rows."""
    return tr("Chemo"), tr("G-CSF"), tr("Antibiotic"), tr("Fever"), tr("Event")


def lane_height(scale: float) -> float:
    """Return the height of the lane at a text size."""
    return len(row_names()) * ROW_HEIGHT * max(scale, 1.0)


class Lane(Strip):
    """Doses, growth factor, antibiotics and everything else, on the time axis of the counts."""

    def draw(self, painter: QPainter) -> None:
        """Paint rows, then each event in its row."""
        chart = self._shown.chart
        assert chart is not None
        frame, plot, ink = self._shown.frame, self.plot(), self._shown.ink
        self._rows(painter)
        painter.save()
        painter.setClipRect(plot)
        placer = LabelPlacer(plot)
        shown = [(n, event) for n, event in enumerate(chart.lane) if frame.holds(event.start, event.end or event.start)]
        painter.setFont(ink.font(10.5))
        boxes = [self.box_of(event) for _, event in shown]
        for box in boxes:
            placer.take_box(box)
        placer.take(self.left() + frame.x(chart.now) - 2, 0, self.left() + frame.x(chart.now) + 2, plot.height())
        marks: Drawn = []
        for (n, event), box in zip(shown, boxes, strict=True):
            self._event(painter, event, box, placer)
            marks.append(Mark(kind=f"lane:{event.kind}", key=str(n), text=event.text))
        if frame.holds(chart.now, chart.now):
            painter.setPen(QPen(ink.colour("text"), 2))
            painter.drawLine(QLineF(self.left() + frame.x(chart.now), 0, self.left() + frame.x(chart.now), plot.height()))
        painter.restore()
        self._shown.note("lane", marks)

    def _row_height(self) -> float:
        return float(self.size().height()) / len(row_names())

    def _rows(self, painter: QPainter) -> None:
        ink, height, plot = self._shown.ink, self._row_height(), self.plot()
        painter.fillRect(plot, ink.colour("sunken"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(ink.font(10.5))
        for n, name in enumerate(row_names()):
            painter.setPen(ink.colour("text_muted"))
            box = QRectF(0, n * height, self.left() - 8, height)
            draw_word(painter, box, name, ink, "text_muted", 10.5, side=1)
            painter.setPen(QPen(ink.colour("border"), 1))
            painter.drawLine(QPointF(plot.left(), n * height), QPointF(plot.right(), n * height))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def box_of(self, event: LaneEvent) -> QRectF:
        """Return the room that an event's sign or bar takes."""
        frame, height = self._shown.frame, self._row_height()
        row = ROW_OF.get(event.kind, OTHER_ROW)
        left = self.left() + frame.x(event.start)
        right = self.left() + frame.x(event.end) if event.end is not None else left
        if right - left < 10:
            return QRectF(left - 5, row * height + 1.5, 10, height - 3)
        return QRectF(left, row * height + 1.5, right - left, height - 3)

    def _event(self, painter: QPainter, event: LaneEvent, box: QRectF, placer: LabelPlacer) -> None:
        ink = self._shown.ink
        colour = ink.colour(INKS.get(event.kind, "text_muted"))
        style = Qt.PenStyle.DotLine if event.planned and event.kind == "chemo" else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour, 1.4, style))  # a plan is dotted, a given dose that nobody knows is hollow with "? %"
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush) if event.planned or event.uncertain else QBrush(colour))
        if event.end is not None and box.width() > 10:
            self._bar(painter, event, box)
        else:
            draw_glyph(painter, event.kind, box, event.height)
        self._text(painter, event, box, placer)

    def _bar(self, painter: QPainter, event: LaneEvent, box: QRectF) -> None:
        """Draw a bar; a long-acting growth factor is a sign with its tail."""
        middle, ink = box.center().y(), self._shown.ink
        colour = ink.colour(INKS.get(event.kind, "text_muted"), 0.35 if event.kind == "gcsf" else 0.75)
        thick = QRectF(box.left(), middle - 3, box.width(), 6)
        painter.setPen(
            QPen(ink.colour(INKS.get(event.kind, "text_muted")), 1) if event.planned or event.kind == "drug" else Qt.PenStyle.NoPen
        )
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush) if event.planned or event.kind == "drug" else QBrush(colour))
        painter.drawRoundedRect(thick, 2, 2)
        if event.kind not in {"antibiotic", "drug"}:
            painter.setPen(QPen(ink.colour(INKS.get(event.kind, "text_muted")), 1.4))
            painter.setBrush(QBrush(ink.colour(INKS.get(event.kind, "text_muted"))))
            draw_glyph(painter, event.kind, QRectF(box.left() - 5, box.top(), 10, box.height()), event.height)

    def _text(self, painter: QPainter, event: LaneEvent, box: QRectF, placer: LabelPlacer) -> None:
        metrics = self._shown.ink.metrics(10.5)
        inside = event.end is not None and box.width() > 60
        left = box.right() + 2 if not inside else box.right() + 3
        top = box.center().y() - metrics.height() / 2 + 0.5
        found = placer.place(lane_words(event), metrics, [(left, top, 0.0)])
        if found is not None:
            draw_word(painter, found[1], found[0], self._shown.ink, "error" if event.kind == "fever" else "text_muted", 10.5)

    def event_at(self, pixel_x: float, pixel_y: float) -> LaneEvent | None:
        """Return the event under the mouse."""
        events: Sequence[LaneEvent] = self._shown.chart.lane if self._shown.chart is not None else ()
        return next((event for event in reversed(events) if self.box_of(event).adjusted(-2, -2, 2, 2).contains(pixel_x, pixel_y)), None)


def lane_words(event: LaneEvent) -> tuple[str, ...]:
    """Return the words beside a sign, longest first; doses and fever have their short label, the read-out has the rest."""
    if event.kind in {"chemo", "fever"}:
        return (event.label,) if event.label else ()
    name = event.text.split(" (")[0]
    return tuple(dict.fromkeys((name, name.split(",")[0], name.split(" ")[0].rstrip(":,"))))


def draw_glyph(painter: QPainter, kind: str, box: QRectF, height: float = 1.0) -> None:
    """Draw the sign of a kind of event in a box; drawn, so that no font can lack it. Pen and brush are set before."""
    x, y, r = box.center().x(), box.center().y(), min(box.width(), box.height()) / 2 - 0.5
    if kind == "chemo":
        tall = max(box.height() * min(max(height, 0.15), 1.2), 4.0)
        painter.drawPolygon(QPolygonF([QPointF(x - r, box.bottom()), QPointF(x + r, box.bottom()), QPointF(x, box.bottom() - tall)]))
    elif kind == "gcsf":
        painter.drawPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]))
    elif kind in {"antibiotic", "drug"}:
        if kind == "drug":
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(x - r, y - 2.5, 2 * r, 5))
    elif kind == "fever":
        painter.drawEllipse(QPointF(x, y), r, r)
    elif kind == "transfusion":
        painter.fillRect(QRectF(x - 1.5, y - r, 3, 2 * r), painter.pen().color())
        painter.fillRect(QRectF(x - r, y - 1.5, 2 * r, 3), painter.pen().color())
    else:
        _draw_outline(painter, kind, x, y, r)


def _draw_outline(painter: QPainter, kind: str, x: float, y: float, r: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if kind == "admission":
        painter.drawPolyline([QPointF(x + a * r, y + b * r) for a, b in ((-1, 0), (0, -1), (1, 0))])
        painter.drawPolyline([QPointF(x + a * r, y + b * r) for a, b in ((-0.7, -0.2), (-0.7, 0.9), (0.7, 0.9), (0.7, -0.2))])
    elif kind == "symptom":
        painter.drawPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]))
    elif kind == "call":
        painter.drawArc(QRectF(x - r, y - r, 2 * r, 2 * r), 30 * 16, 120 * 16)
        painter.drawLines([QLineF(x - r, y - r * 0.3, x - r * 0.6, y + r * 0.5), QLineF(x + r, y - r * 0.3, x + r * 0.6, y + r * 0.5)])
    else:
        painter.drawPolyline(
            [QPointF(x + a * r, y + b * r) for a, b in ((-0.9, 0.9), (-0.6, 0.1), (0.5, -1), (1, -0.5), (-0.1, 0.6), (-0.9, 0.9))]
        )
