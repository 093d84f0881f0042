"""The main window over a clinic in memory, and over a real practice store."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.services.practice.store import PASSPHRASE, USER, build_practice_store
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session, open_session
from neutromon.storage import keys
from neutromon.storage.files import resources_folder
from neutromon.ui.application import Wardrobe
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.desk import Desk
from neutromon.ui.main_window import MainWindow
from neutromon.ui.port import ClinicPort
from neutromon.ui.settings import WindowSettings
from neutromon.ui.window_tools import WindowTools
from tests.builders import NOW
from tests.ui.fake_clinic import FakeClinic, a_clinic

QUICK = {"m": 64, "t": 1, "p": 1}


def make_window(qtbot: QtBot, application: QApplication, clinic: ClinicPort, **tools: object) -> MainWindow:
    """Return a shown main window over a clinic."""
    wardrobe = Wardrobe(application=application, resources=resources_folder())
    theme = wardrobe.dress(WindowSettings())
    window = MainWindow(WindowTools(clinic=clinic, theme=theme, settings=WindowSettings(), dress=wardrobe.dress, **tools))  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)
    window.begin_day()
    return window


@pytest.fixture
def undressed(qapp: QApplication) -> Iterator[QApplication]:
    """Give the application, and take the style sheet away after the test."""
    yield qapp
    qapp.setStyleSheet("")


@pytest.fixture
def clinic() -> FakeClinic:
    """Return nine synthetic patients in memory."""
    return a_clinic()


@pytest.fixture
def window(qtbot: QtBot, undressed: QApplication, clinic: FakeClinic) -> MainWindow:
    """Return the main window over the clinic in memory."""
    return make_window(qtbot, undressed, clinic)


@pytest.fixture(scope="session")
def practice_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the practice store once, with cheap keys."""
    path = tmp_path_factory.mktemp("practice") / "practice.neutromon"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "PARAMETERS", QUICK)
        build_practice_store(path, NOW)
    return path


@pytest.fixture
def practice(practice_file: Path, tmp_path: Path, quick_keys: None) -> Iterator[Session]:
    """Open a copy of the practice store."""
    for part in practice_file.parent.glob(f"{practice_file.name}*"):
        if not part.name.endswith(".lock"):
            shutil.copy(part, tmp_path)
    session = open_session(tmp_path / practice_file.name, USER, PASSPHRASE, clock=lambda: NOW, practice=True)
    yield session
    close_session(session)


@pytest.fixture
def practice_window(qtbot: QtBot, undressed: QApplication, practice: Session) -> MainWindow:
    """Return the main window over the practice store; opened files are remembered, not opened."""
    return make_window(qtbot, undressed, SessionClinic(practice), desk=Desk(practice, open_file=lambda path: None))
