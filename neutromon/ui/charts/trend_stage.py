"""The stage of the trend: header, plot, event lane, dates, small panes and legend on one time axis, arranged by hand."""

from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Signal
from PySide6.QtWidgets import QWidget

from neutromon.models.trend_chart import TrendChart
from neutromon.ui.charts.axis import CycleHeader, DateAxis, ValueAxis
from neutromon.ui.charts.background import Background
from neutromon.ui.charts.cursor import cursor
from neutromon.ui.charts.fan import Fan
from neutromon.ui.charts.lane import Lane, lane_height
from neutromon.ui.charts.legend import Legend
from neutromon.ui.charts.panes import PANE_HEIGHT, SMALLEST_PANE, Pane
from neutromon.ui.charts.points import Points
from neutromon.ui.charts.shown import Shown, frame_nearest
from neutromon.ui.charts.stage import Plot, Strip, frame_of, graphics_view, time_box

MARGIN_LEFT = 78.0
MARGIN_RIGHT = 92.0
HEADER = 36.0
DATES = 24.0
SHORTEST_DAYS = 4.0
SMALLEST_PLOT = 120.0


class TrendStage(QObject):
    """Owns the view and every painter on it; knows pixels and days, no buttons."""

    range_changed = Signal()
    pointed_at = Signal(int)
    event_pointed_at = Signal(str)
    point_pressed = Signal(int)
    point_opened = Signal(int)

    def __init__(self, shown: Shown, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown = shown
        self.show_panes = False
        self.show_lane = True
        self._fitting = 0
        self._left = MARGIN_LEFT
        self.view: Any = graphics_view(parent, "trend_graph")
        self.box: Any = time_box()
        self.axis, self.header, self.dates = ValueAxis(self, shown), CycleHeader(self, shown), DateAxis(self, shown)
        self.lane, self.legend = Lane(self, shown), Legend(self, shown)
        self.panes: list[Pane] = []
        self._points = Points(shown)
        self._plot = Plot(self.box, shown, (Background(shown), Fan(shown), self._points))
        scene = self.view.scene()
        for item in (self.axis, self.box, *self._strips()):
            scene.addItem(item)
        self.axis.setZValue(-200)
        self.line, self.tag = cursor(scene, shown)
        self.box.sigRangeChanged.connect(self._range_changed)
        self.view.sigDeviceRangeChanged.connect(self.arrange)
        scene.sigMouseMoved.connect(self._mouse_moved)
        scene.sigMouseClicked.connect(self._mouse_clicked)

    def _strips(self) -> tuple[Strip, ...]:
        return (self.header, self.lane, self.dates, self.legend, *self.panes)

    def margin_left(self) -> float:
        """Return the pixel where the time axis begins."""
        return self._left

    def show_chart(self, chart: TrendChart) -> None:
        """Take another chart; the range is set after it."""
        self.shown.chart = chart
        self.shown.drawn.clear()
        self._make_panes(chart)
        span = max(chart.last - chart.first, SHORTEST_DAYS)
        pad = max(span * 0.01, 0.6)
        self.box.setLimits(xMin=chart.first - pad, xMax=chart.last + pad, minXRange=SHORTEST_DAYS, maxXRange=span + 2 * pad)
        self.arrange()

    def _make_panes(self, chart: TrendChart) -> None:
        scene = self.view.scene()
        for pane in self.panes:
            scene.removeItem(pane)
        self.panes = [Pane(self, self.shown, pane) for pane in chart.panes] if self.show_panes else []
        for pane in self.panes:
            scene.addItem(pane)

    def set_panes(self, wanted: bool) -> None:
        """Show or hide the small multiples."""
        self.show_panes = wanted
        if self.shown.chart is not None:
            self._make_panes(self.shown.chart)
            self.arrange()

    def set_range(self, first: float, last: float) -> None:
        """Show a stretch of days."""
        low, high = self.shown.scale.span()
        self.box.setRange(xRange=(first, max(last, first + SHORTEST_DAYS)), yRange=(low, high), padding=0, update=True)
        self._range_changed()

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Show less (factor below 1) or more time around a day."""
        frame = self.shown.frame
        middle = (frame.first + frame.last) / 2 if around is None else around
        self.box.setXRange(middle - (middle - frame.first) * factor, middle + (frame.last - middle) * factor, padding=0)

    def arrange(self) -> None:
        """Put every strip in its place; what is left over is the plot's."""
        width, height = float(self.view.width()), float(self.view.height())
        if width < 50 or height < 50:
            return
        scale = max(self.shown.ink.theme.scale, 1.0)
        dates = DATES * scale
        header = HEADER * scale if height - (HEADER + DATES) * scale >= SMALLEST_PLOT else 0.0
        lane, legend = self._room_under(width, height - header - dates, scale)
        fixed = header + lane + dates + legend
        panes = self._pane_height(height - fixed)
        self._fitting = int((height - fixed - SMALLEST_PLOT + 0.5) // panes) if panes else 0
        plot = max(height - fixed - panes * min(self._fitting, len(self.panes)), SMALLEST_PLOT)
        self._left = MARGIN_LEFT * scale
        left, right = self._left, width - MARGIN_RIGHT * scale
        self.header.setVisible(header > 0)
        self.lane.setVisible(lane > 0)
        self.legend.setVisible(legend > 0)
        top = 0.0
        for n, pane in enumerate(self.panes):
            pane.setVisible(n < self._fitting)
        under = [(pane, panes) for pane in self.panes[: max(self._fitting, 0)]]
        for strip, tall in ((self.header, header), (self.axis, plot), (self.lane, lane), *under):
            strip.setGeometry(QRectF(0, top, width, tall))
            top += tall
        self.dates.setGeometry(QRectF(0, top, width, dates))
        self.legend.setGeometry(QRectF(0, top + dates, width, legend))
        self.box.setGeometry(QRectF(left, header, right - left, plot))
        self.shown.frame = frame_of(self.box)
        self._plot.set_area(QRectF(0, 0, right - left, plot))
        self.repaint_all()

    def _room_under(self, width: float, free: float, scale: float) -> tuple[float, float]:
        """Return the heights of lane and legend; on a very small screen the counts keep their room, and first the legend goes."""
        lane, legend = lane_height(scale) if self.show_lane else 0.0, self.legend.height_for(width)
        least = SMALLEST_PLOT * scale
        if free - lane - legend < least + SMALLEST_PANE * len(self.panes):
            legend = 0.0
        return (lane, legend) if free - lane >= least else (0.0, legend)

    def _pane_height(self, free: float) -> float:
        if not self.panes:
            return 0.0
        number = len(self.panes)
        return max(min(PANE_HEIGHT * self.shown.ink.theme.scale, free * 0.55 / number, (free - SMALLEST_PLOT) / number), SMALLEST_PANE)

    def _range_changed(self, *_: object) -> None:
        """Paint anew what depends on the time."""
        self.shown.frame = frame_of(self.box)
        for item in (self._plot, self.header, self.lane, self.dates, *self.panes):
            item.update()
        self.place_cursor()
        self.range_changed.emit()

    def repaint_all(self) -> None:
        """Paint everything anew and move the read-out with its point."""
        for item in (self._plot, self.axis, *self._strips()):
            item.update()
        self.place_cursor()

    def place_cursor(self) -> None:
        """Put the read-out on the selected point, or take it away."""
        chart, selected = self.shown.chart, self.shown.selected
        at = self._spot(selected)
        if chart is None or selected is None or at is None:
            self.line.hide()
            self.tag.hide()
            return
        point, area = chart.points[selected], self.box.geometry()
        self.line.show_at(at.x(), self.header.size().height(), self.dates.geometry().top() - self.header.size().height())
        self.tag.show_at(at, f"{point.label} · {point.grade_text}" if point.grade_text else point.label, area)

    def _spot(self, number: int | None) -> QPointF | None:
        chart, frame, area = self.shown.chart, self.shown.frame, self.box.geometry()
        if chart is None or number is None or not frame.holds(chart.points[number].x, chart.points[number].x):
            return None
        point = chart.points[number]
        return QPointF(area.left() + frame.x(point.x), area.top() + frame.y(self.shown.scale.place(point.anc)))

    def point_at(self, number: int) -> QPoint | None:
        """Return where a point stands in the view; None where it is out of the range."""
        at = self._spot(number)
        return at.toPoint() if at is not None else None

    def placed_words(self) -> list[tuple[str, QRectF]]:
        """Return the words on the plot with their room, as painted last."""
        return self._points.placer.placed

    def event_place(self, number: int) -> QPoint:
        """Return where an event of the lane stands in the view."""
        assert self.shown.chart is not None
        return self.lane.mapToScene(self.lane.box_of(self.shown.chart.lane[number]).center()).toPoint()

    def _mouse_moved(self, at: QPointF) -> None:
        if self.shown.chart is None:
            return
        lane = self.lane.geometry()
        event = self.lane.event_at(at.x(), at.y() - lane.top()) if lane.contains(at) else None
        if event is not None:
            self.event_pointed_at.emit(event.text)
            return
        found = frame_nearest(self.shown, at.x() - self.margin_left())
        if found is not None and self.box.geometry().contains(at):
            self.pointed_at.emit(found)

    def _mouse_clicked(self, event: Any) -> None:
        found = frame_nearest(self.shown, event.scenePos().x() - self.margin_left())
        if found is not None and self.box.geometry().contains(event.scenePos()):
            (self.point_opened if event.double() else self.point_pressed).emit(found)
