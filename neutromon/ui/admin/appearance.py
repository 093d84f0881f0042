"""How the window looks on this computer: light or dark, text size, language, direction, when it locks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from neutromon.ui.admin.panel import Panel
from neutromon.ui.language import NAMES
from neutromon.ui.settings import SCALES, WindowSettings
from neutromon.ui.text import tr
from neutromon.ui.widgets.layout import field_row

if TYPE_CHECKING:
    from neutromon.services.session import Session

MINUTES = (0, 3, 5, 10, 15, 30)


class AppearancePanel(Panel):
    """Changes take effect at once; nothing clinical is here."""

    settings_requested = Signal(object)

    def __init__(self, session: Session, settings: Callable[[], Any], parent: QWidget | None = None) -> None:
        about = tr("For this computer only. Nothing clinical is here: what decides about patients is in the site protocol.")
        super().__init__(session, tr("Appearance"), about, "appearance_panel", parent)
        self._settings = settings
        self.theme = self._choice(tr("Colours"), "look_theme", [(tr("Light"), "light"), (tr("Dark"), "dark")])
        self.scale = self._choice(tr("Text size"), "look_scale", [(f"{round(scale * 100)} %", scale) for scale in SCALES])
        self.language = self._choice(tr("Language"), "look_language", [(name, code) for code, name in NAMES.items()])
        self.lock = self._choice(
            tr("Lock by itself after"), "look_lock", [(tr("{n} minutes", n=n) if n else tr("never"), n) for n in MINUTES]
        )
        self.mirrored = QCheckBox(tr("Right to left"))
        self.mirrored.setObjectName("look_rtl")
        self.mirrored.setAccessibleName(self.mirrored.text())
        self.mirrored.clicked.connect(self._tell)
        self.body.addWidget(self.mirrored)
        self.body.addStretch(1)

    def _choice(self, label: str, name: str, values: list[tuple[str, Any]]) -> QComboBox:
        made = QComboBox()
        made.setObjectName(name)
        for text, value in values:
            made.addItem(text, value)
        made.activated.connect(self._tell)
        line = field_row(label, made, label_width=190)
        line.setMaximumWidth(460)
        self.body.addWidget(line)
        return made

    def activate(self) -> None:
        """Show the settings in force."""
        now: WindowSettings = self._settings()
        pairs = ((self.theme, now.theme), (self.scale, now.scale), (self.language, now.language), (self.lock, now.lock_after_minutes))
        for box, value in pairs:
            box.setCurrentIndex(max(box.findData(value), 0))
        self.mirrored.setChecked(now.right_to_left)

    def _tell(self, _value: object = None) -> None:
        now: WindowSettings = self._settings()
        changed = replace(
            now,
            theme=self.theme.currentData(),
            scale=self.scale.currentData(),
            language=self.language.currentData(),
            lock_after_minutes=self.lock.currentData(),
            right_to_left=self.mirrored.isChecked(),
        )
        self.settings_requested.emit(changed)
