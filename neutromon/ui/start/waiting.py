"""What is shown while the practice clinic is made for the first time, a few seconds."""

from PySide6.QtWidgets import QProgressBar, QWidget

from neutromon.ui.start.entry import EntryWindow
from neutromon.ui.text import tr
from neutromon.ui.widgets.labels import TextLabel


class WaitingWindow(EntryWindow):
    """Says what is being made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        about = tr("Synthetic patients are being made for today. This takes a few seconds, once a day.")
        super().__init__(tr("Preparing the practice clinic …"), about, "waiting", parent)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("Progress"))
        self.body.addWidget(bar)
        self.keys = TextLabel(
            tr("The keyboard works again when the list is there; keys typed before are not taken."), tone="hold", wrap=True
        )
        self.body.addWidget(self.keys)
