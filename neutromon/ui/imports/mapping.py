"""The mapping wizard: what each column of a table is, decimals and dates, and the first sets as they would be stored."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QScrollArea, QWidget

from neutromon.models.errors import UserError
from neutromon.models.tables import TableMapping
from neutromon.ui.fields.units import unit_words
from neutromon.ui.qtmodels.details import RowDetails
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.widgets.layout import field_row, roomy, row
from neutromon.ui.worklist.columns import day_text

Preview = Callable[[TableMapping | None], Any]
MOST_NAMED = 4
ROLES = "patient name family given birth sex date time code testname value unit low high range flag status sample kind".split()


class MappingDialog(Dialog):
    """Opened over the bytes of one table; `mapped` carries the mapping that the person confirmed."""

    mapped = Signal(object)

    def __init__(self, name: str, preview: Preview, parent: QWidget | None = None) -> None:
        about = tr("{name}: say what each column is. Nothing is stored before you import.", name=name)
        super().__init__(tr("Read a table"), about=about, name="mapping", parent=parent, width=roomy(1000))
        self._preview = preview
        first = preview(None)
        self._mapping: TableMapping = first.mapping
        self.columns = self._build_columns(first)
        self._build_habits()
        self.body.addWidget(section_title(tr("The first sets as they will be stored")))
        self.sets = RecordsModel[Any](_set_columns(), self)
        self._table = RecordsTable[Any](self.sets, "mapping_preview", tr("Preview"))
        self.body.addWidget(self._table, 1)
        self.body.addWidget(RowDetails(self._table))
        self.state = TextLabel("", tone="muted", wrap=True)
        self.body.addWidget(self.state)
        self.add_primary(tr("Import this table"), self._give, name="mapping_import")
        self._show(first)

    def _build_columns(self, first: Any) -> list[QComboBox]:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setHorizontalSpacing(SPACE.medium)
        grid.setVerticalSpacing(SPACE.tight)
        by_column = {place: role for role, place in first.mapping.roles.items()}
        example = first.rows[1] if len(first.rows) > 1 else ()
        boxes = []
        for number, title in enumerate(first.mapping.header):
            box = _role_box(number, title, by_column.get(number, ""))
            box.activated.connect(self._changed)
            grid.addWidget(TextLabel(title or str(number + 1), strong=True), number, 0)
            grid.addWidget(TextLabel(isolated(example[number]) if number < len(example) else "", tone="muted"), number, 1)
            grid.addWidget(box, number, 2)
            boxes.append(box)
        scroll = QScrollArea()
        scroll.setAccessibleName(tr("Columns of the table"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        scroll.setMinimumHeight(150)
        self.body.addWidget(scroll, 1)
        return boxes

    def _build_habits(self) -> None:
        looks = (tr("as it looks"), "")
        self.decimal = _choice("mapping_decimal", [looks, ("3.5", "."), ("3,5", ",")], self._mapping.decimal)
        orders = [looks, (tr("day month year"), "dmy"), (tr("month day year"), "mdy"), (tr("year month day"), "ymd")]
        self.order = _choice("mapping_order", orders, self._mapping.date_order)
        self.name = QLineEdit(self._mapping.name)
        self.name.setObjectName("mapping_name")
        line = row(spacing=SPACE.large)
        line.addWidget(field_row(tr("Decimals"), self.decimal, label_width=80))
        line.addWidget(field_row(tr("Dates"), self.order, label_width=60))
        line.addWidget(field_row(tr("Keep as profile"), self.name, label_width=110), 1)
        self.body.addLayout(line)
        hint = tr("A name keeps these answers for the next table with the same header.")
        self.body.addWidget(TextLabel(hint, size=Size.CAPTION, tone="muted"))
        for box in (self.decimal, self.order):
            box.activated.connect(self._changed)

    def mapping(self) -> TableMapping:
        """Return the mapping as it is chosen now."""
        roles = {str(box.currentData()): number for number, box in enumerate(self.columns) if box.currentData()}
        chosen = {"decimal": self.decimal.currentData(), "date_order": self.order.currentData(), "name": self.name.text().strip()}
        return replace(self._mapping, roles=roles, **chosen)

    def _changed(self, _choice: object = None) -> None:
        try:
            self._show(self._preview(self.mapping()))
        except UserError as error:
            self.show_problem(error)

    def _show(self, preview: Any) -> None:
        self.show_problem("")
        self.sets.set_records(preview.sets)
        self._table.choose(0)
        waiting = sum(1 for one in preview.sets if one.waits)
        told = tr(
            "{n} sets in all; {waiting} of the first {shown} would wait.", n=preview.total_sets, shown=len(preview.sets), waiting=waiting
        )
        if preview.total_sets == 1:
            told = tr("1 set in all; it would wait.") if waiting else tr("1 set in all; nothing would wait.")
        known = tr("Read by the profile {name}.", name=preview.profile.name) if preview.profile else ""
        left = ", ".join(isolated(title) for title in preview.unused)
        out = tr("No count comes from these columns: {columns}.", columns=left) if left else ""
        self.state.setText(" ".join(part for part in (told, known, out) if part))

    def _give(self) -> None:
        chosen = self.mapping()
        self.accept()
        self.mapped.emit(chosen)


def _role_box(number: int, title: str, chosen: str) -> QComboBox:
    values = [(tr("a result, or nothing"), ""), *((role_word(role), role) for role in ROLES)]
    made = _choice(f"mapping_column_{number}", values, chosen)
    made.setAccessibleName(tr("Column {title}", title=title or number + 1))
    return made


def _choice(name: str, values: list[tuple[str, str]], chosen: str) -> QComboBox:
    made = QComboBox()
    made.setObjectName(name)
    for text, value in values:
        made.addItem(text, value)
    made.setCurrentIndex(max(made.findData(chosen), 0))
    return made


def _set_columns() -> tuple[TextColumn[Any], ...]:
    return (
        TextColumn(title=tr("Patient"), text=_whose, width=220),
        TextColumn(title=tr("Taken"), text=_when, width=150),
        TextColumn(title=tr("Results"), text=_results),
        TextColumn(title=tr("Waits because"), text=lambda one: one.waits[1] if one.waits else "", width=240),
    )


def _whose(one: Any) -> str:
    own = one.own
    name = ", ".join(part for part in (own.family, own.given) if part)
    return " · ".join(part for part in (isolated(name), own.identifiers[0].value if own.identifiers else "") if part)


def _when(one: Any) -> str:
    at = one.own.collected_at
    return "" if at is None else f"{day_text(at.date())}{'' if one.own.day_only else f' {at:%H:%M}'}"


def _results(one: Any) -> str:
    """Return the blood counts of a set as they are read, and the names of the cells that are none."""
    known = [read for read in one.rows if read.analyte != "OTHER"]
    told = ", ".join(
        f"{read.analyte} {read.value or read.raw.value or '–'} {(read.unit and unit_words(read.unit)) or ''}".strip() for read in known
    )
    others = list(dict.fromkeys(_heading(read) for read in one.rows if read.analyte == "OTHER"))
    more = ["…"] if len(others) > MOST_NAMED else []
    named = ", ".join([*(isolated(name) for name in others[:MOST_NAMED]), *more])
    rest = tr("no blood count: {names}", names=named) if others else ""
    return " · ".join(part for part in (told, rest) if part)


def _heading(read: Any) -> str:
    """Return under which heading a cell stands that is no blood count."""
    raw = read.raw
    return next((text for text in (*raw.texts, *(code for code, _ in raw.codes)) if text), "–")


def role_word(role: str) -> str:
    """Return what a column may be."""
    words = {
        "patient": tr("patient number"),
        "name": tr("whole name"),
        "family": tr("family name"),
        "given": tr("given name"),
        "birth": tr("birth date"),
        "sex": tr("sex"),
        "date": tr("date"),
        "time": tr("time"),
        "code": tr("code of the test"),
        "testname": tr("name of the test"),
        "value": tr("value"),
        "unit": tr("unit"),
        "low": tr("lower limit"),
        "high": tr("upper limit"),
        "range": tr("reference range"),
        "flag": tr("flag"),
        "status": tr("status"),
        "sample": tr("specimen number"),
        "kind": tr("kind of row"),
    }
    return words[role]
