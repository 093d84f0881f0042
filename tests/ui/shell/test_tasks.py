"""Background work: results on the window's thread, cancel, nothing delivered to a closed window."""

import threading

from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from neutromon.models.errors import UserError
from neutromon.ui.tasks.bar import TaskBar
from neutromon.ui.tasks.task import Progress, TaskDesk


def test_that_a_result_arrives_on_the_windows_thread_even_in_a_lambda(qtbot: QtBot) -> None:
    desk, threads = TaskDesk(), []
    task = desk.run("work", lambda progress: threading.get_ident())
    task.done.connect(lambda ident: threads.extend([ident, threading.get_ident()]))
    qtbot.waitUntil(lambda: bool(threads))
    assert threads[0] != threads[1] == threading.get_ident()
    desk.drain()


def test_that_a_failure_arrives_as_the_exception_it_was(qtbot: QtBot) -> None:
    desk = TaskDesk()

    def work(progress: Progress) -> None:
        raise UserError("The disk is full.", "Free some space.")

    task = desk.run("work", work)
    with qtbot.waitSignal(task.failed) as told:
        pass
    assert str(told.args[0]) == "The disk is full. Free some space."
    desk.drain()


def test_that_progress_is_told_and_a_cancelled_task_can_stop(qtbot: QtBot) -> None:
    desk, begun = TaskDesk(), threading.Event()

    def work(progress: Progress) -> str:
        progress.tell(1, 3)
        begun.set()
        while not progress.cancelled():
            begun.wait(0.001)
        return "stopped"

    task = desk.run("work", work)
    bar = TaskBar()
    qtbot.addWidget(bar)
    bar.follow(task)
    qtbot.waitUntil(lambda: bar.progress.maximum() == 3)
    with qtbot.waitSignal(task.done) as told:
        bar.cancel()
    assert told.args == ["stopped"]
    assert not bar.isVisible()
    desk.drain()


def test_that_a_result_for_a_closed_window_is_dropped_and_the_work_told_to_stop(qtbot: QtBot) -> None:
    from shiboken6 import delete

    desk, go, seen = TaskDesk(), threading.Event(), []

    def work(progress: Progress) -> None:
        go.wait(5)
        progress.tell(1, 1)
        seen.append(progress.cancelled())

    task = desk.run("work", work)
    delete(task)
    go.set()
    desk._tasks.clear()
    assert desk.drain()
    assert seen == [True]


def test_that_drain_waits_for_every_task(qtbot: QtBot) -> None:
    desk, ended = TaskDesk(), []

    def work(progress: Progress) -> None:
        while not progress.cancelled():
            threading.Event().wait(0.001)
        ended.append(1)

    desk.run("one", work)
    desk.run("two", work)
    assert len(desk.running()) == 2
    assert desk.drain()
    assert ended == [1, 1]


def test_that_a_drained_desk_tells_no_result_any_more(qtbot: QtBot) -> None:
    desk, told = TaskDesk(), []
    task = desk.run("work", lambda progress: "late")
    task.done.connect(told.append)
    assert desk.drain()
    QCoreApplication.sendPostedEvents()
    assert told == []
