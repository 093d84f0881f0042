"""The worklists, sorted and filtered in the store."""

from collections.abc import Mapping

from neutromon.models.standing import Tier
from neutromon.models.worklist import ListName, WorklistRow
from neutromon.services.rows import read_row
from neutromon.services.session import Session
from neutromon.storage import worklist_table


def worklist(
    s: Session, name: ListName, *, text: str = "", order: str = "urgency", descending: bool = False, limit: int = 200, offset: int = 0
) -> list[WorklistRow]:
    """Return rows of a list that hold every word of the text."""
    now = s.clock()
    return [read_row(body).at(now) for body in worklist_table.read(s.store, name.value, text, order, descending, limit, offset)]


def list_counts(s: Session) -> Mapping[ListName, int]:
    """Return how many patients each list holds."""
    found = worklist_table.counts(s.store)
    return {name: found[name.value] for name in ListName}


def list_size(s: Session, name: ListName, text: str = "") -> int:
    """Return how many patients of a list hold every word of the text."""
    return worklist_table.count(s.store, name.value, text)


def tier_counts(s: Session) -> Mapping[Tier, int]:
    """Return how many live alerts each tier has."""
    found = worklist_table.tier_counts(s.store)
    return {tier: found.get(tier.value, 0) for tier in Tier}
