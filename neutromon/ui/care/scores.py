"""MASCC and CISNE: gate, items with points, running total and band, what is missing; never low while an item is missing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from neutromon.models.errors import UserError
from neutromon.models.evaluation import Score
from neutromon.rules import RuleBook
from neutromon.rules.fn_shown import shown_status, unfounded
from neutromon.rules.scores import cisne, cisne_points, mascc, mascc_points
from neutromon.ui.care.definitions import status_word
from neutromon.ui.care.parts import Fact, card, count_fact, cycle_fact, latest_of, side_by_side, tiles
from neutromon.ui.care.score_items import Item, cisne_items, known_cisne, known_mascc, mascc_items, number_of, typed
from neutromon.ui.care.segments import Segments
from neutromon.ui.care.wide import WideForm
from neutromon.ui.count_unit import shown_counts
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.fields.units import unit_words
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.labels import TextLabel, restyle
from neutromon.ui.widgets.layout import column, row

HAEMATOLOGICAL = frozenset({"NHL", "iNHL", "HL", "DLBCL", "CLL", "AML", "ALL", "Myeloma"})
"""Diseases of the regimen library that are no solid tumours."""
Points = Callable[[Mapping[str, object], RuleBook], Mapping[str, int | None]]
Total = Callable[[Mapping[str, object], RuleBook], Score]


class ScoreCard(QWidget):
    """One score: its items, the points of each, and what they add up to."""

    def __init__(self, theme: Theme, book: RuleBook, title: str, items: list[Item], points: Points, total: Total, source: str) -> None:
        super().__init__()
        self._theme, self._book, self._items, self._points, self._total = theme, book, items, points, total
        self._choices: dict[str, Segments[object]] = {}
        self._numbers: dict[str, LabValueField] = {}
        self._said: dict[str, TextLabel] = {}
        outer = column(self)
        made, inside = card(title)
        outer.addWidget(made)
        self._build_result(inside)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.medium)
        grid.setVerticalSpacing(SPACE.small)
        grid.setColumnStretch(0, 1)
        for number, item in enumerate(items):
            self._build_item(grid, number, item)
        inside.addLayout(grid)
        inside.addWidget(TextLabel(source, size=Size.CAPTION, tone="muted", wrap=True))

    def _build_result(self, inside: QVBoxLayout) -> None:
        self._frame, body = card(role="info")
        self.total = TextLabel("", size=Size.TITLE, strong=True, wrap=True)
        self.missing = TextLabel("", tone="hold", wrap=True)
        self.notes = TextLabel("", size=Size.CAPTION, wrap=True)
        for label in (self.total, self.missing, self.notes):
            body.addWidget(label)
        inside.addWidget(self._frame)

    def _build_item(self, grid: QGridLayout, number: int, item: Item) -> None:
        words = QWidget()
        lines = column(words, spacing=0)
        lines.addWidget(TextLabel(item.words, wrap=True))
        if item.scores:
            lines.addWidget(TextLabel(item.scores, size=Size.CAPTION, tone="muted", wrap=True))
        grid.addWidget(words, number, 0)
        if item.choices:
            asked: Segments[object] = Segments(
                self._theme, item.choices, name=f"item_{item.key}", about=item.words, value=None, quiet=(None,)
            )
            asked.changed.connect(self.show_score)
            self._choices[item.key] = asked
            grid.addWidget(asked, number, 1)
        else:
            grid.addWidget(self._number(item), number, 1)
        said = TextLabel("", strong=True)
        said.setMinimumWidth(26)
        self._said[item.key] = said
        grid.addWidget(said, number, 2)

    def _number(self, item: Item) -> QWidget:
        holder = QWidget()
        line = row(holder, spacing=SPACE.tight)
        field = LabValueField(f"item_{item.key}", item.words)
        field.setFixedWidth(86)
        field.entry_changed.connect(self.show_score)
        self._numbers[item.key] = field
        line.addWidget(field)
        line.addWidget(TextLabel(unit_words(item.unit), tone="muted"))
        line.addStretch(1)
        return holder

    def fill(self, known: Mapping[str, object]) -> None:
        """Show what is known."""
        for item in self._items:
            if item.key in self._choices:
                value = known.get(item.key)
                self._choices[item.key].set_value(int(str(value)) if item.choices[0][0] == 0 and value is not None else value)
            else:
                self._numbers[item.key].setText(number_of(known.get(item.key)))
        self.show_score()

    def choice(self, key: str) -> Segments[object]:
        """Return the answer of an item that is chosen."""
        return self._choices[key]

    def inputs(self) -> dict[str, object]:
        """Return the items as the contract stores them; what is not known is left out."""
        found: dict[str, object] = {}
        for item in self._items:
            if item.key in self._choices:
                value = self._choices[item.key].value
            else:
                entry = self._numbers[item.key].entry()
                value = typed(item, entry.canonical) if entry.number is not None else None
            if value is not None:
                found[item.key] = value
        return found

    def problem(self) -> str:
        """Return the first number that cannot be read, as a sentence."""
        return next((field.problem() for field in self._numbers.values() if field.problem()), "")

    def score(self) -> Score:
        """Return the score of what stands in the form."""
        return self._total(self.inputs(), self._book)

    def show_score(self) -> None:
        """Show the points of each item and what they add up to."""
        inputs = self.inputs()
        points, score = self._points(inputs, self._book), self.score()
        for key, said in self._said.items():
            value = points.get(key)
            said.setText("" if key not in points else "?" if value is None else str(value))
            said.set_tone("hold" if value is None else "")
        sofar = sum(value for value in points.values() if value is not None)
        self.total.setText(total_text(score, sofar))
        names = {item.key: item.words for item in self._items}
        self.missing.setText(tr("Missing: {items}", items=", ".join(names.get(key, key) for key in score.missing)))
        self.missing.setVisible(bool(score.missing))
        self.notes.setText("\n".join(self._notes(score, names)))
        self.notes.setVisible(bool(self.notes.text()))
        self._frame.setProperty("role", "warn" if score.missing or score.risk == "high" or score.applicable is False else "info")
        restyle(self._frame)

    def _notes(self, score: Score, names: Mapping[str, str]) -> list[str]:
        if score.applicable is False:
            return [tr("Not applicable: {reasons}.", reasons=", ".join(names.get(key, key) for key in score.reasons))]
        return []


def total_text(score: Score, sofar: int) -> str:
    """Return the total with its band; without every item there is no band."""
    if score.score is None:
        return tr("1 point so far – no band yet") if sofar == 1 else tr("{n} points so far – no band yet", n=sofar)
    bands = {"low": tr("low risk"), "intermediate": tr("intermediate risk"), "high": tr("high risk")}
    points = tr("1 point") if score.score == 1 else tr("{n} points", n=score.score)
    shown = f"{points} – {bands.get(score.risk, score.risk)}"
    return tr("{score} (not applicable)", score=shown) if score.applicable is False else shown


def _mascc_source() -> str:
    return tr("Klastersky, J Clin Oncol 2000;18:3038. Low from 21 of 26.")


def _cisne_source() -> str:
    return tr("Carmona-Bayonas, J Clin Oncol 2015;33:465. 0 low, 1–2 intermediate, 3 or more high.")


class ScoresForm(WideForm):
    """Both scores side by side, under what they presuppose: an established febrile neutropenia."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Risk scores in febrile neutropenia"), name="scores", width=1120)
        self._evaluation = self.clinic.evaluate_patient(self.patient_id)
        self._known = self.clinic.patient_history(self.patient_id)
        self.body.addWidget(tiles([self._gate(), count_fact(self._known, self._evaluation), cycle_fact(self._known, self._evaluation)]))
        self._override = TextLabel("", strong=True, tone="error", wrap=True)
        self._override.setText(self._override_text())
        self._override.setVisible(bool(self._override.text()))
        self.body.addWidget(self._override)
        self.doubt = TextLabel("", strong=True, tone="hold", wrap=True)
        self.body.addWidget(self.doubt)
        book = self.clinic.rules
        tables = book.numbers["scores"].tables
        self.mascc = ScoreCard(self.theme, book, "MASCC", mascc_items(tables["mascc"]), mascc_points, mascc, _mascc_source())
        self.cisne = ScoreCard(self.theme, book, "CISNE", cisne_items(tables["cisne"]), cisne_points, cisne, _cisne_source())
        self.body.addLayout(side_by_side(self.theme, self.mascc, self.cisne), 1)
        said = tr("3 or more points in CISNE speak for inpatient care even where MASCC is low (ASCO/IDSA 2018). FENCE is left out.")
        self.body.addWidget(TextLabel(said, size=Size.CAPTION, tone="muted", wrap=True))
        self.mascc.fill(known_mascc(self._known, self._evaluation))
        self.cisne.fill(known_cisne(self._known, self._evaluation))
        self.add_primary(tr("Save the scores"), lambda: self._save(self._write))
        self.keep_draft("scores")
        self._tie()

    def _tie(self) -> None:
        """Ask what both scores ask for once: COPD, and whether the tumour is solid."""
        solid: Mapping[object, object] = {"solid": True, "haematological": False, None: None}
        same: Mapping[object, object] = {True: True, False: False, None: None}
        for left, right, words in (("copd", "copd", same), ("tumour", "solid_tumour", solid)):
            one, other = self.mascc.choice(left), self.cisne.choice(right)
            back = {value: key for key, value in words.items()}
            one.changed.connect(partial(self._copy, one, other, words))
            other.changed.connect(partial(self._copy, other, one, back))
            if one.value is not None and other.value is None:
                self._copy(one, other, words)
            elif one.value is None and other.value is not None:
                self._copy(other, one, back)
        self._show_doubt()

    def _copy(self, source: Segments[object], target: Segments[object], words: Mapping[object, object]) -> None:
        wanted = words.get(source.value)
        if target.value != wanted:
            target.set_value(wanted)
        self.mascc.show_score()
        self.cisne.show_score()
        self._show_doubt()

    def _show_doubt(self) -> None:
        """Say that a solid tumour does not go with a regimen of the blood's own diseases."""
        course = self._known.course
        regimen = self.clinic.rules.regimen(course.regimen if course else None)
        parts = {part.strip() for part in re.split(r"[/,]", regimen.cancer)} if regimen else set()
        doubtful = bool(parts) and parts <= HAEMATOLOGICAL and self.mascc.choice("tumour").value == "solid"
        asked = (
            tr("{regimen} is a regimen for {cancer}, no solid tumour: check the answer.", regimen=regimen.id, cancer=regimen.cancer)
            if regimen
            else ""
        )
        self.doubt.setText(asked if doubtful else "")
        self.doubt.setVisible(doubtful)

    def _gate(self) -> Fact:
        """Return whether a febrile neutropenia is established by the site's definition."""
        name = self.clinic.protocol.fn_definition
        why = unfounded(self._known, self._evaluation, self.clinic.protocol.count_validity_hours)
        value = shown_status(self._evaluation.febrile_neutropenia.get(name, "cannot_tell"), why)
        note = name.replace("-", " ").upper()
        if value != "yes":
            note = tr("{definition} – the scores presuppose an established one", definition=note)
        return Fact(name=tr("Febrile neutropenia"), value=status_word(value)[0], note=note, tone="hold" if value != "yes" else "")

    def _override_text(self) -> str:
        """Return that MASCC does not see profound or long neutropenia, where it is there."""
        rules = {finding.rule for finding in self._evaluation.findings}
        latest = latest_of(self._known, self._evaluation)
        if (latest is not None and latest.profound) or rules & {"anc.profound", "anc.protracted"}:
            return shown_counts(tr("ANC below 0.1 ×10⁹/L or neutropenia of more than 7 days: high risk whatever the score is (IDSA 2010)."))
        return ""

    def _write(self) -> Saved:
        problem = self.mascc.problem() or self.cisne.problem()
        if problem:
            raise UserError(problem)
        if not self.has_begun():
            raise UserError(tr("No item is answered here yet."), tr("Answer an item, or leave with Esc."))
        episode = replace(self._known.episode, mascc=self.mascc.inputs(), cisne=self.cisne.inputs())
        outcome = self.clinic.record_episode(self.patient_id, episode)
        return Saved(title=tr("Scores saved"), changes=outcome.changes, undo=taking_back(self.clinic, outcome.changes))
