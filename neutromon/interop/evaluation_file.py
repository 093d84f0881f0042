"""The evaluation as a document `neutromon-evaluation/1`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from neutromon.models.evaluation import (
    Anc,
    CountEvaluation,
    DayOne,
    Evaluation,
    Finding,
    GcsfAdvice,
    GcsfTiming,
    Nadir,
    Problem,
    Reason,
    Score,
)
from neutromon.models.quantity import plain_decimal

FORMAT = "neutromon-evaluation/1"


def evaluation_document(evaluation: Evaluation) -> dict[str, Any]:
    """Return the evaluation in the contract's shape; numbers of counts are text, unrounded."""
    course = evaluation.gcsf_course
    document: dict[str, Any] = {
        "format": FORMAT,
        "now": evaluation.now.isoformat(),
        "protocol_version": evaluation.protocol_version,
        "rule_sets": [{"id": r.id, "version": r.version, "sha256": r.sha256} for r in evaluation.rule_sets],
        "cycle": evaluation.cycle,
        "cycle_day": evaluation.cycle_day,
        "counts": [_count(count) for count in evaluation.counts],
        "febrile_neutropenia": dict(evaluation.febrile_neutropenia),
        "gcsf": {name: _advice(advice) for name, advice in evaluation.gcsf.items()},
        "gcsf_timing": [_timing(timing) for timing in evaluation.gcsf_timing],
        "gcsf_course": {"product": course.product, "verdict": course.verdict, "source": course.source} if course else None,
        "day1": _day1(evaluation.day1) if evaluation.day1 else None,
        "scores": {name: _score(score) for name, score in evaluation.scores.items()},
        "nadirs": [_nadir(nadir) for nadir in evaluation.nadirs],
        "findings": [_finding(finding) for finding in evaluation.findings],
    }
    if evaluation.problems:
        document["problems"] = [_problem(problem) for problem in evaluation.problems]
    return document


def _time(value: datetime | date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _anc(anc: Anc) -> dict[str, Any]:
    if anc.quantity is None:
        return {"comparator": None, "value": None, "unit": None, "origin": anc.origin.value}
    return {
        "comparator": anc.quantity.comparator.value,
        "value": plain_decimal(anc.quantity.value),
        "unit": anc.quantity.unit,
        "origin": anc.origin.value,
        "basis": anc.basis,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    written = {"code": problem.code, "field": problem.field, "severity": problem.severity.value, "text": problem.text}
    return written | ({"suggestion": problem.suggestion} if problem.suggestion else {})


def _count(count: CountEvaluation) -> dict[str, Any]:
    return {
        "collected_at": _time(count.collected_at),
        "cycle": count.cycle,
        "cycle_day": count.cycle_day,
        "anc": _anc(count.anc),
        "problems": [_problem(problem) for problem in count.problems],
        "grades": {
            version: {name: list(grades) if grades is not None else None for name, grades in by_name.items()}
            for version, by_name in count.grades.items()
        },
        "profound": count.profound,
    }


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, str]]:
    return [{"id": reason.id, "text": reason.text} for reason in reasons]


def _advice(advice: GcsfAdvice) -> dict[str, Any]:
    return {
        "band": advice.band,
        "advice": advice.advice,
        "reasons": _reasons(advice.reasons),
        "cautions": _reasons(advice.cautions),
        "missing": _reasons(advice.missing),
    }


def _timing(timing: GcsfTiming) -> dict[str, Any]:
    written = {
        "product": timing.product,
        "given_at": _time(timing.given_at),
        "verdict": timing.verdict,
        "source": timing.source,
        "text": timing.text,
    }
    return written | ({"planned": True} if timing.planned else {})


def _day1(check: DayOne) -> dict[str, Any]:
    return {
        "rule": check.rule,
        "meets": check.meets,
        "limiting": check.limiting,
        "dose_percent": check.dose_percent,
        "text": check.text,
        "target_date": check.target_date,
    }


def _score(score: Score) -> dict[str, Any]:
    written: dict[str, Any] = {"score": score.score, "risk": score.risk, "missing": list(score.missing)}
    return written | (
        {"applicable": score.applicable, "reasons": list(score.reasons)} if score.applicable is not None or score.reasons else {}
    )


def _nadir(nadir: Nadir) -> dict[str, Any]:
    days = nadir.days_below_0_5
    return {
        "cycle": nadir.cycle,
        "value": nadir.value,
        "cycle_day": nadir.cycle_day,
        "sampled_in_window": nadir.sampled_in_window,
        "samples_in_window": nadir.samples_in_window,
        "days_below_0_5": {"low": float(days[0]), "high": float(days[1])} if days else None,
        "recovery_day": nadir.recovery_day,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    basis = finding.basis
    return {
        "rule": finding.rule,
        "tier": finding.tier.value,
        "key": finding.key,
        "text": finding.text,
        "lines": list(finding.lines),
        "cycle": finding.cycle,
        "basis": {
            "guideline": basis.guideline,
            "version": basis.version,
            "inputs": list(basis.inputs),
            "missing": list(basis.missing),
            "rule_file": basis.rule_file,
            "needs_sign_off": basis.needs_sign_off,
        },
    }
