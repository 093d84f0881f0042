"""Read the files of single numbers, each by the schema of its kind."""

from collections.abc import Mapping
from typing import Any

from neutromon.rules.book_parts import Numbers, RuleFile
from neutromon.rules.reading import Table
from neutromon.rules.schemas import SCHEMAS


def read_numbers(table: Table, head: RuleFile) -> Numbers:
    """Return a file of numbers by its schema."""
    schema = SCHEMAS[head.kind]
    bounds = schema.get("bounds", {})
    assert isinstance(bounds, Mapping)
    pairs = {key: table.pair(key) for key in schema.get("pairs", ())}
    wholes = {key: table.whole(key) for key in schema.get("wholes", ())}
    wholes |= {f"{key}_{end}": value for key, pair in pairs.items() for end, value in zip(("from", "to"), pair, strict=True)}
    return Numbers(
        file=head,
        bounds={key: table.bound(key, unit) for key, unit in bounds.items()},
        decimals={key: table.decimal(key) for key in schema.get("decimals", ())},
        wholes=wholes,
        lists={key: table.texts(key) for key in schema.get("lists", ())},
        rows={key: tuple({name: row.raw(name) for name in row.names()} for row in table.tables(key)) for key in schema.get("rows", ())},
        tables={key: _plain(table.table(key)) for key in schema.get("tables", ())},
        texts={key: table.text(key) for key in schema.get("texts", ())},
    )


def _plain(table: Table) -> dict[str, Any]:
    """Return a table as it stands, bounds read."""
    found: dict[str, Any] = {}
    for key in table.names():
        value = table.raw(key)
        found[key] = table.bound(key) if isinstance(value, dict) and "op" in value else value
    return found
