"""A history as the forecast engine takes it: doses, counts and growth factors in hours, what is assumed, or why there is none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from neutromon.forecast.course import Ask, Course, Dose, GrowthDose, Treatment
from neutromon.forecast.priors import NoPrior, Prior, PriorBook
from neutromon.models.forecast import WhatIf
from neutromon.models.history import Cycle, PatientHistory
from neutromon.rules import RuleBook
from neutromon.rules.schedule import begun, next_cycle
from neutromon.services.forecast_counts import read_counts

DOSE_HOUR = 10
HORIZON_DAYS = 14
LONGEST_AGO_DAYS = 60
LONGEST_AHEAD_DAYS = 120
"""A planned day 1 farther than this after the last one is a slip; after a pause as long a course begins anew."""
ABSURD_PERCENT, HIGH_PERCENT = Decimal(200), Decimal(125)
DEFAULT_THRESHOLD = 1.5


class Refused(Exception):
    """There is no forecast: a code for programs, a plain reason for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """What the engine is asked, with the calendar that turns hours into dates, and what was assumed."""

    course: Course
    ask: Ask
    zero: datetime
    treatment: Treatment
    day1: date
    rows: tuple[datetime, ...]
    cycles_used: int
    assumed: tuple[str, ...]

    def moment(self, hours: float) -> datetime:
        """Return the time of an hour of the engine."""
        return self.zero + timedelta(hours=hours)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What is being read: the inputs, and the assumptions noted on the way."""

    history: PatientHistory
    book: RuleBook
    priors: PriorBook
    now: datetime
    what_if: WhatIf
    assumed: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Remember an assumption once."""
        if text not in self.assumed:
            self.assumed.append(text)

    def at(self, day: date, hour: int = DOSE_HOUR) -> datetime:
        """Return an hour of a date in the zone of now."""
        return datetime.combine(day, time(hour), self.now.tzinfo)


def as_of(history: PatientHistory, now: datetime) -> PatientHistory:
    """Return what was known at a moment: later counts, doses and growth factors are taken away."""
    course = history.course
    if course is not None:
        course = replace(course, cycles=tuple(_cycle_as_of(cycle, now.date()) for cycle in course.cycles))
    return replace(
        history,
        course=course,
        counts=tuple(count for count in history.counts if count.collected_at is not None and count.collected_at <= now),
        growth_factors=tuple(g for g in history.growth_factors if g.planned or (g.given_at is not None and g.given_at <= now)),
    )


def _cycle_as_of(cycle: Cycle, today: date) -> Cycle:
    days = tuple(replace(d, given=None, planned=d.planned or d.given) if d.given and d.given > today else d for d in cycle.treatment_days)
    if cycle.day1 is not None and cycle.day1 > today:
        return replace(cycle, day1=None, chemo_end=None, dose_percent=None, febrile_neutropenia=None, delay_reason=None, treatment_days=())
    return replace(cycle, treatment_days=days)


def frame(history: PatientHistory, book: RuleBook, priors: PriorBook, now: datetime, what_if: WhatIf | None = None) -> Framed:
    """Return the engine's question for a history at a moment; raise Refused with the reason where it cannot be asked."""
    reading = _Reading(history=as_of(history, now), book=book, priors=priors, now=now, what_if=what_if or WhatIf())
    _check_scope(reading)
    cycles = _begun(reading)
    prior, first = _prior(reading, cycles[-1].number)
    cycles = [cycle for cycle in cycles if cycle.number >= first]
    zero = reading.at(_day1(cycles[0]), 0)
    given = [dose for cycle in cycles for dose in _doses(reading, prior, cycle, zero)]
    counts = read_counts(reading.history, book, priors, now, zero, [cycle.day1 for cycle in cycles if cycle.day1], first > 1)
    _check_counts(counts.problem)
    if counts.left_out:
        reading.note(f"{counts.left_out} neutrophil count{'s' * (counts.left_out > 1)} left out: the value cannot be used, check it")
    growth = tuple(_growth(reading, zero))
    planned_day, day1 = _next_day1(reading, cycles[-1], prior)
    ask = _ask(reading, prior, cycles[-1], day1, zero, planned_day is not None)
    coming = list(_coming(reading, prior, cycles[-1], planned_day, day1, zero)) if planned_day else []
    course = Course(
        key=_key(history),
        prior=prior,
        growth_model=priors.growth,
        treatment=Treatment(doses=tuple(given + coming), growth=growth),
        counts=counts.counts,
    )
    return Framed(
        course=course,
        ask=ask,
        zero=zero,
        treatment=replace(course.treatment, growth=growth + tuple(_growth_if_asked(reading, cycles[-1], day1, zero))),
        day1=day1,
        rows=tuple(reading.at(_day1(cycles[-1]) + timedelta(days=n), 0) for n in range(len(ask.rows_h))),
        cycles_used=len({count.cycle for count in counts.used if count.cycle is not None}) or 1,
        assumed=tuple(reading.assumed),
    )


def _key(history: PatientHistory) -> str:
    own = history.patient.identifier
    return f"{own.authority or ''}:{own.value}" if own is not None else history.patient.id


def _check_scope(reading: _Reading) -> None:
    patient = reading.history.patient
    known = {*patient.risk_factors, *patient.conditions, *([reading.history.monitoring] if reading.history.monitoring else [])}
    for name in sorted(known & set(reading.priors.abstain)):
        raise Refused("out_of_scope", f"{reading.priors.abstain[name]}; the model does not hold.")
    course = reading.history.course
    if course is None:
        raise Refused("no_regimen_model", "no course of chemotherapy is on record.")
    if not course.regimen:
        raise Refused("no_regimen_model", "the course has no regimen on record.")


def _begun(reading: _Reading) -> list[Cycle]:
    cycles = begun(reading.history.course)
    if not cycles:
        raise Refused("no_day1", "no day 1 is on record, so no dose has a date.")
    days = [_day1(cycle) for cycle in cycles]
    close = [later for earlier, later in pairwise(days) if (later - earlier).days < 4]
    if close or [cycle.number for cycle in cycles] != sorted({cycle.number for cycle in cycles}):
        raise Refused("contradictory_cycles", "the dates of the cycles contradict each other.")
    ago = (reading.now.date() - days[-1]).days
    if ago > LONGEST_AGO_DAYS:
        raise Refused("course_over", f"the last treatment was {ago} days ago.")
    return _since_pause(reading, cycles)


def _since_pause(reading: _Reading, cycles: list[Cycle]) -> list[Cycle]:
    """Return the cycles after the last long pause, in which the patient has become another one to the model."""
    pauses = [(_day1(later) - _day1(earlier)).days for earlier, later in pairwise(cycles)]
    long = [index for index, days in enumerate(pauses) if days > LONGEST_AHEAD_DAYS]
    if not long:
        return cycles
    reading.note(f"after a pause of {pauses[long[-1]]} days the forecast begins anew")
    return cycles[long[-1] + 1 :]


def _day1(cycle: Cycle) -> date:
    assert cycle.day1 is not None
    return cycle.day1


def _prior(reading: _Reading, number: int) -> tuple[Prior, int]:
    course = reading.history.course
    assert course is not None and course.regimen is not None
    regimen = reading.book.regimen(course.regimen)
    if regimen is None and course.regimen not in reading.priors.priors and course.regimen not in reading.priors.links:
        raise Refused("no_regimen_model", f"the regimen {course.regimen} is not in the library.")
    if regimen is not None and "leukaemia_induction" in regimen.flags:
        raise Refused("out_of_scope", "leukaemia induction; the model does not hold.")
    found = reading.priors.prior_for(
        course.regimen,
        number,
        cycle_days=regimen.cycle_days if regimen else None,
        duffy_null=bool(reading.history.patient.duffy_null),
    )
    if isinstance(found, NoPrior):
        raise Refused(found.code, f"{found.reason}; the model does not hold.")
    if found.prior.generic:
        reading.note("generic prior: the regimen has none of its own")
    return found.prior, found.first_cycle


def _doses(reading: _Reading, prior: Prior, cycle: Cycle, zero: datetime) -> Iterator[Dose]:
    """Give the doses of a begun cycle: as recorded, else as the regimen has them."""
    own = _percent(reading, cycle.dose_percent, cycle.number)
    recorded = {day.day: day for day in cycle.treatment_days}
    for day in prior.days:
        when, percent, row = _day1(cycle) + timedelta(days=day - 1), own, recorded.get(day)
        if row is not None:
            percent = own if row.dose_percent is None else _percent(reading, row.dose_percent, cycle.number)
            if row.given is None and (row.planned or when) <= reading.now.date() and day > 1:
                reading.note(f"day {day} of cycle {cycle.number} is not on record as given; counted as not given")
                continue
            when = row.given or row.planned or when
        if percent > 0:
            yield Dose(time_h=_hours(_dose_time(reading, cycle, when, day), zero), amount=prior.share * percent / 100.0, cycle=cycle.number)


def _dose_time(reading: _Reading, cycle: Cycle, when: date, day: int) -> datetime:
    end = cycle.chemo_end
    if day == 1 and end is not None and end.astimezone(reading.now.tzinfo).date() == when:
        return max(end - timedelta(hours=1), reading.at(when, 0) + timedelta(minutes=30))
    return reading.at(when)


def _hours(when: datetime, zero: datetime) -> float:
    return (when - zero).total_seconds() / 3600.0


def _percent(reading: _Reading, text: str | None, number: int) -> float:
    if text is None or not text.strip():
        reading.note(f"dose of cycle {number} not on record; taken as 100 %")
        return 100.0
    try:
        percent = Decimal(text.strip().rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        raise Refused("absurd_dose", f"the dose of cycle {number} is not a number.") from None
    if not percent.is_finite() or percent < 0 or percent > ABSURD_PERCENT:
        raise Refused("absurd_dose", f"the dose of cycle {number} is {text.strip()} %, which cannot be right.")
    if percent > HIGH_PERCENT:
        reading.note(f"the dose of cycle {number} is {text.strip()} %: check it")
    return float(percent)


def _check_counts(problem: tuple[str, str] | None) -> None:
    if problem is not None:
        raise Refused(*problem)


def _growth(reading: _Reading, zero: datetime) -> Iterator[GrowthDose]:
    """Give the growth factors, given and planned; one before time zero no longer counts."""
    for given in reading.history.growth_factors:
        product = reading.book.products.find(given.product)
        if given.given_at is None:
            continue
        long_acting = product.long_acting if product else False
        start = given.given_at + timedelta(hours=product.delay_hours if product else 0)
        if product is None:
            reading.note(f"{given.product} is not in the list of growth factors; taken as a daily one")
        own = reading.priors.growth.long_acting if long_acting else reading.priors.growth.daily
        if start >= zero:
            yield GrowthDose(time_h=_hours(start, zero), long_acting=long_acting, units=own.units)


def _next_day1(reading: _Reading, last: Cycle, prior: Prior) -> tuple[date | None, date]:
    """Return the planned day 1 on record (None without one) and the day 1 that is asked about."""
    coming = next_cycle(reading.history.course)
    on_record = coming.planned_day1 if coming else None
    ahead = (on_record - _day1(last)).days if on_record else 0
    if ahead > LONGEST_AHEAD_DAYS:
        raise Refused("contradictory_cycles", f"the planned day 1 is {ahead} days after the last one; check its date.")
    asked = on_record or _day1(last) + timedelta(days=prior.cycle_days)
    if on_record is None:
        reading.note("no further cycle is planned on record; the curve goes on without a dose")
    if asked <= reading.now.date():
        asked = reading.now.date() + timedelta(days=1)
        reading.note("the planned day 1 has passed; tomorrow is taken instead")
    asked += timedelta(days=reading.what_if.delay_days)
    asks_for_dose = reading.what_if.dose_percent is not None or reading.what_if.delay_days > 0
    return (asked if on_record or asks_for_dose else None), asked


def _ask(reading: _Reading, prior: Prior, last: Cycle, day1: date, zero: datetime, dosed: bool) -> Ask:
    start = reading.at(_day1(last), 0)
    end = reading.at(day1 + timedelta(days=HORIZON_DAYS), 0)
    days = round((end - start).total_seconds() / 86400)
    rows = tuple(_hours(reading.at(_day1(last) + timedelta(days=n), 0), zero) for n in range(days + 1))
    before = _hours(reading.at(day1, DOSE_HOUR - 1), zero)
    return Ask(
        now_h=_hours(reading.now, zero),
        start_h=_hours(start, zero),
        day1_h=before,
        next_dose_h=_hours(reading.at(day1), zero) if dosed else None,
        end_h=_hours(end, zero),
        rows_h=rows,
        threshold=threshold_of(reading.history, reading.book),
    )


def threshold_of(history: PatientHistory, book: RuleBook) -> float:
    """Return the ANC that the course's day-1 rule asks for, in 10^9/L."""
    course = history.course
    regimen = book.regimen(course.regimen if course else None)
    name = (course.day1_rule if course else None) or (regimen.day1_rule if regimen else "")
    rule = book.day1.get(name)
    bound = (rule.full.get("anc") or rule.needed.get("anc")) if rule else None
    return float(bound.value) if bound is not None and bound.value > 0 else DEFAULT_THRESHOLD


def _coming(reading: _Reading, prior: Prior, last: Cycle, planned: date, day1: date, zero: datetime) -> Iterator[Dose]:
    """Give the planned doses of the next cycle within the horizon: an assumption, shown as such."""
    coming = next_cycle(reading.history.course)
    number = coming.number if coming else last.number + 1
    text = (coming.dose_percent if coming else None) or last.dose_percent
    percent = reading.what_if.dose_percent if reading.what_if.dose_percent is not None else _percent(reading, text, number)
    if not 0.0 <= percent <= float(ABSURD_PERCENT):
        raise Refused("absurd_dose", f"a dose of {percent:g} % cannot be right.")
    for day in prior.days:
        if day <= HORIZON_DAYS and percent > 0:
            when = reading.at(day1 + timedelta(days=day - 1))
            yield Dose(time_h=_hours(when, zero), amount=prior.share * percent / 100.0, cycle=number)


def _growth_if_asked(reading: _Reading, last: Cycle, day1: date, zero: datetime) -> Sequence[GrowthDose]:
    """Return the growth factor of a what-if: long-acting where its label leaves room before the next day 1, else daily."""
    if not reading.what_if.gcsf:
        return ()
    products = reading.book.products
    first = max(reading.now.date() + timedelta(days=1), _day1(last) + timedelta(days=1))
    start = max(reading.at(first), reading.at(_day1(last)) + timedelta(hours=products.not_before_hours + 2))
    model = reading.priors.growth
    if (day1 - first).days >= products.caution_below_days:
        reading.note(f"what if: a long-acting growth factor on {first.isoformat()}")
        return [GrowthDose(time_h=_hours(start, zero), long_acting=True, units=model.long_acting.units)]
    days = min(7, (day1 - first).days - 1)
    if days < 1:
        raise Refused("no_room_for_growth_factor", "there is no day left for a growth factor before the next day 1.")
    reading.note(f"what if: a daily growth factor for {days} days from {first.isoformat()}")
    return [GrowthDose(time_h=_hours(start + timedelta(days=n), zero), long_acting=False, units=model.daily.units) for n in range(days)]
