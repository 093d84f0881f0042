"""One waiting set: why it waits, whose it seems to be, its rows and the original message side by side, and its ways out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QSplitter, QWidget

from neutromon.models.errors import UserError
from neutromon.services.held_list import Original
from neutromon.services.holding import HeldRow, HeldSet, Way
from neutromon.ui.fields.units import unit_words
from neutromon.ui.imports.original import OriginalView
from neutromon.ui.imports.resolve import held_name
from neutromon.ui.qtmodels.details import RowDetails
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, scrolling
from neutromon.ui.worklist.columns import day_text

LOWEST = 240
LARGE = 1.4
"""From this size of text on parts stand below one another."""


class BayDetail(QWidget):
    """Shows a set; `way_requested` carries the way out that a person chose."""

    way_requested = Signal(object)

    def __init__(self, theme: Theme, read_original: Callable[[str], Original], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read_original = read_original
        self.one: HeldSet | None = None
        outer = column(self)
        outer.setContentsMargins(SPACE.small, 0, 0, 0)  # beside the list, not at its edge
        card = frame("card", name="holding_detail")
        outer.addWidget(card)
        whole = column(card, margin=SPACE.large, spacing=SPACE.small)
        shown = QWidget()
        whole.addWidget(shown, 1)
        inner = scrolling(shown, "holding_detail_scroll", tr("Waiting result"))
        self._reason = TextLabel("", size=Size.SUBTITLE, strong=True, wrap=True)
        self._whose = TextLabel("", wrap=True)
        self._where = TextLabel("", tone="muted", wrap=True)
        self._critical = TextLabel(
            tr("◆ If these values are this patient's, one of them is critical: ask at once."), tone="error", wrap=True
        )
        for label in (self._reason, self._whose, self._where, self._critical):
            inner.addWidget(label)
        inner.addWidget(self._build_content(theme), 1)
        whole.addLayout(self._build_ways(theme))  # always in sight

    def _build_content(self, theme: Theme) -> QSplitter:
        columns = (
            TextColumn[HeldRow](title=tr("As sent"), text=lambda one: one.name or one.code, width=130),
            TextColumn[HeldRow](
                title=tr("Value"), text=lambda one: f"{one.raw_value} {one.raw_unit and unit_words(one.raw_unit)}".strip(), width=110
            ),
            TextColumn[HeldRow](title=tr("Read as"), text=read_as, width=140),
            TextColumn[HeldRow](title=tr("Waits because"), text=lambda one: one.reason[1] if one.reason else ""),
        )
        self.rows = RecordsModel[HeldRow](columns, self)
        self.table = RecordsTable[HeldRow](self.rows, "holding_rows", tr("Results of the waiting set"))
        self.original = OriginalView(theme)
        self.table.chosen.connect(self._point_at)
        above = QWidget()
        rows = column(above, spacing=SPACE.tight)
        rows.addWidget(self.table, 1)
        rows.addWidget(RowDetails(self.table))
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(above)
        splitter.addWidget(self.original)
        splitter.setSizes([210, 230])
        splitter.setChildrenCollapsible(False)
        splitter.setMinimumHeight(LOWEST)
        splitter.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        return splitter

    def _build_ways(self, theme: Theme) -> QGridLayout:
        """Return the ways out in one line, in two where the text is large."""
        line = QGridLayout()
        line.setSpacing(SPACE.small)
        words = {
            Way.ASSIGN: tr("Assign to a patient"),
            Way.CREATE: tr("Create the patient"),
            Way.CONFIRM: tr("Decide the values"),
            Way.REJECT: tr("Reject"),
        }
        in_line = 2 if theme.scale >= LARGE else len(words)
        self.ways = {}
        for number, (way, text) in enumerate(words.items()):
            kind = "danger" if way is Way.REJECT else ""
            self.ways[way] = button(text, partial(self.way_requested.emit, way), name=f"holding_{way.value}", kind=kind)
            line.addWidget(self.ways[way], number // in_line, number % in_line)
        line.setColumnStretch(in_line, 1)
        return line

    def show_set(self, one: HeldSet) -> None:
        """Show a set with its original message; what the reason is about is marked in it."""
        self.one = one
        born = tr("born {day}", day=day_text(one.birth_date)) if one.birth_date else tr("no birth date")
        self._reason.setText(one.text)
        self._whose.setText(f"{held_name(one)} · {born}")
        self._where.setText(
            tr("Specimen {taken} · {file} · from {sender}", taken=taken(one), file=one.source_name, sender=one.sender or "–")
        )
        self._critical.setVisible(one.critical)
        for way, made in self.ways.items():
            made.setVisible(way in one.ways)
        try:
            self.original.show_original(self._read_original(one.id))
        except UserError as error:
            self.original.say(str(error))
        self.rows.set_records(one.rows)
        waiting = next((number for number, line in enumerate(one.rows) if line.reason is not None), 0)
        self.table.choose(waiting)
        if not one.rows:
            self.original.mark(self._of_the_set())

    def _of_the_set(self) -> list[str]:
        one = self.one
        if one is None:
            return []
        family = one.name.split(", ")[0] if one.name else ""
        return [one.identifier.value if one.identifier else "", family]

    def _point_at(self, number: int) -> None:
        """Mark the chosen row's code and name, and whose it is."""
        line = self.rows.record_at(number)
        if line is not None:
            self.original.mark([*self._of_the_set(), line.code, line.name])


def taken(one: HeldSet) -> str:
    """Return when the specimen was taken."""
    if one.collected_at is None:
        return tr("no time")
    day = day_text(one.collected_at.date())
    return day if one.day_only else f"{day} {one.collected_at:%H:%M}"


def read_as(one: HeldRow) -> str:
    """Return what the program would read in a row."""
    unit = unit_words(one.unit) if one.unit else ""
    read = " ".join(part for part in (one.analyte if one.analyte != "OTHER" else "", one.value or "", unit) if part)
    return read or tr("not read")
