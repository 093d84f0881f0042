"""Quick find and command palette: one field, always visible; patients first, then commands; ">" asks for commands only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from neutromon.models.worklist import PatientHit
from neutromon.ui.commands import Command, matching
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListWidget

ROWS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One line of the results: a patient's id or a command's id."""

    kind: str
    id: str
    text: str


class QuickFind(QLineEdit):
    """The field; its results hang under it over the page."""

    patient_requested = Signal(str)
    command_requested = Signal(str)
    left = Signal()

    def __init__(
        self,
        find: Callable[[str], Sequence[PatientHit]],
        commands: Callable[[], Sequence[Command]],
        overlay: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._find, self._commands = find, commands
        self._found: list[Found] = []
        self._before: QWidget | None = None
        self.setObjectName("quick_find")
        self.setAccessibleName(tr("Find a patient or a command"))
        self.setPlaceholderText(tr("Find a patient or a command   Ctrl+K"))
        self.setClearButtonEnabled(True)
        self._overlay = overlay
        self.textChanged.connect(self._search)

    @cached_property
    def results(self) -> QListWidget:
        """Return the list under the field, built with the first search: the first list of patients is painted without it."""
        from PySide6.QtWidgets import QListWidget

        made = QListWidget(self._overlay)
        made.setObjectName("quick_find_results")
        made.setAccessibleName(tr("Results"))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # of a long name, number and birth date stay in sight
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.hide()
        made.itemClicked.connect(lambda item: self._take(made.row(item)))
        return made

    def _hide_results(self) -> None:
        if "results" in self.__dict__:
            self.results.hide()

    def begin(self, text: str = "") -> None:
        """Take the focus and begin anew; Esc gives it back."""
        if not self.hasFocus():
            self._before = QApplication.focusWidget()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.setText(text)
        self._search(text)

    def found(self) -> list[Found]:
        """Return what is listed."""
        return list(self._found)

    def _search(self, text: str) -> None:
        commands_only = text.startswith(">")
        words = text.lstrip("> ").strip()
        patients = [] if commands_only or not words else [self._patient(hit) for hit in self._find(words)][:ROWS]
        wanted = matching(self._commands(), words)[: max(3, ROWS - len(patients))] if words or commands_only else []
        self._found = patients + [self._command(command) for command in wanted]
        self._show(words)

    def _patient(self, hit: PatientHit) -> Found:
        parts = (isolated(hit.name), hit.mrn, day_text(hit.birth_date))
        return Found(kind="patient", id=hit.patient_id, text="   ".join(part for part in parts if part))

    def _command(self, command: Command) -> Found:
        keys = f"   {' '.join(command.keys)}" if command.keys else ""
        return Found(kind="command", id=command.id, text=f"›  {command.title}{keys}")

    def _show(self, words: str) -> None:
        self.results.clear()
        lines = [found.text for found in self._found] or (
            [tr("Nothing found. Names, numbers, dates of birth and commands are searched.")] if words else []
        )
        for line in lines:
            self.results.addItem(line)
        if not lines:
            self.results.hide()
            return
        self.results.setCurrentRow(0 if self._found else -1)
        self._place(len(lines))

    def _place(self, lines: int) -> None:
        overlay = self.results.parentWidget()
        assert overlay is not None
        corner = self.mapTo(overlay, QPoint(0, self.height() + SPACE.tight))
        height = self.results.sizeHintForRow(0) * lines + SPACE.medium
        self.results.setGeometry(corner.x(), corner.y(), self.width(), height)
        self.results.raise_()
        self.results.show()

    def _take(self, number: int) -> None:
        if not 0 <= number < len(self._found):
            return
        found = self._found[number]
        self.finish()
        (self.patient_requested if found.kind == "patient" else self.command_requested).emit(found.id)

    def finish(self) -> None:
        """Empty the field and take the results away."""
        self.clear()
        self._hide_results()

    def _give_back(self) -> None:
        before, self._before = self._before, None
        usable = before is not None and isValid(before) and before.isVisible()
        (before if before is not None and usable else self.window()).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the results by arrow keys, take one by Enter, back out by Esc."""
        if not self._key(event.key()):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the results when the focus goes."""
        super().focusOutEvent(event)
        self._hide_results()

    def _key(self, key: int) -> bool:
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            step = 1 if key == Qt.Key.Key_Down else -1
            last = len(self._found) - 1
            self.results.setCurrentRow(min(max(self.results.currentRow() + step, 0), last))
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take(self.results.currentRow())
            return True
        if key == Qt.Key.Key_Escape:
            self.finish()
            self._give_back()
            self.left.emit()
            return True
        return False
