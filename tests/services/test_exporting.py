"""What goes out: accepted by validators that are not ours, safe in a spreadsheet, and the same facts when it comes back."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from neutromon.models.errors import UserError
from neutromon.models.history import PatientHistory
from neutromon.models.imports import ImportOptions, ImportReport
from neutromon.services.bulk import load_histories
from neutromon.services.exporting import export_text
from neutromon.services.importing import import_bytes, import_document
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session
from tests.builders import a_count, a_growth_factor, a_history, a_nadir_history, a_patient, an_antibiotic
from tests.interop.histories import histories
from tests.services.importing.messages import a_message
from tests.stores import make_store, open_at

CREATE = ImportOptions(create_patients=True)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    first, second = open_at(make_store(folder, "one")), open_at(make_store(folder, "two"))
    yield first, second
    close_session(first)
    close_session(second)


@pytest.fixture
def clinic(tmp_path):
    session = open_at(make_store(tmp_path))
    yield session
    close_session(session)


def chart(session: Session, mrn: str) -> str:
    return export_text(session, mrn=mrn, form="chart")


def renamed(history: PatientHistory, mrn: str) -> PatientHistory:
    identifier = replace(history.patient.identifier, value=mrn)
    others = tuple(replace(other, value=f"{mrn}-{other.value}") for other in history.patient.other_identifiers)
    return replace(history, patient=replace(history.patient, identifier=identifier, other_identifiers=others))


@given(history=histories)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large])
def test_that_fhir_out_of_one_store_into_another_gives_the_same_chart_file(two, history):
    one, other = two
    mrn = f"R{one.ids()}"
    load_histories(one, [renamed(history, mrn)])
    bundle = export_text(one, mrn=mrn, form="fhir")
    import_bytes(other, "bundle.json", bundle.encode(), CREATE)
    assert json.loads(chart(other, mrn)) == json.loads(chart(one, mrn))


@given(history=histories)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large])
def test_that_an_export_that_comes_back_into_its_own_store_adds_nothing(two, history):
    one, _ = two
    mrn = f"S{one.ids()}"
    (patient,) = load_histories(one, [renamed(history, mrn)])
    before = len(one.store.facts_of(patient))
    for form in ("fhir", "chart"):
        import_bytes(one, form, export_text(one, mrn=mrn, form=form).encode(), CREATE)
    assert len(one.store.facts_of(patient)) == before


@given(history=histories)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large])
def test_that_two_validators_accept_every_bundle(two, history):
    one, _ = two
    mrn = f"V{one.ids()}"
    load_histories(one, [renamed(history, mrn)])
    accepted(export_text(one, mrn=mrn, form="fhir"))


def accepted(text: str) -> None:
    import fhirkit
    from fhir.resources.R4B.bundle import Bundle

    Bundle.model_validate_json(text)
    problems = [issue for issue in fhirkit.validate(text) if issue.severity in {"error", "fatal"}]
    assert not problems


def a_full_history() -> PatientHistory:
    history = a_nadir_history(a_patient("T-0001"))
    low = a_count("<0.1", wbc="0.9", plt="18", hb="7.9", collected=history.counts[0].collected_at.replace(year=2025), method="manual")
    return replace(history, counts=(low, *history.counts), growth_factors=(a_growth_factor(),), antibiotics=(an_antibiotic(),))


def test_that_digits_comparators_and_codes_go_out_as_they_are(clinic):
    load_histories(clinic, [a_full_history()])
    text = export_text(clinic, mrn="T-0001", form="fhir")
    accepted(text)
    resources = [entry["resource"] for entry in json.loads(text, parse_float=str)["entry"]]
    manual = [r for r in resources if r["resourceType"] == "Observation" and r.get("method") and r["code"]["coding"][0]["code"] == "753-4"]
    assert manual[0]["valueQuantity"] == {
        "value": "0.1",
        "comparator": "<",
        "unit": "×10⁹/L",
        "system": "http://unitsofmeasure.org",
        "code": "10*9/L",
    }
    assert manual[0]["interpretation"][0]["coding"][0]["code"] == "LL"
    given_drug = next(r for r in resources if r["resourceType"] == "MedicationAdministration")
    assert given_drug["medicationCodeableConcept"]["coding"][0]["code"] == "L03AA13"
    assert given_drug["dosage"]["dose"]["code"] == "mg"


FLAGGED = (
    b"MSH|^~\\&|LAB|NORTH|NM|UNIT|20260311081500||ORU^R01|M1|P|2.5\rPID|1||T-0001^^^CLINIC||Example^Testa||19600131|F\r"
    b"OBR|1||F1|58410-2^CBC^LN|||20260311080000\r"
    b"OBX|1|NM|751-8^ANC^LN||420|/uL|1800-7500|LL^very low^L|||F\rOBX|2|NM|718-7^HB^LN||8.1|g/dL|>11.8|*|||F\r"
    b"OBX|3|NM|777-3^PLT^LN||180|10*9/L||see note|||F\r"
)


def test_that_the_laboratorys_flag_and_range_are_kept_and_go_out_as_sent(clinic):
    import_bytes(clinic, "a.hl7", FLAGGED, ImportOptions(create_patients=True))
    text = export_text(clinic, mrn="T-0001", form="fhir")
    accepted(text)
    resources = [entry["resource"] for entry in json.loads(text, parse_float=str, parse_int=str)["entry"]]
    anc, hb, plt = (
        next(r for r in resources if r["resourceType"] == "Observation" and r["code"]["coding"][0]["code"] == code)
        for code in ("26499-4", "718-7", "26515-7")
    )
    assert anc["interpretation"][0]["text"] == "LL^very low^L"
    assert [coding["code"] for coding in anc["interpretation"][0]["coding"]] == ["LL"]
    (span,) = anc["referenceRange"]
    assert (span["low"]["value"], span["high"]["value"], span["high"]["code"]) == ("1.8", "7.5", "10*9/L")
    assert span["text"] == "1800-7500 /uL"
    assert [coding["code"] for coding in hb["interpretation"][0]["coding"]] == ["A"]
    assert (hb["referenceRange"][0]["low"]["value"], hb["referenceRange"][0].get("high")) == ("118", None)
    assert plt["interpretation"] == [{"text": "see note"}]
    assert "referenceRange" not in plt


def test_that_flag_and_range_stand_in_the_tidy_table(clinic):
    import_bytes(clinic, "a.hl7", FLAGGED, ImportOptions(create_patients=True))
    rows = {
        row["analyte"]: row for row in csv.DictReader(io.StringIO(export_text(clinic, mrn="T-0001", form="csv").removeprefix("\ufeff")))
    }
    assert [rows["neutrophils"][name] for name in ("flag_source", "ref_low", "ref_high")] == ["LL^very low^L", "1.8", "7.5"]
    assert [rows["hemoglobin"][name] for name in ("flag_source", "ref_low", "ref_high")] == ["*", "118", ""]


def test_that_a_grade_of_ours_is_never_passed_off_as_a_laboratorys_flag(clinic):
    load_histories(clinic, [a_full_history()])
    text = export_text(clinic, mrn="T-0001", form="fhir")
    graded = [entry["resource"] for entry in json.loads(text)["entry"] if "interpretation" in entry["resource"]]
    assert {resource["interpretation"][0]["text"] for resource in graded} == {"graded by NeutroMon (CTCAE), not flagged by the laboratory"}


def test_that_a_second_export_equals_the_first_apart_from_its_name(clinic):
    load_histories(clinic, [a_full_history()])
    first, second = (json.loads(export_text(clinic, mrn="T-0001", form="fhir")) for _ in range(2))
    assert first["entry"] == second["entry"]
    assert first["identifier"] != second["identifier"]


def test_that_a_report_travels_as_a_document(clinic):
    (patient,) = load_histories(clinic, [a_full_history()])
    text = export_text(clinic, mrn="T-0001", form="fhir", reports={patient: [("Trend", "application/pdf", b"%PDF-1.7")]})
    accepted(text)
    assert "application/pdf" in text


def test_that_the_whole_clinic_comes_back_from_each_format(clinic, tmp_path):
    load_histories(clinic, [a_full_history(), a_history(a_patient("T-0002", family="Other"))])
    for form in ("fhir", "chart"):
        other = open_at(make_store(tmp_path, form))
        report = import_bytes(other, form, export_text(clinic, mrn=None, form=form).encode(), CREATE)
        assert {chart(other, "T-0001"), chart(other, "T-0002")} == {chart(clinic, "T-0001"), chart(clinic, "T-0002")}
        assert import_document(ImportReport(files=(report,)))["totals"]["held"] == 0
        close_session(other)


def test_that_a_chart_of_an_unknown_patient_waits_without_leave_to_create(clinic, tmp_path):
    load_histories(clinic, [a_full_history()])
    other = open_at(make_store(tmp_path, "other"))
    report = import_bytes(other, "chart", export_text(clinic, mrn="T-0001", form="chart").encode())
    assert {own.reason[0] for own in report.sets} == {"UNKNOWN_PATIENT"}
    close_session(other)


def test_that_csv_starts_with_a_byte_order_mark_and_keeps_numbers_bare(clinic):
    load_histories(clinic, [a_full_history()])
    text = export_text(clinic, mrn="T-0001", form="csv")
    assert text.startswith("\ufeffpatient_key,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    lowest = next(row for row in rows if row["comparator"] == "<")
    assert (lowest["value"], lowest["unit"], lowest["method"]) == ("0.1", "10*9/L", "manual")
    assert {row["cycle"] for row in rows} >= {"1", "2"}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_that_no_text_cell_becomes_a_formula(clinic, start):
    history = a_history(a_patient(f"{start}0001"), None, [a_count(1.5, accession=start)])
    load_histories(clinic, [history])
    rows = list(csv.reader(io.StringIO(export_text(clinic, mrn=None, form="csv"))))
    cells = [cell for row in rows[1:] for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_that_a_pseudonymised_export_names_nobody_and_keeps_the_distances(clinic):
    load_histories(clinic, [a_full_history()])
    named = json.loads(export_text(clinic, mrn="T-0001", form="chart"))
    times = [count["collected_at"] for count in named["counts"]]
    for form in ("fhir", "csv", "chart"):
        text = export_text(clinic, mrn="T-0001", form=form, pseudonymise=True)
        assert not [word for word in ("Example", "Testa", "T-0001", "1960-01-31", *times) if word in text]
    hidden = json.loads(export_text(clinic, mrn="T-0001", form="chart", pseudonymise=True))
    distances = []
    for own in (named["counts"], hidden["counts"]):
        dates = [date.fromisoformat(count["collected_at"][:10]) for count in own]
        distances.append([(later - earlier).days for earlier, later in pairwise(dates)])
    assert distances[0] == distances[1]
    accepted(export_text(clinic, mrn="T-0001", form="fhir", pseudonymise=True))


def test_that_a_pseudonym_is_the_same_in_every_export_and_differs_between_patients(clinic):
    load_histories(clinic, [a_full_history(), a_history(a_patient("T-0002"))])
    charts = [json.loads(export_text(clinic, mrn=None, form="chart", pseudonymise=True))["charts"] for _ in range(2)]
    assert charts[0] == charts[1]
    assert len({own["patient"]["identifier"]["value"] for own in charts[0]}) == 2


def test_that_an_export_is_written_into_the_audit(clinic):
    (patient,) = load_histories(clinic, [a_full_history()])
    export_text(clinic, mrn="T-0001", form="csv")
    last = clinic.store.trail().entries[-1]
    assert (last.what, patient in last.detail) == ("patient exported", True)


def test_that_an_unknown_number_or_format_is_refused(clinic):
    with pytest.raises(UserError, match="No patient"):
        export_text(clinic, mrn="nobody", form="csv")
    with pytest.raises(UserError, match="no format"):
        export_text(clinic, mrn=None, form="docx")


def test_that_the_import_of_an_export_counts_its_results(clinic, tmp_path):
    load_histories(clinic, [a_full_history()])
    other = open_at(make_store(tmp_path, "other"))
    text = export_text(clinic, mrn="T-0001", form="fhir").encode()
    first, again = (import_document(ImportReport(files=(import_bytes(other, "b", text, CREATE),)))["totals"] for _ in range(2))
    wanted = sum(len(sample.values) for sample in a_full_history().counts)
    assert (first["stored"], again["stored"], again["duplicate"]) == (wanted, 0, wanted)
    assert patient_history(other, other.store.facts_of_kind("patient")[0].patient).growth_factors[0].product == "pegfilgrastim"
    close_session(other)


def test_that_imported_results_name_the_message_they_come_from(clinic):
    data = a_message()
    import_bytes(clinic, "a.hl7", data, CREATE)
    text = export_text(clinic, mrn="T-0001", form="fhir")
    accepted(text)
    (source,) = [e["resource"] for e in json.loads(text)["entry"] if e["resource"]["resourceType"] == "Provenance"]
    assert source["entity"][0]["what"]["identifier"]["value"] == hashlib.sha256(data).hexdigest()
    assert (len(source["target"]), source["agent"]) == (2, [{"who": {"display": "LAB|NORTH"}}])
    assert "Provenance" not in export_text(clinic, mrn="T-0001", form="fhir", pseudonymise=True)
