"""The febrile-neutropenia pathway: the clock from time zero, what is done and what is missing, the red flags, every definition."""

from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from neutromon.models.care import Pathway
from neutromon.models.errors import UserError
from neutromon.models.history import Antibiotic
from neutromon.rules.clock import AntibioticClock, antibiotic_clock
from neutromon.rules.fn_shown import unfounded
from neutromon.rules.pathway_end import AtEnd
from neutromon.ui.alerts.words import moment_text
from neutromon.ui.care.clock_face import ClockFace
from neutromon.ui.care.definitions import definition_rows
from neutromon.ui.care.parts import StateMark, allergy_fact, card, clear, count_fact, cycle_fact, gcsf_fact, reveal, side_by_side, tiles
from neutromon.ui.care.segments import Segments, answers
from neutromon.ui.care.steps import Now, what_now
from neutromon.ui.care.wide import WideForm
from neutromon.ui.fields.date_field import MomentField
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.spoken import spoken
from neutromon.ui.text import told, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, field_row, row
from neutromon.ui.widgets.marks import Mark

TICK_MS = 15_000
LABEL = 96


class PathwayForm(WideForm):
    """Shows the running pathway, or offers to start one; what is ticked is kept with its time when the form is saved."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Febrile-neutropenia pathway"), name="pathway", width=1080)
        self._evaluation = self.clinic.evaluate_patient(self.patient_id)
        self._known = self.clinic.patient_history(self.patient_id)
        self._running = self.clinic.open_pathway(self.patient_id)
        self._minutes = self.clinic.rules.numbers["triage"].wholes["antibiotic_minutes"]
        now = self.clinic.now()
        facts = [count_fact(self._known, self._evaluation), cycle_fact(self._known, self._evaluation), gcsf_fact(self._known, now)]
        self.body.addWidget(tiles([*facts, allergy_fact(self._known)]))
        left, right = QWidget(), QWidget()
        self._build_left(column(left, spacing=SPACE.medium))
        self._build_right(column(right, spacing=SPACE.medium))
        self.body.addLayout(side_by_side(self.theme, left, right), 1)
        self.add_primary(tr("Save") if self._running else tr("Start the pathway"), lambda: self._save(self._write))
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._show_clock)
        self._timer.start()
        self._show_clock()

    def _build_left(self, inside: QVBoxLayout) -> None:
        inside.setContentsMargins(0, 0, SPACE.small, 0)
        made, body = card(role="card", name="clock_card")
        self.face = ClockFace(self.theme)
        body.addWidget(self.face)
        self.time_zero = MomentField(self.clinic.now, name="time_zero", about=tr("Time zero"))
        self.time_zero.set_value(self._running.time_zero if self._running else self._first_fever())
        self.time_zero.value_changed.connect(self._show_clock)
        body.addWidget(field_row(tr("Time zero"), self.time_zero, label_width=LABEL))
        body.addWidget(TextLabel(tr("When the fever was reported, or the patient came."), size=Size.CAPTION, tone="muted"))
        inside.addWidget(made)
        self._now_card, self._now = card(tr("What to do now"))
        self._now_lines = column(spacing=SPACE.tight)
        self._now.addLayout(self._now_lines)
        inside.addWidget(self._now_card)
        inside.addWidget(self._build_antibiotic())
        inside.addWidget(self._build_end())
        inside.addStretch(1)

    def _build_antibiotic(self) -> QWidget:
        made, inside = card(tr("First antibiotic"))
        self.antibiotic = QLineEdit()
        self.antibiotic.setObjectName("antibiotic")
        self.antibiotic.setPlaceholderText(tr("name as written on the chart; stops the clock"))
        self.given_at = MomentField(self.clinic.now, name="given_at", about=tr("Given at"))
        inside.addWidget(field_row(tr("Given"), self.antibiotic, label_width=LABEL))
        inside.addWidget(field_row(tr("Given at"), self.given_at, label_width=LABEL))
        self.before = QCheckBox(tr("It was given before time zero: the clock stops at 0 minutes"))
        self.before.setObjectName("given_before")
        self.before.hide()
        inside.addWidget(self.before)
        self.antibiotic.textChanged.connect(self._offer_time)
        self.antibiotic.textChanged.connect(self._show_clock)
        for changed in (self.given_at.value_changed, self.time_zero.value_changed, self.antibiotic.textChanged):
            changed.connect(self._ask_before)
        self._show_given()
        return made

    def _show_given(self) -> None:
        """Say what is written down already, so that nobody writes it twice."""
        clock = self.clock() if self._running else None
        if clock is not None and clock.stopped_by is not None and clock.stopped_by.given_at is not None:
            when = moment_text(clock.stopped_by.given_at, self.clinic.now())
            self.antibiotic.setPlaceholderText(tr("written down: {drug}, {when}", drug=clock.stopped_by.name, when=when))

    def _is_before(self) -> bool:
        given, zero = self.given_at.value(), self.time_zero.value()
        return bool(self.antibiotic.text().strip()) and given is not None and zero is not None and given < zero

    def _ask_before(self, *_told: object) -> None:
        """Ask at once about a time before time zero."""
        self.before.setVisible(self._is_before())
        if not self._is_before():
            self.before.setChecked(False)

    def _offer_time(self, text: str) -> None:
        if text.strip() and self.given_at.is_empty():
            self.given_at.set_value(self.clinic.now())

    def _build_end(self) -> QWidget:
        made, inside = card(tr("End of the pathway"))
        self.outcome: Choice[str] = Choice(end_words(), name="outcome", accessible=tr("Outcome"))
        self.note = QLineEdit(self._running.note if self._running else "")
        self.note.setObjectName("note")
        inside.addWidget(field_row(tr("Outcome"), self.outcome, label_width=LABEL))
        inside.addWidget(field_row(tr("Note"), self.note, label_width=LABEL))
        self.missing = TextLabel("", tone="hold", wrap=True)
        self.missing.setObjectName("end_missing")
        self.end_reason = QLineEdit()
        self.end_reason.setObjectName("end_reason")
        self._why = field_row(tr("Reason"), self.end_reason, label_width=LABEL)
        inside.addWidget(self.missing)
        inside.addWidget(self._why)
        self.outcome.currentIndexChanged.connect(self._show_clock)
        return made

    def _at_end(self) -> AtEnd:
        """Return what is written down; a flag or step without an answer is not done."""
        clock = self.clock()
        return AtEnd(
            antibiotic=bool(self.antibiotic.text().strip()) or (clock is not None and clock.stopped_by is not None),
            flags=(sum(1 for asked in self._flags.values() if asked.value is not None), len(self._flags)),
            steps=(sum(1 for box in self._steps.values() if box.isChecked()), len(self._steps)),
            scored=self._known.episode.mascc is not None,
        )

    def _show_missing(self) -> None:
        """Say before the end what is not written down, and ask why it ends all the same."""
        at_end = self._at_end()
        self.missing.setText(missing_text(at_end))
        self.missing.setVisible(bool(self.outcome.code() and at_end.missing()))
        self._why.setVisible(bool(self.outcome.code() and at_end.needs_reason))

    def _build_right(self, inside: QVBoxLayout) -> None:
        inside.setContentsMargins(SPACE.small, 0, SPACE.small, 0)
        inside.addWidget(self._build_flags())
        inside.addWidget(self._build_definitions())
        inside.addWidget(self._build_assessment())
        inside.addStretch(1)

    def _build_definitions(self) -> QWidget:
        made, inside = card(tr("Febrile neutropenia by each definition"))
        why = unfounded(self._known, self._evaluation, self.clinic.protocol.count_validity_hours)
        for line in definition_rows(self._evaluation, self.clinic.protocol, why):
            shown = row(spacing=SPACE.small)
            shown.addWidget(StateMark(self.theme, line.mark, line.ink))
            shown.addWidget(TextLabel(line.name, strong=line.chosen), 1)
            shown.addWidget(TextLabel(line.word, strong=True, tone="hold" if line.ink == "hold" else ""))
            inside.addLayout(shown)
        said = tr("The site's definition is in bold. A sign may be missing: act on the worst that is possible.")
        inside.addWidget(TextLabel(said, size=Size.CAPTION, tone="muted", wrap=True))
        if why:
            inside.addWidget(TextLabel(tr("Cannot tell: {why}", why=spoken(why)), tone="hold", wrap=True))
        return made

    def _build_flags(self) -> QWidget:
        made, inside = card(tr("Red flags, whatever count and temperature are"))
        known = dict(self._running.flags) if self._running else {}
        self._flags: dict[str, Segments[bool | None]] = {}
        for line in self.clinic.rules.numbers["triage"].rows["override"]:
            code, text = line["code"], told(line["text"])
            asked: Segments[bool | None] = Segments(
                self.theme, answers(), name=f"flag_{code}", about=text, value=known.get(code), quiet=(None,)
            )
            asked.changed.connect(self._show_clock)
            self._flags[code] = asked
            shown = row(spacing=SPACE.small)
            shown.addWidget(TextLabel(text, wrap=True), 1)
            shown.addWidget(asked)
            inside.addLayout(shown)
        return made

    def _build_assessment(self) -> QWidget:
        made, inside = card(tr("Assessment set"))
        done = dict(self._running.done) if self._running else {}
        self._steps: dict[str, QCheckBox] = {}
        for number, step in enumerate(self.clinic.rules.numbers["triage"].lists["assessment"]):
            when = done.get(step)
            words = told(step)
            box = QCheckBox(f"{words}  ·  {moment_text(when, self.clinic.now())}" if when else words)
            box.setObjectName(f"step_{number}")
            box.setAccessibleName(words)
            box.setChecked(when is not None)
            box.toggled.connect(self._show_clock)
            self._steps[step] = box
            inside.addWidget(box)
        said = tr("NICE CG151. The risk score is due within 24 h.")
        inside.addWidget(TextLabel(said, size=Size.CAPTION, tone="muted"))
        return made

    def _first_fever(self) -> datetime:
        """Return when the first reading of the last day that is a fever was taken; without one, now."""
        now = self.clinic.now()
        recent = [t.at for t in self._known.temperatures if t.at is not None and timedelta(0) <= now - t.at <= timedelta(hours=24)]
        return min(recent, default=now)

    def clock(self) -> AntibioticClock | None:
        """Return the clock as it stands now, or None without a time zero."""
        zero = self.time_zero.value()
        if zero is None:
            return None
        before = self._running.given_before if self._running else None
        return antibiotic_clock(zero, self._known.antibiotics, self.clinic.now(), self._minutes, before)

    def _show_clock(self, *_told: object) -> None:
        found = self.clock()
        self.face.show_clock(found if self._running else None, self.clinic.now(), self._minutes)
        flags = {code: asked.value for code, asked in self._flags.items()}
        missing = [told(step) for step, box in self._steps.items() if not box.isChecked()]
        clear(self._now_lines)
        for line in what_now(found, flags, missing, self._known.episode.mascc is not None):
            self._now_lines.addWidget(self._line(line))
        self._show_missing()

    def _line(self, line: Now) -> QWidget:
        holder = QWidget()
        shown = row(holder, spacing=SPACE.small)
        shown.addWidget(StateMark(self.theme, Mark.CHECK if line.done else Mark.CLOCK, "meets" if line.done else "hold"))
        shown.addWidget(TextLabel(line.text, wrap=True, strong=line.urgent, tone="error" if line.urgent else ""), 1)
        return holder

    def _write(self) -> Saved:
        zero = self.time_zero.value()
        if zero is None:
            raise UserError(self.time_zero.problem() or tr("Time zero is missing."), tr("Type when the fever was reported."))
        now = self.clinic.now()
        earlier = dict(self._running.done) if self._running else {}
        done = {step: earlier.get(step, now) for step, box in self._steps.items() if box.isChecked()}
        flags = {code: asked.value for code, asked in self._flags.items() if asked.value is not None}
        ended = bool(self.outcome.code())
        base = self._running or Pathway(time_zero=zero, source="form")
        state = replace(base, time_zero=zero, done=done, flags=flags, note=self.note.text().strip())
        state = replace(state, ended_at=now if ended else None, outcome=self.outcome.code())
        if ended:
            state = replace(state, missing=self._at_end().missing(), end_reason=self._end_reason())
        given = self._given()
        if given is not None and self._is_before():
            state = replace(state, given_before=given.given_at)
        outcome = self.clinic.save_pathway(self.patient_id, state, given)
        said = tr("Pathway ended") if ended else tr("Pathway saved") if self._running else tr("Pathway started")
        return Saved(title=said, changes=outcome.changes, undo=taking_back(self.clinic, outcome.changes))

    def _end_reason(self) -> str:
        """Return why it ends with something missing; refuse to stop the clock without a word."""
        at_end = self._at_end()
        if not at_end.needs_reason:
            return ""
        if not self.end_reason.text().strip():
            reveal(self.end_reason)
            raise UserError(missing_text(at_end), tr("Write it down, or type the reason why the pathway ends all the same."))
        return self.end_reason.text().strip()

    def _given(self) -> Antibiotic | None:
        name = self.antibiotic.text().strip()
        if not name:
            return None
        given_at = self.given_at.value()
        if given_at is None:
            raise UserError(self.given_at.problem() or tr("Say when the antibiotic was given."))
        if self._is_before() and not self.before.isChecked():
            raise UserError(
                tr("The antibiotic lies before time zero."),
                tr("Correct one of the two times, or tick that it was given before time zero."),
            )
        return Antibiotic(name=name, given_at=given_at, purpose="treatment")

    def done(self, result: int) -> None:
        """Stop the ticking when the form closes."""
        self._timer.stop()
        super().done(result)


def missing_text(at_end: AtEnd) -> str:
    """Return what is not written down as a sentence; "" where nothing is missing."""
    (looked, flags), (done, steps) = at_end.flags, at_end.steps
    parts = [
        "" if at_end.antibiotic else tr("no antibiotic with its time"),
        "" if looked == flags else tr("{n} of {all} red flags not looked for", n=flags - looked, all=flags),
        "" if done == steps else tr("{n} of {all} steps of the assessment", n=steps - done, all=steps),
        "" if at_end.scored else tr("the items of the risk score"),
    ]
    said = "; ".join(part for part in parts if part)
    return tr("Not written down: {list}.", list=said) if said else ""


def end_words() -> list[tuple[str, str]]:
    """Return how a pathway may end; it runs on without an outcome."""
    return [
        ("", tr("it runs on")),
        ("admitted", tr("Admitted")),
        ("outpatient", tr("Outpatient care, told when to return")),
        ("not_confirmed", tr("Febrile neutropenia not confirmed")),
        ("transferred", tr("Transferred")),
        ("died", tr("Died")),
    ]
