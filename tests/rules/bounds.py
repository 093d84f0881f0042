"""Every limit that stands in the rule files, by a readable path: the tests of bounds are made from this list, not from memory."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from neutromon.rules import RuleBook
from neutromon.rules.book_parts import GradeRules, RuleFile
from neutromon.rules.logic import Bound


def all_bounds(book: RuleBook) -> dict[str, Bound]:
    """Return every bound of the book by its path, grade scales apart."""
    found: dict[str, Bound] = {}
    for name in ("grades", "fn", "gcsf", "products", "day1", "numbers"):
        found |= dict(_walk(getattr(book, name), name))
    return found


def all_grade_bounds(book: RuleBook) -> list[tuple[str, str, str, int, Decimal | None]]:
    """Return (version, quantity, unit, grade, bound) of every scale; None stands for the lower limit of normal."""
    return [
        (version, quantity, unit, grade, bound)
        for version, rules in book.grades.items()
        for (quantity, unit), scale in rules.scales.items()
        for grade, bound in scale.bounds
    ]


def _walk(value: Any, path: str) -> Iterator[tuple[str, Bound]]:
    if isinstance(value, Bound):
        yield path, value
    elif isinstance(value, RuleFile):
        return
    elif isinstance(value, GradeRules):
        yield f"{path}.profound", value.profound
    elif is_dataclass(value):
        for own in fields(value):
            yield from _walk(getattr(value, own.name), f"{path}.{own.name}")
    elif isinstance(value, Mapping):
        for key, own in value.items():
            yield from _walk(own, f"{path}.{key}")
    elif isinstance(value, tuple):
        for i, own in enumerate(value):
            yield from _walk(own, f"{path}[{i}]")
