"""Texts of the rule files with their numbers filled in from the rule data, so that a changed bound changes what is said of it."""

import re

from neutromon.rules.book import RuleBook
from neutromon.rules.logic import Bound

UNITS = {"10*9/L": "×10⁹/L", "Cel": "°C", "a": "years", "/uL": "/µL"}
PRODUCTS = "gcsf_products"
_NAMED = re.compile(r"\{(?:(\w+)\.)?(\w+)\}")


def shown(bound: Bound) -> str:
    """Return a bound as people read it, with its unit: "< 0.5 ×10⁹/L"."""
    return f"{bound.text} {UNITS.get(bound.unit, bound.unit)}".strip()


def filled(words: str, book: RuleBook) -> str:
    """Return a text with each `{name}` or `{file.name}` replaced by what the rule data says; raise KeyError for a name that is none."""
    return _NAMED.sub(lambda found: _said(found[1] or "findings", found[2], book), words)


def _said(kind: str, name: str, book: RuleBook) -> str:
    if kind == PRODUCTS:
        products = book.products
        value: object = {
            "not_before_hours": products.not_before_hours,
            "caution_below_days": products.caution_below_days,
            "stop_above": products.stop_above,
            "may_stop_from": products.may_stop_from,
        }[name]
    else:
        numbers = book.numbers[kind]
        value = {**numbers.bounds, **numbers.decimals, **numbers.wholes}[name]
    return shown(value) if isinstance(value, Bound) else str(value)
