"""Chips and tier badges: glyph, word and colour together, never colour alone."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from neutromon.models.standing import Tier
from neutromon.ui.text import tier_word
from neutromon.ui.theme import Size, Theme


class Chip(QWidget):
    """A short word in a rounded frame; `ground` and `ink` are names of the palette."""

    def __init__(
        self, theme: Theme, text: str = "", *, ground: str = "sunken", ink: str = "text_muted", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._text, self._ground, self._ink = theme, text, ground, ink
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def set_text(self, text: str) -> None:
        """Show another word."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint with other colours."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """Return the word."""
        return self._text

    def _colours(self) -> tuple[str, str, str]:
        palette = self._theme.palette
        return getattr(palette, self._ground), getattr(palette, self._ink), palette.border

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._theme.px(Size.CAPTION))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def sizeHint(self) -> QSize:
        """Return room for the word and its margins."""
        metrics = QFontMetrics(self._font())
        return QSize(metrics.horizontalAdvance(self._text) + 18, metrics.height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame and word."""
        ground, ink, edge = self._colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(ground))
        painter.setPen(QPen(QColor(edge), 1))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(self._font())
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()


class TierBadge(Chip):
    """A tier as glyph, word and colour; tier 4 is an outline."""

    def __init__(self, theme: Theme, tier: Tier, *, count: int | None = None, parent: QWidget | None = None) -> None:
        self._tier = tier
        super().__init__(theme, badge_text(theme, tier, count), parent=parent)

    def set_tier(self, tier: Tier) -> None:
        """Show another tier."""
        self._tier = tier
        self.set_text(badge_text(self._theme, tier))

    def _colours(self) -> tuple[str, str, str]:
        style = self._theme.tier(self._tier)
        return style.fill, style.on_fill, style.on_fill if style.outlined else style.fill


def badge_text(theme: Theme, tier: Tier, count: int | None = None) -> str:
    """Return "■ Emergency", with a count "■ 2 Emergency"."""
    number = "" if count is None else f"{count} "
    return f"{theme.tier(tier).glyph} {number}{tier_word(tier)}"
