"""A count beside the patient's own earlier ones: where a factor of a thousand explains it, a person is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from neutromon.interop.values import number
from neutromon.models.imports import RawSet, ReadResult
from neutromon.services.importing.merge import FIELDS
from neutromon.storage.store import Fact

CHECKED = ("WBC", "ANC", "PLT")
FAR, THOUSAND, NEAR = Decimal(100), Decimal(1000), Decimal(2)
"""A value is far from 100 times her counts on; the slip explains it where it comes within twice their span."""


def ask_about_slips(facts: Iterable[Fact], own: RawSet, rows: Sequence[ReadResult]) -> list[ReadResult]:
    """Hold each count that is a hundred times off all her earlier ones while a thousand brings it among them; nothing is corrected."""
    if not any(_exact(row) is not None for row in rows if row.analyte in CHECKED):
        return list(rows)
    at = own.collected_at
    # the bodies are read as they are stored: to make records of all her samples for each message costs more than the rest together
    others = [values for fact in _latest(facts) if _moment(fact.body) != at and (values := fact.body.get("values"))]
    return [_asked(row, others, rows) for row in rows]


def _moment(body: Mapping[str, Any]) -> datetime | None:
    written = body.get("collected_at")
    return datetime.fromisoformat(written) if written else None


def _latest(facts: Iterable[Fact]) -> list[Fact]:
    latest = {fact.root: fact for fact in facts if fact.kind == "sample"}
    return [fact for fact in latest.values() if not fact.voided]


def _asked(row: ReadResult, earlier: Sequence[Mapping[str, Any]], rows: Sequence[ReadResult]) -> ReadResult:
    if row.analyte not in CHECKED or row.raw.decided_right:
        return row
    value = _exact(row)
    if value is None or value <= 0:
        return row
    known = [found for values in earlier if (found := _of(values.get(FIELDS[row.analyte]))) is not None and found > 0]
    times = _slip(value, known)
    if times is None or (row.analyte == "ANC" and not _wbc_agrees(value * times, value, rows)):
        return row
    unit = "/µL" if times < 1 else "10*9/L"
    text = (
        f"{row.analyte} {row.value} ×10⁹/L is far from all earlier counts of this patient ({min(known)} to {max(known)} ×10⁹/L); "
        f"probably {unit} was meant: {format((value * times).normalize(), 'f')} ×10⁹/L."
    )
    return replace(row, hold=("IMPLAUSIBLE_VALUE", text), value=None, unit=None)


def _slip(value: Decimal, known: Sequence[Decimal]) -> Decimal | None:
    """Return the factor that would explain the value; None where it is near her counts, or no slip brings it there."""
    if not known:
        return None
    low, high = min(known), max(known)
    if not (value >= FAR * high or value * FAR <= low):
        return None
    times = 1 / THOUSAND if value > high else THOUSAND
    return times if low / NEAR <= value * times <= high * NEAR else None


def _wbc_agrees(meant: Decimal, sent: Decimal, rows: Sequence[ReadResult]) -> bool:
    """Return whether the white cells of the same specimen speak for the slip: a deep nadir or a rebound has its own."""
    wbc = next((found for row in rows if row.analyte == "WBC" and (found := _exact(row)) is not None), None)
    return wbc is not None and meant <= wbc and (sent > wbc or sent * FAR <= wbc)


def _exact(row: ReadResult) -> Decimal | None:
    """Return the exact number of a row that would be stored."""
    if row.hold is not None or row.ignore is not None or row.text_only or row.pending:
        return None
    read = number(row.value)
    return read.value if read is not None and not read.comparator else None


def _of(stored: Mapping[str, Any] | None) -> Decimal | None:
    read = number(stored.get("value")) if stored is not None and stored.get("unit") == "10*9/L" else None
    return read.value if read is not None and not read.comparator else None
