"""The words of a forecast: natural frequencies before per cent, intervals with every number, what is not known said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from neutromon.models.evaluation import Evaluation
from neutromon.models.forecast import DateSpread, DayOneForecast, Forecast, NadirForecast, Spread, TrackEntry, WhatIf
from neutromon.models.formatting import COUNT_UNIT
from neutromon.models.history import PatientHistory
from neutromon.models.quantity import Comparator, parse_number
from neutromon.ui.count_unit import shown_bare, shown_counts, shown_unit
from neutromon.ui.spoken import spoken
from neutromon.ui.text import as_read, tr
from neutromon.ui.worklist.columns import day_text

SEVERE = 0.5
"""The bound of grade 4, below which the forecast counts days (forecast contract, `nadir`)."""


def tenths(share: float) -> str:
    """Return "about 7 of 10"; the ends say that they are no certainty."""
    count = round(share * 10)
    if count <= 0:
        return tr("fewer than 1 of 10")
    return tr("more than 9 of 10") if count >= 10 else tr("about {n} of 10", n=count)


def number(value: float) -> str:
    """Return two significant digits: more would be false precision."""
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"


def interval(spread: Spread) -> str:
    """Return "0.3 (0.1–0.7)"."""
    return f"{number(spread.median)} ({number(spread.p5)}–{number(spread.p95)})"


def days(spread: DateSpread) -> str:
    """Return "8 Dec 2026 (6–10 Dec)" with both ends of the interval."""
    if spread.p5 == spread.p95:
        return day_text(spread.median)
    return tr("{day} (between {first} and {last})", day=day_text(spread.median), first=short(spread.p5), last=short(spread.p95))


def short(day: date) -> str:
    """Return "6 Dec"."""
    return day_text(day).rsplit(" ", 1)[0]


def day_one_words(day1: DayOneForecast) -> str:
    """Return "about 7 of 10 similar courses have a measured ANC ≥ 1.0 ×10⁹/L on 12 Mar 2026"."""
    values = {
        "share": tenths(day1.probability_at_or_above),
        "bound": shown_counts(f"{day1.threshold:g} {COUNT_UNIT}"),
        "day": day_text(day1.at),
    }
    if day1.kind == "measured":
        return tr("{share} similar courses have a measured ANC ≥ {bound} on {day}", **values)
    return tr("{share} similar courses have a true (latent) ANC ≥ {bound} on {day}", **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The lowest ANC that was measured in the running cycle; a forecast begins after it and never contradicts it."""

    text: str
    value: float
    day: date


def measured_lowest(history: PatientHistory, evaluation: Evaluation) -> Measured | None:
    """Return the lowest measured ANC of the running cycle; None where there is none, or only a limit is known."""
    nadir = next((one for one in evaluation.nadirs if one.cycle == evaluation.cycle), None)
    cycle = next((c for c in history.course.cycles if c.number == evaluation.cycle), None) if history.course else None
    parsed = parse_number(nadir.value) if nadir is not None else None
    if nadir is None or parsed is None or cycle is None or cycle.day1 is None:
        return None
    return Measured(text=nadir.value, value=float(parsed[1]), day=cycle.day1 + timedelta(days=nadir.cycle_day - 1))


def nadir_words(nadir: NadirForecast | None, measured: Measured | None = None) -> str:
    """Return depth and day of the lowest count with their intervals, what was measured before it; "" where only recovery is forecast."""
    if nadir is None:
        return ""
    if measured is not None and measured.value <= nadir.value.median:
        values = {"value": shown_bare(measured.text), "unit": shown_unit(), "day": short(measured.day), "later": days(nadir.at)}
        forecast = shown_bare(interval(nadir.value))
        return tr("Lowest measured {value} {unit} ({day}); forecast after it: lowest {forecast} on {later}", forecast=forecast, **values)
    return tr("Lowest count {value} {unit} on {day}", value=shown_bare(interval(nadir.value)), unit=shown_unit(), day=days(nadir.at))


def depth_words(nadir: NadirForecast | None, measured: Measured | None = None) -> str:
    """Return how many similar courses fall below 0.5, and for how long; that it was measured below 0.5 comes first."""
    if nadir is None:
        return ""
    spread = nadir.days_below_0_5
    low, high = f"{spread.p5:.0f}", f"{spread.p95:.0f}"
    time = f"{low} d" if low == high else f"{low}–{high} d"
    said = tr("{share} fall below 0.5; time below 0.5: {time}", share=tenths(nadir.probability_below_0_5), time=time)
    if measured is not None and measured.value < SEVERE:
        day = short(measured.day)
        said = tr("below 0.5 was measured on {day}; from now on {rest}", day=day, rest=said)
    return said.replace(as_read("0.5"), shown_bare("0.5"))


def model_words(forecast: Forecast) -> str:
    """Return model, prior, own cycles and counts, and the kernel that ran."""
    used = tr("1 count used") if forecast.observations_used == 1 else tr("{n} counts used", n=forecast.observations_used)
    label = f"{forecast.model_id} {forecast.model_version}".strip()
    parts = (label, tr("prior: {text}", text=forecast.population), f"{_own_cycles(forecast.cycles_used)}, {used}")
    return " · ".join(part for part in parts if part)


def _own_cycles(number: int) -> str:
    return tr("1 own cycle") if number == 1 else tr("{n} own cycles", n=number)


def chip_words(forecast: Forecast) -> str:
    """Return the short label of what the forecast rests on."""
    generic = "generic" in forecast.population.casefold()
    own = _own_cycles(forecast.cycles_used)
    return f"{tr('generic prior')} · {own}" if generic or not forecast.observations_used else own


def track_words(forecast: Forecast) -> Iterator[str]:
    """Give how earlier forecasts did: the share that held, then the last ones."""
    came = [entry for entry in forecast.track_record if entry.measured]
    if not came:
        yield tr("No earlier forecast to compare with.")
        return
    held = [inside for entry in came if (inside := inside_of(entry)) is not None]
    if held:
        yield tr("Earlier forecasts: {n} of {m} counts fell inside the 90\u00a0% interval.", n=sum(held), m=len(held))
    for entry in came[-1:]:
        values = {
            "day": day_text(entry.for_at.date()),
            "stated": shown_bare(interval(entry.predicted)),
            "measured": shown_bare(entry.measured),
        }
        yield tr("Last one, for {day}: forecast {stated}, measured {measured}.", **values)


def inside_of(entry: TrackEntry) -> bool | None:
    """Return whether a count fell inside its 90 % interval; None where a censored count leaves it open."""
    parsed = parse_number(entry.measured)
    if parsed is None:
        return None
    sign, value = parsed[0], float(parsed[1])
    if sign is Comparator.EQ:
        return entry.predicted.p5 <= value <= entry.predicted.p95
    if sign in {Comparator.LT, Comparator.LE}:
        return False if value <= entry.predicted.p5 else None
    return False if value >= entry.predicted.p95 else None


def refusal_words(forecast: Forecast) -> str:
    """Return why there is no forecast."""
    reason = spoken(forecast.reason_text) or (forecast.reason or tr("the reason was not stated")).replace("_", " ")
    return tr("No forecast: {reason}", reason=reason)


def note_words(forecast: Forecast) -> str:
    """Return what a person should check, a line each."""
    lines = [spoken(note) for note in forecast.warnings]
    return "\n".join(line[:1].upper() + line[1:] for line in lines)


def change_words(change: WhatIf) -> str:
    """Return what is changed in the plan; "the plan" where nothing is."""
    parts = []
    if change.delay_days:
        parts.append(tr("day 1 one day later") if change.delay_days == 1 else tr("day 1 {n} days later", n=change.delay_days))
    if change.dose_percent is not None:
        parts.append(tr("dose {n} %", n=f"{change.dose_percent:g}"))
    if change.gcsf:
        parts.append(tr("with G-CSF"))
    return ", ".join(parts) or tr("the plan")


def advisory() -> str:
    """Return the sentence that stands under every forecast."""
    return tr("Advisory only: it never raises, lowers or delays an alert. Measured values decide.")
