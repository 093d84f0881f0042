"""The backtest screen: the clinic's own closed cycles replayed beside the window, with coverage, calibration, errors and export."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHeaderView,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from neutromon.models.errors import UserError
from neutromon.services.backtest import AheadRow, Backtest, backtest_csv
from neutromon.ui.charts.calibration import CalibrationPlot
from neutromon.ui.charts.shown import Ink
from neutromon.ui.forecast.words import advisory
from neutromon.ui.tasks.task import Task
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.widgets.layout import column, frame, row
from neutromon.ui.worklist.columns import day_text

ROW_HEIGHT = 32
FILE_NAME = "backtest.csv"
Last = Callable[[], tuple[Backtest, datetime] | None]

LARGE = 1.4
"""From this size of text on the buttons stand below the heading."""


class BacktestPage(QWidget):
    """Starts the replay by `run`, which returns its task, and shows the result; `last` gives what was finished before, and when."""

    problem = Signal(object)
    saved = Signal(str)

    def __init__(self, theme: Theme, run: Callable[[], Task], last: Last = lambda: None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._run, self._last = theme, run, last
        self._task: Task | None = None
        self._result: Backtest | None = None
        self.setObjectName("backtest_page")
        outer = column(self, margin=SPACE.wide, spacing=SPACE.medium)
        outer.addLayout(self._build_head())
        self.text = TextLabel("", wrap=True, size=Size.SUBTITLE)
        self.as_of = TextLabel("", tone="muted")
        outer.addWidget(self.text)
        outer.addWidget(self.as_of)
        self.empty = EmptyState(tr("No backtest yet"), _explained())
        outer.addWidget(self.empty, 1)
        outer.addWidget(self._build_result(), 1)
        outer.addWidget(TextLabel(advisory(), size=Size.CAPTION, tone="muted"))
        self._teach()
        self.activate()

    def activate(self) -> None:
        """Show the last backtest of this session, where one was finished while this page was away."""
        last = self._last()
        if last is not None and self._task is None and last[0] is not self._result:
            self.show_result(*last)

    def take_keyboard(self) -> None:
        """Take the keyboard to the button that begins."""
        self.start.setFocus()

    def _build_head(self) -> QVBoxLayout:
        line = row(spacing=SPACE.small)
        title = column(spacing=SPACE.hair)
        title.addWidget(TextLabel(tr("Backtest of the forecast"), size=Size.TITLE, strong=True))
        about = tr("Every closed cycle is forecast from the counts before, and compared with what came. Nothing is stored.")
        title.addWidget(TextLabel(about, tone="muted", wrap=True))
        line.addLayout(title, 1)
        head = column(spacing=SPACE.small)
        head.addLayout(line)
        if self._theme.scale >= LARGE:  # beside it they would leave the heading no room
            line = row(spacing=SPACE.small)
            line.addStretch(1)
            head.addLayout(line)
        self.progress = QProgressBar()
        self.progress.setObjectName("backtest_progress")
        self.progress.setAccessibleName(tr("Progress of the backtest"))
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.progress.hide()
        self.stop = button(tr("Stop"), self.cancel, name="backtest_stop")
        self.stop.hide()
        self.export = button(tr("Export CSV …"), self._ask_place, name="backtest_export")
        self.start = primary_button(tr("Run the backtest"), self.begin, name="backtest_run")
        for widget in (self.progress, self.stop, self.export, self.start):
            line.addWidget(widget)
        return head

    def _build_result(self) -> QScrollArea:
        self._inner = QWidget()
        inside = column(self._inner, spacing=SPACE.large)
        inside.setContentsMargins(0, 0, SPACE.small, 0)
        self.tiles = QGridLayout()
        self.tiles.setHorizontalSpacing(SPACE.medium)
        inside.addLayout(self.tiles)
        sides = row(spacing=SPACE.wide)
        left, right = column(spacing=SPACE.small), column(spacing=SPACE.small)
        left.addWidget(section_title(tr("Calibration on day 1")))
        self.plot = CalibrationPlot(Ink(self._theme))
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # so that its axis stays on a small screen
        left.addWidget(self.plot, 1)
        right.addWidget(section_title(tr("Error by days ahead")))
        self.table = self._build_table()
        right.addWidget(self.table)
        self.explain = TextLabel("", tone="muted", size=Size.CAPTION, wrap=True)
        right.addWidget(self.explain)
        right.addStretch(1)
        sides.addLayout(left, 2)
        sides.addLayout(right, 3)
        inside.addLayout(sides, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._inner)
        self._shown = area
        return area

    def _build_table(self) -> QTableWidget:
        names = (tr("Days ahead"), tr("Counts"), tr("Inside 90 %"), tr("Forecast"), tr("As last cycle"), tr("Prior alone"))
        made = QTableWidget(0, len(names))
        made.setObjectName("backtest_ahead")
        made.setAccessibleName(tr("Error by days ahead"))
        made.setHorizontalHeaderLabels(list(names))
        made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        made.setShowGrid(False)
        made.setTabKeyNavigation(False)
        made.verticalHeader().hide()
        made.verticalHeader().setDefaultSectionSize(round(ROW_HEIGHT * max(self._theme.scale, 1.0)))
        made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        made.horizontalHeader().setHighlightSections(False)
        return made

    def _teach(self) -> None:
        self._inner.hide()
        self._shown.hide()
        self.as_of.hide()
        self.export.setEnabled(False)
        self.text.setText(tr("Run it to see how well the forecasts would have done in this clinic."))
        self.text.set_tone("muted")

    # running
    def begin(self) -> None:
        """Start the replay; a second start while one runs does nothing."""
        if self._task is not None:
            return
        self._task = self._run()
        self._task.progressed.connect(self._tell)
        self._task.done.connect(self._take)
        self._task.failed.connect(self._fail)
        self.text.setText(tr("Replaying …"))
        self.progress.setRange(0, 0)
        self._busy(True)

    def cancel(self) -> None:
        """Stop the replay; what was calculated is dropped."""
        if self._task is not None:
            self._task.cancel()
            self.text.setText(tr("Stopping …"))

    def _busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        self.start.setEnabled(not busy)
        self.export.setEnabled(not busy and self._result is not None and bool(self._result.points))

    def _tell(self, done: int, total: int) -> None:
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)

    def _take(self, result: Backtest | None) -> None:
        self._task = None
        if result is None:
            self._busy(False)
            self.text.setText(tr("Stopped."))
            return
        last = self._last()
        self.show_result(result, last[1] if last is not None and last[0] is result else None)

    def _fail(self, error: BaseException) -> None:
        self._task = None
        self._busy(False)
        self.text.setText(tr("The backtest could not be finished."))
        self.problem.emit(error)

    # the result
    def show_result(self, result: Backtest, at: datetime | None = None) -> None:
        """Show a finished backtest and, where it is known, when it was finished: counts that came later are not in it."""
        self._result = result
        time = f"{day_text(at.date())} {at:%H:%M}" if at else ""
        self.as_of.setText(tr("As of {time}; what was recorded later is not in it.", time=time))
        self.as_of.setVisible(at is not None)
        self._busy(False)
        self.text.setText(result_words(result))
        self.text.set_tone("" if result.points else "muted")
        self.empty.hide()
        self._shown.show()
        self._inner.setVisible(bool(result.points))
        self._fill_tiles(result)
        self.plot.show_rows([(bin.stated, bin.observed, bin.points) for bin in result.calibration])
        self._fill_table(result)
        self.explain.setText("\n".join(explanations(result)))

    def _fill_tiles(self, result: Backtest) -> None:
        while self.tiles.count():
            item = self.tiles.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for place, (head, value, foot) in enumerate(tiles_of(result)):
            card = frame("card")
            inside = column(card, margin=SPACE.medium, spacing=SPACE.hair)
            inside.addWidget(TextLabel(head, size=Size.CAPTION, tone="muted", strong=True))
            inside.addWidget(TextLabel(value, size=Size.TITLE, strong=True))
            inside.addWidget(TextLabel(foot, size=Size.CAPTION, tone="muted", wrap=True))
            self.tiles.addWidget(card, 0, place)

    def _fill_table(self, result: Backtest) -> None:
        self.table.setRowCount(len(result.ahead))
        for number, line in enumerate(result.ahead):
            for place, text in enumerate(ahead_cells(line)):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.table.setItem(number, place, item)
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + len(result.ahead) * self.table.verticalHeader().defaultSectionSize() + 4)

    # export
    def _ask_place(self) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, tr("Export the backtest"), documents)
        dialog.setObjectName("backtest_place")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("CSV (*.csv)")
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(FILE_NAME)
        dialog.fileSelected.connect(lambda path: self.write(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, path: Path) -> None:
        """Write every point as CSV that spreadsheets read; patients are numbered, not named."""
        if self._result is None:
            return
        try:
            path.write_text(backtest_csv(self._result), encoding="utf-8-sig", newline="")
        except OSError as error:
            self.problem.emit(UserError(f"{path} cannot be written: {error.strerror}.", "Choose another folder, or free some space."))
            return
        self.saved.emit(tr("Written: {path}", path=path))


def _explained() -> str:
    return tr(
        "Each closed cycle is forecast again from the counts before it, as if nobody knew the rest, and compared with what was measured. "
        "It takes a minute or two; you can go on working meanwhile."
    )


def result_words(result: Backtest) -> str:
    """Return the result in one sentence of the window's language."""
    if not result.points:
        return tr("There is no closed cycle with at least two counts before another one; nothing can be compared yet.")
    return tr(
        "{forecasts} forecasts in {cycles} closed cycles of {patients} patients: "
        "{share} % of {n} later counts fell inside the 90 % interval.",
        forecasts=result.forecasts,
        cycles=result.cycles,
        patients=result.patients,
        share=round(100 * result.coverage.get(0.9, 0.0)),
        n=len(result.points),
    )


def tiles_of(result: Backtest) -> list[tuple[str, str, str]]:
    """Return coverage by level and the Brier score beside that of the plain frequency."""
    made = [
        (
            tr("{level} % interval", level=f"{level * 100:.0f}"),
            percent(share),
            tr("of counts inside; {level} % is right", level=f"{level * 100:.0f}"),
        )
        for level, share in sorted(result.coverage.items())
    ]
    if result.brier is not None and result.climatology is not None:
        foot = tr("0 is perfect; {n} is what the plain frequency gets", n=f"{result.climatology:.3f}")
        made.append((tr("Brier score of day 1"), f"{result.brier:.3f}", foot))
    return made


def percent(share: float | None) -> str:
    """Return "88 %", or a dash where there is none."""
    return "–" if share is None else f"{share * 100:.0f} %"


def ahead_cells(line: AheadRow) -> tuple[str, ...]:
    """Return the cells of one row; errors are factors, so that 1.0 is exact."""
    factors = (line.error_factor, line.last_cycle_factor, line.prior_factor)
    return (
        f"{line.low:g}–{line.high:g}",
        str(line.points),
        percent(line.coverage),
        *("–" if factor is None else f"× {factor:.2f}" for factor in factors),
    )


def explanations(result: Backtest) -> list[str]:
    """Return how to read the table, what was refused and what ran."""
    said = [tr("Errors are median factors between forecast and measured count: ×\u00a01.00 is exact, ×\u00a02.00 twice or half.")]
    if result.refusals:
        refused = ", ".join(f"{refusal_word(code)} {number}" for code, number in sorted(result.refusals.items()))
        said.append(tr("No forecast was made: {list}.", list=refused))
    if result.kernel:
        said.append(tr("Calculated by the kernel in {name}.", name=result.kernel))
    return said


def refusal_word(code: str) -> str:
    """Return what a refusal's code means."""
    words = {
        "no_regimen_model": tr("no model for the regimen"),
        "no_baseline": tr("no count before the first treatment"),
        "no_day1": tr("no day 1 on record"),
        "inconsistent_counts": tr("counts and regimen contradict each other"),
        "out_of_scope": tr("outside of what the model is for"),
    }
    return words.get(code, code.replace("_", " "))
