"""The drop folder: only whole files, each stored once, whatever happens in between."""

import os

import pytest

from neutromon.models.errors import UserError
from neutromon.models.imports import ImportOptions
from neutromon.services.holding import held_sets
from neutromon.services.importing.watch import DropFolder, summary, watch_folder
from neutromon.services.patients import patient_by_mrn, patient_history
from tests.services.importing.messages import a_message

CREATE = ImportOptions(create_patients=True)


class Seconds:
    """A clock of seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def drop(clinic, tmp_path, seconds):
    return DropFolder(clinic, tmp_path, CREATE, seconds=seconds)


def look_until_quiet(drop, seconds, looks=2):
    reports = []
    for _ in range(looks):
        reports += drop.look()
        seconds.now += 2.5
    return reports


def counts_of(clinic, mrn="T-0001"):
    patient = patient_by_mrn(clinic, mrn)
    return patient_history(clinic, patient).counts if patient else ()


def test_that_a_whole_file_is_stored_and_moved_to_done(clinic, tmp_path, drop, seconds):
    (tmp_path / "a.hl7").write_bytes(a_message())
    assert drop.look() == []
    seconds.now += 2.5
    (report,) = drop.look()
    assert summary(report) == "a.hl7: 1 stored"
    assert len(counts_of(clinic)) == 1
    assert (tmp_path / "done" / "2026-03" / "a.hl7").exists()


def test_that_a_growing_file_waits_until_it_stands_still(clinic, tmp_path, drop, seconds):
    whole = a_message()
    (tmp_path / "a.hl7").write_bytes(whole[:200])
    drop.look()
    seconds.now += 2.5
    (tmp_path / "a.hl7").write_bytes(whole)
    assert drop.look() == []
    seconds.now += 2.5
    assert len(drop.look()) == 1
    assert len(counts_of(clinic)) == 1


def test_that_a_file_cut_in_the_middle_waits_ten_minutes_then_for_a_person(clinic, tmp_path, drop, seconds):
    (tmp_path / "a.hl7").write_bytes(a_message()[:-6])
    assert look_until_quiet(drop, seconds, 4) == []
    seconds.now += 600
    (report,) = drop.look()
    assert report.sets[0].reason[0] == "TRUNCATED"
    assert [held.code for held in held_sets(clinic)] == ["TRUNCATED"]


@pytest.mark.parametrize("name", ["a.hl7.tmp", ".hidden.hl7", "~a.hl7", "a.part", "a.crdownload", "a.lock"])
def test_that_names_of_unfinished_files_are_passed_over(tmp_path, drop, seconds, name):
    (tmp_path / name).write_bytes(a_message())
    assert look_until_quiet(drop, seconds, 4) == []
    assert (tmp_path / name).exists()


def test_that_a_rename_at_the_end_of_writing_is_seen(clinic, tmp_path, drop, seconds):
    (tmp_path / "a.hl7.tmp").write_bytes(a_message())
    look_until_quiet(drop, seconds)
    os.rename(tmp_path / "a.hl7.tmp", tmp_path / "a.hl7")
    assert len(look_until_quiet(drop, seconds)) == 1


def test_that_what_a_stopped_run_left_behind_is_taken_up_once(clinic, tmp_path, seconds):
    DropFolder(clinic, tmp_path, CREATE, seconds=seconds)
    (tmp_path / "processing" / "0190__a.hl7").write_bytes(a_message())
    reports = DropFolder(clinic, tmp_path, CREATE, seconds=seconds).look()
    assert [report.path for report in reports] == ["a.hl7"]
    assert len(counts_of(clinic)) == 1
    assert (tmp_path / "done" / "2026-03" / "a.hl7").exists()


def test_that_a_file_stored_before_the_move_adds_nothing_after_a_restart(clinic, tmp_path, drop, seconds):
    (tmp_path / "a.hl7").write_bytes(a_message())
    look_until_quiet(drop, seconds)
    (tmp_path / "processing" / "0191__a.hl7").write_bytes(a_message())
    (again,) = drop.look()
    assert [own.outcome for own in again.sets] == ["duplicate"]
    assert len(counts_of(clinic)) == 1


def test_that_a_damaged_file_goes_to_error_with_a_note_and_the_next_goes_on(clinic, tmp_path, drop, seconds):
    (tmp_path / "a.bin").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "b.hl7").write_bytes(a_message())
    look_until_quiet(drop, seconds)
    assert (tmp_path / "error" / "a.bin").exists()
    assert (tmp_path / "error" / "a.bin.reason.txt").read_text().startswith("MALFORMED: ")
    assert len(counts_of(clinic)) == 1


def test_that_a_link_out_of_the_folder_is_refused_and_never_read(clinic, tmp_path, tmp_path_factory, drop, seconds):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.hl7"
    secret.write_bytes(a_message())
    (tmp_path / "a.hl7").symlink_to(secret)
    (report,) = look_until_quiet(drop, seconds)
    assert "link" in report.sets[0].reason[1]
    assert counts_of(clinic) == ()
    assert secret.exists() and (tmp_path / "error" / "a.hl7").is_symlink()


if hasattr(os, "mkfifo"):  # not every system has named pipes in folders

    def test_that_a_pipe_in_the_folder_does_not_stop_the_watch(clinic, tmp_path, drop, seconds):
        os.mkfifo(tmp_path / "a.hl7")
        (tmp_path / "b.hl7").write_bytes(a_message())
        reports = look_until_quiet(drop, seconds)
        assert {report.path for report in reports} == {"a.hl7", "b.hl7"}


def test_that_a_huge_file_is_refused_without_being_read(tmp_path, drop, seconds):
    with (tmp_path / "a.hl7").open("wb") as file:
        file.truncate(1024**3)
    (report,) = look_until_quiet(drop, seconds)
    assert "larger than" in report.sets[0].reason[1]


def test_that_two_files_of_one_name_are_both_kept(clinic, tmp_path, drop, seconds):
    for wbc in ("3.5", "3.6"):
        (tmp_path / "a.hl7").write_bytes(a_message(wbc=wbc, taken=f"2026031108{wbc[-1]}000"))
        look_until_quiet(drop, seconds)
    assert len(list((tmp_path / "done" / "2026-03").iterdir())) == 2
    assert len(counts_of(clinic)) == 2


def test_that_the_watch_reports_and_stops(clinic, tmp_path, seconds):
    (tmp_path / "a.hl7").write_bytes(a_message())
    said: list[str] = []
    looks = iter([False, False, False, True])

    def wait(amount: float) -> None:
        seconds.now += amount

    watch_folder(clinic, tmp_path, CREATE, said.append, stop=lambda: next(looks, True), wait=wait, seconds=seconds)
    assert said == ["a.hl7: 1 stored"]


def test_that_ctrl_c_ends_the_watch_with_a_word(clinic, tmp_path, seconds):
    said: list[str] = []

    def wait(amount: float) -> None:
        raise KeyboardInterrupt

    watch_folder(clinic, tmp_path, CREATE, said.append, wait=wait, seconds=seconds)
    assert said == ["Stopped."]


def test_that_a_folder_that_vanishes_is_said_so(clinic, tmp_path, seconds):
    place = tmp_path / "drop"
    place.mkdir()
    drop = DropFolder(clinic, place, CREATE, seconds=seconds)
    for inside in list(place.iterdir()):
        inside.rmdir()
    place.rmdir()
    with pytest.raises(UserError):
        drop._entries()
    with pytest.raises(UserError):
        DropFolder(clinic, tmp_path / "nowhere", CREATE)
