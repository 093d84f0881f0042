"""What a person says of one row of a waiting set, and the row as she means it."""

from dataclasses import dataclass, replace
from decimal import Decimal

from neutromon.interop.values import with_mark
from neutromon.models.imports import RawResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDecision:
    """What a person says of one row: its analyte, its unit, its decimal mark, that it is right, or that it stays words.

    `for_sender` makes the same hold for every later result of this sender with this code (and this unit as sent).
    """

    index: int
    analyte: str = ""
    unit: str = ""
    decimal: str = ""
    right: bool = False
    as_text: bool = False
    for_sender: bool = False


def as_decided(row: RawResult, decision: RowDecision) -> RawResult:
    """Return a row with what a person decided of it."""
    return replace(
        row,
        decided_analyte=decision.analyte,
        decided_unit=decision.unit,
        decided_right=decision.right or bool(decision.unit),
        decided_text=decision.as_text,
        decimal=decision.decimal or row.decimal,
    )


def number_of(text: str, mark: str) -> str:
    """Return a number as it is with the decimal mark that a person names; "" where it is none."""
    found = with_mark(text, mark)
    return found.text(Decimal(1)) if found is not None else ""
