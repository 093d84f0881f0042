"""Findings on what is due: overdue counts, a nadir window without a count, day 1 not met."""

from collections.abc import Iterator

from neutromon.models.evaluation import Finding
from neutromon.rules.schedule import next_treatment, place
from neutromon.rules.situation import Facts, Words, finding

FAMILY = "care"


def care_findings(facts: Facts) -> Iterator[Finding]:
    """Give what is due and has not come, and what the day-1 check says."""
    yield from _overdue(facts)
    yield from _window_missed(facts)
    yield from _day_one(facts)


def _overdue(facts: Facts) -> Iterator[Finding]:
    """Give a treatment day that passed without treatment and without a fresh count."""
    target = next_treatment(facts.history.course, facts.now)
    if target is None or target.planned is None:
        return
    late = (facts.now.date() - target.planned).days
    if late < facts.numbers.wholes["overdue_after_days"] or facts.fresh:
        return
    number = target.cycle.number
    ago = "1 day ago" if late == 1 else f"{late} days ago"
    what = f"no current count; C{number} D{target.day.day if target.day else 1} was planned {ago}"
    words = Words(what=what, consider="Consider asking for a count")
    yield finding(facts, "count.overdue", words, key=f"overdue:c{number}", source="NeutroMon", family=FAMILY, missing=("current count",))


def _window_missed(facts: Facts) -> Iterator[Finding]:
    """Give a nadir window of a high-risk regimen that ends without a count."""
    where, regimen = place(facts.history.course, facts.now.date()), facts.regimen
    if where is None or regimen is None or regimen.nadir_window is None:
        return
    high = any(regimen.categories.get(name) in facts.numbers.lists["nadir_count_from_risk"] for name in regimen.categories)
    low, last = regimen.nadir_window
    if not high or not last <= where.day <= last + facts.numbers.wholes["window_missed_days"]:
        return
    own = [c for c in facts.known if c.cycle == where.cycle.number and c.cycle_day is not None]
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
    if check.meets is False or (check.meets is None and check.last_known_fails):
        words = Words(
            what=f"treatment planned {when}: {check.limiting_text or check.text}", why=check.text, consider="Consider deferring or reducing"
        )
        yield finding(facts, "day1.not_met", words, key=key, source=check.rule or "", family=FAMILY, count=facts.standing or facts.latest)
    elif check.limiting in {"count_too_old", "no_count"}:
        words = Words(what=f"treatment planned {when}: {check.text}", consider="Consider repeating the count")
        yield finding(
            facts, "count.too_old", words, key=f"too_old:{key}", source=check.rule or "", family=FAMILY, missing=("current count",)
        )
