"""What every alert form shows first: whose alert it is, its tier and its words as they were raised."""

from dataclasses import replace

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from neutromon.models.alerts import Alert, AlertState
from neutromon.models.errors import UserError
from neutromon.ui.alerts.words import open_text, owner_text, state_word
from neutromon.ui.as_of import as_of
from neutromon.ui.count_unit import other_unit_line
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.saved import FormContext
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.badges import Chip, TierBadge
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row


class AlertForm(PatientForm):
    """A form about one alert; `subject_id` is its id, and may name an action behind a "#"."""

    def __init__(self, context: FormContext, title: str, *, name: str, width: int = 600, scroll: bool = False) -> None:
        alert_id, _, self.wanted = context.subject_id.partition("#")
        self.alert = alert_of(context, alert_id)
        super().__init__(replace(context, patient_id=self.alert.patient_id), title, name=name, width=width, scroll=scroll)
        self._tell_seen()
        self.add_wide(self._card())

    def _card(self) -> QWidget:
        card = frame("sunken", name="alert_card")
        inside = column(card, spacing=SPACE.tight)
        inside.setContentsMargins(SPACE.medium, SPACE.medium, SPACE.medium, SPACE.medium)
        line = row(spacing=SPACE.small)
        line.addWidget(TierBadge(self.theme, self.alert.tier))
        now = self.clinic.now()
        parts = (state_word(self.alert), owner_text(self.alert), as_of(self.alert.text, self.alert.text_at, now))
        line.addWidget(Chip(self.theme, tr("open {time}", time=open_text(self.alert, now)), ground="surface"))
        line.addWidget(TextLabel(" · ".join(part for part in parts if part), size=Size.CAPTION, tone="muted"))
        line.addStretch(1)
        inside.addLayout(line)
        self._words = TextLabel(spoken(self.alert.text), wrap=True)
        self._words.setObjectName("alert_words")
        inside.addWidget(self._words)
        if other := other_unit_line(self.alert.text):
            inside.addWidget(TextLabel(other, size=Size.CAPTION, tone="muted", wrap=True))
        return card

    def showEvent(self, event: QShowEvent) -> None:
        """Give the alert's text every line it needs, whatever the hints below it take."""
        super().showEvent(event)
        self._words.setMinimumHeight(self._words.heightForWidth(self._words.width()))

    def _tell_seen(self) -> None:
        """Write down that the alert was shown; a store that cannot write says so at the foot."""
        if self.alert.state is not AlertState.RAISED:
            return
        try:
            self.clinic.mark_seen(self.alert.id)
        except UserError as error:
            self.show_problem(error)


def alert_of(context: FormContext, alert_id: str) -> Alert:
    """Return the alert of a form; raise UserError where it has ended."""
    patient_id = context.patient_id or next((f.alert.patient_id for f in context.clinic.open_alerts() if f.alert.id == alert_id), "")
    own = context.clinic.alerts_of(patient_id) if patient_id else []
    for alert in own:
        if alert.id == alert_id:
            return alert
    raise UserError(tr("This alert has ended."), tr("Read the list again."))
