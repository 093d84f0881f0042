"""Findings on data: blocked values and readings that count as unknown until a person has looked at them."""

from collections.abc import Iterator
from datetime import timedelta

from neutromon.models.evaluation import CountEvaluation, Finding, Problem, Severity
from neutromon.rules.situation import Facts, Words, finding, place_words

FAMILY = "data"
ASKED = frozenset({"differential_missing", "derived_differs_from_reported", "rapid_change", "duplicate"})


def data_findings(facts: Facts) -> Iterator[Finding]:
    """Give one finding for each blocked value of the last fortnight, and for the warnings of the latest count."""
    span = timedelta(days=facts.numbers.wholes["data_days"])
    for count in facts.evaluation.counts:
        if not count.problems:
            continue
        recent = count.collected_at is None or facts.now - count.collected_at <= span
        for problem in count.problems:
            blocked = problem.severity is Severity.BLOCK and recent
            asked = problem.code in ASKED and count is facts.latest and recent
            if blocked or asked:
                yield _of_count(facts, count, problem)
    for problem in facts.evaluation.problems:
        words = Words(what=problem.text, why="It counts as unknown until it is corrected")
        key = f"data:{problem.field}:{problem.code}"
        yield finding(
            facts, "data.problem", words, key=key, source="plausibility", family=FAMILY, inputs=(problem.text,), mechanism=problem.code
        )


def _of_count(facts: Facts, count: CountEvaluation, problem: Problem) -> Finding:
    when = count.collected_at.isoformat(timespec="minutes") if count.collected_at else "unknown time"
    shown = f"{count.collected_at.astimezone(facts.now.tzinfo):%d %b %Y %H:%M}" if count.collected_at else when
    why = "It counts as unknown until a person has confirmed it" if problem.severity is Severity.BLOCK else ""
    words = Words(what=f"{problem.text.rstrip('.')} ({shown}{place_words(count)})", why=why)
    key = f"data:{count.sample_id or when}:{problem.field or '-'}:{problem.code}"
    return finding(
        facts,
        "data.problem",
        words,
        key=key,
        source="plausibility",
        family=FAMILY,
        count=count,
        inputs=(problem.text,),
        mechanism=problem.code,
    )
