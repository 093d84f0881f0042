"""Febrile neutropenia "no" from an old count and without a temperature is shown as "cannot tell"; the answer itself stays."""

import pytest

from neutromon.models.protocol import Protocol
from neutromon.report.trend_report import headline
from neutromon.rules.fn_shown import shown_status, unfounded
from neutromon.ui.care.definitions import definition_rows
from tests.builders import NOW, a_count, a_course, a_fever, a_history, at
from tests.report.charted import evaluated

OLD = a_history(None, a_course(), [a_count("2.4", collected=at(-20))])
COOL = a_history(None, a_course(), [a_count("2.4", collected=at(-20))], temperatures=(a_fever("36.8"),))
FRESH = a_history(None, a_course(), [a_count("2.4", collected=at(hours=-3))])


def test_that_paper_says_why_it_cannot_be_told() -> None:
    assert "no" in evaluated(OLD).febrile_neutropenia.values()
    line = next(one for one in headline(OLD, evaluated(OLD), NOW, "ctcae-5.0", "") if one.label == "Febrile neutropenia")
    assert (line.text, line.strong) == ("cannot tell: count 20 d old, no temperature", True)


def test_that_the_screen_calls_no_definition_unmet() -> None:
    why = unfounded(OLD, evaluated(OLD), 72)
    assert {row.word for row in definition_rows(evaluated(OLD), Protocol(), why)} == {"cannot tell"}


@pytest.mark.parametrize("history", [COOL, FRESH], ids=["a temperature", "a fresh count"])
def test_that_either_of_both_is_enough_for_an_answer(history: object) -> None:
    assert unfounded(history, evaluated(history), 72) == ""  # type: ignore[arg-type]


def test_that_no_other_answer_is_touched() -> None:
    assert [shown_status(status, "old") for status in ("yes", "suspected", "borderline", "no")] == [
        "yes",
        "suspected",
        "borderline",
        "cannot_tell",
    ]
