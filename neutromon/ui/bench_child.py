"""The measured processes of the window's bench: each builds what it measures, prints one line of JSON and ends."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from neutromon.models.history import PatientHistory
    from neutromon.services.session import Session
    from neutromon.ui.main_window import MainWindow
    from neutromon.ui.start.starter import Starter
    from neutromon.ui.tasks.task import Task

MOMENT = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
LETTERS = "sample"
FILES, REPORTS, FORECASTS = 120, 17, 60


def run(what: str, store: str) -> None:
    """Measure one thing over a store and end the process."""
    kind, _, detail = what.partition(":")
    path = Path(store)
    if kind == "build":
        from neutromon.services.practice.store import build_practice_store

        build_practice_store(path, MOMENT)
        _end({})
    if kind == "list":
        _end(_list(path, int(detail)))
    if kind == "stall":
        _stall(path, detail)
    _start(path, chart=kind == "chart")


def _end(figures: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()
    os._exit(0)


def _usage() -> dict[str, float]:
    return {"cpu_s": time.process_time(), "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _starter(path: Path) -> tuple[QApplication, Starter]:
    from neutromon.ui.start.pace import Pace

    pace = Pace()
    pace.begin()
    from neutromon.ui.application import build_application
    from neutromon.ui.start.starter import Starter, StartOptions

    application = build_application(())
    options = StartOptions(practice=True, store=path)
    return application, Starter(application, options, lambda: MOMENT, data=path.with_suffix(".data"), pace=pace)


def _start(path: Path, *, chart: bool) -> None:
    """Begin as the program does and end in the event loop, when it is back from painting the worklist or the chart."""
    application, starter = _starter(path)

    def painted() -> None:
        if chart:
            type(starter).after_first_paint(starter)
            _open_first(starter.window)
        used = _usage()
        starter.pace.settle()  # keeps what was compiled, as the program does; the first of the rounds finds nothing kept
        _end(used)

    starter.after_first_paint = painted  # type: ignore[method-assign]
    starter.begin()
    application.exec()


def _open_first(window: MainWindow | None) -> None:
    assert window is not None
    window.open_patient(window.worklist.table.current_id())
    window.grab()


def _cpu_ms(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return (time.process_time() - before) * 1000


def _middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def _list(path: Path, size: int) -> dict[str, float]:
    from neutromon.models.worklist import ListName
    from neutromon.services.practice.store import build_practice_store

    build_practice_store(path, MOMENT)
    _application, starter = _starter(path)
    starter.begin()
    window, session = starter.window, starter.session
    assert window is not None and session is not None
    _fill(session, size)
    page, sort = window.worklist, window.worklist.table.horizontalHeader().sectionClicked

    def painted(act: Callable[[], object]) -> float:
        return _cpu_ms(lambda: (act(), page.table.viewport().repaint()))

    painted(lambda: page.show_list(ListName.ALL))
    opened = _middle([painted(lambda: page.show_list(ListName.ALL)) for _ in range(7)])
    keys = [painted(lambda n=n: page.filter.setText(LETTERS[:n])) for n in range(1, len(LETTERS) + 1)]  # type: ignore[misc]
    page.filter.clear()
    columns = [0, 1, 3, 0, 1, 3]
    sorts = [painted(lambda n=n: sort.emit(n)) for n in columns]  # type: ignore[misc]
    return {"open": opened, "filter key": _middle(keys), "sort": _middle(sorts)}


def _fill(session: Session, size: int) -> None:
    """Repeat the practice clinic's rows under other names until the list is as long as asked."""
    from neutromon.models.worklist import ListName
    from neutromon.services.worklists import list_size
    from neutromon.storage.worklist_copies import add_copies

    with session.store.unit() as unit:
        add_copies(unit, max(size - list_size(session, ListName.ALL), 0))


def _stall(path: Path, kind: str) -> None:
    """Watch the event loop while it idles and while work runs beside it."""
    from PySide6.QtCore import QTimer

    from neutromon.services.practice.store import build_practice_store

    build_practice_store(path, MOMENT)
    application, starter = _starter(path)
    starter.begin()
    window = starter.window
    assert window is not None
    messages = _messages(path.parent / "messages") if kind == "import" else []
    histories = _histories(starter) if kind == "forecast" else []
    if histories:
        _open_first(window)
    gaps: dict[str, float] = {"idle": 0.0, "busy": 0.0, "idle_own": 0.0, "busy_own": 0.0}
    state: dict[str, Any] = {"phase": "", "last": time.perf_counter(), "used": time.process_time()}

    def tick() -> None:
        now, used = time.perf_counter(), time.process_time()
        phase, gap = state["phase"], now - state["last"]
        if phase:
            gaps[phase] = max(gaps[phase], gap)
            gaps[f"{phase}_own"] = max(gaps[f"{phase}_own"], min(gap, used - state["used"]))
        state["last"], state["used"] = now, used

    def work() -> None:
        state["phase"] = "busy"
        task = _forecast(starter, histories.pop()) if histories else _work(window, path, kind, messages)
        task.ended.connect(ended)

    def ended() -> None:
        if histories:
            work()
        else:
            QTimer.singleShot(200, lambda: _end({f"{name}_ms": gap * 1000 for name, gap in gaps.items()}))

    def idle() -> None:
        state["phase"] = "idle"
        QTimer.singleShot(1000, work)

    watch = QTimer(interval=2)
    watch.timeout.connect(tick)
    watch.start()
    QTimer.singleShot(2500, idle)
    application.exec()


def _work(window: MainWindow, path: Path, kind: str, messages: list[Path]) -> Task:
    from neutromon.models.worklist import ListName

    desk = window._tools.desk
    assert desk is not None
    if kind == "report":
        return desk.write_report(window, "batch", "", ListName.TOMORROW, path.parent / "reports")
    return desk.import_paths(window, messages)


def _histories(starter: Starter) -> list[PatientHistory]:
    """Return the treated patients of the list, gone through until there are enough."""
    from neutromon.models.worklist import ListName
    from neutromon.services.patients import patient_history
    from neutromon.services.worklists import worklist

    session = starter.session
    assert session is not None
    known = [patient_history(session, row.patient_id) for row in worklist(session, ListName.ALL)]
    treated = [history for history in known if history.course is not None]
    return [treated[number % len(treated)] for number in range(FORECASTS)]


def _forecast(starter: Starter, history: PatientHistory) -> Task:
    """Begin a patient's forecast as her page does."""
    from neutromon.ui.forecast.work import predict, start_forecast

    session = starter.session
    assert session is not None
    return start_forecast(predict, history, session.rules, MOMENT)


def _messages(folder: Path) -> list[Path]:
    from neutromon.services.practice.lab_files import write_lab_files

    text = write_lab_files(folder / "base", MOMENT)[0].read_text(encoding="utf-8")
    first = text.split("MSH|")[1]
    paths = []
    for number in range(FILES):
        at = (MOMENT - timedelta(hours=number + 30)).strftime("%Y%m%d%H%M%S")
        path = folder / f"{number:04d}.hl7"
        path.write_text("MSH|" + first.replace("20260312070000", at).replace("PRACTICE0001", f"BENCH{number:04d}"), encoding="utf-8")
        paths.append(path)
    return paths
