"""What both pages owe: a name for every control, plain text, and the same under a large text."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from neutromon.models.changes import Changes
from neutromon.ui.alerts.handover import HandoverDesk
from neutromon.ui.alerts.inbox import AlertInbox
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.theme import Theme
from tests.ui.fake_clinic import FakeClinic


@pytest.fixture(params=[AlertInbox, HandoverDesk])
def page(request: pytest.FixtureRequest, qtbot: QtBot, clinic: FakeClinic) -> Any:
    """Give each page with nine patients."""
    made = request.param(clinic, Theme(), ChangeNotifier())
    qtbot.addWidget(made)
    made.resize(1086, 640)
    made.show()
    made.activate()
    return made


def test_that_every_control_has_a_name_for_tests_and_for_a_screen_reader(page: Any) -> None:
    own = [w for w in page.findChildren(QWidget) if w.isVisibleTo(page) and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    found = [w for w in own if type(w) is not QWidget and not w.objectName().startswith("qt_")]
    assert len(found) > 5
    assert [(type(w).__name__, w.objectName()) for w in found if not (w.objectName() and w.accessibleName())] == []


def test_that_every_text_is_plain(page: Any) -> None:
    assert {label.textFormat() for label in page.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_that_another_theme_and_size_are_taken_over(page: Any) -> None:
    before = page.list.visualRect(page.model.index(1)).height()
    page.set_theme(Theme(scale=2.0))
    page.list.doItemsLayout()
    assert page.list.visualRect(page.model.index(1)).height() > before
    assert page.width() <= 1366


@pytest.mark.parametrize("maker", [AlertInbox, HandoverDesk])
def test_that_a_page_that_is_gone_hears_of_no_change(qtbot: QtBot, clinic: FakeClinic, maker: Any) -> None:
    notifier = ChangeNotifier()
    made = maker(clinic, Theme(), notifier)
    made.show()
    made.activate()
    with qtbot.waitSignal(made.destroyed):
        made.deleteLater()
    with qtbot.captureExceptions() as raised:
        notifier.announce(Changes(patient_ids=frozenset({"p1"}), alert_ids=frozenset({"a"})))
    assert raised == []
