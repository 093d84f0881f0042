"""Febrile neutropenia by each definition side by side (reference 15.4): fever and low ANC, each true, false or unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from neutromon.models.evaluation import CountEvaluation, Problem, Severity
from neutromon.models.history import PatientHistory, Temperature
from neutromon.models.quantity import Comparator, Quantity, parse_number
from neutromon.rules.bands import band
from neutromon.rules.book import RuleBook
from neutromon.rules.book_parts import FnRule, Numbers, Regimen, Sustained
from neutromon.rules.logic import Op, all_of, any_of
from neutromon.rules.schedule import given_days, in_window, place

YES, NO, BORDERLINE, SUSPECTED, CANNOT_TELL = "yes", "no", "borderline", "suspected", "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A usable temperature in degrees Celsius."""

    at: datetime
    celsius: Decimal
    route: str | None = None


def read_temperatures(
    temperatures: Sequence[Temperature], book: Numbers, now: datetime | None = None
) -> tuple[list[Reading], list[Problem]]:
    """Return usable readings in order of time, and a problem for each that cannot be used; one after `now` is a problem."""
    readings: list[Reading] = []
    problems: list[Problem] = []
    for temperature in temperatures:
        if temperature.at is None:
            continue
        if now is not None and temperature.at > now:
            late = f"A temperature of {temperature.value[:20]} is dated in the future."
            problems.append(Problem(code="future_time", field="temperature", severity=Severity.BLOCK, text=late))
            continue
        celsius = _celsius(temperature)
        text = _doubt(celsius, temperature, book)
        if text is not None:
            code = "unit_suspect" if "°F" in text else "impossible"
            problems.append(Problem(code=code, field="temperature", severity=Severity.BLOCK, text=text))
            continue
        assert celsius is not None
        readings.append(Reading(at=temperature.at, celsius=celsius, route=temperature.route))
    return sorted(readings, key=lambda reading: reading.at), problems


def _celsius(temperature: Temperature) -> Decimal | None:
    parsed = parse_number(temperature.value)
    if parsed is None or parsed[0] is not Comparator.EQ:
        return None
    unit = (temperature.unit or "Cel").strip().casefold()
    if unit in {"[degf]", "degf", "f", "°f"}:
        return (parsed[1] - 32) * 5 / 9
    return parsed[1] if unit in {"cel", "c", "°c", "degc"} else None


def _doubt(celsius: Decimal | None, temperature: Temperature, book: Numbers) -> str | None:
    if celsius is None:
        return f"The temperature '{temperature.value[:20]}' cannot be read."
    bounds = book.bounds
    if bounds["temperature_fahrenheit_from"].holds(celsius) and bounds["temperature_fahrenheit_to"].holds(celsius):
        return f"A temperature of {celsius} °C looks like °F."
    if bounds["temperature_block_below"].holds(celsius) or bounds["temperature_block_above"].holds(celsius):
        return f"A temperature of {celsius} °C is not plausible."
    return None


def recent(readings: Sequence[Reading], now: datetime, book: RuleBook) -> list[Reading]:
    """Return the readings of the hours before `now` that are judged."""
    span = timedelta(hours=book.numbers["expected_fall"].wholes["temperature_hours"])
    return [reading for reading in readings if timedelta(0) <= now - reading.at <= span]


def doubtful(temperatures: Sequence[Temperature], now: datetime, book: RuleBook) -> bool:
    """Return whether a reading of the judged hours, or of an unknown time, cannot be used: with it, "no fever" is not known."""
    span = timedelta(hours=book.numbers["expected_fall"].wholes["temperature_hours"])
    near = [t for t in temperatures if t.at is None or timedelta(0) <= now - t.at <= span]
    return any(t.at is None or _doubt(_celsius(t), t, book.numbers["plausibility"]) is not None for t in near)


def fever(readings: Sequence[Reading], rule: FnRule) -> bool | None:
    """Return whether the readings are a fever by this definition; None without a reading."""
    if rule.route is not None:
        readings = [reading for reading in readings if (reading.route or "").casefold() == rule.route]
    if not readings:
        return None
    single = rule.single
    if single is not None and any(single.holds(reading.celsius) for reading in readings):
        return True
    return rule.sustained is not None and _is_sustained(readings, rule.sustained)


def _is_sustained(readings: Sequence[Reading], sustained: Sustained) -> bool:
    """Return whether two or more readings at or over the threshold, none below between, span the time."""
    start: datetime | None = None
    for reading in readings:
        if not sustained.temperature.holds(reading.celsius):
            start = None
            continue
        start = start or reading.at
        minutes = Decimal(int((reading.at - start).total_seconds())) / 60
        if reading.at > start and sustained.minutes.holds(minutes):
            return True
    return False


def expected_fall(
    history: PatientHistory, latest: CountEvaluation | None, counts: Sequence[CountEvaluation], book: RuleBook
) -> bool | None:
    """Return whether a fall below 0.5 is expected: a person's decision, else the operational rule; None if open."""
    if history.episode.expected_fall_below_0_5 is not None:
        return history.episode.expected_fall_below_0_5
    if latest is None or latest.anc.quantity is None or latest.collected_at is None:
        return None
    numbers = book.numbers["expected_fall"]
    regimen = book.regimen(history.course.regimen if history.course else None)
    fall, earlier_known = _fell(latest, counts, numbers)
    clauses = [_near_window(latest, regimen, numbers), fall, _high_risk_day(latest, history, regimen, book)]
    if True in clauses:
        return True
    return False if regimen is not None and latest.cycle_day is not None and earlier_known else None


def _near_window(latest: CountEvaluation, regimen: Regimen | None, numbers: Numbers) -> bool:
    if regimen is None or regimen.nadir_window is None or latest.cycle_day is None:
        return False
    return regimen.nadir_window[0] - numbers.wholes["days_before_window"] <= latest.cycle_day <= regimen.nadir_window[1]


def _fell(latest: CountEvaluation, counts: Sequence[CountEvaluation], numbers: Numbers) -> tuple[bool, bool]:
    """Return whether the ANC fell by the share within the hours, and whether an earlier count of those hours is known."""
    now_value, when = latest.anc.quantity, latest.collected_at
    assert now_value is not None and when is not None
    span = timedelta(hours=numbers.wholes["fall_hours"])
    share = 1 - numbers.decimals["fall_percent"] / 100
    fell, known = False, False
    for count in counts:
        before = count.anc.quantity
        if count.collected_at is None or before is None or not timedelta(0) < when - count.collected_at <= span:
            continue
        known = True
        lower = now_value.comparator in (Comparator.EQ, Comparator.LT, Comparator.LE)
        upper = before.comparator in (Comparator.EQ, Comparator.GT, Comparator.GE)
        if lower and upper and now_value.value <= before.value * share and numbers.bounds["fall_below"].judge(now_value):
            fell = True
    return fell, known


def _high_risk_day(latest: CountEvaluation, history: PatientHistory, regimen: Regimen | None, book: RuleBook) -> bool:
    wholes = book.numbers["expected_fall"].wholes
    if latest.cycle_day is None or not wholes["high_risk_days_from"] <= latest.cycle_day <= wholes["high_risk_days_to"]:
        return False
    listed = regimen is not None and "high" in regimen.categories.values()
    return listed or any(band(history.course, regimen, rule) == "high" for rule in book.gcsf.values())


def status(
    rule: FnRule,
    history: PatientHistory,
    readings: Sequence[Reading],
    latest: Quantity | None,
    fall: bool | None,
    now: datetime,
    weeks: int,
    *,
    in_doubt: bool = False,
) -> str:
    """Return yes, no, borderline, suspected or cannot_tell by one definition; suspected up to `weeks` after the last day 1."""
    hot = fever(readings, rule)
    if hot is False and in_doubt:
        hot = None
    if rule.sepsis_signs:
        hot = any_of([hot, history.episode.flags.get("sepsis_signs")])
    low = low_anc(rule, latest, fall)
    both = all_of([hot, low])
    if both is not None and not (both is False and hot is True and _on_the_border(rule, latest, fall)):
        return YES if both else NO
    if hot is True and _on_the_border(rule, latest, fall):
        return BORDERLINE
    if hot is True and not rule.grading:
        return SUSPECTED if within_weeks(history, now, weeks) else CANNOT_TELL
    return CANNOT_TELL


def low_anc(rule: FnRule, latest: Quantity | None, fall: bool | None) -> bool | None:
    """Return whether the ANC part of a definition is met."""
    if latest is None:
        return None
    parts: list[bool | None] = [rule.anc.judge(latest)]
    if rule.expected_fall:
        clause = fall if rule.expected_fall_bound is None else all_of([rule.expected_fall_bound.judge(latest), fall])
        parts.append(clause)
    return any_of(parts)


def _on_the_border(rule: FnRule, latest: Quantity | None, fall: bool | None) -> bool:
    """Return whether the ANC is exactly 0.50 under a "below 0.5" definition with no fall expected."""
    exact = latest is not None and latest.comparator is Comparator.EQ and latest.value == rule.anc.value
    return exact and rule.expected_fall and rule.anc.op is Op.LT and fall is False


def within_weeks(history: PatientHistory, now: datetime, weeks: int) -> bool:
    """Return whether the last chemotherapy, of any course and day, was no more than so many weeks before `now`."""
    courses = (history.course, *history.earlier_courses)
    days = [day for course in courses for day in given_days(course) if day <= now.date()]
    return bool(days) and now.date() - max(days) <= timedelta(weeks=weeks)


def all_statuses(
    history: PatientHistory, readings: Sequence[Reading], latest: CountEvaluation | None, fall: bool | None, now: datetime, book: RuleBook
) -> Mapping[str, str]:
    """Return the status by every definition."""
    quantity = latest.anc.quantity if latest else None
    weeks = book.numbers["expected_fall"].wholes["suspected_weeks"]
    in_doubt = doubtful(history.temperatures, now, book)
    return {name: status(rule, history, readings, quantity, fall, now, weeks, in_doubt=in_doubt) for name, rule in book.fn.items()}


def in_nadir_window(history: PatientHistory, now: datetime, book: RuleBook) -> bool | None:
    """Return whether today is inside the regimen's nadir window."""
    where = place(history.course, now.date())
    regimen = book.regimen(history.course.regimen if history.course else None)
    return in_window(regimen, where.day) if where else None
