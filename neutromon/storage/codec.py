"""Records to plain JSON values and back, by their type hints; what is None or a default is left out."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_PLAIN = frozenset({str, int, float, bool, type(None)})
Decoder = Callable[[Any], Any]


def encode(value: Any) -> Any:
    """Return a record as JSON values: times as ISO text, decimals as text, sets sorted."""
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    known = _defaults(kind)
    if known is not None:
        # what JSON writes as it is costs no call: most fields of most records are texts
        return {name: own if type(own) in _PLAIN else encode(own) for name, default in known if (own := getattr(value, name)) != default}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): encode(own) for key, own in value.items()}
    if isinstance(value, tuple | list):
        return [encode(own) for own in value]
    if isinstance(value, frozenset | set):
        return sorted(encode(own) for own in value)
    return value


def decode(cls: type[T], value: Mapping[str, Any]) -> T:
    """Return a record of a class from JSON values; unknown keys of a newer record are passed over."""
    result: T = _record_decoder(cls)(value)  # type: ignore[arg-type]
    return result


@cache
def _defaults(cls: Any) -> tuple[tuple[str, Any], ...] | None:
    """Return the fields of a record with their defaults; None for what is no record."""
    if not is_dataclass(cls):
        return None
    found = []
    for own in fields(cls):
        default: Any = own.default
        if default is MISSING:
            factory: Any = own.default_factory
            default = factory() if factory is not MISSING else MISSING
        found.append((own.name, default))
    return tuple(found)


@cache
def _record_decoder(cls: type) -> Decoder:
    hints = get_type_hints(cls)
    readers = {own.name: _decoder(hints[own.name]) for own in fields(cls)}

    def read(value: Mapping[str, Any]) -> Any:
        # most fields of most records are left out, and most of the others are as they are: neither costs a call
        return cls(**{name: own if (r := readers[name]) is _as_it_is else r(own) for name, own in value.items() if name in readers})

    return read


def _decoder(hint: Any) -> Decoder:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = _decoder(next(a for a in arguments if a is not type(None)))
        if inner is _as_it_is:
            return inner
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        return _tuple_decoder(arguments)
    if origin is frozenset:
        inner = _decoder(arguments[0])
        return lambda value: frozenset(inner(own) for own in value)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        inner = _decoder(arguments[1])
        return lambda value: {key: inner(own) for key, own in value.items()}
    return _plain_decoder(hint)


def _tuple_decoder(arguments: tuple[Any, ...]) -> Decoder:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        inner = _decoder(arguments[0])
        return lambda value: tuple(inner(own) for own in value)
    each = [_decoder(argument) for argument in arguments]
    return lambda value: tuple(reader(own) for reader, own in zip(each, value, strict=True))


def _plain_decoder(hint: Any) -> Decoder:
    if hint is datetime:
        return datetime.fromisoformat
    if hint is date:
        return date.fromisoformat
    if hint is Decimal:
        return Decimal
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if is_dataclass(hint):
        return lambda value: _record_decoder(hint)(value)  # type: ignore[arg-type]
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
