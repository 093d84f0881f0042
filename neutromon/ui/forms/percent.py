"""Doses in per cent of the plan, as typed and as stored."""

from decimal import Decimal

from neutromon.models.errors import UserError
from neutromon.models.quantity import Comparator, plain_decimal
from neutromon.ui.fields.lab_value import LabValueField
from neutromon.ui.text import tr

MOST = Decimal(200)


def dose_field(name: str, accessible: str) -> LabValueField:
    """Return a field for a dose in per cent."""
    made = LabValueField(name, accessible)
    made.setPlaceholderText("100")
    return made


def dose_of(field: LabValueField) -> str | None:
    """Return the dose as it is stored, None where nothing is typed; raise UserError for what is no dose."""
    entry = field.entry()
    if entry.is_empty:
        return None
    if entry.number is None or entry.comparator is not Comparator.EQ or entry.number > MOST:
        field.setFocus()
        raise UserError(tr("“{text}” is no dose in per cent.", text=field.text()), tr("Type a number from 0 (omitted) to 200."))
    return plain_decimal(entry.number)
