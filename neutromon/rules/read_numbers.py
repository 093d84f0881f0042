"""Read the files of single numbers, each by the schema of its kind."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from neutromon.rules.book_parts import Numbers, RuleFile
from neutromon.rules.reading import Table
from neutromon.rules.schemas import SCHEMAS, Kinds


def read_numbers(table: Table, head: RuleFile) -> Numbers:
    """Return a file of numbers by its schema; refuse what the schema does not name, in rows and tables too."""
    schema = SCHEMAS[head.kind]
    pairs = {key: table.pair(key) for key in schema.pairs}
    wholes = {key: table.whole(key) for key in schema.wholes}
    wholes |= {f"{key}_{end}": value for key, pair in pairs.items() for end, value in zip(("from", "to"), pair, strict=True)}
    numbers = Numbers(
        file=head,
        bounds={key: table.bound(key, unit) for key, unit in schema.bounds.items()},
        decimals={key: table.decimal(key) for key in schema.decimals},
        wholes=wholes,
        lists={key: table.texts(key) for key in schema.lists},
        rows={key: tuple(_row(row, kinds) for row in table.tables(key)) for key, kinds in schema.rows.items()},
        tables={key: _row(table.table(key), kinds) for key, kinds in schema.tables.items()},
        texts={key: table.text(key) for key in schema.texts},
    )
    _check_order(table, numbers)
    return numbers


ASCENDING: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "plausibility": (
        ("wbc_warn", "wbc_block"),
        ("sum_warn", "sum_block"),
        ("complete_sum_block", "complete_sum_warn"),
        ("temperature_block_below", "temperature_block_above", "temperature_fahrenheit_from", "temperature_fahrenheit_to"),
        ("hemoglobin_block", "hemoglobin_looks_like_g_l", "hemoglobin_looks_like_g_l_to"),
    ),
    "findings": (("profound", "grade4", "grade3"),),
    "causes": (("severe_below", "confirmed_below"),),
    "triage": (("call_below", "call_from"),),
}
"""Bounds that must rise in this order; else a value would fall into a gap or into two bands."""


def _check_order(table: Table, numbers: Numbers) -> None:
    for names in ASCENDING.get(numbers.file.kind, ()):
        for lower, higher in pairwise(names):
            if numbers.bounds[lower].value >= numbers.bounds[higher].value:
                raise table.error(higher, f"must lie above {lower}: gap or overlap")
    if numbers.file.kind == "depth":
        limits = [row["below"].value for row in numbers.rows["depth"]]
        for number, (deeper, milder) in enumerate(pairwise(limits), 1):
            if deeper >= milder:
                raise table.error(f"depth[{number}].below", "must lie above the label before it: gap or overlap")


def _row(row: Table, kinds: Kinds) -> dict[str, Any]:
    found = {}
    for name, kind in kinds.items():
        key = name.removesuffix("?")
        if key == name or row.has(key):
            found[key] = _value(row, key, kind)
    row.finish()
    return found


def _value(row: Table, key: str, kind: str) -> Any:
    if kind.startswith("bound "):
        return row.bound(key, kind.removeprefix("bound "))
    return {"text": row.text, "texts": row.texts, "whole": row.whole}[kind](key)
