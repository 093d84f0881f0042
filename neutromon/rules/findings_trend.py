"""Findings on the course of the counts: protracted, not recovered, off pattern, and the wrong-patient guard."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from neutromon.models.evaluation import CountEvaluation, Finding, Tier
from neutromon.models.quantity import Quantity, Reported, parse_number
from neutromon.rules.book_parts import Regimen
from neutromon.rules.depth import duration_label
from neutromon.rules.findings_anc import days_of_run
from neutromon.rules.schedule import place
from neutromon.rules.situation import Facts, Words, count_words, earlier_nadirs, finding

FAMILY = "trend"
Coded = tuple[str, str]
"""A reason as a code, by which an alert knows it again, and as words."""


def trend_findings(facts: Facts) -> Iterator[Finding]:
    """Give what the curve shows beyond its last point."""
    yield from _protracted(facts)
    yield from _not_recovered(facts)
    yield from _off_pattern(facts)
    yield from _wrong_patient(facts)


def _protracted(facts: Facts) -> Iterator[Finding]:
    """Give severe neutropenia of more than seven days that still lasts: the last value holds on between counts and until now."""
    latest, limit = facts.standing, facts.numbers.wholes["protracted_days"]
    days = days_of_run(facts)
    if latest is None or not facts.fresh or days <= limit or facts.bound("grade4").judge(latest.anc.quantity) is not True:
        return
    label = duration_label(days, facts.book)
    severe = facts.bound("grade4").value
    words = Words(what=count_words(facts, latest), why=f"Below {severe} ×10⁹/L since {days} days, if it held between the counts: {label}")
    key = f"protracted:c{facts.evaluation.cycle or 0}"
    yield finding(facts, "anc.protracted", words, key=key, source="ASCO/IDSA 2018", family=FAMILY, count=latest)


def _not_recovered(facts: Facts) -> Iterator[Finding]:
    """Give an ANC still below 1.0 seven days past the regimen's recovery day."""
    regimen, latest = facts.regimen, facts.standing
    where = place(facts.history.course, facts.now.date())
    if regimen is None or regimen.recovery_day is None or latest is None or where is None or not facts.fresh:
        return
    late_from = regimen.recovery_day + facts.numbers.wholes["not_recovered_after_days"]
    if latest.cycle != where.cycle.number or latest.cycle_day is None or latest.cycle_day < late_from:
        return
    if facts.bound("recovered").judge(latest.anc.quantity) is False:
        why = f"Recovery was expected by D{regimen.recovery_day}; question chemotherapy as the only cause"
        words = Words(what=count_words(facts, latest), why=why, consider="Consider the work-up of unexplained neutropenia")
        key = f"not_recovered:c{where.cycle.number}"
        yield finding(facts, "anc.not_recovered", words, key=key, source=f"regimen {regimen.id}", family=FAMILY, count=latest)


def _off_pattern(facts: Facts) -> Iterator[Finding]:
    """Give a severe count that is too early, too late, or far deeper than the patient's own, or with other lines falling."""
    latest, regimen = facts.standing, facts.regimen
    if latest is None or not facts.fresh or facts.bound("grade3").judge(latest.anc.quantity) is not True or latest.cycle_day is None:
        return
    reasons = [*_outside(facts, regimen, latest.cycle_day), *_earlier_than_own(facts, latest), *_deeper(facts, latest)]
    falling = _other_lines(facts, latest)
    reasons += falling
    if not reasons:
        return
    said, codes = [text for _, text in reasons], list(dict.fromkeys(code for code, _ in reasons))
    words = Words(what=count_words(facts, latest), why=f"Off pattern: {'; '.join(said)}", consider="Consider same-day review")
    key, tier = f"off_pattern:c{latest.cycle}", Tier.URGENT if falling else Tier.ADVISORY
    yield finding(
        facts,
        "anc.off_pattern",
        words,
        key=key,
        source="NeutroMon",
        family=FAMILY,
        count=latest,
        tier=tier,
        mechanism=",".join(codes),
    )


def _outside(facts: Facts, regimen: Regimen | None, day: int) -> list[Coded]:
    """Return "earlier" or "later" than the regimen's nadir window, by a margin."""
    if regimen is None or regimen.nadir_window is None:
        return []
    low, high = regimen.nadir_window
    if 1 < day < low - facts.numbers.wholes["early_by_days"]:
        return [("early", f"earlier than the expected window D{low}–{high}")]
    return [("late", f"later than the expected window D{low}–{high}")] if day > high + facts.numbers.wholes["late_by_days"] else []


def _earlier_than_own(facts: Facts, latest: CountEvaluation) -> list[Coded]:
    """Return that a severe count comes days before this patient's own earlier nadirs."""
    days = [day for _, _, day in earlier_nadirs(facts)]
    severe = facts.bound("grade4").judge(latest.anc.quantity) is True
    if not days or not severe or latest.cycle_day is None or not 1 < latest.cycle_day < min(days) - facts.numbers.wholes["early_by_days"]:
        return []
    return [("early_for_patient", f"earlier than this patient's earlier nadirs (D{min(days)}–{max(days)})")]


def _deeper(facts: Facts, latest: CountEvaluation) -> list[Coded]:
    own = [value for _, value, _ in earlier_nadirs(facts)]
    quantity = latest.anc.quantity
    if not own or quantity is None or quantity.value >= min(own) * facts.numbers.decimals["deeper_than_own_share"]:
        return []
    return [("deeper", f"less than half of this patient's lowest earlier count, {min(own)} ×10⁹/L")]


def _other_lines(facts: Facts, latest: CountEvaluation) -> list[Coded]:
    """Return the lines that fell by half or more against the first count of the cycle."""
    first = next((c for c in facts.known if c.cycle == latest.cycle), None)
    share = 1 - facts.numbers.decimals["other_lines_fall_percent"] / 100
    found = []
    if first is None or first is latest:
        return []
    for name, label in (("platelets", "platelets"), ("hemoglobin", "haemoglobin")):
        before, after = first.values.get(name), latest.values.get(name)
        if before and after and before.unit == after.unit and after.value <= before.value * share and _is_low(facts, name, after):
            found.append((name, f"{label} fell from {before.text} to {after.text} {after.unit}"))
    return found


def _is_low(facts: Facts, name: str, value: Quantity) -> bool:
    return name != "platelets" or facts.bound("other_platelets_below").judge(value) is True


def _wrong_patient(facts: Facts) -> Iterator[Finding]:
    """Give an MCV that jumped more than cells can within weeks: perhaps another patient's sample."""
    limit = facts.numbers.decimals["wrong_patient_mcv"]
    with_mcv = [
        (s, v) for s in facts.history.counts if s.collected_at and s.collected_at <= facts.now and (v := _mcv(s.values)) is not None
    ]
    ordered = sorted(with_mcv, key=lambda pair: pair[0].collected_at or facts.now)
    if len(ordered) < 2:
        return
    (before, old), (after, new) = ordered[-2], ordered[-1]
    assert before.collected_at is not None and after.collected_at is not None
    transfused = any(e.kind == "transfusion" and e.at and before.collected_at <= e.at <= after.collected_at for e in facts.history.events)
    if abs(new - old) < limit or after.collected_at - before.collected_at > timedelta(days=facts.numbers.wholes["mcv_days"]) or transfused:
        return
    words = Words(what=f"MCV {new} fL after {old} fL", why="Too large a change for one patient: check that the sample is hers or his")
    yield finding(
        facts,
        "data.problem",
        words,
        key=f"wrong_patient:{after.id or after.collected_at.isoformat()}",
        source="NeutroMon",
        family="data",
        inputs=(f"MCV {old} and {new} fL",),
        mechanism="wrong_patient",
    )


def _mcv(values: Mapping[str, Reported]) -> Decimal | None:
    parsed = parse_number(values["mcv"].value) if "mcv" in values else None
    return parsed[1] if parsed else None
