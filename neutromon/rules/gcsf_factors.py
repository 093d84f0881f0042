"""Patient risk factors and therapeutic factors of the G-CSF guidelines, with what is missing (reference 5.2, 5.4, 15.5)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from neutromon.models.evaluation import Reason
from neutromon.models.history import PatientHistory, Sex
from neutromon.models.quantity import Quantity, Reported, parse_number
from neutromon.rules.book_parts import GcsfRule
from neutromon.rules.logic import Bound
from neutromon.rules.units import fold_unit, hemoglobin_in

TEXTS = {
    "prior_chemo_or_rt": "prior chemotherapy or radiotherapy",
    "persistent_neutropenia": "persistent neutropenia",
    "marrow_involvement": "marrow involvement",
    "recent_surgery_or_open_wounds": "recent surgery or open wounds",
    "infection": "infection",
    "liver_disease": "liver disease",
    "renal_disease": "renal disease",
    "poor_performance_status": "poor performance status",
    "poor_nutrition": "poor nutrition",
    "advanced_disease": "advanced disease",
    "prior_fn": "febrile neutropenia before",
    "hiv": "HIV",
    "chronic_immunosuppression": "chronic immunosuppression",
    "cardiovascular_disease": "cardiovascular disease",
    "multiple_comorbidity": "several comorbidities",
    "no_antibiotic_prophylaxis": "no antibiotic prophylaxis and no G-CSF",
    "mucositis": "mucositis",
}
FLAG_TEXTS = {
    "sepsis_signs": "signs of sepsis",
    "expected_duration_over_10_days": "neutropenia of more than 10 days expected",
    "pneumonia": "pneumonia",
    "documented_infection": "documented infection",
    "invasive_fungal_infection": "invasive fungal infection",
    "uncontrolled_disease": "uncontrolled primary disease",
    "hypotension": "hypotension or organ dysfunction",
}
ONE = Decimal(1)
UNIT_SHARES = {
    "bilirubin": {"mg/dl": (ONE, ONE), "umol/l": (Decimal(2), Decimal("34.2"))},
    "creatinine_clearance": {"ml/min": (ONE, ONE)},
    "albumin": {"g/l": (ONE, ONE), "g/dl": (Decimal(10), ONE)},
}
"""(times, divided by): multiplied first, so that 34.2 umol/L is exactly 2.0 mg/dL."""


@dataclass(slots=True)
class Factors:
    """Factors that count, and inputs that are missing."""

    reasons: list[Reason]
    missing: list[Reason]


def completed_years(born: date, day: date) -> int:
    """Return completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def lab_quantity(name: str, value: Reported | None) -> Quantity | None:
    """Return a laboratory value in the unit in which the rules compute."""
    if value is None:
        return None
    parsed, share = parse_number(value.value), UNIT_SHARES[name].get(fold_unit(value.unit))
    if parsed is None or share is None:
        return None
    return Quantity(value=parsed[1] * share[0] / share[1], unit="", comparator=parsed[0])


def risk_factors(
    history: PatientHistory, rule: GcsfRule, dose_percent: str | None, hemoglobin: Quantity | None, earlier_fn: bool, now: datetime
) -> Factors:
    """Return the factors of the intermediate band by one guideline."""
    found = Factors([], [])
    for factor in rule.factors:
        if factor in history.patient.risk_factors:
            found.reasons.append(Reason(id=factor, text=TEXTS.get(factor, factor)))
    if "prior_fn_is_factor" in rule.flags and earlier_fn and "prior_fn" not in history.patient.risk_factors:
        found.reasons.append(Reason(id="prior_fn", text=TEXTS["prior_fn"]))
    _age(history, rule, dose_percent, now, found)
    for name in ("bilirubin", "creatinine_clearance", "albumin"):
        if name in rule.bounds:
            _judge(name, rule.bounds[name], lab_quantity(name, history.patient.labs.get(name)), found)
    if "hemoglobin" in rule.bounds:
        _judge("hemoglobin", rule.bounds["hemoglobin"], hemoglobin_in(hemoglobin, "g/dL") if hemoglobin else None, found)
    if "female_is_factor" in rule.flags:
        _female(history, found)
    return found


def _female(history: PatientHistory, found: Factors) -> None:
    if history.patient.sex is None or history.patient.sex is Sex.UNKNOWN:
        found.missing.append(Reason(id="sex", text="sex not recorded"))
    elif history.patient.sex is Sex.FEMALE:
        found.reasons.append(Reason(id="sex", text="female"))


def _age(history: PatientHistory, rule: GcsfRule, dose_percent: str | None, now: datetime, found: Factors) -> None:
    if history.patient.birth_date is None:
        found.missing.append(Reason(id="birth_date", text="birth date not recorded"))
        return
    bound = rule.bounds["age"]
    if not bound.holds(Decimal(completed_years(history.patient.birth_date, now.date()))):
        return
    if "age_needs_full_dose" in rule.flags:
        if dose_percent is None:
            found.missing.append(Reason(id="dose_percent", text="dose of the cycle not recorded"))
            return
        parsed = parse_number(dose_percent.removesuffix("%"))
        if parsed is None or parsed[1] != 100:
            return
    found.reasons.append(Reason(id="age", text=f"age {bound.text} years"))


def _judge(name: str, bound: Bound, quantity: Quantity | None, found: Factors) -> None:
    label = name.replace("_", " ")
    verdict = bound.judge(quantity)
    if verdict is None:
        found.missing.append(Reason(id=name, text=f"{label} not known"))
    elif verdict:
        found.reasons.append(Reason(id=name, text=f"{label} {bound.text} {bound.unit}"))


def therapeutic_factors(
    history: PatientHistory, rule: GcsfRule, latest: Quantity | None, profound: Bound, earlier_fn: bool, now: datetime
) -> Factors:
    """Return the factors that let G-CSF be considered in established febrile neutropenia."""
    found = Factors([], [])
    for factor in rule.therapeutic_factors:
        if factor in FLAG_TEXTS and history.episode.flags.get(factor):
            found.reasons.append(Reason(id=factor, text=FLAG_TEXTS[factor]))
    _therapeutic_age(history, rule, now, found)
    if "profound" in rule.therapeutic_factors and profound.judge(latest):
        found.reasons.append(Reason(id="profound", text=f"ANC {profound.text} ×10⁹/L"))
    mascc = history.episode.mascc or {}
    if "inpatient_at_onset" in rule.therapeutic_factors and mascc.get("outpatient_at_onset") is False:
        found.reasons.append(Reason(id="inpatient_at_onset", text="in hospital at onset of fever"))
    if "prior_fn" in rule.therapeutic_factors and (earlier_fn or "prior_fn" in history.patient.risk_factors):
        found.reasons.append(Reason(id="prior_fn", text=TEXTS["prior_fn"]))
    return found


def _therapeutic_age(history: PatientHistory, rule: GcsfRule, now: datetime, found: Factors) -> None:
    born = history.patient.birth_date
    if born is None:
        found.missing.append(Reason(id="birth_date", text="birth date not recorded"))
    elif rule.bounds["therapeutic_age"].holds(Decimal(completed_years(born, now.date()))):
        found.reasons.append(Reason(id="age", text=f"age {rule.bounds['therapeutic_age'].text} years"))
