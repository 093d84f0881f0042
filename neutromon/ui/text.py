"""Words of the window: `tr()` translates a sentence and fills in its values; the catalogue hangs on the application, not on a module."""

from PySide6.QtCore import QCoreApplication

from neutromon.models.standing import Tier

CONTEXT = "neutromon"


def tr(sentence: str, **values: object) -> str:
    """Return the sentence in the window's language with `{name}` filled in; English where nobody has translated it.

    Write the sentence as a literal: the translation script collects literals only.
    """
    text = QCoreApplication.translate(CONTEXT, sentence)
    return text.format(**values) if values else text


def told(text: str) -> str:
    """Return a text of the rule files (a sign, a step, a cause) in the window's language; English where nobody has translated it.

    Only what is shown goes through it: what is stored stays as the rule file has it.
    """
    return QCoreApplication.translate(CONTEXT, text) if text else text


def tier_word(tier: Tier) -> str:
    """Return the word of a tier, which stands beside its glyph and colour."""
    words = {
        Tier.EMERGENCY: tr("Emergency"),
        Tier.URGENT: tr("Urgent"),
        Tier.ADVISORY: tr("Advisory"),
        Tier.DATA: tr("Data"),
    }
    return words[tier]


def isolated(text: str) -> str:
    """Return a name or number between marks that keep its own direction (first-strong isolate)."""
    return f"\u2068{text}\u2069" if text else text
