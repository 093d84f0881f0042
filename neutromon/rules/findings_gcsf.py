"""Findings on G-CSF: at most once per cycle and reason, never an order (product 3.5, reference 5.8)."""

from collections.abc import Iterator
from datetime import timedelta

from neutromon.models.evaluation import Finding, GcsfAdvice
from neutromon.rules.schedule import next_cycle, next_treatment, place
from neutromon.rules.situation import Facts, Words, finding

FAMILY = "gcsf"
SETTLED = frozenset({"concurrent_radiotherapy", "cdk46", "prior_fn", "prior_fn_with_gcsf"})
"""Reasons beside which neutropenia on the treatment day adds nothing: growth factor is ruled out, or asked for already."""


def gcsf_findings(facts: Facts) -> Iterator[Finding]:
    """Give primary, secondary and therapeutic considerations by the site's guideline, timing conflicts, and the stop rule."""
    guideline = facts.protocol.gcsf_guideline
    advice = facts.evaluation.gcsf.get(guideline)
    if advice is not None:
        yield from _consider(facts, guideline, advice)
        yield from _dose_limiting(facts, guideline, advice)
    for timing in facts.evaluation.gcsf_timing:
        if timing.verdict != "allowed" and timing.given_at is not None and (timing.planned or timing.given_at >= facts.now):
            words = Words(what=f"{timing.product} planned {timing.given_at:%d %b %H:%M}: {timing.text}", consider="Consider another time")
            key = f"timing:{timing.given_at.date().isoformat()}"
            yield finding(facts, "gcsf.timing", words, key=key, source=timing.source, family=FAMILY, inputs=(timing.text,))
    yield from _cautions(facts)
    course = facts.evaluation.gcsf_course
    if course is not None and course.verdict in {"stop", "may_stop"}:
        word = "is past its stop bound" if course.verdict == "stop" else "may stop by ASCO and ESMO"
        words = Words(what=f"daily {course.product} {word}", consider="Consider stopping")
        key = f"stop:c{facts.evaluation.cycle}"
        yield finding(facts, "gcsf.stop", words, key=key, source=course.source, family=FAMILY, count=facts.latest)


def _cautions(facts: Facts) -> Iterator[Finding]:
    """Give a sign or count of the last day that speaks of harm by a growth factor which was given in this cycle."""
    if not _given_in_cycle(facts):
        return
    noted = facts.symptoms_of(timedelta(hours=facts.numbers.wholes["sign_hours"]))
    found = [c.text for c in facts.book.products.cautions if c.kind == "symptom" and c.code in noted]
    wbc = facts.latest.values.get("wbc") if facts.latest is not None and facts.fresh else None
    if facts.bound("leukocytosis").judge(wbc) is True and wbc is not None:
        found.append(f"WBC {wbc.text} ×10⁹/L: leukocytosis on growth factor; evaluate before a further dose.")
    if found:
        words = Words(what=f"after growth factor: {' '.join(found)}", consider="Consider a review today")
        key = f"caution:c{facts.evaluation.cycle}"
        yield finding(facts, "gcsf.caution", words, key=key, source="US labels", family=FAMILY, inputs=tuple(found))


def _consider(facts: Facts, guideline: str, advice: GcsfAdvice) -> Iterator[Finding]:
    rule = _rule(facts, advice)
    if rule is None:
        return
    coming = next_cycle(facts.history.course)
    number = facts.evaluation.cycle if rule == "gcsf.therapeutic" else (coming.number if coming else facts.evaluation.cycle)
    reasons = "; ".join(reason.text for reason in advice.reasons)
    missing = tuple(reason.text for reason in advice.missing)
    kind = {"gcsf.primary": "primary prophylaxis", "gcsf.secondary": "secondary prophylaxis", "gcsf.therapeutic": "in established FN"}[rule]
    words = Words(
        what=f"consider G-CSF ({kind}) for C{number}: {advice.advice.replace('_', ' ')}",
        why=f"{guideline.upper()}: {reasons}" if reasons else guideline.upper(),
        compare=f"Not known: {', '.join(missing)}" if missing else "",
        consider="Discuss, prescribed, or not indicated because",
    )
    key = f"{rule}:c{number}:{','.join(sorted(reason.id for reason in advice.reasons))}"
    yield finding(
        facts, rule, words, key=key, source=guideline, family=FAMILY, missing=missing, inputs=tuple(r.text for r in advice.reasons)
    )


def _dose_limiting(facts: Facts, guideline: str, advice: GcsfAdvice) -> Iterator[Finding]:
    """Give secondary prophylaxis where the treatment day's ANC would change the dose and no growth factor was given (reference 5.3)."""
    check, target = facts.evaluation.day1, next_treatment(facts.history.course, facts.now)
    where, rule = place(facts.history.course, facts.now.date()), facts.book.gcsf.get(guideline)
    if check is None or target is None or target.planned is None or where is None or rule is None or not rule.secondary:
        return
    due = (target.planned - facts.now.date()).days <= facts.numbers.wholes["treatment_days_ahead"]
    settled = {reason.id for reason in advice.reasons} & SETTLED or _has_plan(facts)
    if check.limiting != "anc" or check.meets is None or not due or settled:
        return
    palliative = facts.history.course is not None and facts.history.course.intent == "palliative"
    words = Words(
        what=f"consider G-CSF (secondary prophylaxis): {check.limiting_text}",
        why=f"Dose-limiting neutropenia in C{where.cycle.number} without growth factor",
        compare="Palliative intent: a delay or a lower dose is the alternative"
        if palliative
        else "Where a delay or a lower dose would compromise the outcome",
        consider="Discuss, prescribed, or not indicated because",
    )
    key = f"gcsf.secondary:c{target.cycle.number}:dose_limiting"
    yield finding(facts, "gcsf.secondary", words, key=key, source=guideline, family=FAMILY, count=facts.latest)


def _rule(facts: Facts, advice: GcsfAdvice) -> str | None:
    """Return which consideration this is, or None where nothing is to be considered or G-CSF is already given or planned."""
    if advice.advice not in {"recommend", "consider", "reduce_or_change"}:
        return None
    ids = {reason.id for reason in advice.reasons}
    if facts.evaluation.febrile_neutropenia.get("nccn") == "yes" and facts.protocol.gcsf_guideline == "nccn":
        return "gcsf.therapeutic"
    if facts.evaluation.febrile_neutropenia.get("asco-idsa-2018") == "yes" and facts.protocol.gcsf_guideline == "asco-2015":
        return "gcsf.therapeutic"
    if _has_plan(facts):
        return None
    earlier = any(cycle.febrile_neutropenia for cycle in (facts.history.course.cycles if facts.history.course else ()))
    return "gcsf.secondary" if earlier and ids & {"prior_fn", "prior_fn_with_gcsf"} else "gcsf.primary"


def _has_plan(facts: Facts) -> bool:
    """Return whether a growth factor is planned for now or later, or was given in the running cycle."""
    planned = any(g.planned and (g.given_at is None or g.given_at >= facts.now) for g in facts.history.growth_factors)
    return planned or _given_in_cycle(facts)


def _given_in_cycle(facts: Facts) -> bool:
    where = place(facts.history.course, facts.now.date())
    start = where.cycle.day1 if where else None
    return start is not None and any(
        not g.planned and g.given_at is not None and g.given_at <= facts.now and g.given_at.date() >= start
        for g in facts.history.growth_factors
    )
