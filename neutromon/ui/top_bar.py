"""The bar above everything: menus, quick find, who is signed in, and the lock, in one line."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QMenuBar, QSizePolicy, QWidget

from neutromon.models.worklist import PatientHit
from neutromon.ui.commands import Command
from neutromon.ui.count_unit import SHOWN_UNITS
from neutromon.ui.quick_find import QuickFind
from neutromon.ui.text import as_read, isolated, role_word, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.layout import column, frame, row

DIGITS = 105
"""The width of the bar in digits from which there is room for every word."""
PADDING, GAP = 10, 8
"""Of a menu's title in the style sheet, and between two."""


class Menus(QMenuBar):
    """Asks for the room of its titles: read from right to left, Qt asks for what it has and then hides every menu behind an arrow."""

    def sizeHint(self) -> QSize:
        """Return the room of every title with its padding."""
        metrics = self.fontMetrics()
        titles = (metrics.horizontalAdvance(action.text()) + 2 * PADDING + GAP for action in self.actions())
        return QSize(sum(titles) + GAP, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the same: the search field beside it gives way."""
        return self.sizeHint()


class TopBar(QWidget):
    """Always visible while the window is open."""

    lock_requested = Signal()
    unit_requested = Signal(str)

    def __init__(
        self,
        user: str,
        find: Callable[[str], Sequence[PatientHit]],
        commands: Callable[[], Sequence[Command]],
        overlay: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("top_bar")
        outer = column(self)
        holder = frame("bar")
        outer.addWidget(holder)
        line = row(holder, spacing=SPACE.small)
        line.setContentsMargins(SPACE.small, SPACE.small, SPACE.large, SPACE.small)
        self.menus = Menus()
        self.menus.setNativeMenuBar(False)
        self.menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.menus.setAccessibleName(tr("Menus"))
        self.quick_find = QuickFind(find, commands, overlay)
        self.quick_find.setMaximumWidth(720)
        self._user, self._role = user, ""
        self.user = button("", name="user_menu", kind="flat", tip=tr("Who is signed in"))
        self.show_user()
        self.user.setMenu(QMenu(self.user))
        line.addWidget(self.menus)
        line.addStretch(1)
        line.addWidget(self.quick_find, 6)
        line.addStretch(1)
        line.addWidget(self._build_unit())
        line.addWidget(self.user)
        line.addWidget(button(tr("Lock"), self.lock_requested.emit, name="lock", kind="flat", tip=tr("Hide everything (Ctrl+L)")))

    def _build_unit(self) -> QWidget:
        """Return the switch of the unit that counts are shown in."""
        self.unit = button(
            "", name="unit_menu", kind="flat", tip=tr("The unit that counts are shown in (Ctrl+U); stored values and rules stay")
        )
        self.unit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # "/µL" begins with a sign that would change sides
        menu = QMenu(self.unit)
        self._units: dict[str, QAction] = {}
        for unit, shown in SHOWN_UNITS.items():
            action = QAction(menu)  # with a text, Qt's binding would make the 151 names of its icons
            action.setText(as_read(shown))
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, chosen=unit: self.unit_requested.emit(chosen))
            menu.addAction(action)
            self._units[unit] = action
        self.unit.setMenu(menu)
        return self.unit

    def fill_user_menu(self, actions: Mapping[str, QAction]) -> None:
        """Put what belongs to the person and her looks under her name."""
        menu = self.user.menu()
        menu.clear()
        for name in ("theme", "larger", "smaller", "reset", "lock", "form_pin", "change_user", "quit"):
            if name in actions:
                menu.addAction(actions[name])

    def show_user(self, role: str = "") -> None:
        """Say who is signed in and, where it is known, in which role, in the language in force."""
        self._role = role or self._role
        named = {"role": role_word(self._role), "user": isolated(self._user)}
        whole = tr("{role}: {user}", **named) if self._role else named["user"]
        self.user.setText(whole if self._is_roomy() else named["user"])
        self.user.setAccessibleName(whole)

    def _is_roomy(self) -> bool:
        """Return whether the role has room: in large text on a small screen the search field needs it."""
        return self.width() >= self.user.fontMetrics().horizontalAdvance("0") * DIGITS

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say more or less of who is signed in."""
        super().resizeEvent(event)
        self.show_user()

    def show_unit(self, unit: str) -> None:
        """Show which unit is in force."""
        self.unit.setText(as_read(SHOWN_UNITS[unit]))
        self.unit.setAccessibleName(tr("Unit of counts: {unit}", unit=SHOWN_UNITS[unit]))
        for name, action in self._units.items():
            action.setChecked(name == unit)
