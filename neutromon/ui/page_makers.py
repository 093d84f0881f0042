"""How each page of the window is made and joined to it: requests go up to the window, changes come down by the notifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from neutromon.ui.text import tr
from neutromon.ui.window_tools import WindowTools
from neutromon.ui.worklist.page import WorklistPage

if TYPE_CHECKING:
    from neutromon.ui.main_window import MainWindow

PAGES = {
    "patient": ("neutromon.ui.patient.page", "PatientPage"),
    "inbox": ("neutromon.ui.alerts.inbox", "AlertInbox"),
    "handover": ("neutromon.ui.alerts.handover", "HandoverDesk"),
}


def page_makers(window: MainWindow, tools: WindowTools) -> Mapping[str, Callable[[], QWidget]]:
    """Return a maker for every page by its name."""
    makers: dict[str, Callable[[], QWidget]] = {
        "worklist": partial(_worklist, window, tools),
        "wall": partial(_wall, window, tools),
        "imports": partial(_imports, window, tools),
        "holding": partial(_holding, window, tools),
        "administration": partial(_administration, window, tools),
        "backtest": partial(_backtest, window, tools),
    }
    return makers | {name: partial(_joined, window, tools, name) for name in PAGES}


def _worklist(window: MainWindow, tools: WindowTools) -> QWidget:
    page = WorklistPage(tools.clinic, tools.theme, window.settings)
    page.patient_requested.connect(window.open_patient)
    page.decision_requested.connect(lambda patient: window.open_form_for("decision", patient, ""))
    page.count_requested.connect(lambda patient: window.open_form_for("count", patient, ""))
    page.triage_requested.connect(lambda patient: window.open_form_for("triage", patient, ""))
    page.form_requested.connect(window.open_form_for)
    page.report_requested.connect(window.report_for)
    page.command_requested.connect(window.run_command)
    page.settings_changed.connect(window.looks.take_from_list)
    return page


def _wall(window: MainWindow, tools: WindowTools) -> QWidget:
    from neutromon.ui.wall.page import WallPage

    page = WallPage(tools.clinic, window.theme, window.notifier)
    page.full_screen_requested.connect(window.present)
    return page


def _imports(window: MainWindow, tools: WindowTools) -> QWidget:
    from neutromon.ui.imports.page import ImportPage
    from neutromon.ui.imports.plain import PlainReports

    desk = tools.desk
    if desk is None:
        return _without_store()
    clinic = tools.clinic
    plain = PlainReports(read=desk.read_lines, find=clinic.find_patients, store=partial(desk.import_lines, window), now=clinic.now)
    page = ImportPage(
        partial(desk.import_paths, window),
        partial(desk.import_text, window),
        desk.preview_table,
        partial(desk.import_table, window),
        plain,
        clinic.held_count,
    )
    page.patient_requested.connect(window.open_patient)
    page.holding_requested.connect(lambda: window.show_desk("holding"))
    page.imported.connect(window.notifier.announce)
    page.problem.connect(window.messages.show_error)
    return page


def _holding(window: MainWindow, tools: WindowTools) -> QWidget:
    from neutromon.ui.imports.holding import HoldingBay

    page = HoldingBay(tools.clinic, window.theme, window.notifier)
    page.stored.connect(window.take_saved)
    page.patient_requested.connect(window.open_patient)
    if tools.desk is not None:
        page.look_again_requested.connect(partial(tools.desk.look_again, window))
    return page


def _administration(window: MainWindow, tools: WindowTools) -> QWidget:
    from neutromon.ui.admin.page import AdministrationPage

    if tools.desk is None:
        return _without_store()
    desk = tools.desk
    page = AdministrationPage(
        desk.session,
        lambda: window.settings,
        busy=lambda: bool(window.tasks.running()),
        run=lambda work: window.tasks.run(tr("Verifying …"), lambda _progress: work()),
    )
    page.stored.connect(window.take_saved)
    page.problem.connect(window.messages.show_error)
    page.settings_requested.connect(window.change_settings)
    page.backup_requested.connect(lambda place: desk.back_up(window, place).done.connect(page.read_again))
    page.restore_requested.connect(tools.restore)
    page.command_requested.connect(window.run_command)
    return page


def _backtest(window: MainWindow, tools: WindowTools) -> QWidget:
    from neutromon.ui.forecast.backtest import BacktestPage

    if tools.desk is None:
        return _without_store()
    desk = tools.desk
    page = BacktestPage(window.theme, partial(desk.backtest, window), lambda: desk.last_backtest)
    page.problem.connect(partial(_tell, window))
    page.saved.connect(window.messages.show_saved)
    return page


def _tell(window: MainWindow, error: BaseException) -> None:
    from neutromon.ui.desk import tell_failure

    tell_failure(window, error)


def _joined(window: MainWindow, tools: WindowTools, name: str) -> QWidget:
    module, maker = PAGES[name]
    made: Any = getattr(import_module(module), maker)(tools.clinic, window.theme, window.notifier)
    for signal, slot in (
        ("patient_requested", window.open_patient),
        ("form_requested", window.open_form_for),
        ("report_requested", window.report_for),
        ("stored", window.take_saved),
    ):
        if hasattr(made, signal):
            getattr(made, signal).connect(slot)
    return made  # type: ignore[no-any-return]


def _without_store() -> QWidget:
    from neutromon.ui.widgets.empty import EmptyState

    return EmptyState(tr("No store is open"), tr("This desk works on the clinic's store."))
