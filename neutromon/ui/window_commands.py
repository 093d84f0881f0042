"""The table of the window's commands: one row for each thing that menu, palette and keys can do."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from neutromon.models.worklist import ListName
from neutromon.ui.commands import Command, Group
from neutromon.ui.text import tr
from neutromon.ui.worklist.columns import list_title


class Dressing(Protocol):
    """What can be done with the looks of a window."""

    def toggle_theme(self) -> None: ...
    def toggle_unit(self) -> None: ...
    def step_text_size(self, step: int) -> None: ...
    def reset(self) -> None: ...


class Showing(Protocol):
    """The sheets over a window."""

    def keys(self) -> None: ...
    def about(self) -> None: ...
    def guide(self) -> None: ...


class Listing(Protocol):
    """The pages of a window."""

    def filter_here(self) -> bool: ...


class Doing(Protocol):
    """What a window does for its commands."""

    @property
    def looks(self) -> Dressing:
        """Return the looks of the window."""

    @property
    def sheets(self) -> Showing:
        """Return the sheets over the window."""

    @property
    def pages(self) -> Listing:
        """Return the pages of the window."""

    def show_list(self, name: ListName) -> None: ...
    def show_desk(self, name: str) -> None: ...
    def open_form(self, name: str) -> None: ...
    def patient_id(self) -> str: ...
    def report_for(self, kind: str, patient_id: str) -> None: ...
    def search(self) -> None: ...
    def lock(self) -> None: ...
    def refresh(self) -> None: ...
    def back(self) -> None: ...
    def back_up(self) -> None: ...
    def close(self) -> bool: ...
    @property
    def change_user(self) -> Callable[[], object] | None: ...


def build_commands(window: Doing) -> tuple[Command, ...]:
    """Return every command of a window."""
    return (*_lists(window), *_patient(window), *_clinic(window), *_window(window))


def _lists(window: Doing) -> tuple[Command, ...]:
    found = [
        Command(
            id=f"list_{name.value}",
            group=Group.LISTS,
            title=list_title(name),
            keys=(f"Alt+{number}",),
            run=partial(window.show_list, name),
        )
        for number, name in enumerate(ListName, start=1)
    ]
    desks = (
        ("inbox", tr("Alert inbox"), "Alt+7"),
        ("handover", tr("Hand-over"), "Alt+8"),
        ("wall", tr("Wall view"), "Alt+9"),
    )
    return (*found, *(_desk(window, Group.LISTS, *row) for row in desks))


def _desk(window: Doing, group: Group, name: str, title: str, key: str = "") -> Command:
    return Command(id=f"desk_{name}", group=group, title=title, keys=(key,) if key else (), run=lambda: window.show_desk(name))


def _patient(window: Doing) -> tuple[Command, ...]:
    forms = (
        ("count", tr("Enter count"), "Ctrl+N"),
        ("triage", tr("Telephone triage"), "Ctrl+T"),
        ("decision", tr("Decide day 1"), "Ctrl+D"),
        ("event", tr("Record event"), "Ctrl+E"),
        ("gcsf", tr("G-CSF consideration"), "Ctrl+G"),
        ("temperature", tr("Record temperature"), "Ctrl+Shift+T"),
        ("symptoms", tr("Record symptoms"), ""),
        ("growth_factor", tr("Record growth factor"), "Ctrl+Shift+G"),
        ("antibiotic", tr("Record antibiotic"), "Ctrl+Shift+A"),
        ("pathway", tr("Febrile-neutropenia pathway"), "Ctrl+Shift+F"),
        ("scores", tr("MASCC and CISNE scores"), ""),
        ("work_up", tr("Unexplained-neutropenia work-up"), ""),
        ("what_if", tr("What if: delay, dose or G-CSF beside the plan"), ""),
        ("course", tr("Course and regimen"), ""),
        ("cycle", tr("Cycle: planned and given day 1"), ""),
        ("patient", tr("Patient details"), ""),
    )
    found = [_form(window, *row) for row in forms]
    reports = (("trend", tr("Trend report (PDF)"), "Ctrl+P"), ("flow_sheet", tr("Flow sheet (PDF)"), "Ctrl+Shift+P"))
    return (*found, *(_report(window, Group.PATIENT, *row, patient=True) for row in reports))


def _form(window: Doing, name: str, title: str, key: str, *, group: Group = Group.PATIENT, patient: bool = True) -> Command:
    keys = (key,) if key else ()
    return Command(id=f"form_{name}", group=group, title=title, keys=keys, run=lambda: window.open_form(name), needs_patient=patient)


def _report(window: Doing, group: Group, kind: str, title: str, key: str, *, patient: bool) -> Command:
    def run() -> None:
        window.report_for(kind, window.patient_id())

    keys = (key,) if key else ()
    return Command(id=f"report_{kind}", group=group, title=title, keys=keys, run=run, needs_patient=patient)


def _clinic(window: Doing) -> tuple[Command, ...]:
    return (
        _form(window, "new_patient", tr("New patient"), "Ctrl+Shift+N", group=Group.CLINIC, patient=False),
        _form(window, "batch", tr("Batch sheet: counts of many patients"), "Ctrl+B", group=Group.CLINIC, patient=False),
        _desk(window, Group.CLINIC, "imports", tr("Import laboratory files"), "Ctrl+I"),
        _desk(window, Group.CLINIC, "holding", tr("Holding bay")),
        _report(window, Group.CLINIC, "list", tr("Print this list (PDF)"), "", patient=False),
        _report(window, Group.CLINIC, "batch", tr("Trend reports of this list (PDF)"), "", patient=False),
        _report(window, Group.CLINIC, "handover", tr("Hand-over sheet (PDF)"), "", patient=False),
        _desk(window, Group.CLINIC, "backtest", tr("Backtest of the forecast")),
        Command(id="backup", group=Group.CLINIC, title=tr("Back up now"), run=window.back_up),
        _desk(window, Group.CLINIC, "administration", tr("Administration")),
    )


def _window(window: Doing) -> tuple[Command, ...]:
    rows: tuple[tuple[str, str, str, Callable[[], object] | None], ...] = (
        ("find", tr("Find a patient or a command"), "Ctrl+K", window.search),
        ("filter", tr("Filter this list"), "Ctrl+F", lambda: window.pages.filter_here()),
        ("back", tr("Back to the list"), "Alt+Left", window.back),
        ("refresh", tr("Read again"), "F5", window.refresh),
        ("theme", tr("Light or dark"), "Ctrl+Shift+L", window.looks.toggle_theme),
        ("unit", tr("Counts in ×10⁹/L or per µL"), "Ctrl+U", window.looks.toggle_unit),
        ("larger", tr("Larger text"), "Ctrl++", lambda: window.looks.step_text_size(1)),
        ("smaller", tr("Smaller text"), "Ctrl+-", lambda: window.looks.step_text_size(-1)),
        ("reset", tr("Reset layout and columns"), "", window.looks.reset),
        ("lock", tr("Lock"), "Ctrl+L", window.lock),
        ("form_pin", tr("PIN for sign-off"), "", lambda: window.open_form("pin")),
        ("change_user", tr("Sign in as somebody else"), "", window.change_user),
        ("keys", tr("Keys"), "F1", window.sheets.keys),
        ("guide", tr("First steps"), "", window.sheets.guide),
        ("about", tr("About NeutroMon"), "", window.sheets.about),
        ("quit", tr("Quit"), "Ctrl+Q", window.close),
    )
    return tuple(Command(id=i, group=Group.WINDOW, title=title, keys=(key,) if key else (), run=run) for i, title, key, run in rows)
