"""The lock of the main window: everything is covered, open dialogs are hidden with what was typed in them, and come back."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from neutromon.ui.lock import LockPage
from neutromon.ui.practice_banner import published_words
from neutromon.ui.text import tr

if TYPE_CHECKING:
    from neutromon.ui.main_window import MainWindow
    from neutromon.ui.window_tools import WindowTools


class Cover(QStackedWidget):
    """Holds the desk and the lock page over it; no name is read while it is locked."""

    unlocked = Signal()

    def __init__(self, desk: QWidget, tools: WindowTools) -> None:
        super().__init__()
        self.setObjectName("window")
        self._tools = tools
        self._hidden: list[QDialog] = []
        self.addWidget(desk)

    @cached_property
    def page(self) -> LockPage:
        """Return the lock page, built when it is first asked for."""
        tools = self._tools
        published = published_words() if tools.clinic.practice else ""
        made = LockPage(tools.clinic.user, tools.check_passphrase, tools.change_user, published=published)
        made.unlocked.connect(self.unlocked)
        self.addWidget(made)
        return made

    @property
    def locked(self) -> bool:
        """Return whether the lock page covers everything."""
        return self.currentIndex() > 0

    def lock(self, window: MainWindow) -> None:
        """Cover everything; the numbers of the alert strip are all that is told."""
        self._hidden = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
        for dialog in self._hidden:
            dialog.hide()
        window.top.quick_find.finish()
        window.messages.clear()  # who comes next takes back nothing of another person's
        window.enable_actions(False)
        self.setCurrentWidget(self.page)
        window.status.hide()
        self.page.begin(tr("Open alerts: {numbers}", numbers=window.strip.summary()) if window.strip.summary() else "")

    def unlock(self, window: MainWindow) -> None:
        """Show everything as it was."""
        self.setCurrentIndex(0)
        window.enable_actions(True)
        window.status.show()
        window.idle.set_minutes(window.settings.lock_after_minutes)
        for dialog in self._hidden:
            dialog.show()
        self._hidden = []
        window.read_again()
