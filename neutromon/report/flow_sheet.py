"""The flow sheet on one page: a column for each day on which something is known, as nurses keep it on paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from neutromon.models.evaluation import CountEvaluation, Evaluation
from neutromon.models.formatting import anc_text, grade_text
from neutromon.models.history import PatientHistory
from neutromon.models.quantity import Quantity, parse_number, plain_decimal
from neutromon.report.document import Paper, Printing, ReportDocument, Table
from neutromon.report.trend_report import patient_strip, treatment_line
from neutromon.report.words import NOTHING, UNIT_NOTE, value_text, words_of

COLUMNS = 16


@dataclass(slots=True, kw_only=True)
class Day:
    """What is known of one day; a blank cell is a blank on paper too."""

    day: date
    place: str = ""
    count: CountEvaluation | None = None
    dose: str = ""
    growth_factor: list[str] = field(default_factory=list)
    temperatures: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def build_flow_sheet(
    history: PatientHistory,
    evaluation: Evaluation,
    *,
    now: datetime,
    printing: Printing,
    grading: str = "ctcae-5.0",
    columns: int = COLUMNS,
) -> ReportDocument:
    """Return the newest days as a flow sheet, oldest left, with a row for initials."""
    days = _days(history, evaluation)
    kept = days[-columns:]
    left = len(days) - len(kept)
    table = Table(
        title="Flow sheet",
        header=("", *(f"{day.day:%d %b}\n{day.day:%Y}" for day in kept)) if kept else ("",),
        rows=tuple(_rows(kept, grading)) if kept else (),
        widths=(1.5, *(1.0 for _ in kept)),
        bold=frozenset({2}) if kept else frozenset(),
        empty="Nothing recorded.",
        note=f"{left} earlier days are not on this sheet. " * bool(left)
        + "A blank cell means that nothing is recorded, not that it was normal. "
        + UNIT_NOTE,
        lines=True,
    )
    return ReportDocument(
        kind="flow_sheet",
        title="Flow sheet",
        subtitle=treatment_line(history, evaluation),
        printing=printing,
        patient=patient_strip(history, now),
        tables=(table,),
        paper=Paper.LANDSCAPE,
        one_page=True,
    )


def _rows(days: Sequence[Day], grading: str) -> list[tuple[str, ...]]:
    units = {value.unit for day in days if (value := _hemoglobin_of(day)) is not None}
    unit = units.pop() if len(units) == 1 else ""
    makers: Mapping[str, Callable[[Day], str]] = {
        "Cycle and day": lambda day: day.place,
        "Dose %": lambda day: day.dose,
        "ANC ×10⁹/L": _anc,
        f"Grade {grading.replace('ctcae-', 'CTCAE ')}": lambda day: _grade(day, grading),
        "WBC ×10⁹/L": lambda day: _value(day, "wbc"),
        "Platelets ×10⁹/L": lambda day: _value(day, "platelets"),
        f"Haemoglobin {unit}".strip(): lambda day: _hemoglobin(day, unit),
        "Temperature °C": _temperature,
        "Growth factor": lambda day: ", ".join(dict.fromkeys(day.growth_factor)),
        "Other": lambda day: "; ".join(day.other),
        "Initials": lambda _: "",
    }
    return [(label, *(make(day) for day in days)) for label, make in makers.items()]


def _anc(day: Day) -> str:
    return anc_text(day.count.anc).replace(" ×10⁹/L", "") if day.count else ""


def _grade(day: Day, grading: str) -> str:
    return grade_text(day.count.grades.get(grading, {}).get("neutrophils")) if day.count else ""


def _value(day: Day, name: str) -> str:
    if day.count is None:
        return ""
    value = day.count.values.get(name)
    return value_text(value) if value else NOTHING


def _hemoglobin_of(day: Day) -> Quantity | None:
    return day.count.values.get("hemoglobin") if day.count else None


def _hemoglobin(day: Day, unit: str) -> str:
    """Return the value; its unit stands in the label where all days share one."""
    value = _hemoglobin_of(day)
    if value is None:
        return ""
    return value_text(value) if unit else f"{value_text(value)} {value.unit}"


def _temperature(day: Day) -> str:
    """Return the highest reading of the day; what is no number is shown beside it as it was written."""
    numbers = [parsed[1] for value in day.temperatures if (parsed := parse_number(value))]
    words = [f"“{value}”" for value in day.temperatures if parse_number(value) is None]
    return " ".join([*([plain_decimal(max(numbers))] if numbers else []), *words])


def _days(history: PatientHistory, evaluation: Evaluation) -> list[Day]:
    """Return every day with a record, oldest first; of several counts on one day the latest stands on the sheet."""
    days: dict[date, Day] = {}

    def of(moment: date | datetime) -> Day:
        key = moment.date() if isinstance(moment, datetime) else moment
        return days.setdefault(key, Day(day=key, place=_place(history, key)))

    for count in sorted((c for c in evaluation.counts if c.collected_at), key=lambda c: c.collected_at or evaluation.now):
        assert count.collected_at is not None
        of(count.collected_at).count = count
    _treatment(history, of)
    _observations(history, of)
    return [days[key] for key in sorted(days)]


def _treatment(history: PatientHistory, of: Callable[[date | datetime], Day]) -> None:
    for cycle in history.course.cycles if history.course else ():
        if cycle.day1 is not None:
            of(cycle.day1).dose = cycle.dose_percent or "given"
        for further in cycle.treatment_days:
            if further.given is not None:
                of(further.given).dose = further.dose_percent or "given"
    for dose in history.growth_factors:
        if dose.given_at is not None and not dose.planned:
            of(dose.given_at).growth_factor.append(dose.product)


def _observations(history: PatientHistory, of: Callable[[date | datetime], Day]) -> None:
    for reading in history.temperatures:
        if reading.at is not None:
            of(reading.at).temperatures.append(reading.value)
    others = [
        *((drug.given_at, drug.name) for drug in history.antibiotics),
        *((symptom.at, words_of(symptom.code)) for symptom in history.symptoms),
        *((event.at, words_of(event.kind)) for event in history.events),
    ]
    for when, words in others:
        if when is not None:
            of(when).other.append(words)


def _place(history: PatientHistory, day: date) -> str:
    begun = [c for c in (history.course.cycles if history.course else ()) if c.day1 is not None and c.day1 <= day]
    cycle = max(begun, key=lambda c: c.day1 or day, default=None)
    if cycle is None or cycle.day1 is None:
        return "before"
    return f"C{cycle.number} D{(day - cycle.day1).days + 1}"
