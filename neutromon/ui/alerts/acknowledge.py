"""Acknowledge an alert with what was done; each action asks for what it is about, and for nothing else."""

from functools import partial

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QLineEdit, QPushButton, QWidget

from neutromon.models.alerts import ACTIONS, Acknowledgement
from neutromon.models.errors import UserError
from neutromon.models.history import Antibiotic
from neutromon.ui.alerts.base import AlertForm
from neutromon.ui.alerts.words import action_word, action_words
from neutromon.ui.fields.date_field import MomentField
from neutromon.ui.fields.days import Lean
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.undo import taking_answer_back
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, field_row

LABEL = 150


class AcknowledgeForm(AlertForm):
    """Action by digit, its details, a note, the owner and when the follow-up is due."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Acknowledge the alert"), name="acknowledge", width=760)
        self._action = ""
        self.add_wide(TextLabel(tr("What was done? Press the digit, or choose."), strong=True))
        self.add_wide(self._build_actions())
        self._build_details()
        self._build_common()
        self.add_save(tr("Acknowledge"), self._write)
        self.keep_draft(f"acknowledge:{self.alert.id}")
        first = self.wanted if self.wanted in ACTIONS else ""
        if first:
            self._buttons[first].click()
        else:
            self._buttons[ACTIONS[0]].setFocus()

    def _build_actions(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE.tight)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for number, (code, words) in enumerate(action_words().items()):
            made = button(f"{number + 1}   {words}", partial(self._choose, code), name=f"action_{code}")
            made.setCheckable(True)
            made.setStyleSheet("text-align: left;")
            self._group.addButton(made)
            self._buttons[code] = made
            grid.addWidget(made, number // 3, number % 3)
            grid.setColumnStretch(number % 3, 1)
        return holder

    def _build_details(self) -> None:
        clock = self.clinic.now
        self.informed_name, self.informed_role = QLineEdit(), QLineEdit()
        self.informed_at = MomentField(clock, name="informed_at", about=tr("Informed at"))
        self.informed_at.set_value(clock())
        self.read_back = QCheckBox(tr("The message was read back and is right"))
        self.read_back.setAccessibleName(tr("Read back"))
        self.antibiotic = QLineEdit()
        self.antibiotic.setPlaceholderText(tr("Name as written on the chart"))
        self.antibiotic_at = MomentField(clock, name="antibiotic_at", about=tr("Given at"))
        self.antibiotic_at.set_value(clock())
        self.days, self.deferral = QLineEdit(), QLineEdit()
        self.days.setMaximumWidth(80)
        for name in ("informed_name", "informed_role", "read_back", "antibiotic", "days", "deferral"):
            getattr(self, name).setObjectName(name)
        pages: dict[str, list[QWidget]] = {
            "informed": [
                field_row(tr("Name"), self.informed_name, label_width=LABEL),
                field_row(tr("Role"), self.informed_role, label_width=LABEL),
                field_row(tr("Informed at"), self.informed_at, label_width=LABEL),
                self.read_back,
            ],
            "antibiotic_given": [
                field_row(tr("Antibiotic"), self.antibiotic, label_width=LABEL),
                field_row(tr("First dose at"), self.antibiotic_at, label_width=LABEL),
            ],
            "chemo_deferred": [
                field_row(tr("Days"), self.days, label_width=LABEL),
                field_row(tr("Reason"), self.deferral, label_width=LABEL),
            ],
        }
        self._pages = {code: self._page(widgets) for code, widgets in pages.items()}

    def _page(self, widgets: list[QWidget]) -> QWidget:
        page = QWidget()
        inside = column(page, spacing=SPACE.small)
        for widget in widgets:
            inside.addWidget(widget)
        page.hide()
        self.add_wide(page)
        return page

    def _build_common(self) -> None:
        self.note = QLineEdit()
        self.note.setObjectName("note")
        people = [(self.clinic.user, self.clinic.user), *((u, u) for u in self.clinic.users() if u != self.clinic.user)]
        self.owner: Choice[str] = Choice(people, name="owner", accessible=tr("Owner"))
        if self.alert.owner:
            self.owner.set_code(self.alert.owner)
        self.due = MomentField(self.clinic.now, name="due", about=tr("Follow-up due"), lean=Lean.FUTURE)
        self.add_field(tr("Note"), self.note)
        self.add_field(tr("Owner"), self.owner)
        self.add_field(
            tr("Follow-up due"), self.due, hint=tr("Without a later count by then the alert comes back. Leave it empty for none.")
        )

    def _choose(self, code: str) -> None:
        self._action = code
        for own, page in self._pages.items():
            page.setVisible(own == code)
        target = {
            "informed": self.informed_name,
            "antibiotic_given": self.antibiotic,
            "chemo_deferred": self.days,
            "count_repeated": self.due,
            "other": self.note,
        }.get(code)
        if target is not None:
            target.setFocus()
        if self.isVisible():
            self.adjustSize()

    def _write(self) -> Saved:
        if not self._action:
            raise UserError(tr("Say what was done about this alert."), tr("Press a digit, or choose an action."))
        for field in (self.due, *((self.antibiotic_at,) if self._action == "antibiotic_given" else ())):
            if field.problem():
                raise UserError(field.problem())
        answer = Acknowledgement(
            action=self._action,
            note=self._note(),
            informed_name=self.informed_name.text().strip() if self._action == "informed" else "",
            informed_role=self.informed_role.text().strip() if self._action == "informed" else "",
            informed_at=self.informed_at.value() if self._action == "informed" else None,
            read_back=self._action == "informed" and self.read_back.isChecked(),
            owner=self.owner.code(),
            due=self.due.value(),
        )
        outcome = self.clinic.acknowledge_alert(self.alert.id, answer, self._given())
        undo = taking_answer_back(self.clinic, self.alert, answer, outcome.changes)
        return Saved(title=tr("Acknowledged: {action}", action=action_word(self._action)), changes=outcome.changes, undo=undo)

    def _note(self) -> str:
        note = self.note.text().strip()
        if self._action != "chemo_deferred":
            return note
        days, reason = self.days.text().strip(), self.deferral.text().strip()
        if not days.isdecimal() or not int(days) or not reason:
            raise UserError(tr("Say for how many days the treatment is deferred, and why."), tr("Type both."))
        said = tr("1 day: {reason}", reason=reason) if int(days) == 1 else tr("{n} days: {reason}", n=int(days), reason=reason)
        return ". ".join(part for part in (said, note) if part)

    def _given(self) -> Antibiotic | None:
        name = self.antibiotic.text().strip()
        if self._action != "antibiotic_given" or not name:
            return None
        return Antibiotic(name=name, given_at=self.antibiotic_at.value(), purpose="treatment")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose an action by its digit, unless something is being typed."""
        text = event.text()
        if text.isascii() and text.isdigit() and not isinstance(self.focusWidget(), QLineEdit) and 1 <= int(text) <= len(ACTIONS):
            self._buttons[ACTIONS[int(text) - 1]].click()
            event.accept()
            return
        super().keyPressEvent(event)
