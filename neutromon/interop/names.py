"""What the name of a test says: its words in any order and language, folded; a suggestion, never a certainty."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from neutromon.interop.units import unit_class

PERCENT_OF = {
    "ANC": "NEUT_PCT",
    "SEG": "SEG_PCT",
    "BAND": "BAND_PCT",
    "GRAN": "GRAN_PCT",
    "LYMPH": "LYMPH_PCT",
    "MONO": "MONO_PCT",
    "EOS": "EOS_PCT",
    "BASO": "BASO_PCT",
    "IG": "IG_PCT",
}
ENDINGS = frozenset({"", "e", "en", "es", "s", "er", "ern", "i", "os", "o", "a", "as", "n"})
MOST_KNOWN, LONGEST_KNOWN = 20_000, 40
MEANINGS: Mapping[frozenset[str], str] = {
    **{frozenset(letters): "ANC" for letters in ("N", "NG", "NSB", "SB", "SBG", "NSBG")},
    **{frozenset(letters): "SEG" for letters in ("S", "NS", "SG", "NSG")},
    **{frozenset(letters): "BAND" for letters in ("B", "NB", "BG", "NBG")},
    **{frozenset(letters): "IG" for letters in ("I", "IG")},
    frozenset("G"): "GRAN",
    frozenset("W"): "WBC",
    frozenset("P"): "PLT",
    frozenset("H"): "HGB",
    **{frozenset(letters): "LYMPH" for letters in ("L",)},
    **{frozenset(letters): "MONO" for letters in ("M",)},
    **{frozenset(letters): "EOS" for letters in ("E", "EG")},
    **{frozenset(letters): "BASO" for letters in ("A", "AG")},
}
_PHRASES = (
    (re.compile(r"\b(?:white|wht)(?: blood)? (?:cells?|count)\b|\bglobules blancs\b|\bglobulos blancos\b|\bglobuli bianchi\b"), " wbc "),
    (re.compile(r"\bx ?1000\b"), " "),
    (re.compile(r"\b(?:100|hundred) (?:leukocytes|leukozyten|leucocytes|wbcs?|white blood cells?|lc)\b"), " pct "),
)


_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ı": "i", "ł": "l", "đ": "d"})


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return a name without case, accents, blanks and punctuation, in any script; the signs # and % stay."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"[^\w#%]+|_", " ", text.casefold()).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a name suggests: the analyte, and the method where the name states one."""

    analyte: str
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameGrammar:
    """Groups of words, and words that do not change what was measured."""

    groups: Mapping[str, str]
    stems: tuple[tuple[str, str], ...]
    ignored: frozenset[str]
    differential: frozenset[str]
    percent: frozenset[str]
    absolute: frozenset[str]
    manual: frozenset[str]
    known: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)

    def read(self, name: str) -> Named | None:
        """Return what a name suggests; None where a word is left that no group knows."""
        words = _words(name)
        groups: set[str] = set()
        rest: list[str] = []
        for word in words:
            group = self._group(word)
            if group is not None:
                groups.add(group)
            else:
                rest.append(word)
        if len(groups) > 1 and "W" in groups:
            groups.discard("W")
        analyte = MEANINGS.get(frozenset(groups))
        if analyte is None or not all(self._harmless(word, analyte) for word in rest):
            return None
        method = "manual" if any(word in self.manual for word in rest) else None
        return Named(analyte=self._of_class(analyte, rest), method=method)

    def _group(self, word: str) -> str | None:
        found = self.groups.get(word)
        if found is not None or word in self.known:
            return found or self.known[word]
        found = next((group for stem, group in self.stems if word.startswith(stem) and word[len(stem) :] in ENDINGS), None)
        if len(self.known) < MOST_KNOWN and len(word) < LONGEST_KNOWN:
            self.known[word] = found
        return found

    def _harmless(self, word: str, analyte: str) -> bool:
        if word in self.ignored or word in self.percent or word in self.absolute or word in self.manual or word in {"#", "%"}:
            return True
        return word in self.differential and analyte not in {"WBC", "PLT", "HGB"}

    def _of_class(self, analyte: str, rest: Sequence[str]) -> str:
        percent = any(word == "%" or word in self.percent for word in rest)
        absolute = any(word == "#" or word in self.absolute for word in rest)
        return PERCENT_OF.get(analyte, analyte) if percent and not absolute else analyte


def _words(name: str) -> list[str]:
    """Return the words of a name without performing-laboratory letters, properties in brackets and a unit at its end."""
    text = re.sub(r"\([A-Za-z]\)", " ", name)
    text = re.sub(r"\[[^\]]{0,40}/vol[^\]]{0,20}\]|\[(?:Mass|Moles)[^\]]{0,30}\]", " ", text, flags=re.IGNORECASE)
    head, _, tail = text.rstrip(" )]").rpartition(" ")
    if head and tail != "%" and unit_class(tail) is not None:
        text = head
    folded = fold(text)
    for pattern, word in _PHRASES:
        folded = pattern.sub(word, folded)
    return re.findall(r"[#%]|\w+", folded)


def grammar(words: Mapping[str, Sequence[str]]) -> NameGrammar:
    """Return the grammar of a table of words."""
    groups = {word: group for group in words if len(group) == 1 for word in words[group] if not word.endswith("*")}
    stems = [(word[:-1], group) for group in words if len(group) == 1 for word in words[group] if word.endswith("*")]
    return NameGrammar(
        groups=groups,
        stems=tuple(stems),
        ignored=frozenset(words["ignored"]),
        differential=frozenset(words["differential"]),
        percent=frozenset(words["percent"]),
        absolute=frozenset(words["absolute"]),
        manual=frozenset(words["manual"]),
    )
