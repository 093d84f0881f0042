"""Whether there is a display to open a window on."""

from collections.abc import Mapping

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def no_display(environment: Mapping[str, str], platform: str) -> bool:
    """Return whether this is a Linux session without X, Wayland and a platform of the user's own choice."""
    return platform.startswith("linux") and not any(environment.get(name) for name in DISPLAYS)
