"""Forms for what is measured and told at the bedside or on the telephone: temperature, signs and symptoms."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from neutromon.models.changes import Changes, Outcome
from neutromon.models.errors import UserError
from neutromon.models.history import Symptom, Temperature
from neutromon.rules.febrile import fever, read_temperatures
from neutromon.ui.fields.date_field import MomentField
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.words import undone_by, yes_no_unknown
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.spoken import spoken
from neutromon.ui.text import told, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import TextLabel, section_title
from neutromon.ui.widgets.layout import row

ROUTES = ("oral", "tympanic", "axillary", "rectal")


def needed_moment(field: MomentField) -> None:
    """Raise UserError where the time is missing or cannot be read."""
    if field.value() is None:
        raise UserError(field.problem() or tr("The date and the time are missing. Type them like t and 0840."))


class TemperatureForm(PatientForm):
    """A temperature with route and antipyretic; says by which definitions this one reading is a fever."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Record temperature"), name="temperature_form")
        self.value = LabValueField("temperature", tr("Temperature"))
        self.unit = Choice([("Cel", "°C"), ("[degF]", "°F")], name="temperature_unit", accessible=tr("Unit of the temperature"))
        line = QWidget()
        layout = row(line)
        layout.addWidget(self.value)
        layout.addWidget(self.unit)
        layout.addStretch(1)
        line.setFocusProxy(self.value)
        self._says = self.add_field(tr("Temperature"), line)
        self.taken = MomentField(self.clinic.now, name="taken", about=tr("Measured"))
        self.taken.set_value(self.clinic.now())
        self.add_field(tr("Measured"), self.taken)
        words = {"oral": tr("Mouth"), "tympanic": tr("Ear"), "axillary": tr("Armpit"), "rectal": tr("Rectal")}
        self.route: Choice[str | None] = Choice([(None, tr("Not stated")), *((r, words[r]) for r in ROUTES)], name="route")
        self.add_field(tr("Where"), self.route)
        self.antipyretic = Choice(yes_no_unknown(), name="antipyretic")
        self.add_field(tr("Antipyretic before it"), self.antipyretic, hint=tr("Paracetamol or steroids can hide a fever."))
        self.value.entry_changed.connect(self._look)
        self.unit.currentIndexChanged.connect(lambda _index: self._look())
        self.add_save(tr("Save temperature"), self._write)
        self.keep_draft("temperature")
        self._look()
        self.value.setFocus()

    def temperature(self) -> Temperature | None:
        """Return what is typed; None without a readable number."""
        entry = self.value.entry()
        if entry.number is None:
            return None
        return Temperature(
            at=self.taken.value() or self.clinic.now(),
            value=entry.canonical,
            unit=self.unit.code(),
            route=self.route.code(),
            antipyretic_taken=self.antipyretic.code(),
        )

    def _look(self) -> None:
        said = self.value.problem() or self._reading()
        self._says.setText(said)
        self._says.setVisible(bool(said))

    def _reading(self) -> str:
        taken = self.temperature()
        if taken is None:
            return ""
        readings, problems = read_temperatures([taken], self.clinic.rules.numbers["plausibility"])
        if problems:
            choose = tr("Choose °F beside the value, or type it again in °C.") if "°F" in problems[0].text else ""
            return " ".join(part for part in (spoken(problems[0].text), choose) if part)
        by = [rule.file.title for rule in self.clinic.rules.fn.values() if not rule.grading and fever(readings, rule)]
        celsius = readings[0].celsius
        shown = f"{celsius:.1f} °C"
        if not by:
            return tr("{value}: this one reading is no fever by any definition in force.", value=shown)
        return tr("{value}: a fever by {number} of the definitions in force.", value=shown, number=len(by))

    def _write(self) -> Saved:
        if self.value.problem():
            raise UserError(self.value.problem())
        needed_moment(self.taken)
        taken = self.temperature()
        if taken is None:
            raise UserError(tr("The temperature is missing."), tr("Type it like 38.4."))
        outcome = self.clinic.record_temperature(self.patient_id, replace(taken, at=self.taken.value()))
        return Saved(title=tr("Temperature saved."), changes=outcome.changes, undo=self.void_later(outcome.value))


class SymptomsForm(PatientForm):
    """The checklist of signs, as the rule data has it; what is not ticked is not recorded as absent."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Record signs and symptoms"), name="symptoms_form", width=720, scroll=True)
        self.taken = MomentField(self.clinic.now, name="taken", about=tr("Noticed"))
        self.taken.set_value(self.clinic.now())
        self.add_field(tr("Noticed"), self.taken)
        self.boxes: dict[str, QCheckBox] = {}
        groups = _groups(self.clinic.rules.numbers["triage"].rows["flag"])
        for heading, flags in groups:
            self.body.addWidget(section_title(heading))
            self.body.addLayout(self._boxes_of(flags))
        note = tr("Without neutrophils, inflammation may be absent: a missing sign never means that there is no infection.")
        self.body.addWidget(TextLabel(note, size=Size.CAPTION, tone="muted", wrap=True))
        self.add_save(tr("Save signs"), self._write)
        self.keep_draft("symptoms")
        next(iter(self.boxes.values())).setFocus()

    def _boxes_of(self, flags: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.wide)
        grid.setVerticalSpacing(SPACE.hair)
        half = (len(flags) + 1) // 2
        for number, (code, text) in enumerate(flags):
            box = QCheckBox(text)
            box.setObjectName(f"sign_{code}")
            self.boxes[code] = box
            grid.addWidget(box, number % half, number // half)
        return grid

    def _write(self) -> Saved:
        needed_moment(self.taken)
        chosen = tuple(Symptom(at=self.taken.value(), code=code) for code, box in self.boxes.items() if box.isChecked())
        if not chosen:
            raise UserError(tr("Nothing is ticked."), tr("Tick what was told, or leave with Esc."))
        before = {symptom.id for symptom in self.clinic.patient_history(self.patient_id).symptoms}
        outcome = self.clinic.record_symptoms(self.patient_id, chosen)
        added = [s.id for s in self.clinic.patient_history(self.patient_id).symptoms if s.id not in before]
        clinic, reason = self.clinic, undone_by(self.clinic.user)

        def undo() -> Outcome[None]:
            changes = Changes()
            for fact in added:
                changes = changes | clinic.void_fact(fact, reason).changes
            return Outcome(value=None, changes=changes)

        title = tr("1 sign saved.") if len(chosen) == 1 else tr("{n} signs saved.", n=len(chosen))
        return Saved(title=title, changes=outcome.changes, undo=undo)


def _groups(rows: Sequence[object]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (heading, (code, words) pairs) by level; a level of a newer rule file gets a heading of its own."""
    found: dict[str, list[tuple[str, str]]] = {}
    for flag in rows:
        assert isinstance(flag, dict)
        found.setdefault(str(flag["level"]), []).append((str(flag["code"]), told(str(flag["text"]))))
    headings = {"red": tr("Red: act at once"), "amber": tr("Amber: two or more need a visit")}
    return [(headings.get(level, level), flags) for level, flags in found.items()]
