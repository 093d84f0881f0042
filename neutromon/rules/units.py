"""From a value as reported to a quantity as understood: cell counts in 10*9/L, haemoglobin in CTCAE's own units."""

from decimal import Decimal
from functools import lru_cache

from neutromon.models.quantity import Comparator, Quantity, Reported, parse_number
from neutromon.rules.book_parts import Numbers

COUNT_UNIT = "10*9/L"
HB_UNITS = {"g/dl": "g/dL", "g/l": "g/L", "mmol/l": "mmol/L"}
G_DL_TO_G_L = Decimal(10)
G_DL_TO_MMOL_L = Decimal("0.6206")
_SIGNS = str.maketrans({"µ": "u", "μ": "u", "×": "x", "³": "^3", "⁹": "^9"})
_ONE = Decimal(1)
_THOUSANDTH = Decimal("0.001")


@lru_cache(maxsize=1024)
def fold_unit(unit: str | None) -> str:
    """Return a unit in one spelling: no blanks, small letters, one micro sign, no typographic signs."""
    return "".join((unit or "").split()).casefold().translate(_SIGNS)


def count_factor(unit: str | None, plausibility: Numbers) -> Decimal | None:
    """Return the multiplier of a cell-count unit to 10*9/L; None where the unit is missing, unknown or G/L."""
    folded = fold_unit(unit)
    if folded in plausibility.lists["one"]:
        return _ONE
    return _THOUSANDTH if folded in plausibility.lists["thousandth"] else None


def count_quantity(value: Reported, plausibility: Numbers) -> Quantity | None:
    """Return a cell count in 10*9/L, unrounded; None where number or unit cannot be read."""
    factor = count_factor(value.unit, plausibility)
    return None if factor is None else _scaled(value.value, factor is _THOUSANDTH)


@lru_cache(maxsize=8192)
def _scaled(text: str, in_thousandths: bool) -> Quantity | None:
    """Return a count in 10*9/L; kept, because a patient's counts are read again with every new one."""
    parsed = parse_number(text)
    if parsed is None:
        return None
    value = parsed[1] * _THOUSANDTH if in_thousandths else parsed[1]
    return Quantity(value=value, unit=COUNT_UNIT, comparator=parsed[0])


def hemoglobin_quantity(value: Reported) -> Quantity | None:
    """Return haemoglobin in the unit in which it was reported (g/dL, g/L, mmol/L); G/L may mean giga and is never taken."""
    unit = None if _is_giga(value.unit) else HB_UNITS.get(fold_unit(value.unit))
    return None if unit is None else _hemoglobin(value.value, unit)


def _is_giga(unit: str | None) -> bool:
    """Return whether a unit is written G/L, whose capital letter is giga where a small one is gram."""
    return "".join((unit or "").split())[:2] == "G/" and fold_unit(unit) == "g/l"


@lru_cache(maxsize=4096)
def _hemoglobin(text: str, unit: str) -> Quantity | None:
    parsed = parse_number(text)
    return None if parsed is None else Quantity(value=parsed[1], unit=unit, comparator=parsed[0])


def hemoglobin_in(quantity: Quantity, unit: str) -> Quantity:
    """Return haemoglobin in another of its units."""
    if quantity.unit == unit:
        return quantity
    per_g_dl = {"g/dL": Decimal(1), "g/L": G_DL_TO_G_L, "mmol/L": G_DL_TO_MMOL_L}
    return Quantity(value=quantity.value * per_g_dl[unit] / per_g_dl[quantity.unit], unit=unit, comparator=quantity.comparator)


def percent(value: Reported | None) -> tuple[Comparator, Decimal] | None:
    """Return a percentage with its comparator, or None where it cannot be read."""
    if value is None or fold_unit(value.unit) not in {"%", ""}:
        return None
    return parse_number(value.value)


def rounding(value: Reported, factor: Decimal) -> Decimal:
    """Return half a unit of the last place that was printed, in 10*9/L."""
    parsed = parse_number(value.value)
    exponent = parsed[1].as_tuple().exponent if parsed else 0
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) / 2 * factor
