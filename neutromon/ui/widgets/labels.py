"""Labels that show text as text: a name with markup in it is never rendered."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from neutromon.ui.theme import Size


class TextLabel(QLabel):
    """A plain-text label with a step of the type scale and a tone ("muted", "faint", "error", "hold", "meets", "accent")."""

    def __init__(
        self,
        text: str = "",
        *,
        size: Size = Size.BODY,
        tone: str = "",
        strong: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(wrap)
        self.setProperty("step", size.value)
        self.setProperty("strong", strong)
        self.set_tone(tone)

    def set_tone(self, tone: str) -> None:
        """Change the colour by the name of its meaning."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)


class ElidedLabel(TextLabel):
    """A one-line label that ends in "…" where it does not fit; the tooltip then has the whole text."""

    def __init__(
        self, text: str = "", *, size: Size = Size.BODY, tone: str = "", strong: bool = False, parent: QWidget | None = None
    ) -> None:
        self._whole = text
        super().__init__(text, size=size, tone=tone, strong=strong, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_text(self, text: str) -> None:
        """Show a text, cut to the width."""
        self._whole = text
        self._cut()

    def whole_text(self) -> str:
        """Return the text as it was given."""
        return self._whole

    def _cut(self) -> None:
        room = max(self.width(), 10)
        shown = self._whole if self.wordWrap() else self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        self.setToolTip(as_tooltip(self._whole) if shown != self._whole else "")
        self.setAccessibleName(self._whole)

    def resizeEvent(self, event: object) -> None:
        """Cut again at the new width."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._cut()


def section_title(text: str, parent: QWidget | None = None) -> TextLabel:
    """Return the heading of a part of a screen."""
    return TextLabel(text, size=Size.SUBTITLE, strong=True, parent=parent)


def as_tooltip(text: str) -> str:
    """Return text for a tooltip that is shown as it is, whatever markup it holds."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")  # the library html reads every entity's name first
    return f"<span>{escaped}</span>" if text else ""


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a dynamic property changed; a widget not yet shown is styled when it is."""
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
