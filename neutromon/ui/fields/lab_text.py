"""Read a laboratory value as typed: one comma or point as decimal mark, no group marks, a comparator in front."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from neutromon.models.quantity import Comparator, Reported
from neutromon.ui.fields.digits import fold_digits

_ENTRY = re.compile(r"(<=|>=|<|>)?\s*([0-9]*)(?:([.,])([0-9]*))?", re.ASCII)
_LONGEST = 12


class Fault(StrEnum):
    """Why a text is no value."""

    NO_NUMBER = "no_number"
    GROUP_MARKS = "group_marks"
    NEGATIVE = "negative"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabEntry:
    """What a text says; `canonical` has ASCII digits and a decimal point, the digits as typed ("0,50" is "0.50")."""

    comparator: Comparator = Comparator.EQ
    number: Decimal | None = None
    canonical: str = ""
    fault: Fault | None = None
    looks_grouped: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return self.number is None and self.fault is None

    def reported(self, unit: str | None) -> Reported | None:
        """Return the value as it is stored; None where there is none."""
        return Reported(value=self.canonical, unit=unit) if self.number is not None else None


def read_lab_text(text: str) -> LabEntry:
    """Return what was typed, or why it is no value; nothing is guessed and nothing is rounded.

    "1,500" is 1.500 and never fifteen hundred; `looks_grouped` asks the field to say so.
    """
    folded = fold_digits(text)
    if not folded:
        return LabEntry()
    match = _ENTRY.fullmatch(folded)
    if match is None or not (match.group(2) or match.group(4)):
        return LabEntry(fault=_fault(folded))
    if len(folded) > _LONGEST:
        return LabEntry(fault=Fault.TOO_LONG)
    sign, whole, mark, rest = match.groups()
    digits = f"{whole or '0'}.{rest}" if rest else whole
    grouped = bool(mark) and len(rest or "") == 3 and 1 <= len(whole) <= 3 and whole != "0"
    return LabEntry(comparator=Comparator(sign or "="), number=Decimal(digits), canonical=f"{sign or ''}{digits}", looks_grouped=grouped)


def _fault(folded: str) -> Fault:
    if folded.startswith("-"):
        return Fault.NEGATIVE
    if re.fullmatch(r"[<>=\s]*[0-9]+(?:[.,' ٬][0-9]+)+", folded):
        return Fault.GROUP_MARKS
    return Fault.NO_NUMBER
