"""Read what a window shows, as its user and her screen reader would."""

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSplitterHandle,
    QTabBar,
    QWidget,
)

from neutromon.models.worklist import ListName
from neutromon.ui.main_window import MainWindow


def visible(root: QWidget) -> Iterator[QWidget]:
    """Yield every widget that is shown."""
    yield root
    for widget in root.findChildren(QWidget):
        if widget.isVisible():
            yield widget


def texts(root: QWidget) -> list[str]:
    """Return every text that is shown or read out."""
    found = [root.windowTitle()]
    for widget in visible(root):
        found += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.statusTip()]
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            found.append(widget.text())
        if isinstance(widget, QPlainTextEdit):
            found.append(widget.toPlainText())
        if isinstance(widget, QComboBox):
            found.append(widget.currentText())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += cells(widget.model())
    return [text for text in found if text]


def cells(model: QAbstractItemModel) -> list[str]:
    """Return the texts of a model's cells."""
    rows, columns = model.rowCount(), 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    indexes = [model.index(row, column, QModelIndex()) for row in range(min(rows, 300)) for column in range(columns)]
    return [str(index.data(Qt.ItemDataRole.DisplayRole) or "") for index in indexes]


def nameless(root: QWidget) -> list[str]:
    """Return the focusable controls that are shown and have no name for a screen reader."""
    found = []
    for widget in visible(root):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or isinstance(widget, QScrollArea | QSplitterHandle | QTabBar):
            continue
        if widget.objectName().startswith("qt_") or widget is root or type(widget).__name__ in {"QComboBoxPrivateContainer", "QHeaderView"}:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        name = interface.text(QAccessible.Text.Name) if interface is not None else ""
        if not name:
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return found


def rich_labels(root: QWidget) -> list[str]:
    """Return labels whose text holds markup and might be rendered as such."""
    labels = [widget for widget in visible(root) if isinstance(widget, QLabel)]
    return [label.text() for label in labels if "<" in label.text() and label.textFormat() is not Qt.TextFormat.PlainText]


def choose(window: MainWindow, patient: str) -> None:
    """Choose a patient's row in the list of all, as commands and keys find her."""
    window.show_list(ListName.ALL)
    window.worklist.table.select_id(patient)
