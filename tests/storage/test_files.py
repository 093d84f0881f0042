"""Keys that sort by time, the shipped resources, and the errors of the database as sentences."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.models.errors import ExitStatus
from neutromon.storage import errors, files, place
from neutromon.storage.ids import id_maker, uuid7


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1))
def test_that_every_key_is_a_uuid_of_version_7_that_holds_its_time(unix_ms: int, random_74: int) -> None:
    made = UUID(uuid7(unix_ms, random_74))
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == unix_ms


def test_that_later_keys_sort_after_earlier_ones() -> None:
    times = [datetime(2026, 3, 12, 9, minute, tzinfo=UTC) for minute in range(5)]
    made = [id_maker(lambda now=now: now)() for now in times]
    assert made == sorted(made)


def test_that_keys_of_one_moment_sort_as_they_were_made() -> None:
    now = datetime(2026, 3, 12, 9, tzinfo=UTC)
    make = id_maker(lambda: now)
    made = [make() for _ in range(200)]
    assert made == sorted(set(made))


def test_that_keys_stay_in_order_when_the_clock_is_set_back() -> None:
    times = iter(datetime(2026, 3, 12, 9, minute, tzinfo=UTC) for minute in (5, 3, 4, 6))
    make = id_maker(lambda: next(times))
    made = [make() for _ in range(4)]
    assert made == sorted(made)


def test_that_rule_files_are_found_and_case_files_are_not_among_them() -> None:
    texts = files.rule_texts()
    assert {"ctcae-5.0.toml", "regimens.toml"} <= set(texts)
    assert not [name for name in texts if name.endswith(".cases.toml")]
    assert files.resource_text("rules/ctcae-5.0.toml") == texts["ctcae-5.0.toml"]


def test_that_a_frozen_build_finds_its_own_resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources" / "rules").mkdir(parents=True)
    monkeypatch.setattr(files.sys, "_MEIPASS", str(tmp_path), raising=False)
    assert files.resources_folder() == tmp_path / "resources"


def test_that_an_incomplete_installation_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "__file__", str(tmp_path / "neutromon" / "storage" / "files.py"))
    with pytest.raises(FileNotFoundError, match="install the program again"):
        files.resources_folder()


def test_that_stores_lie_in_the_users_own_folder() -> None:
    assert files.default_store_path().parent == files.practice_store_path().parent == files.user_data_dir()
    assert files.default_store_path() != files.practice_store_path()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("database is locked", "The store is in use by another program."),
        ("attempt to write a readonly database", "The store cannot be written."),
        ("disk I/O error", "The disk reported an error."),
        ("database or disk is full", "The disk is full."),
        ("database disk image is malformed", "The store is damaged."),
        ("unable to open database file", "The store's file cannot be opened."),
        ("file is not a database", "The store cannot be opened: wrong passphrase, or the file is damaged."),
        ("something new", "The store reported an error."),
    ],
)
def test_that_an_error_of_the_database_becomes_a_sentence_with_advice(text: str, sentence: str) -> None:
    opened, saved = errors.not_opened(Exception(text)), errors.not_saved(Exception(text))
    assert (opened.message, saved.message) == (sentence, f"Not saved. {sentence}")
    assert opened.hint
    assert opened.status is saved.status is ExitStatus.STORE_NOT_OPENED


def test_that_a_lock_on_windows_asks_its_own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from types import SimpleNamespace

    asked: list[tuple[object, ...]] = []
    library = SimpleNamespace(LK_NBLCK=2, locking=lambda *parts: asked.append(parts))
    monkeypatch.setitem(sys.modules, "msvcrt", library)
    monkeypatch.setattr(place.sys, "platform", "win32")
    with open(tmp_path / "lock", "ab") as file:
        place._lock(file)
        assert asked == [(file.fileno(), 2, 1)]


def test_that_a_folder_is_not_synchronised_where_the_platform_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(place.os, "name", "nt")
    monkeypatch.setattr(place.os, "open", lambda *parts: opened.append(parts))
    place.sync_folder(tmp_path)
    monkeypatch.undo()
    assert opened == []


def test_that_no_table_of_mounts_means_a_local_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place.Path, "exists", lambda _: False)
    assert place._mount_kind(tmp_path, None) == ""
