"""The dialog that asks for files, a folder or a place; a name that is not there is one sentence of ours in it, not the toolkit's box."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from neutromon.ui.text import isolated, tr
from neutromon.ui.widgets.labels import TextLabel


class FileDialog(QFileDialog):
    """A file dialog that says below its fields what is wrong and stays open; it goes away with its answer."""

    def __init__(self, parent: QWidget, title: str, folder: str = "") -> None:
        super().__init__(parent, title, folder)
        self.problem = TextLabel("", tone="error", strong=True, wrap=True)
        self.problem.setObjectName("file_problem")
        self.problem.setParent(self)
        self.problem.hide()
        self.finished.connect(self.deleteLater)

    def _wrong(self) -> str:
        """Return what is wrong with the chosen names; "" where the dialog may close. A place to save to may be new."""
        if self.acceptMode() is QFileDialog.AcceptMode.AcceptSave:
            folders = [Path(name).parent for name in self.selectedFiles()]
            gone = next((folder for folder in folders if not folder.is_dir()), None)
            return tr("There is no folder {name}. Choose one in the list, or type another.", name=isolated(str(gone))) if gone else ""
        missing = next((name for name in self.selectedFiles() if not Path(name).exists()), None)
        if missing is None:
            return ""
        if self.fileMode() is QFileDialog.FileMode.Directory:
            return tr("There is no folder {name}. Choose one in the list, or type another.", name=isolated(missing))
        return tr("There is no file {name}. Choose one in the list, or type another.", name=isolated(missing))

    def accept(self) -> None:
        """Close with what was chosen, or say what is wrong with it."""
        wrong = self._wrong()
        self.problem.setText(wrong)
        self.problem.setVisible(bool(wrong))
        if not wrong:
            super().accept()
            return
        grid = self.layout()
        if isinstance(grid, QGridLayout) and grid.indexOf(self.problem) < 0:
            grid.addWidget(self.problem, grid.rowCount(), 0, 1, grid.columnCount())
