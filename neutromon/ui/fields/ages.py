"""How long ago something was, in the window's language; the steps are those of `models.formatting.age_text`."""

from datetime import timedelta

from neutromon.ui.text import tr

MINUTES_BELOW_HOURS, HOURS_BELOW_HOURS = 2, 72


def age_words(age: timedelta) -> str:
    """Return "26 h ago", "5 d ago"; minutes below two hours."""
    hours = age.total_seconds() / 3600
    if hours < MINUTES_BELOW_HOURS:
        return tr("{n} min ago", n=max(0, int(hours * 60)))
    return tr("{n} h ago", n=int(hours)) if hours < HOURS_BELOW_HOURS else tr("{n} d ago", n=int(hours // 24))
