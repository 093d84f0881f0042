"""The nodes of an integration: fine after each dose, coarse later, and every asked-for time a node of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from neutromon.forecast.kernel import Array

TIGHT = 1e-7
"""Times closer than this (h) are one node."""
Ladder = Sequence[tuple[float, float]]
"""(hours after a dose, longest step up to then), ascending; the last step holds from then on."""
FORECAST: Ladder = ((12.0, 1.0), (96.0, 3.0), (float("inf"), 8.0))
REFERENCE: Ladder = ((6.0, 0.25), (24.0, 0.5), (96.0, 1.0), (240.0, 2.0), (float("inf"), 4.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Nodes in hours, ascending from 0."""

    nodes: Array

    @property
    def steps(self) -> Array:
        """Return the step lengths."""
        return np.diff(self.nodes)

    def at(self, times: Iterable[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        """Return the index of the node of each time, which must be one of those the grid was made with."""
        wanted = np.asarray(list(times), dtype=np.float64)
        after = np.clip(np.searchsorted(self.nodes, wanted), 1, len(self.nodes) - 1)
        before = after - 1
        return np.where(np.abs(self.nodes[before] - wanted) <= np.abs(self.nodes[after] - wanted), before, after)


def make_grid(
    restarts: Iterable[float],
    wanted: Iterable[float],
    *,
    ladder: Ladder = FORECAST,
    longest: float = float("inf"),
    end: float | None = None,
) -> Grid:
    """Return a grid from 0 to the last time: the ladder begins again at each restart (a dose, the end of an infusion)."""
    points = [0.0, *wanted] if end is None else [0.0, end, *(t for t in wanted if t <= end)]
    last = max(points)
    begin = sorted({t for t in restarts if 0.0 <= t < last})
    fixed = np.array(sorted({*points, *begin}))
    fixed = fixed[np.concatenate(([True], np.diff(fixed) > TIGHT))]
    if len(fixed) < 2:
        fixed = np.array([0.0, 1.0])
    starts = np.array(begin) if begin else np.array([-1e9])
    pieces = [np.zeros(1)]
    for left, right in pairwise(fixed.tolist()):
        latest = np.searchsorted(starts, left + TIGHT, side="right") - 1
        since = left - starts[latest] if latest >= 0 else 1e9
        pieces.append(_between(float(left), float(right), float(since), ladder, longest))
    return Grid(nodes=np.concatenate(pieces))


def _between(left: float, right: float, since: float, ladder: Ladder, longest: float) -> Array:
    """Return the nodes behind `left` up to `right`, where `since` hours have passed after the last restart at `left`."""
    found: list[float] = []
    at = left
    for until, step in ladder:
        stop = min(right, left + until - since)
        if stop - at <= TIGHT:
            continue
        count = max(1, int(np.ceil((stop - at) / min(step, longest) - 1e-9)))
        found += list(np.linspace(at, stop, count + 1)[1:])
        at = stop
        if right - at <= TIGHT:
            break
    found[-1] = right
    return np.array(found)
