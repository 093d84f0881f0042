"""Late results: an old low count that has just come in, and what it would have been in its time; never a siren (product 3.5)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from neutromon.models.evaluation import CountEvaluation, Evaluation, Finding, Tier
from neutromon.models.history import CountSample, Episode, PatientHistory
from neutromon.rules.counts import is_withdrawn
from neutromon.rules.febrile import Reading, read_temperatures
from neutromon.rules.situation import WORDS, Facts, Words, count_words, finding

RULE = "count.late_result"
FAMILY = "anc"
FN_FAMILY = "fn"
JUDGED = (FN_FAMILY, "anc", "trend")
NAMES = {
    "fn.confirmed": "febrile neutropenia",
    "fn.suspected": "suspected febrile neutropenia",
    "fever.only": "fever beside this count",
    "anc.profound": "profound neutropenia",
    "anc.protracted": "protracted severe neutropenia",
    "anc.grade4": "severe neutropenia",
    "anc.off_pattern": "a count off the expected pattern",
}
AUDIT = "back-dated febrile neutropenia: flagged for audit"
Again = Callable[[PatientHistory, datetime], Evaluation]
"""Evaluates a history at another moment by the same rules and protocol."""


def with_late_results(facts: Facts, evaluation: Evaluation, again: Again) -> Evaluation:
    """Return the evaluation with its late results: the latest low count, and each cycle's first febrile neutropenia of the past."""
    found: dict[object, Finding] = {}
    for count in _late_counts(facts):
        one = _late(facts, count, again)
        if one is not None:
            found.setdefault(one.key if count is facts.latest else count.cycle, one)
    return replace(evaluation, findings=tuple(sorted((*evaluation.findings, *found.values()), key=_order))) if found else evaluation


def _order(one: Finding) -> tuple[Tier, str, str]:
    return one.tier, one.rule, one.key


def _late_counts(facts: Facts) -> Iterator[CountEvaluation]:
    """Give the low counts, in order of time, that were older than their validity when they came in within the last day."""
    if facts.history.monitoring and facts.history.course is None:
        return
    received = {sample.id: at for sample in facts.history.counts if sample.id and (at := _received(sample)) is not None}
    newest = timedelta(days=facts.numbers.wholes["late_result_days"])
    for count in facts.known:
        at = received.get(count.sample_id)
        if at is None or facts.now - at > newest or facts.bound("grade3").judge(count.anc.quantity) is not True:
            continue
        if count.collected_at is not None and facts.now - count.collected_at > facts.validity:
            yield count


def _received(sample: CountSample) -> datetime | None:
    return sample.provenance.received_at if sample.provenance and not is_withdrawn(sample) else None


def _late(facts: Facts, count: CountEvaluation, again: Again) -> Finding | None:
    """Return the late result; one that is not the latest count only where it would have been febrile neutropenia."""
    is_latest = count is facts.latest
    moments = _moments(facts, count)
    if not is_latest and not any(hot for _, hot in moments):
        return None
    past = _worst(facts, count, [moment for moment, hot in moments if is_latest or hot], again)
    febrile = past is not None and past[0].family == FN_FAMILY and past[0].tier is Tier.EMERGENCY
    if not is_latest and not febrile:
        return None
    return finding(
        facts,
        RULE,
        Words(
            what=f"late result: {count_words(facts, count)}",
            why="Older than its validity; it says nothing of today",
            compare=_would_have_been(*past) if past is not None else "",
        ),
        key=f"late:{count.sample_id}",
        source=past[0].basis.guideline if past is not None else "NeutroMon",
        family=FAMILY,
        count=count,
        mechanism=past[0].rule if past is not None else "",
        inputs=_inputs(facts, past) if past is not None else (),
        note=AUDIT if febrile else "",
    )


def _moments(facts: Facts, count: CountEvaluation) -> list[tuple[datetime, bool]]:
    """Return the moments at which the count was the latest and in force, each with whether a fever stood beside it."""
    begin = count.collected_at
    assert begin is not None
    later = [c.collected_at for c in facts.known if c.collected_at is not None and c.collected_at > begin]
    end = min([begin + facts.validity, *later[:1]])
    readings, _ = read_temperatures(facts.history.temperatures, facts.book.numbers["plausibility"], facts.now)
    judged = timedelta(hours=facts.book.numbers["expected_fall"].wholes["temperature_hours"])
    hot = [reading.at for reading in readings if _is_hot(facts, reading)]
    moments = [begin, *(reading.at for reading in readings if begin < reading.at < end)]
    return [(moment, any(timedelta(0) <= moment - at <= judged for at in hot)) for moment in moments]


def _is_hot(facts: Facts, reading: Reading) -> bool:
    """Return whether a reading reaches the lowest temperature that any definition names."""
    named = [b.value for rule in facts.book.fn.values() for b in (rule.single, rule.sustained and rule.sustained.temperature) if b]
    return reading.celsius >= min(named)


def _worst(facts: Facts, count: CountEvaluation, moments: list[datetime], again: Again) -> tuple[Finding, datetime] | None:
    """Return the worst emergency or urgent finding of those moments, the first of equals."""
    found: list[tuple[Finding, datetime]] = []
    for moment in moments:
        judged = again(_known_by(facts.history, moment), moment).findings
        found += [(one, moment) for one in judged if one.tier <= Tier.URGENT and one.family in JUDGED and one.rule in NAMES]
    own = [pair for pair in found if count.sample_id in pair[0].sample_ids]
    return min(own, key=lambda pair: (pair[0].tier, pair[0].family != FN_FAMILY), default=None)


def _known_by(history: PatientHistory, moment: datetime) -> PatientHistory:
    """Return the history as far as it had happened; what a person decided of the present episode says nothing of the past."""
    return replace(
        history,
        counts=tuple(s for s in history.counts if s.collected_at is not None and s.collected_at <= moment),
        temperatures=tuple(t for t in history.temperatures if t.at is not None and t.at <= moment),
        symptoms=tuple(s for s in history.symptoms if s.at is not None and s.at <= moment),
        episode=Episode(),
    )


def _would_have_been(past: Finding, moment: datetime) -> str:
    return f"On {moment:%d %b %H:%M} it would have been {WORDS[past.tier]}: {NAMES[past.rule]} ({past.basis.guideline})"


def _inputs(facts: Facts, past: tuple[Finding, datetime]) -> tuple[str, ...]:
    """Return what the past finding rests on: its count, and the temperatures of the day before it."""
    one, moment = past
    readings, _ = read_temperatures(facts.history.temperatures, facts.book.numbers["plausibility"], facts.now)
    judged = timedelta(hours=facts.book.numbers["expected_fall"].wholes["temperature_hours"])
    near = [r for r in readings if timedelta(0) <= moment - r.at <= judged] if one.family == FN_FAMILY else []
    return (*one.basis.inputs, *(f"temperature {r.celsius:.1f} °C at {r.at.isoformat(timespec='minutes')}" for r in near))
