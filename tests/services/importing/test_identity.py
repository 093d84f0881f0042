"""Whose results these are: identifier, name and birth date together; in doubt a person decides."""

import pytest

from neutromon.models.history import Identifier
from neutromon.models.imports import ImportOptions
from neutromon.services.importing import import_bytes
from neutromon.services.importing.identity import same_name
from neutromon.services.patients import add_patient, patient_history
from tests.builders import a_patient
from tests.services.importing.messages import a_message

CLINIC = Identifier(value="T-0001", authority="CLINIC")


@pytest.fixture
def patient(clinic):
    return add_patient(clinic, a_patient(identifier=CLINIC)).value


def outcome(clinic, **changes):
    (own,) = import_bytes(clinic, "a.hl7", a_message(**changes)).sets
    return own.outcome if own.reason is None else own.reason[0]


def test_that_number_name_and_birth_date_together_find_the_patient(clinic, patient):
    assert outcome(clinic) == "stored"
    assert len(patient_history(clinic, patient).counts) == 1


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"number": "T-0009"}, "UNKNOWN_PATIENT"),
        ({"number": ""}, "NO_PATIENT_ID"),
        ({"born": "19600130"}, "DEMOGRAPHIC_MISMATCH"),
        ({"family": "Other"}, "DEMOGRAPHIC_MISMATCH"),
        ({"born": ""}, "DOB_MISSING"),
        ({"family": ""}, "NAME_DOB_MISSING"),
        ({"number": "t 0001"}, "stored"),
        ({"number": "T0001"}, "stored"),
        ({"family": "EXAMPLE-OTHER"}, "stored"),
        ({"number": "00T-0001"}, "UNKNOWN_PATIENT"),
    ],
)
def test_that_doubt_waits_for_a_person(clinic, patient, changes, wanted):
    assert outcome(clinic, **changes) == wanted


def test_that_numbers_of_two_patients_are_a_conflict(clinic, patient):
    add_patient(clinic, a_patient(identifier=Identifier(value="X-2", authority="CLINIC"), family="Second"))
    data = a_message().replace(b"T-0001^^^CLINIC", b"T-0001^^^CLINIC~X-2^^^CLINIC")
    (own,) = import_bytes(clinic, "a.hl7", data).sets
    assert own.reason[0] == "ID_CONFLICT"


def test_that_the_same_number_of_another_authority_is_another_number(clinic, patient):
    (own,) = import_bytes(clinic, "a.hl7", a_message().replace(b"^^^CLINIC", b"^^^ELSEWHERE")).sets
    assert own.reason[0] == "UNKNOWN_PATIENT"


def test_that_the_other_sex_is_a_mismatch(clinic):
    create = ImportOptions(create_patients=True)
    import_bytes(clinic, "a.hl7", a_message(), create)
    (own,) = import_bytes(clinic, "b.hl7", a_message().replace(b"|F\rOBR", b"|M\rOBR"), create).sets
    assert own.reason[0] == "DEMOGRAPHIC_MISMATCH"


@pytest.mark.parametrize(
    ("one", "two"), [("Müller", "MULLER"), ("Garcia Lopez", "garcia"), ("O'Neil", "O Neil"), ("Meier-Huber", "Huber Meier")]
)
def test_that_spellings_of_one_name_are_the_same(one, two):
    assert same_name(one, two)


@pytest.mark.parametrize(("one", "two"), [("Meier", "Huber"), ("", "Huber"), ("Ng", "")])
def test_that_other_names_are_not(one, two):
    assert not same_name(one, two)


TABLE = "Patient ID;Last name;First name;Date of birth;Collected at;WBC (10*9/L)\n{row};2026-03-11T08:00+00:00;3.5\n"


def outcome_of_row(clinic, row, options=None):
    (own,) = import_bytes(clinic, "a.csv", TABLE.format(row=row).encode(), options or ImportOptions(accept_names=True)).sets
    return own.outcome if own.reason is None else own.reason[0]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("T-0001;Example;Testa;1960-01-31", "stored"),
        ("T-0001;Other;Testa;1960-01-31", "DEMOGRAPHIC_MISMATCH"),
        ("T-0001;Example;Testa;1960-01-30", "DEMOGRAPHIC_MISMATCH"),
        ("T-0001;Example;Testa;", "DOB_MISSING"),
        ("T-0001;;;1960-01-31", "NAME_DOB_MISSING"),
        ("T-0009;Example;Testa;1960-01-31", "UNKNOWN_PATIENT"),
    ],
)
def test_that_a_row_without_authority_finds_the_only_patient_with_number_name_and_birth_date(clinic, patient, row, wanted):
    assert outcome_of_row(clinic, row) == wanted
    assert len(patient_history(clinic, patient).counts) == (wanted == "stored")


def test_that_a_row_without_authority_makes_no_second_patient_of_a_known_number(clinic, patient):
    create = ImportOptions(create_patients=True)
    assert outcome_of_row(clinic, "T-0001;Example;Testa;1960-01-30", create) == "DEMOGRAPHIC_MISMATCH"


def test_that_a_number_of_two_authorities_is_a_conflict_in_a_table(clinic, patient):
    add_patient(clinic, a_patient(identifier=Identifier(value="T-0001", authority="ELSEWHERE"), family="Second"))
    assert outcome_of_row(clinic, "T-0001;Example;Testa;1960-01-31") == "ID_CONFLICT"


def test_that_a_patient_without_birth_date_is_not_found_by_number_alone(clinic):
    add_patient(clinic, a_patient(identifier=CLINIC, birth_date=None))
    assert outcome_of_row(clinic, "T-0001;Example;Testa;1960-01-31") == "DEMOGRAPHIC_MISMATCH"


def test_that_a_message_without_authority_is_not_taken_for_a_number_with_one(clinic, patient):
    (own,) = import_bytes(clinic, "a.hl7", a_message().replace(b"^^^CLINIC", b"")).sets
    assert own.reason[0] == "UNKNOWN_PATIENT"
