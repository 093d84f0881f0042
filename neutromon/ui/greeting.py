"""What the window says after its first paint: what the last crash left behind, or an empty clinic's first steps."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from neutromon.ui.guide import FirstSteps
from neutromon.ui.start.fault import LastCrashDialog


def greet(window: QWidget, crash: str, *, empty: bool, run: Callable[[str], object]) -> None:
    """Offer the crash's place, else teach the first steps where there is no patient yet."""
    if crash:
        LastCrashDialog(crash, window).open()
    elif empty:
        show_first_steps(window, practice=False, run=run)


def show_first_steps(window: QWidget, *, practice: bool, run: Callable[[str], object]) -> None:
    """Open the first steps; each runs a command."""
    guide = FirstSteps(practice=practice, parent=window)
    guide.command_requested.connect(run)
    guide.open()
