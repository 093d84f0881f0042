"""Build the main window over an open session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, Qt

from neutromon.ui.clinic import SessionClinic
from neutromon.ui.desk import Desk
from neutromon.ui.main_window import SMALLEST, MainWindow
from neutromon.ui.window_tools import WindowTools

FIRST_SIZE = (1600, 940)
FRAME = 60

if TYPE_CHECKING:
    from neutromon.services.session import Session
    from neutromon.ui.start.starter import Starter


def build_window(starter: Starter, session: Session) -> MainWindow:
    """Return the main window, not yet shown."""
    from neutromon.storage.files import resources_folder

    def check(text: str) -> None:
        from neutromon.services.sign_in import check_passphrase

        check_passphrase(session, text)

    def notices() -> str:
        from neutromon.ui.sheet import notices_text

        return notices_text(resources_folder() / "fonts")

    tools = WindowTools(
        clinic=SessionClinic(session),
        theme=starter.theme,
        settings=starter.settings,
        keep=starter.keep,
        dress=starter.wardrobe.dress,
        speak=starter.wardrobe.speak,
        check_passphrase=check,
        desk=Desk(session),
        restore=starter.restore,
        notices=notices,
        open_practice=starter.start_practice,
        last_crash=starter.crash.last_crash,
        change_user=starter.change_user,
        geometry=QSettings(str(starter.data / "geometry.ini"), QSettings.Format.IniFormat),
    )
    window = MainWindow(tools)
    place_window(window, tools.geometry)
    return window


def place_window(window: MainWindow, geometry: QSettings | None) -> None:
    """Put the window where it was; at first as large as the screen comfortably gives."""
    kept = geometry.value("window") if geometry is not None else None
    if isinstance(kept, QByteArray) and window.restoreGeometry(kept):
        return
    screen = window.screen().availableGeometry()
    wide, high = (min(given, wanted) for given, wanted in zip((screen.width(), screen.height()), FIRST_SIZE, strict=True))
    if (wide, high) != FIRST_SIZE:  # a frame around the whole screen would push the status bar off it
        window.resize(max(wide - FRAME, SMALLEST[0]), max(high - FRAME, SMALLEST[1]))
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
        return
    window.resize(wide, high)
