"""The pinned Qt binding gives back None without losing a reference to it, which would abort the program after a day."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

CALLS = 1000


def test_that_a_thousand_calls_that_return_none_lose_no_reference(qtbot: QtBot) -> None:
    widget, model = QWidget(), QStandardItemModel(1, 1)
    qtbot.addWidget(widget)
    index = model.index(0, 0)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        widget.parentWidget()
        widget.property("nothing")
        model.data(index)
        QTimer.singleShot(0, widget.update)
    assert sys.getrefcount(None) > before - CALLS // 2
