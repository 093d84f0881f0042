"""The import page: choose, drop or paste; progress with stop; then what became of every specimen set, and why."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QStackedWidget, QWidget

from neutromon.models.changes import Changes
from neutromon.models.errors import UserError
from neutromon.models.imports import ImportOptions, ImportReport
from neutromon.models.tables import TableMapping
from neutromon.ui.imports.mapping import MappingDialog
from neutromon.ui.imports.paste import PasteDialog
from neutromon.ui.imports.plain import PlainDialog, PlainReports
from neutromon.ui.imports.words import (
    Line,
    file_text,
    lines_of,
    outcome_word,
    reason_text,
    reasons_text,
    results_text,
    totals_text,
    waiting_text,
    when_text,
    whose_text,
)
from neutromon.ui.qtmodels.details import RowDetails
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.tasks.task import Task
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.file_dialog import FileDialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row, scrolling

RunPaths = Callable[[Sequence[Path], ImportOptions], Task]
RunText = Callable[[str, bytes, ImportOptions], Task]
RunTable = Callable[[str, bytes, TableMapping, ImportOptions], Task]
PreviewTable = Callable[[bytes, TableMapping | None], Any]

LOWEST = 230


class ImportPage(QWidget):
    """Starts imports through `run_paths` and `run_text`; tells what changed, and asks for patients and the holding bay."""

    patient_requested = Signal(str)
    holding_requested = Signal()
    imported = Signal(Changes)
    problem = Signal(object)

    def __init__(
        self,
        run_paths: RunPaths,
        run_text: RunText,
        preview: PreviewTable,
        run_table: RunTable,
        plain: PlainReports,
        held: Callable[[], int] = lambda: 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._run_paths, self._run_text = run_paths, run_text
        self._preview, self._run_table = preview, run_table
        self._plain, self._held = plain, held
        self._task: Task | None = None
        self.setObjectName("import_page")
        self.setAcceptDrops(True)
        outer = scrolling(self, "import_scroll", tr("Import laboratory results"))
        outer.setSpacing(SPACE.medium)
        outer.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        outer.addWidget(TextLabel(tr("Import laboratory results"), size=Size.TITLE, strong=True))
        outer.addWidget(self._build_source())
        outer.addLayout(self._build_progress())
        outer.addWidget(self._build_outcome(), 1)
        self._show_running(False)

    def _build_source(self) -> QFrame:
        card = frame("card", name="import_source")
        inner = column(card, margin=SPACE.large, spacing=SPACE.small)
        about = tr("HL7 v2, FHIR, ASTM, CSV and Excel. Drop files or folders anywhere on this page. Importing twice changes nothing.")
        inner.addWidget(TextLabel(about, tone="muted", wrap=True))
        line = row()
        self._files = primary_button(tr("Choose files"), self.choose_files, name="import_files")
        line.addWidget(self._files)
        line.addWidget(button(tr("Choose a folder"), self.choose_folder, name="import_folder"))
        line.addWidget(button(tr("Paste a report"), self.paste, name="import_paste"))
        line.addWidget(button(tr("Read a table"), self.choose_table, name="import_table", tip=tr("Say what each column is")))
        line.addStretch(1)
        inner.addLayout(line)
        self.create_box = _option(tr("Create unknown patients where name, birth date and number are complete"), "import_create")
        self.names = _option(tr("Accept what the name table suggests for a laboratory's own code"), "import_names")
        self.test = _option(tr("Accept messages that are marked as test messages"), "import_test")
        for made in (self.create_box, self.names, self.test):
            inner.addWidget(made)
        return card

    def _build_progress(self) -> QHBoxLayout:
        line = row(spacing=SPACE.medium)
        self.progress = QProgressBar()
        self.progress.setObjectName("import_progress")
        self.progress.setAccessibleName(tr("Progress of the import"))
        self.progress.setTextVisible(False)
        self._running = TextLabel("", tone="muted")
        self._stop = button(tr("Stop"), self.stop, name="import_stop")
        line.addWidget(self._running)
        line.addWidget(self.progress, 1)
        line.addWidget(self._stop)
        return line

    def _build_outcome(self) -> QWidget:
        columns = (
            TextColumn[Line](title=tr("Outcome"), text=lambda line: outcome_word(line.own.outcome), width=170),
            TextColumn[Line](title=tr("Patient as sent"), text=whose_text, width=220),
            TextColumn[Line](title=tr("Specimen taken"), text=when_text, width=150),
            TextColumn[Line](title=tr("Results"), text=results_text, width=170),
            TextColumn[Line](title=tr("Reason or marks"), text=reason_text),
            TextColumn[Line](title=tr("File"), text=file_text, width=190),
        )
        self.model = RecordsModel[Line](columns, self)
        self.table = RecordsTable[Line](self.model, "import_outcome", tr("What became of each specimen set"))
        self.table.opened.connect(self._open_row)
        self._totals = TextLabel("", strong=True, wrap=True)
        self._holding = button(tr("Open the holding bay"), self.holding_requested.emit, name="import_holding")
        result = QWidget()
        inner = column(result, spacing=SPACE.small)
        line = row()
        line.addWidget(self._totals, 1)
        line.addWidget(self._holding)
        inner.addLayout(line)
        self._reasons = TextLabel("", tone="muted", wrap=True)
        self._reasons.setObjectName("import_reasons")
        inner.addWidget(self._reasons)
        inner.addWidget(self.table, 1)
        inner.addWidget(RowDetails(self.table))
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(LOWEST)
        self._stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        text = tr("Each specimen set will stand here: stored, known already, corrected, or waiting for a person with its reason.")
        self._empty = EmptyState(tr("Nothing imported in this session"), text)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(result)
        return self._stack

    def take_keyboard(self) -> None:
        """Take the keyboard to the first way in."""
        self._files.setFocus()

    def options(self) -> ImportOptions:
        """Return the decisions of the person who imports."""
        return ImportOptions(
            create_patients=self.create_box.isChecked(), accept_names=self.names.isChecked(), accept_test=self.test.isChecked()
        )

    def choose_files(self) -> None:
        """Ask for files."""
        self._choose(QFileDialog.FileMode.ExistingFiles)

    def choose_folder(self) -> None:
        """Ask for a folder."""
        self._choose(QFileDialog.FileMode.Directory)

    def _choose(self, mode: QFileDialog.FileMode) -> None:
        dialog = FileDialog(self, tr("Import laboratory results"))
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(lambda names: self.import_paths([Path(name) for name in names]))
        dialog.open()

    def paste(self) -> None:
        """Ask for a pasted report."""
        dialog = PasteDialog(self)
        dialog.text_given.connect(self.take_text)
        dialog.open()

    def take_text(self, text: str) -> None:
        """Import a message or a table as it is; show plain lines as rows to confirm first."""
        try:
            preview = self._plain.read(text)
        except UserError as error:
            self.problem.emit(error)
            return
        if preview is None:
            self._begin(self._run_text(tr("pasted"), text.encode(), self.options()))
            return
        dialog = PlainDialog(preview, self._plain, self)
        dialog.settled.connect(lambda own, patient_id: self._begin(self._plain.store(text, own, patient_id)))
        dialog.open()

    def choose_table(self) -> None:
        """Ask for one table."""
        dialog = FileDialog(self, tr("Read a table"))
        dialog.setNameFilter(tr("Tables (*.csv *.tsv *.txt *.xlsx)"))
        dialog.fileSelected.connect(lambda name: self.map_table(Path(name)))
        dialog.open()

    def map_table(self, path: Path) -> MappingDialog | None:
        """Open the wizard over a table; what cannot be read as one is a sentence."""
        try:
            data = path.read_bytes()
            dialog = MappingDialog(path.name, partial(self._preview, data), self)
        except OSError as error:
            self.problem.emit(UserError(tr("The file cannot be read: {why}.", why=error.strerror), tr("Choose another file.")))
            return None
        except UserError as error:
            self.problem.emit(error)
            return None
        dialog.mapped.connect(lambda mapping: self._begin(self._run_table(str(path), data, mapping, self.options())))
        dialog.open()
        return dialog

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import files and folders, unless an import is running."""
        if paths and self._task is None:
            self._begin(self._run_paths(paths, self.options()))

    def _begin(self, task: Task) -> None:
        self._task = task
        self.progress.setRange(0, 0)
        self._show_running(True)
        task.progressed.connect(self._show_progress)
        task.done.connect(self.show_report)
        task.failed.connect(self._fail)

    def stop(self) -> None:
        """Stop after the files at hand; what is stored stays stored."""
        if self._task is not None:
            self._running.setText(tr("Stopping …"))
            self._task.cancel()

    def _show_running(self, running: bool) -> None:
        for part in (self._running, self.progress, self._stop):
            part.setVisible(running)
        self._running.setText(tr("Importing …"))
        self._empty.setVisible(not running)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self._running.setText(tr("{done} of {total} files", done=done, total=total))

    def show_report(self, report: ImportReport) -> None:
        """Show what became of everything, and tell the window which patients changed."""
        self._task = None
        self._show_running(False)
        lines = lines_of(report)
        self.model.set_records(lines)
        read = tr("Stopped: {done} of {total} files were read.", done=len(report.files), total=report.found) if report.stopped else ""
        self._totals.setText("   ".join(part for part in (read, totals_text(lines)) if part))
        told = (reasons_text(lines), waiting_text(lines, self._held()))
        self._reasons.setText("\n".join(part for part in told if part))
        self._reasons.setVisible(bool(self._reasons.text()))
        self._holding.setVisible(report.needs_a_person)
        self._stack.setCurrentIndex(1)
        self.table.choose(0)
        patients = frozenset(line.own.patient_id for line in lines if line.own.patient_id)
        self.imported.emit(Changes(patient_ids=patients, holding=report.needs_a_person))

    def totals(self) -> str:
        """Return the line of totals."""
        return self._totals.text()

    def _fail(self, error: object) -> None:
        self._task = None
        self._show_running(False)
        if not isinstance(error, UserError):
            assert isinstance(error, BaseException)
            raise error
        self.problem.emit(error)

    def _open_row(self, number: int) -> None:
        line = self.model.record_at(number)
        if line is None:
            return
        if line.own.patient_id:
            self.patient_requested.emit(line.own.patient_id)
        elif line.own.outcome == "quarantined":
            self.holding_requested.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what is dropped."""
        self.import_paths([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])


def _option(text: str, name: str) -> QCheckBox:
    made = QCheckBox(text)
    made.setObjectName(name)
    made.setAccessibleName(text)
    return made
