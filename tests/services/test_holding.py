"""The holding bay: nothing goes out without a person's decision, and nothing is lost on the way."""

from datetime import UTC, date, datetime

import pytest

from neutromon.models.errors import UserError
from neutromon.models.history import Identifier
from neutromon.models.imports import ImportOptions
from neutromon.services import held_list
from neutromon.services.held_list import critical_sets, held_count, held_lines, original_message, original_text
from neutromon.services.holding import (
    HeldSet,
    Resolution,
    RowDecision,
    Way,
    alike_of,
    held_set,
    held_sets,
    read_decided,
    resolve_alike,
    resolve_held,
)
from neutromon.services.importing import import_bytes
from neutromon.services.importing.codes import code_rules
from neutromon.services.patients import add_patient, find_patients, patient_by_mrn, patient_history
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session
from tests.builders import a_patient
from tests.stores import make_store, open_at

LINES = (
    "MSH|^~\\&|LAB|NORTH|||20260311081500||ORU^R01|{control}|P|2.5",
    "PID|1||{number}^^^CLINIC||{family}^Testa||{born}|F",
    "OBR|1||F-{control}|58410-2^CBC^LN|||20260311080000",
    "OBX|1|NM|6690-2^WBC^LN||{wbc}|{unit}|4.0-10.0||||F",
    "OBX|2|NM|777-3^PLT^LN||180|10*9/L|150-400||||F",
)


def a_message(
    number: str = "T-0001", family: str = "Example", born: str = "19600131", wbc: str = "3.5", unit: str = "10*9/L", control: str = "M1"
) -> bytes:
    return "\r".join(LINES).format(number=number, family=family, born=born, wbc=wbc, unit=unit, control=control).encode()


@pytest.fixture
def clinic(tmp_path):
    session = open_at(make_store(tmp_path))
    yield session
    close_session(session)


def only(session: Session) -> HeldSet:
    (held,) = held_sets(session)
    return held


def test_that_a_result_of_an_unknown_patient_waits_with_its_reason_and_its_original(clinic):
    data = a_message()
    import_bytes(clinic, "a.hl7", data)
    held = only(clinic)
    assert held.code == "UNKNOWN_PATIENT"
    assert (held.name, held.birth_date, held.source_name) == ("Example, Testa", date(1960, 1, 31), "a.hl7")
    assert [row.value for row in held.rows] == ["3.5", "180"]
    assert original_message(clinic, held.id) == data


def test_that_the_same_message_again_waits_only_once(clinic):
    for _ in range(2):
        import_bytes(clinic, "a.hl7", a_message())
    assert held_count(clinic) == 1


def test_that_assigning_stores_the_result_for_the_chosen_patient(clinic):
    patient = add_patient(clinic, a_patient("OTHER-7")).value
    import_bytes(clinic, "a.hl7", a_message())
    outcome = resolve_held(clinic, only(clinic).id, Resolution(way=Way.ASSIGN, patient_id=patient))
    (sample,) = patient_history(clinic, patient).counts
    assert sample.values["wbc"].value == "3.5"
    assert outcome.changes.holding and patient in outcome.changes.patient_ids
    assert held_count(clinic) == 0


def test_that_an_assigned_result_sent_again_is_a_duplicate(clinic):
    patient = add_patient(clinic, a_patient("OTHER-7")).value
    import_bytes(clinic, "a.hl7", a_message())
    resolve_held(clinic, only(clinic).id, Resolution(way=Way.ASSIGN, patient_id=patient))
    (again,) = import_bytes(clinic, "b.hl7", a_message(control="M1") + b"\r").sets
    assert again.outcome == "duplicate"
    assert held_count(clinic) == 0


def test_that_keeping_the_number_lets_the_next_result_in(clinic):
    patient = add_patient(clinic, a_patient("OTHER-7")).value
    import_bytes(clinic, "a.hl7", a_message())
    resolve_held(clinic, only(clinic).id, Resolution(way=Way.ASSIGN, patient_id=patient, keep_number=True))
    (later,) = import_bytes(clinic, "b.hl7", a_message(control="M2").replace(b"20260311080000", b"20260312080000")).sets
    assert later.patient_id == patient
    assert Identifier(value="T-0001", authority="CLINIC") in patient_history(clinic, patient).patient.other_identifiers


def test_that_creating_makes_the_patient_that_the_message_names(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    resolve_held(clinic, only(clinic).id, Resolution(way=Way.CREATE))
    patient = patient_by_mrn(clinic, "T-0001")
    assert patient is not None
    assert patient_history(clinic, patient).patient.birth_date == date(1960, 1, 31)


def test_that_nobody_is_created_from_a_message_without_birth_date(clinic):
    import_bytes(clinic, "a.hl7", a_message(born=""))
    held = only(clinic)
    assert Way.CREATE not in held.ways
    with pytest.raises(UserError, match="birth date"):
        resolve_held(clinic, held.id, Resolution(way=Way.CREATE))
    assert held_count(clinic) == 1


def test_that_creating_refuses_a_number_that_another_patient_has(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    held = only(clinic)
    add_patient(clinic, a_patient("X-9", family="Other"))
    with pytest.raises(UserError, match="belongs to another patient"):
        resolve_held(clinic, held.id, Resolution(way=Way.CREATE, patient=a_patient("X-9")))


TABLE = b"Patient ID;Last name;First name;Date of birth;Collected at;WBC (10*9/L)\nT-0001;Other;Pat;1970-05-05;2026-03-11T08:00+00:00;3.5\n"


def test_that_a_number_whose_giver_nobody_names_makes_no_second_patient(clinic):
    add_patient(clinic, a_patient("T-0001"))
    import_bytes(clinic, "a.csv", TABLE, ImportOptions(accept_names=True))
    held = only(clinic)
    assert held.code == "DEMOGRAPHIC_MISMATCH"
    assert [(one.name, one.authority, one.apart) for one in held.same_number] == [("Example, Testa", "TEST", False)]
    for resolution in (Resolution(way=Way.CREATE), Resolution(way=Way.CREATE, another_register=True)):
        with pytest.raises(UserError, match="belongs to another patient"):
            resolve_held(clinic, held.id, resolution)
    assert len(find_patients(clinic, "")) == 1 and held_count(clinic) == 1


def test_that_a_number_of_two_named_authorities_makes_a_second_patient_once_a_person_says_so(clinic):
    add_patient(clinic, a_patient("T-0001", family="Other"))
    import_bytes(clinic, "a.hl7", a_message())
    held = only(clinic)
    assert [one.apart for one in held.same_number] == [True]
    with pytest.raises(UserError, match="Another authority gave the number T-0001"):
        resolve_held(clinic, held.id, Resolution(way=Way.CREATE))
    assert held_count(clinic) == 1
    resolve_held(clinic, held.id, Resolution(way=Way.CREATE, another_register=True))
    assert len(find_patients(clinic, "")) == 2


def test_that_an_import_creates_nobody_whose_number_is_here_from_an_unknown_giver(clinic):
    add_patient(clinic, a_patient("T-0001", identifier=Identifier(value="T-0001")))
    import_bytes(clinic, "a.hl7", a_message(), ImportOptions(create_patients=True))
    assert only(clinic).code == "ID_CONFLICT"
    assert len(find_patients(clinic, "")) == 1


GERMAN = b"MRN;Name;Geburtsdatum;Datum;ANC (10^9/L);WBC (10^9/L)\nT-0001;Example;31.01.1960;24.11.2025;1.250;3,25\n"


@pytest.mark.parametrize(("mark", "unit", "said"), [(".", "", "1.25"), (",", "/uL", "1.25"), (".", "/uL", "0.00125")])
def test_that_a_number_that_may_be_a_thousand_is_stored_as_a_person_says(clinic, mark, unit, said):
    patient = add_patient(clinic, a_patient("T-0001")).value
    import_bytes(clinic, "a.csv", GERMAN, ImportOptions(accept_names=True))
    held = only(clinic)
    (row,) = [row for row in held.rows if row.doubtful]
    assert row.raw_value == "1.250"
    with pytest.raises(UserError, match="decimal or a thousand"):
        resolve_held(clinic, held.id, Resolution(way=Way.CONFIRM, rows=(RowDecision(index=row.index, right=True),)))
    decision = RowDecision(index=row.index, analyte="ANC", decimal=mark, unit=unit, right=not unit)
    shown = read_decided(clinic, held.id, decision)
    resolve_held(clinic, held.id, Resolution(way=Way.CONFIRM, rows=(decision,)))
    (sample,) = patient_history(clinic, patient).counts
    assert (sample.values["neutrophils"].value, shown.value, shown.unit) == (said, said, "10*9/L")


def test_that_rejecting_needs_a_reason_and_keeps_the_original(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    held = only(clinic)
    with pytest.raises(UserError, match="reason"):
        resolve_held(clinic, held.id, Resolution(way=Way.REJECT))
    resolve_held(clinic, held.id, Resolution(way=Way.REJECT, reason="not our patient"))
    assert held_count(clinic) == 0
    assert original_message(clinic, held.id) == a_message()
    assert any("resolved: reject" in entry.what for entry in clinic.store.trail().entries)


def test_that_a_decision_is_taken_once(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    held = only(clinic)
    resolve_held(clinic, held.id, Resolution(way=Way.REJECT, reason="not our patient"))
    with pytest.raises(UserError, match="decided already"):
        resolve_held(clinic, held.id, Resolution(way=Way.REJECT, reason="again"))


def test_that_a_missing_unit_waits_with_a_suggestion_and_is_read_as_confirmed(clinic):
    options = ImportOptions(create_patients=True)
    import_bytes(clinic, "a.hl7", a_message(wbc="3500", unit="").replace(b"4.0-10.0", b"4000-10000"), options)
    held = only(clinic)
    row = held.rows[0]
    assert (row.reason[0], row.suggested_unit) == ("UNIT_MISSING", "/uL")
    confirm = Resolution(way=Way.CONFIRM, rows=(RowDecision(index=0, unit="/uL", for_sender=True),))
    resolve_held(clinic, held.id, confirm)
    (sample,) = patient_history(clinic, held.patient_id).counts
    wbc = sample.values["wbc"]
    assert (wbc.value, wbc.unit, wbc.original_value, wbc.original_unit) == ("3.5", "10*9/L", "3500", None)
    assert [rule.unit for rule in code_rules(clinic)] == ["/uL"]


def test_that_a_unit_confirmed_for_a_sender_is_not_asked_again(clinic):
    options = ImportOptions(create_patients=True)
    import_bytes(clinic, "a.hl7", a_message(wbc="3500", unit=""), options)
    confirm = Resolution(way=Way.CONFIRM, rows=(RowDecision(index=0, unit="/uL", for_sender=True),))
    resolve_held(clinic, only(clinic).id, confirm)
    second = a_message(wbc="2100", unit="", control="M2").replace(b"20260311080000", b"20260312080000")
    (later,) = import_bytes(clinic, "b.hl7", second, options).sets
    assert [row.value for row in later.results] == ["2.1", "180"]


def test_that_a_unit_in_which_the_value_is_impossible_is_refused(clinic):
    import_bytes(clinic, "a.hl7", a_message(wbc="3500", unit=""), ImportOptions(create_patients=True))
    held = only(clinic)
    with pytest.raises(UserError, match="not plausible"):
        resolve_held(clinic, held.id, Resolution(way=Way.CONFIRM, rows=(RowDecision(index=0, unit="10*9/L"),)))
    assert held_count(clinic) == 1


def test_that_an_unknown_local_code_is_learnt_for_its_sender(clinic):
    local = a_message().replace(b"6690-2^WBC^LN", b"LEUK^Leukozyten^L")
    import_bytes(clinic, "a.hl7", local, ImportOptions(create_patients=True))
    held = only(clinic)
    assert held.rows[0].suggested_analyte == "WBC"
    resolve_held(clinic, held.id, Resolution(way=Way.CONFIRM, rows=(RowDecision(index=0, analyte="WBC", for_sender=True),)))
    later = local.replace(b"20260311080000", b"20260312080000").replace(b"||3.5|", b"||2.5|")
    (own,) = import_bytes(clinic, "b.hl7", later).sets
    assert [row.value for row in own.results] == ["2.5", "180"]


def test_that_a_rule_made_since_is_asked_for_no_more(clinic):
    local = a_message().replace(b"6690-2^WBC^LN", b"LEUK^Leukozyten^L").replace(b"777-3^PLT^LN", b"THRO^Thrombozyten^L")
    import_bytes(clinic, "a.hl7", local, ImportOptions(create_patients=True))
    other = local.replace(b"20260311080000", b"20260312080000").replace(b"||3.5|", b"||2.5|")
    import_bytes(clinic, "b.hl7", other, ImportOptions(create_patients=True))
    first, second = held_sets(clinic)
    assert "LEUK" in second.text
    decided = (RowDecision(index=0, analyte="WBC", for_sender=True), RowDecision(index=1, as_text=True))
    resolve_held(clinic, first.id, Resolution(way=Way.CONFIRM, rows=decided))
    again = held_set(clinic, second.id)
    assert "LEUK" not in again.text and "THRO" in again.text
    assert [row.reason is None for row in again.rows] == [True, False]


def test_that_a_time_typed_by_a_person_lets_an_undated_result_in(clinic):
    data = a_message().replace(b"|||20260311080000", b"").replace(b"20260311081500", b"")
    import_bytes(clinic, "a.hl7", data, ImportOptions(create_patients=True))
    held = only(clinic)
    assert (held.code, held.needs_time) == ("NO_TIME", True)
    when = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
    with pytest.raises(UserError, match="no specimen time"):
        resolve_held(clinic, held.id, Resolution(way=Way.CREATE))
    resolve_held(clinic, held.id, Resolution(way=Way.CREATE, collected_at=when))
    patient = patient_by_mrn(clinic, "T-0001")
    assert [sample.collected_at for sample in patient_history(clinic, str(patient)).counts] == [when]


def test_that_a_critical_value_is_marked_while_it_waits(clinic):
    import_bytes(clinic, "a.hl7", a_message().replace(b"||180|", b"||12|"))
    assert only(clinic).critical


def test_that_the_same_patients_other_results_go_out_with_one_decision(clinic):
    for number in range(3):
        data = a_message(control=f"M{number}").replace(b"20260311080000", f"2026031108000{number}".encode())
        import_bytes(clinic, f"{number}.hl7", data)
    assert held_count(clinic) == 3
    assert resolve_alike(clinic, held_sets(clinic)[0].id, Resolution(way=Way.CREATE)).value == 3
    patient = patient_by_mrn(clinic, "T-0001")
    assert len(patient_history(clinic, str(patient)).counts) == 3


def test_that_known_patients_of_that_name_are_offered_those_of_the_birth_date_first(clinic):
    add_patient(clinic, a_patient("A-1", birth_date=date(1950, 5, 5)))
    right = add_patient(clinic, a_patient("A-2")).value
    import_bytes(clinic, "a.hl7", a_message())
    assert next(hit.patient_id for hit in only(clinic).candidates) == right


def test_that_a_set_leaves_the_bay_when_it_is_imported_again_and_its_patient_is_known(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    assert held_count(clinic) == 1
    import_bytes(clinic, "a.hl7", a_message(), ImportOptions(create_patients=True))
    assert held_count(clinic) == 0


def test_that_a_rejected_result_sent_again_is_not_asked_about_again(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    resolve_held(clinic, only(clinic).id, Resolution(way=Way.REJECT, reason="not our patient"))
    (again,) = import_bytes(clinic, "b.hl7", a_message() + b"\r").sets
    assert (again.outcome, again.reason[0], held_count(clinic)) == ("ignored", "ALREADY_IMPORTED", 0)


def test_that_a_confirmed_row_sent_again_is_a_duplicate(clinic):
    options = ImportOptions(create_patients=True)
    import_bytes(clinic, "a.hl7", a_message(wbc="3500", unit=""), options)
    resolve_held(clinic, only(clinic).id, Resolution(way=Way.CONFIRM, rows=(RowDecision(index=0, unit="/uL"),)))
    (again,) = import_bytes(clinic, "a.hl7", a_message(wbc="3500", unit=""), options).sets
    assert [row.disposition.value for row in again.results] == ["duplicate", "duplicate"]
    assert held_count(clinic) == 0


def test_that_the_list_says_what_waits_without_its_values_and_counts_it(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    (line,) = held_lines(clinic)
    whole = only(clinic)
    assert (line.id, line.code, line.text, line.name) == (whole.id, whole.code, whole.text, whole.name)
    assert (line.identifier, line.birth_date, line.collected_at) == (whole.identifier, whole.birth_date, whole.collected_at)
    assert (line.source_name, line.sender, held_count(clinic)) == ("a.hl7", whole.sender, 1)
    resolve_held(clinic, line.id, Resolution(way=Way.REJECT, reason="not ours"))
    assert (held_lines(clinic), held_count(clinic)) == ([], 0)


def test_that_a_set_decided_meanwhile_cannot_be_opened(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    held = only(clinic)
    resolve_held(clinic, held.id, Resolution(way=Way.REJECT, reason="not ours"))
    with pytest.raises(UserError, match="decided already"):
        held_set(clinic, held.id)


def test_that_only_sets_with_a_critical_value_are_named_critical(clinic):
    import_bytes(clinic, "a.hl7", a_message().replace(b"||180|", b"||12|"))
    import_bytes(clinic, "b.hl7", a_message(control="M2").replace(b"T-0001", b"T-0002"))
    ids = {line.source_name: line.id for line in held_lines(clinic)}
    assert critical_sets(clinic, tuple(ids.values())) == {ids["a.hl7"]}
    assert critical_sets(clinic, (ids["b.hl7"],)) == frozenset()


def test_that_an_original_is_read_line_by_line_and_a_workbook_is_no_text(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    shown = original_text(clinic, only(clinic).id)
    assert (shown.name, shown.bytes, shown.laid_out) == ("a.hl7", len(a_message()), False)
    assert [line[:3] for line in shown.text.splitlines()][:2] == ["MSH", "PID"]


def test_that_json_on_one_line_is_laid_out_with_every_digit_as_it_was_sent():
    sent = '{"a":{"value":1.50,"text":"{x,[1]} \\" y"},"b":[1,2]}'
    shown = held_list._laid_out(sent)
    assert "1.50" in shown and '"{x,[1]} \\" y"' in shown
    assert "".join(line.strip() for line in shown.splitlines()) == sent


def test_that_hidden_signs_of_a_message_are_shown():
    assert held_list._as_text("PID|a\u202eb\x0bc".encode()) == "PID|a␀b␀c"
    assert held_list._as_text("Müller".encode("cp1252")) == "Müller"
    assert held_list._as_text(b"PK\x03\x04rest") == ""


def test_that_a_row_decision_for_alike_sets_follows_the_rows_name_and_not_its_place(clinic):
    options = ImportOptions(create_patients=True)
    import_bytes(clinic, "a.hl7", a_message(wbc="3500", unit=""), options)
    second = a_message(wbc="2500", unit="", control="M2").replace(b"20260311080000", b"20260312080000")
    lines = second.split(b"\r")
    obx = [n for n, line in enumerate(lines) if line.startswith(b"OBX")]
    lines[obx[0]], lines[obx[1]] = lines[obx[1]], lines[obx[0]]
    import_bytes(clinic, "b.hl7", b"\r".join(lines), options)
    first = next(one for one in held_sets(clinic) if one.source_name == "a.hl7")
    assert (alike_of(clinic, first.id), held_count(clinic)) == (1, 2)
    decided = Resolution(way=Way.CONFIRM, rows=(RowDecision(index=0, unit="/uL"),))
    assert resolve_alike(clinic, first.id, decided).value == 2
    counts = patient_history(clinic, str(patient_by_mrn(clinic, "T-0001"))).counts
    assert sorted((str(c.values["wbc"].value), str(c.values["platelets"].value)) for c in counts) == [("2.5", "180"), ("3.5", "180")]


def test_that_a_short_name_does_not_propose_everybody_whose_name_holds_it(clinic):
    add_patient(clinic, a_patient("OTHER-1", family="Beispiel", birth_date=date(1961, 1, 1)))
    same_day = add_patient(clinic, a_patient("OTHER-2", family="Ejemplo")).value
    import_bytes(clinic, "a.hl7", a_message(family="E"))
    assert [hit.patient_id for hit in only(clinic).candidates] == [same_day]
