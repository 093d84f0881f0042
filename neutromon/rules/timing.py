"""Timing verdicts on growth factors, and the stop rule of a daily course (reference 15.6, 5.7)."""

from datetime import date, datetime, timedelta

from neutromon.models.evaluation import CountEvaluation, GcsfCourse, GcsfTiming
from neutromon.models.history import Cycle, GrowthFactor, PatientHistory
from neutromon.rules.book import RuleBook
from neutromon.rules.book_parts import Product
from neutromon.rules.schedule import next_cycle, next_day1, place

ALLOWED, EARLY, CLOSE, CAUTION = "allowed", "too_early_after_chemo", "too_close_to_next_chemo", "caution"
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
        verdict=verdict,
        source="label",
        planned=given.planned,
        text=text,
        tail_days=book.products.caution_below_days if product is not None and product.long_acting else 0,
    )


def _verdict(given_at: datetime, acts_at: datetime, product: Product | None, history: PatientHistory, book: RuleBook) -> tuple[str, str]:
    where = place(history.course, given_at.date())
    running = where.cycle if where else None
    hours = book.products.not_before_hours
    end = running.chemo_end if running else None
    if end is not None and acts_at - end < timedelta(hours=hours):
        return EARLY, f"less than {hours} h after the end of chemotherapy"
    coming = _coming_day1(history, running)
    if coming is None:
        return ALLOWED, "no next day 1 is planned"
    days = (coming - given_at.date()).days
    if product is not None and product.long_acting:
        if days < book.products.too_close_below_days:
            return CLOSE, f"{days} days before the next day 1"
        if days < book.products.caution_below_days:
            return CAUTION, f"{days} days before the next day 1: the label forbids, NCCN accepts"
        return ALLOWED, f"{days} days before the next day 1"
    if days == 0:
        return CLOSE, "on the date of the next day 1"
    return ALLOWED, f"{days} days before the next day 1"


def _coming_day1(history: PatientHistory, running: Cycle | None) -> date | None:
    if running is not None:
        return next_day1(history.course, running)
    coming = next_cycle(history.course)
    return coming.planned_day1 if coming else None


def running_course(history: PatientHistory, counts: tuple[CountEvaluation, ...], now: datetime, book: RuleBook) -> GcsfCourse | None:
    """Return whether a daily course that runs now goes on: after the expected nadir, above 10 stop, from 2.0 it may stop."""
    daily = [g for g in history.growth_factors if g.given_at is not None and not g.planned and g.given_at <= now and _is_daily(g, book)]
    last = max(daily, key=lambda g: g.given_at or now, default=None)
    where = place(history.course, now.date())
    if last is None or last.given_at is None or now - last.given_at > DAILY_GAP or where is None:
        return None
    started = min(g.given_at for g in daily if g.given_at is not None and g.given_at.date() >= (where.cycle.day1 or now.date()))
    regimen = book.regimen(history.course.regimen if history.course else None)
    window = regimen.nadir_window if regimen else None
    past_nadir = window is not None and where.day > window[0]
    after = [c for c in counts if c.collected_at is not None and started < c.collected_at <= now and c.anc.quantity is not None]
    newest = max(after, key=lambda c: c.collected_at or now, default=None)
    verdict = "continue"
    if newest is not None and past_nadir:
        if book.products.stop_above.judge(newest.anc.quantity):
            verdict = "stop"
        elif book.products.may_stop_from.judge(newest.anc.quantity):
            verdict = "may_stop"
    return GcsfCourse(product=last.product, verdict=verdict, source="US label; ASCO 2015, ESMO 2016")


def _is_daily(given: GrowthFactor, book: RuleBook) -> bool:
    product = book.products.find(given.product)
    return product is not None and not product.long_acting
