"""What the care forms share: tiles with a fact each, cards, the facts themselves in words, the columns of a wide form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from neutromon.models.evaluation import CountEvaluation, Evaluation
from neutromon.models.formatting import anc_text, grade_text
from neutromon.models.history import PatientHistory
from neutromon.rules.counts import latest_count
from neutromon.rules.last_known import last_with
from neutromon.rules.schedule import next_treatment, place
from neutromon.ui.alerts.words import moment_text
from neutromon.ui.count_unit import shown_counts
from neutromon.ui.fields.ages import age_words
from neutromon.ui.fields.date_field import distance_text
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row
from neutromon.ui.widgets.marks import Mark, draw_mark
from neutromon.ui.worklist.columns import day_text, without_anc

STACKED_ABOVE = 1.25
"""Text sizes above this leave no room for two columns on a small screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact of a tile: what, its value, what must be said beside it."""

    name: str
    value: str
    note: str = ""
    tone: str = ""


def tile(fact: Fact) -> QWidget:
    """Return a fact in a frame."""
    made = frame("card", name=f"tile_{fact.name}")
    inside = column(made, spacing=SPACE.hair)
    inside.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
    inside.addWidget(TextLabel(fact.name, size=Size.CAPTION, tone="muted"))
    inside.addWidget(TextLabel(fact.value, size=Size.SUBTITLE, strong=True, tone=fact.tone, wrap=True))
    if fact.note:
        inside.addWidget(TextLabel(fact.note, size=Size.CAPTION, tone="muted", wrap=True))
    inside.addStretch(1)
    return made


def tiles(facts: Sequence[Fact]) -> QWidget:
    """Return facts side by side, all of the same width."""
    holder = QWidget()
    line = row(holder, spacing=SPACE.small)
    for fact in facts:
        line.addWidget(tile(fact), 1)
    return holder


def card(title: str = "", *, role: str = "card", name: str = "") -> tuple[QFrame, QVBoxLayout]:
    """Return a framed part of a form with its column."""
    made = frame(role, name=name)
    inside = column(made, spacing=SPACE.small)
    inside.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
    if title:
        inside.addWidget(TextLabel(title, size=Size.SUBTITLE, strong=True))
    return made, inside


def scrolled(inside: QWidget) -> QScrollArea:
    """Return a part that scrolls up and down by itself."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    area.setMinimumHeight(120)
    return area


def side_by_side(theme: Theme, left: QWidget, right: QWidget) -> QHBoxLayout:
    """Return two parts that scroll by themselves side by side; at a large text size they follow one another in one."""
    line = row(spacing=SPACE.large)
    if theme.scale <= STACKED_ABOVE:
        line.addWidget(scrolled(left), 1)
        line.addWidget(scrolled(right), 1)
        return line
    both = QWidget()
    inside = column(both, spacing=SPACE.medium)
    inside.addWidget(left)
    inside.addWidget(right)
    line.addWidget(scrolled(both))
    return line


def reveal(part: QWidget) -> None:
    """Give a part the keyboard and scroll to it."""
    part.setFocus()
    holder = part.parentWidget()
    while holder is not None and not isinstance(holder, QScrollArea):
        holder = holder.parentWidget()
    if isinstance(holder, QScrollArea):
        holder.ensureWidgetVisible(part)


def clear(layout: QLayout) -> None:
    """Take every widget out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        old = item.widget() if item else None
        if old is not None:
            old.hide()
            old.deleteLater()


class StateMark(QWidget):
    """A drawn sign beside its word."""

    def __init__(self, theme: Theme, mark: Mark, ink: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._mark, self._ink = theme, mark, ink
        side = theme.px(Size.TITLE) + 2
        self.setFixedSize(side, side)

    def paintEvent(self, event: object) -> None:
        """Paint the sign."""
        from PySide6.QtCore import QRectF
        from PySide6.QtGui import QPainter

        painter = QPainter(self)
        draw_mark(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), self._mark, getattr(self._theme.palette, self._ink))
        painter.end()


def latest_of(history: PatientHistory, evaluation: Evaluation) -> CountEvaluation | None:
    """Return the latest count that speaks of white cells."""
    return latest_count(evaluation.counts, history.counts, evaluation.now)


def count_fact(history: PatientHistory, evaluation: Evaluation, grading: str = "ctcae-5.0") -> Fact:
    """Return the last ANC with grade and age; unknown is said."""
    latest = last_with(evaluation.counts, "anc", evaluation.now) or latest_of(history, evaluation)
    if latest is None or latest.collected_at is None:
        return Fact(name=tr("Last ANC"), value=tr("unknown"), note=tr("no count recorded: treat as at risk"), tone="hold")
    grade = spoken(grade_text(latest.grades.get(grading, {}).get("neutrophils")))
    newest = latest_of(history, evaluation)
    missing = "" if newest is None or newest.anc.quantity else without_anc(newest.collected_at)
    parts = (grade, age_words(evaluation.now - latest.collected_at), grading.replace("ctcae-", "CTCAE "))
    note = " · ".join((*parts, missing) if missing and newest is not latest else parts)
    value = shown_counts(spoken(anc_text(latest.anc)))
    return Fact(name=tr("Last ANC"), value=value, note=note, tone="hold" if missing else "")


def cycle_fact(history: PatientHistory, evaluation: Evaluation) -> Fact:
    """Return regimen and cycle day, and whether the nadir is expected now."""
    where = place(history.course, evaluation.now.date())
    regimen = history.course.regimen if history.course else None
    if where is None:
        return Fact(name=tr("Cycle"), value=tr("no cycle begun"), note=regimen or tr("no course recorded"))
    window = {True: tr("nadir expected now"), False: tr("outside the nadir window"), None: tr("nadir window unknown")}
    value = f"C{where.cycle.number} D{where.day}"
    return Fact(name=tr("Cycle"), value=value, note=f"{regimen or tr('regimen unknown')} · {window[evaluation.in_nadir_window]}")


def gcsf_fact(history: PatientHistory, now: datetime) -> Fact:
    """Return the last growth factor that was given."""
    given = [g for g in history.growth_factors if g.given_at is not None and not g.planned and g.given_at <= now]
    last = max(given, key=lambda g: g.given_at or now, default=None)
    if last is None or last.given_at is None:
        return Fact(name=tr("Last G-CSF"), value=tr("none recorded"))
    return Fact(name=tr("Last G-CSF"), value=last.product, note=f"{moment_text(last.given_at, now)} · {age_words(now - last.given_at)}")


def allergy_fact(history: PatientHistory) -> Fact:
    """Return the allergies as recorded; none on record is not "no allergy"."""
    allergies = ", ".join(history.patient.allergies)
    return Fact(
        name=tr("Allergies"), value=allergies or tr("not recorded"), note="" if allergies else tr("ask"), tone="hold" if allergies else ""
    )


def next_fact(history: PatientHistory, now: datetime) -> Fact:
    """Return the next planned treatment."""
    target = next_treatment(history.course, now)
    if target is None or target.planned is None:
        return Fact(name=tr("Next treatment"), value=tr("not planned"))
    day = target.day.day if target.day else 1
    away = distance_text(target.planned, now.date())
    return Fact(name=tr("Next treatment"), value=day_text(target.planned), note=f"C{target.cycle.number} D{day} · {away}")
