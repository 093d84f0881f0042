"""What rules and charts say, told in the window's language: known sentences are recognised by their form, their values are copied."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QLocale

from neutromon.ui.spoken_chart_forms import SPOKEN as CHARTS
from neutromon.ui.spoken_forms import FRAME
from neutromon.ui.spoken_forms import SPOKEN as RULES
from neutromon.ui.text import as_read, as_stored, translated

FIELD = re.compile(r"\{(\w+)\}")
DAY = re.compile(r"\b(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
KNOWN = (*RULES, *CHARTS)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SENTENCE_END = re.compile(r"(?<=[.?!]) (?=\S)")
NUMBERS = frozenset({"n", "cycle", "day", "low", "high"})
WORDS = frozenset({"rule", "version", "regimen"})
WHOLE = frozenset({"rest", "list"})


def _form(template: str) -> str:
    """Return the regular expression of a template; only `{rest}` and `{list}` may run over a semicolon."""
    parts = FIELD.split(template)
    for place in range(1, len(parts), 2):
        name = parts[place]
        parts[place] = f"(?P<{name}>{_body(name)})"
    for place in range(0, len(parts), 2):
        parts[place] = re.escape(parts[place])
    return "".join(parts)


def _body(name: str) -> str:
    if name == "guideline":
        return "[a-z0-9-]+|[A-Z]{4,}[A-Z0-9-]*"
    return r"\d[\d.]*" if name in NUMBERS else r"\S+" if name in WORDS else ".+" if name in WHOLE else "[^;]+?"


def _weight(template: str) -> int:
    """Return the order of trying: the frame of an alert, then the templates with the most words of their own."""
    return 0 if template == FRAME else 10_000 - len(FIELD.sub("", template))


def _own_words(template: str) -> str:
    """Return the longest part of a template that stands in every text of its form."""
    return max(FIELD.split(template)[::2], key=len)


FORMS = tuple((_own_words(template), _form(template), template) for template in sorted(KNOWN, key=_weight) if "{" in template)
"""Words that must stand in the text, its form as a regular expression, and the template."""


def spoken(text: str) -> str:
    """Return a text of rules or charts in the window's language; what is not recognised stays English, and no number is ever changed."""
    if not text or not is_translated():
        return as_read(text)
    text = as_stored(text)
    frame, dash, rest = text.partition(" – ")
    framed = dash and frame in RULES
    body = rest if framed else text
    shown = " ".join(_sentence(sentence) for sentence in SENTENCE_END.split(body))
    made = _dated(f"{translated(frame)} – {shown}" if framed else shown)
    return as_read(made if sorted(NUMBER.findall(made)) == sorted(NUMBER.findall(text)) else text)


def _dated(text: str) -> str:
    """Return the text with the months of its dates in the window's language."""
    months = dict(zip(MONTHS.split(), translated(MONTHS).split(), strict=True))
    return DAY.sub(lambda found: f"{found[1]} {months[found[2]]}", text)


def is_translated() -> bool:
    """Return whether the window speaks another language than English."""
    return translated(RULES[0]) != RULES[0]


def _sentence(text: str) -> str:
    whole = translated(text)
    if whole != text:
        return whole
    return f"{_phrase(text[:-1])}." if text.endswith(".") else _phrase(text)


def _phrase(text: str) -> str:
    whole = translated(text)
    if whole != text:
        return whole
    for words, form, template in FORMS:
        found = re.fullmatch(form, text) if words in text else None
        if found is not None:
            return translated(template).format(**dict(_values(found)))
    parts = text.split("; ")
    return "; ".join(_phrase(part) for part in parts) if len(parts) > 1 else _begun(text)


def _begun(text: str) -> str:
    """Return words that stand small elsewhere and begin a sentence here; what is not recognised so either stays."""
    small = text[:1].lower() + text[1:]
    made = _phrase(small) if small != text else small
    return QLocale().toUpper(made[:1]) + made[1:] if made != small else text


def _values(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    for name, value in found.groupdict().items():
        yield name, ", ".join(_listed(value.split(", "))) if name == "list" else _phrase(value)


def _listed(parts: list[str]) -> Iterator[str]:
    """Give the members of a list, the longest that are known together first: a member may hold a comma itself."""
    while parts:
        size = next((n for n in range(len(parts), 1, -1) if translated(", ".join(parts[:n])) != ", ".join(parts[:n])), 1)
        yield _phrase(", ".join(parts[:size]))
        parts = parts[size:]
