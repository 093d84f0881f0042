"""The Qt application: made once by the composition root, dressed with a theme, spoken to in a language."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from neutromon.ui.count_unit import use_count_unit
from neutromon.ui.fonts import FIRST, LATER, load_fonts, window_font
from neutromon.ui.language import RIGHT_TO_LEFT, CatalogueTranslator, read_catalogue
from neutromon.ui.settings import WindowSettings
from neutromon.ui.stylesheet import qt_palette, style_sheet
from neutromon.ui.theme import Size, Theme, theme


def build_application(words: Sequence[str]) -> QApplication:
    """Return the application with its name and its style."""
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(["neutromon", "-style", "Fusion", *words])
    application.setApplicationName("NeutroMon")
    application.setDesktopFileName("neutromon")
    return application


@dataclass(kw_only=True)
class Wardrobe:
    """Dresses the application: palette, style sheet, font, language and direction; `resources` holds fonts, icons and catalogues."""

    application: QApplication
    resources: Path
    _translator: CatalogueTranslator | None = None

    def load_first_fonts(self) -> None:
        """Load what the first paint needs."""
        load_fonts(self.resources / "fonts", FIRST)

    def load_other_fonts(self) -> None:
        """Load the fall-backs for Arabic, Chinese and rare signs, after the first paint."""
        load_fonts(self.resources / "fonts", LATER)

    def dress(self, settings: WindowSettings, *, sheet: bool = True) -> Theme:
        """Dress every widget and return the theme for those that paint for themselves.

        Without its sheet a window is built three times as fast: each widget that gets a parent would be styled anew.
        """
        chosen = theme(settings.theme, settings.scale)
        self.application.setPalette(qt_palette(chosen.palette))
        self.application.setFont(window_font(chosen.px(Size.BODY)))
        if sheet:
            self.wear_sheet(chosen)
        return chosen

    def wear_sheet(self, chosen: Theme) -> None:
        """Style every widget at once, unless this style is worn already."""
        sheet = style_sheet(chosen, str(self.resources / "icons"))
        if self.application.styleSheet() != sheet:
            self.application.setStyleSheet(sheet)

    def speak(self, settings: WindowSettings) -> None:
        """Install the language's catalogue, the direction of reading and the unit of counts; English has no catalogue."""
        use_count_unit(settings.count_unit)
        if self._translator is not None:
            self.application.removeTranslator(self._translator)
        catalogue = read_catalogue(self.resources / "translations", settings.language)
        self._translator = CatalogueTranslator(catalogue, self.application)
        self.application.installTranslator(self._translator)
        mirrored = settings.right_to_left or settings.language in RIGHT_TO_LEFT
        direction = Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
        self.application.setLayoutDirection(direction)
        QLocale.setDefault(QLocale(settings.language))
