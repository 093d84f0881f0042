"""The flow sheet as data: a column for each day on which something is known or planned, and for today; blanks stay blank."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from neutromon.models.evaluation import CountEvaluation, Severity
from neutromon.models.formatting import anc_text, grade_text, quantity_text
from neutromon.models.history import CountSample, Cycle, GrowthFactor, Temperature, TreatmentDay
from neutromon.models.quantity import parse_number
from neutromon.rules.book import RuleBook
from neutromon.rules.febrile import fever, read_temperatures
from neutromon.rules.schedule import place
from neutromon.ui.count_unit import shown_counts, shown_title, shown_unit
from neutromon.ui.forms.events import event_words
from neutromon.ui.patient.facts import PatientFacts
from neutromon.ui.text import as_read, tr
from neutromon.ui.worklist.columns import day_text


class FlowRow(StrEnum):
    """Rows of the sheet, from top to bottom."""

    DOSE = "dose"
    ANC = "neutrophils"
    WBC = "wbc"
    PLATELETS = "platelets"
    HEMOGLOBIN = "hemoglobin"
    TEMPERATURE = "temperature"
    GCSF = "gcsf"
    OTHER = "other"
    SIGNATURE = "signature"


COUNT_ROWS = (FlowRow.ANC, FlowRow.WBC, FlowRow.PLATELETS, FlowRow.HEMOGLOBIN)


def row_title(name: FlowRow) -> str:
    """Return the heading of a row with its unit."""
    titles = {
        FlowRow.DOSE: tr("Dose, %"),
        FlowRow.ANC: shown_title(tr("ANC, ×10⁹/L")),
        FlowRow.WBC: shown_title(tr("WBC, ×10⁹/L")),
        FlowRow.PLATELETS: shown_title(tr("Platelets, ×10⁹/L")),
        FlowRow.HEMOGLOBIN: tr("Haemoglobin"),
        FlowRow.TEMPERATURE: tr("Temperature, °C"),
        FlowRow.GCSF: tr("G-CSF"),
        FlowRow.OTHER: tr("Other"),
        FlowRow.SIGNATURE: tr("Initials"),
    }
    return titles[name]


@dataclass(slots=True, kw_only=True)
class FlowDay:
    """What is known of one day; `sample` is the latest count of the day, `samples` how many there are."""

    day: date
    title: str = ""
    planned: bool = False
    is_today: bool = False
    sample: CountSample | None = None
    count: CountEvaluation | None = None
    samples: int = 0
    cycle: Cycle | None = None
    treatment: TreatmentDay | None = None
    temperatures: list[Temperature] = field(default_factory=list)
    growth_factors: list[GrowthFactor] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """Return "C3 D8" over the date."""
        said = tr("planned") if self.planned else tr("today") if self.is_today else ""
        return f"{self.title}\n{day_text(self.day)[:-5]}" + (f" · {said}" if said else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCell:
    """A cell: its text, the glyph and word of a value out of range, the worst grade for the ground, everything as one line."""

    text: str = ""
    mark: str = ""
    grade: int = 0
    whole: str = ""

    @property
    def is_marked(self) -> bool:
        """Return whether the value is out of range or in doubt; a grade that only may be there is not."""
        return bool(self.mark) and not self.mark.startswith("G")


def flow_days(facts: PatientFacts) -> list[FlowDay]:
    """Return the columns, oldest left; the plan's days stand behind today."""
    today = facts.now.date()
    days: dict[date, FlowDay] = {}

    def of(moment: date | datetime) -> FlowDay:
        key = moment.astimezone(facts.now.tzinfo).date() if isinstance(moment, datetime) else moment
        if key not in days:
            days[key] = FlowDay(day=key, title=_title(facts, key), is_today=key == today, planned=key > today)
        return days[key]

    of(today)
    _put_counts(facts, of)
    _put_treatment(facts, of)
    _put_rest(facts, of)
    return [days[key] for key in sorted(days)]


def _title(facts: PatientFacts, day: date) -> str:
    course = facts.history.course
    for cycle in course.cycles if course else ():
        if cycle.day1 is None and cycle.planned_day1 == day:
            return f"C{cycle.number} D1"
    where = place(course, day)
    return f"C{where.cycle.number} D{where.day}" if where else tr("before")


def _put_counts(facts: PatientFacts, of: Callable[[date | datetime], FlowDay]) -> None:
    judged = {count.sample_id: count for count in facts.evaluation.counts}
    timed = [sample for sample in facts.history.counts if sample.collected_at is not None]
    for sample in sorted(timed, key=lambda s: s.collected_at or facts.now):
        assert sample.collected_at is not None
        column = of(sample.collected_at)
        column.sample, column.count = sample, judged.get(sample.id)
        column.samples += 1


def _put_treatment(facts: PatientFacts, of: Callable[[date | datetime], FlowDay]) -> None:
    course = facts.history.course
    for cycle in course.cycles if course else ():
        when = cycle.day1 or cycle.planned_day1
        if when is not None:
            of(when).cycle = cycle
        for further in cycle.treatment_days:
            at = further.given or further.planned
            if at is not None:
                column = of(at)
                column.treatment, column.cycle = further, cycle


def _put_rest(facts: PatientFacts, of: Callable[[date | datetime], FlowDay]) -> None:
    history = facts.history
    for reading in history.temperatures:
        if reading.at is not None:
            of(reading.at).temperatures.append(reading)
    for given in history.growth_factors:
        if given.given_at is not None:
            of(given.given_at).growth_factors.append(given)
    for drug in history.antibiotics:
        if drug.given_at is not None:
            of(drug.given_at).others.append(drug.name)
    for event in history.events:
        if event.at is not None:
            of(event.at).others.append(event_words(event.kind))


def flow_cell(column: FlowDay, name: FlowRow, facts: PatientFacts, book: RuleBook) -> FlowCell:
    """Return a cell; the whole line names the day, the row and what is out of range."""
    if name in COUNT_ROWS:
        made = _count_cell(column, name, facts)
    elif name is FlowRow.TEMPERATURE:
        made = _temperature_cell(column, facts, book)
    else:
        made = FlowCell(text=_plain(column, name))
    shown = ", ".join(part for part in (made.text or tr("blank"), made.mark) if part)
    whole = f"{column.title}, {day_text(column.day)}. {row_title(name)}: {shown}"
    if column.samples > 1 and name in COUNT_ROWS:
        whole += ". " + tr("{n} counts on this day; the latest is shown.", n=column.samples)
    return FlowCell(text=made.text, mark=made.mark, grade=made.grade, whole=whole)


def _count_cell(column: FlowDay, name: FlowRow, facts: PatientFacts) -> FlowCell:
    if column.sample is None or column.count is None:
        return FlowCell()
    count, key = column.count, name.value
    if any(p.field == key and p.severity is Severity.BLOCK for p in count.problems):
        reported = column.sample.values.get(key)
        return FlowCell(text=f"“{reported.value}”" if reported else "", mark=tr("○ doubtful"))
    if name is FlowRow.ANC:
        text = anc_text(count.anc) if _speaks_of_white_cells(column.sample) else ""
    else:
        quantity = count.values.get(key)
        text = quantity_text(quantity) if quantity is not None else ""
    grades = count.grades.get(facts.grading, {}).get(key)
    mark, worst = _grade_mark(grades) if text else ("", 0)
    shown = as_read(text) if name is FlowRow.HEMOGLOBIN else shown_counts(text).replace(f" {shown_unit()}", "")
    return FlowCell(text=shown, mark=mark, grade=worst)


def _speaks_of_white_cells(sample: CountSample) -> bool:
    return bool(sample.values.keys() & {"wbc", "neutrophils", "granulocytes"})


def _grade_mark(grades: tuple[int, ...] | None) -> tuple[str, int]:
    if not grades:
        return tr("? cannot grade"), 0
    if min(grades) >= 1:
        return tr("▼ low {grade}", grade=grade_text(grades)), max(grades)
    return (grade_text(grades), 0) if max(grades) >= 1 else ("", 0)


def _temperature_cell(column: FlowDay, facts: PatientFacts, book: RuleBook) -> FlowCell:
    """Return the highest reading of the day; a fever by the clinic's definition has its glyph and word."""
    if not column.temperatures:
        return FlowCell()
    readings, problems = read_temperatures(column.temperatures, book.numbers["plausibility"])
    if not readings:
        return FlowCell(text=f"“{column.temperatures[-1].value}”", mark=tr("○ doubtful") if problems else "")
    highest = max(readings, key=lambda reading: reading.celsius)
    rule = book.fn.get(facts.protocol.fn_definition)
    is_fever = rule is not None and fever(readings, rule)
    return FlowCell(text=as_read(f"{highest.celsius:.1f}"), mark=tr("▲ fever") if is_fever else "", grade=3 if is_fever else 0)


def _plain(column: FlowDay, name: FlowRow) -> str:
    texts: Mapping[FlowRow, str] = {
        FlowRow.DOSE: _dose(column),
        FlowRow.GCSF: ", ".join(_growth_factor(given) for given in column.growth_factors),
        FlowRow.OTHER: "; ".join(dict.fromkeys(column.others)),
        FlowRow.SIGNATURE: _signature(column),
    }
    return texts[name]


def _dose(column: FlowDay) -> str:
    source = column.treatment or column.cycle
    if source is None:
        return ""
    given = column.treatment.given if column.treatment else column.cycle.day1 if column.cycle else None
    if source.dose_percent:
        shown = source.dose_percent if parse_number(source.dose_percent) else f"“{source.dose_percent}”"
        return shown if given or source.dose_percent == "0" else tr("{dose} planned", dose=shown)
    return tr("given, dose unknown") if given else tr("planned")


def _growth_factor(given: GrowthFactor) -> str:
    return f"{given.product} ({tr('planned')})" if given.planned else given.product


def _signature(column: FlowDay) -> str:
    origin = column.sample.provenance if column.sample else None
    if origin is None or not origin.author:
        return ""
    return "".join(word[:1].upper() for word in origin.author.replace(".", " ").split())
