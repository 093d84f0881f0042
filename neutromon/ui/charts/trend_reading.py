"""What can be asked of a trend on the screen: range, scale, words, marks and where they stand; nothing here changes anything."""

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from neutromon.report.charts.marks import Mark
from neutromon.ui.charts.controls import ChartControls
from neutromon.ui.charts.forecast_line import ForecastLine
from neutromon.ui.charts.shown import Shown
from neutromon.ui.charts.title import ChartTitle
from neutromon.ui.charts.trend_stage import TrendStage

POINT = 12
"""Pixels of the box around a point."""


class TrendReading(QWidget):
    """The questions; the parts are made by the view."""

    controls: ChartControls
    _shown: Shown
    _stage: TrendStage
    _title: ChartTitle
    _foot: ForecastLine
    _preset: str
    _read_out: str

    def presets(self) -> list[str]:
        """Return the names of the ranges."""
        return self.controls.presets()

    def preset(self) -> str:
        """Return the name of the range that is shown."""
        return self._preset

    def read_out(self) -> str:
        """Return what is read out now."""
        return self._read_out

    def marks(self) -> set[Mark]:
        """Return the marks that the painters drew last, in the terms in which paper names its own."""
        return self._shown.marks()

    def words(self, layer: str) -> list[str]:
        """Return the words that one painter wrote last ("axis", "header", "dates", "legend", ...)."""
        return [word for word in self._shown.drawn.get(layer, []) if isinstance(word, str)]

    def shown_range(self) -> tuple[float, float]:
        """Return the first and the last day on the screen."""
        return self._shown.frame.first, self._shown.frame.last

    def value_range(self) -> tuple[float, float]:
        """Return the lowest and the highest place of the axis of counts."""
        return self._shown.frame.low, self._shown.frame.high

    def scale_name(self) -> str:
        """Return "log" or "linear"."""
        return self._shown.scale.name

    def title_text(self) -> str:
        """Return the whole title."""
        return self._title.whole_text()

    def forecast_text(self) -> str:
        """Return the sentence on the forecast, or why there is none."""
        return self._foot.text()

    def tag_text(self) -> str:
        """Return what stands beside the count that is read out."""
        return self._stage.tag.text()

    def placed_words(self) -> list[tuple[str, QRectF]]:
        """Return the words on the plot with their room, as painted last."""
        return self._stage.placed_words()

    def graph(self) -> QAbstractScrollArea:
        """Return the painted part."""
        view: QAbstractScrollArea = self._stage.view
        return view

    def pixel_of(self, days: float) -> float:
        """Return where a day stands in the painted part."""
        return self._stage.margin_left() + self._shown.frame.x(days)

    def event_place(self, number: int) -> QPoint:
        """Return where an event of the lane stands in the painted part."""
        return self._stage.event_place(number)

    # what the accessibility tree asks (charts.accessible)
    def point_count(self) -> int:
        """Return how many points can be stepped through."""
        return len(self._shown.points())

    def point_words(self, number: int) -> str:
        """Return a point in words, as it is read out."""
        return self._shown.points()[number][1].readout

    def point_is_selected(self, number: int) -> bool:
        """Return whether a point is the one that is read out."""
        return self._shown.points()[number][0] == self._shown.selected

    def point_place(self, number: int) -> QRect:
        """Return where a point stands on the screen, or an empty box where it is out of the range or the window."""
        at = self._stage.point_at(self._shown.points()[number][0])
        view = self._stage.view
        if at is None or not view.isVisible():
            return QRect()
        corner = view.mapToGlobal(at)
        return QRect(corner.x() - POINT // 2, corner.y() - POINT // 2, POINT, POINT)
