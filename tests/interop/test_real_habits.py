"""Habits of real senders, shown with made-up people: statuses of devices, times without a clock, control material, names."""

from datetime import UTC

import pytest

from neutromon.interop.hl7 import parse_hl7
from neutromon.interop.parse import parse
from neutromon.interop.understand import understand
from tests.interop.tables import CODES
from tests.interop.test_hl7 import HEAD, OBR, OBX, PID
from tests.interop.test_names_units import matched

DEVICE = "H|\\^&|||XN-1^00-01|||||||P|1\rP|1||T-0001||^Testa^Example||19600131|F\rO|1||^^  77^M|||||||N||||||||||||||F\r"


def rows_of(text):
    return [row for own in parse(text.encode(), UTC).sets for row in understand(own, CODES, accept_names=True)]


def collected(order):
    (own,) = parse_hl7(HEAD + PID + order + OBX, UTC).sets
    return own.collected


@pytest.mark.parametrize(("letter", "mark"), [("N", "STATUS_UNKNOWN"), ("Q", "STATUS_UNKNOWN"), ("W", "WARN_STATUS")])
def test_that_a_devices_own_status_letter_leaves_the_number_on_the_curve(letter, mark):
    (row,) = rows_of(f"{DEVICE}R|1|^^^^NEUT#^1|2.50|10*3/uL||W||{letter}||op||20260311080000\rL|1|N\r")
    assert (row.value, row.pending, row.withdrawn, row.marks) == ("2.5", False, False, (mark, "CODE_BY_NAME"))
    assert row.raw.status == letter


def test_that_an_unfinished_device_result_is_pending():
    (row,) = rows_of(f"{DEVICE}R|1|^^^^NEUT#^1|2.50|10*3/uL||W||I||op||20260311080000\rL|1|N\r")
    assert row.pending


def framed(record, number, end="\r"):
    body = f"{number}{record}\r\x03"
    return f"\x02{body.replace(chr(13), end)}{sum(body.encode()) % 256:02X}\r\n"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_that_a_frame_keeps_its_check_sum_when_a_program_changed_its_line_end(end):
    records = [*DEVICE.split("\r")[:3], "R|1|^^^^WBC^1|2.50|10*3/uL||W||F||op||20260311080000", "L|1|N"]
    rows = rows_of("\x05" + "".join(framed(record, number, end) for number, record in enumerate(records, 1)) + "\x04")
    assert [row.value for row in rows] == ["2.5"]


def test_that_another_byte_in_a_frame_still_breaks_it():
    text = framed(DEVICE.split("\r")[0], 1) + framed("R|1|^^^^WBC^1|2.50|10*3/uL", 2).replace("2.50", "9.50")
    assert parse(text.encode(), UTC).sets[0].problem[0] == "MALFORMED"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("20260311000000", "2026-03-11"),
        ("202603110000", "2026-03-11"),
        ("2026031100000000", "2026-03-11"),
        ("20260311000001", "2026-03-11T00:00:01+00:00"),
        ("2026031107301500", "2026-03-11T07:30:15+00:00"),
        ("20260311 0730", "2026-03-11T07:30:00+00:00"),
        ("20260311T073015", "2026-03-11T07:30:15+00:00"),
        ("20260311 07:30", "2026-03-11T07:30:00+00:00"),
    ],
)
def test_that_midnight_to_the_second_is_a_day_and_odd_clocks_are_read(sent, said):
    assert collected(OBR.replace("20260311080000", sent)) == said


@pytest.mark.parametrize("order", ["LQC", "00003^LJ QCR^99MRC", "QC^Quality Control", "CBC^Qualitätskontrolle"])
def test_that_an_order_for_quality_control_is_no_patients(order):
    (own,) = parse_hl7(HEAD + PID + OBR.replace("58410-2^CBC^LN", order) + OBX, UTC).sets
    assert own.ignored == ("NOT_PATIENT", "Control material, not a patient's specimen.")


@pytest.mark.parametrize(("role", "control"), [("Q", True), ("C", True), ("P", False), ("", False), ("R", False)])
def test_that_a_specimens_role_tells_control_material(role, control):
    (own,) = parse_hl7(HEAD + PID + OBR + f"SPM|1|||BLD|||||||{role}\r" + OBX, UTC).sets
    assert (own.ignored is not None) is control


def test_that_a_panel_for_the_control_of_a_disease_stays_the_patients():
    (own,) = parse_hl7(HEAD + PID + OBR.replace("58410-2^CBC^LN", "CTRL^Diabetes control CBC") + OBX, UTC).sets
    assert own.ignored is None


@pytest.mark.parametrize(
    ("name", "unit", "analyte"),
    [
        ("Neutrophil Percentage", "%", "NEUT_PCT"),
        ("Porcentaje de neutrófilos", "%", "NEUT_PCT"),
        ("Nötrofil Yüzdesi", "%", "NEUT_PCT"),
        ("Nötrofil Sayısı", "10^3/uL", "ANC"),
        ("Recuento de leucocitos", "10^3/uL", "WBC"),
        ("Numération leucocytaire", "G/L", "WBC"),
        ("Leucocytes totaux", "G/L", "WBC"),
        ("Contagem de plaquetas", "/mm3", "PLT"),
        ("Thrombozytenzahl", "G/l", "PLT"),
        ("Haemoglobin estimation", "g/L", "HGB"),
        ("Concentración de hemoglobina", "g/dL", "HGB"),
        ("Total white cell count", "10*9/L", "WBC"),
        ("Neutrófilos en banda", "%", "BAND_PCT"),
        ("Absolute Lymphocyte Count (ALC)", "10*9/L", "LYMPH"),
        ("Лейкоциты", "10^9/л", "WBC"),
        ("Нейтрофилы, абс.", "10^9/л", "ANC"),
        ("中性粒细胞百分比", "%", "NEUT_PCT"),
        ("血小板计数", "10^9/L", "PLT"),
        ("血红蛋白", "g/L", "HGB"),
    ],
)
def test_that_further_words_and_scripts_are_understood(name, unit, analyte):
    assert matched(name, unit).analyte == analyte


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("PLT-I", "10*3/uL"),
        ("PLT-O", "10*3/uL"),
        ("PLT-F", "10*3/uL"),
        ("HGB-O", "g/dL"),
        ("WBC-N", "10*3/uL"),
        ("NEUT#&E&", "10*3/uL"),
        ("NEUT#_RESEARCH", "10*3/uL"),
        ("Plasma hemoglobin", "g/L"),
        ("Neutrophil/Lymphocyte ratio", "%"),
        ("Hypersegmented neutrophils", "%"),
    ],
)
def test_that_channels_of_research_and_other_quantities_stay_off_the_curve(name, unit):
    assert matched(name, unit).analyte == "OTHER"


@pytest.mark.parametrize(
    ("code", "name", "value", "unit"),
    [
        ("751-8", "LYM#", "2.3", "10^9/L"),
        ("770-8", "LYM%", "23.9", "%"),
        ("5905-5", "GRA%", "68.2", "%"),
        ("742-7", "GRA#", "6.57", "10^9/L"),
        ("770-8", "LEUCOCITOS", "7500", "/uL"),
    ],
)
def test_that_a_code_of_one_cell_under_the_name_of_another_waits_for_a_person(code, name, value, unit):
    (row,) = rows_of(f"{HEAD}{PID}{OBR}OBX|1|NM|{code}^{name}^LN||{value}|{unit}|||||F\r")
    assert row.hold is not None
    assert row.hold[0] == "UNKNOWN_CODE"


@pytest.mark.parametrize(
    ("code", "name", "unit", "analyte"),
    [
        ("20482-6", "GRAN%", "%", "GRAN_PCT"),
        ("751-8", "Segmented neutrophils", "10*9/L", "ANC"),
        ("777-3", "Plättchen, maschinell", "10*9/L", "PLT"),
        ("005025^WBC^L^6690-2", "Leukocytes", "x10E3/uL", "WBC"),
    ],
)
def test_that_a_name_of_the_same_cell_agrees_with_its_code(code, name, unit, analyte):
    (row,) = rows_of(f"{HEAD}{PID}{OBR}OBX|1|NM|{code}^{name}^LN||7.5|{unit}|||||F\r")
    assert (row.analyte, row.value is not None, row.hold) == (analyte, True, None)


def test_that_a_name_under_the_code_of_red_cells_is_taken_with_a_mark():
    (row,) = rows_of(f"{HEAD}{PID}{OBR}OBX|1|NM|789-8^Thrombozyten^LN||245|10*9/L|||||F\r")
    assert (row.analyte, row.value, row.marks) == ("PLT", "245", ("CODE_UNIT_CONFLICT", "CODE_BY_NAME"))


@pytest.mark.parametrize(
    ("named", "codec", "family"),
    [
        ("CP1250", "cp1250", "Żółć"),
        ("8859/2", "iso8859_2", "Żółć"),
        ("WINDOWS-1251", "cp1251", "Пример"),
        ("GB 18030-2000", "gb18030", "样例"),
        ("8859/1", "cp1252", "Müller"),
        ("UNICODE UTF-8", "cp1252", "Müller"),
        ("CP1250", "utf-8", "Müller"),
    ],
)
def test_that_the_named_code_page_reads_a_name_where_the_bytes_are_no_utf_8(named, codec, family):
    head = f"MSH|^~\\&|LAB|H|EHR|C|20260311||ORU^R01|1|P|2.3|||AL|AL|PL|{named}|PL\r"
    text = f"{head}PID|1||4711^^^CLINIC||{family}^Example||19600131|F\r{OBR}{OBX}"
    parsed = parse(text.encode(codec), UTC)
    assert parsed.sets[0].family == family
    assert "CHARSET_UNCERTAIN" not in parsed.sets[0].marks


def test_that_a_code_page_that_the_bytes_contradict_is_not_taken():
    head = "MSH|^~\\&|LAB|H|EHR|C|20260311||ORU^R01|1|P|2.3|||AL|AL|PL|GB18030|PL\r"
    text = f"{head}PID|1||4711^^^CLINIC||Mü\xff^Example||19600131|F\r{OBR}{OBX}"
    assert parse(text.encode("latin-1"), UTC).sets[0].family == "Müÿ"


def test_that_a_log_with_spelled_control_bytes_is_read():
    records = [*DEVICE.split("\r")[:3], "R|1|^^^^WBC^1|2.50|10*3/uL||W||F||op||20260311080000", "L|1|N"]
    sent = "".join(framed(record, number) for number, record in enumerate(records, 1))
    names = {"\x02": "<STX>", "\x03": "<ETX>", "\r": "<CR>", "\n": "<LF>\n"}
    assert [row.value for row in rows_of("<ENQ>" + "".join(names.get(letter, letter) for letter in sent) + "<EOT>\n")] == ["2.5"]


def test_that_an_astm_header_without_separators_keeps_the_usual_ones():
    (own,) = parse(b"H|1|DEVICE||LIS|||P|1\rP|1|T-0001||Ex|Testa\rR|1|WBC^White cells|12.0|x10^3/uL|4.0-11.0|H\rL|1|N\r", UTC).sets
    assert (own.problem, own.results[0].value, own.results[0].codes[0][0]) == (None, "12.0", "WBC")


@pytest.mark.parametrize(
    ("code", "unit", "analyte"),
    [("NPU02593", "10*9/L", "WBC"), ("NPU02902", "10*9/L", "ANC"), ("NPU03568", "10*9/L", "PLT"), ("NPU02319", "mmol/L", "HGB")],
)
def test_that_nordic_codes_without_a_name_are_suggestions(code, unit, analyte):
    (row,) = rows_of(f"{HEAD}{PID}{OBR}OBX|1|NM|{code}^^NPU||6.5|{unit}|||||F\r")
    assert (row.analyte, row.marks) == (analyte, ("CODE_BY_NAME",))


@pytest.mark.parametrize("order", ["", "O|1\r", "O|1|||^^^CBC|R||20260311075500\r"])
def test_that_results_without_a_specimen_number_are_read(order):
    head = "H|\\^&|||XN-1^00-01|||||||P|1\rP|1|T-0001|||Testa^Example||19600131|F\r"
    rows = rows_of(f"{head}{order}R|1|^^^^WBC^1|2.50|10*3/uL||N||F||||20260311080000\rL|1|N\r")
    assert [(row.analyte, row.value) for row in rows] == [("WBC", "2.5")]


def test_that_a_comment_in_further_lines_of_a_value_leaves_the_number_on_the_curve():
    sent = "12.8\\.br\\This result could be due to\\.br\\clumped platelets."
    (row,) = rows_of(f"{HEAD}{PID}{OBR}OBX|1|NM|6690-2^WBC^LN||{sent}|x 10^9/l|4 - 10|H|||F\r")
    assert (row.value, row.marks) == ("12.8", ("SPECIMEN_COMMENT",))
    assert (row.raw.value or "").startswith("12.8\nThis result")


def test_that_two_numbers_in_two_lines_are_no_number():
    (row,) = rows_of(f"{HEAD}{PID}{OBR}OBX|1|NM|6690-2^WBC^LN||12.8\\.br\\13.1|x 10^9/l|4 - 10|H|||F\r")
    assert row.text_only


@pytest.mark.parametrize("text", [DEVICE.split("\r", 1)[1], f"{DEVICE}X|1|ANOTHER|KIND\r"])
def test_that_a_message_without_header_or_with_an_unknown_record_waits(text):
    (own,) = parse(f"{text}R|1|^^^^WBC^1|2.50|10*3/uL||N||F||||20260311080000\rL|1|N\r".encode(), UTC).sets
    assert own.problem is not None
    assert (own.problem[0], own.results[0].value) == ("MALFORMED", "2.50")


def test_that_a_control_byte_spelled_in_a_comment_changes_nothing():
    (own,) = parse(f"{HEAD.replace('|LAB|', '|LAB <CR>|')}{PID}{OBR}{OBX}".encode(), UTC).sets
    assert len(own.results) == 1


@pytest.mark.parametrize(("code", "name", "unit", "analyte"), [("751-8", "Gran#", "10*9/L", "GRAN"), ("770-8", "Gran%", "%", "GRAN_PCT")])
def test_that_granulocytes_of_a_device_that_tells_three_cells_never_pass_for_neutrophils(code, name, unit, analyte):
    (row,) = rows_of(HEAD + PID + OBR + f"OBX|1|NM|{code}^{name}^LN||4.45|{unit}|||||F\r")
    assert (row.analyte, row.hold, row.marks) == (analyte, None, ("AMBIGUOUS_GRAN",))


def test_that_cells_of_a_joint_are_no_blood_count():
    text = HEAD + PID + OBR + "OBX|1|TX|lcpg^Zellzahl^HT||0.4|Giga/l||*|||F\rOBX|2|TX|lcpop^Polynukleäre Zellen^HT||1.0|%|||||F\r"
    assert [row.analyte for row in rows_of(text)] == ["OTHER", "OTHER"]


@pytest.mark.parametrize(("code", "name"), [("26508-2", "Neutrophils/100 leukocytes in Blood by Manual count"), ("770-8", "Bands")])
def test_that_all_neutrophils_under_the_code_of_bands_are_asked_about(code, name):
    (row,) = rows_of(HEAD + PID + OBR + f"OBX|1|NM|{code}^{name}^LN||61|%|||||F\r")
    assert row.hold is not None
    assert row.hold[0] == "UNKNOWN_CODE"


@pytest.mark.parametrize("name", ["Neutrophils.band form/100 leukocytes", "Band Neutrophils", "Stabkernige"])
def test_that_bands_under_their_own_code_are_taken(name):
    (row,) = rows_of(HEAD + PID + OBR + f"OBX|1|NM|26508-2^{name}^LN||6|%|||||F\r")
    assert (row.analyte, row.hold) == ("BAND_PCT", None)
