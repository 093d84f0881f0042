"""One piece of background work: the caller owns the signals, the worker gets plain callables and never a widget."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

DRAIN_MS = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a worker may tell and ask: how far it is, and whether it should stop."""

    tell: Callable[[int, int], None]
    cancelled: Callable[[], bool]


Work = Callable[[Progress], Any]


class Task(QObject):
    """Work in flight; `done` carries its result, `failed` the exception, all on the window's thread, whoever is connected.

    The worker emits the `told_` signals; they cross the threads to the slots here, which tell on: a lambda that is connected
    to `done` would otherwise run in the worker.
    """

    progressed = Signal(int, int)
    done = Signal(object)
    failed = Signal(object)
    ended = Signal()
    told_progress = Signal(int, int)
    told_result = Signal(object)
    told_failure = Signal(object)

    def __init__(self, title: str, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._work = work
        self._stop = threading.Event()
        self._running = False
        self.told_progress.connect(self.progressed)
        self.told_result.connect(self._finish)
        self.told_failure.connect(self._fail)

    @property
    def running(self) -> bool:
        """Return whether the work has begun and its end was not yet told."""
        return self._running

    def start(self, pool: QThreadPool) -> None:
        """Begin on a pool."""
        self._running = True
        pool.start(_Runner(self._work, self._stop, self))

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    def _finish(self, result: object) -> None:
        self._running = False
        self.done.emit(result)
        self.ended.emit()

    def _fail(self, error: object) -> None:
        self._running = False
        self.failed.emit(error)
        self.ended.emit()


class _Runner(QRunnable):
    def __init__(self, work: Work, stop: threading.Event, task: Task) -> None:
        super().__init__()
        self._work, self._stop, self._task = work, stop, task

    def run(self) -> None:
        """Do the work; deliver nothing where the task is gone."""
        try:
            result = self._work(Progress(tell=self._tell, cancelled=self._stop.is_set))
        except Exception as error:  # handed to the window's thread, where the hook and the message bar are
            self._deliver("told_failure", error)
        else:
            self._deliver("told_result", result)

    def _tell(self, done: int, total: int) -> None:
        self._deliver("told_progress", done, total)

    def _deliver(self, signal: str, *values: object) -> None:
        try:
            getattr(self._task, signal).emit(*values)
        except RuntimeError:
            self._stop.set()  # the window was closed: nobody waits for the result


class TaskDesk(QObject):
    """Runs the window's tasks, two at a time, and can wait for all of them before the window closes."""

    started = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._tasks: list[Task] = []

    def run(self, title: str, work: Work, *, quiet: bool = False) -> Task:
        """Begin a task and return it; its signals arrive on this thread. A quiet one is not shown in the status bar."""
        task = Task(title, work, self)
        self._tasks.append(task)
        task.ended.connect(self._forget)
        task.start(self._pool)
        if not quiet:
            self.started.emit(task)
        return task

    def running(self) -> list[Task]:
        """Return the tasks whose end was not yet told."""
        return [task for task in self._tasks if task.running]

    def drain(self, wait_ms: int = DRAIN_MS) -> bool:
        """Ask every task to stop and wait for them, for a window that closes: no result is told any more; return whether all have."""
        for task in self._tasks:
            task.cancel()
            task.blockSignals(True)
        return self._pool.waitForDone(wait_ms) and QThreadPool.globalInstance().waitForDone(wait_ms)

    def _forget(self) -> None:
        for task in [task for task in self._tasks if not task.running]:
            self._tasks.remove(task)
            task.deleteLater()
