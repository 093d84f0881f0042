"""Courses of chemotherapy and their cycles."""

from dataclasses import replace
from itertools import pairwise

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.history import Course, Cycle
from neutromon.rules.treatment_days import odd_days
from neutromon.services.lifetime import check_born
from neutromon.services.records import latest_of, needs_patient, needs_reason
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import decode, encode


def add_course(s: Session, patient_id: str, course: Course) -> Outcome[str]:
    """Store a new course and return its id."""
    needs_patient(s, patient_id)
    _check(s, patient_id, course)
    with writing(s) as write:
        course_id = write.add(patient_id, "course", encode(replace(course, id="")))
    return Outcome(value=course_id, changes=write.changes)


def change_course(s: Session, course: Course, reason: str) -> Outcome[None]:
    """Store a new revision of a course."""
    latest = latest_of(s, course.id, "course")
    _check(s, latest.patient, course)
    with writing(s) as write:
        write.revise(latest, encode(replace(course, id="")), needs_reason(reason))
    return Outcome(value=None, changes=write.changes)


def save_cycle(s: Session, course_id: str, cycle: Cycle, reason: str = "") -> Outcome[str]:
    """Add a cycle, or revise the one with its number."""
    latest = latest_of(s, course_id, "course")
    course = decode(Course, latest.body)
    others = [own for own in course.cycles if own.number != cycle.number]
    changed = replace(course, cycles=tuple(sorted([*others, cycle], key=lambda own: own.number)))
    _check(s, latest.patient, changed)
    _check_days(s, changed, cycle)
    with writing(s) as write:
        write.revise(latest, encode(changed), reason or f"cycle {cycle.number}")
    return Outcome(value=course_id, changes=write.changes)


def _check_days(s: Session, course: Course, cycle: Cycle) -> None:
    """Refuse further treatment days that cannot be: before day 1, in the future, or when the next cycle had begun."""
    refused = next((odd for odd in odd_days(course, cycle, s.clock().date(), None) if odd.impossible), None)
    if refused is not None:
        raise UserError(refused.text, "Correct the treatment day, or the day that it stands against.")


def _check(s: Session, patient_id: str, course: Course) -> None:
    """Refuse cycles before the birth, and those whose actual day 1 runs against their numbers."""
    check_born(s, patient_id, [day for cycle in course.cycles for day in (cycle.day1, cycle.planned_day1)])
    days = [(cycle.number, cycle.day1) for cycle in sorted(course.cycles, key=lambda c: c.number) if cycle.day1 is not None]
    for (_, earlier), (number, later) in pairwise(days):
        if later <= earlier:
            raise UserError(f"Day 1 of cycle {number} is not after the cycle before it.", "Correct the dates.")
    if len({cycle.number for cycle in course.cycles}) != len(course.cycles):
        raise UserError("Two cycles have the same number.", "Correct the numbers.")
