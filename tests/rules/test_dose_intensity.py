"""Relative dose intensity and delay: what was given over what was planned, unknown where something is missing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from neutromon.models.history import TreatmentDay
from neutromon.rules.dose_intensity import cycle_dose, delay_days, dose_intensity
from tests.builders import a_course, a_cycle

FIRST = date(2026, 1, 1)


def test_that_a_course_on_time_at_full_dose_has_an_intensity_of_100_per_cent() -> None:
    found = dose_intensity(a_course(first=FIRST, given=3), 21)
    assert (found.cycles, found.relative_percent, found.delay_days) == (3, Decimal(100), 0)


def test_that_a_week_of_delay_lowers_the_intensity_and_counts_as_delay() -> None:
    cycles = [a_cycle(1, FIRST), a_cycle(2, FIRST + timedelta(days=28), planned=FIRST + timedelta(days=21))]
    found = dose_intensity(a_course(cycles=cycles), 21)
    assert found.delay_days == 7
    assert found.relative_percent is not None and round(found.relative_percent, 1) == Decimal("85.7")


def test_that_a_reduced_dose_lowers_the_intensity() -> None:
    cycles = [a_cycle(1, FIRST), a_cycle(2, FIRST + timedelta(days=21), dose_percent="80")]
    assert dose_intensity(a_course(cycles=cycles), 21).relative_percent == Decimal(90)


@pytest.mark.parametrize("dose", [None, "", "reduced", "-5", "500", "NaN"])
def test_that_an_unknown_dose_leaves_the_intensity_unknown_and_says_which(dose: str | None) -> None:
    found = dose_intensity(a_course(cycles=[a_cycle(1, FIRST, dose_percent=dose)]), 21)
    assert found.relative_percent is None
    assert found.missing == "the dose of cycle 1 is unknown"


def test_that_nothing_is_told_without_a_begun_cycle_or_without_the_length_of_a_cycle() -> None:
    assert dose_intensity(None, 21).missing == "no cycle has begun"
    found = dose_intensity(a_course(first=FIRST), None)
    assert (found.relative_percent, found.delay_days) == (None, None)


def test_that_further_treatment_days_count_and_a_planned_one_does_not() -> None:
    given = TreatmentDay(day=8, given=FIRST + timedelta(days=7), dose_percent="50")
    planned = TreatmentDay(day=15, planned=FIRST + timedelta(days=14))
    assert cycle_dose(a_cycle(1, FIRST, treatment_days=(given, planned))) == Decimal(75)
    omitted = TreatmentDay(day=8, dose_percent="0")
    assert cycle_dose(a_cycle(1, FIRST, treatment_days=(omitted,))) == Decimal(50)


def test_that_the_delay_of_a_cycle_is_known_only_with_plan_and_day_1() -> None:
    assert delay_days(a_cycle(2, FIRST + timedelta(days=3), planned=FIRST)) == 3
    assert delay_days(a_cycle(2, planned=FIRST)) is None
