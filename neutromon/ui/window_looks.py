"""The looks of the main window: settings in force, theme, language, text size and unit; a change comes back to where one was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from neutromon.storage.files import resources_folder
from neutromon.ui.language import english_of
from neutromon.ui.practice_banner import window_title
from neutromon.ui.settings import COUNT_UNITS, SCALES, THEMES, WindowSettings

if TYPE_CHECKING:
    from neutromon.ui.main_window import MainWindow
    from neutromon.ui.place import Place
    from neutromon.ui.theme import Theme
    from neutromon.ui.window_tools import WindowTools

LOOKS = ("theme", "scale", "language", "right_to_left", "count_unit")
OF_LIST = ("hidden_columns", "column_widths", "column_order", "order", "descending")


class Looks:
    """Holds settings and theme, and dresses the window's parts; pages are built anew in other looks."""

    def __init__(self, window: MainWindow, tools: WindowTools) -> None:
        self._window, self._tools = window, tools
        self.settings, self.theme = tools.settings, tools.theme

    def change(self, settings: WindowSettings) -> None:
        """Apply settings and keep them; the page, its tab or row and the keyboard's field stay."""
        window, before = self._window, self.settings
        changed = any(getattr(settings, name) != getattr(before, name) for name in LOOKS)
        self.settings = settings
        self._tools.keep(settings)
        window.idle.set_minutes(settings.lock_after_minutes)
        if changed:
            name, patient, place = self._leave()
            self._tools.speak(settings)
            if (settings.language, settings.right_to_left) != (before.language, before.right_to_left):
                self._relabel(before.language)
            self._dress(self._tools.dress(settings))
            self._come_back(name, patient, place)
        window.notifier.settings_changed.emit()

    def _leave(self) -> tuple[str, str, Place]:
        """Drop every page but the list before all widgets are styled anew; return the page, its patient and the place on it.

        Only a page that cannot have asked for the change itself is given back at once.
        """
        window = self._window
        name, patient = window.pages.name, window.patient_id()
        from neutromon.ui.place import place_of  # with relabel, after the first paint

        place = place_of(window.pages.page(name))
        if name != "worklist":
            window.back()
        window.pages.forget(at_once=name in {"worklist", "patient"})
        return name, patient, place

    def _dress(self, theme: Theme) -> None:
        window = self._window
        self.theme = theme
        window.strip.set_theme(theme)
        window.rail.set_scale(theme.scale)
        window.status.set_scale(theme.scale)
        window.top.show_unit(self.settings.count_unit)
        window.worklist.set_theme(theme)

    def _come_back(self, name: str, patient: str, place: Place) -> None:
        window = self._window
        if name == "patient" and patient:
            window.open_patient(patient)
        elif name not in {"worklist", "patient"}:
            window.show_desk(name)
        from neutromon.ui.place import return_to

        return_to(window.pages.page(window.pages.name), place)
        window.read_again()

    def _relabel(self, before: str) -> None:
        """Say the shell in the language in force; pages are built anew."""
        from neutromon.ui.relabel import relabel

        window = self._window
        parts = (window.top, window.strip, window.rail, window.worklist, window.messages, window.lock_page, window.practice.banner)
        relabel((part for part in parts if part is not None), english_of(resources_folder() / "translations", before))
        window.top.show_user()
        window.lock_page.show_user()
        window.setWindowTitle(window_title(practice=self._tools.clinic.practice))
        window.rename_commands()

    def take_from_list(self, chosen: WindowSettings) -> None:
        """Keep what was chosen on the list, its columns and its order, and nothing else of its copy."""
        self.change(replace(self.settings, **{name: getattr(chosen, name) for name in OF_LIST}))

    def toggle_theme(self) -> None:
        """Change between light and dark."""
        self.change(replace(self.settings, theme=THEMES[1 - THEMES.index(self.settings.theme)]))

    def toggle_unit(self) -> None:
        """Show counts in the other unit; nothing that is stored or judged changes."""
        self.change(replace(self.settings, count_unit=COUNT_UNITS[1 - COUNT_UNITS.index(self.settings.count_unit)]))

    def step_text_size(self, step: int) -> None:
        """Make all text one step larger or smaller."""
        nearest = min(range(len(SCALES)), key=lambda n: abs(SCALES[n] - self.settings.scale))
        self.change(replace(self.settings, scale=SCALES[min(max(nearest + step, 0), len(SCALES) - 1)]))

    def reset(self) -> None:
        """Put columns, widths, order, text size and rail back to their beginning."""
        fresh, window = WindowSettings(), self._window
        plain = replace(self.settings, hidden_columns=(), column_widths={}, column_order={}, order=fresh.order)
        kept = replace(plain, descending=False, scale=1.0)
        self.change(kept)
        window.splitter.setSizes([window.rail.minimumWidth(), window.width()])
        window.worklist.set_settings(kept)
