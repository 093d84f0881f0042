"""Findings on the latest ANC: depth, fall, lateness; nothing is raised from a count older than its validity."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from neutromon.models.evaluation import CountEvaluation, Finding, Tier
from neutromon.models.quantity import Comparator
from neutromon.rules.counts import lower_limits
from neutromon.rules.depth import depth_label, duffy_populations
from neutromon.rules.logic import Bound, Op
from neutromon.rules.schedule import in_window
from neutromon.rules.situation import Facts, Words, count_words, earlier_nadirs, finding
from neutromon.rules.trend import days_between

FAMILY = "anc"


def anc_findings(facts: Facts) -> Iterator[Finding]:
    """Give profound, grade 4, grade 3 and rapid fall for the count in force, or that the latest is too old."""
    latest = facts.standing
    if latest is None or latest.anc.quantity is None or _other_programme(facts):
        return
    if latest is facts.latest and not facts.fresh:
        yield from _stale(facts, latest)
        return
    if _duffy_limit(facts, latest):
        people = duffy_populations(latest.anc.quantity, facts.book)
        words = Words(
            what=count_words(facts, latest),
            why="Within this Duffy-null patient's own limit; patient baseline applies",
            compare=f"Reference interval of Duffy-null people holds it: {', '.join(people)}" if people else "",
        )
        yield finding(
            facts, "anc.within_patient_limit", words, key=run_key(facts, "limit"), source="duffy-null", family=FAMILY, count=latest
        )
    yield from _depth(facts, latest)
    yield from _fall(facts, latest)


def _other_programme(facts: Facts) -> bool:
    """Return whether the counts belong to another monitoring programme and to no chemotherapy."""
    return bool(facts.history.monitoring) and facts.history.course is None


def run_key(facts: Facts, name: str) -> str:
    """Return the episode key: family, cycle and the first day of the run below 1.0 with gaps of at most 10 days."""
    low = [c for c in facts.known if facts.bound("grade3").judge(c.anc.quantity) is not False]
    start = None
    previous = None
    for count in reversed(low):
        assert count.collected_at is not None
        if previous is not None and previous - count.collected_at > timedelta(days=facts.numbers.wholes["run_gap_days"]):
            break
        if count.cycle != facts.evaluation.cycle:
            break
        start = previous = count.collected_at
    return f"{name}:c{facts.evaluation.cycle or 0}:{start.date().isoformat() if start else 'none'}"


def _depth(facts: Facts, latest: CountEvaluation) -> Iterator[Finding]:
    quantity = latest.anc.quantity
    key = run_key(facts, FAMILY)
    if facts.bound("profound").judge(quantity):
        smear = _smear_words(facts, latest)
        why = f"Profound: below {facts.bound('profound').value} ×10⁹/L{smear}; {_temperature_words(facts)}"
        words = Words(what=count_words(facts, latest), why=why, compare=_unsure_words(facts, latest), consider=_call_words(facts, latest))
        yield finding(facts, "anc.profound", words, key=key, source="ASCO/IDSA 2018", family=FAMILY, count=latest, mechanism="profound")
    elif _may_be_below(facts, latest, "grade4"):
        yield _graded(facts, "anc.grade4", latest, key)
    elif _may_be_below(facts, latest, "grade3"):
        yield _graded(facts, "anc.grade3", latest, key)


def _may_be_below(facts: Facts, latest: CountEvaluation, bound: str) -> bool:
    """Return whether an alert acts on the worst: a censored value that may lie below counts, a ">" value does not."""
    quantity = latest.anc.quantity
    return facts.bound(bound).judge(quantity) is True or (quantity is not None and quantity.comparator in (Comparator.LT, Comparator.LE))


def _graded(facts: Facts, rule: str, latest: CountEvaluation, key: str) -> Finding:
    """Return grade 4 or 3; the documented plan for an expected nadir makes it advisory, and that is logged (product 3.5)."""
    held = bool(facts.history.patient.expected_nadir_plan) and not plan_cancelled(facts, latest)
    lowered = held and facts.numbers.tables["tier"][rule] < Tier.ADVISORY
    window = "expected nadir, plan documented" if held else _window_words(facts, latest)
    label = depth_label(latest.anc.quantity, facts.book)
    words = Words(
        what=count_words(facts, latest),
        why="; ".join(part for part in (label, window, _temperature_words(facts)) if part),
        compare=". ".join(part for part in (_unsure_words(facts, latest), _own_words(facts)) if part),
        consider=_call_words(facts, latest),
    )
    note = "shown as advisory: the patient's plan for the expected nadir covers it" if lowered else ""
    tier = Tier.ADVISORY if held else None
    return finding(facts, rule, words, key=key, source="CTCAE 5.0", family=FAMILY, count=latest, tier=tier, note=note)


def _smear_words(facts: Facts, latest: CountEvaluation) -> str:
    """Return what IDSA 2010 asks for, by how the latest differential was made; a method that nobody stated is not called automated."""
    found = (s for s in facts.history.counts if s.collected_at == latest.collected_at and s.id == latest.sample_id)
    methods = {sample.method for sample in found}
    if "manual" in methods:
        return ""
    method = "automated" if "automated" in methods else "if automated"
    return f"; {method}: IDSA 2010 asks for a smear"


def _unsure_words(facts: Facts, latest: CountEvaluation) -> str:
    """Return that a manual differential leaves the side of a bound open, where its limits reach over one."""
    limits = latest.anc.limits
    bounds = [facts.bound(name).value for name in ("profound", "grade4", "grade3", "unexplained_below")]
    if limits is None or not any(limits[0] < bound <= limits[1] for bound in bounds):
        return ""
    return f"Manual differential of few cells: 95 % {limits[0]}–{limits[1]} ×10⁹/L"


def _call_words(facts: Facts, latest: CountEvaluation) -> str:
    """Return "Consider a call today" where the value lies, or may lie, below the call threshold of the site's protocol."""
    below = Bound(op=Op.LT, value=facts.protocol.call_threshold).judge(latest.anc.quantity)
    return "" if below is False else "Consider a call today"


def plan_cancelled(facts: Facts, latest: CountEvaluation) -> bool:
    """Return whether the expected-nadir plan does not hold: outside the window, fever, a sign, an earlier FN, or more than 7 days."""
    inside = latest.cycle_day is not None and in_window(facts.regimen, latest.cycle_day) is True
    warm = any(facts.bound("plan_cancelled_from").holds(reading.celsius) for reading in facts.readings)
    signs = facts.symptoms_of(timedelta(days=facts.numbers.wholes["plan_sign_days"]))
    earlier = any(cycle.febrile_neutropenia for cycle in (facts.history.course.cycles if facts.history.course else ()))
    return not inside or warm or bool(signs) or earlier or days_of_run(facts) >= facts.numbers.wholes["protracted_days"]


def days_of_run(facts: Facts) -> Decimal:
    """Return the days since the first count of the present run below 0.5, the last value holding on; 0 where it is not below."""
    first = None
    for count in reversed(facts.known):
        gap = first.collected_at - count.collected_at if first and first.collected_at and count.collected_at else timedelta(0)
        if facts.bound("grade4").judge(count.anc.quantity) is not True or gap > timedelta(days=facts.numbers.wholes["run_gap_days"]):
            break
        first = count
    return days_between(first.collected_at, facts.now) if first else Decimal(0)


def _temperature_words(facts: Facts) -> str:
    """Return the highest temperature of the last day, or that none is known: an unknown one is no afebrile one."""
    highest = max((reading.celsius for reading in facts.readings), default=None)
    return "no temperature of the last 24 h is known" if highest is None else f"highest temperature {highest:.1f} °C"


def _window_words(facts: Facts, latest: CountEvaluation) -> str:
    if latest.cycle_day is None or facts.regimen is None or facts.regimen.nadir_window is None:
        return "the regimen's nadir window is not known"
    low, high = facts.regimen.nadir_window
    inside = low <= latest.cycle_day <= high
    return f"{'inside' if inside else 'outside'} the expected nadir window D{low}–{high}"


def _own_words(facts: Facts) -> str:
    own = earlier_nadirs(facts)
    if not own:
        return ""
    shown = ", ".join(f"C{cycle} {value} ×10⁹/L on D{day}" for cycle, value, day in own[-3:])
    return f"Own earlier lowest counts: {shown}"


def _duffy_limit(facts: Facts, latest: CountEvaluation) -> bool:
    limit = facts.history.patient.lower_limits.get("anc")
    quantity = latest.anc.quantity
    if not facts.history.patient.duffy_null or limit is None or quantity is None:
        return False
    own = lower_limits(facts.history, facts.book).get("neutrophils")
    return own is not None and own.value <= quantity.value and facts.bound("duffy_below").judge(quantity) is True


def _fall(facts: Facts, latest: CountEvaluation) -> Iterator[Finding]:
    """Give a rapid fall: by the share within the hours, to below the bound."""
    quantity, when = latest.anc.quantity, latest.collected_at
    assert quantity is not None and when is not None
    if facts.bound("rapid_fall_below").judge(quantity) is not True:
        return
    span = timedelta(hours=facts.numbers.wholes["rapid_fall_hours"])
    share = 1 - facts.numbers.decimals["rapid_fall_percent"] / 100
    for before in facts.known:
        value = before.anc.quantity
        assert before.collected_at is not None and value is not None
        if (
            timedelta(0) < when - before.collected_at <= span
            and quantity.value <= value.value * share
            and value.comparator is Comparator.EQ
        ):
            words = Words(what=count_words(facts, latest), why=f"Fell from {value.text} ×10⁹/L within {span.days} days")
            yield finding(facts, "anc.rapid_fall", words, key=run_key(facts, "fall"), source="NeutroMon", family=FAMILY, count=latest)
            return


def _stale(facts: Facts, latest: CountEvaluation) -> Iterator[Finding]:
    """Give that no current count is known behind a low one of this cycle: an old low value raises nothing, its age does."""
    low = facts.bound("grade3").judge(latest.anc.quantity) is True
    gap = timedelta(days=facts.numbers.wholes["run_gap_days"])
    if not low or latest.cycle is None or latest.cycle != facts.evaluation.cycle:
        return
    if latest.collected_at is None or facts.now - latest.collected_at > gap:
        return
    words = Words(what=f"no current count; the last was {count_words(facts, latest)}", consider="Consider repeating the count")
    key = f"stale:c{latest.cycle}"
    yield finding(facts, "count.too_old", words, key=key, source="NeutroMon", family="care", count=latest, missing=("current count",))
