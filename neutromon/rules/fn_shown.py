"""How the answer on febrile neutropenia is shown: "no" from an old count and without a temperature reassures nobody, it cannot tell."""

from datetime import timedelta

from neutromon.models.evaluation import Evaluation
from neutromon.models.formatting import age_text
from neutromon.models.history import PatientHistory
from neutromon.rules.last_known import last_with

TEMPERATURE_SPAN = timedelta(hours=24)
"""The temperatures of the 24 h before now are judged (reference 15.4)."""


def unfounded(history: PatientHistory, evaluation: Evaluation, validity_hours: int) -> str:
    """Return "count 20 d old, no temperature" where both are so, else "": the answer itself is unchanged."""
    now = evaluation.now
    count = last_with(evaluation.counts, "anc", now)
    if count is None or count.collected_at is None or now - count.collected_at <= timedelta(hours=validity_hours):
        return ""
    if any(t.at is not None and timedelta(0) <= now - t.at <= TEMPERATURE_SPAN for t in history.temperatures):
        return ""
    return f"count {age_text(now - count.collected_at).removesuffix(' ago')} old, no temperature"


def shown_status(status: str, why: str) -> str:
    """Return the status as it may be shown: with a reason, "no" is "cannot_tell"."""
    return "cannot_tell" if status == "no" and why else status
