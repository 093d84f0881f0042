"""Digits of every script become ASCII digits, so that a value typed on an Arabic keyboard is read like any other."""

import unicodedata

_SIGNS = {"≤": "<=", "≥": ">=", "＜": "<", "＞": ">", "٫": ",", "．": ".", "，": ",", "−": "-", "–": "-", "\u00a0": " ", "\u202f": " "}
_INVISIBLE = frozenset("\u200e\u200f\u061c\u2066\u2067\u2068\u2069")


def fold_digits(text: str) -> str:
    """Return the text with ASCII digits and signs; direction marks are left out, everything else stays as it is."""
    found = []
    for letter in text:
        if letter in _INVISIBLE:
            continue
        if letter in _SIGNS:
            found.append(_SIGNS[letter])
        elif not letter.isascii() and unicodedata.category(letter) == "Nd":
            found.append(str(unicodedata.digit(letter)))
        else:
            found.append(letter)
    return "".join(found).strip()
