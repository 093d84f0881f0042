"""Reference ranges and flags as laboratories write them: bounds in the value's own unit, nothing made up of words."""

from decimal import Decimal

import pytest

from neutromon.interop.ranges import bounds, flag_codes, own_bounds
from neutromon.models.quantity import Reported


def two(low: str | None, high: str | None) -> tuple[Decimal | None, Decimal | None]:
    return (Decimal(low) if low else None, Decimal(high) if high else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.0-10.0", two("4.0", "10.0")),
        ("(120 - 160)", two("120", "160")),
        ("[4,5 – 11,0] G/L", two("4.5", "11.0")),
        ("3.9-5.8) fasting", two("3.9", "5.8")),
        ("1.8 to 7.5", two("1.8", "7.5")),
        ("4.0^11.0", two("4.0", "11.0")),
        ("1.60 - 7.00^REFERENCE_RANGE", two("1.60", "7.00")),
        ("<3.1", two(None, "3.1")),
        ("≤ 10,0 mg/l", two(None, "10.0")),
        ("> 1.0", two("1.0", None)),
        ("adults 2-7 / children 3-9", two(None, None)),
        ("1.15-0.90 / 4-2", two(None, None)),
        ("negative", two(None, None)),
        ("", two(None, None)),
    ],
)
def test_that_a_range_gives_the_bounds_that_it_names(text, expected):
    assert bounds(text) == expected


def test_that_bounds_are_converted_like_their_value():
    sent = Reported(value="0.42", unit="10*9/L", original_value="420", original_unit="/uL", range="1800-7500")
    assert own_bounds(sent) == two("1.8", "7.5")


@pytest.mark.parametrize("unit", ["fL", "furlongs"])
def test_that_bounds_without_a_known_factor_are_left_out(unit):
    assert own_bounds(Reported(value="91", unit=unit, range="80-100")) == (None, None)
    assert own_bounds(Reported(value="0.4", unit="10*9/L", original_value="4", original_unit=unit, range="2-7")) == (None, None)


@pytest.mark.parametrize(
    ("flag", "codes"),
    [
        ("L", ("L",)),
        ("ll", ("LL",)),
        ("H^High^HL70078~A", ("H", "A")),
        ("HH~HH", ("HH",)),
        ("LL^very low^L", ("LL",)),
        ("*", ("A",)),
        ("+", ("A",)),
        ("1", ("A",)),
        ("W", ("A",)),
        ("High", ("H",)),
        ("N", ("N",)),
        ("see note", ()),
        ("", ()),
    ],
)
def test_that_a_flag_gives_the_standards_codes_and_never_more(flag, codes):
    assert flag_codes(flag) == codes
