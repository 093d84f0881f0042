"""Records become plain JSON and come back equal; what a newer program wrote beside them is passed over."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from neutromon.models.history import CountSample, Provenance
from neutromon.models.quantity import Reported
from neutromon.storage.codec import decode, encode


class Colour(StrEnum):
    """Something to choose."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A record inside a record."""

    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    """A record of every shape that the house uses."""

    name: str
    when: datetime | None = None
    day: date | None = None
    colour: Colour = Colour.RED
    inner: Inner | None = None
    pair: tuple[str, Inner] | None = None
    many: tuple[Inner, ...] = ()
    chosen: frozenset[Colour] = frozenset()
    by_name: dict[str, Inner] = field(default_factory=dict)
    loose: Any = None


amounts = st.decimals(allow_nan=False, allow_infinity=False).map(lambda amount: Inner(amount=amount))
times = st.datetimes(timezones=st.just(UTC))
outers = st.builds(
    Outer,
    name=st.text(),
    when=st.none() | times,
    day=st.none() | st.dates(),
    colour=st.sampled_from(Colour),
    inner=st.none() | amounts,
    pair=st.none() | st.tuples(st.text(), amounts),
    many=st.lists(amounts).map(tuple),
    chosen=st.frozensets(st.sampled_from(Colour)),
    by_name=st.dictionaries(st.text(), amounts),
    loose=st.none() | st.booleans() | st.text(),
)


@given(outers)
def test_that_a_record_comes_back_equal(record: Outer) -> None:
    assert decode(Outer, encode(record)) == record


def test_that_only_what_is_not_a_default_is_written() -> None:
    assert encode(Outer(name="x")) == {"name": "x"}


def test_that_keys_of_a_newer_program_are_passed_over() -> None:
    assert decode(Outer, {"name": "x", "later": 1}) == Outer(name="x")


@given(st.decimals(min_value=0, max_value=500, places=3).map(str), st.none() | times)
def test_that_a_count_keeps_every_digit_as_reported(value: str, when: datetime | None) -> None:
    sample = CountSample(collected_at=when, values={"wbc": Reported(value=value, unit="10*9/L")}, provenance=Provenance(received_at=when))
    assert decode(CountSample, encode(sample)).values["wbc"].value == value
