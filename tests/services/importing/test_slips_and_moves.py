"""A slip of a thousand against the patient's own counts is asked about; a wrongly filed report is moved with its reason."""

import pytest

from neutromon.models.errors import UserError
from neutromon.models.imports import ImportOptions
from neutromon.services.holding import Resolution, RowDecision, Way, held_sets, resolve_held
from neutromon.services.importing import import_bytes
from neutromon.services.importing.moving import move_report
from neutromon.services.patients import patient_by_mrn, patient_history
from tests.services.importing.messages import a_message

CREATE = ImportOptions(create_patients=True)


def a_count(clinic, day, wbc, anc=None, **changes):
    data = a_message(wbc=wbc, control=f"M{day}", taken=f"202603{day:02d}080000", **changes).replace(b"|4.0-10.0|", b"||")
    if anc is not None:
        data += f"OBX|3|NM|751-8^ANC^LN||{anc}|10*9/L|||||F\r".encode()
    (own,) = import_bytes(clinic, "m", data, CREATE).sets
    return [(row.analyte, row.disposition.value, row.hold and row.hold[0]) for row in own.results if row.analyte != "PLT"]


def test_that_a_count_a_thousandth_of_her_own_is_held_with_the_probable_meaning(clinic):
    a_count(clinic, 1, "3.5")
    assert a_count(clinic, 8, "0.0032") == [("WBC", "held", "IMPLAUSIBLE_VALUE")]
    (waiting,) = held_sets(clinic)
    assert "3.2 ×10⁹/L" in waiting.text
    index = next(row.index for row in waiting.rows if row.analyte == "WBC" and row.reason)
    resolve_held(clinic, waiting.id, Resolution(way=Way.CONFIRM, rows=(RowDecision(index=index, right=True),)))
    assert not held_sets(clinic)


def test_that_a_count_a_thousand_times_her_own_is_held(clinic):
    a_count(clinic, 1, "0.4")
    assert a_count(clinic, 8, "350") == [("WBC", "held", "IMPLAUSIBLE_VALUE")]


def test_that_an_anc_is_held_where_the_white_cells_speak_for_a_slip(clinic):
    a_count(clinic, 1, "5.0", "3.0")
    assert a_count(clinic, 8, "4.0", "0.002")[1] == ("ANC", "held", "IMPLAUSIBLE_VALUE")


def test_that_first_counts_nadirs_and_rebounds_are_not_held(clinic):
    assert a_count(clinic, 1, "0.004", number="T-0002", family="Other") == [("WBC", "stored", None)]
    a_count(clinic, 1, "6.0", "4.0")
    assert a_count(clinic, 8, "0.3", "0.02") == [("WBC", "stored", None), ("ANC", "stored", None)]
    assert a_count(clinic, 10, "45", "38") == [("WBC", "stored", None), ("ANC", "stored", None)]


def test_that_a_wrongly_filed_report_is_moved_and_does_not_come_back(clinic):
    a_count(clinic, 1, "5.0")
    a_count(clinic, 2, "4.0", number="T-0002", family="Other")
    wrong, right = (patient_by_mrn(clinic, number) for number in ("T-0001", "T-0002"))
    (sample,) = patient_history(clinic, wrong).counts
    with pytest.raises(UserError):
        move_report(clinic, sample.id, right, " ")
    with pytest.raises(UserError):
        move_report(clinic, sample.id, wrong, "labels swapped")
    moved = move_report(clinic, sample.id, right, "labels swapped")
    assert moved.changes.patient_ids == {wrong, right}
    assert (patient_history(clinic, wrong).counts, len(patient_history(clinic, right).counts)) == ((), 2)
    assert a_count(clinic, 1, "5.0") == [("WBC", "duplicate", None)]
    assert not patient_history(clinic, wrong).counts
    assert a_count(clinic, 1, "5.5") == [("WBC", "held", "SET_QUARANTINED")]
    move_report(clinic, moved.value, wrong, "moved by mistake")
    assert len(patient_history(clinic, wrong).counts) == 1


@pytest.mark.parametrize(("lymphocytes", "on_curve"), [("60", "38"), ("20", "50")])
def test_that_a_manual_differential_wins_only_where_it_is_complete(clinic, lymphocytes, on_curve):
    rows = (
        ("770-8^NEUT^LN", "50"),
        ("23761-0^NEUT manual^LN", "38"),
        ("737-7^LYMPH manual^LN", lymphocytes),
        ("744-3^MONO manual^LN", "2"),
    )
    extra = "".join(f"OBX|{n}|NM|{code}||{value}|%|||||F\r" for n, (code, value) in enumerate(rows, start=3))
    (own,) = import_bytes(clinic, "m", a_message() + extra.encode(), CREATE).sets
    assert {row.disposition.value for row in own.results} == {"stored"}
    (sample,) = patient_history(clinic, patient_by_mrn(clinic, "T-0001")).counts
    assert sample.values["neutrophils_percent"].value == on_curve
    assert {value.value for value in sample.others.values()} >= {"50", "38"} - {on_curve}
