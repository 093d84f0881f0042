"""Findings of fever and sepsis: the time-critical family."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

from neutromon.models.evaluation import Finding, Tier
from neutromon.rules.febrile import Reading
from neutromon.rules.logic import Bound, Op
from neutromon.rules.situation import Facts, Words, count_words, finding

FAMILY = "fn"
SHOWN = Decimal("0.01")
CONSIDER = "Consider the febrile-neutropenia pathway; record the antibiotic time"


def fn_findings(facts: Facts) -> Iterator[Finding]:
    """Give febrile neutropenia by the site's definition, suspected where the count is unknown or old, fever alone, sepsis signs.

    Each is as new as the newest reading: a fever of today is never a late result because the last count is old.
    """
    newest = max((reading.at for reading in facts.readings), default=None)
    for found in _found(facts):
        yield replace(found, observed_at=newest or found.observed_at)


def _found(facts: Facts) -> Iterator[Finding]:
    statuses = facts.evaluation.febrile_neutropenia
    chosen = statuses.get(facts.protocol.fn_definition, "cannot_tell")
    others = sorted(name for name, value in statuses.items() if value == "yes")
    cycle = facts.evaluation.cycle or 0
    key, mechanism = f"{FAMILY}:c{cycle}", facts.episode_flag
    confirmed = ",".join(part for part in ("confirmed", mechanism) if part)
    source = facts.protocol.fn_definition
    if chosen == "yes" and facts.fresh:
        why = f"Meets {', '.join(name.upper() for name in others)}"
        words = Words(what=f"{_fever(facts)} and {_count(facts)}", why=why, consider=CONSIDER)
        yield finding(facts, "fn.confirmed", words, key=key, source=source, family=FAMILY, count=facts.latest, mechanism=confirmed)
    elif _is_suspected(facts, chosen, others):
        yield _suspected(facts, chosen, key, source, mechanism)
    elif _has_fever(facts) and chosen in {"no", "borderline", "cannot_tell", "yes"}:
        words = Words(what=f"{_fever(facts)}; {_count(facts)}", why=_difference(chosen, others), consider="Consider a review today")
        yield finding(facts, "fever.only", words, key=f"fever:c{cycle}", source=source, family=FAMILY, count=facts.latest)
    elif _asks_for_call(facts):
        yield _call(facts, cycle)
    yield from _signs(facts, cycle)
    if facts.history.episode.flags.get("sepsis_signs"):
        words = Words(what="signs of sepsis recorded", why=_count(facts), consider="Consider the sepsis pathway now, whatever the count")
        yield finding(facts, "sepsis.signs", words, key=f"sepsis:c{cycle}", source="nice-cg151", family=FAMILY)


def _signs(facts: Facts, cycle: int) -> Iterator[Finding]:
    """Give red signs within weeks of treatment whatever count and temperature, else amber ones (reference 9)."""
    noted = set(facts.symptoms_of(timedelta(hours=facts.numbers.wholes["sign_hours"])))
    flags = [row for row in facts.book.numbers["triage"].rows["flag"] if row["code"] in noted]
    red = [row["text"] for row in flags if row["level"] == "red"]
    amber = [row["text"] for row in flags if row["level"] == "amber"]
    if not facts.in_treatment or not flags:
        return
    rule = "triage.red" if red else "triage.amber"
    urgent = not red and len(amber) >= facts.numbers.wholes["amber_for_urgent"]
    consider = "Consider a face-to-face assessment now" if red or urgent else "Consider a review within 24 h"
    words = Words(what=f"signs: {'; '.join(red or amber)}", why=f"{_count(facts)}; an absent fever is no reassurance", consider=consider)
    key, mechanism = f"signs:c{cycle}", ",".join(sorted(row["code"] for row in flags))
    tier = Tier.URGENT if urgent else None
    yield finding(facts, rule, words, key=key, source="triage", family=FAMILY, tier=tier, mechanism=mechanism, inputs=tuple(red + amber))


def _is_suspected(facts: Facts, chosen: str, others: list[str]) -> bool:
    """Return whether a fever meets an unknown, old, borderline or differently defined low count within weeks of treatment."""
    if chosen == "suspected":
        return True
    if not _has_fever(facts):
        return False
    known = facts.latest is not None and facts.latest.anc.quantity is not None
    if known and facts.fresh:
        return chosen in {"borderline", "cannot_tell"} or bool([name for name in others if name != facts.protocol.fn_definition])
    return facts.in_treatment


def _suspected(facts: Facts, chosen: str, key: str, source: str, mechanism: str) -> Finding:
    known = facts.latest is not None and facts.latest.anc.quantity is not None
    if known and facts.fresh:
        why = _difference(chosen, sorted(n for n, v in facts.evaluation.febrile_neutropenia.items() if v == "yes"))
        missing: tuple[str, ...] = ()
    else:
        why, missing = "Treat as at risk until a count is known", ("current ANC",)
    words = Words(what=f"{_fever(facts)}; {_count(facts)}", why=why, consider=CONSIDER)
    return finding(
        facts, "fn.suspected", words, key=key, source=source, family=FAMILY, count=facts.latest, mechanism=mechanism, missing=missing
    )


def _difference(chosen: str, others: list[str]) -> str:
    if others:
        return f"Definitions differ: met by {', '.join(others)}"
    return "ANC at the bound of the definition" if chosen == "borderline" else ""


def _has_fever(facts: Facts) -> bool:
    """Return whether a reading of the last day is a fever by any definition (38.0 by the most cautious)."""
    lowest = min((rule.single for rule in facts.book.fn.values() if rule.single is not None), key=lambda bound: bound.value)
    cautious = Bound(op=Op.GE, value=lowest.value)
    return any(cautious.holds(reading.celsius) for reading in facts.readings)


def _asks_for_call(facts: Facts) -> bool:
    """Return whether a reading of the last day that is no fever passes a call threshold within weeks of treatment (reference 9)."""
    bounds = facts.book.numbers["triage"].bounds
    asked = any(bounds["call_from"].holds(r.celsius) or bounds["call_below"].holds(r.celsius) for r in facts.readings)
    return asked and facts.in_treatment and not _has_fever(facts)


def _call(facts: Facts, cycle: int) -> Finding:
    bounds = facts.book.numbers["triage"].bounds
    if any(bounds["call_from"].holds(reading.celsius) for reading in facts.readings):
        what, why = f"temperature {_shown(_highest(facts))} °C", f"At or above the call threshold of {bounds['call_from'].value} °C"
    else:
        lowest = min(facts.readings, key=lambda reading: reading.celsius)
        what, why = f"temperature {_shown(lowest)} °C", f"Below the call threshold of {bounds['call_below'].value} °C"
    words = Words(what=f"{what}; {_count(facts)}", why=why, consider="Consider a triage call now")
    return finding(facts, "fever.call", words, key=f"fever:c{cycle}", source="triage", family=FAMILY, count=facts.latest)


def _fever(facts: Facts) -> str:
    return f"fever {_shown(_highest(facts))} °C" if facts.readings else "fever not measured, unwell"


def _highest(facts: Facts) -> Reading:
    return max(facts.readings, key=lambda reading: reading.celsius)


def _shown(reading: Reading) -> Decimal:
    """Return a temperature with two decimals at most, cut and not rounded, so that none is shown above what it is."""
    exponent = reading.celsius.as_tuple().exponent
    return reading.celsius.quantize(SHOWN, rounding=ROUND_DOWN) if isinstance(exponent, int) and exponent < -2 else reading.celsius


def _count(facts: Facts) -> str:
    if facts.latest is None or facts.latest.anc.quantity is None:
        return f"ANC unknown{_since(facts)}"
    return count_words(facts, facts.latest)


def _since(facts: Facts) -> str:
    """Return ", C2 D9, no ANC since C2 D1": where the patient stands, and the last count that is known."""
    where = f", C{facts.evaluation.cycle} D{facts.evaluation.cycle_day}" if facts.evaluation.cycle is not None else ""
    if not facts.known:
        return f"{where}, no ANC on record"
    last = facts.known[-1]
    assert last.collected_at is not None
    day = f"C{last.cycle} D{last.cycle_day}" if last.cycle is not None else f"{last.collected_at:%d %b}"
    return f"{where}, no ANC since {day}"
