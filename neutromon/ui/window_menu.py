"""Menus from the table of commands: every command has its action, with its key and its name."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenuBar

from neutromon.ui.commands import Command, Group, group_title

MENUS = (Group.LISTS, Group.PATIENT, Group.CLINIC, Group.WINDOW)


def build_menus(window: QMainWindow, bar: QMenuBar, commands: Sequence[Command], run: Callable[[str], object]) -> dict[str, QAction]:
    """Fill a menu bar and return the actions by command id; they belong to the window, so that keys work everywhere in it."""
    actions: dict[str, QAction] = {}
    for group in MENUS:
        menu = bar.addMenu(group_title(group))
        menu.setObjectName(f"menu_{group.value}")
        for command in (c for c in commands if c.group is group and c.run is not None):
            action = QAction(window)
            action.setText(command.title.replace("&", "&&"))
            action.setObjectName(f"action_{command.id}")
            action.setShortcuts(list(command.keys))  # type: ignore[arg-type]  # Qt reads names too; QKeySequence has 71 to make
            action.triggered.connect(lambda _checked=False, name=command.id: run(name))
            menu.addAction(action)
            window.addAction(action)
            actions[command.id] = action
    return actions
