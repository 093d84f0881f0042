"""MASCC and CISNE: points by the published items, never "low" while an item is missing (reference 8 and 15.8)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from neutromon.models.evaluation import Score
from neutromon.models.quantity import Quantity, Reported, parse_number
from neutromon.rules.book import RuleBook
from neutromon.rules.logic import Bound
from neutromon.rules.units import count_quantity, fold_unit

CANNOT_TELL = "cannot_tell"


def mascc_points(inputs: Mapping[str, Any], book: RuleBook) -> dict[str, int | None]:
    """Return the points of each MASCC item, None where the item is missing; `inputs` by the contract's `episode.mascc`."""
    points = book.numbers["scores"].tables["mascc"]
    systolic = _number(inputs.get("systolic_bp"))
    age = _number(inputs.get("age"))
    return {
        "burden": points.get(f"burden_{inputs.get('burden')}"),
        "systolic_bp": _points(points["systolic"], systolic, points["systolic_points"]),
        "copd": _when(inputs.get("copd"), False, points["no_copd"]),
        _tumour_item(inputs): _tumour(inputs, points["solid_or_no_fungal"]),
        "dehydration_needing_iv_fluids": _when(inputs.get("dehydration_needing_iv_fluids"), False, points["no_dehydration"]),
        "outpatient_at_onset": _when(inputs.get("outpatient_at_onset"), True, points["outpatient"]),
        "age": _points(points["age"], age, points["age_points"]),
    }


def mascc(inputs: Mapping[str, Any], book: RuleBook) -> Score:
    """Return the MASCC score; `inputs` by the contract's `episode.mascc`."""
    parts = mascc_points(inputs, book)
    missing = tuple(name for name, value in parts.items() if value is None)
    if missing:
        return Score(score=None, risk=CANNOT_TELL, missing=missing)
    total = sum(value for value in parts.values() if value is not None)
    return Score(score=total, risk="low" if book.numbers["scores"].tables["mascc"]["low_risk"].holds(Decimal(total)) else "high")


def cisne_points(inputs: Mapping[str, Any], book: RuleBook) -> dict[str, int | None]:
    """Return the points of each CISNE item, None where the item is missing; `inputs` by the contract's `episode.cisne`."""
    points = book.numbers["scores"].tables["cisne"]
    return {
        "ecog": _points(points["ecog"], _number(inputs.get("ecog")), points["ecog_points"]),
        "glucose": _glucose(inputs, points),
        "copd": _when(inputs.get("copd"), True, points["copd"]),
        "cardiovascular_disease": _when(inputs.get("cardiovascular_disease"), True, points["cardiovascular"]),
        "mucositis_grade": _points(points["mucositis"], _number(inputs.get("mucositis_grade")), points["mucositis_points"]),
        "monocytes": _points(points["monocytes"], _count(inputs.get("monocytes"), book), points["monocytes_points"]),
    }


def cisne(inputs: Mapping[str, Any], book: RuleBook) -> Score:
    """Return the CISNE score with its applicability gate; `inputs` by the contract's `episode.cisne`."""
    points = book.numbers["scores"].tables["cisne"]
    parts = cisne_points(inputs, book)
    gates = {"solid_tumour": inputs.get("solid_tumour"), "stable": inputs.get("stable")}
    applicable = False if False in gates.values() else (None if None in gates.values() else True)
    reasons = tuple(name for name, value in gates.items() if value is False)
    missing = tuple(name for name, value in {**parts, **gates}.items() if value is None)
    if missing:
        return Score(score=None, risk=CANNOT_TELL, missing=missing, applicable=applicable, reasons=reasons)
    total = sum(value for value in parts.values() if value is not None)
    high, intermediate = points["high"].holds(Decimal(total)), points["intermediate"].holds(Decimal(total))
    risk = "high" if high else "intermediate" if intermediate else "low"
    return Score(score=total, risk=risk, applicable=applicable, reasons=reasons)


def with_warnings(scores: Mapping[str, Score], profound: bool | None) -> dict[str, Score]:
    """Return the scores; a low MASCC names what it does not see: ANC below 0.1, and a high CISNE (reference 8)."""
    found = dict(scores)
    low, other = found.get("mascc"), found.get("cisne")
    if low is not None and low.risk == "low":
        reasons: tuple[str, ...] = ("anc_below_0_1",) if profound else ()
        if other is not None and other.risk == "high" and other.applicable:
            reasons += ("cisne_high",)
        found["mascc"] = replace(low, reasons=reasons)
    return found


def _number(value: object) -> Quantity | None:
    """Return a plain number of an input, or None."""
    if value is None or isinstance(value, bool):
        return None
    parsed = parse_number(str(value["value"] if isinstance(value, Mapping) and "value" in value else value))
    return Quantity(value=parsed[1], unit="", comparator=parsed[0]) if parsed else None


def _count(value: object, book: RuleBook) -> Quantity | None:
    if not isinstance(value, Mapping) or "value" not in value:
        return None
    return count_quantity(Reported(value=str(value["value"]), unit=_unit(value)), book.numbers["plausibility"])


def _unit(value: Mapping[str, Any]) -> str | None:
    """Return the unit of an input; anything but text is no unit, so that the input counts as missing."""
    unit = value.get("unit")
    return unit if isinstance(unit, str) else None


def _points(bound: Bound, quantity: Quantity | None, points: int) -> int | None:
    """Return the points where the bound is met, 0 where it is not, None where it is open."""
    met = bound.judge(quantity)
    return None if met is None else points * met


def _when(value: object, wanted: bool, points: int) -> int | None:
    return points * (value is wanted) if isinstance(value, bool) else None


def _tumour_item(inputs: Mapping[str, Any]) -> str:
    """Return the input that decides the tumour item: with a haematological tumour the history of fungal infection."""
    return "previous_fungal_infection" if inputs.get("tumour") == "haematological" else "tumour"


def _tumour(inputs: Mapping[str, Any], points: int) -> int | None:
    if inputs.get("tumour") == "solid":
        return points
    if inputs.get("tumour") != "haematological":
        return None
    return _when(inputs.get("previous_fungal_infection"), False, points)


def _glucose(inputs: Mapping[str, Any], points: Mapping[str, Any]) -> int | None:
    """Return the points of stress hyperglycaemia; the bound is higher with diabetes or steroids."""
    value = inputs.get("glucose")
    if not isinstance(value, Mapping) or "value" not in value:
        return None
    parsed = parse_number(str(value["value"]))
    factor = {"mg/dl": Decimal(1), "mmol/l": Decimal(str(points["mg_dl_per_mmol_l"]))}.get(fold_unit(_unit(value)))
    if parsed is None or factor is None:
        return None
    quantity = Quantity(value=parsed[1] * factor, unit="mg/dL", comparator=parsed[0])
    lower = _points(points["glucose"], quantity, points["glucose_points"])
    upper = _points(points["glucose_diabetes"], quantity, points["glucose_points"])
    special = inputs.get("diabetes_or_steroids")
    if isinstance(special, bool):
        return upper if special else lower
    return lower if lower == upper else None
