"""Labels of depth and duration: words beside a number, never instead of it (reference 4)."""

from decimal import Decimal

from neutromon.models.quantity import Quantity
from neutromon.rules.book import RuleBook


def depth_label(quantity: Quantity | None, book: RuleBook) -> str:
    """Return the deepest label that is certain for the value: "severe (ASCO/IDSA 2018)"; nothing where none is."""
    for row in book.numbers["depth"].rows["depth"]:
        if row["below"].judge(quantity) is True:
            return f"{row['label']} ({row['source']})"
    return ""


def duration_label(days: Decimal, book: RuleBook) -> str:
    """Return the longest label that the days exceed: "protracted (ASCO/IDSA 2018, IDSA 2010)"; nothing where none."""
    for row in book.numbers["depth"].rows["duration"]:
        if days > row["more_than_days"]:
            return f"{row['label']} ({row['source']})"
    return ""
