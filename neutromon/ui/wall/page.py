"""The wall view: a card for each patient of the day by initials, never a name, number or value; words beside every colour."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QWidget

from neutromon.models.evaluation import Tier
from neutromon.models.worklist import DayOneState, ListName, WorklistRow
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row
from neutromon.ui.widgets.sign import MarkLabel
from neutromon.ui.worklist.columns import cycle_text, day_text, list_title

CARD_WIDTH = 240
LARGE = 1.4
MOST = 120


class WallPage(QWidget):
    """Today's or tomorrow's patients; reads again when something changed."""

    full_screen_requested = Signal(bool)

    def __init__(self, clinic: ClinicPort, theme: Theme, notifier: ChangeNotifier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic, self._theme = clinic, theme
        self._name = ListName.TODAY
        self._day = clinic.now().date()
        self._cards: list[QFrame] = []
        self.setObjectName("wall_page")
        outer = column(self, spacing=SPACE.medium)
        outer.setContentsMargins(SPACE.wide, SPACE.large, SPACE.wide, SPACE.large)
        outer.addLayout(self._build_head())
        if theme.scale >= LARGE:
            outer.addWidget(self._numbers)
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE.medium)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setObjectName("wall_scroll")
        scroll.setAccessibleName(tr("Wall view"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        self.empty = EmptyState()
        outer.addWidget(scroll, 1)
        outer.addWidget(self.empty, 1)
        self._scroll = scroll
        notifier.changed.connect(self._changed)

    def _build_head(self) -> QHBoxLayout:
        head = row(spacing=SPACE.medium)
        self._title = TextLabel("", size=Size.DISPLAY, strong=True)
        self._date = TextLabel("", size=Size.SUBTITLE, tone="muted")
        self._numbers = TextLabel("", size=Size.SUBTITLE, tone="muted")
        head.addWidget(self._title, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self._date, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addStretch(1)
        if self._theme.scale < LARGE:
            head.addWidget(self._numbers, 0, Qt.AlignmentFlag.AlignBaseline)
        self._days = {
            ListName.TODAY: button(tr("Today"), lambda: self.show_day(ListName.TODAY), name="wall_today"),
            ListName.TOMORROW: button(tr("Tomorrow"), lambda: self.show_day(ListName.TOMORROW), name="wall_tomorrow"),
        }
        for made in self._days.values():
            made.setCheckable(True)
            head.addWidget(made)
        self._full = button(tr("Full screen"), self._toggle_full, name="wall_full", tip=tr("Esc ends it"))
        self._full.setCheckable(True)
        head.addWidget(self._full)
        return head

    def activate(self) -> None:
        """Read again when the page is shown."""
        self.show_day(self._name)

    def show_day(self, name: ListName) -> None:
        """Show today's or tomorrow's patients."""
        self._name = name
        for day, made in self._days.items():
            made.setChecked(day is name)
        self._read()

    def _changed(self, _changes: object) -> None:
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        rows = self._clinic.worklist(self._name, order="name", limit=MOST)
        now = self._clinic.now()
        self._title.setText(list_title(self._name))
        self._date.setText(f"{day_text(now.date())}, {now:%H:%M}")
        self._day = now.date()
        given = sum(given_on(one, self._day) for one in rows)
        ready = sum(good_to_go(one) and not given_on(one, self._day) for one in rows)
        numbers = tr("{ready} good to go · {hold} on hold", ready=ready, hold=len(rows) - ready - given)
        self._numbers.setText(f"{tr('{n} given', n=given)} · {numbers}" if given else numbers)
        self._fill(rows)
        self._scroll.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.empty.set_texts(tr("Nobody is planned for this day"), tr("Patients with a planned day 1 appear here by their initials."))

    def _fill(self, rows: Sequence[WorklistRow]) -> None:
        for card in self._cards:
            card.hide()
            card.deleteLater()
        self._cards = [self._card(one) for one in rows]
        self._lay_out()

    def _card(self, one: WorklistRow) -> QFrame:
        card = frame("card", name="wall_card")
        inner = column(card, margin=SPACE.large, spacing=SPACE.tight)
        inner.addWidget(TextLabel(isolated(one.initials), size=Size.DISPLAY, strong=True))
        inner.addWidget(TextLabel(cycle_text(one), tone="muted"))
        inner.addSpacing(SPACE.small)
        given = given_on(one, self._day)
        ready = given or good_to_go(one)
        said, why = (tr("Given"), tr("day 1 was today")) if given else (tr("Good to go") if ready else tr("On hold"), wait_text(one))
        line = row(spacing=SPACE.small)
        line.addWidget(MarkLabel(self._theme, "check" if ready else "clock", "meets" if ready else "hold"))
        line.addWidget(TextLabel(said, size=Size.SUBTITLE, tone="meets" if ready else "hold"), 1)
        inner.addLayout(line)
        inner.addWidget(TextLabel(why, tone="muted", wrap=True))
        card.setAccessibleName(f"{one.initials}, {said}, {why}")
        return card

    def _lay_out(self) -> None:
        across = max(1, self.width() // round(CARD_WIDTH * self._theme.scale))
        for number, card in enumerate(self._cards):
            self._grid.addWidget(card, number // across, number % across)
        for place in range(self._grid.columnCount()):
            self._grid.setColumnStretch(place, 1 if place < across else 0)

    def _toggle_full(self) -> None:
        self.full_screen_requested.emit(self._full.isChecked())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cards out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End full screen on Esc."""
        if event.key() == Qt.Key.Key_Escape and self._full.isChecked():
            self._full.click()
        else:
            super().keyPressEvent(event)


def given_on(one: WorklistRow, day: date) -> bool:
    """Return whether day 1 of the running cycle was that day: nothing is awaited for it any more; an emergency is told first."""
    emergency = any(alert.tier is Tier.EMERGENCY for alert in one.alerts)
    return one.cycle_day == 1 and one.next_day1 != day and not emergency


def good_to_go(one: WorklistRow) -> bool:
    """Return whether a nurse decided to proceed and no emergency is open; what is computed alone never says so."""
    emergency = any(alert.tier is Tier.EMERGENCY for alert in one.alerts)
    return one.decision.casefold().startswith("proceed") and not emergency


def wait_text(one: WorklistRow) -> str:
    """Return what is waited for, without a value."""
    if good_to_go(one):
        return tr("decided")
    if any(alert.tier is Tier.EMERGENCY for alert in one.alerts):
        return tr("being seen")
    if one.decision:
        return tr("decided: see the list")
    if one.day1_state in {DayOneState.NO_COUNT, DayOneState.COUNT_TOO_OLD, DayOneState.CANNOT_TELL}:
        return tr("count awaited")
    return tr("decision awaited")
