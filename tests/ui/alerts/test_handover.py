"""The hand-over desk: nobody's alerts first, taken with a signature, given with a note, nothing left to nobody."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.ui.alerts.handover import HandoverDesk
from neutromon.ui.alerts.model import Heading
from neutromon.ui.alerts.sign_off import SignOff
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.saved import Saved
from neutromon.ui.theme import DARK, Theme
from tests.stores import PASSPHRASE
from tests.ui.fake_clinic import FakeClinic


@pytest.fixture
def desk(qtbot: QtBot, clinic: FakeClinic) -> HandoverDesk:
    """Return the desk at the end of a shift: one alert is mine, one a colleague's, the others nobody's."""
    first, second = [a.id for a in clinic.alerts.values() if a.tier is Tier.URGENT][:2]
    clinic.set_owner([first], clinic.user)
    clinic.set_owner([second], "A. Nother")
    return shown(qtbot, clinic)


def shown(qtbot: QtBot, clinic: Any) -> HandoverDesk:
    page = HandoverDesk(clinic, Theme(), ChangeNotifier())
    qtbot.addWidget(page)
    page.resize(1086, 640)
    page.show()
    page.activate()
    return page


def headings(desk: HandoverDesk) -> list[str]:
    items = [desk.model.item_at(n) for n in range(desk.model.rowCount())]
    return [item.text.split("  ·  ")[0] for item in items if isinstance(item, Heading)]


def press(made: Any, name: str) -> None:
    made.findChild(QPushButton, name).click()


def test_that_nobodys_alerts_stand_first_then_mine_then_the_others(desk: HandoverDesk) -> None:
    plain = [text.replace("\u2068", "").replace("\u2069", "") for text in headings(desk)]
    assert plain == ["Nobody's", "Mine (N. Urse)", "A. Nother"]


def test_that_one_urgent_alert_without_an_owner_is_told_as_one(
    desk: HandoverDesk, clinic: FakeClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = [row for row in clinic.open_alerts() if not row.alert.owner and row.alert.tier <= Tier.URGENT]
    monkeypatch.setattr(clinic, "open_alerts", lambda *_asked, **_how: alone[:1])
    desk.activate()
    assert desk._warning_text.text().startswith("1 emergency or urgent alert has no owner. Take it")


def test_that_urgent_alerts_without_an_owner_are_counted_in_a_warning(desk: HandoverDesk, clinic: FakeClinic) -> None:
    alone = sum(1 for a in clinic.alerts.values() if a.tier <= Tier.URGENT and not a.owner)
    assert f"{alone} emergency or urgent alerts have no owner" in desk._warning_text.text()
    assert desk._warning.isVisible()
    clinic.set_owner(list(clinic.alerts), clinic.user)
    desk.activate()
    assert not desk._warning.isVisible()


def test_that_space_ticks_a_row_and_buttons_wait_for_a_tick(qtbot: QtBot, desk: HandoverDesk) -> None:
    assert not desk.findChild(QPushButton, "handover_take").isEnabled()
    qtbot.keyClick(desk.list, Qt.Key.Key_Space)
    assert len(desk.model.checked()) == 1
    assert desk.findChild(QPushButton, "handover_take").isEnabled()
    qtbot.keyClick(desk.list, Qt.Key.Key_Space)
    assert desk.model.checked() == []


def test_that_a_click_on_the_tick_ticks_and_one_beside_it_only_chooses(qtbot: QtBot, desk: HandoverDesk) -> None:
    box = desk.list.visualRect(desk.model.index(2))
    qtbot.mouseClick(desk.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 300, box.center().y()))
    assert desk.model.checked() == []
    qtbot.mouseClick(desk.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 20, box.center().y()))
    current = desk.list.current()
    assert current is not None and desk.model.checked() == [current.alert.id]


def test_that_a_heading_takes_no_tick_and_arrows_pass_over_it(qtbot: QtBot, desk: HandoverDesk) -> None:
    desk.model.toggle(0)
    assert desk.model.checked() == []
    for _ in range(desk.model.rowCount()):
        qtbot.keyClick(desk.list, Qt.Key.Key_Down)
        assert desk.list.current() is not None
    for _ in range(desk.model.rowCount()):
        qtbot.keyClick(desk.list, Qt.Key.Key_Up)
        assert desk.list.current() is not None


def test_that_giving_hands_over_the_ticked_alerts_with_the_note(desk: HandoverDesk, clinic: FakeClinic) -> None:
    told: list[Saved] = []
    desk.stored.connect(told.append)
    press(desk, "tick_mine")
    (mine,) = desk.model.checked()
    desk.note.setText("ring the daughter")
    press(desk, "handover_give")
    assert clinic.alerts[mine].owner == "A. Nother"
    assert (desk.note.text(), desk.model.checked(), len(told)) == ("", [], 1)


def test_that_taking_over_is_signed(qtbot: QtBot, desk: HandoverDesk, clinic: FakeClinic) -> None:
    press(desk, "tick_nobodys")
    chosen = desk.model.checked()
    press(desk, "handover_take")
    sign = desk.findChild(SignOff)
    sign.secret.setText("wrong")
    press(sign, "sign")
    assert sign.problem_text() and clinic.alerts[chosen[0]].owner == ""
    sign.secret.setText("right")
    with qtbot.waitSignal(desk.stored):
        press(sign, "sign")
    assert {clinic.alerts[alert].owner for alert in chosen} == {clinic.user}


def test_that_a_signature_that_is_given_up_changes_nothing(desk: HandoverDesk, clinic: FakeClinic) -> None:
    press(desk, "tick_nobodys")
    chosen = desk.model.checked()
    press(desk, "handover_take")
    desk.findChild(SignOff).reject()
    assert {clinic.alerts[alert].owner for alert in chosen} == {""}


def test_that_a_refused_hand_over_says_why_and_keeps_the_ticks(desk: HandoverDesk, clinic: FakeClinic) -> None:
    press(desk, "tick_mine")
    clinic.fail_with = UserError("The store is busy.", "Try again.")
    press(desk, "handover_give")
    assert desk._warning_text.text() == "The store is busy. Try again."
    assert len(desk.model.checked()) == 1


def test_that_the_sheet_is_asked_for_and_the_row_opens_its_patient_and_forms(qtbot: QtBot, desk: HandoverDesk) -> None:
    asked: list[Any] = []
    desk.report_requested.connect(lambda *parts: asked.append(parts))
    desk.patient_requested.connect(asked.append)
    desk.form_requested.connect(lambda *parts: asked.append(parts))
    press(desk, "handover_print")
    qtbot.keyClick(desk.list, Qt.Key.Key_Return)
    qtbot.keyClick(desk.list, Qt.Key.Key_O)
    current = desk.list.current()
    assert current is not None
    assert asked == [("handover", ""), current.alert.patient_id, ("owner", current.alert.patient_id, current.alert.id)]


def test_that_an_empty_desk_says_that_nothing_is_to_be_handed_over(qtbot: QtBot) -> None:
    desk = shown(qtbot, FakeClinic())
    assert desk.empty.texts()[0] == "Nothing to hand over"
    qtbot.keyClick(desk.list, Qt.Key.Key_Space)
    qtbot.keyClick(desk.list, Qt.Key.Key_Return)
    qtbot.keyClick(desk.list, Qt.Key.Key_O)
    assert desk.model.checked() == []


def test_that_a_change_elsewhere_is_read_while_the_desk_is_seen(qtbot: QtBot, clinic: FakeClinic) -> None:
    notifier = ChangeNotifier()
    desk = HandoverDesk(clinic, Theme(), notifier)
    qtbot.addWidget(desk)
    notifier.alerts_changed.emit(frozenset({"x"}))
    assert desk.model.rowCount() == 0
    desk.show()
    notifier.patients_changed.emit(frozenset({"x"}))
    assert desk.model.rowCount() > 0
    desk.set_theme(Theme(palette=DARK))


def test_that_a_tick_is_told_to_a_screen_reader(desk: HandoverDesk) -> None:
    index = desk.model.index(1)
    assert desk.model.data(index, Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
    desk.model.toggle(1)
    assert desk.model.data(index, Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    assert desk.model.data(desk.model.index(0), Qt.ItemDataRole.CheckStateRole) is None


def test_that_the_passphrase_of_the_store_signs(qtbot: QtBot, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    desk = shown(qtbot, clinic)
    press(desk, "tick_nobodys")
    press(desk, "handover_take")
    sign = desk.findChild(SignOff)
    sign.secret.setText("a wrong passphrase")
    press(sign, "sign")
    assert sign.problem_text()
    sign.secret.setText(PASSPHRASE)
    press(sign, "sign")
    assert {alert.owner for alert in clinic.alerts_of(patient)} == {clinic.user}
