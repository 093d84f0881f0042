"""The drugs of a regimen, drug by drug: in words, and as lines to fill in; what the source does not state is said to be not stated."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.rules.book_parts import Regimen, RegimenDrug
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row

WIDE = 170
WIDTHS = (0, 96, 76, 84, 96, 0)


def drug_words(one: RegimenDrug) -> str:
    """Return one drug as a line: "doxorubicin 60 mg/m2 · IV · days 1"."""
    if not one.dose:
        words = tr("{drug}: dose not stated", drug=one.drug)
    else:
        unit, route = one.unit or tr("(unit not stated)"), one.route or tr("route not stated")
        when = tr("days {text}", text=one.days) if one.days else tr("days not stated")
        words = f"{one.drug} {isolated(f'{one.dose} {unit}')} · {route} · {when}"
    return f"{words} ({one.note})" if one.note else words


def drugs_words(regimen: Regimen) -> str:
    """Return every drug on a line of its own; for a regimen that was stored without them, its one line."""
    return "\n".join(drug_words(one) for one in regimen.components) or regimen.drugs


def source_words(regimen: Regimen) -> str:
    """Return that a regimen is the clinic's own, on which it is based, and that nobody has signed it off; "" for a shipped one."""
    if not regimen.author:
        return ""
    if regimen.based_on:
        return tr("own, based on {id}, not signed off", id=isolated(regimen.based_on))
    return tr("own, not signed off")


def one_line(drugs: Sequence[RegimenDrug]) -> str:
    """Return the drugs as a protocol writes them, for a regimen whose own line was left empty."""
    parts = (" ".join(part for part in (one.drug, one.dose, one.unit, one.route, one.days and f"d{one.days}") if part) for one in drugs)
    return ", ".join(parts)


class RegimenDrugs(QWidget):
    """Lines for the drugs: drug, dose, unit, route, days, remark; an empty line is left out; `added` tells the first field of a new one."""

    added = Signal(object)

    def __init__(self, drugs: Sequence[RegimenDrug], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[tuple[QLineEdit, ...]] = []
        self._names = (tr("Drug"), tr("Dose"), tr("Unit"), tr("How given"), tr("Days"), tr("Remark"))
        outer = column(self, spacing=SPACE.tight)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, SPACE.medium, 0)
        self._grid.setHorizontalSpacing(SPACE.tight)
        self._grid.setVerticalSpacing(SPACE.tight)
        for place, name in enumerate(self._names):
            self._grid.addWidget(TextLabel(name, size=Size.CAPTION, tone="muted"), 0, place)
        outer.addLayout(self._grid)
        line = row()
        self.more = button(tr("Add a drug"), lambda: self.add_line(), name="add_regimen_drug", kind="flat")
        line.addWidget(self.more)
        line.addStretch(1)
        outer.addLayout(line)
        for one in drugs:
            self.add_line(one)

    def add_line(self, one: RegimenDrug | None = None) -> None:
        """Add an empty line, or one for a known drug."""
        number = len(self._lines) + 1
        known = one or RegimenDrug(drug="")
        fields = tuple(QLineEdit(text) for text in (known.drug, known.dose, known.unit, known.route, known.days, known.note))
        for place, (field, name, width) in enumerate(zip(fields, self._names, WIDTHS, strict=True)):
            field.setObjectName(f"drug{number}_{place}")
            field.setAccessibleName(f"{name} {number}")
            if place and place < len(WIDTHS) - 1:
                field.setPlaceholderText(tr("not stated"))
            if width:
                field.setFixedWidth(width)
            else:
                field.setMinimumWidth(WIDE)
            field.setCursorPosition(0)
            self._grid.addWidget(field, number, place)
        self._lines.append(fields)
        if one is None:
            fields[0].setFocus()
            QTimer.singleShot(0, self, lambda: self.added.emit(fields[0]))  # after the layout has made room for it

    def drugs(self) -> tuple[RegimenDrug, ...]:
        """Return the drugs as typed; raise UserError for a dose without a drug, or for what says nothing without a dose."""
        typed = [tuple(field.text().strip() for field in fields) for fields in self._lines]
        return tuple(_drug(parts) for parts in typed if any(parts))


def _drug(parts: tuple[str, ...]) -> RegimenDrug:
    drug, dose, unit, route, days, note = parts
    if not drug:
        raise UserError(tr("A line of the drugs has no drug."), tr("Type its name, or empty the line."))
    if not dose and (unit or route or days):
        raise UserError(tr("{drug} has no dose.", drug=drug), tr("Type it, or leave unit, route and days empty too."))
    return RegimenDrug(drug=drug, dose=dose, unit=unit, route=route, days=days, note=note)
