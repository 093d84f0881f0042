"""FHIR as XML, to the same shape as its JSON; a document type or an entity is refused, narrative is passed over."""

import re
from typing import Any
from xml.parsers import expat

from neutromon.models.errors import UserError

NAMESPACE = "http://hl7.org/fhir"
DEEPEST = 128
LISTS = frozenset({"entry", "contained", "parameter", "profile"})
"""What the reader asks for as a list, however many there are."""
_OWN = "="
"""Where an element's own value stands until it closes: no element has this name."""
_ROOT = re.compile(r"<(?:\w{1,20}:)?([A-Z]\w{0,60})[\s>]")
_NAMED = re.compile(rf"{re.escape(NAMESPACE)}[\"']")
_CUT = frozenset({"no element found", "unclosed token", "unclosed CDATA section"})
Node = dict[str, Any]


def is_fhir_xml(head: str) -> bool:
    """Return whether a text begins as a FHIR resource in XML."""
    return head.startswith("<") and _NAMED.search(head) is not None


def ends(text: str) -> bool:
    """Return whether the outermost element is closed at the end of the text."""
    match = _ROOT.search(text)
    return match is not None and re.search(rf"</(?:\w{{1,20}}:)?{match.group(1)}\s*>\s*$", text[-200:]) is not None


def document(text: str) -> tuple[Node | None, bool]:
    """Return the resource that a text holds, None where it is no whole XML; and whether it was cut off."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text.encode("utf-8", "replace") if not text.startswith("<?xml") else _declared_as_utf8(text), True)
    except expat.ExpatError as error:
        return None, expat.ErrorString(error.code) in _CUT
    return builder.root, False


def _declared_as_utf8(text: str) -> bytes:
    """Return the bytes of a text whose declaration may name the encoding that it had before it was decoded."""
    return text[text.index("?>") + 2 :].encode("utf-8", "replace") if "?>" in text[:400] else text.encode("utf-8", "replace")


def _refuse(*_: object) -> None:
    raise UserError("XML with a document type is not read.", "Ask the sender for FHIR without it.")


class _Builder:
    """Builds the resource element by element; `value` attributes become the values of JSON."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._inside_narrative = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        if self._inside_narrative or _name(tag) == "div":
            self._inside_narrative += 1
            return
        if len(self._open) > DEEPEST:
            raise UserError("The XML is nested too deeply.", "Ask the sender for a plain bundle.")
        self._open.append({_OWN if key == "value" else key: own for key, own in attributes.items() if key in {"id", "url", "value"}})

    def end(self, tag: str) -> None:
        """Close an element and put it into the one around it."""
        if self._inside_narrative:
            self._inside_narrative -= 1
            return
        node, name = self._open.pop(), _name(tag)
        if not self._open:
            self.root = {"resourceType": name, **node}
            return
        around = self._open[-1]
        if name[:1].isupper():
            around.update({"resourceType": name, **node})
            return
        _put(around, name, node.get(_OWN, node))


def _name(tag: str) -> str:
    return tag.rpartition(":")[2]


def _put(around: Node, name: str, value: Any) -> None:
    if name not in around:
        around[name] = [value] if name in LISTS else value
    elif isinstance(around[name], list):
        around[name].append(value)
    else:
        around[name] = [around[name], value]
