"""The live card of the count form: the ANC with unit, origin, grade and change, as the rules understand what is typed."""

from PySide6.QtWidgets import QWidget

from neutromon.models.evaluation import AncOrigin, CountEvaluation
from neutromon.models.formatting import COUNT_UNIT, UNKNOWN, anc_text, grade_text
from neutromon.models.history import PatientHistory
from neutromon.rules.book import RuleBook
from neutromon.rules.schedule import in_window
from neutromon.ui.count_unit import shown_bare, shown_counts, shown_unit
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame

GRADINGS = ("ctcae-5.0", "ctcae-6.0")
"""Both versions are told wherever they differ; the first stands in narrow columns, which name it."""


class LiveCount(QWidget):
    """Says "unknown" until the rules know, and always how they know."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self)
        card = frame("card", name="count_live")
        outer.addWidget(card)
        inside = column(card, margin=SPACE.large, spacing=SPACE.tight)
        self.heading = TextLabel(tr("Neutrophils (ANC)"), tone="muted", strong=True)
        self.number = TextLabel(tr("unknown"), size=Size.DISPLAY)
        self.unit = TextLabel("", tone="muted")
        self.grade = TextLabel("", size=Size.SUBTITLE, strong=True, wrap=True)
        self.origin = TextLabel("", tone="muted", wrap=True)
        self.change = TextLabel("", wrap=True)
        self.place = TextLabel("", tone="muted", wrap=True)
        for label in (self.heading, self.number, self.unit, self.grade, self.origin, self.change, self.place):
            inside.addWidget(label)
        inside.addStretch(1)

    def show_nothing(self, why: str) -> None:
        """Say that nothing is known yet, and why."""
        self.number.setText(tr("unknown"))
        for label in (self.unit, self.grade, self.change, self.place):
            label.setText("")
        self.origin.setText(why)

    def show_count(self, count: CountEvaluation, delta: str, before: str, place: str) -> None:
        """Show an evaluated count."""
        text = shown_counts(anc_text(count.anc))
        number, _, rest = text.partition(" ")
        known = text != UNKNOWN
        self.number.setText(number if known else tr("unknown"))
        self.unit.setText(rest or (shown_unit() if known else ""))
        self.grade.setText(grades_text(count) + (f" · {shown_bare(tr('profound, below 0.1'))}" if count.profound else ""))
        self.origin.setText(origin_text(count))
        self.change.setText(tr("{delta} against {before}", delta=shown_counts(f"{delta} {COUNT_UNIT}"), before=before) if delta else "")
        self.place.setText(place)


def origin_text(count: CountEvaluation) -> str:
    """Return how the ANC was obtained, in words."""
    words = {
        AncOrigin.REPORTED: tr("as reported by the laboratory"),
        AncOrigin.DERIVED: tr("derived from {basis}", basis=count.anc.basis),
        AncOrigin.BOUNDED: tr("only known to be at most the white cells"),
        AncOrigin.UNKNOWN: tr("no usable neutrophils or differential"),
    }
    return words[count.anc.origin]


def grades_text(count: CountEvaluation, quantity: str = "neutrophils") -> str:
    """Return the grade with its version; both versions where they differ; never none for an unknown count."""
    texts = {name: spoken(grade_text(count.grades.get(name, {}).get(quantity))) for name in GRADINGS if name in count.grades}
    if len(set(texts.values())) <= 1:
        name = next(iter(texts), GRADINGS[0])
        return f"{texts.get(name, spoken(grade_text(None)))} ({_version(name)})"
    return " · ".join(f"{text} ({_version(name)})" for name, text in texts.items())


def _version(name: str) -> str:
    return name.replace("ctcae-", "CTCAE ")


def cycle_place(count: CountEvaluation, history: PatientHistory, book: RuleBook) -> str:
    """Return "C3 D10, in the nadir window (10-14)"; says where the window is unknown."""
    if count.cycle is None or count.cycle_day is None:
        return tr("before the first cycle")
    regimen = book.regimen(history.course.regimen if history.course else None)
    inside = in_window(regimen, count.cycle_day)
    window = regimen.nadir_text if regimen else ""
    words = {
        True: tr("in the nadir window (days {window})", window=window),
        False: tr("outside the nadir window (days {window})", window=window),
        None: tr("nadir window unknown"),
    }
    return f"C{count.cycle} D{count.cycle_day}, {words[inside]}"
