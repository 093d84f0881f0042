"""How sure a manual differential is: exact binomial limits of the cells that were counted (reference 1.2)."""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from math import comb

TAIL = 0.025
STEPS = 40
_SHOWN = Decimal("0.01")


@lru_cache(maxsize=512)
def binomial_limits(found: int, cells: int) -> tuple[float, float]:
    """Return the exact 95 % limits (Clopper and Pearson) of a share, `found` of so many cells."""
    low = 0.0 if found == 0 else _where(lambda share: 1 - _at_most(found - 1, cells, share) > TAIL)
    high = 1.0 if found == cells else _where(lambda share: _at_most(found, cells, share) < TAIL)
    return low, high


def _at_most(found: int, cells: int, share: float) -> float:
    return sum(comb(cells, k) * share**k * (1 - share) ** (cells - k) for k in range(found + 1))


def _where(reached: Callable[[float], bool]) -> float:
    """Return the share from which on a growing condition holds."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def anc_limits(wbc: Decimal, percent: Decimal, cells: int) -> tuple[Decimal, Decimal]:
    """Return the 95 % limits of an ANC that was derived from a differential of so many cells; for display, never for a grade."""
    found = int((percent * cells / 100).to_integral_value(rounding=ROUND_HALF_EVEN))
    low, high = binomial_limits(min(max(found, 0), cells), cells)
    return (wbc * Decimal(low)).quantize(_SHOWN), (wbc * Decimal(high)).quantize(_SHOWN)
