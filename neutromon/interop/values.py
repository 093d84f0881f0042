"""Values as laboratories write them: a number with its comparator, or words; what is doubtful is held."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_NUMBER = re.compile(r"(<=|>=|<|>|≤|≥|=)?\s*([+-]?)(\d{1,12}(?:[.,]\d{0,30})?|[.,]\d{1,30})\s*([*+HLhl]{0,2})", re.ASCII)
_POWERED = re.compile(r"-?\d{1,12}(?:\.\d{1,30})?[eE][+-]?\d{1,2}", re.ASCII)
_GROUPED = re.compile(r"(\D*)(\d{1,3}(?:,\d{3})+\.\d{1,30}|\d{1,3}(?:\.\d{3})+,\d{1,30})(\D*)", re.ASCII)
_POINTS = re.compile(r"\D*[1-9]\d{0,2}(?:\.\d{3})+\D*", re.ASCII)
_COMMAS = re.compile(r"\D*\d{1,3}(?:,\d{3})+(?:\.\d{1,30})?\D*", re.ASCII)
_CERTAIN = re.compile(r"(?<![\d.,])(?:\d+,\d{1,2}|0,\d+|\d{4,},\d+)(?![\d.,])", re.ASCII)
_SIGNS = {"≤": "<=", "≥": ">=", "=": ""}
LARGEST_POWER = 12
LONGEST = 60
NO_VALUE = frozenset({"", '""', "$", "null", "none", "n/a", "na", "#n/a", "-", "."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number with comparator; `ambiguous` where a comma may be a decimal or a group mark."""

    value: Decimal
    comparator: str = ""
    ambiguous: bool = False

    def text(self, times: Decimal) -> str:
        """Return the normalised number with its comparator before it."""
        product = self.value * times
        plain = format(product, "f")
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return f"{self.comparator}{plain or '0'}"


@lru_cache(maxsize=8192)
def number(text: str | None, decimal_comma: bool = False) -> Number | None:
    """Return the number of a text, or None for words; a lone "1,234" is ambiguous unless commas are known decimal marks."""
    if text is None or text.strip().casefold() in NO_VALUE:
        return None
    plain = text.strip().replace("\u2011", "-").replace("\xa0", " ").replace("&lt;", "<").replace("&gt;", ">")
    match = _NUMBER.fullmatch(_ungrouped(plain))
    if match is None:
        return None
    sign, minus, digits, _ = match.groups()
    ambiguous = "," in digits and not decimal_comma and re.fullmatch(r"\d{1,3},\d{3}", digits) is not None
    value = Decimal(minus + digits.replace(",", "."))
    return Number(value=value, comparator=_SIGNS.get(sign or "", sign or ""), ambiguous=ambiguous)


def certain_comma(text: str | None) -> bool:
    """Return whether a text is a number with a comma that can be nothing but a decimal mark."""
    return text is not None and "," in text and len(text) <= LONGEST and _CERTAIN.search(text) is not None


def may_be_grouped(text: str | None) -> bool:
    """Return whether the points of a number may be group marks, as in "1.250"; a number that begins with 0 has no groups."""
    return text is not None and "." in text and len(text) <= LONGEST and _POINTS.fullmatch(text.strip()) is not None


def with_mark(text: str | None, mark: str) -> Number | None:
    """Return the number of a text whose decimal mark a person named: the other mark parts groups, where it can."""
    plain = (text or "").strip()
    if mark == "," and may_be_grouped(plain):
        return number(plain.replace(".", ""), True)
    if mark == "." and len(plain) <= LONGEST and _COMMAS.fullmatch(plain):
        return number(plain.replace(",", ""), False)
    return number(plain, True)


def json_number(text: str | None) -> Number | None:
    """Return a number as JSON writes it, where a power of ten may stand behind the digits."""
    match = _POWERED.search(text or "")
    if match is None or match.end() != len(text or ""):
        return number(text)
    found = Decimal(match.group())
    if abs(found.adjusted()) > LARGEST_POWER:
        return None
    plain = number(f"{(text or '')[: match.start()]}1")
    return None if plain is None else Number(value=found, comparator=plain.comparator)


def _ungrouped(text: str) -> str:
    """Return a number without group marks where it shows both marks: the last one is the decimal mark."""
    match = _GROUPED.fullmatch(text)
    if match is None:
        return text
    before, digits, after = match.groups()
    mark = max(".,", key=digits.rfind)
    return before + digits.replace(".,".replace(mark, ""), "").replace(mark, ".") + after
