"""The values of one sample as a table: as reported, as understood with grade, and every earlier version."""

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from neutromon.models.evaluation import CountEvaluation
from neutromon.models.formatting import anc_text, grade_text, quantity_text
from neutromon.models.history import CountSample
from neutromon.models.quantity import Reported
from neutromon.ui.count_unit import shown_counts
from neutromon.ui.fields.units import unit_words
from neutromon.ui.forms.count_live import GRADINGS, origin_text
from neutromon.ui.forms.words import value_name
from neutromon.ui.text import tr
from neutromon.ui.widgets.labels import as_tooltip
from neutromon.ui.worklist.columns import day_text


class RecordTable(QTableWidget):
    """Read-only; the row of a value can be chosen to correct it."""

    def __init__(self, sample: CountSample, count: CountEvaluation | None, parent: QWidget | None = None) -> None:
        titles = (tr("Value"), tr("As reported"), tr("Understood as"), tr("Grade (CTCAE 5.0)"), tr("Earlier"))
        rows = record_rows(sample, count)
        super().__init__(len(rows), len(titles), parent)
        self.setObjectName("record_table")
        self.setAccessibleName(tr("Values of this count"))
        self.setHorizontalHeaderLabels(titles)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.names = [name for name, _ in rows]
        for place, (_, texts) in enumerate(rows):
            for cell, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(as_tooltip(text))
                self.setItem(place, cell, item)
        self._fit()

    def _fit(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(self.columnCount() - 1, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultSectionSize(32)
        height = 40 + 32 * min(max(self.rowCount(), 1), 9)
        self.setFixedHeight(height + 4)


def record_rows(sample: CountSample, count: CountEvaluation | None) -> list[tuple[str, tuple[str, ...]]]:
    """Return (field, cells) for every value of a sample, the ANC first where it was derived."""
    rows = [(name, _cells(name, value, sample, count)) for name, value in sample.values.items()]
    if "neutrophils" not in sample.values and count is not None:
        derived = (value_name("anc"), "–", shown_counts(anc_text(count.anc)), _grade(count, "neutrophils"), origin_text(count))
        rows.insert(0, ("neutrophils", derived))
    others = [("", (code, _reported(value), tr("kept as sent"), "", "")) for code, value in sample.others.items()]
    return [*rows, *others]


def _cells(name: str, value: Reported, sample: CountSample, count: CountEvaluation | None) -> tuple[str, ...]:
    earlier = [f"{_reported(old)} {tr('until')} {_when(until)}" for field, old, until in sample.superseded if field == name]
    understood = tr("not understood")
    if name.endswith("_percent") or name in {"mcv"}:
        understood = ""
    if count is not None:
        quantity = count.anc.quantity if name == "neutrophils" else count.values.get(name)
        understood = shown_counts(quantity_text(quantity)) if quantity is not None else understood
    if value.confirmed:
        understood = f"{understood} · {tr('confirmed')}".strip(" ·")
    return (value_name(name), _reported(value), understood, _grade(count, name), "; ".join(earlier))


def _reported(value: Reported) -> str:
    text = f"{value.original_value or value.value} {unit_words(value.original_unit or value.unit)}".strip()
    parts = [text, value.flag.replace("^", " "), tr("reference range {range}", range=value.range) if value.range else ""]
    return " · ".join(part for part in parts if part)


def _grade(count: CountEvaluation | None, name: str) -> str:
    grades: Mapping[str, tuple[int, ...] | None] = count.grades.get(GRADINGS[0], {}) if count else {}
    return grade_text(grades[name]) if name in grades else ""


def _when(iso: str) -> str:
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day_text(moment.date())} {moment:%H:%M}"


def provenance_text(sample: CountSample) -> str:
    """Return where a sample comes from: source, author, when received, accession, note; what is unknown is said."""
    origin = sample.provenance
    if origin is None:
        return tr("Origin unknown.")
    words = {"typed": tr("typed"), "loaded": tr("loaded")}
    parts = [words.get(origin.source, origin.source) or tr("origin unknown")]
    parts += [tr("by {who}", who=origin.author)] if origin.author else []
    if origin.received_at is not None:
        parts.append(f"{day_text(origin.received_at.date())} {origin.received_at:%H:%M}")
    parts += [tr("specimen {number}", number=sample.accession)] if sample.accession else []
    parts += [origin.note] if origin.note else []
    return " · ".join(parts)
