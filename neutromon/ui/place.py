"""Where a person is on a page: chosen tab, row and text and the keyboard's field, kept by name while the page is built anew."""

from dataclasses import dataclass, field
from typing import TypeVar

from PySide6.QtWidgets import QLineEdit, QListWidget, QTabWidget, QWidget

Kind = TypeVar("Kind", bound=QWidget)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Tabs and rows by the name of their widget, what is typed (never a passphrase), the name of what has the keyboard."""

    tabs: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    focus: str = ""


def place_of(page: QWidget) -> Place:
    """Return where a person is on a page."""
    focused: QWidget | None = page.window().focusWidget()  # also while a menu or another window has the keyboard
    return Place(
        tabs={name: tabs.currentIndex() for name, tabs in _named(page, QTabWidget).items()},
        rows={name: rows.currentRow() for name, rows in _named(page, QListWidget).items()},
        texts={name: line.text() for name, line in _named(page, QLineEdit).items() if _is_kept(line)},
        focus=focused.objectName() if focused is not None and page.isAncestorOf(focused) else "",
    )


def return_to(page: QWidget, place: Place) -> None:
    """Go to the same place on a page that was built anew; what it no longer has is passed over."""
    for name, tabs in _named(page, QTabWidget).items():
        tabs.setCurrentIndex(place.tabs.get(name, tabs.currentIndex()))
    for name, rows in _named(page, QListWidget).items():
        rows.setCurrentRow(place.rows.get(name, rows.currentRow()))
    for name, line in _named(page, QLineEdit).items():
        if _is_kept(line) and place.texts.get(name, line.text()) != line.text():
            line.setText(place.texts[name])
    wanted = page.findChild(QWidget, place.focus) if place.focus else None
    if isinstance(wanted, QWidget):
        wanted.setFocus()


def _is_kept(line: QLineEdit) -> bool:
    return line.echoMode() is QLineEdit.EchoMode.Normal and not line.isReadOnly()


def _named(page: QWidget, kind: type[Kind]) -> dict[str, Kind]:
    return {widget.objectName(): widget for widget in page.findChildren(kind) if widget.objectName()}
