"""The buttons over the trend: ranges by cycle, own dates, scale, sample courses, small panes, table, rejected results."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from PySide6.QtCore import QDate, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDateEdit, QMenu, QPushButton, QWidget

from neutromon.models.trend_chart import PointShape, TrendChart
from neutromon.ui.charts.names import preset_word
from neutromon.ui.charts.title import ChartTitle
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row

CUSTOM = "Custom"


class ChartControls(QWidget):
    """Two rows of buttons; they ask, the chart answers by `set_...`."""

    preset_chosen = Signal(str)
    range_chosen = Signal(object, object)
    scale_toggled = Signal()
    samples_toggled = Signal()
    panes_toggled = Signal()
    table_toggled = Signal()
    rejected_toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, spacing=SPACE.hair)
        self.title = ChartTitle()
        self.head = row(spacing=SPACE.tight)
        self.head.addWidget(self.title, 1)
        self._ranges = row(spacing=SPACE.hair)
        outer.addLayout(self.head)
        outer.addLayout(self._ranges)
        self._presets: dict[str, QPushButton] = {}
        self._scale = self._toggle(tr("Linear"), "scale_toggle", "L", self.scale_toggled.emit)
        self._samples = self._toggle(tr("Sample courses"), "samples_toggle", "S", self.samples_toggled.emit)
        self._panes = self._toggle(tr("Other counts"), "panes_toggle", "", self.panes_toggled.emit)
        self._rejected = self._toggle(tr("Rejected"), "rejected_toggle", "", self.rejected_toggled.emit)
        self._table = self._toggle(tr("Table"), "table_toggle", "", self.table_toggled.emit)
        self._toggles = (self._scale, self._samples, self._panes, self._rejected, self._table)
        self._range_menu = self._menu(tr("Range"), "range_menu", lambda: tuple(self._presets.values()))
        self._view_menu = self._menu(tr("View"), "view_menu", lambda: tuple(made for made in self._toggles if made not in self._absent))
        self._absent: set[QPushButton] = set()
        self._build_dates()
        self._place_toggles()

    def _menu(self, text: str, name: str, buttons: Callable[[], tuple[QPushButton, ...]]) -> QPushButton:
        """Return a button whose menu stands for buttons that have no room."""
        made = button(f"{text} ▾", name=name, kind="flat")
        self._small(made)
        menu = QMenu(made)

        def fill() -> None:
            menu.clear()
            for wanted in buttons():
                action = menu.addAction(wanted.text(), wanted.click)
                action.setCheckable(True)
                action.setChecked(wanted.isChecked())

        menu.aboutToShow.connect(fill)
        made.setMenu(menu)
        made.hide()
        return made

    def _place_toggles(self) -> None:
        """Put the toggles behind the ranges where both fit, so that the title has a line of its own; else beside the title.

        Where the title, or either line, would be cut, menus stand for the buttons.
        """
        offered = [made for made in self._toggles if made not in self._absent]
        ranges, toggles = self._room(list(self._presets.values())), self._room(offered)
        together = ranges + toggles <= self.width()
        beside = not together and toggles + self.title.least_width() <= self.width()
        listed = not together and not beside
        line, other = (self.head, self._ranges) if beside else (self._ranges, self.head)
        for made in (self._view_menu, *self._toggles):
            if line.indexOf(made) < 0:
                other.removeWidget(made)
                line.addWidget(made)
        self._show(self._toggles, lambda made: not listed and made not in self._absent)
        self._show((self._view_menu,), lambda _made: listed)
        narrow = ranges + (self._room([self._view_menu]) if listed else 0) > self.width()
        self._show(self._presets.values(), lambda _made: not narrow)
        self._show((self._range_menu,), lambda _made: narrow)

    def _room(self, buttons: Sequence[QPushButton]) -> int:
        return sum(made.sizeHint().width() + self.head.spacing() for made in buttons)

    def _show(self, buttons: Iterable[QPushButton], wanted: Callable[[QPushButton], bool]) -> None:
        for made in buttons:
            if made.isHidden() is wanted(made):
                made.setVisible(wanted(made))

    def minimumSizeHint(self) -> QSize:
        """Return the least size: the two menus in one line."""
        return QSize(self._room([self._range_menu, self._view_menu]), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the toggles where there is room now."""
        super().resizeEvent(event)
        self._place_toggles()

    def _toggle(self, text: str, name: str, key: str, slot: Callable[[], object]) -> QPushButton:
        made = button(text, slot, name=name, kind="flat", tip=tr("Key {key}", key=key) if key else "")
        made.setCheckable(True)
        self._small(made)
        return made

    def _small(self, made: QPushButton) -> None:
        made.setProperty("size", "small")
        made.setStyleSheet("min-height: 24px; padding: 0 8px;")

    def _build_dates(self) -> None:
        self._dates = QWidget(self)
        line = row(self._dates, spacing=SPACE.tight)
        self._first, self._last = QDateEdit(self._dates), QDateEdit(self._dates)
        for field, name, text in ((self._first, "range_first", tr("from")), (self._last, "range_last", tr("to"))):
            field.setObjectName(name)
            field.setAccessibleName(tr("Range {word}", word=text))
            field.setDisplayFormat("dd MMM yyyy")
            field.setCalendarPopup(False)
            field.lineEdit().setTextMargins(6, 0, 0, 0)
            field.setStyleSheet("min-height: 22px;")
            field.setFixedWidth(108)
            line.addWidget(TextLabel(text, size=Size.CAPTION, tone="muted"))
            line.addWidget(field)
            field.editingFinished.connect(self._dates_edited)
        self._dates.hide()
        self._ranges.addWidget(self._range_menu)
        self._ranges.addStretch(1)
        self.head.addWidget(self._dates)

    def show_chart(self, chart: TrendChart, names: Sequence[str], scale: str) -> None:
        """Offer what this chart has."""
        self._show_presets(list(dict.fromkeys(names)))
        self.set_scale(scale)
        offers = {
            self._samples: chart.forecast is not None and bool(chart.forecast.samples),
            self._panes: bool(chart.panes),
            self._rejected: any(point.shape is PointShape.REJECTED for point in chart.points),
        }
        self._absent = {made for made, offered in offers.items() if not offered}
        self._place_toggles()

    def _show_presets(self, names: list[str]) -> None:
        if list(self._presets) == names:
            return
        for old in self._presets.values():
            self._ranges.removeWidget(old)
            old.deleteLater()
        self._presets = {}
        for n, name in enumerate(names):
            made = button(preset_word(name), self._chooser(name), name=f"preset_{n}", kind="flat")
            made.setCheckable(True)
            self._small(made)
            self._ranges.insertWidget(n, made)
            self._presets[name] = made

    def _chooser(self, name: str) -> Callable[[], None]:
        return lambda: self.preset_chosen.emit(name)

    def presets(self) -> list[str]:
        """Return the names of the ranges."""
        return list(self._presets)

    def set_preset(self, name: str) -> None:
        """Mark the range that is shown; own dates have their fields."""
        for known, made in self._presets.items():
            made.setChecked(known == name)
        self._dates.setVisible(name == CUSTOM)

    def set_dates(self, first: QDate, last: QDate) -> None:
        """Write the dates of the range."""
        for field, day in ((self._first, first), (self._last, last)):
            if field.date() != day:
                field.blockSignals(True)
                field.setDate(day)
                field.blockSignals(False)

    def _dates_edited(self) -> None:
        days = [date(day.year(), day.month(), day.day()) for day in (self._first.date(), self._last.date())]
        self.range_chosen.emit(*days)

    def set_scale(self, name: str) -> None:
        """Mark the scale."""
        self._scale.setChecked(name == "linear")

    def set_samples(self, shown: bool) -> None:
        """Mark whether sample courses are shown."""
        self._samples.setChecked(shown)

    def set_panes(self, shown: bool) -> None:
        """Mark whether the small panes are shown."""
        self._panes.setChecked(shown)

    def set_table(self, shown: bool) -> None:
        """Mark whether the table is shown."""
        self._table.setChecked(shown)

    def set_rejected(self, shown: bool) -> None:
        """Mark whether withdrawn results are shown."""
        self._rejected.setChecked(shown)
