"""The alert strip: how many alerts of each tier are open, shown while tier 1 or 2 exist; without names."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from neutromon.models.standing import Tier
from neutromon.ui.as_of import as_of
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tier_word, tr
from neutromon.ui.theme import SPACE, Theme
from neutromon.ui.widgets.badges import TierBadge, badge_text
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import ElidedLabel, TextLabel
from neutromon.ui.widgets.layout import frame, row

if TYPE_CHECKING:  # the first paint tells of alerts before their records are loaded
    from neutromon.models.alerts import Alert

SHOWN = (Tier.EMERGENCY, Tier.URGENT, Tier.ADVISORY)


class AlertStrip(QWidget):
    """Counts by tier and the worst alert's text with initials; hidden without emergency and urgent alerts."""

    alerts_requested = Signal()
    alert_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._worst_id = self._summary = ""
        self._looks: tuple[object, ...] = ()
        self.setObjectName("alert_strip")
        outer = row(self, spacing=0)
        holder = frame("bar")
        outer.addWidget(holder)
        self._line = row(holder, spacing=SPACE.small)
        self._line.setContentsMargins(SPACE.large, SPACE.small, SPACE.large, SPACE.small)
        self._badges = row(spacing=SPACE.small)
        self._answered = TextLabel("", tone="muted")
        self._answered.setObjectName("strip_answered")
        self._answered.hide()
        self._worst = ElidedLabel(strong=True)
        self._open = button(tr("Act on it"), self._open_worst, name="strip_act", kind="flat", tip=tr("Opens the worst alert"))
        self._all = button(tr("All alerts"), self.alerts_requested.emit, name="strip_all", kind="flat")
        self._line.addLayout(self._badges)
        self._line.addWidget(self._answered)
        self._line.addWidget(self._worst, 1)
        self._line.addWidget(self._open)
        self._line.addWidget(self._all)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours; the next `show_alerts` paints them."""
        self._theme = theme

    def show_alerts(self, counts: Mapping[Tier, int], worst_id: str, worst_text: str, answered: Mapping[Tier, int] | None = None) -> None:
        """Show how many wait for an answer, and apart how many have one; no row of badges at all without tier 1 or 2."""
        done = answered or {}
        self._worst_id = worst_id
        waiting = {tier: counts.get(tier, 0) - done.get(tier, 0) for tier in SHOWN}
        self._show_badges(waiting)
        self._answered.setText(tr("{n} answered", n=sum(done.values())))
        self._answered.setVisible(any(done.values()))
        numbers = [f"{number} {tier_word(tier)}" for tier, number in waiting.items() if number]
        self._summary = " · ".join([*numbers, *([self._answered.text()] if any(done.values()) else [])])
        self._worst.set_text(worst_text)
        self._open.setVisible(bool(worst_id))
        self.setVisible(bool(counts.get(Tier.EMERGENCY) or counts.get(Tier.URGENT)))

    def _show_badges(self, waiting: Mapping[Tier, int]) -> None:
        """Make the badges anew only where a number, a word or a colour changed: a new one stays blank until the next painting."""
        looks = (self._theme, *(badge_text(self._theme, tier, count) for tier, count in waiting.items()))
        if looks == self._looks:
            return
        self._looks = looks
        while self._badges.count():
            item = self._badges.takeAt(0)
            old = item.widget() if item else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for tier, count in waiting.items():
            if count:
                self._badges.addWidget(TierBadge(self._theme, tier, count=count))

    def summary(self) -> str:
        """Return the numbers that the strip shows, in its words, for the lock screen; never whose they are."""
        return self._summary

    def text(self) -> str:
        """Return the worst alert's line."""
        return self._worst.whole_text()

    def hide_details(self, hidden: bool) -> None:
        """On a locked screen show numbers only."""
        self._worst.setVisible(not hidden)
        self._open.setVisible(not hidden and bool(self._worst_id))
        self._all.setVisible(not hidden)

    def _open_worst(self) -> None:
        if self._worst_id:
            self.alert_requested.emit(self._worst_id)


def worst_line(rows: Sequence[object], now: datetime, pathway: Callable[[str], str] = lambda _patient: "") -> tuple[str, str]:
    """Return id and line of the worst alert that nobody has answered, else of the worst.

    The line tells how long it is open, the patient's pathway, initials, cycle day, the text's first line and from when that is.
    """
    worst = min(rows, key=_by_need, default=None)
    if worst is None:
        return "", ""
    alert: Alert = worst.alert  # type: ignore[attr-defined]
    first = spoken(next(iter(alert.text.splitlines()), ""))
    initials, cycle = worst.initials, worst.cycle_text  # type: ignore[attr-defined]
    since = tr("open {time}", time=clock_text(now - alert.raised_at))
    parts = (since, pathway(alert.patient_id), initials, cycle, as_of(alert.text, alert.text_at, now), first)
    return alert.id, " · ".join(part for part in parts if part)


def _by_need(row: object) -> tuple[bool, bool, Tier, datetime]:
    """Return the order of need: emergency and urgent alerts before the rest, unanswered before answered, then tier and age."""
    alert: Alert = row.alert  # type: ignore[attr-defined]
    return alert.tier > Tier.URGENT, alert.is_answered, alert.tier, alert.raised_at


def answered_counts(rows: Sequence[object]) -> Mapping[Tier, int]:
    """Return how many alerts of each tier that the strip counts are answered."""
    tiers = [row.alert.tier for row in rows if row.alert.is_answered]  # type: ignore[attr-defined]
    return {tier: tiers.count(tier) for tier in (Tier.EMERGENCY, Tier.URGENT, Tier.ADVISORY)}


def clock_text(open_for: timedelta) -> str:
    """Return how long an alert is open as hours and minutes: "00:23"; days where it is more than two."""
    minutes = max(0, int(open_for.total_seconds() // 60))
    return tr("{n} days", n=minutes // 1440) if minutes >= 2880 else f"{minutes // 60:02d}:{minutes % 60:02d}"
