"""Readers of single fields of a JSON document: a wrong kind of value is refused with its place, a missing one is None."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from neutromon.models.errors import UserError
from neutromon.models.quantity import Reported


def refuse(place: str, what: str) -> UserError:
    """Return the error for a field that cannot be read."""
    return UserError(f"The chart file cannot be read: {place} {what}.", "Correct the file and try again.")


def mapping(value: object, place: str) -> Mapping[str, Any]:
    """Return an object; an absent one is empty."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise refuse(place, "is no object")
    return value


def items(value: object, place: str) -> list[Any]:
    """Return a list; an absent one is empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise refuse(place, "is no list")
    return value


def text(value: object, place: str) -> str | None:
    """Return a string; a number is taken as it is written."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise refuse(place, "is no text")
    return str(value)


def flag(value: object, place: str) -> bool | None:
    """Return true, false or None."""
    if value is None or isinstance(value, bool):
        return value
    raise refuse(place, "is neither true nor false")


def whole(value: object, place: str) -> int:
    """Return a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse(place, "is no whole number")
    return value


def moment(value: object, place: str) -> datetime | None:
    """Return a time with its offset; a bare date or a time without offset is refused."""
    written = text(value, place)
    if written is None:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise refuse(place, f"'{written[:40]}' is no ISO 8601 time") from None
    if found.tzinfo is None:
        raise refuse(place, f"'{written[:40]}' has no offset")
    return found


def day(value: object, place: str) -> date | None:
    """Return a date."""
    written = text(value, place)
    if written is None:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise refuse(place, f"'{written[:40]}' is no ISO date") from None


def reported(value: object, place: str, unit: str | None = None) -> Reported | None:
    """Return a quantity as reported: an object with value and unit, or a bare value whose unit is given by its name."""
    if value is None:
        return None
    if not isinstance(value, dict):
        written = text(value, place)
        return None if written is None else Reported(value=written, unit=unit)
    written = text(value.get("value"), f"{place}.value")
    if written is None:
        return None
    own = mapping(value.get("reported"), f"{place}.reported")
    return Reported(
        value=written,
        unit=text(value.get("unit"), f"{place}.unit") or unit,
        original_value=text(own.get("value"), f"{place}.reported.value"),
        original_unit=text(own.get("unit"), f"{place}.reported.unit"),
        confirmed=bool(flag(value.get("confirmed"), f"{place}.confirmed")),
        flag=text(own.get("flag"), f"{place}.reported.flag") or "",
        range=text(own.get("range"), f"{place}.reported.range") or "",
    )
