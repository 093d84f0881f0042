"""Odd files of every format: what an independent reader of the reference expects of them, row by row."""

import json

import pytest

from neutromon.interop.units import COUNT, factor
from neutromon.interop.values import number
from neutromon.models.imports import ImportOptions
from neutromon.services.importing import import_bytes
from tests.services.importing.messages import a_message

CREATE = ImportOptions(create_patients=True, accept_names=True)
HEADER = "MRN,Last name,First name,DOB,Collected,WBC (10^9/L)\n"


def rows_of(clinic, data, options=CREATE):
    """Return, for each set, its patient number, its outcome or reason, and (analyte, value, disposition) of its rows."""
    report = import_bytes(clinic, "odd", data if isinstance(data, bytes) else data.encode(), options)
    return [
        (
            own.patient and own.patient.value,
            own.reason[0] if own.reason else own.outcome,
            [(r.analyte, r.value, r.disposition.value) for r in own.results],
        )
        for own in report.sets
    ]


def a_person(number):
    return {
        "resourceType": "Patient",
        "id": "pt",
        "identifier": [{"system": "urn:clinic", "value": number}],
        "name": [{"family": "Example", "given": ["Testa"]}],
        "birthDate": "1960-01-31",
    }


def a_white_count(value, **changes):
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "6690-2"}]},
        "subject": {"reference": "#pt"},
        "effectiveDateTime": "2026-03-11T08:00:00+01:00",
        "valueQuantity": {"value": value, "code": "10*9/L"},
    } | changes


def a_bundle(*resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource} for resource in resources]}


def test_that_contained_patients_of_one_id_are_never_mixed_up(clinic):
    own = [a_white_count(value, contained=[a_person(number)]) for number, value in (("A-1", 3.5), ("B-2", 4.5))]
    stored = [("WBC", "3.5", "stored")], [("WBC", "4.5", "stored")]
    assert rows_of(clinic, json.dumps(a_bundle(*own))) == [("A-1", "stored", stored[0]), ("B-2", "stored", stored[1])]


def test_that_an_id_which_two_patients_share_names_neither(clinic):
    bundle = [a_bundle(a_person("A-1")), a_bundle(a_person("B-2"), a_white_count(3.5, subject={"reference": "Patient/pt"}))]
    assert [reason for _, reason, _ in rows_of(clinic, json.dumps(bundle))] == ["UNRESOLVED_SUBJECT"]


def test_that_a_relative_reference_stays_on_its_own_server(clinic):
    entries = []
    for base, mrn, value in (("https://a.test", "A-1", 3.5), ("https://b.test", "B-2", 4.5)):
        entries.append({"fullUrl": f"{base}/Patient/pt", "resource": a_person(mrn)})
        entries.append({"fullUrl": f"{base}/Observation/o", "resource": a_white_count(value, subject={"reference": "Patient/pt"})})
    found = rows_of(clinic, json.dumps({"resourceType": "Bundle", "entry": entries}))
    assert [(mrn, rows[0][1]) for mrn, _, rows in found] == [("A-1", "3.5"), ("B-2", "4.5")]


def test_that_lines_of_resources_are_read_as_one_file(clinic):
    lines = "\n".join(json.dumps(r) for r in (a_person("A-1"), a_white_count(3.5, subject={"reference": "Patient/pt"})))
    assert rows_of(clinic, lines) == [("A-1", "stored", [("WBC", "3.5", "stored")])]


@pytest.mark.parametrize(
    "shape", [{"related": []}, {"comment": "x"}, {"triggeredBy": []}, {"meta": {"profile": ["http://hl7.org/fhir/5.0/X"]}}]
)
def test_that_another_version_of_fhir_is_named_and_kept(clinic, shape):
    assert rows_of(clinic, json.dumps(a_bundle(a_person("A-1"), a_white_count(3.5, **shape))))[0][1] == "VERSION_UNSUPPORTED"


def test_that_marrow_as_body_site_is_no_blood(clinic):
    own = a_white_count(3.5, subject={"reference": "Patient/pt"}, bodySite={"text": "Bone marrow"})
    assert rows_of(clinic, json.dumps(a_bundle(a_person("A-1"), own)))[0][2] == [("OTHER", None, "ignored")]


def test_that_other_separators_of_a_message_are_used_throughout(clinic):
    data = a_message().replace(b"^~\\&", b"%~\\&").replace(b"^", b"%")
    assert rows_of(clinic, data)[0][1] == "stored"


@pytest.mark.parametrize("event", [b"oru^r01", b"ORU_R01", b"ORU^"])
def test_that_the_message_type_is_read_as_senders_write_it(clinic, event):
    assert rows_of(clinic, a_message().replace(b"ORU^R01", event))[0][1] == "stored"


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (b"SN", b"=^3.5", "3.5"),
        (b"SN", b"<^0.1", "<0.1"),
        (b"ST", b"\\T\\lt;0.1", "<0.1"),
        (b"NM", b"3.", "3"),
        (b"CQ", b"3.5^10*9/L", "3.5"),
    ],
)
def test_that_a_number_is_read_in_every_value_type(clinic, kind, value, read):
    data = a_message().replace(b"OBX|1|NM|", b"OBX|1|" + kind + b"|").replace(b"||3.5|", b"||" + value + b"|")
    assert rows_of(clinic, data)[0][2][0] == ("WBC", read, "stored")


@pytest.mark.parametrize("material", ["BM", "STL", "PLR", "Sternalpunktat", "Aszites", "SPT", "Urine"])
def test_that_material_that_is_no_blood_is_ignored(clinic, material):
    data = a_message().replace(b"\rOBX|1", f"\rSPM|1|||{material}\rOBX|1".encode())
    assert {row[2] for row in rows_of(clinic, data)[0][2]} == {"ignored"}


def an_astm(order, mode="P"):
    lines = (
        f"H|\\^&|||LYZER^1|||||||{mode}|1|20260311090000",
        "P|1||A-1||Example^Testa||19600131|F",
        order,
        "R|1|^^^WBC|3.5|10*3/uL||||F",
        "L|1|N",
    )
    return "\r".join(lines) + "\r"


def test_that_an_astm_order_says_material_and_control(clinic):
    plain = "O|1|S1||^^^CBC|R|20260311075500|20260311080000"
    assert rows_of(clinic, an_astm(f"{plain}||||||||CSF"))[0][2] == [("OTHER", None, "ignored")]
    assert rows_of(clinic, an_astm(f"{plain}||||Q"))[0][1] == "NOT_PATIENT"
    assert rows_of(clinic, an_astm(plain, "T"))[0][1] == "TEST_MESSAGE"
    assert rows_of(clinic, an_astm(plain))[0][1] == "stored"


def test_that_an_annotation_with_a_number_is_never_dropped_from_a_unit():
    assert factor("{10*3}/uL", COUNT) is None
    assert factor("{cells}/uL", COUNT) == factor("cel/mm³", COUNT) == factor("/мкл", COUNT)


@pytest.mark.parametrize("unit", ["1E9/L", "10.e9/l", "10.e3/uL", "10^9 L^-1", "тыс/мкл", "10^9/л", "miles/mm3", "tis/µl"])
def test_that_further_spellings_of_count_units_are_known(unit):
    assert factor(unit, COUNT) == 1


def test_that_group_marks_are_told_from_decimal_marks():
    assert [number(text).value for text in ("4,500.0", "4.500,0")] == [4500, 4500]
    assert number("4,500").ambiguous


def test_that_a_clock_of_twelve_hours_is_understood(clinic):
    report = import_bytes(clinic, "a.csv", f"{HEADER}A-1,Example,Testa,1960-01-31,02/21/2026 2:30 PM,3.5\n".encode(), CREATE)
    assert report.sets[0].raw.collected == "2026-02-21T14:30:00+00:00"


def test_that_a_birth_date_is_read_in_the_order_of_its_column_or_not_at_all(clinic):
    row = "{},Example,Testa,{},2026-03-11 08:00,3.5\n"
    sets = import_bytes(clinic, "a.csv", (HEADER + row.format("A-1", "01/31/1960") + row.format("A-2", "02/03/1960")).encode(), CREATE).sets
    assert [str(own.raw.birth_date) for own in sets] == ["1960-01-31", "1960-02-03"]
    assert rows_of(clinic, HEADER + row.format("A-3", "02/03/1960"))[0][1] == "DOB_MISSING"


def test_that_a_row_of_units_and_a_row_of_groups_belong_to_the_header(clinic):
    text = (
        "Patient,,,,,Counts\nMRN,Last name,First name,DOB,Collected,WBC\n,,,,,10^9/L\nA-1,Example,Testa,1960-01-31,2026-03-11 08:00,3.5\n"
    )
    assert rows_of(clinic, text) == [("A-1", "stored", [("WBC", "3.5", "stored")])]


@pytest.mark.parametrize(
    "header",
    [
        "N° patient;Nom;Prénom;Date de naissance;Date de prélèvement;Analyse;Résultat;Unité",
        "NHC;Apellidos;Nombre;Fecha de nacimiento;Fecha;Prueba;Resultado;Unidad",
        "Hasta No;Soyadı;Adı;Doğum Tarihi;Tarih;Test;Sonuç;Birim",
        "Pat.-Nr.;Nachname;Vorname;Geburtsdatum;Entnahmedatum;Parameter;Ergebnis;Einheit",
        "Codice paziente;Cognome;Nome;Data di nascita;Data prelievo;Esame;Risultato;Unità",
    ],
)
def test_that_headers_of_other_languages_are_known(clinic, header):
    text = f"{header}\nA-1;Example;Testa;31.01.1960;21.02.2026;WBC;3,5;G/l\n"
    assert rows_of(clinic, text) == [("A-1", "stored", [("WBC", "3.5", "stored")])]


def test_that_a_loinc_code_as_header_is_the_code(clinic):
    text = "MRN,Last name,First name,DOB,Collected,6690-2 (10*9/L)\nA-1,Example,Testa,1960-01-31,2026-03-11 08:00,3.5\n"
    assert rows_of(clinic, text)[0][2] == [("WBC", "3.5", "stored")]


def test_that_a_table_without_any_count_does_not_wait_for_its_dates(clinic):
    prose = "Notes on samples, and on files\nNothing here, not a line, is a result.\nNor is this, at all.\n"
    assert {reason for _, reason, _ in rows_of(clinic, prose)} == {"NO_COUNTS"}


def test_that_a_table_with_a_count_and_no_date_waits(clinic):
    data = "MRN,Last name,First name,DOB,WBC (10^9/L)\nT-0001,Example,Testa,1960-01-31,3.5\n"
    assert [reason for _, reason, _ in rows_of(clinic, data)] == ["NO_TIME"]


def test_that_counts_under_columns_that_nobody_knows_wait_for_the_mapping(clinic):
    data = "who,thing,amount,measure\nT-0001,White Blood Cells,3.5,K/uL\n"
    assert [reason for _, reason, _ in rows_of(clinic, data)] == ["MALFORMED"]
