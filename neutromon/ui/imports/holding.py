"""The holding bay: what waits, why, and the ways out; every decision is a person's and stays in the log."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

from neutromon.models.errors import UserError
from neutromon.services.holding import HeldRow, HeldSet, Resolution, Way
from neutromon.ui.imports.resolve import AssignDialog, ConfirmDialog, CreateDialog, RejectDialog, held_name
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.port import ClinicPort
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.saved import Saved
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row
from neutromon.ui.worklist.columns import day_text

DIALOGS: dict[Way, type[Dialog]] = {
    Way.ASSIGN: AssignDialog,
    Way.CREATE: CreateDialog,
    Way.CONFIRM: ConfirmDialog,
    Way.REJECT: RejectDialog,
}


class HoldingBay(QWidget):
    """The waiting sets at the left, the chosen one at the right with its rows and its ways out."""

    stored = Signal(object)
    patient_requested = Signal(str)

    def __init__(self, clinic: ClinicPort, theme: Theme, notifier: ChangeNotifier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self.setObjectName("holding_bay")
        outer = column(self, spacing=SPACE.medium)
        outer.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        head = row(spacing=SPACE.medium)
        head.addWidget(TextLabel(tr("Holding bay"), size=Size.TITLE, strong=True))
        self._number = TextLabel("", tone="muted")
        head.addWidget(self._number)
        head.addStretch(1)
        outer.addLayout(head)
        self._stack = QStackedWidget()
        text = tr("A result that cannot be stored without a decision waits here: an unknown patient, a missing unit, an unlikely value.")
        self._stack.addWidget(EmptyState(tr("Nothing waits"), text))
        self._stack.addWidget(self._build_bay())
        outer.addWidget(self._stack, 1)
        notifier.holding_changed.connect(self.activate)

    def _build_bay(self) -> QWidget:
        columns = (
            TextColumn[HeldSet](title=tr("Waits because"), text=lambda one: one.text),
            TextColumn[HeldSet](title=tr("Patient as sent"), text=held_name, width=200),
            TextColumn[HeldSet](title=tr("Since"), text=lambda one: spoken(f"{one.held_at:%d %b %H:%M}"), width=110),
        )
        self.model = RecordsModel[HeldSet](columns, self)
        self.table = RecordsTable[HeldSet](self.model, "holding_sets", tr("Waiting results"))
        self.table.chosen.connect(self._show)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.table)
        splitter.addWidget(self._build_detail())
        splitter.setSizes([560, 560])
        splitter.setChildrenCollapsible(False)
        return splitter

    def _build_detail(self) -> QWidget:
        card = frame("card", name="holding_detail")
        inner = column(card, margin=SPACE.large, spacing=SPACE.small)
        self._reason = TextLabel("", size=Size.SUBTITLE, strong=True, wrap=True)
        self._whose = TextLabel("", wrap=True)
        self._where = TextLabel("", tone="muted", wrap=True)
        self._critical = TextLabel(
            tr("◆ If these values are this patient's, one of them is critical: ask at once."), tone="error", wrap=True
        )
        for label in (self._reason, self._whose, self._where, self._critical):
            inner.addWidget(label)
        columns = (
            TextColumn[HeldRow](title=tr("As sent"), text=lambda one: one.name or one.code, width=150),
            TextColumn[HeldRow](title=tr("Value"), text=lambda one: f"{one.raw_value} {one.raw_unit}".strip(), width=110),
            TextColumn[HeldRow](title=tr("Read as"), text=_read_as, width=150),
            TextColumn[HeldRow](title=tr("Waits because"), text=lambda one: one.reason[1] if one.reason else ""),
        )
        self.rows = RecordsModel[HeldRow](columns, self)
        inner.addWidget(RecordsTable[HeldRow](self.rows, "holding_rows", tr("Results of the waiting set")), 1)
        inner.addLayout(self._build_ways())
        return card

    def _build_ways(self) -> QHBoxLayout:
        line = row()
        words = {
            Way.ASSIGN: tr("Assign to a patient"),
            Way.CREATE: tr("Create the patient"),
            Way.CONFIRM: tr("Decide the values"),
            Way.REJECT: tr("Reject"),
        }
        self.ways = {}
        for way, text in words.items():
            kind = "danger" if way is Way.REJECT else ""
            self.ways[way] = button(text, partial(self.begin, way), name=f"holding_{way.value}", kind=kind)
            line.addWidget(self.ways[way])
        line.addStretch(1)
        return line

    def activate(self) -> None:
        """Read what waits."""
        chosen = self.table.currentIndex().row()
        waiting = self._clinic.held_sets()
        self.model.set_records(waiting)
        self._number.setText(tr("{n} waiting", n=len(waiting)) if waiting else "")
        self._stack.setCurrentIndex(1 if waiting else 0)
        self.table.choose(max(chosen, 0))

    def _show(self, number: int) -> None:
        one = self.model.record_at(number)
        if one is None:
            return
        born = tr("born {day}", day=day_text(one.birth_date)) if one.birth_date else tr("no birth date")
        taken = f"{day_text(one.collected_at.date())} {one.collected_at:%H:%M}" if one.collected_at else tr("no time")
        self._reason.setText(one.text)
        self._whose.setText(f"{held_name(one)} · {born}")
        self._where.setText(tr("Specimen {taken} · {file} · from {sender}", taken=taken, file=one.source_name, sender=one.sender or "–"))
        self._critical.setVisible(one.critical)
        self.rows.set_records(one.rows)
        for way, made in self.ways.items():
            made.setVisible(way in one.ways)

    def begin(self, way: Way) -> Dialog | None:
        """Open the dialog of a way out, bound to the set that is shown now."""
        one = self.table.current()
        if one is None:
            return None
        dialog = DIALOGS[way](self._clinic, one, self)  # type: ignore[call-arg, arg-type]
        dialog.resolved.connect(lambda resolution: self._resolve(dialog, one, resolution))  # type: ignore[attr-defined]
        dialog.open()
        return dialog

    def _resolve(self, dialog: Dialog, one: HeldSet, resolution: Resolution) -> None:
        try:
            outcome = self._clinic.resolve_held(one.id, resolution)
        except UserError as error:
            dialog.show_problem(error)
            return
        dialog.accept()
        self.stored.emit(Saved(title=tr("Decided: {name}", name=held_name(one)), changes=outcome.changes))


def _read_as(one: HeldRow) -> str:
    read = " ".join(part for part in (one.analyte if one.analyte != "OTHER" else "", one.value or "", one.unit or "") if part)
    return read or tr("not read")
