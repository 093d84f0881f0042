"""Which keys a rule file of numbers must have, by its kind: bounds with their unit, whole numbers, lists, rows, tables, texts."""

from collections.abc import Mapping

COUNT = "10*9/L"

SCHEMAS: Mapping[str, Mapping[str, Mapping[str, str] | tuple[str, ...]]] = {
    "plausibility": {
        "bounds": {
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
            "temperature_block_below": "Cel",
            "temperature_block_above": "Cel",
            "temperature_fahrenheit_from": "Cel",
            "temperature_fahrenheit_to": "Cel",
            "bounded_below": COUNT,
        },
        "decimals": ("rapid_change_fold", "derived_difference", "derived_difference_percent"),
        "wholes": ("rapid_change_hours",),
        "lists": ("one", "thousandth"),
    },
    "expected_fall": {
        "bounds": {"fall_below": COUNT},
        "decimals": ("fall_percent",),
        "wholes": ("days_before_window", "fall_hours", "suspected_weeks", "temperature_hours"),
        "pairs": ("high_risk_days",),
    },
    "scores": {"tables": ("mascc", "cisne")},
    "findings": {
        "bounds": {
            "grade4": COUNT,
            "grade3": COUNT,
            "profound": COUNT,
            "rapid_fall_below": COUNT,
            "recovered": COUNT,
            "unexplained_below": COUNT,
        },
        "decimals": ("rapid_fall_percent", "wrong_patient_mcv", "other_lines_fall_percent", "deeper_than_own_share"),
        "wholes": (
            "protracted_days",
            "rapid_fall_hours",
            "not_recovered_after_days",
            "count_validity_hours",
            "overdue_after_days",
            "unexplained_weeks",
            "treatment_days_ahead",
        ),
        "lists": ("nadir_count_from_risk",),
        "tables": ("tier",),
    },
    "duffy_null": {"rows": ("interval",)},
    "clozapine": {"rows": ("band",)},
    "prophylaxis": {"wholes": ("protracted_days",), "texts": ("expected_flag", "regimen_flag", "antibacterial", "antifungal")},
    "causes": {"lists": ("drugs_confirmed", "drugs_recalled"), "rows": ("class", "step")},
    "triage": {
        "bounds": {"call_from": "Cel", "call_below": "Cel"},
        "wholes": ("antibiotic_minutes", "amber_for_assessment", "review_hours", "score_hours"),
        "lists": ("assessment",),
        "texts": ("masking",),
        "rows": ("flag", "override"),
    },
}
