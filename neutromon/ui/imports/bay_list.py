"""The list of the holding bay: hundreds of waiting sets by reason, filtered while one types, what may be critical first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from neutromon.ui.imports.words import reason_word
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.services.held_list import HeldLine

EVERYTHING, CRITICAL = "", "!"
PIECE = 4
"""So many sets are looked into between two events of the window: about 10 ms."""


class BayTable(RecordsTable["HeldLine"]):
    """A table that hands typed letters to the filter."""

    typed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on what is typed."""
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if event.text().strip() and event.text().isprintable() and not held:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)


class BayList(QWidget):
    """Shows lines by reason and filter; `chosen` carries the id of the line at hand, "" where none is left."""

    chosen = Signal(str)

    def __init__(self, look: Callable[[Sequence[str]], frozenset[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bay_list")
        self._look = look
        self._lines: list[HeldLine] = []
        self._unseen: list[str] = []
        self._critical: set[str] = set()
        self._build()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._look_on)

    def _build(self) -> None:
        outer = column(self, spacing=SPACE.small)
        self.reasons = QComboBox()
        self.reasons.setObjectName("holding_reasons")
        self.reasons.setAccessibleName(tr("Waits because"))
        self.reasons.setMinimumContentsLength(18)
        self.reasons.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.filter = QLineEdit()
        self.filter.setObjectName("holding_filter")
        self.filter.setAccessibleName(tr("Filter what waits"))
        self.filter.setPlaceholderText(tr("Filter: name, number, file, sender"))
        self.filter.setClearButtonEnabled(True)
        line = row()
        line.addWidget(self.reasons, 1)
        line.addWidget(self.filter, 1)
        outer.addLayout(line)
        self.model = RecordsModel["HeldLine"](self._columns(), self)
        self.table = BayTable(self.model, "holding_sets", tr("Waiting results"))
        outer.addWidget(self.table, 1)
        self.state = TextLabel("", size=Size.CAPTION, tone="muted", wrap=True)
        self.state.setObjectName("holding_state")
        outer.addWidget(self.state)
        self.reasons.activated.connect(lambda _number: self._show(""))
        self.filter.textChanged.connect(lambda _text: self._show(self.current_id()))
        self.filter.returnPressed.connect(self.table.setFocus)
        self.table.typed.connect(self._type)
        self.table.chosen.connect(lambda _row: self.chosen.emit(self.current_id()))

    def _columns(self) -> tuple[TextColumn[HeldLine], ...]:
        return (
            TextColumn(title=tr("Waits because"), text=self._because, width=210),
            TextColumn(title=tr("Patient as sent"), text=line_name),
            TextColumn(title=tr("Taken"), text=_taken, width=120),
        )

    def _because(self, one: HeldLine) -> str:
        return f"{'◆ ' if one.id in self._critical else ''}{reason_word(one.code)}"

    def set_lines(self, lines: Sequence[HeldLine]) -> None:
        """Show what waits now, keep the place, and look into what is new."""
        place, kept = self.table.currentIndex().row(), self.current_id()
        self._lines = list(lines)
        self._unseen = [one.id for one in lines]
        self._fill_reasons()
        self._show(kept, place)
        if lines:
            self._timer.start()

    def stop(self) -> None:
        """Look no further."""
        self._timer.stop()

    def lines(self) -> list[HeldLine]:
        """Return what is shown."""
        return self.model.records()

    def everything(self) -> list[HeldLine]:
        """Return everything that waits, shown or not."""
        return list(self._lines)

    def current_id(self) -> str:
        """Return the id of the line at hand."""
        one = self.table.current()
        return one.id if one is not None else ""

    def choose(self, held_id: str) -> bool:
        """Go to a set; return whether it is in the list."""
        ids = [one.id for one in self.model.records()]
        if held_id in ids:
            self.table.choose(ids.index(held_id))
        return held_id in ids

    def _fill_reasons(self) -> None:
        chosen = self.reasons.currentData() or EVERYTHING
        numbers = Counter(one.code for one in self._lines)
        self.reasons.clear()
        self.reasons.addItem(tr("All reasons ({n})", n=len(self._lines)), EVERYTHING)
        if self._critical:
            self.reasons.addItem(tr("◆ Critical if true ({n})", n=len(self._critical)), CRITICAL)
        for code, number in numbers.most_common():
            self.reasons.addItem(f"{reason_word(code)} ({number})", code)
        self.reasons.setCurrentIndex(max(self.reasons.findData(chosen), 0))

    def _show(self, keep: str, place: int = 0) -> None:
        """Show what the reason and the filter leave: critical first, then by reason, oldest first; stay at `keep` or `place`."""
        wanted, words = self.reasons.currentData() or EVERYTHING, self.filter.text().casefold().split()
        shown = [one for one in self._lines if self._matches(one, wanted, words)]
        rank = {code: number for number, (code, _) in enumerate(Counter(one.code for one in self._lines).most_common())}
        shown.sort(key=lambda one: (one.id not in self._critical, rank[one.code]))
        self.model.set_records(shown)
        if not (keep and self.choose(keep)):
            self.table.choose(max(place, 0))
        if not shown:
            self.chosen.emit("")
        self._say(len(shown))

    def _matches(self, one: HeldLine, wanted: str, words: Sequence[str]) -> bool:
        if wanted == CRITICAL and one.id not in self._critical:
            return False
        if wanted not in {EVERYTHING, CRITICAL} and one.code != wanted:
            return False
        number = one.identifier.value if one.identifier else ""
        text = f"{one.name} {number} {one.source_name} {one.sender} {one.text}".casefold()
        return all(word in text for word in words)

    def _say(self, shown: int) -> None:
        parts = [tr("{shown} of {n} shown", shown=shown, n=len(self._lines))]
        if self._unseen:
            parts.append(tr("looking at the values of {n} more …", n=len(self._unseen)))
        elif self._critical:
            parts.append(tr("◆ {n} would be critical if true", n=len(self._critical)))
        self.state.setText(" · ".join(parts))
        self.state.set_tone("error" if self._critical else "muted")

    def _look_on(self) -> None:
        """Look into a few sets; once all are seen, what may be critical goes to the top."""
        piece, self._unseen = self._unseen[:PIECE], self._unseen[PIECE:]
        found = self._look(piece) - self._critical
        self._critical |= found
        if self._unseen:
            self._say(self.model.rowCount())
            return
        self._timer.stop()
        self._critical &= {one.id for one in self._lines}
        self._fill_reasons()
        self._show(self.current_id())

    def _type(self, text: str) -> None:
        self.filter.setFocus()
        self.filter.insert(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the filter away with Esc before the page is left."""
        if event.key() == Qt.Key.Key_Escape and (self.filter.text() or self.reasons.currentIndex() > 0):
            self.reasons.setCurrentIndex(0)
            self.filter.clear()
            self._show(self.current_id())
            self.table.setFocus()
        else:
            super().keyPressEvent(event)


def line_name(one: HeldLine) -> str:
    """Return name and number as sent."""
    number = one.identifier.value if one.identifier else ""
    return " · ".join(part for part in (isolated(one.name), number) if part) or tr("names nobody")


def _taken(one: HeldLine) -> str:
    return day_text(one.collected_at.date()) if one.collected_at else tr("no time")
