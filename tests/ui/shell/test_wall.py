"""The wall view: initials and words, never a name or a value; only a nurse's decision says that someone can go ahead."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from neutromon.models.alerts import AlertState
from neutromon.models.evaluation import Tier
from neutromon.models.worklist import DayOneState, ListName, OpenAlert, WorklistRow
from neutromon.ui.main_window import MainWindow
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.theme import Theme
from neutromon.ui.wall.page import WallPage, given_on, good_to_go, wait_text
from tests.builders import NOW
from tests.ui.fake_clinic import FakeClinic
from tests.ui.shell.reading import texts


@pytest.fixture
def wall(qtbot: QtBot, clinic: FakeClinic) -> WallPage:
    made = WallPage(clinic, Theme(), ChangeNotifier())
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    made.show_day(ListName.TOMORROW)
    return made


def a_row(clinic: FakeClinic, **changes: object) -> WorklistRow:
    return replace(clinic.worklist(ListName.TOMORROW)[0], **{"alerts": (), **changes})  # type: ignore[arg-type]


def test_that_the_wall_shows_initials_and_no_name_number_or_value(wall: WallPage, clinic: FakeClinic) -> None:
    shown = " ".join(texts(wall))
    people = clinic.worklist(ListName.TOMORROW)
    assert people and all(row.initials in shown for row in people)
    assert not [row for row in people if row.mrn in shown or row.name in shown or row.anc_text in shown]


def test_that_only_a_decision_to_proceed_is_good_to_go(clinic: FakeClinic) -> None:
    meets = a_row(clinic, day1_state=DayOneState.MEETS, decision="")
    assert not good_to_go(meets) and wait_text(meets) == "decision awaited"
    assert good_to_go(replace(meets, decision="Proceed"))
    deferred = replace(meets, decision="Defer 7 d")
    assert not good_to_go(deferred) and wait_text(deferred) == "decided: see the list"


def test_that_an_open_emergency_holds_whatever_was_decided(clinic: FakeClinic) -> None:
    alert = OpenAlert(
        id="a",
        tier=Tier.EMERGENCY,
        rule="fn.confirmed",
        state=AlertState.RAISED,
        text="EMERGENCY",
        owner="",
        raised_at=NOW - timedelta(minutes=5),
    )
    row = replace(a_row(clinic, decision="Proceed"), alerts=(alert,))
    assert not good_to_go(row) and wait_text(row) == "being seen"


@pytest.mark.parametrize("state", [DayOneState.NO_COUNT, DayOneState.COUNT_TOO_OLD, DayOneState.CANNOT_TELL])
def test_that_a_missing_or_old_count_is_awaited(clinic: FakeClinic, state: DayOneState) -> None:
    assert wait_text(a_row(clinic, day1_state=state, decision="")) == "count awaited"


def test_that_a_treatment_given_today_awaits_nothing(wall: WallPage, clinic: FakeClinic, monkeypatch: pytest.MonkeyPatch) -> None:
    given = a_row(clinic, cycle_day=1, next_day1=NOW.date() + timedelta(days=21), day1_state=DayOneState.NO_COUNT, decision="")
    planned = replace(given, next_day1=NOW.date())
    monkeypatch.setattr(clinic, "worklist", lambda *_asked, **_how: [given, planned])
    wall.show_day(ListName.TODAY)
    assert [card.accessibleName().split(", ", 1)[1] for card in wall._cards] == ["Given, day 1 was today", "On hold, count awaited"]
    assert "1 given · 0 good to go · 1 on hold" in texts(wall)


def test_that_an_emergency_is_told_of_a_patient_treated_today_too(clinic: FakeClinic) -> None:
    alert = OpenAlert(id="a", tier=Tier.EMERGENCY, rule="fn.confirmed", state=AlertState.RAISED, text="EMERGENCY", owner="", raised_at=NOW)
    row = a_row(clinic, cycle_day=1, next_day1=None, alerts=(alert,))
    assert not given_on(row, NOW.date()) and wait_text(row) == "being seen"


def test_that_the_wall_never_says_safe(wall: WallPage) -> None:
    assert "safe" not in " ".join(texts(wall)).casefold()


def test_that_an_empty_day_says_so(qtbot: QtBot) -> None:
    wall = WallPage(FakeClinic(), Theme(), ChangeNotifier())
    qtbot.addWidget(wall)
    wall.activate()
    assert wall.empty.texts()[0] == "Nobody is planned for this day"


def test_that_full_screen_shows_the_wall_alone_and_escape_ends_it(window: MainWindow) -> None:
    window.show_desk("wall")
    wall = window.pages.page("wall")
    assert isinstance(wall, WallPage)
    wall._full.click()
    assert window.isFullScreen() and not window.rail.isVisible() and not window.top.isVisible()
    wall._full.click()
    assert not window.isFullScreen() and window.rail.isVisible()
