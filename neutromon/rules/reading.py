"""A strict reader of rule files: unknown keys, missing sources and wrong units are refused with file and line."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from neutromon.models.errors import UserError
from neutromon.rules.lines import line_index, line_of
from neutromon.rules.logic import Bound, Op


class RuleError(UserError):
    """A rule file that cannot be used; names the file and the line."""


class Table:
    """One table of a rule file; every key must be asked for, what nobody asked for is refused by `finish`."""

    def __init__(self, data: Mapping[str, Any], name: str, lines: Mapping[str, int], path: str = "") -> None:
        self._data = dict(data)
        self._asked: set[str] = set()
        self.name = name
        self._lines = lines
        self._path = path

    @classmethod
    def parse(cls, name: str, text: str) -> "Table":
        """Return the top table of a file."""
        try:
            return cls(tomllib.loads(text, parse_float=Decimal), name, line_index(text))
        except tomllib.TOMLDecodeError as error:
            raise RuleError(f"{name}: {error}.", "Correct the rule file.") from None

    def error(self, key: str, what: str) -> RuleError:
        """Return the error for a key, with the line on which it stands."""
        line = line_of(self._lines, f"{self._path}{key}")
        return RuleError(f"{self.name}, line {line}: {self._path}{key} {what}.", "Correct the rule file.")

    def has(self, key: str) -> bool:
        """Return whether the key is there."""
        return key in self._data

    def names(self) -> list[str]:
        """Return every key, and count them all as asked for."""
        self._asked |= set(self._data)
        return list(self._data)

    def raw(self, key: str) -> Any:
        """Return a value; refuse a missing one."""
        self._asked.add(key)
        if key not in self._data:
            raise self.error(key, "is missing")
        return self._data[key]

    def text(self, key: str) -> str:
        """Return a text that says something."""
        value = self.raw(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "must be a text")
        return value

    def whole(self, key: str) -> int:
        """Return a whole number."""
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(key, "must be a whole number")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; a missing flag is false."""
        self._asked.add(key)
        value = self._data.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def decimal(self, key: str) -> Decimal:
        """Return an exact decimal, written as text."""
        try:
            return Decimal(self.text(key))
        except InvalidOperation:
            raise self.error(key, "must be a decimal number") from None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a missing list is empty."""
        self._asked.add(key)
        value = self._data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(key, "must be a list of texts")
        return tuple(value)

    def pair(self, key: str) -> tuple[int, int]:
        """Return two whole numbers, the first not above the second."""
        value = self.raw(key)
        if not (isinstance(value, list) and len(value) == 2 and all(isinstance(item, int) for item in value) and value[0] <= value[1]):
            raise self.error(key, "must be two whole numbers in order")
        return value[0], value[1]

    def table(self, key: str) -> "Table":
        """Return a table inside this one."""
        value = self.raw(key)
        if not isinstance(value, dict):
            raise self.error(key, "must be a table")
        return Table(value, self.name, self._lines, f"{self._path}{key}.")

    def tables(self, key: str) -> list["Table"]:
        """Return a list of tables; refuse an empty one."""
        value = self.raw(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise self.error(key, "must be a list of tables")
        return [Table(item, self.name, self._lines, f"{self._path}{key}[{i}].") for i, item in enumerate(value)]

    def bound(self, key: str, unit: str) -> Bound:
        """Return a bound with its comparator; refuse another unit than the one that the rule computes in."""
        inner = self.table(key)
        op = inner.text("op")
        if op not in set(Op):
            raise inner.error("op", f"'{op}' is no comparator (lt, le, gt, ge)")
        value = inner.decimal("value")
        found = inner.text("unit") if inner.has("unit") else ""
        if found != unit:
            raise inner.error("unit", f"must be '{unit}', not '{found}'")
        if inner.has("source"):
            inner.text("source")
        if value.is_nan() or value.is_infinite():
            raise inner.error("value", "must be a finite number")
        inner.finish()
        return Bound(op=Op(op), value=value, unit=found)

    def finish(self) -> None:
        """Refuse every key that nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                raise self.error(key, "is not known here")
