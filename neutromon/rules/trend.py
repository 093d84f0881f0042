"""Nadir, recovery and duration of each cycle, with honesty about sampling (reference 11 and 15.9)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from neutromon.models.evaluation import CountEvaluation, Nadir
from neutromon.models.history import Course, PatientHistory
from neutromon.models.quantity import Comparator
from neutromon.rules.book import RuleBook
from neutromon.rules.logic import Bound
from neutromon.rules.schedule import begun, in_window

DAY_SECONDS = Decimal(86400)


def gradable(counts: Sequence[CountEvaluation], now: datetime) -> list[CountEvaluation]:
    """Return counts with a known ANC at or before `now`, in order of time."""
    known = [c for c in counts if c.anc.quantity is not None and c.collected_at is not None and c.collected_at <= now]
    return sorted(known, key=lambda c: c.collected_at or now)


def nadirs(history: PatientHistory, counts: Sequence[CountEvaluation], now: datetime, book: RuleBook) -> tuple[Nadir, ...]:
    """Return the lowest ANC of each begun cycle that has one."""
    known = gradable(counts, now)
    found = []
    for cycle in begun(history.course):
        own = [c for c in known if c.cycle == cycle.number]
        if own:
            found.append(_nadir(cycle.number, own, known, history.course, book))
    return tuple(found)


def _nadir(number: int, own: list[CountEvaluation], known: list[CountEvaluation], course: Course | None, book: RuleBook) -> Nadir:
    lowest = min(own, key=_depth)
    regimen = book.regimen(course.regimen if course else None)
    inside = [c for c in own if c.cycle_day is not None and in_window(regimen, c.cycle_day)]
    recovery = _recovery(lowest, own, book.numbers["findings"].bounds["recovered"])
    assert lowest.anc.quantity is not None and lowest.cycle_day is not None
    return Nadir(
        cycle=number,
        value=lowest.anc.quantity.text,
        cycle_day=lowest.cycle_day,
        sampled_in_window=bool(inside),
        sample_id=lowest.sample_id,
        samples_in_window=len(inside),
        days_below_0_5=days_below(own, known, book.numbers["findings"].bounds["grade4"]),
        recovery_day=recovery.cycle_day if recovery else None,
        recovery_sample_id=recovery.sample_id if recovery else None,
    )


def _depth(count: CountEvaluation) -> tuple[Decimal, int]:
    """Return a sort key: the value, a censored "<" counting as lower than the same number."""
    quantity = count.anc.quantity
    assert quantity is not None
    rank = {Comparator.LT: -1, Comparator.GT: 1}.get(quantity.comparator, 0)
    return quantity.value, rank


def _recovery(lowest: CountEvaluation, own: list[CountEvaluation], recovered: Bound) -> CountEvaluation | None:
    """Return the first count at or above the bound behind the nadir that the next count does not take back."""
    after = own[own.index(lowest) + 1 :]
    for position, count in enumerate(after):
        if recovered.judge(count.anc.quantity):
            following = after[position + 1].anc.quantity if position + 1 < len(after) else None
            if following is None or recovered.judge(following) is not False:
                return count
    return None


def days_below(own: list[CountEvaluation], known: list[CountEvaluation], bound: Bound) -> tuple[Decimal, Decimal] | None:
    """Return the fewest and the most days below the bound: between low counts, and out to the neighbouring counts."""
    low = [c for c in own if bound.judge(c.anc.quantity) is True]
    if not low:
        return None
    first, last = low[0], low[-1]
    position, end = known.index(first), known.index(last)
    before = known[position - 1] if position > 0 else first
    after = known[end + 1] if end + 1 < len(known) else last
    return _days(first, last), _days(before, after)


def _days(first: CountEvaluation, last: CountEvaluation) -> Decimal:
    assert first.collected_at is not None and last.collected_at is not None
    seconds = Decimal(int((last.collected_at - first.collected_at).total_seconds()))
    return (seconds / DAY_SECONDS).quantize(Decimal("0.1"))
