"""Tables with a person's eye on them, and pasted text: what the preview shows is what is stored."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest

from neutromon.interop.pasted import parse_pasted
from neutromon.interop.table_mapping import guess_mapping, parse_mapped, table_rows
from neutromon.models.errors import UserError
from neutromon.models.imports import ImportOptions
from neutromon.models.tables import Layout, TableMapping
from neutromon.services.importing import import_bytes
from neutromon.services.importing.profiles import profile_for, profiles, remove_profile, save_profile
from neutromon.services.importing.tables import import_table, preview_pasted, preview_table, store_pasted
from neutromon.services.patients import add_patient, patient_by_mrn, patient_history
from tests.builders import a_patient

CREATE = ImportOptions(create_patients=True, accept_names=True)
LONG = (
    b"Patient ID;Last name;First name;Date of birth;Date;Test;Value;Unit\n"
    b"0012;Example;Testa;31.01.1960;11.03.2026;Leukozyten;3,5;G/l\n"
    b"0012;Example;Testa;31.01.1960;11.03.2026;Thrombozyten;180;G/l\n"
)
WIDE = b"MRN,Last name,First name,DOB,Date,WBC,HGB\n0012,Example,Testa,1960-01-31,2026-03-11,3.5,11.2\n"


def values_of(clinic, mrn="0012"):
    (sample,) = patient_history(clinic, patient_by_mrn(clinic, mrn)).counts
    return {name: (value.value, value.unit) for name, value in sample.values.items()}


def test_that_a_long_table_is_previewed_as_it_is_stored(clinic):
    preview = preview_table(clinic, LONG, options=CREATE)
    (own,) = preview.sets
    assert [(row.analyte, row.value, row.unit) for row in own.rows] == [("WBC", "3.5", "10*9/L"), ("PLT", "180", "10*9/L")]
    assert (preview.mapping.layout, preview.mapping.date_order, own.waits) == (Layout.LONG, "dmy", None)
    import_table(clinic, "a.csv", LONG, preview.mapping, CREATE)
    assert values_of(clinic) == {"wbc": ("3.5", "10*9/L"), "platelets": ("180", "10*9/L")}


def test_that_units_settled_by_a_person_apply_and_the_original_is_kept(clinic):
    preview = preview_table(clinic, WIDE, options=CREATE)
    assert {row.hold[0] for row in preview.sets[0].rows} == {"UNIT_MISSING"}
    mapping = replace(preview.mapping, units={"wbc": "10*9/L", "hgb": "g/dL"})
    import_table(clinic, "a.csv", WIDE, mapping, CREATE)
    assert values_of(clinic) == {"wbc": ("3.5", "10*9/L"), "hemoglobin": ("112", "g/L")}
    (sample,) = patient_history(clinic, patient_by_mrn(clinic, "0012")).counts
    assert sample.values["hemoglobin"].original_value == "11.2"


def test_that_a_column_can_be_given_another_meaning_or_none(clinic):
    mapping = replace(guess_mapping(table_rows(WIDE)), analytes={"wbc": "PLT", "hgb": ""}, units={"wbc": "10*9/L"})
    import_table(clinic, "a.csv", WIDE, mapping, CREATE)
    assert values_of(clinic) == {"platelets": ("3.5", "10*9/L")}


def test_that_a_saved_profile_reads_the_next_table_of_that_header(clinic):
    mapping = replace(guess_mapping(table_rows(WIDE)), name="Ward list", units={"wbc": "10*9/L", "hgb": "g/dL"})
    saved = save_profile(clinic, mapping).value
    assert preview_table(clinic, WIDE, options=CREATE).profile.id == saved
    import_bytes(clinic, "next.csv", WIDE.replace(b"3.5", b"2.5"), CREATE)
    assert values_of(clinic)["wbc"] == ("2.5", "10*9/L")


def test_that_a_profile_saved_again_is_one_profile_and_can_be_taken_back(clinic):
    mapping = replace(guess_mapping(table_rows(WIDE)), name="Ward list")
    first = save_profile(clinic, mapping).value
    assert save_profile(clinic, replace(mapping, decimal=",")).value == first
    assert [profile.decimal for profile in profiles(clinic)] == [","]
    remove_profile(clinic, first, "table changed")
    assert profile_for(clinic, mapping.header) is None
    with pytest.raises(UserError, match="name"):
        save_profile(clinic, replace(mapping, name=" "))


@pytest.mark.parametrize(("decimal", "wanted"), [(",", "1.234"), (".", "1234")])
def test_that_the_decimal_mark_that_a_person_names_settles_a_doubtful_number(decimal, wanted):
    rows = table_rows(b"MRN;Date;PLT(/uL)\n1;2026-03-11;1,234\n")
    parsed = parse_mapped(rows, replace(guess_mapping(rows), decimal=decimal), UTC)
    from neutromon.interop.understand import understand
    from tests.interop.tables import CODES

    (row,) = understand(parsed.sets[0], CODES, accept_names=True)
    assert row.value == {"1.234": "0.001234", "1234": "1.234"}[wanted]


def test_that_dates_in_columns_make_a_set_for_each_date(clinic):
    patient = add_patient(clinic, a_patient("0012")).value
    data = b"Test;Unit;11.03.2026;12.03.2026\nLeukozyten;G/l;3,5;2,9\nHb;g/dl;11,2;\n"
    preview = preview_table(clinic, data, patient_id=patient)
    assert (preview.mapping.layout, preview.total_sets) == (Layout.DATES, 2)
    mapping = replace(preview.mapping, roles={"testname": 0, "unit": 1})
    import_table(clinic, "a.csv", data, mapping, patient_id=patient)
    assert [len(sample.values) for sample in patient_history(clinic, patient).counts] == [2, 1]


def test_that_a_date_open_between_day_and_month_waits_until_its_order_is_named(clinic):
    data = WIDE.replace(b"2026-03-11", b"03/04/2026")
    preview = preview_table(clinic, data, options=CREATE)
    assert preview.sets[0].waits[0] == "DATE_AMBIGUOUS"
    settled = preview_table(clinic, data, replace(preview.mapping, date_order="mdy"), CREATE)
    assert (settled.sets[0].waits[0], settled.sets[0].own.collected) == ("UNIT_MISSING", "2026-03-04")  # the date waits no more


def test_that_a_fraction_column_becomes_per_cent():
    rows = table_rows(b"MRN;Date;NEUT%\n1;2026-03-11;0.584\n")
    parsed = parse_mapped(rows, replace(guess_mapping(rows), units={"neut%": "fraction"}), UTC)
    from neutromon.interop.understand import understand
    from tests.interop.tables import CODES

    (row,) = understand(parsed.sets[0], CODES, accept_names=True)
    assert (row.analyte, row.value, row.unit) == ("NEUT_PCT", "58.4", "%")


@pytest.mark.parametrize(
    "change",
    [
        {"roles": {"patient": 99}},
        {"roles": {"nonsense": 0}},
        {"decimal": "x"},
        {"date_order": "ymdd"},
        {"layout": Layout.LONG, "roles": {}},
    ],
)
def test_that_a_mapping_that_does_not_fit_is_refused(change):
    rows = table_rows(WIDE)
    with pytest.raises(UserError):
        parse_mapped(rows, replace(guess_mapping(rows), **change), UTC)


def test_that_what_is_no_table_is_refused():
    for data in (b"MSH|^~\\&|x\r", b'{"resourceType": "Bundle"}', b"one line, only\n"):
        with pytest.raises(UserError):
            guess_mapping(table_rows(data))


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_that_a_workbook_is_read_like_its_csv(clinic):
    header = ["MRN", "Last name", "First name", "DOB", "Date", "WBC (10^9/L)", "PLT (10^9/L)"]
    data = workbook([header, ["0012", "Example", "Testa", datetime(1960, 1, 31), datetime(2026, 3, 11, 8, 0), 3.5, 180]])
    report = import_bytes(clinic, "a.xlsx", data, CREATE)
    assert report.format == "xlsx"
    assert values_of(clinic) == {"wbc": ("3.5", "10*9/L"), "platelets": ("180", "10*9/L")}


def hostile(name: str, content: bytes) -> bytes:
    good = io.BytesIO(workbook([["a", "b"], ["1", "2"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()


FIRST, LAST = b'<row r="1"><c r="A1"><v>1</v></c></row>', b'<row r="1048576"><c r="XFD1048576"/></row>'
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (hostile("xl/media/bomb.bin", bytes(210 * 1024 * 1024)), "200 MB"),
        (hostile("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET % b""), "entities"),
        (
            hostile(
                "xl/worksheets/sheet1.xml", SHEET % b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>'
            ),
            "cells",
        ),
        (b"PK\x03\x04" + bytes(400), "cannot be read"),
        (hostile("x", b"")[:600], "cannot be read"),
    ],
    ids=["bomb", "entities", "vast", "no archive", "cut"],
)
def test_that_a_hostile_workbook_is_refused_with_its_reason(clinic, data, word):
    report = import_bytes(clinic, "a.xlsx", data, CREATE)
    assert report.sets[0].reason[0] == "MALFORMED"
    assert word in report.sets[0].reason[1]


PASTED = """Patient: EXAMPLE, Testa   born 31.01.1960
Collected: 2026-03-11 08:00
White blood cells      3.5   10^9/L   (4.0 - 10.0)  L
Neutrophils, absolute: 0,42 G/l
Haemoglobin  11.2 g/dL 12.0-16.0 *
Platelets <10 10*3/uL
Comment: few large platelets
Page 1 of 2
"""


def test_that_pasted_lines_become_rows_to_confirm_and_then_results(clinic):
    patient = add_patient(clinic, a_patient("0012")).value
    (preview,) = preview_pasted(clinic, PASTED, patient)
    rows = [(row.analyte, row.value, row.unit) for row in preview.rows if row.analyte != "OTHER"]
    assert rows == [("WBC", "3.5", "10*9/L"), ("ANC", "0.42", "10*9/L"), ("HGB", "112", "g/L"), ("PLT", "<10", "10*9/L")]
    report = store_pasted(clinic, PASTED, preview.own, patient)
    assert report.sets[0].outcome == "stored"
    assert values_of(clinic)["platelets"] == ("<10", "10*9/L")


def test_that_pasted_text_without_a_time_asks_for_it(clinic):
    patient = add_patient(clinic, a_patient("0012")).value
    text = "WBC 3.5 10^9/L"
    (preview,) = preview_pasted(clinic, text, patient)
    with pytest.raises(UserError, match="time"):
        store_pasted(clinic, text, preview.own, patient)
    when = datetime(2026, 3, 11, 8, tzinfo=UTC)
    store_pasted(clinic, text, replace(preview.own, collected_at=when, collected=when.isoformat()), patient)
    assert values_of(clinic) == {"wbc": ("3.5", "10*9/L")}


def test_that_prose_holds_no_result():
    parsed = parse_pasted("Dear colleague,\nthe patient feels well.\n", UTC)
    assert parsed.sets[0].ignored[0] == "NO_COUNTS"


def test_that_an_empty_mapping_reads_nothing_by_accident():
    assert TableMapping().layout is Layout.LONG


def test_that_a_column_called_name_is_the_patient_in_a_wide_table(clinic):
    data = b'MRN,Name,DOB,Date,WBC (10^9/L)\n0012,"Example, Testa",1960-01-31,2026-03-11,3.5\n'
    import_bytes(clinic, "a.csv", data, CREATE)
    patient = patient_history(clinic, patient_by_mrn(clinic, "0012")).patient
    assert (patient.family_name, patient.given_name) == ("Example", "Testa")


def test_that_a_wide_german_table_names_the_columns_that_it_leaves_out(clinic):
    data = (
        "Patientennummer;Name;Vorname;Geburtsdatum;Datum;Zeit;Leukozyten (G/l);Hämoglobin (g/dl);Bemerkung;Station\n"
        "W-1;Example;Testa;03.04.1961;24.11.2025;08:15;2,4;10,9;nüchtern;\n"
    ).encode()
    preview = preview_table(clinic, data)
    assert preview.unused == ("Bemerkung", "Station")
    assert {role: preview.mapping.header[place] for role, place in preview.mapping.roles.items()} == {
        "patient": "Patientennummer",
        "family": "Name",
        "given": "Vorname",
        "birth": "Geburtsdatum",
        "date": "Datum",
        "time": "Zeit",
    }
    assert preview.sets[0].own.collected.endswith("T08:15:00+00:00")


def test_that_a_doubtful_number_is_told_before_the_table_is_stored(clinic):
    add_patient(clinic, a_patient("W-1"))
    data = b"MRN;Name;Geburtsdatum;Datum;ANC (10^9/L);WBC (10^9/L)\nW-1;Example;31.01.1960;24.11.2025;1.250;3,25\n"
    assert preview_table(clinic, data).sets[0].waits == ("IMPLAUSIBLE_VALUE", "'1.250' may be a decimal or a thousand: say which.")


def test_that_a_column_called_name_whose_cells_are_tests_stays_theirs(clinic):
    preview = preview_table(clinic, b"MRN;Name;Datum;Gemessen\n1;Leukozyten;24.11.2025;3,5\n1;Thrombozyten;24.11.2025;180\n")
    assert preview.mapping.roles["testname"] == 1 and "name" not in preview.mapping.roles
