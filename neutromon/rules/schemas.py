"""Which keys a rule file of numbers must have, by its kind; what is not named here is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

COUNT = "10*9/L"
TEMPERATURE = "Cel"

Kinds = Mapping[str, str]
"""Keys of a row or table by kind: text, texts, whole, wholes, or the unit of a bound after "bound "; a "?" marks what may be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Keys of one kind of file: bounds by unit, decimals, whole numbers, pairs, lists, texts, and the keys of rows and tables."""

    bounds: Mapping[str, str] = field(default_factory=dict)
    decimals: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    rows: Mapping[str, Kinds] = field(default_factory=dict)
    tables: Mapping[str, Kinds] = field(default_factory=dict)


TIER_RULES = (
    "fn.confirmed",
    "fn.suspected",
    "sepsis.signs",
    "triage.red",
    "triage.amber",
    "fever.only",
    "fever.call",
    "anc.profound",
    "anc.protracted",
    "anc.grade4",
    "anc.grade3",
    "anc.rapid_fall",
    "anc.off_pattern",
    "anc.not_recovered",
    "anc.within_patient_limit",
    "count.overdue",
    "count.too_old",
    "count.not_in_window",
    "count.late_result",
    "gcsf.primary",
    "gcsf.secondary",
    "gcsf.therapeutic",
    "gcsf.timing",
    "gcsf.stop",
    "gcsf.caution",
    "prophylaxis.antibacterial",
    "prophylaxis.antifungal",
    "day1.not_met",
    "workup.unexplained",
    "clozapine.action",
    "clozapine.count_due",
    "forecast.day1_unlikely",
    "data.problem",
)

SCHEMAS: Mapping[str, Schema] = {
    "plausibility": Schema(
        bounds={
            "anc_per_litre_suspect": COUNT,
            "anc_per_microlitre_suspect": "/uL",
            "wbc_block": COUNT,
            "wbc_warn": COUNT,
            "platelets_warn": COUNT,
            "hemoglobin_block": "g/dL",
            "hemoglobin_looks_like_g_l": "g/dL",
            "hemoglobin_looks_like_g_l_to": "g/dL",
            "hemoglobin_looks_like_g_dl": "g/L",
            "sum_block": "%",
            "sum_warn": "%",
            "complete_sum_block": "%",
            "complete_sum_warn": "%",
            "temperature_block_below": TEMPERATURE,
            "temperature_block_above": TEMPERATURE,
            "temperature_fahrenheit_from": TEMPERATURE,
            "temperature_fahrenheit_to": TEMPERATURE,
            "bounded_below": COUNT,
        },
        decimals=("rapid_change_fold", "derived_difference", "derived_difference_percent"),
        wholes=("rapid_change_hours", "differential_cells"),
        lists=("one", "thousandth"),
    ),
    "expected_fall": Schema(
        bounds={"fall_below": COUNT},
        decimals=("fall_percent",),
        wholes=("days_before_window", "fall_hours", "suspected_weeks", "temperature_hours"),
        pairs=("high_risk_days",),
    ),
    "scores": Schema(
        tables={
            "mascc": {
                "low_risk": "bound points",
                "burden_none": "whole",
                "burden_mild": "whole",
                "burden_moderate": "whole",
                "burden_severe": "whole",
                "systolic": "bound mmHg",
                "systolic_points": "whole",
                "no_copd": "whole",
                "solid_or_no_fungal": "whole",
                "no_dehydration": "whole",
                "outpatient": "whole",
                "age": "bound a",
                "age_points": "whole",
            },
            "cisne": {
                "ecog": "bound grade",
                "ecog_points": "whole",
                "glucose": "bound mg/dL",
                "glucose_diabetes": "bound mg/dL",
                "glucose_points": "whole",
                "mg_dl_per_mmol_l": "text",
                "copd": "whole",
                "cardiovascular": "whole",
                "mucositis": "bound grade",
                "mucositis_points": "whole",
                "monocytes": f"bound {COUNT}",
                "monocytes_points": "whole",
                "intermediate": "bound points",
                "high": "bound points",
            },
        }
    ),
    "findings": Schema(
        bounds={
            "grade4": COUNT,
            "grade3": COUNT,
            "profound": COUNT,
            "rapid_fall_below": COUNT,
            "recovered": COUNT,
            "unexplained_below": COUNT,
            "duffy_below": COUNT,
            "other_platelets_below": COUNT,
            "leukocytosis": COUNT,
            "plan_cancelled_from": TEMPERATURE,
        },
        decimals=(
            "rapid_fall_percent",
            "wrong_patient_mcv",
            "other_lines_fall_percent",
            "deeper_than_own_share",
            "forecast_unlikely_below",
        ),
        wholes=(
            "protracted_days",
            "run_gap_days",
            "rapid_fall_hours",
            "not_recovered_after_days",
            "overdue_after_days",
            "unexplained_weeks",
            "treatment_days_ahead",
            "early_by_days",
            "late_by_days",
            "window_missed_days",
            "sign_hours",
            "plan_sign_days",
            "late_result_days",
            "data_days",
            "mcv_days",
            "amber_for_urgent",
        ),
        lists=("nadir_count_from_risk",),
        tables={
            "tier": dict.fromkeys(TIER_RULES, "whole"),
            "when": dict.fromkeys(TIER_RULES, "text"),
            "basis": dict.fromkeys(TIER_RULES, "text"),
            "who": dict.fromkeys(("1", "2", "3", "4"), "text"),
        },
    ),
    "depth": Schema(
        rows={
            "depth": {"label": "text", "below": f"bound {COUNT}", "source": "text"},
            "duration": {"label": "text", "more_than_days": "whole", "source": "text"},
        }
    ),
    "duffy_null": Schema(rows={"interval": {"population": "text", "low": f"bound {COUNT}", "high": f"bound {COUNT}"}}),
    "clozapine": Schema(
        bounds={"start": COUNT, "start_duffy_null": COUNT},
        wholes=("confirm_hours", "restart_after_days"),
        rows={
            "band": {
                "population": "text",
                "label": "text",
                "below": f"bound {COUNT}",
                "tier": "whole",
                "every_days": "whole",
                "text": "text",
            },
            "frequency": {"until_days?": "whole", "every_days": "whole", "text": "text"},
        },
    ),
    "prophylaxis": Schema(
        lists=("antifungal_names", "other_names"),
        texts=("expected_flag", "regimen_flag", "antibacterial", "antifungal"),
        rows={"guideline": {"id": "text", "antibacterial": "text", "antifungal?": "text", "source": "text"}},
    ),
    "gcsf_nice": Schema(texts=("integral_flag", "not_routine", "integral")),
    "causes": Schema(
        bounds={"confirmed_below": COUNT, "severe_below": COUNT},
        wholes=("persistent_days", "rituximab_from_days", "rituximab_to_days"),
        lists=("drugs_confirmed", "drugs_recalled"),
        rows={
            "class": {"name": "text", "members": "texts"},
            "step": {"id": "text", "trigger": "text", "ask": "texts", "source": "text"},
        },
    ),
    "triage": Schema(
        bounds={"call_from": TEMPERATURE, "call_below": TEMPERATURE},
        wholes=("antibiotic_minutes", "amber_for_assessment", "review_hours", "score_hours"),
        lists=("assessment",),
        texts=("masking",),
        rows={"flag": {"code": "text", "level": "text", "text": "text"}, "override": {"code": "text", "text": "text"}},
    ),
}
