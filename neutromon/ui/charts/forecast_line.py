"""The line under the trend: the forecast in one sentence, and the model's name where there is room for it."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from neutromon.models.trend_chart import TrendChart
from neutromon.ui.text import tr
from neutromon.ui.theme import Size, Theme
from neutromon.ui.widgets.badges import Chip
from neutromon.ui.widgets.labels import ElidedLabel, as_tooltip
from neutromon.ui.widgets.layout import row


class ForecastLine(QWidget):
    """Says the forecast, or why there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = row(self)
        self._words = ElidedLabel("", size=Size.CAPTION, tone="muted")
        self._words.setObjectName("forecast_words")
        self._chip = Chip(theme)
        line.addWidget(self._words, 1)
        line.addWidget(self._chip)

    def text(self) -> str:
        """Return the whole sentence."""
        return self._words.whole_text()

    def show_chart(self, chart: TrendChart) -> None:
        """Say the forecast of a chart."""
        fan = chart.forecast
        self._words.set_text(tr("Forecast, advisory only: {text}", text=fan.text) if fan else chart.forecast_refusal)
        self._words.set_tone("" if fan else "faint")
        self._chip.set_text(" · ".join(fan.chip.split(" · ")[:2]) if fan else "")
        self._chip.setToolTip(as_tooltip(fan.chip) if fan else "")
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours or at another text size."""
        self._chip.set_theme(theme)
        self._fit()

    def _fit(self) -> None:
        fits = self._chip.sizeHint().width() <= self.width() / 2
        self._chip.setVisible(bool(self._chip.text()) and fits)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the model's name to the tooltip where it would push the sentence away."""
        super().resizeEvent(event)
        self._fit()
