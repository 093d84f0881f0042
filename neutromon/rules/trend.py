"""Nadir, recovery and duration of each cycle, with honesty about sampling (reference 11 and 15.9)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from neutromon.models.evaluation import CountEvaluation, Nadir
from neutromon.models.history import Course, PatientHistory
from neutromon.models.quantity import Comparator
from neutromon.rules.book import RuleBook
from neutromon.rules.logic import Bound
from neutromon.rules.schedule import begun, in_window

DAY_SECONDS = Decimal(86400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """All counts with an ANC in order of time, and the position of each by its identity."""

    known: Sequence[CountEvaluation]
    places: Mapping[int, int]


def gradable(counts: Sequence[CountEvaluation], now: datetime) -> tuple[CountEvaluation, ...]:
    """Return counts with a known ANC at or before `now`, in order of time."""
    known = [c for c in counts if c.anc.quantity is not None and c.collected_at is not None and c.collected_at <= now]
    return tuple(sorted(known, key=lambda c: c.collected_at or now))


def nadirs(history: PatientHistory, known: Sequence[CountEvaluation], now: datetime, book: RuleBook) -> tuple[Nadir, ...]:
    """Return the lowest ANC of each begun cycle that has one; `known` are the counts with an ANC, in order of time."""
    places = {id(count): position for position, count in enumerate(known)}
    by_cycle: dict[int | None, list[CountEvaluation]] = {}
    for count in known:
        by_cycle.setdefault(count.cycle, []).append(count)
    found = []
    for cycle in begun(history.course):
        own = by_cycle.get(cycle.number)
        if own:
            found.append(_nadir(cycle.number, own, Neighbours(known=known, places=places), history.course, book, now))
    return tuple(found)


def _nadir(number: int, own: list[CountEvaluation], near: Neighbours, course: Course | None, book: RuleBook, now: datetime) -> Nadir:
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
        days_below_0_5=days_below(own, near, book.numbers["findings"].bounds["grade4"], now),
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
    begin = next(position for position, count in enumerate(own) if count is lowest)
    after = own[begin + 1 :]
    for position, count in enumerate(after):
        if recovered.judge(count.anc.quantity):
            following = after[position + 1].anc.quantity if position + 1 < len(after) else None
            if following is None or recovered.judge(following) is not False:
                return count
    return None


def days_below(own: Sequence[CountEvaluation], near: Neighbours, bound: Bound, now: datetime) -> tuple[Decimal, Decimal] | None:
    """Return the fewest and the most days below the bound, None where no count is below it.

    The fewest lie between low counts that follow each other; the most reach out to the neighbouring counts that are not low, and to
    `now` where none has followed.
    """
    fewest, most, found = Decimal(0), Decimal(0), False
    for first, last in _low_runs(own, bound):
        position, end = near.places[id(first)], near.places[id(last)]
        before = near.known[position - 1] if position > 0 else first
        after = near.known[end + 1].collected_at if end + 1 < len(near.known) else now
        fewest += days_between(first.collected_at, last.collected_at)
        most += days_between(before.collected_at, after)
        found = True
    return (fewest, most) if found else None


def _low_runs(own: Sequence[CountEvaluation], bound: Bound) -> Iterator[tuple[CountEvaluation, CountEvaluation]]:
    """Give the first and last count of each unbroken run of low counts."""
    start: CountEvaluation | None = None
    last: CountEvaluation | None = None
    for count in own:
        if bound.judge(count.anc.quantity) is True:
            start, last = start or count, count
        elif start is not None and last is not None:
            yield start, last
            start = None
    if start is not None and last is not None:
        yield start, last


def days_between(first: datetime | None, last: datetime | None) -> Decimal:
    """Return days to one decimal between two instants."""
    assert first is not None and last is not None
    seconds = Decimal(int((last - first).total_seconds()))
    return (seconds / DAY_SECONDS).quantize(Decimal("0.1"))
