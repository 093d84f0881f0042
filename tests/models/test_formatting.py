"""What people read: units shown, nothing rounded across a bound, unknown said aloud."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.models.evaluation import Anc, AncOrigin
from neutromon.models.formatting import (
    age_text,
    anc_text,
    full_name,
    grade_text,
    initials,
    quantity_text,
    shown_number,
    years_between,
)
from neutromon.models.history import Identifier, Patient
from neutromon.models.quantity import Comparator, Quantity

BOUNDS = [Decimal(text) for text in ("0.1", "0.5", "1.0", "1.5", "2.0", "75", "100")]


def anc(text: str, comparator: Comparator = Comparator.EQ, origin: AncOrigin = AncOrigin.REPORTED) -> Anc:
    return Anc(quantity=Quantity(value=Decimal(text), unit="10*9/L", comparator=comparator), origin=origin)


@given(st.decimals(min_value=0, max_value=200, places=6), st.sampled_from(BOUNDS))
def test_that_a_shown_number_lies_on_the_same_side_of_every_bound(value: Decimal, bound: Decimal) -> None:
    assert (Decimal(shown_number(value)) < bound) == (value < bound)


def test_that_a_tiny_count_is_not_shown_as_zero() -> None:
    assert (shown_number(Decimal("0.0004")), shown_number(Decimal(0))) == ("0.0004", "0")


def test_that_a_count_is_shown_with_comparator_and_unit() -> None:
    assert anc_text(anc("0.1", Comparator.LT)) == "<0.1 ×10⁹/L"
    assert anc_text(anc("0.40", Comparator.LE, AncOrigin.BOUNDED)) == "≤0.4 ×10⁹/L (from WBC)"
    assert anc_text(Anc(quantity=None, origin=AncOrigin.UNKNOWN)) == "unknown"
    assert quantity_text(None) == "unknown"
    assert quantity_text(Quantity(value=Decimal("9.1"), unit="g/dL")) == "9.1 g/dL"


@pytest.mark.parametrize(("grades", "text"), [((3,), "G3"), ((3, 4), "G3–4"), (None, "cannot grade"), ((), "cannot grade")])
def test_that_every_possible_grade_is_named(grades: tuple[int, ...] | None, text: str) -> None:
    assert grade_text(grades) == text


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(minutes=119), "119 min ago"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=71), "71 h ago"),
        (timedelta(hours=72), "3 d ago"),
        (timedelta(minutes=-3), "0 min ago"),
    ],
)
def test_that_age_is_told_in_the_unit_that_reads_best(age: timedelta, text: str) -> None:
    assert age_text(age) == text


def test_that_a_patient_is_named_by_what_is_known() -> None:
    known = Patient(family_name="Example", given_name="Testa")
    assert (full_name(known), initials(known)) == ("Example, Testa", "T.E.")
    numbered = Patient(identifier=Identifier(value="0012"))
    assert (full_name(numbered), initials(numbered)) == ("0012", "?")
    assert full_name(Patient()) == "no name"


@pytest.mark.parametrize(("day", "years"), [(date(2026, 3, 11), 65), (date(2026, 3, 12), 66)])
def test_that_age_counts_completed_years(day: date, years: int) -> None:
    assert years_between(date(1960, 3, 12), day) == years
