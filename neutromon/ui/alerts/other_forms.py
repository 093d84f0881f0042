"""Pause an alert, end it, or give it to somebody."""

from datetime import timedelta
from functools import partial

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from neutromon.models.alerts import NOT_RELEVANT, Snooze
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.ui.alerts.base import AlertForm
from neutromon.ui.alerts.words import end_words, moment_text, pause_words
from neutromon.ui.fields.date_field import MomentField
from neutromon.ui.fields.days import Lean
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import isolated, tier_word, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.badges import Chip
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import frame, row

HOURS = (1, 2, 4, 8, 12, 24)


class SnoozeForm(AlertForm):
    """A pause has a reason, an end and a ceiling; an emergency has none."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Pause the alert"), name="snooze")
        if self.alert.tier is Tier.EMERGENCY:
            self._refuse()
            return
        self.reason: Choice[str] = Choice(pause_words(), name="reason", accessible=tr("Reason"))
        self.add_field(tr("Reason"), self.reason)
        self.end: Choice[bool] = Choice(
            [(False, tr("At a time")), (True, tr("With the next count, at the latest at a time"))], name="end", accessible=tr("Ends")
        )
        self.add_field(tr("Ends"), self.end)
        self.until = MomentField(self.clinic.now, name="until", about=tr("Until"), lean=Lean.FUTURE)
        self.until.set_value(self.clinic.now() + timedelta(hours=4))
        self.add_field(tr("Until"), self.until, hint=self._limit())
        self.add_wide(self._hours())
        self.add_wide(self._ceiling())
        self.add_save(tr("Pause"), self._write)
        self.reason.setFocus()

    def _refuse(self) -> None:
        box = frame("warn", name="cannot_pause")
        line = row(box)
        line.setContentsMargins(SPACE.medium, SPACE.medium, SPACE.medium, SPACE.medium)
        line.addWidget(TextLabel(tr("An emergency alert cannot be paused. Acknowledge it with the action that was taken."), wrap=True))
        self.add_wide(box)
        self.body.addStretch(1)
        self.add_buttons(None, cancel=tr("Close"))

    def _limit(self) -> str:
        if self.alert.tier is Tier.URGENT:
            return tr("An urgent alert is paused once, for 24 hours at most.")
        return tr("24 hours at most; up to 7 days where the next count ends it. No pause is open-ended.")

    def _hours(self) -> QWidget:
        holder = QWidget()
        line = row(holder, spacing=SPACE.tight)
        line.addSpacing(150 + SPACE.medium)
        for hours in HOURS:
            line.addWidget(button(tr("{n} h", n=hours), partial(self._set_hours, hours), name=f"hours_{hours}", kind="flat"))
        line.addStretch(1)
        return holder

    def _set_hours(self, hours: int) -> None:
        self.until.set_value(self.clinic.now() + timedelta(hours=hours))

    def _ceiling(self) -> QWidget:
        box = frame("info", name="ceiling")
        line = row(box)
        line.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        line.addWidget(Chip(self.theme, tr("up to {tier}", tier=tier_word(self.alert.tier)), ground="surface", ink="text"))
        line.addWidget(TextLabel(tr("Anything worse, or a new fever, breaks this pause at once and raises a new alert."), wrap=True), 1)
        return box

    def _write(self) -> Saved:
        until = self.until.value()
        if until is None:
            raise UserError(self.until.problem() or tr("Say when the pause ends."), tr("Type date and time."))
        pause = Snooze(reason=self.reason.code(), until=until, until_next_count=self.end.code(), ceiling=self.alert.tier)
        outcome = self.clinic.snooze_alert(self.alert.id, pause)
        return Saved(
            title=tr("Paused until {when}", when=moment_text(until, self.clinic.now())),
            changes=outcome.changes,
            undo=taking_back(self.clinic, outcome.changes),
        )


class ResolveForm(AlertForm):
    """An alert ends with a reason; "not clinically relevant" says why, for it counts against the rule."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Resolve the alert"), name="resolve")
        self.reason: Choice[str] = Choice(end_words(), name="reason", accessible=tr("Reason"))
        self.text = QPlainTextEdit()
        self.text.setObjectName("text")
        self.text.setFixedHeight(76)
        self.text.setTabChangesFocus(True)
        self.add_field(tr("Reason"), self.reason)
        self._said = self.add_field(tr("In words"), self.text)
        self.reason.currentIndexChanged.connect(lambda _index: self._tell())
        self._tell()
        self.add_save(tr("Resolve"), self._write)
        self.keep_draft(f"resolve:{self.alert.id}")
        self.reason.setFocus()

    def _tell(self) -> None:
        needed = self.reason.code() == NOT_RELEVANT
        self._said.setText(tr("Needed: it helps to judge the rule that raised this alert.") if needed else tr("Optional."))
        self._said.show()

    def _write(self) -> Saved:
        text = " ".join(self.text.toPlainText().split())
        outcome = self.clinic.resolve_alert(self.alert.id, f"{self.reason.code()}: {text}" if text else self.reason.code())
        return Saved(title=tr("Resolved"), changes=outcome.changes, undo=taking_back(self.clinic, outcome.changes))


class OwnerForm(AlertForm):
    """One person answers for an alert; an urgent one is never left without."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Who owns this alert?"), name="owner")
        people = [(self.clinic.user, tr("{user} (me)", user=self.clinic.user))]
        people += [(user, user) for user in self.clinic.users() if user != self.clinic.user]
        if self.alert.tier > Tier.URGENT:
            people.append(("", tr("Nobody")))
        self.person: Choice[str] = Choice(people, name="person", accessible=tr("Owner"))
        hint = tr("An urgent alert always has an owner.") if self.alert.tier <= Tier.URGENT else ""
        self.add_field(tr("Owner"), self.person, hint=hint)
        self.add_save(tr("Give"), self._write)
        self.person.setFocus()

    def _write(self) -> Saved:
        person = self.person.code()
        outcome = self.clinic.set_owner([self.alert.id], person)
        said = tr("Owner: {user}", user=isolated(person)) if person else tr("The alert has no owner now")
        return Saved(title=said, changes=outcome.changes, undo=taking_back(self.clinic, outcome.changes))
