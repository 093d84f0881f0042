"""Relative dose intensity and cumulative delay as a sentence."""

from neutromon.models.history import Course
from neutromon.rules.dose_intensity import dose_intensity
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr


def intensity_text(course: Course | None, cycle_days: int | None) -> str:
    """Return "Relative dose intensity 86 % over 2 cycles · cumulative delay 7 days …"; what is unknown is said with its reason."""
    found = dose_intensity(course, cycle_days)
    if not found.cycles:
        return tr("Relative dose intensity: no cycle has begun.")
    known = found.relative_percent
    if known is None:
        share = tr("Relative dose intensity unknown: {why}", why=spoken(found.missing))
    elif found.cycles == 1:
        share = tr("Relative dose intensity {share} % over 1 cycle", share=f"{known:.0f}")
    else:
        share = tr("Relative dose intensity {share} % over {n} cycles", share=f"{known:.0f}", n=found.cycles)
    if found.delay_days is None or not cycle_days:
        return share
    return f"{share} · {_pace(found.delay_days, cycle_days)}"


def _pace(late: int, interval: int) -> str:
    """Return how the course runs against its regimen's interval, which is not the plan of a single cycle."""
    if late == 0:
        return tr("no cumulative delay against the interval of {interval} days", interval=interval)
    if late > 0:
        few = tr("cumulative delay 1 day against the interval of {interval} days", interval=interval)
        return few if late == 1 else tr("cumulative delay {n} days against the interval of {interval} days", n=late, interval=interval)
    few = tr("1 day ahead of the interval of {interval} days", interval=interval)
    return few if late == -1 else tr("{n} days ahead of the interval of {interval} days", n=-late, interval=interval)
