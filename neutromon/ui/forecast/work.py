"""Forecasts are calculated beside the window: plain data in, a record out; the answer for a patient who was left is dropped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QThreadPool

from neutromon.models.forecast import Forecast, WhatIf
from neutromon.models.history import PatientHistory
from neutromon.ui.tasks.task import Progress, Task
from neutromon.ui.text import tr

if TYPE_CHECKING:
    from neutromon.rules import RuleBook

Predict = Callable[[PatientHistory, "RuleBook", datetime, WhatIf | None], Forecast]


def predict(history: PatientHistory, book: RuleBook, now: datetime, what_if: WhatIf | None) -> Forecast:
    """Return the engine's forecast."""
    from neutromon.services.forecasts import forecast_history

    return forecast_history(history, book, now, what_if=what_if)


def start_forecast(
    work: Predict, history: PatientHistory, book: RuleBook, now: datetime, changes: tuple[WhatIf | None, ...] = (None,)
) -> Task:
    """Calculate one forecast for each change to the plan in a worker; the task's result is the tuple of them.

    The task belongs to the pool until it has ended, so that a panel may be closed while it runs. The pool has one thread: two
    would take turns and let the window wait for both. What was cancelled before its turn is not calculated.
    """

    def run(progress: Progress) -> tuple[Forecast, ...]:
        return tuple(work(history, book, now, change) for change in changes if not progress.cancelled())

    pool = QThreadPool.globalInstance()
    pool.setMaxThreadCount(1)
    task = Task(tr("Calculating the forecast …"), run, pool)
    task.ended.connect(task.deleteLater)
    task.start(pool)
    return task
