"""Before anybody has signed in, and from the backup panel: a store is restored step by step, a lost passphrase is replaced."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.models.errors import StoreError
from neutromon.services.backups import back_up
from neutromon.services.patients import add_patient, find_patients
from neutromon.services.store_admin import audit_trail, close_session
from neutromon.storage import keys
from neutromon.ui.admin.backup import BackupPanel, backup_warning
from neutromon.ui.admin.page import AdministrationPage
from neutromon.ui.admin.restore import RestoreDialog
from neutromon.ui.start.entry import FirstStartWindow, SignInWindow
from neutromon.ui.start.rescue import RecoveryDialog
from neutromon.ui.start.starter import Starter, StartOptions
from tests.builders import NOW, a_patient
from tests.stores import PASSPHRASE, START, USER, make_store, open_at

NEW = "a passphrase of today"
Begin = Callable[[StartOptions], Starter]


@pytest.fixture
def begin(undressed: QApplication, tmp_path: Path, quick_keys: None) -> Iterator[Begin]:
    made: list[Starter] = []

    def starter(options: StartOptions) -> Starter:
        made.append(Starter(undressed, options, lambda: NOW, data=tmp_path / "data"))
        assert made[-1].begin()
        return made[-1]

    yield starter
    for one in made:
        one.leave()
        if one.entry is not None:
            one.entry.close()
        one.end()


@pytest.fixture
def backed_up(tmp_path: Path, quick_keys: None) -> tuple[Path, Path]:
    """Return a store with two patients and a backup with the first of them."""
    path = make_store(tmp_path)
    opened = open_at(path)
    add_patient(opened, a_patient("T-1"))
    made = back_up(opened)
    add_patient(opened, a_patient("T-2"))
    close_session(opened)
    return path, made


def names(path: Path, passphrase: str = PASSPHRASE) -> list[str]:
    opened = open_at(path, passphrase=passphrase)
    found = sorted(hit.mrn for hit in find_patients(opened, ""))
    close_session(opened)
    return found


def press(root: object, name: str) -> None:
    root.findChild(object, name).click()  # type: ignore[attr-defined]


def test_that_a_damaged_store_is_restored_from_the_sign_in_window_after_a_look_into_the_backup(
    begin: Begin, backed_up: tuple[Path, Path], qtbot: QtBot
) -> None:
    path, _made = backed_up
    path.write_bytes(b"damaged" * 2000)
    entry = begin(StartOptions(store=path)).entry
    assert isinstance(entry, SignInWindow)
    press(entry, "entry_restore")
    dialog = entry.findChild(RestoreDialog)
    assert dialog.file.count() == 1 and not dialog.go.isEnabled()
    dialog.user.setText(USER)
    dialog.secret.setText("not the passphrase")
    dialog.look()
    qtbot.waitUntil(lambda: "wrong" in dialog.problem_text())
    dialog.secret.setText(PASSPHRASE)
    dialog.look()
    qtbot.waitUntil(lambda: "The backup is whole: 1 patients" in dialog.state.text())
    assert "cannot be told" in dialog.state.text()
    assert not dialog.go.isEnabled()
    dialog.sure.setChecked(True)
    press(dialog, "restore_go")
    assert "kept as clinic.neutromon.replaced-" in entry.problem.text()
    assert names(path) == ["T-1"]
    assert any(file.read_bytes().startswith(b"damaged") for file in path.parent.glob("clinic.neutromon.replaced-*"))


def test_that_a_store_that_is_gone_can_be_restored_where_there_are_backups(begin: Begin, backed_up: tuple[Path, Path]) -> None:
    path, _made = backed_up
    path.unlink()
    entry = begin(StartOptions(store=path)).entry
    assert isinstance(entry, FirstStartWindow)
    assert entry.findChild(object, "entry_restore") is not None


def test_that_a_first_start_without_backups_offers_no_restore(begin: Begin, tmp_path: Path) -> None:
    entry = begin(StartOptions(store=tmp_path / "new.neutromon")).entry
    assert entry is not None and entry.findChild(object, "entry_restore") is None


def test_that_the_recovery_key_gives_a_new_passphrase_where_all_are_forgotten(begin: Begin, backed_up: tuple[Path, Path]) -> None:
    path, _made = backed_up
    opened = open_at(path)
    sheet = keys.recovery_sheet(opened.store.key)
    close_session(opened)
    entry = begin(StartOptions(store=path)).entry
    press(entry, "entry_recover")
    assert entry is not None
    dialog = entry.findChild(RecoveryDialog)
    dialog.sheet.setPlainText(sheet[:-1] + ("A" if sheet[-1] != "A" else "B"))
    press(dialog, "recovery_open")
    assert "name is missing" in dialog.problem_text()
    dialog.user.setText(USER)
    dialog.secret.setText(NEW)
    press(dialog, "recovery_open")
    assert "differ" in dialog.problem_text()
    dialog.again.setText(NEW)
    press(dialog, "recovery_open")
    assert "not right" in dialog.problem_text()
    dialog.sheet.setPlainText(sheet)
    press(dialog, "recovery_open")
    assert isinstance(entry, SignInWindow) and "has a new passphrase" in entry.problem.text()
    assert names(path, NEW) == ["T-1", "T-2"]
    with pytest.raises(StoreError):
        open_at(path)


def backup_panel(starter: Starter) -> BackupPanel:
    assert starter.window is not None
    starter.window.show_desk("administration")
    page = starter.window.pages.page("administration")
    assert isinstance(page, AdministrationPage)
    made = page.panel()
    assert isinstance(made, BackupPanel)
    return made


def test_that_the_open_store_is_restored_after_its_newer_records_were_shown_and_one_signs_in_again(
    begin: Begin, backed_up: tuple[Path, Path], qtbot: QtBot
) -> None:
    path, _made = backed_up
    starter = begin(StartOptions(store=path, user=USER, passphrase=PASSPHRASE))
    panel = backup_panel(starter)
    dialog = panel.begin_restore()
    assert isinstance(dialog, RestoreDialog)
    dialog.look()
    qtbot.waitUntil(lambda: "The backup is whole" in dialog.state.text(), timeout=20_000)
    assert [one.mrn for one in dialog.lost.records() if one.mrn] == ["T-2"]
    assert "Newer in the present store" in dialog.state.text()
    dialog.sure.setChecked(True)
    press(dialog, "restore_go")
    qtbot.waitUntil(lambda: starter.window is None and starter.session is None, timeout=20_000)
    entry = starter.entry
    assert isinstance(entry, SignInWindow) and "restored" in entry.problem.text()
    entry.user.setText(USER)
    entry.passphrase.setText(PASSPHRASE)
    entry.try_open()
    assert starter.session is not None
    assert [hit.mrn for hit in find_patients(starter.session, "")] == ["T-1"]
    assert "store restored from a backup" in [one.what for one in audit_trail(starter.session).entries]


def test_that_a_backup_goes_to_a_place_that_a_person_chooses(begin: Begin, backed_up: tuple[Path, Path], qtbot: QtBot) -> None:
    path, _made = backed_up
    starter = begin(StartOptions(store=path, user=USER, passphrase=PASSPHRASE))
    panel = backup_panel(starter)
    place = path.parent / "stick" / "copy.neutromon"
    panel.backup_requested.emit(place)
    qtbot.waitUntil(place.exists, timeout=20_000)
    assert starter.window is not None
    window = starter.window
    qtbot.waitUntil(lambda: "Backup made and verified" in window.messages.text(), timeout=20_000)


@pytest.mark.parametrize(("hours", "tone"), [(None, "hold"), (23, "meets"), (24, "hold"), (167, "hold"), (168, "error")])
def test_that_an_old_backup_is_amber_after_a_day_and_red_after_a_week(hours: int | None, tone: str) -> None:
    from datetime import timedelta

    from neutromon.ui.status import backup_tone

    at = None if hours is None else START - timedelta(hours=hours)
    assert backup_tone(at, START) == tone
    assert bool(backup_warning(at, START)) == (tone != "meets")
