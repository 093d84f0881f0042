"""What the composition root hands to the main window: the clinic, its looks, and the desks that go beyond the port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neutromon.ui.port import ClinicPort
from neutromon.ui.settings import WindowSettings
from neutromon.ui.theme import Theme

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSettings

    from neutromon.ui.desk import Desk


@dataclass(kw_only=True)
class WindowTools:
    """`keep` stores settings, `dress` and `speak` apply them, `check_passphrase` raises UserError where it is wrong.

    `desk` does reports, imports and backups; None where there is no store behind the clinic. `notices` reads the texts of the
    parts for the about page, `open_practice` starts the practice clinic beside this window, `last_crash` tells what a crash left
    behind, `restore` puts a backup in the place of the open store, `geometry` keeps the window's place.
    `change_user` closes the session and asks who signs in next; None where there is only one person.
    """

    clinic: ClinicPort
    theme: Theme
    settings: WindowSettings
    keep: Callable[[WindowSettings], object] = lambda settings: None
    dress: Callable[[WindowSettings], Theme]
    speak: Callable[[WindowSettings], None] = lambda settings: None
    check_passphrase: Callable[[str], None] = lambda text: None
    desk: Desk | None = None
    notices: Callable[[], str] = lambda: ""
    open_practice: Callable[[], object] = lambda: None
    last_crash: Callable[[], str] = lambda: ""
    restore: Callable[[Path, str], object] = lambda backup, passphrase: None
    change_user: Callable[[], object] | None = None
    geometry: QSettings | None = None
