"""Reference ranges and flags as laboratories write them: bounds in a value's own unit, and the standard's word for a flag."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from neutromon.interop.units import COUNT, HEMOGLOBIN, PERCENT, factor
from neutromon.models.quantity import Reported

Bounds = tuple[Decimal | None, Decimal | None]
CLASS_OF: Mapping[str, str] = {"10*9/L": COUNT, "g/L": HEMOGLOBIN, "%": PERCENT}
STANDARD = frozenset({"L", "H", "LL", "HH", "N", "A", "AA", "<", ">", "LU", "HU"})
"""Codes of v3-ObservationInterpretation that laboratories send for numbers (HL7 table 0078 has the same)."""
WORDS: Mapping[str, str] = {
    **dict.fromkeys("+ ++ * ** *** ! 1 2 3 W ABN ABNORMAL".split(" "), "A"),
    **dict.fromkeys("HIGH HI HOCH ELEVATED".split(" "), "H"),
    **dict.fromkeys("LOW LO TIEF DECREASED".split(" "), "L"),
    **dict.fromkeys("NORMAL NORM".split(" "), "N"),
}
"""Other ways to flag (reference, 5.1): devices number and star what is abnormal, whichever way."""
_NUMBER = r"(\d{1,9}(?:[.,]\d{1,9})?)"
_BETWEEN = re.compile(rf"\s*[(\[]?\s*{_NUMBER}\s*(?:-|–|\^|\.\.|to|bis|à)\s*{_NUMBER}\s*[^\d]*", re.IGNORECASE)
_BELOW = re.compile(rf"\s*[(\[]?\s*(?:<=?|≤|up to|bis|-)\s*{_NUMBER}\s*[^\d]*", re.IGNORECASE)
_ABOVE = re.compile(rf"\s*[(\[]?\s*(?:>=?|≥|from|ab)\s*{_NUMBER}\s*[^\d]*", re.IGNORECASE)


@lru_cache(maxsize=1024)
def bounds(text: str) -> Bounds:
    """Return the lower and the upper bound that a range names; None for one that it does not name."""
    between = _BETWEEN.fullmatch(text)
    if between is not None:
        return _decimal(between.group(1)), _decimal(between.group(2))
    below, above = _BELOW.fullmatch(text), _ABOVE.fullmatch(text)
    return _decimal(above.group(1)) if above else None, _decimal(below.group(1)) if below else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def own_bounds(value: Reported) -> Bounds:
    """Return the bounds of a value's range in the unit of the value; None where the sent unit gives no factor."""
    wanted = CLASS_OF.get(value.unit or "")
    times = factor(value.original_unit or value.unit, wanted) if wanted else None
    if not value.range or times is None:
        return None, None
    low, high = bounds(value.range)
    return low * times if low is not None else None, high * times if high is not None else None


def flag_codes(flag: str) -> tuple[str, ...]:
    """Return the standard's codes for a flag as sent, first component of each repetition; nothing for words that are none."""
    sent = [part.split("^")[0].strip().upper() for part in flag.split("~")]
    codes = [word if word in STANDARD else WORDS.get(word, "") for word in sent]
    return tuple(dict.fromkeys(code for code in codes if code))
