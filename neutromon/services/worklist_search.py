"""What the filter of a list finds a row by besides name, number, birth date and regimen: the words that the row shows, short."""

import re

from neutromon.models.worklist import DayOneState, WorklistRow

NOT_DECIDED, NO_OWNER, DEFERRED = "not_decided", "no_owner", "deferred"
"""Words without a text of their own; the window says them in its language, as it does a state, a decision and a tier."""
LONGEST_REASON = 60
_FRAME = re.compile(r"^[A-Z]+ – ")


def search_words(row: WorklistRow) -> str:
    """Return the words, for the store's folded search column: it is scanned at each key, so nothing stands in it twice."""
    return " ".join(dict.fromkeys(part for part in _parts(row) if part))


def _parts(row: WorklistRow) -> list[str]:
    place = f"c{row.cycle} d{row.cycle_day}" if row.cycle is not None else ""
    decision = row.decision or (NOT_DECIDED if row.day1_state is not DayOneState.NOT_PLANNED else "")
    check = [row.day1_state.value, row.limiting_text] if row.day1_state is not DayOneState.NOT_PLANNED else []
    owners = [alert.owner or NO_OWNER for alert in row.alerts]
    tiers = [alert.tier.name.lower() for alert in row.alerts]
    due = _FRAME.sub("", row.overdue_text)[:LONGEST_REASON]
    moved = DEFERRED if row.deferred_from else ""
    return [place, row.anc_text, row.grade_text, *check, decision, moved, *tiers, *owners, due, row.last_gcsf]
