"""Timing verdicts on growth factors, and the stop rule of a daily course (reference 15.6, 5.7)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from neutromon.models.evaluation import CountEvaluation, GcsfCourse, GcsfTiming
from neutromon.models.history import Cycle, GrowthFactor, PatientHistory
from neutromon.rules.book import RuleBook
from neutromon.rules.book_parts import Product, Products
from neutromon.rules.schedule import begun, next_cycle, next_day1, place

ALLOWED, EARLY, CLOSE, CAUTION = "allowed", "too_early_after_chemo", "too_close_to_next_chemo", "caution"
HOUR_OPEN = "allowed by the date, the hour is open"
NO_NEXT = "no next day 1 is planned"
"""Beside "allowed": the time after chemotherapy is within the label, that before the next one cannot be told."""
DAILY_GAP = timedelta(hours=48)


def timings(history: PatientHistory, book: RuleBook) -> tuple[GcsfTiming, ...]:
    """Return one verdict for each administration with a time, in order of time."""
    dated = [(given.given_at, position, given) for position, given in enumerate(history.growth_factors) if given.given_at is not None]
    return tuple(_timing(given, history, book) for _, _, given in sorted(dated, key=lambda row: row[:2]))


def _timing(given: GrowthFactor, history: PatientHistory, book: RuleBook) -> GcsfTiming:
    assert given.given_at is not None
    product = book.products.find(given.product)
    acts_at = given.given_at + timedelta(hours=product.delay_hours if product else 0)
    verdict, text = _verdict(given.given_at, acts_at, product, history, book)
    return GcsfTiming(
        product=given.product,
        given_at=given.given_at,
        verdict=ALLOWED if verdict == HOUR_OPEN else verdict,
        source="label",
        planned=given.planned,
        text=text,
        tail_days=book.products.caution_below_days if product is not None and product.long_acting else 0,
        hour_open=verdict == HOUR_OPEN,
    )


def _verdict(given_at: datetime, acts_at: datetime, product: Product | None, history: PatientHistory, book: RuleBook) -> tuple[str, str]:
    """Return the verdict with its words: first the end of chemotherapy, then the next day 1."""
    where = place(history.course, given_at.date())
    running = where.cycle if where else None
    hours = book.products.not_before_hours
    if running is not None and _before_its_chemo(running, acts_at):
        return CLOSE, "on the date of day 1, before its chemotherapy"
    if running is not None and _too_early(running, acts_at, timedelta(hours=hours)):
        return EARLY, f"less than {hours} h after the end of chemotherapy"
    today = next((n for n, day in _further_days(running) if day == acts_at.date()), None)
    if today is not None:
        return CLOSE, f"on the date of the treatment of day {today}"
    coming, name = _coming_chemo(history, running, acts_at.date())
    if coming is None:
        return ALLOWED, NO_NEXT
    days = (coming - acts_at.date()).days
    text = f"{days} day{'s' * (days != 1)} before {name}" if days >= 0 else "after the planned day 1, which is not recorded as given"
    if product is None and 0 < days < book.products.caution_below_days:
        return CAUTION, f"{text}: the product is not known and may be long-acting"
    if product is not None and product.long_acting:
        return _long_acting(days, text, book.products)
    return _short_acting(days, text, acts_at, hours)


def _short_acting(days: int, text: str, acts_at: datetime, hours: int) -> tuple[str, str]:
    """Return the verdict by the date; on the day before, the hour of the treatment decides, and a plan has none."""
    if days == 0:
        return CLOSE, "on the date of the next day 1"
    if days == 1 and acts_at.time() != time.min:
        return HOUR_OPEN, f"{text}; less than {hours} h before it if treatment begins before {acts_at:%H:%M}"
    return ALLOWED, text


def _before_its_chemo(running: Cycle, acts_at: datetime) -> bool:
    """Return whether it acts on the date of day 1 before chemotherapy that ends on that date: the day is still the next day 1."""
    end = running.chemo_end
    return end is not None and acts_at < end and acts_at.date() == running.day1 == end.date()


def _too_early(running: Cycle, acts_at: datetime, wait: timedelta) -> bool:
    """Return whether it acts too soon after chemotherapy; without a recorded end, the date of day 1 itself is too soon."""
    if running.chemo_end is not None:
        return acts_at - running.chemo_end < wait
    return acts_at.date() == running.day1


def _long_acting(days: int, text: str, products: Products) -> tuple[str, str]:
    if days < products.too_close_below_days:
        return CLOSE, text
    if days < products.caution_below_days:
        return CAUTION, f"{text}: the label forbids, NCCN accepts"
    return ALLOWED, text


def _further_days(running: Cycle | None) -> list[tuple[int, date]]:
    """Return the further treatment days of the running cycle, given or planned; one that was left out is no chemotherapy."""
    days = [(day.day, day.given or day.planned) for day in running.treatment_days if day.dose_percent != "0"] if running else []
    return [(number, day) for number, day in days if day is not None]


def _coming_chemo(history: PatientHistory, running: Cycle | None, after: date) -> tuple[date | None, str]:
    """Return the next chemotherapy behind a date with its name: a further day of the running cycle comes before the next day 1."""
    coming = _coming_day1(history, running)
    further = min(((day, number) for number, day in _further_days(running) if day > after), default=None)
    if further is not None and (coming is None or further[0] < coming):
        return further[0], f"the treatment of day {further[1]}"
    return coming, "the next day 1"


def _coming_day1(history: PatientHistory, running: Cycle | None) -> date | None:
    """Return the day 1 behind a date: of the cycle that follows, or, before the first begun cycle, of that one itself."""
    if running is not None:
        return next_day1(history.course, running)
    first = next(iter(begun(history.course)), None) or next_cycle(history.course)
    return (first.day1 or first.planned_day1) if first else None


def running_course(history: PatientHistory, known: Sequence[CountEvaluation], now: datetime, book: RuleBook) -> GcsfCourse | None:
    """Return whether a daily course that runs now goes on: past the nadir, above 10 it stops, from 2.0 it may stop."""
    daily = sorted(
        (g.given_at, position, g)
        for position, g in enumerate(history.growth_factors)
        if g.given_at is not None and not g.planned and g.given_at <= now and _is_daily(g, book)
    )
    where = place(history.course, now.date())
    if not daily or where is None or now - daily[-1][0] > DAILY_GAP:
        return None
    started = daily[-1][0]
    for given_at, _, _ in reversed(daily):
        if started - given_at > DAILY_GAP:
            break
        started = given_at
    last = daily[-1][2]
    verdict = _course_verdict(_counts_of_course(known, started, book), _window_start(history, book), book.products)
    product = book.products.find(last.product)
    if (
        verdict == "continue"
        and product is not None
        and product.longest_days is not None
        and now - started > timedelta(days=product.longest_days)
    ):
        verdict = "may_stop"
    return GcsfCourse(product=last.product, verdict=verdict, source="US label; ASCO 2015, ESMO 2016")


def _window_start(history: PatientHistory, book: RuleBook) -> int | None:
    regimen = book.regimen(history.course.regimen if history.course else None)
    return regimen.nadir_window[0] if regimen and regimen.nadir_window else None


def _counts_of_course(known: Sequence[CountEvaluation], started: datetime, book: RuleBook) -> list[CountEvaluation]:
    """Return the gradable counts of a daily course in order of time; the rise of its first days is transient and says nothing."""
    begin = started + timedelta(days=book.products.transient_days)
    return [count for count in known if count.collected_at is not None and count.collected_at > begin]


def _course_verdict(counts: Sequence[CountEvaluation], window_start: int | None, products: Products) -> str:
    """Return stop, may_stop or continue by the newest count, if it lies behind the beginning of the expected nadir."""
    newest = counts[-1] if counts else None
    if newest is None or window_start is None or newest.cycle_day is None or newest.cycle_day <= window_start:
        return "continue"
    if products.stop_above.judge(newest.anc.quantity):
        return "stop"
    return "may_stop" if products.may_stop_from.judge(newest.anc.quantity) else "continue"


def _is_daily(given: GrowthFactor, book: RuleBook) -> bool:
    product = book.products.find(given.product)
    return product is not None and not product.long_acting
