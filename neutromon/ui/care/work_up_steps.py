"""The steps of a work-up as fields: what was asked for and when, what came back and when, what is still missing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from neutromon.models.care import StepState
from neutromon.ui.care.parts import card
from neutromon.ui.fields.date_field import Clock, DateField
from neutromon.ui.text import told, tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.badges import Chip
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row

SMEAR = "smear"


class WorkUpSteps(QWidget):
    """A card for each step with its trigger; `due` are the ids of the steps that the counts ask for now.

    Steps that are neither due nor begun show their trigger only, until they are opened; with none due, `first` stand open, unmarked.
    """

    opened = Signal()

    def __init__(
        self,
        theme: Theme,
        clock: Clock,
        rows: Sequence[Mapping[str, object]],
        due: frozenset[str],
        states: Mapping[str, StepState],
        *,
        first: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self._theme, self._clock = theme, clock
        self._fields: dict[str, tuple[DateField, DateField, QLineEdit]] = {}
        self._needed: list[str] = []
        outer = column(self, spacing=SPACE.medium)
        outer.setContentsMargins(0, 0, SPACE.small, 0)
        for step in sorted(rows, key=lambda own: str(own["id"]) not in due):
            is_due = str(step["id"]) in due
            stands = is_due or (not due and str(step["id"]) in first)
            outer.addWidget(self._build_step(step, is_due, stands or any(ask in states for ask in asks_of(step))))
        outer.addStretch(1)
        self._fill(states)

    def _build_step(self, step: Mapping[str, object], is_due: bool, is_open: bool) -> QWidget:
        made, inside = card()
        head = row(spacing=SPACE.small)
        head.addWidget(TextLabel(told(str(step["trigger"])), strong=True, wrap=True), 1)
        if is_due:
            head.addWidget(Chip(self._theme, tr("trigger met"), ground="warn_ground", ink="text"))
        inside.addLayout(head)
        if is_open:
            self._build_asks(inside, step)
        else:
            more = button(tr("Show what to ask for"), name=f"show_{step['id']}", kind="flat")
            more.clicked.connect(lambda _checked=False: self._open(inside, step, more))
            head.addWidget(more)
        if is_due:
            self._needed += asks_of(step)
        return made

    def _open(self, inside: QVBoxLayout, step: Mapping[str, object], more: QWidget) -> None:
        more.hide()
        self._build_asks(inside, step)
        self.opened.emit()

    def _build_asks(self, inside: QVBoxLayout, step: Mapping[str, object]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.small)
        grid.setVerticalSpacing(SPACE.tight)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(3, 3)
        for place, title in enumerate(("", tr("Asked for"), tr("Result of"), tr("Result"))):
            grid.addWidget(TextLabel(title, size=Size.CAPTION, tone="muted"), 0, place)
        for ask in asks_of(step):
            self._build_ask(grid, ask)
        inside.addLayout(grid)
        inside.addWidget(TextLabel(str(step["source"]), size=Size.CAPTION, tone="muted", wrap=True))

    def _build_ask(self, grid: QGridLayout, ask: str) -> None:
        number = grid.rowCount()
        asked = DateField(self._clock, name=f"asked_{ask}", accessible=tr("{ask}: asked for", ask=told(ask)))
        resulted = DateField(self._clock, name=f"resulted_{ask}", accessible=tr("{ask}: result of", ask=told(ask)))
        for field in (asked, resulted):
            field.setPlaceholderText("")
        result = QLineEdit()
        result.setObjectName(f"result_{ask}")
        result.setAccessibleName(tr("{ask}: result", ask=told(ask)))
        self._fields[ask] = (asked, resulted, result)
        words = QWidget()
        line = row(words, spacing=SPACE.small)
        line.addWidget(TextLabel(told(ask), wrap=True), 1)
        if ask == SMEAR:
            line.addWidget(button(tr("Request"), self._request_smear, name="smear_request"))
        grid.addWidget(words, number, 0)
        shown: tuple[QWidget, ...] = (asked, resulted, result)
        for place, widget in enumerate(shown, start=1):
            grid.addWidget(widget, number, place)

    def _request_smear(self) -> None:
        """Put today's date beside the smear and the request's words into the clipboard, for the laboratory's own form."""
        self._fields[SMEAR][0].set_day(self._clock().date())
        QGuiApplication.clipboard().setText(self.request_text())

    def request_text(self) -> str:
        """Return the words of a smear request; the patient stands on the laboratory's form, not in the clipboard."""
        return tr(
            "Blood smear requested: neutropenia not explained by chemotherapy. Please comment on blasts, dysplasia, left shift, "
            "large granular lymphocytes, clumping, and on the other lines."
        )

    def _fill(self, states: Mapping[str, StepState]) -> None:
        for ask, state in states.items():
            if ask in self._fields:
                asked, resulted, result = self._fields[ask]
                asked.set_day(state.requested)
                resulted.set_day(state.resulted)
                result.setText(state.result)

    def states(self) -> dict[str, StepState]:
        """Return what stands in the fields."""
        found = {}
        for ask, (asked, resulted, result) in self._fields.items():
            state = StepState(requested=asked.day(), resulted=resulted.day(), result=result.text().strip())
            if state != StepState():
                found[ask] = state
        return found

    def problem(self) -> str:
        """Return the first date that cannot be read."""
        for ask, (asked, resulted, _) in self._fields.items():
            if asked.is_unreadable() or resulted.is_unreadable():
                return tr("A date of “{ask}” cannot be read.", ask=told(ask))
        return ""

    def needed(self) -> list[str]:
        """Return what the met triggers ask for."""
        return list(self._needed)


def asks_of(step: Mapping[str, object]) -> list[str]:
    """Return what a step asks for."""
    asks = step["ask"]
    return [str(ask) for ask in asks] if isinstance(asks, list | tuple) else []


def read_states(record: Mapping[str, object]) -> dict[str, StepState]:
    """Return the steps of a stored work-up; what is of another form is passed over."""
    steps = record.get("steps")
    found = {}
    for ask, body in steps.items() if isinstance(steps, Mapping) else ():
        if isinstance(body, Mapping):
            state = StepState(
                requested=read_date(body.get("requested")), resulted=read_date(body.get("resulted")), result=str(body.get("result", ""))
            )
            found[str(ask)] = state
    return found


def read_date(value: object) -> date | None:
    """Return a stored date, or None."""
    try:
        return datetime.fromisoformat(str(value)).date() if value else None
    except ValueError:
        return None
