"""The main window: a shell that holds strip, rail, pages and bars, and passes requests on; no screen's logic is here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from neutromon.models.errors import UserError
from neutromon.models.worklist import ListName
from neutromon.ui.alert_strip import AlertStrip
from neutromon.ui.commands import Command
from neutromon.ui.critical_watch import CriticalWatch
from neutromon.ui.find_over import FindOver, Switching
from neutromon.ui.heartbeat import Heartbeat
from neutromon.ui.lock import IdleWatch, LockPage
from neutromon.ui.message_bar import MessageBar
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.opening_forms import FormOpener
from neutromon.ui.page_makers import page_makers
from neutromon.ui.pages import Pages
from neutromon.ui.practice_banner import PracticeFrame, window_title
from neutromon.ui.rail import Rail
from neutromon.ui.saved import Saved
from neutromon.ui.settings import WindowSettings
from neutromon.ui.status import StatusBar
from neutromon.ui.tasks.task import TaskDesk
from neutromon.ui.text import tr
from neutromon.ui.theme import Theme
from neutromon.ui.top_bar import TopBar
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.layout import column
from neutromon.ui.window_commands import build_commands
from neutromon.ui.window_lock import Cover
from neutromon.ui.window_looks import Looks
from neutromon.ui.window_menu import build_menus
from neutromon.ui.window_numbers import Numbers
from neutromon.ui.window_saved import Storing
from neutromon.ui.window_sheets import Sheets
from neutromon.ui.window_tools import WindowTools
from neutromon.ui.worklist.page import WorklistPage

SMALLEST = (1024, 640)
NARROW = 1000


class MainWindow(QMainWindow):
    """One window for the day; it owns navigation, forms by name, the undo bar, the lock and the clock."""

    def __init__(self, tools: WindowTools) -> None:
        super().__init__()
        self._tools, self._clinic = tools, tools.clinic
        self.looks, self.sheets, self._numbers = Looks(self, tools), Sheets(self, tools), Numbers(self, tools)
        self.notifier = ChangeNotifier(self)
        self.forms = FormOpener(self._clinic, self)
        self._switching = Switching(self, self._clinic)
        self.tasks = TaskDesk(self)
        self.setObjectName("main_window")
        self.setWindowTitle(window_title(practice=self._clinic.practice))
        self.setMinimumSize(*SMALLEST)
        self._commands = {command.id: command for command in build_commands(self)}
        self._build()
        self._actions = build_menus(self, self.top.menus, self.commands(), self.run_command)
        self._connect()
        if tools.geometry is not None:
            self.splitter.restoreState(tools.geometry.value("rail") or QByteArray())
        self.show_list(self._first_list())

    # building
    def _build(self) -> None:
        desk = QWidget()
        desk.setObjectName("window")
        self.top = TopBar(self._clinic.user, self._clinic.find_patients, self.commands, desk)
        self.top.show_unit(self.settings.count_unit)
        self.strip = AlertStrip(self.theme)
        self.rail = Rail()
        self.rail.set_scale(self.theme.scale)
        self.pages = Pages(page_makers(self, self._tools))
        self.messages = MessageBar(self)
        self._storing = Storing(self.notifier, self.messages)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.rail)
        self.splitter.addWidget(self.pages)
        self.splitter.setStretchFactor(1, 1)
        outer = column(desk, spacing=0)
        for part in (self.top, self.strip):
            outer.addWidget(part)
        outer.addWidget(self.splitter, 1)
        outer.addWidget(self.messages)
        self._cover = Cover(desk, self._tools)
        self.practice = PracticeFrame(self._cover, practice=self._clinic.practice)
        self.setCentralWidget(self.practice)
        self.status = StatusBar()
        self.status.set_scale(self.theme.scale)
        self.setStatusBar(self.status)

    def _connect(self) -> None:
        self.top.quick_find.patient_requested.connect(self.open_patient)
        self.top.quick_find.command_requested.connect(self.run_command)
        self.top.lock_requested.connect(self.lock)
        self.top.unit_requested.connect(lambda unit: self.change_settings(replace(self.settings, count_unit=unit)))
        self.top.user.menu().aboutToShow.connect(lambda: self.top.fill_user_menu(self._actions))
        self.strip.alerts_requested.connect(lambda: self.show_desk("inbox"))
        self.strip.alert_requested.connect(lambda alert: self.open_form_for("acknowledge", "", alert))
        self.rail.list_requested.connect(self.show_list)
        self.rail.desk_requested.connect(self.show_desk)
        self.watch = CriticalWatch(self._clinic, self)
        self.watch.counted.connect(self.rail.show_critical)
        for told in (self.notifier.holding_changed, self.notifier.settings_changed, self.notifier.protocol_changed):
            told.connect(self.watch.look_again)
        self.forms.stored.connect(self.take_saved)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self.notifier.changed.connect(lambda _changes: self._soon.start())
        self._cover.unlocked.connect(self.unlock)
        self.tasks.started.connect(lambda task: self.status.tasks.follow(task))
        self._soon.timeout.connect(self.read_again)
        desk = self._tools.desk
        self._heartbeat = Heartbeat(partial(desk.refresh_alerts, self) if desk else lambda: self._clinic.refresh_alerts(), self)
        self._heartbeat.beaten.connect(self.notifier.announce)
        self._heartbeat.failed.connect(self.messages.show_error)
        self.idle = IdleWatch(self.settings.lock_after_minutes, self)
        self.idle.idle.connect(self.lock)

    def _first_list(self) -> ListName:
        counts = self._clinic.list_counts()
        return ListName.TOMORROW if counts.get(ListName.ALL) else ListName.ALL

    def begin_day(self) -> None:
        """After the first paint: let the clock catch up, offer the last crash's place, teach an empty clinic's first steps."""
        self._numbers.painted = True
        self._heartbeat.beat()
        self._numbers.read()
        self.top.show_user(self._clinic.role)
        self.sheets.greet()
        self.status.prepare()  # what the first paint went without: the first task and message keep nobody waiting
        self.messages.prepare()

    # navigation
    @property
    def worklist(self) -> WorklistPage:
        """Return the worklist page."""
        made = self.pages.page("worklist")
        assert isinstance(made, WorklistPage)
        return made

    def patient_id(self) -> str:
        """Return the patient that commands are about: the one on the page, or the chosen row of the list."""
        if self.pages.name == "patient":
            return str(getattr(self.pages.page("patient"), "patient_id", ""))
        return self.worklist.table.current_id() if self.pages.name == "worklist" else ""

    def show_list(self, name: ListName) -> None:
        """Show a worklist."""
        self.pages.show_page("worklist")
        self.worklist.show_list(name)
        self._arrive(name.value)

    def show_desk(self, name: str) -> None:
        """Show another page by its name."""
        made = self.pages.show_page(name)
        activate = getattr(made, "activate", None)
        if activate is not None:
            activate()
        take = getattr(made, "take_keyboard", None)
        if take is not None:  # a command of quick find would leave it there
            take()
        self._arrive(name)

    def open_patient(self, patient_id: str) -> None:
        """Show a patient; the page writes into the audit that she was looked at."""
        page = self.pages.show_page("patient")
        page.show_patient(patient_id)  # type: ignore[attr-defined]
        page.take_keyboard()  # type: ignore[attr-defined]  # so that the chart's keys and Ctrl+Z are not quick find's
        self._arrive("")
        self._switching.offer(patient_id)

    def back(self) -> None:
        """Go back from wherever the window is to the list."""
        self.top.quick_find.finish()
        if self.pages.name != "worklist":
            left = self.patient_id()
            self.pages.show_page("worklist")
            self.worklist.read_again()
            if left:
                self.worklist.table.select_only(left)
            self.worklist.table.setFocus()
            self._arrive(self.worklist.name.value)

    def _arrive(self, place: str) -> None:
        self.rail.mark(place)
        self.make_room()
        self._numbers.read()

    def make_room(self) -> None:
        """Let a page have the rail's room where the text is large for the window: lists and desks are in the menu too."""
        narrow = self.width() < NARROW * self.theme.scale and self.pages.name != "worklist"
        self.rail.setVisible(not narrow and not self.top.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the rail its place, or take it."""
        super().resizeEvent(event)
        self.make_room()

    # commands
    def run_command(self, name: str) -> None:
        """Do what a command says; a patient's command without a patient says so."""
        command: Command = self._commands[name]
        if command.run is None or self.locked:
            return
        if command.needs_patient and not self.patient_id():
            self.messages.show_error(tr("Choose a patient first: in a list, or with Ctrl+K."))
            return
        try:
            command.run()
        except UserError as error:
            self.messages.show_error(error)

    def open_form(self, name: str) -> None:
        """Open a form for the current patient."""
        self.open_form_for(name, self.patient_id(), "")

    def open_form_for(self, name: str, patient_id: str, subject_id: str) -> None:
        """Open a form for a patient and, where it has one, its subject."""
        try:
            self.forms.open(name, self.theme, patient_id, subject_id)
        except UserError as error:
            self.messages.show_error(error)

    def report_for(self, kind: str, patient_id: str) -> None:
        """Write a report to a file the nurse chooses, beside the window."""
        if self._tools.desk is not None:
            self._tools.desk.report(self, kind, patient_id, self.worklist.name)

    def back_up(self) -> None:
        """Make a verified backup beside the window."""
        if self._tools.desk is not None:
            self._tools.desk.back_up(self)

    def take_saved(self, saved: Saved) -> None:
        """Tell what was stored to every view, and offer to take it back."""
        self._storing.take(saved)

    def search(self) -> None:
        """Take the keyboard to quick find."""
        self.top.quick_find.begin()

    def search_over(self, form: Dialog) -> FindOver | None:
        """Search while a form is open; leaving it keeps its draft."""
        return self._switching.search_over(form)

    def refresh(self) -> None:
        """Read everything again."""
        self._heartbeat.beat()
        self.read_again()

    # what is shown
    def read_again(self) -> None:
        """Read list, strip and numbers again."""
        if self.pages.name == "worklist":
            self.worklist.read_again()
        self._numbers.read()

    # looks
    @property
    def settings(self) -> WindowSettings:
        """Return the settings in force."""
        return self.looks.settings

    @property
    def theme(self) -> Theme:
        """Return the theme in force, for pages that are built later."""
        return self.looks.theme

    def change_settings(self, settings: WindowSettings) -> None:
        """Apply settings and keep them."""
        self.looks.change(settings)

    def commands(self) -> tuple[Command, ...]:
        """Return every command, in the language in force."""
        return tuple(self._commands.values())

    def rename_commands(self) -> None:
        """Name the commands anew in the language in force."""
        self._commands = {command.id: command for command in build_commands(self)}
        for name, action in self._actions.items():
            action.setText(self._commands[name].title.replace("&", "&&"))

    @property
    def change_user(self) -> Callable[[], object] | None:
        """Return how somebody else signs in; None where there is only one person."""
        return self._tools.change_user

    # full screen and lock
    def present(self, full: bool) -> None:
        """Show the page alone on the whole screen, or end that."""
        for part in (self.top, self.strip, self.rail, self.status):
            part.setVisible(not full)
        self.showFullScreen() if full else self.showNormal()
        if not full:
            self._numbers.read()

    @property
    def lock_page(self) -> LockPage:
        """Return the page that covers everything while the window is locked."""
        return self._cover.page

    @property
    def locked(self) -> bool:
        """Return whether the lock screen covers everything."""
        return self._cover.locked

    def lock(self) -> None:
        """Cover everything; open dialogs come back with what was typed in them."""
        if not self.locked:
            self._cover.lock(self)

    def unlock(self) -> None:
        """Show everything as it was."""
        self._cover.unlock(self)

    def enable_actions(self, enabled: bool) -> None:
        """Let the keys and menus be used, or none of them."""
        for action in self._actions.values():
            action.setEnabled(enabled)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Back out on Esc, from wherever nothing nearer took it."""
        if event.key() != Qt.Key.Key_Escape or self.locked:
            super().keyPressEvent(event)
        elif self.pages.name == "worklist":
            self.worklist.table.setFocus()
        else:
            self.back()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the clock, wait for background work, keep the settings."""
        self._heartbeat.stop()
        self._soon.stop()
        self.watch.stop()
        self.idle.stop()
        self.tasks.drain()
        self._tools.keep(self.settings)
        if self._tools.geometry is not None:
            self._tools.geometry.setValue("window", self.saveGeometry())
            self._tools.geometry.setValue("rail", self.splitter.saveState())
        super().closeEvent(event)
