"""The counts that a forecast may learn from: read as the rules read them, marked where a growth factor speaks in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from neutromon.forecast.course import Count
from neutromon.forecast.priors import PriorBook
from neutromon.models.evaluation import AncOrigin, CountEvaluation
from neutromon.models.history import GrowthFactor, PatientHistory
from neutromon.models.quantity import Comparator, Quantity
from neutromon.rules import RuleBook
from neutromon.rules.counts import evaluate_counts

BASELINE_DAYS, BASELINE_DAYS_IN_COURSE = 28, 6
EARLY_RELEASE_H = (22.0, 62.0)
RECOVERED_DAY = 17
LOWEST_REPORTABLE = 0.1
SAME_HOURS, SAME_FACTOR = 6.0, 4.0
SIDES = {Comparator.LT: -1, Comparator.LE: -1, Comparator.EQ: 0, Comparator.GE: 1, Comparator.GT: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCounts:
    """Counts for the engine with the evaluations they come from, or the problem (code, reason) that stands against a forecast."""

    counts: tuple[Count, ...]
    used: tuple[CountEvaluation, ...]
    left_out: int = 0
    problem: tuple[str, str] | None = None


def read_counts(
    history: PatientHistory, book: RuleBook, priors: PriorBook, now: datetime, zero: datetime, day1s: Sequence[date], later_part: bool
) -> ReadCounts:
    """Return the usable counts since shortly before the first day 1."""
    earliest = zero - timedelta(days=BASELINE_DAYS_IN_COURSE if later_part else BASELINE_DAYS)
    used, counts, left_out = [], [], 0
    for count in evaluate_counts(history, now, book):
        when, quantity = count.collected_at, count.anc.quantity
        if when is None or not earliest <= when <= now:
            continue
        if quantity is None:
            left_out += any(problem.severity == "block" for problem in count.problems)
            continue
        used.append(count)
        counts.append(_count(quantity, when, zero, _affected(history.growth_factors, book, priors, when) or _early(when, day1s, now)))
    return ReadCounts(counts=tuple(counts), used=tuple(used), left_out=left_out, problem=_problem(used, counts, day1s, now))


def _count(quantity: Quantity, when: datetime, zero: datetime, affected: bool) -> Count:
    """Return a count in the engine's hours; what was taken before time zero speaks of the steady state at time zero."""
    value, side = float(quantity.value), SIDES[quantity.comparator]
    if value <= 0.0:
        value, side = LOWEST_REPORTABLE, -1
    hours = max((when - zero).total_seconds() / 3600.0, 0.0)
    return Count(time_h=hours, value=value, side=side, affected=affected)


def _affected(given: Sequence[GrowthFactor], book: RuleBook, priors: PriorBook, when: datetime) -> bool:
    """Return whether a growth factor speaks in a count: 48 h after a daily one, the 1st to 4th day after a long-acting one."""
    for dose in given:
        product = book.products.find(dose.product)
        if dose.given_at is None or dose.given_at > when or dose.planned:
            continue
        own = priors.growth.long_acting if product and product.long_acting else priors.growth.daily
        hours = (when - dose.given_at).total_seconds() / 3600.0
        if own.affected_h[0] <= hours <= own.affected_h[1]:
            return True
    return False


def _early(when: datetime, day1s: Sequence[date], now: datetime) -> bool:
    """Return whether a count was taken on day 2 or 3, when steroids let neutrophils go from the marrow."""
    local = when.astimezone(now.tzinfo)
    for day1 in day1s:
        hours = (local - datetime(day1.year, day1.month, day1.day, tzinfo=now.tzinfo)).total_seconds() / 3600.0
        if EARLY_RELEASE_H[0] <= hours <= EARLY_RELEASE_H[1]:
            return True
    return False


def _problem(used: Sequence[CountEvaluation], counts: Sequence[Count], day1s: Sequence[date], now: datetime) -> tuple[str, str] | None:
    if not used:
        return "no_baseline", "there is no usable count since shortly before day 1."
    if not any(_speaks_of_baseline(count, day1s, now) for count in used):
        return "no_baseline", "there is no count from before the first dose, nor one after a recovery."
    if len(used) < 2:
        return "too_few_counts", "there is only one usable count; two are needed."
    for first in counts:
        for second in counts:
            close = 0.0 <= second.time_h - first.time_h <= SAME_HOURS and first.time_h > 0.0
            if close and not first.side and not second.side and not 1 / SAME_FACTOR <= second.value / first.value <= SAME_FACTOR:
                return "inconsistent_counts", "two counts of almost the same time contradict each other."
    return None


def _speaks_of_baseline(count: CountEvaluation, day1s: Sequence[date], now: datetime) -> bool:
    """Return whether a count tells of the steady state: before the first dose, or late in a cycle."""
    if count.collected_at is None or count.anc.origin is AncOrigin.BOUNDED:
        return False
    day = count.collected_at.astimezone(now.tzinfo).date()
    if day <= day1s[0]:
        return True
    return any((day1 <= day and (day - day1).days + 1 >= RECOVERED_DAY) or day == day1 for day1 in day1s)
