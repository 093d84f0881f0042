"""Rows, cards and rules on the four-pixel grid."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel

Layout = TypeVar("Layout", bound=QBoxLayout)
TEN_DIGITS, WIDEST = 86.0, 1300


def column(parent: QWidget | None = None, *, margin: int = 0, spacing: int = SPACE.small) -> QVBoxLayout:
    """Return a column of widgets."""
    return _tidy(QVBoxLayout(parent) if parent is not None else QVBoxLayout(), margin, spacing)


def row(parent: QWidget | None = None, *, margin: int = 0, spacing: int = SPACE.small) -> QHBoxLayout:
    """Return a row of widgets."""
    return _tidy(QHBoxLayout(parent) if parent is not None else QHBoxLayout(), margin, spacing)


def _tidy(layout: Layout, margin: int, spacing: int) -> Layout:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    return layout


def frame(role: str, *, name: str = "", parent: QWidget | None = None) -> QFrame:
    """Return a frame with a role of the style sheet: card, sunken, bar, rail, error, warn, info, practice."""
    made = QFrame(parent)
    made.setProperty("role", role)
    made.setObjectName(name)
    return made


def rule(parent: QWidget | None = None) -> QFrame:
    """Return a thin line between parts."""
    made = frame("rule", parent=parent)
    made.setFixedHeight(1)
    return made


def roomy(width: int) -> int:
    """Return a dialog's width at the size of text in force, as far as a small screen has room."""
    factor = QFontMetrics(QGuiApplication.font()).horizontalAdvance("0" * 10) / TEN_DIGITS
    return min(round(width * max(factor, 1.0)), WIDEST)


def field_row(label: str, field: QWidget, *, hint: str = "", label_width: int = 150, parent: QWidget | None = None) -> QWidget:
    """Return a label, its field and a hint beside it; the label is the field's buddy and accessible name."""
    made = QWidget(parent)
    layout = row(made, spacing=SPACE.medium)
    text = TextLabel(label)
    text.setMinimumWidth(label_width)
    text.setBuddy(field)
    if not field.accessibleName():
        field.setAccessibleName(label.replace("&", ""))
    layout.addWidget(text, 0, Qt.AlignmentFlag.AlignVCenter)
    layout.addWidget(field, 1)
    if hint:
        layout.addWidget(TextLabel(hint, size=Size.CAPTION, tone="muted"))
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made


def spacer() -> QWidget:
    """Return an empty widget that takes the room that is left."""
    made = QWidget()
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return made


def scrolling(page: QWidget, name: str, title: str) -> QVBoxLayout:
    """Return a column over a whole page that scrolls where large text makes it higher or wider than the window."""
    inner = QWidget()
    area = scroll_area(inner)
    area.setObjectName(name)
    area.setAccessibleName(title)
    column(page).addWidget(area)
    return column(inner)


def scroll_area(inner: QWidget, *, upright: bool = False) -> QScrollArea:
    """Return a frameless area over a widget, passed over by Tab; an `upright` one never scrolls sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if upright:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area
