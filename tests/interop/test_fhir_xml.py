"""FHIR as XML is read as its JSON is; what hides entities or is cut off waits with its reason."""

from datetime import UTC

import pytest

from neutromon.interop.parse import parse
from neutromon.services.importing.complete import is_complete

SITE = UTC

HEAD = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!-- made up -->\n<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>'
PATIENT = (
    '<entry><fullUrl value="urn:uuid:1"/><resource><Patient><id value="p1"/>'
    '<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>seen <b>777-3</b></p></div></text>'
    '<identifier><value value="T-77"/></identifier><name><family value="Exämple"/><given value="Testa"/></name>'
    '<birthDate value="1960-01-31"/></Patient></resource></entry>'
)
REPORT = (
    "<entry><resource><DiagnosticReport><contained><Specimen>"
    '<id value="s1"/><type><text value="Blood"/></type></Specimen></contained><status value="final"/><code><text value="CBC"/></code>'
    '<subject><reference value="Patient/p1"/></subject><effectiveDateTime value="2026-03-11T08:00:00+01:00"/>'
    '<result><reference value="Observation/o1"/></result><result><reference value="Observation/o2"/></result>'
    "</DiagnosticReport></resource></entry>"
)


def observation(number, code, value, unit, more=""):
    return (
        f'<entry><resource><Observation><id value="{number}"/><status value="final"/><code><coding><system value="http://loinc.org"/>'
        f'<code value="{code}"/><display value="A name"><extension url="t"><valueString value="q"/></extension></display></coding></code>'
        f'<valueQuantity><value value="{value}"/><code value="{unit}"/></valueQuantity>{more}</Observation></resource></entry>'
    )


RANGE = '<referenceRange><low><value value="11.8"/></low><high><value value="14.8"/></high></referenceRange>'
FLAG = '<interpretation><coding><code value="L"/></coding></interpretation>'
WHOLE = HEAD + PATIENT + REPORT + observation("o1", "718-7", "8.10", "g/dL", FLAG + RANGE) + observation("o2", "751-8", "0.40", "10*9/L")
WHOLE += "\n</Bundle>\n"


def test_that_a_bundle_in_xml_gives_the_patient_the_time_and_every_value_with_its_digits():
    parsed = parse(WHOLE.encode(), SITE)
    (own,) = parsed.sets
    assert parsed.format == "fhir"
    assert (own.identifiers[0].value, own.family, own.given, str(own.birth_date)) == ("T-77", "Exämple", "Testa", "1960-01-31")
    assert own.collected == "2026-03-11T08:00:00+01:00"
    assert [(row.codes[0][0], row.value, row.unit) for row in own.results] == [("718-7", "8.10", "g/dL"), ("751-8", "0.40", "10*9/L")]
    assert (own.results[0].flag, own.results[0].range) == ("L", "11.8-14.8")


def test_that_elements_with_a_prefix_are_the_same():
    text = WHOLE.replace("<!-- made up -->", "").replace('xmlns="http://hl7.org/fhir"', 'xmlns:f="http://hl7.org/fhir"')
    for name in ("Bundle", "entry", "resource", "Patient", "identifier", "value", "family", "name", "birthDate", "Observation", "code"):
        text = text.replace(f"<{name}>", f"<f:{name}>").replace(f"</{name}>", f"</f:{name}>").replace(f"<{name} ", f"<f:{name} ")
    (own,) = parse(text.encode(), SITE).sets
    assert [row.value for row in own.results] == ["8.10", "0.40"]


def test_that_xml_that_was_cut_off_waits_as_such():
    (own,) = parse(WHOLE[:900].encode(), SITE).sets
    assert own.problem == ("TRUNCATED", "The file is not complete JSON or XML.")


def test_that_broken_xml_is_malformed():
    (own,) = parse(WHOLE.replace("</name>", "</nam>").encode(), SITE).sets
    assert own.problem is not None
    assert own.problem[0] == "MALFORMED"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WHOLE.replace("<!-- made up -->", '<!DOCTYPE b [<!ENTITY x "y">]>'), "document type"),
        (HEAD + "<a>" * 200 + "</a>" * 200 + "</Bundle>", "nested too deeply"),
    ],
)
def test_that_hostile_xml_is_refused_with_its_reason(text, words):
    (own,) = parse(text.encode(), SITE).sets
    assert own.problem is not None
    assert words in own.problem[1]


def test_that_a_file_in_xml_is_complete_when_its_outermost_element_is_closed():
    assert is_complete(WHOLE.encode())
    assert not is_complete(WHOLE[:-12].encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"></ClinicalDocument>', "A clinical document (CDA)"),
        (b"%PDF-1.4\nWBC, 3.5", "A PDF"),
        (b"\x89PNG\r\n\x1a\n", "A picture"),
        (b"<html><body>WBC 3.5</body></html>", "A formatted text"),
        (rb"{\rtf1 WBC, 3.5}", "A formatted text"),
        (b"<made-up/>", "The file is of no known format"),
    ],
)
def test_that_a_format_that_is_not_read_is_named(data, words):
    (own,) = parse(data, SITE).sets
    assert own.problem is not None
    assert own.problem[1].startswith(words)
