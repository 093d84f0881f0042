"""Tables as programs and people write them: named months, bars, dates in columns, shares, spreadsheets' days; nothing is guessed."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from neutromon.interop.dates import birth_date, date_order, row_time, with_number_month
from neutromon.interop.parse import parse
from neutromon.interop.pasted import parse_pasted
from neutromon.interop.sheets import sheet_rows
from neutromon.interop.understand import understand
from neutromon.interop.values import with_mark
from tests.interop.tables import CODES

LONG = "Patient ID,Last Name,First Name,Date of Birth,Date,Test,Result,Units\n"


def sets_of(data):
    return parse(data if isinstance(data, bytes) else data.encode(), UTC).sets


def read(data):
    return [(row.analyte, row.value, row.unit) for own in sets_of(data) for row in understand(own, CODES, accept_names=True)]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("12-Mar-2026", "2026-03-12"),
        ("12 MAR 2026", "2026-03-12"),
        ("12Mar2026", "2026-03-12"),
        ("Mar 12, 2026", "2026-03-12"),
        ("March 12 2026", "2026-03-12"),
        ("2026-Mar-12", "2026-03-12"),
        ("12. März 2026 08:30", "2026-03-12 08:30"),
        ("12 août 2026", "2026-08-12"),
        ("1 Ağustos 2026", "2026-08-01"),
        ("03-Dez-26", "2026-12-03"),
        ("12 Foo 2026", "12 Foo 2026"),
        ("12/03/2026", "12/03/2026"),
    ],
)
def test_that_a_named_month_needs_no_order_of_day_and_month(written, said):
    assert with_number_month(written) == said


@pytest.mark.parametrize(
    ("text", "order", "said", "code"),
    [
        ("12-Mar-2026 2:05 pm", None, "2026-03-12T14:05:00+00:00", None),
        ("03/04/2026", None, None, "DATE_AMBIGUOUS"),
        ("03/04/2026", "mdy", "2026-03-04", None),
        ("2026-03-04T08:15:00+02:00", None, "2026-03-04T08:15:00+02:00", None),
        ("2026-03-04 00:00:00", None, "2026-03-04", None),
        ("2026-03-04 00:00:00", "dmy", "2026-03-04", None),
        ("46093", None, None, "BAD_TIME"),
        ("46093.34375", None, None, "BAD_TIME"),
        ("yesterday", None, None, "BAD_TIME"),
        ("", None, None, "NO_TIME"),
    ],
)
def test_that_a_rows_time_is_read_or_asked_about(text, order, said, code):
    found, problem = row_time(text, "", UTC, order)
    assert problem[0] == code if code else problem is None
    assert code is not None or found.text == said


def test_that_a_spreadsheets_number_for_a_day_is_named_and_not_taken():
    found, problem = row_time("46093", "", UTC, None)
    assert found is None
    assert "2026-03-12" in problem[1]


@pytest.mark.parametrize(
    ("text", "order", "said"),
    [("02-Jan-1966", None, date(1966, 1, 2)), ("02-Jan-66", None, None), ("24109", None, None), ("1966-01-02", None, date(1966, 1, 2))],
)
def test_that_a_birth_date_is_complete_or_none(text, order, said):
    assert birth_date(text, order) == said


def test_that_a_named_month_does_not_settle_the_order_of_the_others():
    assert date_order(["12-Mar-2026", "03/04/2026"]) is None


def test_that_rows_of_one_day_in_several_spellings_are_read():
    rows = "A-2,Example,Testa,02-Jan-1966,12-Mar-2026,WBC,3.1,10*9/L\nA-2,Example,Testa,02-Jan-1966,12. März 2026 08:30,PLT,88,10*9/L\n"
    assert [own.collected for own in sets_of(LONG + rows)] == ["2026-03-12", "2026-03-12T08:30:00+00:00"]


@pytest.mark.parametrize("text", ["a|b|c\n{rows}", "|a|b|c|\n|---|:--:|--:|\n{rows}"])
def test_that_a_table_between_bars_is_a_table(text):
    head, body = "MRN|Collected|WBC (10*9/L)", "A-1|2026-03-04|3.1"
    barred = text.startswith("|")
    written = text.replace("a|b|c", head).format(rows=f"|{body}|" if barred else body)
    assert read(written) == [("WBC", "3.1", "10*9/L")]


@pytest.mark.parametrize("text", ["PID|1||T-0001\nOBX|1|NM|6690-2\n", "OBX|1|NM|WBC||3.5\nOBX|2|NM|PLT||150\n"])
def test_that_a_message_without_its_first_segment_is_no_table(text):
    assert [own.problem[0] for own in sets_of(text)] == ["MALFORMED"]


def test_that_dates_in_columns_are_read_without_a_profile():
    header = "Category,Test,Unit,Reference,2025-01-03,04-Mar-2025\n"
    text = f"{header}BLOOD,White blood cell,10^3/uL,4.0-10,7.4,\nBLOOD,Neutrophils,%,40-74,62.6,74.4\n"
    found = sets_of(text)
    assert [own.collected for own in found] == ["2025-01-03", "2025-03-04"]
    assert read(text) == [("WBC", "7.4", "10*9/L"), ("NEUT_PCT", "62.6", "%"), ("NEUT_PCT", "74.4", "%")]
    assert found[0].results[0].range == "4.0-10"


def test_that_headers_in_one_word_and_the_closer_name_are_found():
    header = "SampleID,PatientID,CollectionDate,TestCode,ParameterCode,ParameterName,Result,Unit,RefLow,RefHigh\n"
    text = f"{header}S1,P-7,2026-03-04,CBC,NEU#,Neutrophils Absolute,1.2,10^3/µL,1.8,7.7\n"
    (own,) = sets_of(text)
    assert (own.specimen, own.identifiers[0].value, own.collected) == ("S1", "P-7", "2026-03-04")
    assert (own.results[0].range, read(text)) == ("1.8-7.7", [("ANC", "1.2", "10*9/L")])


@pytest.mark.parametrize(
    ("value", "unit", "found"),
    [
        ("58.4%", "", ("NEUT_PCT", "58.4", "%")),
        ("58,4 %", "%", ("NEUT_PCT", "58.4", "%")),
        ("<5%", "", ("NEUT_PCT", "<5", "%")),
        ("58.4%", "10*9/L", ("ANC", None, None)),
    ],
)
def test_that_a_number_may_carry_its_per_cent_sign(value, unit, found):
    (own,) = sets_of(f'{LONG}A-2,Example,Testa,1966-01-02,2026-03-04,Neutrophils,"{value}",{unit}\n')
    (row,) = understand(own, CODES, accept_names=True)
    assert ((row.analyte, row.value, row.unit), row.raw.value) == (found, value)


def a_workbook(shown="0.0%", header="Neutrophils (%)", title="Blood & more"):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(["Patient ID", "Date", "WBC (10*9/L)", header])
    sheet.append(["0012", datetime(2026, 3, 4, 8, 15), 3.1, 0.584])  # noqa: DTZ001 - a cell has no zone
    sheet["D2"].number_format = shown
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("header", ["Neutrophils (%)", "Neutrophils"])
@pytest.mark.parametrize("shown", ["0%", "0.0%", "0.00%", '0.0" "%'])
def test_that_a_cell_shown_as_per_cent_is_per_cent(shown, header):
    assert read(a_workbook(shown, header)) == [("WBC", "3.1", "10*9/L"), ("NEUT_PCT", "58.4", "%")]


def test_that_a_cell_without_that_format_stays_as_it_is():
    assert sheet_rows(a_workbook("0.000"))[1][3] == "0.584"


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_that_broken_parts_of_a_workbook_are_refused_or_read(part):
    import zipfile

    whole, stream = zipfile.ZipFile(io.BytesIO(a_workbook())), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"<half" if name == part else whole.read(name))
    assert sets_of(stream.getvalue())


def test_that_pasted_lines_give_up_bars_arrows_and_flags():
    lines = ("Collected 12-Mar-2026", "| Platelet Count | 93 | K/uL | 150-400 |", "LYMPHOCYTES 13.3 ▼ (L) % 20 - 40")
    text = "\n".join((*lines, "RECUENTO DE PLAQUETAS h 424 10^3/uL"))
    (own,) = parse_pasted(text, UTC).sets
    assert own.collected == "2026-03-12"
    found = [(row.codes[0][0], row.value, row.unit, row.flag) for row in own.results]
    assert found == [
        ("Platelet Count", "93", "K/uL", ""),
        ("LYMPHOCYTES", "13.3", "%", "▼"),
        ("RECUENTO DE PLAQUETAS", "424", "10^3/uL", "h"),
    ]


def test_that_the_lines_of_an_analyser_in_a_format_of_its_own_are_no_table():
    (own,) = sets_of("EMD22XX;1;0001\rSID;42\rWBC;6.9 ;*;;3.7 ;10.1\rEND_RESULT;6498\r")
    assert own.problem is not None
    assert own.problem[1].startswith("A result of a CELL-DYN Emerald")


def test_that_prose_under_a_heading_is_no_table():
    (own,) = sets_of("# A heading\n\nWords, and more words, follow here.\nNothing, truly, is a result.\n")
    assert own.ignored is not None
    assert own.ignored[0] == "NO_COUNTS"


def test_that_a_bare_name_beside_a_test_is_the_patients():
    (own,) = sets_of("MRN,Name,DOB,Code,Test,Value,Unit,Collected\nT-1,Example Testa,1960-01-31,718-7,Hemoglobin,9.2,g/dL,2026-03-01\n")
    assert (own.family, own.results[0].texts[0]) == ("Example", "Hemoglobin")


@pytest.mark.parametrize(
    "text",
    [
        "subject_id,itemid,charttime,value,valueuom,ref_range_lower,label,fluid\n"
        "7,51301,2026-03-01 11:51:00,3.0,K/uL,4.0,White Blood Cells,Blood\n",
        "USUBJID,LBTESTCD,LBTEST,LBORRES,LBORRESU,LBORNRLO,LBDTC\n7,WBC,Leukocytes,3.0,10^3/uL,4.0,2026-03-01T11:51\n",
        "person_id,measurement_date,measurement_datetime,value_as_number,unit_source_value,measurement_source_value\n"
        "7,2026-03-01,2026-03-01 11:51:00,3.0,10*3/uL,6690-2\n",
        "patient_id,test_date,test_name,test_value,unit,is_abnormal\n7,2026-03-01 11:51,WBC,3.0,x10³/µL,TRUE\n",
        "patientunitstayid,charttime,labname,labresult,labmeasurenamesystem\n7,2026-03-01 11:51,WBC x 1000,3.0,K/mcL\n",
    ],
)
def test_that_the_columns_of_research_tables_are_known(text):
    (own,) = sets_of(text)
    assert [i.value for i in own.identifiers] == ["7"]
    assert (own.collected or "")[:16] == "2026-03-01T11:51"
    assert read(text) == [("WBC", "3", "10*9/L")]


@pytest.mark.parametrize(("value", "read_as"), [("3.4 K/uL", "3.4"), ("<0.5 x10^9/L", "<0.5"), ("3.4 a lot/day", None)])
def test_that_a_known_unit_behind_the_number_is_its_unit(value, read_as):
    assert read(f"{LONG}T-1,Example,Testa,1960-01-31,2026-03-01,WBC,{value},\n")[0][1] == read_as


def test_that_a_long_table_without_units_takes_them_from_its_names():
    head = "USUBJID,ADT,PARAMCAT,PARAM,AVAL,ANRLO,ANRHI\n"
    text = head + "7,2015-05-21,Blood,Platelet count (x 109/L),73.9,150,350\n7,2015-05-21,Blood,WBC count (x 109 cells/L),5.3,4.5,11\n"
    assert read(text) == [("PLT", "73.9", "10*9/L"), ("WBC", "5.3", "10*9/L")]


PORTAL = (
    "Patient,MRN,DOB,Test,Collected,Component,Your Value,Standard Range,Flag\n"
    '"Example, Testa",T-77,01/31/1960,CBC,03/25/2026 8:12 AM,WBC,3.9 K/uL,4.0 - 11.0 K/uL,L\n'
    '"Example, Testa",T-77,01/31/1960,CBC,03/25/2026 8:12 AM,Neutrophils Absolute,1.2 K/uL,1.8 - 7.7 K/uL,L\n'
    '"Example, Testa",T-77,01/31/1960,CBC,03/25/2026 8:12 AM,Hemoglobin,10.1 g/dL,12.0 - 16.0 g/dL,L\n'
)


def test_that_a_patient_portals_table_is_read_with_the_patients_number_and_the_panel_apart():
    (own,) = sets_of(PORTAL)
    assert (own.identifiers[0].value, own.family, own.given, str(own.birth_date)) == ("T-77", "Example", "Testa", "1960-01-31")
    assert own.collected == "2026-03-25T08:12:00+00:00"
    assert [row.codes for row in own.results] == [((name, ""),) for name in ("WBC", "Neutrophils Absolute", "Hemoglobin")]
    assert {row.context for row in own.results} == {"CBC"}
    assert (own.results[0].flag, own.results[0].range) == ("L", "4.0 - 11.0 K/uL")
    read = understand(own, CODES, accept_names=True)
    assert [(row.analyte, row.value) for row in read] == [("WBC", "3.9"), ("ANC", "1.2"), ("HGB", "101")]


def test_that_a_column_of_codes_with_a_code_for_each_name_stays_one():
    (own,) = sets_of("MRN,Date,Test Code,Component,Result,Unit\nT-1,2026-03-25,W1,WBC,3.9,K/uL\nT-1,2026-03-25,P1,PLT,200,K/uL\n")
    assert [row.codes[0][0] for row in own.results] == ["W1", "P1"]


def test_that_a_table_whose_values_stand_under_an_unknown_header_keeps_every_cell_to_be_asked_about():
    (own,) = sets_of("Number,Component,Boo\nT-1,WBC,3.9 K/uL\n")
    assert {"WBC", "3.9 K/uL"} <= {row.value for row in own.results}


GERMAN = (
    "Patientennummer;Name;Vorname;Geburtsdatum;Datum;{clock};Leukozyten (G/l);Neutrophile abs. (G/l);Thrombozyten (G/l);Hämoglobin (g/dl)\n"
    "W-1;Example;Testa;03.04.1961;24.11.2026;08:15;2,4;0,85;112;10,9\n"
    "W-2;Placeholder;Ali;09.11.1955;25.11.2026;09:00;3,25;1.250;150;11,2\n"
)


@pytest.mark.parametrize("clock", ["Zeit", "Uhrzeit", "Time", "Entnahmezeit", "Heure"])
def test_that_a_wide_german_table_gives_time_and_both_names(clock):
    first, second = sets_of(GERMAN.format(clock=clock))
    assert (first.family, first.given, first.birth_date) == ("Example", "Testa", date(1961, 4, 3))
    assert (first.collected_at.hour, first.collected_at.minute, first.day_only) == (8, 15, False)
    assert [row.texts[0] for row in second.results] == ["Leukozyten", "Neutrophile abs.", "Thrombozyten", "Hämoglobin"]


def test_that_a_point_among_decimal_commas_is_asked_about():
    first, second = sets_of(GERMAN.format(clock="Zeit"))
    wbc, anc, plt, hgb = understand(second, CODES, accept_names=True)
    assert [row.value for row in (wbc, anc, plt, hgb)] == ["3.25", None, "150", "112"]
    assert anc.hold == ("IMPLAUSIBLE_VALUE", "'1.250' may be a decimal or a thousand: say which.")
    assert [row.value for row in understand(first, CODES, accept_names=True)] == ["2.4", "0.85", "112", "109"]


def test_that_the_commas_of_other_rows_make_a_point_doubtful():
    text = "MRN;Datum;Neutrophile (G/l)\n1;24.11.2026;0,85\n2;24.11.2026;1.250\n3;24.11.2026;0.850\n"
    read = [understand(own, CODES, accept_names=True)[0] for own in sets_of(text)]
    assert [(row.value, row.hold is None) for row in read] == [("0.85", True), (None, False), ("0.85", True)]


def test_that_a_comma_among_decimal_points_is_asked_about():
    text = 'MRN,Date,ANC (10^9/L)\n1,2026-11-24,0.85\n2,2026-11-24,"1,250"\n'
    read = [understand(own, CODES, accept_names=True)[0] for own in sets_of(text)]
    assert [row.value for row in read] == ["0.85", None]


@pytest.mark.parametrize(
    ("text", "mark", "said"),
    [
        ("1.250", ",", "1250"),
        ("1.250", ".", "1.25"),
        ("1,250", ",", "1.25"),
        ("1,250", ".", "1250"),
        ("<1.250", ",", "<1250"),
        ("3,5", ".", "3.5"),
        ("4.2", ",", "4.2"),
        ("1,234.5", ".", "1234.5"),
        ("1.234,5", ",", "1234.5"),
    ],
)
def test_that_a_mark_that_a_person_names_tells_decimals_from_groups(text, mark, said):
    assert with_mark(text, mark).text(Decimal(1)) == said
