"""Nadir, recovery and time below 0.5 of each cycle, as marks; "nadir" only where the window was sampled."""

from collections.abc import Iterator, Sequence

from neutromon.models.evaluation import Nadir
from neutromon.models.quantity import Comparator
from neutromon.models.trend_chart import ChartMarker, ChartPoint, DurationBar
from neutromon.report.charts.points import PlacedCount

SEVERE = 0.5
"""The bound of `Nadir.days_below_0_5`."""
ENOUGH_IN_WINDOW = 2
"""Fewer counts in the expected window, and the lowest is called "lowest measured" (product 2.4.6)."""


def is_nadir(nadir: Nadir) -> bool:
    """Return whether the lowest count may be called the nadir."""
    return nadir.samples_in_window >= ENOUGH_IN_WINDOW


def nadir_word(nadir: Nadir) -> str:
    """Return "nadir" or "lowest measured"."""
    return "nadir" if is_nadir(nadir) else "lowest measured"


def markers_of(nadirs: Sequence[Nadir], placed: Sequence[PlacedCount]) -> tuple[ChartMarker, ...]:
    """Return the markers of each cycle that has a number."""
    own = _by_cycle(placed)
    return tuple(marker for nadir in nadirs for marker in _of_cycle(nadir, own.get(nadir.cycle, [])))


def _by_cycle(placed: Sequence[PlacedCount]) -> dict[int | None, list[PlacedCount]]:
    """Return the counts with a number by their cycle."""
    found: dict[int | None, list[PlacedCount]] = {}
    for count in placed:
        if count.point.has_value:
            found.setdefault(count.count.cycle, []).append(count)
    return found


def _of_cycle(nadir: Nadir, placed: Sequence[PlacedCount]) -> Iterator[ChartMarker]:
    lowest = lowest_point(nadir, placed)
    if lowest is not None:
        kind = "nadir" if is_nadir(nadir) else "lowest"
        words = f"{lowest.label} · D{nadir.cycle_day}"
        text = words if kind == "nadir" else f"lowest measured {words}"
        yield ChartMarker(kind=kind, x=lowest.x, anc=lowest.anc, text=text, cycle=nadir.cycle)
    recovered = _find(placed, nadir.recovery_sample_id, nadir.recovery_day) if nadir.recovery_day else None
    if recovered is not None:
        yield ChartMarker(kind="recovery", x=recovered.x, anc=recovered.anc, text=f"rec D{nadir.recovery_day}", cycle=nadir.cycle)


def lowest_point(nadir: Nadir, placed: Sequence[PlacedCount]) -> ChartPoint | None:
    """Return the point of the lowest count among a cycle's own."""
    return _find(placed, nadir.sample_id, nadir.cycle_day, nadir.value)


def _find(own: Sequence[PlacedCount], sample_id: str | None, day: int, value: str | None = None) -> ChartPoint | None:
    by_id = [p.point for p in own if sample_id and p.point.sample_id == sample_id]
    by_day = [p.point for p in own if p.count.cycle_day == day and (value is None or (p.quantity and p.quantity.text == value))]
    return next(iter([*by_id, *by_day]), None)


def durations_of(nadirs: Sequence[Nadir], placed: Sequence[PlacedCount]) -> tuple[DurationBar, ...]:
    """Return the bar of each cycle that was below 0.5 for certain."""
    valued = [p for p in placed if p.quantity is not None]
    bars = (_bar(nadir, valued) for nadir in nadirs if nadir.days_below_0_5 is not None)
    return tuple(bar for bar in bars if bar is not None)


def _bar(nadir: Nadir, valued: Sequence[PlacedCount]) -> DurationBar | None:
    low = [i for i, p in enumerate(valued) if p.count.cycle == nadir.cycle and _surely_low(p.point)]
    if not low:
        return None
    first, last = low[0], low[-1]
    before = valued[first - 1].point.x if first > 0 else None
    after = valued[last + 1].point.x if last + 1 < len(valued) else None
    return DurationBar(
        start=valued[first].point.x,
        end=valued[last].point.x,
        text=duration_words(nadir, open_end=before is None or after is None),
        cycle=nadir.cycle,
        outer_start=before,
        outer_end=after,
    )


def _surely_low(point: ChartPoint) -> bool:
    if point.comparator == Comparator.LT.value:
        return point.anc <= SEVERE
    return point.anc < SEVERE and not point.points_up


def duration_words(nadir: Nadir, *, open_end: bool = False) -> str:
    """Return "5–9 d"; where a neighbouring count is missing only the shorter bound is known: "at least 5 d"."""
    if nadir.days_below_0_5 is None:
        return ""
    least, most = nadir.days_below_0_5
    if open_end:
        return f"at least {least:.0f} d" if f"{least:.0f}" != "0" else "on one count"
    return f"{least:.0f} d" if f"{least:.0f}" == f"{most:.0f}" else f"{least:.0f}–{most:.0f} d"
