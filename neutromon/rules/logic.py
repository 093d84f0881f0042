"""Three-valued logic and bounds with their comparator: true, false, or None where the value leaves it open."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from neutromon.models.quantity import Comparator, Quantity


class Op(StrEnum):
    """Comparators of rule data."""

    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"


_HOLDS: Mapping[Op, Callable[[Decimal, Decimal], bool]] = {Op.LT: operator.lt, Op.LE: operator.le, Op.GT: operator.gt, Op.GE: operator.ge}
SIGNS = {Op.LT: "<", Op.LE: "≤", Op.GT: ">", Op.GE: "≥"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A limit with its own comparator: guidelines disagree exactly at the bound."""

    op: Op
    value: Decimal
    unit: str = ""
    _test: Callable[[Decimal, Decimal], bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_test", _HOLDS[self.op])

    def holds(self, value: Decimal) -> bool:
        """Return whether an exact value meets the bound."""
        return self._test(value, self.value)

    def judge(self, quantity: Quantity | None) -> bool | None:
        """Return true or false where all values that the quantity may stand for agree, else None."""
        if quantity is None:
            return None
        if quantity.comparator is Comparator.EQ:
            return self.holds(quantity.value)
        if self.op in (Op.GT, Op.GE):
            opposite = Bound(op=Op.LE if self.op is Op.GT else Op.LT, value=self.value).judge(quantity)
            return None if opposite is None else not opposite
        return self._below(quantity)

    def _below(self, quantity: Quantity) -> bool | None:
        value, inclusive = quantity.value, self.op is Op.LE
        match quantity.comparator:
            case Comparator.LT:
                return True if value <= self.value else None
            case Comparator.LE:
                return True if value < self.value or (inclusive and value == self.value) else None
            case Comparator.GT:
                return False if value >= self.value else None
            case _:
                return False if value > self.value or (not inclusive and value == self.value) else None

    @property
    def text(self) -> str:
        """Return the bound as people read it: "< 0.5"."""
        return f"{SIGNS[self.op]} {self.value}"


def any_of(parts: Iterable[bool | None]) -> bool | None:
    """Return true if one part is true, false if all are false, else None."""
    known = list(parts)
    if True in known:
        return True
    return None if None in known else False


def all_of(parts: Iterable[bool | None]) -> bool | None:
    """Return false if one part is false, true if all are true, else None."""
    known = list(parts)
    if False in known:
        return False
    return None if None in known else True
