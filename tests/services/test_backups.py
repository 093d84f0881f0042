"""Backups and the guided restore: verified, looked into, compared with the present store, put in its place with nothing lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from neutromon.models.errors import StoreError, UserError
from neutromon.services.backups import (
    back_up,
    backup_folder,
    kept_backups,
    last_backup,
    look_before_sign_in,
    look_into,
    may_restore,
    restore,
)
from neutromon.services.patients import add_patient, find_patients
from neutromon.services.people import add_person, new_recovery_key, people, retire_person
from neutromon.services.practice.store import PASSPHRASE as PUBLISHED
from neutromon.services.practice.store import USER as PRACTICE_NURSE
from neutromon.services.practice.store import open_practice
from neutromon.services.roles import Role
from neutromon.services.session import Session
from neutromon.services.store_admin import audit_trail, check_store, close_session, rekey
from neutromon.storage import keys
from tests.builders import a_patient
from tests.services.a_store import with_patient
from tests.stores import PASSPHRASE, START, USER, Clock, make_store, open_at

NURSE, SECRET = "Second Nurse", "another synthetic passphrase"


def names(s: Session) -> list[str]:
    return sorted(hit.mrn for hit in find_patients(s, ""))


def test_that_a_backup_tells_what_it_holds_and_what_is_newer_by_patient(session: Session) -> None:
    old = with_patient(session)
    made = back_up(session)
    add_patient(session, replace(a_patient("T-0002"), family_name="Laterperson"))
    seen = look_into(session, made)
    assert (seen.contents.patients, seen.contents.samples, seen.more) == (1, 1, 0)
    assert seen.lost is not None
    assert [(one.mrn, one.records) for one in seen.lost if one.mrn] == [("T-0002", 1)]
    assert seen.lost[0].name.startswith("Laterperson") and seen.last_at == session.clock()
    assert old and last_backup(session) == session.clock()


def test_that_a_backup_without_anything_newer_says_so(session: Session) -> None:
    assert look_into(session, back_up(session)).lost == ()


def test_that_a_damaged_backup_is_told_before_anything_is_touched(session: Session) -> None:
    made = back_up(session)
    whole = bytearray(made.read_bytes())
    whole[len(whole) // 2] ^= 0x10
    made.write_bytes(bytes(whole))
    with pytest.raises(StoreError):
        look_into(session, made)


def test_that_the_store_itself_is_no_place_for_its_backup(session: Session) -> None:
    with pytest.raises(StoreError, match="the store itself"):
        back_up(session, session.store.path)
    assert check_store(session).ok


def test_that_backups_are_listed_newest_first(session: Session, tmp_path: Path) -> None:
    folder = backup_folder(session.store.path)
    assert kept_backups(folder, session.clock()) == []
    made = back_up(session)
    (listed,) = kept_backups(folder, session.clock())
    assert (listed.path, listed.bytes) == (made, made.stat().st_size)


def test_that_a_restore_keeps_the_present_store_and_stands_in_the_restored_trail(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    add_patient(opened, a_patient("T-1"))
    made = back_up(opened)
    add_patient(opened, a_patient("T-2"))
    present = opened.store.key
    close_session(opened)
    mark = restore(made, path, USER, PASSPHRASE, now=START)
    again = open_at(path)
    assert names(again) == ["T-1"] and audit_trail(again).verified
    assert "store restored from a backup" in [entry.what for entry in audit_trail(again).entries]
    assert again.store.key == present
    close_session(again)
    beside = path.with_name(f"{path.name}.{mark}")
    beside.with_name(f"{beside.name}.slots").write_bytes(path.with_name(f"{path.name}.slots.{mark}").read_bytes())
    old = open_at(beside)
    assert names(old) == ["T-1", "T-2"]
    close_session(old)


def test_that_a_backup_from_before_a_change_of_keys_comes_back_under_todays_key_and_who_left_stays_out(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    add_person(opened, NURSE, SECRET, Role.NURSE)
    made = back_up(opened)
    retire_person(opened, NURSE, "left")
    rekey(opened, "a changed passphrase")
    with pytest.raises(StoreError, match="another key than the present store"):
        look_into(opened, made)
    assert look_into(opened, made, PASSPHRASE).contents.patients == 0
    today = opened.store.key
    close_session(opened)
    restore(made, path, USER, PASSPHRASE, now=START, present=today)
    with pytest.raises(StoreError, match="wrong"):
        open_at(path, user=NURSE, passphrase=SECRET)
    again = open_at(path, passphrase="a changed passphrase")
    assert again.store.key == today
    close_session(again)


def test_that_without_the_present_passphrase_the_backups_key_file_comes_back_without_who_left(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    add_person(opened, NURSE, SECRET, Role.NURSE)
    made = back_up(opened)
    retire_person(opened, NURSE, "left")
    rekey(opened, "a changed passphrase")
    close_session(opened)
    restore(made, path, USER, PASSPHRASE, now=START)
    again = open_at(path)
    assert [one.name for one in people(again) if not one.retired] == [USER]
    close_session(again)


def test_that_only_an_administrator_restores(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    add_person(opened, NURSE, SECRET, Role.SENIOR)
    made = back_up(opened)
    senior = Session(store=opened.store, user=NURSE, clock=Clock(), ids=opened.ids)
    may_restore(opened)
    with pytest.raises(UserError, match=r"^Only an administrator"):
        may_restore(senior)
    close_session(opened)
    before = path.read_bytes()
    with pytest.raises(UserError, match=r"^Only an administrator"):
        restore(made, path, NURSE, SECRET, now=START)
    assert path.read_bytes() == before


def test_that_a_store_that_does_not_open_is_restored_with_the_backups_own_key_file(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    add_patient(opened, a_patient("T-1"))
    new_recovery_key(opened, PASSPHRASE)
    made = back_up(opened)
    close_session(opened)
    path.write_bytes(b"damaged")
    keys.slot_path(path).unlink()
    seen = look_before_sign_in(made, USER, PASSPHRASE)
    assert (seen.contents.patients, seen.lost) == (1, None)
    restore(made, path, USER, PASSPHRASE, now=START)
    again = open_at(path)
    assert names(again) == ["T-1"]
    close_session(again)


def test_that_the_practice_clinic_knows_itself_after_a_restore_and_a_plain_sign_in(tmp_path: Path) -> None:
    path = tmp_path / "practice.neutromon"
    opened = open_practice(path, clock=Clock())
    made = back_up(opened)
    key = opened.store.key
    close_session(opened)
    restore(made, path, PRACTICE_NURSE, PUBLISHED, now=START, present=key)
    again = open_at(path, user=PRACTICE_NURSE, passphrase=PUBLISHED)
    assert again.practice
    close_session(again)


def test_that_an_own_clinic_is_no_practice_clinic(session: Session) -> None:
    assert not session.practice


def test_that_a_backup_of_a_real_clinic_never_takes_the_place_of_the_practice_clinic_nor_the_other_way_round(tmp_path: Path) -> None:
    real = open_at(make_store(tmp_path))
    practice = open_practice(tmp_path / "practice.neutromon", clock=Clock())
    backups = back_up(real, tmp_path / "a" / "real.neutromon"), back_up(practice, tmp_path / "b" / "practice.neutromon")
    with pytest.raises(UserError, match="of a real clinic"):
        restore(backups[0], practice.store.path, USER, PASSPHRASE, now=START, practice=True)
    with pytest.raises(UserError, match="of the practice clinic"):
        restore(backups[1], real.store.path, PRACTICE_NURSE, PUBLISHED, now=START, practice=False)
    close_session(real)
    close_session(practice)


def test_that_after_a_restore_the_backup_it_came_from_is_known(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    made = back_up(opened)
    close_session(opened)
    mark = restore(made, path, USER, PASSPHRASE, now=START)
    again = open_at(path)
    assert last_backup(again) == START
    assert mark.startswith("replaced-")
    close_session(again)
