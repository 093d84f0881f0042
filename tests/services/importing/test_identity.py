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
