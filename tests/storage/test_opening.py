"""Making, opening, checking, backing up and restoring: each refusal is one sentence with what to do, and nothing is lost."""

import os
import shutil
from pathlib import Path

import pytest

from neutromon.models.errors import ExitStatus, NotSaved, StoreError, UserError
from neutromon.services.backups import back_up, restore
from neutromon.services.people import add_person
from neutromon.services.roles import Role
from neutromon.services.session import Session
from neutromon.services.store_admin import check_store, close_session, create_store, open_session
from neutromon.storage import keys, opening, place, restoring, schema
from neutromon.storage.connection import connect
from neutromon.storage.rotation import recover
from tests.builders import a_patient
from tests.stores import PASSPHRASE, START, USER, Clock, make_store, open_at

pytestmark = pytest.mark.usefixtures("quick_keys")


def test_that_the_right_passphrase_opens_and_every_check_holds(session: Session) -> None:
    report = check_store(session)
    assert report.ok
    assert [check.name for check in report.checks] == ["integrity", "foreign keys", "schema", "audit chain"]


def test_that_the_shipped_cost_of_a_key_is_what_the_reference_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert keys.PARAMETERS == {"m": 65536, "t": 3, "p": 4}


@pytest.mark.parametrize(("user", "passphrase"), [(USER, "another passphrase"), ("Nobody", PASSPHRASE), ("", "")])
def test_that_a_wrong_user_and_a_wrong_passphrase_read_the_same(tmp_path: Path, user: str, passphrase: str) -> None:
    path = make_store(tmp_path)
    with pytest.raises(StoreError, match="User or passphrase is wrong") as raised:
        open_at(path, user=user, passphrase=passphrase)
    assert raised.value.status is ExitStatus.STORE_NOT_OPENED


def test_that_a_store_is_never_made_over_another(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="already a store"):
        make_store(tmp_path)
    assert path.read_bytes() == before


def test_that_a_short_passphrase_is_refused_before_a_file_is_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="fewer than 10 characters"):
        create_store(tmp_path / "s.neutromon", USER, "short", now=START)
    assert list(tmp_path.iterdir()) == []


def test_that_a_missing_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store"):
        open_at(tmp_path / "none.neutromon")


def test_that_a_store_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_store(tmp_path)
    monkeypatch.setattr(opening.os, "access", lambda *_: False)
    with pytest.raises(StoreError, match="cannot be read or written"):
        open_at(path)


def test_that_a_second_program_is_kept_out_until_the_first_is_closed(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    first = open_at(path)
    with pytest.raises(StoreError, match="in use by another program"):
        open_at(path)
    close_session(first)
    close_session(open_at(path))


def test_that_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    raise_version(path, schema.VERSION + 1)
    with pytest.raises(StoreError, match="newer NeutroMon"):
        open_at(path)
    raise_version(path, schema.VERSION)
    close_session(open_at(path))


def raise_version(path: Path, version: int) -> None:
    store_id, slots = keys.read_slots(path)
    database = connect(path, keys.open_slot(store_id, slots[USER], USER, PASSPHRASE), locked=False)
    database.conn.execute(f"PRAGMA user_version={version}")
    database.conn.close()


@pytest.mark.parametrize("size", [0, 1, 100, 4096, 40_000])
def test_that_a_cut_file_is_refused_and_kept(tmp_path: Path, size: int) -> None:
    path = make_store(tmp_path)
    cut = path.read_bytes()[:size]
    path.write_bytes(cut)
    with pytest.raises(StoreError) as raised:
        open_at(path)
    assert raised.value.hint
    assert path.read_bytes() == cut


def test_that_a_store_without_its_tables_is_refused(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    store_id, slots = keys.read_slots(path)
    database = connect(path, keys.open_slot(store_id, slots[USER], USER, PASSPHRASE), locked=False)
    database.conn.execute("DROP TABLE live_alert")
    database.conn.close()
    with pytest.raises(StoreError, match="tables are missing"):
        open_at(path)


def test_that_a_lost_or_damaged_key_file_is_told(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    slots = keys.slot_path(path)
    slots.write_bytes(b"no database at all, only some bytes that look like nothing")
    with pytest.raises(StoreError, match="is damaged"):
        open_at(path)
    slots.unlink()
    with pytest.raises(StoreError, match="is missing"):
        open_at(path)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
def test_that_a_network_share_is_refused(tmp_path: Path, kind: str) -> None:
    mounts = f"disk / ext4 rw 0 0\nshare {tmp_path} {kind} rw 0 0\nbad line\n"
    with pytest.raises(StoreError, match="network share"):
        place.refuse_shared_place(tmp_path / "s.neutromon", mounts)


def test_that_a_mount_point_with_a_space_is_understood(tmp_path: Path) -> None:
    folder = tmp_path / "my share"
    mounts = f"share {str(folder).replace(' ', chr(92) + '040')} nfs rw 0 0\n"
    with pytest.raises(StoreError, match="network share"):
        place.refuse_shared_place(folder / "s.neutromon", mounts)


def test_that_the_own_disk_is_accepted(tmp_path: Path) -> None:
    place.refuse_shared_place(tmp_path / "s.neutromon", "share /mnt/share nfs rw 0 0\ndisk / ext4 rw 0 0\n")


def test_that_a_unc_path_and_a_cloud_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="network share"):
        place.refuse_shared_place(Path("\\\\server\\share\\s.neutromon"), "")
    with pytest.raises(StoreError, match="cloud-synchronised"):
        place.refuse_shared_place(tmp_path / "OneDrive - Clinic" / "s.neutromon", "")


def test_that_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be made"):
        create_store(tmp_path / "file" / "s.neutromon", USER, PASSPHRASE, now=START)


def test_that_a_store_that_cannot_be_written_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(opening.os, "replace", full)
    with pytest.raises(StoreError):
        make_store(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_that_a_full_disk_is_told_and_what_was_saved_stays(session: Session) -> None:
    from neutromon.services.patients import add_patient, find_patients

    add_patient(session, a_patient("T-1"))
    raw = session.store.database.conn
    raw.set_authorizer(None)
    raw.execute("PRAGMA max_page_count=1")
    with pytest.raises(NotSaved, match=r"Not saved\. The disk is full"):
        for number in range(2, 200):
            add_patient(session, a_patient(f"T-{number}"))
    assert not raw.in_transaction
    raw.execute("PRAGMA max_page_count=100000")
    add_patient(session, a_patient("T-after"))
    assert {hit.mrn for hit in find_patients(session, "", 500)} >= {"T-1", "T-after"}
    assert check_store(session).ok


def test_that_a_damaged_page_is_told_and_never_shown_as_nothing(tmp_path: Path) -> None:
    from neutromon.services.patients import add_patient, find_patients

    path = make_store(tmp_path)
    opened = open_at(path)
    for number in range(60):
        add_patient(opened, a_patient(f"T-{number}"))
    close_session(opened)
    whole = bytearray(path.read_bytes())
    for offset in range(8192, len(whole), 4096):
        whole[offset + 50] ^= 1
    path.write_bytes(bytes(whole))
    with pytest.raises(StoreError) as raised:
        found = open_at(path)
        try:
            find_patients(found, "", 500)
        finally:
            close_session(found)
    assert "backup" in raised.value.hint


def test_that_a_backup_opens_with_everything_and_restores_beside_the_damaged_file(tmp_path: Path) -> None:
    from neutromon.services.patients import add_patient, find_patients

    path = make_store(tmp_path)
    opened = open_at(path)
    add_patient(opened, a_patient("T-1"))
    made = back_up(opened)
    add_patient(opened, a_patient("T-2"))
    close_session(opened)
    path.write_bytes(b"damaged")
    path.with_name(path.name + "-wal").write_bytes(b"old log")
    restore(made, path, USER, PASSPHRASE, now=START)
    again = open_at(path)
    assert [hit.mrn for hit in find_patients(again, "")] == ["T-1"]
    close_session(again)
    kept = [file.read_bytes() for file in tmp_path.iterdir() if ".replaced-" in file.name]

    assert b"damaged" in kept
    assert b"old log" in kept


def test_that_every_single_flipped_bit_of_a_backup_is_found(tmp_path: Path) -> None:
    opened = open_at(make_store(tmp_path))
    made = back_up(opened)
    whole, key = made.read_bytes(), opened.store.key
    close_session(opened)
    for position in range(0, len(whole), max(1, len(whole) // 60)):
        bad = bytearray(whole)
        bad[position] ^= 0x10
        made.write_bytes(bytes(bad))
        with pytest.raises(StoreError):
            opening.verify(made, key)
    made.write_bytes(whole)
    assert opening.verify(made, key)["audit"] == 1


def test_that_a_damaged_store_never_takes_the_place_of_a_good_backup(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    made = back_up(opened, tmp_path / "copy" / "b.neutromon")
    good = made.read_bytes()
    raw = opened.store.database.conn
    raw.set_authorizer(None)
    raw.execute("DROP TABLE live_alert")
    with pytest.raises(StoreError):
        back_up(opened, made)
    close_session(opened)
    assert made.read_bytes() == good
    assert not made.with_name(made.name + ".part").exists()


def test_that_a_backup_to_a_place_that_cannot_be_written_is_told(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(opening.shutil, "copyfile", full)
    with pytest.raises(NotSaved, match="backup was not made"):
        back_up(session, tmp_path / "x" / "b.neutromon")


def test_that_a_restore_without_a_backup_or_with_the_wrong_passphrase_changes_nothing(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    made = back_up(opened)
    close_session(opened)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="no backup"):
        restore(tmp_path / "none", path, USER, PASSPHRASE, now=START)
    with pytest.raises(StoreError, match="passphrase is wrong"):
        restore(made, path, USER, "another passphrase", now=START)
    assert path.read_bytes() == before


def test_that_a_restore_into_a_store_in_use_is_refused(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    made = back_up(opened)
    with pytest.raises(StoreError, match="in use"):
        restore(made, path, USER, PASSPHRASE, now=START)
    close_session(opened)


def test_that_an_incomplete_copy_is_not_swapped_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    made = back_up(opened)
    close_session(opened)
    before = path.read_bytes()
    monkeypatch.setattr(restoring.shutil, "copyfile", lambda source, target: Path(target).write_bytes(b"half"))
    with pytest.raises(StoreError, match="not complete"):
        restore(made, path, USER, PASSPHRASE, now=START)
    assert path.read_bytes() == before


def test_that_a_restore_on_a_full_disk_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_store(tmp_path)
    opened = open_at(path)
    made = back_up(opened)
    close_session(opened)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring.shutil, "copyfile", full)
    with pytest.raises(StoreError, match="not restored"):
        restore(made, path, USER, PASSPHRASE, now=START)
    monkeypatch.undo()


def test_that_the_folder_of_a_store_must_be_writable(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    lock = path.with_name(path.name + ".lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        open_at(path)


def test_that_an_error_of_the_database_while_opening_gives_the_lock_back(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(os.urandom(len(whole)))
    with pytest.raises(StoreError, match="wrong passphrase, or the file is damaged"):
        open_at(path)
    path.write_bytes(whole)
    close_session(open_at(path))


def test_that_each_person_has_a_passphrase_of_her_own_and_the_last_one_stays(tmp_path: Path) -> None:
    from neutromon.services.people import add_person, change_role, retire_person
    from neutromon.services.roles import Role
    from neutromon.services.store_admin import rekey, users

    path = make_store(tmp_path)
    opened = open_at(path)
    add_person(opened, "Second Nurse", "another long passphrase", Role.ADMINISTRATOR)
    rekey(opened, "a changed passphrase")
    assert users(opened) == ["Second Nurse", USER]
    close_session(opened)
    second = open_session(path, "Second Nurse", "another long passphrase", clock=Clock())
    retire_person(second, USER, "left")
    assert users(second) == ["Second Nurse"]
    with pytest.raises(UserError, match="only administrator"):
        change_role(second, "Second Nurse", Role.NURSE, "why not")
    close_session(second)
    for passphrase in (PASSPHRASE, "a changed passphrase"):
        with pytest.raises(StoreError, match="passphrase is wrong"):
            open_at(path, passphrase=passphrase)


def test_that_a_copied_folder_opens_elsewhere(tmp_path: Path) -> None:
    make_store(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    close_session(open_at(tmp_path / "two" / "clinic.neutromon"))


def test_that_a_file_without_our_mark_is_no_store(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    store_id, slots = keys.read_slots(path)
    database = connect(path, keys.open_slot(store_id, slots[USER], USER, PASSPHRASE), locked=False)
    database.conn.execute("PRAGMA application_id=1")
    database.conn.close()
    with pytest.raises(StoreError, match="no store of NeutroMon"):
        open_at(path)


def test_that_a_check_tells_which_link_of_the_audit_is_broken(session: Session) -> None:
    raw = session.store.database.conn
    raw.execute("INSERT INTO audit VALUES ('ws', 1, 'at', 'who', 'what', 'detail', 'p', 'h')")
    report = check_store(session)
    assert not report.ok
    assert next(check for check in report.checks if check.name == "audit chain").as_dict() == {
        "name": "audit chain",
        "ok": False,
        "text": "broken at ws 1",
    }


ACCENTED, ITS_PIECES = "Zo\u00eb Nurse", "zoe\u0308 NURSE"


@pytest.mark.parametrize("typed", [USER, USER.upper(), USER.casefold()])
def test_that_a_name_signs_in_whatever_its_case_and_stands_as_it_is_written(tmp_path: Path, typed: str) -> None:
    session = open_at(make_store(tmp_path), user=typed)
    assert session.user == USER
    assert session.store.trail().entries[-1].who == USER
    close_session(session)


def test_that_accents_may_be_composed_in_either_way(tmp_path: Path) -> None:
    path = tmp_path / "clinic.neutromon"
    create_store(path, ACCENTED, PASSPHRASE, now=START)
    session = open_at(path, user=ITS_PIECES)
    assert session.user == ACCENTED
    close_session(session)


def test_that_two_people_who_differ_in_case_alone_each_sign_in_as_they_are_written(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    session = open_at(path)
    opening.change_passphrase(session.store, USER.lower(), "another synthetic passphrase")  # as earlier versions let her in
    close_session(session)
    for name, secret in ((USER, PASSPHRASE), (USER.lower(), "another synthetic passphrase")):
        session = open_at(path, user=name, passphrase=secret)
        assert session.user == name
        close_session(session)
        with pytest.raises(StoreError, match="wrong"):
            open_at(path, user=USER.upper(), passphrase=secret)


def test_that_a_name_of_another_case_restores_with_her_own_role_and_no_other(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    session = open_at(path)
    add_person(session, "Nona Nurse", "another synthetic passphrase", Role.NURSE)
    backup = back_up(session)
    close_session(session)
    with pytest.raises(UserError, match="administrator"):
        restore(backup, path, "NONA NURSE", "another synthetic passphrase", now=START)
    restore(backup, path, USER.upper(), PASSPHRASE, now=START)


def test_that_the_recovery_key_gives_a_new_passphrase_to_the_person_and_makes_no_second_one(tmp_path: Path) -> None:
    path = tmp_path / "clinic.neutromon"
    sheet = create_store(path, USER, PASSPHRASE, now=START).recovery_key
    recover(path, sheet, USER.upper(), "a new synthetic passphrase", START)
    assert opening.name_in(path, USER.lower()) == USER
    session = open_at(path, passphrase="a new synthetic passphrase")
    assert opening.users(session.store) == [USER]
    close_session(session)
