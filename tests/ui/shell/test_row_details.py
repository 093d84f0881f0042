"""What a table cuts of its chosen row stands below it in full: reached by Tab, read by a screen reader; where nothing is cut, nothing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from neutromon.ui.qtmodels.details import RowDetails
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.widgets.layout import column

LONG = "its system cannot send birth dates; numbers were compared by hand for a month, with <b>two</b> people"


def a_table(qtbot: QtBot) -> tuple[QWidget, RecordsTable[str], RowDetails]:
    columns = (TextColumn[str](title="Sender", text=lambda one: one[:3], width=80), TextColumn[str](title="Reason", text=lambda one: one))
    holder = QWidget()
    qtbot.addWidget(holder)
    table = RecordsTable[str](RecordsModel[str](columns, holder), "senders", "Senders")
    details = RowDetails(table)
    outer = column(holder)
    outer.addWidget(table)
    outer.addWidget(details)
    holder.resize(320, 240)
    holder.show()
    qtbot.waitExposed(holder)
    return holder, table, details


def test_that_a_cut_cell_stands_in_full_below_and_follows_the_chosen_row(qtbot: QtBot) -> None:
    _holder, table, details = a_table(qtbot)
    table.rows.set_records([LONG, "LAB short"])
    table.choose(0)
    qtbot.waitUntil(details.isVisible)
    assert details.text() == f"Reason: {LONG}" == details.accessibleDescription()
    assert details.textFormat() is Qt.TextFormat.PlainText
    table.choose(1)
    assert details.text() == "" and details.isVisible()  # the line stays, so that nothing jumps while one moves in the table


def test_that_it_is_reached_by_tab(qtbot: QtBot) -> None:
    _holder, table, details = a_table(qtbot)
    table.rows.set_records([LONG])
    qtbot.waitUntil(details.isVisible)
    assert details.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert details.accessibleName() == "The chosen row in full"


def test_that_a_table_that_fits_stands_alone(qtbot: QtBot) -> None:
    _holder, table, details = a_table(qtbot)
    table.rows.set_records(["LAB short"])
    qtbot.waitUntil(lambda: not details._soon.isActive())
    assert _holder.isVisible() and not details.isVisible()
