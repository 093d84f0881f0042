"""The antibiotic clock: what starts it, what stops it, and the bound of the hour."""

from datetime import timedelta

import pytest

from neutromon.rules.clock import antibiotic_clock
from tests.builders import NOW, an_antibiotic, at


def test_that_the_clock_runs_until_an_antibiotic_is_written_down() -> None:
    clock = antibiotic_clock(at(hours=-0.5), [], NOW, 60)
    assert (clock.elapsed, clock.stopped_by, clock.left) == (timedelta(minutes=30), None, timedelta(minutes=30))


@pytest.mark.parametrize(("minutes", "over"), [(59, False), (60, False), (61, True)])
def test_that_exactly_an_hour_is_still_in_time(minutes: int, over: bool) -> None:
    assert antibiotic_clock(NOW - timedelta(minutes=minutes), [], NOW, 60).is_over is over


def test_that_the_first_treatment_dose_after_time_zero_stops_the_clock() -> None:
    doses = [an_antibiotic("second", given=at(hours=-1)), an_antibiotic("first", given=at(hours=-1.5))]
    clock = antibiotic_clock(at(hours=-2), doses, NOW, 60)
    assert clock.stopped_by == doses[1]
    assert clock.elapsed == timedelta(minutes=30)


@pytest.mark.parametrize(
    "dose",
    [
        an_antibiotic(given=at(hours=-1), purpose="prophylaxis"),
        an_antibiotic(given=at(hours=-3)),
        an_antibiotic(given=at(hours=1)),
        an_antibiotic(given=None),
    ],
    ids=["prophylaxis", "before time zero", "in the future", "without a time"],
)
def test_that_no_other_dose_stops_the_clock(dose: object) -> None:
    assert antibiotic_clock(at(hours=-2), [dose], NOW, 60).stopped_by is None  # type: ignore[list-item]


def test_that_the_clock_counts_real_minutes_across_a_change_of_the_clocks() -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    berlin = ZoneInfo("Europe/Berlin")
    zero = datetime(2026, 3, 29, 0, 59, tzinfo=ZoneInfo("UTC"))
    now = datetime(2026, 3, 29, 3, 29, tzinfo=berlin)
    assert antibiotic_clock(zero, [], now, 60).elapsed == timedelta(minutes=30)


def test_that_a_dose_given_before_time_zero_stops_the_clock_at_nothing_once_a_person_has_said_so() -> None:
    dose = an_antibiotic(given=at(hours=-3))
    clock = antibiotic_clock(at(hours=-2), [dose], NOW, 60, at(hours=-3))
    assert (clock.stopped_by, clock.elapsed, clock.is_over) == (dose, timedelta(0), False)
