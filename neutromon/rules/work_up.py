"""The stepwise work-up of neutropenia that chemotherapy does not explain: which step is due, and which drugs are suspect (reference 10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from neutromon.models.evaluation import CountEvaluation, Finding
from neutromon.models.quantity import parse_number
from neutromon.rules.schedule import given_days
from neutromon.rules.situation import Facts, Words, count_words, finding
from neutromon.rules.trend import days_between

FAMILY = "care"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkUpStep:
    """A step whose trigger is met: what to ask for, and by which source."""

    id: str
    trigger: str
    ask: tuple[str, ...]
    source: str


def work_up_findings(facts: Facts) -> Iterator[Finding]:
    """Give a low count that chemotherapy does not explain, with the steps that are due and the drugs that may explain it."""
    latest = facts.latest
    if latest is None or not facts.fresh or facts.history.patient.duffy_null or facts.history.monitoring:
        return
    if facts.bound("unexplained_below").judge(latest.anc.quantity) is not True:
        return
    why = unexplained(facts, latest)
    if why is None:
        return
    steps, drugs = steps_due(facts, latest), suspect_drugs(facts)
    asks = "; ".join(", ".join(step.ask) for step in steps)
    words = Words(
        what=count_words(facts, latest),
        why=f"Not explained by chemotherapy: {why}",
        compare=f"On a drug that may lower neutrophils: {', '.join(drugs)}" if drugs else "",
        consider=f"Consider the stepwise work-up: {asks}",
    )
    yield finding(
        facts,
        "workup.unexplained",
        words,
        key="unexplained",
        source="EHA/EuNet-INNOCHRON 2023",
        family=FAMILY,
        count=latest,
        mechanism=",".join(step.id for step in steps),
    )


def unexplained(facts: Facts, latest: CountEvaluation) -> str | None:
    """Return why chemotherapy is questioned as the cause, or None where it explains the count."""
    if _blasts(facts, latest):
        return "blasts in the differential"
    assert latest.collected_at is not None
    day = latest.collected_at.date()
    courses = (facts.history.course, *facts.history.earlier_courses)
    past = [given for course in courses for given in given_days(course) if given <= day]
    if not past:
        return "no chemotherapy before it"
    weeks = facts.numbers.wholes["unexplained_weeks"]
    since = day - max(past)
    if since <= timedelta(weeks=weeks):
        return None
    return f"more than {weeks} weeks after the last chemotherapy{_rituximab_words(facts, since)}"


def _rituximab_words(facts: Facts, since: timedelta) -> str:
    """Return that rituximab may act late, where the regimen holds it and the time fits."""
    wholes = facts.book.numbers["causes"].wholes
    held = facts.regimen is not None and "rituximab" in facts.regimen.flags
    fits = wholes["rituximab_from_days"] <= since.days <= wholes["rituximab_to_days"]
    return "; late onset after rituximab is possible" if held and fits else ""


def _blasts(facts: Facts, latest: CountEvaluation) -> bool:
    sample = next((s for s in facts.history.counts if s.collected_at == latest.collected_at and s.id == latest.sample_id), None)
    value = sample.values.get("blasts_percent") if sample else None
    parsed = parse_number(value.value) if value else None
    return parsed is not None and parsed[1] > 0


def steps_due(facts: Facts, latest: CountEvaluation) -> tuple[WorkUpStep, ...]:
    """Return the steps whose trigger is met by the counts; triggers that need an examination stay a person's."""
    numbers = facts.book.numbers["causes"]
    low = _run_below(facts)
    persistent = bool(low) and days_between(low[0].collected_at, latest.collected_at) > numbers.wholes["persistent_days"]
    confirmed = len([count for count in low if numbers.bounds["confirmed_below"].judge(count.anc.quantity)]) > 1
    severe = numbers.bounds["severe_below"].judge(latest.anc.quantity) is True
    due = {"first": True, "second": confirmed or persistent, "marrow": severe or _blasts(facts, latest)}
    return tuple(
        WorkUpStep(id=row["id"], trigger=row["trigger"], ask=tuple(row["ask"]), source=row["source"])
        for row in numbers.rows["step"]
        if due.get(row["id"], False)
    )


def _run_below(facts: Facts) -> list[CountEvaluation]:
    """Return the unbroken run of counts below the bound that ends with the latest, oldest first."""
    run: list[CountEvaluation] = []
    for count in reversed(facts.known):
        if facts.bound("unexplained_below").judge(count.anc.quantity) is not True:
            break
        run.insert(0, count)
    return run


def suspect_drugs(facts: Facts) -> tuple[str, ...]:
    """Return the patient's drugs that stand in the lists; "recalled" marks those of the unverified list."""
    numbers, today = facts.book.numbers["causes"], facts.now.date()
    found = []
    for drug in facts.history.drugs:
        if drug.start is not None and drug.start > today:
            continue
        name = drug.name.casefold()
        if any(known.casefold() in name for known in numbers.lists["drugs_confirmed"]):
            found.append(drug.name)
        elif any(known.casefold() in name for known in numbers.lists["drugs_recalled"]):
            found.append(f"{drug.name} (recalled)")
    return tuple(found)
