"""Choose a regimen by typing: name, drug or cancer; the library's facts stand under the choice."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from neutromon.rules.book_parts import Regimen
from neutromon.ui.fields.regimen_drugs import drugs_words, source_words
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column

ROWS = 6
Search = Callable[[str], Sequence[Regimen]]


class RegimenPicker(QWidget):
    """A search field over a list; Down and Up move in the list while typing, Enter takes the marked one."""

    regimen_changed = Signal(str)

    def __init__(self, search: Search, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search, self._found = search, list[Regimen]()
        self._chosen: Regimen | None = None
        self._kept = ""
        self.field = QLineEdit()
        self.field.setObjectName("regimen_search")
        self.field.setAccessibleName(tr("Regimen: search by name, drug or cancer"))
        self.field.setPlaceholderText(tr("Search by name, drug or cancer"))
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setObjectName("regimen_list")
        self.list.setAccessibleName(tr("Regimens found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.facts = TextLabel("", size=Size.CAPTION, tone="muted", wrap=True)
        self.facts.setObjectName("regimen_facts")
        self.drugs = TextLabel("", size=Size.CAPTION, wrap=True)
        self.drugs.setObjectName("regimen_drugs")
        outer = column(self, spacing=SPACE.tight)
        for widget in (self.field, self.list, self.facts, self.drugs):
            outer.addWidget(widget)
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._look)
        self.field.installEventFilter(self)
        self.list.currentRowChanged.connect(self._mark)
        self._look("")

    def regimen(self) -> str | None:
        """Return the id of the chosen regimen; an unknown one that was already there stays."""
        if self._chosen is not None:
            return self._chosen.id
        return self._kept if self._kept and self.field.text() == self._kept else None

    def set_regimen(self, regimen_id: str | None) -> None:
        """Choose a regimen by its id; one that the library does not know is kept as it is."""
        self._kept = regimen_id or ""
        exact = [r for r in self._search(regimen_id or "") if r.id == regimen_id]
        self._choose(exact[0] if exact else None)
        self.field.setText(regimen_id or "")

    def count(self) -> int:
        """Return how many regimens are listed."""
        return len(self._found)

    def _look(self, text: str) -> None:
        self._found = list(self._search(text))
        self.list.blockSignals(True)
        self.list.clear()
        for found in self._found:
            self.list.addItem(QListWidgetItem(line_text(found)))
        self.list.setCurrentRow(next((n for n, r in enumerate(self._found) if self._chosen and r.id == self._chosen.id), -1))
        self.list.blockSignals(False)
        rows = min(max(len(self._found), 1), ROWS)
        self.list.setFixedHeight(rows * max(self.list.sizeHintForRow(0), 28) + SPACE.small)
        if not text or not self._found:
            self._choose(None)
        elif not self._shows_choice():
            self.list.setCurrentRow(0)

    def _shows_choice(self) -> bool:
        return self._chosen is not None and any(r.id == self._chosen.id for r in self._found)

    def _mark(self, number: int) -> None:
        if 0 <= number < len(self._found):
            self._choose(self._found[number])

    def _choose(self, regimen: Regimen | None) -> None:
        changed, self._chosen = regimen != self._chosen, regimen
        self.facts.setText(regimen_facts(regimen) if regimen else self._nothing())
        self.drugs.setText(drugs_words(regimen) if regimen else "")
        self.drugs.setVisible(regimen is not None)
        if changed:
            self.regimen_changed.emit(regimen.id if regimen else "")

    def _nothing(self) -> str:
        if self._kept and self.field.text() == self._kept:
            return tr("“{regimen}” is not in the library: nadir window and day-1 rule are unknown.", regimen=self._kept)
        if self.field.text() and not self._found:
            return tr("No regimen matches. An administrator can add one of the clinic's own.")
        return tr("No regimen chosen: nadir window and day-1 rule are unknown.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list by arrow keys and take a row by Enter while the focus stays in the search field."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not event.modifiers():
            key = event.key()
            if key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self._found:
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), len(self._found) - 1))
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._chosen is not None:
                self.field.setText(self._chosen.id)
                self.focusNextChild()
                return True
        return super().eventFilter(watched, event)


def line_text(regimen: Regimen) -> str:
    """Return a regimen as a line of the list; one of the clinic's own by its short name first, with where it comes from."""
    return "  ·  ".join(part for part in (_named(regimen), regimen.cancer, regimen.drugs) if part)


def _named(regimen: Regimen) -> str:
    source = source_words(regimen)
    if not source:
        return regimen.name
    name = regimen.id if regimen.id == regimen.name else f"{regimen.id} – {regimen.name}"
    return f"{name} ({source})"


def regimen_facts(regimen: Regimen) -> str:
    """Return what the library knows of a regimen, as one line; what it does not know is said."""
    window = tr("days {text}", text=regimen.nadir_text) if regimen.nadir_window else tr("unknown")
    risk = ", ".join(f"{name.upper()} {text}" for name, text in regimen.category_texts.items()) or tr("unknown")
    return tr(
        "{name}: every {days} days · nadir {window} · day-1 rule {rule} · FN risk {risk}",
        name=_named(regimen),
        days=regimen.cycle_days,
        window=window,
        rule=regimen.day1_rule,
        risk=risk,
    )
