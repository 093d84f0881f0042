"""Add a patient, or change her data: identity, own limits with their reason, risk factors, conditions, allergies, plan."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QTabWidget, QWidget

from neutromon.models.errors import UserError
from neutromon.models.history import Identifier, Patient, Sex
from neutromon.models.quantity import Comparator, Reported
from neutromon.rules.gcsf_factors import TEXTS
from neutromon.services.lifetime import OLDEST_YEARS, is_too_old
from neutromon.ui.fields.date_field import DateField
from neutromon.ui.fields.days import Lean
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.fields.units import CELLS, UnitChip
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.reasoned import reason_field, reason_of
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.forms.words import undone_by, yes_no_unknown
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import told, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.widgets.layout import column, row

WEIGHTS, HEIGHTS = (Decimal(1), Decimal(650)), (Decimal(25), Decimal(280))
"""Kilograms and centimetres that nobody is known to have left: a slip is asked about. They grade nothing and are no clinical bounds."""


class PatientDataForm(PatientForm):
    """Three pages of one patient; changing needs a reason, a new own limit needs one that says why."""

    def __init__(self, context: FormContext) -> None:
        title = tr("Change patient data") if context.patient_id else tr("New patient")
        super().__init__(context, title, name="patient_form", width=720)
        self._before = self._history.patient if self._history else Patient()
        self.pages = QTabWidget()
        self.pages.setAccessibleName(tr("Parts of the patient's details"))
        self.pages.setObjectName("patient_pages")
        self.pages.setDocumentMode(True)
        self.body.insertWidget(0, self.pages)
        self.pages.addTab(self._page(self._identity), tr("Identity"))
        self.pages.addTab(self._page(self._limits), tr("Limits and plan"))
        self.pages.addTab(self._page(self._risks), tr("Risk factors and conditions"))
        self.reason = reason_field(placeholder=tr("Why the data are changed; it stays in the log"))
        if self._history is not None:
            self.add_field(tr("Reason of the change"), self.reason)
        self._show(self._before)
        self.add_save(tr("Save patient"), self._write)
        self.keep_draft("new_patient" if self._history is None else "patient", of_stored=self._history is not None)
        self.number.setFocus()

    def _page(self, fill: object) -> QWidget:
        """Return a page whose fields `fill` adds through `add_field`."""
        page = QWidget()
        inside = column(page)
        inside.setContentsMargins(0, SPACE.large, 0, 0)
        whole, self.grid = self.grid, QGridLayout()
        self.grid.setHorizontalSpacing(SPACE.medium)
        self.grid.setVerticalSpacing(SPACE.small)
        self.grid.setColumnMinimumWidth(0, 150)
        self.grid.setColumnStretch(1, 1)
        assert callable(fill)
        fill()
        inside.addLayout(self.grid)
        inside.addStretch(1)
        self.grid = whole
        return page

    def _line(self, name: str, label: str, *, hint: str = "", width: int = 0) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        if width:
            made.setFixedWidth(width)
        self.add_field(label, made, hint=hint)
        return made

    def _identity(self) -> None:
        self.number = QLineEdit()
        self.authority = QLineEdit()
        both = QWidget()
        line = row(both)
        for field, name, accessible in (
            (self.number, "number", tr("Patient number")),
            (self.authority, "authority", tr("Who gave the number")),
        ):
            field.setObjectName(name)
            field.setAccessibleName(accessible)
            line.addWidget(field, 2 if name == "number" else 1)
        self.authority.setPlaceholderText(tr("Hospital or register"))
        both.setFocusProxy(self.number)
        self.add_field(tr("Patient number"), both)
        self.family = self._line("family_name", tr("Family name"))
        self.given = self._line("given_name", tr("Given names"))
        self.birth = DateField(self.clinic.now, name="birth_date", accessible=tr("Birth date"), lean=Lean.BIRTH)
        self._birth_says = self.add_field(tr("Birth date"), self.birth, hint=tr("With the year: 31 Jan 1960"))
        self.sex: Choice[Sex | None] = Choice(_sexes(), name="sex")
        self.add_field(tr("Sex"), self.sex)
        self.phone = self._line("phone", tr("Telephone"))
        self.weight = LabValueField("weight_kg", tr("Weight, kg"))
        self.height_cm = LabValueField("height_cm", tr("Height, cm"))
        for label, field in ((tr("Weight, kg"), self.weight), (tr("Height, cm"), self.height_cm)):
            self.add_field(label, field)
            field.entry_changed.connect(self._ask_of_size)
        self.sure = QCheckBox(tr("I have checked it: it is right"))
        self.sure.setObjectName("size_sure")
        self.sure.hide()
        self.add_field("", self.sure)

    def _limits(self) -> None:
        self.limit = LabValueField("anc_limit", tr("Own lower limit of the ANC"))
        self.limit_unit = UnitChip(CELLS, tr("Own lower limit of the ANC"))
        self.limit_unit.setObjectName("anc_limit_unit")
        self.limit.unit_key_pressed.connect(self.limit_unit.next_unit)
        both = QWidget()
        line = row(both)
        line.addWidget(self.limit)
        line.addWidget(self.limit_unit)
        line.addStretch(1)
        both.setFocusProxy(self.limit)
        self.add_field(tr("Own lower limit of the ANC"), both, hint=tr("Only where this patient's own counts or a haematologist say so."))
        self.limit_reason = self._line(
            "limit_reason", tr("Why this limit"), hint=tr("Needed for a new or changed limit; it goes into the log.")
        )
        self.duffy = Choice(yes_no_unknown(), name="duffy_null")
        self.add_field(tr("Duffy-null"), self.duffy, hint=self._duffy_hint())
        self.nadir_plan = Choice(yes_no_unknown(), name="nadir_plan")
        plan = tr("A low count in the expected window is then advisory; any fever, a profound or a late one cancels that.")
        self.add_field(tr("Plan for the expected nadir"), self.nadir_plan, hint=plan)
        self.allergies = self._line("allergies", tr("Allergies"), hint=tr("Separate by commas. Empty means not recorded, not none."))

    def _duffy_hint(self) -> str:
        rows = self.clinic.rules.numbers["duffy_null"].rows["interval"]
        found = [f"{r['population']} {r['low']}" for r in rows]
        return tr("Lower limits published for Duffy-null people, ×10⁹/L: {limits}", limits=" · ".join(found))

    def _risks(self) -> None:
        self.factors: dict[str, QCheckBox] = {}
        self.conditions: dict[str, QCheckBox] = {}
        known = {**TEXTS, **{name: name.replace("_", " ") for name in self._before.risk_factors if name not in TEXTS}}
        self.add_wide(section_title(tr("Risk factors for febrile neutropenia")))
        self.add_wide(self._boxes("factor", known, self.factors))
        products = self.clinic.rules.products
        cautions = {c.code: told(c.text).split(":")[0] for c in products.cautions if c.kind == "condition"}
        own = {name: name.replace("_", " ") for name in self._before.conditions if name not in cautions}
        self.add_wide(section_title(tr("Conditions that matter for growth factors")))
        self.add_wide(self._boxes("condition", {**cautions, **own}, self.conditions))
        self.add_wide(TextLabel(tr("Not ticked means not recorded."), size=Size.CAPTION, tone="muted"))

    def _boxes(self, kind: str, words: dict[str, str], into: dict[str, QCheckBox]) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(SPACE.hair)
        half = (len(words) + 1) // 2
        for number, (code, text) in enumerate(words.items()):
            into[code] = QCheckBox(text[:1].upper() + text[1:])
            into[code].setObjectName(f"{kind}_{code}")
            grid.addWidget(into[code], number % half, number // half)
        return holder

    def _show(self, patient: Patient) -> None:
        self.number.setText(patient.identifier.value if patient.identifier else "")
        self.authority.setText((patient.identifier.authority or "") if patient.identifier else "")
        for field, text in (
            (self.family, patient.family_name),
            (self.given, patient.given_name),
            (self.phone, patient.phone),
            (self.weight, patient.weight_kg),
            (self.height_cm, patient.height_cm),
            (self.allergies, ", ".join(patient.allergies)),
        ):
            field.setText(text or "")
        self.birth.set_day(patient.birth_date)
        self.sex.set_code(patient.sex)
        self.duffy.set_code(patient.duffy_null)
        self.nadir_plan.set_code(patient.expected_nadir_plan)
        limit = patient.lower_limits.get("anc")
        self.limit.setText(limit.value if limit else "")
        self.limit_unit.set_unit(limit.unit if limit else None)
        for code, box in (*self.factors.items(), *self.conditions.items()):
            box.setChecked(code in patient.risk_factors or code in patient.conditions)

    def patient(self) -> Patient:
        """Return the patient as typed; raise UserError for what cannot be read."""
        if not self.number.text().strip():
            self.pages.setCurrentIndex(0)
            self.number.setFocus()
            raise UserError(tr("The patient number is missing."), tr("Type the number of the hospital."))
        if self.birth.is_unreadable():
            raise UserError(tr("“{text}” is no birth date.", text=self.birth.text()), tr("Type it with the year, like 31 Jan 1960."))
        born = self.birth.day()
        self._check_birth(born)
        return replace(
            self._before,
            identifier=Identifier(value=self.number.text().strip(), authority=self.authority.text().strip() or None),
            family_name=self.family.text().strip() or None,
            given_name=self.given.text().strip() or None,
            birth_date=born,
            sex=self.sex.code(),
            phone=self.phone.text().strip() or None,
            weight_kg=_plain(self.weight),
            height_cm=_plain(self.height_cm),
            lower_limits=self._lower_limits(),
            duffy_null=self.duffy.code(),
            expected_nadir_plan=self.nadir_plan.code(),
            allergies=tuple(part.strip() for part in self.allergies.text().split(",") if part.strip()),
            risk_factors=tuple(code for code, box in self.factors.items() if box.isChecked()),
            conditions=tuple(code for code, box in self.conditions.items() if box.isChecked()),
        )

    def _check_birth(self, born: date | None) -> None:
        """Refuse a birth date that nobody alive can have."""
        today = self.clinic.now().date()
        said = ""
        if born is not None and born > today:
            said = tr("The birth date lies in the future.")
        elif born is not None and is_too_old(born, today):
            said = tr("The birth date lies more than {years} years ago.", years=OLDEST_YEARS)
        if said:
            self.pages.setCurrentIndex(0)
            self.birth.setFocus()
            raise UserError(said, tr("Correct it."))

    def _ask_of_size(self) -> None:
        """Show the tick for a weight or height that nobody is known to have had; as stored long ago it is not asked about again."""
        odd = self._odd_sizes()
        if odd:
            self.sure.setText(tr("I have checked it: {values} is right", values=", ".join(odd)))
        self.sure.setChecked(False)  # it was said of other values
        self.sure.setVisible(bool(odd))

    def _odd_sizes(self) -> list[str]:
        fields = ((self.weight, self._before.weight_kg, WEIGHTS, "kg"), (self.height_cm, self._before.height_cm, HEIGHTS, "cm"))
        entries = [(field.entry(), before, bounds, unit) for field, before, bounds, unit in fields]
        return [
            f"{entry.canonical} {unit}"
            for entry, before, (low, high), unit in entries
            if entry.number is not None and not low <= entry.number <= high and entry.canonical != before
        ]

    def _refuse_odd_sizes(self) -> None:
        odd = self._odd_sizes()
        if odd and not self.sure.isChecked():
            self.pages.setCurrentIndex(0)
            self.sure.setFocus()
            raise UserError(
                tr("Nobody is known to have had {values}.", values=", ".join(odd)), tr("Correct it, or say that you have checked it.")
            )

    def _lower_limits(self) -> dict[str, Reported]:
        limits = dict(self._before.lower_limits)
        entry, before = self.limit.entry(), limits.pop("anc", None)
        if self.limit.problem():
            raise UserError(f"{tr('Own lower limit of the ANC')}: {self.limit.problem()}")
        typed = self.limit.reported(self.limit_unit.unit)
        if typed is None:
            return limits
        if entry.comparator is not Comparator.EQ:
            raise UserError(tr("A limit is one number, without < or >."), tr("Type it like 1.2."))
        same = before is not None and (before.value, before.unit) == (typed.value, typed.unit)
        if not same and not self.limit_reason.text().strip():
            self.pages.setCurrentIndex(1)
            self.limit_reason.setFocus()
            raise UserError(tr("A limit of her own needs a reason."), tr("Say where it comes from."))
        return {**limits, "anc": before if same and before is not None else typed}

    def _write(self) -> Saved:
        patient = self.patient()
        self._refuse_odd_sizes()
        because = self.limit_reason.text().strip()
        if self._history is None:
            added = self.clinic.add_patient(patient)
            return Saved(title=tr("Patient added."), changes=added.changes, undo=taking_back(self.clinic, added.changes))
        reason = reason_of(self.reason)
        told = f"{reason}; {tr('own ANC limit')}: {because}" if because else reason
        outcome = self.clinic.change_patient(patient, told)
        before, clinic, undone = self._before, self.clinic, undone_by(self.clinic.user)
        return Saved(title=tr("Patient data changed."), changes=outcome.changes, undo=lambda: clinic.change_patient(before, undone))


def _sexes() -> list[tuple[Sex | None, str]]:
    words = {Sex.FEMALE: tr("Female"), Sex.MALE: tr("Male"), Sex.OTHER: tr("Other"), Sex.UNKNOWN: tr("Unknown")}
    return [(None, tr("Not recorded")), *words.items()]


class NewPatientForm(PatientDataForm):
    """The same pages, empty, whichever patient is on the screen."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(replace(context, patient_id=""))


def _plain(field: LabValueField) -> str | None:
    entry = field.entry()
    if field.problem() or (entry.number is not None and entry.comparator is not Comparator.EQ):
        field.setFocus()
        raise UserError(
            tr("{name}: “{text}” is no number.", name=field.accessibleName(), text=field.text()[:20]), tr("Type digits, like 72.5.")
        )
    return entry.canonical or None
