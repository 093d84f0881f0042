"""The fields on the screen: what was understood stands beside the text, and unreadable text stays and is marked."""

from datetime import datetime

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from neutromon.ui.fields.date_field import DateField, MomentField, TimeField
from neutromon.ui.fields.days import Lean
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.fields.regimen_picker import RegimenPicker
from neutromon.ui.fields.units import UnitChip, units_of
from tests.builders import NOW
from tests.ui.fake_clinic import book


def _now() -> datetime:
    return NOW


def _shown(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()


def test_that_a_decimal_comma_is_half_in_every_locale(qtbot: QtBot) -> None:
    for language in ("en_US", "de_DE", "tr_TR", "ar_EG", "fr_FR"):
        field = LabValueField("anc", "ANC")
        qtbot.addWidget(field)
        field.setLocale(QLocale(language))
        qtbot.keyClicks(field, "0,5")
        value = field.reported("10*9/L")
        assert value is not None and value.value == "0.5"


def test_that_text_that_is_no_value_stays_marked_and_says_why(qtbot: QtBot) -> None:
    field = LabValueField("anc", "ANC")
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "clotted")
    assert field.text() == "clotted"
    assert field.property("invalid") is True
    assert "no number" in field.problem()
    assert field.reported("10*9/L") is None


def test_that_a_value_that_looks_grouped_says_how_it_was_read(qtbot: QtBot) -> None:
    field = LabValueField("anc", "ANC")
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "1,500")
    assert field.caution() == "Read as 1.500, not as thousands."


def test_that_ctrl_u_asks_for_another_unit_and_the_chip_names_it(qtbot: QtBot) -> None:
    field, chip = LabValueField("anc", "ANC"), UnitChip(units_of("neutrophils"), "ANC")
    qtbot.addWidget(field)
    qtbot.addWidget(chip)
    field.unit_key_pressed.connect(chip.next_unit)
    qtbot.keyClick(field, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert (chip.unit, chip.text().strip("\u2066\u2069"), chip.accessibleName()) == ("/uL", "/µL", "Unit of ANC: /µL")
    chip.next_unit()
    assert chip.unit == "10*9/L"


def test_that_a_unit_that_is_not_offered_is_kept_and_not_relabelled(qtbot: QtBot) -> None:
    chip = UnitChip(units_of("neutrophils"), "ANC")
    qtbot.addWidget(chip)
    chip.set_unit("G/L")
    assert chip.unit == "G/L"


def test_that_a_date_becomes_words_when_the_field_is_left(qtbot: QtBot) -> None:
    field = DateField(_now)
    _shown(qtbot, field)
    field.setFocus()
    qtbot.keyClicks(field, "t-1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "11 Mar 2026"
    assert field.reading() == "Wed 11 Mar 2026 · yesterday"


def test_that_up_and_down_move_the_date_by_a_day(qtbot: QtBot) -> None:
    field = DateField(_now, lean=Lean.FUTURE)
    qtbot.addWidget(field)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "12 Mar 2026"
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "13 Mar 2026"
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.text() == "12 Mar 2026"


def test_that_an_unreadable_date_stays_and_is_marked(qtbot: QtBot) -> None:
    field = DateField(_now)
    _shown(qtbot, field)
    qtbot.keyClicks(field, "31 Feb")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), field.property("invalid"), field.reading()) == ("31 Feb", True, "Not a date")


def test_that_a_time_is_tidied(qtbot: QtBot) -> None:
    field = TimeField(_now)
    _shown(qtbot, field)
    qtbot.keyClicks(field, "840")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "08:40"


def test_that_a_moment_tells_how_old_it_is_and_what_is_missing(qtbot: QtBot) -> None:
    field = MomentField(_now, name="taken", about="Taken")
    qtbot.addWidget(field)
    field.date.setText("t")
    assert field.problem() == "The time is missing."
    field.time.setText("0700")
    assert (field.problem(), field.reading.text()) == ("", "Thu · 2 h ago")
    value = field.value()
    assert value is not None and value.isoformat() == "2026-03-12T07:00:00+00:00"
    field.time.setText("1000")
    assert field.reading.text() == "Thu · in the future"


def test_that_a_regimen_is_found_by_drug_and_taken_with_the_keyboard(qtbot: QtBot) -> None:
    picker = RegimenPicker(lambda text: book().search_regimens(text, 200))
    _shown(qtbot, picker)
    assert picker.count() == 84
    qtbot.keyClicks(picker.field, "rituximab")
    found = picker.count()
    assert 0 < found < 84
    first = picker.regimen()
    qtbot.keyClick(picker.field, Qt.Key.Key_Down)
    assert picker.regimen() != first
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    assert picker.field.text() == picker.regimen()


def test_that_an_unknown_regimen_of_a_course_is_kept_and_said(qtbot: QtBot) -> None:
    picker = RegimenPicker(lambda text: book().search_regimens(text, 200))
    qtbot.addWidget(picker)
    picker.set_regimen("HOME-MADE-9")
    assert picker.regimen() == "HOME-MADE-9"
    assert "not in the library" in picker.facts.text()
    picker.field.clear()
    assert picker.regimen() is None


def test_that_the_facts_of_a_regimen_stand_under_the_choice(qtbot: QtBot) -> None:
    picker = RegimenPicker(lambda text: book().search_regimens(text, 200))
    qtbot.addWidget(picker)
    picker.set_regimen("R-CHOP-21")
    assert "every 21 days" in picker.facts.text() and "nadir" in picker.facts.text()


def test_that_a_date_that_may_mean_two_days_asks_until_it_is_typed_with_a_word(qtbot: QtBot) -> None:
    field = MomentField(_now, name="taken", about="Taken")
    qtbot.addWidget(field)
    field.time.setText("0830")
    field.date.setText("1/2/26")
    assert field.reading.text().startswith("read as ")
    field.date.editingFinished.emit()
    assert field.reading.text().startswith("read as ")
    field.date.setText("1 Feb 202")
    field.date.setText("1 Feb 2026")
    assert not field.reading.text().startswith("read as ")


def test_that_a_date_with_points_or_a_day_above_twelve_is_no_question(qtbot: QtBot) -> None:
    for text in ("1.2.26", "25/11/25", "2/2/26", "2026-02-01"):
        field = DateField(_now)
        qtbot.addWidget(field)
        field.setText(text)
        assert not field.is_guess(), text
