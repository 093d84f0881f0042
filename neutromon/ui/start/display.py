"""Whether there is a display to open a window on, asked before Qt, which would end the program where there is none."""

import re
import socket
from collections.abc import Mapping
from pathlib import Path

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
NEEDS_SERVER = ("xcb", "wayland")
"""Platforms of Qt that draw on a display server; every other one that a person names draws without."""
X_FOLDER = "/tmp/.X11-unix"  # noqa: S108 - the place that X11 lays down for its sockets
X_PORT = 6000
WAIT_SECONDS = 1.0
_X_NAME = re.compile(r"^(?:unix|(?P<host>[^:/]*)):(?P<number>\d+)(?:\.\d+)?$")


def no_display(environment: Mapping[str, str], platform: str) -> bool:
    """Return whether this is a Linux session without X, Wayland and a platform of the user's own choice."""
    return platform.startswith("linux") and not any(environment.get(name) for name in DISPLAYS)


def unreachable_display(environment: Mapping[str, str], platform: str) -> str:
    """Return the name of a display that is set and does not answer, or ""; on another system Qt knows better."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if not platform.startswith("linux") or (chosen and not chosen.startswith(NEEDS_SERVER)):
        return ""
    wayland, x11 = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    if (wayland and _wayland_answers(wayland, environment)) or (x11 and _x_answers(x11)):
        return ""
    return x11 or wayland


def _wayland_answers(name: str, environment: Mapping[str, str]) -> bool:
    return _answers(str(Path(environment.get("XDG_RUNTIME_DIR", "/")) / name))


def _x_answers(name: str) -> bool:
    """Ask a display of this computer; one elsewhere is left to Qt, for the program calls no other computer."""
    found = _X_NAME.match(name)
    if found is None:
        return True
    number = int(found["number"])
    if not found["host"]:
        return any(_answers(f"{kind}{X_FOLDER}/X{number}") for kind in ("\0", ""))
    return found["host"] not in {"localhost", "127.0.0.1"} or _answers(("127.0.0.1", X_PORT + number))


def _answers(address: str | tuple[str, int]) -> bool:
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as asked:
            asked.settimeout(WAIT_SECONDS)
            asked.connect(address)
    except (OSError, OverflowError):
        return False
    return True
