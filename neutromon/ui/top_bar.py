"""The bar above everything: menus, quick find, who is signed in, and the lock, in one line."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QMenuBar, QSizePolicy, QWidget

from neutromon.models.worklist import PatientHit
from neutromon.ui.commands import Command
from neutromon.ui.quick_find import QuickFind
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.layout import column, frame, row


class TopBar(QWidget):
    """Always visible while the window is open."""

    lock_requested = Signal()

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
        self.menus = QMenuBar()
        self.menus.setNativeMenuBar(False)
        self.menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.menus.setAccessibleName(tr("Menus"))
        self.quick_find = QuickFind(find, commands, overlay)
        self.quick_find.setMaximumWidth(720)
        self.user = button(tr("Nurse: {user}", user=isolated(user)), name="user_menu", kind="flat", tip=tr("Who is signed in"))
        self.user.setMenu(QMenu(self.user))
        line.addWidget(self.menus)
        line.addStretch(1)
        line.addWidget(self.quick_find, 6)
        line.addStretch(1)
        line.addWidget(self.user)
        line.addWidget(button(tr("Lock"), self.lock_requested.emit, name="lock", kind="flat", tip=tr("Hide everything (Ctrl+L)")))
