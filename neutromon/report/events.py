"""Treatments and events of a patient as a table for paper, with the signs of the lane."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from neutromon.models.history import Course, GrowthFactor, PatientHistory, TreatmentDay
from neutromon.models.trend_chart import LANE_GLYPHS
from neutromon.report.charts.lane import EVENT_KINDS
from neutromon.report.document import Table
from neutromon.report.words import day_text, time_text, words_of

EVENTS_PRINTED = 30
Entry = tuple[date | datetime | None, str, str]
"""(when, sign and word, detail); a date where the hour is not known or differs from day to day."""


def events_table(history: PatientHistory, now: datetime, limit: int = EVENTS_PRINTED) -> Table:
    """Return treatments, fever, symptoms and events, newest first; plans are called plans. Day 1 of a cycle stands in the cycles' table."""
    dated = [(when, kind, text) for when, kind, text in (*_treatments(history), *_observations(history)) if when is not None]
    entries = sorted(dated, key=lambda entry: _moment(entry[0], now), reverse=True)
    rows = tuple((_when_text(when), kind, text) for when, kind, text in entries[:limit])
    left = len(entries) - len(rows)
    return Table(
        title="Treatments and events",
        header=("When", "What", "Detail"),
        rows=rows,
        widths=(1.6, 1.6, 6.0),
        note=f"{left} earlier entries are not printed." if left else "",
    )


def _moment(when: date | datetime, now: datetime) -> float:
    whole = when if isinstance(when, datetime) else datetime.combine(when, time(0), now.tzinfo)
    return whole.timestamp()


def _when_text(when: date | datetime) -> str:
    return time_text(when) if isinstance(when, datetime) else day_text(when)


def _treatments(history: PatientHistory) -> Iterator[Entry]:
    for course in (*history.earlier_courses, *([history.course] if history.course else [])):
        yield from _further_days(course)
    for run in _runs(history.growth_factors):
        yield _growth_factor(run)
    for drug in history.antibiotics:
        until = f" until {day_text(drug.until.date())}" if drug.until else ""
        yield drug.given_at, f"{LANE_GLYPHS['antibiotic']} antibiotic", f"{drug.name} ({drug.purpose or 'purpose not recorded'}){until}"
    for other in history.drugs:
        until = f" until {day_text(other.end)}" if other.end else ", end not recorded"
        yield other.start, f"{LANE_GLYPHS['drug']} other drug", f"{other.name}{until}"


def _further_days(course: Course) -> Iterator[Entry]:
    """Give the treatment days behind day 1."""
    for cycle in course.cycles:
        for day in cycle.treatment_days:
            yield day.given or day.planned, f"{LANE_GLYPHS['chemo']} chemotherapy", f"C{cycle.number} D{day.day}, {_dose(day)}"


def _dose(day: TreatmentDay) -> str:
    if day.dose_percent == "0":
        return "omitted"
    dose = f"{day.dose_percent} %" if day.dose_percent else "dose not recorded"
    return dose if day.given else "planned"


def _growth_factor(run: Sequence[GrowthFactor]) -> Entry:
    first, last = run[0].given_at, run[-1].given_at
    assert first is not None and last is not None
    name = f"{run[0].product} {run[0].dose or 'dose not recorded'}{' (planned)' if run[0].planned else ''}"
    kind = f"{LANE_GLYPHS['gcsf']} growth factor"
    if len(run) == 1:
        return first, kind, name
    return first.date(), kind, f"{name} daily until {day_text(last.date())}, {len(run)} doses"


def _runs(doses: Sequence[GrowthFactor]) -> list[list[GrowthFactor]]:
    """Return doses of one product on following days together: eight days of filgrastim are one line."""
    runs: list[list[GrowthFactor]] = []
    timed = sorted(((dose.given_at, dose) for dose in doses if dose.given_at is not None), key=lambda pair: pair[0])
    for when, dose in timed:
        previous = runs[-1][-1] if runs else None
        same = previous is not None and (previous.product, previous.dose, previous.planned) == (dose.product, dose.dose, dose.planned)
        if same and previous is not None and previous.given_at is not None and (when.date() - previous.given_at.date()).days == 1:
            runs[-1].append(dose)
        else:
            runs.append([dose])
    return runs


def _observations(history: PatientHistory) -> Iterator[Entry]:
    for reading in history.temperatures:
        route = f", {reading.route}" if reading.route else ", route not recorded"
        yield reading.at, f"{LANE_GLYPHS['fever']} temperature", f"{reading.value} {_degrees(reading.unit)}{route}"
    for symptom in history.symptoms:
        yield symptom.at, f"{LANE_GLYPHS['symptom']} sign or symptom", words_of(symptom.code)
    for event in history.events:
        yield event.at, f"{LANE_GLYPHS[EVENT_KINDS.get(event.kind, 'note')]} {words_of(event.kind)}", event.text


def _degrees(unit: str | None) -> str:
    return {None: "°C", "Cel": "°C", "[degF]": "°F"}.get(unit, unit or "")
