"""The left rail: every list with its number, then the desks of the clinic."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton, QScrollArea, QSizePolicy, QWidget

from neutromon.models.worklist import ListName
from neutromon.ui.fonts import window_font
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, pixels
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row, rule, scroll_area
from neutromon.ui.worklist.columns import list_title

WIDTH = 208
SCROLL_BAR = 16


class RailButton(QPushButton):
    """A line of the rail: a title, where it counts something a number at the end, and where some of it is critical a second line."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"rail_{name}")
        self.setProperty("kind", "flat")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        inside = column(self)
        inside.setContentsMargins(SPACE.medium, 0, SPACE.medium, 0)
        line = row()
        inside.addLayout(line)
        self._label = TextLabel(title)
        self._number = TextLabel("", tone="muted")
        line.addWidget(self._label)
        line.addStretch(1)
        line.addWidget(self._number)
        self._warning = TextLabel("", size=Size.CAPTION, tone="error", strong=True)
        inside.addWidget(self._warning)
        for label in (self._label, self._number, self._warning):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_warning("")
        self.set_number(None)

    def title(self) -> str:
        """Return the title."""
        return self._label.text()

    def set_number(self, number: int | None) -> None:
        """Show how many; None shows nothing."""
        self._number.setText("" if number is None else str(number))
        self._tell()

    def set_warning(self, text: str) -> None:
        """Show a second line; "" shows none."""
        self._warning.setText(text)
        self._warning.setVisible(bool(text))
        self.setMinimumHeight(self.sizeHint().height() + self._warning.sizeHint().height() if text else 0)
        self._tell()

    def _tell(self) -> None:
        parts = (self._label.text(), self._number.text(), self._warning.text())
        self.setAccessibleName(", ".join(part for part in parts if part))


class Rail(QWidget):
    """Asks for a list or a desk; the numbers come from outside."""

    list_requested = Signal(ListName)
    desk_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._critical = 0
        outer = column(self)
        holder = frame("rail")
        outer.addWidget(self._scrolling(holder))
        inner = column(holder, spacing=SPACE.hair)
        inner.setContentsMargins(SPACE.small, SPACE.large, SPACE.small, SPACE.medium)
        self._lists = {name: self._list_button(name) for name in ListName}
        self._desks = {name: self._desk_button(name, title) for name, title in desk_titles().items()}
        inner.addWidget(_heading(tr("Lists")))
        for made in self._lists.values():
            inner.addWidget(made)
        inner.addSpacing(SPACE.medium)
        inner.addWidget(rule())
        inner.addSpacing(SPACE.small)
        inner.addWidget(_heading(tr("Desk")))
        for desk in self._desks.values():
            inner.addWidget(desk)
        inner.addStretch(1)
        self.set_scale(1.0)

    def _scrolling(self, holder: QWidget) -> QScrollArea:
        """Let the rail scroll where a large text makes it higher than the window."""
        area = scroll_area(holder, upright=True)
        area.setObjectName("rail_scroll")
        area.setAccessibleName(tr("Lists"))
        return area

    def set_scale(self, scale: float) -> None:
        """Be as wide as the titles need at a text size."""
        metrics = QFontMetrics(window_font(pixels(Size.BODY, scale)))
        titles = max(metrics.horizontalAdvance(made.title()) for made in (*self._lists.values(), *self._desks.values()))
        needed = titles + metrics.horizontalAdvance("8888") + 2 * SPACE.medium + 2 * SPACE.small + SCROLL_BAR
        self.setMinimumWidth(max(WIDTH, needed))
        self.setMaximumWidth(round(max(WIDTH, needed) * 1.5))

    def _list_button(self, name: ListName) -> RailButton:
        made = RailButton(name.value, list_title(name))
        made.clicked.connect(lambda _checked=False: self.list_requested.emit(name))
        return made

    def _desk_button(self, name: str, title: str) -> RailButton:
        made = RailButton(name, title)
        made.clicked.connect(lambda _checked=False: self.desk_requested.emit(name))
        return made

    def set_numbers(self, numbers: Mapping[ListName, int]) -> None:
        """Show how many patients each list holds."""
        for name, made in self._lists.items():
            made.set_number(numbers.get(name))

    def set_desk_number(self, name: str, number: int | None) -> None:
        """Show how much waits at a desk."""
        self._desks[name].set_number(number)

    def show_critical(self, number: int) -> None:
        """Say how many of the waiting results would be critical if they were true; nothing where none would."""
        self._critical = number
        self._desks["holding"].set_warning(tr("◆ {n} critical if true", n=number) if number else "")

    def say_again(self) -> None:
        """Say what is counted in the language in force."""
        self.show_critical(self._critical)

    def mark(self, place: str) -> None:
        """Mark where the window is: the name of a list or a desk, "" for neither."""
        for name, made in self._lists.items():
            made.setChecked(name.value == place)
        for desk, made in self._desks.items():
            made.setChecked(desk == place)


def desk_titles() -> dict[str, str]:
    """Return the desks of the clinic by name."""
    return {
        "inbox": tr("Alert inbox"),
        "handover": tr("Hand-over"),
        "wall": tr("Wall view"),
        "imports": tr("Import"),
        "holding": tr("Holding bay"),
        "administration": tr("Administration"),
    }


def _heading(text: str) -> TextLabel:
    label = TextLabel(text, size=Size.CAPTION, tone="faint", strong=True)
    label.setContentsMargins(SPACE.medium, 0, 0, SPACE.tight)
    return label
