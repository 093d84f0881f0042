"""The chosen alert in full: its words as they were raised, where it stands, and the actions with their digits."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from neutromon.models.alerts import Alert, AlertEvent, AlertState
from neutromon.models.evaluation import Tier
from neutromon.services.alerts import AlertRow
from neutromon.ui.alerts.words import (
    action_word,
    action_words,
    due_text,
    form_of,
    form_word,
    moment_text,
    open_text,
    owner_text,
    pause_words,
    short_words,
    state_word,
)
from neutromon.ui.as_of import as_of
from neutromon.ui.count_unit import other_unit_line
from neutromon.ui.patient.log_model import timed_text
from neutromon.ui.patient.log_tongue import say
from neutromon.ui.spoken import spoken
from neutromon.ui.text import isolated, tier_word, tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.badges import Chip, TierBadge
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row, rule

WIDTH, WIDEST = 352, 1.35

LARGE = 1.4
"""From this text size on the buttons stand one under the other."""


class AlertDetail(QFrame):
    """Everything about one alert; a digit's button acts at once or asks for what the action needs."""

    action_requested = Signal(str)
    form_requested = Signal(str)
    patient_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("alert_detail")
        self.setProperty("role", "card")
        self.setFixedWidth(round(WIDTH * min(theme.scale, WIDEST)))
        outer = column(self)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area, self._inner = area, QWidget()
        area.setWidget(self._inner)
        outer.addWidget(area)
        self._column = column(self._inner, margin=SPACE.large, spacing=SPACE.small)
        self._build_head()
        self._build_actions()
        self._build_others()
        self._column.addWidget(rule())
        self._past = TextLabel("", size=Size.CAPTION, tone="muted", wrap=True)
        self._past.setObjectName("alert_past")
        self._column.addWidget(self._past)
        self._column.addStretch(1)

    def _build_head(self) -> None:
        line = row(spacing=SPACE.small)
        self._badge = TierBadge(self._theme, Tier.DATA)
        self._open = Chip(self._theme, "")
        self._pause = Chip(self._theme, "", ground="info_ground", ink="text")
        for chip in (self._badge, self._open, self._pause):
            line.addWidget(chip)
        line.addStretch(1)
        self._column.addLayout(line)
        self._patient = TextLabel("", size=Size.SUBTITLE, strong=True, wrap=True)
        self._words = TextLabel("", wrap=True)
        self._words.setObjectName("alert_words")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._stands = TextLabel("", tone="muted", wrap=True)
        self._stands.setObjectName("alert_stands")
        self._other_unit = TextLabel("", size=Size.CAPTION, tone="muted", wrap=True)
        self._other_unit.setObjectName("alert_other_unit")
        for label in (self._patient, self._words, self._other_unit, self._stands):
            self._column.addWidget(label)

    def _build_actions(self) -> None:
        self._question = tr("What was done? Press A, then the digit.")
        self._ask = TextLabel(self._question, strong=True, wrap=True)
        self._column.addSpacing(SPACE.tight)
        self._column.addWidget(self._ask)
        grid = QGridLayout()
        grid.setSpacing(SPACE.tight)
        across = 1 if self._theme.scale >= LARGE else 2
        self._actions: list[QPushButton] = []
        whole = action_words()
        for number, (code, words) in enumerate(short_words().items()):
            asked = partial(self.action_requested.emit, code)
            made = button(f"{number + 1}  {words}", asked, name=f"action_{code}", tip=whole[code])
            made.setStyleSheet("text-align: left; padding: 0 8px;")
            made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._actions.append(made)
            grid.addWidget(made, number // across, number % across)
        for place in range(across):
            grid.setColumnStretch(place, 1)
        self._column.addLayout(grid)

    def _build_others(self) -> None:
        line = column(spacing=SPACE.tight) if self._theme.scale >= LARGE else row(spacing=SPACE.tight)
        self._others: dict[str, QPushButton] = {}
        texts: tuple[tuple[str, str, str], ...] = (
            ("snooze", tr("Pause …"), "S"),
            ("resolve", tr("Resolve …"), "R"),
            ("owner", tr("Owner …"), "O"),
        )
        for name, words, key in texts:
            made = button(words, partial(self.form_requested.emit, name), name=f"alert_{name}", tip=f"({key})")
            self._others[name] = made
            line.addWidget(made, 1)
        self._column.addLayout(line)
        self._deal = button("", lambda: self.form_requested.emit(self._form), name="alert_deal", tip=tr("(F)"))
        self._column.addWidget(self._deal)
        self._column.addWidget(button(tr("Open patient"), self.patient_requested.emit, name="alert_open", tip=tr("(Enter)")))
        self._form = ""

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self._theme = theme
        self.setFixedWidth(round(WIDTH * min(theme.scale, WIDEST)))
        for chip in (self._badge, self._open, self._pause):
            chip.set_theme(theme)

    def show_alert(self, found: AlertRow | None, now: datetime) -> None:
        """Show an alert, or nothing."""
        self.setVisible(found is not None)
        if found is None:
            return
        alert = found.alert
        self._badge.set_tier(alert.tier)
        self._open.set_text(tr("open {time}", time=open_text(alert, now)))
        self._pause.setVisible(alert.state is AlertState.SNOOZED)
        self._pause.set_text(tr("up to {tier}", tier=tier_word(alert.snooze.ceiling)) if alert.snooze else "")
        self._patient.setText(" · ".join(part for part in (isolated(found.patient_name), found.mrn, found.cycle_text) if part))
        self._words.setText(spoken(alert.text))
        other = other_unit_line(alert.text)
        self._other_unit.setText(other)
        self._other_unit.setVisible(bool(other))
        self._stands.setText(stands_text(alert, now))
        self._past.setText(past_text(alert, now))
        self._form = form_of(alert.rule)
        self._deal.setText(form_word(self._form))
        self._deal.setAccessibleName(form_word(self._form))
        self._deal.setVisible(bool(self._form))
        self._allow(alert)
        self._keep_apart()

    def _keep_apart(self) -> None:
        """Never be lower than the words need at this width: squeezed, the buttons of the answers would lie over each other."""
        self._column.invalidate()
        self._inner.setMinimumHeight(self._column.totalHeightForWidth(self._area.viewport().width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure anew where the room or the text's size has changed."""
        super().resizeEvent(event)
        self._keep_apart()

    def show_waiting(self, waiting: bool) -> None:
        """Say that the next digit answers the alert."""
        self._ask.setText(tr("Press the digit of what was done; Esc backs out.") if waiting else self._question)
        self._ask.set_tone("accent" if waiting else "")

    def _allow(self, alert: Alert) -> None:
        answered = alert.state is AlertState.ACKNOWLEDGED
        self._question = tr("Answered. A further action may be added.") if answered else tr("What was done? Press A, then the digit.")
        self._ask.setText(self._question)
        self._others["snooze"].setEnabled(alert.tier is not Tier.EMERGENCY)
        open_urgent = alert.acknowledged_at is None and alert.state is not AlertState.NEEDS_REVIEW and alert.tier <= Tier.URGENT
        self._others["resolve"].setEnabled(not open_urgent)


def stands_text(alert: Alert, now: datetime) -> str:
    """Return state, owner and due in one line, with what was done."""
    parts = [as_of(alert.text, alert.text_at, now), state_word(alert), owner_text(alert), due_text(alert, now)]
    if alert.acknowledgement is not None:
        done = alert.acknowledgement
        parts.insert(1, ", ".join(part for part in (action_word(done.action), done.note) if part))
    if alert.snooze is not None and alert.state is AlertState.SNOOZED:
        parts.append(dict(pause_words()).get(alert.snooze.reason, alert.snooze.reason))
    if alert.repeat_count > 1:
        parts.append(tr("found {n} times", n=alert.repeat_count))
    return " · ".join(part for part in parts if part)


def _why(event: AlertEvent, now: datetime) -> str:
    known, colon, rest = timed_text(event.reason, now.tzinfo).partition(": ")
    return f"{say(known.replace('_', ' '))}{colon}{rest}"


def past_text(alert: Alert, now: datetime) -> str:
    """Return what happened to the alert, newest first, one line each."""
    said = [(e, say(f"Alert {e.kind.value}".replace("_", " "))) for e in alert.events]
    lines = [f"{moment_text(e.at, now)}  {words} – {e.by}{': ' + _why(e, now) if e.reason else ''}" for e, words in said]
    return "\n".join(reversed(lines[-8:]))
