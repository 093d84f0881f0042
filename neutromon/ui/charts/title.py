"""The title over a chart: never cut; it says less where there is little room, and then takes a second line."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from neutromon.ui.theme import Size
from neutromon.ui.widgets.labels import TextLabel, as_tooltip


class ChartTitle(TextLabel):
    """Shows the longest of its texts that fits in one line; the shortest is wrapped where even that one does not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", size=Size.SUBTITLE, strong=True, parent=parent)
        self._texts: tuple[str, ...] = ("",)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_texts(self, *texts: str) -> None:
        """Take the texts, longest first."""
        self._texts = texts
        self.setAccessibleName(texts[0])
        self._fit()

    def whole_text(self) -> str:
        """Return the longest text."""
        return self._texts[0]

    def least_width(self) -> int:
        """Return the width that the shortest text needs in one line."""
        return self.fontMetrics().horizontalAdvance(self._texts[-1]) + 4

    def _fit(self) -> None:
        metrics, room = self.fontMetrics(), max(self.width(), 10) - 2
        fitting = next((text for text in self._texts if metrics.horizontalAdvance(text) <= room), None)
        self.setWordWrap(fitting is None)
        shown = self._texts[-1] if fitting is None else fitting
        if shown != self.text():
            self.setText(shown)
            self.setToolTip(as_tooltip(self._texts[0]) if shown != self._texts[0] else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose again for the new width."""
        super().resizeEvent(event)
        self._fit()
