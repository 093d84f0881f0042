"""From when an alert's words are: they stay as they were stored, so an age that stands in them is that of their moment."""

from datetime import datetime

from neutromon.ui.text import tr
from neutromon.ui.worklist.columns import day_text

AGE_IN_TEXT = " ago"


def as_of(text: str, made_at: datetime | None, now: datetime) -> str:
    """Return "as of 17:39" for a stored text that tells an age, with the day where that is not today; "" for any other text."""
    if made_at is None or AGE_IN_TEXT not in text:
        return ""
    local = made_at.astimezone(now.tzinfo)
    day = "" if local.date() == now.date() else f"{day_text(local.date())} "
    return tr("as of {time}", time=f"{day}{local:%H:%M}")
