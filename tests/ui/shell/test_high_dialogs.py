"""Dialogs that are higher than a small screen: their buttons stay on it, and nothing is decided that nobody has seen."""

from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from neutromon.services.holding import HeldRow, HeldSet, Way
from neutromon.services.rule_book import load_book
from neutromon.ui.admin.regimens import RegimenDialog
from neutromon.ui.imports.resolve import ConfirmDialog
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from tests.builders import NOW
from tests.ui.fake_clinic import FakeClinic

ROWS = 6


def a_row(number: int) -> HeldRow:
    return HeldRow(
        index=number,
        name=f"Exampline {number}",
        code=f"20{number}",
        raw_value="1.0",
        raw_unit="10*9/L",
        analyte="WBC",
        value="1.0",
        unit="10*9/L",
        status="F",
        reason=("UNKNOWN_CODE", f"The code 20{number} looks like WBC: confirm it for this sender."),
        suggested_analyte="WBC",
    )


def waiting(rows: int) -> HeldSet:
    return HeldSet(
        id="held-1",
        code="UNKNOWN_CODE",
        text="The code 200 looks like WBC: confirm it for this sender.",
        held_at=NOW,
        sender="LAB",
        source_name="made-up.hl7",
        message_id="m-1",
        name="Example, Ada",
        identifier=None,
        birth_date=date(1960, 1, 1),
        collected_at=NOW,
        day_only=False,
        patient_id="p-1",
        candidates=(),
        rows=tuple(a_row(number) for number in range(rows)),
        ways=(Way.CONFIRM, Way.REJECT),
    )


def lies_on_screen(dialog: Dialog, part: QWidget) -> bool:
    """Return whether a part of a shown dialog lies within the dialog, and the dialog is no higher than the screen."""
    inside = dialog.rect().contains(part.geometry().translated(part.parentWidget().mapTo(dialog, part.parentWidget().rect().topLeft())))
    return inside and dialog.height() <= dialog.screen().availableGeometry().height()


@pytest.fixture
def decide(qtbot: QtBot, undressed: Any) -> ConfirmDialog:
    made = ConfirmDialog(FakeClinic(), waiting(ROWS))
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    return made


def test_that_many_values_scroll_and_the_buttons_stay_on_the_screen(decide: ConfirmDialog) -> None:
    store = decide.findChild(QPushButton, "held_save")
    assert store is not None and lies_on_screen(decide, store)
    assert decide._area is not None and decide._area.verticalScrollBar().maximum() > 0


def test_that_values_nobody_has_seen_are_not_stored(decide: ConfirmDialog, qtbot: QtBot) -> None:
    told: list[object] = []
    decide.resolved.connect(lambda *parts: told.append(parts))
    decide._press_primary()
    assert told == [] and "More values wait below" in decide.problem_text()
    assert decide._area is not None
    bar = decide._area.verticalScrollBar()
    assert bar.value() > 0
    bar.setValue(bar.maximum())
    decide._press_primary()
    assert len(told) == 1


def test_that_one_value_is_stored_at_once(qtbot: QtBot, undressed: Any) -> None:
    made = ConfirmDialog(FakeClinic(), waiting(1))
    qtbot.addWidget(made)
    made.open()
    with qtbot.waitSignal(made.resolved):
        made._press_primary()


def test_that_every_added_drug_is_seen_with_the_button_for_the_next(qtbot: QtBot, undressed: Any) -> None:
    made = RegimenDialog(load_book().regimens["7+3"], ["OT-GEN"])
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    save, more = made.findChild(QPushButton, "regimen_save"), made.components.more
    assert save is not None and lies_on_screen(made, save)
    for number in range(3, 9):
        with qtbot.waitSignal(made.components.added):
            more.click()
        field = made.findChild(QWidget, f"drug{number}_0")
        assert field is not None and field.visibleRegion().boundingRect().height() == field.height()
        assert more.visibleRegion().boundingRect().height() == more.height() >= more.sizeHint().height()
    assert lies_on_screen(made, save)


def test_that_a_problem_makes_room_for_itself(qtbot: QtBot, undressed: Any) -> None:
    made = Dialog("A form", about="for one patient", width=420)
    qtbot.addWidget(made)
    fields = [TextLabel(f"A line that is wrapped and has to be read in full, number {n}. " * 4, wrap=True) for n in range(3)]
    for field in fields:
        made.body.addWidget(field)
    made.add_primary("Save", lambda: None)
    made.open()
    qtbot.waitExposed(made)
    made.show_problem("The passphrase is too short. Type at least twelve signs; a sentence is easier to remember than a word. " * 4)
    made.layout().activate()
    assert all(field.height() >= field.heightForWidth(field.width()) for field in fields)
