"""FHIR documents as text: numbers keep the digits that were sent, ids are the same in every export."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

NAMESPACE = uuid.UUID("6f1b7a0e-3c55-5d0a-9a55-6e65757472f1")
_NUMBER = re.compile(r'"\\u0000(-?[0-9]+(?:\.[0-9]+)?)\\u0000"')


def number(digits: str) -> str:
    """Return a mark that `document_text` writes as a JSON number with these digits."""
    return f"\x00{digits}\x00"


def is_number(text: str) -> bool:
    """Return whether a text is a plain JSON number: 12.50, -1; not .5 and not 007."""
    return re.fullmatch(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30})?", text, re.ASCII) is not None


def urn(table: str, record: str) -> str:
    """Return the stable address of a record."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, f'{table}:{record}')}"


def document_text(document: Mapping[str, Any]) -> str:
    """Return a document as JSON text."""
    return _NUMBER.sub(r"\1", json.dumps(document, ensure_ascii=False, indent=1)) + "\n"


def known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known: FHIR forbids empty values."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def concept(text: str, *codings: Mapping[str, str] | None) -> dict[str, Any]:
    """Return a CodeableConcept."""
    return known({"coding": [dict(coding) for coding in codings if coding], "text": text})
