"""A PIN signs for the person who is signed in and nothing else; three wrong tries and her passphrase is asked for."""

from pathlib import Path

import pytest

from neutromon.models.errors import NotSaved, StoreError, UserError
from neutromon.services.decisions import hand_over
from neutromon.services.people import (
    add_person,
    change_own_passphrase,
    change_role,
    give_first_passphrase,
    people,
    remove_pin_of,
    retire_person,
)
from neutromon.services.pins import PinFault, PinState, SignedBy, WrongPin, fault_of, pin_state, remove_pin, set_pin, sign_off
from neutromon.services.roles import Role
from neutromon.services.session import Session
from neutromon.services.sign_in import check_passphrase
from neutromon.services.store_admin import audit_trail, close_session, open_session, rekey
from neutromon.storage import keys, pins
from neutromon.storage.rotation import recover
from tests.services.a_store import in_nadir, the_alert, with_patient
from tests.stores import PASSPHRASE, START, USER, Clock, make_store, open_at

DIGITS = "402917"
NURSE, SECRET = "Second Nurse", "another synthetic passphrase"
OFF = "PIN off after 3 wrong tries"


def as_user(s: Session, name: str) -> Session:
    return Session(store=s.store, user=name, clock=s.clock, ids=s.ids)


def whats(s: Session) -> list[str]:
    return [entry.what for entry in audit_trail(s).entries]


def wrong(s: Session, typed: str = "402918") -> int:
    """Try a wrong PIN and return how many tries are said to be left."""
    with pytest.raises(WrongPin) as told:
        sign_off(s, typed)
    return told.value.tries_left


@pytest.fixture
def holder(session: Session) -> Session:
    set_pin(session, PASSPHRASE, DIGITS)
    return session


@pytest.fixture
def nurse(session: Session) -> Session:
    """Give a colleague's session with a PIN, beside the administrator's."""
    add_person(session, NURSE, SECRET, Role.NURSE)
    made = as_user(session, NURSE)
    set_pin(made, SECRET, DIGITS)
    return made


# which digits
@pytest.mark.parametrize("typed", ["402917", "4029170", "402917385164", "000001", "112358", "123465", "482486"])
def test_that_six_to_twelve_digits_that_follow_no_rule_are_a_pin(typed: str) -> None:
    assert fault_of(typed) is None


@pytest.mark.parametrize("typed", ["", "4", "40291", "4029173851640", "40291a", "4029 17", "-402917", "40291²", "passphrase"])
def test_that_anything_but_six_to_twelve_digits_is_refused(typed: str) -> None:
    assert fault_of(typed) is PinFault.LENGTH


SIMPLE = ["000000", "777777777777", "123456", "654321", "890123", "210987", "135791", "121212", "1212121", "482482", "4824824", "48248248"]


@pytest.mark.parametrize("typed", SIMPLE)
def test_that_digits_all_equal_in_a_row_or_of_one_repeated_group_are_refused(session: Session, typed: str) -> None:
    assert fault_of(typed) is PinFault.SIMPLE
    with pytest.raises(UserError, match="easy to guess"):
        set_pin(session, PASSPHRASE, typed)
    assert pin_state(session) == PinState()


def test_that_digits_of_the_keyboards_script_are_the_same_digits(session: Session) -> None:
    set_pin(session, PASSPHRASE, "٤٠٢٩١٧")
    assert sign_off(session, DIGITS).value is SignedBy.PIN
    assert sign_off(session, "٤٠٢٩١٧").value is SignedBy.PIN


# setting, changing, removing
def test_that_a_pin_is_set_with_the_passphrase_and_signs(session: Session) -> None:
    assert not pin_state(session).signs
    assert set_pin(session, PASSPHRASE, DIGITS).changes.settings
    assert pin_state(session) == PinState(is_set=True, tries_left=3) and pin_state(session).signs
    assert sign_off(session, DIGITS).value is SignedBy.PIN
    assert whats(session)[-1] == "PIN set"


@pytest.mark.parametrize("typed", ["", "a wrong passphrase", DIGITS])
def test_that_without_the_passphrase_no_pin_is_set(session: Session, typed: str) -> None:
    before = whats(session)
    with pytest.raises(StoreError, match="passphrase is wrong"):
        set_pin(session, typed, DIGITS)
    assert not pin_state(session).is_set and whats(session) == before


def test_that_a_pin_that_is_set_does_not_set_another(holder: Session) -> None:
    with pytest.raises(StoreError, match="passphrase is wrong"):
        set_pin(holder, DIGITS, "739105")
    assert sign_off(holder, DIGITS).value is SignedBy.PIN


def test_that_a_changed_pin_takes_the_old_ones_place(holder: Session) -> None:
    wrong(holder)
    set_pin(holder, PASSPHRASE, "739105")
    assert pin_state(holder).tries_left == 3 and whats(holder)[-1] == "PIN changed"
    assert wrong(holder, DIGITS) == 2
    assert sign_off(holder, "739105").value is SignedBy.PIN


def test_that_a_removed_pin_signs_no_more_and_nothing_of_it_stays(holder: Session) -> None:
    assert remove_pin(holder).changes.settings
    assert whats(holder)[-1] == "PIN removed" and holder.store.rows("SELECT * FROM pin") == []
    with pytest.raises(StoreError, match="passphrase is wrong"):
        sign_off(holder, DIGITS)
    remove_pin(holder)
    assert whats(holder).count("PIN removed") == 1


# what it is not for
def test_that_the_pin_opens_neither_the_store_nor_the_lock_screen(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    set_pin(opened, PASSPHRASE, DIGITS)
    with pytest.raises(StoreError, match="passphrase is wrong"):
        check_passphrase(opened, DIGITS)
    close_session(opened)
    with pytest.raises(StoreError, match="passphrase is wrong"):
        open_at(path, passphrase=DIGITS)


def test_that_a_pin_signs_for_its_own_person_only(nurse: Session, session: Session) -> None:
    with pytest.raises(StoreError, match="passphrase is wrong"):
        sign_off(session, DIGITS)
    set_pin(session, PASSPHRASE, "739105")
    assert wrong(session, DIGITS) == 2
    assert pin_state(nurse).tries_left == 3


# signing
def test_that_the_passphrase_signs_with_or_without_a_pin(session: Session) -> None:
    assert sign_off(session, PASSPHRASE).value is SignedBy.PASSPHRASE
    set_pin(session, PASSPHRASE, DIGITS)
    before = whats(session)
    assert sign_off(session, PASSPHRASE).value is SignedBy.PASSPHRASE
    assert whats(session) == before


def test_that_a_wrong_passphrase_is_no_try_of_the_pin(holder: Session) -> None:
    for typed in ("", "a wrong passphrase", "4029l7", "4029173851640"):
        with pytest.raises(StoreError, match="passphrase is wrong"):
            sign_off(holder, typed)
    assert pin_state(holder).tries_left == 3


def test_that_each_wrong_try_says_how_many_are_left_and_the_third_ends_it(holder: Session) -> None:
    told = []
    for _ in range(3):
        with pytest.raises(WrongPin) as raised:
            sign_off(holder, "402918")
        told.append(str(raised.value))
    assert told == [
        "The PIN is wrong. 2 tries are left; then only the passphrase counts.",
        "The PIN is wrong. 1 try is left; then only the passphrase counts.",
        "The PIN is off after 3 wrong tries. Sign with the passphrase; then the PIN counts again.",
    ]
    assert whats(holder)[-3:] == ["wrong PIN", "wrong PIN", OFF]
    assert not pin_state(holder).signs and pin_state(holder).is_set


def test_that_the_right_pin_signs_at_the_last_try_and_has_three_again(holder: Session) -> None:
    assert (wrong(holder), wrong(holder)) == (2, 1)
    assert sign_off(holder, DIGITS).value is SignedBy.PIN
    assert pin_state(holder).tries_left == 3 and OFF not in whats(holder)


def test_that_after_three_wrong_tries_the_right_pin_is_refused_until_the_passphrase_is_given(holder: Session) -> None:
    for _ in range(3):
        wrong(holder)
    for _ in range(2):
        with pytest.raises(StoreError, match="passphrase is wrong"):
            sign_off(holder, DIGITS)
    assert sign_off(holder, PASSPHRASE).value is SignedBy.PASSPHRASE
    assert whats(holder)[-1] == "PIN counts again"
    assert sign_off(holder, DIGITS).value is SignedBy.PIN


def test_that_the_passphrase_gives_the_tries_back_before_the_third_as_well(holder: Session) -> None:
    wrong(holder)
    sign_off(holder, PASSPHRASE)
    assert pin_state(holder).tries_left == 3 and "PIN counts again" not in whats(holder)


def test_that_a_new_pin_counts_anew_after_three_wrong_tries(holder: Session) -> None:
    for _ in range(3):
        wrong(holder)
    set_pin(holder, PASSPHRASE, DIGITS)
    assert sign_off(holder, DIGITS).value is SignedBy.PIN


def test_that_closing_the_program_gives_no_try_back(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    set_pin(opened, PASSPHRASE, DIGITS)
    close_session(opened)
    for left in (2, 1, 0):
        opened = open_at(path)
        assert wrong(opened) == left
        close_session(opened)
    opened = open_at(path)
    with pytest.raises(StoreError, match="passphrase is wrong"):
        sign_off(opened, DIGITS)
    assert audit_trail(opened).verified and OFF in whats(opened)
    close_session(opened)


def test_that_a_program_that_is_killed_while_it_looks_has_counted_the_try(holder: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_arguments: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pins, "matches", killed)
        with pytest.raises(KeyboardInterrupt):
            sign_off(holder, DIGITS)
    assert pin_state(holder).tries_left == 2


def test_that_a_try_that_cannot_be_counted_is_not_looked_at(holder: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise NotSaved("Not saved. The disk is full.")

    monkeypatch.setattr(pins, "count_try", full)
    monkeypatch.setattr(pins, "matches", lambda *_: pytest.fail("looked at"))
    with pytest.raises(NotSaved, match="disk is full"):
        sign_off(holder, DIGITS)


def test_that_a_damaged_hash_is_a_wrong_pin_and_the_passphrase_still_signs(holder: Session) -> None:
    with holder.store.unit() as unit:
        unit.execute("UPDATE pin SET hash = 'nothing', salt = '?'")
    assert wrong(holder, DIGITS) == 2
    assert sign_off(holder, PASSPHRASE).value is SignedBy.PASSPHRASE


# a passphrase of digits alone
NUMBERS = "4029173851"


@pytest.fixture
def of_digits(tmp_path: Path, session: Session) -> Session:
    """Give a person whose passphrase could be a PIN by its look."""
    add_person(session, NURSE, NUMBERS, Role.NURSE)
    made = as_user(session, NURSE)
    set_pin(made, NUMBERS, DIGITS)
    return made


def test_that_a_passphrase_of_digits_signs_and_costs_no_try(of_digits: Session) -> None:
    before = whats(of_digits)
    assert sign_off(of_digits, NUMBERS).value is SignedBy.PASSPHRASE
    assert pin_state(of_digits).tries_left == 3 and whats(of_digits) == before
    assert (wrong(of_digits), wrong(of_digits)) == (2, 1)
    assert sign_off(of_digits, NUMBERS).value is SignedBy.PASSPHRASE
    assert pin_state(of_digits).tries_left == 3 and "PIN counts again" not in whats(of_digits)


@pytest.mark.parametrize("typed", ["402917385", "4029173850", "402917385099"])
def test_that_digits_that_are_neither_cost_a_try(of_digits: Session, typed: str) -> None:
    assert wrong(of_digits, typed) == 2


def test_that_the_passphrase_itself_is_no_pin(of_digits: Session) -> None:
    with pytest.raises(UserError, match="PIN is your passphrase"):
        set_pin(of_digits, NUMBERS, NUMBERS)
    assert sign_off(of_digits, DIGITS).value is SignedBy.PIN


# what takes a PIN away
def test_that_ones_own_new_passphrase_takes_the_pin_away(holder: Session) -> None:
    change_own_passphrase(holder, PASSPHRASE, "a passphrase of her own")
    assert pin_state(holder) == PinState() and whats(holder)[-2:] == ["passphrase changed", "PIN removed"]
    assert holder.store.rows("SELECT * FROM pin") == []


def test_that_a_passphrase_changed_on_the_command_line_takes_the_pin_away(holder: Session) -> None:
    rekey(holder, "a changed passphrase")
    rekey(holder, "a passphrase changed again")
    assert whats(holder)[-3:] == ["passphrase changed", "PIN removed", "passphrase changed"]
    assert holder.store.rows("SELECT * FROM pin") == []


def test_that_a_new_first_passphrase_takes_the_pin_away(nurse: Session, session: Session) -> None:
    give_first_passphrase(session, NURSE, "a first passphrase again")
    assert not pin_state(nurse).is_set and whats(session)[-1] == "PIN removed"


def test_that_who_leaves_has_no_pin_and_a_colleague_keeps_hers_under_the_new_key(nurse: Session, session: Session) -> None:
    set_pin(session, PASSPHRASE, "739105")
    retire_person(session, NURSE, "moved away")
    assert session.store.rows("SELECT person FROM pin") == [(USER,)]
    assert "PIN removed" in whats(session)
    assert sign_off(session, "739105").value is SignedBy.PIN


def test_that_the_recovery_key_brings_no_old_pin_back(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    set_pin(opened, PASSPHRASE, DIGITS)
    sheet = keys.recovery_sheet(opened.store.key)
    close_session(opened)
    for passphrase in ("a recovered passphrase", "recovered a second time"):
        recover(path, sheet, USER, passphrase, START)
    again = open_session(path, USER, "recovered a second time", clock=Clock())
    assert not pin_state(again).is_set and whats(again).count("PIN removed") == 1
    close_session(again)


def test_that_an_administrator_takes_a_colleagues_pin_away_and_the_trail_names_whose(nurse: Session, session: Session) -> None:
    assert [one.has_pin for one in people(session) if one.name == NURSE] == [True]
    assert remove_pin_of(session, NURSE).changes.settings
    last = audit_trail(session).entries[-1]
    record = next(fact.root for fact in session.store.facts_of_kind("person") if fact.body["name"] == NURSE)
    assert (last.what, last.who, record in last.detail, NURSE in last.detail) == ("PIN removed", USER, True, False)
    assert not pin_state(nurse).is_set
    with pytest.raises(UserError, match="has no PIN"):
        remove_pin_of(session, NURSE)


def test_that_a_person_from_before_there_were_roles_loses_her_pin_as_well(nurse: Session, session: Session) -> None:
    change_role(session, NURSE, Role.ADMINISTRATOR, "stands in")
    set_pin(session, PASSPHRASE, "739105")
    remove_pin_of(nurse, USER)
    assert not pin_state(session).is_set


def test_that_a_nurse_takes_nobodys_pin_away(nurse: Session, session: Session) -> None:
    set_pin(session, PASSPHRASE, "739105")
    with pytest.raises(UserError, match=r"^Only an administrator"):
        remove_pin_of(nurse, USER)
    assert pin_state(session).is_set


# what the trail says
@pytest.mark.parametrize("by", list(SignedBy))
def test_that_the_trail_says_with_what_a_hand_over_was_signed(session: Session, by: SignedBy) -> None:
    patient = with_patient(session, in_nadir())
    hand_over(session, [the_alert(session, patient).id], USER, signed=by)
    signed = [entry for entry in audit_trail(session).entries if entry.what == f"hand-over signed by {by}"]
    assert [patient in entry.detail for entry in signed] == [True]


def test_that_a_hand_over_to_a_colleague_is_not_said_to_be_signed(session: Session) -> None:
    patient = with_patient(session, in_nadir())
    hand_over(session, [the_alert(session, patient).id], "A. Nother")
    assert not any("signed by" in what for what in whats(session))


def test_that_no_digits_are_in_the_trail_or_in_a_message(holder: Session, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(0), pytest.raises(WrongPin) as told:
        sign_off(holder, "402918")
    written = repr(audit_trail(holder).entries) + repr(holder.store.rows("SELECT * FROM fact")) + str(told.value) + caplog.text
    assert DIGITS not in written and "402918" not in written
