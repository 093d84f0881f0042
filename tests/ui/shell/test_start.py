"""From the command to the first window: first start, sign-in, one instance, and a sentence where it cannot be opened."""

import builtins
import gc
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from neutromon.models.errors import StoreError
from neutromon.services.patients import add_patient
from neutromon.services.people import add_person
from neutromon.services.practice.store import PASSPHRASE as PUBLISHED
from neutromon.services.practice.store import open_practice
from neutromon.services.roles import Role
from neutromon.services.store_admin import close_session, create_store
from neutromon.ui.start.building import FIRST_SIZE
from neutromon.ui.start.display import no_display
from neutromon.ui.start.entry import FirstStartWindow, RecoverySheet, SignInWindow
from neutromon.ui.start.pace import HAND_OVER_S, Pace
from neutromon.ui.start.rescue import offer_rescue
from neutromon.ui.start.single import SingleInstance
from neutromon.ui.start.starter import FirstPaint, Starter, StartOptions, start_detached
from neutromon.ui.start.waiting import WaitingWindow
from tests.builders import NOW, a_patient
from tests.stores import PASSPHRASE, USER, make_store

Begin = Callable[..., Starter]
COLLEAGUE = "Testa Colleague"


@pytest.fixture
def begin(undressed: QApplication, tmp_path: Path, quick_keys: None) -> Iterator[Begin]:
    """Return a function that starts the program on a store; whatever is shown is closed after the test."""
    started: list[Starter] = []

    def starter(options: StartOptions) -> Starter:
        made = Starter(undressed, options, lambda: NOW, data=tmp_path / "data")
        started.append(made)
        made.begin()
        return made

    yield starter
    for made in started:
        for shown in (made.window, made.entry):
            if shown is not None:
                shown.close()
                shown.deleteLater()
        made.end()


def options(path: Path, **changes: object) -> StartOptions:
    return replace(StartOptions(store=path), **changes)  # type: ignore[arg-type]


def test_that_the_first_start_makes_the_store_and_shows_the_recovery_key_until_it_is_kept(
    begin: Begin, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "clinic.neutromon"
    starter = begin(options(path))
    first = starter.entry
    assert isinstance(first, FirstStartWindow)
    qtbot.keyClicks(first.user, "Testa Nurse")
    qtbot.keyClicks(first.passphrase, "four plain words here")
    qtbot.keyClicks(first.again, "four plain words here")
    qtbot.keyClick(first.again, Qt.Key.Key_Return)
    sheet = first.findChild(RecoverySheet)
    assert path.exists() and len(sheet.key.toPlainText()) > 50
    assert not sheet.go.isEnabled()
    first.resize(first.width() + 200, first.height() + 100)
    assert first.card.isHidden() and sheet.size() == first.size()
    sheet.kept.click()
    sheet.go.click()
    assert starter.window is not None and starter.window.isVisible()
    assert starter.session is not None and starter.session.user == "Testa Nurse"


@pytest.mark.parametrize(
    ("user", "secret", "again", "told"),
    [
        ("", "four plain words here", "four plain words here", "name is missing"),
        ("Testa", "four plain words here", "another", "differ"),
        ("Testa", "short", "short", "fewer than 10"),
    ],
)
def test_that_the_first_start_says_what_is_missing(begin: Begin, tmp_path: Path, user: str, secret: str, again: str, told: str) -> None:
    path = tmp_path / "clinic.neutromon"
    first = begin(options(path)).entry
    assert isinstance(first, FirstStartWindow)
    first.user.setText(user)
    first.passphrase.setText(secret)
    first.again.setText(again)
    first.create_store()
    assert told in first.problem.text()
    assert not path.exists()


def test_that_a_wrong_passphrase_is_one_sentence_and_the_right_one_opens(begin: Begin, tmp_path: Path, qtbot: QtBot) -> None:
    starter = begin(options(make_store(tmp_path)))
    entry = starter.entry
    assert isinstance(entry, SignInWindow)
    entry.user.setText(USER)
    entry.passphrase.setText("a wrong passphrase")
    entry.begin()
    assert not entry.go.isEnabled()
    qtbot.waitUntil(lambda: bool(entry.problem.text()))
    assert entry.problem.text().startswith("User or passphrase is wrong.")
    assert (entry.passphrase.text(), entry.go.isEnabled()) == ("", True)
    entry.passphrase.setText(PASSPHRASE)
    entry.begin()
    qtbot.waitUntil(lambda: starter.window is not None)


def test_that_user_and_passphrase_of_the_environment_open_at_once(begin: Begin, tmp_path: Path) -> None:
    starter = begin(options(make_store(tmp_path), user=USER, passphrase=PASSPHRASE))
    assert starter.window is not None and starter.entry is None


def test_that_a_store_in_use_by_another_program_is_one_sentence(begin: Begin, tmp_path: Path) -> None:
    from tests.stores import open_at

    path = make_store(tmp_path)
    other = open_at(path)
    with pytest.raises(StoreError, match="in use by another program"):
        begin(options(path, user=USER, passphrase=PASSPHRASE))
    close_session(other)


def test_that_a_store_on_a_share_is_refused_in_one_sentence(begin: Begin, tmp_path: Path) -> None:
    cloud = tmp_path / "OneDrive"
    cloud.mkdir()
    first = begin(options(cloud / "clinic.neutromon")).entry
    assert isinstance(first, FirstStartWindow)
    first.user.setText("Testa")
    first.passphrase.setText("four plain words here")
    first.again.setText("four plain words here")
    first.create_store()
    assert "cloud-synchronised" in first.problem.text()


def test_that_the_practice_clinic_opens_at_once_and_is_visibly_different(begin: Begin, practice_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "practice.neutromon"
    close_session(open_practice(path, clock=lambda: NOW))
    starter = begin(options(path, practice=True))
    assert starter.window is not None
    assert "practice" in starter.window.windowTitle()
    banner = starter.window.findChild(object, "practice_banner")
    assert banner is not None and banner.isVisible()  # type: ignore[attr-defined]


def test_that_a_real_store_wears_no_practice_banner(begin: Begin, tmp_path: Path) -> None:
    starter = begin(options(make_store(tmp_path), user=USER, passphrase=PASSPHRASE))
    assert starter.window is not None
    assert starter.window.findChild(object, "practice_banner") is None
    assert starter.window.windowTitle() == "NeutroMon"


def test_that_an_empty_clinic_is_taught_its_first_steps(begin: Begin, tmp_path: Path, qtbot: QtBot) -> None:
    from neutromon.ui.guide import FirstSteps

    starter = begin(options(make_store(tmp_path), user=USER, passphrase=PASSPHRASE))
    assert starter.window is not None
    window = starter.window
    qtbot.waitUntil(lambda: window.findChild(FirstSteps) is not None)
    guide = window.findChild(FirstSteps)
    with qtbot.waitSignal(guide.command_requested) as told:
        guide.findChild(object, "step_desk_imports").click()
    assert told.args == ["desk_imports"]
    assert window.pages.name == "imports"


def test_that_a_second_start_raises_the_first_window_and_ends(begin: Begin, tmp_path: Path, qtbot: QtBot, undressed: QApplication) -> None:
    path = make_store(tmp_path)
    first = begin(options(path, user=USER, passphrase=PASSPHRASE))
    qtbot.waitUntil(lambda: first.single.listening)
    second = Starter(undressed, options(path), lambda: NOW, data=tmp_path / "data")
    with qtbot.waitSignal(first.single.raised):
        assert second.begin() is False


TAKE_AND_DIE = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from neutromon.ui.start.single import SingleInstance
application = QCoreApplication([])
single = SingleInstance(Path(sys.argv[1]), Path(sys.argv[2]))
assert single.is_first()
os._exit(77)
"""


def test_that_a_lock_left_by_a_killed_program_is_no_second_window(tmp_path: Path, qtbot: QtBot) -> None:
    store, run = tmp_path / "clinic.neutromon", tmp_path / "run"
    killed = subprocess.run([sys.executable, "-c", TAKE_AND_DIE, str(store), str(run)], check=False)
    assert killed.returncode == 77 and list(run.glob("*.lock"))
    again = SingleInstance(store, run)
    assert again.is_first()
    again.end()


def test_that_settings_are_kept_for_the_next_start(begin: Begin, tmp_path: Path) -> None:
    path = make_store(tmp_path)
    starter = begin(options(path, user=USER, passphrase=PASSPHRASE))
    assert starter.window is not None
    starter.window.run_command("theme")
    assert Starter(starter.wardrobe.application, options(path), lambda: NOW, data=tmp_path / "data").settings.theme == "dark"


@pytest.mark.parametrize(
    ("environment", "platform", "none"),
    [
        ({}, "linux", True),
        ({"DISPLAY": ":0"}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({}, "win32", False),
        ({}, "darwin", False),
    ],
)
def test_that_only_linux_without_x_and_wayland_has_no_display(environment: dict[str, str], platform: str, none: bool) -> None:
    assert no_display(environment, platform) is none


def test_that_a_created_store_tells_its_recovery_key_once(tmp_path: Path, quick_keys: None) -> None:
    made = create_store(tmp_path / "x.neutromon", USER, PASSPHRASE, now=NOW)
    assert len(made.recovery_key.split()) >= 8


def test_that_a_window_larger_than_the_screen_begins_maximised(begin: Begin, tmp_path: Path, undressed: QApplication) -> None:
    path = make_store(tmp_path)
    window = begin(options(path, user=USER, passphrase=PASSPHRASE)).window
    screen = undressed.primaryScreen().availableGeometry()
    assert window is not None
    assert screen.width() < FIRST_SIZE[0] and window.isMaximized()


def test_that_the_waiting_window_says_that_keys_are_not_taken_meanwhile(qtbot: QtBot) -> None:
    window = WaitingWindow()
    qtbot.addWidget(window)
    assert "keys typed before are not taken" in window.keys.text()


def test_that_the_pace_collects_nothing_and_imports_plainly_until_it_gives_everything_back() -> None:
    before = builtins.__import__, gc.isenabled(), sys.getswitchinterval()
    pace = Pace()
    pace.begin()
    pace.begin()
    plain = builtins.__import__
    assert plain is getattr(builtins, "__orig_import__", plain)
    assert not gc.isenabled() and sys.getswitchinterval() == pytest.approx(HAND_OVER_S)
    pace.settle()
    assert gc.isenabled()
    pace.end()
    assert (builtins.__import__, gc.isenabled(), sys.getswitchinterval()) == before


def test_that_the_first_paint_is_told_once_and_leaves_no_trace(begin: Begin, tmp_path: Path, qtbot: QtBot) -> None:
    starter = begin(options(make_store(tmp_path), user=USER, passphrase=PASSPHRASE))
    window = starter.window
    assert window is not None
    qtbot.waitUntil(lambda: starter.single.listening)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not window.findChildren(FirstPaint)


def enter(starter: Starter, user: str, qtbot: QtBot) -> None:
    """Sign in at the window that asks for it."""
    entry = starter.entry
    assert isinstance(entry, SignInWindow) and entry.user.text() == ""
    entry.user.setText(user)
    entry.passphrase.setText(PASSPHRASE)
    entry.begin()
    qtbot.waitUntil(lambda: starter.window is not None)


@pytest.mark.parametrize("locked", [False, True])
def test_that_a_colleague_signs_in_without_seeing_what_was_begun_and_the_first_finds_it_again(
    begin: Begin, tmp_path: Path, qtbot: QtBot, locked: bool
) -> None:
    path = make_store(tmp_path)
    starter = begin(options(path, user=USER, passphrase=PASSPHRASE))
    assert starter.session is not None and starter.window is not None
    add_person(starter.session, COLLEAGUE, PASSPHRASE, Role.NURSE)
    patient = add_patient(starter.session, a_patient()).value
    starter.window.open_form_for("event", patient, "")
    begun(starter).setPlainText("begun and not saved")
    if locked:
        starter.window.lock()
        starter.window.lock_page.findChild(QPushButton, "lock_change_user").click()
    else:
        starter.window.run_command("change_user")
    qtbot.waitUntil(lambda: starter.entry is not None)
    assert starter.session is None and starter.window is None
    enter(starter, COLLEAGUE, qtbot)
    assert starter.session is not None and starter.session.user == COLLEAGUE and starter.window is not None
    assert not starter.window.forms.dialogs()
    starter.window.open_form_for("event", patient, "")
    assert begun(starter).toPlainText() == ""
    starter.window.run_command("change_user")
    qtbot.waitUntil(lambda: starter.entry is not None)
    enter(starter, USER, qtbot)
    starter.window.open_form_for("event", patient, "")
    assert begun(starter).toPlainText() == "begun and not saved"


def begun(starter: Starter) -> QPlainTextEdit:
    """Return the text of the open form."""
    assert starter.window is not None
    found = starter.window.forms.dialogs()[0].findChildren(QPlainTextEdit)[0]
    assert isinstance(found, QPlainTextEdit)
    return found


@pytest.mark.parametrize("locked", [False, True])
def test_that_the_practice_clinic_is_marked_whoever_signs_in_and_tells_its_passphrase(
    begin: Begin, tmp_path: Path, qtbot: QtBot, locked: bool
) -> None:
    path = tmp_path / "practice.neutromon"
    close_session(open_practice(path, clock=lambda: NOW))
    starter = begin(options(path, practice=True))
    assert starter.session is not None and starter.window is not None
    add_person(starter.session, COLLEAGUE, PASSPHRASE, Role.NURSE)
    if locked:
        starter.window.lock()
        assert PUBLISHED in starter.window.lock_page.findChild(QLabel, "lock_published").text()
        starter.window.lock_page.findChild(QPushButton, "lock_change_user").click()
    else:
        starter.window.run_command("change_user")
    qtbot.waitUntil(lambda: starter.entry is not None)
    assert isinstance(starter.entry, SignInWindow) and "practice" in starter.entry.windowTitle()
    assert PUBLISHED in starter.entry.findChild(QLabel, "sign_in_published").text()
    assert starter.entry.practice.isHidden()
    enter(starter, COLLEAGUE, qtbot)
    assert starter.session is not None and starter.session.practice and starter.window is not None
    assert "practice" in starter.window.windowTitle()
    assert starter.window.findChild(QFrame, "practice_banner").isVisible()


def test_that_the_lock_page_of_a_real_clinic_tells_no_passphrase(begin: Begin, tmp_path: Path) -> None:
    starter = begin(options(make_store(tmp_path), user=USER, passphrase=PASSPHRASE))
    assert starter.window is not None
    assert starter.window.lock_page.findChild(QLabel, "lock_published") is None


@pytest.mark.parametrize(("frozen", "own"), [(True, []), (False, ["-m", "neutromon"])])
def test_that_a_second_program_is_started_as_this_one_was(monkeypatch: pytest.MonkeyPatch, frozen: bool, own: list[str]) -> None:
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr("PySide6.QtCore.QProcess.startDetached", lambda program, words: started.append((program, words)))
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    start_detached(["--practice"])
    assert started == [(sys.executable, [*own, "--practice"])]


def test_that_the_first_window_shows_all_of_its_card_even_with_the_ways_to_rescue(
    qtbot: QtBot, undressed: QApplication, tmp_path: Path
) -> None:
    path = tmp_path / "a folder with a rather long name for a clinic" / "clinic.neutromon"
    made = FirstStartWindow(path, lambda _user, _secret: "")
    offer_rescue(made, path, lambda: NOW)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.create_store()  # says what is missing, which needs room too
    bar = made._area.verticalScrollBar()
    for part in (made.user, made.passphrase, made.again):
        assert part.height() >= part.sizeHint().height()
    assert bar.maximum() == 0 or made.height() >= made.screen().availableGeometry().height() - 40
