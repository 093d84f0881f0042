"""Reported numbers are read exactly or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.models.quantity import Comparator, Quantity, parse_number, plain_decimal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.50", (Comparator.EQ, Decimal("1.50"))),
        (" <0.1 ", (Comparator.LT, Decimal("0.1"))),
        ("< 0.1", (Comparator.LT, Decimal("0.1"))),
        ("<=0.5", (Comparator.LE, Decimal("0.5"))),
        ("≤0.5", (Comparator.LE, Decimal("0.5"))),
        (">=2", (Comparator.GE, Decimal(2))),
        ("≥2", (Comparator.GE, Decimal(2))),
        (">30", (Comparator.GT, Decimal(30))),
        ("-1", (Comparator.EQ, Decimal(-1))),
        (".5", (Comparator.EQ, Decimal("0.5"))),
    ],
)
def test_that_a_plain_number_is_read_with_its_comparator(text: str, expected: tuple[Comparator, Decimal]) -> None:
    assert parse_number(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "see comment",
        "clotted",
        "nan",
        "inf",
        "1e3",
        "1_0",
        "١٢",
        "1,5",
        "1.2.3",
        "<",
        "=1",
        "<<1",
        "0x1",
        "1 000",
        "9" * 41,
    ],
)
def test_that_anything_else_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@given(st.decimals(min_value=Decimal("-9999"), max_value=Decimal("9999"), places=4))
def test_that_a_written_decimal_is_read_back_unchanged(value: Decimal) -> None:
    read = parse_number(plain_decimal(value))
    assert read is not None
    assert read[1] == value


def test_that_a_quantity_reads_with_its_comparator() -> None:
    assert Quantity(value=Decimal("0.10"), unit="10*9/L", comparator=Comparator.LT).text == "<0.1"
    assert Quantity(value=Decimal("1.085"), unit="10*9/L").text == "1.085"


@given(st.text(max_size=60))
def test_that_no_text_breaks_the_reader(text: str) -> None:
    read = parse_number(text)
    assert read is None or read[1].is_finite()
