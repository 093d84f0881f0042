"""The drugs of the library, drug by drug: every dose stands in the protocol's own line, and what it does not state stays absent."""

import re

import pytest

from neutromon.rules.book_parts import Regimen
from neutromon.rules.read_treatment import read_regimen
from neutromon.rules.reading import RuleError, Table
from neutromon.storage.codec import decode, encode
from tests.rules.rule_cases import book

NUMBER = re.compile(r"\d+(?:\.\d+)?")
REFERRED = {
    "ddAC-T": "AC",
    "AC-D": "AC",
    "AC-wP": "AC",
    "FEC-D": "FEC100",
    "mFOLFIRINOX": "FOLFIRINOX",
    "R-CHOP-14": "R-CHOP-21",
    "BV-AVD": "ABVD",
}
"""Regimens whose line names another one instead of repeating its drugs."""


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text.replace("30 000", "30000")))


@pytest.mark.parametrize("regimen", book().regimens.values(), ids=lambda regimen: regimen.id)
def test_that_every_dose_stands_in_the_line_of_the_protocol(regimen: Regimen) -> None:
    assert regimen.components
    named = book().regimen(REFERRED.get(regimen.id))
    known = numbers(regimen.drugs) | (numbers(named.drugs) if named else set())
    for one in regimen.components:
        assert numbers(one.dose) <= known, f"{regimen.id}: {one.drug} {one.dose}"
        assert one.dose or not (one.unit or one.route or one.days)


def test_that_a_drug_without_a_stated_dose_has_none() -> None:
    silent = {(r.id, one.drug) for r in book().regimens.values() for one in r.components if not one.dose}
    assert {("docetaxel-prednisone", "prednisone"), ("wP-trastuzumab", "trastuzumab"), ("VTD-PACE", "thalidomide")} <= silent


def test_that_a_drug_is_found_by_its_full_name_where_the_line_abbreviates_it() -> None:
    found = {regimen.id for regimen in book().search_regimens("methotrexate")}
    assert {"CMF", "ddMVAC", "MVAC", "hyper-CVAD"} <= found
    assert "mFOLFOX6" in {regimen.id for regimen in book().search_regimens("fluorouracil leucovorin")}


def test_that_a_regimen_stored_before_there_were_components_is_still_read() -> None:
    body = encode(book().regimens["AC"])
    del body["components"]
    old = decode(Regimen, body)
    assert old.components == () and old.drugs == "doxorubicin 60, cyclophosphamide 600"


def test_that_the_components_survive_the_store() -> None:
    for regimen in book().regimens.values():
        assert decode(Regimen, encode(regimen)) == regimen


ROW = """
id = "X"
name = "X"
cancer = "Test"
drugs = "examplamycin 10"
components = [{ drug = "examplamycin"%s }]
cycle_days = 21
cycle_text = "21"
nadir_text = "mild"
recovery_text = "21"
day1_rule = "OT-GEN"
doses = "none"
fn."nccn" = { category = "low", text = "L" }
"""


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (', unit = "mg/m2"', "dose is missing"),
        (', dose = "10", strength = "5"', "strength is not known"),
        (', dose = ""', "dose must be a text"),
    ],
)
def test_that_a_drug_that_says_less_or_more_than_it_may_is_refused(more: str, problem: str) -> None:
    with pytest.raises(RuleError, match=problem):
        read_regimen(Table.parse("own.toml", ROW % more))


def test_that_a_drug_with_a_dose_alone_is_read() -> None:
    (one,) = read_regimen(Table.parse("own.toml", ROW % ', dose = "10"')).components
    assert (one.drug, one.dose, one.unit, one.route, one.days) == ("examplamycin", "10", "", "", "")
