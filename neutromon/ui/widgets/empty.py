"""An empty state that teaches: what belongs here, why it is empty, what to do next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column


class EmptyState(QWidget):
    """A heading and one sentence in the middle of an empty screen; buttons may be added to `layout()`."""

    def __init__(self, heading: str = "", text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = column(self, margin=SPACE.huge)
        self._heading = TextLabel(heading, size=Size.TITLE, strong=True)
        self._text = TextLabel(text, tone="muted", wrap=True)
        self._layout.addStretch(2)
        for label in (self._heading, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._layout.addWidget(label)
        self._layout.addStretch(3)

    def set_texts(self, heading: str, text: str) -> None:
        """Say something else."""
        self._heading.setText(heading)
        self._text.setText(text)

    def texts(self) -> tuple[str, str]:
        """Return heading and sentence."""
        return self._heading.text(), self._text.text()

    def add_action(self, widget: QWidget) -> None:
        """Add a button under the text."""
        self._layout.insertWidget(self._layout.count() - 1, widget, 0, Qt.AlignmentFlag.AlignHCenter)
