"""Open alerts as rows for Qt, with headings between groups and, for hand-over, a tick in each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from neutromon.services.alerts import AlertRow
from neutromon.ui.alerts.words import due_text, first_line, open_text, owner_text, state_word
from neutromon.ui.as_of import as_of
from neutromon.ui.text import tier_word, tr

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line between groups; `warns` where a group must not stay as it is."""

    text: str
    warns: bool = False


Item = Heading | AlertRow


class AlertModel(QAbstractListModel):
    """Headings and alerts; the user role gives the record, the display role everything a row shows as one line."""

    def __init__(self, *, checkable: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[Item] = []
        self._checkable = checkable
        self._checked: set[str] = set()
        self.now: datetime | None = None
        self.pathways: Mapping[str, str] = {}

    @property
    def checkable(self) -> bool:
        """Return whether rows carry a tick."""
        return self._checkable

    def show_items(self, items: Sequence[Item], now: datetime) -> None:
        """Show other rows; ticks of alerts that are gone are forgotten."""
        self.beginResetModel()
        self._items, self.now = list(items), now
        self._checked &= {item.alert.id for item in self._items if not isinstance(item, Heading)}
        self.endResetModel()

    def show_pathways(self, lines: Mapping[str, str], now: datetime) -> None:
        """Show the clocks of running pathways, by patient, and the time for which everything is open."""
        self.pathways, self.now = lines, now
        if self._items:
            self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))

    def pathway_of(self, row: AlertRow) -> str:
        """Return the clock of the patient's running pathway, or ""."""
        return self.pathways.get(row.alert.patient_id, "")

    def item_at(self, number: int) -> Item | None:
        """Return what stands in a row."""
        return self._items[number] if 0 <= number < len(self._items) else None

    def alerts(self) -> list[AlertRow]:
        """Return the alerts that are shown, in order."""
        return [item for item in self._items if not isinstance(item, Heading)]

    def row_of(self, alert_id: str) -> int:
        """Return where an alert stands, or -1."""
        return next((n for n, item in enumerate(self._items) if not isinstance(item, Heading) and item.alert.id == alert_id), -1)

    def first_alert(self) -> int:
        """Return the first row that is an alert, or -1."""
        return next((n for n, item in enumerate(self._items) if not isinstance(item, Heading)), -1)

    def checked(self) -> list[str]:
        """Return the ids of the ticked alerts, in the order shown."""
        return [row.alert.id for row in self.alerts() if row.alert.id in self._checked]

    def toggle(self, number: int) -> None:
        """Tick a row, or take its tick away."""
        item = self.item_at(number)
        if item is None or isinstance(item, Heading) or not self._checkable:
            return
        self._checked ^= {item.alert.id}
        index = self.index(number)
        self.dataChanged.emit(index, index)

    def check(self, alert_ids: Sequence[str]) -> None:
        """Tick exactly these alerts."""
        self._checked = {row.alert.id for row in self.alerts()} & set(alert_ids)
        if self._items:
            self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))

    def is_checked(self, alert_id: str) -> bool:
        """Return whether an alert is ticked."""
        return alert_id in self._checked

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the record or its text; the tick for a screen reader too."""
        item = self.item_at(index.row())
        if item is None:
            return None
        if role == Qt.ItemDataRole.UserRole:
            return item
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._text(item)
        if role == Qt.ItemDataRole.CheckStateRole and self._checkable and not isinstance(item, Heading):
            return Qt.CheckState.Checked if self.is_checked(item.alert.id) else Qt.CheckState.Unchecked
        return None

    def _text(self, item: Item) -> str:
        return item.text if isinstance(item, Heading) else self.text_of(item)

    def text_of(self, item: AlertRow) -> str:
        """Return everything a row says."""
        alert, now = item.alert, self.now or item.alert.raised_at
        parts = (
            tier_word(alert.tier),
            item.patient_name,
            item.mrn,
            item.cycle_text,
            self.pathway_of(item),
            first_line(alert.text),
            as_of(alert.text, alert.text_at, now),
            tr("open {time}", time=open_text(alert, now)),
            state_word(alert),
            owner_text(alert),
            due_text(alert, now),
        )
        return " · ".join(part for part in parts if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that headings cannot be chosen."""
        if isinstance(self.item_at(index.row()), Heading):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
