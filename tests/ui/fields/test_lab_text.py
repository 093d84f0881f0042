"""A laboratory value is read as typed: no digit is lost, no thousands mark is guessed, a comparator stays."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.models.quantity import Comparator, parse_number
from neutromon.ui.fields.lab_text import Fault, read_lab_text


@pytest.mark.parametrize(
    ("typed", "comparator", "number"),
    [
        ("0.5", "=", "0.5"),
        ("0,5", "=", "0.5"),
        (",5", "=", "0.5"),
        ("5,", "=", "5"),
        (" 3500 ", "=", "3500"),
        ("<0,1", "<", "0.1"),
        ("< 0.1", "<", "0.1"),
        ("≤0.5", "<=", "0.5"),
        (">=10", ">=", "10"),
        ("≥ 10", ">=", "10"),
        ("٠٫٥", "=", "0.5"),
        ("<٠٫١", "<", "0.1"),
        ("۱۲٫۳", "=", "12.3"),
        ("०.५", "=", "0.5"),
        ("０．５", "=", "0.5"),
        ("\u200f0.4\u200f", "=", "0.4"),
        ("0", "=", "0"),
        ("0.499", "=", "0.499"),
    ],
)
def test_that_a_value_is_read_in_every_way_of_writing_it(typed: str, comparator: str, number: str) -> None:
    entry = read_lab_text(typed)
    assert (entry.comparator, entry.number, entry.fault) == (Comparator(comparator), Decimal(number), None)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("1.234,5", Fault.GROUP_MARKS),
        ("1,234,567", Fault.GROUP_MARKS),
        ("1 234", Fault.GROUP_MARKS),
        ("1'234", Fault.GROUP_MARKS),
        ("0..5", Fault.NO_NUMBER),
        ("-0.5", Fault.NEGATIVE),
        ("−1", Fault.NEGATIVE),
        ("clotted", Fault.NO_NUMBER),
        ("1e3", Fault.NO_NUMBER),
        (".", Fault.NO_NUMBER),
        ("<", Fault.NO_NUMBER),
        ("~0.5", Fault.NO_NUMBER),
        ("1234567890123", Fault.TOO_LONG),
    ],
)
def test_that_a_text_that_is_no_value_says_why(typed: str, fault: Fault) -> None:
    entry = read_lab_text(typed)
    assert (entry.fault, entry.number, entry.reported("10*9/L")) == (fault, None, None)


def test_that_an_empty_field_has_neither_value_nor_fault() -> None:
    assert read_lab_text("  ").is_empty


def test_that_the_digits_stay_as_typed_and_only_the_decimal_mark_changes() -> None:
    value = read_lab_text("<0,50").reported("10*9/L")
    assert value is not None and (value.value, value.unit) == ("<0.50", "10*9/L")


@pytest.mark.parametrize("typed", ["1,500", "12.345", "150.000"])
def test_that_a_text_like_a_grouped_number_is_read_as_a_decimal_and_says_so(typed: str) -> None:
    entry = read_lab_text(typed)
    assert entry.number is not None and entry.number < 200 and entry.looks_grouped


@pytest.mark.parametrize("typed", ["0.499", "0,125", "1.25", "1500"])
def test_that_an_ordinary_value_raises_no_such_doubt(typed: str) -> None:
    assert not read_lab_text(typed).looks_grouped


@given(st.text(max_size=12))
def test_that_whatever_is_typed_the_stored_text_is_a_plain_number_or_there_is_none(typed: str) -> None:
    entry = read_lab_text(typed)
    assert (entry.number is None) == (entry.canonical == "")
    if entry.number is not None:
        assert parse_number(entry.canonical) == (entry.comparator, entry.number)
