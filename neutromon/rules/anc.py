"""The ANC of a sample: reported, derived from WBC and differential, bounded by WBC, or unknown (reference 15.2)."""

from collections.abc import Set
from dataclasses import replace
from decimal import Decimal

from neutromon.models.evaluation import Anc, AncOrigin
from neutromon.models.history import CountSample
from neutromon.models.quantity import Comparator, Quantity, Reported
from neutromon.rules.book_parts import Numbers
from neutromon.rules.differential import anc_limits
from neutromon.rules.logic import Bound
from neutromon.rules.units import COUNT_UNIT, count_quantity, percent

UNKNOWN = Anc(quantity=None, origin=AncOrigin.UNKNOWN)
_UPPER = (Comparator.LT, Comparator.LE)


def anc_of(sample: CountSample, blocked: Set[str], plausibility: Numbers) -> Anc:
    """Return the ANC in 10*9/L, unrounded, with its origin; a blocked quantity counts as unknown."""
    if "neutrophils" in blocked:
        return UNKNOWN
    values = sample.values
    reported = count_quantity(values["neutrophils"], plausibility) if "neutrophils" in values else None
    if reported is not None:
        return Anc(quantity=reported, origin=AncOrigin.REPORTED, basis="reported absolute neutrophils")
    wbc = count_quantity(values["wbc"], plausibility) if "wbc" in values and "wbc" not in blocked else None
    derived = None if "differential" in blocked else derived_anc(sample, wbc, blocked)
    if derived is not None:
        return _with_limits(derived, sample, wbc, plausibility)
    usable = "granulocytes" in values and "granulocytes" not in blocked
    granulocytes = count_quantity(values["granulocytes"], plausibility) if usable else None
    if granulocytes is not None:
        return Anc(quantity=granulocytes, origin=AncOrigin.DERIVED, basis="granulocytes, includes eosinophils and basophils")
    return bounded_anc(wbc, plausibility.bounds["bounded_below"])


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


def derived_anc(sample: CountSample, wbc: Quantity | None, blocked: Set[str]) -> Anc | None:
    """Return WBC x (segs + bands), else WBC x neutrophils per cent (bands are in it); None without a usable differential."""
    if wbc is None:
        return None
    for share, basis in _shares(sample, blocked):
        combined = _combine(wbc.comparator, share[0])
        if combined is not None and share[1] >= 0:
            quantity = Quantity(value=wbc.value * share[1] / 100, unit=COUNT_UNIT, comparator=combined)
            return Anc(quantity=quantity, origin=AncOrigin.DERIVED, basis=basis)
    return None


def _shares(sample: CountSample, blocked: Set[str]) -> list[tuple[tuple[Comparator, Decimal], str]]:
    found = []
    segs, bands = _share(sample, "segs_percent", blocked), _share(sample, "bands_percent", blocked)
    bands_unreadable = "bands_percent" in sample.values and bands is None
    if segs is not None and not bands_unreadable:
        comparator = segs[0] if bands is None else _combine(segs[0], bands[0])
        total = segs[1] + (bands[1] if bands else Decimal(0))
        if comparator is not None:
            found.append(((comparator, total), "WBC × (segmented + band forms)"))
    neutrophils = _share(sample, "neutrophils_percent", blocked)
    if neutrophils is not None:
        found.append((neutrophils, "WBC × neutrophils per cent"))
    return found


def _share(sample: CountSample, name: str, blocked: Set[str]) -> tuple[Comparator, Decimal] | None:
    value: Reported | None = sample.values.get(name)
    return None if name in blocked else percent(value)


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
