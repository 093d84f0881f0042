"""Forms for dated events of the lane, and for withdrawing any record."""

from PySide6.QtWidgets import QPlainTextEdit

from neutromon.models.errors import UserError
from neutromon.models.history import ClinicalEvent
from neutromon.ui.fields.date_field import MomentField
from neutromon.ui.fields.days import Lean
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.observations import needed_moment
from neutromon.ui.patient.log_model import log_text
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import tr
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame
from neutromon.ui.worklist.columns import day_text

LASTING = frozenset({"admission"})


def event_words(kind: str) -> str:
    """Return the name of a kind of event; a kind of another program stays as it was stored."""
    words = {
        "transfusion": tr("Transfusion"),
        "admission": tr("Admission"),
        "discharge": tr("Discharge"),
        "note": tr("Note"),
        "call": tr("Telephone call"),
    }
    return words.get(kind, kind)


def text_field(name: str, accessible: str, *, height: int = 84) -> QPlainTextEdit:
    """Return a field for some lines of text; Tab leaves it."""
    made = QPlainTextEdit()
    made.setObjectName(name)
    made.setAccessibleName(accessible)
    made.setTabChangesFocus(True)
    made.setFixedHeight(height)
    return made


class EventForm(PatientForm):
    """A transfusion, admission, discharge, call or note; `subject_id` may name the kind."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Record event"), name="event_form")
        kinds = ("note", "call", "transfusion", "admission", "discharge")
        self.kind = Choice([(kind, event_words(kind)) for kind in kinds], name="kind")
        if context.subject_id in kinds:
            self.kind.set_code(context.subject_id)
        self.add_field(tr("Kind"), self.kind)
        self.at = MomentField(self.clinic.now, name="at", about=tr("When"))
        self.at.set_value(self.clinic.now())
        self.add_field(tr("When"), self.at)
        self.until = MomentField(self.clinic.now, name="until", about=tr("Until"), lean=Lean.FUTURE)
        self._until_hint = self.add_field(tr("Until"), self.until, hint=tr("Admissions only; leave empty while it goes on."))
        self.text = text_field("event_text", tr("Text"))
        self.add_field(tr("Text"), self.text)
        self.kind.currentIndexChanged.connect(lambda _index: self._look())
        self.add_save(tr("Save event"), self._write)
        self.keep_draft("event")
        self._look()
        self.kind.setFocus()

    def _look(self) -> None:
        lasting = self.kind.code() in LASTING
        self.until.setEnabled(lasting)
        self._until_hint.setVisible(lasting)

    def _write(self) -> Saved:
        needed_moment(self.at)
        kind, text = self.kind.code(), self.text.toPlainText().strip()
        until = self.until.value() if kind in LASTING else None
        if kind in {"note", "call"} and not text:
            raise UserError(tr("The text is missing."), tr("Say in a few words what happened."))
        if kind == "transfusion" and not text:
            raise UserError(tr("The text is missing."), tr("Say what was given: red cells, platelets or something else."))
        if kind in LASTING and self.until.problem():
            raise UserError(self.until.problem())
        at = self.at.value()
        if until is not None and at is not None and until < at:
            raise UserError(tr("The end lies before the beginning."), tr("Correct one of the two times."))
        outcome = self.clinic.record_event(self.patient_id, ClinicalEvent(kind=kind, at=at, until=until, text=text))
        return Saved(title=tr("{kind} saved.", kind=event_words(kind)), changes=outcome.changes, undo=self.void_later(outcome.value))


class FactForm(PatientForm):
    """Withdraw one record with a reason; it stays in the log."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Withdraw a record"), name="fact_form")
        entries = [entry for entry in self.clinic.patient_log(self.patient_id) if entry.fact_id == context.subject_id]
        card = frame("card")
        inside = column(card, margin=12)
        newest = entries[0] if entries else None
        self.shown = TextLabel(log_text(newest, self.clinic.now().tzinfo) if newest else tr("This record is not in the log."), wrap=True)
        inside.addWidget(self.shown)
        if newest is not None:
            said = tr("Recorded by {who}, {when}", who=newest.who, when=f"{day_text(newest.at.date())} {newest.at:%H:%M}")
            inside.addWidget(TextLabel(said, tone="muted"))
        self.add_wide(card)
        self.reason = text_field("reason", tr("Reason"), height=64)
        self.add_field(tr("Reason"), self.reason, hint=tr("The record stays in the log with your name and this reason."))
        self.add_save(tr("Withdraw"), self._write)
        self._primary.setEnabled(newest is not None)
        self.reason.setFocus()

    def _write(self) -> Saved:
        if not self.reason.toPlainText().strip():
            raise UserError(tr("A reason is needed."), tr("Say in a few words why."))
        outcome = self.clinic.void_fact(self.context.subject_id, self.reason.toPlainText().strip())
        return Saved(title=tr("Record withdrawn."), changes=outcome.changes, undo=self.restore_later(self.context.subject_id))
