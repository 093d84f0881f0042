"""What the panels of administration share: a heading, what it is for, a table, and a line of buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from neutromon.models.changes import Changes, Outcome
from neutromon.models.errors import UserError
from neutromon.ui.qtmodels.details import RowDetails
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.saved import Saved
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row

if TYPE_CHECKING:
    from neutromon.services.session import Session

Record = TypeVar("Record")


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[Record]):
    """A table with its model."""

    model: RecordsModel[Record]
    table: RecordsTable[Record]


class PanelTable(RecordsTable[Record]):
    """A table that asks for three rows and takes what is left, so that the buttons below it stay on a small screen.

    Where it has no rows it says why, or how one comes to be.
    """

    def __init__(self, model: RecordsModel[Record], name: str, title: str, empty: str = "") -> None:
        super().__init__(model, name, title)
        self._empty = empty
        model.modelReset.connect(self._tell)

    def _tell(self) -> None:
        self.setAccessibleDescription("" if self.rows.rowCount() else self._empty)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say in the empty table what belongs there."""
        super().paintEvent(event)
        if self._empty and not self.rows.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            room = self.viewport().rect().adjusted(SPACE.large, SPACE.small, -SPACE.large, -SPACE.small)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
            painter.end()

    def sizeHint(self) -> QSize:
        """Return the least height as the wanted one."""
        return QSize(super().sizeHint().width(), self.minimumHeight())


class Panel(QWidget):
    """One part of administration; `stored` tells what was saved, `problem` what a person can act on."""

    stored = Signal(object)
    problem = Signal(object)

    def __init__(self, session: Session, title: str, about: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setObjectName(name)
        self.body: QVBoxLayout = column(self, spacing=SPACE.medium)
        self.body.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        self.body.addWidget(TextLabel(title, size=Size.TITLE, strong=True))
        self.body.addWidget(TextLabel(about, tone="muted", wrap=True))

    def activate(self) -> None:
        """Read again what the panel shows."""

    def listing(self, columns: Sequence[TextColumn[Record]], name: str, title: str, empty: str = "") -> Listing[Record]:
        """Return a table that is not yet placed; `empty` is what it says without rows."""
        model = RecordsModel(columns, self)
        return Listing(model=model, table=PanelTable(model, name, title, empty))

    def add_table(self, made: Listing[Record], stretch: int = 1) -> None:
        """Add a table, and below it what its chosen row cuts."""
        self.body.addWidget(made.table, stretch)
        self.body.addWidget(RowDetails(made.table))

    def line(self, *widgets: QWidget) -> QHBoxLayout:
        """Add a line of buttons from the leading side."""
        made = row()
        for widget in widgets:
            made.addWidget(widget)
        made.addStretch(1)
        self.body.addLayout(made)
        return made

    def save(self, title: str, write: Callable[[], Outcome[Any]], dialog: Dialog | None = None) -> bool:
        """Do a write; tell what was saved, or say in the dialog (else in the window) what is wrong."""
        try:
            outcome = write()
        except UserError as error:
            dialog.show_problem(error) if dialog is not None else self.problem.emit(error)
            return False
        if dialog is not None:
            dialog.accept()
        self.stored.emit(Saved(title=title, changes=outcome.changes))
        self.activate()
        return True


def of_the_clinic(act: Callable[[], object]) -> Callable[[], Outcome[Any]]:
    """Return a write that touches no patient from an action that returns nothing."""

    def write() -> Outcome[Any]:
        act()
        return Outcome(value=None, changes=Changes(settings=True))

    return write
