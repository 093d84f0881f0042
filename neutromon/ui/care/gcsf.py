"""The G-CSF consideration: each guideline's band, advice, reasons and gaps; the timing guard; and the answer that is kept."""

from dataclasses import replace

from PySide6.QtWidgets import QCompleter, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from neutromon.models.care import GcsfAnswer
from neutromon.models.errors import UserError
from neutromon.models.evaluation import GcsfAdvice, GcsfTiming
from neutromon.models.history import GrowthFactor
from neutromon.rules.timing import NO_NEXT, timings
from neutromon.ui.alerts.words import moment_text
from neutromon.ui.care.parts import StateMark, card, clear, count_fact, cycle_fact, gcsf_fact, next_fact, scrolled, tiles
from neutromon.ui.care.segments import Segments
from neutromon.ui.care.wide import WideForm
from neutromon.ui.fields.date_field import MomentField
from neutromon.ui.fields.days import Lean
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.spoken import spoken
from neutromon.ui.text import told, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, field_row, row
from neutromon.ui.widgets.marks import Mark

LABEL = 110
PLANNED = "planned now"


class GcsfForm(WideForm):
    """Considered, never ordered: what the guidelines say on this patient, and what was decided."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Consider G-CSF"), name="gcsf", width=1000)
        self._evaluation = self.clinic.evaluate_patient(self.patient_id)
        self._known = self.clinic.patient_history(self.patient_id)
        now = self.clinic.now()
        facts = [gcsf_fact(self._known, now), next_fact(self._known, now), cycle_fact(self._known, self._evaluation)]
        self.body.addWidget(tiles([*facts, count_fact(self._known, self._evaluation)]))
        inner = QWidget()
        inside = column(inner, spacing=SPACE.medium)
        inside.setContentsMargins(0, 0, SPACE.small, 0)
        inside.addWidget(self._build_guidelines())
        if self._cautions():
            inside.addWidget(self._build_cautions())
        if self._recorded():
            inside.addWidget(self._build_recorded())
        inside.addWidget(self._build_answer())
        inside.addStretch(1)
        self.body.addWidget(scrolled(inner), 1)
        self.add_primary(tr("Save the answer"), lambda: self._save(self._write))
        self._show_answer()
        self.keep_draft("gcsf")

    def _build_guidelines(self) -> QWidget:
        made, inside = card(tr("By guideline"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.large)
        grid.setVerticalSpacing(SPACE.small)
        for place, title in enumerate((tr("Guideline"), tr("Band"), tr("Advice"), tr("Because"), tr("Not known"))):
            grid.addWidget(TextLabel(title, size=Size.CAPTION, tone="muted", strong=True), 0, place)
        for number, (name, advice) in enumerate(self._in_order(), start=1):
            self._build_row(grid, number, name, advice)
        grid.setColumnStretch(3, 3)
        grid.setColumnStretch(4, 2)
        inside.addLayout(grid)
        if not self._evaluation.gcsf:
            inside.addWidget(TextLabel(tr("No course is recorded: no guideline can be asked."), tone="hold", wrap=True))
        return made

    def _in_order(self) -> list[tuple[str, GcsfAdvice]]:
        chosen = self.clinic.protocol.gcsf_guideline
        return sorted(self._evaluation.gcsf.items(), key=lambda pair: (pair[0] != chosen, pair[0]))

    def _build_row(self, grid: QGridLayout, number: int, name: str, advice: GcsfAdvice) -> None:
        chosen = name == self.clinic.protocol.gcsf_guideline
        reasons = "; ".join(spoken(reason.text) for reason in advice.reasons) or tr("none")
        missing = "; ".join(spoken(reason.text) for reason in advice.missing) or "–"
        texts = (name.replace("-", " ").upper(), band_word(advice.band), advice_word(advice.advice), reasons, missing)
        for place, text in enumerate(texts):
            label = TextLabel(text, strong=chosen and place < 3, wrap=place > 2, tone="hold" if place == 4 and advice.missing else "")
            grid.addWidget(label, number, place)

    def _cautions(self) -> list[str]:
        return list(dict.fromkeys(caution.text for advice in self._evaluation.gcsf.values() for caution in advice.cautions))

    def _build_cautions(self) -> QWidget:
        made, inside = card(tr("Cautions"), role="warn", name="cautions")
        for caution in self._cautions():
            inside.addWidget(TextLabel(told(caution), wrap=True))
        return made

    def _recorded(self) -> list[GcsfTiming]:
        """Return the verdicts that still matter: on what is planned, and on what did not fit."""
        return [timing for timing in self._evaluation.gcsf_timing if timing.planned or timing.verdict != "allowed"][-4:]

    def _build_recorded(self) -> QWidget:
        made, inside = card(tr("Timing of what is recorded"), name="recorded")
        for timing in self._recorded():
            when = moment_text(timing.given_at, self.clinic.now()) if timing.given_at else ""
            word = tr("planned") if timing.planned else tr("given")
            inside.addWidget(self._verdict_line(timing, f"{timing.product}, {word} {when}. "))
        return made

    def _verdict_line(self, timing: GcsfTiming, before: str = "") -> QWidget:
        holder = QWidget()
        line = row(holder, spacing=SPACE.small)
        unsure = open_word(timing)
        allowed = timing.verdict == "allowed" and not unsure
        mark = Mark.QUESTION if unsure else Mark.CHECK if allowed else Mark.CROSS
        line.addWidget(StateMark(self.theme, mark, "meets" if allowed else "hold"))
        word = unsure or timing_word(timing.verdict)
        text = f"{before}{word}: {spoken(timing.text)}"
        said = TextLabel(text, strong=not allowed, tone="" if allowed else "hold", wrap=True)
        said.setObjectName("timing_text")
        line.addWidget(said, 1)
        return holder

    def _build_answer(self) -> QWidget:
        made, inside = card(tr("What was decided"))
        words = [
            ("discuss", tr("Discuss")),
            ("prescribed", tr("Prescribed")),
            ("not_indicated", tr("Not indicated because …")),
        ]
        self.answer: Segments[str] = Segments(self.theme, words, name="answer", about=tr("Answer"), value="")
        self.answer.changed.connect(self._show_answer)
        line = row()
        line.addWidget(self.answer)
        line.addStretch(1)
        inside.addLayout(line)
        self._planned = self._build_planned()
        inside.addWidget(self._planned)
        self.reason = QLineEdit()
        self.reason.setObjectName("reason")
        completer = QCompleter(
            [tr("low risk and no factor"), tr("given already"), tr("dose reduced instead"), tr("patient declines")], self
        )
        self.reason.setCompleter(completer)
        self._reason_row = field_row(tr("Reason or note"), self.reason, label_width=LABEL)
        inside.addWidget(self._reason_row)
        self._timing = self._build_timing(inside)
        return made

    def _build_planned(self) -> QWidget:
        holder = QWidget()
        inside = column(holder, spacing=SPACE.small)
        products = self.clinic.rules.products.products
        self.product: Choice[str] = Choice([(name, name) for name in products], name="product", accessible=tr("Product"))
        self.dose = QLineEdit()
        self.dose.setObjectName("dose")
        self.dose.setAccessibleName(tr("Dose"))
        self.dose.setPlaceholderText(tr("dose as prescribed"))
        self.first_dose = MomentField(self.clinic.now, name="first_dose", about=tr("First dose"), lean=Lean.FUTURE)
        both = QWidget()
        line = row(both, spacing=SPACE.small)
        line.addWidget(self.product, 2)
        line.addWidget(self.dose, 1)
        inside.addWidget(field_row(tr("Product, dose"), both, label_width=LABEL))
        inside.addWidget(field_row(tr("First dose"), self.first_dose, label_width=LABEL))
        self.product.currentIndexChanged.connect(lambda _index: self._show_timing())
        self.first_dose.value_changed.connect(self._show_timing)
        return holder

    def _build_timing(self, inside: QVBoxLayout) -> QVBoxLayout:
        lines = column(spacing=SPACE.tight)
        inside.addLayout(lines)
        return lines

    def _show_answer(self) -> None:
        chosen = self.answer.value
        self._planned.setVisible(chosen == "prescribed")
        self._show_timing()

    def planned(self) -> GrowthFactor | None:
        """Return the growth factor that is being prescribed, or None while its time is missing."""
        when = self.first_dose.value()
        if self.answer.value != "prescribed" or when is None:
            return None
        return GrowthFactor(product=self.product.code(), dose=self.dose.text().strip() or None, given_at=when, planned=True)

    def timing(self) -> GcsfTiming | None:
        """Return the guard's verdict on what is being prescribed."""
        planned = self.planned()
        if planned is None:
            return None
        trial = replace(self._known, growth_factors=(replace(planned, id=PLANNED),))
        return timings(trial, self.clinic.rules)[0]

    def _show_timing(self) -> None:
        clear(self._timing)
        verdict = self.timing()
        if verdict is None:
            return
        self._timing.addWidget(self._verdict_line(verdict))

    def _write(self) -> Saved:
        if not self.answer.value:
            raise UserError(tr("Nothing is decided yet."), tr("Choose discuss, prescribed or not indicated."))
        if self.answer.value == "prescribed" and self.planned() is None:
            raise UserError(self.first_dose.problem() or tr("Say when the first dose is planned."), tr("Type date and time."))
        chosen = self.clinic.protocol.gcsf_guideline
        advice = self._evaluation.gcsf.get(chosen)
        answer = GcsfAnswer(
            answer=self.answer.value,
            reason=self.reason.text().strip(),
            guideline=chosen,
            band=advice.band if advice else None,
            advice=advice.advice if advice else "",
            planned=self.planned(),
        )
        outcome = self.clinic.answer_gcsf(self.patient_id, answer)
        return Saved(title=tr("G-CSF: answer saved"), changes=outcome.changes, undo=taking_back(self.clinic, outcome.changes))


def band_word(band: str | None) -> str:
    """Return a risk band; a guideline without one says so."""
    words = {"high": tr("high"), "intermediate": tr("intermediate"), "low": tr("low"), "unknown": tr("unknown")}
    return words.get(band, band) if band else tr("none")


def advice_word(advice: str) -> str:
    """Return an advice as a consideration, never as an order."""
    words = {
        "recommend": tr("consider (listed as recommended)"),
        "consider": tr("consider"),
        "observe": tr("observe"),
        "not_indicated": tr("not indicated"),
        "not_routine": tr("not routinely"),
        "continue": tr("consider continuing"),
        "no_additional": tr("no additional dose"),
        "reduce_or_change": tr("consider dose or regimen"),
        "avoid": tr("avoid"),
        "cannot_tell": tr("cannot tell"),
    }
    return words.get(advice, advice)


def open_word(timing: GcsfTiming) -> str:
    """Return what the guard cannot know of a time that it allows; "" where it knows everything."""
    if timing.text == NO_NEXT:
        return tr("The next treatment is not known")
    return tr("The hour of the next treatment is not known") if timing.hour_open else ""


def timing_word(verdict: str) -> str:
    """Return the guard's word on a time."""
    words = {
        "allowed": tr("The time is within the label"),
        "too_early_after_chemo": tr("Too early after chemotherapy"),
        "too_close_to_next_chemo": tr("Too close to the next chemotherapy"),
        "caution": tr("Caution"),
    }
    return words.get(verdict, verdict)
