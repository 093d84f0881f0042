"""The original message beside the reason: as it arrived, read only, with what it is about marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column

if TYPE_CHECKING:
    from neutromon.services.held_list import Original

MOST = 400
SHORTEST = 2
"""A single letter or digit is everywhere; marking it would point at nothing."""


class OriginalView(QWidget):
    """Shows one message; `mark` points at parts of it and brings the first into sight."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        inner = column(self, spacing=SPACE.tight)
        self.title = TextLabel("", size=Size.CAPTION, tone="muted", wrap=True)
        inner.addWidget(self.title)
        self.text = QPlainTextEdit()
        self.text.setObjectName("holding_original")
        self.text.setAccessibleName(tr("Original message"))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        inner.addWidget(self.text, 1)

    def show_original(self, original: Original) -> None:
        """Show a message from its beginning."""
        parts = [tr("Original message, {file}, {n} bytes", file=isolated(original.name), n=original.bytes)]
        if original.laid_out:
            parts.append(tr("line breaks added for reading"))
        if original.cut:
            parts.append(tr("the beginning; the whole of it is in the store"))
        self.title.setText(" · ".join(parts))
        told = tr("This file is no text (a workbook, for example). Its rows stand above; the file itself is kept in the store.")
        self.text.setPlainText(original.text or told)

    def say(self, text: str) -> None:
        """Show a sentence where there is no message."""
        self.title.setText(tr("Original message"))
        self.text.setPlainText(text)

    def mark(self, parts: Sequence[str]) -> int:
        """Mark every place of these words, bring the first of them into sight, and return how many places there are."""
        ground = QTextCharFormat()
        ground.setBackground(QColor(self._theme.palette.info_ground))
        ground.setFontWeight(QFont.Weight.Bold)
        ground.setFontUnderline(True)
        found: list[QTextEdit.ExtraSelection] = []
        for part in dict.fromkeys(part for part in parts if len(part) >= SHORTEST):
            cursor = self.text.document().find(part)
            while not cursor.isNull() and len(found) < MOST:
                place = QTextEdit.ExtraSelection()
                place.cursor, place.format = QTextCursor(cursor), ground
                found.append(place)
                cursor = self.text.document().find(part, cursor)
        self.text.setExtraSelections(found)
        if found:
            first = QTextCursor(found[0].cursor)
            first.clearSelection()
            self.text.setTextCursor(first)
            self.text.centerCursor()
        return len(found)
