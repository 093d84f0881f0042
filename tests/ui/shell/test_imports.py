"""The import page and the holding bay on a real practice store: files in, what became of each, decisions by a person."""

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from neutromon.models.history import Temperature
from neutromon.models.imports import ImportReport
from neutromon.models.worklist import ListName
from neutromon.services.care import record_temperature
from neutromon.services.held_list import held_count
from neutromon.services.holding import Way, held_sets
from neutromon.services.importing.codes import CodeRule, save_code_rule
from neutromon.services.importing.profiles import profiles
from neutromon.services.patients import add_patient, find_patients, patient_by_mrn, patient_history
from neutromon.services.practice.lab_files import write_lab_files
from neutromon.services.session import Session
from neutromon.ui.desk import group_size
from neutromon.ui.imports.holding import HoldingBay, decided_words
from neutromon.ui.imports.page import ImportPage
from neutromon.ui.imports.paste import PasteDialog
from neutromon.ui.imports.plain import PlainDialog
from neutromon.ui.imports.resolve import AssignDialog, ConfirmDialog, CreateDialog, RejectDialog
from neutromon.ui.imports.words import reason_code
from neutromon.ui.main_window import MainWindow
from neutromon.ui.widgets.labels import TextLabel
from tests.builders import NOW, a_patient


@pytest.fixture
def page(practice_window: MainWindow) -> ImportPage:
    practice_window.show_desk("imports")
    made = practice_window.pages.page("imports")
    assert isinstance(made, ImportPage)
    return made


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return write_lab_files(tmp_path / "laboratory", NOW)


def run(page: ImportPage, qtbot: QtBot, paths: list[Path]) -> None:
    with qtbot.waitSignal(page.imported, timeout=20_000):
        page.import_paths(paths)


def bay_of(window: MainWindow) -> HoldingBay:
    window.show_desk("holding")
    made = window.pages.page("holding")
    assert isinstance(made, HoldingBay)
    return made


def choose(bay: HoldingBay, way: Way, code: str = "") -> None:
    """Choose the first waiting set with a way out, and a reason code where one is given."""
    for number, line in enumerate(bay.model.records()):
        bay.table.choose(number)
        one = bay.current()
        if one is not None and line.id == one.id and way in one.ways and code in one.code:
            return
    raise AssertionError(f"nothing waits for {way} {code}")


def test_that_the_laboratorys_files_are_the_same_for_the_same_day(tmp_path: Path) -> None:
    one = [path.read_bytes() for path in write_lab_files(tmp_path / "one", NOW)]
    assert one == [path.read_bytes() for path in write_lab_files(tmp_path / "two", NOW)]
    assert len(one) == 3 and all(one)


def test_that_an_import_tells_what_became_of_each_set_and_the_list_is_read_again(
    page: ImportPage, practice_window: MainWindow, practice: Session, files: list[Path], qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    outcomes = {line.own.outcome for line in page.model.records()}
    assert {"stored", "duplicate", "quarantined"} <= outcomes
    assert "✓ Stored" in page.totals() and "? Waits for a person" in page.totals()
    patient = patient_by_mrn(practice, "PC-1071")
    assert patient is not None
    newest = max(patient_history(practice, patient).counts, key=lambda count: count.collected_at or NOW)
    assert newest.values["neutrophils"].value == "0.38"
    practice_window.show_list(ListName.ALL)
    practice_window.worklist.filter.setText("PC-1071")
    shown = practice_window.worklist.model.row_at(0)
    assert shown is not None and shown.anc_text.startswith("0.38")


def test_that_a_second_import_adds_nothing(page: ImportPage, practice: Session, files: list[Path], qtbot: QtBot) -> None:
    run(page, qtbot, files)
    waiting = len(held_sets(practice))
    run(page, qtbot, files)
    assert "✓ Stored" not in page.totals()
    assert len(held_sets(practice)) == waiting


def test_that_a_path_that_is_not_there_is_one_sentence(page: ImportPage, practice_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.problem):
        page.import_paths([tmp_path / "nothing"])
    assert "There is no file or folder" in practice_window.messages.text()
    assert not page.progress.isVisible()


def test_that_a_damaged_file_is_told_and_nothing_of_it_is_stored(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    damaged = tmp_path / "damaged.json"
    damaged.write_bytes(b'{"resourceType": "Bundle", "entry": [')
    run(page, qtbot, [damaged])
    assert [line.own.outcome for line in page.model.records()] == ["quarantined"]


def test_that_dropped_files_are_imported(page: ImportPage, files: list[Path], qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(files[0]))])
    event = QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    with qtbot.waitSignal(page.imported, timeout=20_000):
        page.dropEvent(event)
    assert page.model.rowCount() == 5


def test_that_a_pasted_report_is_looked_at_before_it_is_imported(page: ImportPage, files: list[Path], qtbot: QtBot) -> None:
    page.paste()
    dialog = page.findChild(PasteDialog)
    dialog.text.setPlainText("  ")
    dialog._give()
    assert "There is no text" in dialog.problem_text()
    dialog.text.setPlainText(files[0].read_text(encoding="utf-8"))
    with qtbot.waitSignal(page.imported, timeout=20_000):
        dialog._give()
    assert page.model.rowCount() >= 1


def test_that_a_stopped_import_says_so(page: ImportPage, files: list[Path], qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.imported, timeout=20_000):
        page.import_paths(files)
        page.stop()
    assert "Stopped: " in page.totals() or "Stored" in page.totals()


def test_that_a_stopped_import_says_how_many_files_were_read(page: ImportPage) -> None:
    page.show_report(ImportReport(files=(), stopped=True, found=400))
    assert page.totals() == "Stopped: 0 of 400 files were read."


@pytest.mark.parametrize(
    ("way", "number", "said"),
    [
        (Way.REJECT, 1, "Rejected: X"),
        (Way.REJECT, 40, "40 results rejected: X"),
        (Way.CREATE, 1, "Patient created: X"),
        (Way.ASSIGN, 1, "Assigned to a patient: X"),
        (Way.CONFIRM, 2, "2 results decided and stored: X"),
    ],
)
def test_that_the_bar_says_what_was_decided(way: Way, number: int, said: str) -> None:
    assert decided_words(way, "X", number) == said


def test_that_a_row_opens_its_patient_or_the_holding_bay(
    page: ImportPage, practice_window: MainWindow, files: list[Path], qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    waiting = next(n for n, line in enumerate(page.model.records()) if line.own.outcome == "quarantined")
    page.table.opened.emit(waiting)
    assert practice_window.pages.name == "holding"


def test_that_an_unknown_patient_is_created_from_the_message(
    page: ImportPage, practice_window: MainWindow, practice: Session, files: list[Path], qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    bay = bay_of(practice_window)
    number = next(n for n, one in enumerate(bay.model.records()) if one.identifier and one.identifier.value == "PC-9901")
    bay.table.choose(number)
    dialog = bay.begin(Way.CREATE)
    assert isinstance(dialog, CreateDialog)
    dialog.findChild(object, "held_save").click()
    assert patient_by_mrn(practice, "PC-9901") is not None
    assert "Patient created: " in practice_window.messages.text()
    practice_window.messages._take_back()
    assert patient_by_mrn(practice, "PC-9901") is None
    assert "PC-9901" in [one.identifier.value for one in bay.model.records() if one.identifier]


WHOLE = "Patient ID;Last name;First name;Date of birth;Collected at;WBC (10*9/L)\n"


def waiting_row(page: ImportPage, window: MainWindow, folder: Path, qtbot: QtBot, number: str) -> HoldingBay:
    """Import one row of somebody else with a number, and show it in the bay."""
    path = folder / "one.csv"
    path.write_text(f"{WHOLE}{number};Imaginary;Pat;1970-05-05;2026-03-11T08:00;3.5\n")
    run(page, qtbot, [path])
    bay = bay_of(window)
    bay.table.choose(next(n for n, one in enumerate(bay.model.records()) if one.name == "Imaginary, Pat"))
    return bay


def test_that_nobody_is_created_with_a_number_that_a_patient_has(
    page: ImportPage, practice_window: MainWindow, practice: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = waiting_row(page, practice_window, tmp_path, qtbot, "PC-1001").begin(Way.CREATE)
    assert isinstance(dialog, CreateDialog)
    save = dialog.findChild(QPushButton, "held_save")
    assert not save.isEnabled() and dialog.two.isHidden()
    shown = " ".join(label.text() for label in dialog.findChildren(TextLabel))
    assert "A number belongs to one patient" in shown and "Imaginary" in shown and "nobody says who gave it" in shown
    assert shown.count("PC-1001") >= 2
    assert patient_by_mrn(practice, "PC-1001") is not None


def test_that_a_number_of_another_register_makes_a_patient_once_both_were_compared(
    page: ImportPage, practice_window: MainWindow, practice: Session, files: list[Path], qtbot: QtBot
) -> None:
    add_patient(practice, a_patient("PC-9901"))
    run(page, qtbot, files)
    bay = bay_of(practice_window)
    bay.table.choose(next(n for n, one in enumerate(bay.model.records()) if one.identifier and one.identifier.value == "PC-9901"))
    assert bay.current() is not None and bay.current().same_number[0].apart
    before = len(find_patients(practice, "PC-9901"))
    dialog = bay.begin(Way.CREATE)
    assert isinstance(dialog, CreateDialog)
    dialog.findChild(QPushButton, "held_save").click()
    assert "say that they are two people" in dialog.problem_text() and len(find_patients(practice, "PC-9901")) == before
    dialog.two.setChecked(True)
    dialog.findChild(QPushButton, "held_save").click()
    assert len(find_patients(practice, "PC-9901")) == before + 1


def test_that_an_assignment_is_not_taken_back_under_what_was_recorded_since(
    page: ImportPage, practice_window: MainWindow, practice: Session, files: list[Path], qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    bay = bay_of(practice_window)
    choose(bay, Way.ASSIGN)
    dialog = bay.begin(Way.ASSIGN)
    assert isinstance(dialog, AssignDialog)
    dialog.search.setText("PC-1001")
    dialog._assign()
    patient, waiting = patient_by_mrn(practice, "PC-1001"), bay.model.rowCount()
    assert patient is not None
    record_temperature(practice, patient, Temperature(at=NOW, value="37.0"))
    practice_window.messages._take_back()
    assert "recorded for this patient since" in practice_window.messages.text()
    assert bay.model.rowCount() == waiting


def test_that_a_waiting_set_is_assigned_to_a_chosen_patient_only(
    page: ImportPage, practice_window: MainWindow, practice: Session, files: list[Path], qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    bay = bay_of(practice_window)
    choose(bay, Way.ASSIGN)
    before = bay.model.rowCount()
    dialog = bay.begin(Way.ASSIGN)
    assert isinstance(dialog, AssignDialog)
    dialog.search.setText("zzz nobody")
    assert dialog.list.count() == 0 and dialog.found.text().startswith("Nobody matches")
    dialog.list.setCurrentRow(-1)
    dialog._assign()
    assert "Choose the patient" in dialog.problem_text()
    dialog.search.setText("PC-1001")
    assert dialog.list.count() == 1
    dialog._assign()
    assert bay.model.rowCount() == before - 1


def test_that_every_way_out_is_in_sight_on_a_small_screen(
    page: ImportPage, practice_window: MainWindow, files: list[Path], qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    practice_window.resize(1366, 768)
    practice_window.show()
    bay = bay_of(practice_window)
    practice_window.messages.show_saved("Rejected: somebody")
    for number in range(bay.model.rowCount()):
        bay.table.choose(number)
        qtbot.wait(0)
        shown = [made for made in bay.ways.values() if not made.isHidden()]
        assert shown and all(made.visibleRegion().boundingRect() == made.rect() for made in shown)


def test_that_a_mistaken_file_is_rejected_at_once_and_taken_back(
    page: ImportPage, practice_window: MainWindow, files: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "mistake.csv"
    path.write_text(WHOLE + "".join(f"W-{n};Imaginary;Pat;1970-05-05;2026-03-11T08:00;3.5\n" for n in range(30)))
    run(page, qtbot, [*files, path])
    bay = bay_of(practice_window)
    before = bay.model.rowCount()
    bay.table.choose(next(n for n, one in enumerate(bay.model.records()) if one.source_name.endswith("mistake.csv")))
    dialog = bay.begin(Way.REJECT)
    assert isinstance(dialog, RejectDialog)
    dialog.scope.setCurrentIndex(1)
    assert "all 30 that wait from the file" in dialog.scope.currentText()
    dialog._reject()
    assert "reason is missing" in dialog.problem_text()
    dialog.reason.setText("file of another clinic")
    save = dialog.findChild(QPushButton, "held_save")
    assert save.text() == "Reject 30"
    save.click()
    assert bay.model.rowCount() == before - 30
    assert practice_window.messages.text().startswith("30 results rejected: ")
    practice_window.messages._take_back()
    assert bay.model.rowCount() == before


def test_that_rejecting_needs_a_reason(page: ImportPage, practice_window: MainWindow, files: list[Path], qtbot: QtBot) -> None:
    run(page, qtbot, files)
    bay = bay_of(practice_window)
    before = bay.model.rowCount()
    dialog = bay.begin(Way.REJECT)
    assert isinstance(dialog, RejectDialog)
    dialog._reject()
    assert "reason is missing" in dialog.problem_text()
    dialog.reason.setText("sent to the wrong clinic")
    dialog._reject()
    assert bay.model.rowCount() == before - 1
    practice_window.messages._take_back()
    assert bay.model.rowCount() == before
    assert "Taken back" in practice_window.messages.text()


def test_that_a_unit_slip_waits_until_a_person_says_the_unit(
    page: ImportPage, practice_window: MainWindow, practice: Session, files: list[Path], qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    bay = bay_of(practice_window)
    bay.list.filter.setText("PC-1073")
    choose(bay, Way.CONFIRM, "IMPLAUSIBLE")
    dialog = bay.begin(Way.CONFIRM)
    assert isinstance(dialog, ConfirmDialog)
    assert dialog.fields and all(made.analyte.currentText() == made._line.analyte for made in dialog.fields)
    for made in dialog.fields:
        made.unit.setCurrentIndex(made.unit.findData("/uL"))
    dialog._confirm()
    assert dialog.problem_text() == ""
    patient = patient_by_mrn(practice, "PC-1073")
    assert patient is not None
    values = [
        str(count.values["neutrophils"].value) for count in patient_history(practice, patient).counts if "neutrophils" in count.values
    ]
    assert any(value.startswith(("1200", "1.2")) for value in values)


def test_that_the_original_message_stands_beside_the_reason_with_the_patients_number_marked(
    page: ImportPage, practice_window: MainWindow, files: list[Path], qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    bay = bay_of(practice_window)
    number = next(n for n, one in enumerate(bay.model.records()) if one.identifier and one.identifier.value == "PC-9901")
    bay.table.choose(number)
    shown = bay.detail.original
    assert "PC-9901" in shown.text.toPlainText() and shown.text.isReadOnly()
    marked = {place.cursor.selectedText() for place in shown.text.extraSelections()}
    assert "PC-9901" in marked
    assert bay.detail.rows.records()[0].code in marked


def test_that_the_bay_is_filtered_by_typing_in_its_list_and_by_reason(
    page: ImportPage, practice_window: MainWindow, files: list[Path], qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    bay = bay_of(practice_window)
    everything = bay.model.rowCount()
    bay.table.setFocus()
    for sign in "9901":
        qtbot.keyClick(bay.list.filter if bay.list.filter.text() else bay.table, sign)
    assert [one.identifier.value for one in bay.list.lines() if one.identifier] == ["PC-9901"]
    qtbot.keyClick(bay.list.filter, Qt.Key.Key_Escape)
    assert bay.model.rowCount() == everything and bay.table.hasFocus()
    bay.list.filter.setText("nobody of this name")
    assert bay.current() is None and bay.begin(Way.REJECT) is None
    bay.list.filter.clear()
    reasons = bay.list.reasons
    assert reasons.itemText(0) == f"All reasons ({everything})"
    wanted = next(n for n in range(reasons.count()) if reasons.itemText(n).startswith("Unknown patient number"))
    reasons.setCurrentIndex(wanted)
    reasons.activated.emit(wanted)
    assert {one.code for one in bay.list.lines()} == {"UNKNOWN_PATIENT"}


def test_that_what_would_be_critical_goes_to_the_top_of_the_bay_with_sign_and_words(
    page: ImportPage, practice_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = "".join(
        f"PZ-{n:03};Sampleperson{n};1958-04-12;2026-03-12 07:30;3,1;{anc}\n" for n, anc in enumerate(("1,4", "1,9", "0,1", "2,2"))
    )
    table = tmp_path / "ward.csv"
    table.write_text("MRN;Family name;Birth date;Collected;WBC (10*9/L);ANC (10*9/L)\n" + rows, encoding="utf-8")
    run(page, qtbot, [table])
    bay = bay_of(practice_window)
    assert bay.model.rowCount() == 4
    qtbot.waitUntil(lambda: "critical" in bay.list.state.text(), timeout=10_000)
    first = bay.list.lines()[0]
    assert first.identifier is not None and first.identifier.value == "PZ-002"
    assert bay.model.index(0, 0).data() == "◆ Unknown patient number"


def test_that_one_decision_lets_out_everything_that_waits_alike_and_only_that(
    page: ImportPage, practice_window: MainWindow, practice: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = "".join(f"PZ-001;Sampleperson;1958-04-12;2026-03-{day:02} 07:30;3,1;1,4\n" for day in (1, 2, 3))
    other = "PZ-002;Otherperson;1960-01-01;2026-03-02 07:30;3,3;1,6\n"
    table = tmp_path / "ward.csv"
    table.write_text("MRN;Family name;Birth date;Collected;WBC (10*9/L);ANC (10*9/L)\n" + rows + other, encoding="utf-8")
    run(page, qtbot, [table])
    bay = bay_of(practice_window)
    bay.list.filter.setText("PZ-001")
    dialog = bay.begin(Way.CREATE)
    assert isinstance(dialog, CreateDialog) and dialog.alike.text() == "The same for 2 more that wait for the same patient and reason"
    dialog.alike.setChecked(True)
    dialog.findChild(object, "held_save").click()
    assert "Patient created with 3 results: " in practice_window.messages.text()
    patient = patient_by_mrn(practice, "PZ-001")
    assert patient is not None and len(patient_history(practice, patient).counts) == 3
    left = {(one.identifier.value, one.code) for one in held_sets(practice) if one.identifier}
    assert left == {("PZ-001", "UNKNOWN_CODE"), ("PZ-002", "UNKNOWN_PATIENT")}


def test_that_looking_again_lets_out_what_a_decided_code_answers(
    page: ImportPage, practice_window: MainWindow, practice: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    page.create_box.setChecked(True)
    table = tmp_path / "ward.csv"
    table.write_text(
        "MRN;Family name;Birth date;Collected;WBC (10*9/L)\nPZ-001;Sampleperson;1958-04-12;2026-03-12 07:30;3,1\n", encoding="utf-8"
    )
    run(page, qtbot, [table])
    bay = bay_of(practice_window)
    (waiting,) = bay.model.records()
    assert waiting.code == "UNKNOWN_CODE"
    save_code_rule(practice, CodeRule(sender=waiting.sender, code=held_sets(practice)[0].rows[0].code, analyte="WBC"))
    bay.findChild(object, "holding_again").click()
    qtbot.waitUntil(lambda: "1 results could be stored" in practice_window.messages.text(), timeout=20_000)
    qtbot.waitUntil(lambda: bay.model.rowCount() == 0)
    patient = patient_by_mrn(practice, "PZ-001")
    assert patient is not None and patient_history(practice, patient).counts[0].values["wbc"].value == "3.1"


def test_that_the_summary_says_how_many_sets_wait_for_which_reason(page: ImportPage, files: list[Path], qtbot: QtBot) -> None:
    run(page, qtbot, files)
    said = page.findChild(object, "import_reasons").text()
    waiting = Counter(reason_code(line) for line in page.model.records())
    assert f"{waiting['UNKNOWN_PATIENT']} Unknown patient number" in said


def test_that_what_waits_of_an_import_and_the_holding_bays_number_are_understood_together(
    page: ImportPage, practice_window: MainWindow, practice: Session, files: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    run(page, qtbot, files)
    before = held_count(practice)
    again = tmp_path / "sent-twice"
    again.mkdir()
    row = "PZ-777;Nobody;1960-02-29;2026-03-12 07:00;{value}\n"
    table = "patient number;name;birth date;date;WBC (10*9/L)\n"
    (again / "a.csv").write_text(table + row.format(value="3.1"), encoding="utf-8")
    (again / "b.csv").write_text(table + row.format(value="3.1") + row.format(value="3.2"), encoding="utf-8")
    run(page, qtbot, [again])
    said = page.findChild(object, "import_reasons").text()
    assert "3 sets of this import wait. 2 of them differ: a set that was sent twice waits once." in said
    assert f"The holding bay holds {before + 2} in all." in said and held_count(practice) == before + 2
    bay = bay_of(practice_window)
    assert bay.model.rowCount() == before + 2


def test_that_nothing_is_explained_where_both_numbers_are_the_same(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    table = tmp_path / "one.csv"
    table.write_text("patient number;name;birth date;date;WBC (10*9/L)\nPZ-777;Nobody;1960-02-29;2026-03-12 07:00;3.1\n", encoding="utf-8")
    run(page, qtbot, [table])
    assert page.findChild(object, "import_reasons").text() == "1 Unknown patient number"


def test_that_few_files_are_stored_in_small_groups_and_thousands_in_large_ones(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number}.hl7").write_bytes(b"MSH")
    assert [group_size([tmp_path / "0.hl7"]), group_size([tmp_path]), group_size([tmp_path] * 200)] == [1, 2, 200]


def test_that_an_empty_bay_says_what_would_wait_there(practice_window: MainWindow) -> None:
    bay = bay_of(practice_window)
    assert bay.model.rowCount() == 0
    assert bay._stack.currentIndex() == 0


TABLE = "Nr;Name;Geb;Entnahme;WBC (10*9/L);Neutrophils (10*9/L)\nPC-1001;Example;1958-04-12;2026-03-12 07:30;3,1;1,4\n"


def test_that_a_table_is_mapped_with_a_preview_and_its_answers_are_kept_as_a_profile(
    page: ImportPage, practice: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    table = tmp_path / "ward.csv"
    table.write_text(TABLE, encoding="utf-8")
    dialog = page.map_table(table)
    assert dialog is not None
    for number, role in enumerate(("patient", "family", "birth", "date")):
        dialog.columns[number].setCurrentIndex(dialog.columns[number].findData(role))
    dialog.columns[0].activated.emit(0)
    shown = dialog.sets.records()
    assert [one.own.identifiers[0].value for one in shown] == ["PC-1001"]
    dialog.name.setText("ward list")
    with qtbot.waitSignal(page.imported, timeout=20_000):
        dialog.findChild(object, "mapping_import").click()
    assert page.model.rowCount() == 1
    assert [profile.name for profile in profiles(practice)] == ["ward list"]


def test_that_the_preview_names_the_columns_that_give_no_count(page: ImportPage, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(
        "MRN;Name;Vorname;Geburtsdatum;Datum;Zeit;WBC (10^9/L);Bemerkung\nW-1;Example;Testa;31.01.1960;24.11.2025;08:15;3,5;gut\n"
    )
    dialog = page.map_table(path)
    assert dialog is not None
    assert "No count comes from these columns: \u2068Bemerkung\u2069." in dialog.state.text()
    (one,) = dialog.sets.records()
    said = [column.text(one) for column in dialog.sets.columns]
    assert said[1].endswith("08:15") and said[2].endswith("no blood count: \u2068Bemerkung\u2069")
    assert [box.currentText() for box in dialog.columns[1:3]] == ["family name", "given name"]


def test_that_the_number_that_will_be_stored_stands_in_the_form_and_a_doubtful_one_is_asked(
    page: ImportPage, practice_window: MainWindow, practice: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    patient = add_patient(practice, a_patient("W-1")).value
    path = tmp_path / "wide.csv"
    path.write_text("MRN;Name;Geburtsdatum;Datum;ANC (10^9/L);WBC (10^9/L)\nW-1;Example;31.01.1960;24.11.2025;1.250;3,25\n")
    page.names.setChecked(True)
    run(page, qtbot, [path])
    bay = bay_of(practice_window)
    bay.table.choose(next(n for n, one in enumerate(bay.model.records()) if one.identifier and one.identifier.value == "W-1"))
    dialog = bay.begin(Way.CONFIRM)
    assert isinstance(dialog, ConfirmDialog)
    fields, other = dialog.fields
    assert other.stored.text() == "Will be stored as WBC 3.25 ×10⁹/L"
    assert fields.stored.text() == "Not stored before you say which number it is."
    dialog._confirm()
    assert "Say which number it is" in dialog.problem_text()
    fields.number.setCurrentIndex(fields.number.findText("1250"))
    assert fields.stored.text().startswith("Cannot be stored so")
    fields.unit.setCurrentIndex(fields.unit.findText("/µL"))
    assert fields.stored.text() == "Will be stored as ANC 1.25 ×10⁹/L"
    dialog._confirm()
    assert patient_history(practice, patient).counts[-1].values["neutrophils"].value == "1.25"


def test_that_a_file_that_is_no_table_is_a_sentence(page: ImportPage, practice_window: MainWindow, tmp_path: Path) -> None:
    nothing = tmp_path / "empty.csv"
    nothing.write_bytes(b"")
    assert page.map_table(nothing) is None
    assert practice_window.messages.text()


PLAIN = "WBC 2.1\nNeutrophils 0.4 x10^9/L\nPlatelets 80\n"


def test_that_plain_pasted_lines_are_rows_to_confirm_and_no_unit_is_assumed(
    page: ImportPage, practice_window: MainWindow, practice: Session, qtbot: QtBot
) -> None:
    page.take_text(PLAIN)
    dialog = page.findChild(PlainDialog)
    assert [made.take.text() for made in dialog.rows] == ["WBC: 2.1", "Neutrophils: 0.4", "Platelets: 80"]
    wbc, anc, _ = dialog.rows
    assert wbc.reads.text().startswith("Unit missing") and wbc.unit.currentText() == "no unit"
    assert anc.reads.text() == "Read as ANC 0.4 ×10⁹/L"
    dialog._press_primary()
    assert "Choose the patient" in dialog.problem_text()
    dialog.search.setText("PC-1071")
    dialog._press_primary()
    assert "time is missing" in dialog.problem_text()
    dialog.taken.set_value(NOW)
    wbc.unit.set_code("10*9/L")
    assert wbc.reads.text() == "Read in ×10⁹/L, as you say."
    with qtbot.waitSignal(page.imported, timeout=20_000):
        dialog._press_primary()
    patient = patient_by_mrn(practice, "PC-1071")
    assert patient is not None
    stored = next(count for count in patient_history(practice, patient).counts if count.collected_at == NOW)
    assert {name: (value.value, value.unit) for name, value in stored.values.items()} == {
        "wbc": ("2.1", "10*9/L"),
        "neutrophils": ("0.4", "10*9/L"),
    }
    assert "Unit missing" in page._reasons.text()


def test_that_a_message_that_is_pasted_is_no_plain_text(page: ImportPage, files: list[Path], qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.imported, timeout=20_000):
        page.take_text(files[0].read_text(encoding="utf-8"))
    assert page.findChild(PlainDialog) is None


def test_that_a_unit_named_for_a_pasted_line_does_not_vouch_for_its_value(
    page: ImportPage, practice_window: MainWindow, practice: Session, qtbot: QtBot
) -> None:
    page.take_text("Collected 2026-03-11\nWBC 2100\nPlatelets 80 10^9/L\n")
    dialog = page.findChild(PlainDialog)
    assert dialog.taken.date.day() is not None and dialog.taken.value() is None
    dialog.taken.set_value(NOW)
    dialog.search.setText("PC-1071")
    dialog.rows[0].unit.set_code("10*9/L")
    with qtbot.waitSignal(page.imported, timeout=20_000):
        dialog._press_primary()
    patient = patient_by_mrn(practice, "PC-1071")
    assert patient is not None
    stored = next(count for count in patient_history(practice, patient).counts if count.collected_at == NOW)
    assert set(stored.values) == {"platelets"}
