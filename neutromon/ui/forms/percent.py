"""Doses in per cent of the plan, as typed and as stored."""

from decimal import Decimal

from neutromon.models.errors import UserError
from neutromon.models.quantity import Comparator, plain_decimal
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.text import tr

MOST = Decimal(200)
SELDOM_BELOW, SELDOM_ABOVE = Decimal(25), Decimal(125)
"""Outside of these a person is asked once more: "8" is "80" less a key. They grade nothing and are no clinical bounds."""


def dose_field(name: str, accessible: str) -> LabValueField:
    """Return a field for a dose in per cent."""
    made = LabValueField(name, accessible)
    made.setPlaceholderText("100")
    return made


def is_unusual(number: Decimal) -> bool:
    """Return whether a dose looks like a slip; 0 is a dose that was left out."""
    return 0 < number < SELDOM_BELOW or SELDOM_ABOVE < number <= MOST


def dose_of(field: LabValueField) -> str | None:
    """Return the dose as it is stored, None where nothing is typed; raise UserError for what is no dose."""
    entry = field.entry()
    if entry.is_empty:
        return None
    if entry.number is None or entry.comparator is not Comparator.EQ or entry.number > MOST:
        field.setFocus()
        raise UserError(tr("“{text}” is no dose in per cent.", text=field.text()), tr("Type a number from 0 (omitted) to 200."))
    return plain_decimal(entry.number)
