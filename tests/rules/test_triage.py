"""The telephone call by its answers: bounds of temperature, red and amber, what was not asked."""

from decimal import Decimal

import pytest

from neutromon.rules.triage import CallAnswers, CallLevel, judge_call
from neutromon.services.rule_book import load_book

BOOK = load_book()
FLAGS = {row["code"]: row["level"] for row in BOOK.numbers["triage"].rows["flag"]}
AMBER = [code for code, level in FLAGS.items() if level == "amber"]
RED = [code for code, level in FLAGS.items() if level == "red"]


def level(celsius: str | None = "36.8", **signs: bool) -> CallLevel:
    return judge_call(CallAnswers(signs=signs, celsius=Decimal(celsius) if celsius else None), BOOK).level


@pytest.mark.parametrize(
    ("celsius", "expected"),
    [
        ("37.49", CallLevel.NO_SIGN),
        ("37.5", CallLevel.ASSESS),
        ("38.4", CallLevel.ASSESS),
        ("36.0", CallLevel.NO_SIGN),
        ("35.99", CallLevel.ASSESS),
    ],
)
def test_that_a_temperature_is_red_from_37_5_and_below_36(celsius: str, expected: CallLevel) -> None:
    assert level(celsius) is expected


@pytest.mark.parametrize("code", RED)
def test_that_any_red_sign_asks_for_face_to_face_assessment_and_starts_the_pathway(code: str) -> None:
    verdict = judge_call(CallAnswers(signs={code: True}), BOOK)
    assert verdict.level is CallLevel.ASSESS and verdict.starts_pathway


@pytest.mark.parametrize("code", AMBER)
def test_that_one_amber_sign_asks_for_a_review(code: str) -> None:
    verdict = judge_call(CallAnswers(signs={code: True}), BOOK)
    assert verdict.level is CallLevel.REVIEW and not verdict.starts_pathway


def test_that_two_amber_signs_ask_for_face_to_face_assessment_without_the_pathway() -> None:
    verdict = judge_call(CallAnswers(signs=dict.fromkeys(AMBER[:2], True)), BOOK)
    assert verdict.level is CallLevel.ASSESS and not verdict.starts_pathway


def test_that_a_sign_denied_counts_as_asked_and_one_not_asked_is_named() -> None:
    verdict = judge_call(CallAnswers(signs=dict.fromkeys(FLAGS, False) | {"rash": None}), BOOK)
    assert verdict.level is CallLevel.NO_SIGN
    assert verdict.not_asked == ("Temperature", "Rash or skin redness")


def test_that_an_absent_sign_is_never_called_reassuring() -> None:
    answers = CallAnswers(signs=dict.fromkeys(FLAGS, False), celsius=Decimal("36.8"), masked=False, count_known=True, recently_treated=True)
    verdict = judge_call(answers, BOOK)
    assert verdict.cautions == ("With few neutrophils there may be no pain, pus or redness: an absent sign is no reassurance.",)


def test_that_an_unknown_count_and_an_unknown_treatment_are_treated_as_at_risk() -> None:
    cautions = " ".join(judge_call(CallAnswers(), BOOK).cautions)
    assert "treat as at risk" in cautions and "within 6 weeks" in cautions and "may mask a fever" in cautions
