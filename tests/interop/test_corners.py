"""Corners of the readers: what is doubtful is held with its sentence, what is no result is answered, proposals are never taken."""

import io
import json
import zipfile
from datetime import UTC

import pytest

from neutromon.interop import parse as parsing
from neutromon.interop import wire
from neutromon.interop.hl7_reader import read
from neutromon.interop.parse import parse
from neutromon.interop.pasted import parse_pasted
from neutromon.interop.sheets import sheet_rows
from neutromon.interop.suggest import suggested_unit
from neutromon.interop.understand import understand
from neutromon.models.errors import UserError
from tests.interop.tables import CODES
from tests.interop.test_hl7 import HEAD, OBR, OBX, PID, rows_of, understood

CBC = "Patient ID,Date,WBC (10*9/L),Neutrophils (%),ANC\n"


def held(rows):
    return [row.hold[0] if row.hold else None for row in rows]


def problems(data):
    return [own.problem and own.problem[0] for own in parse(data, UTC).sets]


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        (OBX.replace("|3.5|", "|1,234|"), "a decimal or a thousand"),
        (OBX.replace("|3.5|", "|3500|").replace("10*9/L", "10*3/uL"), "not plausible"),
        (OBX.replace("|3.5|", "|0.0055|"), "power of ten"),
    ],
)
def test_that_a_doubtful_number_is_held_with_its_sentence(changed, word):
    (row,) = understood(HEAD + PID + OBR + changed)
    assert row.hold[0] == "IMPLAUSIBLE_VALUE"
    assert word in row.hold[1]


def test_that_neutrophils_above_the_white_cells_wait():
    rows = understood(HEAD + PID + OBR + OBX + "OBX|2|NM|751-8^ANC^LN||9.9|10*9/L|||||F\r")
    assert held(rows) == [None, "IMPLAUSIBLE_VALUE"]
    assert "above the WBC" in rows[1].hold[1]


def test_that_composite_values_are_read_by_their_parts():
    text = HEAD + PID + OBR + "OBX|1|CQ|6690-2^WBC^LN||3.5^10*9/L||||||F\rOBX|2|SN|777-3^PLT^LN||^10^-^20|10*9/L|||||F\r"
    assert [(row.value, row.unit) for row in rows_of(text)] == [("3.5", "10*9/L"), ("^10^-^20", "10*9/L")]


def test_that_results_without_a_patient_segment_name_nobody():
    (own,) = parse((HEAD + OBR + OBX).encode(), UTC).sets
    assert (own.identifiers, own.family) == ((), None)


def test_that_the_first_segment_of_a_name_is_found():
    (message,) = read(HEAD + PID + OBR + OBX)
    assert message.first("OBR").text(3) == "F1"
    assert message.first("SPM") is None


@pytest.mark.parametrize(
    "data", [b"5", b'"text"', b"[]", b'{"resourceType": "Observation", "comment": "old"}', b'{"resourceType": "Patient"}']
)
def test_that_json_without_results_is_answered(data):
    (own,) = parse(data, UTC).sets
    assert (own.problem or own.ignored)[0] in {"MALFORMED", "VERSION_UNSUPPORTED", "NO_COUNTS"}


def test_that_a_name_in_one_text_has_its_last_word_as_family_name():
    patient = {"resourceType": "Patient", "id": "p", "name": [{"text": "Testa Maria Example"}], "birthDate": "1960-01-31"}
    value = {"resourceType": "Observation", "status": "final", "code": {"coding": [{"code": "6690-2"}]}, "valueQuantity": {"value": 3}}
    bundle = {"resourceType": "Bundle", "entry": [{"resource": patient}, {"resource": {**value, "component": ["none"]}}]}
    (own,) = parse(json.dumps(bundle).encode(), UTC).sets
    assert (own.family, own.given, len(own.results)) == ("Example", "Testa Maria", 1)


def test_that_a_file_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(wire, "LARGEST", 10)
    assert problems((HEAD + PID + OBR + OBX).encode()) == ["MALFORMED"]


def test_that_a_specimen_with_too_many_results_waits(monkeypatch):
    monkeypatch.setattr(parsing, "MOST_RESULTS", 1)
    assert problems((HEAD + PID + OBR + OBX + OBX.replace("OBX|1", "OBX|2").replace("3.5", "3.6")).encode()) == ["MALFORMED"]


def test_that_a_broken_chart_file_is_no_chart():
    assert problems(b'{"format": "neutromon-chart/1", ') == ["TRUNCATED"]


def test_that_an_archive_that_is_no_workbook_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "nothing")
    with pytest.raises(UserError, match="no XLSX workbook"):
        sheet_rows(stream.getvalue())


@pytest.mark.parametrize(
    ("anc", "unit"),
    [("2.72", "10*9/L"), ("2720", "/uL"), ("0.9", ""), ("words", "")],
)
def test_that_a_unit_is_proposed_where_white_cells_and_per_cent_agree(anc, unit):
    (own,) = parse(f"{CBC}A-1,2026-03-04,4.76,57.1,{anc}\n".encode(), UTC).sets
    rows = understand(own, CODES, accept_names=True)
    assert suggested_unit(rows[-1], rows) == unit
    assert rows[-1].value is None


def test_that_no_unit_is_proposed_without_white_cells_or_for_what_has_none():
    (own,) = parse(b"Patient ID,Date,ANC,WBC,Remark (x)\nA-1,2026-03-04,5,4,7\n", UTC).sets
    rows = understand(own, CODES, accept_names=True)
    assert [suggested_unit(row, rows) for row in rows if row.analyte in {"ANC", "OTHER"}] == ["", ""]


def test_that_a_very_long_pasted_line_is_passed_over():
    assert parse_pasted("WBC 3.5 10*9/L " + "x" * 500, UTC).sets[0].ignored[0] == "NO_COUNTS"


def test_that_a_pasted_date_that_can_be_read_two_ways_waits():
    (own,) = parse_pasted("Collected 03/04/2026\nWBC 3.5 10*9/L", UTC).sets
    assert own.problem[0] == "DATE_AMBIGUOUS"


def test_that_a_title_above_the_header_is_passed_over():
    text = "Results of the day,,\n,,\nPatient ID,Date,WBC (10*9/L)\nA-1,2026-03-04,3.5\n"
    assert [own.identifiers[0].value for own in parse(text.encode(), UTC).sets] == ["A-1"]


def test_that_a_column_of_names_beside_codes_names_the_test():
    text = "Patient,Code,Patient name,Date,Result,Unit\nA-1,6690-2,WBC,2026-03-04,3.5,10*9/L\n"
    (own,) = parse(text.encode(), UTC).sets
    assert own.results[0].codes[0][0] == "6690-2"
