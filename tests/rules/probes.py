"""For each limit of the rule files, a chart in which the evaluation shows on which side of the limit a value lies."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from neutromon.models.evaluation import Evaluation
from neutromon.models.quantity import Quantity
from neutromon.rules.depth import depth_label, duffy_populations
from neutromon.rules.schemas import COUNT
from neutromon.rules.triage import CallAnswers, judge_call
from tests.rules.rule_cases import book, evaluation_of

Probe = Callable[[Decimal], bool]
NO_FALL = {"expected_fall_below_0_5": False, "sepsis_signs": False}
FALL = {"expected_fall_below_0_5": True, "sepsis_signs": False}
HOT = [{"minutes": m, "celsius": "39.5", "route": route} for m in (180, 0) for route in ("axillary", "oral")]
TREATED = {"regimen": "R-CHOP-21", "cycle_day": 12}
MASCC = {
    "burden": "none",
    "systolic_bp": "120",
    "copd": False,
    "tumour": "solid",
    "dehydration_needing_iv_fluids": False,
    "outpatient_at_onset": True,
    "age": 45,
}
CISNE = {
    "ecog": 0,
    "glucose": {"value": "100", "unit": "mg/dL"},
    "diabetes_or_steroids": False,
    "copd": False,
    "cardiovascular_disease": False,
    "mucositis_grade": 0,
    "monocytes": {"value": "300", "unit": "/uL"},
    "solid_tumour": True,
    "stable": True,
}


def ev(**case: Any) -> Evaluation:
    return evaluation_of(case)


def fires(evaluation: Evaluation, *rules: str) -> bool:
    return bool({finding.rule for finding in evaluation.findings} & set(rules))


def has_problem(evaluation: Evaluation, code: str, severity: str | None = None) -> bool:
    every = [*evaluation.problems, *(problem for count in evaluation.counts for problem in count.problems)]
    return any(problem.code == code and severity in {None, problem.severity.value} for problem in every)


def probe_of(path: str) -> Probe:
    """Return the probe of a path of `bounds.all_bounds`; KeyError where nobody wrote one."""
    kind, *rest = path.split(".", 1)
    return {"grades": _grades, "fn": _fn, "gcsf": _gcsf, "products": _products, "day1": _day1, "numbers": _numbers}[kind](rest[0])


def _grades(rest: str) -> Probe:
    return lambda v: ev(anc=str(v)).counts[0].profound is True


def _fn(rest: str) -> Probe:
    name = next(own for own in book().fn if rest.startswith(f"{own}."))
    rule, part = book().fn[name], rest.removeprefix(f"{name}.")
    route = rule.route or "oral"

    def yes(**case: Any) -> bool:
        return ev(chart={"episode": NO_FALL}, **case).febrile_neutropenia[name] == "yes"

    def held(celsius: object, minutes: object) -> bool:
        return yes(anc="0.01", readings=[{"minutes": m, "celsius": str(celsius), "route": route} for m in (minutes, 0)])

    sustained = rule.sustained.temperature.value + Decimal("0.1") if rule.sustained else None
    probes: Mapping[str, Probe] = {
        "anc": lambda v: yes(anc=str(v), readings=HOT),
        "expected_fall_bound": lambda v: ev(anc=str(v), readings=HOT, chart={"episode": FALL}).febrile_neutropenia[name] == "yes",
        "single": lambda v: yes(anc="0.01", fever=str(v)),
        "sustained.temperature": lambda v: held(v, 200),
        "sustained.minutes": lambda v: held(sustained, v),
    }
    return probes[part]


def a_patient(born: str = "1980-01-31", bilirubin: object = "0.8", clearance: object = "90", albumin: object = "40") -> dict[str, Any]:
    labs = {
        "bilirubin": {"value": str(bilirubin), "unit": "mg/dL"},
        "creatinine_clearance": {"value": str(clearance), "unit": "mL/min"},
        "albumin": {"value": str(albumin), "unit": "g/L"},
    }
    return {"birth_date": born, "sex": "male", "labs": labs}


def _gcsf(rest: str) -> Probe:
    name, part = rest.split(".", 1)

    def planned(risk: object = "15", hb: object = "14", **patient: Any) -> Any:
        chart = {"patient": a_patient(**patient), "course": {"fn_risk_percent": str(risk)}}
        return ev(planned_in=1, anc="4.0", hb=str(hb), fever="36.7", chart=chart).gcsf[name]

    def in_fn(born: str) -> Any:
        chart = {"patient": a_patient(born), "episode": NO_FALL}
        return ev(**TREATED, planned_in=10, anc="0.3", fever="38.6", chart=chart).gcsf[name]

    def counts(advice: Any, factor: str) -> bool:
        return factor in {reason.id for reason in advice.reasons}

    def born(age: Decimal) -> str:
        return date(2026 - int(age), 3, 12).isoformat()

    def afebrile(value: Decimal) -> bool:
        return ev(**TREATED, anc=str(value), fever="36.7", chart={"episode": NO_FALL}).gcsf[name].advice == "not_routine"

    probes: Mapping[str, Probe] = {
        "high": lambda v: planned(risk=v).band == "high",
        "intermediate": lambda v: planned(risk=v).band in {"high", "intermediate"},
        "bounds.age": lambda v: counts(planned(born=born(v)), "age"),
        "bounds.therapeutic_age": lambda v: counts(in_fn(born(v)), "age"),
        "bounds.afebrile_not_routine": afebrile,
        "bounds.hemoglobin": lambda v: counts(planned(hb=v), "hemoglobin"),
        "bounds.albumin": lambda v: counts(planned(albumin=v), "albumin"),
        "bounds.bilirubin": lambda v: counts(planned(bilirubin=v), "bilirubin"),
        "bounds.creatinine_clearance": lambda v: counts(planned(clearance=v), "creatinine_clearance"),
    }
    return probes[part]


def _products(rest: str) -> Probe:
    daily = [{"product": "filgrastim", "given_at": f"2026-03-{day:02d}T08:00:00+00:00"} for day in range(4, 13)]

    def verdict(value: Decimal) -> str:
        course = ev(**TREATED, anc=str(value), chart={"growth_factors": daily}).gcsf_course
        assert course is not None
        return course.verdict

    return {"stop_above": lambda v: verdict(v) == "stop", "may_stop_from": lambda v: verdict(v) in {"stop", "may_stop"}}[rest]


def _day1(rest: str) -> Probe:
    name, part = rest.split(".", 1)
    group, _, quantity = part.partition(".")
    cycles: list[dict[str, Any]] = [{"number": 1, "day1": "2026-03-05"}, {"number": 2, "planned_day1": "2026-03-13"}]
    if group == "first_cycle":
        cycles = [{"number": 1, "planned_day1": "2026-03-13"}]
    elif group == "later_day":
        cycles[0]["treatment_days"] = [{"day": 8, "planned": "2026-03-12"}]

    def check(value: Decimal) -> bool:
        values = {"anc": "9", "plt": "300", "hb": "14", "fever": "36.7"}
        short = {"platelets": "plt", "hemoglobin": "hb", "": "fever"}.get(quantity, quantity)
        case = values | {short: str(value)}
        found = ev(**case, chart={"course": {"day1_rule": name, "cycles": cycles}}).day1
        assert found is not None and found.rule == name
        if group == "fever":
            return found.limiting == "fever"
        return found.dose_percent == 100 if group == "full" else found.meets is True

    return check


def _numbers(rest: str) -> Probe:
    kind, part = rest.split(".", 1)
    return {
        "plausibility": _plausibility,
        "expected_fall": _expected_fall,
        "scores": _scores,
        "findings": _findings,
        "depth": _depth,
        "duffy_null": _duffy,
        "clozapine": _clozapine,
        "causes": _causes,
        "triage": _triage,
    }[kind](part)


def _plausibility(part: str) -> Probe:
    def differential(lymphocytes: Decimal, complete: bool = False) -> Evaluation:
        count = {
            "collected_at": "2026-03-12T07:00:00+00:00",
            "wbc": {"value": "2.0", "unit": COUNT},
            "segs_percent": "60",
            "lymphocytes_percent": str(lymphocytes - 60),
            "differential_complete": complete,
        }
        return ev(chart={"counts": [count]})

    def fahrenheit(value: Decimal) -> bool:
        return has_problem(ev(anc="2.0", fever=str(value)), "unit_suspect")

    probes: Mapping[str, Probe] = {
        "anc_per_litre_suspect": lambda v: has_problem(ev(anc=str(v)), "unit_suspect"),
        "anc_per_microlitre_suspect": lambda v: has_problem(ev(anc=f"{v:.3f}", anc_unit="/uL"), "unit_suspect"),
        "wbc_block": lambda v: has_problem(ev(wbc=str(v), anc="2.0"), "implausible", "block"),
        "wbc_warn": lambda v: has_problem(ev(wbc=str(v), anc="2.0"), "implausible"),
        "platelets_warn": lambda v: has_problem(ev(plt=str(v), anc="2.0"), "implausible"),
        "hemoglobin_block": lambda v: has_problem(ev(hb=str(v), anc="2.0"), "implausible"),
        "hemoglobin_looks_like_g_l": lambda v: has_problem(ev(hb=str(v), anc="2.0"), "unit_suspect"),
        "hemoglobin_looks_like_g_l_to": lambda v: has_problem(ev(hb=str(v), anc="2.0"), "unit_suspect"),
        "hemoglobin_looks_like_g_dl": lambda v: has_problem(ev(hb=str(v), hb_unit="g/L", anc="2.0"), "unit_suspect"),
        "sum_block": lambda v: has_problem(differential(v), "differential_sum", "block"),
        "sum_warn": lambda v: has_problem(differential(v), "differential_sum"),
        "complete_sum_block": lambda v: has_problem(differential(v, True), "differential_sum", "block"),
        "complete_sum_warn": lambda v: has_problem(differential(v, True), "differential_sum"),
        "temperature_block_below": lambda v: has_problem(ev(anc="2.0", fever=str(v)), "impossible"),
        "temperature_block_above": lambda v: has_problem(ev(anc="2.0", fever=str(v)), "impossible"),
        "temperature_fahrenheit_from": fahrenheit,
        "temperature_fahrenheit_to": fahrenheit,
        "bounded_below": lambda v: ev(wbc=str(v)).counts[0].anc.origin.value == "bounded",
    }
    return probes[part.removeprefix("bounds.")]


def _expected_fall(part: str) -> Probe:
    def expected(value: Decimal) -> bool:
        case = {"regimen": "R-CHOP-21", "cycle_day": 20, "earlier": [{"hours": 26, "anc": "9"}], "fever": "38.6"}
        return ev(**case, anc=str(value), chart={"episode": {"sepsis_signs": False}}).febrile_neutropenia["idsa-2010"] == "yes"

    return {"bounds.fall_below": expected}[part]


def _scores(part: str) -> Probe:
    def mascc(**inputs: Any) -> int:
        found = ev(chart={"episode": {"mascc": MASCC | inputs}}).scores["mascc"].score
        assert found is not None
        return found

    def cisne(**inputs: Any) -> Any:
        return ev(chart={"episode": {"cisne": CISNE | inputs}}).scores["cisne"]

    totals: Mapping[int, dict[str, Any]] = {
        20: {"burden": "moderate", "copd": True},
        21: {"burden": "severe"},
        22: {"copd": True},
    }
    points: Mapping[int, dict[str, Any]] = {
        0: {},
        1: {"copd": True},
        2: {"ecog": 2},
        3: {"ecog": 2, "copd": True},
        4: {"ecog": 2, "copd": True, "cardiovascular_disease": True},
    }

    def low(total: Decimal) -> bool:
        return ev(chart={"episode": {"mascc": MASCC | totals[int(total)]}}).scores["mascc"].risk == "low"

    def glucose(value: Decimal, diabetes: bool) -> bool:
        return bool(cisne(glucose={"value": str(value), "unit": "mg/dL"}, diabetes_or_steroids=diabetes).score)

    probes: Mapping[str, Probe] = {
        "mascc.low_risk": low,
        "mascc.systolic": lambda v: mascc(systolic_bp=str(v)) == 26,
        "mascc.age": lambda v: mascc(age=int(v)) == 26,
        "cisne.ecog": lambda v: bool(cisne(ecog=int(v)).score),
        "cisne.glucose": lambda v: glucose(v, False),
        "cisne.glucose_diabetes": lambda v: glucose(v, True),
        "cisne.mucositis": lambda v: bool(cisne(mucositis_grade=int(v)).score),
        "cisne.monocytes": lambda v: bool(cisne(monocytes={"value": str(v), "unit": COUNT}).score),
        "cisne.intermediate": lambda v: cisne(**points[max(int(v), 0)]).risk in {"intermediate", "high"},
        "cisne.high": lambda v: cisne(**points[int(v)]).risk == "high",
    }
    return probes[part.removeprefix("tables.")]


def _findings(part: str) -> Probe:
    peg = [{"product": "pegfilgrastim", "given_at": "2026-03-05T13:00:00+00:00"}]
    duffy = {"duffy_null": True, "anc_lower_limit": {"value": "0.9", "unit": COUNT}}

    def recovered(value: Decimal) -> bool:
        return ev(**TREATED, anc=str(value), earlier=[{"days": 3, "anc": "0.3"}]).nadirs[0].recovery_day is not None

    def plan_off(celsius: Decimal) -> bool:
        found = ev(**TREATED, anc="0.3", fever=str(celsius), chart={"patient": {"expected_nadir_plan": True}})
        return next(finding for finding in found.findings if finding.rule == "anc.grade4").tier == 2

    def platelets(value: Decimal) -> bool:
        return fires(ev(**TREATED, anc="0.8", plt=str(value), earlier=[{"days": 9, "anc": "4", "plt": "400"}]), "anc.off_pattern")

    probes: Mapping[str, Probe] = {
        "grade4": lambda v: fires(ev(**TREATED, anc=str(v)), "anc.grade4", "anc.profound"),
        "grade3": lambda v: fires(ev(**TREATED, anc=str(v)), "anc.grade3", "anc.grade4", "anc.profound"),
        "profound": lambda v: fires(ev(**TREATED, anc=str(v)), "anc.profound"),
        "rapid_fall_below": lambda v: fires(ev(**TREATED, anc=str(v), earlier=[{"hours": 26, "anc": "9"}]), "anc.rapid_fall"),
        "recovered": recovered,
        "unexplained_below": lambda v: fires(ev(anc=str(v)), "workup.unexplained"),
        "duffy_below": lambda v: fires(ev(anc=str(v), chart={"patient": duffy}), "anc.within_patient_limit"),
        "other_platelets_below": platelets,
        "leukocytosis": lambda v: fires(ev(**TREATED, wbc=str(v), anc="9", chart={"growth_factors": peg}), "gcsf.caution"),
        "plan_cancelled_from": plan_off,
    }
    return probes[part.removeprefix("bounds.")]


def quantity(value: Decimal) -> Quantity:
    return Quantity(value=value, unit=COUNT)


def index_of(part: str) -> int:
    return int(part.partition("[")[2].partition("]")[0])


def _depth(part: str) -> Probe:
    labels = [row["label"] for row in book().numbers["depth"].rows["depth"]]
    deeper = set(labels[: index_of(part) + 1])
    return lambda v: depth_label(quantity(v), book()).partition(" (")[0] in deeper


def _duffy(part: str) -> Probe:
    population = book().numbers["duffy_null"].rows["interval"][index_of(part)]["population"]
    return lambda v: population in duffy_populations(quantity(v), book())


def _clozapine(part: str) -> Probe:
    def found(value: Decimal, duffy: bool) -> tuple[str, str]:
        chart = {"monitoring": "clozapine", "patient": {"duffy_null": duffy}}
        own = [f for f in ev(anc=str(value), chart=chart).findings if f.rule == "clozapine.action"]
        return (own[0].key, own[0].text) if own else ("", "")

    if part.startswith("bounds."):
        return lambda v: "Not to be started" not in found(v, part.endswith("duffy_null"))[1]
    row = book().numbers["clozapine"].rows["band"][index_of(part)]
    labels = ("mild", "moderate", "severe")
    worse = {f"clozapine:{label}" for label in labels[labels.index(row["label"]) :]}
    return lambda v: found(v, row["population"] == "duffy_null")[0] in worse


def _causes(part: str) -> Probe:
    def steps(value: Decimal) -> set[str]:
        found = ev(anc=str(value), earlier=[{"days": 3, "anc": str(value)}])
        return {step for f in found.findings if f.rule == "workup.unexplained" for step in f.mechanism.split(",")}

    return {"bounds.confirmed_below": lambda v: "second" in steps(v), "bounds.severe_below": lambda v: "marrow" in steps(v)}[part]


def _triage(part: str) -> Probe:
    return {
        "bounds.call_from": lambda v: judge_call(CallAnswers(celsius=v), book()).starts_pathway,
        "bounds.call_below": lambda v: judge_call(CallAnswers(celsius=v), book()).starts_pathway,
    }[part]
