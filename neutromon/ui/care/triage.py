"""The telephone call: what is known stands ready, each sign is asked, the level follows from the rules, and the call is kept."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from neutromon.models.care import TriageCall
from neutromon.models.errors import UserError
from neutromon.models.history import Temperature
from neutromon.models.quantity import Comparator
from neutromon.rules.febrile import within_weeks
from neutromon.rules.triage import CallAnswers, CallLevel, CallVerdict, judge_call
from neutromon.ui.care.parts import allergy_fact, card, count_fact, cycle_fact, gcsf_fact, latest_of, side_by_side, tiles
from neutromon.ui.care.segments import Segments, answers
from neutromon.ui.care.verdict import VerdictCard
from neutromon.ui.care.wide import WideForm
from neutromon.ui.fields.date_field import MomentField
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import told, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, field_row, row

ROUTES = ("oral", "tympanic", "axillary")


class TriageForm(WideForm):
    """Temperature and signs on the left, what they ask for on the right; the keys Y and N answer and go on to the next sign."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Telephone triage"), name="triage", width=1080)
        self._started = self.clinic.now()
        self._evaluation = self.clinic.evaluate_patient(self.patient_id)
        history = self.clinic.patient_history(self.patient_id)
        self._known = history
        facts = [count_fact(history, self._evaluation), cycle_fact(history, self._evaluation), gcsf_fact(history, self._started)]
        self.body.addWidget(tiles([*facts, allergy_fact(history)]))
        self._signs: dict[str, Segments[bool | None]] = {}
        left, right = QWidget(), QWidget()
        self._build_questions(column(left, spacing=SPACE.medium))
        self._build_result(column(right, spacing=SPACE.medium))
        self.body.addLayout(side_by_side(self.theme, left, right), 1)
        self.add_primary(tr("Save the call"), lambda: self._save(self._write))
        self.keep_draft("triage")
        self._judge()
        self.celsius.setFocus()

    def _build_questions(self, inside: QVBoxLayout) -> None:
        inside.setContentsMargins(0, 0, SPACE.small, 0)
        inside.addWidget(self._build_temperature())
        for level, title in (("red", tr("Red: one is enough")), ("amber", tr("Amber: one is reviewed, two are seen"))):
            rows = [r for r in self.clinic.rules.numbers["triage"].rows["flag"] if r["level"] == level]
            inside.addWidget(self._build_signs(title, rows))
        inside.addStretch(1)

    def _build_temperature(self) -> QWidget:
        made, inside = card(tr("Temperature"))
        self.celsius = LabValueField("celsius", tr("Temperature in °C"))
        self.celsius.setFixedWidth(90)
        self.celsius.setPlaceholderText("37.0")
        self.route: Choice[str | None] = Choice(
            [(None, tr("route not asked")), *((r, w) for r, w in zip(ROUTES, (tr("oral"), tr("ear"), tr("armpit")), strict=True))],
            name="route",
            accessible=tr("Route"),
        )
        line = row(spacing=SPACE.small)
        line.addWidget(self.celsius)
        line.addWidget(TextLabel("°C"))
        line.addWidget(self.route)
        line.addStretch(1)
        inside.addLayout(line)
        self.masked: Segments[bool | None] = Segments(
            self.theme, answers(), name="masked", about=tr("Antipyretic or steroid taken"), value=None, quiet=(None,)
        )
        inside.addWidget(self._question(tr("Antipyretic or steroid taken"), self.masked))
        self.celsius.entry_changed.connect(self._judge)
        self.masked.changed.connect(self._judge)
        return made

    def _build_signs(self, title: str, rows: Sequence[Mapping[str, str]]) -> QWidget:
        made, inside = card(title)
        for line in rows:
            words = told(line["text"])
            asked: Segments[bool | None] = Segments(
                self.theme, answers(), name=f"sign_{line['code']}", about=words, value=None, quiet=(None,)
            )
            asked.changed.connect(self._judge)
            self._signs[line["code"]] = asked
            inside.addWidget(self._question(words, asked))
        return made

    def _question(self, text: str, asked: QWidget) -> QWidget:
        holder = QWidget()
        line = row(holder, spacing=SPACE.small)
        line.addWidget(TextLabel(text, wrap=True), 1)
        line.addWidget(asked, 0, Qt.AlignmentFlag.AlignVCenter)
        return holder

    def _build_result(self, inside: QVBoxLayout) -> None:
        inside.setContentsMargins(SPACE.small, 0, SPACE.small, 0)
        self.verdict = VerdictCard(self.theme)
        inside.addWidget(self.verdict)
        made, fields = card(tr("How the call ends"))
        self.caller = QLineEdit()
        self.caller.setObjectName("caller")
        self.caller.setPlaceholderText(tr("patient, daughter, district nurse"))
        self.outcome: Choice[str] = Choice(outcome_words(), name="outcome", accessible=tr("Outcome"))
        self.note = QPlainTextEdit()
        self.note.setObjectName("note")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(64)
        self.reported = MomentField(self.clinic.now, name="reported", about=tr("Reported at"))
        self.reported.set_value(self._started)
        self.pathway = QCheckBox(tr("Start the febrile-neutropenia pathway; its clock runs from then"))
        self.pathway.setObjectName("pathway")
        self.pathway.setAccessibleName(tr("Start the febrile-neutropenia pathway"))
        fields.addWidget(field_row(tr("Reported at"), self.reported, label_width=92))
        fields.addWidget(field_row(tr("Caller"), self.caller, label_width=92))
        fields.addWidget(field_row(tr("Outcome"), self.outcome, label_width=92))
        fields.addWidget(field_row(tr("Note"), self.note, label_width=92))
        fields.addWidget(self.pathway)
        inside.addWidget(made)
        inside.addStretch(1)
        self._proposed = False

    def _answers(self) -> CallAnswers:
        entry = self.celsius.entry()
        exact = entry.number is not None and entry.comparator is Comparator.EQ
        latest = latest_of(self._known, self._evaluation)
        fresh = latest is not None and latest.collected_at is not None and latest.anc.quantity is not None
        return CallAnswers(
            signs={code: asked.value for code, asked in self._signs.items()},
            celsius=entry.number if exact else None,
            masked=self.masked.value,
            count_known=fresh and not self._too_old(),
            recently_treated=self._is_treated(),
        )

    def _is_treated(self) -> bool | None:
        """Return whether the last cycle began within the weeks of risk; None where no cycle is known."""
        if self._evaluation.cycle is None:
            return None
        return within_weeks(self._known, self._started, self.clinic.rules.numbers["expected_fall"].wholes["suspected_weeks"])

    def _too_old(self) -> bool:
        """Return whether the last count is older than the site's protocol lets a count speak."""
        latest = latest_of(self._known, self._evaluation)
        if latest is None or latest.collected_at is None:
            return True
        return (self._started - latest.collected_at).total_seconds() > self.clinic.protocol.count_validity_hours * 3600

    def _judge(self) -> None:
        verdict = judge_call(self._answers(), self.clinic.rules)
        self.verdict.show_verdict(verdict)
        self._propose(verdict)

    def _propose(self, verdict: CallVerdict) -> None:
        """Follow the level with outcome and pathway until a person has chosen otherwise."""
        wanted = {CallLevel.ASSESS: "face_to_face", CallLevel.REVIEW: "review", CallLevel.NO_SIGN: "advice"}[verdict.level]
        if not self.outcome.view().isVisible() and self.outcome.code() in {self._last_wanted, wanted}:
            self.outcome.set_code(wanted)
            self._last_wanted = wanted
        if verdict.starts_pathway != self._proposed:
            self._proposed = verdict.starts_pathway
            self.pathway.setChecked(verdict.starts_pathway)

    _last_wanted = "face_to_face"

    def _write(self) -> Saved:
        at = self.reported.value()
        if at is None:
            raise UserError(self.reported.problem() or tr("Say when this was reported."))
        if not self._is_told():
            raise UserError(tr("Nothing is written down of this call yet."), tr("Ask, or leave with Esc."))
        call = TriageCall(
            at=at,
            signs={code: asked.value for code, asked in self._signs.items()},
            temperature=self._temperature(),
            masked=self.masked.value,
            caller=self.caller.text().strip(),
            outcome=self.outcome.code(),
            note=" ".join(self.note.toPlainText().split()),
            time_zero=at if self.pathway.isChecked() else None,
        )
        outcome = self.clinic.record_call(self.patient_id, call)
        return Saved(title=tr("Call saved"), changes=outcome.changes, undo=taking_back(self.clinic, outcome.changes))

    def _is_told(self) -> bool:
        """Return whether anything was asked or written down: a call without a word says nothing and is no reassurance."""
        texts = (self.celsius.text(), self.caller.text(), self.note.toPlainText())
        return any(asked.value is not None for asked in self._signs.values()) or self.pathway.isChecked() or any(map(str.strip, texts))

    def _temperature(self) -> Temperature | None:
        if not self.celsius.text().strip():
            return None
        reported = self.celsius.reported("Cel")
        if reported is None:
            raise UserError(self.celsius.problem(), tr("Correct the temperature."))
        return Temperature(
            at=self.reported.value(), value=reported.value, unit="Cel", route=self.route.code(), antipyretic_taken=self.masked.value
        )


def outcome_words() -> list[tuple[str, str]]:
    """Return how a call may end."""
    return [
        ("face_to_face", tr("Asked to come for assessment now")),
        ("review", tr("Review within 24 h")),
        ("advice", tr("Advice given, ring again if anything changes")),
        ("not_reached", tr("Not reached")),
    ]
