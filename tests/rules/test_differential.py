"""The limits of a manual differential: shown near a bound, never used for a grade."""

from decimal import Decimal

import pytest

from neutromon.rules import evaluate
from neutromon.rules.differential import anc_limits, binomial_limits
from tests.builders import NOW, a_count, a_course, a_history, at, day
from tests.rules.rule_cases import book


@pytest.mark.parametrize(
    ("found", "cells", "low", "high"),
    [
        (0, 100, 0.0, 3.6),
        (5, 100, 1.6, 11.3),
        (10, 100, 4.9, 17.6),
        (20, 100, 12.7, 29.2),
        (50, 100, 39.8, 60.2),
        (10, 200, 2.4, 9.0),
        (20, 200, 6.2, 15.0),
        (100, 200, 42.9, 57.1),
        (100, 100, 96.4, 100.0),
    ],
)
def test_that_the_exact_limits_are_those_of_the_reference(found: int, cells: int, low: float, high: float) -> None:
    limits = binomial_limits(found, cells)
    assert [round(100 * limit, 1) for limit in limits] == [low, high]


def test_that_a_quarter_of_a_white_count_of_two_is_half_with_wide_limits() -> None:
    assert anc_limits(Decimal("2.0"), Decimal(25), 100) == (Decimal("0.34"), Decimal("0.69"))


def test_that_the_limits_stand_beside_a_manual_count_near_a_bound() -> None:
    count = a_count(wbc="2.0", segs_percent="20", bands_percent="4", method="manual", collected=at(hours=-2))
    found = evaluate(a_history(course=a_course(first=day(-11)), counts=[count]), book(), NOW)
    assert found.counts[0].anc.limits == (Decimal("0.32"), Decimal("0.67"))
    assert found.counts[0].grades["ctcae-5.0"]["neutrophils"] == (4,)
    assert ["95 % 0.32–0.67" in f.text for f in found.findings if f.rule == "anc.grade4"] == [True]


@pytest.mark.parametrize(("method", "wbc"), [("automated", "2.0"), (None, "2.0"), ("manual", "<2.0"), ("manual", "0")])
def test_that_other_counts_have_no_limits(method: str | None, wbc: str) -> None:
    count = a_count(wbc=wbc, segs_percent="20", method=method, collected=at(hours=-2))
    assert evaluate(a_history(counts=[count]), book(), NOW).counts[0].anc.limits is None


def test_that_limits_far_from_every_bound_are_not_spoken_of() -> None:
    count = a_count(wbc="0.4", segs_percent="60", method="manual", collected=at(hours=-2))
    found = evaluate(a_history(course=a_course(first=day(-11)), counts=[count]), book(), NOW)
    assert found.counts[0].anc.limits == (Decimal("0.20"), Decimal("0.28"))
    assert ["95 %" in f.text for f in found.findings if f.rule == "anc.grade4"] == [False]


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("automated", "; automated: IDSA 2010 asks for a smear"),
        (None, "; if automated: IDSA 2010 asks for a smear"),
        ("manual", "×10⁹/L; "),
    ],
)
def test_that_a_profound_count_asks_for_a_smear_by_how_it_was_made(method: str | None, said: str) -> None:
    count = a_count("0.05", wbc="0.9", method=method, collected=at(hours=-2))
    found = evaluate(a_history(course=a_course(first=day(-11)), counts=[count]), book(), NOW)
    assert [said in f.text for f in found.findings if f.rule == "anc.profound"] == [True]
