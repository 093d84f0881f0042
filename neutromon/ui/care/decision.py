"""The decision for a planned treatment day, beside the check that the rules computed and the alerts that stand against it."""

from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from neutromon.models.errors import UserError
from neutromon.models.evaluation import DayOne
from neutromon.rules.alert_fold import blocks_proceed
from neutromon.services.decisions import DayOneDecision, PastDecision
from neutromon.ui.alerts.words import first_line, moment_text
from neutromon.ui.care.parts import StateMark, card, count_fact, gcsf_fact, next_fact, tiles
from neutromon.ui.care.segments import Segments
from neutromon.ui.count_unit import shown_limit
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.spoken import spoken
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.badges import TierBadge
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import row
from neutromon.ui.widgets.marks import Mark
from neutromon.ui.worklist.columns import decision_word

CHOICES = ("proceed", "defer", "refer", "repeat_count")
DAYS = (1, 3, 7, 14)
SIGNS = {True: (Mark.CHECK, "meets"), False: (Mark.CROSS, "hold"), None: (Mark.QUESTION, "hold")}


class DecisionForm(PatientForm):
    """Proceed, defer by days with a reason, refer, or repeat the count; an urgent alert closes "proceed" only."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Decide the treatment day"), name="decision", width=680, scroll=True)
        self._evaluation = self.clinic.evaluate_patient(self.patient_id)
        history = self.clinic.patient_history(self.patient_id)
        now = self.clinic.now()
        self.add_wide(tiles([next_fact(history, now), count_fact(history, self._evaluation), gcsf_fact(history, now)]))
        self._check = self._evaluation.day1
        self.add_wide(self._build_check(self._check))
        self._show_earlier()
        self._blocking = [alert for alert in self.clinic.alerts_of(self.patient_id) if blocks_proceed(alert)]
        if self._blocking:
            self.add_wide(self._build_blocking())
        self._build_choice()
        self.add_save(tr("Save the decision"), self._write)
        self.keep_draft(f"decision:{self._check.target_date if self._check else ''}")
        self.choice.setFocus()

    def _build_check(self, check: DayOne | None) -> QWidget:
        made, inside = card(name="day_one_check")
        line = row(spacing=SPACE.small)
        mark, ink = SIGNS[check.meets if check else None]
        line.addWidget(StateMark(self.theme, mark, ink))
        line.addWidget(TextLabel(check_word(check), size=Size.SUBTITLE, strong=True, tone=ink), 1)
        inside.addLayout(line)
        none = tr("No treatment is planned. Plan the next cycle first, or decide all the same.")
        said = TextLabel(spoken(shown_limit(check.text)) if check else none, wrap=True)
        said.setObjectName("check_text")
        inside.addWidget(said)
        inside.addWidget(TextLabel(tr("Computed from the counts; the decision is yours."), size=Size.CAPTION, tone="muted"))
        return made

    def _show_earlier(self) -> None:
        """Show what was decided for this day before, by whom, and what it rested on; a new decision stands beside it in the log."""
        target = date.fromisoformat(self._check.target_date) if self._check and self._check.target_date else None
        earlier = self.clinic.decisions_for(self.patient_id, target)
        if not earlier:
            return
        made, inside = card(role="info", name="earlier_decisions")
        inside.addWidget(TextLabel(tr("Decided already for this day"), strong=True))
        for one in earlier:
            inside.addWidget(TextLabel(past_words(one, self.clinic.now()), wrap=True))
            basis = spoken(shown_limit(one.check)) if one.check else tr("no check was computed")
            inside.addWidget(TextLabel(tr("It rested on: {check}", check=basis), size=Size.CAPTION, tone="muted", wrap=True))
        if self._check is not None and earlier[0].check != self._check.text:
            inside.addWidget(TextLabel(tr("The check is another one now: read it above."), tone="hold", wrap=True))
        self.add_wide(made)

    def _build_blocking(self) -> QWidget:
        made, inside = card(role="warn", name="blocking")
        inside.addWidget(TextLabel(tr("“Proceed” is closed until somebody has answered or taken:"), strong=True, wrap=True))
        for alert in self._blocking:
            line = row(spacing=SPACE.small)
            line.addWidget(TierBadge(self.theme, alert.tier))
            line.addWidget(TextLabel(first_line(alert.text), wrap=True), 1)
            inside.addLayout(line)
        return made

    def _build_choice(self) -> None:
        words = [(code, decision_word(code)) for code in CHOICES]
        self.choice: Segments[str] = Segments(self.theme, words, name="choice", about=tr("Decision"), value="")
        self.choice.set_off("proceed", bool(self._blocking))
        self.choice.changed.connect(self._show_choice)
        self.add_field(tr("Decision"), self.choice)
        self.days = QLineEdit()
        self.days.setObjectName("days")
        self.days.setMaximumWidth(76)
        holder = QWidget()
        line = row(holder, spacing=SPACE.tight)
        line.addWidget(self.days)
        for days in DAYS:
            line.addWidget(self._day_button(days))
        line.addStretch(1)
        self._days_row = holder
        self.days.setAccessibleName(tr("Days"))
        self._days_said = self.add_field(tr("Days"), holder)
        self.reason = QLineEdit()
        self.reason.setObjectName("reason")
        self._reason_said = self.add_field(tr("Reason"), self.reason)
        self._show_choice()

    def _day_button(self, days: int) -> QPushButton:
        made = button(tr("{n} d", n=days), partial(self.days.setText, str(days)), name=f"days_{days}", kind="flat")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has the field; a space on its way to the reason must not change it
        return made

    def _show_choice(self) -> None:
        chosen = self.choice.value
        self._days_row.setEnabled(chosen == "defer")
        against = chosen == "proceed" and (self._check is None or self._check.meets is not True)
        hint = {
            "defer": tr("Needed: for example the count, toxicity, or the patient's wish."),
            "proceed": tr("Needed: the check is not met or cannot be told. Say why treatment goes on.") if against else "",
            "refer": tr("To whom, and what for."),
            "repeat_count": tr("When and where the count is repeated."),
        }.get(chosen, "")
        self._reason_said.setText(hint)
        self._reason_said.setVisible(bool(hint))

    def _write(self) -> Saved:
        chosen, days = self.choice.value, self.days.text().strip()
        if not chosen:
            raise UserError(tr("Nothing is decided yet."), tr("Choose proceed, defer, refer or repeat count."))
        if chosen == "defer" and not days.isdecimal():
            raise UserError(tr("Say by how many days the treatment is deferred."), tr("Type a whole number."))
        number = int(days) if chosen == "defer" else None
        decision = DayOneDecision(decision=chosen, days=number, reason=self.reason.text().strip())
        outcome = self.clinic.decide_day_one(self.patient_id, decision)
        title = tr("Decided: {decision}", decision=decision_word(chosen)) + (f" {number} d" if number else "")
        return Saved(title=title, changes=outcome.changes, undo=taking_back(self.clinic, outcome.changes))


def past_words(one: PastDecision, now: datetime) -> str:
    """Return "Defer 7 d: ANC 0.4 · N. Urse, 09:00"."""
    what = decision_word(one.decision) + (f" {one.days} d" if one.days else "")
    said = f"{what}: {one.reason}" if one.reason else what
    return f"{said} · {isolated(one.by)}, {moment_text(one.at, now)}"


def check_word(check: DayOne | None) -> str:
    """Return what the check says in a word; it never says that treatment is safe."""
    if check is None:
        return tr("No check: nothing is planned")
    if check.limiting == "count_too_old":
        return tr("Count too old")
    if check.limiting == "no_count":
        return tr("No count")
    return {True: tr("Meets criteria"), False: tr("Does not meet"), None: tr("Cannot tell")}[check.meets]
