"""The shortcut sheet (F1) and the about page, both as house dialogs."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPlainTextEdit, QScrollArea, QWidget

from neutromon import __version__
from neutromon.ui.commands import Command, Group, group_title, told_commands
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.badges import Chip
from neutromon.ui.widgets.dialog import TITLE_BAR, Dialog
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.widgets.layout import column, roomy, row

SIDES = ((Group.LISTS, Group.CHART), (Group.PATIENT, Group.CLINIC), (Group.WINDOW,))
LARGE, BUTTONS = 1.4, 40


class ShortcutSheet(Dialog):
    """Every key on one page."""

    read_only = True

    def __init__(self, commands: Sequence[Command], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Keys"), name="shortcut_sheet", parent=parent, width=1120)
        self._theme = theme
        shown = [*(c for c in commands if c.keys), *told_commands()]
        area, sides = self._scrolling(), row(spacing=SPACE.huge)
        for groups in SIDES if theme.scale < LARGE else (tuple(group for side in SIDES for group in side),):
            side = column(spacing=SPACE.small)
            for group in groups:
                self._add_group(side, group, [c for c in shown if c.group is group])
            side.addStretch(1)
            sides.addLayout(side, 1)
        inside = QWidget()
        inside.setLayout(sides)
        area.setWidget(inside)
        self.body.addWidget(area, 1)
        needed = inside.sizeHint().height() + self.sizeHint().height() - area.sizeHint().height() + SPACE.huge
        self.resize(self.width(), min(needed + 2 * BUTTONS, self.screen().availableGeometry().height() - TITLE_BAR))
        self.add_buttons(None, cancel=tr("Close"))

    def _scrolling(self) -> QScrollArea:
        """Return where the keys scroll when large text needs more height than the screen has."""
        area = QScrollArea()
        area.setObjectName("keys_scroll")
        area.setAccessibleName(tr("Keys"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _add_group(self, side: object, group: Group, commands: Sequence[Command]) -> None:
        add_widget, add_layout = side.addWidget, side.addLayout  # type: ignore[attr-defined]
        if not commands:
            return
        add_widget(section_title(group_title(group)))
        grid = QGridLayout()
        grid.setVerticalSpacing(SPACE.tight)
        grid.setHorizontalSpacing(SPACE.medium)
        grid.setColumnStretch(0, 1)
        for number, command in enumerate(commands):
            grid.addWidget(TextLabel(command.title, wrap=True), number, 0)
            keys = row(spacing=SPACE.tight)
            for key in command.keys:
                keys.addWidget(Chip(self._theme, key, ink="text"))
            grid.addLayout(keys, number, 1, Qt.AlignmentFlag.AlignTrailing)
        add_layout(grid)


class AboutDialog(Dialog):
    """What this program is, what it is not, which rules are in force, and the notices of what it is made of."""

    read_only = True

    def __init__(self, rules: Sequence[tuple[str, str]], notices: str, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("About NeutroMon"), about=tr("Version {version}", version=__version__), name="about", parent=parent, width=roomy(640)
        )
        self.scroll_body()
        purpose = tr(
            "Decision support for oncology nurses, not a prescription and not an alarm system for monitoring. "
            "Measured values and the local protocol decide. Everything stays on this computer."
        )
        self.body.addWidget(TextLabel(purpose, wrap=True))
        self.body.addWidget(section_title(tr("Rules in force")))
        self.body.addWidget(
            TextLabel(" · ".join(f"{name} {version}" for name, version in rules), size=Size.CAPTION, tone="muted", wrap=True)
        )
        self.body.addWidget(section_title(tr("Notices")))
        text = QPlainTextEdit(notices)
        text.setReadOnly(True)
        text.setObjectName("about_notices")
        text.setAccessibleName(tr("Notices"))
        text.setMinimumHeight(240)
        text.setTabChangesFocus(True)
        self.body.addWidget(text, 1)
        self.add_buttons(None, cancel=tr("Close"))


PARTS = (
    "Qt for Python (PySide6 Essentials) – LGPL-3.0",
    "pyqtgraph – MIT",
    "NumPy – BSD-3-Clause",
    "SQLCipher and sqlcipher3 – BSD-3-Clause, zlib",
    "sqlite-utils – Apache-2.0",
    "argon2-cffi – MIT",
    "cryptography – Apache-2.0 or BSD-3-Clause",
    "typst – Apache-2.0",
    "python-calamine – MIT",
    "platformdirs – MIT",
    "tzdata – Apache-2.0",
)


def notices_text(folder: Path) -> str:
    """Return the notices of the parts and of the shipped fonts."""
    texts = ["\n".join(PARTS)]
    for path in sorted(folder.glob("*LICENSE*.txt")):
        texts.append(path.read_text(encoding="utf-8", errors="replace"))
    return "\n\n――――――――\n\n".join(texts)
