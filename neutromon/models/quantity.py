"""Laboratory quantities: as reported (exact text), and as understood (comparator, decimal, UCUM unit)."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache


class Comparator(StrEnum):
    """How the true value relates to the number that was printed."""

    LT = "<"
    LE = "<="
    EQ = "="
    GE = ">="
    GT = ">"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A value exactly as it was sent or typed, with its unit; `original_*` keeps the wire text where the unit was understood.

    `flag` and `range` are the laboratory's own abnormal flag and reference range, as sent (the range in the unit as sent).
    """

    value: str
    unit: str | None = None
    original_value: str | None = None
    original_unit: str | None = None
    confirmed: bool = False
    flag: str = ""
    range: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number that was understood: `comparator value unit`, unrounded (counts in 10*9/L, haemoglobin in its own unit)."""

    value: Decimal
    unit: str
    comparator: Comparator = Comparator.EQ

    @property
    def text(self) -> str:
        """Return the number with its comparator, without unit: "<0.1", "1.085"."""
        sign = "" if self.comparator is Comparator.EQ else self.comparator.value
        return f"{sign}{plain_decimal(self.value)}"


_NUMBER = re.compile(r"(<=|>=|<|>)?\s*([+-]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+))", re.ASCII)
_LONGEST = 40
_COMPARATORS = {comparator.value: comparator for comparator in Comparator}


@lru_cache(maxsize=8192)
def parse_number(text: str) -> tuple[Comparator, Decimal] | None:
    """Return comparator and decimal of a reported text, or None where it is not a plain number.

    One decimal point, no group marks, no exponent, no underscore, ASCII digits only; "≤" and "≥" count as "<=" and ">=".
    """
    folded = text.strip().replace("≤", "<=").replace("≥", ">=")
    match = _NUMBER.fullmatch(folded) if len(folded) <= _LONGEST else None
    if match is None:
        return None
    return _COMPARATORS[match.group(1) or "="], Decimal(match.group(2))


def plain_decimal(value: Decimal) -> str:
    """Return a decimal as plain digits without exponent and without trailing zeros: Decimal("1.50") -> "1.5"."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
