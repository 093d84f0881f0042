"""One stored count: what was reported, what it is understood as, what it was before; corrected, confirmed, withdrawn."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from neutromon.models.errors import UserError
from neutromon.models.history import CountSample, Provenance
from neutromon.models.quantity import Reported
from neutromon.services.people import add_person
from neutromon.services.roles import Role
from neutromon.services.session import Session
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.forms.record_table import record_rows
from neutromon.ui.saved import Saved
from tests.builders import NOW, a_count, a_course, a_history, a_patient, a_value
from tests.ui.fake_clinic import FakeClinic


@pytest.fixture
def doubtful(clinic: FakeClinic) -> FakeClinic:
    """Return the clinic with a count whose ANC is a thousand times too large and whose platelets were corrected."""
    sample = a_count(
        "3000",
        wbc="3.5",
        plt="88",
        superseded=(("platelets", a_value("8800"), "2026-03-12T08:00:00+00:00"),),
        provenance=Provenance(source="typed", author="N. Urse", received_at=NOW, note="by telephone"),
    )
    clinic.add(a_history(a_patient("T-9"), a_course(), [sample]), "px")
    return clinic


def _texts(form: Any) -> str:
    return "\n".join(form.table.item(row, cell).text() for row in range(form.table.rowCount()) for cell in range(form.table.columnCount()))


def test_that_values_stand_as_reported_and_as_understood_with_earlier_versions(open_form: Any, doubtful: FakeClinic) -> None:
    form = open_form("record", "px", "px-s1")
    said = _texts(form)
    for words in ("3000 ×10⁹/L", "not understood", "88 ×10⁹/L", "8800 ×10⁹/L until 12 Mar 2026 08:00"):
        assert words in said


def test_that_a_derived_anc_stands_in_the_table_with_how_it_was_derived(open_form: Any, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("T-9"), a_course(), [a_count(wbc="2.0", segs_percent="30", bands_percent="2")]), "px")
    said = _texts(open_form("record", "px", "px-s1"))
    assert "0.64 ×10⁹/L" in said and "derived from WBC" in said


def test_that_the_laboratorys_flag_and_range_stand_beside_the_value_as_sent() -> None:
    sent = Reported(value="0.42", unit="10*9/L", original_value="420", original_unit="/uL", flag="LL^very low", range="1800-7500")
    (row,) = record_rows(CountSample(values={"neutrophils": sent}), None)
    assert row[1][1] == "420 /µL · LL very low · reference range 1800-7500"


def test_that_the_unit_that_was_meant_is_taken_by_one_press(open_form: Any, doubtful: FakeClinic) -> None:
    form = open_form("record", "px", "px-s1")
    form.value.setText("3000")
    form.reason.setText("per microlitre on the slip")
    form._press_primary()
    assert "not plausible" in form.problem_text()
    form.doubt.meant.click()
    form._press_primary()
    assert doubtful.histories["px"].counts[0].values["neutrophils"] == a_value("3000", "/uL")


def test_that_a_doubtful_value_is_confirmed_with_a_reason(open_form: Any, doubtful: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("record", "px", "px-s1")
    form.choice["confirm"].click()
    form._press_primary()
    assert saved == [] and "reason is needed" in form.problem_text()
    form.reason.setText("rang the laboratory")
    form._press_primary()
    assert doubtful.calls[-1] == ("confirm_value", ("px-s1", "neutrophils", "rang the laboratory"))


def test_that_confirming_is_not_offered_where_nothing_is_in_doubt(open_form: Any) -> None:
    assert not open_form("record", "p1", "p1-s1").choice["confirm"].isEnabled()


def test_that_a_whole_count_is_withdrawn_with_a_reason(open_form: Any, doubtful: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("record", "px", "px-s1")
    form.choice["void"].click()
    form._press_primary()
    assert saved == []
    form.reason.setText("other patient's tube")
    form._press_primary()
    assert doubtful.histories["px"].counts == ()
    assert saved[0].undo is not None
    saved[0].undo()
    assert [count.id for count in doubtful.histories["px"].counts] == ["px-s1"]


def test_that_a_count_that_is_gone_is_said_and_cannot_be_changed(open_form: Any) -> None:
    form = open_form("record", "p1", "nothing")
    assert not hasattr(form, "_primary")


def test_that_a_row_of_the_table_chooses_the_value_to_correct(open_form: Any, doubtful: FakeClinic) -> None:
    form = open_form("record", "px", "px-s1")
    form.table.selectRow(form.table.names.index("platelets"))
    assert form.which.code() == "platelets"


def test_that_a_missing_value_can_be_added(open_form: Any, doubtful: FakeClinic) -> None:
    form = open_form("record", "px", "px-s1")
    form.which.set_code("hemoglobin")
    form.value.setText("10,4")
    form.reason.setText("on the second page")
    form._press_primary()
    assert doubtful.histories["px"].counts[0].values["hemoglobin"] == a_value("10.4", "g/dL")


def test_that_a_real_correction_keeps_the_old_value_and_its_undo_brings_it_back(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, patient = store
    sample = clinic.patient_history(patient).counts[-1]
    form = open_form("record", patient, sample.id, on=clinic)
    form.which.set_code("platelets")
    form.value.setText("80")
    form.reason.setText("read again")
    form._press_primary()
    after = clinic.patient_history(patient).counts[-1]
    assert after.values["platelets"].value == "80" and after.superseded[0][1].value == "180"
    assert saved[0].undo is not None
    saved[0].undo()
    assert clinic.patient_history(patient).counts[-1].values["platelets"].value == "180"


def test_that_a_withdrawn_real_count_comes_back_by_undo_and_both_steps_stay_in_the_log(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, patient = store
    before = clinic.patient_history(patient).counts
    form = open_form("record", patient, before[-1].id, on=clinic)
    form.choice["void"].click()
    form.reason.setText("wrong tube")
    form._press_primary()
    assert len(clinic.patient_history(patient).counts) == len(before) - 1
    assert saved[0].undo is not None
    saved[0].undo()
    assert [c.values for c in clinic.patient_history(patient).counts] == [c.values for c in before]
    texts = [entry.text for entry in clinic.patient_log(patient)]
    assert any("wrong tube" in text for text in texts) and any("undone by N. Urse" in text for text in texts)
    with pytest.raises(UserError, match="not withdrawn"):
        clinic.restore_fact(before[-1].id, "again")


def test_that_a_report_of_another_patient_is_moved_with_a_reason_and_both_charts_are_judged_anew(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, wrong = store
    right = clinic.add_patient(a_patient("T-0002")).value
    sample = max(clinic.patient_history(wrong).counts, key=lambda count: count.collected_at or NOW)
    record = open_form("record", wrong, sample.id, on=clinic)
    move = record.begin_move()
    move._press_primary()
    assert "Choose the patient" in move.problem_text()
    move.search.setText("T-000")
    assert [hit.mrn for hit in move._hits] == ["T-0002"]
    move._press_primary()
    assert "reason is needed" in move.problem_text()
    move.reason.setText("labelled with the neighbour's number")
    move._press_primary()
    (done,) = saved
    assert done.changes.patient_ids == {wrong, right}
    assert sample.id not in {count.id for count in clinic.patient_history(wrong).counts}
    assert [count.values for count in clinic.patient_history(right).counts] == [sample.values]
    assert [count.sample_id for count in clinic.evaluate_patient(right).counts] != []
    assert any("labelled with the neighbour" in entry.text for entry in clinic.patient_log(wrong))
    assert done.undo is not None
    done.undo()
    assert clinic.patient_history(right).counts == ()
    assert sample.values in [count.values for count in clinic.patient_history(wrong).counts]


def test_that_only_a_senior_moves_a_report(open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, wrong = store
    add_person(clinic.session, "Second Nurse", "another synthetic passphrase", Role.NURSE)
    own = clinic.session
    nurse = SessionClinic(Session(store=own.store, user="Second Nurse", clock=own.clock, ids=own.ids))
    clinic.add_patient(a_patient("T-0002"))
    move = open_form("move", wrong, clinic.patient_history(wrong).counts[0].id, on=nurse)
    move.search.setText("T-0002")
    move.reason.setText("not hers")
    move._press_primary()
    assert move.problem_text().startswith("Only a senior nurse or an administrator may move a report")
    assert saved == []


@pytest.fixture
def plain(clinic: FakeClinic) -> FakeClinic:
    """Return the clinic with one count in which nothing is in doubt."""
    clinic.add(a_history(a_patient("T-9"), a_course(), [a_count(wbc="5.9", anc="3.75", plt="88")]), "px")
    return clinic


def test_that_the_anc_is_what_is_corrected_first(open_form: Any, plain: FakeClinic) -> None:
    assert open_form("record", "px", "px-s1").which.code() == "neutrophils"


def test_that_a_key_meant_for_the_reason_never_says_that_a_value_was_checked(qtbot: QtBot, open_form: Any, plain: FakeClinic) -> None:
    form = open_form("record", "px", "px-s1")
    form.value.setFocus()
    qtbot.keyClicks(form.value, "12,5")
    assert form.doubt.isVisibleTo(form)
    form.value.setFocus()
    qtbot.keyClick(form.value, Qt.Key.Key_Tab)
    for _ in range(2):
        if form.focusWidget() is form.chip:
            qtbot.keyClick(form.chip, Qt.Key.Key_Tab)
    assert form.focusWidget() is form.reason
    qtbot.keyClicks(form.focusWidget(), "typing slip")
    assert form.reason.text() == "typing slip" and not form.doubt.confirm.isChecked()
    form._press_primary()
    assert "above the WBC" in form.problem_text()


def test_that_a_correction_that_contradicts_another_value_asks(open_form: Any, plain: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("record", "px", "px-s1")
    form.which.set_code("wbc")
    form.value.setText("3,5")
    form.reason.setText("read again")
    form._press_primary()
    assert saved == [] and "ANC of 3.75 ×10⁹/L is above the WBC of 3.5" in form.problem_text()
    form.doubt.confirm.click()
    form._press_primary()
    stored = plain.histories["px"].counts[0].values
    assert stored["wbc"].value == "3.5" and stored["neutrophils"].confirmed
    assert saved[0].undo is not None
    saved[0].undo()
    assert plain.histories["px"].counts[0].values["neutrophils"] == a_value("3.75")
    assert plain.histories["px"].counts[0].values["wbc"] == a_value("5.9")


def test_that_a_checked_value_is_unchecked_when_another_is_typed(open_form: Any, plain: FakeClinic) -> None:
    form = open_form("record", "px", "px-s1")
    form.value.setText("12.5")
    form.doubt.confirm.click()
    form.value.setText("12.6")
    assert not form.doubt.confirm.isChecked()


def test_that_a_row_that_is_clicked_never_throws_the_typed_value_away(open_form: Any, plain: FakeClinic) -> None:
    form = open_form("record", "px", "px-s1")
    form.value.setText("3.6")
    form.table.selectRow(form.table.names.index("wbc"))
    assert (form.which.code(), form.value.text()) == ("neutrophils", "3.6")
    assert "Save the typed value first" in form.problem_text()
    form.value.clear()
    form.table.selectRow(form.table.names.index("platelets"))
    assert form.which.code() == "platelets"
