"""The undo of a save as a whole: everything that it wrote is taken back by new entries in the log."""

from collections.abc import Callable

from neutromon.models.alerts import Acknowledgement, Alert
from neutromon.models.changes import Changes, Outcome
from neutromon.models.evaluation import Tier
from neutromon.ui.forms.words import undone_by
from neutromon.ui.port import ClinicPort

Undo = Callable[[], Outcome[None]]


def taking_back(clinic: ClinicPort, changes: Changes) -> Undo:
    """Return what takes a save back, with who did so as the reason."""
    reason = undone_by(clinic.user)
    return lambda: clinic.take_back(changes, reason)


def taking_answer_back(clinic: ClinicPort, alert: Alert, answer: Acknowledgement, changes: Changes) -> Undo | None:
    """Return what takes an answer back; None for an emergency's message that was read back: it was spoken."""
    spoken = alert.tier is Tier.EMERGENCY and answer.read_back
    return None if spoken else taking_back(clinic, changes)
