"""Entering a count: by keyboard alone, with the previous values in sight, and no wrong value is ever saved."""

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from neutromon.models.errors import UserError
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from tests.builders import a_count, a_course, a_history, a_patient, at
from tests.ui.fake_clinic import FakeClinic

CTRL = Qt.KeyboardModifier.ControlModifier


def _type(qtbot: QtBot, form: Any, *texts: str) -> int:
    """Type into the field that has the focus, then Tab; return the number of keys."""
    keys = 0
    for text in texts:
        focused = form.focusWidget()
        qtbot.keyClicks(focused, text)
        qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
        keys += len(text) + 1
    return keys


def _writes(clinic: FakeClinic) -> list[str]:
    return [name for name, _ in clinic.calls if name not in {"view_patient"}]


def test_that_a_count_is_entered_with_the_keyboard_alone(qtbot: QtBot, open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("count", "p3")
    with qtbot.waitActive(form):
        form.activateWindow()
    keys = _type(qtbot, form, "t", "0730", "4,1", "2,05", "", "", "201", "11,8")
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Return, CTRL)
    assert keys + 1 < 40
    assert [s.title for s in saved] == ["Count of 12 Mar 2026 07:30 saved."]
    stored = clinic.histories["p3"].counts[-1]
    assert stored.collected_at is not None and stored.collected_at.isoformat() == "2026-03-12T07:30:00+00:00"
    values = {name: (value.value, value.unit) for name, value in stored.values.items()}
    assert values == {
        "wbc": ("4.1", "10*9/L"),
        "neutrophils": ("2.05", "10*9/L"),
        "platelets": ("201", "10*9/L"),
        "hemoglobin": ("11.8", "g/dL"),
    }


def test_that_who_the_patient_is_stands_at_the_head(open_form: Any) -> None:
    form = open_form("count", "p1")
    for word in ("Example, Testa", "31 Jan 1960", "66", "T-0001", "C3 D11"):
        assert word in form.about.text()


def test_that_the_previous_value_stands_beside_each_field(open_form: Any) -> None:
    form = open_form("count", "p4")
    assert form.rows["neutrophils"].previous.text() == "0.9 ×10⁹/L"
    assert form.rows["hemoglobin"].previous.text() == "11.9 g/dL"


def test_that_the_anc_comes_about_from_white_cells_and_differential_with_grade_and_origin(open_form: Any) -> None:
    form = open_form("count", "p1")
    form.taken.time.setText("0830")
    for name, text in (("wbc", "2.1"), ("segs_percent", "30"), ("bands_percent", "2")):
        form.rows[name].field.setText(text)
    form.refresh()
    live = form.live
    assert (live.number.text(), live.unit.text()) == ("0.672", "×10⁹/L")
    assert "G3 (CTCAE 5.0)" in live.grade.text() and "G2 (CTCAE 6.0)" in live.grade.text()
    assert live.origin.text().startswith("derived from WBC")
    assert live.place.text() == "C3 D11, in the nadir window (days 10-14)"


def test_that_an_unknown_anc_is_called_unknown(open_form: Any) -> None:
    form = open_form("count", "p1")
    form.rows["platelets"].field.setText("88")
    form.refresh()
    assert form.live.number.text() == "unknown"
    assert form.live.grade.text().startswith("cannot grade")


def test_that_a_value_a_thousand_times_too_large_is_refused_and_the_unit_that_was_meant_is_offered(
    open_form: Any, clinic: FakeClinic, saved: list[Saved]
) -> None:
    form = open_form("count", "p1")
    form.taken.time.setText("0830")
    line = form.rows["neutrophils"]
    line.field.setText("3000")
    form.refresh()
    assert "did you mean 3000 /µL" in line.problems.text.text()
    form._press_primary()
    assert saved == [] and "not plausible" in form.problem_text()
    line.problems.meant.click()
    assert line.chip.unit == "/uL"
    form._press_primary()
    value = clinic.histories["p1"].counts[-1].values["neutrophils"]
    assert (value.value, value.unit, value.confirmed) == ("3000", "/uL", False)


def test_that_a_doubtful_value_is_saved_once_a_person_vouches_for_it(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("count", "p1")
    form.taken.time.setText("0830")
    form.rows["wbc"].field.setText("600")
    form.refresh()
    form._press_primary()
    assert saved == []
    form.rows["wbc"].problems.confirm.click()
    form.refresh()
    form._press_primary()
    assert len(saved) == 1
    assert clinic.histories["p1"].counts[-1].values["wbc"].confirmed


def test_that_changing_the_value_takes_the_confirmation_back(open_form: Any) -> None:
    form = open_form("count", "p1")
    form.rows["wbc"].field.setText("600")
    form.refresh()
    form.rows["wbc"].problems.confirm.click()
    form.rows["wbc"].field.setText("700")
    assert not form.rows["wbc"].confirmed


def test_that_text_that_is_no_number_is_never_saved(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("count", "p1")
    form.taken.time.setText("0830")
    form.rows["neutrophils"].field.setText("0.4")
    for wrong in ("1.234,5", "clotted", "-1"):
        form.rows["wbc"].field.setText(wrong)
        form._press_primary()
        assert saved == [] and "record_count" not in _writes(clinic)
        assert "White cells" in form.problem_text()


def test_that_a_count_in_the_future_or_without_a_readable_time_is_refused(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("count", "p1")
    form.rows["neutrophils"].field.setText("0.4")
    for day, moment in (("+1", "0800"), ("31 Feb", "0800"), ("t", "99"), ("", "")):
        form.taken.date.setText(day)
        form.taken.time.setText(moment)
        form._press_primary()
        assert saved == [] and form.problem_text()


def test_that_a_count_of_the_same_time_is_saved_only_as_a_second_specimen(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("count", "p8")
    form.taken.set_value(at(-2))
    form.rows["neutrophils"].field.setText("1.3")
    form._press_primary()
    assert saved == [] and "already recorded" in form.problem_text()
    form.again.click()
    form._press_primary()
    assert len(saved) == 1


def test_that_a_censored_value_keeps_its_sign(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("count", "p7")
    form.taken.time.setText("0830")
    form.rows["neutrophils"].field.setText("<0,1")
    form.refresh()
    assert form.live.number.text() == "<0.1"
    form._press_primary()
    assert clinic.histories["p7"].counts[-1].values["neutrophils"].value == "<0.1"


def test_that_a_draft_survives_leaving_and_comes_back(qtbot: QtBot, open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("count", "p1")
    form.taken.date.setText("t-1")
    form.rows["neutrophils"].field.setText("0,4")
    form.rows["neutrophils"].chip.next_unit()
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    again = open_form("count", "p1")
    assert again.rows["neutrophils"].field.text() == "0,4"
    assert again.rows["neutrophils"].chip.unit == "/uL"
    assert again.taken.date.day() is not None and again.taken.date.day().isoformat() == "2026-03-11"
    other = open_form("count", "p2")
    assert other.rows["neutrophils"].field.text() == ""


def test_that_a_draft_is_kept_while_typing_and_not_only_at_the_end(qtbot: QtBot, open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("count", "p1")
    form.rows["wbc"].field.setText("2.1")
    qtbot.waitUntil(lambda: ("p1", "count") in clinic.drafts, timeout=3000)


def test_that_saving_ends_the_draft_and_an_untouched_form_leaves_none(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("count", "p1")
    form.taken.time.setText("0830")
    form.rows["neutrophils"].field.setText("0.4")
    form._press_primary()
    open_form("count", "p2").close()
    assert clinic.drafts == {}


def test_that_beginning_anew_empties_the_form(open_form: Any, clinic: FakeClinic) -> None:
    clinic.save_draft("p1", "count", {"wbc": "2.1"})
    form = open_form("count", "p1")
    form._begin_anew()
    assert form.rows["wbc"].field.text() == "" and clinic.drafts == {}


def test_that_a_failed_write_shows_its_sentence_and_keeps_what_was_typed(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("count", "p1")
    form.taken.time.setText("0830")
    form.rows["neutrophils"].field.setText("0.4")
    clinic.fail_with = UserError("The disk is full.", "Free some room.")
    form._press_primary()
    assert form.problem_text() == "The disk is full. Free some room."
    assert form.rows["neutrophils"].field.text() == "0.4" and saved == []


def test_that_enter_goes_to_the_next_field_and_saves_nothing(qtbot: QtBot, open_form: Any, saved: list[Saved]) -> None:
    form = open_form("count", "p1")
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Return)
    assert form.focusWidget() is form.taken.time
    assert saved == []


def test_that_undo_withdraws_the_count_with_the_name_of_who_undid_it(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    before = len(clinic.histories["p1"].counts)
    form = open_form("count", "p1")
    form.taken.time.setText("0830")
    form.rows["neutrophils"].field.setText("0.4")
    form._press_primary()
    assert saved[0].undo is not None
    saved[0].undo()
    assert len(clinic.histories["p1"].counts) == before
    assert clinic.calls[-1][1][1] == "undone by N. Urse"


def test_that_more_values_are_shown_where_a_draft_has_one(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("count", "p1")
    assert not form.rows["mcv"].field.isVisible()
    form._toggle_more()
    assert form.rows["mcv"].field.isVisible()
    form.close()
    clinic.save_draft("p1", "count", {"mcv": "91"})
    assert open_form("count", "p1").rows["mcv"].field.isVisible()


def test_that_markup_in_a_name_shows_as_text(open_form: Any, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("<i>1</i>", "<b>Testa</b>", "<img src=x>"), a_course(), [a_count("1.0")]), "px")
    form = open_form("count", "px")
    assert form.about.textFormat() is Qt.TextFormat.PlainText
    assert "<b>Testa</b>" in form.about.text() and "<i>1</i>" in form.about.text()


def test_that_every_field_that_takes_the_focus_has_a_name(open_form: Any) -> None:
    form = open_form("count", "p1")
    nameless = [
        type(w).__name__ for w in form.findChildren(object) if hasattr(w, "focusPolicy") and _focusable(w) and not w.accessibleName()
    ]
    assert nameless == []


def _focusable(widget: Any) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and not widget.objectName().startswith("qt_")


def test_that_a_real_store_keeps_the_count_its_delta_and_its_undo(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, patient = store
    before = len(clinic.patient_history(patient).counts)
    form = open_form("count", patient, on=clinic)
    form.taken.time.setText("0845")
    form.rows["neutrophils"].field.setText("0.3")
    form.rows["wbc"].field.setText("2.0")
    form.refresh()
    assert form.rows["neutrophils"].delta.text() == "−0.1"
    form._press_primary()
    assert len(clinic.patient_history(patient).counts) == before + 1
    assert saved[0].undo is not None
    saved[0].undo()
    assert len(clinic.patient_history(patient).counts) == before
    log = clinic.patient_log(patient)
    assert any("undone by N. Urse" in entry.text for entry in log)


def test_that_a_draft_in_a_real_store_survives_another_session_of_the_form(open_form: Any, store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    form = open_form("count", patient, on=clinic)
    form.rows["wbc"].field.setText("2,0")
    form.close()
    assert open_form("count", patient, on=clinic).rows["wbc"].field.text() == "2,0"


def test_that_a_set_that_looks_like_another_patients_is_not_saved_before_somebody_compared_the_slip(
    open_form: Any, clinic: FakeClinic, saved: list[Saved]
) -> None:
    clinic.unlike = ("MCV 103 fL after 90 fL", "platelets 310 after 71 ×10⁹/L")
    form = open_form("count", "p1")
    form.rows["wbc"].field.setText("5.2")
    form.refresh()
    assert form.whose.isVisible()
    assert "MCV 103 fL after 90 fL; platelets 310 after 71 ×10⁹/L" in form.whose.text.text()
    form._press_primary()
    assert not saved and "Is this sample this patient's?" in form.problem_text()
    assert not [call for call in clinic.calls if call[0] == "record_count"]
    form.whose.compared.setChecked(True)
    form._press_primary()
    assert len(saved) == 1


def test_that_other_signs_of_another_patient_ask_anew(open_form: Any, clinic: FakeClinic) -> None:
    clinic.unlike = ("MCV 103 fL after 90 fL",)
    form = open_form("count", "p1")
    form.rows["wbc"].field.setText("5.2")
    form.refresh()
    form.whose.compared.setChecked(True)
    form.refresh()
    assert form.whose.compared.isChecked()
    clinic.unlike = ("haemoglobin 14 g/dL after 7 g/dL",)
    form.refresh()
    assert not form.whose.compared.isChecked()
    clinic.unlike = ()
    form.refresh()
    assert form.whose.isHidden()


def test_that_enter_goes_to_the_next_field_past_a_doubtful_value(qtbot: QtBot, open_form: Any) -> None:
    form = open_form("count", "p3")
    form.rows["wbc"].field.setFocus()
    qtbot.keyClicks(form.focusWidget(), "9000")
    form.refresh()
    box = form.rows["wbc"].problems.confirm
    assert box.isVisibleTo(form)
    form.rows["wbc"].field.setFocus()
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Return)
    assert form.focusWidget() is form.rows["neutrophils"].field
    qtbot.keyClicks(form.focusWidget(), "2,1")
    assert not box.isChecked()
    assert form.rows["neutrophils"].field.text() == "2,1"
