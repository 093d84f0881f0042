"""The fake clinic keeps what the window's tests rely on."""

from neutromon.models.evaluation import Tier
from neutromon.models.worklist import DayOneState, ListName
from tests.ui.fake_clinic import a_clinic


def test_that_the_fake_has_patients_on_every_list_that_the_window_shows() -> None:
    counts = a_clinic().list_counts()
    assert counts[ListName.ALL] == 9
    assert counts[ListName.TOMORROW] and counts[ListName.NADIR_WINDOW] and counts[ListName.ALERTS]


def test_that_the_fake_raises_an_emergency_for_fever_with_an_unknown_count() -> None:
    assert Tier.EMERGENCY in {alert.tier for alert in a_clinic().alerts_of("p6")}


def test_that_tomorrow_has_patients_who_meet_and_who_do_not() -> None:
    states = {row.day1_state for row in a_clinic().worklist(ListName.TOMORROW)}
    assert {DayOneState.MEETS, DayOneState.DOES_NOT_MEET, DayOneState.COUNT_TOO_OLD} <= states
