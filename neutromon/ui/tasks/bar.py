"""The progress of background work in the status bar, with a button that stops it."""

from PySide6.QtWidgets import QProgressBar, QWidget

from neutromon.ui.tasks.task import Task
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import row


class TaskBar(QWidget):
    """Shows the newest running task; hidden while nothing runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("task_bar")
        self._task: Task | None = None
        line = row(self, spacing=SPACE.small)
        self._title = TextLabel("")
        self.progress = QProgressBar()
        self.progress.setObjectName("task_progress")
        self.progress.setAccessibleName(tr("Progress"))
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(140)
        line.addWidget(self._title)
        line.addWidget(self.progress)
        line.addWidget(button(tr("Stop"), self.cancel, name="task_cancel", kind="flat"))
        self.hide()

    def follow(self, task: Task) -> None:
        """Show a task until it ends."""
        self._task = task
        self._title.setText(task.title)
        self.progress.setRange(0, 0)
        task.progressed.connect(self._show_progress)
        task.ended.connect(self._end)
        self.show()

    def cancel(self) -> None:
        """Ask the shown task to stop."""
        if self._task is not None:
            self._title.setText(tr("Stopping …"))
            self._task.cancel()

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)

    def _end(self) -> None:
        if self.sender() is self._task:
            self._task = None
            self.hide()
