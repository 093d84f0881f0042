"""Relative dose intensity and cumulative delay as a sentence."""

from neutromon.models.history import Course
from neutromon.rules.dose_intensity import dose_intensity
from neutromon.ui.text import tr


def intensity_text(course: Course | None, cycle_days: int | None) -> str:
    """Return "Relative dose intensity 86 % over 2 cycles · cumulative delay 7 days"; what is unknown is said with its reason."""
    found = dose_intensity(course, cycle_days)
    if not found.cycles:
        return tr("Relative dose intensity: no cycle has begun.")
    known = found.relative_percent
    share = tr("unknown, {why}", why=found.missing) if known is None else f"{known:.0f} %"
    delay = tr("unknown") if found.delay_days is None else tr("{n} days", n=found.delay_days)
    return tr("Relative dose intensity {share} over {n} cycles · cumulative delay {delay}", share=share, n=found.cycles, delay=delay)
