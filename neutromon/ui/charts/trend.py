"""The trend on the screen: the stage with its read-out, range presets, scale, small panes and table; every key of a nurse's hand."""

from datetime import date

from PySide6.QtCore import QDate, QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from neutromon.models.trend_chart import ForecastFan, TrendChart
from neutromon.ui.charts.accessible import make_readable
from neutromon.ui.charts.controls import CUSTOM, ChartControls
from neutromon.ui.charts.forecast_line import ForecastLine
from neutromon.ui.charts.language import in_language
from neutromon.ui.charts.scale import LinearScale, log_scale
from neutromon.ui.charts.shown import Ink, Shown, day_of, days_of
from neutromon.ui.charts.trend_reading import TrendReading
from neutromon.ui.charts.trend_stage import TrendStage
from neutromon.ui.charts.trend_table import TrendTable
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.labels import ElidedLabel
from neutromon.ui.widgets.layout import column

ZOOM = 0.8
ROOM_AFTER = 9.0
"""Days of plan that stay in sight behind everything that is known."""
TABLE_HEIGHT = 190
LOW = 300
"""A view lower than this, at a text size of 100 %, has no room for the hint of the keys."""
OPENING = "Recent"
"""Presets ship with the chart; this one is the window in which it opens."""


class TrendView(TrendReading):
    """One patient's counts against the cycles. Ids of samples go out, a TrendChart comes in; nothing is evaluated here."""

    sample_requested = Signal(str)
    read_out_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown = Shown(Ink(theme))
        self._read_out = ""
        self._preset = OPENING
        self._range = (0.0, 0.0)
        self._compact = compact
        self.setObjectName("trend_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Neutrophil trend"))
        self._build()
        if compact:
            self._without_extras()
        self.clear(tr("No patient is open."))

    def _build(self) -> None:
        self._stack = QStackedLayout(self)
        self._body = QWidget(self)
        self._empty = EmptyState(tr("No trend"), "")
        layout = column(self._body, margin=SPACE.tight, spacing=SPACE.tight)
        self.controls = ChartControls(self._body)
        layout.addWidget(self.controls)
        self._title = self.controls.title
        self._words = ElidedLabel("", size=Size.CAPTION, tone="muted")
        self._words.setObjectName("read_out")
        layout.addWidget(self._words)
        self._stage = TrendStage(self._shown, self._body)
        make_readable(self._stage.view, self)
        layout.addWidget(self._stage.view, 1)
        self.table = TrendTable(self._body)
        self.table.setFixedHeight(TABLE_HEIGHT)
        self.table.hide()
        layout.addWidget(self.table)
        self._foot = ForecastLine(self._theme, self._body)
        layout.addWidget(self._foot)
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._empty)
        self._connect()

    def _without_extras(self) -> None:
        """Leave plot, cycles, dates and legend, for a place beside other things."""
        for part in (self.controls, self._words, self._foot):
            part.hide()
        self._stage.show_lane = False

    def _connect(self) -> None:
        self.controls.preset_chosen.connect(self.show_preset)
        self.controls.range_chosen.connect(self._show_dates)
        self.controls.scale_toggled.connect(self.toggle_scale)
        self.controls.samples_toggled.connect(self.toggle_samples)
        self.controls.panes_toggled.connect(self.toggle_panes)
        self.controls.table_toggled.connect(self.toggle_table)
        self.controls.rejected_toggled.connect(self.toggle_rejected)
        self._stage.pointed_at.connect(self._point_at)
        self._stage.point_pressed.connect(self._select)
        self._stage.point_opened.connect(self._open)
        self._stage.event_pointed_at.connect(self._say)
        self._stage.range_changed.connect(self._range_moved)
        self.table.row_chosen.connect(self._select)
        self.table.row_opened.connect(self._open)

    # what the page calls
    def show_chart(self, chart: TrendChart, patient: str = "") -> None:
        """Show a chart; the same patient's keeps range and point. `patient` is the name, number and birth date over it."""
        chart = in_language(chart)
        names = chart.title, tr("Neutrophils (ANC)"), tr("ANC")
        titles = [" · ".join(part for part in (patient, name) if part) for name in names]
        same = self._shown.chart is not None and self._title.whole_text() == titles[0] and self._shown.chart.epoch == chart.epoch
        kept, before = self._selected_id() if same else "", self._shown.frame
        self._title.set_texts(
            *(" · ".join(part for part in (patient, of) if part) for of in (chart.title, tr("Neutrophils (ANC)"), tr("ANC")))
        )
        self._shown.scale = LinearScale() if self._shown.scale.name == "linear" and same else log_scale(chart)
        self._shown.second = self._shown.second if same else None
        self._shown.selected = next((n for n, p in self._shown_points(chart) if p == kept), None) if kept else None
        self._stage.show_chart(chart)
        self.controls.show_chart(chart, [OPENING, *(name for name, _, _ in chart.presets), CUSTOM], self._shown.scale.name)
        self._write(chart)
        self._stack.setCurrentWidget(self._body)
        if same and self._preset == CUSTOM:
            self._stage.set_range(before.first, before.last)
        else:
            self.show_preset(self._preset if same else OPENING)
        if self.table.isVisibleTo(self):
            self.table.show_chart(chart)

    def compare(self, second: ForecastFan | None) -> None:
        """Draw the forecast of a changed plan beside the plan's, dotted and in its own colour."""
        self._shown.second = second
        self._stage.arrange()

    def clear(self, reason: str) -> None:
        """Show why there is no chart."""
        self._shown.chart, self._shown.selected, self._shown.second = None, None, None
        self._title.set_texts("")
        self._say("")
        self.table.show_chart(None)
        self._empty.set_texts(tr("No trend"), reason)
        self.setAccessibleDescription(reason)
        self._stack.setCurrentWidget(self._empty)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours or at another text size."""
        self._theme = theme
        self._shown.ink = Ink(theme)
        self._foot.set_theme(theme)
        self._stage.arrange()
        self.update()

    def step(self, by: int) -> None:
        """Go to the next or the previous count and speak it."""
        places = [n for n, _ in self._shown.points()]
        if not places:
            return
        if self._shown.selected in places:
            at = places.index(self._shown.selected) + by
            self._select(places[min(max(at, 0), len(places) - 1)])
        else:
            self._select(places[-1] if by < 0 else places[0])

    def toggle_scale(self) -> None:
        """Change between the logarithmic and the linear scale; nothing but the drawing depends on it."""
        chart = self._shown.chart
        if chart is None:
            return
        self._shown.scale = LinearScale() if self._shown.scale.name == "log" else log_scale(chart)
        self.controls.set_scale(self._shown.scale.name)
        self._stage.set_range(self._shown.frame.first, self._shown.frame.last)
        self._stage.repaint_all()

    def toggle_samples(self) -> None:
        """Show or hide sample courses of the forecast."""
        self._shown.samples = not self._shown.samples
        self.controls.set_samples(self._shown.samples)
        self._stage.repaint_all()

    def toggle_rejected(self) -> None:
        """Show or hide results that were withdrawn."""
        self._shown.rejected = not self._shown.rejected
        self._shown.selected = None
        self.controls.set_rejected(self._shown.rejected)
        self._stage.arrange()

    def toggle_panes(self) -> None:
        """Show or hide platelets, haemoglobin, white cells and temperature."""
        self._stage.set_panes(not self._stage.show_panes)
        self.controls.set_panes(self._stage.show_panes)

    def toggle_table(self) -> None:
        """Show or hide the chart as a table."""
        shown = not self.table.isVisibleTo(self)
        if shown:
            self.table.show_chart(self._shown.chart)
        self.table.setVisible(shown)
        self.controls.set_table(shown)
        if shown and self._shown.selected is not None:
            self.table.select_point(self._shown.selected)

    def show_span(self, first: float, last: float) -> None:
        """Show a stretch of days."""
        self._stage.set_range(first, last)

    def pan(self, days: float) -> None:
        """Move the range in time."""
        self._stage.set_range(self._shown.frame.first + days, self._shown.frame.last + days)

    def previous_cycle(self) -> None:
        """Show the cycle before the one in the middle."""
        self._go_to_cycle(-1)

    def next_cycle(self) -> None:
        """Show the cycle after the one in the middle."""
        self._go_to_cycle(1)

    def show_preset(self, name: str) -> None:
        """Show a range by its name; an unknown name is the opening range."""
        chart = self._shown.chart
        if chart is None:
            return
        ranges = {preset: (first, last) for preset, first, last in chart.presets}
        if name == CUSTOM:
            self._preset = CUSTOM
        else:
            self._preset = name if name in ranges else OPENING
            self._stage.set_range(*ranges.get(name, opening_of(chart)))
            self._preset = name if name in ranges else OPENING
        self.controls.set_preset(self._preset)
        self._write_dates()

    # how it works
    def _shown_points(self, chart: TrendChart) -> list[tuple[int, str]]:
        return [(n, point.sample_id) for n, point in enumerate(chart.points)]

    def _selected_id(self) -> str:
        chart, selected = self._shown.chart, self._shown.selected
        return chart.points[selected].sample_id if chart is not None and selected is not None else ""

    def _write(self, chart: TrendChart) -> None:
        self.setAccessibleName(f"{self._title.whole_text()}. {chart.y_label}, {self._shown.scale.text}")
        self.setAccessibleDescription(chart.summary)
        self._stage.view.setAccessibleName(tr("Counts of the chart"))
        self._foot.show_chart(chart)
        point = self._shown.selected
        self._say(chart.points[point].readout if point is not None else "")

    def _say(self, text: str) -> None:
        if text == self._read_out and text:
            return
        self._read_out = text
        self._words.set_text(text or tr("← and → step through the counts, Enter opens one, F1 shows all keys."))
        self._words.set_tone("" if text else "faint")
        self._fit_words()
        if text:
            self.read_out_changed.emit(text)

    def _point_at(self, point: int) -> None:
        if point != self._shown.selected and self._shown.chart is not None:
            self._shown.selected = point
            self._stage.place_cursor()
            self._say(self._shown.chart.points[point].readout)

    def _select(self, point: int) -> None:
        """Read a point out: on the chart, in words, to the screen reader; scroll to it where it is not on the screen."""
        chart = self._shown.chart
        if chart is None:
            return
        self._shown.selected = point
        x, frame = chart.points[point].x, self._shown.frame
        if not frame.holds(x, x):
            half = (frame.last - frame.first) / 2
            self._stage.set_range(x - half, x + half)
        self._stage.place_cursor()
        text = chart.points[point].readout
        self._say(text)
        self.setAccessibleDescription(text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        if self.table.isVisibleTo(self):
            self.table.select_point(point)

    def _open(self, point: int) -> None:
        self._select(point)
        if self._selected_id():
            self.sample_requested.emit(self._selected_id())

    def _go_to_cycle(self, by: int) -> None:
        chart, frame = self._shown.chart, self._shown.frame
        if chart is None or not chart.cycles:
            return
        middle = (frame.first + frame.last) / 2
        now_in = max((n for n, cycle in enumerate(chart.cycles) if cycle.start <= middle), default=0)
        cycle = chart.cycles[min(max(now_in + by, 0), len(chart.cycles) - 1)]
        self._stage.set_range(cycle.start - 1.5, max(cycle.end, cycle.start + 7) + 1.5)
        words = tr("Cycle {number}: {header}", number=cycle.number, header=cycle.header)
        self._say(words)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _range_moved(self) -> None:
        frame = self._shown.frame
        if (frame.first, frame.last) == self._range:
            return
        self._range = frame.first, frame.last
        self._preset = CUSTOM
        self.controls.set_preset(CUSTOM)
        self._write_dates()

    def _write_dates(self) -> None:
        chart = self._shown.chart
        if chart is not None:
            first, last = (day_of(chart, x) for x in (self._shown.frame.first, self._shown.frame.last))
            self.controls.set_dates(QDate(first.year, first.month, first.day), QDate(last.year, last.month, last.day))

    def _show_dates(self, first: date, last: date) -> None:
        chart = self._shown.chart
        if chart is not None and first < last:
            self._stage.set_range(days_of(chart, first), days_of(chart, last) + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step, zoom and open by keyboard."""
        actions = {
            Qt.Key.Key_Left: lambda: self.step(-1),
            Qt.Key.Key_Right: lambda: self.step(1),
            Qt.Key.Key_Home: lambda: self._jump(0),
            Qt.Key.Key_End: lambda: self._jump(-1),
            Qt.Key.Key_BracketLeft: self.previous_cycle,
            Qt.Key.Key_BracketRight: self.next_cycle,
            Qt.Key.Key_L: self.toggle_scale,
            Qt.Key.Key_S: self.toggle_samples,
            Qt.Key.Key_Plus: lambda: self._stage.zoom(ZOOM),
            Qt.Key.Key_Equal: lambda: self._stage.zoom(ZOOM),
            Qt.Key.Key_Minus: lambda: self._stage.zoom(1 / ZOOM),
            Qt.Key.Key_0: lambda: self.show_preset(OPENING),
            Qt.Key.Key_Return: self._open_selected,
            Qt.Key.Key_Enter: self._open_selected,
        }
        action = actions.get(Qt.Key(event.key()))
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier}
        if action is None or not plain or self._shown.chart is None:
            super().keyPressEvent(event)
            return
        action()

    def _jump(self, place: int) -> None:
        places = [n for n, _ in self._shown.points()]
        if places:
            self._select(places[place])

    def _open_selected(self) -> None:
        if self._shown.selected is not None:
            self._open(self._shown.selected)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the counts can do without where there is little room: the hint of the keys."""
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        low = self.height() < LOW * self._theme.scale
        self._words.setHidden(self._compact or (low and not self._read_out))

    def changeEvent(self, event: QEvent) -> None:
        """Keep the time axis left to right whatever the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange and hasattr(self, "_stage"):
            self._stage.view.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the focus around the whole view."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(self._theme.palette.focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            painter.end()

    def focusInEvent(self, event: object) -> None:
        """Show the focus."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.update()

    def focusOutEvent(self, event: object) -> None:
        """Take the focus frame away."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.update()


def opening_of(chart: TrendChart) -> tuple[float, float]:
    """Return the range in which a chart opens: the last cycles, or all where there are few."""
    first, last = chart.opening or (chart.first, chart.last)
    needed = [chart.now, *(point.x for point in chart.points), *(cycle.end for cycle in chart.cycles if not cycle.planned)]
    needed += [chart.day1.x + 1] if chart.day1 else []
    needed += [chart.forecast.x[-1]] if chart.forecast else []
    return first, min(last, max(needed) + ROOM_AFTER)
