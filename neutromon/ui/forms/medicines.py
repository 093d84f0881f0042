"""Forms for what is given besides chemotherapy: growth factors with their timing guard, antimicrobials, other drugs."""

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QCompleter, QLineEdit

from neutromon.models.errors import UserError
from neutromon.models.evaluation import GcsfTiming
from neutromon.models.history import Antibiotic, DrugExposure, GrowthFactor, PatientHistory
from neutromon.rules.alerts import ANSWERED_BY_GCSF
from neutromon.rules.timing import ALLOWED, CAUTION, CLOSE, EARLY, NO_NEXT, timings
from neutromon.ui.fields.date_field import DateField, MomentField
from neutromon.ui.fields.days import Lean
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.observations import needed_moment
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.spoken import spoken
from neutromon.ui.text import told, tr
from neutromon.ui.widgets.labels import TextLabel, restyle
from neutromon.ui.widgets.layout import column, frame


class GrowthFactorForm(PatientForm):
    """A growth factor, given or planned; the label's timing stands beside it before anything is saved."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Record growth factor"), name="growth_factor_form", width=640)
        products = self.clinic.rules.products.products
        self.product = Choice([("", tr("Choose the product")), *((name, name) for name in products)], name="product")
        self._facts = self.add_field(tr("Product"), self.product, hint=" ")
        self.dose = QLineEdit()
        self.dose.setObjectName("dose")
        self.add_field(tr("Dose"), self.dose, hint=tr("As given or prescribed, with its unit."))
        self.given = MomentField(self.clinic.now, name="given", about=tr("Given"), lean=Lean.PAST)
        self.given.set_value(self.clinic.now())
        self.add_field(tr("Date and time"), self.given)
        self.planned = QCheckBox(tr("Planned, not given yet"))
        self.planned.setObjectName("planned")
        self.add_field("", self.planned)
        self._guard = frame("info", name="timing_guard")
        inside = column(self._guard, margin=12)
        self._guard_text = TextLabel("", wrap=True)
        inside.addWidget(self._guard_text)
        self.add_wide(self._guard)
        self._begin_with_last()
        for signal in (self.product.currentIndexChanged, self.planned.toggled):
            signal.connect(lambda _value: self._look())
        self.given.value_changed.connect(self._look)
        self.add_save(tr("Save growth factor"), self._write)
        self.keep_draft("growth_factor")
        self._look()
        self.product.setFocus()

    def _begin_with_last(self) -> None:
        """Offer the product that was given last; its dose only as a suggestion."""
        given = self._history.growth_factors if self._history else ()
        if given and self.clinic.rules.products.find(given[-1].product):
            self.product.set_code(given[-1].product)
            self.dose.setPlaceholderText(given[-1].dose or "")

    def growth_factor(self) -> GrowthFactor:
        """Return what is typed."""
        return GrowthFactor(
            product=self.product.code(),
            dose=self.dose.text().strip() or None,
            given_at=self.given.value(),
            planned=self.planned.isChecked(),
        )

    def _look(self) -> None:
        product = self.clinic.rules.products.find(self.product.code())
        if product is not None:
            dose, start = told(product.dose).replace(" ug", " µg"), told(product.start)
            self._facts.setText(tr("{dose}. Start: {start}. Shown for recognition only.", dose=dose, start=start))
        else:
            self._facts.setText(" ")
        timing = self._timing()
        self._guard_text.setText(
            timing_text(timing) if timing else tr("Choose the product and type date and time: the timing is checked then.")
        )
        unsure = timing is not None and (timing.hour_open or timing.text == NO_NEXT)
        verdict = CAUTION if unsure else timing.verdict if timing else None
        self._guard.setProperty("role", {None: "info", ALLOWED: "info", CAUTION: "warn"}.get(verdict, "error"))
        restyle(self._guard)

    def _timing(self) -> GcsfTiming | None:
        wanted = self.growth_factor()
        if wanted.given_at is None or not wanted.product or self._history is None:
            return None
        history: PatientHistory = replace(self._history, growth_factors=(wanted,))
        return next(iter(timings(history, self.clinic.rules)), None)

    def timing_said(self) -> str:
        """Return what the timing guard says now."""
        return self._guard_text.text()

    def _write(self) -> Saved:
        if not self.product.code():
            self.product.setFocus()
            raise UserError(tr("The product is missing."), tr("Choose it from the list."))
        needed_moment(self.given)
        given = self.growth_factor()
        if not given.planned and given.given_at is not None and given.given_at > self.clinic.now():
            raise UserError(tr("The time lies in the future."), tr("Tick “Planned, not given yet”, or correct the time."))
        considered = self._considered()
        outcome = self.clinic.record_growth_factor(self.patient_id, given)
        title = growth_factor_saved(considered - self._considered())
        return Saved(title=title, changes=outcome.changes, undo=self.void_later(outcome.value))

    def _considered(self) -> set[str]:
        """Return the cycles for which a growth factor is being considered."""
        alerts = self.clinic.alerts_of(self.patient_id)
        return {alert.key.split(":")[1].upper() for alert in alerts if alert.rule in ANSWERED_BY_GCSF}


def growth_factor_saved(answered: Collection[str]) -> str:
    """Return that it is saved and which considerations ended with it: their alerts leave the list and stay in the log."""
    if not answered:
        return tr("Growth factor saved.")
    return tr("Growth factor saved: it answers the consideration for {cycles}, which is in the log.", cycles=", ".join(sorted(answered)))


def timing_text(timing: GcsfTiming) -> str:
    """Return a timing verdict as a sentence; it informs and never forbids."""
    if timing.text == NO_NEXT:
        return tr("No next day 1 is planned: whether this is early enough before it cannot be told. After chemotherapy it is late enough.")
    if timing.hour_open:
        return tr("The hour of the next treatment is not known: {text}. Check it before it is given.", text=spoken(timing.text))
    words = {
        ALLOWED: tr("Timing within the label: {text}.", text=spoken(timing.text)),
        EARLY: tr("Too early after chemotherapy: {text}. Discuss before it is given.", text=spoken(timing.text)),
        CLOSE: tr("Too close to the next chemotherapy: {text}. Discuss before it is given.", text=spoken(timing.text)),
        CAUTION: tr("Close to the next chemotherapy: {text}. Discuss before it is given.", text=spoken(timing.text)),
    }
    return words.get(timing.verdict, timing.text)


class AntibioticForm(PatientForm):
    """An antimicrobial with its purpose and time; the time stops the antibiotic clock of an emergency."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Record antimicrobial"), name="antibiotic_form")
        self.drug = QLineEdit()
        self.drug.setObjectName("antibiotic")
        known = sorted({drug.name for drug in self._history.antibiotics}) if self._history else []
        self.drug.setCompleter(_completer(known, self.drug))
        self.add_field(tr("Drug"), self.drug)
        self.purpose: Choice[str | None] = Choice(
            [("treatment", tr("Treatment")), ("prophylaxis", tr("Prophylaxis")), (None, tr("Not stated"))], name="purpose"
        )
        self.add_field(tr("Purpose"), self.purpose)
        self.given = MomentField(self.clinic.now, name="given", about=tr("First dose given"))
        self.given.set_value(self.clinic.now())
        self.add_field(tr("First dose given"), self.given, hint=tr("The time at which it was given, not prescribed."))
        self.until = MomentField(self.clinic.now, name="until", about=tr("Until"), lean=Lean.FUTURE)
        self.add_field(tr("Until"), self.until, hint=tr("Leave empty while it goes on."))
        self.add_save(tr("Save antimicrobial"), self._write)
        self.keep_draft("antibiotic")
        self.drug.setFocus()

    def _write(self) -> Saved:
        name = self.drug.text().strip()
        if not name:
            raise UserError(tr("The drug is missing."), tr("Type its name."))
        needed_moment(self.given)
        if self.until.problem():
            raise UserError(self.until.problem())
        until, given = self.until.value(), self.given.value()
        if until is not None and given is not None and until < given:
            raise UserError(tr("The end lies before the first dose."), tr("Correct one of the two times."))
        outcome = self.clinic.record_antibiotic(
            self.patient_id, Antibiotic(name=name, given_at=given, until=until, purpose=self.purpose.code())
        )
        return Saved(title=tr("{drug} saved.", drug=name), changes=outcome.changes, undo=self.void_later(outcome.value))


class DrugForm(PatientForm):
    """A drug other than chemotherapy, with its dates, for the work-up of unexplained neutropenia."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Record another drug"), name="drug_form")
        causes = self.clinic.rules.numbers["causes"].lists
        self._suspects = {name.casefold(): name for key in ("drugs_confirmed", "drugs_recalled") for name in causes.get(key, ())}
        self.drug = QLineEdit()
        self.drug.setObjectName("drug")
        self.drug.setCompleter(_completer(sorted(self._suspects.values()), self.drug))
        self._says = self.add_field(tr("Drug"), self.drug, hint=" ")
        self.start = DateField(self.clinic.now, name="start", accessible=tr("Started"))
        self.end = DateField(self.clinic.now, name="end", accessible=tr("Stopped"))
        self.add_field(tr("Started"), self.start)
        self.add_field(tr("Stopped"), self.end, hint=tr("Leave empty while it goes on."))
        self.drug.textChanged.connect(lambda _text: self._look())
        self.add_save(tr("Save drug"), self._write)
        self.keep_draft("drug")
        self._look()
        self.drug.setFocus()

    def _look(self) -> None:
        listed = self.drug.text().strip().casefold() in self._suspects
        on = tr("On the list of drugs that can lower neutrophils.")
        off = tr("Not on the list of suspect drugs; that does not clear it.")
        self._says.setText(
            (on if listed else off) if self.drug.text().strip() else tr("Drugs that can lower neutrophils are offered while typing.")
        )

    def _write(self) -> Saved:
        name = self.drug.text().strip()
        if not name:
            raise UserError(tr("The drug is missing."), tr("Type its name."))
        for field in (self.start, self.end):
            if field.is_unreadable():
                raise UserError(tr("“{text}” is no date.", text=field.text()), tr("Type it like 12 Mar or t-1."))
        start, end = self.start.day(), self.end.day()
        if start and end and end < start:
            raise UserError(tr("The drug stopped before it started."), tr("Correct one of the two dates."))
        outcome = self.clinic.record_drug(self.patient_id, DrugExposure(name=name, start=start, end=end))
        return Saved(title=tr("{drug} saved.", drug=name), changes=outcome.changes, undo=self.void_later(outcome.value))


def _completer(words: list[str], field: QLineEdit) -> QCompleter:
    made = QCompleter(words, field)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    return made
