"""The items of MASCC and CISNE as the form asks them: words, choices, most points; the points themselves come from the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from neutromon.models.evaluation import Evaluation
from neutromon.models.formatting import years_between
from neutromon.models.history import PatientHistory
from neutromon.ui.text import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item: its key of the contract, words, choices (empty where a number is typed), unit and the words of what scores."""

    key: str
    words: str
    scores: str
    choices: tuple[tuple[object, str], ...] = ()
    unit: str = ""


def _asked(key: str, words: str, scores: str) -> Item:
    """Return an item that is asked with yes, no or not known."""
    return Item(key=key, words=words, scores=scores, choices=((True, tr("Yes")), (False, tr("No")), (None, "?")))


def mascc_items(points: Mapping[str, Any]) -> list[Item]:
    """Return the items of MASCC (Klastersky 2000)."""
    burden = (("none", tr("None")), ("mild", tr("Mild")), ("moderate", tr("Moderate")), ("severe", tr("Severe")), (None, "?"))
    tumour = (("solid", tr("Solid")), ("haematological", tr("Haematological")), (None, "?"))
    mild = tr("none or mild: {n}, moderate: {m}", n=points["burden_none"], m=points["burden_moderate"])
    solid = tr("solid, or no fungal infection: {n}", n=points["solid_or_no_fungal"])
    return [
        Item(key="burden", words=tr("Burden of illness"), scores=mild, choices=burden),
        Item(key="systolic_bp", words=tr("Systolic pressure"), scores=_over(points["systolic"], points["systolic_points"]), unit="mmHg"),
        _asked("copd", tr("COPD"), tr("no: {n}", n=points["no_copd"])),
        Item(key="tumour", words=tr("Tumour"), scores=solid, choices=tumour),
        _asked("previous_fungal_infection", tr("Fungal infection before"), ""),
        _asked("dehydration_needing_iv_fluids", tr("Dehydration needing IV fluids"), tr("no: {n}", n=points["no_dehydration"])),
        _asked("outpatient_at_onset", tr("Outpatient when fever began"), tr("yes: {n}", n=points["outpatient"])),
        Item(key="age", words=tr("Age"), scores=_over(points["age"], points["age_points"]), unit=tr("years")),
    ]


def cisne_items(points: Mapping[str, Any]) -> list[Item]:
    """Return the items of CISNE (Carmona-Bayonas 2015), its gate first."""
    grades: tuple[tuple[object, str], ...] = (*((n, str(n)) for n in range(5)), (None, "?"))
    sugar = tr("{low}, with diabetes or steroids {high}", low=_over(points["glucose"], None), high=points["glucose_diabetes"].text)
    return [
        _asked("solid_tumour", tr("Solid tumour"), tr("gate")),
        _asked("stable", tr("Apparently stable for 3 hours"), tr("gate")),
        Item(key="ecog", words=tr("ECOG performance status"), scores=_over(points["ecog"], points["ecog_points"]), choices=grades),
        Item(key="glucose", words=tr("Glucose"), scores=f"{sugar}: {points['glucose_points']}", unit="mg/dL"),
        _asked("diabetes_or_steroids", tr("Diabetes or steroids"), ""),
        _asked("copd", tr("COPD"), tr("yes: {n}", n=points["copd"])),
        _asked("cardiovascular_disease", tr("Chronic cardiovascular disease"), tr("yes: {n}", n=points["cardiovascular"])),
        Item(
            key="mucositis_grade",
            words=tr("Mucositis grade (NCI)"),
            scores=_over(points["mucositis"], points["mucositis_points"]),
            choices=grades,
        ),
        Item(key="monocytes", words=tr("Monocytes"), scores=_over(points["monocytes"], points["monocytes_points"]), unit="10*9/L"),
    ]


def _over(bound: Any, points: int | None) -> str:
    """Return "≥ 2: 1", the bound with its points."""
    return f"{bound.text}: {points}" if points is not None else str(bound.text)


def known_mascc(history: PatientHistory, evaluation: Evaluation) -> dict[str, object]:
    """Return what was recorded, and the age where it is not: nothing is guessed."""
    known = dict(history.episode.mascc or {})
    if known.get("age") is None and history.patient.birth_date is not None:
        known["age"] = years_between(history.patient.birth_date, evaluation.now.date())
    return known


def known_cisne(history: PatientHistory, evaluation: Evaluation) -> dict[str, object]:
    """Return what was recorded, and the monocytes of the latest count of the last day where they are not."""
    known = dict(history.episode.cisne or {})
    if known.get("monocytes") is None:
        dated = [
            c for c in evaluation.counts if c.collected_at is not None and c.collected_at <= evaluation.now and "monocytes" in c.values
        ]
        newest = max(dated, key=lambda c: c.collected_at or evaluation.now, default=None)
        if newest is not None and newest.collected_at is not None and (evaluation.now - newest.collected_at).days < 1:
            value = newest.values["monocytes"]
            known["monocytes"] = {"value": value.text, "unit": value.unit}
    return known


def number_of(value: object) -> str:
    """Return a recorded number as the field shows it."""
    if isinstance(value, dict):
        return str(value.get("value", ""))
    return "" if value is None else str(value)


def typed(item: Item, text: str) -> object:
    """Return a typed number as the contract stores it: plain, or with its unit."""
    if not text:
        return None
    if item.unit in {"mg/dL", "10*9/L"}:
        return {"value": text, "unit": item.unit}
    return int(text) if item.key == "age" and Decimal(text) == int(Decimal(text)) else text
