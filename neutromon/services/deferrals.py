"""Deferring moves the planned day: a standing decision is laid over the stored plan, so that undoing it brings the plan back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from neutromon.models.history import Course, Cycle, Deferral, TreatmentDay
from neutromon.storage.store import Fact


def with_deferrals(course: Course | None, decisions: Iterable[Fact]) -> tuple[Course | None, tuple[Deferral, ...]]:
    """Return the course with its planned days as the decisions, oldest first, have moved them, and each move."""
    found: list[Deferral] = []
    for fact in decisions:
        days, target = fact.body.get("days"), fact.body.get("target")
        if course is None or fact.body.get("decision") != "defer" or not days or not target:
            continue
        course, moved = _moved(course, fact, date.fromisoformat(target), timedelta(days=int(days)))
        found += moved
    return course, tuple(found)


def _moved(course: Course, fact: Fact, target: date, by: timedelta) -> tuple[Course, list[Deferral]]:
    """Return the course with what is planned for a day and not given yet moved; a plan that was changed since stays as it is."""
    cycles: list[Cycle] = []
    found: list[Deferral] = []
    for cycle in course.cycles:
        if cycle.day1 is None and cycle.planned_day1 == target:
            found.append(_deferral(fact, cycle.number, 1, target, by))
            cycle = replace(cycle, planned_day1=target + by)
        days = [_later(one, target, by) for one in cycle.treatment_days]
        found += [
            _deferral(fact, cycle.number, new.day, target, by)
            for new, old in zip(days, cycle.treatment_days, strict=True)
            if new is not old
        ]
        cycles.append(replace(cycle, treatment_days=tuple(days)) if days else cycle)
    return replace(course, cycles=tuple(cycles)), found


def _later(one: TreatmentDay, target: date, by: timedelta) -> TreatmentDay:
    return replace(one, planned=target + by) if one.given is None and one.planned == target else one


def _deferral(fact: Fact, cycle: int, day: int, target: date, by: timedelta) -> Deferral:
    at = datetime.fromisoformat(fact.at)
    return Deferral(cycle=cycle, day=day, planned=target, moved_to=target + by, at=at, by=fact.author)
