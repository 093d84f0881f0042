"""The worklist page: filter, sort, columns, owners, menu, empty states."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from neutromon.models.worklist import DayOneState, ListName, SparkPoint, WorklistRow
from neutromon.services.decisions import DayOneDecision
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.settings import WindowSettings
from neutromon.ui.theme import DARK, LIGHT, Theme
from neutromon.ui.worklist.columns import OF_LIST, SHAPES, STATES_BY_NEED, Column, cell_text, check_word, due_text, limit_text
from neutromon.ui.worklist.page import WorklistPage, empty_texts
from tests.builders import a_history, a_patient
from tests.ui.fake_clinic import FakeClinic


@pytest.fixture
def page(qtbot: QtBot, clinic: FakeClinic) -> WorklistPage:
    made = WorklistPage(clinic, Theme(), WindowSettings())
    qtbot.addWidget(made)
    made.resize(1150, 600)
    made.show_list(ListName.ALL)
    made.show()
    return made


def ids(page: WorklistPage) -> list[str]:
    rows = [page.model.row_at(number) for number in range(page.model.rowCount())]
    return [row.patient_id for row in rows if row]


def a_row(clinic: FakeClinic, **changes: object) -> WorklistRow:
    return replace(clinic.worklist(ListName.ALL)[0], **changes)  # type: ignore[arg-type]


def test_that_typing_in_the_list_filters_it(page: WorklistPage, qtbot: QtBot) -> None:
    page.table.setFocus()
    qtbot.keyClicks(page.table, "p")
    qtbot.keyClicks(page.filter, "laceholder")
    assert sorted(ids(page)) == ["p3", "p4", "p5"]


def test_that_escape_takes_the_filter_away_and_enter_opens_the_row(page: WorklistPage, qtbot: QtBot) -> None:
    page.filter.setFocus()
    qtbot.keyClicks(page.filter, "T-0004")
    with qtbot.waitSignal(page.patient_requested) as asked:
        qtbot.keyClick(page.filter, Qt.Key.Key_Return)
    assert asked.args == ["p4"]
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.filter.text() == "" and len(ids(page)) == 9


def test_that_a_heading_sorts_and_a_second_click_turns_the_order(page: WorklistPage) -> None:
    header, number = page.table.horizontalHeader(), page.model.columns().index(Column.PATIENT)
    header.sectionClicked.emit(number)
    first = ids(page)
    header.sectionClicked.emit(number)
    assert ids(page) == list(reversed(first))
    assert page.model.order == ("name", True)


def test_that_a_column_that_cannot_be_sorted_changes_nothing(page: WorklistPage) -> None:
    before = page.model.order
    page.table.horizontalHeader().sectionClicked.emit(page.model.columns().index(Column.TREND))
    assert page.model.order == before


def test_that_columns_and_widths_are_kept_in_the_settings(page: WorklistPage, qtbot: QtBot) -> None:
    page._fill_columns_menu()
    entry = next(action for action in page._columns.menu().actions() if action.text() == "Last G-CSF")
    with qtbot.waitSignal(page.settings_changed) as told:
        entry.trigger()
    assert told.args[0].hidden_columns == ("gcsf",)
    assert Column.GCSF not in page.model.columns()
    with qtbot.waitSignal(page.settings_changed) as told:
        page.table.horizontalHeader().resizeSection(0, 260)
    assert told.args[0].column_widths["patient"] == 260


def test_that_hidden_columns_are_named_and_come_back_with_one_press(page: WorklistPage) -> None:
    page.show_list(ListName.TOMORROW)
    before = page.model.columns()
    assert page.findChild(QPushButton, "worklist_hidden") is None
    for name in ("anc", "day_one", "alert"):
        page._toggle(name)
    said = page.findChild(QPushButton, "worklist_hidden")
    assert said is not None and said.text() == "3 columns hidden" and not said.isHidden()
    assert said.accessibleName() == "3 columns hidden: Last ANC, Day-1 check, Open alert"
    page.show_list(ListName.ALL)
    assert said.text() == "2 columns hidden"
    page.show_list(ListName.TOMORROW)
    said.click()
    assert page.model.columns() == before and said.isHidden()


def test_that_a_column_is_moved_by_its_heading_and_stays_there_for_that_list(page: WorklistPage, qtbot: QtBot) -> None:
    before = page.model.columns()
    header = page.table.horizontalHeader()
    with qtbot.waitSignal(page.settings_changed) as told:
        header.moveSection(3, 1)
    assert page.model.columns() == (before[0], before[3], *before[1:3], *before[4:])
    assert [header.visualIndex(number) for number in range(header.count())] == list(range(header.count()))
    assert told.args[0].column_order == {"all": [column.value for column in page.model.columns()]}
    assert not header.isFirstSectionMovable()
    page.show_list(ListName.TOMORROW)
    assert page.model.columns() == OF_LIST[ListName.TOMORROW]


def test_that_a_column_is_moved_by_keyboard_and_a_hidden_one_keeps_its_place(page: WorklistPage) -> None:
    page._toggle("trend")
    page._fill_columns_menu()
    moving = next(action.menu() for action in page._columns.menu().actions() if action.text() == "Move a column")
    one = next(action.menu() for action in moving.actions() if action.text() == "Last ANC")
    left, right = one.actions()
    assert (left.text(), left.isEnabled(), right.isEnabled()) == ("To the left", True, True)
    left.trigger()
    assert page.model.columns()[:3] == (Column.PATIENT, Column.ANC, Column.CYCLE)
    page._toggle("trend")
    assert page.model.columns()[:4] == (Column.PATIENT, Column.ANC, Column.TREND, Column.CYCLE)


def test_that_the_filter_reaches_what_a_row_says_in_the_words_that_are_shown(page: WorklistPage, clinic: FakeClinic) -> None:
    page.show_list(ListName.TOMORROW)
    page.filter.setText("does not meet")
    assert ids(page) == ["p4"]
    page.filter.setText("anc 0.9")
    assert ids(page) == ["p4"]
    clinic.decide_day_one("p3", DayOneDecision(decision="proceed"))
    page.filter.setText("proceed")
    assert ids(page) == ["p3"]
    page.filter.setText("not decided")
    assert ids(page) == ["p4", "p5"]
    assert "the value that limits it" in page.filter.accessibleDescription()


def test_that_the_same_patient_stays_chosen_when_the_list_is_read_again(page: WorklistPage) -> None:
    page.table.select_id("p6")
    page.read_again()
    assert page.table.current_id() == "p6"


def test_that_open_alerts_can_be_narrowed_to_an_owner(page: WorklistPage, clinic: FakeClinic) -> None:
    page.show_list(ListName.ALERTS)
    everybody = ids(page)
    clinic.set_owner([next(iter(clinic.alerts))], clinic.user)
    page.owner.setCurrentIndex(page.owner.findText("Mine"))
    page.owner.activated.emit(page.owner.currentIndex())
    assert len(ids(page)) == 1 < len(everybody)


@pytest.mark.parametrize("name", ["row_decide", "row_count", "row_triage", "row_open"])
def test_that_a_button_at_the_foot_asks_for_the_chosen_patient(page: WorklistPage, qtbot: QtBot, name: str) -> None:
    page.table.select_id("p3")
    signals = {
        "row_decide": page.decision_requested,
        "row_count": page.count_requested,
        "row_triage": page.triage_requested,
        "row_open": page.patient_requested,
    }
    with qtbot.waitSignal(signals[name]) as asked:
        page.findChild(object, name).click()  # type: ignore[attr-defined]
    assert asked.args == ["p3"]


def test_that_the_menu_of_a_row_asks_for_forms_of_that_patient(page: WorklistPage, qtbot: QtBot) -> None:
    page.table.select_id("p3")
    menu = page.row_menu()
    entries = {action.text(): action for action in menu.actions() if isinstance(action, QAction)}
    with qtbot.waitSignal(page.form_requested) as asked:
        entries["Record temperature"].trigger()
    assert asked.args == ["temperature", "p3", ""]
    menu.close()


@pytest.mark.parametrize("name", list(ListName))
def test_that_an_empty_list_says_what_it_means(qtbot: QtBot, name: ListName) -> None:
    page = WorklistPage(FakeClinic(), Theme(), WindowSettings())
    qtbot.addWidget(page)
    page.show_list(name)
    assert page.empty.texts() == empty_texts()[name]


def test_that_an_empty_clinic_offers_the_first_steps_as_buttons(qtbot: QtBot) -> None:
    page = WorklistPage(FakeClinic(), Theme(), WindowSettings())
    qtbot.addWidget(page)
    page.show_list(ListName.ALL)
    with qtbot.waitSignal(page.command_requested) as asked:
        page.findChild(object, "begin_desk_imports").click()  # type: ignore[attr-defined]
    assert asked.args == ["desk_imports"]


def test_that_the_pages_of_one_owner_never_show_a_patient_twice(
    page: WorklistPage, clinic: FakeClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("neutromon.ui.worklist.model.FIRST", 2)
    monkeypatch.setattr("neutromon.ui.worklist.model.PAGE", 2)
    own = [alert.id for alert in clinic.alerts.values() if alert.patient_id in {"p2", "p7"}]
    clinic.set_owner(own, "A. Nother")
    page.show_list(ListName.ALERTS)
    page.owner.setCurrentText("A. Nother")
    page.read_again()
    while page.model.canFetchMore():
        page.model.fetchMore()
    assert sorted(ids(page)) == ["p2", "p7"]


def test_that_a_filter_without_a_match_says_how_to_go_on(page: WorklistPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.filter, "nobody")
    assert page.empty.texts()[0] == "Nobody here matches"


def test_that_the_limiting_value_stands_in_a_few_words(clinic: FakeClinic) -> None:
    below = a_row(clinic, limiting_text="ANC 0.9 ×10⁹/L; OT-CHOP asks for ≥ 1.0", day1_state=DayOneState.DOES_NOT_MEET)
    assert limit_text(below) == "ANC 0.9, needs ≥ 1.0"
    both = "ANC 0.2 ×10⁹/L; OT-GEN asks for ≥ 1.5; platelets 71 ×10⁹/L; OT-GEN asks for ≥ 100"
    assert limit_text(replace(below, limiting_text=both)) == "ANC 0.2 (≥ 1.5), platelets 71 (≥ 100)"
    assert limit_text(replace(below, limiting_text="fever")) == "fever"


def test_that_counts_that_meet_a_lower_dose_only_say_at_which(clinic: FakeClinic) -> None:
    text = "at 75 % dose: platelets 62 ×10⁹/L; OT-GEMD8 asks for ≥ 100"
    row = a_row(clinic, limiting_text=text, day1_state=DayOneState.MEETS)
    assert (check_word(row), limit_text(row)) == ("Meets at 75 % dose", "platelets 62, full dose needs ≥ 100")
    assert cell_text(Column.DAY_ONE, row) == f"Meets at 75 % dose · {text}"
    assert check_word(replace(row, limiting_text="Meets the day-1 counts of OT-GEN.")) == "Meets criteria"


def test_that_a_count_too_old_says_its_age_and_how_long_it_is_valid(clinic: FakeClinic) -> None:
    text = "The latest count is older than 72 h; OT-GEN cannot be judged."
    row = a_row(clinic, limiting_text=text, day1_state=DayOneState.COUNT_TOO_OLD, count_age_hours=140.0)
    assert limit_text(row) == "5 d ago, valid for 72 h"


def test_that_a_due_count_is_told_without_the_frame_of_the_alert(clinic: FakeClinic) -> None:
    text = "ADVISORY – no current count; C4 D1 was planned 3 days ago. Consider asking for a count (per local protocol default)."
    assert due_text(a_row(clinic, overdue_text=text)) == "no current count; C4 D1 was planned 3 days ago. Consider asking for a count."


def test_that_every_cell_has_its_whole_text_for_the_screen_reader(page: WorklistPage) -> None:
    for number in range(page.model.rowCount()):
        row = page.model.row_at(number)
        assert row is not None
        for place, column in enumerate(page.model.columns()):
            index = page.model.index(number, place)
            assert index.data(Qt.ItemDataRole.AccessibleTextRole) == cell_text(column, row)


def test_that_one_of_a_thing_is_never_told_as_many(clinic: FakeClinic) -> None:
    point = SparkPoint(days_ago=1.1, log10_anc=-0.3)
    assert cell_text(Column.TREND, a_row(clinic, spark=(point,))) == "1 count, lowest 0.5 ×10⁹/L yesterday"
    both = (replace(point, days_ago=3.0), replace(point, days_ago=0.1, log10_anc=0.3))
    assert cell_text(Column.TREND, a_row(clinic, spark=both)) == "2 counts, lowest 0.5 ×10⁹/L 3 days ago"


def test_that_a_day_1_nobody_decided_says_so_to_the_screen_reader(page: WorklistPage, clinic: FakeClinic) -> None:
    page.show_list(ListName.TOMORROW)
    place = page.model.index(0, page.model.columns().index(Column.DECISION))
    assert place.data(Qt.ItemDataRole.AccessibleTextRole) == "not decided"
    assert cell_text(Column.DECISION, a_row(clinic, decision="defer")) == "Defer"


def test_that_no_state_is_called_safe_and_none_is_green(page: WorklistPage) -> None:
    shown = " ".join(cell_text(column, row) for row in map(page.model.row_at, range(9)) if row for column in Column)
    assert "safe" not in shown.casefold() and "normal" not in shown.casefold()
    for palette in (LIGHT, DARK):
        red, green, blue = (int(palette.meets[i : i + 2], 16) for i in (1, 3, 5))
        assert green <= max(red, blue)


def test_that_a_notifier_without_changes_reads_nothing(qtbot: QtBot) -> None:
    notifier = ChangeNotifier()
    with qtbot.assertNotEmitted(notifier.changed):
        notifier.settings_changed.emit()


def test_that_a_days_list_is_sorted_by_what_needs_deciding_and_by_what_is_not_decided(page: WorklistPage, qtbot: QtBot) -> None:
    page.show_list(ListName.TOMORROW)
    for column, place in (
        (Column.DAY_ONE, lambda row: STATES_BY_NEED.index(row.day1_state)),
        (Column.DECISION, lambda row: bool(row.decision)),
    ):
        number = page.model.columns().index(column)
        page.table.horizontalHeader().sectionClicked.emit(number)
        rows = [row for n in range(page.model.rowCount()) if (row := page.model.row_at(n))]
        assert len(rows) > 1
        places = [place(row) for row in rows]
        assert places == sorted(places)
        page.table.horizontalHeader().sectionClicked.emit(number)
        again = [row for n in range(page.model.rowCount()) if (row := page.model.row_at(n))]
        assert {row.patient_id for row in again} == {row.patient_id for row in rows}
        assert page.model.order == (SHAPES[column].order, True)


def test_that_a_list_without_the_sorted_column_comes_by_urgency(page: WorklistPage) -> None:
    page.show_list(ListName.ALL)
    by_urgency = [page.model.row_at(n) for n in range(page.model.rowCount())]
    page.set_settings(replace(page._settings, order="decision"))
    assert [page.model.row_at(n) for n in range(page.model.rowCount())] == by_urgency


def test_that_a_long_list_says_its_whole_number_before_it_is_read_to_the_end(qtbot: QtBot) -> None:
    clinic = FakeClinic()
    for number in range(77):
        clinic.add(a_history(a_patient(f"T-{number:04d}")), f"p{number}")
    page = WorklistPage(clinic, Theme(), WindowSettings())
    qtbot.addWidget(page)
    page.show_list(ListName.ALL)
    assert page.model.rowCount() == 60
    assert page._number.text() == "77 patients"
