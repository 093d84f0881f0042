"""The cards of the context panel: each a heading and lines of plain text, built from one reading of the patient."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from neutromon.models.alerts import Alert, AlertState
from neutromon.models.evaluation import Problem, Tier
from neutromon.models.formatting import UNKNOWN, anc_text, grade_text
from neutromon.models.worklist import DayOneState
from neutromon.rules.schedule import next_treatment
from neutromon.ui.alert_strip import clock_text
from neutromon.ui.as_of import as_of
from neutromon.ui.count_unit import other_unit_line, shown_counts, shown_limit
from neutromon.ui.fields.ages import age_words
from neutromon.ui.forms.count_live import origin_text
from neutromon.ui.patient.facts import PatientFacts, age_of, is_stale, line_values, newest_missing, next_text
from neutromon.ui.spoken import spoken
from neutromon.ui.text import as_read, isolated, tr, translated, without_direction
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.badges import TierBadge
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel, as_tooltip
from neutromon.ui.widgets.layout import column, frame, row
from neutromon.ui.worklist.columns import check_word, day_text

SHOWN_ALERTS = 5
DECIDE_WITHIN_DAYS = 2
"""The day before treatment is when pre-assessment decides; a weekend day more, so that it is in sight on the last working day."""


class Card(QWidget):
    """A heading over lines; a line without text is hidden."""

    def __init__(self, heading: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        outer = column(self)
        holder = frame("card")
        outer.addWidget(holder)
        self.inside = column(holder, spacing=SPACE.tight)
        self.inside.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        self.heading = TextLabel(heading, size=Size.CAPTION, tone="muted", strong=True)
        self.inside.addWidget(self.heading)

    def add_line(self, *, size: Size = Size.BODY, tone: str = "", strong: bool = False) -> TextLabel:
        """Add a line."""
        made = TextLabel("", size=size, tone=tone, strong=strong, wrap=True)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.inside.addWidget(made)
        return made

    def clear(self) -> None:
        """Say nothing."""
        for label in self.findChildren(TextLabel):
            if label is not self.heading:
                self.put(label, "")

    @staticmethod
    def put(label: TextLabel, text: str, tone: str | None = None) -> None:
        """Show a text in a line, or hide the line where there is none."""
        label.setText(text)
        label.setVisible(bool(text))
        if tone is not None:
            label.set_tone(tone)


class NowCard(Card):
    """The latest ANC: number, unit, grade, age, cycle day, how it is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Now: neutrophils (ANC)"), "card_now", parent)
        line = row(spacing=SPACE.small)
        self.number = TextLabel("", size=Size.DISPLAY)
        self.unit = TextLabel("", tone="muted")
        self.grade = TextLabel("", size=Size.SUBTITLE, strong=True)
        line.addWidget(self.number)
        line.addWidget(self.unit, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        line.addWidget(self.grade)
        self.inside.addLayout(line)
        self.age = self.add_line(strong=True)
        self.basis = self.add_line(tone="muted")
        self.others = self.add_line()
        self.doubt = self.add_line(tone="hold")

    def show_facts(self, facts: PatientFacts) -> None:
        """Show the latest count; "unknown" where there is none."""
        count = facts.known or facts.latest
        if count is None:
            self.put(self.number, tr("unknown"))
            for label in (self.unit, self.grade, self.basis, self.others, self.doubt):
                self.put(label, "")
            self.put(self.age, tr("No count is recorded. Treat as unknown, not as normal."), "hold")
            return
        number, _, unit = without_direction(shown_counts(anc_text(count.anc))).partition(" ")
        known = number != UNKNOWN
        self.put(self.number, as_read(number) if known else tr("unknown"))
        self.put(self.unit, as_read(unit))
        self.put(self.grade, spoken(grade_text(count.grades.get(facts.grading, {}).get("neutrophils"))))
        place = f"C{count.cycle} D{count.cycle_day}" if count.cycle is not None else tr("outside a cycle")
        stale = is_stale(facts)
        too_old = tr("older than {n} h: does not count for a decision", n=facts.protocol.count_validity_hours)
        missing = newest_missing(facts)
        parts = (age_of(facts), place, missing, too_old if stale else "")
        self.put(self.age, " · ".join(part for part in parts if part), "hold" if stale or missing else "")
        self.put(self.basis, f"{origin_text(count)} · {facts.grading.replace('ctcae-', 'CTCAE ')}")
        self.put(self.others, shown_counts(line_values(facts)))
        self.put(self.doubt, "\n".join(spoken(problem.text).replace("10*9/L", "×10⁹/L") for problem in _problems(facts)))


def _problems(facts: PatientFacts) -> list[Problem]:
    """Return the problems of the count that is shown, and of a newer one without an ANC."""
    counts = [facts.known, facts.latest if facts.latest is not facts.known else None]
    return [problem for count in counts if count is not None for problem in count.problems]


class AlertsCard(Card):
    """Open alerts, the worst first, each with its owner and what can be done about it."""

    form_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Open alerts"), "card_alerts", parent)
        self._theme = theme
        self._list = column(spacing=SPACE.small)
        self.inside.addLayout(self._list)
        self.nothing = self.add_line(tone="muted")

    def show_alerts(self, alerts: Sequence[Alert], facts: PatientFacts) -> None:
        """Show the live alerts."""
        self.clear()
        live = sorted((a for a in alerts if a.is_live), key=lambda a: (a.tier, a.raised_at))
        for number, alert in enumerate(live[:SHOWN_ALERTS]):
            entry = self._entry(alert, facts, whole=number == 0 and alert.tier <= Tier.URGENT)
            self._list.addWidget(entry)
            entry.show()  # now, not by a later event, so that the card's height is known before it is painted
        more = len(live) - SHOWN_ALERTS
        self.heading.setText(tr("Open alerts: {n}", n=len(live)) if live else tr("Open alerts"))
        self.put(self.nothing, tr("{n} more in the alert inbox", n=more) if more > 0 else "" if live else tr("None now."))

    def clear(self) -> None:
        """Take every alert away."""
        while self._list.count():
            item = self._list.takeAt(0)
            old = item.widget() if item else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self.heading.setText(tr("Open alerts"))
        self.put(self.nothing, "")

    def _entry(self, alert: Alert, facts: PatientFacts, *, whole: bool) -> QWidget:
        made = QWidget()
        lines = column(made, spacing=SPACE.tight)
        head = row(spacing=SPACE.small)
        head.addWidget(TierBadge(self._theme, alert.tier))
        head.addWidget(TextLabel(tr("open {time}", time=clock_text(facts.now - alert.raised_at)), tone="muted"))
        head.addStretch(1)
        lines.addLayout(head)
        text = TextLabel(spoken(alert.text if whole else first_sentence(alert.text)), wrap=True)
        text.setToolTip(as_tooltip(spoken(alert.text)))
        text.setObjectName("alert_text")
        lines.addWidget(text)
        if other := other_unit_line(alert.text if whole else first_sentence(alert.text)):
            lines.addWidget(TextLabel(other, size=Size.CAPTION, tone="muted", wrap=True))
        owner = tr("Owner: {name}", name=isolated(alert.owner)) if alert.owner else tr("No owner yet")
        parts = (owner, alert_state_word(alert.state), as_of(alert.text, alert.text_at, facts.now))
        lines.addWidget(TextLabel(" · ".join(part for part in parts if part), size=Size.CAPTION, tone="muted", wrap=True))
        lines.addLayout(self._buttons(alert))
        return made

    def _buttons(self, alert: Alert) -> QHBoxLayout:
        line = row(spacing=SPACE.tight)
        open_ = alert.state in {AlertState.RAISED, AlertState.SEEN}
        done = button(tr("Acknowledge"), self._asker("acknowledge", alert.id), name=f"acknowledge_{alert.id}", kind="" if open_ else "flat")
        line.addWidget(done)
        line.addWidget(button(tr("Owner"), self._asker("owner", alert.id), name=f"owner_{alert.id}", kind="flat"))
        more = button(tr("More"), name=f"more_{alert.id}", kind="flat")
        menu = QMenu(more)
        asked = [("resolve", tr("Resolve"))]
        if alert.tier is not Tier.EMERGENCY:
            asked.insert(0, ("snooze", tr("Pause")))
        for form, text in asked:
            action = QAction(text, menu)
            action.triggered.connect(self._triggered(form, alert.id))
            menu.addAction(action)
        more.setMenu(menu)
        line.addWidget(more)
        line.addStretch(1)
        return line

    def _triggered(self, form: str, alert_id: str) -> Callable[[bool], None]:
        return lambda _checked: self.form_requested.emit(form, alert_id)

    def _asker(self, form: str, alert_id: str) -> Callable[[], None]:
        return lambda: self.form_requested.emit(form, alert_id)


def first_sentence(text: str) -> str:
    """Return what an alert says first: its first line, or its first sentence where it is one long line."""
    line = next(iter(text.splitlines()), "")
    head, mark, _ = line.partition(". ")
    return f"{head}." if mark else line


def alert_state_word(state: AlertState) -> str:
    """Return where an alert stands."""
    words = {
        AlertState.RAISED: tr("not seen yet"),
        AlertState.SEEN: tr("seen, not acknowledged"),
        AlertState.ACKNOWLEDGED: tr("acknowledged"),
        AlertState.SNOOZED: tr("paused"),
        AlertState.NEEDS_REVIEW: tr("condition gone, needs review"),
    }
    return words.get(state, state.value)


class NextCard(Card):
    """What is due next, by whom, and whether the count allows the next treatment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Next due"), "card_next", parent)
        self.due = self.add_line(strong=True)
        self.treatment = self.add_line()
        self.whom = self.add_line(tone="muted")

    def show_facts(self, facts: PatientFacts) -> None:
        """Show the next due action with its owner."""
        overdue = facts.row.overdue_text
        self.put(self.due, overdue or follow_up_text(facts), "hold" if overdue else "")
        self.put(self.treatment, next_text(facts)[:1].upper() + next_text(facts)[1:])
        owner = next((a.owner for a in sorted(facts.alerts, key=lambda a: a.tier) if a.is_live and a.owner), "")
        self.put(self.whom, tr("By {name}", name=isolated(owner)) if owner else tr("By: nobody named yet"))


def follow_up_text(facts: PatientFacts) -> str:
    """Return the earliest follow-up that somebody promised, or the nadir window; "" where nothing is due."""
    due = [a.acknowledgement.due for a in facts.alerts if a.is_live and a.acknowledgement and a.acknowledgement.due]
    if due:
        first = min(due)
        return tr("Follow-up due {day} {time}", day=day_text(first.date()), time=f"{first:%H:%M}")
    row_ = facts.row
    if row_.nadir_from and row_.nadir_to and facts.now.date() <= row_.nadir_to:
        return tr("Count in the nadir window, {first} to {last}", first=day_text(row_.nadir_from), last=day_text(row_.nadir_to))
    coming = next_treatment(facts.history.course, facts.now)
    if coming is None or coming.planned is None:
        return tr("Nothing is due that the program knows of.")
    near = (coming.planned - facts.now.date()).days <= DECIDE_WITHIN_DAYS
    day = coming.day.day if coming.day else 1
    return tr("Decide on C{cycle} D{day} before {date}", cycle=coming.cycle.number, day=day, date=day_text(coming.planned)) if near else ""


class DayOneCard(Card):
    """The day-1 check as it stands now; it never says that treatment is safe."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Day-1 target"), "card_day1", parent)
        self.state = self.add_line(strong=True)
        self.why = self.add_line()
        self.rule = self.add_line(size=Size.CAPTION, tone="muted")

    def show_facts(self, facts: PatientFacts) -> None:
        """Show the state with the limiting value and the rule."""
        day1 = facts.evaluation.day1
        meets = facts.row.day1_state is DayOneState.MEETS
        word = check_word(facts.row)
        self.put(self.state, f"✓ {word}" if meets else word, "meets" if meets else "hold")
        self.put(self.why, spoken(shown_limit(facts.row.limiting_text)))
        self.put(self.rule, tr("Rule {rule}", rule=day1.rule) if day1 and day1.rule else tr("No day-1 rule applies."))


class GcsfCard(Card):
    """What the clinic's guideline says on growth factor, with its reasons and what is missing."""

    form_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("G-CSF consideration"), "card_gcsf", parent)
        self.advice = self.add_line(strong=True)
        self.reasons = self.add_line()
        self.missing = self.add_line(tone="muted")
        answer = button(tr("Record the answer …"), lambda: self.form_requested.emit("gcsf", ""), name="card_gcsf_open")
        answer.setProperty("kind", "flat")
        self.inside.addWidget(answer, 0, Qt.AlignmentFlag.AlignLeading)

    def show_facts(self, facts: PatientFacts) -> None:
        """Show the advice of the protocol's guideline."""
        advice = facts.gcsf
        if advice is None:
            self.put(self.advice, tr("Cannot tell: no guideline applies."))
            self.put(self.reasons, "")
            self.put(self.missing, "")
            return
        risk = tr("FN risk {band}", band=translated(advice.band)) if advice.band not in (None, "unknown") else tr("FN risk unknown")
        self.put(self.advice, f"{advice_word(advice.advice)} · {risk} ({facts.protocol.gcsf_guideline.upper()})")
        self.put(self.reasons, "; ".join(spoken(reason.text) for reason in (*advice.reasons, *advice.cautions)))
        missing = ", ".join(spoken(reason.text) for reason in advice.missing)
        self.put(self.missing, tr("Not known: {list}", list=missing) if missing else "")


def advice_word(advice: str) -> str:
    """Return an advice as words that offer and never order."""
    words = {
        "recommend": tr("Guideline recommends: discuss"),
        "consider": tr("Consider"),
        "observe": tr("Observe"),
        "not_indicated": tr("Not indicated"),
        "not_routine": tr("Not routinely"),
        "continue": tr("Continue"),
        "no_additional": tr("No additional dose"),
        "reduce_or_change": tr("Consider dose reduction or another regimen"),
        "avoid": tr("Avoid"),
        "cannot_tell": tr("Cannot tell"),
    }
    return words.get(advice, advice.replace("_", " "))


class PlanCard(Card):
    """The plan for the expected nadir, own limits, and the newest notes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Plan and notes"), "card_plan", parent)
        self.plan = self.add_line()
        self.limits = self.add_line()
        self.decision = self.add_line()
        self.notes = self.add_line(tone="muted")

    def show_facts(self, facts: PatientFacts) -> None:
        """Show what was agreed and noted."""
        patient = facts.history.patient
        words = {True: tr("Plan for the expected nadir: in place"), False: tr("No plan for the expected nadir"), None: ""}
        self.put(self.plan, words[patient.expected_nadir_plan] or tr("Plan for the expected nadir: not recorded"))
        limit = patient.lower_limits.get("anc")
        own = tr("Own ANC limit {value} {unit}", value=limit.value, unit=(limit.unit or "").replace("10*9/L", "×10⁹/L")) if limit else ""
        own = shown_counts(own)
        duffy = tr("Duffy-null") if patient.duffy_null else ""
        self.put(self.limits, " · ".join(part for part in (own, duffy) if part))
        notes = [e for e in facts.history.events if e.kind in {"note", "call"} and e.text and e.at is not None]
        newest = sorted(notes, key=lambda e: e.at or facts.now, reverse=True)[:3]
        shown = [f"{age_words(facts.now - e.at)}: {e.text}" for e in newest if e.at is not None]
        self.put(self.notes, "\n".join(shown))
        self.put(self.decision, "")

    def show_decision(self, text: str) -> None:
        """Show the newest decision, read after the first paint."""
        self.put(self.decision, text)
