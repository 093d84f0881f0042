"""HL7 v2: read like another library reads it where that can, and where it cannot; patients and specimens kept apart."""

from datetime import UTC
from pathlib import Path

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.interop.hl7 import parse_hl7
from neutromon.interop.hl7_reader import read, unescape
from neutromon.interop.parse import parse
from neutromon.interop.understand import understand
from tests.interop.tables import CODES

SAMPLES = Path(__file__).parent / "samples"
HEAD = "MSH|^~\\&|LAB|NORTH|NM|UNIT|20260311081500||ORU^R01|M1|P|2.5\r"
PID = "PID|1||T-0001^^^CLINIC||Example^Testa||19600131|F\r"
OBR = "OBR|1||F1|58410-2^CBC^LN|||20260311080000\r"
OBX = "OBX|1|NM|6690-2^WBC^LN||3.5|10*9/L|4.0-10.0|L|||F\r"


def rows_of(text):
    return [row for own in parse_hl7(text, UTC).sets for row in own.results]


def understood(text, **options):
    return [row for own in parse_hl7(text, UTC).sets for row in understand(own, CODES, accept_names=options.get("names", True))]


@given(st.lists(st.text(alphabet="abcXYZ019 .-/", max_size=8), min_size=1, max_size=6), st.integers(2, 9))
def test_that_fields_agree_with_another_library(values, place):
    segment = "|".join(["OBX", "1", *[""] * (place - 2), *values])
    text = HEAD + PID + OBR + segment + "\r"
    theirs = hl7.parse(text)
    (message,) = read(text)
    for number, own in enumerate(message.segments):
        for field in range(1, len(own.fields)):
            assert own.raw(field).strip() == str(theirs[number][field]).strip()


@given(st.text(alphabet="abc|^~\\& 1é", max_size=12))
def test_that_what_another_library_escapes_comes_back(text):
    message = hl7.parse(HEAD)
    escaped = message.escape(text)
    plain = unescape(escaped, "|^~\\&")
    assert plain == text


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\n", "\r\r\n"])
@pytest.mark.parametrize("before", ["", "\ufeff", "\x0b"])
def test_that_line_ends_marks_and_frames_change_nothing(end, before):
    whole = parse((HEAD + PID + OBR + OBX).encode(), UTC)
    changed = parse((before + (HEAD + PID + OBR + OBX).replace("\r", end)).encode(), UTC)
    assert changed.sets == whole.sets


def test_that_two_patients_in_one_file_stay_apart():
    second = HEAD.replace("M1", "M2") + PID.replace("T-0001", "T-0002") + OBR + OBX.replace("3.5", "1.1")
    sets = parse_hl7(HEAD + PID + OBR + OBX + second, UTC).sets
    assert [(own.identifiers[0].value, own.results[0].value) for own in sets] == [("T-0001", "3.5"), ("T-0002", "1.1")]


def test_that_two_patients_in_one_message_stay_apart():
    sets = parse_hl7(HEAD + PID + OBR + OBX + PID.replace("T-0001", "T-0002") + OBR + OBX, UTC).sets
    assert [own.identifiers[0].value for own in sets] == ["T-0001", "T-0002"]


def test_that_two_times_are_two_specimens():
    sets = parse_hl7(HEAD + PID + OBR + OBX + OBR.replace("08000", "18000") + OBX, UTC).sets
    assert [own.collected for own in sets] == ["2026-03-11T08:00:00+00:00", "2026-03-11T18:00:00+00:00"]


def test_that_a_wrapped_line_continues_the_segment_before():
    text = HEAD + PID + OBR + "OBX|1|FT|X^Text||a long\rHPF|||||F comment\r" + OBX.replace("OBX|1", "OBX|2")
    assert [row.value for row in rows_of(text)][1] == "3.5"


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("SN|777-3^PLT^LN||<^20|10*9/L", "<20"),
        ("SN|777-3^PLT^LN||^180|10*9/L", "180"),
        ("ST|777-3^PLT^LN||< 20|10*9/L", "<20"),
        ("NM|777-3^PLT^LN||180|10\\S\\9/L", "180"),
        ("NM|777-3^PLT^LN||180|10^9/L", "180"),
        ("NM|777-3^PLT^LN||≥180|10*9/L", ">=180"),
    ],
)
def test_that_values_and_units_are_read_however_they_are_written(field, wanted):
    (row,) = understood(HEAD + PID + OBR + f"OBX|1|{field}|||||F\r")
    assert (row.value, row.hold) == (wanted, None)


@pytest.mark.parametrize(
    ("field", "analyte", "text_only"),
    [
        ("NM|777-3^PLT^LN||Clumped|10*9/L|||||C", "PLT", True),
        ("NM|777-3^PLT^LN||folgt|10*9/L|||||P", "PLT", True),
        ('NM|777-3^PLT^LN||""|10*9/L|||||F', "PLT", True),
        ("NM|777-3^PLT^LN||180|10*9/L|||||X", "PLT", True),
    ],
)
def test_that_words_and_missing_values_are_never_zero(field, analyte, text_only):
    (row,) = understood(HEAD + PID + OBR + f"OBX|1|{field}\r")
    assert (row.analyte, row.text_only, row.value) == (analyte, text_only, None)


@pytest.mark.parametrize(
    ("order", "result", "wanted"),
    [
        ("OBR|1||F1|CBC|||20260311080000", OBX, "2026-03-11T08:00:00+00:00"),
        ("OBR|1||F1|CBC|||", OBX.rstrip("\r") + "|||20260311070000\r", "2026-03-11T07:00:00+00:00"),
        ("OBR|1||F1|CBC||20260310060000||||||||20260310090000", OBX.rstrip("\r") + "|||20260311070000\r", "2026-03-10T06:00:00+00:00"),
        ("OBR|1||F1|CBC|||20260311", OBX, "2026-03-11"),
        ("OBR|1||F1|CBC|||202603110800-0500", OBX, "2026-03-11T08:00:00-05:00"),
        ("OBR|1||F1|CBC|||2026-03-11T08:00:00+07:00", OBX, "2026-03-11T08:00:00+07:00"),
        ("OBR|1||F1|00001^Automated Count^99MRC||20260311070000|20260311080000", OBX, "2026-03-11T07:00:00+00:00"),
        ("OBR|1||F1|CBC|||", OBX, "2026-03-11T08:15:00+00:00"),
    ],
)
def test_that_the_specimens_time_is_found_where_it_stands(order, result, wanted):
    (own,) = parse_hl7(HEAD + PID + order + "\r" + result, UTC).sets
    assert own.collected == wanted


@pytest.mark.parametrize("words", ["Urine", "CSF", "Knochenmark", "Pleural fluid", "Stool"])
def test_that_what_is_no_blood_is_never_a_blood_count(words):
    (row,) = understood(HEAD + PID + OBR.replace("CBC", words) + OBX)
    assert row.ignore[0] == "NOT_BLOOD"


def test_that_g_csf_in_the_panel_is_no_cerebrospinal_fluid():
    (row,) = understood(HEAD + PID + OBR.replace("CBC", "CBC under G-CSF") + OBX)
    assert (row.ignore, row.value) == (None, "3.5")


@pytest.mark.parametrize(
    ("kind", "code"), [("ADT^A01", "MSG_TYPE_UNSUPPORTED"), ("ORU^R01", None), ("", None), ("OUL^R22", None), ("ORF^R04", None)]
)
def test_that_message_types_are_taken_or_kept_with_a_reason(kind, code):
    (own,) = parse_hl7(HEAD.replace("ORU^R01", kind) + PID + OBR + OBX, UTC).sets
    assert (own.ignored[0] if own.ignored else None) == code


def test_that_a_batch_is_read_message_by_message_in_its_encoding():
    parsed = parse((SAMPLES / "batch_cp1252.hl7").read_bytes(), UTC)
    assert [(own.family, own.identifiers[0].value) for own in parsed.sets] == [("Müster", "0012"), ("Exempel", "0013")]
    rows = [row for own in parsed.sets for row in understand(own, CODES, accept_names=True)]
    assert [(row.analyte, row.value) for row in rows] == [("WBC", "4.9"), ("NEUT_PCT", "54.5"), ("HGB", "131"), ("PLT", None)]


def test_that_xml_around_a_message_is_taken_off():
    text = f"<?xml version='1.0'?><message><![CDATA[{HEAD + PID + OBR + OBX}]]></message>"
    assert [row.value for row in rows_of(text)] == ["3.5"]


def test_that_a_header_without_its_fields_takes_no_other_message_with_it():
    assert [row.value for row in rows_of("MSH\r" + HEAD + PID + OBR + OBX)] == ["3.5"]


def test_that_a_field_of_ten_megabytes_is_kept_short_and_in_the_original_only():
    parsed = parse((HEAD + PID + OBR + "OBX|1|ED|PDF^Report||" + "A" * 10_000_000 + "||||||F\r" + OBX).encode(), UTC)
    values = [row.value for row in parsed.sets[0].results]
    assert len(values[0]) < 1200 and "10000000 characters" in values[0]
    assert values[1] == "3.5"


def test_that_results_without_a_message_header_wait_and_are_all_accounted_for():
    (own,) = parse((PID + OBR + OBX).encode(), UTC).sets
    assert own.problem is not None
    assert own.problem[0] == "MALFORMED"
    assert [row.value for row in own.results] == ["3.5"]
    assert own.identifiers[0].value == "T-0001"


def test_that_results_before_the_first_header_are_not_lost_and_go_to_nobody():
    lost = OBX.replace("3.5", "0.3")
    first, second = parse((lost + HEAD + PID + OBR + OBX).encode(), UTC).sets
    assert [row.value for row in first.results] == ["0.3"]
    assert first.problem is not None
    assert first.identifiers == ()
    assert ([row.value for row in second.results], second.problem) == (["3.5"], None)


@pytest.mark.parametrize("unit", ["pro GF", "pro Gesichtsfeld", "/HPF", "per field", "p/campo", "/champ"])
def test_that_cells_in_a_microscopes_field_are_no_blood_count(unit):
    (row,) = understood(HEAD + PID + OBR + f"OBX|1|NM|selc^Leukozyten||12|{unit}|||||F\r")
    assert row.ignore is not None
    assert row.ignore[0] == "NOT_BLOOD"
