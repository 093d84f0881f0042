"""Names in several languages and units in many spellings; what is another quantity is never taken for a count."""

from decimal import Decimal

import pytest

from neutromon.interop.analytes import match
from neutromon.interop.units import COUNT, HEMOGLOBIN, PERCENT, canonical, factor
from neutromon.interop.values import number
from neutromon.models.imports import RawResult
from tests.interop.tables import CODES


def matched(name, unit=None, code="L1"):
    return match(RawResult(codes=((code, ""),), texts=(name,) if name else (), unit=unit, value="1"), CODES)


@pytest.mark.parametrize(
    ("name", "unit", "analyte"),
    [
        ("HEMOGLOBIN, AUTO HEME", "g/dl", "HGB"),
        ("WBC, AUTO HEME", "th/ul", "WBC"),
        ("NEUTROPHILS, % AUTO", "%", "NEUT_PCT"),
        ("NEUTROPHILS, ABS AUTO", "th/ul", "ANC"),
        ("Neutr. Granulozyten", "%", "NEUT_PCT"),
        ("Neutrophile G/l", "G/l", "ANC"),
        ("Neutrophile (Seg+Stab)", "G/l", "ANC"),
        ("Segmentkernige Neutrophile", "%", "SEG_PCT"),
        ("Stabkernige", "%", "BAND_PCT"),
        ("Polynucléaires neutrophiles", "G/l", "ANC"),
        ("Plaquettes", "G/l", "PLT"),
        ("leucocitos", "/mm3", "WBC"),
        ("Hämoglobin", "g/l", "HGB"),
        ("PLATELET COUNT (D)", "th/ul", "PLT"),
        ("Leukocytes [#/volume] in Blood by Automated count", "10*3/uL", "WBC"),
        ("Neutrophils/100 leukocytes in Blood by Automated count", "%", "NEUT_PCT"),
        ("Granulocytes", "10*9/L", "GRAN"),
        ("Immature Granulocytes %", "%", "IG_PCT"),
        ("Metamyelozyten", "%", "META_PCT"),
        ("", "G/l", "OTHER"),
    ],
)
def test_that_names_are_understood_with_their_unit(name, unit, analyte):
    assert matched(name, unit).analyte == analyte


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Platelet mean volume", "fL"),
        ("Hemoglobin A1c", "%"),
        ("Mittlere Hb-Konz.", "g/l"),
        ("Leukozyten Morphologie", None),
        ("Atypical Lymphocytes", "%"),
        ("Plateletcrit", "%"),
        ("PLT", "%"),
        ("Hb", "%"),
        ("Neutrophil antibodies", None),
        ("WBC differential", None),
        ("Giant platelets", "%"),
    ],
)
def test_that_another_quantity_is_kept_apart(name, unit):
    assert matched(name, unit).analyte == "OTHER"


def test_that_a_code_counts_only_where_no_name_contradicts_it():
    assert matched("", "G/l", "WBC").analyte == "WBC"
    assert matched("Something else", "G/l", "WBC").analyte == "OTHER"


def test_that_unit_and_code_that_contradict_are_marked_and_the_unit_wins():
    found = match(RawResult(codes=(("770-8", ""),), value="1.2", unit="x10*9/L"), CODES)
    assert (found.analyte, found.conflict) == ("ANC", True)


@pytest.mark.parametrize(
    "unit",
    "10*9/L|10^9/L|x10^9/L|10E9/L|10e9/l|10(9)/L|10 9/L|x 109/L|10+9/L|10*9/L^^UCUM|G/l|Gpt/L|giga.l-1|10*3/uL|10³/µl|K/uL|K/mcL|x1000/mm³"
    "|Tsd/µl|Thou/uL|th/ul|10\\S\\9/L|x10S9/l|×10⁹/L|X10E3/UL|/nl|10x9/L|10^3/Âµl|10*3 cells/uL|E9/L".split("|"),
)
def test_that_every_spelling_of_the_count_unit_is_the_same(unit):
    assert factor(unit, COUNT) == 1


@pytest.mark.parametrize(
    ("unit", "wanted", "times"),
    [
        ("/uL", COUNT, "0.001"),
        ("cells/mm3", COUNT, "0.001"),
        ("10/uL", COUNT, "0.01"),
        ("10^4/uL", COUNT, "10"),
        ("g/dL", HEMOGLOBIN, "10"),
        ("g%", HEMOGLOBIN, "10"),
        ("mmol/L", HEMOGLOBIN, "16.114"),
        ("10^(-1)%", PERCENT, "0.1"),
    ],
)
def test_that_factors_are_those_of_the_reference(unit, wanted, times):
    assert factor(unit, wanted) == Decimal(times)


@pytest.mark.parametrize("unit", ["10*3/ml", "g/mL", "g/l-1", "10*3/uLNF", "T/l", "fL", "10^12/L", "mg/dL"])
def test_that_a_broken_or_foreign_unit_has_no_factor(unit):
    assert (factor(unit, COUNT), factor(unit, HEMOGLOBIN)) == (None, None)


@pytest.mark.parametrize("unit", ["", "1", "-", None, "n/a", '""'])
def test_that_a_unit_that_says_nothing_is_none(unit):
    assert canonical(unit) == ""


@pytest.mark.parametrize(
    ("text", "comma", "value", "comparator", "ambiguous"),
    [
        ("3.5", False, "3.5", "", False),
        ("<0.1", False, "0.1", "<", False),
        ("≥ 3,5", True, "3.5", ">=", False),
        ("1,234", False, "1.234", "", True),
        ("1,234", True, "1.234", "", False),
        (".5", False, "0.5", "", False),
        ("7.908357513955349", False, "7.908357513955349", "", False),
    ],
)
def test_that_numbers_are_read_with_their_comparator(text, comma, value, comparator, ambiguous):
    found = number(text, comma)
    assert (str(found.value), found.comparator, found.ambiguous) == (str(Decimal(value)), comparator, ambiguous)


@pytest.mark.parametrize("text", [None, "", "$", "-----", "NULL", "1e5", "NaN", "²", "١٢", "1.2.3", "6-10", "1" * 13])
def test_that_words_and_oddities_are_no_number(text):
    assert number(text) is None
