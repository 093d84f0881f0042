"""The count form: typed with the keyboard alone, with the previous value beside each field and the ANC as it comes about."""

from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QGridLayout, QLineEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.models.evaluation import Problem
from neutromon.models.formatting import grade_text, quantity_text
from neutromon.services.counts import CountDraft, CountPreview, last_values
from neutromon.ui.count_unit import shown_bare, shown_counts
from neutromon.ui.fields.date_field import MomentField
from neutromon.ui.fields.units import CELLS, units_of
from neutromon.ui.forms.base import SCROLL_BAR, WIDEST, PatientForm
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.count_live import GRADINGS, LiveCount, cycle_place
from neutromon.ui.forms.count_row import CountRow, ProblemLine, column_titles
from neutromon.ui.forms.whose import WhoseSample
from neutromon.ui.forms.words import undone_by
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row
from neutromon.ui.worklist.columns import day_text

FIRST = ("wbc", "neutrophils", "segs_percent", "bands_percent", "platelets", "hemoglobin")
MORE = (
    "neutrophils_percent",
    "lymphocytes",
    "lymphocytes_percent",
    "monocytes",
    "monocytes_percent",
    "granulocytes",
    "eosinophils_percent",
    "basophils_percent",
    "immature_granulocytes_percent",
    "blasts_percent",
    "mcv",
)
LOOK_MS = 90


class CountForm(PatientForm):
    """Enter a count; the rules are asked after each pause in typing, nothing is stored before Save."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Enter count"), name="count_form", width=940, scroll=True)
        self.rows: dict[str, CountRow] = {}
        self._preview: CountPreview | None = None
        self._timer = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._timer.timeout.connect(self.refresh)
        self._build_time()
        self._build_values()
        self._build_foot()
        self.add_save(tr("Save count"), self._write)
        self._put_boxes_last()
        self.keep_draft("count")
        self._show_more(any(self.rows[name].field.text() for name in MORE))
        self.refresh()
        self.taken.date.setFocus()
        self.taken.date.selectAll()

    def _build_time(self) -> None:
        self.taken = MomentField(self.clinic.now, name="taken", about=tr("Taken"))
        self.taken.set_value(self.clinic.now())
        self.taken.value_changed.connect(self._soon)
        self.add_field(tr("Taken"), self.taken)

    def _build_values(self) -> None:
        self._sides = sides = row(spacing=SPACE.wide)
        left = column(spacing=SPACE.small)
        self._table = QGridLayout()
        self._table.setContentsMargins(0, 0, 0, 0)
        self._table.setHorizontalSpacing(SPACE.medium)
        self._table.setVerticalSpacing(SPACE.tight)
        self._table.setColumnMinimumWidth(0, 142)
        self._table.setColumnStretch(3, 1)
        self._table.setColumnMinimumWidth(3, 150)
        self._table.setColumnMinimumWidth(4, 118)
        self._table.setColumnMinimumWidth(5, 60)
        self._before = column_titles(self._table, tr("Previous"))
        holder = QWidget()
        for name in (*FIRST, *MORE):
            self.rows[name] = CountRow(name, self._table, self)
            self.rows[name].changed.connect(self._soon)
        holder.setLayout(self._table)
        self._more = button(tr("More values"), self._toggle_more, name="more_values", kind="flat")
        left.addWidget(holder)
        line = row()
        line.addWidget(self._more)
        line.addStretch(1)
        left.addLayout(line)
        left.addStretch(1)
        self.live = LiveCount()
        self.live.setFixedWidth(round(236 * max(1.0, self.theme.scale)))
        sides.addLayout(left, 1)
        sides.addWidget(self.live)
        self.body.addLayout(sides)

    def fit_height(self) -> None:
        """Put the ANC below the values where the text is too large for both side by side, so that nothing scrolls sideways."""
        inside = self._inner
        if inside is not None and inside.minimumSizeHint().width() + SCROLL_BAR > WIDEST:
            self._sides.setDirection(QBoxLayout.Direction.TopToBottom)
            self.live.setMinimumWidth(0)
            self.live.setMaximumWidth(WIDEST)
        super().fit_height()

    def _build_foot(self) -> None:
        self.general = ProblemLine("count")
        self.body.addWidget(self.general)
        self.again = QCheckBox(tr("This is a second specimen: save it beside the one of the same time"))
        self.again.setObjectName("second_specimen")
        self.again.hide()
        self.body.addWidget(self.again)
        self.whose = WhoseSample()
        self.body.addWidget(self.whose)
        foot = row(spacing=SPACE.medium)
        self.method: Choice[str | None] = Choice(
            [(None, tr("Method not stated")), ("automated", tr("Automated differential")), ("manual", tr("Manual differential"))],
            name="method",
            accessible=tr("Method"),
        )
        self.accession = QLineEdit()
        self.accession.setObjectName("accession")
        self.accession.setPlaceholderText(tr("Specimen number"))
        self.accession.setAccessibleName(tr("Specimen number"))
        self.note = QLineEdit()
        self.note.setObjectName("note")
        self.note.setPlaceholderText(tr("Where from: telephone, slip, name of the laboratory"))
        self.note.setAccessibleName(tr("Where the values come from"))
        for widget, stretch in ((self.method, 0), (self.accession, 1), (self.note, 2)):
            foot.addWidget(widget, stretch)
        self.body.addLayout(foot)
        keys = tr("Enter: next field · Ctrl+U: other unit · Ctrl+Enter: save · Esc: leave, the draft is kept")
        self.body.addWidget(TextLabel(keys, tone="faint", wrap=True))

    def _toggle_more(self) -> None:
        self._show_more(not self._more_shown)
        self.fit_height()

    def _show_more(self, shown: bool) -> None:
        self._more_shown = shown
        for name in MORE:
            self.rows[name].set_visible(shown or bool(self.rows[name].field.text()))
        self._more.setText(tr("Fewer values") if shown else tr("More values"))

    def _put_boxes_last(self) -> None:
        """Let Tab reach what is offered on a doubtful value behind the fields: it must not take the key of the next field."""
        before: QWidget = self.note
        for line in self.rows.values():
            for part in (line.problems.meant, line.problems.confirm):
                QWidget.setTabOrder(before, part)
                before = part

    def _soon(self) -> None:
        self._timer.start()

    def draft(self) -> CountDraft | None:
        """Return what is typed as a count; None without a time or a readable value."""
        taken = self.taken.value()
        values = {name: value for name, line in self.rows.items() if (value := line.value()) is not None}
        if taken is None or not values:
            return None
        return CountDraft(
            collected_at=taken,
            values=values,
            method=self.method.code(),
            accession=self.accession.text().strip() or None,
            confirmed=frozenset(name for name in values if self.rows[name].confirmed),
            note=self.note.text().strip(),
        )

    def refresh(self) -> None:
        """Ask the rules what they understand of what is typed now."""
        self._timer.stop()
        self.show_problem("")  # it spoke of what was typed before
        draft = self.draft()
        self._preview = self.clinic.preview_count(self.patient_id, draft) if draft else None
        if self._preview is None:
            self._show_unknown()
        else:
            self._show_preview(self._preview)

    def _show_unknown(self) -> None:
        before = last_values(self._history) if self._history else {}
        newest = max((when for _, when in before.values()), default=None)
        self._before.setText(tr("Previous"))
        for name, line in self.rows.items():
            value, when = before.get(name, (None, None))
            line.show_previous(value, when, newest)
            line.show_reading("", "", ())
        self.general.show_problems((), self.taken.problem())
        self.again.hide()
        self.whose.show_signs(())
        self.live.show_nothing(self.taken.problem() or tr("Type a value."))

    def _show_preview(self, preview: CountPreview) -> None:
        count = preview.evaluation
        before = time_words(preview.previous_at)
        self._before.setText(before or tr("Previous"))
        for name, line in self.rows.items():
            line.show_previous(preview.previous.get(name), preview.previous_times.get(name), preview.previous_at)
            problems = [p for p in count.problems if p.field == name]
            change = preview.deltas.get("anc" if name == "neutrophils" else name, "")
            change = shown_bare(change) if units_of(name) == CELLS else change
            line.show_reading(self._reading(name, preview), change if line.value() else "", problems)
        self._show_general([p for p in count.problems if p.field not in self.rows], preview)
        history = self._history
        place = cycle_place(count, history, self.clinic.rules) if history else ""
        self.live.show_count(count, preview.deltas.get("anc", ""), before, place)

    def _show_general(self, problems: list[Problem], preview: CountPreview) -> None:
        twice = preview.duplicate_of is not None
        own = tr("A count of the same time is already recorded.") if twice else ""
        self.again.setVisible(twice)
        self.whose.show_signs(preview.unlike)
        self.general.show_problems(problems, own)

    def _reading(self, name: str, preview: CountPreview) -> str:
        count = preview.evaluation
        quantity = count.anc.quantity if name == "neutrophils" and self.rows[name].value() else count.values.get(name)
        if quantity is None or self.rows[name].value() is None:
            return ""
        grades = count.grades.get(GRADINGS[0], {}).get(name)
        return shown_counts(quantity_text(quantity)) + (f"  {grade_text(grades)}" if grades is not None else "")

    def _write(self) -> Saved:
        self.refresh()
        self._refuse_unreadable()
        draft = self.draft()
        if draft is None:
            raise UserError(tr("The count has no value."), tr("Type at least one value."))
        if self._preview is not None and self._preview.duplicate_of is not None and not self.again.isChecked():
            raise UserError(
                tr("A count of the same time is already recorded."), tr("Change the time, or say that it is a second specimen.")
            )
        self.bring_into_sight(self.whose)
        self.whose.refuse_unchecked()
        outcome = self.clinic.record_count(self.patient_id, draft)
        sample, reason, clinic = outcome.value, undone_by(self.clinic.user), self.clinic
        return Saved(
            title=tr("Count of {when} saved.", when=time_words(draft.collected_at)),
            changes=outcome.changes,
            undo=lambda: clinic.void_count(sample, reason),
        )

    def _refuse_unreadable(self) -> None:
        if self.taken.problem() or self.taken.value() is None:
            raise UserError(self.taken.problem() or tr("The time is missing."), tr("A count without its time cannot be placed."))
        for line in self.rows.values():
            if line.field.problem():
                line.field.setFocus()
                raise UserError(f"{line.label.text()}: {line.field.problem()}")


def time_words(moment: datetime | None) -> str:
    """Return "12 Mar 2026 08:40", or ""."""
    return f"{day_text(moment.date())} {moment:%H:%M}" if moment else ""
