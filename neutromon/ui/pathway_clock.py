"""The clock of a running febrile-neutropenia pathway in a few words, for the strip and the patient page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from neutromon.rules.clock import AntibioticClock, antibiotic_clock
from neutromon.ui.alert_strip import clock_text
from neutromon.ui.text import tr

if TYPE_CHECKING:
    from neutromon.models.history import PatientHistory
    from neutromon.ui.port import ClinicPort


def running_clock(clinic: ClinicPort, patient_id: str, history: PatientHistory | None, now: datetime) -> AntibioticClock | None:
    """Return the clock of the patient's pathway, or None where none runs; the history is read only where one does."""
    pathway = clinic.open_pathway(patient_id)
    if pathway is None:
        return None
    known = history or clinic.patient_history(patient_id)
    return antibiotic_clock(pathway.time_zero, known.antibiotics, now, antibiotic_minutes(clinic), pathway.given_before)


def antibiotic_minutes(clinic: ClinicPort) -> int:
    """Return the time box to the first antibiotic."""
    return clinic.rules.numbers["triage"].wholes["antibiotic_minutes"]


def pathway_line(clinic: ClinicPort, patient_id: str, now: datetime) -> str:
    """Return "Pathway 00:23, no antibiotic yet", that it was given, or nothing where no pathway runs."""
    clock = running_clock(clinic, patient_id, None, now)
    if clock is None:
        return ""
    if clock.stopped_by is not None:
        return tr("Pathway: antibiotic after {time}", time=clock_text(clock.elapsed))
    return tr("Pathway {time}, no antibiotic yet", time=clock_text(clock.elapsed))
