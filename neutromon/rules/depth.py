"""Labels of depth and duration, and Duffy-null intervals: words beside a number, never instead of it (reference 4 and 10)."""

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


def duffy_populations(quantity: Quantity | None, book: RuleBook) -> tuple[str, ...]:
    """Return the populations whose published Duffy-null interval holds the value for certain."""
    rows = book.numbers["duffy_null"].rows["interval"]
    return tuple(row["population"] for row in rows if row["low"].judge(quantity) is True and row["high"].judge(quantity) is True)
