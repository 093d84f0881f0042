"""Every case beside a rule file holds, every rule file has cases, and no rule is without one that makes it fire."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from neutromon.interop.evaluation_file import evaluation_document
from neutromon.rules.problems import ORDER
from neutromon.rules.schemas import TIER_RULES
from tests.rules.rule_cases import book, cases, cases_path, differences, evaluation_of, rule_files

CASES = list(cases())
BY_FORECAST = {"forecast.day1_unlikely"}
"""Given by a forecast and tested in test_forecast_finding."""


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case['title']}" for name, case in CASES])
def test_that_the_case_holds(name: str, case: Mapping[str, Any]) -> None:
    evaluation = evaluation_of(case)
    document = evaluation_document(evaluation)
    steps = {finding.mechanism for finding in evaluation.findings if finding.rule == "workup.unexplained"}
    fired = {finding["rule"] for finding in document["findings"]}
    assert list(differences(case.get("expect", {}), document)) == []
    assert set(case.get("fires", [])) - fired == set()
    assert set(case.get("silent", [])) & fired == set()
    assert "steps" not in case or steps == {case["steps"]}
    assert "expect" in case or "fires" in case or "silent" in case


@pytest.mark.parametrize("rule_file", rule_files(), ids=lambda path: path.name)
def test_that_the_rule_file_has_cases_beside_it(rule_file: Path) -> None:
    assert cases_path(rule_file).exists()


def test_that_no_cases_file_stands_without_its_rule_file() -> None:
    folder = rule_files()[0].parent
    known = {cases_path(path).name for path in rule_files()}
    assert {path.name for path in folder.glob("*.cases.toml")} <= known


def test_that_every_rule_is_made_to_fire_by_a_case_that_asks_for_it() -> None:
    asked = {rule for _, case in CASES for rule in case.get("fires", [])}
    assert asked | BY_FORECAST == set(TIER_RULES)


def test_that_every_answer_of_every_rule_file_is_reached() -> None:
    seen: dict[str, set[object]] = {
        name: set() for name in ("fn", "advice", "timing", "course", "day1", "mascc", "cisne", "caution", "step", "problem")
    }
    for _, case in CASES:
        evaluation = evaluation_of(case)
        seen["fn"] |= {(name, value) for name, value in evaluation.febrile_neutropenia.items()}
        seen["advice"] |= {(name, advice.advice) for name, advice in evaluation.gcsf.items()}
        seen["caution"] |= {caution.id for advice in evaluation.gcsf.values() for caution in advice.cautions}
        seen["timing"] |= {timing.verdict for timing in evaluation.gcsf_timing}
        seen["course"] |= {evaluation.gcsf_course.verdict} if evaluation.gcsf_course else set()
        seen["day1"] |= {evaluation.day1.rule} if evaluation.day1 else set()
        seen["problem"] |= {p.code for count in evaluation.counts for p in count.problems}
        for name, score in evaluation.scores.items():
            seen[name].add(score.risk)
        seen["step"] |= {step for f in evaluation.findings if f.rule == "workup.unexplained" for step in f.mechanism.split(",")}
    for name in book().fn:
        assert (name, "yes") in seen["fn"] and (name, "no") in seen["fn"]
    for name in book().gcsf:
        for advice in ("recommend", "consider", "observe", "not_indicated", "cannot_tell", "avoid"):
            assert (name, advice) in seen["advice"], (name, advice)
    nccn = {"continue", "no_additional", "not_routine", "reduce_or_change"}
    assert {("nccn", advice) for advice in nccn} <= seen["advice"]
    assert {("nice-cg151", "recommend"), ("nice-cg151", "not_routine")} <= seen["advice"]
    assert seen["caution"] == {caution.code for caution in book().products.cautions}
    assert seen["timing"] == {"allowed", "too_early_after_chemo", "too_close_to_next_chemo", "caution"}
    assert seen["course"] == {"continue", "may_stop", "stop"}
    assert seen["day1"] == set(book().day1)
    assert seen["mascc"] == {"low", "high", "cannot_tell"}
    assert seen["cisne"] == {"low", "intermediate", "high", "cannot_tell"}
    assert {"first", "second", "marrow"} <= seen["step"]
    assert seen["problem"] == set(ORDER)
