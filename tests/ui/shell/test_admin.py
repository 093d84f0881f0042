"""Administration on a real store: backup, people, protocol with second signature, regimens, codes, audit, appearance."""

from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from neutromon.models.tables import Layout, TableMapping
from neutromon.rules.book_parts import RegimenDrug
from neutromon.services.clinic_rules import current_protocol, protocols
from neutromon.services.import_rules import trusted_senders
from neutromon.services.importing import import_files
from neutromon.services.importing.codes import code_rules
from neutromon.services.importing.profiles import save_profile
from neutromon.services.patients import add_patient
from neutromon.services.people import add_person, change_own_passphrase, has_first_passphrase, people
from neutromon.services.pins import pin_state, set_pin
from neutromon.services.practice.lab_files import write_lab_files
from neutromon.services.roles import Role, role_of
from neutromon.services.session import Session
from neutromon.services.sign_in import check_passphrase
from neutromon.services.store_admin import audit_trail, close_session, open_session, users
from neutromon.storage.audit import AuditEntry
from neutromon.storage.keys import recovery_sheet
from neutromon.ui.admin.appearance import AppearancePanel
from neutromon.ui.admin.audit import AuditPanel, when_text
from neutromon.ui.admin.audit_words import what_text
from neutromon.ui.admin.backup import BackupPanel
from neutromon.ui.admin.codes import CodeDialog, CodePanel
from neutromon.ui.admin.import_rules import ImportRulesPanel, ProfileDialog, ReasonDialog
from neutromon.ui.admin.page import AdministrationPage
from neutromon.ui.admin.panel import Panel
from neutromon.ui.admin.people import PeoplePanel
from neutromon.ui.admin.people_dialogs import AddDialog, KeyDialog, OwnDialog, RetireDialog, RoleDialog
from neutromon.ui.admin.proposal import ProposalDialog, TierDialog
from neutromon.ui.admin.protocol import ProtocolPanel, SignDialog
from neutromon.ui.admin.regimens import RegimenDialog, RegimenPanel
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.desk import Desk, ask_for_own_passphrase
from neutromon.ui.fields.regimen_picker import line_text, regimen_facts
from neutromon.ui.main_window import MainWindow
from neutromon.ui.pin import PinForm
from tests.builders import NOW, a_patient
from tests.stores import PASSPHRASE, USER, Clock, make_store, open_at
from tests.ui.shell.conftest import make_window

PanelKind = TypeVar("PanelKind", bound=Panel)
COLLEAGUE, SECRET, OWN_SECRET = "Second Nurse", "another synthetic passphrase", "a passphrase of her own"


@pytest.fixture
def store(tmp_path: Path, quick_keys: None) -> Path:
    return make_store(tmp_path)


@pytest.fixture
def own(store: Path) -> Iterator[Session]:
    session = open_at(store)
    yield session
    close_session(session)


@pytest.fixture
def own_window(qtbot: QtBot, undressed: QApplication, own: Session) -> MainWindow:
    window = make_window(qtbot, undressed, SessionClinic(own), desk=Desk(own, open_file=lambda path: None))
    qtbot.waitUntil(lambda: not window.tasks.running(), timeout=20_000)  # what begins with the day has the store open
    return window


def panel(window: MainWindow, kind: type[PanelKind]) -> PanelKind:
    """Go to a panel of administration."""
    window.show_desk("administration")
    page = window.pages.page("administration")
    assert isinstance(page, AdministrationPage)
    for number in range(page.list.count()):
        page.list.setCurrentRow(number)
        found = page.panel()
        if isinstance(found, kind):
            return found
    raise AssertionError(kind)


def press(root: object, name: str) -> None:
    root.findChild(object, name).click()  # type: ignore[attr-defined]


def test_that_a_backup_is_made_verified_and_shown_in_panel_and_status_bar(own_window: MainWindow, qtbot: QtBot) -> None:
    made = panel(own_window, BackupPanel)
    assert made.state.text().startswith("No backup yet.")
    press(made, "backup_now")
    qtbot.waitUntil(lambda: "Backup made and verified" in own_window.messages.text(), timeout=20_000)
    assert made.state.text().startswith("Backup verified")  # without leaving the page
    assert made.kept.model.rowCount() == 1
    assert "backup verified" in own_window.status.text()


def test_that_who_may_restore_is_said_to_who_may_not(own_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    made = panel(own_window, BackupPanel)
    assert made.restore.isEnabled() and not made.only.isVisibleTo(made)
    monkeypatch.setattr("neutromon.ui.admin.backup.may", lambda *_asked: False)
    made.activate()
    assert not made.restore.isEnabled()
    assert made.only.isVisibleTo(made) and made.only.text() == "An administrator restores."


def test_that_empty_tables_and_dead_buttons_say_why(own_window: MainWindow) -> None:
    codes = panel(own_window, CodePanel)
    assert codes.rules.table.accessibleDescription().startswith("Nothing is decided yet")
    regimens = panel(own_window, RegimenPanel)
    assert regimens.only.text() == "A shipped regimen is not retired; only the clinic's own are."
    regimens.search.setText("no such regimen")
    assert regimens.regimens.table.accessibleDescription().startswith("No regimen matches")
    people = panel(own_window, PeoplePanel)
    assert not people.remove.isEnabled() and people.only.text().startswith("Your own access is below")


def test_that_a_dead_button_of_danger_looks_dead(own_window: MainWindow) -> None:
    made = panel(own_window, RegimenPanel)
    made.search.setText("R-CHOP-21")
    assert not made.retire.isEnabled()
    picture = made.retire.grab().toImage()
    colours = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
    assert not any(one.red() > one.green() + 60 for one in colours)


def test_that_a_check_of_the_store_says_each_result(own_window: MainWindow) -> None:
    made = panel(own_window, BackupPanel)
    press(made, "backup_check")
    assert "✓ Every page of the file is whole" in made.checks.text() and "✓ The audit trail is unbroken" in made.checks.text()


def test_that_a_colleague_is_let_in_and_can_open_the_store(own_window: MainWindow, own: Session, store: Path) -> None:
    made = panel(own_window, PeoplePanel)
    dialog = made.begin_add()
    assert isinstance(dialog, AddDialog) and dialog.name is not None
    dialog.name.setText(COLLEAGUE)
    dialog.secret.setText(SECRET)
    dialog.again.setText("another")
    press(dialog, "secret_save")
    assert "differ" in dialog.problem_text()
    dialog.again.setText(SECRET)
    press(dialog, "secret_save")
    assert users(own) == sorted([USER, COLLEAGUE])
    assert f"{COLLEAGUE} can open the store now." == own_window.messages.text()


def test_that_the_same_name_is_refused(own_window: MainWindow) -> None:
    dialog = panel(own_window, PeoplePanel).begin_add()
    assert isinstance(dialog, AddDialog) and dialog.name is not None
    dialog.name.setText(USER)
    dialog.secret.setText(SECRET)
    dialog.again.setText(SECRET)
    press(dialog, "secret_save")
    assert "already a person" in dialog.problem_text()
    dialog.reject()


def test_that_access_is_taken_away_from_others_only_and_a_new_recovery_key_is_shown_until_it_is_kept(
    own_window: MainWindow, own: Session
) -> None:
    add_person(own, COLLEAGUE, SECRET, Role.NURSE)
    made = panel(own_window, PeoplePanel)
    made.people.table.choose(users(own).index(USER))
    assert not made.remove.isEnabled()
    made.people.table.choose(users(own).index(COLLEAGUE))
    dialog = made.begin_remove()
    assert isinstance(dialog, RetireDialog)
    press(dialog, "people_remove_go")
    assert "reason is needed" in dialog.problem_text()
    dialog.reason.setText("left the hospital")
    press(dialog, "people_remove_go")
    assert users(own) == [USER]
    shown = made.findChild(KeyDialog)
    assert shown.key.toPlainText() == recovery_sheet(own.store.key)
    shown.reject()
    assert shown.isVisible() and "Keep the key first" in shown.problem_text()
    shown.kept.setChecked(True)
    press(shown, "key_done")
    assert [made.people.model.index(row, 1).data() for row in range(2)] == ["Administrator", "left"]


def test_that_ones_own_passphrase_is_changed_by_who_knows_the_present_one(own_window: MainWindow, own: Session) -> None:
    dialog = panel(own_window, PeoplePanel).begin_rekey()
    assert isinstance(dialog, OwnDialog)
    dialog.secret.setText(SECRET)
    dialog.again.setText(SECRET)
    press(dialog, "own_save")
    assert "wrong" in dialog.problem_text()
    dialog.now.setText(PASSPHRASE)
    press(dialog, "own_save")
    check_passphrase(own, SECRET)


def test_that_a_role_is_changed_with_a_reason(own_window: MainWindow, own: Session) -> None:
    add_person(own, COLLEAGUE, SECRET, Role.NURSE)
    made = panel(own_window, PeoplePanel)
    made.people.table.choose(users(own).index(COLLEAGUE))
    dialog = made.begin_role()
    assert isinstance(dialog, RoleDialog)
    dialog.role.setCurrentIndex(dialog.role.findData("senior"))
    dialog.reason.setText("leads the unit")
    press(dialog, "role_save")
    assert role_of(own, COLLEAGUE) is Role.SENIOR


def test_that_an_administrator_sees_who_has_a_pin_and_takes_a_colleagues_away(own_window: MainWindow, own: Session) -> None:
    add_person(own, COLLEAGUE, SECRET, Role.NURSE)
    colleague = Session(store=own.store, user=COLLEAGUE, clock=own.clock, ids=own.ids)
    set_pin(colleague, SECRET, "402917")
    set_pin(own, PASSPHRASE, "739105")
    made = panel(own_window, PeoplePanel)
    notes = {one.name: made._note(one) for one in people(own)}
    assert notes == {COLLEAGUE: "first passphrase · has a PIN", USER: "signed in now · has a PIN"}
    own_row, row = ([one.name for one in people(own)].index(name) for name in (USER, COLLEAGUE))
    made.people.table.choose(own_row)
    assert not made.no_pin.isEnabled()
    made.people.table.choose(row)
    press(made, "people_no_pin")
    assert not pin_state(colleague).is_set and pin_state(own).is_set
    assert "has no PIN any more" in own_window.messages.text()
    made.people.table.choose(row)
    assert not made.no_pin.isEnabled()


def test_that_no_pin_is_taken_away_where_nobody_is_chosen(own_window: MainWindow, own: Session) -> None:
    made = panel(own_window, PeoplePanel)
    made.people.model.set_records([])
    made.remove_pin()
    assert "PIN" not in own_window.messages.text()


def test_that_a_nurse_sees_who_may_let_people_in_and_cannot_herself(
    qtbot: QtBot, undressed: QApplication, store: Path, quick_keys: None
) -> None:
    first = open_at(store)
    add_person(first, COLLEAGUE, SECRET, Role.NURSE)
    close_session(first)
    second = open_session(store, COLLEAGUE, SECRET, clock=Clock())
    window = make_window(qtbot, undressed, SessionClinic(second), desk=Desk(second))
    made = panel(window, PeoplePanel)
    assert not made.add.isEnabled() and not made.renew.isEnabled()
    assert made.only.isVisibleTo(made) and "Only an administrator" in made.only.text()
    window.close()
    close_session(second)


def test_that_who_was_let_in_is_asked_for_a_passphrase_of_her_own_and_may_put_it_off(
    qtbot: QtBot, undressed: QApplication, store: Path, quick_keys: None
) -> None:
    first = open_at(store)
    add_person(first, COLLEAGUE, SECRET, Role.NURSE)
    close_session(first)
    second = open_session(store, COLLEAGUE, SECRET, clock=Clock())
    window = make_window(qtbot, undressed, SessionClinic(second), desk=Desk(second))
    assert [dialog.objectName() for dialog in window.forms.dialogs()] == ["first_steps"]  # the clinic is empty
    ask_for_own_passphrase(window, second)
    assert [dialog.objectName() for dialog in window.forms.dialogs()] == ["own_secret_dialog"]  # one question at a time
    window.findChild(OwnDialog).reject()
    assert has_first_passphrase(second)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    ask_for_own_passphrase(window, second)
    dialog = window.findChild(OwnDialog)
    dialog.now.setText(SECRET)
    dialog.secret.setText("a passphrase of her own")
    dialog.again.setText("a passphrase of her own")
    press(dialog, "own_save")
    assert not has_first_passphrase(second)
    assert window.messages.text() == "Your passphrase is changed."
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    ask_for_own_passphrase(window, second)
    assert window.findChild(OwnDialog) is None
    window.close()
    close_session(second)


def test_that_the_key_is_not_changed_while_work_has_the_store_open(qtbot: QtBot, undressed: QApplication, own: Session) -> None:
    made = PeoplePanel(own, lambda: True)
    qtbot.addWidget(made)
    made.activate()
    dialog = made.begin_renew()
    dialog.findChild(object, "renew_secret").setText(PASSPHRASE)
    press(dialog, "renew_go")
    assert "has the store open" in dialog.problem_text()
    dialog.reject()


def propose(window: MainWindow, hours: str) -> ProtocolPanel:
    made = panel(window, ProtocolPanel)
    dialog = made.begin_proposal()
    assert isinstance(dialog, ProposalDialog)
    dialog.validity.setText(hours)
    press(dialog, "proposal_save")
    return made


def test_that_a_proposal_shows_its_difference_and_its_author_cannot_sign_it(own_window: MainWindow, own: Session) -> None:
    made = propose(own_window, "48")
    assert [one.count_validity_hours for one in protocols(own)] == [48]
    assert ("count_validity_hours", "72", "48") in made.changes.model.records()
    assert not made.sign.isEnabled() and made.only.text().startswith("The author cannot sign it")
    assert current_protocol(own).version == "default"


def test_that_the_author_withdraws_a_proposal_that_nobody_has_signed(own_window: MainWindow, own: Session) -> None:
    made = propose(own_window, "48")
    assert made.withdraw.isEnabled()
    dialog = made.begin_withdraw()
    assert isinstance(dialog, ReasonDialog)
    dialog.reason.setText("typed wrongly")
    dialog.given.emit("typed wrongly")
    assert protocols(own) == []
    assert not made.withdraw.isEnabled() and made.begin_withdraw() is None


@pytest.mark.parametrize(("typed", "later"), [("t", 0), ("+3", 3)])
def test_that_the_effective_date_is_typed_as_everywhere(own_window: MainWindow, own: Session, typed: str, later: int) -> None:
    dialog = panel(own_window, ProtocolPanel).begin_proposal()
    assert isinstance(dialog, ProposalDialog)
    dialog.validity.setText("48")
    dialog.start.setText(typed)
    press(dialog, "proposal_save")
    assert [one.effective_from for one in protocols(own)] == [own.clock().date() + timedelta(days=later)]


@pytest.mark.parametrize(("hours", "day", "says"), [("999999", "t", "744 hours"), ("48", "1800-01-01", "in the past"), ("48", "?", "read")])
def test_that_a_nonsensical_proposal_stays_open_and_says_why(own_window: MainWindow, own: Session, hours: str, day: str, says: str) -> None:
    dialog = panel(own_window, ProtocolPanel).begin_proposal()
    assert isinstance(dialog, ProposalDialog)
    dialog.validity.setText(hours)
    dialog.start.setText(day)
    press(dialog, "proposal_save")
    assert says in dialog.problem_text() and protocols(own) == []
    dialog.reject()


def test_that_a_proposal_that_cannot_be_read_says_so(own_window: MainWindow) -> None:
    dialog = panel(own_window, ProtocolPanel).begin_proposal()
    assert isinstance(dialog, ProposalDialog)
    dialog.validity.setText("three days")
    press(dialog, "proposal_save")
    assert "cannot be read" in dialog.problem_text()
    dialog.reject()


def test_that_a_tier_is_changed_with_a_reason_and_stands_in_the_difference(own_window: MainWindow, own: Session) -> None:
    made = panel(own_window, ProtocolPanel)
    dialog = made.begin_proposal()
    assert isinstance(dialog, ProposalDialog)
    press(dialog, "proposal_save")
    assert "changes nothing" in dialog.problem_text()
    rules = [one.rule for one in dialog.findings.records()]
    dialog.table.choose(rules.index("anc.grade3"))
    asked = dialog.begin_tier()
    assert isinstance(asked, TierDialog)
    asked.tier.setCurrentIndex(asked.tier.findData(2))
    press(asked, "tier_save")
    assert "reason is missing" in asked.problem_text()
    asked.reason.setText("we call everyone")
    press(asked, "tier_save")
    assert dialog.findings.index(rules.index("anc.grade3"), 2).data() == "→ Urgent"
    press(dialog, "proposal_save")
    (stored,) = protocols(own)
    assert (stored.tiers, stored.tier_reasons) == ({"anc.grade3": 2}, {"anc.grade3": "we call everyone"})
    shown = [[made.changes.model.index(row, at).data() for at in range(3)] for row in range(made.changes.model.rowCount())]
    assert ["Tier of \u2068anc.grade3\u2069", "Advisory", "Urgent (we call everyone)"] in shown


def test_that_an_emergency_offers_no_other_tier(own_window: MainWindow) -> None:
    dialog = panel(own_window, ProtocolPanel).begin_proposal()
    assert isinstance(dialog, ProposalDialog)
    dialog.table.choose([one.rule for one in dialog.findings.records()].index("fn.confirmed"))
    asked = dialog.begin_tier()
    assert asked is not None and [asked.tier.itemText(n) for n in range(asked.tier.count())] == ["Emergency"]
    asked.reject()
    dialog.reject()


def test_that_a_second_person_signs_with_her_passphrase_and_it_takes_effect(
    qtbot: QtBot, undressed: QApplication, store: Path, quick_keys: None
) -> None:
    first = open_at(store)
    add_person(first, COLLEAGUE, SECRET, Role.SENIOR)
    window = make_window(qtbot, undressed, SessionClinic(first), desk=Desk(first))
    propose(window, "48")
    window.close()
    close_session(first)
    second = open_session(store, COLLEAGUE, SECRET, clock=Clock())
    window = make_window(qtbot, undressed, SessionClinic(second), desk=Desk(second))
    made = panel(window, ProtocolPanel)
    assert not made.sign.isEnabled() and "own passphrase first" in made.only.text()
    change_own_passphrase(second, SECRET, OWN_SECRET)
    made.activate()
    assert made.sign.isEnabled()
    dialog = made.begin_sign()
    assert isinstance(dialog, SignDialog)
    assert "A count is valid for: 72 hours → 48 hours" in dialog.changes
    dialog.secret.setText("a wrong passphrase")
    press(dialog, "sign_go")
    assert "wrong" in dialog.problem_text()
    dialog.secret.setText(OWN_SECRET)
    press(dialog, "sign_go")
    assert current_protocol(second).count_validity_hours == 48
    window.close()
    close_session(second)


def test_that_a_regimen_is_found_copied_and_stored_as_the_clinics_own(own_window: MainWindow, own: Session) -> None:
    made = panel(own_window, RegimenPanel)
    made.search.setText("R-CHOP-21")
    made.search.setFocus()
    QTest.keyClick(made.search, Qt.Key.Key_Return)
    assert own_window.focusWidget() is made.regimens.table
    dialog = made.begin()
    assert isinstance(dialog, RegimenDialog)
    dialog.days.setText("every three weeks")
    press(dialog, "regimen_save")
    assert "cannot be read" in dialog.problem_text()
    dialog.days.setText("28")
    press(dialog, "regimen_save")
    stored = own.rules.regimen("R-CHOP-21-own")
    assert stored is not None and (stored.cycle_days, stored.author) == (28, USER)
    made.search.setText("R-CHOP-21-own")
    assert made.regimens.model.rowCount() == 1


def test_that_the_drugs_of_a_regimen_are_shown_and_edited_line_by_line(own_window: MainWindow, own: Session) -> None:
    made = panel(own_window, RegimenPanel)
    made.search.setText("docetaxel-prednisone")
    assert "prednisone: dose not stated" in made.drugs.text()
    dialog = made.begin()
    assert isinstance(dialog, RegimenDialog)
    dose = dialog.findChild(QLineEdit, "drug2_1")
    unit = dialog.findChild(QLineEdit, "drug2_2")
    assert dose is not None and unit is not None
    unit.setText("mg")
    press(dialog, "regimen_save")
    assert "prednisone has no dose" in dialog.problem_text()
    dose.setText("10")
    dialog.drugs.setText("")
    dialog.findChild(QLineEdit, "drug2_2").setText("parsec")
    press(dialog, "regimen_save")
    assert "parsec" in dialog.problem_text() and "mg/m2" in dialog.problem_text()
    dialog.findChild(QLineEdit, "drug2_2").setText("mg")
    press(dialog, "regimen_save")
    stored = own.rules.regimen("docetaxel-prednisone-own")
    assert stored is not None and [one.dose for one in stored.components] == ["75", "10"]
    assert stored.drugs == "docetaxel 75 mg/m2 IV d1, prednisone 10 mg"


def test_that_an_own_regimen_is_told_from_its_parent_and_marks_what_it_took_over(own_window: MainWindow, own: Session) -> None:
    made = panel(own_window, RegimenPanel)
    made.search.setText("AC")
    parent = own.rules.regimen("AC")
    dialog = made.begin()
    assert isinstance(dialog, RegimenDialog) and parent is not None
    dialog.id.setText("ac")
    press(dialog, "regimen_save")
    assert "already a regimen" in dialog.problem_text()
    dialog.id.setText("ACX")
    dialog.name.setText("AC")
    press(dialog, "regimen_save")
    assert "same name" in dialog.problem_text()
    dialog.name.setText("AC with vincristine")
    dialog.components.add_line(RegimenDrug(drug="vincristine", dose="1.4", unit="mg/m2", route="IV", days="1"))
    made.search.setText("nothing matches this")
    press(dialog, "regimen_save")
    stored = own.rules.regimen("ACX")
    assert stored is not None and stored.based_on == "AC" and "vincristine 1.4 mg/m2" in stored.drugs
    assert stored.doses == f"{parent.doses} (carried over from AC, not verified)"
    assert all(text.endswith("(carried over from AC, not verified)") for text in stored.category_texts.values())
    chosen = made.regimens.table.current()
    assert chosen is not None and chosen.id == "ACX"
    assert made.drugs.text().startswith("own, based on \u2068AC\u2069, not signed off")
    assert line_text(stored).startswith("ACX – AC with vincristine (own, based on")
    assert "(own, based on" in regimen_facts(stored) and "own" not in line_text(parent)


def test_that_a_code_is_decided_and_revoked_with_a_reason(own_window: MainWindow, own: Session) -> None:
    made = panel(own_window, CodePanel)
    dialog = made.begin()
    assert isinstance(dialog, CodeDialog)
    press(dialog, "code_save")
    assert "needs a sender" in dialog.problem_text()
    dialog.sender_name.setText("LAB|NORTH")
    dialog.code.setText("NEUTRO")
    dialog.analyte.setCurrentText("ANC")
    press(dialog, "code_save")
    assert [(rule.sender, rule.analyte) for rule in code_rules(own)] == [("LAB|NORTH", "ANC")]
    again = made.begin_revoke()
    press(again, "code_revoke_go")
    assert again is not None and again.problem_text()
    again.findChild(object, "code_reason").setText("another analyser now")
    press(again, "code_revoke_go")
    assert code_rules(own) == []


def test_that_the_audit_trail_is_verified_when_it_is_shown(own_window: MainWindow) -> None:
    made = panel(own_window, AuditPanel)
    assert made.state.text().startswith("✓ The chain holds")
    assert "signed in" in [entry.what for entry in made.entries.model.records()]


def test_that_the_audit_trail_speaks_plainly_and_names_the_patient_by_number(own_window: MainWindow, own: Session) -> None:
    patient = add_patient(own, a_patient()).value
    made = panel(own_window, AuditPanel)
    newest = made.entries.model.records()[0]
    assert (newest.what, what_text(newest.what)) == ("patient added", "Patient data: recorded")
    assert patient in newest.detail and made._patient(newest) == "T-0001"
    assert when_text(newest).startswith(f"{NOW.day} Mar 2026 ")
    assert what_text("held resolved: confirm") == "Waiting result: values decided"
    assert what_text("alert re_raised") == "Alert: raised again"
    assert what_text("code_rule added") == "What a laboratory's code means: decided"
    assert what_text("person now senior") == "Person: role is now Senior nurse"
    assert what_text("sample moved from 0196") == "Count: moved from another patient"
    assert what_text("hand-over signed by PIN") == "Hand-over signed by PIN"
    assert what_text("something_new happened") == "Something new happened"


def test_that_ones_own_pin_is_set_from_ones_own_access(own_window: MainWindow) -> None:
    made = panel(own_window, PeoplePanel)
    press(made, "people_pin")
    form = own_window.findChild(PinForm)
    assert form is not None and form.isVisible()
    form.reject()


def test_that_the_audit_trail_names_the_person_whose_role_it_is(own_window: MainWindow, own: Session) -> None:
    add_person(own, COLLEAGUE, SECRET, Role.NURSE)
    made = panel(own_window, AuditPanel)
    assert made.entries.model.index(0, 3).data() == f"Person: role is now Nurse – \u2068{COLLEAGUE}\u2069"


def test_that_every_entry_of_a_clinics_day_is_told_in_words(practice_window: MainWindow, practice: Session, tmp_path: Path) -> None:
    import_files(practice, write_lab_files(tmp_path / "laboratory", NOW))
    made = panel(practice_window, AuditPanel)
    told = {what_text(entry.what) for entry in audit_trail(practice).entries}
    assert not [text for text in told if "_" in text]
    assert "Result came in and waits for a decision" in told and "Count: recorded" in told
    waiting = next(entry for entry in made.entries.model.records() if entry.what == "held added")
    assert made._patient(waiting).startswith(("\u2068PC-", "PC-"))


def test_that_the_time_of_an_entry_is_the_clinics_own() -> None:
    entry = AuditEntry(seq=1, station="", at="2026-03-12T23:30:00+00:00", who="N", what="signed in", detail="{}", prev="", hash="")
    assert when_text(entry, timezone(timedelta(hours=1))) == "13 Mar 2026 00:30:00"


def test_that_looks_are_changed_at_once(own_window: MainWindow) -> None:
    made = panel(own_window, AppearancePanel)
    made.scale.setCurrentIndex(made.scale.findData(1.3))
    made.scale.activated.emit(made.scale.currentIndex())
    assert own_window.settings.scale == 1.3
    assert own_window.theme.scale == 1.3


def test_that_profiles_are_listed_looked_at_and_retired_with_a_reason(own_window: MainWindow, own: Session) -> None:
    mapping = TableMapping(
        name="ward list", header=("Nr", "Leukos", "note"), layout=Layout.WIDE, roles={"patient": 0}, analytes={"1": "WBC"}
    )
    save_profile(own, mapping)
    made = panel(own_window, ImportRulesPanel)
    assert made.profiles.model.index(0, 0).data() == "\u2068ward list\u2069"
    assert USER in made.profiles.model.index(0, 3).data()
    shown = made.begin_view()
    assert isinstance(shown, ProfileDialog)
    assert [line[1] for line in shown.columns.records()] == ["patient number", "WBC", "as it looks"]
    shown.reject()
    asked = made.begin_retire()
    press(asked, "rule_go")
    assert asked is not None and "reason is needed" in asked.problem_text()
    asked.findChild(object, "rule_reason").setText("another layout now")
    press(asked, "rule_go")
    assert made.profiles.model.rowCount() == 0 and not made.retire.isEnabled()


def test_that_a_sender_is_trusted_and_trusted_no_longer_with_reasons(own_window: MainWindow, own: Session) -> None:
    made = panel(own_window, ImportRulesPanel)
    dialog = made.begin_trust()
    dialog.findChild(object, "rule_sender").setText("LAB|NORTH")
    dialog.findChild(object, "rule_reason").setText("its analyser cannot send birth dates")
    press(dialog, "rule_go")
    assert [one.sender for one in trusted_senders(own)] == ["LAB|NORTH"]
    asked = made.begin_stop()
    assert asked is not None
    asked.findChild(object, "rule_reason").setText("it can now")
    press(asked, "rule_go")
    assert trusted_senders(own) == []


def test_that_risk_recovery_and_date_of_an_own_regimen_are_edited_and_it_is_retired_with_a_reason(
    own_window: MainWindow, own: Session
) -> None:
    made = panel(own_window, RegimenPanel)
    made.search.setText("R-CHOP-21")
    assert not made.retire.isEnabled()
    dialog = made.begin()
    assert isinstance(dialog, RegimenDialog)
    dialog.recovery.setText("20")
    dialog.categories["nccn"].setCurrentIndex(dialog.categories["nccn"].findData("low"))
    dialog.start.setText("soon")
    press(dialog, "regimen_save")
    assert "effective date" in dialog.problem_text()
    dialog.start.setText("2026-03-01")
    press(dialog, "regimen_save")
    stored = own.rules.regimen("R-CHOP-21-own")
    assert stored is not None
    assert (stored.recovery_day, stored.categories["nccn"], stored.category_texts["nccn"]) == (20, "low", "the clinic's own")
    assert stored.effective_from == "2026-03-01"
    made.search.setText("R-CHOP-21-own")
    asked = made.begin_retire()
    assert asked is not None
    press(asked, "rule_go")
    assert "reason is needed" in asked.problem_text()
    asked.findChild(object, "rule_reason").setText("the library is right")
    press(asked, "rule_go")
    assert own.rules.regimen("R-CHOP-21-own") is None
