"""What a value says by itself is read once per rule book, and never taken from another book."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.models.history import Course, Cycle
from neutromon.models.quantity import Reported
from neutromon.rules import evaluate, fields
from neutromon.rules.fields import FieldReader
from neutromon.rules.logic import Bound, Op
from neutromon.rules.schedule import Places, begun, place
from tests.builders import NOW, a_count, a_history, at
from tests.rules.rule_cases import book

CELLS = "10*9/L"


def test_that_a_value_is_read_once_and_says_the_same_again() -> None:
    reader = FieldReader(book().numbers["plausibility"])
    first = reader.read("wbc", Reported(value="3.5", unit=CELLS))
    assert reader.read("wbc", Reported(value="3.5", unit=CELLS)) is first
    assert reader.read("platelets", Reported(value="3.5", unit=CELLS)) is not first


def test_that_a_confirmed_value_is_not_taken_from_the_one_that_was_not() -> None:
    reader = FieldReader(book().numbers["plausibility"])
    doubtful = reader.read("wbc", Reported(value="600", unit=CELLS))
    confirmed = reader.read("wbc", Reported(value="600", unit=CELLS, confirmed=True))
    assert doubtful.blocked and not confirmed.blocked
    assert confirmed.problems[0].text.endswith("Confirmed by a person.")


def test_that_another_rule_book_reads_by_its_own_bounds() -> None:
    plausibility = book().numbers["plausibility"]
    strict = replace(plausibility, bounds={**plausibility.bounds, "wbc_block": Bound(op=Op.GT, value=Decimal(5), unit=CELLS)})
    strict = replace(strict, bounds={**strict.bounds, "wbc_warn": Bound(op=Op.GT, value=Decimal(4), unit=CELLS)})
    other = replace(book(), numbers={**book().numbers, "plausibility": strict})
    history = a_history(counts=[a_count("2.0", collected=at(hours=-1), wbc="6.0")])
    assert evaluate(history, book(), NOW).counts[0].problems == ()
    assert [found.field for found in evaluate(history, other, NOW).counts[0].problems] == ["wbc"]


def test_that_the_reader_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "MOST", 10)
    reader = FieldReader(book().numbers["plausibility"])
    for number in range(35):
        reader.read("wbc", Reported(value=f"{number}.5", unit=CELLS))
    assert len(reader.known) <= 10


DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 1))


@given(st.lists(st.one_of(st.none(), DAYS), max_size=6), DAYS)
def test_that_a_date_has_the_same_place_alone_as_among_many(starts: list[date | None], day: date) -> None:
    course = Course(cycles=tuple(Cycle(number=n, day1=start) for n, start in enumerate(starts, 1)))
    alone, among = place(course, day), Places.of_course(course).of(day)
    assert alone == among
    past = [cycle for cycle in begun(course) if cycle.day1 is not None and cycle.day1 <= day]
    assert (alone.cycle if alone else None) == (past[-1] if past else None)
    assert alone is None or alone.cycle.day1 == day - timedelta(days=alone.day - 1)
