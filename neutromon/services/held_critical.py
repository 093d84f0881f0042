"""Whether a waiting set would be critical if its values were true: by the numbers, by what they may be read as, or by its laboratory."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from neutromon.interop.suggest import possible_units, suggested_unit
from neutromon.interop.together import TWO_VALUES
from neutromon.interop.understand import class_of
from neutromon.interop.units import canonical, factor
from neutromon.interop.values import number
from neutromon.models.imports import ReadResult

BOUNDS = {"ANC": Decimal("0.5"), "PLT": Decimal(20), "HGB": Decimal(70)}
"""Below these a held value would be critical if it were true (10^9/L, 10^9/L, g/L); the clinic may call at a higher ANC."""
SHARES = (("NEUT_PCT",), ("SEG_PCT", "BAND_PCT"))
CALLED = frozenset({"LL", "HH", "AA", "<"})
"""HL7 table 0078: below and above the panic limits, very abnormal, below what the instrument can tell."""
COUNTS = frozenset({"ANC", "WBC", "PLT", "HGB", "NEUT_PCT", "SEG_PCT"})
_BETWEEN = re.compile(r"[~^,;\s]+")
Read = tuple[Decimal, bool]


def may_be_critical(rows: Sequence[ReadResult], call_below: Decimal) -> bool:
    """Return whether one value may be critical; one that is only known to lie below a limit may, whatever the limit."""
    bounds = {**BOUNDS, "ANC": max(BOUNDS["ANC"], call_below)}
    known = _values(rows)
    if any(_below(value, bounds[name]) for name, values in known.items() if name in bounds for value in values):
        return True
    if any(_below(value, bounds["ANC"]) for value in (*known.get("WBC", ()), *_derived(known))):
        return True  # no more neutrophils than leukocytes
    return any(row.analyte in COUNTS and _called(row.raw.flag) for row in rows)


def _below(value: Read, bound: Decimal) -> bool:
    amount, at_most = value
    return at_most or amount < bound


def _values(rows: Sequence[ReadResult]) -> dict[str, list[Read]]:
    """Return the values of each analyte as (number, is only known to lie below it), also as a held one was probably meant."""
    found: dict[str, list[Read]] = {}
    for row in rows:
        for value in _read(row, rows):
            found.setdefault(row.analyte, []).append(value)
    return found


def _read(row: ReadResult, rows: Sequence[ReadResult]) -> Iterator[Read]:
    text = row.value or ""
    with suppress(InvalidOperation):  # words, or nothing that is understood: what it may be read as follows
        yield Decimal(text.lstrip("<>=")), text.startswith("<")
    wanted, sent = class_of(row.analyte), number(row.raw.value)
    if row.hold is None or TWO_VALUES in row.marks or wanted is None or sent is None:
        return  # one of two values is understood: only which of them holds is asked
    doubted = canonical(row.raw.unit) if row.hold[0] == "IMPLAUSIBLE_VALUE" else ""
    suggested = suggested_unit(row, rows)
    units = [suggested] if suggested else [unit for unit in possible_units(row) if canonical(unit) != doubted]
    amounts = [sent.value * (factor(unit, wanted) or Decimal(1)) for unit in units]
    if amounts:  # of several readings the highest: it is called critical where it is so in each of them
        yield max(amounts), sent.comparator.startswith("<")


def _derived(known: dict[str, list[Read]]) -> Iterator[Read]:
    """Return WBC x per cent of neutrophils, or of segments and bands, where there is no count of them."""
    for names in SHARES:
        shares = [known[name][0] for name in names if name in known]
        if shares and names[0] in known:
            share = sum((amount for amount, _ in shares), Decimal(0)) / 100
            yield from ((amount * share, at_most) for amount, at_most in known.get("WBC", ()))


def _called(flag: str) -> bool:
    """Return whether the laboratory itself calls a result critical."""
    words = {word.upper() for word in _BETWEEN.split(flag or "") if word}
    return bool(words & CALLED) or any(word.startswith(("CRIT", "PANIC")) for word in words)
