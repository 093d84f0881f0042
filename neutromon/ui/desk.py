"""What the window does with the whole store: reports, imports and backups, each beside the window on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neutromon.models.changes import Changes
from neutromon.models.errors import UserError
from neutromon.models.worklist import ListName
from neutromon.ui.tasks.task import Progress, Task
from neutromon.ui.text import tr

if TYPE_CHECKING:
    from neutromon.models.changes import Outcome
    from neutromon.models.imports import ImportOptions, RawSet
    from neutromon.models.tables import TableMapping
    from neutromon.services.backtest import Backtest
    from neutromon.services.importing.tables import PreviewSet, TablePreview
    from neutromon.services.session import Session
    from neutromon.ui.main_window import MainWindow
    from neutromon.ui.widgets.dialog import Dialog

FOLDERS = frozenset({"batch"})
STEPS, LARGEST_GROUP = 25, 200
MANY = STEPS * LARGEST_GROUP


class Stopped(Exception):
    """The person who asked for the work has stopped it."""


class Desk:
    """Stands on the open session; its work runs in `ui.tasks` and tells the window when it is done."""

    def __init__(self, session: Session, open_file: Callable[[Path], object] | None = None) -> None:
        self._session = session
        self._day = session.clock().date()
        self._open_file = open_file or _open_with_viewer
        self.last_backtest: tuple[Backtest, datetime] | None = None
        """The last one that was finished while this store is open, and when that was."""

    @property
    def session(self) -> Session:
        """Return the open session, for administration."""
        return self._session

    def last_backup(self) -> datetime | None:
        """Return when the last verified backup was made."""
        from neutromon.services.backups import last_backup

        return last_backup(self._session)

    # reports
    def report(self, window: MainWindow, kind: str, patient_id: str, name: ListName) -> None:
        """Ask where to write a report, then write it."""
        from PySide6.QtCore import QStandardPaths
        from PySide6.QtWidgets import QFileDialog

        from neutromon.report.file_names import free_path, report_name

        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        title = tr("Choose the folder for the reports") if kind in FOLDERS else tr("Write the report to")
        dialog = QFileDialog(window, title, documents)
        dialog.setObjectName("report_place")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if kind in FOLDERS:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            dialog.setNameFilter("PDF (*.pdf)")
            dialog.setDefaultSuffix("pdf")
            dialog.selectFile(free_path(Path(documents), report_name(kind, self._session.clock())).name)
        dialog.fileSelected.connect(lambda path: self.write_report(window, kind, patient_id, name, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write_report(self, window: MainWindow, kind: str, patient_id: str, name: ListName, path: Path) -> Task:
        """Write a report beside the window and open it when it is there."""
        task = window.tasks.run(tr("Writing the report …"), self._report_work(kind, patient_id, name, path))
        task.done.connect(lambda made: self._report_done(window, made))
        task.failed.connect(lambda error: tell_failure(window, error))
        return task

    def _report_work(self, kind: str, patient_id: str, name: ListName, path: Path) -> Callable[[Progress], list[Path]]:
        def work(progress: Progress) -> list[Path]:
            from neutromon.report import deliver
            from neutromon.services.companion import companion

            with companion(self._session) as session:
                one: dict[str, Callable[[], Path]] = {
                    "trend": lambda: deliver.trend_report(session, patient_id, path),
                    "flow_sheet": lambda: deliver.flow_sheet_report(session, patient_id, path),
                    "list": lambda: deliver.worklist_report(session, name, path),
                    "handover": lambda: deliver.handover_report(session, path),
                }
                if kind in one:
                    return [one[kind]()]
                return deliver.list_reports(session, name, path, progress=progress.tell)

        return work

    def _report_done(self, window: MainWindow, made: Sequence[Path]) -> None:
        window.messages.show_saved(tr("Written: {path}", path=made[0] if len(made) == 1 else tr("{n} reports", n=len(made))))
        if len(made) == 1:
            self._open_file(made[0])

    # imports
    def import_paths(self, window: MainWindow, paths: Sequence[Path], options: ImportOptions | None = None) -> Task:
        """Import files and folders beside the window; every view is told what changed."""

        def work(progress: Progress) -> Any:
            from neutromon.services.companion import companion
            from neutromon.services.importing import import_files

            with companion(self._session) as session:
                return import_files(
                    session, paths, options, progress=progress.tell, cancelled=progress.cancelled, at_once=group_size(paths)
                )

        return window.tasks.run(tr("Importing …"), work)

    def import_text(self, window: MainWindow, name: str, data: bytes, options: ImportOptions | None = None) -> Task:
        """Import what was pasted."""

        def work(_progress: Progress) -> Any:
            from neutromon.models.imports import ImportReport
            from neutromon.services.companion import companion
            from neutromon.services.importing import import_bytes

            with companion(self._session) as session:
                return ImportReport(files=(import_bytes(session, name, data, options),))

        return window.tasks.run(tr("Importing …"), work)

    def read_lines(self, text: str) -> PreviewSet | None:
        """Return the rows of plain pasted lines, or None; see services.importing.tables."""
        from neutromon.services.importing.tables import read_lines

        return read_lines(self._session, text)

    def import_lines(self, window: MainWindow, text: str, own: RawSet, patient_id: str) -> Task:
        """Import pasted lines as a person confirmed them."""

        def work(_progress: Progress) -> Any:
            from neutromon.models.imports import ImportReport
            from neutromon.services.companion import companion
            from neutromon.services.importing.tables import store_pasted

            with companion(self._session) as session:
                report = store_pasted(session, text, own, patient_id)
            return ImportReport(files=(report,), patient_ids=frozenset({patient_id}))

        return window.tasks.run(tr("Importing …"), work)

    def look_again(self, window: MainWindow) -> Task:
        """Import everything that waits anew under today's rules, beside the window."""

        def work(progress: Progress) -> Outcome[int]:
            from neutromon.services.companion import companion
            from neutromon.services.look_again import look_again

            with companion(self._session) as session:
                return look_again(session, progress.tell, progress.cancelled)

        task = window.tasks.run(tr("Looking again at what waits …"), work)
        task.done.connect(lambda outcome: window.notifier.announce(outcome.changes))
        task.done.connect(lambda outcome: window.messages.show_saved(tr("{n} results could be stored now.", n=outcome.value)))
        task.failed.connect(lambda error: tell_failure(window, error))
        return task

    # backtest
    def backtest(self, window: MainWindow) -> Task:
        """Replay the clinic's closed cycles beside the window; the result is None where it was stopped."""

        def work(progress: Progress) -> Any:
            from neutromon.services.backtest import backtest
            from neutromon.services.companion import companion

            def tell(done: int, total: int) -> None:
                progress.tell(done, total)
                if progress.cancelled():
                    raise Stopped

            try:
                with companion(self._session) as session:
                    return backtest(session, tell)
            except Stopped:
                return None

        task = window.tasks.run(tr("Replaying closed cycles …"), work)
        task.done.connect(self._keep_backtest)
        return task

    def _keep_backtest(self, result: Backtest | None) -> None:
        if result is not None:
            self.last_backtest = (result, self._session.clock())

    def refresh_alerts(self, window: MainWindow) -> Task:
        """Evaluate beside the window what the clock may have changed: at midnight that is everybody."""

        def work(_progress: Progress) -> Changes:
            from neutromon.services.companion import companion
            from neutromon.services.evaluations import refresh_alerts

            with companion(self._session) as session:
                return refresh_alerts(session)

        task = window.tasks.run(tr("Looking at the clock …"), work, quiet=True)
        task.done.connect(self._adopt)
        return task

    def _adopt(self, _changes: object) -> None:
        """Take over for the window what came into force meanwhile: the worker did so for its own session only."""
        from neutromon.services.clinic_rules import clinic_book, current_protocol

        session, today = self._session, self._session.clock().date()
        session.protocol = current_protocol(session)
        if today != self._day:
            self._day, session.rules = today, clinic_book(session.store, today)

    def preview_table(self, data: bytes, mapping: TableMapping | None) -> TablePreview:
        """Return how a table would be stored."""
        from neutromon.services.importing.tables import preview_table

        return preview_table(self._session, data, mapping)

    def import_table(self, window: MainWindow, name: str, data: bytes, mapping: TableMapping, options: ImportOptions) -> Task:
        """Import a table as a person mapped it; a mapping with a name is kept as the clinic's profile for this header."""

        def work(_progress: Progress) -> Any:
            from neutromon.models.imports import ImportReport
            from neutromon.services.companion import companion
            from neutromon.services.importing.profiles import save_profile
            from neutromon.services.importing.tables import import_table

            with companion(self._session) as session:
                if mapping.name:
                    save_profile(session, mapping)
                return ImportReport(files=(import_table(session, name, data, mapping, options),))

        return window.tasks.run(tr("Importing …"), work)

    # backup
    def back_up(self, window: MainWindow, target: Path | None = None) -> Task:
        """Make a verified backup, by default in the backup folder beside the store."""

        def work(_progress: Progress) -> Path:
            from neutromon.services.backups import back_up
            from neutromon.services.companion import companion

            with companion(self._session) as session:
                return back_up(session, target)

        task = window.tasks.run(tr("Backing up …"), work)
        task.done.connect(lambda made: window.messages.show_saved(tr("Backup made and verified: {path}", path=made)))
        task.done.connect(lambda _made: window.read_again())
        task.failed.connect(lambda error: tell_failure(window, error))
        return task


def ask_for_own_passphrase(window: MainWindow, session: Session) -> None:
    """Ask a person who still has the passphrase that an administrator gave her to choose her own; she may put it off."""
    from neutromon.services.people import has_first_passphrase

    if not has_first_passphrase(session):
        return
    from neutromon.ui.admin.people import open_own_passphrase
    from neutromon.ui.guide import FirstSteps

    for steps in window.findChildren(FirstSteps):
        steps.reject()  # one question at a time; the first steps stay in the menu

    def save(title: str, write: Callable[[], Outcome[None]], dialog: Dialog) -> None:
        try:
            write()
        except UserError as error:
            dialog.show_problem(error)
            return
        dialog.accept()
        window.messages.show_saved(title)

    open_own_passphrase(window, session, save, first=True)


def group_size(paths: Sequence[Path]) -> int:
    """Return how many files are stored at once: a few of a few, so that progress is seen and a stop is quick; many of thousands."""
    number = 0
    for path in paths:
        number += sum(1 for _file in islice(path.rglob("*"), MANY)) if path.is_dir() else 1
    return min(max(1, number // STEPS), LARGEST_GROUP)


def tell_failure(window: MainWindow, error: BaseException) -> None:
    """Say what a person can act on; let a bug crash into the hook."""
    if isinstance(error, UserError):
        window.messages.show_error(error)
        return
    raise error


def _open_with_viewer(path: Path) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
