"""The inbox: what is seen without a click, two keys or two clicks for an answer, filters, what an empty list means."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from neutromon.models.alerts import AlertState
from neutromon.models.care import Pathway
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.ui.alerts.delegate import with_pathway
from neutromon.ui.alerts.inbox import AlertInbox
from neutromon.ui.alerts.words import FORM_OF, action_words, first_line, form_word
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.saved import Saved
from neutromon.ui.theme import DARK, LIGHT, Theme
from tests.ui.fake_clinic import FakeClinic


@pytest.fixture
def inbox(qtbot: QtBot, clinic: FakeClinic) -> AlertInbox:
    """Return the inbox as a nurse finds it."""
    return shown(qtbot, clinic)


def shown(qtbot: QtBot, clinic: Any) -> AlertInbox:
    notifier = ChangeNotifier()
    page = AlertInbox(clinic, Theme(), notifier)
    page.stored.connect(lambda saved: notifier.announce(saved.changes))
    qtbot.addWidget(page)
    page.resize(1086, 640)
    page.show()
    page.activate()
    return page


def told(page: AlertInbox) -> list[Any]:
    asked: list[Any] = []
    page.form_requested.connect(lambda *parts: asked.append(parts))
    page.patient_requested.connect(asked.append)
    page.stored.connect(asked.append)
    return asked


def press(qtbot: QtBot, page: AlertInbox, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(page.list, key)


def test_that_the_worst_alert_stands_first_and_is_chosen(inbox: AlertInbox) -> None:
    tiers = [row.alert.tier for row in inbox.model.alerts()]
    assert tiers == sorted(tiers)
    current = inbox.list.current()
    assert current is not None and current.alert.tier is Tier.EMERGENCY


def test_that_a_row_says_tier_what_number_unit_time_owner_and_due(inbox: AlertInbox) -> None:
    line = inbox.model.data(inbox.model.index(0))
    for part in ("Emergency", "Sample, Febrilia", "T-0002", "C2 D11", "Fever 38.6 °C", "×10⁹/L", "00:23", "No owner", "answer now"):
        assert part in line


def test_that_every_action_stands_beside_the_list_with_its_digit(inbox: AlertInbox) -> None:
    texts = [made.text() for made in inbox.detail.findChildren(QPushButton) if made.objectName().startswith("action_")]
    assert [text[0] for text in texts] == [str(n) for n in range(1, len(action_words()) + 1)]


def test_that_a_and_a_digit_answer_the_chosen_alert(qtbot: QtBot, inbox: AlertInbox, clinic: FakeClinic) -> None:
    asked = told(inbox)
    first = inbox.list.current()
    assert first is not None
    press(qtbot, inbox, Qt.Key.Key_A, Qt.Key.Key_2)
    (saved,) = asked
    assert isinstance(saved, Saved) and saved.title == "Acknowledged: Sent to assessment unit"
    answered = clinic.alerts[first.alert.id]
    assert answered.state is AlertState.ACKNOWLEDGED
    assert answered.acknowledgement is not None and answered.acknowledgement.action == "sent_to_assessment"
    assert answered.acknowledgement.due is not None


def test_that_two_clicks_answer_an_alert(qtbot: QtBot, inbox: AlertInbox, clinic: FakeClinic) -> None:
    row = next(n for n, found in enumerate(inbox.model.alerts()) if found.alert.tier is Tier.URGENT)
    place = inbox.list.visualRect(inbox.model.index(row)).center()
    qtbot.mouseClick(inbox.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    chosen = inbox.list.current()
    assert chosen is not None
    qtbot.mouseClick(inbox.detail.findChild(QPushButton, "action_called_patient"), Qt.MouseButton.LeftButton)
    assert clinic.alerts[chosen.alert.id].state is AlertState.ACKNOWLEDGED


def test_that_an_advisory_answer_has_no_due_time_of_its_own(qtbot: QtBot, inbox: AlertInbox, clinic: FakeClinic) -> None:
    alert = next(row.alert for row in inbox.model.alerts() if row.alert.tier is Tier.ADVISORY)
    inbox.list.choose(alert.id)
    press(qtbot, inbox, Qt.Key.Key_A, Qt.Key.Key_6)
    answer = clinic.alerts[alert.id].acknowledgement
    assert answer is not None and answer.due is None


def test_that_an_action_that_needs_more_opens_the_form_with_it_chosen(qtbot: QtBot, inbox: AlertInbox) -> None:
    asked = told(inbox)
    first = inbox.list.current()
    assert first is not None
    press(qtbot, inbox, Qt.Key.Key_A, Qt.Key.Key_3)
    assert asked == [("acknowledge", first.alert.patient_id, f"{first.alert.id}#informed")]


@pytest.mark.parametrize(("key", "name"), [(Qt.Key.Key_S, "snooze"), (Qt.Key.Key_R, "resolve"), (Qt.Key.Key_O, "owner")])
def test_that_letters_open_the_other_forms(qtbot: QtBot, inbox: AlertInbox, key: Qt.Key, name: str) -> None:
    asked = told(inbox)
    press(qtbot, inbox, key)
    assert asked[0][0] == name


def test_that_enter_opens_the_patient(qtbot: QtBot, inbox: AlertInbox) -> None:
    asked = told(inbox)
    press(qtbot, inbox, Qt.Key.Key_Return)
    assert asked == ["p2"]


@pytest.mark.parametrize("keys", [(Qt.Key.Key_2,), (Qt.Key.Key_A, Qt.Key.Key_Escape, Qt.Key.Key_2), (Qt.Key.Key_A, Qt.Key.Key_0)])
def test_that_a_digit_alone_answers_nothing(qtbot: QtBot, inbox: AlertInbox, clinic: FakeClinic, keys: tuple[Qt.Key, ...]) -> None:
    press(qtbot, inbox, *keys)
    assert "acknowledge_alert" not in [name for name, _ in clinic.calls]


def test_that_moving_on_takes_the_waiting_for_a_digit_away(qtbot: QtBot, inbox: AlertInbox, clinic: FakeClinic) -> None:
    press(qtbot, inbox, Qt.Key.Key_A, Qt.Key.Key_Down, Qt.Key.Key_1)
    assert "acknowledge_alert" not in [name for name, _ in clinic.calls]


def test_that_looking_at_an_alert_by_key_is_written_down_once(qtbot: QtBot, inbox: AlertInbox, clinic: FakeClinic) -> None:
    press(qtbot, inbox, Qt.Key.Key_Down)
    current = inbox.list.current()
    assert current is not None
    assert [call for call in clinic.calls if call[0] == "mark_seen"] == [("mark_seen", (current.alert.id, None))]
    assert current.alert.state is AlertState.SEEN


def test_that_reading_the_list_again_writes_nothing(inbox: AlertInbox, clinic: FakeClinic) -> None:
    inbox.activate()
    inbox.show_alert(next(iter(clinic.alerts)))
    assert "mark_seen" not in [name for name, _ in clinic.calls]


def test_that_an_emergency_offers_no_pause_and_an_unanswered_one_no_end(inbox: AlertInbox) -> None:
    assert not inbox.detail.findChild(QPushButton, "alert_snooze").isEnabled()
    assert not inbox.detail.findChild(QPushButton, "alert_resolve").isEnabled()
    assert inbox.detail.findChild(QPushButton, "alert_owner").isEnabled()


def test_that_a_refused_answer_says_why_and_leaves_the_alert(qtbot: QtBot, inbox: AlertInbox, clinic: FakeClinic) -> None:
    clinic.fail_with = UserError("The disk is full.", "Free some room.")
    press(qtbot, inbox, Qt.Key.Key_A, Qt.Key.Key_1)
    assert inbox.findChild(object, "inbox_problem").text() == "The disk is full. Free some room."


def test_that_a_look_that_cannot_be_written_down_says_why(qtbot: QtBot, inbox: AlertInbox, clinic: FakeClinic) -> None:
    clinic.fail_with = UserError("The disk is full.")
    press(qtbot, inbox, Qt.Key.Key_Down)
    assert "disk is full" in inbox.findChild(object, "inbox_problem").text()


def test_that_the_list_is_cut_to_a_tier_and_to_an_owner(qtbot: QtBot, inbox: AlertInbox, clinic: FakeClinic) -> None:
    inbox.findChild(QPushButton, "tier_urgent").click()
    assert {row.alert.tier for row in inbox.model.alerts()} == {Tier.URGENT}
    inbox.owner.setCurrentIndex(inbox.owner.findText("Mine"))
    inbox.owner.activated.emit(inbox.owner.currentIndex())
    assert inbox.model.alerts() == []
    assert inbox.empty.texts()[0] == "No alert matches"


def test_that_the_inbox_is_filtered_by_what_a_row_says_and_esc_takes_it_away(qtbot: QtBot, inbox: AlertInbox) -> None:
    every = len(inbox.model.alerts())
    qtbot.keyClicks(inbox.filter, "emergency febrilia")
    assert {row.alert.patient_id for row in inbox.model.alerts()} == {"p2"}
    assert {row.alert.tier for row in inbox.model.alerts()} == {Tier.EMERGENCY}
    qtbot.keyClick(inbox.filter, Qt.Key.Key_Down)
    assert inbox.list.hasFocus()
    inbox.filter.setText("nobody says this")
    assert inbox.empty.texts() == ("No alert matches", "Press Esc to take the filter away.")
    inbox.filter.setFocus()
    qtbot.keyClick(inbox.filter, Qt.Key.Key_Escape)
    assert inbox.filter.text() == "" and len(inbox.model.alerts()) == every


def test_that_show_alert_takes_the_filters_away_and_chooses_it(inbox: AlertInbox, clinic: FakeClinic) -> None:
    inbox.findChild(QPushButton, "tier_data").click()
    alert = next(a for a in clinic.alerts.values() if a.tier is Tier.URGENT)
    inbox.show_alert(alert.id)
    current = inbox.list.current()
    assert current is not None and current.alert.id == alert.id


def test_that_an_empty_inbox_teaches_what_comes_here(qtbot: QtBot) -> None:
    page = shown(qtbot, FakeClinic())
    heading, text = page.empty.texts()
    assert heading == "No open alerts" and "after a count, a fever" in text
    assert page.detail.isHidden()
    press(qtbot, page, Qt.Key.Key_A, Qt.Key.Key_1, Qt.Key.Key_S, Qt.Key.Key_Return)
    page.detail.action_requested.emit("called_patient")


def test_that_a_change_elsewhere_is_read_again_only_while_the_page_is_seen(qtbot: QtBot, clinic: FakeClinic) -> None:
    notifier = ChangeNotifier()
    page = AlertInbox(clinic, Theme(), notifier)
    qtbot.addWidget(page)
    notifier.alerts_changed.emit(frozenset({"x"}))
    assert page.model.rowCount() == 0
    page.show()
    notifier.patients_changed.emit(frozenset({"p1"}))
    assert page.model.rowCount() == len([a for a in clinic.alerts.values() if a.is_live])


def test_that_the_chosen_alert_stays_chosen_when_the_list_is_read_again(inbox: AlertInbox) -> None:
    third = inbox.model.alerts()[2].alert.id
    inbox.list.choose(third)
    inbox.activate()
    current = inbox.list.current()
    assert current is not None and current.alert.id == third


def test_that_the_dark_theme_is_taken_over(inbox: AlertInbox) -> None:
    def ground() -> str:
        place = inbox.list.visualRect(inbox.model.index(0)).topRight()
        return inbox.list.viewport().grab().toImage().pixelColor(place.x() - 2, place.y() + 4).name()

    light = ground()
    inbox.set_theme(Theme(palette=DARK))
    assert (light, ground()) == (LIGHT.selection.lower(), DARK.selection.lower())


def test_that_a_real_store_answers_by_two_keys(qtbot: QtBot, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    page = shown(qtbot, clinic)
    urgent = next(row.alert for row in page.model.alerts() if row.alert.tier is Tier.URGENT)
    page.list.choose(urgent.id)
    press(qtbot, page, Qt.Key.Key_A, Qt.Key.Key_1)
    now = next(alert for alert in clinic.alerts_of(patient) if alert.id == urgent.id)
    assert (now.state, now.owner) == (AlertState.ACKNOWLEDGED, clinic.user)


def test_that_markup_in_a_name_is_shown_as_text(qtbot: QtBot, clinic: FakeClinic) -> None:
    from dataclasses import replace

    history = clinic.histories["p2"]
    clinic.add(replace(history, patient=replace(history.patient, family_name="<b>Bold</b>")), "p2")
    page = shown(qtbot, clinic)
    assert "<b>Bold</b>" in page.model.data(page.model.index(0))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("URGENT – ANC 0.4 ×10⁹/L (G4). Severe. Consider a call.", "ANC 0.4 ×10⁹/L (G4)"),
        ("EMERGENCY – fever 38.3 °C", "Fever 38.3 °C"),
        ("no tier word", "No tier word"),
        ("", ""),
    ],
)
def test_that_the_first_line_is_the_first_sentence_without_the_tier(text: str, line: str) -> None:
    assert first_line(text) == line


@pytest.mark.parametrize("rtl", [False, True])
def test_that_a_large_text_on_a_small_screen_puts_a_row_in_lines(qtbot: QtBot, clinic: FakeClinic, rtl: bool) -> None:
    page = AlertInbox(clinic, Theme(scale=2.0), ChangeNotifier())
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    qtbot.addWidget(page)
    page.resize(1086, 640)
    page.show()
    page.activate()
    narrow = page.list.visualRect(page.model.index(0)).height()
    page.resize(2600, 640)
    assert page.list.visualRect(page.model.index(0)).height() < narrow
    assert not page.grab().isNull()


def test_that_what_happened_to_an_alert_is_listed_newest_first(qtbot: QtBot, store: tuple[SessionClinic, str]) -> None:
    clinic, _ = store
    page = shown(qtbot, clinic)
    urgent = next(row.alert for row in page.model.alerts() if row.alert.tier is Tier.URGENT)
    page.list.choose(urgent.id)
    press(qtbot, page, Qt.Key.Key_A, Qt.Key.Key_1)
    page.list.choose(urgent.id)
    lines = page.detail.findChild(object, "alert_past").text().splitlines()
    assert "acknowledged" in lines[0] and "raised" in lines[-1]


@pytest.mark.parametrize(
    ("rule", "form"),
    [
        ("fn.", "pathway"),
        ("triage.", "pathway"),
        ("gcsf.", "gcsf"),
        ("day1.", "decision"),
        ("count.too_old", "decision"),
    ],
)
def test_that_an_alert_leads_to_the_form_in_which_it_is_dealt_with(qtbot: QtBot, inbox: AlertInbox, rule: str, form: str) -> None:
    alert = next(row.alert for row in inbox.model.alerts() if row.alert.rule.startswith(rule))
    asked = told(inbox)
    inbox.list.choose(alert.id)
    inbox.detail.findChild(QPushButton, "alert_deal").click()
    press(qtbot, inbox, Qt.Key.Key_F)
    assert asked == [(form, alert.patient_id, "")] * 2


def test_that_an_alert_without_a_form_of_its_own_offers_none(qtbot: QtBot, inbox: AlertInbox) -> None:
    alert = next(row.alert for row in inbox.model.alerts() if row.alert.rule == "anc.grade4")
    asked = told(inbox)
    inbox.list.choose(alert.id)
    assert inbox.detail.findChild(QPushButton, "alert_deal").isHidden()
    press(qtbot, inbox, Qt.Key.Key_F)
    assert asked == []


def test_that_every_form_an_alert_leads_to_exists() -> None:
    from neutromon.ui.care import forms

    assert {form for _, form in FORM_OF} <= set(forms())
    assert {form_word(form) for _, form in FORM_OF}.isdisjoint({form for _, form in FORM_OF})


def test_that_a_running_pathway_stands_on_each_row_of_its_patient_and_its_clock_goes_on(inbox: AlertInbox, clinic: FakeClinic) -> None:
    row = next(found for found in inbox.model.alerts() if found.alert.patient_id == "p2")
    assert inbox.model.pathway_of(row) == ""
    clinic.pathways["p2"] = Pathway(time_zero=clinic.moment - timedelta(minutes=23), id="p2-pathway")
    inbox.activate()
    row = next(found for found in inbox.model.alerts() if found.alert.patient_id == "p2")
    assert inbox.model.pathway_of(row) == "Pathway 00:23, no antibiotic yet"
    assert "Pathway 00:23" in inbox.model.data(inbox.model.index(inbox.model.row_of(row.alert.id)))
    others = [found for found in inbox.model.alerts() if found.alert.patient_id != "p2"]
    assert {inbox.model.pathway_of(found) for found in others} == {""}
    clinic.moment += timedelta(minutes=7)
    inbox.tick()
    assert inbox.model.pathway_of(row) == "Pathway 00:30, no antibiotic yet"


def test_that_an_answer_by_two_keys_can_be_taken_back(qtbot: QtBot, store: tuple[SessionClinic, str]) -> None:
    clinic, _ = store
    page = shown(qtbot, clinic)
    asked = told(page)
    found = page.list.current()
    assert found is not None
    press(qtbot, page, Qt.Key.Key_A, Qt.Key.Key_1)
    saved = next(one for one in asked if isinstance(one, Saved))
    assert saved.undo is not None
    saved.undo()
    again = next(one for one in clinic.open_alerts() if one.alert.id == found.alert.id)
    assert again.alert.acknowledgement is None and again.alert.owner == found.alert.owner


def test_that_the_clock_of_a_pathway_stands_before_the_sentence_and_leaves_the_name_whole(inbox: AlertInbox) -> None:
    row = inbox.model.alerts()[0]
    assert with_pathway("Pathway 00:23, no antibiotic yet", row) == f"Pathway 00:23, no antibiotic yet · {first_line(row.alert.text)}"
    assert with_pathway("", row) == first_line(row.alert.text)


def test_that_long_words_leave_every_answer_a_place_of_its_own(inbox: AlertInbox, clinic: FakeClinic) -> None:
    found = inbox.list.current()
    assert found is not None
    inbox.resize(1086, 420)
    for words in ("short. ", "EMERGENCY – a made-up sentence that is long. " * 14):
        inbox.detail.show_alert(replace(found, alert=replace(found.alert, text=words)), clinic.now())
        places = [made.geometry() for made in inbox.detail._actions]
        assert not any(one.intersects(other) for n, one in enumerate(places) for other in places[n + 1 :])
        assert inbox.detail._inner.minimumHeight() >= inbox.detail._words.heightForWidth(inbox.detail._words.width()) + 5 * 32
