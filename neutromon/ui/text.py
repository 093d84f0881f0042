"""Words of the window: `tr()` translates a sentence and fills in its values; the catalogue hangs on the application, not on a module."""

import re

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QGuiApplication

from neutromon.models.standing import Tier

CONTEXT = "neutromon"
LEFT_TO_RIGHT, FIRST_STRONG, ENDS = "\u2066", "\u2068", "\u2069"
_DIRECTIONS = LEFT_TO_RIGHT + FIRST_STRONG + ENDS
_SCRAMBLED = re.compile(r"\d|^[^\w&]|\W$")
"""What another direction of reading would tear apart: numbers, and signs at either end."""

_POINT = re.compile(
    r"\u2068[^\u2069]*\u2069"  # a name or an identifier: never touched
    r"|(?:CTCAE|[Vv]ersion|[Vv]|NeutroMon)[ \u00a0-]\d+\.\d+"
    r"|(?<![\w.,/\\:-])(?P<whole>\d{1,6})\.(?P<part>\d{1,3})(?![\w/\\-]|\.\S|\.\s+[a-zäöüßıçğş]|,\d)"
)

_COMMA = re.compile(r"(?<=\d),(?=\d)")


def tr(sentence: str, **values: object) -> str:
    """Return the sentence in the window's language with `{name}` filled in; English where nobody has translated it.

    Write the sentence as a literal: the translation script collects literals only.
    """
    text = translated(sentence)
    return as_read(text.format(**values) if values else text)


def translated(text: str) -> str:
    """Return the catalogue's sentence as it stands there, to be compared or filled in; for showing there are `tr` and `told`."""
    return QCoreApplication.translate(CONTEXT, text) if text else text


def told(text: str) -> str:
    """Return a text of the rule files (a sign, a step, a cause) in the window's language; English where nobody has translated it.

    Only what is shown goes through it: what is stored stays as the rule file has it.
    """
    return as_read(translated(text))


def as_read(text: str) -> str:
    """Return a text as the window's language writes numbers, and kept together where the window is read from right to left.

    The one place where a decimal point becomes a comma; identifiers, versions, dates and files keep theirs.
    """
    if "." in text and QLocale().decimalPoint() == ",":
        text = _POINT.sub(_with_comma, text)
    return _kept_together(text)


def _with_comma(found: re.Match[str]) -> str:
    return f"{found['whole']},{found['part']}" if found["whole"] is not None else found[0]


def _kept_together(text: str) -> str:
    """Return a text of a language that is written from left to right so that a mirrored window does not tear it apart."""
    if not is_mirrored() or not text or text[0] in _DIRECTIONS or not _SCRAMBLED.search(text):
        return text
    return f"{LEFT_TO_RIGHT}{text}{ENDS}"


def as_stored(text: str) -> str:
    """Return a shown text with decimal points and without marks of direction, to be recognised or edited."""
    bare = without_direction(text)
    return _COMMA.sub(".", bare) if QLocale().decimalPoint() == "," else bare


def is_mirrored() -> bool:
    """Return whether the window is read from right to left."""
    return QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft


def without_direction(text: str) -> str:
    """Return a text that was kept together as the catalogue has it."""
    return text[1:-1] if text[:1] == LEFT_TO_RIGHT and text[-1:] == ENDS else text


def tier_word(tier: Tier) -> str:
    """Return the word of a tier, which stands beside its glyph and colour."""
    words = {
        Tier.EMERGENCY: tr("Emergency"),
        Tier.URGENT: tr("Urgent"),
        Tier.ADVISORY: tr("Advisory"),
        Tier.DATA: tr("Data"),
    }
    return words[tier]


def role_word(role: str) -> str:
    """Return the name of a person's role; a role of a newer program keeps its own."""
    words = {"nurse": tr("Nurse"), "senior": tr("Senior nurse"), "administrator": tr("Administrator")}
    return words.get(role, role)


def isolated(text: str) -> str:
    """Return a name or number between marks that keep its own direction (first-strong isolate)."""
    return f"{FIRST_STRONG}{text}{ENDS}" if text else text
