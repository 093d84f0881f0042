"""Languages of the window: a plain JSON catalogue per language behind Qt's translator, English built in."""

import json
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTranslator

from neutromon.ui.text import CONTEXT

NAMES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "tr": "Türkçe"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


class CatalogueTranslator(QTranslator):
    """Answers for the window's own sentences; anything it does not know stays English."""

    def __init__(self, catalogue: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue

    def isEmpty(self) -> bool:
        """Return whether there is nothing to translate; Qt asks before it installs."""
        return not self._catalogue

    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """Return the sentence in this language, or None."""
        return self._catalogue.get(sourceText) if context == CONTEXT else None


def read_catalogue(folder: Path, language: str) -> Mapping[str, str]:
    """Return the sentences of a language; English and an unknown or damaged catalogue have none."""
    try:
        known = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in known.items() if value} if isinstance(known, dict) else {}


def english_of(folder: Path, language: str) -> Mapping[str, str]:
    """Return the English of every sentence of a language, to change words that stand on the screen already."""
    return {said: sentence for sentence, said in read_catalogue(folder, language).items()}
