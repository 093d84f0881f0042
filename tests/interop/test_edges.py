"""The edges of the readers and writers: limits, damaged parts, and shapes that hold nothing; each ends with a sentence or with nothing."""

import base64
import csv
import io
import json
import zipfile
from datetime import UTC, timedelta

import openpyxl
import pytest

from neutromon.interop import hl7_reader, tables
from neutromon.interop import parse as parsing
from neutromon.interop import understand as understanding
from neutromon.interop.fhir_writer import FhirCodes, Shown, entries_of
from neutromon.interop.parse import parse
from neutromon.interop.sheet_formats import per_cent_cells
from neutromon.interop.sheets import sheet_rows
from neutromon.interop.suggest import possible_units
from neutromon.interop.table_mapping import guess_mapping, table_rows
from neutromon.interop.tidy import tidy_csv
from neutromon.interop.times import offset, stamp
from neutromon.interop.together import checked_together
from neutromon.interop.understand import understand
from neutromon.models.errors import UserError
from neutromon.models.history import CountSample, Course, Cycle, Patient, PatientHistory
from neutromon.models.imports import RawResult, ReadResult
from neutromon.models.quantity import Reported
from tests.builders import a_count, day
from tests.interop.tables import CODES
from tests.interop.test_hl7 import HEAD, OBR, OBX, PID


def problem_of(data, form="auto"):
    (own,) = parse(data if isinstance(data, bytes) else data.encode(), UTC, form).sets
    return own.problem or own.ignored


@pytest.mark.parametrize(
    ("data", "form", "code", "words"),
    [
        ("a line of prose", "hl7", "MALFORMED", "No HL7 message"),
        ('"a text"', "fhir", "MALFORMED", "no FHIR resource"),
        ("7", "fhir", "MALFORMED", "no FHIR resource"),
        ('{"entry": [7, null, {"resource": 7}], "type": "x"}', "fhir", "MALFORMED", "no FHIR resource"),
        ('{"resourceType":"Encounter","class":{"code":"A"},"reason":[],"indication":[]}', "fhir", "VERSION_UNSUPPORTED", "STU3"),
        ('{"resourceType":"MedicationRequest","context":{"reference":"E/1"}}', "fhir", "VERSION_UNSUPPORTED", "STU3"),
        (b"\x00", "xlsx", "MALFORMED", "cannot be read"),
    ],
)
def test_that_what_holds_no_result_says_why(data, form, code, words):
    found = problem_of(data if data != b"\x00" else b"PK\x03\x04 torn", form)
    assert found is not None
    assert (found[0], words in found[1]) == (code, True)


def test_that_resources_nested_without_end_are_followed_to_a_limit_only():
    inner = '{"resourceType":"Observation","status":"final"}'
    for _ in range(80):
        inner = f'{{"resourceType":"Bundle","entry":[{{"resource":{inner}}}]}}'
    assert problem_of(inner) == ("NO_COUNTS", "The file holds no laboratory result.")


def test_that_too_many_segments_or_rows_are_refused(monkeypatch):
    monkeypatch.setattr(hl7_reader, "MOST_SEGMENTS", 3)
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert "more than 3 segments" in problem_of(HEAD + PID + OBR + OBX + OBX)[1]
    assert "more than 3 rows" in problem_of("MRN,Date,WBC\n" + "T-1,2026-03-25,3.9\n" * 4)[1]


def test_that_a_cell_beyond_the_limit_of_the_csv_reader_is_told():
    assert "The table cannot be read" in problem_of("MRN,Date,WBC\nT-1,2026-03-25," + "9" * 200_000 + "\n")[1]


def test_that_a_fault_of_the_reader_itself_keeps_the_file_as_malformed(monkeypatch):
    def fails(*_):
        raise KeyError("x")

    monkeypatch.setattr(parsing, "parse_hl7", fails)
    assert problem_of(HEAD) == ("MALFORMED", "The file cannot be read (KeyError).")


def test_that_an_analysers_result_without_a_test_is_kept_and_not_lost():
    text = (
        "H|\\^&|||XN-1|||||||P|1\rP|1||T-0001||Example^Testa||19600131|F\rO|1|S-7||^^^CBC||20260311080000\rR|1||3.5|10*3/uL||||F\rL|1|N\r"
    )
    (own,) = parse(text.encode(), UTC).sets
    assert [(row.codes, row.value) for row in own.results] == [((), "3.5")]
    (row,) = understand(own, CODES, accept_names=True)
    assert row.analyte == "OTHER"


def test_that_dates_in_columns_without_a_value_make_no_set():
    sets = parse(b"Test,Unit,2026-03-25,2026-04-01\nWBC,10*9/L,3.9,\nPLT,10*9/L,200,\n", UTC).sets
    assert [own.collected for own in sets] == ["2026-03-25"]


def test_that_a_row_of_a_wide_table_without_any_value_makes_no_set():
    sets = parse(b"MRN,Date,WBC (10*9/L)\nT-1,2026-03-25,3.9\nT-2,2026-03-25,\n", UTC).sets
    assert [own.identifiers[0].value for own in sets] == ["T-1"]


@pytest.mark.parametrize("text", ["+1500", "-2360"])
def test_that_an_offset_beyond_fourteen_hours_is_none(text):
    assert offset(text) is None
    assert stamp(f"20260311080000{text}", UTC) is not None


def test_that_more_different_rows_than_are_remembered_are_still_read(monkeypatch):
    monkeypatch.setattr(understanding, "MOST_ROWS", 1)
    own = parse((HEAD + PID + OBR + OBX + OBX.replace("3.5", "4.4").replace("6690-2^WBC", "777-3^PLT")).encode(), UTC).sets[0]
    assert [row.value for row in understand(own, CODES, accept_names=True)] == ["3.5", "4.4"]


def test_that_a_haemoglobin_that_no_unit_explains_is_held_without_a_proposal():
    row = "OBX|1|NM|718-7^HB^LN||900|g/L|||||F\r"
    (read,) = understand(parse((HEAD + PID + OBR + row).encode(), UTC).sets[0], CODES, accept_names=True)
    assert read.hold == ("IMPLAUSIBLE_VALUE", "HGB 900 g/L is not plausible.")


def read_row(analyte, value, **more):
    return ReadResult(raw=RawResult(value=value, unit="%"), analyte=analyte, source_code=analyte, value=value, unit="%", **more)


def test_that_words_have_no_possible_unit():
    assert possible_units(ReadResult(raw=RawResult(value="clotted"), analyte="PLT", source_code="PLT")) == []


def test_that_a_bounded_reported_anc_is_never_called_inconsistent():
    rows = [
        ReadResult(raw=RawResult(value="4.0"), analyte="WBC", source_code="WBC", value="4.0", unit="10*9/L"),
        ReadResult(raw=RawResult(value="<0.1"), analyte="ANC", source_code="ANC", value="<0.1", unit="10*9/L"),
        read_row("NEUT_PCT", "50"),
    ]
    assert [row.marks for row in checked_together(rows)] == [(), (), ()]


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_that_the_first_sheet_with_cells_is_read_and_truth_stays_a_word():
    data = workbook(("Empty", []), ("Counts", [["MRN", "Fasting", "WBC"], ["T-1", True, 3.9]]))
    assert sheet_rows(data) == [["MRN", "Fasting", "WBC"], ["T-1", "True", "3.9"]]
    assert sheet_rows(workbook(("Empty", []))) == []


def without(data, name, instead=None):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.namelist():
            if item != name:
                target.writestr(item, source.read(item))
            elif instead is not None:
                target.writestr(item, instead)
    return out.getvalue()


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("instead", [None, b"<torn"])
def test_that_a_workbook_without_readable_formats_shows_no_shares(part, instead):
    book = openpyxl.Workbook()
    book.active["A1"] = 0.584
    book.active["A1"].number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    assert len(per_cent_cells(out.getvalue(), "Sheet")) == 1
    assert per_cent_cells(without(out.getvalue(), part, instead), "Sheet") == frozenset()


@pytest.mark.parametrize("data", [HEAD.encode(), b"x" * 10])
def test_that_what_is_no_table_is_not_mapped(data):
    with pytest.raises(UserError, match="no table"):
        table_rows(data)


def test_that_a_table_beyond_the_largest_file_is_not_mapped(monkeypatch):
    monkeypatch.setattr(parsing.wire, "LARGEST", 10)
    with pytest.raises(UserError, match="too large"):
        table_rows(b"MRN,Date,WBC\nT-1,2026-03-25,3.9\n")


CHART = {"system": "urn:neutromon:format", "code": "neutromon-chart/1"}


@pytest.mark.parametrize("data", ["!!!", base64.b64encode(b"{torn").decode(), None])
def test_that_a_damaged_chart_in_a_bundle_is_told(data):
    other = {"format": {"code": "else"}, "attachment": {}}
    content = [7, other, {"format": CHART, "attachment": {"data": data}}]
    bundle = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "DocumentReference", "content": content}}]}
    assert problem_of(json.dumps(bundle)) == ("MALFORMED", "The chart in the bundle is damaged. Export it again.")


def written(sample, **more):
    history = PatientHistory(patient=Patient(id="p"), counts=(sample,), **more)
    return entries_of(history, FhirCodes(loinc={"wbc": ("6690-2", "804-5", "26464-8")}, atc={}), Shown())


def test_that_a_sample_without_time_or_with_nothing_to_code_goes_out_as_the_chart_alone():
    timeless = CountSample(id="s", values={"wbc": Reported(value="3.5", unit="10*9/L")})
    kinds = [entry["resource"] for entry in written(timeless)]
    assert "effectiveDateTime" not in next(one for one in kinds if one["resourceType"] == "Observation")
    bare = CountSample(id="s", values={"mystery": Reported(value="1")})
    assert {entry["resource"]["resourceType"] for entry in written(bare)} == {"Patient", "DocumentReference"}


def test_that_the_tidy_table_tells_the_cycle_only_from_its_first_day_on():
    course = Course(regimen="R-CHOP-21", cycles=(Cycle(number=1, day1=day(0)),))
    before, within = a_count("1.0", collected=a_count("1.0").collected_at - timedelta(days=400)), a_count("1.0")
    late = CountSample(id="x", values={"wbc": Reported(value="3.5")})
    text = tidy_csv([("T-1", PatientHistory(patient=Patient(), course=course, counts=(before, within, late)))])
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {row["cycle"] for row in rows if row["collected_at"] == before.collected_at.isoformat()} == {""}
    assert [row["cycle"] for row in rows if not row["collected_at"]] == [""]


def test_that_words_go_into_their_own_column_of_the_tidy_table():
    clotted = CountSample(id="c", values={"platelets": Reported(value="clotted")}, others={"CRP": Reported(value="-5", unit="mg/L")})
    text = tidy_csv([("=1+1", PatientHistory(patient=Patient(), counts=(clotted,)))])
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["value"], row["text"]) for row in rows] == [("", "clotted"), ("-5", "")]
    assert {row["patient_key"] for row in rows} == {"'=1+1"}


def test_that_marks_and_the_value_as_sent_go_out_as_notes():
    sample = CountSample(
        id="s",
        values={"wbc": Reported(value="3.5", unit="10*9/L", original_value="3500", original_unit="/uL")},
        marks=("SPECIMEN_COMMENT",),
    )
    own = next(entry["resource"] for entry in written(sample) if entry["resource"]["resourceType"] == "Observation")
    assert [note["text"] for note in own["note"]] == ["Reported as 3500 /uL", "Marks: SPECIMEN_COMMENT"]


def test_that_a_mapping_needs_more_than_a_header():
    with pytest.raises(UserError):
        guess_mapping([])


def test_that_bands_beside_shares_that_do_not_add_up_leave_a_reported_anc_as_it_is():
    wbc = ReadResult(raw=RawResult(value="4.0"), analyte="WBC", source_code="WBC", value="4.0", unit="10*9/L")
    band = ReadResult(raw=RawResult(value="0.4"), analyte="BAND", source_code="BAND", value="0.4", unit="10*9/L")
    anc = ReadResult(raw=RawResult(value="2.0"), analyte="ANC", source_code="ANC", value="2.0", unit="10*9/L")
    rows = [wbc, band, anc, read_row("NEUT_PCT", "50"), read_row("BAND_PCT", "10")]
    assert [row.analyte for row in checked_together(rows)][2] == "ANC"
