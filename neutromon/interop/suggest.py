"""In which unit a held number was probably meant: a proposal for a person, never taken by the program."""

import re
from collections.abc import Sequence
from decimal import Decimal

from neutromon.interop.understand import LIMITS, class_of
from neutromon.interop.units import COUNT, HEMOGLOBIN, PERCENT, factor
from neutromon.interop.values import number
from neutromon.models.imports import ReadResult

CANDIDATES = {COUNT: ("10*9/L", "/uL"), HEMOGLOBIN: ("g/dL", "g/L"), PERCENT: ("%",)}
_UPPER = re.compile(r".*?(\d+(?:[.,]\d+)?)\D*$")


def suggested_unit(row: ReadResult, rows: Sequence[ReadResult]) -> str:
    """Return the unit under which the number fits WBC x per cent, the report's own range and the hard limits; empty where open."""
    wanted, parsed = class_of(row.analyte), number(row.raw.value)
    if wanted is None or parsed is None:
        return ""
    possible = possible_units(row)
    if len(possible) == 1:
        return possible[0]
    expected = _expected(row, rows)
    if expected is None:
        return ""
    near = [
        unit for unit in possible if abs(parsed.value * _times(unit, wanted) - expected) <= max(Decimal("0.2"), expected * Decimal("0.15"))
    ]
    return near[0] if len(near) == 1 else ""


def possible_units(row: ReadResult) -> list[str]:
    """Return every unit in which the number is possible at all."""
    wanted, parsed = class_of(row.analyte), number(row.raw.value)
    if wanted is None or parsed is None:
        return []
    return [unit for unit in CANDIDATES[wanted] if _fits(row, wanted, parsed.value, unit)]


def _times(unit: str, wanted: str) -> Decimal:
    return factor(unit, wanted) or Decimal(0)


def _fits(row: ReadResult, wanted: str, value: Decimal, unit: str) -> bool:
    """Return whether the number lies inside the hard limits, and the range's upper end is not absurd in this unit."""
    low, high = LIMITS.get(row.analyte, (Decimal(0), Decimal(100) if wanted == PERCENT else Decimal(1000)))
    if not low <= value * _times(unit, wanted) <= high:
        return False
    match = _UPPER.fullmatch(row.raw.range)
    if match is None or wanted != COUNT:
        return True
    upper = Decimal(match.group(1).replace(",", ".")) * _times(unit, wanted)
    return Decimal("0.1") <= upper <= high


def _expected(row: ReadResult, rows: Sequence[ReadResult]) -> Decimal | None:
    """Return what WBC and per cent of the same set say of an absolute count, in its own unit."""
    if row.analyte not in {"ANC", "SEG", "BAND"}:
        return None
    percent = {"ANC": "NEUT_PCT", "SEG": "SEG_PCT", "BAND": "BAND_PCT"}[row.analyte]
    known = {other.analyte: other.value for other in rows if other.value and other.value[0].isdigit()}
    if "WBC" not in known or percent not in known:
        return None
    return Decimal(known["WBC"] or "0") * Decimal(known[percent] or "0") / 100
