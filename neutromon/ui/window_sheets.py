"""The sheets over the main window: its keys, what the program is, the first steps; each is imported when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neutromon.models.worklist import ListName

if TYPE_CHECKING:
    from neutromon.ui.main_window import MainWindow
    from neutromon.ui.window_tools import WindowTools


class Sheets:
    """Opens them; nothing is typed on any of them."""

    def __init__(self, window: MainWindow, tools: WindowTools) -> None:
        self._window, self._tools = window, tools

    def greet(self) -> None:
        """Say what the last crash left behind, or teach an empty clinic's first steps."""
        from neutromon.ui.greeting import greet

        clinic = self._tools.clinic
        empty = not clinic.practice and not clinic.list_counts().get(ListName.ALL)
        greet(self._window, self._tools.last_crash(), empty=empty, run=self._window.run_command)

    def keys(self) -> None:
        """Show the shortcut sheet."""
        from neutromon.ui.sheet import ShortcutSheet

        ShortcutSheet(self._window.commands(), self._window.theme, self._window).open()

    def about(self) -> None:
        """Show what this program is and is not."""
        from neutromon.ui.sheet import AboutDialog

        rules = [(used.id, used.version) for used in self._tools.clinic.rules.used]
        AboutDialog(rules, self._tools.notices(), self._window).open()

    def guide(self) -> None:
        """Show the first steps."""
        from neutromon.ui.greeting import show_first_steps

        show_first_steps(self._window, practice=self._tools.clinic.practice, run=self._window.run_command)
