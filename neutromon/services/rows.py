"""Worklist rows from their stored form, apart from the writing of them: a list is painted before the rules are read."""

from collections.abc import Mapping
from typing import Any

from neutromon.models.worklist import WorklistRow
from neutromon.storage.codec import decode


def read_row(body: Mapping[str, Any]) -> WorklistRow:
    """Return a worklist row from its stored form."""
    return decode(WorklistRow, body)
