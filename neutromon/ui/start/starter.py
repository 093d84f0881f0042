"""From the options to the main window: one instance, first start or sign-in, and what is caught on the way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from neutromon.models.errors import UserError
from neutromon.storage.files import default_store_path, practice_store_path, resources_folder, user_data_dir
from neutromon.ui.application import Wardrobe
from neutromon.ui.settings import WindowSettings, read_settings, write_settings
from neutromon.ui.start.crash import CrashDesk
from neutromon.ui.start.pace import Pace
from neutromon.ui.start.single import SingleInstance

if TYPE_CHECKING:
    from neutromon.services.session import Session
    from neutromon.ui.main_window import MainWindow
    from neutromon.ui.start.entry import EntryWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOptions:
    """What the words and the environment say; `words` are kept for a restart."""

    practice: bool = False
    store: Path | None = None
    language: str = ""
    user: str = ""
    passphrase: str = ""
    words: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Return the store that is meant."""
        if self.store is not None:
            return self.store
        return practice_store_path() if self.practice else default_store_path()


class FirstPaint(QWidget):
    """One pixel in a window's corner, which tells once, when the event loop is back from painting it with the rest.

    An event filter would learn the same, and Qt's binding would make the type of every event that passes it.
    """

    painted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setFixedSize(1, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Wait for the loop, then tell and go."""
        QTimer.singleShot(0, self, self._tell)

    def _tell(self) -> None:
        self.hide()
        self.deleteLater()
        self.painted.emit()


class Starter:
    """Owns what lives as long as the program: settings, wardrobe, lock, crash desk, session, window."""

    def __init__(
        self,
        application: QApplication,
        options: StartOptions,
        clock: Callable[[], datetime],
        data: Path | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._options, self._clock = options, clock
        self.data = data or user_data_dir()
        self._settings_path = self.data / "window.json"
        self.settings = self._settings()
        self.wardrobe = Wardrobe(application=application, resources=resources_folder())
        self.crash = CrashDesk(self.data / "logs", clock, self._show_crash)
        self.pace = pace or Pace()
        self.single = SingleInstance(options.path, self.data / "run")
        self.session: Session | None = None
        self.window: MainWindow | None = None
        self.entry: QWidget | None = None

    def _settings(self) -> WindowSettings:
        kept = read_settings(self._settings_path)
        return replace(kept, language=self._options.language) if self._options.language else kept

    def begin(self) -> bool:
        """Show the first window; return False where another window has this store and was asked to come forward."""
        if not self.single.is_first():
            return False
        self.single.raised.connect(self._come_forward)
        self.crash.install()
        self.pace.begin()
        self.wardrobe.load_first_fonts()
        self.wardrobe.speak(self.settings)
        self.theme = self.wardrobe.dress(self.settings, sheet=False)
        try:
            self._enter()
        except UserError:
            self.end()
            raise
        return True

    def _enter(self) -> None:
        options = self._options
        if options.practice:
            self._enter_practice()
        elif not options.path.exists():
            self._show_first_start()
        elif options.user and options.passphrase:
            self.open_real(options.user, options.passphrase)
        else:
            self._show_sign_in()

    def _enter_practice(self) -> None:
        if self._options.path.exists():
            self._open_practice()
            return
        from neutromon.ui.start.waiting import WaitingWindow

        self._show_entry(WaitingWindow())
        QTimer.singleShot(30, self._open_practice)

    def _open_practice(self) -> None:
        from neutromon.services.practice.store import open_practice

        self.open_window(open_practice(self._options.path, clock=self._clock))

    def _show_first_start(self) -> None:
        from neutromon.services.backups import backup_folder
        from neutromon.services.store_admin import create_store
        from neutromon.ui.start.entry import FirstStartWindow

        path = self._options.path
        window = FirstStartWindow(path, lambda user, secret: create_store(path, user, secret, now=self._clock()).recovery_key)
        if backup_folder(path).is_dir():
            self._offer_rescue(window)
        window.ready.connect(self.open_real)
        window.practice_requested.connect(self.start_practice)
        self._show_entry(window)

    def _show_sign_in(self, user: str | None = None) -> EntryWindow:
        from neutromon.ui.start.entry import SignInWindow

        window = SignInWindow(self._options.path, self._options.user if user is None else user, self.open_real)
        self._offer_rescue(window)
        if self._options.practice:
            window.show_practice()
        window.practice_requested.connect(self.start_practice)
        self._show_entry(window)
        return window

    def _offer_rescue(self, window: EntryWindow) -> None:
        from neutromon.ui.start.rescue import offer_rescue

        offer_rescue(window, self._options.path, self._clock, practice=self._options.practice)

    def sign_in_again(self) -> EntryWindow:
        """Show the sign-in window and return it, for a store that is exchanged behind it."""
        return self._show_sign_in()

    def leave(self) -> None:
        """Close the main window and the store; the program goes on."""
        if self.window is not None:
            self.wardrobe.application.removeEventFilter(self.window.idle)
            self.window.close()
            self.window.deleteLater()
            self.window = None
        if self.session is not None:
            from neutromon.services.store_admin import close_session

            close_session(self.session)
            self.session = None

    def change_user(self) -> None:
        """Keep what is begun as its writer's draft, close her session, and ask who signs in; once the event is over."""
        QTimer.singleShot(0, self.single, self._change_user)

    def _change_user(self) -> None:
        if self.window is None or self.entry is not None:
            return
        for dialog in self.window.findChildren(QDialog):
            dialog.reject()
        self._show_sign_in("")
        self.leave()

    def restore(self, backup: Path, passphrase: str) -> None:
        """Restore a backup over the open store, once the event that asked for it is over."""
        from neutromon.ui.start.rescue import restore_and_sign_in

        QTimer.singleShot(0, self.single, lambda: restore_and_sign_in(self, backup, passphrase))

    def _show_entry(self, window: QWidget) -> None:
        self.entry = window
        self.wardrobe.wear_sheet(self.theme)
        window.show()
        QTimer.singleShot(0, self.single, self.single.listen)

    def open_real(self, user: str, passphrase: str) -> None:
        """Open the clinic's own store; raise UserError with one sentence where it cannot be opened."""
        from neutromon.services.store_admin import open_session

        self.open_window(open_session(self._options.path, user, passphrase, clock=self._clock))

    def open_window(self, session: Session) -> None:
        """Build and show the main window over an open session; whatever is heavy waits for the first paint."""
        from neutromon.ui.start.building import build_window

        self.session = session
        self.window = build_window(self, session)
        self.wardrobe.wear_sheet(self.theme)
        FirstPaint(self.window).painted.connect(self.after_first_paint)
        self.window.show()
        if self.entry is not None:
            self.entry.close()
            self.entry.deleteLater()
            self.entry = None

    def after_first_paint(self) -> None:
        """Begin with whatever the first sight could wait for."""
        self.pace.settle()
        self.single.listen()
        self.wardrobe.load_other_fonts()
        if self.window is not None:
            self.wardrobe.application.installEventFilter(self.window.idle)
            self.window.begin_day()
            if self.session is not None:
                from neutromon.ui.desk import ask_for_own_passphrase

                ask_for_own_passphrase(self.window, self.session)

    def keep(self, settings: WindowSettings) -> None:
        """Keep the window's settings."""
        self.settings = settings
        write_settings(self._settings_path, settings)

    def start_practice(self) -> None:
        """Start the practice clinic as a program of its own."""
        start_detached(["--practice"])

    def restart(self) -> None:
        """Start the program anew with the same words and close this one."""
        self.single.end()
        if self.window is not None:
            self.window.close()
        self.end()
        start_detached(self._options.words)
        self.wardrobe.application.quit()

    def _come_forward(self) -> None:
        shown = self.window or self.entry
        if shown is not None:
            shown.showNormal() if shown.isMinimized() else shown.show()
            shown.raise_()
            shown.activateWindow()

    def _show_crash(self, place: str) -> None:
        from neutromon.ui.start.fault import FaultDialog

        dialog = FaultDialog(place, self.crash.log_path, self.window or self.entry)
        dialog.restart_requested.connect(self.restart)
        dialog.open()

    def end(self) -> None:
        """Close the store, give the locks back."""
        if self.session is not None:
            from neutromon.services.store_admin import close_session

            close_session(self.session)
            self.session = None
        self.crash.end()
        self.pace.end()
        self.single.end()


def start_detached(words: Sequence[str]) -> None:
    """Start the program as one of its own that outlives this one."""
    from PySide6.QtCore import QProcess

    own = [] if getattr(sys, "frozen", False) else ["-m", "neutromon"]
    QProcess.startDetached(sys.executable, [*own, *words])
