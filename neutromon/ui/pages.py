"""The pages of the window, each built when it is first shown, so that the first paint builds the worklist only."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

FILTER = "_filter"
"""The name of a list's filter ends so."""


class Pages(QStackedWidget):
    """A stack of pages by name."""

    def __init__(self, makers: Mapping[str, Callable[[], QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages")
        self._makers = dict(makers)
        self._made: dict[str, QWidget] = {}
        self._name = ""

    @property
    def name(self) -> str:
        """Return the name of the page that is shown."""
        return self._name

    def made(self, name: str) -> QWidget | None:
        """Return a page if it was built already."""
        return self._made.get(name)

    def page(self, name: str) -> QWidget:
        """Return a page, built now if need be."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
            self.addWidget(self._made[name])
        return self._made[name]

    def show_page(self, name: str) -> QWidget:
        """Show a page and return it."""
        made = self.page(name)
        self._name = name
        self.setCurrentWidget(made)
        return made

    def filter_here(self) -> bool:
        """Take the keyboard to the filter of the list that is shown; return whether there is one."""
        shown: QWidget = self.page(self._name)
        fields = (field for field in shown.findChildren(QLineEdit) if field.objectName().endswith(FILTER))
        found = next((field for field in fields if field.isVisible()), None)
        if found is not None:
            found.setFocus(Qt.FocusReason.ShortcutFocusReason)
            found.selectAll()
        return found is not None

    def forget(self, *, at_once: bool = False) -> None:
        """Drop every page but the shown one, to be built anew in other looks; at once where no event of theirs is under way."""
        for name in [name for name in self._made if name != self._name]:
            old = self._made.pop(name)
            self.removeWidget(old)
            old.deleteLater()
            if at_once:
                QCoreApplication.sendPostedEvents(old, QEvent.Type.DeferredDelete.value)
