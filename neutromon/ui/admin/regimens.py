"""The regimen library: search what is shipped, and add or change the clinic's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.rules.book_parts import Regimen, RegimenDrug
from neutromon.services.clinic_rules import CATEGORIES, retire_regimen, save_regimen
from neutromon.services.roles import Right, may
from neutromon.ui.admin.import_rules import ReasonDialog
from neutromon.ui.admin.panel import Panel
from neutromon.ui.fields.regimen_drugs import RegimenDrugs, drugs_words, one_line, source_words
from neutromon.ui.qtmodels.records import TextColumn
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import field_row, roomy, row

if TYPE_CHECKING:
    from neutromon.services.session import Session

MOST = 400
GUIDELINES = ("nccn", "eortc-2010")
OWN = "the clinic's own"
CARRIED = "carried over from {id}, not verified"
"""Stored with what a copy took from its parent, in the language of the record."""


class RegimenPanel(Panel):
    """A search over every regimen; the clinic's own stand out by their author."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        about = tr("Cycle length, nadir window and day-1 rule come from here. A shipped regimen stays as it is: change a copy of it.")
        super().__init__(session, tr("Regimens"), about, "regimen_panel", parent)
        self.search = QLineEdit()
        self.search.setObjectName("regimen_search")
        self.search.setAccessibleName(tr("Find a regimen"))
        self.search.setPlaceholderText(tr("Name, drug or cancer"))
        self.search.setClearButtonEnabled(True)
        self.body.addWidget(self.search)
        self.regimens = self.listing(
            (
                TextColumn[Regimen](title=tr("Regimen"), text=lambda one: one.id, width=160),
                TextColumn[Regimen](title=tr("For"), text=lambda one: one.cancer, width=110),
                TextColumn[Regimen](title=tr("Drugs"), text=lambda one: one.drugs),
                TextColumn[Regimen](title=tr("Days"), text=lambda one: str(one.cycle_days), width=60),
                TextColumn[Regimen](title=tr("Nadir"), text=window_text, width=90),
                TextColumn[Regimen](title=tr("Day-1 rule"), text=lambda one: one.day1_rule, width=110),
                TextColumn[Regimen](title=tr("From"), text=origin_text, width=110),
            ),
            "regimen_table",
            tr("Regimens"),
            tr("No regimen matches. Search by name, drug or cancer; a new one begins as a copy of the nearest."),
        )
        self.body.addWidget(self.regimens.table, 1)
        self.drugs = TextLabel("", wrap=True)
        self.drugs.setObjectName("regimen_components")
        self.body.addWidget(self.drugs)
        self.new = primary_button(tr("New from this one"), self.begin, name="regimen_new")
        self.retire = button(tr("Retire"), self.begin_retire, name="regimen_retire", kind="danger")
        self.line(self.new, self.retire)
        self.only = TextLabel("", tone="muted", wrap=True)
        self.only.setObjectName("regimen_why")
        self.body.addWidget(self.only)
        self.search.textChanged.connect(lambda _text: self.activate())
        self.search.returnPressed.connect(self.regimens.table.setFocus)  # and Enter there opens
        self.regimens.table.opened.connect(lambda _row: self.begin())
        self.regimens.table.chosen.connect(lambda _row: self._show_drugs())

    def activate(self) -> None:
        """Read the library again."""
        self.regimens.model.set_records(self.session.rules.search_regimens(self.search.text(), MOST))
        self.regimens.table.choose(0)
        self._show_drugs()

    def _show_drugs(self) -> None:
        """Say the drugs of the chosen regimen, each with dose, route and days, or that they are not stated."""
        chosen = self.regimens.table.current()
        parts = (source_words(chosen), drugs_words(chosen)) if chosen is not None else ()
        self.drugs.setText("\n".join(part for part in parts if part))
        allowed = may(self.session, Right.REGIMENS)
        self.new.setEnabled(allowed and chosen is not None)
        self.retire.setEnabled(allowed and chosen is not None and bool(chosen.author))
        shipped = tr("A shipped regimen is not retired; only the clinic's own are.") if chosen is not None and not chosen.author else ""
        self.only.setText(shipped if allowed else tr("A senior nurse or an administrator changes the clinic's regimens."))

    def begin(self) -> Dialog | None:
        """Open the editor over the chosen regimen: a copy of a shipped one, a new version of an own one."""
        chosen = self.regimens.table.current()
        if chosen is None or not may(self.session, Right.REGIMENS):
            return None
        book = self.session.rules
        dialog = RegimenDialog(chosen, sorted(book.day1), self, taken=frozenset({**book.regimens, **book.own_regimens}))
        dialog.given.connect(lambda made: self._store(dialog, made))
        dialog.open()
        return dialog

    def begin_retire(self) -> Dialog | None:
        """Ask why one of the clinic's own regimens goes out of use."""
        chosen = self.regimens.table.current()
        if chosen is None:
            return None
        about = tr("{id}. A shipped regimen of the same name stands again; what was shown before stays as it was.", id=chosen.id)
        dialog = ReasonDialog(tr("Retire this regimen"), about, tr("Retire"), self)
        title = tr("Retired: {name}", name=chosen.id)
        dialog.given.connect(lambda why: self.save(title, lambda: retire_regimen(self.session, chosen.id, why), dialog))
        dialog.open()
        return dialog

    def _store(self, dialog: Dialog, made: Regimen) -> None:
        if self.save(tr("Regimen {id} is stored.", id=made.id), lambda: save_regimen(self.session, made), dialog):
            self._choose(made.id)

    def _choose(self, regimen_id: str) -> None:
        """Stand on a regimen; where the search hides it, the search is emptied, and one that waits for its date is not there."""
        if regimen_id not in [one.id for one in self.regimens.model.records()]:
            self.search.clear()
        places = [place for place, one in enumerate(self.regimens.model.records()) if one.id == regimen_id]
        if places:
            self.regimens.table.choose(places[0])


class RegimenDialog(Dialog):
    """Edits an own regimen; `given` carries it."""

    given = Signal(object)

    def __init__(self, base: Regimen, rules: list[str], parent: QWidget | None = None, *, taken: frozenset[str] = frozenset()) -> None:
        own = bool(base.author)
        title = tr("New version of {id}", id=base.id) if own else tr("New regimen from {id}", id=base.id)
        about = tr("Patients on it are evaluated by the new version from now on; what was shown before stays as it was.")
        super().__init__(title, about=about, name="regimen_dialog", parent=parent, width=roomy(900))
        self.scroll_body()
        self._base, self._taken = base, frozenset() if own else frozenset(name.casefold() for name in taken)
        self.id = self._field(tr("Short name"), "id", base.id if own else f"{base.id}-own")
        self.id.setReadOnly(own)
        self.name = self._field(tr("Name"), "name", base.name if own else f"{base.name}-own")
        self.cancer = self._field(tr("For"), "cancer", base.cancer)
        self.drugs = self._field(tr("Drugs in one line"), "drugs", base.drugs)
        self.components = RegimenDrugs(base.components)
        self.components.added.connect(self._show_line)
        self.body.addWidget(self.components)
        self.body.addWidget(TextLabel(tr("Leave empty what the protocol does not state."), tone="muted", wrap=True))
        self.doses = self._field(tr("Doses and days"), "doses", base.doses if own else _carried(base.doses, base.id))
        low, high = base.nadir_window or ("", "")
        numbers = row(spacing=SPACE.medium)
        self.days = self._beside(numbers, tr("Cycle length"), "days", str(base.cycle_days))
        self.low = self._beside(numbers, tr("Nadir from day"), "low", str(low))
        self.high = self._beside(numbers, tr("Nadir to day"), "high", str(high))
        self.recovery = self._beside(numbers, tr("Recovery day"), "recovery", str(base.recovery_day or ""))
        self.body.addLayout(numbers)
        self.rule = QComboBox()
        self.rule.setObjectName("regimen_rule")
        self.rule.addItems(rules)
        self.rule.setCurrentText(base.day1_rule)
        self.body.addWidget(field_row(tr("Day-1 rule"), self.rule))
        self.categories = self._build_risks(base)
        self.start = self._field(tr("Effective from"), "start", base.effective_from if own else "", tr("empty: at once; else 2026-03-12"))
        hint = tr("The febrile-neutropenia risk class is copied; check it against the guideline.")
        self.body.addWidget(TextLabel(hint, tone="muted", wrap=True))
        self.add_primary(tr("Store"), self._give, name="regimen_save")

    def _show_line(self, field: QWidget) -> None:
        """Make room for an added line and show it, with the button for the next one below it."""
        self.fit_height()
        for part in (self.components.more, field):
            self.bring_into_sight(part)

    def _field(self, label: str, name: str, value: str, hint: str = "") -> QLineEdit:
        made = QLineEdit(value)
        made.setObjectName(f"regimen_{name}")
        self.body.addWidget(field_row(label, made, hint=hint))
        return made

    def _beside(self, line: QHBoxLayout, label: str, name: str, value: str) -> QLineEdit:
        made = QLineEdit(value)
        made.setObjectName(f"regimen_{name}")
        line.addWidget(field_row(label, made, label_width=0))
        return made

    def _build_risks(self, base: Regimen) -> dict[str, QComboBox]:
        """Add the risk class of every guideline that has one, and of the two that a clinic can name."""
        line = row(spacing=SPACE.medium)
        made = {}
        for guideline in sorted({*base.categories, *GUIDELINES}):
            box = made[guideline] = QComboBox()
            box.setObjectName(f"regimen_risk_{guideline}")
            box.addItem(tr("not stated"), "")
            for category in sorted(CATEGORIES):
                box.addItem(risk_word(category), category)
            box.setCurrentIndex(max(box.findData(base.categories.get(guideline, "")), 0))
            line.addWidget(field_row(tr("FN risk by {guideline}", guideline=guideline.upper()), box, label_width=0))
        self.body.addLayout(line)
        return made

    def _risks(self) -> dict[str, str]:
        return {name: str(box.currentData()) for name, box in self.categories.items() if box.currentData()}

    def _texts(self) -> dict[str, str]:
        """Return what stands beside each class: as it was, or that the clinic chose it."""
        known, risks = self._base, self._risks()
        told = {name: known.category_texts[name] for name in risks if name in known.category_texts}
        kept = told if known.author else {name: _carried(text, known.id) for name, text in told.items()}
        own = {name: OWN for name, risk in risks.items() if known.categories.get(name) != risk}
        return {**kept, **own}

    def _line(self, components: tuple[RegimenDrug, ...]) -> str:
        """Return the drugs in one line: as typed, else made from the rows, also where these changed and the line did not."""
        typed = self.drugs.text().strip()
        stale = typed == self._base.drugs.strip() and components != self._base.components
        return one_line(components) if not typed or (stale and components) else typed

    def _give(self) -> None:
        try:
            window = (int(self.low.text()), int(self.high.text())) if self.low.text().strip() or self.high.text().strip() else None
            days, components = int(self.days.text()), self.components.drugs()
            recovery = int(self.recovery.text()) if self.recovery.text().strip() else None
        except UserError as error:
            self.show_problem(error)
            return
        except ValueError:
            self.show_problem(tr("A day cannot be read. Type whole numbers; leave both nadir days empty where the window is not known."))
            return
        if self.id.text().strip().casefold() in self._taken:
            self.show_problem(tr("There is already a regimen of this short name. Choose another."))
            return
        made = replace(
            self._base,
            based_on=self._base.based_on if self._base.author else self._base.id,
            number=self._base.number if self._base.author else "",
            id=self.id.text().strip(),
            name=self.name.text().strip(),
            cancer=self.cancer.text().strip(),
            drugs=self._line(components),
            components=components,
            doses=self.doses.text().strip(),
            cycle_days=days,
            nadir_window=window,
            recovery_day=recovery,
            categories=self._risks(),
            category_texts=self._texts(),
            effective_from=self.start.text().strip(),
            day1_rule=self.rule.currentText(),
        )
        self.given.emit(made)


def _carried(text: str, regimen_id: str) -> str:
    """Return a text of a parent with the mark that nobody has verified it for the copy."""
    return f"{text} ({CARRIED.format(id=regimen_id)})" if text else ""


def risk_word(category: str) -> str:
    """Return the name of a class of FN risk."""
    words = {"high": tr("high"), "intermediate": tr("intermediate"), "low": tr("low"), "unsettled": tr("unsettled")}
    return words.get(category, category)


def window_text(one: Regimen) -> str:
    """Return the nadir window as days."""
    return f"D{one.nadir_window[0]}–{one.nadir_window[1]}" if one.nadir_window else tr("not known")


def origin_text(one: Regimen) -> str:
    """Return whether a regimen is shipped or whose it is."""
    return tr("own, {author} v{version}", author=isolated(one.author), version=one.version) if one.author else tr("shipped")
