"""Buttons with a name for the screen reader and, where they have one, their key in the tooltip."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from neutromon.ui.widgets.labels import as_tooltip


def button(
    text: str,
    slot: Callable[[], object] | None = None,
    *,
    name: str,
    kind: str = "",
    key: str = "",
    tip: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """Return a button; `kind` is "", "primary", "danger" or "flat", `key` a shortcut such as "Ctrl+N"."""
    made = QPushButton(parent)
    made.setText(text)
    made.setObjectName(name)
    made.setAccessibleName(text.replace("&", ""))
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    if key:
        made.setShortcut(key)
    hint = " ".join(part for part in (tip, f"({key})" if key else "") if part)
    if hint:
        made.setToolTip(as_tooltip(hint))
    if slot is not None:
        made.clicked.connect(lambda _checked=False: slot())
    return made


def primary_button(
    text: str, slot: Callable[[], object] | None = None, *, name: str, key: str = "", parent: QWidget | None = None
) -> QPushButton:
    """Return the one button of a screen that does what the screen is for."""
    made = button(text, slot, name=name, kind="primary", key=key, parent=parent)
    made.setDefault(True)
    return made
