"""The shell: navigation, commands, forms by name, undo, looks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.models.changes import Changes, Outcome
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.worklist import ListName
from neutromon.ui.main_window import MainWindow
from neutromon.ui.saved import Saved
from neutromon.ui.text import isolated
from neutromon.ui.theme import DARK
from neutromon.ui.widgets.dialog import Dialog
from tests.ui.fake_clinic import FakeClinic
from tests.ui.shell.reading import choose

PATIENT_FORMS = (
    "count",
    "temperature",
    "symptoms",
    "growth_factor",
    "antibiotic",
    "event",
    "course",
    "cycle",
    "patient",
    "decision",
    "triage",
    "pathway",
    "scores",
    "gcsf",
    "work_up",
)


def saved(title: str = "Count stored", undo: object = None) -> Saved:
    return Saved(title=title, changes=Changes(patient_ids=frozenset({"p1"})), undo=undo)  # type: ignore[arg-type]


def test_that_the_window_opens_on_tomorrow_with_every_list_counted(window: MainWindow, clinic: FakeClinic) -> None:
    assert window.pages.name == "worklist"
    assert window.worklist.name is ListName.TOMORROW
    numbers = clinic.list_counts()
    shown = window.rail.findChild(object, "rail_tomorrow")
    assert shown.accessibleName() == f"Tomorrow, {numbers[ListName.TOMORROW]}"  # type: ignore[attr-defined]


def test_that_an_empty_clinic_opens_on_all_patients_and_says_how_to_begin(qtbot: QtBot, undressed: object) -> None:
    from tests.ui.shell.conftest import make_window

    window = make_window(qtbot, undressed, FakeClinic())  # type: ignore[arg-type]
    assert window.worklist.name is ListName.ALL
    heading, text = window.worklist.empty.texts()
    assert heading == "No patients yet" and "Import" in text


@pytest.mark.parametrize("name", list(ListName))
def test_that_each_list_is_one_key_away(window: MainWindow, name: ListName) -> None:
    window.run_command(f"list_{name.value}")
    assert window.worklist.name is name


@pytest.mark.parametrize("name", ["patient", "inbox", "handover", "wall"])
def test_that_each_page_is_built_when_it_is_first_shown(window: MainWindow, name: str) -> None:
    assert window.pages.made(name) is None
    window.open_patient("p1") if name == "patient" else window.show_desk(name)
    assert window.pages.currentWidget() is window.pages.made(name)


def test_that_opening_a_patient_is_audited_and_commands_are_about_her(window: MainWindow, clinic: FakeClinic) -> None:
    window.open_patient("p4")
    assert ("view_patient", ("p4",)) in clinic.calls
    assert window.patient_id() == "p4"


def test_that_alt_left_goes_back_to_the_same_row_of_the_list(window: MainWindow) -> None:
    window.show_list(ListName.ALL)
    window.worklist.table.select_id("p7")
    window.open_patient("p7")
    window.run_command("back")
    assert window.pages.name == "worklist"
    assert window.worklist.table.current_id() == "p7"


@pytest.mark.parametrize("name", PATIENT_FORMS)
def test_that_each_form_opens_by_name_for_the_chosen_patient(window: MainWindow, name: str) -> None:
    choose(window, "p1")
    window.run_command(f"form_{name}")
    dialogs = window.forms.dialogs()
    assert [dialog.patient_id for dialog in dialogs] == ["p1"]
    dialogs[0].reject()


@pytest.mark.parametrize("name", ["new_patient", "batch"])
def test_that_the_clinics_forms_need_no_patient(window: MainWindow, name: str) -> None:
    window.run_command(f"form_{name}")
    dialogs = window.forms.dialogs()
    assert len(dialogs) == 1
    dialogs[0].reject()


def test_that_a_patients_command_without_a_patient_says_to_choose_one(window: MainWindow) -> None:
    window.show_desk("wall")
    window.run_command("form_count")
    assert "Choose a patient first" in window.messages.text()
    assert window.forms.dialogs() == []


def test_that_a_form_writes_to_its_own_patient_after_another_was_opened(window: MainWindow, clinic: FakeClinic) -> None:
    choose(window, "p1")
    window.run_command("form_temperature")
    form = window.forms.dialogs()[0]
    choose(window, "p2")
    assert form.patient_id == "p1"
    with pytest.raises(AttributeError):
        form.patient_id = "p2"  # type: ignore[misc]
    form.finish(saved())
    assert [name for name, _ in clinic.calls if name.startswith("record")] == []


def test_that_a_saved_form_offers_undo_and_undo_tells_every_view(window: MainWindow, qtbot: QtBot) -> None:
    undone: list[int] = []

    def undo() -> Outcome[None]:
        undone.append(1)
        return Outcome(value=None, changes=Changes(patient_ids=frozenset({"p1"})))

    window.take_saved(saved(undo=undo))
    assert window.messages.text() == "Count stored"
    with qtbot.waitSignal(window.notifier.patients_changed) as told:
        window.messages.findChild(object, "undo").click()  # type: ignore[attr-defined]
    assert (undone, told.args) == ([1], [frozenset({"p1"})])
    assert window.messages.text() == "Taken back: Count stored"


def test_that_the_last_step_is_offered_again_after_its_ten_seconds(window: MainWindow, qtbot: QtBot) -> None:
    undone: list[int] = []

    def undo() -> Outcome[None]:
        undone.append(1)
        return Outcome(value=None, changes=Changes())

    window.take_saved(saved(undo=undo))
    window.messages._timer.timeout.emit()
    assert window.messages.text() == ""
    window.worklist.table.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (window.messages.text(), undone) == ("Saved last: Count stored", [])
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: undone == [1], timeout=5000)


def test_that_who_unlocks_takes_back_nothing_of_another_person(window: MainWindow) -> None:
    window.take_saved(saved(undo=lambda: Outcome(value=None, changes=Changes())))
    window.lock()
    window.unlock()
    window.messages._offer_again()
    assert window.messages.text() == ""


def test_that_an_undo_that_fails_says_why(window: MainWindow) -> None:
    def undo() -> Outcome[None]:
        raise UserError("Somebody corrected it since.", "Open the record.")

    window.take_saved(saved(undo=undo))
    window.messages.findChild(object, "undo").click()  # type: ignore[attr-defined]
    assert window.messages.text() == "Somebody corrected it since. Open the record."


def test_that_the_strip_counts_tiers_and_names_nobody(window: MainWindow, clinic: FakeClinic) -> None:
    assert window.strip.isVisible() == bool(clinic.tier_counts()[Tier.EMERGENCY] or clinic.tier_counts()[Tier.URGENT])
    assert window.strip.text()
    assert not any(
        history.patient.family_name in window.strip.text() for history in clinic.histories.values() if history.patient.family_name
    )


def test_that_the_strip_opens_the_worst_alert(window: MainWindow) -> None:
    window.strip.findChild(object, "strip_act").click()  # type: ignore[attr-defined]
    assert len(window.forms.dialogs()) == 1
    window.forms.dialogs()[0].reject()


def test_that_the_minute_lets_the_clock_raise_alerts_and_tells_the_views(window: MainWindow, clinic: FakeClinic, qtbot: QtBot) -> None:
    changes = Changes(alert_ids=frozenset({"a1"}))
    clinic.refresh_alerts = lambda: changes  # type: ignore[method-assign]
    with qtbot.waitSignal(window.notifier.alerts_changed) as told:
        window.refresh()
    assert told.args == [frozenset({"a1"})]


@pytest.mark.parametrize(("role", "shown"), [("nurse", "Nurse"), ("senior", "Senior nurse"), ("administrator", "Administrator")])
def test_that_the_bar_names_the_role_that_the_person_has(qtbot: QtBot, undressed: object, role: str, shown: str) -> None:
    from tests.ui.shell.conftest import make_window

    window = make_window(qtbot, undressed, FakeClinic(user="Anna Boss", role=role))  # type: ignore[arg-type]
    assert window.top.user.accessibleName() == f"{shown}: {isolated('Anna Boss')}"


def test_that_the_theme_changes_everywhere_and_is_kept(qtbot: QtBot, undressed: object, clinic: FakeClinic) -> None:
    from tests.ui.shell.conftest import make_window

    kept: list[object] = []
    window = make_window(qtbot, undressed, clinic, keep=kept.append)  # type: ignore[arg-type]
    window.open_patient("p1")
    window.run_command("theme")
    assert window.theme.palette is DARK
    assert window.patient_id() == "p1"
    assert kept[-1].theme == "dark"  # type: ignore[attr-defined]


def test_that_text_grows_by_steps_and_stops_at_twice_its_size(window: MainWindow) -> None:
    for _ in range(9):
        window.run_command("larger")
    assert window.settings.scale == 2.0
    window.run_command("reset")
    assert window.settings.scale == 1.0


def test_that_quick_find_opens_a_patient_by_number(window: MainWindow, qtbot: QtBot) -> None:
    window.run_command("find")
    qtbot.keyClicks(window.top.quick_find, "T-0008")
    qtbot.keyClick(window.top.quick_find, Qt.Key.Key_Return)
    assert window.patient_id() == "p8"


def test_that_the_palette_runs_a_command_by_its_words(window: MainWindow, qtbot: QtBot) -> None:
    window.run_command("find")
    qtbot.keyClicks(window.top.quick_find, ">wall")
    qtbot.keyClick(window.top.quick_find, Qt.Key.Key_Return)
    assert window.pages.name == "wall"


def test_that_every_command_has_a_menu_entry_with_its_key(window: MainWindow) -> None:
    for action in window.actions():
        assert action.text()
    keys = [key.toString() for action in window.actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert {"Ctrl+K", "Ctrl+N", "Ctrl+T", "Ctrl+E", "Ctrl+G", "Ctrl+D", "Ctrl+P", "Ctrl+L", "F1"} <= set(keys)


@pytest.mark.parametrize("command", ["keys", "about", "guide"])
def test_that_the_sheets_open_and_close_with_escape(window: MainWindow, qtbot: QtBot, command: str) -> None:
    window.run_command(command)
    sheet = next(dialog for dialog in window.findChildren(Dialog) if dialog.isVisible())
    with qtbot.waitSignal(sheet.rejected):
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)


def test_that_one_key_leads_to_the_filter_of_whatever_list_is_shown(window: MainWindow) -> None:
    for show, name in (
        (lambda: window.show_list(ListName.ALL), "worklist_filter"),
        (lambda: window.show_desk("inbox"), "inbox_filter"),
    ):
        show()
        window.run_command("filter")
        assert window.focusWidget().objectName() == name
    window.open_patient("p1")
    assert not window.pages.filter_here()
    window.pages.page("patient").tabs.setCurrentIndex(3)  # type: ignore[attr-defined]
    assert window.pages.filter_here() and window.focusWidget().objectName() == "log_filter"


def test_that_esc_backs_out_of_the_patient_page_and_of_every_desk(window: MainWindow, qtbot: QtBot) -> None:
    window.open_patient("p1")
    qtbot.keyClick(window.pages.currentWidget(), Qt.Key.Key_Escape)
    assert window.pages.name == "worklist"
    for desk in ("inbox", "handover", "wall", "imports", "holding", "administration"):
        window.show_desk(desk)
        qtbot.keyClick(window.pages.currentWidget(), Qt.Key.Key_Escape)
        assert window.pages.name == "worklist", desk


def test_that_esc_in_quick_find_gives_the_keyboard_back(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.worklist.table.setFocus()
    qtbot.waitUntil(window.worklist.table.hasFocus)
    window.search()
    qtbot.keyClick(window.top.quick_find, Qt.Key.Key_Escape)
    assert window.worklist.table.hasFocus()


def test_that_esc_does_nothing_on_a_locked_screen(window: MainWindow, qtbot: QtBot) -> None:
    window.open_patient("p1")
    window.lock()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.locked and window.pages.name == "patient"


def test_that_the_shown_tab_of_a_patient_has_the_keys(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.search()
    window.open_patient("p1")
    page = window.pages.currentWidget()
    qtbot.waitUntil(lambda: page.trend.view is not None and page.trend.view.hasFocus(), timeout=5000)  # type: ignore[union-attr]
    page.tabs.setCurrentWidget(page.flow)  # type: ignore[union-attr]
    window.search()
    window.open_patient("p4")
    assert page.flow.table.hasFocus()  # type: ignore[union-attr]


def test_that_a_key_after_leaving_a_patient_never_means_another_one(practice_window: MainWindow) -> None:
    window = practice_window
    window.show_list(ListName.ALL)
    ids = [row.patient_id for number in range(3) if (row := window.worklist.model.row_at(number)) is not None]
    window.worklist.table.select_id(ids[0])
    window.open_patient(ids[2])
    window.back()
    assert window.patient_id() == ids[2]
    window.worklist.table.select_only("somebody who is not on the list")
    assert window.patient_id() == ""
    window.run_command("form_antibiotic")
    assert "Choose a patient first" in window.messages.text()


@pytest.mark.parametrize(
    ("desk", "taken"), [("administration", "administration_list"), ("imports", "import_files"), ("backtest", "backtest_run")]
)
def test_that_a_desk_asked_for_in_quick_find_has_the_keyboard(practice_window: MainWindow, qtbot: QtBot, desk: str, taken: str) -> None:
    practice_window.search()
    practice_window.run_command(f"desk_{desk}")
    focused = QApplication.focusWidget()
    assert focused is not None and focused.objectName() == taken
