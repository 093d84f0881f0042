"""People and roles: who may do what, refused by the services in one sentence; leaving changes the key of the file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from neutromon.models.alerts import Alert
from neutromon.models.errors import StoreError, UserError
from neutromon.models.evaluation import Tier
from neutromon.models.protocol import Protocol
from neutromon.services.alerts import set_owner
from neutromon.services.clinic_rules import propose_protocol, retire_regimen, sign_protocol
from neutromon.services.exporting import export_text
from neutromon.services.importing.codes import CodeRule, save_code_rule
from neutromon.services.importing.moving import move_report
from neutromon.services.people import (
    Person,
    add_person,
    change_own_passphrase,
    change_role,
    give_first_passphrase,
    has_first_passphrase,
    new_recovery_key,
    people,
    retire_person,
)
from neutromon.services.roles import Right, Role, may, role_of
from neutromon.services.session import Session
from neutromon.services.store_admin import audit_trail, close_session
from neutromon.storage import keys, opening, rotation
from tests.services.a_store import the_alert, with_patient
from tests.stores import PASSPHRASE, START, USER, make_store, open_at

NURSE, SECRET, OWN = "Second Nurse", "another synthetic passphrase", "a passphrase of her own"


def as_user(s: Session, name: str) -> Session:
    return Session(store=s.store, user=name, clock=s.clock, ids=s.ids)


def person(s: Session, name: str = NURSE) -> Person:
    return next(one for one in people(s) if one.name == name)


@pytest.fixture
def nurse(session: Session) -> Session:
    add_person(session, NURSE, SECRET, Role.NURSE)
    return as_user(session, NURSE)


def test_that_the_first_person_is_an_administrator_and_a_colleague_what_she_was_let_in_as(session: Session, nurse: Session) -> None:
    assert (role_of(session), role_of(nurse)) == (Role.ADMINISTRATOR, Role.NURSE)
    assert [(one.name, one.role, one.first_passphrase, one.retired) for one in people(session)] == [
        (NURSE, Role.NURSE, True, False),
        (USER, Role.ADMINISTRATOR, False, False),
    ]


FORBIDDEN: list[tuple[str, Callable[[Session], object]]] = [
    ("site protocol", lambda s: propose_protocol(s, Protocol())),
    ("site protocol", lambda s: sign_protocol(s, "v1")),
    ("regimens", lambda s: retire_regimen(s, "AC", "why")),
    ("later results", lambda s: save_code_rule(s, CodeRule(sender="LAB", code="N", analyte="ANC"))),
    ("move a report", lambda s: move_report(s, "sample", "patient", "why")),
    ("export the whole clinic", lambda s: export_text(s, mrn=None, form="csv")),
    ("let people in", lambda s: add_person(s, "Third Nurse", SECRET, Role.NURSE)),
    ("let people in", lambda s: change_role(s, NURSE, Role.ADMINISTRATOR, "why not")),
    ("let people in", lambda s: retire_person(s, USER, "why not")),
    ("let people in", lambda s: give_first_passphrase(s, USER, SECRET)),
    ("recovery key", lambda s: new_recovery_key(s, SECRET)),
]


@pytest.mark.parametrize(("says", "act"), FORBIDDEN)
def test_that_a_nurse_is_refused_in_one_sentence_and_nothing_is_written(
    session: Session, nurse: Session, says: str, act: Callable[[Session], object]
) -> None:
    before = len(audit_trail(session).entries)
    with pytest.raises(UserError, match=rf"^Only .*{says}"):
        act(nurse)
    assert len(audit_trail(session).entries) == before


def test_that_a_senior_decides_rules_but_lets_nobody_in(session: Session, nurse: Session) -> None:
    change_role(session, NURSE, Role.SENIOR, "leads the day unit")
    assert may(nurse, Right.PROTOCOL) and may(nurse, Right.MOVE_REPORT)
    assert not may(nurse, Right.PEOPLE) and not may(nurse, Right.RESTORE)
    change_own_passphrase(nurse, SECRET, OWN)
    assert propose_protocol(nurse, Protocol(count_validity_hours=48)).value == "v1"


def test_that_a_change_of_role_needs_a_reason_and_is_in_the_trail(session: Session, nurse: Session) -> None:
    with pytest.raises(UserError, match="reason"):
        change_role(session, NURSE, Role.SENIOR, " ")
    change_role(session, NURSE, Role.SENIOR, "leads the day unit")
    assert "person now senior" in [entry.what for entry in audit_trail(session).entries]


def test_that_one_administrator_is_always_left(session: Session, nurse: Session) -> None:
    with pytest.raises(UserError, match="only administrator"):
        change_role(session, USER, Role.NURSE, "tired of it")
    change_role(session, NURSE, Role.ADMINISTRATOR, "takes over")
    change_role(session, USER, Role.NURSE, "hands over")
    assert role_of(session) is Role.NURSE


@pytest.mark.parametrize("name", ["", "  ", "a\u202eb", USER, f" {USER.upper()} ", USER.replace(" ", "  "), USER.replace(" ", "\u00a0")])
def test_that_a_name_that_is_none_or_taken_is_refused(session: Session, name: str) -> None:
    with pytest.raises(UserError):
        add_person(session, name, SECRET, Role.NURSE)
    assert [one.name for one in people(session)] == [USER]


def test_that_a_first_passphrase_lasts_until_its_owner_chooses_her_own(session: Session, nurse: Session) -> None:
    assert has_first_passphrase(nurse) and not has_first_passphrase(session)
    with pytest.raises(UserError, match="wrong"):
        change_own_passphrase(nurse, "not the one I have", OWN)
    with pytest.raises(UserError, match="the old one"):
        change_own_passphrase(nurse, SECRET, SECRET)
    change_own_passphrase(nurse, SECRET, OWN)
    assert not has_first_passphrase(nurse)
    give_first_passphrase(session, NURSE, SECRET)
    assert has_first_passphrase(nurse)
    with pytest.raises(UserError, match="your own"):
        give_first_passphrase(session, USER, SECRET)


def test_that_who_left_cannot_open_the_store_with_the_old_key_file_either(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    first = open_at(path)
    add_person(first, NURSE, SECRET, Role.NURSE)
    old_slots, old_key = keys.slot_path(path).read_bytes(), first.store.key
    sheet = retire_person(first, NURSE, "left the hospital").value
    assert person(first).retired and first.store.key != old_key
    first.store.rows("SELECT count(*) FROM fact")
    close_session(first)
    with pytest.raises(StoreError, match="wrong"):
        open_at(path, user=NURSE, passphrase=SECRET)
    again = open_at(path)
    assert keys.key_from_sheet(sheet) == again.store.key
    close_session(again)
    keys.slot_path(path).write_bytes(old_slots)
    with pytest.raises(StoreError):
        open_at(path, user=NURSE, passphrase=SECRET)


def test_that_retiring_needs_a_reason_another_person_and_no_open_alerts(session: Session, nurse: Session) -> None:
    patient = with_patient(session)
    alert: Alert = the_alert(session, patient, Tier.URGENT)
    set_owner(session, [alert.id], NURSE)
    with pytest.raises(UserError, match="own access"):
        retire_person(session, USER, "leaving")
    with pytest.raises(UserError, match="reason"):
        retire_person(session, NURSE, "")
    with pytest.raises(UserError, match="owns 1 open alerts"):
        retire_person(session, NURSE, "left")
    set_owner(session, [alert.id], USER)
    retire_person(session, NURSE, "left")
    assert person(session).retired
    with pytest.raises(UserError, match="cannot open the store"):
        retire_person(session, NURSE, "again")


def test_that_a_person_who_came_back_is_let_in_again(session: Session, nurse: Session) -> None:
    retire_person(session, NURSE, "parental leave")
    add_person(session, NURSE, SECRET, Role.SENIOR)
    assert (person(session).role, person(session).retired) == (Role.SENIOR, False)


def test_that_a_new_recovery_key_opens_and_the_old_one_does_not(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    first = open_at(path)
    old = keys.recovery_sheet(first.store.key)
    with pytest.raises(UserError, match="wrong"):
        new_recovery_key(first, "not my passphrase")
    new = new_recovery_key(first, PASSPHRASE).value
    close_session(first)
    with pytest.raises(StoreError, match="does not open this store"):
        rotation.recover(path, old, USER, OWN, START)
    keys.slot_path(path).unlink()
    rotation.recover(path, new, USER, OWN, START)
    again = open_at(path, passphrase=OWN)
    assert "opened with the recovery key" in [entry.what for entry in audit_trail(again).entries]
    close_session(again)


@pytest.mark.parametrize("stop_at", ["before the file", "after the file"])
def test_that_a_change_of_keys_that_stops_half_way_leaves_a_store_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: str
) -> None:
    path = make_store(tmp_path)
    first = open_at(path)
    real, calls = keys.write_slots, [0]

    class Stopped(BaseException):
        """The computer stops here."""

    def stop_after_slots(*arguments: object) -> None:
        calls[0] += 1
        if calls[0] == 2:
            raise Stopped
        real(*arguments)  # type: ignore[arg-type]

    def stop(*_arguments: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "rekey", stop) if stop_at == "before the file" else patch.setattr(keys, "write_slots", stop_after_slots)
        with pytest.raises(Stopped):
            new_recovery_key(first, PASSPHRASE)
    close_session(first)
    for _time in range(2):
        again = open_at(path)
        assert all("next" not in slot for slot in keys.read_slots(path)[1].values())
        close_session(again)


def test_that_a_failed_change_of_keys_leaves_the_old_key_in_use(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    before = session.store.key

    def fail(*_arguments: object) -> None:
        raise StoreError("The copy is damaged.")

    monkeypatch.setattr(rotation, "rekey", fail)
    with pytest.raises(StoreError, match="key was not changed"):
        new_recovery_key(session, PASSPHRASE)
    assert session.store.key == before and people(session)


def test_that_an_exchanged_slot_is_noticed_before_the_new_key_is_sealed_to_it(session: Session, nurse: Session) -> None:
    store_id, slots = keys.read_slots(session.store.path)
    slots[NURSE] = keys.make_slot(store_id, NURSE, "a passphrase of a stranger", session.store.key)
    keys.write_slots(session.store.path, store_id, slots)
    with pytest.raises(StoreError, match="names another key for Second Nurse"):
        new_recovery_key(session, PASSPHRASE)
    assert opening.users(session.store) == sorted([NURSE, USER])


def test_that_the_practice_clinics_own_person_keeps_her_published_passphrase(tmp_path: Path, quick_keys: None) -> None:
    from neutromon.services.practice.store import PASSPHRASE as PUBLISHED
    from neutromon.services.practice.store import open_practice

    practice = open_practice(tmp_path / "practice.neutromon", clock=lambda: START)
    with pytest.raises(UserError, match="published passphrase"):
        change_own_passphrase(practice, PUBLISHED, "a passphrase of my own")
    close_session(practice)
