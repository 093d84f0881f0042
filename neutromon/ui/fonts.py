"""Load the shipped fonts, so that every sign of a count has its glyph on every computer."""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

FIRST = ("Inter-Regular.otf", "Inter-SemiBold.otf")
LATER = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DroidSansFallbackFull.ttf")
FAMILIES = ("Inter", "DejaVu Sans", "Noto Sans Arabic", "Droid Sans Fallback", "Noto Sans CJK SC")


def load_fonts(folder: Path, names: tuple[str, ...] = FIRST) -> list[str]:
    """Load font files and return the names of those that could not be loaded."""
    return [name for name in names if QFontDatabase.addApplicationFont(str(folder / name)) < 0]


def window_font(pixels: int) -> QFont:
    """Return the window's font: Inter, then the fallbacks for Arabic and Chinese."""
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(pixels)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
