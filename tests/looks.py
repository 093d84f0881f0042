"""The application's clothes in a test: every test begins in the window's own font, and what a test put on is taken off again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QLocale, Qt
    from PySide6.QtGui import QFont, QPalette
    from PySide6.QtWidgets import QApplication


@dataclass(frozen=True, slots=True)
class Clothes:
    """What the application wears: widgets measure themselves by it, so a test must not inherit another's."""

    font: "QFont"
    palette: "QPalette"
    sheet: str
    direction: "Qt.LayoutDirection"
    locale: "QLocale"


def worn(application: "QApplication") -> Clothes:
    """Return what the application wears now."""
    from PySide6.QtCore import QLocale

    return Clothes(application.font(), application.palette(), application.styleSheet(), application.layoutDirection(), QLocale())


def wear(application: "QApplication", wanted: Clothes) -> None:
    """Change into the wanted clothes; nothing is restyled that is worn already."""
    from PySide6.QtCore import QLocale

    now = worn(application)
    if now.sheet != wanted.sheet:
        application.setStyleSheet(wanted.sheet)
    if now.palette != wanted.palette:
        application.setPalette(wanted.palette)
    if now.font != wanted.font:
        application.setFont(wanted.font)
    if now.direction != wanted.direction:
        application.setLayoutDirection(wanted.direction)
    if now.locale != wanted.locale:
        QLocale.setDefault(wanted.locale)


def put_on_the_windows_font(application: "QApplication") -> None:
    """Load the shipped fonts and wear the first, as the program does before it paints."""
    from neutromon.storage.files import resource_path
    from neutromon.ui.fonts import FIRST, LATER, load_fonts, window_font
    from neutromon.ui.theme import Size, Theme

    load_fonts(resource_path("fonts"), FIRST + LATER)
    application.setFont(window_font(Theme().px(Size.BODY)))
