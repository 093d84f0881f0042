"""On which line of a rule file a key stands, so that a refusal can point at it."""

import re
from collections.abc import Mapping

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*([A-Za-z0-9_.\-"' ]+?)\s*=""")
_LAST_PART = re.compile(r"(.+)\.[^.\[]+|(.+)\[\d+\]")


def line_index(text: str) -> Mapping[str, int]:
    """Return the line of every table header and key by its path: "scale[1].unit" -> 14; the file itself is ""."""
    found: dict[str, int] = {"": 1}
    seen: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header is not None:
            name = _plain(header.group(2))
            if header.group(1) == "[[":
                seen[name] = seen.get(name, -1) + 1
                name = f"{name}[{seen[name]}]"
            prefix = f"{name}."
            found.setdefault(name, number)
        elif key is not None:
            found.setdefault(f"{prefix}{_plain(key.group(1))}", number)
    return found


def line_of(index: Mapping[str, int], path: str) -> int:
    """Return the line of a path, else of the nearest table or key around it."""
    while path not in index:
        inner = _LAST_PART.fullmatch(path)
        path = (inner.group(1) or inner.group(2)) if inner else ""
    return index[path]


def _plain(key: str) -> str:
    return key.replace('"', "").replace("'", "").replace(" ", "")
