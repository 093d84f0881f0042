"""Findings on what is due: overdue counts, day 1 not met, prophylaxis, work-up, clozapine."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from neutromon.models.evaluation import Finding
from neutromon.rules.logic import Bound, Op
from neutromon.rules.schedule import begun, next_treatment, place
from neutromon.rules.situation import Facts, Words, count_words, finding
from neutromon.rules.trend import gradable

FAMILY = "care"


def care_findings(facts: Facts) -> Iterator[Finding]:
    """Give what is due and has not come, and what the day-1 check says."""
    yield from _overdue(facts)
    yield from _window_missed(facts)
    yield from _day_one(facts)
    yield from _prophylaxis(facts)
    yield from _unexplained(facts)
    yield from _clozapine(facts)


def _overdue(facts: Facts) -> Iterator[Finding]:
    """Give a treatment day that passed without treatment and without a fresh count."""
    target = next_treatment(facts.history.course, facts.now)
    if target is None or target.planned is None:
        return
    late = (facts.now.date() - target.planned).days
    if late < facts.numbers.wholes["overdue_after_days"] or facts.fresh:
        return
    number = target.cycle.number
    what = f"no current count; C{number} D{target.day.day if target.day else 1} was planned {late} days ago"
    words = Words(what=what, consider="Consider asking for a count")
    yield finding(facts, "count.overdue", words, key=f"overdue:c{number}", source="NeutroMon", family=FAMILY, missing=("current count",))


def _window_missed(facts: Facts) -> Iterator[Finding]:
    """Give a nadir window of a high-risk regimen that ends without a count."""
    where, regimen = place(facts.history.course, facts.now.date()), facts.regimen
    if where is None or regimen is None or regimen.nadir_window is None:
        return
    high = any(regimen.categories.get(name) in facts.numbers.lists["nadir_count_from_risk"] for name in regimen.categories)
    low, last = regimen.nadir_window
    if not high or not last <= where.day <= last + 3:
        return
    own = [c for c in gradable(facts.evaluation.counts, facts.now) if c.cycle == where.cycle.number and c.cycle_day is not None]
    if any(low <= (c.cycle_day or 0) <= last for c in own):
        return
    words = Words(what=f"no count in the nadir window D{low}–{last} of C{where.cycle.number}", why=f"{regimen.id}: high FN risk")
    key = f"window:c{where.cycle.number}"
    yield finding(
        facts, "count.not_in_window", words, key=key, source=f"regimen {regimen.id}", family=FAMILY, missing=("count in the window",)
    )


def _day_one(facts: Facts) -> Iterator[Finding]:
    """Give counts below the rule, too old, or missing when the treatment is tomorrow or today."""
    check, target = facts.evaluation.day1, next_treatment(facts.history.course, facts.now)
    if check is None or target is None or target.planned is None:
        return
    ahead = (target.planned - facts.now.date()).days
    if not 0 <= ahead <= facts.numbers.wholes["treatment_days_ahead"]:
        return
    when = "today" if ahead == 0 else "tomorrow"
    key = f"day1:c{target.cycle.number}:{target.day.day if target.day else 1}"
    if check.meets is False:
        words = Words(
            what=f"treatment planned {when}: {check.limiting_text or check.text}", why=check.text, consider="Consider deferring or reducing"
        )
        yield finding(facts, "day1.not_met", words, key=key, source=check.rule or "", family=FAMILY, count=facts.latest)
    elif check.limiting in {"count_too_old", "no_count"}:
        words = Words(what=f"treatment planned {when}: {check.text}", consider="Consider repeating the count")
        yield finding(
            facts, "count.too_old", words, key=f"too_old:{key}", source=check.rule or "", family=FAMILY, missing=("current count",)
        )


def _prophylaxis(facts: Facts) -> Iterator[Finding]:
    """Give the prompts where profound neutropenia of more than seven days is expected."""
    numbers = facts.book.numbers["prophylaxis"]
    flagged = bool(facts.history.episode.flags.get(numbers.texts["expected_flag"]))
    induction = facts.regimen is not None and numbers.texts["regimen_flag"] in facts.regimen.flags
    if not (flagged or induction) or facts.evaluation.cycle is None:
        return
    given = {a.purpose for a in facts.history.antibiotics}
    reason = (
        "more than 10 days expected" if flagged else f"{facts.history.course.regimen if facts.history.course else ''}: leukaemia induction"
    )
    for kind in ("antibacterial", "antifungal"):
        if "prophylaxis" in given and kind == "antibacterial":
            continue
        words = Words(what=numbers.texts[kind], why=reason)
        key = f"{kind}:c{facts.evaluation.cycle}"
        yield finding(facts, f"prophylaxis.{kind}", words, key=key, source=numbers.file.version, family=FAMILY)


def _unexplained(facts: Facts) -> Iterator[Finding]:
    """Give a low count that chemotherapy does not explain: before the first cycle, or six weeks after the last."""
    latest = facts.latest
    if latest is None or latest.collected_at is None or not facts.fresh or facts.history.patient.duffy_null or facts.history.monitoring:
        return
    if facts.bound("unexplained_below").judge(latest.anc.quantity) is not True:
        return
    days = [cycle.day1 for course in (facts.history.course, *facts.history.earlier_courses) for cycle in begun(course) if cycle.day1]
    past = [day for day in days if day <= latest.collected_at.date()]
    limit = timedelta(weeks=facts.numbers.wholes["unexplained_weeks"])
    if past and latest.collected_at.date() - max(past) <= limit:
        return
    why = "no chemotherapy before it" if not past else f"more than {limit.days // 7} weeks after the last cycle"
    words = Words(what=count_words(facts, latest), why=f"Not explained by chemotherapy: {why}", consider="Consider the stepwise work-up")
    yield finding(facts, "workup.unexplained", words, key="unexplained", source="EHA/EuNet-INNOCHRON 2023", family=FAMILY, count=latest)


def _clozapine(facts: Facts) -> Iterator[Finding]:
    """Give the band of the clozapine scheme that the latest count lies in."""
    latest = facts.latest
    if facts.history.monitoring != "clozapine" or latest is None or latest.anc.quantity is None or not facts.fresh:
        return
    population = "duffy_null" if facts.history.patient.duffy_null else "general"
    rows = [row for row in facts.book.numbers["clozapine"].rows["band"] if row["population"] == population]
    met = [row for row in rows if Bound(op=Op.LT, value=Decimal(row["below"])).judge(latest.anc.quantity) is not False]
    if not met:
        return
    worst = met[-1]
    words = Words(what=count_words(facts, latest), why=f"Clozapine scheme ({population}): {worst['label']}", consider=worst["text"])
    tier = 3 if worst["label"] == "mild" else 2
    source = facts.book.numbers["clozapine"].file.version
    yield finding(
        facts,
        "clozapine.action",
        words,
        key=f"clozapine:{worst['label']}",
        source=f"US prescribing information {source}",
        family=FAMILY,
        count=latest,
        tier=tier,
    )
