"""FHIR and ASTM: references, panels and frames; damaged transmissions wait, control material is no patient's."""

import json
from datetime import UTC
from pathlib import Path

import pytest

from neutromon.interop.parse import parse
from neutromon.interop.understand import understand
from tests.interop.tables import CODES

SAMPLES = Path(__file__).parent / "samples"
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "identifier": [{"system": "urn:test", "value": "T-0001"}],
    "name": [{"use": "official", "family": "Example", "given": ["Testa"]}],
    "birthDate": "1960-01-31",
}


LONELY = {"resourceType": "DiagnosticReport", "status": "final", "result": [{"reference": "Observation/x"}]}


def an_observation(own="o", code="751-8", value=0.5, **more):
    quantity = {"value": value, "system": "http://unitsofmeasure.org", "code": "10*9/L"}
    found = {
        "resourceType": "Observation",
        "id": own,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": "Patient/p"},
        "valueQuantity": quantity,
    } | more
    return {name: item for name, item in found.items() if item is not None}


def a_bundle(*resources):
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource} for resource in resources]})


def sets_of(text):
    return parse(text.encode(), UTC).sets


def rows_of(text):
    return [row for own in sets_of(text) for row in understand(own, CODES, accept_names=True)]


def test_that_digits_stay_as_they_were_sent():
    text = a_bundle(PATIENT, an_observation()).replace("0.5", "0.500")
    assert [(row.raw.value, row.value) for row in rows_of(text)] == [("0.500", "0.5")]


def test_that_a_panels_members_have_the_time_of_their_report():
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "final",
        "code": {"text": "CBC"},
        "effectiveDateTime": "2026-03-11T08:00:00+01:00",
        "result": [{"reference": "Observation/panel"}],
    }
    panel = an_observation("panel", "58410-2", valueQuantity=None, hasMember=[{"reference": "Observation/o"}])
    (own,) = sets_of(a_bundle(PATIENT, report, panel, an_observation()))
    assert (own.collected, len(own.results)) == ("2026-03-11T08:00:00+01:00", 1)


def test_that_a_result_without_time_has_that_of_its_reports_others():
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "final",
        "code": {"text": "CBC"},
        "result": [{"reference": f"Observation/{name}"} for name in "abc"],
    }
    timed = [an_observation(name, effectiveDateTime="2026-03-11T08:00:00Z") for name in "ab"]
    (own,) = sets_of(a_bundle(PATIENT, report, *timed, an_observation("c", "777-3", 120)))
    assert len(own.results) == 3


def test_that_contained_patients_and_components_are_read():
    observation = an_observation(
        contained=[PATIENT],
        subject={"reference": "#p"},
        valueQuantity=None,
        component=[
            {"code": {"coding": [{"system": "http://loinc.org", "code": "777-3"}]}, "valueQuantity": {"value": 120, "code": "10*9/L"}},
            {"code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}]}, "dataAbsentReason": {"text": "clotted"}},
        ],
        effectiveDateTime="2026-03-11",
    )
    (own,) = sets_of(json.dumps(observation))
    assert (own.identifiers[0].value, own.day_only) == ("T-0001", True)
    assert [(row.analyte, row.value, row.text_only) for row in rows_of(json.dumps(observation))] == [
        ("PLT", "120", False),
        ("HGB", None, True),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (a_bundle(an_observation()), "UNRESOLVED_SUBJECT"),
        (
            a_bundle({"resourceType": "DiagnosticReport", "status": "final", "result": [{"reference": "Observation/x"}]}),
            "UNRESOLVED_RESULTS",
        ),
        ('{"resourceType": "Bundle", "entry": [', "TRUNCATED"),
        ('{"a": 1}', "MALFORMED"),
        ('{"resourceType": "Bundle",}', "MALFORMED"),
    ],
)
def test_that_what_is_missing_is_named(text, code):
    assert sets_of(text)[0].problem[0] == code


def test_that_an_older_version_is_named_and_kept():
    old = an_observation(comment="as in STU3", context={"reference": "Encounter/1"})
    assert sets_of(a_bundle(PATIENT, old))[0].ignored[0] == "VERSION_UNSUPPORTED"


def test_that_another_display_name_is_marked():
    (own,) = sets_of(a_bundle(PATIENT, an_observation(subject={"reference": "Patient/p", "display": "Somebody Else"})))
    assert "SUBJECT_DISPLAY_DIFFERS" in own.marks


def test_that_plain_and_framed_records_are_read():
    for name, wanted in (("plain.astm", [("WBC", "3.5"), ("NEUT_PCT", "31"), ("PLT", "120")]), ("framed.astm", [("HGB", "112")])):
        sets = parse((SAMPLES / name).read_bytes(), UTC).sets
        rows = [row for own in sets for row in understand(own, CODES, accept_names=True)]
        assert [(row.analyte, row.value) for row in rows] == wanted
        assert (sets[0].collected, sets[0].family) == ("2026-03-11T08:00:00+00:00", "Example")


def test_that_a_wrong_check_sum_makes_the_file_wait():
    data = (SAMPLES / "framed.astm").read_bytes().replace(b"11.2", b"13.2")
    (own,) = parse(data, UTC).sets
    assert own.problem[0] == "MALFORMED"


HEAD = "H|\\^&|||MADEUP|||||||P|1|20260311081500\r"
REST = "O|1|S1||^^^CBC|R|20260311080000\rR|1|^^^WBC|3.5|10*3/uL|4-10|L||F\rL|1|N\r"


def test_that_a_name_in_the_place_of_a_number_is_no_number():
    (own,) = parse((HEAD + "P|1||T-0001|Example^Testa||F|19600131\r" + REST).encode(), UTC).sets
    assert ([i.value for i in own.identifiers], own.family, own.sex) == (["T-0001"], "Example", "F")


def test_that_suspicions_are_flags_and_w_is_a_warning():
    rows = "R|2|^^^Blasts?|150||||||F\rR|3|^^^PLT|120|10*3/uL|150-400|L||W\r"
    text = HEAD + "P|1||T-0001||Example^Testa||19600131|F\r" + REST.replace("L|1|N", rows + "L|1|N")
    (own,) = parse(text.encode(), UTC).sets
    found = understand(own, CODES, accept_names=True)
    assert [(row.value, row.text_only) for row in found] == [("3.5", False), (None, True), ("120", False)]
    assert ("SUSPECT" in found[1].marks, "WARN_STATUS" in found[2].marks) == (True, True)


def test_that_control_material_is_no_patients():
    text = HEAD.replace("|P|1|", "|Q|1|") + "P|1||CONTROL\r" + REST
    (own,) = parse(text.encode(), UTC).sets
    assert own.ignored[0] == "NOT_PATIENT"


def test_that_a_capture_that_lost_its_control_bytes_is_read():
    text = "1H|\\^&|||MADEUP|||||||P|1\r\n5D\r\n2P|1||T-1||Example^Testa||19600131|F\r\n3A\r\n3O|1|S1||^^^CBC||20260311080000\r\n7B\r\n"
    text += "4R|1|^^^PLT|120|10*3/uL|||F\r\n1C\r\n5L|1|N\r\n00\r\n"
    (own,) = parse(text.encode(), UTC).sets
    assert [(row.value, row.unit) for row in own.results] == [("120", "10*3/uL")]


def held(row):
    return row.hold[0] if row.hold else None


def test_that_an_extension_that_changes_the_meaning_holds_the_result():
    changed = an_observation(modifierExtension=[{"url": "urn:test:estimated", "valueBoolean": True}])
    (row,) = rows_of(a_bundle(PATIENT, changed))
    assert (held(row), row.value) == ("UNKNOWN_CODE", "0.5")
    assert "urn:test:estimated" in row.hold[1]


def test_that_an_extension_of_the_report_holds_its_results():
    report = {"resourceType": "DiagnosticReport", "status": "final", "result": [{"reference": "Observation/o"}]}
    report["modifierExtension"] = [{"valueBoolean": True}]
    (row,) = rows_of(a_bundle(PATIENT, an_observation(), report))
    assert held(row) == "UNKNOWN_CODE"


def test_that_an_empty_list_of_extensions_changes_nothing():
    (row,) = rows_of(a_bundle(PATIENT, an_observation(modifierExtension=[])))
    assert held(row) is None


def test_that_a_value_whose_absence_is_claimed_is_suspect():
    (row,) = rows_of(a_bundle(PATIENT, an_observation(dataAbsentReason={"coding": [{"code": "error"}]})))
    assert (row.value, row.marks) == ("0.5", ("SUSPECT",))


@pytest.mark.parametrize(("literal", "value"), [("1.2e1", "12"), ("5E-1", "0.5"), ("1.20E+1", "12"), ("1e99", None)])
def test_that_a_power_of_ten_is_a_number_and_its_digits_stay(literal, value):
    (row,) = rows_of(a_bundle(PATIENT, an_observation(code="6690-2")).replace("0.5", literal))
    assert (row.raw.value, row.value) == (literal, value)


@pytest.mark.parametrize(("concept", "blood"), [("119297000", True), ("122575003", False), ("258450006", False)])
def test_that_a_specimen_named_by_its_concept_alone_is_told_from_blood(concept, blood):
    specimen = {"resourceType": "Specimen", "id": "s", "type": {"coding": [{"system": "http://snomed.info/sct", "code": concept}]}}
    local = an_observation(specimen={"reference": "Specimen/s"}, code="L1")
    local["code"]["coding"][0]["display"] = "Leukocytes"
    (row,) = rows_of(a_bundle(PATIENT, local, specimen))
    assert (row.ignore is None) is blood


def test_that_a_count_with_a_unit_of_mass_waits():
    (row,) = rows_of(a_bundle(PATIENT, an_observation(code="777-3", valueQuantity={"value": 24, "code": "g/dL"})))
    assert (row.analyte, held(row), row.value) == ("PLT", "UNKNOWN_UNIT", None)
