"""The telephone call: red, amber or no sign reported, by the answers given (reference 9); silence is never reassurance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from neutromon.rules.book import RuleBook
from neutromon.rules.book_parts import Numbers


class CallLevel(StrEnum):
    """What the answers ask for; there is no level that says that all is well."""

    ASSESS = "assess"
    REVIEW = "review"
    NO_SIGN = "no_sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswers:
    """What the caller said: each sign True, False or None (not asked), the temperature in °C or None (not measured)."""

    signs: Mapping[str, bool | None] = field(default_factory=dict)
    celsius: Decimal | None = None
    masked: bool | None = None
    count_known: bool = False
    recently_treated: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallVerdict:
    """The level with what decided it, what was not asked, and what must be borne in mind."""

    level: CallLevel
    red: tuple[str, ...] = ()
    amber: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    @property
    def starts_pathway(self) -> bool:
        """Return whether the febrile-neutropenia pathway is proposed: any red answer."""
        return bool(self.red)


def judge_call(answers: CallAnswers, book: RuleBook) -> CallVerdict:
    """Return red where any answer is red or enough are amber, review for one amber, else that no sign was reported."""
    rules = book.numbers["triage"]
    red = [*_temperature(answers.celsius, rules), *_given(answers, rules, "red")]
    amber = _given(answers, rules, "amber")
    asked = [row["text"] for row in rules.rows["flag"] if answers.signs.get(row["code"]) is None]
    return CallVerdict(
        level=_level(len(red), len(amber), rules),
        red=tuple(red),
        amber=tuple(amber),
        not_asked=(*(() if answers.celsius is not None else ("Temperature",)), *asked),
        cautions=tuple(_cautions(answers, rules, book)),
    )


def _level(red: int, amber: int, rules: Numbers) -> CallLevel:
    if red or amber >= rules.wholes["amber_for_assessment"]:
        return CallLevel.ASSESS
    return CallLevel.REVIEW if amber else CallLevel.NO_SIGN


def _given(answers: CallAnswers, rules: Numbers, level: str) -> list[str]:
    return [row["text"] for row in rules.rows["flag"] if row["level"] == level and answers.signs.get(row["code"]) is True]


def _temperature(celsius: Decimal | None, rules: Numbers) -> list[str]:
    if celsius is None or not (rules.bounds["call_from"].holds(celsius) or rules.bounds["call_below"].holds(celsius)):
        return []
    return [f"Temperature {celsius} °C"]


def _cautions(answers: CallAnswers, rules: Numbers, book: RuleBook) -> list[str]:
    found = []
    if not answers.count_known:
        found.append("No current count is known: treat as at risk until it is.")
    if answers.masked is not False:
        found.append(rules.texts["masking"])
    if answers.recently_treated is None:
        weeks = book.numbers["expected_fall"].wholes["suspected_weeks"]
        found.append(f"The last treatment is not known: assume that it was within {weeks} weeks.")
    found.append("With few neutrophils there may be no pain, pus or redness: an absent sign is no reassurance.")
    return found
