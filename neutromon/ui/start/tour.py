"""Pictures of the main screens over an open session, drawn without a display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QEventLoop

from neutromon.models.worklist import ListName
from neutromon.storage.files import resources_folder
from neutromon.ui.application import Wardrobe, build_application
from neutromon.ui.settings import WindowSettings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from neutromon.services.session import Session
    from neutromon.ui.main_window import MainWindow

SIZE = (1366, 768)
PATIENCE = 20_000
"""Milliseconds for one picture, at most."""


def take_pictures(session: Session, folder: Path) -> list[Path]:
    """Write a PNG of each main screen, light, and of the worklist in dark; return the files."""
    from neutromon.ui.clinic import SessionClinic
    from neutromon.ui.desk import Desk
    from neutromon.ui.main_window import MainWindow
    from neutromon.ui.window_tools import WindowTools

    folder.mkdir(parents=True, exist_ok=True)
    application = build_application(())
    wardrobe = Wardrobe(application=application, resources=resources_folder())
    wardrobe.load_first_fonts()
    wardrobe.load_other_fonts()
    settings = WindowSettings()
    theme = wardrobe.dress(settings)
    window = MainWindow(
        WindowTools(clinic=SessionClinic(session), theme=theme, settings=settings, dress=wardrobe.dress, desk=Desk(session))
    )
    window.resize(*SIZE)
    window.show()
    try:
        return [_picture(application, window, folder / f"{name}.png", step) for name, step in steps(window)]
    finally:
        window.close()


def steps(window: MainWindow) -> list[tuple[str, Callable[[], object]]]:
    """Return what to show for each picture."""
    first = window.worklist.table
    return [
        ("1-tomorrow", lambda: window.show_list(ListName.TOMORROW)),
        ("2-nadir-window", lambda: window.show_list(ListName.NADIR_WINDOW)),
        ("3-open-alerts", lambda: window.show_list(ListName.ALERTS)),
        ("4-patient", lambda: window.open_patient(first.current_id())),
        ("5-alert-inbox", lambda: window.show_desk("inbox")),
        ("6-hand-over", lambda: window.show_desk("handover")),
        ("7-wall", lambda: window.show_desk("wall")),
        ("8-holding-bay", lambda: window.show_desk("holding")),
        ("9-tomorrow-dark", lambda: _dark(window)),
    ]


def _dark(window: MainWindow) -> None:
    window.change_settings(replace(window.settings, theme="dark"))
    window.show_list(ListName.TOMORROW)


def _wait_until_drawn(application: QApplication, window: MainWindow) -> None:
    """Let the chart and the forecast come, which follow a patient's words; a picture of a page half drawn tells nothing."""
    until = QDeadlineTimer(PATIENCE)
    application.processEvents()
    while getattr(window.pages.currentWidget(), "is_drawing", False) and not until.hasExpired():
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    application.processEvents()


def _picture(application: QApplication, window: MainWindow, path: Path, step: Callable[[], object]) -> Path:
    step()
    _wait_until_drawn(application, window)
    window.grab().save(str(path))
    return path
