"""What would be critical if it were true is named before anybody decided it; what lies above every bound is not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from neutromon.models.imports import RawResult, ReadResult
from neutromon.services.held_critical import may_be_critical

CALL = Decimal("0.5")


def a_row(analyte: str, value: str | None, *, sent: str = "", unit: str | None = "10*9/L", flag: str = "", held: str = "") -> ReadResult:
    raw = RawResult(value=sent or value, unit=unit, flag=flag)
    hold = (held, "A person decides.") if held else None
    return ReadResult(raw=raw, analyte=analyte, source_code=None, value=value, unit=unit, hold=hold)


@pytest.mark.parametrize(
    ("analyte", "value", "critical"),
    [
        ("ANC", "0.49", True),
        ("ANC", "0.5", False),
        ("ANC", "0.51", False),
        ("ANC", "<0.5", True),
        ("ANC", "<1.0", True),  # it may be 0.3
        ("ANC", ">0.5", False),
        ("PLT", "19", True),
        ("PLT", "20", False),
        ("HGB", "69", True),
        ("HGB", "70", False),
        ("WBC", "0.4", True),  # there cannot be more neutrophils than leukocytes
        ("WBC", "0.5", False),
        ("LYMPH", "0.1", False),
    ],
)
def test_that_a_value_below_its_bound_may_be_critical_and_one_at_it_is_not(analyte: str, value: str, critical: bool) -> None:
    assert may_be_critical([a_row(analyte, value)], CALL) is critical


def test_that_a_clinic_which_calls_earlier_sees_it_earlier() -> None:
    assert may_be_critical([a_row("ANC", "0.8")], Decimal("1.0"))
    assert may_be_critical([a_row("ANC", "0.4")], Decimal("0.1"))  # and never later than the rules


def test_that_a_share_of_the_leukocytes_is_worked_out() -> None:
    assert may_be_critical([a_row("WBC", "1.2"), a_row("NEUT_PCT", "30", unit="%")], CALL)
    assert may_be_critical([a_row("WBC", "1.2"), a_row("SEG_PCT", "20", unit="%"), a_row("BAND_PCT", "10", unit="%")], CALL)
    assert not may_be_critical([a_row("WBC", "1.2"), a_row("NEUT_PCT", "60", unit="%")], CALL)


def test_that_a_held_number_is_looked_at_as_it_was_probably_meant() -> None:
    assert may_be_critical([a_row("ANC", None, sent="0.3", unit=None, held="UNIT_MISSING")], CALL)
    assert may_be_critical([a_row("ANC", "310", sent="310", held="IMPLAUSIBLE_VALUE")], CALL)  # 310 per microlitre
    assert not may_be_critical([a_row("ANC", None, sent="3.5", unit=None, held="UNIT_MISSING")], CALL)  # one reading of two is harmless
    assert not may_be_critical([a_row("ANC", "3100", sent="3100", held="IMPLAUSIBLE_VALUE")], CALL)


@pytest.mark.parametrize("flag", ["LL", "L~LL", "AA", "critical low", "panic", "<"])
def test_that_the_laboratorys_own_call_counts(flag: str) -> None:
    assert may_be_critical([a_row("WBC", "2.9", flag=flag)], CALL)


@pytest.mark.parametrize("flag", ["", "L", "H", "N", "A"])
def test_that_a_value_merely_out_of_range_is_not_called_critical(flag: str) -> None:
    assert not may_be_critical([a_row("WBC", "2.9", flag=flag)], CALL)


def test_that_words_are_no_number() -> None:
    assert not may_be_critical([a_row("ANC", "clotted", sent="clotted")], CALL)


def test_that_one_of_two_values_that_wait_is_read_as_it_stands_and_in_no_other_unit() -> None:
    hold = ("IMPLAUSIBLE_VALUE", "One report gives two values: say which is right.")
    rows = [replace(a_row("ANC", value), hold=hold, marks=("TWO_VALUES",)) for value in ("2.0", "3.0", "0.2")]
    assert not may_be_critical(rows[:2], CALL)
    assert may_be_critical(rows, CALL)
