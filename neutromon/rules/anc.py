"""The ANC of a sample: reported, derived from WBC and differential, bounded by WBC, or unknown (reference 15.2)."""

from collections.abc import Set
from dataclasses import replace
from decimal import Decimal

from neutromon.models.evaluation import Anc, AncOrigin
from neutromon.models.history import CountSample
from neutromon.models.quantity import Comparator, Quantity
from neutromon.rules.book_parts import Numbers
from neutromon.rules.differential import anc_limits
from neutromon.rules.fields import Fields
from neutromon.rules.logic import Bound
from neutromon.rules.units import COUNT_UNIT

UNKNOWN = Anc(quantity=None, origin=AncOrigin.UNKNOWN)
_UPPER = (Comparator.LT, Comparator.LE)
_HUNDRED = Decimal(100)
Derived = tuple[Comparator, Decimal, str]
"""A comparator, a number in 10*9/L, and how it was derived."""


def anc_of(sample: CountSample, fields: Fields, blocked: Set[str], plausibility: Numbers) -> Anc:
    """Return the ANC in 10*9/L, unrounded, with its origin; a blocked quantity counts as unknown."""
    if "neutrophils" in blocked:
        return UNKNOWN
    reported = _quantity(fields, "neutrophils", blocked)
    if reported is not None:
        return Anc(quantity=reported, origin=AncOrigin.REPORTED, basis="reported absolute neutrophils")
    wbc = _quantity(fields, "wbc", blocked)
    derived = None if wbc is None or "differential" in blocked else derived_anc(fields, wbc)
    if derived is not None:
        quantity = Quantity(value=derived[1], unit=COUNT_UNIT, comparator=derived[0])
        return _with_limits(Anc(quantity=quantity, origin=AncOrigin.DERIVED, basis=derived[2]), sample, wbc, plausibility)
    granulocytes = _quantity(fields, "granulocytes", blocked)
    if granulocytes is not None:
        return Anc(quantity=granulocytes, origin=AncOrigin.DERIVED, basis="granulocytes, includes eosinophils and basophils")
    return bounded_anc(wbc, plausibility.bounds["bounded_below"])


def _quantity(fields: Fields, name: str, blocked: Set[str]) -> Quantity | None:
    reading = fields.get(name)
    return reading.quantity if reading is not None and name not in blocked else None


def _with_limits(derived: Anc, sample: CountSample, wbc: Quantity | None, plausibility: Numbers) -> Anc:
    """Return the ANC with the limits of a manual differential: few cells are counted, and near a bound that matters."""
    quantity = derived.quantity
    exact = quantity is not None and wbc is not None and quantity.comparator is wbc.comparator is Comparator.EQ and wbc.value > 0
    if sample.method != "manual" or not exact or quantity is None or wbc is None:
        return derived
    cells = plausibility.wholes["differential_cells"]
    low, high = anc_limits(wbc.value, quantity.value * 100 / wbc.value, cells)
    words = f"manual differential, 95 % of {cells} cells {low}–{high} ×10⁹/L"
    return replace(derived, basis=f"{derived.basis}; {words}", limits=(low, high))


def derived_anc(fields: Fields, wbc: Quantity) -> Derived | None:
    """Return WBC x (segs + bands), else WBC x neutrophils per cent (bands are in it); None without a usable differential."""
    segs, bands = _share(fields, "segs_percent"), _share(fields, "bands_percent")
    if segs is not None and (bands is not None or "bands_percent" not in fields):
        comparator = segs[0] if bands is None else _combine(segs[0], bands[0])
        found = _product(wbc, comparator, segs[1] if bands is None else segs[1] + bands[1], "WBC × (segmented + band forms)")
        if found is not None:
            return found
    neutrophils = _share(fields, "neutrophils_percent")
    return None if neutrophils is None else _product(wbc, neutrophils[0], neutrophils[1], "WBC × neutrophils per cent")


def _product(wbc: Quantity, comparator: Comparator | None, percent: Decimal, basis: str) -> Derived | None:
    combined = None if comparator is None else _combine(wbc.comparator, comparator)
    return None if combined is None or percent < 0 else (combined, wbc.value * percent / _HUNDRED, basis)


def _share(fields: Fields, name: str) -> tuple[Comparator, Decimal] | None:
    reading = fields.get(name)
    return None if reading is None or reading.blocked else reading.share


def _combine(first: Comparator, second: Comparator) -> Comparator | None:
    """Return the comparator of a product or sum of two values that are not negative."""
    if first is Comparator.EQ or first is second:
        return second
    if second is Comparator.EQ:
        return first
    if first in _UPPER and second in _UPPER:
        return Comparator.LT
    if first not in _UPPER and second not in _UPPER:
        return Comparator.GT
    return None


def bounded_anc(wbc: Quantity | None, below: Bound) -> Anc:
    """Return "ANC <= WBC" where the WBC is below 1.0, else unknown."""
    if wbc is None or below.judge(wbc) is not True:
        return UNKNOWN
    comparator = Comparator.LT if wbc.comparator is Comparator.LT else Comparator.LE
    return Anc(
        quantity=Quantity(value=wbc.value, unit=COUNT_UNIT, comparator=comparator),
        origin=AncOrigin.BOUNDED,
        basis="no differential: the ANC is at most the WBC",
    )
