"""The day-1 check: does the latest count meet the protocol's bounds? (reference 7 and 15.7)"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from neutromon.models.evaluation import CountEvaluation, DayOne
from neutromon.models.history import PatientHistory
from neutromon.models.quantity import Comparator, Quantity, Reported
from neutromon.rules.book import RuleBook
from neutromon.rules.book_parts import DayOneRule, Numbers
from neutromon.rules.febrile import Reading
from neutromon.rules.last_known import LastKnown, behind
from neutromon.rules.logic import Bound, Op
from neutromon.rules.schedule import NextTreatment, next_treatment
from neutromon.rules.units import COUNT_UNIT, count_quantity, hemoglobin_in, hemoglobin_quantity

ORDER = ("anc", "platelets", "hemoglobin")
LABELS = {"anc": "ANC", "platelets": "platelets", "hemoglobin": "haemoglobin"}
UNITS = {"anc": "×10⁹/L", "platelets": "×10⁹/L", "hemoglobin": "g/dL"}
DEFAULT_RULE = "OT-GEN"


def day_one(
    history: PatientHistory,
    latest: CountEvaluation | None,
    readings: Sequence[Reading],
    now: datetime,
    book: RuleBook,
    validity: timedelta,
    counts: Sequence[CountEvaluation] = (),
) -> DayOne | None:
    """Return the check of the next treatment; None where none is planned.

    The latest count is judged; where it lacks a quantity, the last known value among `counts` is named beside it.
    """
    target = next_treatment(history.course, now)
    if target is None or history.course is None:
        return None
    rule, known = _rule(history, target, book)
    site = _site_bounds(history.course.site_protocol, book.numbers["plausibility"])
    needed = {**_bounds(rule, target), **site}
    when = target.planned.isoformat() if target.planned else None
    hours = int(validity.total_seconds() // 3600)
    if latest is None or latest.collected_at is None:
        shown = DayOne(rule=rule.id, meets=None, limiting="no_count", dose_percent=None, text=_no_count(rule), target_date=when)
    elif now - latest.collected_at > validity:
        text = f"The latest count is older than {hours} h; {rule.id} cannot be judged."
        shown = DayOne(rule=rule.id, meets=None, limiting="count_too_old", dose_percent=None, text=text, target_date=when)
    else:
        values = _values(latest)
        lacking = behind(counts, [name for name in ORDER if values[name] is None], now, validity)
        shown = _shown(rule, needed, _judge(rule, needed, values, readings), values, when, known, lacking)
    return replace(shown, asks=_asks(needed), valid_hours=hours)


def _asks(needed: Mapping[str, Bound]) -> dict[str, Quantity]:
    """Return the bounds as quantities with their comparator, as a chart draws them."""
    signs = {"ge": Comparator.GE, "gt": Comparator.GT, "le": Comparator.LE, "lt": Comparator.LT}
    units = {"anc": "10*9/L", "platelets": "10*9/L", "hemoglobin": "g/dL"}
    return {
        name: Quantity(value=needed[name].value, unit=units[name], comparator=signs[needed[name].op.value])
        for name in ORDER
        if name in needed
    }


def _rule(history: PatientHistory, target: NextTreatment, book: RuleBook) -> tuple[DayOneRule, bool]:
    """Return the rule of the site, the regimen (its own one for a further day) or the default, and whether the regimen is known."""
    course = history.course
    wanted = course.day1_rule if course else None
    regimen = book.regimen(course.regimen if course else None)
    later = regimen.later_day_rule if regimen and target.day is not None else None
    for name in (wanted, later, regimen.day1_rule if regimen else None):
        if name is not None and name in book.day1:
            return book.day1[name], True
    return book.day1[DEFAULT_RULE], False


def _bounds(rule: DayOneRule, target: NextTreatment) -> Mapping[str, Bound]:
    if target.day is not None and rule.later_day:
        return {**rule.needed, **rule.later_day}
    if target.cycle.number == 1 and rule.first_cycle:
        return rule.first_cycle
    return rule.needed


def _site_bounds(site: Mapping[str, object], plausibility: Numbers) -> dict[str, Bound]:
    """Return bounds chosen by the site: {"anc": "1.0"}, {"anc": {"op": "gt", "value": "1.0"}} or a quantity with its unit."""
    chosen = {name: _site_bound(name, site.get(name, site.get(f"{name}_at_least")), plausibility) for name in ORDER}
    return {name: bound for name, bound in chosen.items() if bound is not None}


def _site_bound(name: str, chosen: object, plausibility: Numbers) -> Bound | None:
    """Return one bound of the site, in the units of the rules; None where it cannot be read, so that the rule's own stands."""
    said: Mapping[str, object] = chosen if isinstance(chosen, Mapping) else {"value": chosen}
    unit = said.get("unit", "g/dL" if name == "hemoglobin" else COUNT_UNIT)
    reported = Reported(value=str(said.get("value")), unit=unit if isinstance(unit, str) else None)
    read = hemoglobin_quantity(reported) if name == "hemoglobin" else count_quantity(reported, plausibility)
    if read is None or read.value < 0:
        return None
    sign = {Comparator.GE: Op.GE, Comparator.GT: Op.GT}.get(read.comparator)
    op = said.get("op", sign or Op.GE)
    if op not in (Op.GE, Op.GT) or (read.comparator is not Comparator.EQ and op != sign):
        return None
    return Bound(op=Op(str(op)), value=hemoglobin_in(read, "g/dL").value if name == "hemoglobin" else read.value)


def _values(latest: CountEvaluation) -> dict[str, Quantity | None]:
    hemoglobin = latest.values.get("hemoglobin")
    return {
        "anc": latest.anc.quantity,
        "platelets": latest.values.get("platelets"),
        "hemoglobin": hemoglobin_in(hemoglobin, "g/dL") if hemoglobin else None,
    }


Verdict = tuple[bool | None, str | None, int | None, tuple[str, ...]]
"""(meets, limiting, dose in per cent, the quantities that decided it)"""


def _judge(rule: DayOneRule, needed: Mapping[str, Bound], values: Mapping[str, Quantity | None], readings: Sequence[Reading]) -> Verdict:
    """Return the verdict; `limiting` is the first quantity that fails or that lowers the dose (reference 15.7)."""
    met = {name: needed[name].judge(values[name]) for name in ORDER if name in needed}
    full = {name: rule.full[name].judge(values[name]) for name in ORDER if name in rule.full}
    first = next((name for name in ORDER if met.get(name) is False or full.get(name) is False), None)
    failed = tuple(name for name, holds in met.items() if holds is False)
    if failed:
        return False, first, None, failed
    if _fever(rule, readings):
        return False, first or "fever", None, ()
    open_ones = tuple(name for name in ORDER if None in (met.get(name, True), full.get(name, True)))
    if open_ones:
        return None, first, None, open_ones
    if first is not None:
        return True, first, rule.reduced_percent, (first,)
    return True, None, 100 if rule.reduced_percent else None, ()


def _fever(rule: DayOneRule, readings: Sequence[Reading]) -> bool:
    """Return whether a fever postpones: any reading of the last day; a later normal one may be an antipyretic's doing."""
    postpones = rule.fever
    return postpones is not None and any(postpones.holds(reading.celsius) for reading in readings)


def _shown(
    rule: DayOneRule,
    needed: Mapping[str, Bound],
    verdict: Verdict,
    values: Mapping[str, Quantity | None],
    when: str | None,
    known: bool,
    lacking: Mapping[str, LastKnown],
) -> DayOne:
    meets, limiting, dose, named = verdict
    asked = rule.full if meets is True else {**rule.full, **needed}
    failing = tuple(name for name in ORDER if name in needed and name in lacking and needed[name].judge(_own_unit(name, lacking)) is False)
    parts = [_said(rule, name, asked[name], values[name], lacking) for name in named]
    if meets is False and not named:
        parts = ["fever"]
    parts += [_said(rule, name, asked[name], None, lacking) for name in failing if name not in named]
    default = "" if known else " (default: the regimen is not known)"
    words = {True: "Meets", False: "Does not meet", None: "Cannot tell whether the counts meet"}[meets]
    text = f"{words} the day-1 counts of {rule.id}{default}"
    if dose is not None and dose != 100:
        text += f" at {dose} % dose"
    limiting_text = "; ".join(parts) or None
    return DayOne(
        rule=rule.id,
        meets=meets,
        limiting=limiting,
        dose_percent=dose,
        text=f"{text}: {limiting_text}." if limiting_text else f"{text}.",
        target_date=when,
        limiting_text=limiting_text,
        last_known_fails=failing,
    )


def _own_unit(name: str, lacking: Mapping[str, LastKnown]) -> Quantity:
    """Return a last known value in the unit of the rules."""
    value = lacking[name].value
    return hemoglobin_in(value, "g/dL") if name == "hemoglobin" else value


def _said(rule: DayOneRule, name: str, bound: Bound, value: Quantity | None, lacking: Mapping[str, LastKnown]) -> str:
    shown = f"{value.text} {UNITS[name]}" if value else "not known"
    if value is None and name in lacking:
        shown = f"not known, last known {_own_unit(name, lacking).text} {UNITS[name]} on {lacking[name].at:%d %b %H:%M}"
    return f"{LABELS[name]} {shown}; {rule.id} asks for {bound.text}"


def _no_count(rule: DayOneRule) -> str:
    return f"There is no count; {rule.id} cannot be judged."
