"""A PIN by keyboard alone: set, changed and removed in its form, and asked for at a sign-off with the tries that are left."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from neutromon.models.errors import UserError
from neutromon.services.pins import PinState, SignedBy
from neutromon.services.store_admin import audit_trail
from neutromon.storage.files import resources_folder
from neutromon.ui.admin.audit_words import what_text
from neutromon.ui.alerts.handover import HandoverDesk
from neutromon.ui.alerts.sign_off import SignOff
from neutromon.ui.application import Wardrobe
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.pin import PinForm
from neutromon.ui.saved import Saved
from neutromon.ui.settings import WindowSettings
from neutromon.ui.theme import Theme
from tests.stores import PASSPHRASE
from tests.ui.conftest import Open
from tests.ui.fake_clinic import FakeClinic

DIGITS = "402917"


def shown(qtbot: QtBot, form: Any) -> Any:
    """Let a dialog take the keyboard."""
    qtbot.waitExposed(form)
    form.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return form


def type_in(qtbot: QtBot, *texts: str) -> None:
    """Type into the field with the keyboard and those after it, then press Enter, as a person without a mouse would."""
    for number, text in enumerate(texts):
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit), field
        if number:
            qtbot.keyClick(field, Qt.Key.Key_Tab)
            field = QApplication.focusWidget()
        qtbot.keyClicks(field, text)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def a_sign_off(qtbot: QtBot, clinic: Any) -> SignOff:
    made = SignOff(clinic, "Take over", "You answer for 1 alert from now on.")
    qtbot.addWidget(made)
    made.open()
    return shown(qtbot, made)


# the form
def test_that_a_pin_is_set_by_keyboard_alone(qtbot: QtBot, open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = shown(qtbot, open_form("pin"))
    assert form.state.text() == "You have no PIN." and form.findChild(QPushButton, "pin_remove") is None
    type_in(qtbot, "right", DIGITS, DIGITS)
    assert clinic.pin == DIGITS
    assert [one.title for one in saved] == ["Your PIN is set."] and saved[0].changes.settings and saved[0].undo is None
    assert not form.isVisible() and form.pin.text() == form.again.text() == form.secret.text() == ""


def test_that_a_pin_is_changed_and_said_to_be_changed(qtbot: QtBot, open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    clinic.pin = "739105"
    form = shown(qtbot, open_form("pin"))
    assert form.state.text() == "Your PIN is on."
    type_in(qtbot, "right", DIGITS, DIGITS)
    assert (clinic.pin, saved[0].title) == (DIGITS, "Your PIN is changed.")


def test_that_a_pin_is_removed_without_the_passphrase(qtbot: QtBot, open_form: Open, clinic: FakeClinic, saved: list[Saved]) -> None:
    clinic.pin = DIGITS
    form = shown(qtbot, open_form("pin"))
    button = form.findChild(QPushButton, "pin_remove")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert (clinic.pin, saved[0].title) == ("", "Your PIN is removed. Sign with your passphrase.")


def test_that_a_pin_that_is_off_says_what_turns_it_on(open_form: Open, clinic: FakeClinic) -> None:
    clinic.pin, clinic.pin_tries = DIGITS, 0
    assert open_form("pin").state.text().startswith("Your PIN is off after 3 wrong tries. Sign once with your passphrase")


@pytest.mark.parametrize(
    ("digits", "again", "says"),
    [
        ("", "", "A PIN has 6 to 12 digits and nothing else."),
        ("40291", "40291", "A PIN has 6 to 12 digits and nothing else."),
        ("123456", "123456", "This PIN is easy to guess."),
        ("777777", "777777", "This PIN is easy to guess."),
        (DIGITS, "402918", "The two PINs differ."),
    ],
)
def test_that_a_refused_pin_says_why_in_one_sentence_and_is_typed_again(
    qtbot: QtBot, open_form: Open, clinic: FakeClinic, digits: str, again: str, says: str
) -> None:
    form = shown(qtbot, open_form("pin"))
    type_in(qtbot, "right", digits, again)
    assert form.problem_text().startswith(says) and clinic.pin == "" and form.isVisible()
    assert (form.pin.text(), form.again.text(), form.secret.text()) == ("", "", "right")
    assert QApplication.focusWidget() is form.pin


def test_that_a_wrong_passphrase_keeps_the_pin_that_was_typed(qtbot: QtBot, open_form: Open, clinic: FakeClinic) -> None:
    form = shown(qtbot, open_form("pin"))
    type_in(qtbot, "wrong", DIGITS, DIGITS)
    assert form.problem_text().startswith("The passphrase is wrong.") and clinic.pin == ""
    assert (form.secret.text(), form.pin.text()) == ("", DIGITS) and QApplication.focusWidget() is form.secret
    type_in(qtbot, "right")
    assert clinic.pin == DIGITS


def test_that_a_removal_that_is_not_saved_says_so(open_form: Open, clinic: FakeClinic) -> None:
    clinic.pin, clinic.fail_with = DIGITS, UserError("Not saved. The disk is full.", "Free some space.")
    form = open_form("pin")
    form.findChild(QPushButton, "pin_remove").click()
    assert form.problem_text().startswith("Not saved.") and clinic.pin == DIGITS and form.isVisible()


def test_that_nothing_that_is_typed_can_be_read_on_the_screen(qtbot: QtBot, open_form: Open, clinic: FakeClinic) -> None:
    fields = [*open_form("pin").findChildren(QLineEdit), *a_sign_off(qtbot, clinic).findChildren(QLineEdit)]
    assert len(fields) == 4 and {field.echoMode() for field in fields} == {QLineEdit.EchoMode.Password}


# the sign-off
def test_that_without_a_pin_the_passphrase_is_asked_for(qtbot: QtBot, clinic: FakeClinic) -> None:
    sign = a_sign_off(qtbot, clinic)
    assert sign.asked.text() == sign.secret.accessibleName() == "Passphrase"
    assert not sign.off.isVisible()
    with qtbot.waitSignal(sign.signed) as told:
        type_in(qtbot, "right")
    assert told.args == [SignedBy.PASSPHRASE]


def test_that_with_a_pin_either_is_asked_for_and_the_pin_signs(qtbot: QtBot, clinic: FakeClinic) -> None:
    clinic.pin = DIGITS
    sign = a_sign_off(qtbot, clinic)
    assert sign.asked.text() == sign.secret.accessibleName() == "PIN or passphrase"
    with qtbot.waitSignal(sign.signed) as told:
        type_in(qtbot, DIGITS)
    assert told.args == [SignedBy.PIN] and not sign.isVisible()


def test_that_each_wrong_try_says_how_many_are_left_and_the_third_asks_for_the_passphrase(qtbot: QtBot, clinic: FakeClinic) -> None:
    clinic.pin = DIGITS
    sign, signed = a_sign_off(qtbot, clinic), []
    sign.signed.connect(signed.append)
    told = []
    for _ in range(3):
        type_in(qtbot, "402918")
        told.append(sign.problem_text())
        assert sign.secret.text() == ""
    assert told == [
        "The PIN is wrong. 2 tries are left; then only your passphrase counts.",
        "The PIN is wrong. 1 try is left; then only your passphrase counts.",
        "The PIN is wrong, for the third time.",
    ]
    assert sign.asked.text() == sign.secret.accessibleName() == "Passphrase" and sign.off.isVisible()
    type_in(qtbot, DIGITS)
    assert sign.problem_text().startswith("The passphrase is wrong.") and signed == []
    type_in(qtbot, "right")
    assert signed == [SignedBy.PASSPHRASE]


def test_that_taking_over_passes_on_by_what_it_was_signed_and_giving_is_not_signed(qtbot: QtBot, clinic: FakeClinic) -> None:
    clinic.pin = DIGITS
    desk = HandoverDesk(clinic, Theme(), ChangeNotifier())
    qtbot.addWidget(desk)
    desk.show()
    desk.activate()
    desk.findChild(QPushButton, "tick_nobodys").click()
    desk.findChild(QPushButton, "handover_take").click()
    shown(qtbot, desk.findChild(SignOff))
    type_in(qtbot, DIGITS)
    desk.findChild(QPushButton, "tick_mine").click()
    desk.findChild(QPushButton, "handover_give").click()
    assert clinic.signed == [SignedBy.PIN, None]


# on a real store
def test_that_a_pin_set_in_the_form_signs_a_hand_over_and_the_trail_says_so(
    qtbot: QtBot, store: tuple[SessionClinic, str], open_form: Open
) -> None:
    clinic, patient = store
    shown(qtbot, open_form("pin", on=clinic))
    type_in(qtbot, PASSPHRASE, DIGITS, DIGITS)
    assert clinic.pin_state().signs
    desk = HandoverDesk(clinic, Theme(), ChangeNotifier())
    qtbot.addWidget(desk)
    desk.show()
    desk.activate()
    desk.findChild(QPushButton, "tick_nobodys").click()
    desk.findChild(QPushButton, "handover_take").click()
    sign = shown(qtbot, desk.findChild(SignOff))
    type_in(qtbot, "402918")
    assert "2 tries are left" in sign.problem_text()
    type_in(qtbot, DIGITS)
    assert {alert.owner for alert in clinic.alerts_of(patient)} == {clinic.user}
    trail = audit_trail(clinic.session)
    assert trail.verified and [e.what for e in trail.entries if "PIN" in e.what] == ["PIN set", "wrong PIN", "hand-over signed by PIN"]
    assert clinic.remove_pin().changes.settings and clinic.pin_state() == PinState()


# in other languages
EVENTS = ("PIN set", "PIN changed", "PIN removed", "wrong PIN", "PIN off after 3 wrong tries", "PIN counts again")


@pytest.mark.parametrize("what", [*EVENTS, *(f"hand-over signed by {by}" for by in SignedBy)])
def test_that_each_entry_of_the_trail_is_told_in_the_windows_language(qapp: QApplication, what: str) -> None:
    wardrobe = Wardrobe(application=qapp, resources=resources_folder())
    assert what_text(what).casefold() == what.casefold()
    wardrobe.speak(WindowSettings(language="de"))
    try:
        assert what_text(what).casefold() != what.casefold()
    finally:
        wardrobe.speak(WindowSettings())


@pytest.mark.parametrize(
    ("language", "asked", "wrong"),
    [("de", "PIN oder Passphrase", "Noch 2 Versuche"), ("tr", "PIN veya parola", "2 deneme kaldı")],
)
def test_that_the_sign_off_speaks_the_windows_language(
    qtbot: QtBot, qapp: QApplication, clinic: FakeClinic, open_form: Open, language: str, asked: str, wrong: str
) -> None:
    clinic.pin = DIGITS
    wardrobe = Wardrobe(application=qapp, resources=resources_folder())
    wardrobe.speak(WindowSettings(language=language))
    try:
        sign, form = a_sign_off(qtbot, clinic), open_form("pin")
        assert isinstance(form, PinForm) and form.state.text() not in ("", "Your PIN is on.")
        shown(qtbot, sign)
        sign.secret.setFocus()
        sign.secret.setText("402918")
        sign.findChild(QPushButton, "sign").click()
        assert (sign.asked.text(), wrong in sign.problem_text()) == (asked, True)
    finally:
        wardrobe.speak(WindowSettings())
